package store_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"rapport"
	"rapport/rapporttest/pg"
	"rapport/store"
)

const (
	manyConversations = 1_000_000
	manyActive        = 100_000 // of them: 30 % open, 50 % pending, 20 % snoozed
	manyQueues        = 40
)

// million fills a database: the first manyActive conversations are worked on,
// the rest are closed. One in a hundred has the tag vip, one in ten thousand rare.
func million(b *testing.B, db *store.DB) {
	b.Helper()
	must := func(fn func(*store.Tx) error) {
		if err := db.Update(b.Context(), fn); err != nil {
			b.Fatal(err)
		}
	}
	must(func(tx *store.Tx) error {
		for i := range manyQueues {
			if err := tx.SaveQueue(rapport.Queue{ID: rapport.QueueID(fmt.Sprintf("q%d", i)), Name: fmt.Sprintf("Queue %d", (i*7)%manyQueues), Default: i == 0, Strategy: rapport.RoundRobin, Version: 1, CreatedAt: tx.Now()}); err != nil {
				return err
			}
			if err := tx.SaveInbox(rapport.Inbox{ID: rapport.InboxID(fmt.Sprintf("i%d", i)), Channel: []string{"web", "api"}[i%2], Name: "Inbox", Enabled: true, CreatedAt: tx.Now()}, nil); err != nil {
				return err
			}
		}
		return nil
	})
	const between = " with recursive n(i) as (select cast($1 as bigint) union all select i + 1 from n where i < cast($2 as bigint)) select "
	text := func(n string) string { return "cast(" + n + " as text)" }
	active := fmt.Sprintf("i < %d", manyActive)
	const step = 20_000
	for first := 0; first < manyConversations; first += step {
		must(func(tx *store.Tx) error {
			if err := tx.Do("insert into contact (id, name, known, created_at)"+between+"'k' || "+text("i")+", '', 1, cast(0 as bigint) from n", first, first+step-1); err != nil {
				return err
			}
			standing := "case when " + active + " then case when i % 10 < 3 then 1 when i % 10 < 8 then 2 else 3 end else 5 end"
			err := tx.Do("insert into conversation (id, contact_id, inbox_id, queue_id, assignee_id, state, priority, last_text, last_by, last_at, awaits_since, opened_at, closed_at, wait_queue, wait_since, snoozed_until, standing, sort_at, sort_name)"+between+
				"'c' || "+text("i")+", 'k' || "+text("i")+", 'i' || "+text(fmt.Sprintf("i * 13 %% %d", manyQueues))+", 'q' || "+text(fmt.Sprintf("i * 7 %% %d", manyQueues))+
				", case when i % 10 = 0 then '' else 'a' || "+text("i % 500")+" end, case when "+active+" then case when i % 10 < 3 then 'open' else 'pending' end else 'closed' end, "+
				"case when i % 50 = 0 then 4 else 2 end, 'Hello', 'customer', i * 1000, case when i % 10 = 1 and "+active+" then i * 1000 else 0 end, i * 1000, case when "+active+" then 0 else i * 1000 end, "+
				"case when i % 10 = 0 and "+active+" then 'q' || "+text(fmt.Sprintf("i * 7 %% %d", manyQueues))+" else '' end, case when i % 10 = 0 and "+active+" then i * 1000 else 0 end, "+
				"case when i % 10 >= 8 and "+active+" then 1 else 0 end, "+standing+", i * 1000, 'customer ' || "+text(fmt.Sprintf("i * 7919 %% %d", manyConversations))+" from n", first, first+step-1)
			if err != nil {
				return err
			}
			for tag, one := range map[string]int{"vip": 100, "rare": 10_000} {
				if err := tx.Do("insert into conversation_tag (tag, conversation_id)"+between+"'"+tag+"', 'c' || "+text("i")+fmt.Sprintf(" from n where i %% %d = 3", one), first, first+step-1); err != nil {
					return err
				}
			}
			return nil
		})
	}
	must(func(tx *store.Tx) error { return tx.EndInvention() })
}

// BenchmarkLists reads first and later pages of every list at a million
// conversations:
//
//	go test ./store -run '^$' -bench Lists -benchtime 50x
func BenchmarkLists(b *testing.B) {
	store.RealSteps()
	for name, url := range map[string]func() string{
		"sqlite": func() string { return filepath.Join(b.TempDir(), "rapport.db") }, "postgres": func() string { return pg.URL(b) },
	} {
		db, err := store.Open(b.Context(), store.Config{URL: url()})
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { db.Close() })
		if err := db.Migrate(b.Context()); err != nil {
			b.Fatal(err)
		}
		million(b, db)
		sue := rapport.Actor{Kind: rapport.ActorAgent, AgentID: "a1", Role: rapport.RoleSupervisor}
		ana := rapport.Actor{Kind: rapport.ActorAgent, AgentID: "a1", Role: rapport.RoleAgent, Queues: map[rapport.QueueID]bool{"q0": true, "q3": true, "q5": true, "q9": true}}
		measure := func(what string, fn func(*store.Tx) error) {
			b.Run(name+"/"+what, func(b *testing.B) {
				var took []time.Duration
				for b.Loop() {
					start := time.Now()
					if err := db.View(context.Background(), fn); err != nil {
						b.Fatal(err)
					}
					took = append(took, time.Since(start))
				}
				slices.Sort(took)
				b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
				b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
				b.ReportMetric(0, "ns/op")
			})
		}
		for who, actor := range map[string]rapport.Actor{"supervisor": sue, "agent": ana} {
			for _, view := range []rapport.ListView{rapport.ViewMine, rapport.ViewUnassigned, rapport.ViewAll, rapport.ViewHistory} {
				for _, sort := range view.Sorts() {
					q := store.ListQuery{Listing: rapport.Listing{View: view, Sort: sort}, Actor: actor, Limit: 50}
					measure(fmt.Sprintf("%s/%s by %s", who, view, sort), func(tx *store.Tx) error {
						p, err := tx.List(q)
						if err == nil && p.Next != nil {
							later := q
							later.After = p.Next
							_, err = tx.List(later)
						}
						return err
					})
				}
			}
			for what, f := range map[string]rapport.ListFilter{
				"common tag": {Tags: []string{"vip"}}, "rare tag": {Tags: []string{"rare"}}, "channel": {Channels: []string{"api"}}, "urgent": {Priorities: []rapport.Priority{rapport.Urgent}},
				"assignee": {Assignees: []rapport.AgentID{"a7"}}, "waits": {WaitsMinutes: 60}, "queue and tag": {Queues: []rapport.QueueID{"q3"}, Tags: []string{"vip"}},
			} {
				q := store.ListQuery{Listing: rapport.Listing{View: rapport.ViewAny, Filter: f, Sort: rapport.SortLatest}, Actor: actor, Limit: 50}
				measure(who+"/filter "+what, func(tx *store.Tx) error { _, err := tx.List(q); return err })
			}
			measure(who+"/counts", func(tx *store.Tx) error { _, err := tx.Counts(actor); return err })
		}
	}
}
