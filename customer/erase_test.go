package customer_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"rapport"
	"rapport/conversation"
	"rapport/customer"
	"rapport/rapporttest"
	"rapport/search"
	"rapport/store"
)

// markers are in everything that is kept of the person. Letters beyond ASCII are
// written small or large by those who name them.
var markers = []string{"zyxmarker", "ZYXÖzlemИван"}

// marked fills every table with something of one person.
func marked(p people, marker string) (id rapport.ContactID, name string) {
	p.Agent("ada", rapporttest.As(rapport.RoleAdmin))
	p.Status("ada", rapport.StatusAway)
	p.Queue("general", "ana", "ben")
	name = "Zoe " + marker
	p.Sticky("Of "+name, "ana", marker+"@example.com")
	named := func(in *conversation.Inbound) { in.Name = name }
	p.Write(marker+"@example.com", "Hello, I am "+marker, named, rapporttest.Numbered(marker+"-1"))
	id = p.contact(marker + "@example.com").ID
	p.Note("ana", marker+"@example.com", "She is "+marker)
	p.Reply("ana", marker+"@example.com", "Hello "+marker)
	p.Transfer("ana", marker+"@example.com", "ben", true)
	actor := p.Actor("sue")
	p.Update(func(tx *store.Tx) error {
		c := p.Of(marker + "@example.com").ID
		if _, err := conversation.SetContactFields(tx, actor, id, map[string]string{"city": marker + "ville"}); err != nil {
			return err
		}
		if _, err := conversation.SetFields(tx, actor, c, map[string]string{"order": marker}); err != nil {
			return err
		}
		if _, err := customer.SetTags(tx, actor, id, []string{marker}); err != nil {
			return err
		}
		if _, err := customer.AddPoint(tx, actor, id, "", "@"+marker); err != nil {
			return err
		}
		return conversation.Notify(tx, rapport.NotifyComment, c, "About "+marker, p.Agent("ana").ID)
	})
	p.Write("tom", "I know somebody")
	p.Note("ben", "tom", "He is the brother of "+strings.ToLower(name))
	p.Write("old-"+marker, "I was here before", named)
	p.SetState(p.Holder("old-"+marker), "old-"+marker, rapport.Closed)
	p.merge("sue", id, p.contact("old-"+marker).ID, customer.Choice{})
	p.Update(func(tx *store.Tx) error {
		return tx.Audit(actor, "sticky_agent.created", "Of "+strings.ToUpper(name), "ana")
	})
	return id, name
}

// After erasing, nothing is found by what was erased, in other people's conversations
// neither: at once, and when the index has followed the log.
func TestErasingLeavesNothingToFind(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		p := newPeople(w)
		id, name := marked(p, markers[0])
		index := search.New(w.DB, rapporttest.Log(t))
		found := func() (n int) {
			p.View(func(tx *store.Tx) error {
				for _, in := range []store.SearchIndex{store.InMessages, store.InConversations, store.InContacts} {
					list, err := tx.FindDocuments(in, store.Terms{{{Text: markers[0], Prefix: true}}}, 0, 1<<62, 100)
					if n += len(list); err != nil {
						return err
					}
				}
				return nil
			})
			return n
		}
		if err := index.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := found(); n < 5 {
			t.Fatalf("only %d documents have the marker before", n)
		}
		if err := customer.Erase(t.Context(), w.DB, p.Actor("ada"), id, customer.Erasing{Name: name, Close: true, Notes: true}); err != nil {
			t.Fatal(err)
		}
		if n := found(); n != 0 {
			t.Errorf("%d documents have it afterwards", n)
		}
		if err := index.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := found(); n != 0 {
			t.Errorf("%d documents have it again", n)
		}
	})
}

// After erasing, nothing in any table of the database contains what was erased.
func TestErasingLeavesNothingOfThePerson(t *testing.T) {
	t.Parallel()
	for _, marker := range markers {
		t.Run(marker, func(t *testing.T) {
			rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) { erasingLeavesNothing(t, w, marker) })
		})
	}
}

