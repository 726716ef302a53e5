package rapporttest_test

import (
	"testing"

	"rapport"
	"rapport/rapporttest"
	"rapport/store"
)

// A world acts through the rules: somebody gets the conversation, somebody else
// is refused, and what is left is consistent.
func TestWorld(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		w.Queue("support", "ana", "ben")
		w.Inbox("site", "support")
		got := w.Write("maria", "Where is my parcel?")
		holder := w.Holder("maria")
		if holder != "ana" && holder != "ben" {
			t.Fatalf("%q holds it, want ana or ben", holder)
		}
		other := map[string]string{"ana": "ben", "ben": "ana"}[holder]
		w.Refused("already_assigned").Claim(other, "maria")
		w.Refused("already_assigned").Reply(other, "maria", "Me too.")
		w.Reply(holder, "maria", "On its way.")
		w.Solve(holder, "maria")
		if again := w.Write("maria", "Thank you!"); again.Conversation.ID != got.Conversation.ID || again.Conversation.Why.Rung != rapport.RungHistory {
			t.Errorf("the answer to a solved conversation came to %+v, want the same one by history", again.Conversation.Why)
		}
		if n := len(w.All("maria")); n != 1 {
			t.Errorf("maria has %d conversations, want 1", n)
		}
	})
}

// Check finds what it is there to find.
func TestCheckFindsWrongLoads(t *testing.T) {
	t.Parallel()
	broken := &recorder{TB: t}
	w := rapporttest.NewWorld(broken, rapporttest.SQLite(t))
	a := w.Agent("ana")
	w.Update(func(tx *store.Tx) error { return tx.Recount(a.ID, 3) })
	w.Check()
	if !broken.failed {
		t.Error("a wrong load was not found")
	}
}

// recorder is a test that notes its errors instead of failing.
type recorder struct {
	testing.TB
	failed bool
}

func (r *recorder) Errorf(string, ...any) { r.failed = true }
