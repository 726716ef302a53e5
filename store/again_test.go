package store_test

import (
	"errors"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"rapport"
	"rapport/rapporttest/pg"
	"rapport/store"
)

// inOneBatch hands functions over so that they share a commit, in their order,
// and returns what each was answered.
func inOneBatch(t *testing.T, db *store.DB, fns ...func(*store.Tx) error) []error {
	t.Helper()
	answers := make([]error, len(fns))
	var wg sync.WaitGroup
	held, waiting := make(chan struct{}), make(chan struct{})
	wg.Go(func() { // holds the writer until all others wait, in a commit of its own
		err := db.Later(t.Context(), func(tx *store.Tx) error {
			tx.LongBatch(time.Minute)
			close(held)
			<-waiting
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-held
	for i, fn := range fns {
		wg.Go(func() { answers[i] = db.Update(t.Context(), fn) })
		for db.Queued() <= i {
			runtime.Gosched()
		}
	}
	close(waiting)
	wg.Wait()
	return answers
}

func insert(id string) func(*store.Tx) error {
	return func(tx *store.Tx) error {
		if err := tx.InsertContact(rapport.Contact{ID: rapport.ContactID(id), CreatedAt: tx.Now()}); err != nil {
			return err
		}
		return append1(tx, id)
	}
}

// wantContacts checks that these and no others of the first letters of the
// alphabet are there, and that the log tells of them without a gap.
func wantContacts(t *testing.T, db *store.DB, want string) {
	t.Helper()
	err := db.View(t.Context(), func(tx *store.Tx) error {
		got := ""
		for _, id := range "abcdefgh" {
			if _, err := tx.Contact(rapport.ContactID(id)); err == nil {
				got += string(id)
			}
		}
		told := ""
		events, err := tx.EventsAfter(0, 100)
		for i, e := range events {
			told += e.Kind
			if e.Seq != int64(i+1) {
				t.Errorf("event %d has the number %d", i, e.Seq)
			}
		}
		if got != want || told != want {
			t.Errorf("there are the contacts %q, and the log tells of %q; want %q", got, told, want)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A function that fails after its writes reached the database makes its
// neighbours run again; each of them happens once.
func TestABatchRunsAgainWhenAFunctionLeftSomethingBehind(t *testing.T) {
	databases(t, func(t *testing.T, db *store.DB) {
		boom := errors.New("boom")
		runs := 0
		answers := inOneBatch(t, db,
			func(tx *store.Tx) error { runs++; return insert("a")(tx) },
			func(tx *store.Tx) error {
				if err := insert("b")(tx); err != nil {
					return err
				}
				if _, err := tx.Contact("b"); err != nil { // asking sends what was written
					return err
				}
				return boom
			},
			insert("c"),
			insert("a"), // refused by the database, on PostgreSQL only later
			func(tx *store.Tx) error { // what failed before is not seen
				if _, err := tx.Contact("b"); rapport.KindOf(err) != rapport.NotFound {
					t.Errorf("the contact of a function that failed is there (%v)", err)
				}
				return insert("d")(tx)
			})
		for i, want := range []bool{true, false, true, false, true} {
			if done := answers[i] == nil; done != want {
				t.Errorf("function %d was answered %v", i, answers[i])
			}
		}
		if !errors.Is(answers[1], boom) || rapport.CodeOf(answers[3]) != "duplicate" {
			t.Errorf("those that failed were answered %v and %v", answers[1], answers[3])
		}
		if s := db.Stats(); runs != 2 || s.Repeated != 1 || s.Updates != 6 {
			t.Errorf("the first function ran %d times; %+v", runs, s)
		}
		wantContacts(t, db, "acd")
	})
}

// A function that fails before its writes reached the database costs nobody a
// second run.
func TestAFunctionThatOnlyLookedIsLeftOut(t *testing.T) {
	databases(t, func(t *testing.T, db *store.DB) {
		runs := 0
		answers := inOneBatch(t, db,
			func(tx *store.Tx) error { runs++; return insert("a")(tx) },
			func(tx *store.Tx) error {
				if err := append1(tx, "b"); err != nil {
					return err
				}
				_, err := tx.Contact("b")
				return err
			},
			insert("c"))
		if answers[0] != nil || rapport.KindOf(answers[1]) != rapport.NotFound || answers[2] != nil {
			t.Errorf("they were answered %v", answers)
		}
		if s := db.Stats(); runs != 1 || s.Repeated != 0 {
			t.Errorf("the first function ran %d times; %+v", runs, s)
		}
		wantContacts(t, db, "ac")
	})
}

// What a function of a batch made of the configuration is gone when the batch
// runs again without it.
func TestTheConfigurationOfARepeatedBatch(t *testing.T) {
	databases(t, func(t *testing.T, db *store.DB) {
		boom := errors.New("boom")
		rename := func(to string, outcome error) func(*store.Tx) error {
			return func(tx *store.Tx) error {
				s := rapport.DefaultSettings()
				s.AccountName = to
				if err := tx.SaveSettings(s); err != nil {
					return err
				}
				_, err := tx.Configuration()
				return errors.Join(err, outcome)
			}
		}
		var seen string
		look := func(tx *store.Tx) error {
			c, err := tx.Configuration()
			if err == nil {
				seen = c.Settings.AccountName
			}
			return err
		}
		if answers := inOneBatch(t, db, rename("kept", nil), rename("given up", boom), look); answers[0] != nil || !errors.Is(answers[1], boom) || answers[2] != nil {
			t.Fatalf("they were answered %v", answers)
		}
		if seen != "kept" {
			t.Errorf("a neighbour calls the account %q", seen)
		}
		if err := db.Update(t.Context(), look); err != nil || seen != "kept" {
			t.Errorf("the next one calls the account %q (%v)", seen, err)
		}
	})
}

// Rehearsing runs each function twice, and it happens once.
func TestRehearsing(t *testing.T) {
	t.Parallel()
	for name, url := range map[string]string{"sqlite": filepath.Join(t.TempDir(), "rapport.db"), "postgres": pg.URL(t)} {
		db, err := store.Open(t.Context(), store.Config{URL: url, Rehearse: true})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		if err := db.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{"a", "b"} {
			runs := 0
			err := db.Update(t.Context(), func(tx *store.Tx) error { runs++; return insert(id)(tx) })
			if err != nil || runs != 2 {
				t.Errorf("%s: %s ran %d times (%v)", name, id, runs, err)
			}
		}
		wantContacts(t, db, "ab")
	}
}

// A function that comes while another runs shares its commit, unless that has
// gone on for too long.
func TestWhoComesMeanwhileJoins(t *testing.T) {
	databases(t, func(t *testing.T, db *store.DB) {
		for long, want := range map[time.Duration]int64{time.Minute: 1, 0: 2} {
			if err := db.Update(t.Context(), func(tx *store.Tx) error { tx.LongBatch(long); return nil }); err != nil {
				t.Fatal(err)
			}
			before := db.Stats().Batches
			held := make(chan struct{})
			var wg sync.WaitGroup
			wg.Go(func() {
				err := db.Update(t.Context(), func(*store.Tx) error {
					close(held)
					for db.Queued() == 0 {
						runtime.Gosched()
					}
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			})
			<-held
			if err := db.Update(t.Context(), insert(string(rune('a'+want)))); err != nil {
				t.Error(err)
			}
			wg.Wait()
			if got := db.Stats().Batches - before; got != want {
				t.Errorf("where %s is long for a commit, two functions took %d commits, want %d", long, got, want)
			}
		}
	})
}
