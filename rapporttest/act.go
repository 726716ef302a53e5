package rapporttest

import (
	"strings"

	"rapport"
	"rapport/conversation"
	"rapport/routing"
	"rapport/store"
)

// Point is the contact point behind a customer's name in a test: "+49…" is a
// phone number, "x@y" a mail address, anything else an id that an inbox vouches for.
func Point(customer string) rapport.Point {
	switch {
	case strings.HasPrefix(customer, "+"):
		return rapport.Point{Kind: rapport.PointPhone, Address: customer}
	case strings.Contains(customer, "@"):
		return rapport.Point{Kind: rapport.PointEmail, Address: strings.ToLower(customer)}
	}
	return rapport.Point{Kind: rapport.PointExternal, Address: "world:" + customer}
}

// In sends a message to an inbox by name; the default is the first one.
func (w *World) In(inbox string) func(*conversation.Inbound) {
	id := w.Inbox(inbox, "").ID
	return func(in *conversation.Inbound) { in.InboxID = id }
}

// ToAgent wishes for an agent (rung 0).
func (w *World) ToAgent(name string) func(*conversation.Inbound) {
	id := w.Agent(name).ID
	return func(in *conversation.Inbound) { in.Wish.AgentID = id }
}

// ToQueue wishes for a queue (rung 1), with or without the last agent first.
func (w *World) ToQueue(name string, preferLast bool) func(*conversation.Inbound) {
	id := w.Queue(name).ID
	return func(in *conversation.Inbound) {
		in.Wish = routing.Wish{QueueID: id, PreferLastAgent: preferLast}
	}
}

// Numbered gives a message the channel's id.
func Numbered(external string) func(*conversation.Inbound) {
	return func(in *conversation.Inbound) { in.ExternalID = external }
}

// At says how urgent a new conversation is.
func At(p rapport.Priority) func(*conversation.Inbound) {
	return func(in *conversation.Inbound) { in.Priority = p }
}

// With adds contact points of the same customer.
func With(points ...string) func(*conversation.Inbound) {
	return func(in *conversation.Inbound) {
		for _, p := range points {
			in.Points = append(in.Points, Point(p))
		}
	}
}

// Write sends a customer's message. Without an inbox in the world it goes to
// one named "site" that leads to the default queue.
func (w *World) Write(customer, text string, options ...func(*conversation.Inbound)) conversation.Received {
	w.T.Helper()
	in := conversation.Inbound{InboxID: w.firstInbox(), Points: []rapport.Point{Point(customer)}, Name: customer, Known: true, Body: text}
	for _, o := range options {
		o(&in)
	}
	var got conversation.Received
	w.Update(func(tx *store.Tx) (err error) {
		got, err = conversation.Receive(tx, in)
		return err
	})
	if w.refused == "" {
		w.names.Lock()
		w.names.contacts[customer] = got.Conversation.ContactID
		w.names.Unlock()
	}
	return got
}

// firstInbox is the inbox that was made first: ids grow.
func (w *World) firstInbox() (first rapport.InboxID) {
	w.names.Lock()
	for _, id := range w.names.inboxes {
		if first == "" || id < first {
			first = id
		}
	}
	w.names.Unlock()
	if first == "" {
		first = w.willing().Inbox("site", "general").ID
	}
	return first
}

// All returns a customer's conversations, the latest first.
func (w *World) All(customer string) (list []rapport.Summary) {
	w.T.Helper()
	w.names.Lock()
	contact, known := w.names.contacts[customer]
	w.names.Unlock()
	if !known {
		w.T.Fatalf("%s has not written yet", customer)
	}
	w.View(func(tx *store.Tx) (err error) {
		list, err = tx.OfContact(store.Filter{Actor: rapport.System, Contact: contact, Page: store.Page{Limit: 100}})
		return err
	})
	return list
}

// Of returns a customer's latest conversation.
func (w *World) Of(customer string) rapport.Summary {
	w.T.Helper()
	return w.All(customer)[0]
}

// Holder names who has a customer's latest conversation, "" for nobody.
func (w *World) Holder(customer string) string {
	w.T.Helper()
	return w.Of(customer).AssigneeName
}

// Decisions returns those about a customer's latest conversation, latest first.
func (w *World) Decisions(customer string) (list []rapport.Decision) {
	w.T.Helper()
	id := w.Of(customer).ID
	w.View(func(tx *store.Tx) (err error) {
		list, err = tx.Decisions(id)
		return err
	})
	return list
}

// Decision returns the latest of them.
func (w *World) Decision(customer string) rapport.Decision {
	w.T.Helper()
	list := w.Decisions(customer)
	if len(list) == 0 {
		w.T.Fatalf("nothing was decided about %s", customer)
	}
	return list[0]
}

