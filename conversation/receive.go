package conversation

import (
	"time"

	"rapport"
	"rapport/routing"
	"rapport/store"
)

// Inbound is a customer's message as it left its channel adapter.
type Inbound struct {
	InboxID    rapport.InboxID
	Points     []rapport.Point // canonical; the first one is where it came from
	Name       string          // what the customer is called, if the channel knows
	Known      bool            // somebody vouches for points and name
	ExternalID string          // the channel's id of the message, for idempotence
	Body       string
	Files      []rapport.FileID  // uploads of the customer or the adapter, in their order
	Uploader   rapport.Point     // whose uploads they are; zero: the first of Points
	Location   *rapport.Location // where they are
	At         time.Time         // when it was written; zero: now
	Wish       routing.Wish
	Priority   rapport.Priority // of a new conversation; empty: normal
}

// Received is what became of it.
type Received struct {
	Conversation rapport.Summary
	Item         rapport.Item
	Duplicate    bool // it was here before; nothing changed
}

// Receive takes a customer's message in: once, into the one ongoing
// conversation of the contact and inbox, with an agent if one is eligible, all
// in this transaction.
func Receive(tx *store.Tx, in Inbound) (Received, error) {
	var got Received
	config, err := tx.Configuration()
	if err != nil {
		return got, err
	}
	inbox := config.Inboxes[in.InboxID]
	if inbox == nil || !inbox.Enabled {
		return got, rapport.Errorf(rapport.NotFound, "no_inbox", "There is no inbox %q, or it is switched off.", in.InboxID)
	}
	if l := in.Location; l != nil {
		if err := l.Validate("location"); err != nil {
			return got, err
		}
	}
	if len(in.Files) == 0 || in.Body != "" {
		if in.Body, err = (rapport.Content{Location: in.Location}).ValidText("body", in.Body); err != nil {
			return got, err
		}
	}
	if len(in.Points) == 0 {
		return got, rapport.Invalidf("contact", "A message needs a contact point to know whom it is from.")
	}
	if in.Uploader.Kind == "" {
		in.Uploader = in.Points[0]
	}
	caller, err := tx.Caller(in.Points[0], in.InboxID, in.ExternalID)
	if err != nil {
		return got, err
	}
	if caller.Repeats {
		item, _, err := tx.ItemByExternal(in.InboxID, in.ExternalID)
		if err != nil {
			return got, err
		}
		s, err := tx.Summary(item.ConversationID)
		return Received{Conversation: s, Item: item, Duplicate: true}, err
	}
	if caller, err = acquaint(tx, in, caller); err != nil {
		return got, err
	}
	s, before, err := ongoing(tx, in, inbox, caller)
	if err != nil {
		return got, err
	}
	content := rapport.Content{Location: in.Location}
	if content.Files, err = attach(tx, s.ID, OwnerPoint(in.InboxID, in.Uploader), in.Files); err != nil {
		return got, err
	}
	item := rapport.Item{
		Kind: rapport.ItemMessage, By: rapport.ByCustomer, AuthorID: string(caller.ContactID), AuthorName: s.ContactName, Body: in.Body,
		InboxID: in.InboxID, ExternalID: in.ExternalID, Content: content, At: tx.Now(),
	}
	if !in.At.IsZero() && in.At.Before(tx.Now()) {
		item.At = in.At.UTC().Truncate(time.Millisecond)
	}
	if item.Point, err = arrive(tx, &s, inbox, in.Points[0]); err != nil {
		return got, err
	}
	s.LastText, s.LastBy, s.LastAt = content.Preview(in.Body), rapport.ByCustomer, tx.Now()
	if s.AwaitsSince.IsZero() {
		s.AwaitsSince = tx.Now()
	}
	s.SilentSince, s.WarnedAt = time.Time{}, time.Time{}
	if !before.SnoozedUntil.IsZero() {
		s.SnoozedUntil, s.WokeAt = time.Time{}, tx.Now()
	}
	trigger, kind, err := occasion(tx, &s, before, in.Wish)
	if err != nil {
		return got, err
	}
	items := []rapport.Item{item}
	if before.ID == "" && in.Wish == (routing.Wish{}) {
		first, err := bot(tx, inbox.BotID)
		if err != nil {
			return got, err
		}
		if first != nil { // S5: a bot answers first
			line, err := takeByBot(tx, &s, first, "The inbox")
			if err != nil {
				return got, err
			}
			items = append(items, line)
		}
	}
	if holder, err := bot(tx, s.BotID); err != nil {
		return got, err
	} else if holder == nil { // it was switched off meanwhile, or there is none
		s.BotID, s.BotName = "", ""
	}
	if s.BotID != "" {
		if trigger = ""; s.State == rapport.Pending {
			s.State = rapport.Open
		}
		if err := wakeBot(tx, s.ID); err != nil {
			return got, err
		}
	}
	holder := s.Assignee
	if trigger != "" {
		_, told, err := routing.Assign(tx, &s, routing.Request{Trigger: trigger, Wish: in.Wish})
		if err != nil {
			return got, err
		}
		items = append(items, told...)
	}
	words, err := alone(tx, &s, before)
	if err != nil {
		return got, err
	}
	items = append(items, words...)
	if err := tx.Record(&s, before, kind, items...); err != nil {
		return got, err
	}
	if err := deliver(tx, items); err != nil {
		return got, err
	}
	if !before.SnoozedUntil.IsZero() && s.Assignee == before.Assignee {
		if err := Notify(tx, rapport.NotifyWoke, s.ID, s.ContactName+" has written: the snooze is over", s.Assignee); err != nil {
			return got, err
		}
	}
	if holder != "" && holder != s.Assignee && before.State.Active() {
		if err := routing.Fill(tx, holder, "capacity_freed"); err != nil {
			return got, err
		}
	}
	return Received{Conversation: s, Item: items[0]}, nil
}

