package store

import (
	"cmp"
	"context"
	"sync"
	"sync/atomic"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"

	"rapport"
)

// keeper waits beside SQLite's writer until what was committed is on disk, and
// only then answers and tells of it. The writer makes the next commit meanwhile.
//
// Until then a reader sees what is not on disk. So View does not return before
// all that it may have seen is (seen).
type keeper struct {
	db    *DB
	queue chan kept

	committed, onDisk atomic.Int64 // commits that were begun; those that need no waiting any more

	mu     sync.Mutex
	moved  chan struct{} // closed when onDisk has grown, or never will any more
	failed error         // a sync failed: nobody knows what is on disk
	lost   chan struct{} // closed then
}

// mostKept is how many commits may wait for the disk.
const mostKept = 64

// kept is a commit on its way to the disk; without a batch it was none after all.
type kept struct {
	log    *liteLog // nil when it changed nothing; what it saw was before it in the queue
	batch  *batch
	events []rapport.Event
}

func newKeeper(db *DB) *keeper {
	return &keeper{db: db, queue: make(chan kept, mostKept), moved: make(chan struct{}), lost: make(chan struct{})}
}

// run answers until the queue is closed.
func (k *keeper) run() {
	tls := libc.NewTLS()
	defer tls.Close()
	for first := range k.queue {
		list, log := []kept{first}, first.log
		for range len(k.queue) { // those that are there already
			next := <-k.queue
			list, log = append(list, next), cmp.Or(next.log, log)
		}
		err := k.err()
		if err == nil && log != nil {
			err = log.sync(tls)
		}
		if err != nil {
			k.fail(err)
		}
		for _, c := range list {
			if c.batch != nil {
				k.answer(c, classify(err))
			}
		}
		if err == nil {
			k.reached(len(list))
		}
	}
}

func (k *keeper) answer(c kept, err error) {
	if err != nil { // a refusal, too, may rest on what is lost
		for _, r := range c.batch.requests {
			r.err = err
		}
	}
	k.db.answer(c.batch, c.events, err)
}

func (k *keeper) reached(commits int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.onDisk.Add(int64(commits))
	close(k.moved)
	k.moved = make(chan struct{})
}

// err is why nothing can be written any more; nil if it can.
func (k *keeper) err() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.failed
}

// fail ends all writing: what the system does with pages that it could not sync
// is not known, and a later sync that succeeds says nothing about them.
func (k *keeper) fail(err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.failed != nil {
		return
	}
	k.failed = err
	close(k.lost)
	close(k.moved)
	k.db.log.Error("the disk did not keep what was written; Rapport has to be started again", "error", err)
}

// seen waits until all is on disk that was committed until now.
func (k *keeper) seen(ctx context.Context) error {
	committed := k.committed.Load()
	for k.onDisk.Load() < committed {
		k.mu.Lock()
		moved, failed := k.moved, k.failed
		there := k.onDisk.Load() >= committed
		k.mu.Unlock()
		switch {
		case failed != nil:
			return classify(failed)
		case there:
			return nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// sync waits until the log is on disk, beside the writer.
func (g *liteLog) sync(tls *libc.TLS) error {
	code := called[func(*libc.TLS, uintptr, int32) int32](g.theirs.FxSync)(tls, g.file, sqlite3.SQLITE_SYNC_NORMAL)
	if code == sqlite3.SQLITE_OK {
		return nil
	}
	return &liteError{int(code), "the log could not be brought to disk"}
}
