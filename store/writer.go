package store

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"rapport"
)

// maxBatch is how many functions share one commit at the most.
const maxBatch = 64

// request is one call of Update on its way through the writer.
type request struct {
	ctx    context.Context
	fn     func(*Tx) error
	done   chan error
	err    error
	events []rapport.Event
	jobs   bool
}

// Update runs fn in a transaction and returns after its commit is on disk.
// When fn returns an error nothing of it remains. fn may run next to others in
// one commit; it must do nothing but use tx.
//
// A context that ends before fn starts cancels it; after that Update waits for
// the outcome, so that "done" and "not done" are the only two answers.
func (db *DB) Update(ctx context.Context, fn func(*Tx) error) error {
	r := &request{ctx: ctx, fn: fn, done: make(chan error, 1)}
	db.stopping.RLock()
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

// writeLoop is the one writer of this process.
func (db *DB) writeLoop(ctx context.Context) {
	w := &writer{db: db, ctx: ctx}
	defer w.disconnect()
	for {
		var batch []*request
		select {
		case r := <-db.requests:
			batch = append(batch, r)
		case <-db.stop:
			select { // what was handed over before the stop is still done
			case r := <-db.requests:
				batch = append(batch, r)
			default:
				return
			}
		}
		for more := true; more && len(batch) < maxBatch; {
			select {
			case r := <-db.requests:
				batch = append(batch, r)
			default:
				more = false
			}
		}
		w.run(batch)
	}
}

// writer owns the connection of the one writer, and the configuration as the
// connection last saw it.
type writer struct {
	db   *DB
	ctx  context.Context
	conn *session

	config        *Configuration // nil: read it again
	configVersion int64
}

func (w *writer) disconnect() {
	if w.conn != nil {
		w.conn.close()
		w.conn = nil
	}
	w.config = nil
}

// run commits one batch and answers its callers.
func (w *writer) run(batch []*request) {
	live := batch[:0]
	for _, r := range batch {
		if err := r.ctx.Err(); err != nil {
			r.done <- err
			continue
		}
		live = append(live, r)
	}
	if len(live) == 0 {
		return
	}
	events, err := w.commit(live)
	if err != nil {
		w.disconnect()
		w.db.log.Error("write transaction failed", "error", err, "updates", len(live))
		err = classify(err)
		w.db.tails.publish(nil) // if only the answer of the commit was lost, its events are there
	}
	w.db.batches.Add(1)
	w.db.grouped.Add(int64(len(live)))
	if err == nil && len(events) > 0 {
		w.db.tails.publish(events)
		select {
		case w.db.committed <- struct{}{}:
		default:
		}
	}
	jobs := false
	for _, r := range live {
		jobs = jobs || r.jobs && r.err == nil
		if r.err == nil {
			r.err = err
		}
		r.done <- r.err
	}
	if jobs && err == nil {
		w.db.WakeJobs()
	}
}

// commit runs the functions of a batch in one transaction. An error means that
// nothing of the batch happened; a function's own error is in its request.
func (w *writer) commit(batch []*request) (events []rapport.Event, err error) {
	seq, config, err := w.begin()
	if err != nil {
		return nil, err
	}
	committed := false
	defer func() {
		if !committed {
			w.conn.rollback(w.ctx)
		}
	}()
	if config != w.configVersion {
		w.config, w.configVersion = nil, config
	}
	at := w.db.now()
	for _, r := range batch {
		if err := w.apply(r, at); err != nil {
			return nil, err
		}
		if r.err == nil {
			events = append(events, r.events...)
		}
	}
	if len(events) == 0 && w.configVersion == config {
		if err := w.conn.exec1(w.ctx, "commit"); err != nil {
			return nil, err
		}
		committed = true
		return nil, nil
	}
	tx := &Tx{ctx: w.ctx, db: w.db, now: at, conn: w.conn, writer: w}
	if err := tx.appendLog(seq, events); err != nil {
		return nil, err
	}
	if err := tx.put("update head set seq = $1, config = $2 where id = 1", seq+int64(len(events)), w.configVersion); err != nil {
		return nil, err
	}
	if err := w.conn.flush(w.ctx); err != nil {
		return nil, err
	}
	if err := w.conn.exec1(w.ctx, "commit"); err != nil {
		return nil, err
	}
	committed = true
	return events, nil
}

// begin opens the transaction and takes the lock, on a new connection if the
// old one is gone.
func (w *writer) begin() (seq, config int64, err error) {
	for attempt := range 2 {
		if w.conn == nil {
			if w.conn, err = w.db.openSession(w.ctx, w.db.write, true); err != nil {
				return 0, 0, err
			}
		}
		if err = w.conn.exec1(w.ctx, w.db.dialect.begin); err == nil {
			if err = w.conn.queryRow(w.ctx, w.db.dialect.lock).Scan(&seq, &config); err == nil {
				return seq, config, nil
			}
			w.conn.rollback(w.ctx)
		}
		w.disconnect()
		if attempt == 0 {
			continue
		}
	}
	return 0, 0, err
}

// apply runs one function inside its savepoint. The returned error is the
// transaction's; the function's own is put into the request.
func (w *writer) apply(r *request, at time.Time) error {
	if err := w.conn.put(w.ctx, "savepoint f"); err != nil {
		return err
	}
	start := w.conn.mark()
	tx := &Tx{ctx: w.ctx, db: w.db, now: at, conn: w.conn, writer: w}
	version, cached := w.configVersion, w.config
	r.err = runSafely(tx, r.fn)
	if r.err == nil {
		r.err = tx.settle()
	}
	if r.err == nil {
		r.err = classify(w.conn.flush(w.ctx))
	}
	if r.err != nil {
		w.conn.discard(start)
		if w.configVersion != version || w.config != cached {
			w.configVersion, w.config = version, nil
		}
		if err := w.conn.exec1(w.ctx, "rollback to savepoint f"); err != nil {
			return err
		}
	} else {
		r.events, r.jobs = tx.events, tx.enqueued
	}
	return w.conn.put(w.ctx, "release savepoint f")
}

// runSafely turns a panic of fn into its error, so that its neighbours live.
func runSafely(tx *Tx, fn func(*Tx) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in a write transaction: %v\n%s", p, debug.Stack())
		}
	}()
	return fn(tx)
}
