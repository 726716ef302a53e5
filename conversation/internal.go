package conversation

import (
	"strings"
	"time"

	"rapport"
	"rapport/routing"
	"rapport/store"
)

// Question begins a conversation among colleagues (S3-74).
type Question struct {
	Topic    string
	QueueID  rapport.QueueID
	AgentID  rapport.AgentID        // who is asked; empty: whoever the queue finds
	About    rapport.ConversationID // that it belongs to
	Priority rapport.Priority
	Writing
}

// mostTopic is how long a topic may be, in bytes.
const mostTopic = 200

// Ask begins a conversation among colleagues: any agent may ask any queue. It
// goes to an agent like others do, but never by who knows a customer, and
// nothing of it ever leaves. Who asked sees it wherever it goes. Repeating it
// with the same client id returns the first and false.
func Ask(tx *store.Tx, actor rapport.Actor, q Question) (s rapport.Summary, fresh bool, err error) {
	if actor.Kind != rapport.ActorAgent {
		return s, false, rapport.Errorf(rapport.Forbidden, "agents_only", "Only agents ask colleagues.")
	}
	if q.Topic = strings.TrimSpace(strings.ToValidUTF8(q.Topic, "\uFFFD")); q.Topic == "" || len(q.Topic) > mostTopic {
		return s, false, rapport.Invalidf("topic", "A topic of 1 to %d bytes is needed.", mostTopic)
	}
	body, err := rapport.ValidBody("body", q.Body)
	if err != nil {
		return s, false, err
	}
	if q.Priority == "" {
		q.Priority = rapport.Normal
	}
	if q.Priority.Rank() == 0 {
		return s, false, rapport.Invalidf("priority", "%q is not a priority; use low, normal, high or urgent.", q.Priority)
	}
	config, err := tx.Configuration()
	if err != nil {
		return s, false, err
	}
	queue := config.Queues[q.QueueID]
	if queue == nil {
		return s, false, rapport.Invalidf("queue_id", "There is no queue %q.", q.QueueID)
	}
	if q.AgentID == actor.AgentID {
		return s, false, rapport.Invalidf("agent_id", "Ask somebody else.")
	}
	if q.ClientID != "" {
		there, found, err := tx.StartedBy(actor.AgentID, q.ClientID)
		if err != nil {
			return s, false, err
		}
		if found {
			s, err = tx.Summary(there)
			return s, false, err
		}
	}
	about := rapport.Summary{}
	if q.About != "" {
		if about, err = See(tx, actor, q.About); gone(err) {
			return s, false, rapport.Invalidf("conversation_id", "There is no conversation %q that you may see.", q.About)
		}
		if err == nil {
			about, err = lasting(tx, about)
		}
		if err != nil {
			return s, false, err
		}
	}
	s.Conversation = rapport.Conversation{
		ID: rapport.NewID[rapport.ConversationID](), ContactID: rapport.InternalContact, QueueID: queue.ID, State: rapport.Open, Priority: q.Priority,
		StartedBy: actor.AgentID, Topic: q.Topic, OpenedAt: tx.Now(), Version: 1, Excluded: []rapport.AgentID{actor.AgentID},
		LastText: q.Content.Preview(body), LastBy: rapport.ByAgent, LastAt: tx.Now(), AwaitsSince: tx.Now(),
	}
	if q.Content.Files, err = attach(tx, s.ID, OwnerAgent(actor.AgentID), q.Files); err != nil {
		return s, false, err
	}
	s.ContactName, s.Channel, s.QueueName = q.Topic, rapport.InternalChannel, queue.Name
	items := []rapport.Item{amongUs(actor, body, q.Writing)}
	var told []rapport.Item
	if q.AgentID != "" {
		told, err = giveQuestion(tx, actor, &s, q.AgentID)
	} else {
		_, told, err = routing.Assign(tx, &s, routing.Request{Trigger: "internal", Wish: routing.Wish{NoHold: true}})
	}
	if err != nil {
		return s, false, err
	}
	if err := tx.Record(&s, rapport.Conversation{}, "conversation.opened", append(items, told...)...); err != nil {
		return s, false, err
	}
	if about.ID != "" {
		if err := link(tx, actor, &s, &about); err != nil {
			return s, false, err
		}
	}
	return s, true, notifyOf(tx, rapport.NotifyAssigned, s.ID, 1, actor.Name+" asks you: "+q.Topic, s.Assignee)
}

// giveQuestion hands it to the agent who is asked, as a member of a queue of
// theirs.
func giveQuestion(tx *store.Tx, actor rapport.Actor, s *rapport.Summary, to rapport.AgentID) ([]rapport.Item, error) {
	queue, err := home(tx, to, s.QueueID)
	if gone(err) {
		return nil, rapport.Invalidf("agent_id", "There is no agent %q.", to)
	}
	if err != nil {
		return nil, err
	}
	return routing.Give(tx, s, routing.Grant{To: to, Queue: queue, Trigger: "internal", Sentence: "Asked by " + actor.Name, Override: true})
}

