package web

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
	"github.com/golang-jwt/jwt/v5"

	"rapport"
	"rapport/channel"
	"rapport/channel/channeltest"
)

const (
	secret = "ids_the-identity-secret"
	site   = "https://shop.example"
)

// browser is a widget without a face.
type browser struct {
	tb    testing.TB
	serve http.Handler
	token string
	from  string // origin
}

func (b *browser) ask(method, path, body string) (int, string) {
	b.tb.Helper()
	w := httptest.NewRecorder()
	b.serve.ServeHTTP(w, b.request(method, path, body))
	return w.Code, w.Body.String()
}

func (b *browser) request(method, path, body string) *http.Request {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if b.from != "" {
		r.Header.Set("Origin", b.from)
	}
	if b.token != "" {
		r.Header.Set("Authorization", "Bearer "+b.token)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	return r
}

// get is ask that must succeed, with the answer read.
func get[T any](b *browser, method, path, body string) (v T) {
	b.tb.Helper()
	status, text := b.ask(method, path, body)
	if status != http.StatusOK {
		b.tb.Fatalf("%s %s is answered with %d %s", method, path, status, text)
	}
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		b.tb.Fatal(err)
	}
	return v
}

// begin opens a session, with an identity if one is given.
func (b *browser) begin(identity string) sessionAnswer {
	b.tb.Helper()
	s := get[sessionAnswer](b, "POST", "/session", asJSON(sessionRequest{Token: b.token, Identity: identity}))
	b.token = s.Token
	return s
}

func (b *browser) say(id, body string) messageAnswer {
	b.tb.Helper()
	return get[messageAnswer](b, "POST", "/messages", asJSON(messageRequest{Body: body, ClientID: id}))
}

func asJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // only plain values are given
	}
	return string(text)
}

// socketFrame is any frame of the server's.
type socketFrame struct {
	T            string        `json:"t"`
	Items        []item        `json:"items"`
	Conversation *conversation `json:"conversation"`
	Cursor       int64         `json:"cursor"`
	Name         string        `json:"name"`
	On           bool          `json:"on"`
}

// dial opens a socket and shows the token.
func dial(tb testing.TB, url, token string, cursor int64) *websocket.Conn {
	tb.Helper()
	conn, _, err := websocket.Dial(tb.Context(), url+"/socket", &websocket.DialOptions{HTTPHeader: http.Header{"Origin": {site}}})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { conn.CloseNow() })
	conn.SetReadLimit(64 << 20)
	write(tb, conn, map[string]any{"t": "auth", "token": token, "cursor": cursor})
	return conn
}

func write(tb testing.TB, conn *websocket.Conn, v any) {
	tb.Helper()
	if err := wsjson.Write(tb.Context(), conn, v); err != nil {
		tb.Fatal(err)
	}
}

// until reads frames to the first of a kind.
func until(tb testing.TB, conn *websocket.Conn, kind string) socketFrame {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), 10*time.Second)
	defer cancel()
	for {
		var f socketFrame
		if err := wsjson.Read(ctx, conn, &f); err != nil {
			tb.Fatalf("waiting for a frame %q: %v", kind, err)
		}
		if f.T == kind {
			return f
		}
	}
}

// ending reads until the server closes the socket, and returns its code.
func ending(tb testing.TB, conn *websocket.Conn) websocket.StatusCode {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), 10*time.Second)
	defer cancel()
	for {
		if _, _, err := conn.Read(ctx); err != nil {
			return websocket.CloseStatus(err)
		}
	}
}

// sign makes an identity; claims override good ones, nil leaves one out.
func sign(tb testing.TB, key any, method jwt.SigningMethod, with map[string]any) string {
	tb.Helper()
	c := jwt.MapClaims{"sub": "customer-7", "exp": time.Now().Add(time.Hour).Unix(), "name": "Carla"}
	for name, value := range with {
		if value == nil {
			delete(c, name)
		} else {
			c[name] = value
		}
	}
	text, err := jwt.NewWithClaims(method, c).SignedString(key)
	if err != nil {
		tb.Fatal(err)
	}
	return text
}

func identity(tb testing.TB, with map[string]any) string {
	tb.Helper()
	return sign(tb, []byte(secret), jwt.SigningMethodHS256, with)
}

func options(with map[string]any) func(string) map[string]any {
	return func(string) map[string]any {
		o := map[string]any{"identity_secret": secret, "origins": []string{site}}
		for name, value := range with {
			o[name] = value
		}
		return o
	}
}

