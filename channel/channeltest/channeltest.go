// Package channeltest is the suite that every channel adapter passes. It talks
// to an adapter as its customers and its provider do, with a Host in memory on
// the other side.
//
// What only the adapter's own protocol can express, a Harness supplies: how a
// genuine message looks, how to spoil its proof, how the provider says "try
// later". What a capability needs is demanded only of adapters that claim it;
// claiming less than an adapter does is refused as well.
package channeltest

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"rapport"
	"rapport/channel"
	"rapport/lib/secretbox"
	"rapport/lib/ssrf"
)

// Harness is what the suite must know about an adapter.
type Harness struct {
	Kind string
	// Options are complete and valid ones, secrets included. remote is the
	// address of the provider's double.
	Options func(remote string) map[string]any
	// Inbound makes a genuine request that carries a customer's message. The
	// same id stands for the same message.
	Inbound func(s *Stage, id, body string) *http.Request
	// Forge lists ways to make a genuine request one that must be refused.
	Forge map[string]func(s *Stage, r *http.Request)
	// Answers are what the provider's double answers so that Send fails in
	// each class. Senders name at least temporary, permanent and unauthorized.
	Answers map[channel.Class]http.HandlerFunc
	// To is a customer that Send can reach; the zero point will do for most.
	To rapport.Point
	// Deliver, for Caps.Delivered, lets the provider or the customer's client
	// tell that a message of ours arrived. The message is in the Host already.
	Deliver func(s *Stage, m rapport.Item)
	// See, for Caps.Seen, does the same for a look at it.
	See func(s *Stage, m rapport.Item)
	// Type, for Caps.Typing, lets the customer begin to type.
	Type func(s *Stage)
	// SeesTyping, for Caps.Types of channels that pull, tells whether the
	// customer's client learns that an agent types; the suite makes one type.
	SeesTyping func(s *Stage, agentTypes func()) bool
	// Carry, for Caps.Media or Caps.Location, makes a genuine request with a
	// file and, if one is given, a place. It may make others before, to upload.
	Carry func(s *Stage, id, name string, data []byte, place *rapport.Location) *http.Request
	// Fetch, of channels that pull, is what the customer's client gets to see.
	Fetch func(s *Stage) string
}

// Check is one test of the suite.
type Check struct {
	Name string
	Run  func(tb testing.TB, h Harness)
}

// Run runs the suite.
func Run(t *testing.T, h Harness) {
	for _, check := range Checks {
		t.Run(check.Name, func(t *testing.T) {
			t.Parallel()
			check.Run(t, h)
		})
	}
}

// Stage is one opened adapter with everything around it.
type Stage struct {
	TB      testing.TB
	Host    *Host
	Files   *Files
	Info    channel.Info
	Inbox   rapport.InboxRef
	Values  channel.Values
	Adapter channel.Adapter
	URL     string // of the adapter's own endpoints, when it has any

	mu      sync.Mutex
	answer  http.HandlerFunc
	remote  []Request
	written bytes.Buffer // all that was logged or answered
}

// Request is one that reached the provider's double.
type Request struct {
	Method string
	Path   string
	Header http.Header
	Body   string
}

// Open puts an adapter on its stage. Everything is closed when the test ends.
func Open(tb testing.TB, h Harness) *Stage {
	tb.Helper()
	s := &Stage{TB: tb, Host: NewHost(), Files: NewFiles()}
	s.Host.files = s.Files
	remote := httptest.NewServer(http.HandlerFunc(s.serveRemote))
	tb.Cleanup(remote.Close)
	var err error
	if s.Info, err = channel.Lookup(h.Kind); err != nil {
		tb.Fatal(err)
	}
	if s.Values, err = s.Info.Decode(h.Options(remote.URL)); err != nil {
		tb.Fatalf("the harness's own options are refused: %v", err)
	}
	client, err := ssrf.NewClient(ssrf.Policy{Allow: []string{remote.Listener.Addr().String()}})
	if err != nil {
		tb.Fatal(err)
	}
	fetch, err := ssrf.NewClient(ssrf.Policy{Allow: []string{remote.Listener.Addr().String()}, MaxBody: 128 << 20})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(client.CloseIdleConnections)
	tb.Cleanup(fetch.CloseIdleConnections)
	s.Inbox = rapport.InboxRef{ID: rapport.NewID[rapport.InboxID](), Name: "Test inbox", Channel: h.Kind}
	s.Adapter, err = channel.Open(channel.Setup{
		Inbox: s.Inbox, Values: s.Values, Host: s.Host, Visitors: s.Host, Files: s.Files, Client: client, Fetch: fetch,
		Log: slog.New(slog.NewTextHandler(lockedWriter{s}, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		tb.Fatalf("the adapter does not open: %v", err)
	}
	if handler, ok := s.Adapter.(http.Handler); ok {
		server := httptest.NewServer(handler)
		tb.Cleanup(server.Close)
		s.URL = server.URL
	}
	tb.Cleanup(func() {
		if err := s.Adapter.Close(); err != nil {
			tb.Errorf("the adapter does not close: %v", err)
		}
	})
	return s
}

// Do sends a request to the adapter and returns the answer's status and body.
// The suite looks for secrets in all of them.
func (s *Stage) Do(r *http.Request) (status int, body string) {
	s.TB.Helper()
	w := s.Serve(r)
	return w.Code, w.Body.String()
}

// Serve is Do for those who need the answer's headers, too.
func (s *Stage) Serve(r *http.Request) *httptest.ResponseRecorder {
	s.TB.Helper()
	handler, ok := s.Adapter.(http.Handler)
	if !ok {
		s.TB.Fatal("the adapter takes messages (Caps.Receives) but is not an http.Handler")
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	lockedWriter{s}.Write(w.Body.Bytes())
	return w
}

// Remote returns the requests that reached the provider's double.
func (s *Stage) Remote() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request{}, s.remote...)
}

// Answer sets what the provider's double answers; nil is an empty 200.
func (s *Stage) Answer(with http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = with
}

func (s *Stage) serveRemote(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the adapter hung up
	}
	s.mu.Lock()
	s.remote = append(s.remote, Request{r.Method, r.URL.Path, r.Header.Clone(), string(body)})
	answer := s.answer
	s.mu.Unlock()
	if answer != nil {
		answer(w, r)
	}
}

func (s *Stage) secrets() map[string]secretbox.Secret { return s.Values.Secrets() }

// lockedWriter collects what the adapter writes.
type lockedWriter struct{ s *Stage }

func (w lockedWriter) Write(p []byte) (int, error) {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	return w.s.written.Write(p)
}

func (s *Stage) said() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.written.String()
}
