package demo

import (
	"context"
	"time"

	"rapport"
	"rapport/store"
)

const (
	pastStep  = 10_000 // rows in one transaction
	perPerson = 4      // old conversations of a customer
)

// inventPast adds old, closed conversations in a queue and an inbox of their own,
// which an agent who has left handled.
func inventPast(ctx context.Context, db *store.DB, conversations int) error {
	if conversations <= 0 {
		return nil
	}
	queue, inbox, agent := store.PastID[rapport.QueueID]('q', 0), store.PastID[rapport.InboxID]('i', 0), store.PastID[rapport.AgentID]('a', 0)
	err := db.Update(ctx, func(tx *store.Tx) error {
		if err := tx.SaveQueue(rapport.Queue{ID: queue, Name: "Archive", Strategy: rapport.RoundRobin, Version: 1, CreatedAt: tx.Now()}); err != nil {
			return err
		}
		if err := tx.SaveInbox(rapport.Inbox{ID: inbox, Channel: "api", Name: "Old shop", QueueID: queue, CreatedAt: tx.Now()}, nil); err != nil {
			return err
		}
		return tx.InsertAgent(rapport.Agent{ID: agent, Name: "Robin Former", Email: "robin@example.com", Role: rapport.RoleAgent, Status: rapport.StatusOffline, CreatedAt: tx.Now()})
	})
	if err != nil {
		return err
	}
	past := store.Past{Customers: max(1, conversations/perPerson), Conversations: conversations, Agents: 1, Queues: 1, Until: time.Now().AddDate(0, 0, -2)}
	for _, table := range []struct {
		rows   int
		invent func(*store.Tx, store.Past, int, int) error
	}{{past.Customers, (*store.Tx).InventCustomers}, {conversations, (*store.Tx).InventConversations}} {
		for first := 0; first < table.rows; first += pastStep {
			last := min(first+pastStep, table.rows) - 1
			if err := db.Update(ctx, func(tx *store.Tx) error { return table.invent(tx, past, first, last) }); err != nil {
				return err
			}
		}
	}
	return nil
}
