package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"rapport/rapporttest"
	"rapport/store"
)

// ADR 0014: the index of search and what is taken in do not wait for each other.
func TestTheIndexHasAWriterOfItsOwn(t *testing.T) {
	databases(t, func(t *testing.T, db *store.DB) {
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
		if err := db.Index(t.Context(), (*store.Tx).EmptyIndex); err != nil {
			t.Error(err)
		}
		if _, ok := indexed(); ok {
			t.Error("the index was emptied, and still stands somewhere in the log")
		}
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
