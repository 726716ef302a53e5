package workflow

import (
	"context"
	"time"

	"rapport"
	"rapport/store"
)

// mostScanned is how many conversations a schedule looks through at one time.
const mostScanned = 5000

// scheduled starts the runs of a schedule that is due, and sets when it is due
// next. One that was due while nobody worked is due once, at once.
func (e *Engine) scheduled(ctx context.Context, id rapport.WorkflowID) error {
	ids, err := e.chosen(ctx, id)
	if err != nil {
		return err
	}
	return e.update(ctx, func(tx *store.Tx) error {
		w, err := tx.Workflow(id)
		if rapport.KindOf(err) == rapport.NotFound && err != nil {
			return nil
		}
		if err != nil || w.NextAt.IsZero() || w.NextAt.After(tx.Now()) {
			return err // another node was first
		}
		if !w.Enabled || w.Published == 0 {
			return tx.ScheduleWorkflow(id, time.Time{})
		}
		s, err := e.definition(tx, id, w.Published)
		if err != nil {
			return err
		}
		next, err := following(&s.def.Trigger, w.NextAt, tx.Now())
		if err != nil {
			e.log.Error("a schedule is never due again", "workflow", w.Name, "error", err)
		}
		if err := tx.ScheduleWorkflow(id, next); err != nil {
			return err
		}
		live := &script{Workflow: w, def: s.def, asks: s.asks}
		for _, id := range ids {
			if err := e.start(tx, live, id, nil, 0); err != nil {
				return err
			}
		}
		return nil
	})
}

// following is when a schedule that was due is due next, after now.
func following(t *Trigger, was, now time.Time) (time.Time, error) {
	if every := time.Duration(numberOf(t.With, "every")) * time.Second; every > 0 {
		missed := now.Sub(was) / every
		return was.Add((missed + 1) * every), nil
	}
	return nextAt(t, now)
}

// chosen are the conversations that a schedule runs for; one that is empty
// stands for none.
func (e *Engine) chosen(ctx context.Context, id rapport.WorkflowID) (ids []rapport.ConversationID, err error) {
	err = e.db.View(ctx, func(tx *store.Tx) error {
		w, err := tx.Workflow(id)
		if err != nil || w.Published == 0 {
			return err
		}
		s, err := e.definition(tx, id, w.Published)
		if err != nil {
			return err
		}
		t := &s.def.Trigger
		if textOf(t.With, "over") == "once" {
			ids = append(ids, "")
			return nil
		}
		most := numberOf(t.With, "most")
		if most == 0 {
			most = 100
		}
		q := store.ListQuery{Listing: rapport.Listing{View: rapport.ViewAll, Sort: rapport.SortOldest}, Actor: rapport.System, Limit: 200}
		for scanned := 0; scanned < mostScanned && len(ids) < most; scanned += q.Limit {
			page, err := tx.List(q)
			if err != nil {
				return err
			}
			for i := range page.Items {
				f, err := look(tx, &page.Items[i], s.asks)
				if err != nil {
					return err
				}
				if yes, _, err := t.When.Holds(f); err == nil && yes && len(ids) < most {
					ids = append(ids, page.Items[i].ID)
				}
			}
			if q.After = page.Next; q.After == nil {
				break
			}
		}
		return nil
	})
	if rapport.KindOf(err) == rapport.NotFound && err != nil {
		return nil, nil
	}
	return ids, err
}
