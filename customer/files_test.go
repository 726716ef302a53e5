package customer_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
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

// importing has a file checked, and then its good lines imported.
func (p people) importing(file string) (checked, done store.Import) {
	p.T.Helper()
	checked = p.checking(file)
	actor := p.Actor("sue")
	p.Update(func(tx *store.Tx) error {
		_, err := customer.Start(tx, actor, checked.ID)
		return err
	})
	p.working(func() bool { return p.imported(checked.ID).Status == "done" })
	return checked, p.imported(checked.ID)
}

// checking has a file checked.
func (p people) checking(file string) (checked store.Import) {
	p.T.Helper()
	actor := p.Actor("sue")
	p.Update(func(tx *store.Tx) (err error) {
		checked, err = customer.NewImport(tx, actor, "people.csv", []byte(file))
		return err
	})
	p.working(func() bool { return p.imported(checked.ID).Status == "checked" })
	return p.imported(checked.ID)
}

// refusals are the bad lines of a file, each with why.
func refusals(m store.Import) map[int]string {
	why := map[int]string{}
	for _, bad := range m.Problems {
		why[bad.Line] = strings.Join(bad.Errors, " ")
	}
	return why
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
		file := "Name;Points;Tags;City;country;shoe_size;\r\n" + // with an empty column beside the table
			"Ada;+49 30 901820; vip;Berlin;DE;41\r\n" + // 2: new
			"Mia;mia@example.com;;Bonn;;\r\n" + // 3: changes mia
			";\"eva@example.com, tom@example.com\";;;;\r\n" + // 4: two customers
			"Eve;eve@example.com;;;Nowhere;\r\n" + // 5: no country
			"Ada again;+4930901820;;;;\r\n" + // 6: in line 2 already
			";new@example.com;;;;\r\n" + // 7: no name
			"Short;x@example.com\r\n" + // 8
			"Open;\"open@example.com;;;;\r\n" + // 9: takes no other line with it
			";;;;;\r\n" + // passed over
			"Ada too;+4930901820;;;;\r\n" // 11: in line 2 already
		actor := p.Actor("sue")
		got := p.checking(file)
		if got.Lines != 9 || got.Good != 2 || got.Bad != 7 || got.Added != 1 || got.Changed != 1 {
			t.Fatalf("checked: %+v", got)
		}
		why := map[int]string{4: "belongs to", 5: "not a country", 6: "in line 2 already", 7: "needs a name", 8: "2 cells", 9: "A quote sign is not closed in this line", 11: "in line 2 already"}
		for _, bad := range got.Problems {
			if why[bad.Line] == "" || !strings.Contains(strings.Join(bad.Errors, " "), why[bad.Line]) {
				t.Errorf("line %d is bad for %q; %q was expected", bad.Line, bad.Errors, why[bad.Line])
			}
			if bad.Line == 9 && len(bad.Errors) > 1 {
				t.Errorf("a line that cannot be read is checked further: %q", bad.Errors)
			}
		}
		if c := p.contact("+4930901820"); c.ID != "" {
			t.Fatal("checking imported something")
		}
		p.Update(func(tx *store.Tx) error {
			_, err := customer.Start(tx, actor, got.ID)
			return err
		})
		p.working(func() bool { return p.imported(got.ID).Status == "done" })
		ada, mia := p.contact("+4930901820"), p.contact("mia@example.com")
		if ada.Name != "Ada" || ada.Fields["country"] != "DE" || ada.Fields["shoe_size"] != "41" || !ada.Known || len(ada.Tags) != 1 {
			t.Errorf("imported %+v", ada)
		}
		if mia.Name != "Mia" || mia.Fields["city"] != "Bonn" {
			t.Errorf("changed to %+v", mia)
		}
		p.refused("not_checked").Update(func(tx *store.Tx) error {
			_, err := customer.Start(tx, actor, got.ID)
			return err
		})
		p.View(func(tx *store.Tx) error {
			text, err := tx.ImportText(got.ID)
			if text != "" {
				t.Error("the file is kept after it was imported")
			}
			return err
		})
	})
}

