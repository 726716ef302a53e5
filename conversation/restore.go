package conversation

import (
	"slices"
	"time"

	"rapport"
	"rapport/routing"
	"rapport/store"
)

// undoOne gives a conversation back what a bulk action changed, unless that is
// something else by now. It need not be in the actor's sight any more; what
// became of it there is not told then.
func undoOne(tx *store.Tx, actor rapport.Actor, s rapport.Summary, do rapport.BulkKind, was rapport.BulkItem) (rapport.Summary, error) {
	set, to := was.After, was.Before
	switch {
	case same(do, set, to): // it changed nothing
		return s, nil
	case moves(do):
		ended := set.State != to.State || !set.Snoozed.Equal(to.Snoozed)
		if !couldMove(actor, &s, to) {
			return s, rapport.Errorf(rapport.Forbidden, "forbidden", "You may not do this here any more.")
		}
		if err := stands(tx, actor, &s, do, set, to, ended); err != nil {
			return s, err
		}
		return restore(tx, actor, s, to, ended)
	}
	if _, err := See(tx, actor, s.ID); err != nil {
		return s, err
	}
	if !same(do, s.Mark(), set) {
		return s, errMeanwhile
	}
	if do == rapport.BulkPriority {
		return SetPriority(tx, actor, s.ID, to.Priority)
	}
	return SetTags(tx, actor, s.ID, to.Tags)
}

// moves tells whether an action is about where a conversation is and how it stands.
func moves(do rapport.BulkKind) bool { return do != rapport.BulkPriority && do != rapport.BulkTags }

// Why a conversation is not given back what it was.
var (
	errMeanwhile = rapport.Errorf(rapport.Conflict, "changed_meanwhile", "Somebody changed it meanwhile.")
	errWritten   = rapport.Errorf(rapport.Conflict, "changed_meanwhile", "Somebody has written in it since, so it stays as it is.")
)

// couldMove tells whether the actor, as who they are now, may change a
// conversation that is what it was.
func couldMove(actor rapport.Actor, s *rapport.Summary, was rapport.BulkMark) bool {
	then := *s
	then.QueueID, then.Assignee = was.Queue, was.Assignee
	if !was.State.Active() { // nobody held it
		then.Assignee = ""
	}
	return began(actor, &then) || mayMove(actor, &then) == nil
}

// touched are the entries of a thread that tell that somebody changed where a
// conversation is or how it stands, be it only to and fro.
var touched = []string{
	"state", "snoozed", "inactivity", "unassigned", "hopped", "transferred", "transfer_requested", "transfer_cancelled", "transfer_returned",
	"bot", "handoff", "merged", "unmerged", "undone",
}

// stands refuses to undo a move where others have done something since: what a
// colleague holds and has answered stays with them, and how a conversation
// stands is not taken back behind somebody's words.
func stands(tx *store.Tx, actor rapport.Actor, s *rapport.Summary, do rapport.BulkKind, set, to rapport.BulkMark, ended bool) error {
	since, err := tx.ItemsNumbered(s.ID, set.Seq+1, s.LastSeq)
	if err != nil {
		return err
	}
	var wrote, asked, answered bool
	for _, v := range since {
		own := v.By == rapport.ByAgent && v.AuthorID == string(actor.AgentID)
		switch {
		case v.Kind == rapport.ItemEvent && !own && slices.Contains(touched, v.Event):
			return errMeanwhile
		case v.Kind == rapport.ItemMessage && v.By != rapport.BySystem:
			wrote = true
			asked = asked || v.By == rapport.ByCustomer
			answered = answered || !own && v.By == rapport.ByAgent && v.AuthorID == string(s.Assignee)
		}
	}
	now := s.Mark()
	if asked && set.State == rapport.Pending && now.State == rapport.Open { // the customer's words opened it
		now.State, now.Snoozed = set.State, set.Snoozed
	}
	switch {
	case s.MergedInto != "" || !same(do, now, set):
		return errMeanwhile
	case !(wrote && ended || answered && s.Assignee != to.Assignee):
		return nil
	case !actor.Sees(&s.Conversation):
		return errMeanwhile
	case answered && s.Assignee != to.Assignee:
		return rapport.Errorf(rapport.Conflict, "changed_meanwhile", "%s has answered since, so it stays with them.", s.AssigneeName)
	}
	return errWritten
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

// restore brings back the queue and the holder of a conversation, and its state
// with the clocks that went with it if that was ended. One that nobody held is
// routed anew in its queue.
func restore(tx *store.Tx, actor rapport.Actor, s rapport.Summary, to rapport.BulkMark, ended bool) (rapport.Summary, error) {
	before := s.Conversation
	line := rapport.Item{Kind: rapport.ItemEvent, By: by(actor), AuthorID: authorID(actor), AuthorName: actor.Name, Event: "undone",
		Body: actor.Name + " undid a change of several conversations", Data: map[string]any{"from": before.State, "to": to.State}}
	if ended {
		s.State, s.SnoozedUntil, s.EndedBy, s.SolvedAt, s.ClosedAt = to.State, to.Snoozed, to.EndedBy, to.SolvedAt, time.Time{}
		s.AwaitsSince, s.SilentSince = to.AwaitsSince, to.SilentSince
	}
	kind := "conversation.changed"
	var items []rapport.Item
	if !s.State.Active() { // it was over before
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
