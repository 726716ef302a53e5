package conversation

import (
	"rapport"
	"rapport/store"
)

// Fusable tells why the conversations of two customers who become one cannot
// become one conversation, nil if they can. Whose they are does not matter: who
// may merge customers decides for all of them.
func Fusable(into, from *rapport.Summary) error {
	switch {
	case into.Internal() || from.Internal():
		return rapport.Errorf(rapport.Conflict, "internal", "Conversations among colleagues cannot be merged.")
	case !into.State.Active():
		return rapport.Errorf(rapport.Conflict, "not_open", "The conversation of %s in %s is %s; the open one has to stay.", into.ContactName, into.InboxName, into.State)
	case into.Transfer != nil || from.Transfer != nil:
		return rapport.Errorf(rapport.Conflict, "transfer_waiting", "A transfer of a conversation in %s is waiting; call it back first.", into.InboxName)
	}
	return nil
}

// Fuse puts the thread of one customer's conversation into another's, by the
// rules of Merge, while the two become one.
func Fuse(tx *store.Tx, actor rapport.Actor, id, other rapport.ConversationID) error {
	into, from, err := both(tx, id, other)
	if err != nil {
		return err
	}
	if err := Fusable(&into, &from); err != nil {
		return err
	}
	_, err = takeOver(tx, actor, into, from)
	return err
}

// both reads two conversations, whoever may see them.
func both(tx *store.Tx, id, other rapport.ConversationID) (into, from rapport.Summary, err error) {
	if into, err = tx.Summary(id); err == nil {
		from, err = tx.Summary(other)
	}
	return into, from, err
}

// Unfusable tells why a thread cannot be taken out of the conversation that Fuse
// put it into, nil if it can.
func Unfusable(tx *store.Tx, id, other rapport.ConversationID) error {
	into, from, err := both(tx, id, other)
	if err != nil {
		return err
	}
	no := func(why string) error {
		return rapport.Errorf(rapport.Conflict, "cannot_undo", "The conversations of the two cannot be told apart any more: %s.", why)
	}
	switch {
	case from.MergedInto != id:
		return no("the merge of their conversations was undone before")
	case into.MergedInto != "":
		return no("the one that both became was itself merged into another one; undo that first")
	case into.ContactID != from.ContactID:
		return no("the one that both became was given to another customer since")
	}
	return nil
}

// Unfuse takes the thread out again, before the customers are two again. Revive
// goes on with it afterwards.
func Unfuse(tx *store.Tx, actor rapport.Actor, id, other rapport.ConversationID) (store.Merged, error) {
	m, found, err := tx.MergeOf(other)
	if err != nil || !found {
		return m, err
	}
	into, from, err := both(tx, id, other)
	if err != nil {
		return m, err
	}
	_, err = giveBack(tx, actor, into, from, &m)
	return m, err
}

// Revive makes a conversation what it was before Fuse took its thread. It stays
// closed where the conversation that both became has been closed, or where its
// customer has a newer one.
func Revive(tx *store.Tx, actor rapport.Actor, m store.Merged) error {
	from, err := tx.Summary(m.From)
	if err != nil {
		return err
	}
	into, err := tx.Conversation(m.Into)
	if err != nil {
		return err
	}
	newer, err := tx.OngoingWith(from.ContactID, from.InboxID)
	if err != nil {
		return err
	}
	closed := from.Conversation
	if into.State != rapport.Closed && newer == "" && from.ContactID == m.Before.From.ContactID {
		return revive(tx, actor, from, closed, &m)
	}
	from.MergedInto = ""
	return tx.Record(&from, closed, "conversation.unmerged")
}

// joinedOf returns what inboxes lead to for the customer of a conversation, and
// which lead the customer of another one to that.
func joinedOf(tx *store.Tx, into, from *rapport.Summary) ([]store.Joined, error) {
	own, err := tx.JoinedOf(into.ContactID)
	if err != nil || into.ContactID == from.ContactID {
		return own, err
	}
	theirs, err := tx.JoinedOf(from.ContactID)
	var list []store.Joined
	for _, j := range theirs {
		if j.ConversationID == from.ID {
			list = append(list, j)
		}
	}
	return append(list, own...), err // of one inbox the own one counts
}
