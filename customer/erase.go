package customer

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"rapport"
	"rapport/conversation"
	"rapport/search"
	"rapport/store"
)

// Erasing is what an admin confirmed.
type Erasing struct {
	Name  string `json:"name" doc:"The customer's name, typed once more; for one without a name, their address or id."`
	Close bool   `json:"close,omitempty" doc:"Close the conversations that are still going on."`
	Notes bool   `json:"notes,omitempty" doc:"Erase all notes in their conversations, not only those that name them."`
}

// Erase removes what is known of a person who asked for it: name, addresses,
// fields, the texts and files of their conversations, what names them elsewhere.
// That there was a conversation, when, and who served it stays, as a number. It
// cannot be undone.
func Erase(ctx context.Context, db *store.DB, actor rapport.Actor, id rapport.ContactID, e Erasing) error {
	var found store.Scattered
	if e.Close { // before: what the log says of it is erased like the rest
		err := db.Update(ctx, func(tx *store.Tx) error {
			if _, err := erasable(tx, actor, id, e); err != nil {
				return err
			}
			open, err := ongoing(tx, id)
			if err != nil {
				return err
			}
			for _, s := range open {
				if _, err := conversation.SetState(tx, rapport.System, s.ID, rapport.Closed); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		e.Close = false
	}
	err := db.View(ctx, func(tx *store.Tx) error {
		what, err := erasable(tx, actor, id, e)
		if err == nil {
			found, err = tx.Scattered(what)
		}
		return err
	})
	if err != nil {
		return err
	}
	var gone store.Erasure
	if err := db.Update(ctx, func(tx *store.Tx) (err error) {
		gone, err = erase(tx, actor, id, e, found)
		return err
	}); err != nil {
		return err
	}
	// They are erased. Should the index not forget them now, it does when it follows the
	// log, which tells of the same.
	_ = db.Index(ctx, func(tx *store.Tx) error { return search.Forget(tx, gone.Conversations, gone.Contacts) })
	return nil
}

// erasable checks what was asked for, and says whose traces go.
func erasable(tx *store.Tx, actor rapport.Actor, id rapport.ContactID, e Erasing) (what store.Erasure, err error) {
	if !actor.Administers() {
		return what, rapport.Errorf(rapport.Forbidden, "forbidden", "Admins erase customers.")
	}
	c, err := current(tx, actor, id)
	if err != nil {
		return what, err
	}
	if !c.ErasedAt.IsZero() {
		return what, rapport.Errorf(rapport.Conflict, "erased", "What was known of this person was erased already.")
	}
	if wanted := nameOf(&c); strings.TrimSpace(e.Name) != wanted && strings.TrimSpace(e.Name) != string(id) {
		return what, rapport.Invalidf("name", "Type the customer's name as it is shown, %s, to confirm.", wanted)
	}
	open, err := ongoing(tx, id)
	if err != nil {
		return what, err
	}
	if len(open) > 0 && !e.Close {
		return what, rapport.Errorf(rapport.Conflict, "ongoing", "Of the customer's conversations %d are not closed. Close them first, or have them closed with it.", len(open)).With("conversations", len(open))
	}
	what.Notes = e.Notes
	if what.Contacts, err = tx.MergedInto(id); err != nil {
		return what, err
	}
	if what.Conversations, err = tx.AllOf(id); err != nil {
		return what, err
	}
	for _, of := range what.Contacts {
		one, err := tx.Contact(of)
		if err != nil {
			return what, err
		}
		what.Points = append(what.Points, one.Points...)
		for _, w := range words(&one) {
			if !slices.Contains(what.Words, w) {
				what.Words = append(what.Words, w)
			}
		}
	}
	return what, nil
}

func erase(tx *store.Tx, actor rapport.Actor, id rapport.ContactID, e Erasing, found store.Scattered) (what store.Erasure, err error) {
	if what, err = erasable(tx, actor, id, e); err != nil {
		return what, err
	}
	own := len(what.Conversations)
	if err := tx.Erase(what, found); err != nil {
		return what, err
	}
	if err := told(tx, "contact.erased", what.Contacts...); err != nil {
		return what, err
	}
	for _, cid := range found.Noted() { // other people's
		if !slices.Contains(what.Conversations, cid) {
			what.Conversations = append(what.Conversations, cid)
		}
	}
	for _, cid := range what.Conversations {
		s, err := tx.Summary(cid)
		if err != nil {
			return what, err
		}
		if err := tx.Announce(&s, "conversation.erased"); err != nil {
			return what, err
		}
	}
	return what, tx.Audit(actor, "contact.erased", string(id), strconv.Itoa(own)+" conversations")
}

// words are what names a person in other people's texts: the whole name, and the
// addresses. Short ones would hit too much.
func words(c *rapport.Contact) (list []string) {
	for _, w := range append([]string{c.Name}, addresses(c)...) {
		if len([]rune(w)) >= 5 {
			list = append(list, w)
		}
	}
	return list
}

func addresses(c *rapport.Contact) (list []string) {
	for _, p := range c.Points {
		list = append(list, p.Address)
		if p.Shown != "" {
			list = append(list, p.Shown)
		}
		if _, id, found := strings.Cut(p.Address, ":"); found {
			list = append(list, id)
		}
	}
	return list
}
