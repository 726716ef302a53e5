package conversation

import (
	"strings"

	"rapport"
	"rapport/routing"
	"rapport/store"
)

// alone is what a customer is told for whom nobody is here: that the agent who
// has the conversation is away (C10), or that the queue is closed.
func alone(tx *store.Tx, s *rapport.Summary, before rapport.Conversation) ([]rapport.Item, error) {
	items, err := absent(tx, s, before)
	if err != nil || len(items) > 0 {
		return items, err
	}
	return closed(tx, s)
}

// absent tells a customer whose conversation was assigned to an agent who is
// not available; the reply timer runs from that moment (C10).
func absent(tx *store.Tx, s *rapport.Summary, before rapport.Conversation) ([]rapport.Item, error) {
	if !s.WhileUnavailable || s.Assignee == "" || s.Assignee == before.Assignee && before.WhileUnavailable {
		return nil, nil
	}
	a, err := tx.Agent(s.Assignee)
	if err != nil || a.Availability() == rapport.StatusAvailable { // full, but here
		return nil, err
	}
	return said(tx, s, func(t rapport.Texts) string { return strings.ReplaceAll(t.Unavailable, "{agent}", s.AssigneeName) })
}

// closed is the automatic reply of a queue outside its hours: once for each
// conversation and time that it is closed, and not while somebody who is here
// has it.
func closed(tx *store.Tx, s *rapport.Summary) ([]rapport.Item, error) {
	config, err := tx.Configuration()
	if err != nil {
		return nil, err
	}
	q := config.Queues[s.QueueID]
	if q == nil || q.Hours == nil || q.Hours.Reply == "" || s.BotID != "" || q.Hours.Open(tx.Now()) {
		return nil, nil
	}
	if !s.ClosedTold.IsZero() && q.Hours.Opening(s.ClosedTold).After(tx.Now()) {
		return nil, nil
	}
	if s.Assignee != "" {
		a, err := tx.Agent(s.Assignee)
		if err != nil || a.Availability() == rapport.StatusAvailable {
			return nil, err
		}
	}
	items, err := said(tx, s, func(rapport.Texts) string { return q.Hours.Reply })
	if len(items) > 0 {
		s.ClosedTold = tx.Now()
	}
	return items, err
}

// Anyone is the wish of a customer who does not want to wait for their own agent
// any longer: whoever can takes it. Where the rules wait for that agent without
// an end, nothing changes.
func Anyone(tx *store.Tx, id rapport.ConversationID) error {
	s, err := tx.Summary(id)
	if err != nil || s.Waiting == nil || s.Waiting.AgentID == "" || s.Waiting.Until.IsZero() {
		return err
	}
	line := rapport.Item{Kind: rapport.ItemEvent, By: rapport.ByCustomer, AuthorID: string(s.ContactID), AuthorName: s.ContactName,
		Event: "held", Body: s.ContactName + " would rather have anyone now than wait for " + nameOf(tx, s.Waiting.AgentID)}
	return routing.Reroute(tx, &s, routing.Request{Trigger: "anyone", Wish: routing.Wish{NoHold: true}}, "conversation.assigned", line)
}
