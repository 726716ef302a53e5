package web

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"rapport"
	"rapport/channel"
)

// S3-53: a signed identity makes a known customer with verified contact points.
func TestIdentity(t *testing.T) {
	t.Parallel()
	s, b := stage(t, nil)
	got := b.begin(identity(t, map[string]any{"phone": "+49 30 123456", "email": "Carla@Example.com", "aud": string(s.Inbox.ID)}))
	if !got.Contact.Known || got.Contact.Name != "Carla" {
		t.Errorf("the contact is %+v; want Carla, known", got.Contact)
	}
	v, err := s.Host.Visitor(t.Context(), fingerprint(got.Token))
	if err != nil {
		t.Fatal(err)
	}
	addresses := map[rapport.PointKind]string{}
	for _, p := range v.Points {
		addresses[p.Kind] = p.Address
	}
	if !v.Verified || v.Point.Address != string(s.Inbox.ID)+":customer-7" || addresses[rapport.PointPhone] != "+4930123456" || addresses[rapport.PointEmail] != "carla@example.com" || len(v.Points) != 3 {
		t.Errorf("the visitor is %+v", v)
	}
	b.say("c1", "Hello")
	if in := s.Host.Inbound()[0]; !in.Known || in.Points[0].Kind != rapport.PointExternal {
		t.Errorf("the message came as %+v", in)
	}

	// Another browser of the same customer reaches the same conversation.
	other := &browser{tb: t, serve: b.serve, from: site}
	if again := other.begin(identity(t, nil)); len(again.Items) != 1 || again.Token == got.Token {
		t.Errorf("another browser of the customer sees %+v", again)
	}
	// A slip in the website's data costs the address, not the chat.
	if slip := other.begin(identity(t, map[string]any{"sub": "customer-8", "phone": "none", "email": "x"})); !slip.Contact.Known {
		t.Errorf("with addresses that cannot be read: %+v", slip)
	}
}

