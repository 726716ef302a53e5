package conversation_test

import (
	"sync/atomic"
	"testing"
	"time"

	"rapport"
	"rapport/conversation"
	"rapport/rapporttest"
	"rapport/store"
)

// hand is a world whose time passes by hand.
type hand struct {
	*rapporttest.World
	t   *testing.T
	now *atomic.Int64
}

// byHand runs a test on both databases.
func byHand(t *testing.T, run func(*hand)) {
	t.Helper()
	t.Parallel()
	for name, url := range rapporttest.Addresses {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := &atomic.Int64{}
			now.Store(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC).UnixMilli())
			db, err := store.Open(t.Context(), store.Config{URL: url(t), Log: rapporttest.Log(t), Now: func() time.Time { return time.UnixMilli(now.Load()).UTC() }})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { db.Close() })
			if err := db.Migrate(t.Context()); err != nil {
				t.Fatal(err)
			}
			run(&hand{rapporttest.NewWorld(t, db), t, now})
		})
	}
}

func (h *hand) at() time.Time { return time.UnixMilli(h.now.Load()).UTC() }

// pass lets time pass, second by second, with all that happens by itself. Desks
// stay connected.
func (h *hand) pass(d time.Duration, watching ...rapport.OutgoingID) {
	h.t.Helper()
	for range int(d / time.Second) {
		h.now.Add(1000)
		for _, id := range watching {
			if err := conversation.SendWaiting(h.t.Context(), h.DB, id); err != nil {
				h.t.Fatal(err)
			}
		}
		if err := conversation.FireDue(h.t.Context(), h.DB); err != nil {
			h.t.Fatal(err)
		}
	}
}

// told is what an agent was told of a kind, the latest first.
func (h *hand) told(name string, kind rapport.NotificationKind) (list []rapport.Notification) {
	h.t.Helper()
	h.View(func(tx *store.Tx) error {
		all, err := tx.Notifications(h.Agent(name).ID, 100)
		for _, n := range all {
			if n.Kind == kind {
				list = append(list, n)
			}
		}
		return err
	})
	return list
}

// bodies are the messages that our side wrote.
func (h *hand) bodies(customer string) (list []string) {
	h.t.Helper()
	for _, it := range h.Items(customer) {
		if it.Kind == rapport.ItemMessage && it.By == rapport.ByAgent {
			list = append(list, it.Body)
		}
	}
	return list
}

func (h *hand) later(agent, customer, text string, l conversation.Later, more ...func(*conversation.Writing)) (o rapport.Outgoing) {
	h.t.Helper()
	actor, id := h.Actor(agent), h.Of(customer).ID
	w := conversation.Writing{Body: text}
	for _, f := range more {
		f(&w)
	}
	h.Update(func(tx *store.Tx) (err error) {
		o, _, err = conversation.SendLater(tx, actor, id, w, l)
		return err
	})
	return o
}
