package api

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	webhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"rapport"
	"rapport/channel"
	"rapport/channel/channeltest"
	"rapport/lib/secretbox"
)

const (
	token  = "rpt_a-token-of-an-inbox"
	secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
)

func options(remote string) map[string]any {
	return map[string]any{"token": token, "webhook_url": remote + "/hook", "webhook_secret": secret}
}

func post(path, body string) *http.Request {
	r := httptest.NewRequest("POST", path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	return r
}

func asJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // only plain values are given
	}
	return string(text)
}

func report(s *channeltest.Stage, m rapport.Item, d rapport.Delivery) {
	s.Do(post("/status", asJSON(map[string]any{"conversation_id": m.ConversationID, "seq": m.Seq, "delivery": d})))
}

func answer(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
}

var harness = channeltest.Harness{
	Kind:    "api",
	Options: options,
	Inbound: func(_ *channeltest.Stage, id, body string) *http.Request {
		r := post("/messages", asJSON(map[string]any{"contact": map[string]any{"external_id": "customer-7", "name": "Carla"}, "body": body}))
		r.Header.Set("Idempotency-Key", id)
		return r
	},
	Carry: func(s *channeltest.Stage, id, name string, data []byte, place *rapport.Location) *http.Request {
		_, text := s.Do(post("/files?name="+name, string(data)))
		var f rapport.File
		if err := json.Unmarshal([]byte(text), &f); err != nil {
			s.TB.Fatal(err)
		}
		r := post("/messages", asJSON(map[string]any{"contact": map[string]any{"external_id": "customer-7"}, "files": []any{map[string]any{"id": f.ID}}, "location": place}))
		r.Header.Set("Idempotency-Key", id)
		return r
	},
	Forge: map[string]func(*channeltest.Stage, *http.Request){
		"no token":       func(_ *channeltest.Stage, r *http.Request) { r.Header.Del("Authorization") },
		"another token":  func(_ *channeltest.Stage, r *http.Request) { r.Header.Set("Authorization", "Bearer rpt_guess") },
		"half the token": func(_ *channeltest.Stage, r *http.Request) { r.Header.Set("Authorization", "Bearer "+token[:9]) },
		"another scheme": func(_ *channeltest.Stage, r *http.Request) { r.Header.Set("Authorization", "Basic "+token) },
		"no scheme":      func(_ *channeltest.Stage, r *http.Request) { r.Header.Set("Authorization", token) },
		"empty token":    func(_ *channeltest.Stage, r *http.Request) { r.Header.Set("Authorization", "Bearer ") },
		"token in a form": func(_ *channeltest.Stage, r *http.Request) {
			r.Header.Del("Authorization")
			r.URL.RawQuery = "token=" + token
		},
	},
	Answers: map[channel.Class]http.HandlerFunc{
		channel.ClassTemporary:    answer(http.StatusInternalServerError),
		channel.ClassPermanent:    answer(http.StatusGone),
		channel.ClassUnauthorized: answer(http.StatusUnauthorized),
	},
	Deliver: func(s *channeltest.Stage, m rapport.Item) { report(s, m, rapport.Delivered) },
	See:     func(s *channeltest.Stage, m rapport.Item) { report(s, m, rapport.Seen) },
}

func TestConformance(t *testing.T) {
	t.Parallel()
	channeltest.Run(t, harness)
}

