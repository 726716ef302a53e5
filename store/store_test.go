package store_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"rapport"
	"rapport/rapporttest/pg"
	"rapport/store"
)

func TestMain(m *testing.M) {
	// The test server of PostgreSQL lives as long as the process.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("rapport/rapporttest/pg.(*Server).start.func1"))
}

// databases runs a test on a fresh database of each kind.
func databases(t *testing.T, test func(t *testing.T, db *store.DB)) {
	t.Parallel()
	urls := map[string]func(*testing.T) string{
		"sqlite":   func(t *testing.T) string { return filepath.Join(t.TempDir(), "rapport.db") },
		"postgres": func(t *testing.T) string { return pg.URL(t) },
	}
	for name, url := range urls {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t, url(t)))
		})
	}
}

func open(t *testing.T, url string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), store.Config{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return db
}

func append1(tx *store.Tx, kind string) error {
	return tx.Append(rapport.Event{Kind: kind}, rapport.Change{})
}

// A function that fails leaves nothing behind and does not touch those that
// share its commit.
func TestAFailingUpdateLeavesItsNeighboursAlone(t *testing.T) {
	databases(t, func(t *testing.T, db *store.DB) {
		const n = 200
		boom := errors.New("boom")
		var wg sync.WaitGroup
		held := make(chan struct{})
		wg.Go(func() { // holds the writer until all others wait, so that they share commits
			err := db.Later(t.Context(), func(tx *store.Tx) error {
				tx.LongBatch(time.Minute)
				close(held)
				for db.Queued() < n {
					runtime.Gosched()
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
		<-held
		for i := range n {
			wg.Go(func() {
				err := db.Update(t.Context(), func(tx *store.Tx) error {
					if err := tx.InsertContact(rapport.Contact{ID: rapport.ContactID(fmt.Sprintf("c%03d", i)), CreatedAt: tx.Now()}); err != nil {
						return err
					}
					if err := append1(tx, fmt.Sprintf("contact %d", i)); err != nil {
						return err
					}
					switch i % 4 {
					case 1:
						return boom
					case 2:
						panic("in a transaction")
					case 3: // the same id again: the database refuses
						return tx.InsertContact(rapport.Contact{ID: rapport.ContactID(fmt.Sprintf("c%03d", i)), CreatedAt: tx.Now()})
					}
					return nil
				})
				switch i % 4 {
				case 0:
					if err != nil {
						t.Errorf("update %d: %v", i, err)
					}
				case 1:
					if !errors.Is(err, boom) {
						t.Errorf("update %d answered %v, want its own error", i, err)
					}
				case 2:
					if err == nil {
						t.Errorf("update %d panicked and was reported as done", i)
					}
				case 3:
					if rapport.CodeOf(err) != "duplicate" {
						t.Errorf("update %d answered %v, want a duplicate", i, err)
					}
				}
			})
		}
		wg.Wait()
		err := db.View(t.Context(), func(tx *store.Tx) error {
			for i := range n {
				_, err := tx.Contact(rapport.ContactID(fmt.Sprintf("c%03d", i)))
				if there := err == nil; there != (i%4 == 0) {
					t.Errorf("contact %d there: %v (%v)", i, there, err)
				}
			}
			events, err := tx.EventsAfter(0, 1000)
			if err != nil {
				return err
			}
			if len(events) != n/4 {
				t.Errorf("%d events, want %d", len(events), n/4)
			}
			for i, e := range events {
				if e.Seq != int64(i+1) {
					t.Fatalf("event %d has the number %d: the log has a gap", i, e.Seq)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if s := db.Stats(); s.Batches >= s.Updates {
			t.Errorf("%d updates took %d commits: nothing was grouped", s.Updates, s.Batches)
		}
	})
}

// The tail gives every event once and in order, also to a reader that starts
// late or falls behind.
func TestATailMissesNothing(t *testing.T) {
	databases(t, func(t *testing.T, db *store.DB) {
		const n = 3000
		var wg sync.WaitGroup
		early := db.Follow(0)
		defer early.Close()
		for w := range 8 {
			wg.Go(func() {
				for i := range n / 8 {
					if err := db.Update(t.Context(), func(tx *store.Tx) error { return append1(tx, fmt.Sprint(w, i)) }); err != nil {
						t.Error(err)
					}
				}
			})
		}
		read := func(tail *store.Tail) {
			seen := map[string]bool{}
			for next := int64(1); next <= n; {
				events, err := tail.Next(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				for _, e := range events {
					if e.Seq != next || seen[e.Kind] {
						t.Fatalf("got event %d (%s), want number %d, not seen before", e.Seq, e.Kind, next)
					}
					seen[e.Kind] = true
					next++
				}
			}
		}
		read(early)
		wg.Wait()
		late := db.Follow(0)
		defer late.Close()
		read(late)
	})
}

// Two programs on one PostgreSQL: each hears what the other wrote, in one order.
func TestNodesHearEachOther(t *testing.T) {
	t.Parallel()
	url := pg.URL(t)
	a, b := open(t, url), open(t, url)
	tails := []*store.Tail{a.Follow(0), b.Follow(0)}
	const n = 400
	var wg sync.WaitGroup
	for i, db := range []*store.DB{a, b} {
		wg.Go(func() {
			for j := range n / 2 {
				if err := db.Update(t.Context(), func(tx *store.Tx) error { return append1(tx, fmt.Sprint(i, " ", j)) }); err != nil {
					t.Error(err)
				}
			}
		})
	}
	orders := make([][]string, 2)
	for i, tail := range tails {
		wg.Go(func() {
			defer tail.Close()
			for len(orders[i]) < n {
				events, err := tail.Next(t.Context())
				if err != nil {
					t.Error(err)
					return
				}
				for _, e := range events {
					orders[i] = append(orders[i], e.Kind)
				}
			}
		})
	}
	wg.Wait()
	if !slices.Equal(orders[0], orders[1]) {
		t.Error("the two nodes saw different orders")
	}
}

// Whoever was told "done" finds it after a reopening, and the numbers go on.
func TestReopeningContinuesTheLog(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "rapport.db")
	for want := int64(1); want <= 3; want++ {
		db := open(t, path)
		if err := db.Update(t.Context(), func(tx *store.Tx) error { return append1(tx, "again") }); err != nil {
			t.Fatal(err)
		}
		err := db.View(t.Context(), func(tx *store.Tx) error {
			last, first, err := tx.Head()
			if last != want || first != 1 {
				t.Errorf("head is %d from %d, want %d from 1", last, first, want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestClosingFinishesWhatWasHandedOver(t *testing.T) {
	t.Parallel()
	db := open(t, filepath.Join(t.TempDir(), "rapport.db"))
	var wg sync.WaitGroup
	var mu sync.Mutex
	done := 0
	for range 100 {
		wg.Go(func() {
			err := db.Update(context.Background(), func(tx *store.Tx) error { return append1(tx, "x") })
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				done++
			} else if rapport.CodeOf(err) != "stopping" {
				t.Error(err)
			}
		})
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	if err := db.Update(t.Context(), func(*store.Tx) error { return nil }); rapport.CodeOf(err) != "stopping" {
		t.Errorf("an update after the close answered %v", err)
	}
}

// A view sees one moment, however long it looks, and cannot write.
func TestAClosedDatabaseRefuses(t *testing.T) {
	databases(t, func(t *testing.T, db *store.DB) {
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		for name, do := range map[string]func(context.Context, func(*store.Tx) error) error{"View": db.View, "Update": db.Update, "Later": db.Later, "Index": db.Index} {
			if err := do(t.Context(), func(*store.Tx) error { return nil }); rapport.KindOf(err) != rapport.Unavailable {
				t.Errorf("%s says %v", name, err)
			}
		}
	})
}

func TestAViewIsASnapshot(t *testing.T) {
	databases(t, func(t *testing.T, db *store.DB) {
		err := db.View(t.Context(), func(tx *store.Tx) error {
			before, _, err := tx.Head()
			if err != nil {
				return err
			}
			if err := db.Update(t.Context(), func(tx *store.Tx) error { return append1(tx, "meanwhile") }); err != nil {
				return err
			}
			if after, _, err := tx.Head(); after != before || err != nil {
				t.Errorf("the head moved from %d to %d inside a view (%v)", before, after, err)
			}
			if err := append1(tx, "written in a view"); err == nil {
				t.Error("a view took an event")
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// Two jobs with one key are one job, and a lease that runs out makes it due again.
func TestJobsAreLeased(t *testing.T) {
	databases(t, func(t *testing.T, db *store.DB) {
		update := func(fn func(*store.Tx) error) {
			t.Helper()
			if err := db.Update(t.Context(), fn); err != nil {
				t.Fatal(err)
			}
		}
		update(func(tx *store.Tx) error {
			for _, id := range []string{"a", "b"} {
				if err := tx.InsertJob(store.Job{ID: id, Kind: "k", UniqueKey: "one", Args: "{}", DueAt: tx.Now()}); err != nil {
					return err
				}
			}
			return nil
		})
		lease := func(for_ time.Duration) (n int) {
			update(func(tx *store.Tx) error {
				jobs, err := tx.LeaseJobs("", 10, for_)
				n = len(jobs)
				return err
			})
			return n
		}
		if n := lease(0); n != 1 {
			t.Errorf("leased %d jobs, want 1", n)
		}
		if n := lease(time.Hour); n != 1 {
			t.Errorf("a lease that is over left %d jobs due, want 1", n)
		}
		if n := lease(time.Hour); n != 0 {
			t.Errorf("%d jobs were leased twice", n)
		}
	})
}

// What PostgreSQL cannot keep is the sender's mistake, not ours.
func TestTextThatCannotBeKeptIsRefused(t *testing.T) {
	t.Parallel()
	db := open(t, pg.URL(t))
	for _, name := range []string{"zero \x00 byte", "broken \xff letter"} {
		err := db.Update(t.Context(), func(tx *store.Tx) error { return tx.NameContact("nobody", name, true) })
		if rapport.KindOf(err) != rapport.Invalid || err == nil {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// The writer keeps the configuration in memory, but never an old one: another
// node may have changed it, and a change that was given up has not happened.
func TestTheConfigurationIsNeverOld(t *testing.T) {
	t.Parallel()
	url := pg.URL(t)
	here, there := open(t, url), open(t, url)
	name := func(db *store.DB) (name string) {
		t.Helper()
		err := db.Update(t.Context(), func(tx *store.Tx) error {
			c, err := tx.Configuration()
			name = c.Settings.AccountName
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return name
	}
	rename := func(db *store.DB, to string, outcome error) {
		t.Helper()
		err := db.Update(t.Context(), func(tx *store.Tx) error {
			s := rapport.DefaultSettings()
			s.AccountName = to
			if err := tx.SaveSettings(s); err != nil {
				return err
			}
			if _, err := tx.Configuration(); err != nil {
				return err
			}
			return outcome
		})
		if !errors.Is(err, outcome) {
			t.Fatal(err)
		}
	}
	rename(here, "first", nil)
	for _, db := range []*store.DB{here, there} {
		if got := name(db); got != "first" {
			t.Errorf("the account is called %q", got)
		}
	}
	rename(there, "second", nil)
	if got := name(here); got != "second" {
		t.Errorf("a node still calls the account %q", got)
	}
	rename(here, "third", errors.New("on second thought"))
	if got := name(here); got != "second" {
		t.Errorf("a change that was given up calls the account %q", got)
	}
}

// An old program leaves the database of a newer one as it is.
func TestADatabaseOfANewerProgram(t *testing.T) {
	databases(t, func(t *testing.T, db *store.DB) {
		_, want, err := db.Version(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		newer := fmt.Sprintf("insert into goose_db_version (version_id, is_applied) values (%d, ", want+1) + map[string]string{"sqlite": "1)", "postgres": "true)"}[db.Dialect()]
		if err := db.Update(t.Context(), func(tx *store.Tx) error { return tx.Do(newer) }); err != nil {
			t.Fatal(err)
		}
		err = db.Migrate(t.Context())
		if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("has version %d, and this program knows %d", want+1, want)) {
			t.Errorf("migrating: %v", err)
		}
		if have, _, err := db.Version(t.Context()); have != want+1 || err != nil {
			t.Errorf("afterwards it has version %d, %v", have, err)
		}
	})
}
