package conversation

import (
	"cmp"
	"maps"
	"strings"

	"rapport"
	"rapport/store"
)

// Then is what happens to a conversation once a reply is written: what a macro
// left until then, so that there was time to edit (S3-49).
type Then struct {
	QueueID    rapport.QueueID `json:"queue_id,omitempty"`
	AssigneeID rapport.AgentID `json:"assignee_id,omitempty"`
	State      rapport.State   `json:"state,omitempty" enum:"open,pending,solved,closed"`
	MacroID    rapport.MacroID `json:"macro_id,omitempty" maxLength:"26" doc:"The macro that left it: it is named when the reply is taken back."`
}

// then does it, by the verbs that a person's hand takes: all of it, or the reply
// is refused, too.
func then(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID, t Then) error {
	if t.State != "" {
		if _, err := SetState(tx, actor, id, t.State); err != nil {
			return err
		}
	}
	return handOn(tx, actor, id, t.QueueID, t.AssigneeID)
}

// handOn moves a conversation to a queue or an agent, unless it is there.
func handOn(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID, queue rapport.QueueID, agent rapport.AgentID) error {
	if queue == "" && agent == "" {
		return nil
	}
	s, err := See(tx, actor, id)
	if err != nil {
		return err
	}
	if agent == rapport.Me {
		agent = actor.AgentID
	}
	switch {
	case agent != "" && agent == s.Assignee && s.State.Active(), queue != "" && (queue == s.QueueID && s.Transfer == nil || s.Transfer != nil && s.Transfer.QueueID == queue):
		return nil
	case agent != "" && agent == actor.AgentID && s.Assignee == "":
		_, err = Claim(tx, actor, id, false)
	default:
		_, err = Transfer(tx, actor, id, To{AgentID: agent, QueueID: queue})
	}
	return err
}

// Macro is the wish to apply a macro.
type Macro struct {
	rapport.Macro
	Without  []string // kinds of effects that are left out
	Rest     bool     // what waits for the reply is done now
	ClientID string   // the caller's own id: the same again does nothing
}

// Applied is what a macro did.
type Applied struct {
	Conversation rapport.Summary
	Done         []rapport.Effect // what it changed, and what it will change with the reply
	Later        Then
	Body         string          // for the composer, filled in
	InboxID      rapport.InboxID // for the composer
}

// Apply does what a macro says, by the rules that hold for its agent's own hand:
// all of it, or nothing. The text goes to the composer, and what would end or
// move the conversation waits until that is sent. One line in the thread names
// the macro and what it changed (S3-46…S3-49).
func Apply(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID, m Macro) (Applied, error) {
	var a Applied
	s, err := See(tx, actor, id)
	if err != nil {
		return a, err
	}
	if !m.For(actor) {
		return a, rapport.Errorf(rapport.NotFound, "not_found", "There is no macro %q.", m.ID)
	}
	there, repeated, err := tx.ItemByClient(id, m.ClientID)
	if err != nil {
		return a, err
	}
	contact, err := tx.Contact(s.ContactID)
	if err != nil {
		return a, err
	}
	effects := m.Effects.Without(m.Without...)
	now, later := effects.Split()
	if m.Rest {
		now, later = later, rapport.Effects{}
	}
	now = filled(now, rapport.TextValues(actor.Name, &s, &contact))
	a.Body, a.InboxID = now.Body, now.InboxID
	a.Later = Then{QueueID: later.QueueID, AssigneeID: later.AssigneeID, State: later.State}
	if repeated && there.Event == "macro" {
		a.Conversation = s
		return a, nil
	}
	before := s.Conversation
	if a.Done, err = describe(tx, actor, &s, detailsOf(now)); err != nil {
		return a, err
	}
	if len(a.Done) > 0 {
		if err := mayDescribe(actor, &s); err != nil {
			return a, err
		}
	}
	config, err := tx.Configuration()
	if err != nil {
		return a, err
	}
	more, err := outward(tx, config, actor, &s, now, later)
	if err != nil {
		return a, err
	}
	a.Done = append(a.Done, more...)
	if err := tx.UseMacro(m.ID); err != nil {
		return a, err
	}
	items := []rapport.Item{macroLine(actor, m, a.Done, &before, &s.Conversation)}
	if now.Note != "" {
		items = append(items, rapport.Item{Kind: rapport.ItemNote, By: rapport.ByAgent, AuthorID: string(actor.AgentID), AuthorName: actor.Name, Body: now.Note})
	}
	if s.Assignee == actor.AgentID && s.AgentSeen == s.LastSeq {
		s.AgentSeen += len(items) // their own doing needs no reading
	}
	if err := tx.Record(&s, before, "conversation.changed", items...); err != nil {
		return a, err
	}
	if err := then(tx, actor, id, Then{QueueID: now.QueueID, AssigneeID: now.AssigneeID, State: now.State}); err != nil {
		return a, err
	}
	a.Conversation, err = tx.Summary(id)
	return a, err
}

// Finish does what a macro left until the reply without one, or, in a function
// that is undone, finds out whether it would be refused.
func Finish(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID, t Then) error {
	return then(tx, actor, id, t)
}

