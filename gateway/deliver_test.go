package gateway_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport"
	"rapport/channel"
	"rapport/conversation"
	"rapport/gateway"
	"rapport/job"
	"rapport/lib/secretbox"
	"rapport/rapporttest"
	"rapport/store"
)

const waiting = 20 * time.Second

// provider is the other end of a sandbox inbox.
type provider struct {
	answers chan int    // statuses to answer with, in order; 200 when none is left
	texts   chan string // of messages that it took
}

// sandbox makes an inbox with replies that have to be sent, and its provider.
func (s *scene) sandbox(t *testing.T) (rapport.Inbox, *provider) {
	t.Helper()
	p := &provider{make(chan int, 10), make(chan string, 100)}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		status := http.StatusOK
		select {
		case status = <-p.answers:
		default:
		}
		w.WriteHeader(status)
		var m struct{ Text string }
		if status == http.StatusOK && json.Unmarshal(body, &m) == nil {
			p.texts <- m.Text
		}
	}))
	t.Cleanup(server.Close)
	i := rapport.Inbox{ID: rapport.NewID[rapport.InboxID](), Channel: "sandbox", Name: "Sandbox", QueueID: s.Queue("support", "ana").ID, Enabled: true, Options: map[string]any{"remote": server.URL}}
	s.save(i, map[string]secretbox.Secret{"secret": "sbx_shared"})
	s.window("support") // loaded after it
	s.Write("+4930123456", "Hello", func(in *conversation.Inbound) { in.InboxID = i.ID })
	return i, p
}

