package customer

import (
	"fmt"

	"rapport"
	"rapport/conversation"
	"rapport/store"
)

// Unlinked is what became of a conversation that was not the customer's.
type Unlinked struct {
	Conversation rapport.Summary `json:"conversation"`
	Contact      rapport.Contact `json:"contact" doc:"The new, unknown customer whose it is now."`
	WithPoint    bool            `json:"with_point" doc:"The address went with it: the customer used it nowhere else. Otherwise what comes from there next is the customer's again."`
}

// Unlink takes a wrong conversation from a customer: it goes to a new, unknown
// one, with its address where that was used only here, and with the bond that it
// left; what the customer was bound to before comes back (S3-56, trap 14).
func Unlink(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID) (u Unlinked, err error) {
	s, err := conversation.Visible(tx, actor, id)
	if err != nil {
		return u, err
	}
	if s.Internal() {
		return u, rapport.Errorf(rapport.Conflict, "internal", "A conversation among colleagues has no customer.")
	}
	was, err := tx.Contact(s.ContactID)
	if err != nil {
		return u, err
	}
	all, err := tx.AllOf(was.ID)
	if err != nil {
		return u, err
	}
	if len(all) == 1 && !was.Known {
		return u, rapport.Errorf(rapport.Conflict, "nothing_to_unlink", "The customer is unknown and has no other conversation. Link it to the right customer instead.")
	}
	if s.MergedInto != "" {
		return u, rapport.Errorf(rapport.Conflict, "merged", "This conversation went into another one. Undo that merge first.")
	}
	to := rapport.Contact{ID: rapport.NewID[rapport.ContactID](), CreatedAt: tx.Now(), Points: []rapport.Point{}}
	if err := tx.InsertContact(to); err != nil {
		return u, err
	}
	used, err := tx.PointUsed(was.ID, s.Point, id)
	if err != nil {
		return u, err
	}
	if !used {
		if u.WithPoint, err = tx.MovePoint(was.ID, to.ID, s.Point); err != nil {
			return u, err
		}
	}
	if err := tx.Relink(id, s.Follows, was.ID); err != nil {
		return u, err
	}
	line := lineOf(actor, "%s took it from %s: it is somebody else's", actor.Name, nameOf(&was))
	if err := give(tx, id, to.ID, line); err != nil {
		return u, err
	}
	if s, err = tx.Summary(id); err != nil {
		return u, err
	}
	if before := s.Conversation; before.Follows != "" {
		s.Follows = ""
		if err := tx.Record(&s, before, "conversation.changed"); err != nil {
			return u, err
		}
	}
	if err := takeBonds(tx, id, was.ID, to.ID); err != nil {
		return u, err
	}
	for _, of := range []rapport.ContactID{was.ID, to.ID} {
		if err := tx.NoteContact(actor, of, "unlinked", rapport.Detail{What: "conversation", From: string(id)}); err != nil {
			return u, err
		}
	}
	if err := told(tx, "contact.unlinked", was.ID, to.ID); err != nil {
		return u, err
	}
	if u.Contact, err = tx.Contact(to.ID); err != nil {
		return u, err
	}
	if u.Conversation, err = tx.Summary(id); err != nil {
		return u, err
	}
	return u, tx.Audit(actor, "contact.unlinked", string(was.ID), fmt.Sprintf("conversation %s went to the unknown customer %s", id, to.ID))
}

// Link says whose an unknown customer's conversation is (S3-56): all that the
// unknown one has becomes the other's. It is a merge, and can be undone as one.
func Link(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID, to rapport.ContactID) (rapport.Contact, error) {
	s, err := conversation.Visible(tx, actor, id)
	if err != nil {
		return rapport.Contact{}, err
	}
	if s.Internal() {
		return rapport.Contact{}, rapport.Errorf(rapport.Conflict, "internal", "A conversation among colleagues has no customer.")
	}
	unknown, err := tx.Contact(s.ContactID)
	if err != nil {
		return unknown, err
	}
	if s.ContactID == to {
		return unknown, nil
	}
	if unknown.Known {
		return unknown, rapport.Errorf(rapport.Conflict, "known", "%s is known. Unlink the conversation if it is somebody else's, or have a supervisor merge the two customers.", nameOf(&unknown))
	}
	if err := linkable(tx, to, unknown.ID); err != nil {
		return unknown, err
	}
	c, _, err := merge(tx, actor, to, unknown.ID, Choice{Name: Into}, true)
	return c, err
}

// linkable refuses a link that would leave two open conversations in one inbox.
func linkable(tx *store.Tx, to, from rapport.ContactID) error {
	pairs, err := clashes(tx, to, from)
	if err != nil {
		return err
	}
	for _, c := range pairs {
		if c.Merges {
			return rapport.Errorf(rapport.Conflict, "ongoing_in_both", "%s has an open conversation in %s already, and one customer has one at a time there. Close that one first, or this one; then link.", c.Into.ContactName, c.Into.InboxName).
				With("clashes", []Clash{c})
		}
	}
	return nil
}
