package customer

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"rapport"
	"rapport/conversation"
	"rapport/lib/point"
	"rapport/store"
)

// mostPoints is how many contact points a customer may have.
const mostPoints = 50

// New is what a new customer begins with.
type New struct {
	Name   string
	Points []string // as a person writes them
	Fields map[string]string
	Tags   []string
}

// Create adds a customer whom somebody vouches for.
func Create(tx *store.Tx, actor rapport.Actor, n New) (rapport.Contact, error) {
	name := strings.TrimSpace(n.Name)
	if name == "" || utf8.RuneCountInString(name) > 120 {
		return rapport.Contact{}, rapport.Invalidf("name", "A customer's name has 1 to 120 characters.")
	}
	c := rapport.Contact{ID: rapport.NewID[rapport.ContactID](), Name: name, Known: true, CreatedAt: tx.Now(), Points: []rapport.Point{}}
	if len(n.Points) > mostPoints {
		return c, tooManyPoints()
	}
	for _, text := range n.Points {
		p, err := read(tx, "", text)
		if err != nil {
			return c, err
		}
		if err := free(tx, actor, p, ""); err != nil {
			return c, err
		}
		if !slices.ContainsFunc(c.Points, func(o rapport.Point) bool { return same(o, p) }) {
			c.Points = append(c.Points, p)
		}
	}
	if err := tx.InsertContact(c); err != nil {
		return c, err
	}
	fields, err := conversation.Fitting(tx, n.Fields, false)
	if err != nil {
		return c, err
	}
	if c.Fields = rapport.WithFields(nil, fields); len(c.Fields) > 0 {
		if err := rapport.ValidFields("fields", c.Fields); err != nil {
			return c, err
		}
		if err := tx.SetContactFields(c.ID, c.Fields); err != nil {
			return c, err
		}
	}
	if c.Tags, _, err = rapport.WithTags(nil, n.Tags, nil); err != nil {
		return c, err
	}
	if len(c.Tags) > 0 {
		if err := tx.SetContactTags(c.ID, c.Tags); err != nil {
			return c, err
		}
	}
	if err := tx.NoteContact(actor, c.ID, "created", rapport.Detail{What: "name", To: name}); err != nil {
		return c, err
	}
	return c, changed(tx, c)
}

// changed tells that a customer is another now.
func changed(tx *store.Tx, c rapport.Contact) error {
	return tx.Append(rapport.Event{Kind: "contact.changed", ContactID: c.ID}, rapport.Change{Contact: &c})
}

func same(a, b rapport.Point) bool { return a.Kind == b.Kind && a.Address == b.Address }

// read brings an address into its form.
func read(tx *store.Tx, kind rapport.PointKind, text string) (rapport.Point, error) {
	config, err := tx.Configuration()
	if err != nil {
		return rapport.Point{}, err
	}
	if kind == rapport.PointVisitor {
		return rapport.Point{}, rapport.Invalidf("kind", "A visitor's address is made by the widget; nobody adds it by hand.")
	}
	p, err := point.Parse(kind, text, config.Settings.Country)
	if err != nil || p.Kind != rapport.PointExternal {
		return p, err
	}
	inbox, id, found := strings.Cut(p.Address, ":")
	if !found || id == "" || config.Inboxes[rapport.InboxID(inbox)] == nil {
		return p, rapport.Invalidf("point", "%q is not an id of another system; write the inbox's id, a colon and theirs.", text)
	}
	return p, nil
}

// free refuses a point that somebody else has, naming them to those who may
// see them: merging is the way out.
func free(tx *store.Tx, actor rapport.Actor, p rapport.Point, but rapport.ContactID) error {
	owner, err := tx.PointOwner(p)
	if err != nil || owner == "" || owner == but {
		return err
	}
	refusal := rapport.Errorf(rapport.Conflict, "point_taken", "%s already belongs to another customer, whom you may not see. Ask a supervisor whether they are the same person.", p.Address)
	refusal.Field = "point"
	other, err := conversation.Customer(tx, actor, owner)
	if rapport.KindOf(err) == rapport.NotFound {
		return refusal
	}
	if err != nil {
		return err
	}
	refusal.Message = fmt.Sprintf("%s already belongs to %s. If they are the same person, merge the two.", p.Address, nameOf(&other))
	return refusal.With("contact", map[string]any{"id": other.ID, "name": nameOf(&other)}).With("address", p.Address)
}

// nameOf is what a customer is called where no conversation names them.
func nameOf(c *rapport.Contact) string {
	var p rapport.Point
	if len(c.Points) > 0 {
		p = c.Points[0]
	}
	if name := rapport.ShownName(c.Name, p); name != "" {
		return name
	}
	return "an unknown customer"
}

