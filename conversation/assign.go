package conversation

import (
	"cmp"
	"slices"

	"rapport"
	"rapport/routing"
	"rapport/store"
)

// Assignment is how a workflow wants a conversation assigned: to an agent, to a
// queue, or, where neither is named, as the ladder says.
type Assignment struct {
	AgentID         rapport.AgentID
	QueueID         rapport.QueueID
	Strategy        rapport.Strategy // instead of the queue's
	PreferLastAgent bool
	EvenAway        bool // also to somebody who is not available (C10)
	Keep            bool // nothing moves if somebody holds it
	NotCurrent      bool // nor to anybody who had it since the last answer
	Untimed         bool // the workflow looks after the answer
}

// Assign routes a conversation for a workflow. Where nobody can take it, it
// waits with the reason, and goes to the first who can (C25): then assigned is
// false.
func Assign(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID, to Assignment) (s rapport.Summary, assigned bool, err error) {
	if s, err = See(tx, actor, id); err != nil {
		return s, false, err
	}
	if err := mayMove(actor, &s); err != nil {
		return s, false, err
	}
	if err := isActive(&s); err != nil {
		return s, false, err
	}
	before := s.Conversation
	if to.Keep && !to.NotCurrent && (s.Assignee != "" || s.BotID != "") {
		if s.Untimed = to.Untimed; s.Untimed == before.Untimed {
			return s, true, nil
		}
		return s, true, tx.Record(&s, before, "conversation.changed")
	}
	if to.NotCurrent && s.Assignee != "" {
		s.Excluded = exclude(s.Excluded, s.Assignee)
		s.Hops++
	}
	if err := routing.LetGo(tx, &s); err != nil { // what they hold of it must not count against them
		return s, false, err
	}
	s.Transfer, s.Waiting = nil, nil
	s.BotID, s.BotName = "", ""
	items, err := route(tx, actor, &s, to)
	if err != nil {
		return s, false, err
	}
	words, err := absent(tx, &s, before)
	if err != nil {
		return s, false, err
	}
	s.Untimed = to.Untimed && s.Assignee != ""
	line := rapport.Item{Kind: rapport.ItemEvent, By: by(actor), AuthorID: authorID(actor), AuthorName: actor.Name, Event: "workflow", Body: actor.Name + " assigns it"}
	items = append(append([]rapport.Item{line}, items...), words...)
	if err := tx.Record(&s, before, "conversation.assigned", items...); err != nil {
		return s, false, err
	}
	if err := deliver(tx, items); err != nil {
		return s, false, err
	}
	if before.Assignee != "" && before.Assignee != s.Assignee {
		err = routing.Fill(tx, before.Assignee, "capacity_freed")
	}
	return s, s.Assignee != "", err
}

// route finds the agent.
func route(tx *store.Tx, actor rapport.Actor, s *rapport.Summary, to Assignment) ([]rapport.Item, error) {
	wish := routing.Wish{AgentID: to.AgentID, QueueID: to.QueueID, PreferLastAgent: to.PreferLastAgent, Strategy: to.Strategy}
	if to.AgentID != "" {
		queue, err := home(tx, to.AgentID, cmp.Or(to.QueueID, s.QueueID))
		if err != nil {
			return nil, err
		}
		if to.EvenAway {
			return routing.Give(tx, s, routing.Grant{To: to.AgentID, Queue: queue, Trigger: "workflow", Sentence: "Assigned by " + actor.Name, Override: true})
		}
		wish.QueueID, wish.PreferLastAgent = queue, true
	}
	d, items, err := routing.Assign(tx, s, routing.Request{Trigger: "workflow", Wish: wish})
	if err != nil || d.AgentID != "" || !to.EvenAway {
		return items, err
	}
	absent, err := away(tx, s)
	if err != nil || absent == "" {
		return items, err
	}
	return routing.Give(tx, s, routing.Grant{To: absent, Queue: s.QueueID, Trigger: "workflow", Sentence: "Assigned by " + actor.Name + ", although nobody is available", Override: true})
}

// home is a queue in which an agent may reply: the given one, else one of theirs.
func home(tx *store.Tx, id rapport.AgentID, queue rapport.QueueID) (rapport.QueueID, error) {
	if _, err := tx.Agent(id); err != nil {
		return "", err
	}
	config, err := tx.Configuration()
	if err != nil {
		return "", err
	}
	members, err := tx.MemberOf(id)
	if err != nil {
		return "", err
	}
	found := rapport.QueueID("")
	for _, m := range members {
		switch {
		case !m.CanReply:
		case m.QueueID == queue:
			return queue, nil
		case found == "" || found == config.Default:
			found = m.QueueID
		}
	}
	return cmp.Or(found, queue), nil
}

// mostAway is how many members are looked at when nobody is available.
const mostAway = 200

// away is the member of the conversation's queue with the fewest conversations,
// available or not; nobody who gave it away or let it lapse.
func away(tx *store.Tx, s *rapport.Summary) (rapport.AgentID, error) {
	members, err := tx.QueueFacts(s.QueueID, mostAway)
	if err != nil {
		return "", err
	}
	members = slices.DeleteFunc(members, func(f store.Facts) bool {
		return f.Deleted || !f.Agent.Enabled || !f.CanReply || slices.Contains(s.Excluded, f.Agent.ID)
	})
	if len(members) == 0 {
		return "", nil
	}
	return slices.MinFunc(members, func(a, b store.Facts) int {
		return cmp.Or(cmp.Compare(a.Agent.Load, b.Agent.Load), a.Agent.LastAssignedAt.Compare(b.Agent.LastAssignedAt), cmp.Compare(a.Agent.ID, b.Agent.ID))
	}).Agent.ID, nil
}
