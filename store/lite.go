package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
)

// lite is a connection to SQLite used through its driver alone: of the time of
// a short statement database/sql would take a tenth.
type lite struct {
	conn  driver.ConnPrepareContext
	stmts map[string]*liteStmt
}

// mostStmts is how many prepared statements a connection keeps: lists and
// searches have many texts.
const mostStmts = 512

// liteStmt is a prepared statement. SQLite looks parameters up by their names
// at each run unless they have none; so $1 becomes ?, and order says which
// argument stands at each.
type liteStmt struct {
	driver.Stmt
	order  []int
	args   []driver.NamedValue
	values []driver.Value // of the row that is being read
	open   bool           // rows of it are being read
}

func newLite(conn driver.ConnPrepareContext) *lite {
	return &lite{conn: conn, stmts: map[string]*liteStmt{}}
}

func (l *lite) close() {
	for _, s := range l.stmts {
		s.Close()
	}
}

// forget closes the statements that nobody reads from just now.
func (l *lite) forget() {
	for text, s := range l.stmts {
		if !s.open {
			s.Close()
			delete(l.stmts, text)
		}
	}
}

// stmt returns a statement with its arguments in place.
func (l *lite) stmt(ctx context.Context, text string, args []any) (*liteStmt, error) {
	s := l.stmts[text]
	if s == nil {
		if len(l.stmts) >= mostStmts {
			l.forget()
		}
		positional, order := withoutNames(text)
		prepared, err := l.conn.PrepareContext(ctx, positional)
		if err != nil {
			return nil, err
		}
		s = &liteStmt{Stmt: prepared, order: order, args: make([]driver.NamedValue, len(order))}
		l.stmts[text] = s
	}
	for i, n := range s.order {
		if n > len(args) {
			return nil, fmt.Errorf("argument $%d is missing", n)
		}
		s.args[i] = driver.NamedValue{Ordinal: i + 1, Value: args[n-1]}
	}
	return s, nil
}

// withoutNames writes ? for the placeholders of a statement and tells their
// numbers, in order.
func withoutNames(text string) (positional string, order []int) {
	var b strings.Builder
	quoted := false
	for i := 0; i < len(text); i++ {
		if c := text[i]; c != '$' || quoted {
			quoted = quoted != (c == '\'')
			b.WriteByte(c)
			continue
		}
		n := 0
		for ; i+1 < len(text) && '0' <= text[i+1] && text[i+1] <= '9'; i++ {
			n = n*10 + int(text[i+1]-'0')
		}
		b.WriteByte('?')
		order = append(order, n)
	}
	return b.String(), order
}

func (l *lite) exec(ctx context.Context, text string, args []any) (int64, error) {
	s, err := l.stmt(ctx, text, args)
	if err != nil {
		return 0, err
	}
	result, err := s.Stmt.(driver.StmtExecContext).ExecContext(ctx, s.args)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (l *lite) query(ctx context.Context, text string, args []any) (*liteRows, error) {
	s, err := l.stmt(ctx, text, args)
	if err != nil {
		return nil, err
	}
	found, err := s.Stmt.(driver.StmtQueryContext).QueryContext(ctx, s.args)
	if err != nil {
		return nil, err
	}
	if s.values == nil {
		s.values = make([]driver.Value, len(found.Columns()))
	}
	s.open = true
	return &liteRows{stmt: s, found: found, values: s.values}, nil
}

// liteRows reads as *sql.Rows does.
type liteRows struct {
	session *session
	stmt    *liteStmt
	found   driver.Rows // nil when closed
	values  []driver.Value
	err     error
}

func (r *liteRows) Next() bool {
	if r.found == nil {
		return false
	}
	if err := r.found.Next(r.values); err != nil {
		if !errors.Is(err, io.EOF) {
			r.err = r.session.noted(err)
		}
		_ = r.Close() // keeps its error
		return false
	}
	return true
}

func (r *liteRows) Err() error { return r.err }

func (r *liteRows) Close() error {
	if r.found == nil {
		return r.err
	}
	err := r.found.Close()
	r.found, r.stmt.open = nil, false
	if r.err == nil {
		r.err = r.session.noted(err)
	}
	return r.err
}

func (r *liteRows) Scan(dest ...any) error {
	if len(dest) != len(r.values) {
		return fmt.Errorf("%d columns are scanned into %d places", len(r.values), len(dest))
	}
	for i, d := range dest {
		var err error
		switch v := r.values[i].(type) {
		case string:
			err = setText(d, v)
		case int64:
			err = setNumber(d, v)
		default:
			if s, ok := d.(sql.Scanner); ok {
				err = s.Scan(v)
			} else {
				err = cannotScan(d, v)
			}
		}
		if err != nil {
			return fmt.Errorf("column %d: %w", i+1, err)
		}
	}
	return nil
}

// setText scans a text.
func setText(dest any, v string) error {
	switch d := dest.(type) {
	case *string:
		*d = v
	case sql.Scanner:
		return d.Scan(v)
	default:
		p := reflect.ValueOf(dest)
		if p.Kind() != reflect.Pointer || p.Elem().Kind() != reflect.String {
			return cannotScan(dest, v)
		}
		p.Elem().SetString(v)
	}
	return nil
}

// setNumber scans a whole number, which also stands for truth and time.
func setNumber(dest any, v int64) error {
	switch d := dest.(type) {
	case *int:
		*d = int(v)
	case *int64:
		*d = v
	case *bool:
		*d = v != 0
	case *string:
		*d = strconv.FormatInt(v, 10)
	case sql.Scanner:
		return d.Scan(v)
	default:
		return cannotScan(dest, v)
	}
	return nil
}

func cannotScan(dest, v any) error { return fmt.Errorf("a %T cannot be scanned into a %T", v, dest) }
