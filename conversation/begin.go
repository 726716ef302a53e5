package conversation

import (
	"slices"
	"strings"
	"unicode/utf8"

	"rapport"
	"rapport/lib/point"
	"rapport/routing"
	"rapport/store"
)

// Beginning is what an agent begins a conversation with (S3-21).
type Beginning struct {
	InboxID   rapport.InboxID
	QueueID   rapport.QueueID   // one of the agent's; empty: the one that From says
	ContactID rapport.ContactID // whom; empty: whoever has the address
	Kind      rapport.PointKind // of the address; empty finds out
	Address   string            // as typed; empty with a contact: the one that the inbox writes to
	Name      string            // of somebody new, if the agent knows it
	State     rapport.State     // empty: open (S3-22)
	Priority  rapport.Priority  // empty: normal
	Details   Details           // what is noted of it; its priority is not looked at
	Note      string            // for colleagues
	Macro     rapport.MacroID   // that filled this in, with changes of the agent's hand or without
	Writing   Writing           // the first message; what happens once it is written may not be a state
	Reach     Reach
}

// Begin writes to a customer first and makes a conversation of it, assigned to
// who writes (S3-24). Where one is ongoing between that inbox and customer there
// is no second one (S3-25): what has become of it decides what the agent hears
// (S3-26). The same client id of the same agent again is the first conversation,
// and false.
func Begin(tx *store.Tx, actor rapport.Actor, b Beginning) (s rapport.Summary, item rapport.Item, fresh bool, err error) {
	if actor.Kind != rapport.ActorAgent {
		return s, item, false, rapport.Errorf(rapport.Forbidden, "agents_only", "Only agents begin conversations.")
	}
	if b.Writing.ClientID != "" {
		id, seq, err := tx.Begun(actor.AgentID, b.Writing.ClientID)
		if err != nil {
			return s, item, false, err
		}
		if id != "" {
			return begunBefore(tx, id, seq)
		}
	}
	if err := b.check(); err != nil {
		return s, item, false, err
	}
	config, err := tx.Configuration()
	if err != nil {
		return s, item, false, err
	}
	inbox, queue, err := b.sender(config, actor)
	if err != nil {
		return s, item, false, err
	}
	contact, p, err := b.recipient(tx, config, actor, inbox)
	if err != nil {
		return s, item, false, err
	}
	if contact.ID != "" {
		ongoing, err := tx.OngoingWith(contact.ID, inbox.ID)
		if err != nil {
			return s, item, false, err
		}
		if ongoing != "" {
			return s, item, false, b.refuse(tx, actor, ongoing)
		}
	} else {
		contact = rapport.Contact{ID: rapport.NewID[rapport.ContactID](), Name: b.Name, Points: []rapport.Point{p}, CreatedAt: tx.Now()}
		if err := tx.InsertContact(contact); err != nil {
			return s, item, false, err
		}
	}
	if s, item, err = b.open(tx, config, actor, inbox, queue, contact, p); err != nil {
		return s, item, false, err
	}
	if b.Writing.ClientID != "" {
		if err := tx.KeepBegun(actor.AgentID, b.Writing.ClientID, s.ID, item.Seq); err != nil {
			return s, item, false, err
		}
	}
	after := b.Writing.Then
	if after.State = b.State; after.State == rapport.Open {
		after.State = ""
	}
	if after == (Then{}) {
		return s, item, true, nil
	}
	if err := then(tx, actor, s.ID, after); err != nil {
		return s, item, false, err
	}
	s, err = tx.Summary(s.ID)
	return s, item, true, err
}

func begunBefore(tx *store.Tx, id rapport.ConversationID, seq int) (s rapport.Summary, item rapport.Item, fresh bool, err error) {
	if id, seq, err = tx.Whither(id, seq); err != nil {
		return s, item, false, err
	}
	if s, err = tx.Summary(id); err != nil {
		return s, item, false, err
	}
	item, err = tx.Item(id, seq)
	return s, item, false, err
}

// check looks at what was typed, and fills in what may be left out.
func (b *Beginning) check() error {
	if b.State == "" {
		b.State = rapport.Open
	}
	if b.Priority == "" {
		b.Priority = rapport.Normal
	}
	b.Name = strings.TrimSpace(b.Name)
	switch {
	case b.State == rapport.Closed || !b.State.Valid():
		return rapport.Invalidf("state", "A new conversation can be open, pending or solved; %q is none of them.", b.State)
	case b.Priority.Rank() == 0:
		return rapport.Invalidf("priority", "%q is not a priority; use low, normal, high or urgent.", b.Priority)
	case utf8.RuneCountInString(b.Name) > 120:
		return rapport.Invalidf("name", "A customer's name has 1 to 120 characters.")
	case b.ContactID == "" && strings.TrimSpace(b.Address) == "":
		return rapport.Invalidf("address", "Say whom it goes to: a customer or an address.")
	}
	if l := b.Writing.Content.Location; l != nil {
		if err := l.Validate("location"); err != nil {
			return err
		}
	}
	return rapport.ValidFields("fields", b.Details.Fields)
}

