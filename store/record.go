package store

import "rapport"

// Record saves a changed conversation together with the items that tell of the
// change, and appends the event that carries both: row, thread and log always
// move in step. before is the conversation as it was read; its zero value makes
// a new one. Items get their numbers here.
func (tx *Tx) Record(s *rapport.Summary, before rapport.Conversation, kind string, items ...rapport.Item) error {
	for i := range items {
		s.LastSeq++
		items[i].ConversationID, items[i].Seq = s.ID, s.LastSeq
		if items[i].At.IsZero() {
			items[i].At = tx.now
		}
	}
	if before.ID == "" {
		if err := tx.InsertConversation(&s.Conversation); err != nil {
			return err
		}
	} else if err := tx.UpdateConversation(&s.Conversation); err != nil {
		return err
	}
	if err := tx.InsertItems(items); err != nil {
		return err
	}
	return tx.announce(s, before, kind, items)
}

// Announce appends an event about items that changed in place, such as their
// delivery.
func (tx *Tx) Announce(s *rapport.Summary, kind string, items ...rapport.Item) error {
	return tx.announce(s, s.Conversation, kind, items)
}

func (tx *Tx) announce(s *rapport.Summary, before rapport.Conversation, kind string, items []rapport.Item) error {
	e := rapport.Event{Kind: kind, ConversationID: s.ID, QueueID: s.QueueID, AgentID: s.Assignee, ContactID: s.ContactID}
	if before.QueueID != s.QueueID {
		e.FromQueue = before.QueueID
	}
	if before.Assignee != s.Assignee {
		e.FromAgent = before.Assignee
	}
	if s.Transfer != nil {
		e.ToQueue = s.Transfer.QueueID
	} else if before.Transfer != nil && before.Transfer.QueueID != s.QueueID {
		e.FromQueue = before.Transfer.QueueID
	}
	return tx.Append(e, rapport.Change{Conversation: s, Items: items})
}
