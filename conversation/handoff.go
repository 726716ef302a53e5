package conversation

import (
	"time"

	"rapport"
	"rapport/routing"
	"rapport/store"
)

// mayHandOff refuses whoever is neither the bot itself nor may take the
// conversation from it.
func mayHandOff(actor rapport.Actor, s *rapport.Summary) error {
	if s.BotID == "" {
		return rapport.Errorf(rapport.Conflict, "not_with_bot", "No bot has this conversation.")
	}
	if actor.Kind == rapport.ActorBot && actor.BotID == s.BotID {
		return nil
	}
	return mayMove(actor, s)
}

// HandOff takes a conversation from the bot that holds it and routes it to
// humans: to the agent or queue that is named, to the customer's own agent, or
// to the bot's hand-off queue as the ladder says. The agent who gets it is told;
// when nobody does, those who could take it all the same (tellOfHandoff). It
// works also when the bot itself is gone.
func HandOff(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID, h rapport.Handoff) (rapport.Summary, error) {
	if err := h.Validate(); err != nil {
		return rapport.Summary{}, err
	}
	s, err := See(tx, actor, id)
	if err != nil {
		return s, err
	}
	if err := mayHandOff(actor, &s); err != nil {
		return s, err
	}
	return handOff(tx, actor, s, h, spokenAs{})
}

// BotFailed hands a conversation to humans because its bot is of no use, with
// the apology that the bot's rules name. Supervisors hear of it once in a while,
// not for every conversation.
func BotFailed(tx *store.Tx, id rapport.ConversationID, reason string) (rapport.Summary, error) {
	s, err := tx.Summary(id)
	if err != nil || s.BotID == "" {
		return s, err
	}
	config, err := tx.Configuration()
	if err != nil {
		return s, err
	}
	name := "A bot"
	var first []rapport.Item
	if b := config.Bots[s.BotID]; b != nil {
		name = "The bot " + b.Name
		if b.Apology != "" {
			sorry, err := speech(tx, &s, Voice{By: rapport.ByBot, ID: string(b.ID), Name: b.Name}, b.Apology, nil)
			if err == nil {
				first = append(first, sorry)
			} else if rapport.KindOf(err) == rapport.Internal {
				return s, err // otherwise nothing can be said, and humans are needed all the more
			}
		}
	}
	s, err = handOff(tx, rapport.System, s, rapport.Handoff{Reason: reason}, spokenAs{}, first...)
	if err != nil {
		return s, err
	}
	return s, remindSupervisors(tx, rapport.NotifyEscalated, s.ID, name+" does not work: "+reason)
}

// handOff does it. What is said first comes before it in the thread; as is the
// bot's own id of it.
func handOff(tx *store.Tx, actor rapport.Actor, s rapport.Summary, h rapport.Handoff, as spokenAs, first ...rapport.Item) (rapport.Summary, error) {
	config, err := tx.Configuration()
	if err != nil {
		return s, err
	}
	if h.QueueID != "" && config.Queues[h.QueueID] == nil {
		return s, rapport.Invalidf("queue_id", "There is no queue %q.", h.QueueID)
	}
	if h.AgentID != "" {
		if _, err := tx.Agent(h.AgentID); err != nil {
			return s, rapport.Invalidf("agent_id", "There is no agent %q.", h.AgentID)
		}
	}
	if err := rapport.ValidFields("fields", rapport.WithFields(s.Fields, h.Fields)); err != nil {
		return s, err
	}
	name := s.BotName
	if name == "" {
		name = "The bot"
	}
	if b := config.Bots[s.BotID]; b != nil && h.AgentID == "" && h.QueueID == "" && config.Queues[b.HandoffQueue] != nil {
		h.QueueID = b.HandoffQueue
	}
	before, err := tx.Conversation(s.ID)
	if err != nil {
		return s, err
	}
	line := rapport.Item{Kind: rapport.ItemEvent, By: rapport.ByBot, AuthorID: string(s.BotID), AuthorName: name, Event: "handoff", ClientID: as.id,
		Body: name + " handed it off" + because(h.Reason),
		Data: as.with(map[string]any{"bot_id": s.BotID, "bot_name": name, "reason": h.Reason, "summary": h.Summary, "fields": h.Fields, "since": before.AssignedAt.UnixMilli()})}
	if actor.Kind == rapport.ActorAgent {
		line.By, line.AuthorID, line.AuthorName = rapport.ByAgent, string(actor.AgentID), actor.Name
		line.Body = actor.Name + " took it from the bot " + name + because(h.Reason)
	}
	s.BotID, s.BotName, s.Replies, s.Excluded = "", "", 0, nil
	s.Fields = rapport.WithFields(s.Fields, h.Fields)
	if s.State == rapport.Pending {
		s.State = rapport.Open
	}
	items := append(first, line)
	if s.State.Active() {
		if s.AwaitsSince.IsZero() { // the customer was promised a human
			s.AwaitsSince = tx.Now()
		}
		s.SilentSince, s.WarnedAt = time.Time{}, time.Time{}
		wish := routing.Wish{AgentID: h.AgentID, QueueID: h.QueueID, PreferLastAgent: h.LastAgent || h.AgentID != ""}
		_, told, err := routing.Assign(tx, &s, routing.Request{Trigger: "handoff", Wish: wish})
		if err != nil {
			return s, err
		}
		words, err := absent(tx, &s, before)
		if err != nil {
			return s, err
		}
		items = append(append(items, told...), words...)
	}
	if err := tx.Record(&s, before, "conversation.handed_off", items...); err != nil {
		return s, err
	}
	if err := deliver(tx, items); err != nil || !s.State.Active() {
		return s, err
	}
	return s, tellOfHandoff(tx, actor, &s, name, h.Reason)
}

// mostTold is how many members of a queue hear of a hand-off that nobody got.
const mostTold = 50

// tellOfHandoff notifies of a hand-off: the agent who got it; else the one it
// waits for; else the members of the queue who are available and full; and when
// there is none of them, supervisors, once in a while. Whoever caused it knows.
func tellOfHandoff(tx *store.Tx, actor rapport.Actor, s *rapport.Summary, bot, reason string) error {
	text := s.ContactName + ": handed off by " + bot + because(reason)
	var tell []rapport.AgentID
	switch {
	case s.Assignee != "":
		tell = append(tell, s.Assignee)
	case s.Waiting != nil && s.Waiting.AgentID != "":
		tell = append(tell, s.Waiting.AgentID)
	default:
		members, err := tx.QueueFacts(s.QueueID, 1000)
		if err != nil {
			return err
		}
		for i := range members {
			m := &members[i]
			if len(tell) < mostTold && m.CanReply && !m.Deleted && m.Agent.Enabled && m.Agent.Availability() == rapport.StatusAvailable {
				tell = append(tell, m.Agent.ID)
			}
		}
		if len(tell) == 0 {
			return remindSupervisors(tx, rapport.NotifyHandoff, s.ID, bot+" hands conversations to "+s.QueueName+", where nobody is available")
		}
	}
	for i, id := range tell {
		if id == actor.AgentID {
			tell[i] = ""
		}
	}
	return Notify(tx, rapport.NotifyHandoff, s.ID, text, tell...)
}
