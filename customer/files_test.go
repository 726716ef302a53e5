package customer_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"rapport"
	"rapport/conversation"
	"rapport/customer"
	"rapport/job"
	"rapport/rapporttest"
	"rapport/store"
)

// working runs the jobs of a world until a condition holds.
func (p people) working(until func() bool) {
	p.T.Helper()
	ctx, stop := context.WithTimeout(p.T.Context(), time.Minute)
	defer stop()
	r := job.NewRunner(p.DB, rapporttest.Log(p.T))
	customer.Jobs(p.DB, r)
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	for !until() {
		select {
		case err := <-ended:
			p.T.Fatalf("the jobs ended: %v", err)
		case <-time.After(5 * time.Millisecond):
		}
	}
	r.Stop()
	stop()
	<-ended
}

func (p people) imported(id rapport.ImportID) (m store.Import) {
	p.T.Helper()
	p.View(func(tx *store.Tx) (err error) {
		m, err = tx.Import(id)
		return err
	})
	return m
}

// A file is checked first, each bad line with the reason; then the good ones are
// imported, once.
func TestImportingCustomers(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		p := newPeople(w)
		p.Queue("general", "ana")
		p.Write("mia@example.com", "Hello")
		p.Write("tom@example.com", "Hello")
		p.Write("eva@example.com", "Hello")
		file := "Name;Points;Tags;City;country;shoe_size\r\n" +
			"Ada;+49 30 901820; vip;Berlin;DE;41\r\n" + // 2: new
			"Mia;mia@example.com;;Bonn;;\r\n" + // 3: changes mia
			";\"eva@example.com, tom@example.com\";;;;\r\n" + // 4: two customers
			"Eve;eve@example.com;;;Nowhere;\r\n" + // 5: no country
			"Ada again;+4930901820;;;;\r\n" + // 6: in line 2 already
			";new@example.com;;;;\r\n" + // 7: no name
			"Short;x@example.com\r\n" // 8
		actor := p.Actor("sue")
		var m store.Import
		p.Update(func(tx *store.Tx) (err error) {
			m, err = customer.NewImport(tx, actor, "people.csv", []byte(file))
			return err
		})
		p.working(func() bool { return p.imported(m.ID).Status == "checked" })
		got := p.imported(m.ID)
		if got.Lines != 7 || got.Good != 2 || got.Bad != 5 || got.Added != 1 || got.Changed != 1 {
			t.Fatalf("checked: %+v", got)
		}
		why := map[int]string{4: "belongs to", 5: "not a country", 6: "in line 2 already", 7: "needs a name", 8: "2 cells"}
		for _, bad := range got.Problems {
			if why[bad.Line] == "" || !strings.Contains(strings.Join(bad.Errors, " "), why[bad.Line]) {
				t.Errorf("line %d is bad for %q; %q was expected", bad.Line, bad.Errors, why[bad.Line])
			}
		}
		if c := p.contact("+4930901820"); c.ID != "" {
			t.Fatal("checking imported something")
		}
		p.Update(func(tx *store.Tx) error {
			_, err := customer.Start(tx, actor, m.ID)
			return err
		})
		p.working(func() bool { return p.imported(m.ID).Status == "done" })
		ada, mia := p.contact("+4930901820"), p.contact("mia@example.com")
		if ada.Name != "Ada" || ada.Fields["country"] != "DE" || ada.Fields["shoe_size"] != "41" || !ada.Known || len(ada.Tags) != 1 {
			t.Errorf("imported %+v", ada)
		}
		if mia.Name != "Mia" || mia.Fields["city"] != "Bonn" {
			t.Errorf("changed to %+v", mia)
		}
		p.refused("not_checked").Update(func(tx *store.Tx) error {
			_, err := customer.Start(tx, actor, m.ID)
			return err
		})
		p.View(func(tx *store.Tx) error {
			text, err := tx.ImportText(m.ID)
			if text != "" {
				t.Error("the file is kept after it was imported")
			}
			return err
		})
	})
}

