package conversation

import (
	"strings"
	"time"

	"rapport"
	"rapport/routing"
	"rapport/store"
)

// Claim takes a conversation nobody has. Of two at the same moment the first
// wins; the other hears who has it (S3-27, S3-28). A conversation that waits
// for a queue to take over may be claimed by that queue's members.
func Claim(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID, override bool) (rapport.Summary, error) {
	s, err := See(tx, actor, id)
	if err != nil {
		return s, err
	}
	queue := s.QueueID
	if s.Transfer != nil && s.Assignee != actor.AgentID {
		queue = s.Transfer.QueueID
	}
	switch {
	case s.Assignee == actor.AgentID && s.State.Active() && s.Transfer == nil:
		return s, nil // it is theirs already
	case s.Assignee != "" && s.State.Active() && s.Transfer == nil:
		return s, heldByOther(&s)
	case !s.State.Active():
		return s, rapport.Errorf(rapport.Conflict, "not_open", "The conversation is %s; reopen it first.", s.State)
	case actor.Kind != rapport.ActorAgent || !actor.Queues[queue]:
		return s, mayReply(rapport.Actor{Kind: rapport.ActorAgent}, &s)
	}
	return give(tx, s, routing.Grant{To: actor.AgentID, Queue: queue, Trigger: "claim", Sentence: "Claimed by " + actor.Name, EvenAway: true, Override: override})
}

// give grants and records, and lets a former holder's room be filled.
func give(tx *store.Tx, s rapport.Summary, g routing.Grant, first ...rapport.Item) (rapport.Summary, error) {
	before := s.Conversation
	items, err := routing.Give(tx, &s, g)
	if err != nil {
		return s, err
	}
	words, err := absent(tx, &s, before)
	if err != nil {
		return s, err
	}
	items = append(append(first, items...), words...)
	if err := tx.Record(&s, before, "conversation.assigned", items...); err != nil {
		return s, err
	}
	if err := deliver(tx, items); err != nil {
		return s, err
	}
	if before.Assignee != "" && before.Assignee != s.Assignee && before.State.Active() {
		return s, routing.Fill(tx, before.Assignee, "capacity_freed")
	}
	return s, nil
}

// To is where a person sends a conversation: to an agent or to a queue.
type To struct {
	AgentID  rapport.AgentID
	QueueID  rapport.QueueID
	Reason   string
	Override bool // to an agent who is away or full all the same
}

// mayMove refuses whoever neither holds the conversation nor supervises. One
// that nobody holds may be moved by every member of its queue.
func mayMove(actor rapport.Actor, s *rapport.Summary) error {
	if actor.Supervises() || s.Assignee != "" && s.Assignee == actor.AgentID || s.Assignee == "" && actor.Replies(&s.Conversation) {
		return nil
	}
	if s.Assignee == "" {
		return mayReply(actor, s)
	}
	return rapport.Errorf(rapport.Forbidden, "not_holder", "%s has this conversation; only they or a supervisor can move it.", s.AssigneeName).
		With("assignee", rapport.AgentRef{ID: s.Assignee, Name: s.AssigneeName})
}

// Transfer hands a conversation on. To an agent it moves at once, or not at all
// when they cannot take it. To a queue it moves when somebody there takes it;
// until then the holder keeps it, and if nobody does it returns (C16).
func Transfer(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID, to To) (rapport.Summary, error) {
	if _, err := flush(tx, actor, id); err != nil {
		return rapport.Summary{}, err
	}
	s, err := See(tx, actor, id)
	if err != nil {
		return s, err
	}
	if to.Reason = strings.TrimSpace(to.Reason); len(to.Reason) > 1000 {
		return s, rapport.Invalidf("reason", "The reason is %d bytes long; at most 1000 are allowed.", len(to.Reason))
	}
	if err := mayMove(actor, &s); err != nil {
		return s, err
	}
	if !s.State.Active() {
		return s, rapport.Errorf(rapport.Conflict, "not_open", "The conversation is %s; reopen it first.", s.State)
	}
	switch {
	case to.AgentID != "" && to.QueueID != "" || to.AgentID == "" && to.QueueID == "":
		return s, rapport.Invalidf("agent_id", "Name an agent or a queue, one of the two.")
	case to.AgentID != "":
		return transferToAgent(tx, actor, s, to)
	}
	return transferToQueue(tx, actor, s, to)
}

func because(reason string) string {
	if reason == "" {
		return ""
	}
	return ": " + reason
}

func transferToAgent(tx *store.Tx, actor rapport.Actor, s rapport.Summary, to To) (rapport.Summary, error) {
	if s.Assignee == to.AgentID {
		return s, rapport.Errorf(rapport.Conflict, "same_agent", "%s has this conversation already.", s.AssigneeName)
	}
	if _, err := tx.Agent(to.AgentID); err != nil {
		return s, err
	}
	s.Excluded = exclude(s.Excluded, s.Assignee)
	line := rapport.Item{Kind: rapport.ItemEvent, By: rapport.ByAgent, AuthorID: string(actor.AgentID), AuthorName: actor.Name, Event: "transferred",
		Body: actor.Name + " transferred it" + because(to.Reason), Data: map[string]any{"agent_id": to.AgentID, "reason": to.Reason}}
	former := s.Assignee
	s, err := give(tx, s, routing.Grant{To: to.AgentID, Queue: s.QueueID, Trigger: "transfer", Sentence: "Transferred by " + actor.Name, Override: to.Override}, line)
	if err != nil {
		return s, err
	}
	return s, tellOfTransfer(tx, actor, &s, former, to.Reason)
}

