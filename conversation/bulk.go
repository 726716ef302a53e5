package conversation

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"rapport"
	"rapport/job"
	"rapport/store"
)

// Bulk is the kind of the job that changes many conversations.
const Bulk = "bulk"

// BulkJob are the arguments of that job.
type BulkJob struct {
	ID rapport.BulkID `json:"id"`
}

const (
	bulkTogether = 16               // conversations that share a commit
	bulkStretch  = 45 * time.Second // of one run of the job
	bulkPause    = 300 * time.Millisecond
	mostBulks    = 3 // under way at once for one agent
	undoWithin   = 24 * time.Hour
)

// StartBulk begins a change of many conversations. Each is changed, or refused,
// by the same rules as if the actor changed it alone.
func StartBulk(tx *store.Tx, actor rapport.Actor, action rapport.BulkAction, ids []rapport.ConversationID) (b rapport.Bulk, err error) {
	if err := action.Validate(tx.Now()); err != nil {
		return b, err
	}
	if action.AgentID == rapport.AssigneeMe {
		action.AgentID = actor.AgentID
	}
	if action.Reason = strings.TrimSpace(action.Reason); len(action.Reason) > 1000 {
		return b, rapport.Invalidf("action.reason", "The reason is %d bytes long; at most 1000 are allowed.", len(action.Reason))
	}
	seen := make(map[rapport.ConversationID]bool, len(ids))
	ids = slices.DeleteFunc(slices.Clone(ids), func(id rapport.ConversationID) bool {
		again := seen[id] || id == ""
		seen[id] = true
		return again
	})
	switch {
	case len(ids) == 0:
		return b, rapport.Invalidf("ids", "There is no conversation to change.")
	case len(ids) > rapport.MostInBulk:
		return b, rapport.Invalidf("ids", "One action changes at most %d conversations; these are %d.", rapport.MostInBulk, len(ids))
	}
	under, err := tx.BulksOf(actor.AgentID, tx.Now().Add(-undoWithin), 50)
	if err != nil {
		return b, err
	}
	busy := 0
	for i := range under {
		if under[i].EndedAt.IsZero() {
			busy++
		}
	}
	if busy >= mostBulks {
		return b, rapport.Errorf(rapport.Conflict, "too_many", "%d of your actions are still under way; wait until one has ended.", busy)
	}
	b = rapport.Bulk{ID: rapport.NewID[rapport.BulkID](), AgentID: actor.AgentID, Action: action, Total: len(ids), IDs: ids, CreatedAt: tx.Now()}
	return b, begun(tx, &b)
}

func begun(tx *store.Tx, b *rapport.Bulk) error {
	if err := tx.InsertBulk(b); err != nil {
		return err
	}
	if err := tx.Append(rapport.Event{Kind: "bulk.started", AgentID: b.AgentID}, rapport.Change{Bulk: b}); err != nil {
		return err
	}
	return job.Enqueue(tx, job.Job{Kind: Bulk, Key: string(b.ID), Args: BulkJob{b.ID}})
}

// UndoBulk begins to give each conversation back what it was before. Who
// changed meanwhile is skipped.
func UndoBulk(tx *store.Tx, actor rapport.Actor, id rapport.BulkID) (b rapport.Bulk, err error) {
	of, err := tx.Bulk(id)
	if err != nil {
		return b, err
	}
	switch {
	case of.AgentID != actor.AgentID:
		return b, rapport.Errorf(rapport.NotFound, "not_found", "There is no bulk action %q.", id)
	case of.EndedAt.IsZero():
		return b, rapport.Errorf(rapport.Conflict, "under_way", "The action is still under way; it can be undone once it has ended.")
	case of.UndoneBy != "":
		return b, rapport.Errorf(rapport.Conflict, "undone", "The action has been undone already.")
	case of.Undoes != "":
		return b, rapport.Errorf(rapport.Conflict, "undone", "What was undone is done again by hand.")
	case tx.Now().Sub(of.EndedAt) > undoWithin:
		return b, rapport.Errorf(rapport.Conflict, "too_late", "An action can be undone for a day.")
	case of.Done == 0:
		return b, rapport.Errorf(rapport.Conflict, "nothing_done", "The action changed nothing.")
	}
	var ids []rapport.ConversationID
	for after := -1; ; {
		items, err := tx.BulkItems(id, true, after, 1000)
		if err != nil {
			return b, err
		}
		for _, i := range items {
			ids, after = append(ids, i.ConversationID), i.N
		}
		if len(items) < 1000 {
			break
		}
	}
	b = rapport.Bulk{ID: rapport.NewID[rapport.BulkID](), AgentID: actor.AgentID, Action: rapport.BulkAction{Do: rapport.BulkUndo}, Total: len(ids), IDs: ids, Undoes: id, CreatedAt: tx.Now()}
	of.UndoneBy = b.ID
	if err := tx.SaveBulk(&of); err != nil {
		return b, err
	}
	return b, begun(tx, &b)
}

