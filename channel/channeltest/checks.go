package channeltest

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport"
	"rapport/channel"
)

// Checks is the suite.
var Checks = []Check{
	{"describes itself", describesItself},
	{"options are validated", optionsAreValidated},
	{"is what its capabilities say", isWhatItSays},
	{"inbound arrives", inboundArrives},
	{"inbound is idempotent", inboundIsIdempotent},
	{"inbound is acknowledged only when stored", acknowledgedWhenStored},
	{"forged requests are refused before parsing", forgedAreRefused},
	{"bodies are bounded", bodiesAreBounded},
	{"secrets stay inside", secretsStayInside},
	{"outbound is sent once", outboundIsSentOnce},
	{"outbound failures are classed", failuresAreClassed},
	{"deliveries are reported", deliveriesAreReported},
	{"typing works both ways", typingWorks},
	{"files and places travel", carriesFiles},
}

const hello = "Grüße aus Köln 👋 <b>&amp;</b>"

// inboundLimit is more than any adapter of text needs to read of one request.
const inboundLimit = 4 << 20

func describesItself(tb testing.TB, h Harness) {
	info, err := channel.Lookup(h.Kind)
	if err != nil {
		tb.Fatal(err)
	}
	text, err := json.Marshal(info)
	if err != nil {
		tb.Fatalf("the description cannot be written as JSON: %v", err)
	}
	var back channel.Info
	if err := json.Unmarshal(text, &back); err != nil || back.Kind != info.Kind || len(back.Options) != len(info.Options) {
		tb.Errorf("the description reads back as %+v, %v", back, err)
	}
	for _, o := range info.Options {
		if !strings.HasSuffix(o.Help, ".") {
			tb.Errorf("option %s: the help text %q is not a sentence", o.Name, o.Help)
		}
	}
}

func optionsAreValidated(tb testing.TB, h Harness) {
	info, err := channel.Lookup(h.Kind)
	if err != nil {
		tb.Fatal(err)
	}
	good := func() map[string]any { return h.Options("https://provider.example") }
	if _, err := info.Decode(good()); err != nil {
		tb.Fatalf("valid options are refused: %v", err)
	}
	refused := func(what, field string, raw map[string]any) {
		_, err := info.Decode(raw)
		refusal, ok := errors.AsType[*rapport.Error](err)
		if !ok || refusal.Kind != rapport.Invalid || refusal.Field != field {
			tb.Errorf("%s: %v; want a refusal of the field %s", what, err, field)
		}
	}
	raw := good()
	raw["no_such_option"] = true
	refused("an unknown option", "options.no_such_option", raw)
	for _, o := range info.Options {
		raw := good()
		raw[o.Name] = struct{}{}
		refused("a senseless value of "+o.Name, "options."+o.Name, raw)
		if o.Required && !o.Generated() && o.Default == nil {
			raw := good()
			delete(raw, o.Name)
			refused("no value of the required "+o.Name, "options."+o.Name, raw)
		}
	}
	for name, value := range good() {
		lower := strings.ToLower(name)
		for _, word := range []string{"token", "secret", "password", "key"} {
			if !strings.Contains(lower, word) {
				continue
			}
			for _, o := range info.Options {
				if o.Name == name && !o.Secret {
					tb.Errorf("option %s sounds secret (its value here: %v) but is not marked so", name, value)
				}
			}
		}
	}
}

func isWhatItSays(tb testing.TB, h Harness) {
	s := Open(tb, h)
	_, handles := s.Adapter.(http.Handler)
	_, sends := s.Adapter.(channel.Sender)
	_, types := s.Adapter.(channel.Typer)
	caps := s.Info.Caps
	demand := func(ok bool, says string) {
		if !ok {
			tb.Error(says)
		}
	}
	demand(sends != caps.Pulls, "either customers pull (Caps.Pulls) or the adapter is a Sender")
	demand(!caps.Pulls || handles, "customers pull (Caps.Pulls), but the adapter is no http.Handler")
	demand(types == (caps.Types && !caps.Pulls), "the adapter is a Typer if and only if it says Caps.Types and nobody pulls")
	demand(!caps.Receives || h.Inbound != nil, "Caps.Receives is claimed, but the harness has no Inbound")
	demand(!caps.Receives || len(h.Forge) > 0, "Caps.Receives is claimed, but the harness has no Forge")
	demand(caps.Delivered == (h.Deliver != nil), "Caps.Delivered and the harness's Deliver go together")
	demand(caps.Seen == (h.See != nil), "Caps.Seen and the harness's See go together")
	demand(caps.Typing == (h.Type != nil), "Caps.Typing and the harness's Type go together")
	demand((caps.Types && caps.Pulls) == (h.SeesTyping != nil), "Caps.Types of a channel that pulls and the harness's SeesTyping go together")
	for _, class := range []channel.Class{channel.ClassTemporary, channel.ClassPermanent, channel.ClassUnauthorized} {
		demand(!sends || h.Answers[class] != nil, "the harness has no answer of the provider for the class "+string(class))
	}
}

