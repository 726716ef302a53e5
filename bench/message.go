package bench

import (
	"context"
	"fmt"

	"rapport"
	"rapport/conversation"
	"rapport/store"
)

// message is the nth message of a measurement. Nine of ten come from a
// returning customer, each from another one; the tenth from somebody new.
type message struct {
	inbox    int
	customer string // external id
	key      string // idempotency key
	body     string
}

// stride visits every customer once before anyone comes again: it is prime and
// larger than any common divisor with the number of customers.
const stride = 7919

func (w *world) message(n int) message {
	m := message{key: fmt.Sprintf("bench-%d", n)}
	m.body = fmt.Sprintf("mk%013dz I ordered two of the large boxes last week and only one has come; when will the other one be here? Thank you", n)
	if n%10 == 9 {
		m.inbox, m.customer = n/10%w.queues, fmt.Sprintf("new-%d", n)
		return m
	}
	c := n * stride % w.customers
	m.inbox, m.customer = c%w.queues, fmt.Sprintf("c%d", c)
	return m
}

// take takes a message in, as the API channel would.
func take(tx *store.Tx, m message) (conversation.Received, error) {
	inbox := inboxID(m.inbox)
	return conversation.Receive(tx, conversation.Inbound{
		InboxID: inbox, Known: true, ExternalID: m.key, Body: m.body,
		Points: []rapport.Point{{Kind: rapport.PointExternal, Address: string(inbox) + ":" + m.customer, Shown: m.customer}},
	})
}

// receive takes a message in without HTTP. It must find an agent.
func receive(ctx context.Context, db *store.DB, m message) error {
	return db.Update(ctx, func(tx *store.Tx) error {
		got, err := take(tx, m)
		if err == nil && got.Conversation.Assignee == "" {
			err = fmt.Errorf("the message %s went to nobody: %s", m.key, got.Conversation.Waiting.Reason)
		}
		return err
	})
}