func TestMessage(t *testing.T) {
	t.Parallel()
	s := channeltest.Open(t, harness)
	body := `{"contact":{"external_id":"u-7","name":"Carla","phone":"+49 30 123456","email":"Carla@Example.com"},"body":" Hello ",
		"external_id":"m-1","at":"` + time.Now().UTC().Format(time.RFC3339) + `","route":{"agent":"ana@example.com","queue":"Sales","prefer_last_agent":true},"priority":"high"}`
	status, text := s.Do(post("/messages", body))
	var got map[string]any
	if err := json.Unmarshal([]byte(text), &got); err != nil || status != http.StatusAccepted {
		t.Fatalf("answered with %d %s", status, text)
	}
	assignee, ok := got["assignee"].(map[string]any)
	if !ok || assignee["name"] != "Ana Agent" || got["duplicate"] != false || got["seq"] != 1.0 || got["why"] == "" || len(got) != 5 {
		t.Errorf("answered %s", text)
	}
	in := s.Host.Inbound()[0]
	addresses := []string{}
	for _, p := range in.Points {
		addresses = append(addresses, string(p.Kind)+" "+p.Address)
	}
	if want := "external " + string(s.Inbox.ID) + ":u-7, phone +4930123456, email carla@example.com"; strings.Join(addresses, ", ") != want {
		t.Errorf("points are %q; want %q", addresses, want)
	}
	if in.Body != "Hello" || in.Name != "Carla" || !in.Known || in.ExternalID != "m-1" || in.Priority != rapport.High || in.Wish != (channel.Wish{Agent: "ana@example.com", Queue: "Sales", PreferLastAgent: true}) {
		t.Errorf("received %+v", in)
	}
	if status, text := s.Do(post("/messages", body)); status != http.StatusAccepted || !strings.Contains(text, `"duplicate":true`) {
		t.Errorf("the repeat is answered with %d %s; want 202 and duplicate", status, text)
	}
	other := strings.Replace(body, "Hello", "Good-bye", 1)
	if status, text := s.Do(post("/messages", other)); status != http.StatusConflict || !strings.Contains(text, `"key_reused"`) {
		t.Errorf("another text under the same key is answered with %d %s; want 409 key_reused", status, text)
	}
}

// A key stands for one message of one customer with all that it carries; what
// else comes under it is refused and not swallowed.
func TestKeyReused(t *testing.T) {
	t.Parallel()
	s := channeltest.Open(t, harness)
	upload := func(name, data string) string {
		_, text := s.Do(post("/files?name="+name, data))
		var f rapport.File
		if err := json.Unmarshal([]byte(text), &f); err != nil {
			t.Fatal(err)
		}
		return `{"id":"` + string(f.ID) + `"}`
	}
	message := func(contact, body, files, place string) *http.Request {
		return post("/messages", `{"contact":{"external_id":"`+contact+`"},"body":"`+body+`","files":[`+files+`],"location":`+place+`,"external_id":"m-1"}`)
	}
	const berlin = `{"latitude":52.52,"longitude":13.405,"name":" Berlin "}`
	dent := upload("dent.png", "a picture")
	if status, text := s.Do(message("u-7", "Here", dent, berlin)); status != http.StatusAccepted {
		t.Fatalf("answered with %d %s", status, text)
	}
	for _, test := range []struct {
		what string
		r    *http.Request
		says string // of a refusal
	}{
		{"the same", message("u-7", "Here", dent, berlin), ""},
		{"the same, uploaded again", message("u-7", "Here", upload("dent.png", "a picture"), berlin), ""},
		{"another customer", message("u-8", "Here", dent, berlin), "another customer"},
		{"another text", message("u-7", "There", dent, berlin), "another text"},
		{"another place", message("u-7", "Here", dent, `{"latitude":52.52,"longitude":13.4,"name":"Berlin"}`), "another place"},
		{"no place", message("u-7", "Here", dent, "null"), "another place"},
		{"no file", message("u-7", "Here", "", berlin), "other files"},
		{"one file more", message("u-7", "Here", dent+","+dent, berlin), "other files"},
		{"another file", message("u-7", "Here", upload("scratch.png", "a picture"), berlin), "other files"},
		{"a longer file", message("u-7", "Here", upload("dent.png", "a longer picture"), berlin), "other files"},
		{"a file that nobody has", message("u-7", "Here", `{"id":"`+rapport.NewID[string]()+`"}`, berlin), "other files"},
		{"a file to be fetched", message("u-7", "Here", `{"url":"https://example.com/dent.png"}`, berlin), ""},
		{"another file to be fetched", message("u-7", "Here", `{"url":"https://example.com/scratch.png"}`, berlin), "other files"},
	} {
		status, text := s.Do(test.r)
		if test.says == "" && (status != http.StatusAccepted || !strings.Contains(text, `"duplicate":true`)) {
			t.Errorf("%s: answered with %d %s; want 202 and duplicate", test.what, status, text)
		}
		if test.says != "" && (status != http.StatusConflict || !strings.Contains(text, `"key_reused"`) || !strings.Contains(text, test.says)) {
			t.Errorf("%s: answered with %d %s; want 409 key_reused that says %q", test.what, status, text, test.says)
		}
	}
	if n := len(s.Host.Messages()); n != 1 {
		t.Errorf("%d messages are there; want 1", n)
	}
}

