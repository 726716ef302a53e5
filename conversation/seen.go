package conversation

import (
	"slices"

	"rapport"
	"rapport/store"
)

// Seen notes that the holder has the thread before them, up to an item.
// Others' looking leaves no trace for the customer.
func Seen(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID, seq int) error {
	s, err := See(tx, actor, id)
	if err != nil {
		return err
	}
	if seq = min(seq, s.LastSeq); s.Assignee != actor.AgentID || seq <= s.AgentSeen {
		return nil
	}
	before := s.Conversation
	s.AgentSeen = seq
	return tx.Record(&s, before, "conversation.seen")
}

// CustomerSeen notes that the customer has seen our messages by an inbox up to
// an item; an empty inbox is every one.
func CustomerSeen(tx *store.Tx, id rapport.ConversationID, inbox rapport.InboxID, seq int) error {
	return reached(tx, id, inbox, seq, rapport.Seen)
}

// CustomerGot notes that our messages by an inbox up to an item have arrived.
func CustomerGot(tx *store.Tx, id rapport.ConversationID, inbox rapport.InboxID, seq int) error {
	return reached(tx, id, inbox, seq, rapport.Delivered)
}

func reached(tx *store.Tx, id rapport.ConversationID, inbox rapport.InboxID, seq int, d rapport.Delivery) error {
	s, err := tx.Summary(id)
	if err != nil {
		return err
	}
	if s.MergedInto != "" {
		if id, seq, err = tx.Whither(id, seq); err != nil {
			return err
		}
		if s, err = tx.Summary(id); err != nil {
			return err
		}
	}
	items, err := tx.Undelivered(id, seq, d)
	if err != nil {
		return err
	}
	items = slices.DeleteFunc(items, func(i rapport.Item) bool { return inbox != "" && i.InboxID != inbox })
	for i := range items {
		items[i].Delivery, items[i].Error = d, ""
		if err := tx.SetDelivery(id, items[i].Seq, d, ""); err != nil {
			return err
		}
	}
	if seq = min(seq, s.LastSeq); d == rapport.Seen && seq > s.CustomerSeen {
		s.CustomerSeen = seq
		if err := tx.UpdateConversation(&s.Conversation); err != nil {
			return err
		}
	} else if len(items) == 0 {
		return nil
	}
	return tx.Announce(&s, "message.delivery", items...)
}

// Report keeps what a channel says of one message of ours. News that come late
// or twice change nothing.
func Report(tx *store.Tx, id rapport.ConversationID, seq int, d rapport.Delivery, failure string) error {
	item, err := tx.ItemAnywhere(id, seq)
	if err != nil {
		return err
	}
	id, seq = item.ConversationID, item.Seq
	if item.Kind != rapport.ItemMessage || item.By == rapport.ByCustomer {
		return rapport.Invalidf("seq", "Item %d is not a message of ours.", seq)
	}
	if !d.After(item.Delivery) {
		return nil
	}
	if err := tx.SetDelivery(id, seq, d, failure); err != nil {
		return err
	}
	item.Delivery, item.Error = d, failure
	s, err := tx.Summary(id)
	if err != nil {
		return err
	}
	return tx.Announce(&s, "message.delivery", item)
}
