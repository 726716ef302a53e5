package routing

import (
	"context"
	"encoding/json"
	"slices"

	"rapport"
	"rapport/store"
)

// mostPerFill bounds what one transaction hands out; the sweep does the rest.
const mostPerFill = 50

// Fill gives an agent who has room the conversations that wait in their queues:
// highest priority first, then the oldest. It runs in the transaction that made
// the room.
func Fill(tx *store.Tx, agent rapport.AgentID, trigger string) error {
	if some, err := tx.SomebodyWaits(); err != nil || !some {
		return err
	}
	if any, err := tx.AnyWaiting(agent); err != nil || !any {
		return err
	}
	var skip []rapport.ConversationID
	for range mostPerFill {
		queues, err := tx.ReadyIn(agent)
		if err != nil || len(queues) == 0 {
			return err
		}
		var next *rapport.Conversation
		for _, q := range queues {
			c, ok, err := tx.NextWaiting(q, agent, skip)
			if err != nil {
				return err
			}
			if ok && (next == nil || store.Before(&c, next)) {
				next = &c
			}
		}
		if next == nil {
			return nil
		}
		if err := reconsider(tx, next.ID, trigger); err != nil {
			return err
		}
		skip = append(skip, next.ID) // whatever came of it: once per fill
	}
	return nil
}

// FillQueue serves those who wait in a queue, until nobody there is ready.
func FillQueue(tx *store.Tx, queue rapport.QueueID, trigger string) error {
	var skip []rapport.ConversationID
	for range mostPerFill {
		ready, _, err := tx.QueueCounts(queue)
		if err != nil || ready == 0 {
			return err
		}
		c, ok, err := tx.NextWaiting(queue, "", skip)
		if err != nil || !ok {
			return err
		}
		if err := reconsider(tx, c.ID, trigger); err != nil {
			return err
		}
		skip = append(skip, c.ID)
	}
	return nil
}

// reconsider routes a waiting conversation once more, and records it if
// anything came of it.
func reconsider(tx *store.Tx, id rapport.ConversationID, trigger string) error {
	s, err := tx.Summary(id)
	if err != nil || s.Waiting == nil || s.Waiting.ByHand { // somebody has taken it meanwhile
		return err
	}
	return Reroute(tx, &s, Request{Trigger: trigger}, "conversation.assigned")
}

// Reroute runs the ladder for a conversation that exists and records the
// outcome as an event of the given kind. Pending transfers stay narrowed to the
// queue that was asked.
func Reroute(tx *store.Tx, s *rapport.Summary, r Request, kind string, first ...rapport.Item) error {
	before := s.Conversation
	var err error
	switch {
	case s.Transfer != nil:
		r.Wish = Wish{QueueID: s.Transfer.QueueID}
		r.Exclude = append(r.Exclude, s.Assignee)
	case s.Waiting != nil:
		noHold := r.Wish.NoHold
		if r.Wish, r.Gone, err = wished(tx, s); err != nil {
			return err
		}
		r.Wish.NoHold = r.Wish.NoHold || noHold
	}
	holder := s.Assignee
	_, items, err := Assign(tx, s, r)
	if err != nil || len(items)+len(first) == 0 && s.Why == before.Why {
		return err // it waits as before
	}
	if err := tx.Record(s, before, kind, append(first, items...)...); err != nil {
		return err
	}
	if holder != "" && holder != s.Assignee && before.State.Active() {
		return Fill(tx, holder, "capacity_freed")
	}
	return nil
}

// wished is what was asked for when a conversation began to wait where it is, and who
// had gone offline with it: both still hold when the router looks again.
func wished(tx *store.Tx, s *rapport.Summary) (wish Wish, gone rapport.AgentID, err error) {
	var in inputs
	text, err := tx.DecisionInputs(s.Why.DecisionID)
	if err != nil || text == nil {
		return wish, "", err
	}
	if err := json.Unmarshal(text, &in); err != nil {
		return wish, "", err
	}
	if in.Request.Wish.QueueID != s.QueueID { // moved since: that queue is gone
		in.Request.Wish.QueueID = ""
	}
	return in.Request.Wish, in.Request.Gone, nil
}

// Requeue takes the conversations an agent holds, all or those of one queue,
// and routes each anew: the agent is gone, disabled or no longer a member.
func Requeue(tx *store.Tx, agent rapport.AgentID, queue rapport.QueueID, trigger, why string) error {
	held, err := tx.HeldIDs(agent, queue)
	if err != nil {
		return err
	}
	waiting, err := tx.WaitingFor(agent)
	if err != nil {
		return err
	}
	for _, id := range slices.Concat(held, waiting) {
		s, err := tx.Summary(id)
		if err != nil {
			return err
		}
		if queue != "" && s.QueueID != queue {
			continue
		}
		r := Request{Trigger: trigger, Exclude: []rapport.AgentID{agent}}
		if t := s.Transfer; t != nil { // nobody is left to keep it: it goes where it was sent
			r.Wish.QueueID = t.QueueID
			s.Transfer, s.Waiting = nil, nil
		}
		line := rapport.Item{Kind: rapport.ItemEvent, By: rapport.BySystem, Event: "unassigned", Body: why}
		if err := Reroute(tx, &s, r, "conversation.assigned", line); err != nil {
			return err
		}
	}
	return nil
}

// Sweep looks after whoever waits although somebody is ready, and whoever waits
// for one agent although no rule says so any more: the bond has expired, or the
// settings or the sticky-agent record have changed; and whoever waits for somebody of
// a queue that has closed since. In a healthy system it finds nothing else: every change that makes room hands out work itself.
func Sweep(ctx context.Context, db *store.DB) error {
	var queues []rapport.QueueID
	err := db.View(ctx, func(tx *store.Tx) (err error) {
		queues, err = tx.QueuesToServe()
		return err
	})
	if err != nil {
		return err
	}
	for _, q := range queues {
		if err := db.Update(ctx, func(tx *store.Tx) error { return FillQueue(tx, q, "sweep") }); err != nil {
			return err
		}
	}
	if err := inSteps(ctx, db, (*store.Tx).WaitingForOne); err != nil {
		return err
	}
	return closeLines(ctx, db)
}

// closeLines looks again at whoever began to wait before the queue closed: until it
// opens nobody gets them, however many become available, and another queue may take
// them meanwhile.
func closeLines(ctx context.Context, db *store.DB) error {
	var shut []rapport.QueueID
	err := db.View(ctx, func(tx *store.Tx) error {
		shut = nil
		config, err := tx.Configuration()
		if err != nil {
			return err
		}
		queues, err := tx.QueuesWaitedIn()
		for _, id := range queues {
			if q := config.Queues[id]; q != nil && !q.Hours.Open(tx.Now()) {
				shut = append(shut, id)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, queue := range shut {
		err := inSteps(ctx, db, func(tx *store.Tx) ([]rapport.ConversationID, error) { return tx.WaitingInside(queue) })
		if err != nil {
			return err
		}
	}
	return nil
}

// inSteps looks again at conversations that wait, in the order of waiting, in steps
// that hold the writer only briefly.
func inSteps(ctx context.Context, db *store.DB, who func(tx *store.Tx) ([]rapport.ConversationID, error)) error {
	const step = 100
	var ids []rapport.ConversationID
	err := db.View(ctx, func(tx *store.Tx) (err error) {
		ids, err = who(tx)
		return err
	})
	if err != nil {
		return err
	}
	for some := range slices.Chunk(ids, step) {
		err := db.Update(ctx, func(tx *store.Tx) error {
			for _, id := range some {
				if err := reconsider(tx, id, "sweep"); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
