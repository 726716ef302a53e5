package store

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"rapport"
)

// maxBatch is how many functions share one commit at the most. None begins in one
// that has gone on for too long (dialect.longBatch): whoever comes then waits for
// that commit and their own.
const maxBatch = 64

// request is one call of Update on its way through the writer.
type request struct {
	ctx    context.Context
	fn     func(*Tx) error
	done   chan error
	err    error
	events []rapport.Event
	jobs   bool
	rest   bool // there is no function: the writer lets go of its connection
}

// Update runs fn in a transaction and returns after its commit is on disk.
// When fn returns an error nothing of it remains. fn may run next to others in
// one commit; it must do nothing but use tx.
//
// fn may run a second time, after all it did has been undone: when another
// function of its commit fails, or when fn itself fails after it wrote. So
// whatever it leaves behind in Go it must set anew from what was there before,
// not add to: assign a captured variable, never append to it or count in it.
// Config.Rehearse finds those who do.
//
// A context that ends before fn starts cancels it; after that Update waits for
// the outcome, so that "done" and "not done" are the only two answers, unless the
// database goes away while it commits or the disk does not keep it (Lost).
func (db *DB) Update(ctx context.Context, fn func(*Tx) error) error {
	r := &request{ctx: ctx, fn: fn, done: make(chan error, 1)}
	db.stopping.RLock() // what is handed over before Close is done
	if db.closed {
		db.stopping.RUnlock()
		return errClosed()
	}
	select {
	case db.requests <- r:
		db.stopping.RUnlock()
	case <-ctx.Done():
		db.stopping.RUnlock()
		return ctx.Err()
	}
	return <-r.done
}

// Later is Update for what can wait, such as what follows the log behind the others: it
// has a commit of its own, and while others wait for the writer it gets a tenth
// of its time. fn should be small.
func (db *DB) Later(ctx context.Context, fn func(*Tx) error) error {
	return db.wait(&request{ctx: ctx, fn: fn, done: make(chan error, 1)})
}

// Rest closes the connections to SQLite that nobody uses just now, and with them
// goes what they keep in memory: pages, statements, and the mapped file. They are
// opened again when they are needed. PostgreSQL keeps all that in its own memory.
func (db *DB) Rest(ctx context.Context) error {
	if db.dialect.name != sqliteDialect.name {
		return nil
	}
	for _, sessions := range []chan *session{db.readers, db.indexing} {
		for range cap(sessions) {
			select {
			case s := <-sessions:
				if s != nil {
					s.close()
				}
				sessions <- nil
			default: // the others are being used
			}
		}
	}
	return db.wait(&request{ctx: ctx, rest: true, done: make(chan error, 1)})
}

// wait hands over what can wait.
func (db *DB) wait(r *request) error {
	select {
	case db.later <- r: // the writer has it
		return <-r.done
	case <-r.ctx.Done():
		return r.ctx.Err()
	case <-db.stop:
		return errClosed()
	}
}

// writeLoop is the one writer of this process.
func (db *DB) writeLoop(ctx context.Context) {
	w := &writer{db: db, ctx: ctx, mover: mover{db: db, length: logLength, due: logLength}}
	defer close(db.keeper.queue)
	defer w.disconnect()
	var t turns
	for {
		first, canWait := t.next(db)
		if first == nil {
			return
		}
		if first.rest {
			w.disconnect()
			first.done <- nil
			continue
		}
		b, start := &batch{db: db, closed: canWait}, time.Now()
		b.join(first)
		if len(b.requests) == 0 {
			continue
		}
		w.run(b)
		if canWait {
			t.took(time.Since(start), w.contended)
		}
	}
}

// batch is the functions of one commit.
type batch struct {
	db       *DB
	requests []*request
	closed   bool // nothing joins it any more
}

// at is the nth request of the batch, which may join just now; nil after the last.
func (b *batch) at(n int, began time.Time) *request {
	for n == len(b.requests) {
		if time.Since(began) > b.db.dialect.longBatch || !b.take() {
			return nil
		}
	}
	return b.requests[n]
}

// take lets one who waits join, if there is any and room for them.
func (b *batch) take() bool {
	if b.closed || len(b.requests) == maxBatch {
		return false
	}
	select {
	case r := <-b.db.requests:
		b.join(r)
		return true
	default:
		return false
	}
}

// join takes a request into the batch, unless its context has ended.
func (b *batch) join(r *request) {
	if err := r.ctx.Err(); err != nil {
		r.done <- err
		return
	}
	b.requests = append(b.requests, r)
}

// turns decide what the writer does next. What can wait is done when the writer
// has had nothing to do for as long as the last of it took, or after nine times
// as long in any case.
type turns struct {
	last time.Duration // that what could wait took the last time
	due  time.Time
	idle time.Duration // since then
}

