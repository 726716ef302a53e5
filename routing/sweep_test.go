package routing_test

import (
	"testing"
	"time"

	"rapport"
	"rapport/rapporttest"
	"rapport/routing"
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
		quiet(t, w, "mia")
		w.Agent("ben")
		if err := routing.Sweep(t.Context(), w.DB); err != nil {
			t.Fatal(err)
		}
		if got := w.Holder("mia"); got != "ben" {
			t.Errorf("ben is free, but it is with %q", got)
		}
	})
}

// quiet sweeps three times and expects that nothing is written.
func quiet(t *testing.T, w *rapporttest.World, customer string) {
	t.Helper()
	events, decisions := w.Head(), len(w.Decisions(customer))
	for range 3 {
		if err := routing.Sweep(t.Context(), w.DB); err != nil {
			t.Fatal(err)
		}
	}
	if now := w.Head(); now != events {
		t.Errorf("the sweeps wrote %d events", now-events)
	}
	if now := len(w.Decisions(customer)); now != decisions {
		t.Errorf("the sweeps wrote %d decisions", now-decisions)
	}
}

// When a queue closes, whoever waits there goes to the queue for that time as they
// would be served anywhere: the most urgent first, then the one who has waited longest.
// Who stays is looked at with every sweep, and nothing is written.
func TestClosingQueueIsHandedOnByPriority(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		w.Queue("support", "ana")
		w.Queue("night", "nia")
		w.Agent("nia", rapporttest.Capacity(1))
		w.Inbox("site", "support")
		w.Status("ana", rapport.StatusAway)
		w.Write("tom", "It can wait", rapporttest.At(rapport.Low))
		w.Write("mia", "It burns", rapporttest.At(rapport.Urgent))
		w.Write("zoe", "It burns here, too", rapporttest.At(rapport.Urgent))
		night := w.Queue("night").ID
		w.SaveQueue("support", func(q *rapport.Queue) { // open for a minute at the other end of the week
			day := int(time.Now().UTC().AddDate(0, 0, 3).Weekday())
			q.Hours = &rapport.Hours{Zone: "UTC", Blocks: []rapport.Block{{Day: day, From: "12:00", To: "12:01"}}, FallbackQueue: night}
		})
		if err := routing.Sweep(t.Context(), w.DB); err != nil {
			t.Fatal(err)
		}
		if tom, mia, zoe := w.Holder("tom"), w.Holder("mia"), w.Holder("zoe"); tom != "" || mia != "nia" || zoe != "" {
			t.Errorf("tom has %q, mia %q, zoe %q; only mia should have nia", tom, mia, zoe)
		}
		quiet(t, w, "tom")
		quiet(t, w, "zoe")
	})
}
