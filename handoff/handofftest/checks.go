package handofftest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/handoff"
)

// Checks is the suite.
var Checks = []Check{
	{"describes itself", describesItself},
	{"asks what the customer wrote", asksWhatTheCustomerWrote},
	{"says what its server says", saysWhatItsServerSays},
	{"does what its server wants", doesWhatItsServerWants},
	{"hands off", handsOff},
	{"a turn keeps its id", aTurnKeepsItsID},
	{"failures are classed", failuresAreClassed},
	{"nonsense is no answer", nonsenseIsNoAnswer},
	{"answers are bounded", answersAreBounded},
	{"waiting ends with the context", waitingEnds},
	{"secrets stay inside", secretsStayInside},
	{"turns do not mix", turnsDoNotMix},
}

func describesItself(tb testing.TB, h Harness) {
	info, err := handoff.Lookup(h.Kind)
	if err != nil {
		tb.Fatal(err)
	}
	text, err := json.Marshal(info)
	if err != nil {
		tb.Fatalf("the description cannot be written as JSON: %v", err)
	}
	var back handoff.Info
	if err := json.Unmarshal(text, &back); err != nil || back.Kind != info.Kind || len(back.Options) != len(info.Options) {
		tb.Errorf("the description reads back as %+v, %v", back, err)
	}
	for _, o := range info.Options {
		if !strings.HasSuffix(o.Help, ".") {
			tb.Errorf("option %s: the help text %q is not a sentence", o.Name, o.Help)
		}
	}
	if !info.Caps.Turns {
		tb.Error("the suite is for bots that take turns, and this one does not say so")
	}
	raw := h.Options("https://bot.example")
	raw["no_such_option"] = true
	if _, err := info.Decode(raw); err == nil {
		tb.Error("an unknown option is accepted")
	}
	if info.Caps.Later && !slices.ContainsFunc(info.Options, func(o handoff.Option) bool { return o.Name == handoff.TokenOption && o.Generated() }) {
		tb.Error("it answers later, but has no token that is made up for it")
	}
}

// ask asks for a turn with the double answering so.
func ask(tb testing.TB, s *Stage, h Harness, a handoff.Answer) handoff.Answer {
	tb.Helper()
	s.Answer(func(w http.ResponseWriter, r *http.Request) { h.Says(w, r, a) })
	got, err := s.Bot.Turn(tb.Context(), Turn())
	if err != nil {
		tb.Fatalf("the turn failed: %v", err)
	}
	return got
}

func texts(a handoff.Answer) (list []string) {
	for _, m := range a.Messages {
		list = append(list, m.Text)
	}
	return list
}

func asksWhatTheCustomerWrote(tb testing.TB, h Harness) {
	s := Open(tb, h)
	ask(tb, s, h, handoff.Answer{Messages: []handoff.Say{{Text: "Yes?"}}})
	for _, r := range s.Remote() {
		var body any
		if err := json.Unmarshal([]byte(r.Body), &body); err != nil {
			tb.Errorf("%s %s is not JSON: %v", r.Method, r.Path, err)
		}
		if contains(body, Hello) {
			return
		}
	}
	tb.Errorf("none of the %d requests holds what the customer wrote", len(s.Remote()))
}

// contains tells whether a text is somewhere in a JSON value.
func contains(v any, text string) bool {
	switch v := v.(type) {
	case string:
		return strings.Contains(v, text)
	case []any:
		return slices.ContainsFunc(v, func(e any) bool { return contains(e, text) })
	case map[string]any:
		for _, e := range v {
			if contains(e, text) {
				return true
			}
		}
	}
	return false
}

func saysWhatItsServerSays(tb testing.TB, h Harness) {
	const words = "Hallo Carla 👋, <b>what</b> is \"it\"?\nSecond line."
	s := Open(tb, h)
	if got := texts(ask(tb, s, h, handoff.Answer{Messages: []handoff.Say{{Text: words}}})); !slices.Equal(got, []string{words}) {
		tb.Errorf("it says %q, want %q", got, words)
	}
}

func doesWhatItsServerWants(tb testing.TB, h Harness) {
	s := Open(tb, h)
	want := map[string]string{"order_number": "4711", "city": "Köln"}
	got := ask(tb, s, h, handoff.Answer{Messages: []handoff.Say{{Text: "Noted."}}, Fields: want})
	if !maps.Equal(got.Fields, want) || !slices.Equal(texts(got), []string{"Noted."}) {
		tb.Errorf("it says %q and notes %v, want %v", texts(got), got.Fields, want)
	}
}

func handsOff(tb testing.TB, h Harness) {
	s := Open(tb, h)
	got := ask(tb, s, h, handoff.Answer{Messages: []handoff.Say{{Text: "A colleague takes over."}}, Handoff: &handoff.Handoff{Reason: "wants a human", Summary: "Carla asks for Köln."}})
	if got.Handoff == nil || got.Handoff.Reason != "wants a human" || got.Handoff.Summary != "Carla asks for Köln." {
		tb.Errorf("the hand-off is %+v", got.Handoff)
	}
}