// acquaint completes who wrote: somebody new becomes a contact, and points that
// nobody owns yet become theirs, if somebody vouches for them.
func acquaint(tx *store.Tx, in Inbound, c store.Caller) (store.Caller, error) {
	var fresh []rapport.Point
	if c.ContactID == "" {
		fresh = append(fresh, in.Points[0])
	}
	others := in.Points[1:]
	if !in.Known {
		others = nil
	}
	for _, p := range others {
		owner, err := tx.PointOwner(p)
		switch {
		case err != nil:
			return c, err
		case owner == "":
			fresh = append(fresh, p)
		case c.ContactID == "":
			// The address it came from is new, but another one is known: the same person.
			if c, err = known(tx, owner, in.InboxID); err != nil {
				return c, err
			}
			if c.Ongoing == "" {
				if c.Ongoing, err = tx.Wide(owner); err != nil {
					return c, err
				}
			}
		}
	}
	if c.ContactID == "" {
		c = store.Caller{ContactID: rapport.NewID[rapport.ContactID](), Name: in.Name, Known: in.Known}
		return c, tx.InsertContact(rapport.Contact{ID: c.ContactID, Name: in.Name, Known: in.Known, Points: fresh, CreatedAt: tx.Now()})
	}
	for _, p := range fresh {
		if err := tx.InsertPoint(c.ContactID, p); err != nil {
			return c, err
		}
	}
	if in.Name != "" && c.Name == "" || in.Known && !c.Known {
		if c.Name == "" {
			c.Name = in.Name
		}
		c.Known = c.Known || in.Known
		return c, tx.NameContact(c.ContactID, c.Name, c.Known)
	}
	return c, nil
}

// known is the caller whose contact was found by another of their points.
func known(tx *store.Tx, id rapport.ContactID, inbox rapport.InboxID) (store.Caller, error) {
	c, err := tx.Contact(id)
	if err != nil || len(c.Points) == 0 {
		return store.Caller{}, err
	}
	return tx.Caller(c.Points[0], inbox, "")
}

// ongoing returns the conversation that the message belongs to: the one that is
// not closed, else a new one that follows the last closed one.
func ongoing(tx *store.Tx, in Inbound, inbox *rapport.Inbox, c store.Caller) (s rapport.Summary, before rapport.Conversation, err error) {
	if c.Ongoing != "" {
		s, err = tx.Summary(c.Ongoing)
		return s, s.Conversation, err
	}
	s.Conversation = rapport.Conversation{
		ID: rapport.NewID[rapport.ConversationID](), ContactID: c.ContactID, InboxID: in.InboxID, QueueID: inbox.QueueID,
		State: rapport.Open, Priority: in.Priority, Point: in.Points[0], OpenedAt: tx.Now(), Version: 1,
	}
	if s.Priority.Rank() == 0 {
		s.Priority = rapport.Normal
	}
	s.ContactName, s.InboxName, s.Channel = rapport.ShownName(c.Name, s.Point), inbox.Name, inbox.Channel
	config, err := tx.Configuration()
	if err != nil {
		return s, before, err
	}
	if q := config.Queues[s.QueueID]; q != nil {
		s.QueueName = q.Name
	}
	s.Follows = c.Follows
	return s, before, nil
}

// occasion decides whether a message makes the router look, and as what.
func occasion(tx *store.Tx, s *rapport.Summary, before rapport.Conversation, wish routing.Wish) (trigger, kind string, err error) {
	switch {
	case before.ID == "":
		return "message", "conversation.opened", nil
	case s.State == rapport.Solved: // S2-13: a reopened one is routed like a new one
		s.Reopen()
		return "reopened", "conversation.reopened", nil
	case s.State == rapport.Pending:
		s.State = rapport.Open
	}
	if s.Assignee == "" {
		if wish != (routing.Wish{}) || s.Waiting == nil {
			return "message", "message.received", nil
		}
		return "", "message.received", nil
	}
	holder, err := tx.AgentFacts(s.Assignee, s.QueueID)
	if err != nil {
		return "", "", err
	}
	if s.Transfer != nil {
		return "", "message.received", nil
	}
	if keeps, err := stays(tx, s, holder.Agent); err != nil || keeps {
		return "", "message.received", err
	}
	return "holder_offline", "message.received", nil
}