// RunBulk goes on with a bulk action for a while, and enqueues itself again if
// that was not enough. Each conversation and what became of it are one commit,
// so that it may die at any moment.
func RunBulk(ctx context.Context, db *store.DB, id rapport.BulkID) error {
	var b rapport.Bulk
	var past *marks
	if err := db.View(ctx, func(tx *store.Tx) (err error) {
		if b, err = tx.Bulk(id); err == nil && b.Undoes != "" {
			past, err = marksOf(tx, b.Undoes)
		}
		return err
	}); err != nil {
		return err
	}
	started, told := time.Now(), time.Now()
	for b.Next < b.Total && time.Since(started) < bulkStretch {
		end := min(b.Next+bulkTogether, b.Total)
		var wait sync.WaitGroup
		failed := make([]error, end-b.Next)
		for n := b.Next; n < end; n++ {
			wait.Go(func() { failed[n-b.Next] = bulkOne(ctx, db, &b, past, n) })
		}
		wait.Wait()
		if err := errors.Join(failed...); err != nil {
			return err
		}
		b.Next = end
		tell := b.Next == b.Total || time.Since(told) > bulkPause
		if tell {
			told = time.Now()
		}
		if err := db.Update(ctx, func(tx *store.Tx) error { return progress(tx, &b, tell) }); err != nil {
			return err
		}
	}
	if b.Next < b.Total {
		return db.Update(ctx, func(tx *store.Tx) error {
			return job.Enqueue(tx, job.Job{Kind: Bulk, Key: string(id), Args: BulkJob{id}})
		})
	}
	return nil
}

// progress notes how far a bulk action has come, and tells whose it is.
func progress(tx *store.Tx, b *rapport.Bulk, tell bool) error {
	kind := "bulk.progress"
	now := *b
	if now.Next >= now.Total {
		now.EndedAt, kind = tx.Now(), "bulk.ended"
	}
	saved, err := tx.Bulk(b.ID)
	if err != nil {
		return err
	}
	now.Done, now.Refused, now.Skipped, now.UndoneBy = saved.Done, saved.Refused, saved.Skipped, saved.UndoneBy
	if err := tx.SaveBulk(&now); err != nil || !tell {
		return err
	}
	now.IDs = nil
	return tx.Append(rapport.Event{Kind: kind, AgentID: b.AgentID}, rapport.Change{Bulk: &now})
}

// marks are the items of a bulk action that is undone, by conversation.
type marks map[rapport.ConversationID]rapport.BulkItem

func marksOf(tx *store.Tx, id rapport.BulkID) (*marks, error) {
	found := marks{}
	for after := -1; ; {
		items, err := tx.BulkItems(id, true, after, 1000)
		if err != nil {
			return nil, err
		}
		for _, i := range items {
			found[i.ConversationID], after = i, i.N
		}
		if len(items) < 1000 {
			return &found, nil
		}
	}
}

