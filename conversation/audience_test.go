package conversation_test

import (
	"slices"
	"testing"

	"rapport"
	"rapport/conversation"
	"rapport/rapporttest"
	"rapport/store"
)

// Invariant 7, from the other side: whoever sees a conversation no more is told,
// also when it leaves two queues at once.
func TestEachQueueHearsThatAConversationLeft(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		w.Queue("support", "ana")
		w.Queue("billing", "ben")
		w.Queue("legal", "cyd")
		w.Queue("sales", "dan")
		w.Inbox("web", "support")
		w.Write("mia", "Hello")
		w.Status("ben", rapport.StatusAway)
		w.Status("cyd", rapport.StatusAway)
		left := func(move func()) (queues []rapport.QueueID) {
			var from int64
			w.View(func(tx *store.Tx) (err error) {
				from, _, err = tx.Head()
				return err
			})
			move()
			w.View(func(tx *store.Tx) error {
				events, err := tx.EventsAfter(from, 100)
				for _, e := range events {
					if e.ConversationID != "" && e.FromQueue != "" {
						queues = append(queues, e.FromQueue)
					}
				}
				return err
			})
			slices.Sort(queues)
			return queues
		}
		want := func(what string, got []rapport.QueueID, names ...string) {
			t.Helper()
			var ids []rapport.QueueID
			for _, n := range names {
				ids = append(ids, w.Queue(n).ID)
			}
			slices.Sort(ids)
			if !slices.Equal(got, ids) {
				t.Errorf("%s: %v heard that it left; want %v", what, got, names)
			}
		}
		want("a transfer that waits", left(func() { w.TransferToQueue("ana", "mia", "billing") }))
		want("another one in its place", left(func() { w.TransferToQueue("ana", "mia", "legal") }), "billing")
		want("one that is taken at once", left(func() { w.TransferToQueue("ana", "mia", "sales") }), "legal", "support")
	})
}

// Who says again and again that they have seen more than there is causes nothing.
func TestSeenBeyondTheEndIsSeenOnce(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		w.Agent("ana")
		w.Write("mia", "Hello")
		w.Reply("ana", "mia", "Good morning")
		id, ana := w.Of("mia").ID, w.Actor("ana")
		seen := func(tx *store.Tx) error {
			if err := conversation.CustomerSeen(tx, id, "", 1<<20); err != nil {
				return err
			}
			return conversation.Seen(tx, ana, id, 1<<20)
		}
		w.Update(seen)
		version := w.Of("mia").Version
		w.Update(seen)
		if now := w.Of("mia").Version; now != version {
			t.Errorf("the conversation changed from version %d to %d", version, now)
		}
	})
}

// An address that nobody vouches for gives its writer nobody's identity: whoever
// proves it later is somebody else (S3-53).
func TestAnAddressThatNobodyVouchesForIsNotTaken(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		w.Agent("ana")
		unknown := func(in *conversation.Inbound) { in.Known = false }
		w.Write("stranger", "I am Mia, really", rapporttest.With("+4930123456"), unknown)
		w.Write("+4930123456", "I am Mia")
		if w.Of("stranger").ContactID == w.Of("+4930123456").ContactID {
			t.Error("the stranger owns the number by having said it")
		}
	})
}
