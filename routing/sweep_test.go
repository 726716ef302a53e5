package routing_test

import (
	"testing"

	"rapport/rapporttest"
	"rapport/routing"
	"rapport/store"
)

// Who waits although somebody is ready, since that somebody gave it away, is
// looked at with every sweep; where nothing comes of it, nothing is written.
func TestSweepThatChangesNothingLeavesNoTrace(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		w.Agent("ana")
		w.Write("mia", "Hello")
		w.Release("ana", "mia")
		if s := w.Of("mia"); s.Waiting == nil {
			t.Fatalf("it does not wait, it is with %q", s.AssigneeName)
		}
		head := func() (last int64) {
			w.View(func(tx *store.Tx) (err error) {
				last, _, err = tx.Head()
				return err
			})
			return last
		}
		events, decisions := head(), len(w.Decisions("mia"))
		for range 3 {
			if err := routing.Sweep(t.Context(), w.DB); err != nil {
				t.Fatal(err)
			}
		}
		if now := head(); now != events {
			t.Errorf("the sweeps wrote %d events", now-events)
		}
		if now := len(w.Decisions("mia")); now != decisions {
			t.Errorf("the sweeps wrote %d decisions", now-decisions)
		}
		w.Agent("ben")
		if err := routing.Sweep(t.Context(), w.DB); err != nil {
			t.Fatal(err)
		}
		if got := w.Holder("mia"); got != "ben" {
			t.Errorf("ben is free, but it is with %q", got)
		}
	})
}
