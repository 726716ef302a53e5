package sandbox_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"rapport"
	"rapport/handoff"
	"rapport/handoff/handofftest"
	"rapport/handoff/sandbox"
)

var harness = handofftest.Harness{
	Kind: sandbox.Kind,
	Options: func(remote string) map[string]any {
		return map[string]any{"remote": remote, "secret": "sbx_shared", "token": "rpb_token"}
	},
	Says: func(w http.ResponseWriter, _ *http.Request, a handoff.Answer) {
		text, err := json.Marshal(sandbox.Answer{Say: a.Messages, Fields: a.Fields, Tags: a.Tags, Handoff: a.Handoff, End: a.End})
		if err != nil {
			panic(err) // plain data
		}
		w.Write(text)
	},
	TurnID: func(r handofftest.Request) string { return r.Header.Get(sandbox.TurnHeader) },
	Nonsense: map[string]http.HandlerFunc{
		"no JSON":        func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") },
		"a list":         func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "[1]") },
		"an empty word":  func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"say":[{"text":"  "}]}`) },
		"a field's name": func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"fields":{"Not A Name":"x"}}`) },
		"eleven messages": func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, `{"say":[`+strings.Repeat(`{"text":"x"},`, 10)+`{"text":"x"}]}`)
		},
	},
	Endless: func(w http.ResponseWriter, _ *http.Request) {
		for {
			if _, err := fmt.Fprint(w, strings.Repeat(" ", 64<<10)); err != nil {
				return
			}
		}
	},
}

func TestConformance(t *testing.T) {
	t.Parallel()
	handofftest.Run(t, harness)
}

// turnFunc is a bot broken on purpose.
type turnFunc func(context.Context, handoff.Turn) (handoff.Answer, error)

func (f turnFunc) Turn(ctx context.Context, t handoff.Turn) (handoff.Answer, error) { return f(ctx, t) }

var broken = map[string]struct {
	noticed string
	spoil   func(s handoff.Setup, inner handoff.Taker) turnFunc
}{
	"mumbles": {"says what its server says", func(_ handoff.Setup, inner handoff.Taker) turnFunc {
		return func(ctx context.Context, t handoff.Turn) (handoff.Answer, error) {
			a, err := inner.Turn(ctx, t)
			for i := range a.Messages {
				a.Messages[i].Text = strings.ToLower(a.Messages[i].Text)
			}
			return a, err
		}
	}},
	"does_not_listen": {"asks what the customer wrote", func(_ handoff.Setup, inner handoff.Taker) turnFunc {
		return func(ctx context.Context, t handoff.Turn) (handoff.Answer, error) {
			t.Messages, t.Transcript = nil, nil
			return inner.Turn(ctx, t)
		}
	}},
	"forgets": {"does what its server wants", func(_ handoff.Setup, inner handoff.Taker) turnFunc {
		return func(ctx context.Context, t handoff.Turn) (handoff.Answer, error) {
			a, err := inner.Turn(ctx, t)
			delete(a.Fields, "city")
			return a, err
		}
	}},
	"keeps_it": {"hands off", func(_ handoff.Setup, inner handoff.Taker) turnFunc {
		return func(ctx context.Context, t handoff.Turn) (handoff.Answer, error) {
			a, err := inner.Turn(ctx, t)
			a.Handoff = nil
			return a, err
		}
	}},
	"new_id_each_time": {"a turn keeps its id", func(_ handoff.Setup, inner handoff.Taker) turnFunc {
		return func(ctx context.Context, t handoff.Turn) (handoff.Answer, error) {
			t.ID = rapport.NewID[string]()
			return inner.Turn(ctx, t)
		}
	}},
	"errors_without_class": {"failures are classed", func(_ handoff.Setup, inner handoff.Taker) turnFunc {
		return func(ctx context.Context, t handoff.Turn) (handoff.Answer, error) {
			a, err := inner.Turn(ctx, t)
			if err != nil {
				err = errors.New(err.Error())
			}
			return a, err
		}
	}},
	"always_temporary": {"failures are classed", func(_ handoff.Setup, inner handoff.Taker) turnFunc {
		return func(ctx context.Context, t handoff.Turn) (handoff.Answer, error) {
			a, err := inner.Turn(ctx, t)
			if err != nil {
				err = handoff.Temporary(err, "Later.")
			}
			return a, err
		}
	}},
	"believes_anything": {"nonsense is no answer", func(_ handoff.Setup, inner handoff.Taker) turnFunc {
		return func(ctx context.Context, t handoff.Turn) (handoff.Answer, error) {
			a, err := inner.Turn(ctx, t)
			if err != nil {
				return handoff.Answer{Messages: []handoff.Say{{Text: "Hm."}}}, nil
			}
			return a, nil
		}
	}},
	"cannot_be_stopped": {"waiting ends with the context", func(_ handoff.Setup, inner handoff.Taker) turnFunc {
		return func(ctx context.Context, t handoff.Turn) (handoff.Answer, error) {
			a, err := inner.Turn(ctx, t)
			if err != nil && ctx.Err() != nil {
				return a, nil
			}
			return a, err
		}
	}},
	"logs_its_secret": {"secrets stay inside", func(s handoff.Setup, inner handoff.Taker) turnFunc {
		s.Log.Info("asking", "with", s.Values.Secret("secret").Reveal())
		return inner.Turn
	}},
	"remembers_the_last": {"turns do not mix", func(_ handoff.Setup, inner handoff.Taker) turnFunc {
		var mu sync.Mutex
		var first *handoff.Answer
		return func(ctx context.Context, t handoff.Turn) (handoff.Answer, error) {
			a, err := inner.Turn(ctx, t)
			mu.Lock()
			defer mu.Unlock()
			if first == nil {
				first = &a
			}
			return *first, err
		}
	}},
}

func init() {
	info, err := handoff.Lookup(sandbox.Kind)
	if err != nil {
		panic(err)
	}
	for name, b := range broken {
		spoilt := info
		spoilt.Kind = name
		handoff.Register(spoilt, func(s handoff.Setup) (handoff.Bot, error) {
			inner, err := handoff.Open(sandbox.Kind, s)
			if err != nil {
				return nil, err
			}
			return b.spoil(s, inner.(handoff.Taker)), nil
		})
	}
}

// The suite can say no: each way to break a bot is noticed by the check that is
// there for it.
func TestBrokenBotsFail(t *testing.T) {
	t.Parallel()
	for _, name := range slices.Sorted(maps.Keys(broken)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := harness
			h.Kind = name
			i := slices.IndexFunc(handofftest.Checks, func(c handofftest.Check) bool { return c.Name == broken[name].noticed })
			if i < 0 {
				t.Fatalf("the suite has no check %q", broken[name].noticed)
			}
			r := &recorder{TB: t}
			done := make(chan struct{})
			go func() {
				defer close(done)
				handofftest.Checks[i].Run(r, h)
			}()
			<-done
			if len(r.failures) == 0 {
				t.Errorf("the check %q did not notice it", broken[name].noticed)
			}
		})
	}
}

// recorder is a testing.TB whose failures are not the test's.
type recorder struct {
	testing.TB
	mu       sync.Mutex
	failures []string
}

func (r *recorder) Helper() {}
func (r *recorder) Error(args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failures = append(r.failures, fmt.Sprint(args...))
}
func (r *recorder) Errorf(form string, arg ...any) { r.Error(fmt.Sprintf(form, arg...)) }
func (r *recorder) Fatal(args ...any)              { r.Error(args...); runtime.Goexit() }
func (r *recorder) Fatalf(form string, arg ...any) { r.Errorf(form, arg...); runtime.Goexit() }
