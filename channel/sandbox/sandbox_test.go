package sandbox_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"rapport"
	"rapport/channel"
	"rapport/channel/channeltest"
	"rapport/channel/sandbox"
)

const secret = "sbx_the-shared-secret"

var harness = channeltest.Harness{
	Kind:    "sandbox",
	Options: func(remote string) map[string]any { return map[string]any{"remote": remote, "secret": secret} },
	Inbound: func(_ *channeltest.Stage, id, body string) *http.Request {
		return event(sandbox.Event{Type: "message", ID: id, From: "+49 30 123456", Name: "Carla", Text: body})
	},
	Forge: map[string]func(*channeltest.Stage, *http.Request){
		"no signature":    func(_ *channeltest.Stage, r *http.Request) { r.Header.Del(sandbox.SignatureHeader) },
		"another secret":  func(_ *channeltest.Stage, r *http.Request) { sign(r, "sbx_guessed") },
		"another body":    func(_ *channeltest.Stage, r *http.Request) { r.Body = io.NopCloser(strings.NewReader(`{}`)) },
		"empty signature": func(_ *channeltest.Stage, r *http.Request) { r.Header.Set(sandbox.SignatureHeader, "") },
	},
	Answers: map[channel.Class]http.HandlerFunc{
		channel.ClassTemporary:    func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) },
		channel.ClassPermanent:    func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadRequest) },
		channel.ClassUnauthorized: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) },
		channel.ClassUnknown:      func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	},
	Carry: func(_ *channeltest.Stage, id, name string, data []byte, place *rapport.Location) *http.Request {
		return event(sandbox.Event{Type: "message", ID: id, From: "+49 30 123456", Files: []sandbox.File{{Name: name, Data: data}}, Location: place})
	},
	Deliver: func(s *channeltest.Stage, m rapport.Item) { report(s, m, rapport.Delivered) },
	See:     func(s *channeltest.Stage, m rapport.Item) { report(s, m, rapport.Seen) },
	Type: func(s *channeltest.Stage) {
		s.Do(event(sandbox.Event{Type: "typing", From: "+49 30 123456", On: true}))
	},
}

func event(e sandbox.Event) *http.Request {
	body, err := json.Marshal(e)
	if err != nil {
		panic(err) // an Event is always JSON
	}
	r := httptest.NewRequest("POST", "/events", bytes.NewReader(body))
	r.Header.Set(sandbox.SignatureHeader, sandbox.Sign(secret, body))
	return r
}

func sign(r *http.Request, with string) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(err) // the body is in memory
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.Header.Set(sandbox.SignatureHeader, sandbox.Sign(with, body))
}

func report(s *channeltest.Stage, m rapport.Item, d rapport.Delivery) {
	s.Do(event(sandbox.Event{Type: "delivery", ConversationID: m.ConversationID, Seq: m.Seq, Delivery: d}))
}

func TestConformance(t *testing.T) {
	t.Parallel()
	channeltest.Run(t, harness)
}

// A foreign event never panics, and what has no proof never arrives.
func FuzzEvent(f *testing.F) {
	f.Add(`{"type":"message","id":"1","from":"+4930123456","text":"hi"}`, true)
	f.Add(`{"type":"typing","from":"+4930123456","on":true}`, true)
	f.Add(`{"type":"delivery","conversation_id":"x","seq":-1,"delivery":"seen"}`, true)
	f.Add(`[`, false)
	f.Fuzz(func(t *testing.T, body string, signed bool) {
		host := channeltest.NewHost()
		info, err := channel.Lookup("sandbox")
		if err != nil {
			t.Fatal(err)
		}
		values, err := info.Decode(map[string]any{"remote": "http://127.0.0.1:9", "secret": secret})
		if err != nil {
			t.Fatal(err)
		}
		a, err := channel.Open(channel.Setup{Inbox: rapport.InboxRef{ID: "i", Channel: "sandbox"}, Values: values, Host: host, Visitors: host})
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest("POST", "/events", strings.NewReader(body))
		if signed {
			r.Header.Set(sandbox.SignatureHeader, sandbox.Sign(secret, []byte(body)))
		}
		w := httptest.NewRecorder()
		a.(http.Handler).ServeHTTP(w, r)
		if !signed && (w.Code/100 == 2 || len(host.Inbound()) != 0) {
			t.Fatalf("unsigned %q was answered with %d", body, w.Code)
		}
		if w.Code >= 500 {
			t.Fatalf("%q was answered with %d", body, w.Code)
		}
	})
}