// share is how many times as long as what could wait took others go before it, while they come.
const share = 9

// longest is what counts of the time that something took: a database that was away is no reason to rest for minutes.
const longest = time.Second

// took notes how long what could wait took. Where other nodes write, the rest of
// this one is theirs: it waits nine times as long in any case.
func (t *turns) took(d time.Duration, contended bool) {
	d = min(d, longest)
	*t = turns{last: d, due: time.Now().Add(share * d)}
	if contended {
		t.last = share * d
	}
}

// next is what the writer does next, nil at the end.
func (t *turns) next(db *DB) (r *request, canWait bool) {
	for {
		if t.idle >= t.last || !time.Now().Before(t.due) {
			select {
			case r = <-db.later:
				return r, true
			default:
			}
		}
		select {
		case r = <-db.requests:
			return r, false
		default:
		}
		db.idle.begin()
		later, enough := db.later, (<-chan time.Time)(nil)
		if t.idle < t.last {
			later, enough = nil, time.After(t.last-t.idle)
		}
		select {
		case r = <-db.requests:
		case r = <-later:
			canWait = true
		case <-enough:
		case <-db.stop:
			select { // what was handed over before the stop is still done
			case r = <-db.requests:
			default:
				db.idle.end()
				return nil, false
			}
		}
		t.idle += db.idle.end()
		if r != nil {
			return r, canWait
		}
	}
}

// writer owns the connection of the one writer, and the configuration as the
// connection last saw it.
type writer struct {
	db    *DB
	ctx   context.Context
	conn  *session
	mover mover

	config        *Configuration // nil: read it again
	configVersion int64

	contended bool // the lock was another node's when the last transaction began
	wary      int  // batches to come that use savepoints, because one before had to be repeated
}

// wariness is for how many batches the writer expects another failure after one.
const wariness = 16

// errAgain says that a batch without savepoints cannot be committed as it is:
// one of its functions failed and left something behind.
var errAgain = errors.New("the batch has to run again, with savepoints")

func (w *writer) disconnect() {
	if w.conn != nil {
		_ = w.db.keeper.seen(w.ctx) // the keeper uses the connection's log, and has said what is wrong
		w.conn.close()
		w.conn = nil
	}
	w.config = nil
}

// run commits one batch and has its callers answered.
func (w *writer) run(b *batch) {
	events, err := w.commit(b)
	if err != nil {
		w.disconnect()
		w.db.log.Error("write transaction failed", "error", err, "updates", len(b.requests))
		w.db.answer(b, nil, classify(err))
		return
	}
	log := w.conn.log()
	if log == nil {
		w.db.answer(b, events, nil)
		return
	}
	if !log.asked {
		log = nil
	}
	w.db.keeper.queue <- kept{log, b, events}
	w.mover.after(w.conn.lite)
}

// answer tells of a commit that is on disk, or of one that failed, in this order:
// those who follow the log, its callers, and those who look after jobs.
func (db *DB) answer(b *batch, events []rapport.Event, err error) {
	db.batches.Add(1)
	db.grouped.Add(int64(len(b.requests)))
	if err != nil {
		db.tails.publish(nil) // if only the answer of the commit was lost, its events are there
	} else if len(events) > 0 {
		db.tails.publish(events)
		select {
		case db.committed <- struct{}{}:
		default:
		}
	}
	jobs := false
	for _, r := range b.requests {
		jobs = jobs || r.jobs && r.err == nil
		if r.err == nil {
			r.err = err
		}
		r.done <- r.err
	}
	if jobs && err == nil {
		db.WakeJobs()
	}
}

// commit runs the functions of a batch in one transaction. An error means that
// nothing of the batch happened; a function's own error is in its request.
//
// Hardly any function fails after it wrote something. So the batch first runs
// without savepoints, and once more with them when one did.
func (w *writer) commit(b *batch) ([]rapport.Event, error) {
	if w.wary == 0 {
		events, err := w.attempt(b, false)
		if !errors.Is(err, errAgain) {
			return events, err
		}
		b.closed = true
		w.db.repeated.Add(1)
		w.wary = wariness
		if w.db.rehearse {
			w.wary = 1
		}
	}
	w.wary--
	return w.attempt(b, true)
}

