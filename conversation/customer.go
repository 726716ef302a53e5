package conversation

import (
	"strings"
	"unicode/utf8"

	"rapport"
	"rapport/store"
)

// Customer returns a contact, if the actor may see one of their conversations.
func Customer(tx *store.Tx, actor rapport.Actor, id rapport.ContactID) (rapport.Contact, error) {
	if id == rapport.InternalContact {
		return rapport.Contact{}, rapport.Errorf(rapport.NotFound, "not_found", "There is no customer %q.", id)
	}
	c, err := tx.Contact(id)
	if err != nil || actor.SeesAll() {
		return c, err
	}
	seen, err := tx.OfContact(store.Filter{Actor: actor, Contact: id, Page: store.Page{Limit: 1}})
	if err == nil && len(seen) == 0 {
		return rapport.Contact{}, rapport.Errorf(rapport.NotFound, "not_found", "There is no customer %q.", id)
	}
	return c, err
}

// NameCustomer saves what an agent calls a customer: from then on somebody
// vouches for who it is (S3-53).
func NameCustomer(tx *store.Tx, actor rapport.Actor, id rapport.ContactID, name string) (rapport.Contact, error) {
	c, err := Customer(tx, actor, id)
	if err != nil {
		return c, err
	}
	if err := c.Describable(); err != nil {
		return c, err
	}
	if name = strings.TrimSpace(name); name == "" || utf8.RuneCountInString(name) > 120 {
		return c, rapport.Invalidf("name", "A customer's name has 1 to 120 characters.")
	}
	if c.Name == name && c.Known {
		return c, nil
	}
	was := c.Name
	c.Name, c.Known = name, true
	if err := tx.NameContact(id, name, true); err != nil {
		return c, err
	}
	if err := tx.NoteContact(actor, id, "named", rapport.Detail{What: "name", From: was, To: name}); err != nil {
		return c, err
	}
	return c, tx.Append(rapport.Event{Kind: "contact.changed", ContactID: id}, rapport.Change{Contact: &c})
}

// Visible returns a conversation if the actor may see it; otherwise it does not
// exist for them.
func Visible(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID) (rapport.Summary, error) {
	return See(tx, actor, id)
}
