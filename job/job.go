// Package job does work later, at least once, from rows in the same database.
//
// A job is enqueued through the transaction that causes it, so that it exists
// exactly if its cause does:
//
//	Enqueue(tx) ─► waiting ─► leased ─┬─► done (row deleted)
//	                  ▲               ├─► error: waiting again, later each time
//	                  └── lease over ─┘   Permanent or too often: failed (row kept)
//
// A runner that dies keeps nothing: when the lease is over the job is due again.
// A handler must therefore be safe to run twice. Order between jobs is promised
// within a Line only: the next one starts when the one before is done, or failed.
//
// Of a kind and key there is one job at a time, and one handler at work on it.
// Enqueued again meanwhile, it runs again afterwards, so that whatever caused it
// is looked at after it happened.
//
// What waits for servers elsewhere goes into the lane Slow, so that a slow bot
// never holds up a reply.
package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"rapport"
	"rapport/store"
)

const (
	lease       = 2 * time.Minute // handlers must be done by then
	maxAttempts = 20
)

// Lanes of jobs: each has workers of its own.
const (
	Usual = ""
	Slow  = "slow"
)

// lane is how many jobs of a lane may run at once, and those that do.
type lane struct {
	name  string
	slots chan struct{}
}

func lanes() []lane {
	return []lane{{Usual, make(chan struct{}, 16)}, {Slow, make(chan struct{}, 64)}}
}

// Job is work to enqueue.
type Job struct {
	Kind  string
	Lane  string    // Usual or Slow
	Key   string    // at most one job of the kind has it until it is done; "" for no limit
	Line  string    // jobs of the kind that have it are done one after the other; Usual, without a Key, and no spaces
	Place int       // in the line; the lowest comes first
	Args  any       // encoded as JSON
	Due   time.Time // zero: now
}

// Enqueue adds a job to the transaction.
func Enqueue(tx *store.Tx, j Job) error {
	args, err := json.Marshal(j.Args)
	if err != nil {
		return err
	}
	due := j.Due
	if due.IsZero() {
		due = tx.Now()
	}
	return tx.InsertJob(store.Job{ID: rapport.NewID[string](), Kind: j.Kind, Lane: j.Lane, UniqueKey: j.Key, Line: j.Line, Place: j.Place, Args: string(args), DueAt: due})
}

// Task is a job at work.
type Task struct {
	ID      string
	Kind    string
	Attempt int   // 1 for the first
	Failure error // of the last attempt, for who hears that there is no other
	args    string
}

// Decode reads the arguments.
func (t Task) Decode(into any) error { return json.Unmarshal([]byte(t.args), into) }

// Later is an error that says when to try again.
type Later struct {
	After time.Duration
	Err   error
}

func (l *Later) Error() string { return l.Err.Error() }
func (l *Later) Unwrap() error { return l.Err }

// Never is an error that says that trying again is useless.
type Never struct{ Err error }

func (n *Never) Error() string { return n.Err.Error() }
func (n *Never) Unwrap() error { return n.Err }

// Handler does one kind of job.
type Handler func(context.Context, Task) error

// Runner takes due jobs and does them.
type Runner struct {
	db       *store.DB
	log      *slog.Logger
	handlers map[string]Handler
	gaveUp   map[string]Handler

	stop     chan struct{}
	stopping sync.Once
}

// NewRunner makes a runner without handlers.
func NewRunner(db *store.DB, log *slog.Logger) *Runner {
	return &Runner{db: db, log: log, handlers: map[string]Handler{}, gaveUp: map[string]Handler{}, stop: make(chan struct{})}
}

// Handle sets the handler of a kind. gaveUp, if given, runs once the job has
// failed for good. To be called before Run.
func (r *Runner) Handle(kind string, do Handler, gaveUp ...Handler) {
	r.handlers[kind] = do
	if len(gaveUp) > 0 {
		r.gaveUp[kind] = gaveUp[0]
	}
}

// Stop makes Run take no more jobs and return once those under way are done.
func (r *Runner) Stop() { r.stopping.Do(func() { close(r.stop) }) }

