package conversation_test

import (
	"slices"
	"testing"
	"time"

	"rapport"
	"rapport/conversation"
	"rapport/rapporttest"
	"rapport/store"
)

// scheduled lets ana write a message that leaves in an hour.
func scheduled(w *rapporttest.World, in rapport.ConversationID, text string, silent bool) (o rapport.Outgoing) {
	w.T.Helper()
	actor := w.Actor("ana")
	w.Update(func(tx *store.Tx) (err error) {
		o, _, err = conversation.SendLater(tx, actor, in, conversation.Writing{Body: text, ClientID: text}, conversation.Later{At: tx.Now().Add(time.Hour), OnlySilent: silent})
		return err
	})
	return o
}

func waiting(w *rapporttest.World, in rapport.ConversationID) (list []string) {
	w.T.Helper()
	w.View(func(tx *store.Tx) error {
		all, err := tx.WaitingToLeave(in)
		for _, o := range all {
			list = append(list, o.Body)
		}
		return err
	})
	return list
}

// leaveNow sends what waits before its time.
func leaveNow(w *rapporttest.World, id rapport.OutgoingID) (item rapport.Item) {
	w.T.Helper()
	actor := w.Actor("ana")
	w.Update(func(tx *store.Tx) (err error) {
		item, err = conversation.SendNow(tx, actor, id)
		return err
	})
	return item
}

// S3-61, issue 4, 14: what waits to leave goes into the conversation that it was
// merged into, leaves from there the way it was to go, and comes back on undo.
func TestWaitingMessagesFollowAMerge(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		_, mail, current, other := two(w)
		first, second := scheduled(w, other, "first", false), scheduled(w, other, "second", true)
		own := scheduled(w, current, "own", true)
		merge(w, "ana", current, other)
		if got := waiting(w, current); !slices.Equal(got, []string{"first", "second", "own"}) {
			t.Fatalf("in the conversation wait %q", got)
		}
		if got := waiting(w, other); len(got) != 0 {
			t.Errorf("in the merged one wait %q", got)
		}
		item := leaveNow(w, first.ID)
		if item.ConversationID != current || item.InboxID != mail || item.Point == nil || item.Point.Address != "mia@example.com" {
			t.Errorf("it left as %+v", item)
		}
		unmerge(w, "ana", current, other)
		if got := waiting(w, other); !slices.Equal(got, []string{"second"}) {
			t.Errorf("after the undo wait %q", got)
		}
		if got := waiting(w, current); !slices.Equal(got, []string{"own"}) {
			t.Errorf("after the undo wait %q in the current one", got)
		}
		w.View(func(tx *store.Tx) error {
			for _, before := range []rapport.Outgoing{second, own} {
				o, err := tx.Outgoing(before.ID)
				if err != nil {
					return err
				}
				if o.ConversationID != before.ConversationID || o.Rest != before.Rest || o.ClientID != before.ClientID || o.LastSeq != before.LastSeq {
					t.Errorf("it was %+v and is %+v", before, o)
				}
			}
			return nil
		})
		// The second time round it leaves by its own job.
		merge(w, "ana", current, other)
		past := func() { // its hour has come
			w.Update(func(tx *store.Tx) error {
				o, err := tx.Outgoing(second.ID)
				if err != nil {
					return err
				}
				o.DueAt = tx.Now().Add(-time.Second)
				return tx.SaveOutgoing(&o)
			})
		}
		past()
		if err := conversation.SendWaiting(t.Context(), w.DB, second.ID); err != nil {
			t.Fatal(err)
		}
		if got := texts(w, current); !slices.Contains(got, "second") {
			t.Errorf("the thread is %q", got)
		}
	})
}

// Only a customer who was silent in both threads gets what is for silent ones.
func TestWaitingForSilenceLooksAtBothThreads(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		sms, _, current, other := two(w)
		early := scheduled(w, other, "early", true)
		pause(w)
		w.Write("+49301234567", "4 text", by(sms)) // in the current one
		pause(w)
		late := scheduled(w, other, "late", true)
		merge(w, "ana", current, other)
		wrote := func(id rapport.OutgoingID) (yes bool) {
			w.View(func(tx *store.Tx) error {
				o, err := tx.Outgoing(id)
				if err != nil {
					return err
				}
				yes, err = tx.WroteSince(o.ConversationID, o.LastSeq)
				return err
			})
			return yes
		}
		if !wrote(early.ID) || wrote(late.ID) {
			t.Errorf("after the merge: early %v, late %v", wrote(early.ID), wrote(late.ID))
		}
		w.Write("+49301234567", "6 text", by(sms))
		if !wrote(late.ID) {
			t.Error("what the customer writes to the merged one is not seen")
		}
	})
}
