package store

import (
	"context"
	"database/sql"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// session is one connection with its prepared statements.
//
// On PostgreSQL the writer's put and demand collect statements, which travel
// together with the next statement whose answer somebody needs: one round trip
// for all of them.
type session struct {
	conn    *sql.Conn
	stmts   map[string]*sql.Stmt
	native  *pgx.Conn // PostgreSQL only
	pending *pending  // the writer on PostgreSQL only
	sent    int       // how often pending was sent
}

// pending are statements that have not been sent yet, each with the error that
// it means when it changes no row; nil where that is fine.
type pending struct {
	batch     pgx.Batch
	otherwise []error
}

func (p *pending) add(otherwise error, text string, args []any) {
	p.batch.Queue(text, args...)
	p.otherwise = append(p.otherwise, otherwise)
}

func (db *DB) openSession(ctx context.Context, pool *sql.DB, writer bool) (*session, error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	s := &session{conn: conn, stmts: map[string]*sql.Stmt{}}
	if db.dialect.name == postgresDialect.name {
		err = conn.Raw(func(driver any) error {
			s.native = driver.(*stdlib.Conn).Conn()
			return nil
		})
		if writer {
			s.pending = &pending{}
		}
	}
	return s, err
}

func (s *session) close() {
	for _, stmt := range s.stmts {
		stmt.Close()
	}
	// A connection in an unknown state must not return to the pool; the error
	// is how database/sql is told to drop it.
	_ = s.conn.Raw(func(any) error { return sql.ErrConnDone })
	s.conn.Close()
}

func (s *session) stmt(ctx context.Context, text string) (*sql.Stmt, error) {
	if stmt := s.stmts[text]; stmt != nil {
		return stmt, nil
	}
	stmt, err := s.conn.PrepareContext(ctx, text)
	if err == nil {
		s.stmts[text] = stmt
	}
	return stmt, err
}

// exec1 runs a statement that takes no arguments, at once.
func (s *session) exec1(ctx context.Context, text string) error {
	_, err := s.exec(ctx, text)
	return err
}

func (s *session) exec(ctx context.Context, text string, args ...any) (int64, error) {
	if s.pending != nil && len(args) > 0 {
		a, err := s.ask(ctx, text, args)
		if err != nil {
			return 0, err
		}
		return a.affected()
	}
	if err := s.flush(ctx); err != nil {
		return 0, err
	}
	if s.native != nil { // pgx keeps prepared statements by itself
		tag, err := s.native.Exec(ctx, text, args...)
		return tag.RowsAffected(), err
	}
	stmt, err := s.stmt(ctx, text)
	if err != nil {
		return 0, err
	}
	res, err := stmt.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (s *session) query(ctx context.Context, text string, args ...any) (rows, error) {
	if s.pending != nil {
		return s.ask(ctx, text, args)
	}
	if s.native != nil {
		return s.conn.QueryContext(ctx, text, args...)
	}
	stmt, err := s.stmt(ctx, text)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(ctx, args...)
}

func (s *session) queryRow(ctx context.Context, text string, args ...any) scanner {
	if s.pending != nil {
		a, err := s.ask(ctx, text, args)
		if err != nil {
			return failed{err}
		}
		return only{a}
	}
	if s.native != nil {
		return s.conn.QueryRowContext(ctx, text, args...)
	}
	stmt, err := s.stmt(ctx, text)
	if err != nil {
		return failed{err}
	}
	return stmt.QueryRowContext(ctx, args...)
}

// put runs a statement whose answer nobody needs; its error may come later, at
// the latest with flush.
func (s *session) put(ctx context.Context, text string, args ...any) error {
	if s.pending != nil {
		s.pending.add(nil, text, args)
		return nil
	}
	_, err := s.exec(ctx, text, args...)
	return err
}

// demand is put of a statement that must change a row; otherwise is the error
// when it does not.
func (s *session) demand(ctx context.Context, otherwise error, text string, args ...any) error {
	if s.pending != nil {
		s.pending.add(otherwise, text, args)
		return nil
	}
	n, err := s.exec(ctx, text, args...)
	if err == nil && n == 0 {
		return otherwise
	}
	return err
}

func (s *session) flush(ctx context.Context) error {
	if s.pending == nil || s.pending.batch.Len() == 0 {
		return nil
	}
	results, err := s.send(ctx)
	if err != nil {
		return err
	}
	return results.Close()
}

// send sends what is pending and reads the answers to all of it, but for the
// statement at the end of the batch that has no entry in otherwise.
func (s *session) send(ctx context.Context) (pgx.BatchResults, error) {
	p := s.pending
	s.pending = &pending{}
	s.sent++
	results := s.native.SendBatch(ctx, &p.batch)
	for _, otherwise := range p.otherwise {
		tag, err := results.Exec()
		if err == nil && otherwise != nil && tag.RowsAffected() == 0 {
			err = otherwise
		}
		if err != nil {
			_ = results.Close() // says the same once more
			return nil, err
		}
	}
	return results, nil
}

// ask sends a statement together with what is pending.
func (s *session) ask(ctx context.Context, text string, args []any) (*answer, error) {
	s.pending.batch.Queue(text, args...)
	results, err := s.send(ctx)
	if err != nil {
		return nil, err
	}
	found, err := results.Query()
	if err != nil {
		_ = results.Close() // says the same once more
		return nil, err
	}
	return &answer{found, results}, nil
}

// rollback abandons the transaction.
func (s *session) rollback(ctx context.Context) {
	s.discard(mark{sent: -1})
	_ = s.exec1(ctx, "rollback") // on failure the connection is dropped anyway
}

// mark is a place among the statements that put collects.
type mark struct{ sent, length int }

func (s *session) mark() mark {
	if s.pending == nil {
		return mark{}
	}
	return mark{s.sent, s.pending.batch.Len()}
}

// discard forgets what put collected since a mark.
func (s *session) discard(m mark) {
	switch {
	case s.pending == nil:
	case s.sent == m.sent:
		s.pending.batch.QueuedQueries = s.pending.batch.QueuedQueries[:m.length]
		s.pending.otherwise = s.pending.otherwise[:m.length]
	default: // what stood before the mark has been sent since
		s.pending = &pending{}
	}
}