func inboundArrives(tb testing.TB, h Harness) {
	if h.Inbound == nil {
		return
	}
	s := Open(tb, h)
	before := time.Now()
	if status, body := s.Do(h.Inbound(s, "m1", hello)); status/100 != 2 {
		tb.Fatalf("a genuine message is answered with %d %s", status, body)
	}
	got := s.Host.Inbound()
	if len(got) != 1 {
		tb.Fatalf("%d messages were received; want 1", len(got))
	}
	m := got[0]
	if m.Body != hello {
		tb.Errorf("the text became %q; want %q", m.Body, hello)
	}
	if m.ExternalID == "" {
		tb.Error("the message has no external id, so a repeat would be stored twice")
	}
	if len(m.Points) == 0 || m.Points[0].Kind == "" || m.Points[0].Address == "" {
		tb.Errorf("the message has no address to reply to: %+v", m.Points)
	}
	if !m.At.IsZero() && (m.At.Before(before.Add(-time.Hour)) || m.At.After(time.Now().Add(time.Hour))) {
		tb.Errorf("the message is dated %s", m.At)
	}
}

func inboundIsIdempotent(tb testing.TB, h Harness) {
	if h.Inbound == nil {
		return
	}
	s := Open(tb, h)
	requests := []*http.Request{}
	for range 5 {
		requests = append(requests, h.Inbound(s, "m1", hello))
	}
	requests = append(requests, h.Inbound(s, "m2", hello))
	var running sync.WaitGroup
	statuses := make([]int, len(requests))
	for i, r := range requests {
		running.Go(func() { statuses[i], _ = s.Do(r) })
	}
	running.Wait()
	for _, status := range statuses {
		if status/100 != 2 {
			tb.Errorf("a repeat is answered with %d; want what the first got", status)
		}
	}
	if n := len(s.Host.Messages()); n != 2 {
		tb.Errorf("five times one message and another one are %d messages; want 2", n)
	}
}

func acknowledgedWhenStored(tb testing.TB, h Harness) {
	if h.Inbound == nil {
		return
	}
	s := Open(tb, h)
	s.Host.Fail(rapport.Errorf(rapport.Unavailable, "database_unavailable", "The database cannot be reached."))
	if status, _ := s.Do(h.Inbound(s, "m1", hello)); status < 500 {
		tb.Errorf("a message that could not be stored is answered with %d; want 5xx, so that it is sent again", status)
	}
	s.Host.Fail(nil)
	if status, _ := s.Do(h.Inbound(s, "m1", hello)); status/100 != 2 || len(s.Host.Messages()) != 1 {
		tb.Errorf("the second try is answered with %d and left %d messages; want 2xx and 1", status, len(s.Host.Messages()))
	}
}

func forgedAreRefused(tb testing.TB, h Harness) {
	if h.Inbound == nil {
		return
	}
	s := Open(tb, h)
	refused := func(how string, r *http.Request) {
		if status, _ := s.Do(r); status != http.StatusUnauthorized && status != http.StatusForbidden {
			tb.Errorf("%s: answered with %d; want 401 or 403", how, status)
		}
	}
	for how, forge := range h.Forge {
		r := h.Inbound(s, "m1", hello)
		forge(s, r)
		refused(how, r)

		r = h.Inbound(s, "m1", hello)
		forge(s, r)
		r.Body = io.NopCloser(strings.NewReader(`{"this is not`))
		refused(how+", with a body that nobody can parse", r)
	}
	if n := len(s.Host.Inbound()); n != 0 {
		tb.Errorf("%d forged messages were received", n)
	}
}

// endless is a body that counts what is read of it.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	if e.read > 4*inboundLimit {
		return 0, errors.New("read far too much")
	}
	for i := range p {
		p[i] = ' ' // white space: valid in front of any JSON
	}
	e.read += len(p)
	return len(p), nil
}

func (e *endless) Close() error { return nil }

func bodiesAreBounded(tb testing.TB, h Harness) {
	if h.Inbound == nil {
		return
	}
	s := Open(tb, h)
	r := h.Inbound(s, "m1", hello)
	body := &endless{}
	r.Body, r.ContentLength = body, -1
	status, _ := s.Do(r)
	if body.read > inboundLimit {
		tb.Errorf("%d bytes of an endless body were read; want at most %d", body.read, inboundLimit)
	}
	if status/100 != 4 {
		tb.Errorf("an endless body is answered with %d; want 4xx", status)
	}
}

func secretsStayInside(tb testing.TB, h Harness) {
	s := Open(tb, h)
	if h.Inbound != nil {
		s.Do(h.Inbound(s, "m1", hello))
		for _, forge := range h.Forge {
			r := h.Inbound(s, "m2", hello)
			forge(s, r)
			s.Do(r)
		}
		s.Host.Fail(errors.New("cause for the operator"))
		s.Do(h.Inbound(s, "m3", hello))
		if strings.Contains(s.said(), "cause for the operator") && !strings.Contains(s.said(), "error=") {
			tb.Error("the cause of an internal error is shown to the caller")
		}
	}
	said := s.said()
	if sender, ok := s.Adapter.(channel.Sender); ok {
		for class, answer := range h.Answers {
			s.Answer(answer)
			_, err := sender.Send(tb.Context(), outbound(h, hello))
			if err != nil {
				said += err.Error() + string(class)
			}
		}
	}
	said += s.said()
	for name, secret := range s.secrets() {
		if strings.Contains(said, secret.Reveal()) {
			tb.Errorf("the secret %s appears in an answer, an error or the log", name)
		}
	}
}

