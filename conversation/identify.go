package conversation

import (
	"rapport"
	"rapport/store"
)

// Identify finds or makes the contact whom somebody vouches for, before they
// have written anything. Points that nobody has yet become theirs.
func Identify(tx *store.Tx, inbox rapport.InboxID, points []rapport.Point, name string) (rapport.Contact, error) {
	c, err := tx.Caller(points[0], inbox, "")
	if err != nil {
		return rapport.Contact{}, err
	}
	if c, err = acquaint(tx, Inbound{InboxID: inbox, Points: points, Name: name, Known: true}, c); err != nil {
		return rapport.Contact{}, err
	}
	return tx.Contact(c.ContactID)
}
