package sandbox_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"

	"rapport"
	"rapport/channel"
	"rapport/channel/channeltest"
)

// broken lists ways to break an adapter on purpose, each with the check of the
// suite that has to notice it.
var broken = map[string]struct {
	noticed string
	change  func(*channel.Info)
	open    func(channel.Setup) (channel.Adapter, error)
}{
	"secret_not_marked": {noticed: "options are validated", change: func(i *channel.Info) {
		i.Options[1].Type, i.Options[1].Secret, i.Options[1].Prefix = channel.String, false, ""
	}},
	"claims_to_pull": {noticed: "is what its capabilities say", change: func(i *channel.Info) { i.Caps.Pulls = true }},
	"hides_typing":   {noticed: "is what its capabilities say", change: func(i *channel.Info) { i.Caps.Types = false }},
	"cuts_text": {noticed: "inbound arrives", open: withHost(func(h cheat) cheat {
		h.receive = func(in *channel.Inbound) { in.Body = in.Body[:5] }
		return h
	})},
	"new_id_each_time": {noticed: "inbound is idempotent", open: withHost(func(h cheat) cheat {
		h.receive = func(in *channel.Inbound) { in.ExternalID = rapport.NewID[string]() }
		return h
	})},
	"acknowledges_too_early": {noticed: "inbound is acknowledged only when stored", open: withHost(func(h cheat) cheat {
		h.swallow = true
		return h
	})},
	"believes_everybody": {noticed: "forged requests are refused before parsing", open: withHandler(func(a whole, w http.ResponseWriter, r *http.Request) {
		sign(r, secret)
		a.ServeHTTP(w, r)
	})},
	"parses_first": {noticed: "forged requests are refused before parsing", open: withHandler(func(a whole, w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
		if err != nil || !json.Valid(body) {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		a.ServeHTTP(w, r)
	})},
	"reads_all": {noticed: "bodies are bounded", open: withHandler(func(a whole, w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		a.ServeHTTP(w, r)
	})},
	"logs_its_secret": {noticed: "secrets stay inside", open: func(s channel.Setup) (channel.Adapter, error) {
		s.Log.Info("opened", "with", s.Values.Secret("secret").Reveal())
		return openWhole(s)
	}},
	"sends_twice": {noticed: "outbound is sent once", open: withSend(func(ctx context.Context, a whole, m channel.Outbound) (channel.Receipt, error) {
		if receipt, err := a.Send(ctx, m); err != nil {
			return receipt, err
		}
		return a.Send(ctx, m)
	})},
	"errors_without_class": {noticed: "outbound failures are classed", open: withSend(func(ctx context.Context, a whole, m channel.Outbound) (channel.Receipt, error) {
		receipt, err := a.Send(ctx, m)
		if err != nil {
			err = fmt.Errorf("send: %s", err)
		}
		return receipt, err
	})},
	"always_temporary": {noticed: "outbound failures are classed", open: withSend(func(ctx context.Context, a whole, m channel.Outbound) (channel.Receipt, error) {
		receipt, err := a.Send(ctx, m)
		if err != nil {
			err = channel.Temporary(err, "Later.")
		}
		return receipt, err
	})},
	"keeps_reports": {noticed: "deliveries are reported", open: withHost(func(h cheat) cheat {
		h.keepReports = true
		return h
	})},
	"keeps_typing": {noticed: "typing works both ways", open: func(s channel.Setup) (channel.Adapter, error) {
		s.Visitors = deaf{s.Visitors}
		return openWhole(s)
	}},
}

func init() {
	info, err := channel.Lookup("sandbox")
	if err != nil {
		panic(err)
	}
	for name, b := range broken {
		spoilt := info
		spoilt.Kind = name
		spoilt.Options = slices.Clone(info.Options)
		if b.change != nil {
			b.change(&spoilt)
		}
		if b.open == nil {
			b.open = openWhole
		}
		channel.Register(spoilt, b.open)
	}
}

// whole is all that the sandbox's adapter is.
type whole struct {
	channel.Adapter
	http.Handler
	channel.Sender
	channel.Typer
}

func openWhole(s channel.Setup) (channel.Adapter, error) {
	s.Inbox.Channel = "sandbox"
	a, err := channel.Open(s)
	if err != nil {
		return nil, err
	}
	return whole{a, a.(http.Handler), a.(channel.Sender), a.(channel.Typer)}, nil
}

func withHandler(serve func(whole, http.ResponseWriter, *http.Request)) func(channel.Setup) (channel.Adapter, error) {
	return func(s channel.Setup) (channel.Adapter, error) {
		a, err := openWhole(s)
		if err != nil {
			return nil, err
		}
		w := a.(whole)
		inner := w
		w.Handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { serve(inner, rw, r) })
		return w, nil
	}
}