func newHarness() channeltest.Harness {
	var mu sync.Mutex
	browsers := map[*channeltest.Stage]*browser{}
	of := func(s *channeltest.Stage) *browser {
		mu.Lock()
		defer mu.Unlock()
		if browsers[s] == nil {
			browsers[s] = &browser{tb: s.TB, serve: s.Adapter.(http.Handler), from: site}
			browsers[s].begin("")
		}
		return browsers[s]
	}
	header := func(name, value string) func(*channeltest.Stage, *http.Request) {
		return func(_ *channeltest.Stage, r *http.Request) { r.Header.Set(name, value) }
	}
	return channeltest.Harness{
		Kind:    "web",
		Options: options(nil),
		Inbound: func(s *channeltest.Stage, id, body string) *http.Request {
			return of(s).request("POST", "/messages", asJSON(messageRequest{Body: body, ClientID: id}))
		},
		Forge: map[string]func(*channeltest.Stage, *http.Request){
			"no token":        header("Authorization", ""),
			"another token":   header("Authorization", "Bearer "+unguessable()),
			"another scheme":  header("Authorization", "Basic eDp5"),
			"another website": header("Origin", "https://evil.example"),
			"the stored fingerprint": func(s *channeltest.Stage, r *http.Request) {
				r.Header.Set("Authorization", "Bearer "+fingerprint(of(s).token))
			},
		},
		Carry: func(s *channeltest.Stage, id, name string, data []byte, place *rapport.Location) *http.Request {
			b := of(s)
			if len(s.Host.Messages()) > 0 { // a repeat: the upload is there already
				return b.request("POST", "/messages", asJSON(messageRequest{ClientID: id, Files: s.Files.All(), Location: place}))
			}
			status, text := b.ask("POST", "/uploads", asJSON(uploadRequest{name, int64(len(data))}))
			var u uploadShown
			if err := json.Unmarshal([]byte(text), &u); err != nil || status != http.StatusCreated {
				s.TB.Fatalf("an upload is answered with %d %s", status, text)
			}
			for at := 0; at < len(data); at += 10 { // in small pieces
				r := b.request("PATCH", "/uploads/"+string(u.ID), string(data[at:min(at+10, len(data))]))
				r.Header.Set("Upload-Offset", strconv.Itoa(at))
				s.Do(r)
			}
			return b.request("POST", "/messages", asJSON(messageRequest{ClientID: id, Files: []rapport.FileID{u.ID}, Location: place}))
		},
		Fetch:   func(s *channeltest.Stage) string { _, text := of(s).ask("GET", "/items?after=0", ""); return text },
		Deliver: func(s *channeltest.Stage, _ rapport.Item) { get[thread](of(s), "GET", "/items?after=0", "") },
		See: func(s *channeltest.Stage, m rapport.Item) {
			of(s).ask("POST", "/seen", asJSON(seenRequest{m.Seq}))
		},
		Type: func(s *channeltest.Stage) {
			conn := dial(s.TB, s.URL, of(s).token, 0)
			write(s.TB, conn, map[string]any{"t": "typing", "on": true})
			write(s.TB, conn, map[string]any{"t": "ping"})
			until(s.TB, conn, "pong") // frames are taken in order
		},
		SeesTyping: func(s *channeltest.Stage, agentTypes func()) bool {
			conn := dial(s.TB, s.URL, of(s).token, 0)
			until(s.TB, conn, "hello")
			agentTypes()
			f := until(s.TB, conn, "typing")
			return f.On && f.Name != ""
		},
	}
}

func TestConformance(t *testing.T) {
	t.Parallel()
	channeltest.Run(t, newHarness())
}

// stage opens an inbox with options, and a browser in front of it.
func stage(t testing.TB, with map[string]any) (*channeltest.Stage, *browser) {
	t.Helper()
	h := newHarness()
	h.Options = options(with)
	s := channeltest.Open(t, h)
	return s, &browser{tb: t, serve: s.Adapter.(http.Handler), from: site}
}

func TestConfig(t *testing.T) {
	t.Parallel()
	s, b := stage(t, map[string]any{"title": "Help", "greeting": "Hi", "color": "#FF0000", "position": "left", "identity": "required"})
	s.Host.SetAway(true)
	got := get[configAnswer](b, "GET", "/config", "")
	if want := (configAnswer{"Test inbox", "Help", "Hi", "#ff0000", "left", "required", false, got.Carries}); !reflect.DeepEqual(got, want) {
		t.Errorf("config is %+v; want %+v", got, want)
	}
}