// sender finds From, and the queue that the conversation will be in.
func (b *Beginning) sender(config *store.Configuration, actor rapport.Actor) (*rapport.Inbox, *rapport.Queue, error) {
	inbox := config.Inboxes[b.InboxID]
	if inbox == nil || !inbox.Enabled {
		return nil, nil, rapport.Invalidf("inbox_id", "There is no inbox %q, or it is switched off.", b.InboxID)
	}
	if b.Reach(inbox.Channel).Begins == rapport.BeginsNever {
		return nil, nil, rapport.Invalidf("inbox_id", "%s can only answer: on its channel customers write first.", inbox.Name)
	}
	if b.QueueID != "" && !actor.Queues[b.QueueID] {
		return nil, nil, rapport.Errorf(rapport.Forbidden, "not_in_queue", "You are not a member of that queue with the right to reply, so you cannot begin a conversation in it.")
	}
	senders, strict := newSenders(config, actor, b.Reach)
	var queue rapport.QueueID
	for _, s := range senders {
		if s.Inbox.ID == inbox.ID && (b.QueueID == "" || s.Queue.ID == b.QueueID || !strict) && (queue == "" || s.Queue.ID == inbox.QueueID) {
			queue = s.Queue.ID
		}
	}
	if queue == "" {
		names := []string{}
		for _, s := range senders {
			names = append(names, s.Inbox.Name)
		}
		if len(names) == 0 {
			return nil, nil, rapport.Errorf(rapport.Forbidden, "not_in_queue", "You may reply in no queue, so you cannot begin a conversation.")
		}
		return nil, nil, rapport.Errorf(rapport.Conflict, "sender_not_usable", "%s is not the default sender of a queue of yours; use one of: %s.", inbox.Name, strings.Join(names, ", "))
	}
	if b.QueueID != "" {
		queue = b.QueueID
	}
	return inbox, config.Queues[queue], nil
}

// recipient finds whom it goes to, and to which address. A contact without id is
// somebody new.
func (b *Beginning) recipient(tx *store.Tx, config *store.Configuration, actor rapport.Actor, inbox *rapport.Inbox) (c rapport.Contact, p rapport.Point, err error) {
	reach := b.Reach(inbox.Channel)
	if b.Address != "" {
		if p, err = typedPoint(inbox, reach, b.Kind, b.Address, config.Settings.Country); err != nil {
			return c, p, err
		}
	}
	id := b.ContactID
	if id == "" {
		if id, err = tx.PointOwner(p); err != nil {
			return c, p, err
		}
		if id == "" {
			if reach.Begins == rapport.BeginsVisitor {
				return c, p, rapport.Invalidf("address", "On %s only customers who were there before can be written to.", inbox.Name)
			}
			return c, p, nil
		}
		c, err = tx.Contact(id)
	} else {
		c, err = Customer(tx, actor, id)
	}
	if err == nil && c.MergedInto != "" {
		c, err = tx.Contact(c.MergedInto)
	}
	if err != nil {
		return c, p, err
	}
	if c.ID == rapport.InternalContact || !c.ErasedAt.IsZero() {
		return c, p, rapport.Invalidf("contact_id", "This is nobody who can be written to.")
	}
	if p, err = ownPoint(tx, c.ID, inbox, p, b.Reach); err != nil {
		return c, p, err
	}
	if reach.Begins != rapport.BeginsVisitor {
		return c, p, nil
	}
	fetches, err := tx.Fetches(inbox.ID, p)
	if err == nil && !fetches {
		err = rapport.Errorf(rapport.Conflict, "customer_gone", "%s", visitGone)
	}
	return c, p, err
}