// bulkOne changes one conversation and notes what became of it.
func bulkOne(ctx context.Context, db *store.DB, b *rapport.Bulk, past *marks, n int) error {
	item := rapport.BulkItem{N: n, ConversationID: b.IDs[n], Outcome: rapport.BulkDone}
	err := db.Update(ctx, func(tx *store.Tx) error {
		if _, known, err := tx.BulkItem(b.ID, n); err != nil || known {
			return err
		}
		actor, err := agentActor(tx, b.AgentID)
		if err != nil {
			return err
		}
		if past != nil {
			err = undoItem(tx, actor, b, &item, (*past)[item.ConversationID])
		} else {
			err = changeItem(tx, actor, b, &item)
		}
		if err != nil {
			return err
		}
		return tx.InsertBulkItem(b.ID, &item)
	})
	if err == nil {
		return nil
	}
	var refusal *rapport.Error
	switch kind := rapport.KindOf(err); {
	case ctx.Err() != nil, !errors.As(err, &refusal), kind == rapport.Internal, kind == rapport.Unavailable:
		return err
	}
	item.Outcome, item.Reason = rapport.BulkRefused, refusal.Message
	item.Before, item.After = rapport.BulkMark{}, rapport.BulkMark{}
	if code := rapport.CodeOf(err); past != nil && (code == "duplicate" || code == "changed_meanwhile") {
		item.Outcome = rapport.BulkSkipped
		if code == "duplicate" {
			item.Reason = "The customer has a newer conversation, so this one stays closed."
		}
	}
	return db.Update(ctx, func(tx *store.Tx) error {
		if _, known, err := tx.BulkItem(b.ID, n); err != nil || known {
			return err
		}
		return tx.InsertBulkItem(b.ID, &item)
	})
}

// changeItem does a bulk action to one conversation. What the actor can still
// call back leaves before, as it is no part of what undoing takes back.
func changeItem(tx *store.Tx, actor rapport.Actor, b *rapport.Bulk, item *rapport.BulkItem) error {
	s, err := See(tx, actor, item.ConversationID)
	if err == nil && moves(b.Action.Do) {
		var sent bool
		if sent, err = flush(tx, actor, s.ID); err == nil && sent {
			s, err = tx.Summary(s.ID)
		}
	}
	if err != nil {
		return err
	}
	item.Before = s.Mark()
	s, err = changeOne(tx, actor, s, b.Action)
	item.After = s.Mark()
	return err
}

// undoItem takes a bulk action back from one conversation.
func undoItem(tx *store.Tx, actor rapport.Actor, b *rapport.Bulk, item *rapport.BulkItem, was rapport.BulkItem) error {
	of, err := tx.Bulk(b.Undoes)
	if err != nil {
		return err
	}
	s, err := tx.Summary(item.ConversationID)
	if err != nil {
		return err
	}
	item.Before = s.Mark()
	s, err = undoOne(tx, actor, s, of.Action.Do, was)
	item.After = s.Mark()
	return err
}

// agentActor is an agent as who acts now: what they may do can have changed
// since a job began.
func agentActor(tx *store.Tx, id rapport.AgentID) (rapport.Actor, error) {
	a, err := tx.Agent(id)
	if err != nil {
		return rapport.Actor{}, err
	}
	if !a.Enabled {
		return rapport.Actor{}, rapport.Errorf(rapport.Forbidden, "disabled", "The account that began this is switched off.")
	}
	members, err := tx.MemberOf(id)
	return rapport.ActorOf(a, members), err
}

// changeOne does what one call of the actor would do.
func changeOne(tx *store.Tx, actor rapport.Actor, s rapport.Summary, a rapport.BulkAction) (rapport.Summary, error) {
	switch a.Do {
	case rapport.BulkAssign:
		if s.Assignee == a.AgentID && s.State.Active() && s.Transfer == nil {
			return s, nil
		}
		if a.AgentID == actor.AgentID && s.Assignee == "" {
			return Claim(tx, actor, s.ID, a.Override)
		}
		return Transfer(tx, actor, s.ID, To{AgentID: a.AgentID, Reason: a.Reason, Override: a.Override})
	case rapport.BulkQueue:
		if s.QueueID == a.QueueID && s.Transfer == nil && s.State.Active() {
			return s, nil
		}
		return Transfer(tx, actor, s.ID, To{QueueID: a.QueueID, Reason: a.Reason})
	case rapport.BulkRelease:
		return Release(tx, actor, s.ID, a.Reason)
	case rapport.BulkState:
		return SetState(tx, actor, s.ID, a.State)
	case rapport.BulkPriority:
		return SetPriority(tx, actor, s.ID, a.Priority)
	case rapport.BulkTags:
		return Tag(tx, actor, s.ID, a.AddTags, a.RemoveTags)
	case rapport.BulkSnooze:
		return Snooze(tx, actor, s.ID, a.Until)
	}
	return s, rapport.Invalidf("action.do", "%q is not an action.", a.Do)
}