func tooManyPoints() error {
	return rapport.Invalidf("points", "A customer has at most %d contact points.", mostPoints)
}

// current is a customer whom the actor may see and who was not merged away.
func current(tx *store.Tx, actor rapport.Actor, id rapport.ContactID) (rapport.Contact, error) {
	c, err := conversation.Customer(tx, actor, id)
	if err != nil {
		return c, err
	}
	switch {
	case id == rapport.InternalContact:
		return c, rapport.Errorf(rapport.NotFound, "not_found", "There is no customer %q.", id)
	case c.MergedInto != "":
		into, err := tx.Survivor(id)
		if err != nil {
			return c, err
		}
		return c, rapport.Errorf(rapport.Conflict, "merged", "This customer was merged into another; change that one.").With("contact", map[string]any{"id": into})
	}
	return c, nil
}

// describable is a current customer of whom something may be written down.
func describable(tx *store.Tx, actor rapport.Actor, id rapport.ContactID) (rapport.Contact, error) {
	c, err := current(tx, actor, id)
	if err == nil {
		err = c.Describable()
	}
	return c, err
}

// AddPoint gives a customer one more address.
func AddPoint(tx *store.Tx, actor rapport.Actor, id rapport.ContactID, kind rapport.PointKind, text string) (rapport.Contact, error) {
	c, err := describable(tx, actor, id)
	if err != nil {
		return c, err
	}
	p, err := read(tx, kind, text)
	if err != nil {
		return c, err
	}
	if slices.ContainsFunc(c.Points, func(o rapport.Point) bool { return same(o, p) }) {
		return c, nil
	}
	if len(c.Points) >= mostPoints {
		return c, tooManyPoints()
	}
	if err := free(tx, actor, p, id); err != nil {
		return c, err
	}
	if err := tx.InsertPoint(id, p); err != nil {
		return c, err
	}
	return repointed(tx, actor, id, "point_added", rapport.Detail{What: "point", To: p.Address})
}

// ChangePoint puts another address in the place of one.
func ChangePoint(tx *store.Tx, actor rapport.Actor, id rapport.ContactID, was rapport.Point, text string) (rapport.Contact, error) {
	c, err := describable(tx, actor, id)
	if err != nil {
		return c, err
	}
	kind := was.Kind
	if kind == rapport.PointPhone || kind == rapport.PointEmail || kind == rapport.PointHandle {
		kind = "" // a number that was put down as something else
	}
	p, err := read(tx, kind, text)
	if err != nil {
		return c, err
	}
	if same(p, was) {
		return c, nil
	}
	if err := free(tx, actor, p, id); err != nil {
		return c, err
	}
	if err := tx.DeletePoint(id, was); err != nil {
		return c, err
	}
	if !slices.ContainsFunc(c.Points, func(o rapport.Point) bool { return same(o, p) }) {
		if err := tx.InsertPoint(id, p); err != nil {
			return c, err
		}
	}
	return repointed(tx, actor, id, "point_changed", rapport.Detail{What: "point", From: was.Address, To: p.Address})
}

// RemovePoint takes an address from a customer. Conversations keep where they
// answer to; what comes from there next is from somebody unknown.
func RemovePoint(tx *store.Tx, actor rapport.Actor, id rapport.ContactID, p rapport.Point) (rapport.Contact, error) {
	c, err := current(tx, actor, id)
	if err != nil {
		return c, err
	}
	if err := tx.DeletePoint(id, p); err != nil {
		return c, err
	}
	return repointed(tx, actor, id, "point_removed", rapport.Detail{What: "point", From: p.Address})
}

func repointed(tx *store.Tx, actor rapport.Actor, id rapport.ContactID, action string, detail rapport.Detail) (rapport.Contact, error) {
	c, err := tx.Contact(id)
	if err != nil {
		return c, err
	}
	if err := tx.NoteContact(actor, id, action, detail); err != nil {
		return c, err
	}
	return c, changed(tx, c)
}

// SetTags makes these the tags of a customer, and no others.
func SetTags(tx *store.Tx, actor rapport.Actor, id rapport.ContactID, tags []string) (rapport.Contact, error) {
	c, err := describable(tx, actor, id)
	if err != nil {
		return c, err
	}
	now, _, err := rapport.WithTags(nil, tags, nil)
	if err != nil || slices.Equal(now, c.Tags) {
		return c, err
	}
	was := c.Tags
	c.Tags = now
	if err := tx.SetContactTags(id, now); err != nil {
		return c, err
	}
	if err := tx.NoteContact(actor, id, "tags", rapport.Detail{What: "tags", From: strings.Join(was, ", "), To: strings.Join(now, ", ")}); err != nil {
		return c, err
	}
	return c, changed(tx, c)
}
