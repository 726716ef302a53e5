package conversation

import (
	"time"

	"rapport"
	"rapport/routing"
	"rapport/store"
)

// SetState moves a conversation along its state table. Solving and closing free
// the agent's room and end the interaction that affinity counts from (C7).
func SetState(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID, to rapport.State) (rapport.Summary, error) {
	if _, err := flush(tx, actor, id); err != nil {
		return rapport.Summary{}, err
	}
	s, err := See(tx, actor, id)
	if err != nil {
		return s, err
	}
	if !to.Valid() {
		return s, rapport.Invalidf("state", "%q is not a state; use open, pending, solved or closed.", to)
	}
	if s.State == to {
		return s, nil
	}
	if !actor.Supervises() && !began(actor, &s) {
		if err := mayReply(actor, &s); err != nil {
			return s, err
		}
		if s.State.Active() && s.Assignee != "" && s.Assignee != actor.AgentID {
			return s, heldByOther(&s)
		}
	}
	if !s.State.MayBecome(to) {
		if s.State == rapport.Closed {
			return s, rapport.Errorf(rapport.Conflict, "closed", "A closed conversation stays closed; when the customer writes again, a new one starts that is linked to it.")
		}
		return s, rapport.Errorf(rapport.Conflict, "state", "A conversation that is %s cannot become %s.", s.State, to)
	}
	if to == rapport.Open && s.State == rapport.Solved {
		return reopen(tx, actor, s)
	}
	if err := complete(tx, actor, &s, to); err != nil {
		return s, err
	}
	before := s.Conversation
	s.State = to
	line := stateLine(actor, before.State, to)
	if to.Active() {
		return s, tx.Record(&s, before, "conversation.state", line)
	}
	return s, end(tx, &s, before, to, endedBy[actor.Kind], line)
}

var endedBy = map[rapport.ActorKind]rapport.EndedBy{
	rapport.ActorAgent: rapport.EndedByAgent, rapport.ActorBot: rapport.EndedByBot, rapport.ActorSystem: rapport.EndedByWorkflow,
}

// end solves or closes a conversation: it frees the agent's room, which is
// filled at once, and ends the interaction that affinity counts from (C7).
func end(tx *store.Tx, s *rapport.Summary, before rapport.Conversation, to rapport.State, by rapport.EndedBy, items ...rapport.Item) error {
	freed, err := finish(tx, s, before, to, by, items...)
	if err != nil || freed == "" {
		return err
	}
	return routing.Fill(tx, freed, "capacity_freed")
}

// finish is end without filling the room of the agent whom it freed.
func finish(tx *store.Tx, s *rapport.Summary, before rapport.Conversation, to rapport.State, by rapport.EndedBy, items ...rapport.Item) (freed rapport.AgentID, err error) {
	s.State, s.EndedBy = to, by
	s.Waiting, s.Transfer, s.Excluded, s.Hops = nil, nil, nil, 0
	s.AwaitsSince, s.SilentSince, s.WarnedAt = time.Time{}, time.Time{}, time.Time{}
	if to == rapport.Closed {
		s.ClosedAt = tx.Now()
	} else {
		s.SolvedAt = tx.Now()
	}
	if err := tx.Record(s, before, "conversation.state", items...); err != nil {
		return "", err
	}
	if err := deliver(tx, items); err != nil {
		return "", err
	}
	if err := surveyLater(tx, s, before); err != nil || s.Assignee == "" || !before.State.Active() {
		return "", err
	}
	config, err := tx.Configuration()
	if err != nil {
		return "", err
	}
	if s.Replies >= min(1, config.StickyIn(s.QueueID).MinReplies) {
		if err := tx.Bind(rapport.Affinity{ContactID: s.ContactID, AgentID: s.Assignee, ConversationID: s.ID, QueueID: s.QueueID, EndedAt: tx.Now()}, s.Replies); err != nil {
			return "", err
		}
	}
	return s.Assignee, tx.Recount(s.Assignee, -1)
}

func stateLine(actor rapport.Actor, from, to rapport.State) rapport.Item {
	return rapport.Item{Kind: rapport.ItemEvent, By: by(actor), AuthorID: authorID(actor), AuthorName: actor.Name, Event: "state", Body: actor.Name + " " + deed[to], Data: map[string]any{"from": from, "to": to}}
}

var deed = map[rapport.State]string{
	rapport.Open: "opened it again", rapport.Pending: "set it to pending: we wait for the customer",
	rapport.Solved: "solved it", rapport.Closed: "closed it",
}

// reopen makes a solved conversation open again: with who reopens it, if they
// may reply there, else with whomever the router finds.
func reopen(tx *store.Tx, actor rapport.Actor, s rapport.Summary) (rapport.Summary, error) {
	before := s.Conversation
	s.Reopen()
	if s.LastBy == rapport.ByCustomer { // solving has ended their waiting; it was no answer
		s.AwaitsSince = tx.Now()
	}
	line := stateLine(actor, before.State, rapport.Open)
	var items []rapport.Item
	var err error
	if actor.Kind == rapport.ActorAgent && actor.Replies(&s.Conversation) {
		items, err = routing.Give(tx, &s, routing.Grant{To: actor.AgentID, Queue: s.QueueID, Trigger: "reopen", Sentence: "Reopened by " + actor.Name, EvenAway: true, Override: true})
	} else {
		_, items, err = routing.Assign(tx, &s, routing.Request{Trigger: "reopened"})
	}
	if err != nil {
		return s, err
	}
	return s, tx.Record(&s, before, "conversation.reopened", append([]rapport.Item{line}, items...)...)
}

// SetPriority changes who goes first among those who wait.
func SetPriority(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID, p rapport.Priority) (rapport.Summary, error) {
	s, err := seeToDescribe(tx, actor, id)
	if err != nil {
		return s, err
	}
	if p.Rank() == 0 {
		return s, rapport.Invalidf("priority", "%q is not a priority; use low, normal, high or urgent.", p)
	}
	if s.Priority == p {
		return s, nil
	}
	before := s.Conversation
	s.Priority = p
	return s, tx.Record(&s, before, "conversation.changed", rapport.Item{Kind: rapport.ItemEvent, By: rapport.ByAgent, AuthorID: string(actor.AgentID), AuthorName: actor.Name, Event: "priority", Body: actor.Name + " set the priority to " + string(p), Data: map[string]any{"from": before.Priority, "to": p}})
}