func TestIdentityRefuses(t *testing.T) {
	t.Parallel()
	s, b := stage(t, nil)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	good := identity(t, nil)
	for name, test := range map[string]struct{ identity, says string }{
		"expired":           {identity(t, map[string]any{"exp": time.Now().Add(-time.Minute).Unix()}), "expired"},
		"no exp":            {identity(t, map[string]any{"exp": nil}), "exp"},
		"good for too long": {identity(t, map[string]any{"exp": time.Now().Add(25 * time.Hour).Unix()}), "24 hours"},
		"not yet good":      {identity(t, map[string]any{"nbf": time.Now().Add(time.Hour).Unix()}), "not a valid JWT"},
		"no sub":            {identity(t, map[string]any{"sub": nil}), "sub"},
		"empty sub":         {identity(t, map[string]any{"sub": ""}), "sub"},
		"long sub":          {identity(t, map[string]any{"sub": strings.Repeat("x", 201)}), "sub"},
		"sub is a number":   {identity(t, map[string]any{"sub": 7}), "not a valid JWT"},
		"another inbox":     {identity(t, map[string]any{"aud": "another"}), "another inbox"},
		"another secret":    {sign(t, []byte("ids_another"), jwt.SigningMethodHS256, nil), "not signed"},
		"empty secret":      {sign(t, []byte{}, jwt.SigningMethodHS256, nil), "not signed"},
		"HS512":             {sign(t, []byte(secret), jwt.SigningMethodHS512, nil), "not signed"},
		"ES256":             {sign(t, key, jwt.SigningMethodES256, nil), "not signed"},
		"alg none":          {sign(t, jwt.UnsafeAllowNoneSignatureType, jwt.SigningMethodNone, nil), "not signed"},
		"signature cut":     {good[:len(good)-4], "not signed"},
		"rubbish":           {"a.b.c", "not a valid JWT"},
		"very long":         {good + strings.Repeat("x", 9000), "longer"},
	} {
		status, text := b.ask("POST", "/session", asJSON(sessionRequest{Identity: test.identity}))
		if status != http.StatusUnauthorized || !strings.Contains(text, `"identity_invalid"`) || !strings.Contains(text, test.says) {
			t.Errorf("%s: %d %s; want 401 identity_invalid that says %q", name, status, text, test.says)
		}
	}
	// Without a secret anybody could sign with an empty one.
	values, err := info.Decode(map[string]any{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := channel.Open(channel.Setup{Inbox: s.Inbox, Values: values, Host: s.Host, Visitors: s.Host}); err == nil {
		t.Error("an inbox without identity secret opens")
	}
}

// An inbox that requires an identity refuses anonymous visitors on every
// endpoint, also those whose token is from before it was required. The walk
// goes over the adapter's own list, so a new endpoint cannot be forgotten.
func TestRequiredIdentityIsEnforcedEverywhere(t *testing.T) {
	t.Parallel()
	s, before := stage(t, nil)
	anonymous := before.begin("").Token
	before.say("c1", "Hello")
	b := twin(t, s, map[string]any{"identity": "required"})
	server := httptest.NewServer(b.serve)
	defer server.Close()

	bodies := map[string]string{
		"POST /session":  asJSON(sessionRequest{Token: anonymous}),
		"POST /messages": asJSON(messageRequest{Body: "Hello", ClientID: "c2"}),
		"GET /items":     "",
		"POST /seen":     asJSON(seenRequest{1}),
		"POST /survey":   `{"score":5}`,

		"POST /uploads":        asJSON(uploadRequest{"a.png", 4}),
		"GET /uploads/{id}":    "",
		"PATCH /uploads/{id}":  "abcd",
		"DELETE /uploads/{id}": "",
	}
	for _, e := range b.serve.(*adapter).endpoints() {
		method, path, _ := strings.Cut(e.pattern, " ")
		switch e.pattern {
		case "GET /config": // open: it tells nothing of anybody
			continue
		case "GET /socket":
			for _, token := range []string{"", "made-up", anonymous} {
				conn := dial(t, server.URL, token, 0)
				if code := ending(t, conn); code != closeSessionOver {
					t.Errorf("a socket with the token %.5q ends with %d; want %d", token, code, closeSessionOver)
				}
			}
			continue
		}
		body, known := bodies[e.pattern]
		if !known {
			t.Fatalf("the test does not know the endpoint %s: add it here", e.pattern)
		}
		if path == "/items" {
			path += "?after=0"
		}
		for _, token := range []string{"", "made-up", anonymous} {
			b.token = token
			if status, text := b.ask(method, path, body); status != http.StatusUnauthorized {
				t.Errorf("%s with the token %.5q is answered with %d %s; want 401", e.pattern, token, status, text)
			}
		}
	}
	if n := len(s.Host.Inbound()); n != 1 {
		t.Errorf("%d messages arrived; want the one from before", n)
	}
	b.token = ""
	b.begin(identity(t, nil))
	b.say("c3", "With an identity it works")
}

// A token that an identity gave ends with it, in requests and in sockets.
func TestIdentityExpires(t *testing.T) {
	t.Parallel()
	s, b := stage(t, nil)
	exp := time.Now().Add(time.Hour)
	b.begin(identity(t, map[string]any{"exp": exp.Unix()}))
	v, err := s.Host.Visitor(t.Context(), fingerprint(b.token))
	if err != nil {
		t.Fatal(err)
	}
	if life := v.ExpiresAt.Sub(exp).Abs(); life > leeway+time.Second {
		t.Errorf("the token lives %v longer or shorter than its identity", life)
	}
	v.ExpiresAt = time.Now().Add(300 * time.Millisecond)
	if _, err := s.Host.Admit(t.Context(), v); err != nil {
		t.Fatal(err)
	}
	conn := dial(t, s.URL, b.token, 0)
	if code := ending(t, conn); code != closeSessionOver {
		t.Errorf("the socket ends with %d; want %d", code, closeSessionOver)
	}
	if status, text := b.ask("GET", "/items?after=0", ""); status != http.StatusUnauthorized || !strings.Contains(text, "session_over") {
		t.Errorf("after the end: %d %s; want 401 session_over", status, text)
	}
}

// Nothing but a signature with the secret makes an identity.
func FuzzIdentity(f *testing.F) {
	good := identity(f, nil)
	f.Add(good)
	f.Add(sign(f, jwt.UnsafeAllowNoneSignatureType, jwt.SigningMethodNone, nil))
	f.Add(good[:len(good)-1] + "A")
	f.Add("..")
	s, _ := stage(f, nil)
	a := s.Adapter.(*adapter)
	f.Fuzz(func(t *testing.T, signed string) {
		v, err := a.identify(signed)
		if err == nil && signed != good && !sameToken(signed, good) {
			t.Fatalf("%q speaks for %+v", signed, v)
		}
	})
}

// sameToken tells whether two texts differ in unused bits of the base64 alone.
func sameToken(a, b string) bool {
	return len(a) == len(b) && a[:len(a)-1] == b[:len(b)-1]
}
