package app

import (
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"rapport"
	"rapport/store"
)

// Agents whom nobody could hear, because the program or the database stood still, are not
// taken for gone before they had the time to be heard again.
func TestABreakIsNotTheAgentsAbsence(t *testing.T) {
	t.Parallel()
	clock := time.Now()
	db, err := store.Open(t.Context(), store.Config{URL: filepath.Join(t.TempDir(), "rapport.db"), Now: func() time.Time { return clock }})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	const ana = rapport.AgentID("ana")
	update := func(fn func(*store.Tx) error) {
		t.Helper()
		if err := db.Update(t.Context(), fn); err != nil {
			t.Fatal(err)
		}
	}
	update(Prepare)
	update(func(tx *store.Tx) error {
		if err := tx.InsertAgent(rapport.Agent{ID: ana, Name: "Ana", Email: "ana@example.com", Role: rapport.RoleAgent, Enabled: true, CreatedAt: tx.Now()}); err != nil {
			return err
		}
		return tx.SetConnected(ana, true)
	})
	heard := func() { update(func(tx *store.Tx) error { return tx.AgentsSeen([]rapport.AgentID{ana}) }) }
	a := &App{db: db, log: slog.New(slog.DiscardHandler), config: Config{Presence: time.Minute}}
	// look looks after agents for a while, and tells how Ana counts then.
	look := func(d time.Duration) (connected bool) {
		t.Helper()
		for end := clock.Add(d); clock.Before(end); {
			clock = clock.Add(5 * time.Second)
			if err := a.sweepPresence(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		err := db.View(t.Context(), func(tx *store.Tx) error {
			agent, err := tx.Agent(ana)
			connected = agent.Connected
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return connected
	}
	a.attention.paid(clock, nil)
	for range 10 { // she is here
		heard()
		if !look(15 * time.Second) {
			t.Fatal("she is gone though she was heard")
		}
	}
	for _, pause := range []time.Duration{5 * time.Minute, -time.Hour} { // or the clock is set back
		clock = clock.Add(pause)
		if !look(15 * time.Second) {
			t.Errorf("after a pause of %v she is gone before she could be heard", pause)
		}
		heard()
		if !look(55 * time.Second) {
			t.Errorf("after a pause of %v she is gone though she was heard", pause)
		}
	}
	heard()
	if look(75 * time.Second) {
		t.Error("she is here though nobody heard her")
	}
}

func TestALookThatFailsIsABreak(t *testing.T) {
	t.Parallel()
	now := time.Now()
	var a attention
	if a.span(now) != 0 {
		t.Error("there was attention before the first look")
	}
	a.paid(now, nil)
	now = now.Add(5 * time.Second)
	if got := a.span(now); got != 5*time.Second {
		t.Errorf("after five seconds it is %v", got)
	}
	a.paid(now, rapport.Errorf(rapport.Unavailable, "away", "It is away."))
	if got := a.span(now); got != 0 {
		t.Errorf("after a failure it is %v", got)
	}
	a.paid(now, nil)
	if got := a.span(now.Add(time.Second)); got != time.Second {
		t.Errorf("a second later it is %v", got)
	}
}
