package workflow

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"

	"rapport"
	"rapport/store"
)

const (
	cursor     = "workflow"
	mostAtOnce = 100 // events in one transaction
	atOnce     = 8   // runs that go on next to each other
	poll       = time.Second
	flushEvery = 10 * time.Second
)

// Engine makes runs go on. Any number of them may work on one database.
type Engine struct {
	db  *store.DB
	log *slog.Logger

	// Committed is called after each of its transactions, for tests that stop it there.
	Committed func()

	wake  chan struct{}
	quiet bool // follow's: nothing can be concerned by what happens
	mu    sync.Mutex
	defs  map[version]*script // versions never change
}

type version struct {
	id rapport.WorkflowID
	n  int
}

// New makes an engine; Run lets it work.
func New(db *store.DB, log *slog.Logger) *Engine {
	return &Engine{db: db, log: log, wake: make(chan struct{}, 1), defs: map[version]*script{}, Committed: func() {}}
}

// Run works until ctx ends.
func (e *Engine) Run(ctx context.Context) error {
	var both sync.WaitGroup
	defer both.Wait()
	both.Go(func() { e.again(ctx, "follow the log", e.follow) })
	both.Go(func() { e.again(ctx, "go on with runs", e.work) })
	return nil
}

// again repeats what ends with an error, until ctx ends.
func (e *Engine) again(ctx context.Context, what string, do func(context.Context) error) {
	for ctx.Err() == nil {
		if err := do(ctx); err != nil && ctx.Err() == nil {
			e.log.Error("workflows cannot "+what, "error", err)
			select {
			case <-time.After(poll):
			case <-ctx.Done():
			}
		} else if err == nil {
			return
		}
	}
}

func (e *Engine) update(ctx context.Context, fn func(*store.Tx) error) error {
	err := e.db.Update(ctx, fn)
	if err == nil {
		e.Committed()
	}
	return err
}

// definition reads a published version, once.
func (e *Engine) definition(tx *store.Tx, id rapport.WorkflowID, n int) (*script, error) {
	e.mu.Lock()
	found := e.defs[version{id, n}]
	e.mu.Unlock()
	if found != nil {
		return found, nil
	}
	v, err := tx.Version(id, n)
	if err != nil {
		return nil, err
	}
	found = &script{asks: asksOf(string(v.Definition))}
	if err := json.Unmarshal(v.Definition, &found.def); err != nil {
		return nil, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.defs) > 1000 {
		clear(e.defs)
	}
	e.defs[version{id, n}] = found
	return found, nil
}

// live are the workflows that start runs.
func (e *Engine) live(tx *store.Tx) (list []*script, err error) {
	all, err := tx.LiveWorkflows()
	if err != nil {
		return nil, err
	}
	for _, w := range all {
		s, err := e.definition(tx, w.ID, w.Published)
		if err != nil {
			return nil, err
		}
		list = append(list, &script{Workflow: w, def: s.def, asks: s.asks})
	}
	return list, nil
}

// follow reads the event log from where its cursor stands.
func (e *Engine) follow(ctx context.Context) error {
	position, err := e.begin(ctx)
	if err != nil {
		return err
	}
	tail := e.db.Follow(position)
	defer tail.Close()
	moved, flushed := position, time.Now()
	e.quiet = false
	for {
		events, err := tail.Next(ctx)
		if err != nil || events == nil {
			return err
		}
		for len(events) > 0 {
			piece := events[:min(len(events), mostAtOnce)]
			events = events[len(piece):]
			last := piece[len(piece)-1].Seq
			concerned, err := e.concerned(ctx, piece)
			if err != nil {
				return err
			}
			if !concerned && time.Since(flushed) < flushEvery && last-moved < 1000 {
				continue // the cursor may lag: these events concern nobody
			}
			if err := e.move(ctx, piece); err != nil {
				return err
			}
			moved, flushed = last, time.Now()
			e.nudge()
		}
	}
}

// begin is where to follow the log from: at first from now on.
func (e *Engine) begin(ctx context.Context) (position int64, err error) {
	there := false
	err = e.db.View(ctx, func(tx *store.Tx) (err error) {
		position, there, err = tx.Cursor(cursor)
		return err
	})
	if err != nil || there {
		return position, err
	}
	err = e.update(ctx, func(tx *store.Tx) error {
		if position, there, err = tx.Cursor(cursor); err != nil || there { // another node was first
			return err
		}
		if position, _, err = tx.Head(); err != nil {
			return err
		}
		return tx.MoveCursor(cursor, position)
	})
	return position, err
}