// A visitor comes back to the same conversation with the token, and to none
// without it.
func TestSession(t *testing.T) {
	t.Parallel()
	s, b := stage(t, nil)
	first := b.begin("")
	if len(first.Token) < 43 || first.Conversation != nil || len(first.Items) != 0 || first.Contact.Known {
		t.Fatalf("a stranger's session is %+v", first)
	}
	sent := b.say("c1", "Hello")
	if sent.Item.From != "me" || sent.Item.ClientID != "c1" || sent.Item.Delivery != rapport.Sent || sent.Conversation.AssigneeName != "Ana Agent" {
		t.Errorf("a message is answered with %+v", sent)
	}
	s.Host.Note(s.Host.Inbound()[0].Points[0], "a note between us")
	s.Host.Reply(s.Host.Inbound()[0].Points[0], "Good morning")
	again := b.begin("")
	if again.Token != first.Token || len(again.Items) != 2 || again.Unread != 1 || again.Items[1].From != "agent" || again.Items[1].Name != "Ana Agent" {
		t.Errorf("coming back gives %+v", again)
	}
	if strings.Contains(asJSON(again), "note") {
		t.Error("a note is shown to the customer")
	}
	b.token = "made-up"
	if other := b.begin(""); other.Token == first.Token || other.Conversation != nil {
		t.Errorf("an unknown token gives %+v; want a fresh session", other)
	}
}

// Only the fingerprint of a token reaches the host, and what agents may see of
// a visitor does not open the session.
func TestTokenIsStoredHashed(t *testing.T) {
	t.Parallel()
	s, b := stage(t, nil)
	token := b.begin("").Token
	b.say("c1", "Hello")
	v, err := s.Host.Visitor(t.Context(), fingerprint(token))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(asJSON(v)+asJSON(s.Host.Inbound())+asJSON(s.Host.Messages()), token) {
		t.Error("the token itself reached the host")
	}
	b.token = strings.TrimPrefix(v.Point.Address, string(s.Inbox.ID)+":")
	if status, _ := b.ask("GET", "/items?after=0", ""); status != http.StatusUnauthorized {
		t.Errorf("the visitor's address as token is answered with %d; want 401", status)
	}
}

func TestMessageRefuses(t *testing.T) {
	t.Parallel()
	s, b := stage(t, nil)
	b.begin("")
	for field, body := range map[string]string{
		"client_id": asJSON(messageRequest{Body: "x", ClientID: "a/b"}),
		"body":      asJSON(messageRequest{Body: " \x00 ", ClientID: "c1"}),
		"text":      `{"text":"x"}`,
	} {
		if status, text := b.ask("POST", "/messages", body); status != http.StatusBadRequest || !strings.Contains(text, `"field":"`+field+`"`) {
			t.Errorf("%s is answered with %d %s; want 400 about %s", body, status, text, field)
		}
	}
	long := asJSON(messageRequest{Body: strings.Repeat("ä", info.Caps.MaxText+1), ClientID: "c1"})
	if status, _ := b.ask("POST", "/messages", long); status != http.StatusBadRequest {
		t.Errorf("a text beyond the limit is answered with %d", status)
	}
	values, err := info.Decode(nil)
	if err != nil {
		t.Fatal(err)
	}
	without := &adapter{setup: channel.Setup{Contents: channel.Contents{MaxText: 10}, Values: values}} // the operator's --limits
	if err := without.check(&messageRequest{ClientID: "c1", Location: &rapport.Location{Name: "Harbour"}}); err == nil || !strings.Contains(err.Error(), "no places") {
		t.Errorf("a place where the channel carries none: %v", err)
	}
	for _, path := range []string{"/items", "/items?after=-1", "/items?after=x"} {
		if status, _ := b.ask("GET", path, ""); status != http.StatusBadRequest {
			t.Errorf("%s is answered with %d; want 400", path, status)
		}
	}
	if len(s.Host.Inbound()) != 0 {
		t.Error("a refused message arrived")
	}
}