// Secrets that somebody gives can be used and not be guessed; what is stored
// already goes on.
func TestSecretsFit(t *testing.T) {
	t.Parallel()
	long := "whsec_" + base64.StdEncoding.EncodeToString(make([]byte, 65))
	for _, test := range []struct{ option, value, was, says string }{
		{"webhook_secret", secret, "", ""},
		{"webhook_secret", "whsec_abc$", "", "24 to 64 random bytes in base64"},
		{"webhook_secret", "whsec_", "", "24 to 64"},
		{"webhook_secret", "whsec_" + base64.StdEncoding.EncodeToString(make([]byte, 23)), "", "24 to 64"},
		{"webhook_secret", long, "", "24 to 64"},
		{"webhook_secret", strings.TrimPrefix(secret, "whsec_"), "", "whsec_ is expected"},
		{"webhook_secret", "whsec_abc$", "whsec_abc$", ""},
		{"webhook_secret", "whsec_abd$", "whsec_abc$", "24 to 64"},
		{"token", token, "", ""},
		{"token", "x", "", "at least 20 characters"},
		{"token", "x", "x", ""},
		{"token", "", "x", "at least 20 characters"},
	} {
		raw := map[string]any{"token": token, "webhook_secret": secret}
		var was map[string]any
		if test.was != "" {
			was = map[string]any{"token": secretbox.Secret(token), "webhook_secret": secretbox.Secret(secret), test.option: secretbox.Secret(test.was)}
		}
		raw[test.option] = test.value
		_, err := info.Accept(raw, was)
		refusal, refused := errors.AsType[*rapport.Error](err)
		if test.says == "" && err != nil || test.says != "" && (!refused || refusal.Field != "options."+test.option || !strings.Contains(refusal.Message, test.says)) {
			t.Errorf("%s %q over %q: %v; want %q", test.option, test.value, test.was, err, test.says)
		}
	}
	for _, o := range info.Options {
		if o.Fit == nil {
			continue
		}
		if _, wrong := o.Fit(o.Generate()); wrong != "" {
			t.Errorf("what we make up for %s is refused: %s", o.Name, wrong)
		}
	}
}

func TestMessageRefuses(t *testing.T) {
	t.Parallel()
	s := channeltest.Open(t, harness)
	good := map[string]any{"contact": map[string]any{"external_id": "u-7"}, "body": "Hello", "external_id": "m-1"}
	for _, test := range []struct {
		field string
		with  map[string]any
	}{
		{"body", map[string]any{"body": " "}},
		{"body", map[string]any{"body": strings.Repeat("x", info.Caps.MaxText+1)}},
		{"external_id", map[string]any{"external_id": ""}},
		{"external_id", map[string]any{"external_id": strings.Repeat("x", 201)}},
		{"contact", map[string]any{"contact": map[string]any{"name": "Carla"}}},
		{"contact.phone", map[string]any{"contact": map[string]any{"phone": "030 123456"}}},
		{"contact.email", map[string]any{"contact": map[string]any{"email": "carla"}}},
		{"contact.name", map[string]any{"contact": map[string]any{"email": "carla@example.com", "name": strings.Repeat("x", 101)}}},
		{"at", map[string]any{"at": "2001-01-01T00:00:00Z"}},
		{"at", map[string]any{"at": time.Now().Add(time.Hour).UTC().Format(time.RFC3339)}},
		{"at", map[string]any{"at": "2026-11-28 09:00:00"}},
		{"at", map[string]any{"at": 5}},
		{"priority", map[string]any{"priority": "highest"}},
		{"colour", map[string]any{"colour": "red"}},
		{"body", map[string]any{"body": 7}},
	} {
		body := map[string]any{}
		for k, v := range good {
			body[k] = v
		}
		for k, v := range test.with {
			body[k] = v
		}
		status, text := s.Do(post("/messages", asJSON(body)))
		var problem struct{ Field, Detail string }
		if err := json.Unmarshal([]byte(text), &problem); err != nil {
			t.Fatal(err)
		}
		if status != http.StatusBadRequest || problem.Field != test.field || problem.Detail == "" {
			t.Errorf("%v: answered with %d %s; want 400 about %s", test.with, status, text, test.field)
		}
	}
	if n := len(s.Host.Inbound()); n != 0 {
		t.Errorf("%d refused messages were received", n)
	}
	for _, test := range []struct {
		method, path string
		status       int
		allow        string
	}{
		{"POST", "/message", http.StatusNotFound, ""},
		{"POST", "/", http.StatusNotFound, ""},
		{"GET", "/messages", http.StatusMethodNotAllowed, "POST"},
	} {
		r := post(test.path, "{}")
		r.Method = test.method
		w := s.Serve(r)
		if w.Code != test.status || w.Header().Get("Content-Type") != "application/problem+json" || w.Header().Get("Allow") != test.allow {
			t.Errorf("%s %s: answered with %d %v %s; want %d as a problem, allowed %q", test.method, test.path, w.Code, w.Header(), w.Body, test.status, test.allow)
		}
	}
}