// work runs the jobs until the test has seen what it waits for.
func (s *scene) work(t *testing.T) {
	t.Helper()
	runner := job.NewRunner(s.DB, rapporttest.Log(t))
	s.Jobs(runner)
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan error, 1)
	go func() { done <- runner.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// settled waits until the agent's messages have left the queue. Each change of
// a delivery is an event, so the log says when to look.
func (s *scene) settled(t *testing.T) []rapport.Item {
	t.Helper()
	tail := s.DB.Follow(0)
	defer tail.Close()
	ctx, cancel := context.WithTimeout(t.Context(), waiting)
	defer cancel()
	for {
		if _, err := tail.Next(ctx); err != nil {
			t.Fatalf("waiting for deliveries: %v", err)
		}
		var ours []rapport.Item
		for _, i := range s.Items("+4930123456") {
			if i.Kind == rapport.ItemMessage && i.By == rapport.ByAgent {
				ours = append(ours, i)
			}
		}
		if len(ours) > 0 && !slices.ContainsFunc(ours, func(i rapport.Item) bool { return i.Delivery == rapport.Queued }) {
			return ours
		}
	}
}

// A reply leaves through its channel, later when that has trouble, in order.
func TestDeliver(t *testing.T) {
	scenes(t, func(t *testing.T, s *scene) {
		_, p := s.sandbox(t)
		p.answers <- http.StatusBadGateway
		s.Reply("ana", "+4930123456", "one")
		s.Reply("ana", "+4930123456", "two")
		s.Update(func(tx *store.Tx) error { // the second waits for its turn, not for an attempt
			jobs, err := tx.LeaseJobs(job.Usual, 10, 0)
			if jobs = slices.DeleteFunc(jobs, func(j store.Job) bool { return j.Kind != conversation.Deliver }); len(jobs) != 1 {
				t.Errorf("%d replies of a conversation are due at once, want the first", len(jobs))
			}
			return err
		})
		s.work(t)
		for _, i := range s.settled(t) {
			if i.Delivery != rapport.Sent {
				t.Errorf("%q is %s (%s); want sent", i.Body, i.Delivery, i.Error)
			}
		}
		if a, b := wait(t, p.texts), wait(t, p.texts); a != "one" || b != "two" || len(p.texts) != 0 {
			t.Errorf("the provider took %q, then %q, and %d more; want one, two", a, b, len(p.texts))
		}
	})
}

// What will never go says why in the thread, and does not hold up the next.
func TestDeliverFails(t *testing.T) {
	scenes(t, func(t *testing.T, s *scene) {
		inbox, p := s.sandbox(t)
		s.work(t)
		for _, test := range []struct {
			name, text, says string
			prepare          func()
		}{
			{"refused", "one", "does not take this message", func() { p.answers <- http.StatusBadRequest }},
			{"too long", strings.Repeat("x", 1001), "1001 characters", func() {}},
			{"inbox is gone", "three", "switched off", func() {
				quietly := func(enabled bool) { // unknown to the gateway, for want of an event
					inbox.Enabled = enabled
					s.Update(func(tx *store.Tx) error { return tx.SaveInbox(inbox, nil) })
				}
				quietly(false)
				s.window("support") // the one event after which all are loaded
				quietly(true)
			}},
		} {
			test.prepare()
			s.Reply("ana", "+4930123456", test.text)
			ours := s.settled(t)
			if last := ours[len(ours)-1]; last.Delivery != rapport.Failed || !strings.Contains(last.Error, test.says) {
				t.Errorf("%s: %s %q; want failed, saying %q", test.name, last.Delivery, last.Error, test.says)
			}
		}
		if len(p.texts) != 0 {
			t.Error("the provider took a message that failed")
		}
	})
}

// Errors that help to be tried again come back to the runner, with the wait
// that the provider asked for; a job that comes twice sends once.
func TestDeliverAgain(t *testing.T) {
	scenes(t, func(t *testing.T, s *scene) {
		_, p := s.sandbox(t)
		item := s.Reply("ana", "+4930123456", "one")
		tried := make(chan error, 10)
		run := func(do func(*gateway.Gateway, context.Context, job.Task) error) error {
			runner := job.NewRunner(s.DB, rapporttest.Log(t))
			runner.Handle("probe", func(ctx context.Context, t job.Task) error {
				tried <- do(s.Gateway, ctx, t)
				return nil
			})
			ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
			done := make(chan error, 1)
			go func() { done <- runner.Run(ctx) }()
			defer func() {
				cancel()
				<-done
			}()
			s.Update(func(tx *store.Tx) error {
				return job.Enqueue(tx, job.Job{Kind: "probe", Args: conversation.Delivery{ConversationID: item.ConversationID, Seq: item.Seq}})
			})
			return wait(t, tried)
		}
		p.answers <- http.StatusTooManyRequests
		if later, ok := run(gateway.Deliver).(*job.Later); !ok || later.After.Seconds() != 1 {
			t.Errorf("asked to come back later: %v", later)
		}
		p.answers <- http.StatusUnauthorized
		if later, ok := run(gateway.Deliver).(*job.Later); !ok || later.After.Minutes() < 1 || channel.FailureOf(later).Class != channel.ClassUnauthorized {
			t.Errorf("refused: %v; want a long wait", later)
		}
		for range 2 {
			if err := run(gateway.Deliver); err != nil {
				t.Errorf("sending: %v", err)
			}
		}
		if wait(t, p.texts); len(p.texts) != 0 {
			t.Error("the message was sent twice")
		}
		if sent := s.settled(t)[0]; sent.Delivery != rapport.Sent {
			t.Errorf("after a job that came twice the message is %s", sent.Delivery)
		}
		item = s.Reply("ana", "+4930123456", "two")
		if err := run(gateway.GaveUp); err != nil {
			t.Fatal(err)
		}
		ours := s.settled(t)
		if last := ours[len(ours)-1]; last.Delivery != rapport.Failed || last.Error == "" {
			t.Errorf("after giving up: %s %q; want failed with a reason", last.Delivery, last.Error)
		}
		item.Seq = 1000
		if err := run(gateway.GaveUp); err != nil {
			t.Errorf("giving up a message that is not there: %v", err)
		}

		// A program that is stopping leaves the reply to its next start.
		item = s.Reply("ana", "+4930123456", "three")
		s.stop()
		if err := run(gateway.Deliver); err == nil || channel.FailureOf(err).Class != channel.ClassTemporary {
			t.Errorf("while stopping: %v; want an error that passes", err)
		}
		items := s.Items("+4930123456")
		if last := items[len(items)-1]; last.Delivery != rapport.Queued {
			t.Errorf("while stopping the reply became %s", last.Delivery)
		}
	})
}