// What is exported can be imported again, and makes no spreadsheet calculate.
func TestExportingCustomers(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		p := newPeople(w)
		p.Queue("support", "ana")
		p.Inbox("site", "support")
		p.Queue("billing", "ben")
		p.Inbox("bills", "billing")
		p.Write("+491701111111", "Hello", func(in *conversation.Inbound) { in.Name = "=cmd|' /C calc'!A1" })
		p.Write("tom@example.com", "Hello", p.In("bills"))
		p.describe("+491701111111", map[string]string{"note": "@SUM(A1)", "city": "Köln"}, "vip")
		export := func(by string) string {
			var out bytes.Buffer
			if err := customer.Export(t.Context(), w.DB, store.CustomerFilter{Actor: p.Actor(by)}, &out); err != nil {
				t.Fatal(err)
			}
			return out.String()
		}
		text := export("sue")
		for _, want := range []string{"id,name,known,points,tags,gender,city", `'=cmd|' /C calc'!A1`, "'+491701111111", "'@SUM(A1)", "Köln", "tom@example.com"} {
			if !strings.Contains(text, want) {
				t.Errorf("%q is not in %s", want, text)
			}
		}
		if got := export("ana"); strings.Contains(got, "tom@example.com") {
			t.Errorf("ana exports whom she may not see: %s", got)
		}
		actor := p.Actor("sue")
		var m store.Import
		p.Update(func(tx *store.Tx) (err error) {
			m, err = customer.NewImport(tx, actor, "again.csv", []byte(text))
			return err
		})
		p.working(func() bool { return p.imported(m.ID).Status == "checked" })
		if got := p.imported(m.ID); got.Bad != 0 || got.Skipped != 2 || got.Changed != 0 {
			t.Errorf("what was exported would change something: %+v", got)
		}
	})
}

// Duplicates are suggested, dismissed for good, and never merged by themselves.
func TestDuplicatesAreSuggested(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		p := newPeople(w)
		p.Queue("general", "ana")
		p.Settings(func(s *rapport.Settings) { s.Country = "DE" })
		if err := customer.Follow(t.Context(), w.DB); err != nil { // begins where the log ends
			t.Fatal(err)
		}
		called := func(name string) func(*conversation.Inbound) {
			return func(in *conversation.Inbound) { in.Name = name }
		}
		p.Write("+491701111111", "Hello", called("Ada Meyer"))
		p.Write("mia@example.com", "Hello", called("Someone Else"))
		p.describe("mia@example.com", map[string]string{"mobile": "0170 1111111"}) // the same number in another notation
		p.Write("one", "Hello", called("Jörg Schmidt"))
		p.Write("two", "Hello", called("Schmitt, Joerg"))
		p.Write("three", "Hello", called("Jörg Schmidt"))
		p.describe("one", map[string]string{"city": "Bonn", "country": "DE"})
		p.describe("two", map[string]string{"city": "Berlin", "country": "DE"})
		p.describe("three", map[string]string{"city": "bonn", "country": "DE"})
		if err := customer.Follow(t.Context(), w.DB); err != nil {
			t.Fatal(err)
		}
		pairs := func() (list []customer.Pair) {
			p.View(func(tx *store.Tx) (err error) {
				list, err = customer.Duplicates(tx, store.Duplicate{}, 10)
				return err
			})
			return list
		}
		got := pairs()
		if len(got) != 2 || got[0].Reason != "phone" || got[0].Shared != "+491701111111" || got[1].Reason != "name" || got[1].Shared != "city: bonn" && got[1].Shared != "city: Bonn" {
			t.Fatalf("suggested: %+v", got)
		}
		if p.contact("+491701111111").ID == p.contact("mia@example.com").ID {
			t.Fatal("they were merged by themselves")
		}
		p.Update(func(tx *store.Tx) error { return customer.Dismiss(tx, p.Actor("sue"), got[0].A.ID, got[0].B.ID) })
		p.describe("mia@example.com", map[string]string{"mobile": "+49 170 1111111"})
		p.merge("sue", got[1].A.ID, got[1].B.ID, customer.Choice{Stay: map[rapport.InboxID]rapport.ConversationID{p.Of("one").InboxID: p.Of("one").ID}})
		if err := customer.Follow(t.Context(), w.DB); err != nil {
			t.Fatal(err)
		}
		if left := pairs(); len(left) != 0 {
			t.Errorf("still suggested: %+v", left)
		}
	})
}
