package conversation

import (
	"context"
	"time"

	"rapport"
	"rapport/routing"
	"rapport/store"
)

// Left gives the conversations of agents who have been offline for the account's
// grace their ruling. Callers must have been up for as long themselves: their
// own downtime is nobody's absence.
func Left(ctx context.Context, db *store.DB) error {
	var gone []rapport.AgentID
	var grace time.Duration
	err := db.View(ctx, func(tx *store.Tx) error {
		config, err := tx.Configuration()
		if err != nil {
			return err
		}
		grace = time.Duration(config.Settings.OfflineGraceSeconds) * time.Second
		gone, err = tx.AgentsLeft(tx.Now().Add(-grace))
		return err
	})
	if err != nil {
		return err
	}
	for _, id := range gone {
		if err := db.Update(ctx, func(tx *store.Tx) error { return lookAfter(tx, id, tx.Now().Add(-grace)) }); err != nil {
			return err
		}
	}
	return nil
}

// lookAfter rules on what an agent holds who has gone: where we owe a reply it
// is routed again; where we wait for the customer it is kept, and routed when
// they write and the agent is still away (Receive).
func lookAfter(tx *store.Tx, id rapport.AgentID, since time.Time) error {
	still, err := tx.LookedAfter(id, since)
	if err != nil || !still {
		return err
	}
	held, err := tx.HeldIDs(id, "")
	if err != nil {
		return err
	}
	for _, c := range held {
		s, err := tx.Summary(c)
		if err != nil {
			return err
		}
		if ours, err := onPurpose(tx, &s); err != nil {
			return err
		} else if ours {
			continue
		}
		if !s.SnoozedUntil.IsZero() { // it has its ruling when it wakes
			continue
		}
		before := s.Conversation
		if s.AwaitsSince.IsZero() {
			line := happened("state", s.AssigneeName+" went offline; it stays with them while we wait for the customer", nil)
			if err := tx.Record(&s, before, "conversation.changed", line); err != nil {
				return err
			}
			continue
		}
		why := s.AssigneeName + " went offline"
		r := routing.Request{Trigger: "holder_offline", Gone: id}
		if t := s.Transfer; t != nil { // nobody is left to keep it: it goes where it was sent
			r.Wish.QueueID = t.QueueID
			s.Transfer, s.Waiting = nil, nil
		}
		_, items, err := routing.Assign(tx, &s, r)
		if err != nil {
			return err
		}
		lines := append([]rapport.Item{happened("unassigned", why+" while the customer waits: it is routed again", nil)}, items...)
		if err := tx.Record(&s, before, "conversation.assigned", lines...); err != nil {
			return err
		}
		if err := moved(tx, &s, id, why); err != nil {
			return err
		}
	}
	return nil
}

// stays tells whether a conversation stays with its holder: they are here, or it is
// theirs on purpose.
func stays(tx *store.Tx, s *rapport.Summary, holder rapport.Agent) (bool, error) {
	if holder.Availability() != rapport.StatusOffline {
		return true, nil
	}
	return onPurpose(tx, s)
}

// onPurpose tells whether a conversation stays with a holder who is not here: it
// was assigned to them although they were not, and the customer was told (C10).
// That ends when they answer, or are available once more.
func onPurpose(tx *store.Tx, s *rapport.Summary) (bool, error) {
	if !s.WhileUnavailable {
		return false, nil
	}
	back, err := tx.AvailableSince(s.Assignee, s.AssignedAt)
	return !back, err
}