// Per-visitor and per-address limits.
func TestRates(t *testing.T) {
	t.Parallel()
	_, b := stage(t, nil)
	b.begin("")
	refused := 0
	for i := range 25 {
		w := httptest.NewRecorder()
		b.serve.ServeHTTP(w, b.request("POST", "/messages", asJSON(messageRequest{Body: "x", ClientID: "c" + string(rune('a'+i))})))
		if w.Code == http.StatusTooManyRequests && w.Header().Get("Retry-After") != "" {
			refused++
		}
	}
	if refused != 5 {
		t.Errorf("of 25 messages at once %d were refused; want 5", refused)
	}
	other := &browser{tb: t, serve: b.serve, from: site}
	other.begin("")
	other.say("c1", "another visitor is not slowed down")

	from := func(addr string) int {
		r := b.request("GET", "/config", "")
		r.RemoteAddr = addr
		w := httptest.NewRecorder()
		b.serve.ServeHTTP(w, r)
		return w.Code
	}
	limited := false
	for range 400 {
		limited = limited || from("198.51.100.7:1") == http.StatusTooManyRequests
	}
	if !limited || from("198.51.100.8:1") != http.StatusOK {
		t.Errorf("400 requests from one address: limited is %v; and the next address must not be", limited)
	}
}

// Pages of other websites get nothing, neither an answer nor an effect.
func TestOrigins(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		allowed []string
		origin  string
		ok      bool
	}{
		{[]string{site}, site, true},
		{[]string{site}, "", true}, // not a browser's cross-site request
		{[]string{site}, "http://shop.example", false},
		{[]string{site}, site + ":8443", false},
		{[]string{site}, "https://www.shop.example", false},
		{[]string{site}, "https://shop.example.evil.example", false},
		{[]string{site}, "https://example.com", false}, // the server's own host is not on the list
		{[]string{site}, "null", false},
		{[]string{}, "http://example.com", true}, // the host of httptest's requests
		{[]string{}, "https://EXAMPLE.com", true},
		{[]string{}, site, false},
		{[]string{}, "null", false},
		{[]string{"*"}, "null", true},
		{[]string{"*"}, "https://anything.example", true},
	} {
		_, b := stage(t, map[string]any{"origins": test.allowed})
		b.from = test.origin
		for _, r := range []*http.Request{
			b.request("OPTIONS", "/messages", ""),
			b.request("GET", "/config", ""),
			b.request("POST", "/session", "{}"),
		} {
			w := httptest.NewRecorder()
			b.serve.ServeHTTP(w, r)
			allow := w.Header().Get("Access-Control-Allow-Origin")
			if ok := w.Code/100 == 2; ok != test.ok || test.ok && allow != test.origin || !test.ok && allow != "" {
				t.Errorf("%v, %s %s from %q: %d, allowed origin %q", test.allowed, r.Method, r.URL.Path, test.origin, w.Code, allow)
			}
			if w.Header().Get("Vary") == "" || w.Header().Get("Access-Control-Allow-Credentials") != "" {
				t.Errorf("%v: the answer must vary by origin and never allow cookies", test.allowed)
			}
		}
	}
}

// What is not there is a problem like others, which a page of the website reads.
func TestUnrouted(t *testing.T) {
	t.Parallel()
	_, b := stage(t, nil)
	for _, test := range []struct {
		method, path string
		status       int
		allow        string
	}{
		{"GET", "/nothing", http.StatusNotFound, ""},
		{"GET", "/messages", http.StatusMethodNotAllowed, "POST"},
		{"POST", "/config", http.StatusMethodNotAllowed, "GET, HEAD"},
		{"PUT", "/uploads/x", http.StatusMethodNotAllowed, "GET, HEAD, PATCH, DELETE"},
	} {
		w := httptest.NewRecorder()
		b.serve.ServeHTTP(w, b.request(test.method, test.path, ""))
		if w.Code != test.status || w.Header().Get("Content-Type") != "application/problem+json" || w.Header().Get("Allow") != test.allow || w.Header().Get("Access-Control-Allow-Origin") == "" {
			t.Errorf("%s %s: answered with %d %v %s; want %d as a problem, allowed %q", test.method, test.path, w.Code, w.Header(), w.Body, test.status, test.allow)
		}
	}
}

// The WebSocket handshake obeys the same list.
func TestSocketOrigin(t *testing.T) {
	t.Parallel()
	s, _ := stage(t, nil)
	for origin, ok := range map[string]bool{site: true, "https://evil.example": false} {
		conn, answer, err := websocket.Dial(t.Context(), s.URL+"/socket", &websocket.DialOptions{HTTPHeader: http.Header{"Origin": {origin}}})
		if (err == nil) != ok {
			t.Errorf("a socket from %s: %v", origin, err)
		}
		if conn != nil {
			conn.CloseNow()
		} else if answer.StatusCode != http.StatusForbidden {
			t.Errorf("a socket from %s is answered with %d; want 403", origin, answer.StatusCode)
		}
	}
}

