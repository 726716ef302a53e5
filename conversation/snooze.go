package conversation

import (
	"time"

	"rapport"
	"rapport/routing"
	"rapport/store"
)

// mostSnooze is how long a conversation can sleep.
const mostSnooze = 366 * 24 * time.Hour

// maySnooze refuses whoever neither holds the conversation nor supervises; one
// that nobody has cannot sleep, as nobody would be woken.
func maySnooze(actor rapport.Actor, s *rapport.Summary) error {
	switch {
	case !s.State.Active():
		return isActive(s)
	case s.Assignee == "":
		return rapport.Errorf(rapport.Conflict, "not_assigned", "Nobody has this conversation; take it before you snooze it.")
	case s.Transfer != nil:
		return rapport.Errorf(rapport.Conflict, "transfer_waiting", "A transfer is waiting; call it back first.")
	case s.Assignee != actor.AgentID && !actor.Supervises():
		return heldByOther(s)
	}
	return nil
}

// Snooze lets a conversation sleep until a time, or until the customer writes.
// It is pending meanwhile, stays with its holder and counts as their load; no
// other timer runs.
func Snooze(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID, until time.Time) (rapport.Summary, error) {
	if _, err := flush(tx, actor, id); err != nil {
		return rapport.Summary{}, err
	}
	s, err := See(tx, actor, id)
	if err != nil {
		return s, err
	}
	if err := maySnooze(actor, &s); err != nil {
		return s, err
	}
	until = until.UTC().Truncate(time.Second)
	if !until.After(tx.Now()) || until.After(tx.Now().Add(mostSnooze)) {
		return s, rapport.Invalidf("until", "The time must lie ahead, within a year.")
	}
	if s.SnoozedUntil.Equal(until) {
		return s, nil
	}
	before := s.Conversation
	s.State, s.SnoozedUntil = rapport.Pending, until
	line := rapport.Item{Kind: rapport.ItemEvent, By: by(actor), AuthorID: authorID(actor), AuthorName: actor.Name, Event: "snoozed",
		Body: actor.Name + " snoozed it", Data: map[string]any{"until": until}}
	if s.Assignee == actor.AgentID && s.AgentSeen == s.LastSeq {
		s.AgentSeen++
	}
	return s, tx.Record(&s, before, "conversation.state", line)
}

// wake ends a snooze whose time has come. A holder who is not here any more gets
// no conversation back: it is routed, as one whose customer waits.
func wake(tx *store.Tx, s *rapport.Summary) error {
	before := s.Conversation
	s.State, s.SnoozedUntil, s.WokeAt = rapport.Open, time.Time{}, tx.Now()
	lines := []rapport.Item{happened("woke", "The snooze is over", nil)}
	holder, err := tx.Agent(s.Assignee)
	if err != nil && !gone(err) {
		return err
	}
	if keeps, err := stays(tx, s, holder); err != nil {
		return err
	} else if keeps {
		if err := tx.Record(s, before, "conversation.state", lines...); err != nil {
			return err
		}
		return Notify(tx, rapport.NotifyWoke, s.ID, s.ContactName+" is back: the snooze is over", s.Assignee)
	}
	why := s.AssigneeName + " is offline"
	_, items, err := routing.Assign(tx, s, routing.Request{Trigger: "holder_offline", Gone: before.Assignee})
	if err != nil {
		return err
	}
	lines = append(append(lines, happened("unassigned", why+": it is routed again", nil)), items...)
	if err := tx.Record(s, before, "conversation.assigned", lines...); err != nil {
		return err
	}
	return moved(tx, s, before.Assignee, "the snooze is over and "+why)
}

// NextOpening is when the queue of a conversation opens next; zero when it has
// no hours, or none ahead.
func NextOpening(tx *store.Tx, c *rapport.Conversation) (time.Time, error) {
	config, err := tx.Configuration()
	if err != nil {
		return time.Time{}, err
	}
	q := config.Queues[c.QueueID]
	if q == nil || q.Hours == nil {
		return time.Time{}, nil
	}
	return q.Hours.NextOpening(tx.Now()), nil
}
