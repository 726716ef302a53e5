// Package handofftest is the suite that every kind of bot passes that is asked
// for turns. It plays the bot's server: what a genuine answer looks like there,
// a Harness supplies.
package handofftest

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"rapport"
	"rapport/handoff"
	"rapport/lib/ssrf"
)

// Harness is what the suite must know about a kind of bot.
type Harness struct {
	Kind string
	// Options are complete and valid ones, secrets included. remote is the
	// address of the double of the bot's server.
	Options func(remote string) map[string]any
	// Says answers a request of ours as the bot's server does that says and does
	// this. Only Messages, Fields, and Handoff with reason and summary are asked for.
	Says func(w http.ResponseWriter, r *http.Request, a handoff.Answer)
	// TurnID, if the server learns it, finds the turn's id in a request.
	TurnID func(r Request) string
	// Nonsense are answers of a server that has lost its mind.
	Nonsense map[string]http.HandlerFunc
	// Endless writes an answer that never ends, until writing fails.
	Endless http.HandlerFunc
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

// Stage is one opened bot with the double of its server.
type Stage struct {
	TB     testing.TB
	Info   handoff.Info
	Values handoff.Values
	Bot    handoff.Taker

	mu      sync.Mutex
	answer  http.HandlerFunc
	remote  []Request
	written bytes.Buffer // all that was logged
}

// Request is one that reached the double.
type Request struct {
	Method string
	Path   string
	Header http.Header
	Body   string
}

// Open puts a bot on its stage. Everything is closed when the test ends.
func Open(tb testing.TB, h Harness) *Stage {
	tb.Helper()
	s := &Stage{TB: tb}
	remote := httptest.NewServer(http.HandlerFunc(s.serve))
	tb.Cleanup(remote.Close)
	var err error
	if s.Info, err = handoff.Lookup(h.Kind); err != nil {
		tb.Fatal(err)
	}
	if s.Values, err = s.Info.Decode(h.Options(remote.URL)); err != nil {
		tb.Fatalf("the harness's own options are refused: %v", err)
	}
	client, err := ssrf.NewClient(ssrf.Policy{Allow: []string{remote.Listener.Addr().String()}})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(client.CloseIdleConnections)
	bot, err := handoff.Open(h.Kind, handoff.Setup{
		ID: rapport.NewID[rapport.BotID](), Name: "Robin", Values: s.Values, Client: client,
		Log: slog.New(slog.NewTextHandler(lockedWriter{s}, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		tb.Fatalf("the bot does not open: %v", err)
	}
	taker, ok := bot.(handoff.Taker)
	if !ok {
		tb.Fatal("the bot takes no turns")
	}
	s.Bot = taker
	return s
}

// Answer sets what the double answers.
func (s *Stage) Answer(with http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = with
}

// Remote returns the requests that reached the double.
func (s *Stage) Remote() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request{}, s.remote...)
}

func (s *Stage) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the bot hung up
	}
	s.mu.Lock()
	s.remote = append(s.remote, Request{r.Method, r.URL.Path, r.Header.Clone(), string(body)})
	answer := s.answer
	s.mu.Unlock()
	r.Body = io.NopCloser(bytes.NewReader(body))
	if answer != nil {
		answer(w, r)
	}
}

// lockedWriter collects what the bot logs.
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

// Hello is what the customer of the suite writes.
const Hello = "Grüße aus Köln 👋 <b>&amp;</b> \"quoted\""

// Turn is one that asks for an answer to Hello.
func Turn() handoff.Turn {
	at := time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	said := []handoff.Message{
		{Seq: 2, By: rapport.ByBot, Name: "Robin", Body: "How can I help?", At: at},
		{Seq: 3, By: rapport.ByCustomer, Name: "Carla", Body: Hello, At: at.Add(time.Minute)},
	}
	return handoff.Turn{
		ID: "turn_" + rapport.NewID[string](), Messages: said[1:], Transcript: said, Queues: []string{"Support", "Sales"},
		Conversation: handoff.Conversation{ID: rapport.NewID[rapport.ConversationID](), Inbox: "Shop", Channel: "web", Queue: "Support", OpenedAt: at, Tags: []string{}, Fields: map[string]string{"order": "4711"}},
		Contact:      handoff.Contact{ID: rapport.NewID[rapport.ContactID](), Name: "Carla", Known: true, Fields: map[string]string{}},
	}
}