// A line that would make too much of a customer is refused with the reason,
// before anything is imported where that can be known, and never in the way of others.
func TestALineThatIsTooMuchIsRefused(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		p := newPeople(w)
		p.Queue("general", "ana")
		numbered := func(n int, format string) (list []string) {
			for i := range n {
				list = append(list, fmt.Sprintf(format, i))
			}
			return list
		}
		p.Write("mia@example.com", "Hello")
		p.describe("mia@example.com", map[string]string{}, numbered(29, "t%d")...)
		fields := map[string]string{}
		for _, name := range numbered(50, "f%d") {
			fields[name] = "x"
		}
		p.Write("eva@example.com", "Hello")
		p.describe("eva@example.com", fields)
		mia := p.contact("mia@example.com").ID
		checked, done := p.importing("id;name;points;tags;shoe_size\n" +
			";First;first@example.com;;\n" + // 2
			";Renamed;mia@example.com;one,more;\n" + // 3: 31 tags
			";Eva;eva@example.com;;41\n" + // 4: 51 fields
			";Ada;\"" + strings.Join(numbered(51, "ada%d@example.com"), ",") + "\";;\n" + // 5
			string(mia) + ";Mia;;this;\n" + // 6: the 30th tag
			string(mia) + ";Renamed;;that;\n" + // 7: then there is no room for it
			";Last;last@example.com;;\n") // 8
		want := map[int]string{3: "At most 30 tags", 4: "At most 50 fields", 5: "at most 50 contact points"}
		if checked.Good != 4 || checked.Bad != len(want) || checked.Added != 2 || checked.Changed != 2 {
			t.Errorf("checked: %+v", checked)
		}
		compare := func(m store.Import) {
			t.Helper()
			got := refusals(m)
			for n, why := range want {
				if !strings.Contains(got[n], why) {
					t.Errorf("line %d is refused for %q; %q was expected", n, got[n], why)
				}
			}
			if len(got) != len(want) {
				t.Errorf("%d lines are refused: %v", len(got), got)
			}
		}
		compare(checked)
		want[7] = "At most 30 tags"
		compare(done)
		if done.Good != 3 || done.Bad != len(want) || done.Added != 2 || done.Changed != 1 || done.Done != done.Lines {
			t.Errorf("imported: %+v", done)
		}
		if c := p.byID(mia); len(c.Tags) != 30 || c.Name != "Mia" {
			t.Errorf("mia is %+v; of a refused line nothing is taken", c)
		}
		for _, who := range []string{"first@example.com", "last@example.com"} {
			if p.contact(who).ID == "" {
				t.Errorf("%s was not imported", who)
			}
		}
	})
}

// A file that cannot be worked through ends as failed, and says why and what
// is imported; it does not stay under way.
func TestAFileThatIsGivenUpHasFailed(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		p := newPeople(w)
		for _, x := range []struct {
			status string
			why    error
			added  int
			reason string
		}{
			{"checking", errors.New("out of paper"), 0, "The file was given up after 100 of 300 lines: Something went wrong on our side; it has been logged."},
			{"running", rapport.Errorf(rapport.Unavailable, "x", "The database is away."), 90, "The file was given up after 100 of 300 lines: The database is away."},
			{"done", errors.New("out of paper"), 90, ""},
		} {
			m := store.Import{ID: rapport.NewID[rapport.ImportID](), At: time.Now(), Text: "name", Status: x.status}
			p.Update(func(tx *store.Tx) error {
				if err := tx.InsertImport(m); err != nil {
					return err
				}
				m.Lines, m.Done, m.Added, m.Good = 300, 100, 90, 90
				return tx.SaveImport(m)
			})
			if err := customer.GiveUp(t.Context(), w.DB, m.ID, x.why); err != nil {
				t.Fatal(err)
			}
			got := p.imported(m.ID)
			if ended := x.reason == "" || got.Status == "failed" && !got.EndedAt.IsZero(); got.Error != x.reason || got.Added != x.added || !ended {
				t.Errorf("given up while %s: %+v", x.status, got)
			}
		}
		if err := customer.GiveUp(t.Context(), w.DB, "forgotten", errors.New("x")); err != nil {
			t.Errorf("a file that was forgotten: %v", err)
		}
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
