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
// A handler must therefore be safe to run twice. Order between jobs is not
// promised.
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
	lease       = 2 * time.Minute
	workers     = 16
	maxAttempts = 20
)

// Job is work to enqueue.
type Job struct {
	Kind string
	Key  string    // at most one waiting job of the kind has it; "" for no limit
	Args any       // encoded as JSON
	Due  time.Time // zero: now
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
	return tx.InsertJob(store.Job{ID: rapport.NewID[string](), Kind: j.Kind, UniqueKey: j.Key, Args: string(args), DueAt: due})
}

// Task is a job at work.
type Task struct {
	ID      string
	Kind    string
	Attempt int // 1 for the first
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
	slots := make(chan struct{}, workers)
	for {
		select {
		case <-r.stop:
			return nil
		default:
		}
		var jobs []store.Job
		var next time.Time
		free := cap(slots) - len(slots)
		if free > 0 {
			due := false
			err := r.db.View(ctx, func(tx *store.Tx) (err error) {
				next, err = tx.NextJob()
				due = !next.IsZero() && !next.After(tx.Now())
				return err
			})
			if err == nil && due {
				err = r.db.Update(ctx, func(tx *store.Tx) (err error) {
					jobs, err = tx.LeaseJobs(free, lease)
					return err
				})
			}
			if err != nil && ctx.Err() == nil {
				r.log.Error("cannot take jobs", "error", err)
				next = time.Now().Add(time.Second)
			}
		}
		for _, j := range jobs {
			slots <- struct{}{}
			busy.Go(func() {
				defer func() {
					<-slots
					r.db.WakeJobs() // a worker is free: Run looks again
				}()
				r.do(ctx, j)
			})
		}
		if len(jobs) > 0 {
			continue
		}
		wait := 30 * time.Second // also a safety net for a lost wake-up
		if !next.IsZero() && free > 0 {
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
		if e := safely(keep, r.gaveUp[j.Kind], t); e != nil {
			r.log.Error("cannot note that a job failed", "job", j.Kind, "error", e)
		}
	}
	saved := r.db.Update(keep, func(tx *store.Tx) error {
		switch {
		case err == nil:
			return tx.DeleteJob(j.ID)
		case ctx.Err() != nil:
			return tx.RetryJob(j.ID, tx.Now(), "stopped")
		case giveUp:
			return tx.FailJob(j.ID, err.Error())
		case errors.As(err, &later):
			return tx.RetryJob(j.ID, tx.Now().Add(later.After), err.Error())
		}
		return tx.RetryJob(j.ID, tx.Now().Add(Backoff(j.Attempts)), err.Error())
	})
	if saved != nil {
		r.log.Error("cannot keep the outcome of a job; it will run again", "job", j.Kind, "error", saved)
	}
	if giveUp {
		r.log.Error("a job failed for good", "job", j.Kind, "error", err, "attempts", j.Attempts)
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