func TestStatusRefuses(t *testing.T) {
	t.Parallel()
	s := channeltest.Open(t, harness)
	id := rapport.NewID[rapport.ConversationID]()
	for field, body := range map[string]map[string]any{
		"delivery":        {"conversation_id": id, "seq": 1, "delivery": "sent"},
		"seq":             {"conversation_id": id, "seq": 0, "delivery": "seen"},
		"conversation_id": {"conversation_id": "7", "seq": 1, "delivery": "seen"},
		"error":           {"conversation_id": id, "seq": 1, "delivery": "failed", "error": strings.Repeat("x", 501)},
	} {
		if status, text := s.Do(post("/status", asJSON(body))); status != http.StatusBadRequest || !strings.Contains(text, `"field":"`+field+`"`) {
			t.Errorf("%v: answered with %d %s; want 400 about %s", body, status, text, field)
		}
	}
	if len(s.Host.Reports()) != 0 {
		t.Error("a refused report arrived")
	}
}

// A receiver checks the signature with the public library of Standard Webhooks.
func TestReplyIsSigned(t *testing.T) {
	t.Parallel()
	s := channeltest.Open(t, harness)
	m := channel.Outbound{
		ConversationID: rapport.NewID[rapport.ConversationID](), Seq: 4, Body: "Good morning", At: time.Now().UTC(),
		To: rapport.Point{Kind: rapport.PointExternal, Address: string(s.Inbox.ID) + ":u-7"},
		Contact: rapport.Contact{ID: "c", Name: "Carla", Points: []rapport.Point{
			{Kind: rapport.PointPhone, Address: "+4930123456"}, {Kind: rapport.PointVisitor, Address: "i:unguessable"},
		}},
		Agent: rapport.AgentRef{ID: "a", Name: "Ana Agent"},
	}
	for range 2 {
		if _, err := s.Adapter.(channel.Sender).Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	sent := s.Remote()
	verifier, err := webhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	if err := verifier.Verify([]byte(sent[0].Body), sent[0].Header); err != nil {
		t.Errorf("the signature does not verify: %v", err)
	}
	if err := verifier.Verify([]byte(sent[0].Body+" "), sent[0].Header); err == nil {
		t.Error("the signature verifies for another body")
	}
	if a, b := sent[0].Header.Get("Webhook-Id"), sent[1].Header.Get("Webhook-Id"); a == "" || a != b {
		t.Errorf("two tries of one message have the ids %q and %q; want one id", a, b)
	}
	var got reply
	if err := json.Unmarshal([]byte(sent[0].Body), &got); err != nil {
		t.Fatal(err)
	}
	if got.Type != "message.sent" || got.Data.Body != "Good morning" || got.Data.Seq != 4 || got.Data.Agent.Name != "Ana Agent" || got.Data.Contact.ExternalID != "u-7" || sent[0].Path != "/hook" {
		t.Errorf("sent %s", sent[0].Body)
	}
	if len(got.Data.Contact.Points) != 1 || strings.Contains(sent[0].Body, "unguessable") {
		t.Errorf("sent the points %+v; want the phone alone", got.Data.Contact.Points)
	}
}

func TestVerdict(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		status int
		after  string
		class  channel.Class
		wait   time.Duration
	}{
		{http.StatusOK, "", "", 0},
		{http.StatusNoContent, "", "", 0},
		{http.StatusFound, "", channel.ClassPermanent, 0},
		{http.StatusBadRequest, "", channel.ClassPermanent, 0},
		{http.StatusForbidden, "", channel.ClassUnauthorized, 0},
		{http.StatusTooManyRequests, "", channel.ClassTemporary, 0},
		{http.StatusTooManyRequests, "30", channel.ClassTemporary, 30 * time.Second},
		{http.StatusTooManyRequests, "-5", channel.ClassTemporary, 0},
		{http.StatusTooManyRequests, "99999999999", channel.ClassTemporary, 24 * time.Hour},
		{http.StatusServiceUnavailable, "Thu, 01 Jan 2026 12:01:00 GMT", channel.ClassTemporary, time.Minute},
		{http.StatusServiceUnavailable, "soon", channel.ClassTemporary, 0},
		{http.StatusGatewayTimeout, "", channel.ClassTemporary, 0},
	} {
		_, err := verdict(&http.Response{StatusCode: test.status, Header: http.Header{"Retry-After": {test.after}}}, now)
		if test.class == "" {
			if err != nil {
				t.Errorf("%d: %v", test.status, err)
			}
			continue
		}
		if f, ok := errors.AsType[*channel.Failure](err); !ok || f.Class != test.class || f.Wait != test.wait {
			t.Errorf("%d %q: %+v; want %s after %v", test.status, test.after, f, test.class, test.wait)
		}
	}
}