// link ties two conversations together; each thread tells of it.
func link(tx *store.Tx, actor rapport.Actor, question, about *rapport.Summary) error {
	if err := tx.Link(question.ID, about.ID); err != nil {
		return err
	}
	before := about.Conversation
	line := rapport.Item{Kind: rapport.ItemEvent, By: by(actor), AuthorID: authorID(actor), AuthorName: actor.Name, Event: "linked",
		Body: actor.Name + " asked colleagues in " + question.QueueName, Data: map[string]any{"conversation_id": question.ID}}
	if about.Assignee == actor.AgentID && about.AgentSeen == about.LastSeq {
		about.AgentSeen++
	}
	if err := tx.Record(about, before, "conversation.changed", line); err != nil {
		return err
	}
	was := question.Conversation
	line = rapport.Item{Kind: rapport.ItemEvent, By: by(actor), AuthorID: authorID(actor), AuthorName: actor.Name, Event: "linked",
		Body: "Belongs to the conversation with " + about.ContactName, Data: map[string]any{"conversation_id": about.ID}}
	return tx.Record(question, was, "conversation.changed", line)
}

// began tells whether a conversation among colleagues is the actor's own
// question: they may end it, whoever has it.
func began(actor rapport.Actor, s *rapport.Summary) bool {
	return s.Internal() && actor.AgentID != "" && s.StartedBy == actor.AgentID
}

// mayConverse lets everybody write who sees a conversation among colleagues.
func mayConverse(s *rapport.Summary) error {
	if s.State == rapport.Closed {
		return rapport.Errorf(rapport.Conflict, "closed", "The conversation is closed; ask anew.")
	}
	return nil
}

// amongUs is a message among colleagues.
func amongUs(actor rapport.Actor, body string, w Writing) rapport.Item {
	return rapport.Item{Kind: rapport.ItemMessage, By: rapport.ByAgent, AuthorID: string(actor.AgentID), AuthorName: actor.Name, Body: body, ClientID: w.ClientID, Content: w.Content}
}

// converse writes to the colleagues of an internal conversation. Of those who
// may take it the first to answer has it.
func converse(tx *store.Tx, actor rapport.Actor, s rapport.Summary, w Writing) (item rapport.Item, fresh bool, err error) {
	if err := mayConverse(&s); err != nil {
		return item, false, err
	}
	if actor.Kind != rapport.ActorAgent {
		return item, false, rapport.Errorf(rapport.Forbidden, "agents_only", "Only agents write here.")
	}
	before := s.Conversation
	takes := s.StartedBy != actor.AgentID && actor.Replies(&s.Conversation)
	var items []rapport.Item
	if s.State == rapport.Solved {
		s.Reopen()
		if !takes {
			s.Excluded = exclude(nil, actor.AgentID)
			if _, items, err = routing.Assign(tx, &s, routing.Request{Trigger: "reopened", Wish: routing.Wish{NoHold: true}}); err != nil {
				return item, false, err
			}
		}
	}
	if s.Assignee == "" && takes {
		if items, err = routing.Give(tx, &s, routing.Grant{To: actor.AgentID, Queue: s.QueueID, Trigger: "reply", Sentence: "Answered by " + actor.Name, EvenAway: true, Override: true}); err != nil {
			return item, false, err
		}
	}
	s.LastText, s.LastBy, s.LastAt = w.Content.Preview(w.Body), rapport.ByAgent, tx.Now()
	switch {
	case s.Assignee == actor.AgentID:
		s.AwaitsSince = time.Time{}
		s.Replies++
	case s.AwaitsSince.IsZero():
		s.AwaitsSince = tx.Now()
	}
	if s.State == rapport.Pending && s.Assignee != actor.AgentID { // what its holder waited for
		s.State, s.SnoozedUntil, s.WokeAt = rapport.Open, time.Time{}, tx.Now()
	}
	items = append(items, amongUs(actor, w.Body, w))
	if s.Assignee == actor.AgentID {
		s.AgentSeen = s.LastSeq + len(items)
	}
	kind := "message.sent"
	if before.State == rapport.Solved {
		kind = "conversation.reopened"
	}
	if err := tx.Record(&s, before, kind, items...); err != nil {
		return item, false, err
	}
	item = items[len(items)-1]
	var tell []rapport.AgentID
	for _, id := range []rapport.AgentID{s.StartedBy, s.Assignee} {
		if id != actor.AgentID {
			tell = append(tell, id)
		}
	}
	return item, true, notifyOf(tx, rapport.NotifyComment, s.ID, item.Seq, actor.Name+" on “"+s.Topic+"”: "+w.Content.Preview(w.Body), tell...)
}
