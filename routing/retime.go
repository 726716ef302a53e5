package routing

import (
	"context"
	"slices"

	"rapport"
	"rapport/job"
	"rapport/store"
)

// Retiming is the kind of the job that derives timers anew after a change of
// the rules they follow.
const Retiming = "retime"

// Retime derives the timers anew that a change of rules concerns, soon: they may
// be many, and this transaction shall not wait for them.
func Retime(tx *store.Tx, of store.Timed) error {
	key := string(of.Queue) + "/" + string(of.Inbox) + "/" + string(of.Bot)
	return job.Enqueue(tx, job.Job{Kind: Retiming, Key: key, Args: of})
}

// RetimeNow does it, in steps that hold the writer only briefly. What dies in
// the middle begins again: nothing comes of deriving a timer twice.
func RetimeNow(ctx context.Context, db *store.DB, of store.Timed) error {
	const step = 100
	var ids []rapport.ConversationID
	err := db.View(ctx, func(tx *store.Tx) (err error) {
		ids, err = tx.Timed(of)
		return err
	})
	if err != nil {
		return err
	}
	for some := range slices.Chunk(ids, step) {
		err := db.Update(ctx, func(tx *store.Tx) error {
			for _, id := range some {
				if err := retime(tx, id); err != nil {
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

func retime(tx *store.Tx, id rapport.ConversationID) error {
	s, err := tx.Summary(id)
	if err != nil {
		return err
	}
	if w := s.Waiting; w != nil && !w.Until.IsZero() { // for an agent or for the queue to open: the rule may be another
		if err := Reroute(tx, &s, Request{Trigger: "settings_changed"}, "conversation.assigned"); err != nil {
			return err
		}
		if s, err = tx.Summary(id); err != nil {
			return err
		}
	}
	config, err := tx.Configuration()
	if err != nil {
		return err
	}
	rules := config.Rules(&s.Conversation)
	next := s.Next(&rules)
	if Same(next, s.Timer) {
		return nil
	}
	if err := tx.SetTimer(id, next); err != nil {
		return err
	}
	if s.Timer = next; s.Assignee == "" && s.Waiting == nil {
		return nil
	}
	return tx.Announce(&s, "conversation.changed")
}

// Same tells whether two timers are.
func Same(a, b *rapport.Timer) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Kind == b.Kind && a.At.Equal(b.At)
}
