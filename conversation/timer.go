package conversation

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"rapport"
	"rapport/routing"
	"rapport/store"
)

const (
	mostDue   = 512               // timers looked for at once
	atOnce    = 64                // functions handed to the writer together: they share commits
	postponed = time.Minute       // how long a timer that failed is left alone
	nobody    = "Nobody answered" // the end of a cycle of reassignments
)

// FireDue acts on all timers that are due, each in a function of its own, so
// that one that fails holds up no other. A failed one is tried again later.
func FireDue(ctx context.Context, db *store.DB) error {
	var failures []error
	for {
		var due []rapport.ConversationID
		err := db.View(ctx, func(tx *store.Tx) (err error) {
			due, err = tx.TimersDue(mostDue)
			return err
		})
		if err != nil || len(due) == 0 {
			return errors.Join(append(failures, err)...)
		}
		failed := fireAll(ctx, db, due)
		for id, err := range failed {
			if len(failures) < 5 {
				failures = append(failures, fmt.Errorf("the timer of conversation %s: %w", id, err))
			}
			err := db.Update(ctx, func(tx *store.Tx) error { return postpone(tx, id) })
			if err != nil { // the database, not the timer
				return errors.Join(append(failures, err)...)
			}
		}
		if len(due) < mostDue || ctx.Err() != nil {
			return errors.Join(failures...)
		}
	}
}

func fireAll(ctx context.Context, db *store.DB, due []rapport.ConversationID) map[rapport.ConversationID]error {
	var mu sync.Mutex
	failed := map[rapport.ConversationID]error{}
	next := make(chan rapport.ConversationID)
	var busy sync.WaitGroup
	for range min(atOnce, len(due)) {
		busy.Go(func() {
			for id := range next {
				err := db.Update(ctx, func(tx *store.Tx) error { return Fire(tx, id) })
				if err != nil && ctx.Err() == nil {
					mu.Lock()
					failed[id] = err
					mu.Unlock()
				}
			}
		})
	}
	for _, id := range due {
		next <- id
	}
	close(next)
	busy.Wait()
	return failed
}

func postpone(tx *store.Tx, id rapport.ConversationID) error {
	c, err := tx.Conversation(id)
	if err != nil || c.Timer == nil {
		return err
	}
	return tx.SetTimer(id, &rapport.Timer{Kind: c.Timer.Kind, At: tx.Now().Add(postponed)})
}

// Fire acts on the timer of a conversation. It derives it anew first: whatever
// happened since it was armed counts, and of two who fire the same one the
// second finds another. A timer that is not due is only moved.
func Fire(tx *store.Tx, id rapport.ConversationID) error {
	s, err := tx.Summary(id)
	if err != nil {
		return err
	}
	config, err := tx.Configuration()
	if err != nil {
		return err
	}
	rules := config.Rules(&s.Conversation)
	t := s.Next(&rules)
	if t == nil || t.At.After(tx.Now()) {
		if routing.Same(t, s.Timer) {
			return nil
		}
		return tx.SetTimer(id, t)
	}
	switch t.Kind {
	case rapport.TimerReply:
		var soon time.Time
		if soon, err = leavesSoon(tx, &s); err == nil && !soon.IsZero() { // they have answered; it can still be taken back
			return tx.SetTimer(id, &rapport.Timer{Kind: t.Kind, At: soon.Add(2 * time.Second)})
		} else if err == nil {
			err = lapse(tx, &s, &rules)
		}
	case rapport.TimerSnooze:
		err = wake(tx, &s)
	case rapport.TimerWarn:
		err = warn(tx, &s, &rules)
	case rapport.TimerInactivity:
		err = endSilence(tx, &s, &rules)
	case rapport.TimerClose:
		err = closeForGood(tx, &s, &rules)
	case rapport.TimerHold:
		line := happened("held", "Nobody waits for "+nameOf(tx, s.Waiting.AgentID)+" any longer: it goes to whoever can take it", nil)
		err = routing.Reroute(tx, &s, routing.Request{Trigger: "hold_over", Wish: routing.Wish{NoHold: true}}, "conversation.assigned", line)
	case rapport.TimerOpen:
		err = routing.Reroute(tx, &s, routing.Request{Trigger: "opening"}, "conversation.assigned")
	case rapport.TimerWait:
		err = overdue(tx, &s, config, &rules)
	case rapport.TimerBot:
		_, err = BotFailed(tx, s.ID, "no answer from the bot")
		return err
	}
	if err == nil && routing.Same(s.Timer, t) {
		err = fmt.Errorf("the timer %s acted, but is due as before", t.Kind)
	}
	return err
}

// happened is a line of the thread by the system.
func happened(event, sentence string, data map[string]any) rapport.Item {
	return rapport.Item{Kind: rapport.ItemEvent, By: rapport.BySystem, Event: event, Body: sentence, Data: data}
}

func nameOf(tx *store.Tx, id rapport.AgentID) string {
	f, err := tx.AgentFacts(id, "")
	if err != nil || f.Agent.Name == "" {
		return "the agent"
	}
	return f.Agent.Name
}

// span says a time the way people do.
func span(d time.Duration) string {
	n, unit := int(d/time.Minute), "minute"
	switch {
	case d >= 48*time.Hour && d%(24*time.Hour) == 0:
		n, unit = int(d/(24*time.Hour)), "day"
	case d >= time.Hour && d%time.Hour == 0:
		n, unit = int(d/time.Hour), "hour"
	}
	if n == 1 {
		return "1 " + unit
	}
	return fmt.Sprintf("%d %ss", n, unit)
}