// typedPoint reads an address in the form that an inbox knows it in: ids of other
// systems belong to one inbox.
func typedPoint(inbox *rapport.Inbox, reach rapport.Reach, kind rapport.PointKind, text, country string) (rapport.Point, error) {
	text = strings.TrimSpace(text)
	own := string(inbox.ID) + ":"
	external := func() (rapport.Point, error) {
		id := strings.TrimPrefix(text, own)
		p, err := point.Parse(rapport.PointExternal, own+id, country)
		p.Shown = id
		return p, err
	}
	if kind == "" && strings.HasPrefix(text, own) {
		kind = rapport.PointExternal
	}
	if kind == "" && len(reach.Points) == 1 {
		kind = reach.Points[0]
	}
	if kind == rapport.PointExternal {
		return external()
	}
	p, err := point.Parse(kind, text, country)
	if kind == "" && err != nil && text != "" && slices.Contains(reach.Points, rapport.PointExternal) {
		return external()
	}
	if err != nil {
		return p, rapport.Invalidf("address", "%s", err)
	}
	if !reach.Writes(inbox.ID, p) {
		return p, rapport.Invalidf("address", "%s cannot write to an address like %s.", inbox.Name, text)
	}
	return p, nil
}

// refuse says what there is already (S3-26): one's own conversation, or one that
// nobody has, is opened to go on in it; one that a colleague has blocks, with the
// ways out.
func (b *Beginning) refuse(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID) error {
	s, err := tx.Summary(id)
	if err != nil {
		return err
	}
	sees := actor.Sees(&s.Conversation)
	if s.State.Active() && s.Assignee != "" && s.Assignee != actor.AgentID {
		refusal := rapport.Errorf(rapport.Conflict, "ongoing_with_other", "%s is in conversation with this customer by %s already. Have it transferred to you, ask %s to send your message, or wait until the conversation is closed.", s.AssigneeName, s.InboxName, s.AssigneeName).
			With("assignee", rapport.AgentRef{ID: s.Assignee, Name: s.AssigneeName}).With("ways_out", []string{"transfer", "ask", "wait"})
		if sees {
			refusal = refusal.With("conversation", refOf(&s))
		}
		return refusal
	}
	if !sees {
		return rapport.Errorf(rapport.Conflict, "ongoing_out_of_sight", "A conversation with this customer by %s is ongoing in %s, which is not one of your queues. Ask a colleague there or a supervisor to transfer it to you.", s.InboxName, s.QueueName)
	}
	says := "Nobody has it; open it to go on there"
	switch {
	case s.State == rapport.Solved:
		says = "It is solved; open it to go on there"
	case s.Assignee == actor.AgentID:
		says = "You have it; open it to go on there"
	case s.BotID != "":
		says = "The bot " + s.BotName + " has it; open it to take over"
	}
	return rapport.Errorf(rapport.Conflict, "ongoing", "There is a conversation with this customer by %s already. %s.", s.InboxName, says).
		With("conversation", refOf(&s))
}

// open makes the conversation with its first message.
func (b *Beginning) open(tx *store.Tx, config *store.Configuration, actor rapport.Actor, inbox *rapport.Inbox, queue *rapport.Queue, c rapport.Contact, p rapport.Point) (s rapport.Summary, item rapport.Item, err error) {
	caller, err := tx.Caller(p, inbox.ID, "")
	if err != nil {
		return s, item, err
	}
	s.Conversation = rapport.Conversation{
		ID: rapport.NewID[rapport.ConversationID](), ContactID: c.ID, InboxID: inbox.ID, QueueID: queue.ID, State: rapport.Open, Priority: b.Priority,
		Point: p, Follows: caller.Follows, OpenedAt: tx.Now(), Version: 1,
	}
	s.ContactName, s.InboxName, s.Channel, s.QueueName = rapport.ShownName(c.Name, p), inbox.Name, inbox.Channel, queue.Name
	noted, err := b.note(tx, config, actor, &s)
	if err != nil {
		return s, item, err
	}
	content, body, err := b.write(tx, actor, &s)
	if err != nil {
		return s, item, err
	}
	items, err := routing.Give(tx, &s, routing.Grant{To: actor.AgentID, Queue: queue.ID, Trigger: "begin", Sentence: "Begun by " + actor.Name, EvenAway: true, Override: true})
	if err != nil {
		return s, item, err
	}
	line := rapport.Item{Kind: rapport.ItemEvent, By: rapport.ByAgent, AuthorID: string(actor.AgentID), AuthorName: actor.Name, Event: "opened", Body: actor.Name + " began the conversation"}
	item = rapport.Item{Kind: rapport.ItemMessage, By: rapport.ByAgent, AuthorID: string(actor.AgentID), AuthorName: actor.Name, Body: body, InboxID: inbox.ID, ClientID: b.Writing.ClientID, Content: content, At: tx.Now()}
	if item.Delivery, err = leaving(tx, &s); err != nil {
		return s, item, err
	}
	if err := compose(tx, &s, &item, b.Writing.Template); err != nil {
		return s, item, err
	}
	s.LastText, s.LastBy, s.LastAt = content.Preview(item.Body), rapport.ByAgent, tx.Now()
	s.SilentSince, s.Replies = tx.Now(), 1
	items = append(append(append([]rapport.Item{line}, items...), noted...), item)
	s.AgentSeen = len(items)
	if err := tx.Record(&s, rapport.Conversation{}, "conversation.opened", items...); err != nil {
		return s, item, err
	}
	item = items[len(items)-1]
	if err := tx.Bind(rapport.Affinity{ContactID: c.ID, AgentID: actor.AgentID, ConversationID: s.ID, QueueID: s.QueueID, EndedAt: tx.Now()}, s.Replies); err != nil {
		return s, item, err
	}
	return s, item, deliver(tx, items)
}

