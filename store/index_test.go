package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rapport"
	"rapport/rapporttest"
	"rapport/store"
)

// happened appends events to the log.
func happened(t *testing.T, db *store.DB, n int) {
	t.Helper()
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		for i := range n {
			if err := tx.Append(rapport.Event{Kind: "test", ContactID: rapport.NewID[rapport.ContactID]()}, rapport.Change{}); err != nil {
				return fmt.Errorf("event %d: %w", i, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// ADR 0014: the index of search and what is taken in do not wait for each other.
func TestTheIndexHasAWriterOfItsOwn(t *testing.T) {
	databases(t, func(t *testing.T, db *store.DB) {
		happened(t, db, 8)
		inside, end, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		go func() {
			done <- db.Index(t.Context(), func(tx *store.Tx) error {
				err := tx.SetIndexed(7)
				close(inside)
				<-end
				return err
			})
		}()
		<-inside
		if err := db.Update(t.Context(), func(tx *store.Tx) error { return tx.MoveCursor("x", 1) }); err != nil {
			t.Errorf("the writer beside the index: %v", err)
		}
		indexed := func() (at int64, ok bool) {
			t.Helper()
			if err := db.View(t.Context(), func(tx *store.Tx) (err error) {
				at, ok, err = tx.Indexed()
				return err
			}); err != nil {
				t.Error(err)
			}
			return at, ok
		}
		if at, ok := indexed(); ok {
			t.Errorf("before its commit the index stands at %d", at)
		}
		close(end)
		if err := <-done; err != nil {
			t.Error(err)
		}
		if at, _ := indexed(); at != 7 {
			t.Errorf("afterwards the index stands at %d, not at 7", at)
		}
		failure := errors.New("no")
		if err := db.Index(t.Context(), func(tx *store.Tx) error { return errors.Join(tx.SetIndexed(8), failure) }); !errors.Is(err, failure) {
			t.Errorf("a function that failed: %v", err)
		}
		if err := db.Index(t.Context(), func(*store.Tx) error { panic("no") }); err == nil {
			t.Error("a function that panicked: no error")
		}
		if at, _ := indexed(); at != 7 {
			t.Errorf("a function that failed left %d", at)
		}
		if err := db.Index(t.Context(), func(tx *store.Tx) error { return tx.MoveCursor("x", 2) }); err == nil && db.Dialect() == "sqlite" {
			t.Error("a function of the index wrote to the database itself")
		}
		if err := db.Index(t.Context(), (*store.Tx).EmptyIndex); err != nil {
			t.Error(err)
		}
		if _, ok := indexed(); ok {
			t.Error("the index was emptied, and still stands somewhere in the log")
		}
	})
}

// The index notices that the log is not the one that it followed: another database's,
// or that of a backup which went on otherwise. S3-29
func TestTheIndexKnowsItsLog(t *testing.T) {
	databases(t, func(t *testing.T, db *store.DB) {
		happened(t, db, 9)
		stands := func(what string, want bool) {
			t.Helper()
			if err := db.View(t.Context(), func(tx *store.Tx) error {
				_, ok, err := tx.Indexed()
				if ok != want {
					t.Errorf("%s: it knows the log: %v", what, ok)
				}
				return err
			}); err != nil {
				t.Error(err)
			}
		}
		index := func(seq int64) {
			if err := db.Index(t.Context(), func(tx *store.Tx) error { return tx.SetIndexed(seq) }); err != nil {
				t.Error(err)
			}
		}
		change := func(fn func(*store.Tx) error) {
			if err := db.Update(t.Context(), fn); err != nil {
				t.Error(err)
			}
		}
		index(10)
		stands("ahead of the log", false)
		index(7)
		stands("in the log", true)
		change(func(tx *store.Tx) error { return tx.Do("update event set data = '{}'") }) // as erasing does
		stands("after erasing", true)
		change(func(tx *store.Tx) error { return tx.Do("update event set at = at + 1") })
		stands("another event has its number", false)
		index(7)
		change(func(tx *store.Tx) error {
			_, err := tx.TrimEvents(tx.Now().Add(time.Hour), 7)
			return err
		})
		stands("the log was cut up to there", true)
	})
}

// Two nodes write to one index by turns.
func TestOneIndexForAllNodes(t *testing.T) {
	t.Parallel()
	for name, address := range rapporttest.Addresses {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := address(t)
			const nodes, times = 2, 30
			happened(t, rapporttest.Open(t, url), nodes*times)
			done := make(chan error, nodes)
			for range nodes {
				db := rapporttest.Open(t, url)
				go func() {
					var err error
					for range times {
						err = errors.Join(err, db.Index(t.Context(), func(tx *store.Tx) error {
							at, _, err := tx.Indexed()
							return errors.Join(err, tx.SetIndexed(at+1))
						}))
					}
					done <- err
				}()
			}
			for range nodes {
				if err := <-done; err != nil {
					t.Error(err)
				}
			}
			if err := rapporttest.Open(t, url).View(t.Context(), func(tx *store.Tx) error {
				at, _, err := tx.Indexed()
				if at != nodes*times {
					t.Errorf("the index stands at %d, not at %d: turns were lost", at, nodes*times)
				}
				return err
			}); err != nil {
				t.Error(err)
			}
		})
	}
}

// A backup of SQLite's database needs no index: it is made again.
func TestAnIndexThatIsMissing(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "rapport.db")
	for range 2 {
		db := open(t, file)
		happened(t, db, 7)
		if err := db.Index(t.Context(), func(tx *store.Tx) error {
			if at, ok, err := tx.Indexed(); ok || err != nil {
				t.Errorf("a new index stands at %d, %v", at, err)
			}
			return tx.SetIndexed(7)
		}); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(file + "-search"); err != nil {
			t.Fatal(err)
		}
	}
}

// An index that is damaged is put aside and made again; without it all else can be read.
func TestAnIndexThatIsDamaged(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]func(file string) error{
		"no database at all": func(file string) error { return os.WriteFile(file, []byte(strings.Repeat("garbage ", 2000)), 0o600) },
		"pages of garbage": func(file string) error {
			f, err := os.OpenFile(file, os.O_WRONLY, 0)
			if err == nil {
				_, err = f.WriteAt([]byte(strings.Repeat("garbage ", 8000)), 4096)
				err = errors.Join(err, f.Close())
			}
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "rapport.db")
			if err := open(t, file).Close(); err != nil {
				t.Fatal(err)
			}
			if err := damage(file + "-search"); err != nil {
				t.Fatal(err)
			}
			bare, err := store.Open(t.Context(), store.Config{URL: file})
			if err != nil {
				t.Fatal(err)
			}
			if err := bare.View(t.Context(), func(tx *store.Tx) error {
				if name == "no database at all" && tx.HasIndex() {
					t.Error("it takes the damaged one for an index")
				}
				_, _, err := tx.Head()
				return err
			}); err != nil {
				t.Errorf("all else cannot be read: %v", err)
			}
			if err := bare.Close(); err != nil {
				t.Fatal(err)
			}
			if err := open(t, file).Index(t.Context(), func(tx *store.Tx) error {
				_, ok, err := tx.Indexed()
				if ok || !tx.HasIndex() {
					t.Errorf("after a start it stands somewhere: %v, or is not there: %v", ok, !tx.HasIndex())
				}
				return err
			}); err != nil {
				t.Error(err)
			}
			if _, err := os.Stat(file + "-search.damaged"); err != nil {
				t.Error(err)
			}
		})
	}
}