// concerned tells whether any of the events may start or wake a run. Where no
// workflow is live and no run under way, that stays so until an event says that
// a workflow has changed.
func (e *Engine) concerned(ctx context.Context, events []rapport.Event) (yes bool, err error) {
	candidates := false
	for i := range events {
		candidates = candidates || may(&events[i])
		if strings.HasPrefix(events[i].Kind, "workflow.") {
			e.quiet = false
		}
	}
	if !candidates || e.quiet {
		return false, nil
	}
	err = e.db.View(ctx, func(tx *store.Tx) error {
		live, err := tx.LiveWorkflows()
		if yes = len(live) > 0; err != nil || yes {
			return err
		}
		yes, err = tx.AnyActiveRun()
		return err
	})
	e.quiet = err == nil && !yes
	return yes, err
}

// move works a piece of the log and moves the cursor over it, in one
// transaction: whoever dies or competes, each event is worked once.
func (e *Engine) move(ctx context.Context, events []rapport.Event) error {
	return e.update(ctx, func(tx *store.Tx) error {
		at, _, err := tx.Cursor(cursor)
		if err != nil {
			return err
		}
		for len(events) > 0 && events[0].Seq <= at {
			events = events[1:]
		}
		if len(events) == 0 {
			return nil
		}
		if err := e.take(tx, events); err != nil {
			return err
		}
		return tx.MoveCursor(cursor, events[len(events)-1].Seq)
	})
}

