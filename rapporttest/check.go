package rapporttest

import (
	"reflect"

	"rapport"
	"rapport/routing"
	"rapport/store"
)

// Check fails the test when the world breaks an invariant of the architecture:
//
//	2  an agent's load is what they hold
//	3  at most one conversation of a contact and inbox is not closed
//	4  whoever has no agent waits, for a reason and for something
//	6  every routing decision replays to the same answer
//
// It also demands that the log has no gap. NewWorld runs it when the test ends.
func (w *World) Check() {
	t := w.T
	t.Helper()
	w = w.willing()
	w.View(func(tx *store.Tx) error {
		wrong, err := tx.CheckLoads()
		if err != nil {
			return err
		}
		for _, name := range wrong {
			t.Errorf("invariant 2: the load of %s is not what they hold", name)
		}
		last, first, err := tx.Head()
		if err != nil {
			return err
		}
		for next := first; next <= last; {
			events, err := tx.EventsAfter(next-1, 1000)
			if err != nil {
				return err
			}
			for _, e := range events {
				if e.Seq != next {
					t.Fatalf("the log goes on with %d where %d belongs", e.Seq, next)
				}
				next++
			}
			if len(events) == 0 {
				t.Fatalf("the log ends before %d, but its head says %d", next, last)
			}
		}
		return w.checkConversations(tx)
	})
}

func (w *World) checkConversations(tx *store.Tx) error {
	t := w.T
	q := store.ListQuery{Listing: rapport.Listing{View: rapport.ViewAll, Sort: rapport.SortOldest}, Actor: rapport.System, Limit: 500}
	type pair struct {
		rapport.ContactID
		rapport.InboxID
	}
	ongoing := map[pair]rapport.ConversationID{}
	for {
		page, err := tx.List(q)
		if err != nil {
			return err
		}
		for i := range page.Items {
			c := &page.Items[i]
			if other, twice := ongoing[pair{c.ContactID, c.InboxID}]; twice && !c.Internal() {
				t.Errorf("invariant 3: %s and %s are both ongoing for %s", other, c.ID, c.ContactName)
			}
			ongoing[pair{c.ContactID, c.InboxID}] = c.ID
			if c.Assignee == "" && c.BotID == "" && (c.Waiting == nil || c.Waiting.Reason == "" || c.Waiting.WaitsFor == "") {
				t.Errorf("invariant 4: %s of %s has no agent, and nothing says what it waits for", c.ID, c.ContactName)
			}
			if c.BotID != "" && (c.Assignee != "" || c.Waiting != nil) {
				t.Errorf("invariant 2: %s of %s is with a bot, and with %q or waiting", c.ID, c.ContactName, c.AssigneeName)
			}
			if err := w.checkDecisions(tx, c.ID, c.BotID != ""); err != nil {
				return err
			}
		}
		if q.After = page.Next; q.After == nil {
			return nil
		}
	}
}

// checkDecisions replays what was decided about a conversation; that it goes to
// the bot of its inbox is no decision.
func (w *World) checkDecisions(tx *store.Tx, id rapport.ConversationID, byBot bool) error {
	decisions, err := tx.Decisions(id)
	if err != nil {
		return err
	}
	if len(decisions) == 0 && !byBot {
		w.T.Errorf("invariant 6: nothing was decided about %s", id)
	}
	for _, d := range decisions {
		if d.Rung == rapport.RungManual || d.Sentence == store.Gone {
			continue // a person decided, or it was erased
		}
		again, err := routing.Replay(d)
		if err != nil {
			return err
		}
		if again.AgentID != d.AgentID || again.Rung != d.Rung || again.Sentence != d.Sentence || again.QueueID != d.QueueID || !reflect.DeepEqual(again.Candidates, d.Candidates) {
			w.T.Errorf("invariant 6: decision %s replays to %q (%s) instead of %q (%s)", d.ID, again.Sentence, again.AgentID, d.Sentence, d.AgentID)
		}
	}
	return nil
}

// Head is the number of the last event.
func (w *World) Head() (seq int64) {
	w.T.Helper()
	w.View(func(tx *store.Tx) (err error) {
		seq, _, err = tx.Head()
		return err
	})
	return seq
}