func erasingLeavesNothing(t *testing.T, w *rapporttest.World, marker string) {
	p := newPeople(w)
	id, name := marked(p, marker)
	if err := customer.Follow(t.Context(), w.DB); err != nil {
		t.Fatal(err)
	}
	erase := func(by string, e customer.Erasing) error {
		return customer.Erase(t.Context(), w.DB, p.Actor(by), id, e)
	}
	for _, x := range []struct {
		by, code string
		e        customer.Erasing
	}{
		{"sue", "forbidden", customer.Erasing{Name: name, Close: true}},
		{"ada", "invalid", customer.Erasing{Name: "Zoe", Close: true}},
		{"ada", "ongoing", customer.Erasing{Name: name}},
	} {
		if err := erase(x.by, x.e); rapport.CodeOf(err) != x.code {
			t.Errorf("%s with %+v: %v; %s was expected", x.by, x.e, err, x.code)
		}
	}
	before := w.Of(marker + "@example.com")
	if found := dump(t, w, marker); len(found) < 8 {
		t.Fatalf("the marker is only in %v before; the test proves little", found)
	}
	if err := erase("ada", customer.Erasing{Name: name, Close: true, Notes: true}); err != nil {
		t.Fatal(err)
	}
	if found := dump(t, w, marker); len(found) > 0 {
		t.Errorf("after erasing, the person is still in %s", strings.Join(found, "\n"))
	}
	// Statistics stay.
	p.View(func(tx *store.Tx) error {
		c, err := tx.Conversation(before.ID)
		if err != nil {
			return err
		}
		if c.State != rapport.Closed || !c.OpenedAt.Equal(before.OpenedAt) || c.LastSeq < before.LastSeq || c.QueueID != before.QueueID {
			t.Errorf("the conversation is %+v; times, queue and number of messages should stay", c)
		}
		items, err := tx.Items(before.ID, 0, 0, 100)
		if len(items) < before.LastSeq {
			t.Errorf("%d entries are left of %d", len(items), before.LastSeq)
		}
		return err
	})
	if c := p.byID(id); c.ErasedAt.IsZero() || c.Name != "" {
		t.Errorf("the contact is %+v", c)
	}
	if err := erase("ada", customer.Erasing{Name: string(id)}); rapport.CodeOf(err) != "erased" {
		t.Errorf("erasing twice: %v", err)
	}
	// Nothing is written down about them again, by hand or from a file.
	actor := p.Actor("sue")
	again := p.refused("erased")
	again.Update(func(tx *store.Tx) error {
		_, err := conversation.NameCustomer(tx, actor, id, name)
		return err
	})
	again.Update(func(tx *store.Tx) error {
		_, err := conversation.SetContactFields(tx, actor, id, map[string]string{"city": marker})
		return err
	})
	again.Update(func(tx *store.Tx) error {
		_, err := customer.SetTags(tx, actor, id, []string{marker})
		return err
	})
	again.Update(func(tx *store.Tx) error {
		_, err := customer.AddPoint(tx, actor, id, "", "@"+marker)
		return err
	})
	_, m := p.importing("id;name;points;city;tags\n" + string(id) + ";" + name + ";@again;Bonn;vip\n;Somebody else;other@example.com;;\n")
	if m.Bad != 1 || m.Added != 1 || len(m.Problems) != 1 || !strings.Contains(m.Problems[0].Errors[0], "erased on request") {
		t.Errorf("imported: %+v", m)
	}
	if c := p.byID(id); c.Name != "" || len(c.Points)+len(c.Fields)+len(c.Tags) > 0 {
		t.Errorf("the erased contact is %+v again", c)
	}
	// The address is free: whoever writes from it is somebody new.
	p.Write(marker+"@example.com", "Me again")
	if got := p.contact(marker + "@example.com").ID; got == id {
		t.Error("the erased contact came back")
	}
}

// dump names the tables and rows in which the marker is.
func dump(t *testing.T, w *rapporttest.World, marker string) (found []string) {
	t.Helper()
	w.View(func(tx *store.Tx) (err error) {
		found, err = tx.Grep(marker)
		return err
	})
	return found
}

// Whoever adds a table says what is erased of it.
func TestEveryTableIsKnownToErasing(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		w.View(func(tx *store.Tx) error {
			unknown, err := tx.UnknownToErasing()
			if len(unknown) > 0 {
				t.Errorf("say in store/erase.go what is erased of the tables %v, or that they hold nothing of customers", unknown)
			}
			return err
		})
	})
}

// What one person asks for holds all that is kept, and nothing of others.
func TestHandingOutOnePersonsData(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		p := newPeople(w)
		marker := markers[1]
		id, name := marked(p, marker)
		p.Update(func(tx *store.Tx) error { return customer.Asked(tx, p.Actor("ada"), id) })
		var out bytes.Buffer
		if err := customer.Write(t.Context(), w.DB, p.Actor("ada"), id, nil, &out); err != nil {
			t.Fatal(err)
		}
		z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
		if err != nil {
			t.Fatal(err)
		}
		all := ""
		for _, f := range z.File {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			all += f.Name + "\n" + string(text)
		}
		for _, want := range []string{"person.json", name, "Hello, I am " + marker, "She is " + marker, marker + "ville", "I was here before", `"exported"`} {
			if !strings.Contains(all, want) {
				t.Errorf("%q is not in what was handed out", want)
			}
		}
		if strings.Contains(all, "I know somebody") {
			t.Error("another customer's message was handed out")
		}
	})
}
