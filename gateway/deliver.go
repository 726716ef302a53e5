package gateway

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"

	"rapport"
	"rapport/channel"
	"rapport/conversation"
	"rapport/job"
	"rapport/lib/markup"
	"rapport/store"
)

// sendWithin is the longest that a channel may take for one message; shorter
// than a job's lease, so that nobody else sends it meanwhile.
const sendWithin = 45 * time.Second

// Jobs makes the runner hand replies to their channels, and ask bots.
func (g *Gateway) Jobs(r *job.Runner) {
	r.Handle(conversation.Deliver, g.deliver, g.gaveUp)
	r.Handle(conversation.BotTurn, g.turn, g.turnGaveUp)
	r.Handle(conversation.RetireBot, g.retireBot)
}

// outgoing is what a job is about, as it stands in the database.
type outgoing struct {
	channel.Outbound
	inbox   rapport.InboxID
	settled bool // it has left already, or failed for good
	earlier int  // number of a message before it that has not left yet
}

// deliver sends one reply. The outcome goes into the thread; only what helps to
// be tried again comes back as an error.
func (g *Gateway) deliver(ctx context.Context, t job.Task) error {
	var d conversation.Delivery
	if err := t.Decode(&d); err != nil {
		return &job.Never{Err: err}
	}
	m, err := g.outgoing(ctx, d)
	if err != nil || m.settled {
		return err
	}
	if m.earlier != 0 {
		return fmt.Errorf("message %d waits for message %d before it", m.Seq, m.earlier)
	}
	receipt, err := g.send(ctx, m)
	if err == nil {
		return g.settle(ctx, d, receipt.Delivery, "")
	}
	failure := channel.FailureOf(err)
	switch failure.Class {
	case channel.ClassTemporary:
		if failure.Wait > 0 {
			return &job.Later{After: failure.Wait, Err: err}
		}
		return err
	case channel.ClassUnauthorized: // an admin has to act; the reply is kept for that
		return &job.Later{After: max(failure.Wait, job.Backoff(t.Attempt), time.Minute), Err: err}
	}
	g.Log.Warn("a reply was not delivered", "conversation", m.ConversationID, "class", failure.Class, "error", err)
	return g.settle(ctx, d, rapport.Failed, failure.Message)
}

func (g *Gateway) send(ctx context.Context, m outgoing) (channel.Receipt, error) {
	i, err := g.find(ctx, m.inbox)
	switch {
	case rapport.KindOf(err) == rapport.NotFound && err != nil:
		return channel.Receipt{}, channel.Permanent(err, "The inbox was removed or switched off.")
	case err != nil:
		return channel.Receipt{}, channel.Temporary(err, "The inbox is not ready.")
	}
	sender, ok := i.adapter.(channel.Sender)
	if !ok {
		return channel.Receipt{}, channel.Permanent(nil, "This channel cannot send.")
	}
	info, err := channel.Lookup(i.Channel)
	if err != nil {
		return channel.Receipt{}, channel.Permanent(err, "This channel does not exist any more.")
	}
	can := g.Shelf.Limits.Of(i.Channel)
	if !can.Bold || !can.Italic {
		m.Body = markup.Plain(m.Body)
	}
	if n := utf8.RuneCountInString(m.Body); n > can.MaxText {
		return channel.Receipt{}, channel.Permanent(nil, "The text has %d characters; %s takes %d.", n, info.Name, can.MaxText)
	}
	if err := g.Shelf.Limits.CheckContent(i.Channel, m.Content); err != nil {
		return channel.Receipt{}, channel.Permanent(nil, "%s", err)
	}
	ctx, cancel := context.WithTimeout(ctx, sendWithin)
	defer cancel()
	return sender.Send(ctx, m.Outbound)
}

// outgoing reads the reply and whom it goes to.
func (g *Gateway) outgoing(ctx context.Context, d conversation.Delivery) (m outgoing, err error) {
	err = g.DB.View(ctx, func(tx *store.Tx) error {
		item, err := tx.ItemAnywhere(d.ConversationID, d.Seq)
		if err != nil {
			return err
		}
		if m.settled = item.Delivery != rapport.Queued; m.settled {
			return nil
		}
		c, err := tx.Conversation(item.ConversationID)
		if err != nil {
			return err
		}
		if m.inbox = item.InboxID; m.inbox == "" {
			m.inbox = c.InboxID
		}
		before, err := tx.Undelivered(item.ConversationID, item.Seq-1, rapport.Sent)
		if err != nil {
			return err
		}
		for i := range before { // by this inbox; others have their own order
			if m.earlier == 0 && before[i].InboxID == item.InboxID {
				m.earlier = before[i].Seq
			}
		}
		if item.Point != nil {
			c.Point = *item.Point
		}
		m.Outbound = channel.Outbound{
			ConversationID: d.ConversationID, Seq: d.Seq, Body: item.Body, Content: item.Content, At: item.At, To: c.Point,
			Agent: rapport.AgentRef{ID: rapport.AgentID(item.AuthorID), Name: item.AuthorName},
		}
		if m.Template, err = templateOf(&item); err != nil {
			return err
		}
		m.Contact, err = tx.Contact(c.ContactID)
		return err
	})
	if rapport.KindOf(err) == rapport.NotFound && err != nil {
		return m, &job.Never{Err: err}
	}
	return m, err
}

// templateOf is the approved template that a message was made from.
func templateOf(item *rapport.Item) (*channel.Template, error) {
	use, made := item.Data["template"]
	if !made {
		return nil, nil
	}
	text, err := json.Marshal(use)
	if err != nil {
		return nil, err
	}
	var t channel.Template
	return &t, json.Unmarshal(text, &t)
}

// settle keeps the outcome, also while the program is stopping.
func (g *Gateway) settle(ctx context.Context, d conversation.Delivery, to rapport.Delivery, why string) error {
	return g.DB.Update(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		return conversation.Report(tx, d.ConversationID, d.Seq, to, why)
	})
}

// gaveUp marks a reply that was tried for too long.
func (g *Gateway) gaveUp(ctx context.Context, t job.Task) error {
	var d conversation.Delivery
	if err := t.Decode(&d); err != nil {
		return err
	}
	err := g.settle(ctx, d, rapport.Failed, "It could not be delivered, although we tried for a long time.")
	if notFound := rapport.KindOf(err) == rapport.NotFound; err != nil && notFound {
		return nil
	}
	return err
}