// attempt runs a batch once and commits it.
func (w *writer) attempt(b *batch, savepoints bool) (events []rapport.Event, err error) {
	seq, config, err := w.begin()
	if err != nil {
		for b.take() { // nobody who waits needs to try it once more
		}
		return nil, err
	}
	committed := false
	defer func() {
		if committed {
			return
		}
		w.config, w.configVersion = nil, 0 // may be what was undone
		if w.conn.rollback(w.ctx) != nil {
			w.disconnect()
		}
	}()
	if config != w.configVersion {
		w.config, w.configVersion = nil, config
	}
	apply := w.bold
	if savepoints {
		apply = w.careful
	}
	began := time.Now()
	for n := 0; ; n++ {
		r := b.at(n, began)
		if r == nil {
			break
		}
		tx := &Tx{ctx: w.ctx, db: w.db, now: w.db.now(), conn: w.conn, writer: w}
		r.events, r.jobs = nil, false
		if err := apply(r, tx); err != nil {
			return nil, err
		}
		if r.err == nil {
			r.events, r.jobs = tx.events, tx.enqueued
			events = append(events, r.events...)
		}
	}
	if w.db.rehearse && !savepoints {
		return nil, errAgain
	}
	if len(events) > 0 || w.configVersion != config {
		tx := &Tx{ctx: w.ctx, db: w.db, now: w.db.now(), conn: w.conn, writer: w}
		if err := tx.appendLog(seq, events); err != nil {
			return nil, err
		}
		if err := tx.put("update head set seq = $1, config = $2 where id = 1", seq+int64(len(events)), w.configVersion); err != nil {
			return nil, err
		}
	}
	if err := w.conn.flush(w.ctx); err != nil {
		if !savepoints { // it may be the fault of a function
			return nil, errAgain
		}
		return nil, err
	}
	if err := w.end(); err != nil {
		return nil, err
	}
	committed = true
	return events, nil
}

// end commits; on SQLite the keeper waits for the disk.
func (w *writer) end() error {
	log := w.conn.log()
	if log == nil {
		return w.conn.exec1(w.ctx, "commit")
	}
	w.db.keeper.committed.Add(1)
	log.later, log.asked = true, false
	err := w.conn.exec1(w.ctx, "commit")
	log.later = false
	if err != nil {
		w.db.keeper.queue <- kept{log: log}
	}
	return err
}

// anothers is how long getting the lock takes when another node has it.
const anothers = 8 * time.Millisecond

// begin opens the transaction and takes the lock, on a new connection if the
// old one is gone.
func (w *writer) begin() (seq, config int64, err error) {
	if err := w.db.keeper.err(); err != nil {
		return 0, 0, err
	}
	for attempt := range 2 {
		if w.conn == nil {
			if w.conn, err = w.db.openSession(w.ctx, forWriting); err != nil {
				return 0, 0, err
			}
		}
		asked := time.Now()
		if err = w.conn.begin(w.ctx, w.db.dialect.begin, w.db.dialect.lock).Scan(&seq, &config); err == nil {
			w.contended = time.Since(asked) > anothers
			return seq, config, nil
		}
		_ = w.conn.rollback(w.ctx) // it is dropped anyway
		w.disconnect()
		if attempt == 0 {
			continue
		}
	}
	return 0, 0, err
}

// bold runs one function without a savepoint; careful, inside one. Their error
// is the transaction's: the function's own is put into its request.
//
// One that fails before anything
// it wrote reached the database is simply left out.
func (w *writer) bold(r *request, tx *Tx) error {
	start := w.conn.mark()
	version, cached := w.configVersion, w.config
	r.err = runSafely(tx, r.fn)
	if w.conn.broken || r.err != nil && !w.conn.forget(start) {
		return errAgain
	}
	if r.err != nil {
		w.forgetConfiguration(version, cached)
	}
	return nil
}

func (w *writer) careful(r *request, tx *Tx) error {
	if err := w.conn.put(w.ctx, "savepoint f"); err != nil {
		return err
	}
	start := w.conn.mark()
	version, cached := w.configVersion, w.config
	r.err = runSafely(tx, r.fn)
	if r.err == nil {
		r.err = classify(w.conn.flush(w.ctx))
	}
	if r.err != nil {
		w.conn.forget(start)
		w.forgetConfiguration(version, cached)
		if err := w.conn.exec1(w.ctx, "rollback to savepoint f"); err != nil {
			return err
		}
	}
	return w.conn.put(w.ctx, "release savepoint f")
}

// forgetConfiguration goes back to a version, of which a function that failed
// may have made another.
func (w *writer) forgetConfiguration(version int64, cached *Configuration) {
	if w.configVersion != version || w.config != cached {
		w.configVersion, w.config = version, nil
	}
}

// runSafely runs fn to its end, and turns a panic into its error, so that its
// neighbours live.
func runSafely(tx *Tx, fn func(*Tx) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in a write transaction: %v\n%s", p, debug.Stack())
		}
	}()
	if err := fn(tx); err != nil {
		return err
	}
	return tx.settle()
}
