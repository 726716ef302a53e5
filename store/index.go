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
	if s, err = db.begun(ctx, s, forIndex, func(s *session) error { return db.beginIndex(ctx, s) }); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return classify(err)
	}
	if err = db.index(ctx, s, fn); err != nil && s.rollback(context.WithoutCancel(ctx)) != nil {
		s.close()
		s = nil
	}
	return classify(err)
}

// beginIndex opens the transaction, once nobody else writes to the index.
func (db *DB) beginIndex(ctx context.Context, s *session) error {
	defer s.watch(ctx)()
	for _, text := range []string{"begin", db.dialect.lockIndex} {
		if err := s.put(ctx, text); err != nil {
			return err
		}
	}
	return s.flush(ctx)
}

func (db *DB) index(ctx context.Context, s *session, fn func(*Tx) error) error {
	defer s.watch(ctx)()
	if err := runSafely(&Tx{ctx: ctx, db: db, now: db.now(), conn: s}, fn); err != nil {
		return err
	}
	if err := s.flush(ctx); err != nil {
		return err
	}
	if err := db.keeper.seen(ctx); err != nil { // the index holds nothing that the disk may not
		return err
	}
	return s.exec1(ctx, "commit")
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

// whatEvent is what an event of the log was, so that two logs can be told apart.
const whatEvent = "(select cast(e.at as text) || ' ' || e.kind || ' ' || e.conversation_id || ' ' || e.contact_id from event e where e.seq = "

// Indexed returns how far the index has followed the event log; ok is false when
// it has not begun, or has followed the log of another database, or of a state after that of
// the backup which was put back. What the log no longer has cannot tell.
func (tx *Tx) Indexed() (seq int64, ok bool, err error) {
	err = tx.queryRow("select c.seq from search_cursor c where c.id = 1 and c.seq <= (select seq from head where id = 1) and (c.event = '' or c.event = " +
		whatEvent + "c.seq) or not exists (select 1 from event e where e.seq <= c.seq))").Scan(&seq)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	return seq, err == nil, classify(err)
}

// SetIndexed notes how far the index has followed the log, with what it wrote of it.
func (tx *Tx) SetIndexed(seq int64) error {
	return tx.put("insert into search_cursor (id, seq, event) values (1, cast($1 as bigint), coalesce("+whatEvent+"$1), '')) on conflict (id) do update set seq = excluded.seq, event = excluded.event", seq)
}

// HasIndex tells whether the index is there. On SQLite its file may have been taken
// away; it is made at the next start.
func (tx *Tx) HasIndex() bool {
	if tx.db.dialect.name != sqliteDialect.name {
		return true
	}
	var n int
	return tx.queryRow("select count(*) from search.sqlite_master where name = 'search_cursor'").Scan(&n) == nil && n > 0
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
