package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// session is one connection with its prepared statements.
//
// On PostgreSQL the writer's put and demand collect statements, which travel
// together with the next statement whose answer somebody needs: one round trip
// for all of them.
type session struct {
	lite    *lite     // SQLite only
	conn    *sql.Conn // PostgreSQL only
	native  *pgx.Conn // the same
	pending *pending  // those who write on PostgreSQL only

	written int  // changing statements that the database has seen
	broken  bool // a statement failed since the last begin
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

// purpose is what a session is for.
type purpose int

const (
	forReading purpose = iota
	forWriting
	forIndex
)

func (db *DB) openSession(ctx context.Context, of purpose) (*session, error) {
	if db.dialect.name == sqliteDialect.name {
		l, err := db.openLite(ctx, of)
		if err != nil {
			return nil, err
		}
		return &session{lite: l}, nil
	}
	pool, s := db.read, &session{}
	if of != forReading {
		pool, s.pending = db.write, &pending{}
	}
	var err error
	if s.conn, err = pool.Conn(ctx); err != nil {
		return nil, err
	}
	err = s.conn.Raw(func(c any) error {
		s.native = c.(*stdlib.Conn).Conn()
		return nil
	})
	return s, err
}

// openLite opens SQLite's database, and beside it the index of search, except for
// the writer: all that it commits is in one file.
func (db *DB) openLite(ctx context.Context, of purpose) (*lite, error) {
	l, err := openLite(ctx, [...]string{db.sources.reader, db.sources.writer, db.sources.indexer}[of])
	if err != nil {
		return nil, err
	}
	switch of {
	case forWriting:
		err = l.ownLog(ctx)
	case forReading: // all else can be read without the index
		if err := l.attach(ctx, db.sources.indexFile); err != nil {
			db.log.Warn("the index of search cannot be read; a start of the server makes one that is missing", "error", err)
		}
	case forIndex:
		if err = l.attach(ctx, db.sources.indexFile); err == nil {
			err = l.spareMain()
		}
	}
	if err != nil {
		l.close()
		return nil, err
	}
	return l, nil
}

// watch interrupts what the session does when ctx ends, until it is called off.
// PostgreSQL's driver does that by itself.
func (s *session) watch(ctx context.Context) (off func()) {
	if s.lite == nil || ctx.Done() == nil {
		return func() {}
	}
	over, done := make(chan struct{}), make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(done)
		for { // one that comes before a statement has begun is lost
			s.lite.interrupt()
			select {
			case <-over:
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	})
	return func() {
		close(over)
		if !stop() {
			<-done // what comes next on this session is not interrupted
		}
	}
}

func (s *session) close() {
	if s.lite != nil {
		s.lite.close()
		return
	}
	// A connection in an unknown state must not return to the pool; the error
	// is how database/sql is told to drop it.
	_ = s.conn.Raw(func(any) error { return driver.ErrBadConn })
	s.conn.Close()
}

// log is SQLite's, where it is ours to write.
func (s *session) log() *liteLog {
	if s.lite == nil {
		return nil
	}
	return s.lite.log
}

// noted keeps in mind that a statement failed.
func (s *session) noted(err error) error {
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		s.broken = true
	}
	return err
}

// begin opens a transaction with a first statement and the question asked in it.
func (s *session) begin(ctx context.Context, begin, question string) scanner {
	s.broken = false
	if err := s.put(ctx, begin); err != nil {
		return failed{err}
	}
	return s.queryRow(ctx, question)
}

// exec1 runs a statement that takes no arguments, at once.
func (s *session) exec1(ctx context.Context, text string) error {
	_, err := s.exec(ctx, text)
	return err
}

func (s *session) exec(ctx context.Context, text string, args ...any) (int64, error) {
	if s.pending != nil && len(args) > 0 {
		s.written++
		a, err := s.ask(ctx, text, args)
		if err != nil {
			return 0, err
		}
		return a.affected()
	}
	if err := s.flush(ctx); err != nil {
		return 0, err
	}
	s.written++
	if s.native != nil { // pgx keeps prepared statements by itself
		tag, err := s.native.Exec(ctx, text, args...)
		return tag.RowsAffected(), s.noted(err)
	}
	n, err := s.lite.exec(ctx, text, args)
	return n, s.noted(err)
}

func (s *session) query(ctx context.Context, text string, args ...any) (rows, error) {
	if s.pending != nil {
		return s.ask(ctx, text, args)
	}
	if s.native != nil {
		return s.conn.QueryContext(ctx, text, args...)
	}
	found, err := s.lite.query(ctx, text, args)
	if s.noted(err) != nil {
		return nil, err
	}
	found.session = s
	return found, nil
}

func (s *session) queryRow(ctx context.Context, text string, args ...any) scanner {
	if s.native != nil && s.pending == nil {
		return s.conn.QueryRowContext(ctx, text, args...)
	}
	found, err := s.query(ctx, text, args...)
	if err != nil {
		return failed{err}
	}
	return only{found}
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
	if s.waiting() == 0 {
		return nil
	}
	results, err := s.send(ctx)
	if err != nil {
		return err
	}
	return s.noted(results.Close())
}

// send sends what is pending and reads the answers to all of it, but for the
// statement at the end of the batch that has no entry in otherwise.
func (s *session) send(ctx context.Context) (pgx.BatchResults, error) {
	p := s.pending
	s.pending = &pending{}
	s.written += len(p.otherwise)
	results := s.native.SendBatch(ctx, &p.batch)
	for _, otherwise := range p.otherwise {
		tag, err := results.Exec()
		if err == nil && otherwise != nil && tag.RowsAffected() == 0 {
			err = otherwise
		}
		if s.noted(err) != nil {
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
	if s.noted(err) != nil {
		_ = results.Close() // says the same once more
		return nil, err
	}
	return &answer{found, results, s}, nil
}

// askAll sends questions together with what is pending.
func (s *session) askAll(ctx context.Context, questions []question) error {
	for _, q := range questions {
		s.pending.batch.Queue(q.text, q.args...)
	}
	results, err := s.send(ctx)
	if err != nil {
		return err
	}
	for _, q := range questions {
		if err := readAll(results, s, q.scan); err != nil {
			_ = results.Close() // what is wrong is known
			return s.noted(err)
		}
	}
	return s.noted(results.Close())
}

func readAll(results pgx.BatchResults, s *session, scan func(scanner) error) error {
	found, err := results.Query()
	if err != nil {
		return err
	}
	defer found.Close()
	a := &answer{found, results, s}
	for found.Next() {
		if err := scan(a); err != nil {
			return err
		}
	}
	return found.Err()
}

// rollback abandons the transaction.
func (s *session) rollback(ctx context.Context) error {
	if s.pending != nil {
		s.pending = &pending{}
	}
	err := s.exec1(ctx, "rollback")
	s.log().drop()
	return err
}

// waiting is how many statements have been put and not sent.
func (s *session) waiting() int {
	if s.pending == nil {
		return 0
	}
	return len(s.pending.otherwise)
}

// mark is a place among the statements that change something.
func (s *session) mark() int { return s.written + s.waiting() }

// forget drops what was put since a mark. It is false when some of that has
// reached the database already.
func (s *session) forget(mark int) bool {
	if s.pending != nil {
		keep := max(mark-s.written, 0)
		s.pending.batch.QueuedQueries = s.pending.batch.QueuedQueries[:keep]
		s.pending.otherwise = s.pending.otherwise[:keep]
	}
	return s.written <= mark
}
