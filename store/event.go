package store

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"rapport"
)

// Append puts an event into the log. It gets its number at the commit.
func (tx *Tx) Append(e rapport.Event, change rapport.Change) error {
	if tx.writer == nil {
		return errReadOnly
	}
	change.Cause = tx.cause
	data, err := json.Marshal(change)
	if err != nil {
		return err
	}
	if a := change.Agent; a != nil {
		tx.tell(a)
	}
	e.At, e.Data = tx.now, data
	tx.events = append(tx.events, e)
	return nil
}

// Caused marks the events that follow in this transaction as a workflow's doing.
func (tx *Tx) Caused(by rapport.Cause) { tx.cause = &by }

const eventColumns = "seq, at, kind, conversation_id, queue_id, agent_id, contact_id, from_queue, from_agent, to_queue, data"

// appendLog numbers the events of a batch and writes them with few statements.
func (tx *Tx) appendLog(after int64, events []rapport.Event) error {
	for len(events) > 0 {
		n := 32 // rows in one statement; few numbers, so that few statements have to be prepared
		for n > len(events) {
			n /= 2
		}
		chunk := events[:n]
		events = events[n:]
		args := make([]any, 0, len(chunk)*11)
		for i := range chunk {
			e := &chunk[i]
			after++
			e.Seq = after
			args = append(args, e.Seq, e.At, e.Kind, e.ConversationID, e.QueueID, e.AgentID, e.ContactID, e.FromQueue, e.FromAgent, e.ToQueue, string(e.Data))
		}
		if err := tx.put(insertRows("event", eventColumns, 11, len(chunk)), args...); err != nil {
			return err
		}
	}
	return nil
}

var insertTexts sync.Map // table and number of rows → SQL text

// insertRows is the text of an insert of several rows.
func insertRows(table, columns string, width, rows int) string {
	key := table + strconv.Itoa(rows)
	if text, ok := insertTexts.Load(key); ok {
		return text.(string)
	}
	text := insertText(table, columns, width, rows)
	insertTexts.Store(key, text)
	return text
}

func insertText(table, columns string, width, rows int) string {
	var b strings.Builder
	b.WriteString("insert into " + table + " (" + columns + ") values ")
	for n := range rows {
		for i := range width {
			switch {
			case i > 0:
				b.WriteString(", $")
			case n > 0:
				b.WriteString("), ($")
			default:
				b.WriteString("($")
			}
			b.WriteString(strconv.Itoa(n*width + i + 1))
		}
	}
	b.WriteString(")")
	return b.String()
}

func scanEvent(s scanner) (e rapport.Event, err error) {
	var data string
	err = s.Scan(&e.Seq, milli{&e.At}, &e.Kind, &e.ConversationID, &e.QueueID, &e.AgentID, &e.ContactID, &e.FromQueue, &e.FromAgent, &e.ToQueue, &data)
	e.Data = json.RawMessage(data)
	return e, err
}

// EventsAfter reads the log from after a number on, in order.
func (tx *Tx) EventsAfter(seq int64, limit int) (events []rapport.Event, err error) {
	err = tx.rows(func(s scanner) error {
		e, err := scanEvent(s)
		events = append(events, e)
		return err
	}, "select "+eventColumns+" from event where seq > $1 order by seq limit $2", seq, limit)
	return events, err
}

// ContactEventsAfter reads what happened to one contact.
func (tx *Tx) ContactEventsAfter(contact rapport.ContactID, seq int64, limit int) (events []rapport.Event, err error) {
	err = tx.rows(func(s scanner) error {
		e, err := scanEvent(s)
		events = append(events, e)
		return err
	}, "select "+eventColumns+" from event where seq > $1 and contact_id = $2 order by seq limit $3", seq, contact, limit)
	return events, err
}

// Head returns the number of the last event, and of the oldest one kept.
func (tx *Tx) Head() (last, first int64, err error) {
	err = tx.queryRow("select seq, coalesce((select min(seq) from event), seq + 1) from head where id = 1").Scan(&last, &first)
	return last, first, classify(err)
}

// TrimEvents forgets events older than a moment, a bounded number at a time.
func (tx *Tx) TrimEvents(before time.Time, limit int) (int64, error) {
	return tx.exec("delete from event where seq in (select seq from event where at < $1 order by seq limit $2) and at < $1", before, limit)
}

// Tail follows the log within this process: every event once, in order of
// their numbers, also those that other nodes wrote. A reader may be as slow as
// it likes: what does not fit into memory is read from the database.
type Tail struct {
	db   *DB
	last int64 // number of the last event given out

	mu      sync.Mutex
	buffer  []rapport.Event
	overrun bool // buffer was dropped; read the database
	wake    chan struct{}
	closed  bool
}

// mostBuffered is how many events a Tail keeps in memory for its reader.
const mostBuffered = 8192