// lapse is what becomes of an assignment without an answer (S4): somebody else
// gets it, never one who let it lapse since the last answer (C22). It leaves the
// silent agent also when nobody else can take it (C25): then it waits where
// everybody looks, supervisors are told, and whoever becomes able to gets it.
func lapse(tx *store.Tx, s *rapport.Summary, r *rapport.Rules) error {
	before, silent := s.Conversation, s.Assignee
	said := s.AssigneeName + " did not answer within " + span(time.Duration(r.Reply.Minutes)*time.Minute)
	data := map[string]any{"agent_id": silent, "agent_name": s.AssigneeName, "minutes": r.Reply.Minutes, "hops": s.Hops}
	if r.Reply.Then == rapport.Notify {
		s.EscalatedAt = tx.Now()
		if err := tx.Record(s, before, "conversation.changed", happened("escalated", said+"; supervisors were told", data)); err != nil {
			return err
		}
		return NotifySupervisors(tx, rapport.NotifyEscalated, s.ID, s.ContactName+": "+said)
	}
	s.Excluded = exclude(s.Excluded, silent)
	request := routing.Request{Trigger: "no_answer"}
	if t := s.Transfer; t != nil { // it goes where it was sent
		request.Wish.QueueID = t.QueueID
		s.Transfer, s.Waiting = nil, nil
	}
	last := s.Hops >= r.Reply.Hops
	lines := []rapport.Item{}
	if !last {
		s.Hops++
		data["hops"] = s.Hops
		lines = append(lines, happened("hopped", said, data))
	} else {
		moved, err := lastResort(tx, s, r.Reply.FallbackQueue)
		if err != nil {
			return err
		}
		request.Wish.QueueID = ""
		text := said + "; that was the last of " + count(s.Hops+1) + ". "
		if moved {
			text += "It goes to " + s.QueueName
		} else {
			text += "It stays unassigned"
			request.ByHand = nobody + ": " + names(tx, s.Excluded)
		}
		lines = append(lines, happened("escalated", text+"; supervisors were told", data))
	}
	_, items, err := routing.Assign(tx, s, request)
	if err != nil {
		return err
	}
	if err := tx.Record(s, before, "conversation.assigned", append(lines, items...)...); err != nil {
		return err
	}
	if err := moved(tx, s, silent, said); err != nil {
		return err
	}
	if last || s.Assignee == "" {
		text := s.ContactName + ": " + said
		if s.Waiting != nil {
			text += "; it waits: " + s.Waiting.Reason
		}
		if err := NotifySupervisors(tx, rapport.NotifyEscalated, s.ID, text); err != nil {
			return err
		}
	}
	return routing.Fill(tx, silent, "capacity_freed")
}

// count says how many agents had it.
func count(n int) string {
	if n == 1 {
		return "one agent"
	}
	return fmt.Sprintf("%d agents", n)
}

func names(tx *store.Tx, ids []rapport.AgentID) (list string) {
	for i, id := range ids {
		if i > 0 {
			list += ", "
		}
		list += nameOf(tx, id)
	}
	return list
}

// lastResort moves a conversation to the fallback queue, if there is one and it
// is not there already.
func lastResort(tx *store.Tx, s *rapport.Summary, queue rapport.QueueID) (bool, error) {
	config, err := tx.Configuration()
	if err != nil || config.Queues[queue] == nil || queue == s.QueueID {
		return false, err
	}
	return true, routing.Move(tx, s, queue)
}

// moved tells the agent who lost a conversation by a rule, and who got it.
func moved(tx *store.Tx, s *rapport.Summary, from rapport.AgentID, why string) error {
	if err := Notify(tx, rapport.NotifyLost, s.ID, s.ContactName+" was taken from you: "+why, from); err != nil {
		return err
	}
	return Notify(tx, rapport.NotifyAssigned, s.ID, s.ContactName+" is yours now: "+why, s.Assignee)
}

// overdue is what becomes of a conversation that has waited too long (C25): it
// goes to the fallback queue, else it waits on; supervisors are told once. One
// that waits for its own agent without an end stays.
func overdue(tx *store.Tx, s *rapport.Summary, config *store.Configuration, r *rapport.Rules) error {
	before, w := s.Conversation, *s.Waiting
	strict := w.AgentID != "" && w.Until.IsZero()
	waited := r.MaxWait
	if waited == 0 {
		waited = tx.Now().Sub(w.Since).Truncate(time.Minute)
	}
	said := "Nobody has taken it within " + span(waited)
	if strict {
		said = "It has waited for " + nameOf(tx, w.AgentID) + " for " + span(waited)
	}
	s.EscalatedAt = tx.Now()
	lines := []rapport.Item{}
	moved := false
	if q := config.Queues[s.QueueID]; q != nil && !strict {
		var err error
		if moved, err = lastResort(tx, s, q.FallbackQueue); err != nil {
			return err
		}
	}
	if moved {
		_, items, err := routing.Assign(tx, s, routing.Request{Trigger: "max_wait", Wish: routing.Wish{NoHold: true}})
		if err != nil {
			return err
		}
		lines = append(lines, happened("transferred", said+": it goes to "+s.QueueName+"; supervisors were told", nil))
		lines = append(lines, items...)
	} else {
		lines = append(lines, happened("escalated", said+"; supervisors were told", nil))
	}
	if err := tx.Record(s, before, "conversation.assigned", lines...); err != nil {
		return err
	}
	return NotifySupervisors(tx, rapport.NotifyEscalated, s.ID, s.ContactName+": "+said)
}
