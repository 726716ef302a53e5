package bench

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"rapport"
	"rapport/routing"
	"rapport/store"
)

// BenchmarkDecide walks down the whole ladder: a bond that has expired, then the
// turn of four ready members.
func BenchmarkDecide(b *testing.B) {
	now := time.Now()
	snapshot := routing.Snapshot{Policy: "s1.q1", Sticky: rapport.DefaultSticky(), Queue: rapport.QueueRef{ID: queueID(1), Name: "Sales"}, Strategy: rapport.RoundRobin}
	for n := range 4 {
		p := routing.Person{ID: agentID(n), Name: fmt.Sprintf("Agent %d", n), Queue: queueID(1), Status: rapport.StatusAvailable, Load: n % 3, Room: 5, Last: int64(n)}
		snapshot.Line = append(snapshot.Line, p)
	}
	snapshot.Ties = []routing.Tie{{Rung: rapport.RungHistory, Person: snapshot.Line[3], At: now.Add(-30 * 24 * time.Hour), Replies: 2}}
	request := routing.Request{ConversationID: "c", Trigger: "message", At: now}
	for b.Loop() {
		if d := routing.Decide(request, snapshot); d.AgentID != agentID(0) {
			b.Fatalf("went to %q", d.AgentID)
		}
	}
}

// BenchmarkUpdate is the bare group commit: 64 callers who append an event each.
func BenchmarkUpdate(b *testing.B) {
	db, err := store.Open(b.Context(), store.Config{URL: filepath.Join(b.TempDir(), "rapport.db")})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	if err := db.Migrate(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.SetParallelism(32)
	b.ResetTimer()
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			err := db.Update(b.Context(), func(tx *store.Tx) error {
				return tx.Append(rapport.Event{Kind: "settings.changed"}, rapport.Change{})
			})
			if err != nil {
				b.Error(err)
			}
		}
	})
	stats := db.Stats()
	b.ReportMetric(float64(stats.Updates)/float64(stats.Batches), "updates/commit")
}