type tails struct {
	mu  sync.Mutex
	all map[*Tail]struct{}
}

// Follow starts a tail after the given event.
func (db *DB) Follow(after int64) *Tail {
	t := &Tail{db: db, last: after, wake: make(chan struct{}, 1), overrun: true}
	t.wake <- struct{}{}
	db.tails.mu.Lock()
	defer db.tails.mu.Unlock()
	if db.tails.all == nil {
		db.tails.all = map[*Tail]struct{}{}
	}
	db.tails.all[t] = struct{}{}
	return t
}

// Close ends the tail; Next returns nil from then on.
func (t *Tail) Close() {
	t.db.tails.mu.Lock()
	delete(t.db.tails.all, t)
	t.db.tails.mu.Unlock()
	t.end()
}

func (t *Tail) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.closed {
		t.closed = true
		close(t.wake)
	}
}

func (ts *tails) publish(events []rapport.Event) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	for t := range ts.all {
		t.offer(events)
	}
}

func (ts *tails) close() {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	for t := range ts.all {
		t.end()
	}
	ts.all = nil
}

// offer hands events over; nil means "look into the database".
func (t *Tail) offer(events []rapport.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return
	}
	if events == nil || len(t.buffer)+len(events) > mostBuffered {
		t.buffer, t.overrun = nil, true
	} else {
		t.buffer = append(t.buffer, events...)
	}
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

// Next waits for news and returns it: at least one event, in order, none
// missing. It returns nil and no error once the tail or the database is closed.
func (t *Tail) Next(ctx context.Context) ([]rapport.Event, error) {
	for {
		t.mu.Lock()
		buffer, overrun, closed := t.buffer, t.overrun, t.closed
		t.buffer, t.overrun = nil, false
		t.mu.Unlock()
		if closed {
			return nil, nil
		}
		// What the database already gave, or another reader of the gap did.
		for len(buffer) > 0 && buffer[0].Seq <= t.last {
			buffer = buffer[1:]
		}
		if overrun || len(buffer) > 0 && buffer[0].Seq != t.last+1 {
			var missed []rapport.Event
			err := t.db.View(ctx, func(tx *Tx) (err error) {
				missed, err = tx.EventsAfter(t.last, 1000)
				return err
			})
			if err != nil {
				t.offer(nil)
				return nil, err
			}
			if len(missed) > 0 {
				t.last = missed[len(missed)-1].Seq
				t.offer(nil) // there may be more
				return missed, nil
			}
			if len(buffer) == 0 || buffer[0].Seq != t.last+1 {
				buffer = nil
			}
		}
		for i := 1; i < len(buffer); i++ {
			if buffer[i].Seq != buffer[i-1].Seq+1 { // another node wrote in between
				buffer = buffer[:i]
				t.offer(nil)
			}
		}
		if len(buffer) > 0 {
			t.last = buffer[len(buffer)-1].Seq
			return buffer, nil
		}
		select {
		case <-t.wake:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// listen wakes the tails when other nodes have written. Each node announces
// its commits outside its write transactions, at most every announceEvery.
func (db *DB) listen(ctx context.Context) {
	const announceEvery = 3 * time.Millisecond
	db.running.Go(func() { db.announce(ctx, announceEvery) })
	for ctx.Err() == nil {
		if err := db.listenOnce(ctx); err != nil && ctx.Err() == nil {
			db.log.Warn("lost the wake-up connection of the event log", "error", err)
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
			}
		}
	}
}

func (db *DB) listenOnce(ctx context.Context) error {
	conn, err := db.dial(ctx)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, "listen rapport_log"); err != nil {
		return err
	}
	db.tails.publish(nil) // whatever came while nobody listened
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		if n.PID == db.announcer.Load() {
			continue // our own commits are in memory already
		}
		db.tails.publish(nil)
		db.WakeJobs()
	}
}

func (db *DB) announce(ctx context.Context, every time.Duration) {
	var conn *pgx.Conn
	defer func() {
		if conn != nil {
			conn.Close(context.WithoutCancel(ctx))
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return
		case <-db.committed:
		}
		wait := every
		var err error
		if conn == nil {
			if conn, err = db.dial(ctx); err == nil {
				db.announcer.Store(conn.PgConn().PID())
			}
		}
		if err == nil {
			_, err = conn.Exec(ctx, "notify rapport_log")
		}
		if err != nil && ctx.Err() == nil {
			db.log.Warn("cannot announce commits to other nodes", "error", err)
			if conn != nil {
				conn.Close(ctx)
				conn = nil
			} else {
				wait = time.Second
			}
			select {
			case db.committed <- struct{}{}: // it is still to be told
			default:
			}
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return
		}
	}
}

func (db *DB) WakeJobs() {
	select {
	case db.jobs <- struct{}{}:
	default:
	}
}