// Run does jobs until Stop is called or ctx ends, and then waits for those under
// way; the end of ctx cuts them off, and they run again later.
func (r *Runner) Run(ctx context.Context) error {
	var busy sync.WaitGroup
	defer busy.Wait()
	all := lanes()
	for {
		select {
		case <-r.stop:
			return nil
		case <-ctx.Done():
			return nil
		default:
		}
		taken := false
		var next time.Time // when there is something to do for a lane that has room
		for _, l := range all {
			free := cap(l.slots) - len(l.slots)
			if free == 0 {
				continue // a worker that is done wakes us
			}
			jobs, at, err := r.take(ctx, l.name, free)
			if err != nil && ctx.Err() == nil {
				r.log.Error("cannot take jobs", "error", err)
				at = time.Now().Add(time.Second)
			}
			if !at.IsZero() && (next.IsZero() || at.Before(next)) {
				next = at
			}
			for _, j := range jobs {
				taken = true
				l.slots <- struct{}{}
				busy.Go(func() {
					defer func() {
						<-l.slots
						r.db.WakeJobs() // a worker is free: Run looks again
					}()
					r.do(ctx, j)
				})
			}
		}
		if taken {
			continue
		}
		wait := 30 * time.Second // also a safety net for a lost wake-up
		if !next.IsZero() {
			wait = min(wait, max(time.Until(next), 5*time.Millisecond))
		}
		timer := time.NewTimer(wait)
		select {
		case <-r.db.JobsWake():
		case <-timer.C:
		case <-r.stop:
		case <-ctx.Done():
			timer.Stop()
			return nil
		}
		timer.Stop()
	}
}

// take leases due jobs of a lane; next is when there will be one.
func (r *Runner) take(ctx context.Context, lane string, most int) (jobs []store.Job, next time.Time, err error) {
	due := false
	err = r.db.View(ctx, func(tx *store.Tx) (err error) {
		next, err = tx.NextJob(lane)
		due = !next.IsZero() && !next.After(tx.Now())
		return err
	})
	if err == nil && due {
		err = r.db.Update(ctx, func(tx *store.Tx) (err error) {
			jobs, err = tx.LeaseJobs(lane, most, lease)
			return err
		})
	}
	if err != nil { // they are nobody's: that they were taken is not on disk
		return nil, next, err
	}
	return jobs, next, nil
}

// do runs one job and keeps what came of it. A shutdown leaves the row to its
// lease's end, made short here.
func (r *Runner) do(ctx context.Context, j store.Job) {
	t := Task{ID: j.ID, Kind: j.Kind, Attempt: j.Attempts, args: j.Args}
	handler := r.handlers[j.Kind]
	var err error
	if handler == nil {
		err = &Never{fmt.Errorf("nobody handles jobs of the kind %q", j.Kind)}
	} else {
		err = safely(ctx, handler, t)
	}
	keep := context.WithoutCancel(ctx)
	var never *Never
	var later *Later
	giveUp := err != nil && (errors.As(err, &never) || j.Attempts >= maxAttempts)
	if giveUp && r.gaveUp[j.Kind] != nil {
		t.Failure = err
		if e := safely(keep, r.gaveUp[j.Kind], t); e != nil {
			r.log.Error("cannot note that a job failed", "job", j.Kind, "id", j.ID, "error", e)
		}
	}
	saved := r.db.Update(keep, func(tx *store.Tx) error {
		switch {
		case err == nil:
			return tx.DeleteJob(j)
		case ctx.Err() != nil:
			return tx.RetryJob(j.ID, tx.Now(), "stopped")
		case giveUp:
			return tx.FailJob(j, err.Error())
		case errors.As(err, &later):
			return tx.RetryJob(j.ID, tx.Now().Add(later.After), err.Error())
		}
		return tx.RetryJob(j.ID, tx.Now().Add(Backoff(j.Attempts)), err.Error())
	})
	if saved != nil {
		r.log.Error("cannot keep the outcome of a job; it will run again", "job", j.Kind, "id", j.ID, "error", saved)
	}
	if giveUp {
		r.log.Error("a job failed for good", "job", j.Kind, "id", j.ID, "error", err, "attempts", j.Attempts)
	}
}

func safely(ctx context.Context, h Handler, t Task) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in a job of the kind %s: %v", t.Kind, p)
		}
	}()
	return h(ctx, t)
}

// Backoff is the pause after the n-th failure: 1 s, 2 s, 4 s … 1 h, each ±20 %.
func Backoff(n int) time.Duration {
	d := time.Second << min(max(n-1, 0), 12)
	d = min(d, time.Hour)
	return d - d/5 + rand.N(2*d/5+1)
}