func aTurnKeepsItsID(tb testing.TB, h Harness) {
	if h.TurnID == nil {
		return
	}
	s := Open(tb, h)
	s.Answer(func(w http.ResponseWriter, r *http.Request) {
		h.Says(w, r, handoff.Answer{Messages: []handoff.Say{{Text: "Yes?"}}})
	})
	t := Turn()
	for _, turn := range []handoff.Turn{t, t, Turn()} {
		if _, err := s.Bot.Turn(tb.Context(), turn); err != nil {
			tb.Fatal(err)
		}
	}
	r := s.Remote()
	if a, b, c := h.TurnID(r[0]), h.TurnID(r[1]), h.TurnID(r[len(r)-1]); a != t.ID || a != b || a == c {
		tb.Errorf("the server saw the ids %q, %q and %q; want %q twice and another", a, b, c, t.ID)
	}
}

func failuresAreClassed(tb testing.TB, h Harness) {
	s := Open(tb, h)
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		class  handoff.Class
		wait   time.Duration
	}{
		"bad gateway":  {status(http.StatusBadGateway), handoff.ClassTemporary, 0},
		"bad request":  {status(http.StatusBadRequest), handoff.ClassPermanent, 0},
		"unauthorized": {status(http.StatusUnauthorized), handoff.ClassUnauthorized, 0},
		"forbidden":    {status(http.StatusForbidden), handoff.ClassUnauthorized, 0},
		"redirect":     {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/else", http.StatusFound) }, handoff.ClassPermanent, 0},
		"busy": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(http.StatusTooManyRequests)
		}, handoff.ClassTemporary, 7 * time.Second},
		"hangs up": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, handoff.ClassTemporary, 0},
	} {
		s.Answer(c.answer)
		_, err := s.Bot.Turn(tb.Context(), Turn())
		f, ok := errors.AsType[*handoff.Failure](err)
		if !ok || f.Class != c.class || f.Wait != c.wait || !strings.HasSuffix(f.Message, ".") {
			tb.Errorf("%s: %#v; want a failure of the class %s, wait %s, with a sentence", name, err, c.class, c.wait)
		}
	}
}

func nonsenseIsNoAnswer(tb testing.TB, h Harness) {
	s := Open(tb, h)
	for name, answer := range h.Nonsense {
		s.Answer(answer)
		got, err := s.Bot.Turn(tb.Context(), Turn())
		if _, ok := errors.AsType[*handoff.Failure](err); !ok {
			tb.Errorf("%s is taken for the answer %+v, %v", name, got, err)
		}
	}
	if len(h.Nonsense) == 0 {
		tb.Error("the harness knows no nonsense")
	}
}

func answersAreBounded(tb testing.TB, h Harness) {
	s := Open(tb, h)
	s.Answer(h.Endless)
	done := make(chan error, 1)
	go func() {
		_, err := s.Bot.Turn(context.WithoutCancel(tb.Context()), Turn())
		done <- err
	}()
	select {
	case err := <-done:
		if err == nil {
			tb.Error("an answer without end is an answer")
		}
	case <-time.After(10 * time.Second):
		tb.Error("it reads an answer without end")
	}
}

func waitingEnds(tb testing.TB, h Harness) {
	s := Open(tb, h)
	begun := make(chan struct{}, 8)
	s.Answer(func(_ http.ResponseWriter, r *http.Request) {
		begun <- struct{}{}
		<-r.Context().Done()
	})
	ctx, cancel := context.WithCancel(tb.Context())
	go func() {
		<-begun
		cancel()
	}()
	done := make(chan error, 1)
	go func() {
		_, err := s.Bot.Turn(ctx, Turn())
		done <- err
	}()
	select {
	case err := <-done:
		if err == nil {
			tb.Error("nothing is an answer")
		}
	case <-time.After(10 * time.Second):
		tb.Error("it waits on although nobody waits for it")
	}
}

func secretsStayInside(tb testing.TB, h Harness) {
	s := Open(tb, h)
	ask(tb, s, h, handoff.Answer{Messages: []handoff.Say{{Text: "Yes?"}}})
	s.Answer(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) })
	_, err := s.Bot.Turn(tb.Context(), Turn())
	for name, secret := range s.Values.Secrets() {
		if strings.Contains(s.said(), secret.Reveal()) || err != nil && strings.Contains(err.Error(), secret.Reveal()) {
			tb.Errorf("the secret %s is in the log or in an error", name)
		}
		for _, r := range s.Remote() {
			if strings.Contains(r.Body, secret.Reveal()) || strings.Contains(r.Path, secret.Reveal()) {
				tb.Errorf("the secret %s is in a body or an address", name)
			}
		}
	}
}

func turnsDoNotMix(tb testing.TB, h Harness) {
	s := Open(tb, h)
	s.Answer(func(w http.ResponseWriter, r *http.Request) {
		text, err := io.ReadAll(r.Body)
		var body any
		if err != nil || json.Unmarshal(text, &body) != nil {
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(text)) // Says may want to look, too
		for _, name := range []string{"first", "second", "third", "fourth"} {
			if contains(body, "I am the "+name) {
				h.Says(w, r, handoff.Answer{Messages: []handoff.Say{{Text: "You are the " + name}}})
			}
		}
	})
	var all sync.WaitGroup
	for _, name := range []string{"first", "second", "third", "fourth"} {
		all.Go(func() {
			t := Turn()
			t.Messages[0].Body = "I am the " + name
			got, err := s.Bot.Turn(tb.Context(), t)
			if err != nil || !slices.Equal(texts(got), []string{"You are the " + name}) {
				tb.Errorf("the %s was answered %q, %v", name, texts(got), err)
			}
		})
	}
	all.Wait()
}
