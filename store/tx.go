package store

import (
	"context"
	"database/sql"
	"errors"
	"reflect"
	"time"

	"rapport"
)

// Tx is one transaction: the only way rules reach the database. It carries its
// context and one frozen moment. A Tx of View refuses to write.
type Tx struct {
	ctx    context.Context
	db     *DB
	now    time.Time
	conn   connection
	writer *writer // nil in View and Index

	events   []rapport.Event
	enqueued bool
	touched  []touch
	told     map[rapport.AgentID]string // status of agents as the last event says
	ahead    *bondsAhead
	config   *Configuration                   // of a View
	read     map[rapport.ConversationID][]any // how conversations rest, of a function of the writer
	cause    *rapport.Cause                   // of the events
}

// connection is a transaction's hold on the database: the writer's, or a reader's.
type connection interface {
	exec(ctx context.Context, text string, args ...any) (int64, error)
	put(ctx context.Context, text string, args ...any) error
	demand(ctx context.Context, otherwise error, text string, args ...any) error
	query(ctx context.Context, text string, args ...any) (rows, error)
	queryRow(ctx context.Context, text string, args ...any) scanner
}

type scanner interface{ Scan(dest ...any) error }

// rows are what a query found: *sql.Rows, or an answer.
type rows interface {
	scanner
	Next() bool
	Err() error
	Close() error
}

type failed struct{ err error }

func (f failed) Scan(...any) error { return f.err }

// Context returns the context of the transaction.
func (tx *Tx) Context() context.Context { return tx.ctx }

// Now is the moment of the transaction; SQL never asks the database's clock.
func (tx *Tx) Now() time.Time { return tx.now }

// stamp returns microseconds that grow strictly within this process, for
// orders that must not tie.
func (tx *Tx) stamp() int64 {
	for {
		last := tx.db.stamps.Load()
		next := max(tx.now.UnixMicro(), last+1)
		if tx.db.stamps.CompareAndSwap(last, next) {
			return next
		}
	}
}

// errReadOnly is what a rule hears that tries to write in a View.
var errReadOnly = errors.New("a view cannot write")

func (tx *Tx) exec(text string, args ...any) (int64, error) {
	n, err := tx.conn.exec(tx.ctx, text, bind(args)...)
	return n, classify(err)
}

func (tx *Tx) put(text string, args ...any) error {
	return classify(tx.conn.put(tx.ctx, text, bind(args)...))
}

// demand is put of a statement that must change a row: when it does not, the
// function fails with the error otherwise, at the latest at its end.
func (tx *Tx) demand(otherwise error, text string, args ...any) error {
	return classify(tx.conn.demand(tx.ctx, otherwise, text, bind(args)...))
}

func (tx *Tx) queryRow(text string, args ...any) scanner {
	return tx.conn.queryRow(tx.ctx, text, bind(args)...)
}

// rows runs a query and calls scan for each row.
func (tx *Tx) rows(scan func(scanner) error, text string, args ...any) error {
	rows, err := tx.conn.query(tx.ctx, text, bind(args)...)
	if err != nil {
		return classify(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return classify(rows.Err())
}

// question is a query whose rows scan takes.
type question struct {
	text string
	args []any
	scan func(scanner) error
}

// ask puts questions whose answers do not depend on each other: on PostgreSQL
// they travel together.
func (tx *Tx) ask(questions ...question) error {
	for i := range questions {
		bind(questions[i].args)
	}
	if tx.far() {
		return classify(tx.conn.(*session).askAll(tx.ctx, questions))
	}
	for _, q := range questions {
		if err := tx.rows(q.scan, q.text, q.args...); err != nil {
			return err
		}
	}
	return nil
}

// far tells whether an answer takes a round trip to another process, so that
// it pays to ask for more at once.
func (tx *Tx) far() bool {
	s, ok := tx.conn.(*session)
	return ok && s.pending != nil
}

// found turns "no rows" into the error of a missing thing.
func found(err error, what, id string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return missing(what, id)
	}
	return classify(err)
}

func missing(what, id string) error {
	return rapport.Errorf(rapport.NotFound, "not_found", "There is no %s %q.", what, id)
}

// bind writes Go values the way they rest in the database: times as UTC
// milliseconds (0 for none), truth as 0 or 1, named strings as text.
func bind(args []any) []any {
	for i, a := range args {
		switch v := a.(type) {
		case nil, string, int64, []byte:
		case int:
			args[i] = int64(v)
		case bool:
			args[i] = int64(0)
			if v {
				args[i] = int64(1)
			}
		case time.Time:
			args[i] = millis(v)
		case *int:
			args[i] = nil
			if v != nil {
				args[i] = int64(*v)
			}
		default:
			if r := reflect.ValueOf(a); r.Kind() == reflect.String {
				args[i] = r.String()
			}
		}
	}
	return args
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// milli scans a time at rest; 0 is the zero time.
type milli struct{ t *time.Time }

func (m milli) Scan(v any) error {
	n, ok := v.(int64)
	if !ok {
		return errors.New("a time is not a number of milliseconds")
	}
	*m.t = time.Time{}
	if n != 0 {
		*m.t = time.UnixMilli(n).UTC()
	}
	return nil
}

type micro struct{ t *time.Time }

func (m micro) Scan(v any) error {
	n, ok := v.(int64)
	if !ok {
		return errors.New("a time is not a number of microseconds")
	}
	*m.t = time.Time{}
	if n != 0 {
		*m.t = time.UnixMicro(n).UTC()
	}
	return nil
}