// An inbox without a webhook takes messages and says why it cannot answer.
func TestWithoutWebhook(t *testing.T) {
	t.Parallel()
	h := harness
	h.Options = func(string) map[string]any { return map[string]any{"token": token} }
	s := channeltest.Open(t, h)
	if status, text := s.Do(h.Inbound(s, "m1", "Hello")); status != http.StatusAccepted {
		t.Errorf("answered with %d %s", status, text)
	}
	_, err := s.Adapter.(channel.Sender).Send(t.Context(), channel.Outbound{})
	if f, ok := errors.AsType[*channel.Failure](err); !ok || f.Class != channel.ClassPermanent {
		t.Errorf("sending without a webhook: %v; want permanent", err)
	}
}

func FuzzMessage(f *testing.F) {
	f.Add(`{"contact":{"external_id":"u"},"body":"hi","external_id":"m"}`, "")
	f.Add(`{"contact":{"phone":"+4930123456","email":"a@b.example"},"body":"hi","at":"2026-01-01T00:00:00+23:59","priority":"low"}`, "k")
	f.Add(`{"contact":null,"route":{"prefer_last_agent":true}}`, "\xff")
	f.Fuzz(func(t *testing.T, body, key string) {
		host := channeltest.NewHost()
		values, err := info.Decode(map[string]any{"token": token})
		if err != nil {
			t.Fatal(err)
		}
		a, err := channel.Open(channel.Setup{Inbox: rapport.InboxRef{ID: "inbox", Channel: "api"}, Values: values, Host: host})
		if err != nil {
			t.Fatal(err)
		}
		r := post("/messages", "")
		r.Body = io.NopCloser(strings.NewReader(body))
		r.Header["Idempotency-Key"] = []string{key}
		w := httptest.NewRecorder()
		a.(http.Handler).ServeHTTP(w, r)
		switch received := host.Inbound(); {
		case w.Code == http.StatusAccepted && (len(received) != 1 || received[0].ExternalID == "" || received[0].Body == "" || len(received[0].Points) == 0):
			t.Fatalf("%q was accepted as %+v", body, received)
		case w.Code != http.StatusAccepted && (w.Code/100 != 4 || len(received) != 0):
			t.Fatalf("%q was answered with %d", body, w.Code)
		}
	})
}

func BenchmarkMessage(b *testing.B) {
	s := channeltest.Open(b, harness)
	handler := s.Adapter.(http.Handler)
	b.ReportAllocs()
	for b.Loop() {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, harness.Inbound(s, "m1", "Hello"))
		if w.Code != http.StatusAccepted {
			b.Fatal(w.Code)
		}
	}
}
