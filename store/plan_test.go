package store_test

import (
	"path/filepath"
	"strings"
	"testing"

	"rapport"
	"rapport/rapporttest/pg"
	"rapport/store"
)

// S1-18, S3-25 at a million conversations: who writes, and the one conversation
// that they have in an inbox, are found by the customer, never by going through
// an inbox or all that is open. SQLite plans without statistics, so an empty
// database shows it; PostgreSQL needs the million to see a reason.
func TestACustomerIsFoundByTheirIndex(t *testing.T) {
	t.Parallel()
	db := open(t, filepath.Join(t.TempDir(), "rapport.db"))
	point := rapport.Point{Kind: rapport.PointExternal, Address: "mia"}
	looks := map[string]func(tx *store.Tx) error{
		"the caller":       func(tx *store.Tx) error { _, err := tx.Caller(point, "i", "x"); return err },
		"the ongoing one":  func(tx *store.Tx) error { _, err := tx.OngoingWith("k", "i"); return err },
		"the latest one":   func(tx *store.Tx) error { _, err := tx.LatestWith("k", "i"); return err },
		"the bonds":        func(tx *store.Tx) error { _, err := tx.Bonds("k", "c", "q", 1); return err },
		"the place of one": func(tx *store.Tx) error { _, err := tx.LatestOf("k", 5); return err },
	}
	for what, look := range looks {
		err := db.View(t.Context(), func(tx *store.Tx) error {
			plans, err := tx.PlansOf(look)
			if err != nil {
				return err
			}
			if len(plans) == 0 {
				t.Errorf("%s: nothing was asked", what)
			}
			for text, plan := range plans {
				for _, line := range strings.Split(plan, "\n") {
					bad := strings.Contains(line, "conversation_inbox") || strings.Contains(line, "conversation_listed")
					bad = bad || what == "the bonds" && strings.Contains(line, "conversation_contact") // all that ever was
					for _, name := range []string{"c", "l", "v", "i", "conversation", "item"} {
						bad = bad || line == "SCAN "+name && !strings.Contains(plan, "CO-ROUTINE "+name)
					}
					if bad {
						t.Errorf("%s is looked for by\n%s\nin\n%s", what, plan, text)
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// The statements of PostgreSQL's writer are planned once, maybe while a table is
// known to be empty. They find their rows by an index all the same: else they would read
// all of the table, more with each row that comes.
func TestTheWriterReadsByIndexesFromTheStart(t *testing.T) {
	t.Parallel()
	db := open(t, pg.URL(t))
	if err := db.Update(t.Context(), func(tx *store.Tx) error { return tx.Do("analyze") }); err != nil {
		t.Fatal(err)
	}
	point := rapport.Point{Kind: rapport.PointExternal, Address: "mia"}
	looks := map[string]func(tx *store.Tx) error{
		"the caller":              func(tx *store.Tx) error { _, err := tx.Caller(point, "i", "x"); return err },
		"the ongoing one":         func(tx *store.Tx) error { _, err := tx.OngoingWith("k", "i"); return err },
		"the parts of a thread":   func(tx *store.Tx) error { _, err := tx.Parts("c"); return err },
		"a customer in the index": func(tx *store.Tx) error { _, _, err := tx.SearchCustomer("k"); return err },
		"a due timer":             func(tx *store.Tx) error { _, err := tx.TimersDue(5); return err },
	}
	for what, look := range looks {
		var plans map[string]string
		err := db.Update(t.Context(), func(tx *store.Tx) (err error) {
			plans, err = tx.PlansOf(look)
			return err
		})
		if err != nil {
			t.Error(err)
		}
		if len(plans) == 0 {
			t.Errorf("%s: nothing was asked", what)
		}
		for text, plan := range plans {
			if strings.Contains(text, " where ") && strings.Contains(plan, "Seq Scan") { // what has no condition is the configuration
				t.Errorf("%s is looked for by\n%s\nin\n%s", what, plan, text)
			}
		}
	}
}
