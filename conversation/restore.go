package conversation

import (
	"slices"
	"time"

	"rapport"
	"rapport/routing"
	"rapport/store"
)

// undoOne gives a conversation back what a bulk action changed, unless that is
// something else by now.
func undoOne(tx *store.Tx, actor rapport.Actor, s rapport.Summary, a rapport.BulkAction, was rapport.BulkItem) (rapport.Summary, error) {
	now, set, to := s.Mark(), was.After, was.Before
	if same(a.Do, set, to) { // it changed nothing
		return s, nil
	}
	if !same(a.Do, now, set) {
		return s, errMeanwhile
	}
	switch a.Do {
	case rapport.BulkPriority:
		return SetPriority(tx, actor, s.ID, to.Priority)
	case rapport.BulkTags:
		return SetTags(tx, actor, s.ID, to.Tags)
	}
	if !actor.Supervises() { // who could do it may take it back, while nobody else has it
		if err := mayReply(actor, &s); err != nil {
			return s, err
		}
	}
	return restore(tx, actor, s, to)
}

// same tells whether two marks agree in what an action changes.
func same(do rapport.BulkKind, a, b rapport.BulkMark) bool {
	switch do {
	case rapport.BulkPriority:
		return a.Priority == b.Priority
	case rapport.BulkTags:
		return slices.Equal(a.Tags, b.Tags)
	}
	return a.State == b.State && a.Snoozed.Equal(b.Snoozed) && a.Assignee == b.Assignee && a.Queue == b.Queue && a.Asked == b.Asked
}

// restore brings back the state, the queue and the holder of a conversation. One
// that nobody held is routed anew in its queue.
func restore(tx *store.Tx, actor rapport.Actor, s rapport.Summary, to rapport.BulkMark) (rapport.Summary, error) {
	before := s.Conversation
	line := rapport.Item{Kind: rapport.ItemEvent, By: by(actor), AuthorID: authorID(actor), AuthorName: actor.Name, Event: "undone",
		Body: actor.Name + " undid a change of several conversations", Data: map[string]any{"from": before.State, "to": to.State}}
	s.State, s.SnoozedUntil, s.EndedBy, s.SolvedAt, s.ClosedAt = to.State, to.Snoozed, to.EndedBy, to.SolvedAt, time.Time{}
	s.AwaitsSince, s.SilentSince = to.AwaitsSince, to.SilentSince
	kind := "conversation.changed"
	var items []rapport.Item
	if !to.State.Active() { // it was over before
		s.Waiting, s.Transfer = nil, nil
		if before.State.Active() && s.Assignee != "" {
			if err := tx.Recount(s.Assignee, -1); err != nil {
				return s, err
			}
		}
	} else {
		if !before.State.Active() {
			s.Assignee, s.AssigneeName, kind = "", "", "conversation.reopened" // its load went with its end
		}
		var err error
		switch {
		case to.Assignee != "" && s.Assignee == to.Assignee:
			s.Transfer, s.Waiting = nil, nil
		case to.Assignee != "":
			s.Transfer, s.Waiting = nil, nil
			kind = "conversation.assigned"
			items, err = routing.Give(tx, &s, routing.Grant{To: to.Assignee, Queue: to.Queue, Trigger: "undo", Sentence: "Given back by " + actor.Name, EvenAway: true, Override: true})
		default:
			if s.Assignee != "" {
				if err := tx.Recount(s.Assignee, -1); err != nil {
					return s, err
				}
			}
			s.Assignee, s.AssigneeName, s.WhileUnavailable, s.Transfer, s.Waiting = "", "", false, nil, nil
			if s.BotID == "" {
				kind = "conversation.assigned"
				_, items, err = routing.Assign(tx, &s, routing.Request{Trigger: "undo", Wish: routing.Wish{QueueID: to.Queue}, Exclude: exclude(nil, before.Assignee)})
			}
		}
		if err != nil {
			return s, err
		}
	}
	if s.QueueID != to.Queue {
		if err := routing.Move(tx, &s, to.Queue); err != nil {
			return s, err
		}
	}
	if err := tx.Record(&s, before, kind, append([]rapport.Item{line}, items...)...); err != nil {
		return s, err
	}
	if before.Assignee != "" && before.Assignee != s.Assignee && before.State.Active() {
		return s, routing.Fill(tx, before.Assignee, "capacity_freed")
	}
	return s, nil
}