// twin opens another adapter of the same inbox on the same host, as after a
// change of its options.
func twin(t testing.TB, s *channeltest.Stage, with map[string]any) *browser {
	t.Helper()
	return before(t, s, s.Host, with)
}

// before opens an adapter that sees the host through other visitors.
func before(t testing.TB, s *channeltest.Stage, visitors channel.Visitors, with map[string]any) *browser {
	t.Helper()
	values, err := info.Decode(options(with)(""))
	if err != nil {
		t.Fatal(err)
	}
	a, err := channel.Open(channel.Setup{Inbox: s.Inbox, Values: values, Host: s.Host, Visitors: visitors, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return &browser{tb: t, serve: a.(http.Handler), from: site}
}

// careless is a host that hands out more than messages.
type careless struct{ channel.Visitors }

func (c careless) Thread(ctx context.Context, v channel.Visitor) (channel.Thread, error) {
	t, err := c.Visitors.Thread(ctx, v)
	t.Items = append(t.Items, rapport.Item{Kind: rapport.ItemNote, Body: "between us"}, rapport.Item{Kind: rapport.ItemEvent, Body: "assigned"})
	return t, err
}

// Notes never leave, whatever the host says.
func TestOnlyMessagesLeave(t *testing.T) {
	t.Parallel()
	s, _ := stage(t, nil)
	b := before(t, s, careless{s.Host}, nil)
	b.begin("")
	b.say("c1", "Hello")
	if got := b.begin(""); len(got.Items) != 1 || got.Items[0].Body != "Hello" {
		t.Errorf("the visitor is shown %+v", got.Items)
	}
}

// Customers attach files unless an admin says no; others' uploads are none of
// theirs (S3-36).
func TestUploads(t *testing.T) {
	t.Parallel()
	s, b := stage(t, nil)
	b.begin("")
	status, text := b.ask("POST", "/uploads", asJSON(uploadRequest{"a.png", 4}))
	var u uploadShown
	if err := json.Unmarshal([]byte(text), &u); err != nil || status != http.StatusCreated {
		t.Fatalf("an upload is answered with %d %s", status, text)
	}
	other := &browser{tb: t, serve: s.Adapter.(http.Handler), from: site}
	other.begin("")
	if status, _ := other.ask("GET", "/uploads/"+string(u.ID), ""); status != http.StatusNotFound {
		t.Errorf("another visitor's upload is answered with %d", status)
	}
	r := b.request("PATCH", "/uploads/"+string(u.ID), "abcd")
	if w := s.Serve(r); w.Code != http.StatusUnprocessableEntity && w.Code != http.StatusBadRequest {
		t.Errorf("bytes without an offset are answered with %d", w.Code)
	}
	r = b.request("PATCH", "/uploads/"+string(u.ID), "abcd")
	r.Header.Set("Upload-Offset", "0")
	if w := s.Serve(r); w.Code != http.StatusOK || w.Header().Get("Upload-Offset") != "4" {
		t.Errorf("all bytes are answered with %d, offset %q", w.Code, w.Header().Get("Upload-Offset"))
	}
	if c := get[configAnswer](b, "GET", "/config", ""); c.Carries.MaxFiles != 10 || len(c.Carries.Media) == 0 {
		t.Errorf("the widget is told %+v", c.Carries)
	}

	_, closed := stage(t, map[string]any{"attachments": false})
	closed.begin("")
	if status, text := closed.ask("POST", "/uploads", asJSON(uploadRequest{"a.png", 4})); status != http.StatusForbidden || !strings.Contains(text, "no_attachments") {
		t.Errorf("with attachments switched off an upload is answered with %d %s", status, text)
	}
	if status, _ := closed.ask("POST", "/messages", asJSON(messageRequest{ClientID: "c1", Files: []rapport.FileID{u.ID}})); status != http.StatusForbidden {
		t.Errorf("with attachments switched off a message with a file is answered with %d", status)
	}
	if c := get[configAnswer](closed, "GET", "/config", ""); c.Carries.MaxFiles != 0 {
		t.Errorf("the widget is told %+v", c.Carries)
	}
}