// tellOfTransfer tells who got a conversation from a person, and who lost it,
// unless that is who did it.
func tellOfTransfer(tx *store.Tx, actor rapport.Actor, s *rapport.Summary, former rapport.AgentID, reason string) error {
	if s.Assignee != actor.AgentID {
		if err := Notify(tx, rapport.NotifyAssigned, s.ID, actor.Name+" gave you "+s.ContactName+because(reason), s.Assignee); err != nil {
			return err
		}
	}
	if former == "" || former == actor.AgentID {
		return nil
	}
	return Notify(tx, rapport.NotifyLost, s.ID, actor.Name+" gave "+s.ContactName+" to "+s.AssigneeName+because(reason), former)
}

func exclude(list []rapport.AgentID, id rapport.AgentID) []rapport.AgentID {
	if id == "" {
		return list
	}
	return append(list[:len(list):len(list)], id)
}

func transferToQueue(tx *store.Tx, actor rapport.Actor, s rapport.Summary, to To) (rapport.Summary, error) {
	config, err := tx.Configuration()
	if err != nil {
		return s, err
	}
	q := config.Queues[to.QueueID]
	if q == nil {
		return s, rapport.Errorf(rapport.NotFound, "not_found", "There is no queue %q.", to.QueueID)
	}
	if s.QueueID == to.QueueID && s.Transfer == nil {
		return s, rapport.Errorf(rapport.Conflict, "same_queue", "The conversation is in %s already; release it to give it to somebody else there.", q.Name)
	}
	before := s.Conversation
	line := rapport.Item{Kind: rapport.ItemEvent, By: rapport.ByAgent, AuthorID: string(actor.AgentID), AuthorName: actor.Name, Event: "transfer_requested",
		Body: actor.Name + " transferred it to " + q.Name + because(to.Reason), Data: map[string]any{"queue_id": to.QueueID, "reason": to.Reason}}
	s.Waiting = nil
	if s.Assignee == "" { // nobody to keep it meanwhile: it moves now
		s.QueueID, s.QueueName, s.Transfer = q.ID, q.Name, nil
	} else {
		until := tx.Now().Add(time.Duration(config.Settings.TransferMinutes) * time.Minute)
		s.Transfer = &rapport.Transfer{QueueID: q.ID, By: actor.AgentID, Reason: to.Reason, Since: tx.Now(), Until: until}
	}
	r := routing.Request{Trigger: "transfer", Wish: routing.Wish{QueueID: q.ID}, Exclude: exclude(nil, s.Assignee)}
	_, items, err := routing.Assign(tx, &s, r)
	if err != nil {
		return s, err
	}
	if err := tx.Record(&s, before, "conversation.transferred", append([]rapport.Item{line}, items...)...); err != nil {
		return s, err
	}
	if before.Assignee != "" && s.Assignee != before.Assignee {
		return s, routing.Fill(tx, before.Assignee, "capacity_freed")
	}
	return s, nil
}

// CancelTransfer calls back a transfer that nobody has taken yet.
func CancelTransfer(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID) (rapport.Summary, error) {
	s, err := See(tx, actor, id)
	if err != nil {
		return s, err
	}
	if err := mayMove(actor, &s); err != nil {
		return s, err
	}
	if s.Transfer == nil {
		return s, rapport.Errorf(rapport.Conflict, "no_transfer", "No transfer is waiting; perhaps somebody has just taken over.")
	}
	return s, returnTransfer(tx, &s, "transfer_cancelled", actor.Name+" called the transfer back")
}

// ReturnTransfers gives back what nobody took over in time.
func ReturnTransfers(tx *store.Tx) error {
	ids, err := tx.TransfersDue()
	if err != nil {
		return err
	}
	for _, id := range ids {
		s, err := tx.Summary(id)
		if err != nil {
			return err
		}
		if err := returnTransfer(tx, &s, "transfer_returned", "Nobody took over in time; it stays with "+s.AssigneeName); err != nil {
			return err
		}
	}
	return nil
}

func returnTransfer(tx *store.Tx, s *rapport.Summary, event, sentence string) error {
	before := s.Conversation
	s.Transfer, s.Waiting = nil, nil
	return tx.Record(s, before, "conversation.changed", rapport.Item{Kind: rapport.ItemEvent, By: rapport.BySystem, Event: event, Body: sentence})
}

// Release puts a conversation back into its queue, to be routed to somebody else.
func Release(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID, reason string) (rapport.Summary, error) {
	if _, err := flush(tx, actor, id); err != nil {
		return rapport.Summary{}, err
	}
	s, err := See(tx, actor, id)
	if err != nil {
		return s, err
	}
	if reason = strings.TrimSpace(reason); len(reason) > 1000 {
		return s, rapport.Invalidf("reason", "The reason is %d bytes long; at most 1000 are allowed.", len(reason))
	}
	if err := mayMove(actor, &s); err != nil {
		return s, err
	}
	switch {
	case s.Assignee == "":
		return s, rapport.Errorf(rapport.Conflict, "not_assigned", "Nobody has this conversation.")
	case !s.State.Active():
		return s, rapport.Errorf(rapport.Conflict, "not_open", "The conversation is %s; reopen it first.", s.State)
	case s.Transfer != nil:
		return s, rapport.Errorf(rapport.Conflict, "transfer_waiting", "A transfer is waiting; call it back first.")
	}
	s.Excluded = exclude(s.Excluded, s.Assignee)
	line := rapport.Item{Kind: rapport.ItemEvent, By: rapport.ByAgent, AuthorID: string(actor.AgentID), AuthorName: actor.Name, Event: "unassigned", Body: actor.Name + " released it" + because(reason)}
	err = routing.Reroute(tx, &s, routing.Request{Trigger: "release"}, "conversation.assigned", line)
	return s, err
}