// Whoever waits to write to the index stops when their context ends.
func TestWaitingForTheIndexEnds(t *testing.T) {
	t.Parallel()
	for name, address := range rapporttest.Addresses {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := address(t)
			one, other := rapporttest.Open(t, url), rapporttest.Open(t, url)
			inside, end, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
			go func() {
				done <- one.Index(t.Context(), func(*store.Tx) error {
					close(inside)
					<-end
					return nil
				})
			}()
			<-inside
			ctx, cancel := context.WithCancel(t.Context())
			waits := make(chan error, 1)
			go func() { waits <- other.Index(ctx, func(*store.Tx) error { return nil }) }()
			cancel()
			if err := <-waits; !errors.Is(err, context.Canceled) {
				t.Errorf("it ended with %v", err)
			}
			close(end)
			if err := <-done; err != nil {
				t.Error(err)
			}
			if err := other.Index(t.Context(), func(*store.Tx) error { return nil }); err != nil {
				t.Errorf("afterwards: %v", err)
			}
		})
	}
}

// A damaged index is made anew while the server runs and others read; one that is whole
// is left alone.
func TestMendIndex(t *testing.T) {
	t.Parallel()
	fill := func(t *testing.T, db *store.DB) {
		t.Helper()
		if err := db.Index(t.Context(), func(tx *store.Tx) error {
			for n := range 3000 {
				if err := tx.PutDocuments(store.InMessages, store.Document{N: int64(n), Terms: []string{"parcel", fmt.Sprintf("number%d", n)}}); err != nil {
					return err
				}
			}
			return tx.SetIndexed(1)
		}); err != nil {
			t.Fatal(err)
		}
	}
	find := func(t *testing.T, db *store.DB) (n int, err error) {
		t.Helper()
		err = db.View(t.Context(), func(tx *store.Tx) error {
			for i := range 3000 {
				found, err := tx.FindDocuments(store.InMessages, store.Terms{{{Text: fmt.Sprintf("number%d", i)}}}, 0, 1<<41, 10)
				if n += len(found); err != nil {
					return err
				}
			}
			return nil
		})
		return n, err
	}
	for name, damage := range map[string]func(t *testing.T, db *store.DB, file string) *store.DB{
		"what FTS5 wrote": func(t *testing.T, db *store.DB, _ string) *store.DB {
			if err := db.Index(t.Context(), func(tx *store.Tx) error {
				return tx.Do("update search_message_data set block = zeroblob(length(block)) where id > 10")
			}); err != nil {
				t.Fatal(err)
			}
			return db
		},
		"pages of the file": func(t *testing.T, db *store.DB, file string) *store.DB {
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			const page = 4096
			copy(text[len(text)-10*page:], strings.Repeat("garbage ", 10*page/8))
			if err := os.WriteFile(file, text, 0o600); err != nil {
				t.Fatal(err)
			}
			return open(t, strings.TrimSuffix(file, "-search")) // the start does not notice
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "rapport.db")
			db := open(t, file)
			happened(t, db, 1)
			fill(t, db)
			if n, err := find(t, db); n != 3000 || err != nil {
				t.Fatalf("%d are found, %v", n, err)
			}
			if anew, err := db.MendIndex(t.Context()); anew || err != nil {
				t.Errorf("one that is whole was made anew: %v, %v", anew, err)
			}
			db = damage(t, db, file+"-search")
			if n, err := find(t, db); !store.Damaged(err) {
				t.Errorf("with a damaged index %d are found, %v", n, err)
			}
			db.DoubtIndex()
			if anew, err := db.MendIndex(t.Context()); !anew || err != nil || db.IndexDoubted() {
				t.Fatalf("it was not made anew: %v, %v", anew, err)
			}
			if err := db.View(t.Context(), func(tx *store.Tx) error {
				if _, ok, err := tx.Indexed(); ok || err != nil || !tx.HasIndex() {
					t.Errorf("the new one stands somewhere: %v, %v", ok, err)
				}
				return nil
			}); err != nil {
				t.Error(err)
			}
			fill(t, db)
			if n, err := find(t, db); n != 3000 || err != nil {
				t.Errorf("in the new one %d are found, %v", n, err)
			}
		})
	}
}
