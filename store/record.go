package store

import (
	"slices"
	"time"

	"rapport"
	"rapport/lib/sortname"
)

// Record saves a changed conversation together with the items that tell of the
// change, and appends the event that carries both: row, thread and log always
// move in step. The timer follows from what the conversation is now, so that
// arming it is part of this write. before is the conversation as it was read; its zero value makes
// a new one. Items get their numbers here.
func (tx *Tx) Record(s *rapport.Summary, before rapport.Conversation, kind string, items ...rapport.Item) error {
	for i := range items {
		s.LastSeq++
		items[i].ConversationID, items[i].Seq = s.ID, s.LastSeq
		if items[i].At.IsZero() {
			items[i].At = tx.now
		}
	}
	sleep(&s.Conversation, &before)
	if err := tx.arm(&s.Conversation); err != nil {
		return err
	}
	if s.ContactName != "" {
		s.SortName = sortname.Key(s.ContactName)
	}
	if before.ID == "" {
		if err := tx.InsertConversation(&s.Conversation); err != nil {
			return err
		}
	} else if err := tx.UpdateConversation(&s.Conversation); err != nil {
		return err
	}
	if err := tx.indexTags(s.ID, before.Tags, s.Tags); err != nil {
		return err
	}
	if err := tx.InsertItems(items); err != nil {
		return err
	}
	return tx.announce(s, before, kind, items)
}

// sleep ends a snooze with what ends its reason: it exists only while a
// conversation is pending with the agent who wanted it. One that this change
// brings back, with its agent, begins.
func sleep(c, before *rapport.Conversation) {
	if c.SnoozedUntil.IsZero() || c.State == rapport.Pending && (c.Assignee == before.Assignee || before.SnoozedUntil.IsZero()) {
		return
	}
	c.SnoozedUntil = time.Time{}
	if c.State == rapport.Pending {
		c.State = rapport.Open
	}
}

// Announce appends an event about items that changed in place, such as their
// delivery.
func (tx *Tx) Announce(s *rapport.Summary, kind string, items ...rapport.Item) error {
	return tx.announce(s, s.Conversation, kind, items)
}

func (tx *Tx) announce(s *rapport.Summary, before rapport.Conversation, kind string, items []rapport.Item) error {
	config, err := tx.Configuration()
	if err != nil {
		return err
	}
	s.Order = orderOf(s, s.QueueID == config.Default)
	e := rapport.Event{Kind: kind, ConversationID: s.ID, QueueID: s.QueueID, AgentID: s.Assignee, ContactID: s.ContactID}
	if before.Assignee != s.Assignee {
		e.FromAgent = before.Assignee
	}
	if s.Transfer != nil {
		e.ToQueue = s.Transfer.QueueID
	}
	also := rapport.QueueID("") // a second queue that it left
	for _, q := range queuesOf(&before) {
		switch {
		case slices.Contains(queuesOf(&s.Conversation), q):
		case e.FromQueue == "":
			e.FromQueue = q
		default:
			also = q
		}
	}
	change := rapport.Change{Conversation: s, Items: items}
	if before.ID != "" && before.State != s.State {
		change.Was = before.State
	}
	if err := tx.Append(e, change); err != nil {
		return err
	}
	if s.StartedBy != "" { // who sees it without holding it or being in its queue
		shared := rapport.Event{Kind: "conversation.shared", ConversationID: s.ID, AgentID: s.StartedBy, ContactID: s.ContactID}
		if err := tx.Append(shared, rapport.Change{Conversation: s, Items: items}); err != nil {
			return err
		}
	}
	if also == "" {
		return nil
	}
	e.Kind, e.FromQueue, e.FromAgent = "conversation.left", also, ""
	return tx.Append(e, rapport.Change{Conversation: s})
}

// queuesOf returns the queues whose members see a conversation.
func queuesOf(c *rapport.Conversation) []rapport.QueueID {
	queues := []rapport.QueueID{c.QueueID}
	if c.Transfer != nil {
		queues = append(queues, c.Transfer.QueueID)
	}
	return queues
}
