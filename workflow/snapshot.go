package workflow

import (
	"strings"
	"time"

	"rapport"
	"rapport/store"
)

// asks are the kinds of facts that cost a look into the database, as far as a
// definition mentions them.
type asks struct{ contact, agent, queue, inbound, outbound bool }

// everything asks for all facts.
var everything = asks{true, true, true, true, true}

// asksOf finds what a definition mentions, wherever it does.
func asksOf(text string) asks {
	in := func(name string) bool { return strings.Contains(text, name) }
	return asks{contact: in("contact."), agent: in("agent."), queue: in("queue.") || in("time."), inbound: in("since_last_inbound"), outbound: in("since_last_outbound")}
}

// look gathers the facts about a conversation as of now.
func look(tx *store.Tx, s *rapport.Summary, want asks) (Facts, error) {
	now := tx.Now()
	f := conversationFacts(s, now)
	timeFacts(f, now)
	if want.contact {
		c, err := tx.Contact(s.ContactID)
		if err != nil {
			return nil, err
		}
		f["contact.name"], f["contact.known"], f["contact.points"] = s.ContactName, c.Known, addresses(c.Points)
		for name, v := range c.Fields {
			f["contact.fields."+name] = v
		}
	}
	if s.DispositionID != "" {
		d, err := tx.Disposition(s.DispositionID)
		switch {
		case err == nil:
			f["conversation.disposition"] = d.Code
		case rapport.KindOf(err) != rapport.NotFound:
			return nil, err
		}
	}
	if want.agent && s.Assignee != "" {
		a, err := tx.AgentFacts(s.Assignee, "")
		if err != nil {
			return nil, err
		}
		f["agent.name"], f["agent.availability"], f["agent.load"] = a.Agent.Name, string(a.Agent.Availability()), float64(a.Agent.Load)
	}
	if want.queue {
		if err := queueFacts(tx, s, f); err != nil {
			return nil, err
		}
	}
	if want.inbound {
		at, err := tx.LastMessage(s.ID, rapport.ByCustomer, "", time.Time{})
		if err != nil {
			return nil, err
		}
		since(f, "since_last_inbound", at, now)
	}
	// Replies counts the public replies of whoever has it since the assignment:
	// without one there is nothing to look for (C23).
	if want.outbound && s.Replies > 0 && s.Assignee != "" {
		at, err := tx.LastMessage(s.ID, rapport.ByAgent, string(s.Assignee), s.AssignedAt)
		if err != nil {
			return nil, err
		}
		since(f, "since_last_outbound", at, now)
	}
	return f, nil
}

func since(f Facts, name string, at, now time.Time) {
	if !at.IsZero() {
		f[name] = max(now.Sub(at).Seconds(), 0)
	}
}

// conversationFacts are those that a conversation itself holds.
func conversationFacts(s *rapport.Summary, now time.Time) Facts {
	f := Facts{
		"conversation.state": string(s.State), "conversation.priority": string(s.Priority), "conversation.queue": string(s.QueueID),
		"conversation.inbox": string(s.InboxID), "conversation.channel": s.Channel, "conversation.tags": append([]string{}, s.Tags...),
		"conversation.waiting": s.Waiting != nil, "conversation.hops": float64(s.Hops), "conversation.replies": float64(s.Replies),
		"conversation.opened_at": s.OpenedAt.UTC().Format(time.RFC3339), "queue.name": s.QueueName,
	}
	some := func(name, v string) {
		if v != "" {
			f[name] = v
		}
	}
	some("conversation.assignee", string(s.Assignee))
	some("conversation.bot", string(s.BotID))
	some("conversation.topic", s.Topic)
	some("agent.name", s.AssigneeName)
	some("contact.name", s.ContactName)
	if s.LastBy == rapport.ByCustomer {
		some("message.text", s.LastText)
	}
	for name, v := range s.Fields {
		f["conversation.fields."+name] = v
	}
	since(f, "since_opened", s.OpenedAt, now)
	since(f, "since_last_activity", s.LastAt, now)
	if s.Assignee != "" {
		since(f, "since_assigned", s.AssignedAt, now)
	}
	return f
}

func addresses(points []rapport.Point) []string {
	list := []string{}
	for _, p := range points {
		if p.Kind == rapport.PointPhone || p.Kind == rapport.PointEmail || p.Kind == rapport.PointHandle {
			list = append(list, p.Address)
		}
	}
	return list
}

// queueFacts are about the queue that a conversation is in, and its time of day.
func queueFacts(tx *store.Tx, s *rapport.Summary, f Facts) error {
	ready, waiting, err := tx.QueueCounts(s.QueueID)
	if err != nil {
		return err
	}
	f["queue.available"], f["queue.waiting"], f["queue.open"] = float64(ready), float64(waiting), true
	config, err := tx.Configuration()
	if err != nil {
		return err
	}
	q := config.Queues[s.QueueID]
	if q == nil || q.Hours == nil {
		return nil
	}
	f["queue.open"] = q.Hours.Open(tx.Now())
	if place, err := time.LoadLocation(q.Hours.Zone); err == nil {
		timeFacts(f, tx.Now().In(place))
	}
	return nil
}
