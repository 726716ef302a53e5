package store

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"time"
)

// Index runs fn in a transaction that writes nothing but the index of search.
// That is derived from all the rest, nobody waits for it, and it stands apart: on
// SQLite in a file of its own, so that the writer and the index do not wait for
// each other. One function runs at a time, on all nodes; fn runs once.
//
// When it returns, what it wrote is committed. On SQLite a failing power supply
// may take back the last of it, together with its place in the log.
func (db *DB) Index(ctx context.Context, fn func(*Tx) error) error {
	var s *session
	select {
	case s = <-db.indexing:
	case <-ctx.Done():
		return ctx.Err()
	case <-db.stop:
		return errClosed()
	}
	defer func() { db.indexing <- s }()
	var err error
	if s == nil {
		if s, err = db.openSession(ctx, forIndex); err != nil {
			s = nil
			return classify(err)
		}
	}
	if err = db.index(ctx, s, fn); err != nil && s.exec1(context.WithoutCancel(ctx), "rollback") != nil {
		s.close()
		s = nil
	}
	return classify(err)
}

func (db *DB) index(ctx context.Context, s *session, fn func(*Tx) error) error {
	for _, text := range []string{"begin", db.dialect.lockIndex} {
		if err := s.put(ctx, text); err != nil {
			return err
		}
	}
	if err := runSafely(&Tx{ctx: ctx, db: db, now: db.now(), conn: s}, fn); err != nil {
		return err
	}
	if err := s.flush(ctx); err != nil {
		return err
	}
	if err := db.keeper.seen(ctx); err != nil { // the index holds nothing that the disk may not
		return err
	}
	return s.exec1(context.WithoutCancel(ctx), "commit")
}

// indexShare is how many times as long as it took the index rests while others write.
const indexShare = 19

// GiveWay waits after a step of the index that took so long: until the writer has had
// nothing to do for as long, or 19 times as long in any case. Both need the processors.
func (db *DB) GiveWay(ctx context.Context, took time.Duration) {
	took = min(took, longest)
	idle, due := db.idle.sum(), time.Now().Add(indexShare*took)
	for time.Now().Before(due) && db.idle.sum()-idle < took {
		select {
		case <-time.After(max(took/2, time.Millisecond)):
		case <-ctx.Done():
			return
		case <-db.stop:
			return
		}
	}
}

// idleness is how long the writer has had nothing to do.
type idleness struct {
	mu    sync.Mutex
	total time.Duration
	since time.Time // zero while it works
}

func (i *idleness) begin() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.since = time.Now()
}

func (i *idleness) end() (d time.Duration) {
	i.mu.Lock()
	defer i.mu.Unlock()
	d = time.Since(i.since)
	i.total += d
	i.since = time.Time{}
	return d
}

func (i *idleness) sum() time.Duration {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.since.IsZero() {
		return i.total
	}
	return i.total + time.Since(i.since)
}

// Indexed returns how far the index has followed the event log; ok is false when
// it has not begun.
func (tx *Tx) Indexed() (seq int64, ok bool, err error) {
	err = tx.queryRow("select seq from search_cursor where id = 1").Scan(&seq)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	return seq, err == nil, classify(err)
}

// SetIndexed notes how far the index has followed the log, with what it wrote of it.
func (tx *Tx) SetIndexed(seq int64) error {
	return tx.put("insert into search_cursor (id, seq) values (1, $1) on conflict (id) do update set seq = excluded.seq", seq)
}

// EmptyIndex drops all of the index.
func (tx *Tx) EmptyIndex() error {
	for _, index := range []SearchIndex{InMessages, InConversations, InContacts} {
		text := "delete from " + string(index)
		if tx.db.dialect.name == sqliteDialect.name {
			text = "insert into " + string(index) + " (" + string(index) + ") values ('delete-all')"
		}
		if err := tx.put(text); err != nil {
			return err
		}
	}
	for _, table := range []string{"search_part", "search_customer", "search_word", "search_spelling", "search_todo", "search_progress", "search_cursor"} {
		if err := tx.put("delete from " + table); err != nil {
			return err
		}
	}
	return nil
}