func (e *Engine) nudge() {
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

// Settle does all that is due right now, once through: it catches up with the log
// and lets runs go on until each waits for something later.
func (e *Engine) Settle(ctx context.Context) error {
	if _, err := e.begin(ctx); err != nil {
		return err
	}
	for ctx.Err() == nil {
		var events []rapport.Event
		var ids []rapport.RunID
		var due []rapport.WorkflowID
		err := e.db.View(ctx, func(tx *store.Tx) error {
			at, _, err := tx.Cursor(cursor)
			if err != nil {
				return err
			}
			if events, err = tx.EventsAfter(at, mostAtOnce); err != nil {
				return err
			}
			if due, err = tx.WorkflowsDue(); err != nil {
				return err
			}
			ids, err = tx.RunsDue(100)
			return err
		})
		if err != nil || len(events)+len(ids)+len(due) == 0 {
			return err
		}
		if len(events) > 0 {
			if err := e.move(ctx, events); err != nil {
				return err
			}
		}
		for _, id := range due {
			if err := e.scheduled(ctx, id); err != nil {
				return err
			}
		}
		for _, id := range ids {
			if err := e.goOn(ctx, id); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// work makes the runs go on that are due.
func (e *Engine) work(ctx context.Context) error {
	for {
		var ids []rapport.RunID
		var due []rapport.WorkflowID
		var next time.Time
		err := e.db.View(ctx, func(tx *store.Tx) (err error) {
			if due, err = tx.WorkflowsDue(); err != nil {
				return err
			}
			if ids, err = tx.RunsDue(100); err != nil || len(ids) > 0 {
				return err
			}
			next, err = tx.NextRun()
			return err
		})
		if err != nil {
			return err
		}
		for _, id := range due {
			if err := e.scheduled(ctx, id); err != nil {
				return err
			}
		}
		e.each(ctx, ids)
		if ctx.Err() != nil {
			return nil
		}
		if len(ids)+len(due) > 0 {
			continue
		}
		wait := poll // other nodes may have made something due
		if !next.IsZero() {
			wait = min(wait, max(time.Until(next), time.Millisecond))
		}
		timer := time.NewTimer(wait)
		select {
		case <-e.wake:
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil
		}
		timer.Stop()
	}
}

// each makes several runs go on next to each other: they share commits.
func (e *Engine) each(ctx context.Context, ids []rapport.RunID) {
	var busy sync.WaitGroup
	slots := make(chan struct{}, atOnce)
	for _, id := range ids {
		slots <- struct{}{}
		busy.Go(func() {
			defer func() { <-slots }()
			if err := e.goOn(ctx, id); err != nil && ctx.Err() == nil {
				e.log.Error("a run of a workflow cannot go on; it is tried again", "run", id, "error", err)
			}
		})
	}
	busy.Wait()
}

// mostTurns is how many steps a run makes before others have their turn.
const mostTurns = 20

// goOn makes a run's steps until it waits or ends.
func (e *Engine) goOn(ctx context.Context, id rapport.RunID) error {
	for range mostTurns {
		more := false
		err := e.update(ctx, func(tx *store.Tx) (err error) {
			more, err = e.turn(tx, id, nil)
			return err
		})
		if failure, ok := errors.AsType[*stepFailure](err); ok { // nothing of the step remains: note that it failed
			err = e.update(ctx, func(tx *store.Tx) (err error) {
				more, err = e.turn(tx, id, failure)
				return err
			})
		}
		if err != nil {
			return errors.Join(err, e.postpone(ctx, id))
		}
		if !more || ctx.Err() != nil {
			return nil
		}
	}
	return nil
}

// postpone keeps a run that cannot go on from being tried without a pause.
func (e *Engine) postpone(ctx context.Context, id rapport.RunID) error {
	return e.update(ctx, func(tx *store.Tx) error {
		r, err := tx.Run(id)
		if err != nil || !r.Status.Active() {
			return err
		}
		r.DueAt = tx.Now().Add(30 * time.Second)
		return tx.UpdateRun(r)
	})
}

// stepFailure is the error of an action, which undoes its transaction.
type stepFailure struct{ err error }

func (f *stepFailure) Error() string { return f.err.Error() }
func (f *stepFailure) Unwrap() error { return f.err }

// result is how the interpreter hears of a failure.
func (f *stepFailure) result() *Result {
	known, ok := errors.AsType[*rapport.Error](f.err)
	if !ok {
		return &Result{Failure: "Something went wrong on our side; it has been logged.", Temporary: true}
	}
	passing := known.Kind == rapport.Unavailable || known.Kind == rapport.Internal || known.Kind == rapport.TooMany || known.Code == "changed_meanwhile"
	return &Result{Failure: known.Message, Temporary: passing}
}

// turn makes steps of a run in one transaction: those that only decide, and at
// most one that acts. more tells whether the next is due at once. failed is how
// the action failed that was tried before.
func (e *Engine) turn(tx *store.Tx, id rapport.RunID, failed *stepFailure) (more bool, err error) {
	r, err := tx.Run(id)
	if rapport.KindOf(err) == rapport.NotFound && err != nil {
		return false, nil // its workflow was deleted
	}
	if err != nil || !r.Status.Active() || r.DueAt.IsZero() || r.DueAt.After(tx.Now()) {
		return false, err // another node was first
	}
	w, err := e.definition(tx, r.WorkflowID, r.Version)
	if err != nil {
		return false, err
	}
	var st State
	if err := json.Unmarshal(r.State, &st); err != nil {
		return false, err
	}
	var s *rapport.Summary
	f := Facts{}
	if r.ConversationID == "" {
		timeFacts(f, tx.Now())
	} else {
		v, err := tx.Summary(r.ConversationID)
		if rapport.KindOf(err) == rapport.NotFound && err != nil {
			return false, end(tx, &r, st, rapport.RunStopped, "The conversation is gone.", Line{Step: st.Step, Outcome: "stopped", Detail: "The conversation is gone.", At: tx.Now()})
		}
		if err != nil {
			return false, err
		}
		s = &v
		if f, err = look(tx, s, w.asks); err != nil {
			return false, err
		}
	}
	var lines []Line
	for range mostAtOnce {
		in := Input{Now: tx.Now(), Facts: f, Happened: st.Arrived}
		t := Advance(&w.def, st, in)
		acted := t.Action != nil
		if acted {
			if in.Result, err = e.do(tx, &r, &t.State, s, t.Action, failed); err != nil {
				return false, err
			}
			untimed := t.State.Untimed
			t = Advance(&w.def, st, in)
			t.State.Untimed = untimed
		}
		st, lines = t.State, append(lines, t.Lines...)
		if t.Ends != "" {
			return false, e.finish(tx, &r, st, t, lines)
		}
		if st.Waits != nil {
			if st.Waits.Since.Equal(tx.Now()) {
				if st.Waits.After, _, err = tx.Head(); err != nil {
					return false, err
				}
			}
			return false, keep(tx, &r, st, lines)
		}
		if acted {
			break
		}
	}
	return true, keep(tx, &r, st, lines)
}

// do lets an action happen, or hands on that it failed before.
func (e *Engine) do(tx *store.Tx, r *rapport.Run, st *State, s *rapport.Summary, a *Action, failed *stepFailure) (*Result, error) {
	if failed != nil {
		if _, ok := errors.AsType[*rapport.Error](failed.err); !ok {
			e.log.Error("a step of a workflow failed", "workflow", r.WorkflowName, "run", r.ID, "step", a.Step, "error", failed.err)
		}
		return failed.result(), nil
	}
	tx.Caused(cause(r, st))
	d := &deed{tx: tx, run: r, st: st, s: s, a: a, actor: actor(r)}
	result, err := d.act()
	if err != nil {
		return nil, &stepFailure{err}
	}
	return result, nil
}

// finish ends a run as the interpreter says.
func (e *Engine) finish(tx *store.Tx, r *rapport.Run, st State, t Turn, lines []Line) error {
	st.Lines -= len(lines) // end counts them again
	return end(tx, r, st, t.Ends, t.Reason, lines...)
}