func outbound(h Harness, body string) channel.Outbound {
	to := h.To
	if to.Kind == "" {
		to = rapport.Point{Kind: rapport.PointPhone, Address: "+4930123456"}
	}
	return channel.Outbound{
		ConversationID: rapport.NewID[rapport.ConversationID](), Seq: 2, Body: body, At: time.Now(), To: to,
		Contact: rapport.Contact{ID: rapport.NewID[rapport.ContactID](), Name: "Carla Customer", Points: []rapport.Point{to}},
		Agent:   rapport.AgentRef{ID: "agent", Name: "Ana Agent"},
	}
}

func outboundIsSentOnce(tb testing.TB, h Harness) {
	s := Open(tb, h)
	sender, ok := s.Adapter.(channel.Sender)
	if !ok {
		return
	}
	receipt, err := sender.Send(tb.Context(), outbound(h, "the whole text"))
	if err != nil {
		tb.Fatalf("sending fails: %v", err)
	}
	if receipt.Delivery != rapport.Sent && receipt.Delivery != rapport.Delivered {
		tb.Errorf("the receipt says %q; want sent or delivered", receipt.Delivery)
	}
	carried := 0
	for _, r := range s.Remote() {
		if strings.Contains(r.Body, "the whole text") {
			carried++
		}
	}
	if carried != 1 {
		tb.Errorf("%d requests with the text reached the provider; want 1", carried)
	}
}

func failuresAreClassed(tb testing.TB, h Harness) {
	s := Open(tb, h)
	sender, ok := s.Adapter.(channel.Sender)
	if !ok {
		return
	}
	for class, answer := range h.Answers {
		s.Answer(answer)
		_, err := sender.Send(tb.Context(), outbound(h, hello))
		failure, classed := errors.AsType[*channel.Failure](err)
		switch {
		case err == nil:
			tb.Errorf("%s: Send reports success", class)
		case !classed:
			tb.Errorf("%s: the error %v has no class", class, err)
		case failure.Class != class:
			tb.Errorf("%s: the error %v has the class %s", class, err, failure.Class)
		case failure.Message == "":
			tb.Errorf("%s: the error says nothing to the agent", class)
		}
	}
	s.Answer(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	_, err := sender.Send(tb.Context(), outbound(h, hello))
	if f, classed := errors.AsType[*channel.Failure](err); !classed || f.Class != channel.ClassTemporary && f.Class != channel.ClassUnknown {
		tb.Errorf("a connection that breaks gives %v; want temporary or unknown", err)
	}
	gone, cancel := context.WithCancel(tb.Context())
	cancel()
	if _, err := sender.Send(gone, outbound(h, hello)); err == nil {
		tb.Error("sending with a context that has ended reports success")
	}
}

func deliveriesAreReported(tb testing.TB, h Harness) {
	for want, tell := range map[rapport.Delivery]func(*Stage, rapport.Item){rapport.Delivered: h.Deliver, rapport.Seen: h.See} {
		if tell == nil {
			continue
		}
		s := Open(tb, h)
		if status, body := s.Do(h.Inbound(s, "m1", hello)); status/100 != 2 {
			tb.Fatalf("a genuine message is answered with %d %s", status, body)
		}
		item := s.Host.Reply(s.Host.Inbound()[0].Points[0], "our answer")
		tell(s, item)
		var now rapport.Delivery
		for _, m := range s.Host.Messages() {
			if m.Seq == item.Seq {
				now = m.Delivery
			}
		}
		if now != want {
			tb.Errorf("after the customer's side said %s, our message is %s", want, now)
		}
	}
}

func typingWorks(tb testing.TB, h Harness) {
	s := Open(tb, h)
	if h.Type != nil {
		if status, body := s.Do(h.Inbound(s, "m1", hello)); status/100 != 2 {
			tb.Fatalf("a genuine message is answered with %d %s", status, body)
		}
		h.Type(s)
		typed := false
		for _, a := range s.Host.Actions() {
			typed = typed || a.Typing != nil && *a.Typing
		}
		if !typed {
			tb.Error("Caps.Typing is claimed, but the customer's typing does not arrive")
		}
	}
	if typer, ok := s.Adapter.(channel.Typer); ok {
		before := len(s.Remote())
		if err := typer.Typing(tb.Context(), outbound(h, "").To, true); err != nil {
			tb.Errorf("showing that we type fails: %v", err)
		}
		if len(s.Remote()) == before {
			tb.Error("Caps.Types is claimed, but the provider hears nothing of it")
		}
	}
	if h.SeesTyping != nil {
		agentTypes := func() { s.Host.AgentTypes(s.Host.Inbound()[0].Points[0], true) }
		if !h.SeesTyping(s, agentTypes) {
			tb.Error("Caps.Types is claimed, but the customer does not see that we type")
		}
	}
}