type sendFunc func(context.Context, channel.Outbound) (channel.Receipt, error)

func (f sendFunc) Send(ctx context.Context, m channel.Outbound) (channel.Receipt, error) {
	return f(ctx, m)
}

func withSend(send func(context.Context, whole, channel.Outbound) (channel.Receipt, error)) func(channel.Setup) (channel.Adapter, error) {
	return func(s channel.Setup) (channel.Adapter, error) {
		a, err := openWhole(s)
		if err != nil {
			return nil, err
		}
		w := a.(whole)
		inner := w
		w.Sender = sendFunc(func(ctx context.Context, m channel.Outbound) (channel.Receipt, error) { return send(ctx, inner, m) })
		return w, nil
	}
}

// cheat passes on to the host less than an adapter should.
type cheat struct {
	channel.Host
	receive     func(*channel.Inbound)
	swallow     bool
	keepReports bool
}

func (c cheat) Receive(ctx context.Context, in channel.Inbound) (channel.Received, error) {
	if c.receive != nil {
		c.receive(&in)
	}
	got, err := c.Host.Receive(ctx, in)
	if c.swallow {
		return got, nil
	}
	return got, err
}

func (c cheat) Report(ctx context.Context, r channel.Report) error {
	if c.keepReports {
		return nil
	}
	return c.Host.Report(ctx, r)
}

func withHost(spoil func(cheat) cheat) func(channel.Setup) (channel.Adapter, error) {
	return func(s channel.Setup) (channel.Adapter, error) {
		s.Host = spoil(cheat{Host: s.Host})
		return openWhole(s)
	}
}

type deaf struct{ channel.Visitors }

func (deaf) Act(context.Context, channel.Visitor, channel.Action) error { return nil }

// The suite can say no: each way to break an adapter is noticed by the check
// that is there for it.
func TestBrokenAdaptersFail(t *testing.T) {
	t.Parallel()
	for _, name := range slices.Sorted(maps.Keys(broken)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := harness
			h.Kind = name
			i := slices.IndexFunc(channeltest.Checks, func(c channeltest.Check) bool { return c.Name == broken[name].noticed })
			if i < 0 {
				t.Fatalf("the suite has no check %q", broken[name].noticed)
			}
			r := &recorder{TB: t}
			done := make(chan struct{})
			go func() {
				defer close(done)
				channeltest.Checks[i].Run(r, h)
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
	failures []string
}

func (r *recorder) Helper()                        {}
func (r *recorder) Fail()                          { r.failures = append(r.failures, "failed") }
func (r *recorder) Failed() bool                   { return len(r.failures) > 0 }
func (r *recorder) Error(args ...any)              { r.failures = append(r.failures, fmt.Sprint(args...)) }
func (r *recorder) Errorf(form string, arg ...any) { r.Error(fmt.Sprintf(form, arg...)) }
func (r *recorder) FailNow()                       { r.Fail(); runtime.Goexit() }
func (r *recorder) Fatal(args ...any)              { r.Error(args...); runtime.Goexit() }
func (r *recorder) Fatalf(form string, arg ...any) { r.Errorf(form, arg...); runtime.Goexit() }