// write is the text of the first message and what goes with it. A template has
// its own text, and goes alone.
func (b *Beginning) write(tx *store.Tx, actor rapport.Actor, s *rapport.Summary) (content rapport.Content, body string, err error) {
	w := &b.Writing
	if content = w.Content; w.Template != nil {
		if len(w.Files) > 0 || content.Location != nil {
			err = rapport.Invalidf("template", "A template goes alone: its text is fixed. Send files and places once the customer has answered.")
		}
		return content, "", err
	}
	if content.Files, err = attach(tx, s.ID, OwnerAgent(actor.AgentID), w.Files); err != nil {
		return content, "", err
	}
	body, err = content.ValidText("body", w.Body)
	return content, body, err
}

// note puts the details into a conversation that is about to be recorded. Its
// lines tell of the macro that filled them in, and of the note.
func (b *Beginning) note(tx *store.Tx, config *store.Configuration, actor rapport.Actor, s *rapport.Summary) (items []rapport.Item, err error) {
	d := b.Details
	d.Priority, d.Remove = nil, nil
	effects, err := describe(tx, actor, s, d)
	if err != nil {
		return nil, err
	}
	if b.Macro != "" {
		line, err := b.macroLine(tx, config, actor, s, effects)
		if err != nil {
			return nil, err
		}
		items = append(items, line)
	}
	if b.Note == "" {
		return items, nil
	}
	text, err := rapport.Content{}.ValidText("note", b.Note)
	if err != nil {
		return nil, err
	}
	return append(items, rapport.Item{Kind: rapport.ItemNote, By: rapport.ByAgent, AuthorID: string(actor.AgentID), AuthorName: actor.Name, Body: text}), nil
}

// macroLine names the macro that filled a new conversation in, and what of it
// the agent kept (S3-48, S3-50).
func (b *Beginning) macroLine(tx *store.Tx, config *store.Configuration, actor rapport.Actor, s *rapport.Summary, noted []rapport.Effect) (line rapport.Item, err error) {
	m, err := tx.Macro(b.Macro)
	if rapport.KindOf(err) == rapport.NotFound && err != nil || err == nil && !m.For(actor) {
		return line, rapport.Invalidf("macro_id", "There is no macro %q.", b.Macro)
	}
	if err != nil {
		return line, err
	}
	var kept []rapport.Effect
	for _, e := range noted {
		if m.Effects.Has(e.Kind) {
			kept = append(kept, e)
		}
	}
	if m.Effects.Priority == b.Priority {
		kept = append(kept, rapport.Effect{Kind: "priority", From: string(rapport.Normal), To: string(b.Priority)})
	}
	var rest rapport.Effects
	if m.Effects.Note != "" {
		rest.Note = b.Note
	}
	if m.Effects.InboxID == s.InboxID {
		rest.InboxID = s.InboxID
	}
	if m.Effects.Body != "" && b.Writing.Template == nil {
		rest.Body = b.Writing.Body
	}
	if m.Effects.State != "" {
		rest.State = b.State
	}
	if q := m.Effects.QueueID; q != "" && (q == s.QueueID || q == b.Writing.Then.QueueID) {
		rest.QueueID = q
	}
	if m.Effects.AssigneeID == b.Writing.Then.AssigneeID {
		rest.AssigneeID = b.Writing.Then.AssigneeID
	}
	more, err := outward(tx, config, actor, s, rest, rapport.Effects{})
	if err != nil {
		return line, err
	}
	return macroLine(actor, Macro{Macro: m}, append(kept, more...), &rapport.Conversation{}, &s.Conversation), tx.UseMacro(m.ID)
}