// Items returns the thread of a customer's latest conversation.
func (w *World) Items(customer string) (items []rapport.Item) {
	w.T.Helper()
	id := w.Of(customer).ID
	w.View(func(tx *store.Tx) (err error) {
		items, err = tx.Items(id, 0, 0, 1000)
		return err
	})
	return items
}

// Reply answers a customer's latest conversation.
func (w *World) Reply(agent, customer, text string) (item rapport.Item) {
	w.T.Helper()
	actor, id := w.Actor(agent), w.Of(customer).ID
	w.Update(func(tx *store.Tx) (err error) {
		item, _, err = conversation.Reply(tx, actor, id, conversation.Writing{Body: text, ClientID: rapport.NewID[string]()})
		return err
	})
	return item
}

// Note writes to colleagues.
func (w *World) Note(agent, customer, text string) (item rapport.Item) {
	w.T.Helper()
	actor, id := w.Actor(agent), w.Of(customer).ID
	w.Update(func(tx *store.Tx) (err error) {
		item, _, err = conversation.Note(tx, actor, id, conversation.Writing{Body: text, ClientID: rapport.NewID[string]()})
		return err
	})
	return item
}

// change runs a verb of a conversation as an agent.
func (w *World) change(agent, customer string, verb func(*store.Tx, rapport.Actor, rapport.ConversationID) (rapport.Summary, error)) (s rapport.Summary) {
	w.T.Helper()
	actor, id := w.Actor(agent), w.Of(customer).ID
	w.Update(func(tx *store.Tx) (err error) {
		s, err = verb(tx, actor, id)
		return err
	})
	return s
}

// Name has an agent say what a customer is called.
func (w *World) Name(agent, customer, name string) {
	w.T.Helper()
	id, actor := w.Of(customer).ContactID, w.Actor(agent)
	w.Update(func(tx *store.Tx) error {
		_, err := conversation.NameCustomer(tx, actor, id, name)
		return err
	})
}

// Claim takes a conversation that nobody has.
func (w *World) Claim(agent, customer string) rapport.Summary {
	w.T.Helper()
	return w.change(agent, customer, func(tx *store.Tx, a rapport.Actor, id rapport.ConversationID) (rapport.Summary, error) {
		return conversation.Claim(tx, a, id, false)
	})
}

// Transfer hands a conversation to an agent, with or without override.
func (w *World) Transfer(agent, customer, to string, override bool) rapport.Summary {
	w.T.Helper()
	target := conversation.To{AgentID: w.willing().Agent(to).ID, Reason: "better there", Override: override}
	return w.change(agent, customer, func(tx *store.Tx, a rapport.Actor, id rapport.ConversationID) (rapport.Summary, error) {
		return conversation.Transfer(tx, a, id, target)
	})
}

// TransferToQueue hands a conversation to a queue.
func (w *World) TransferToQueue(agent, customer, queue string) rapport.Summary {
	w.T.Helper()
	target := conversation.To{QueueID: w.willing().Queue(queue).ID, Reason: "better there"}
	return w.change(agent, customer, func(tx *store.Tx, a rapport.Actor, id rapport.ConversationID) (rapport.Summary, error) {
		return conversation.Transfer(tx, a, id, target)
	})
}

// CancelTransfer calls a transfer back.
func (w *World) CancelTransfer(agent, customer string) rapport.Summary {
	w.T.Helper()
	return w.change(agent, customer, conversation.CancelTransfer)
}

// Release puts a conversation back into its queue.
func (w *World) Release(agent, customer string) rapport.Summary {
	w.T.Helper()
	return w.change(agent, customer, func(tx *store.Tx, a rapport.Actor, id rapport.ConversationID) (rapport.Summary, error) {
		return conversation.Release(tx, a, id, "")
	})
}

// SetState moves a conversation along its state table.
func (w *World) SetState(agent, customer string, to rapport.State) rapport.Summary {
	w.T.Helper()
	return w.change(agent, customer, func(tx *store.Tx, a rapport.Actor, id rapport.ConversationID) (rapport.Summary, error) {
		return conversation.SetState(tx, a, id, to)
	})
}

// Solve ends the work on a conversation.
func (w *World) Solve(agent, customer string) rapport.Summary {
	w.T.Helper()
	return w.SetState(agent, customer, rapport.Solved)
}

// ReturnTransfers does what a timer does: it gives back what nobody took over.
func (w *World) ReturnTransfers() {
	w.T.Helper()
	w.Update(conversation.ReturnTransfers)
}