// Prefill is what a macro puts into a new conversation in a queue, sent from an
// inbox unless the macro says from which, with a customer, "" for somebody new:
// its effects, with what is known filled into the texts, and the same for the
// eye. Nothing is done (S3-23, S3-50).
func Prefill(tx *store.Tx, actor rapport.Actor, m rapport.Macro, queue rapport.QueueID, inbox rapport.InboxID, customer rapport.ContactID) (e rapport.Effects, set []rapport.Effect, err error) {
	if !m.For(actor) {
		return e, nil, rapport.Errorf(rapport.NotFound, "not_found", "There is no macro %q.", m.ID)
	}
	config, err := tx.Configuration()
	if err != nil {
		return e, nil, err
	}
	s := rapport.Summary{Conversation: rapport.Conversation{QueueID: queue, State: rapport.Open, Priority: rapport.Normal, Assignee: actor.AgentID}}
	if q := config.Queues[queue]; q != nil {
		s.QueueName = q.Name
	}
	if in := config.Inboxes[cmp.Or(m.Effects.InboxID, inbox)]; in != nil {
		s.InboxName = in.Name
	}
	var contact rapport.Contact
	if customer != "" {
		if contact, err = Customer(tx, actor, customer); err != nil {
			return e, nil, err
		}
	}
	values := rapport.TextValues(actor.Name, &s, &contact)
	maps.DeleteFunc(values, func(_, v string) bool { return v == "" }) // it stays a field to fill in
	e = filled(m.Effects, values)
	e.RemoveTags = nil
	if e.AssigneeID == rapport.Me || e.AssigneeID == actor.AgentID {
		e.AssigneeID = "" // it is theirs already
	}
	if e.State == rapport.Closed {
		e.State = rapport.Solved // a new one cannot begin closed
	}
	priority := e.Priority
	e.Priority = ""
	if set, err = describe(tx, actor, &s, detailsOf(e)); err != nil {
		return e, nil, err
	}
	if e.Priority = priority; priority != "" {
		set = append(set, rapport.Effect{Kind: "priority", To: string(priority)})
	}
	more, err := outward(tx, config, actor, &rapport.Summary{}, e, rapport.Effects{})
	return e, append(set, more...), err
}

// filled puts values into the texts of a macro.
func filled(e rapport.Effects, values map[string]string) rapport.Effects {
	for _, text := range []*string{&e.Topic, &e.Summary, &e.Body, &e.Note} {
		*text = rapport.FillText(*text, values)
	}
	if len(e.Fields) > 0 {
		fields := make(map[string]string, len(e.Fields))
		for name, v := range e.Fields {
			fields[name] = rapport.FillText(v, values)
		}
		e.Fields = fields
	}
	return e
}

func detailsOf(e rapport.Effects) (d Details) {
	if e.Topic != "" {
		d.Topic = &e.Topic
	}
	if e.Summary != "" {
		d.Summary = &e.Summary
	}
	if e.FormID != "" {
		d.Form = &e.FormID
	}
	if e.Disposition != "" {
		d.Disposition = &e.Disposition
	}
	if e.Priority != "" {
		d.Priority = &e.Priority
	}
	d.Fields, d.Add, d.Remove = e.Fields, e.AddTags, e.RemoveTags
	return d
}

// outward names the effects that are no details: what is written, and where the
// conversation goes.
func outward(tx *store.Tx, config *store.Configuration, actor rapport.Actor, s *rapport.Summary, now, later rapport.Effects) (effects []rapport.Effect, err error) {
	if now.Note != "" {
		effects = append(effects, rapport.Effect{Kind: "note", To: rapport.Preview(now.Note)})
	}
	if now.InboxID != "" {
		inbox := config.Inboxes[now.InboxID]
		if inbox == nil {
			return nil, rapport.Invalidf("effects.inbox_id", "The inbox that the macro sends from was removed.")
		}
		effects = append(effects, rapport.Effect{Kind: "sender", To: inbox.Name})
	}
	if now.Body != "" {
		effects = append(effects, rapport.Effect{Kind: "body", To: rapport.Preview(now.Body)})
	}
	for _, part := range []struct {
		e     rapport.Effects
		later bool
	}{{now, false}, {later, true}} {
		if part.e.QueueID != "" {
			q := config.Queues[part.e.QueueID]
			if q == nil {
				return nil, rapport.Invalidf("effects.queue_id", "The queue that the macro hands on to was removed.")
			}
			effects = append(effects, rapport.Effect{Kind: "queue", From: s.QueueName, To: q.Name, Later: part.later})
		}
		if id := part.e.AssigneeID; id != "" {
			name := actor.Name
			if id != rapport.Me {
				a, err := tx.Agent(id)
				if err != nil {
					return nil, err
				}
				name = a.Name
			}
			effects = append(effects, rapport.Effect{Kind: "assignee", From: s.AssigneeName, To: name, Later: part.later})
		}
		if part.e.State != "" {
			effects = append(effects, rapport.Effect{Kind: "state", From: string(s.State), To: string(part.e.State), Later: part.later})
		}
	}
	return effects, nil
}

// macroLine is the one line that tells of a macro (S3-48).
func macroLine(actor rapport.Actor, m Macro, done []rapport.Effect, before, after *rapport.Conversation) rapport.Item {
	var names []string
	for _, e := range done {
		name := e.Kind
		switch {
		case e.Kind == "fields":
			name = e.Name
		case e.Later:
			name += " with the reply"
		}
		names = append(names, name)
	}
	sentence := actor.Name + " applied the macro " + m.Name
	if len(names) > 0 {
		sentence += ": " + strings.Join(names, ", ")
	}
	return rapport.Item{Kind: rapport.ItemEvent, By: by(actor), AuthorID: authorID(actor), AuthorName: actor.Name, Event: "macro", Body: sentence, ClientID: m.ClientID,
		Data: map[string]any{"macro_id": m.ID, "macro": m.Name, "effects": append([]rapport.Effect{}, done...), "added": without(after.Tags, before.Tags), "removed": without(before.Tags, after.Tags)}}
}
