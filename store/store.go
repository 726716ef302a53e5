package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"rapport"
	"rapport/lib/owner"
)

// Config says where the database is.
type Config struct {
	URL string       // a file's path for SQLite, or postgres://…
	Log *slog.Logger // discarded when nil

	// Now is the clock of all transactions; nil is the system's. Scenario tests
	// let days pass with it, on both databases (ADR 0005).
	Now func() time.Time

	// Rehearse runs every function of Update once in vain before it runs for
	// good. Tests find out with it who does not bear a second run.
	Rehearse bool
}

// DB is the database. Its methods may be called from any goroutine.
type DB struct {
	dialect dialect
	log     *slog.Logger
	clock   func() time.Time
	write   *sql.DB
	read    *sql.DB
	beside  *sql.DB // SQLite's file with the index of search, which Migrate makes; nil on PostgreSQL
	sources sources

	requests      chan *request
	later         chan *request
	stop          chan struct{}
	stopping      sync.RWMutex // held for reading while a request is handed over
	closed        bool
	running       sync.WaitGroup
	stopListening context.CancelFunc

	readers  chan *session // connections of View; nil for one not opened yet
	indexing chan *session // the connection of Index
	doubted  atomic.Bool   // DoubtIndex

	keeper    *keeper
	idle      idleness
	tails     tails
	jobs      chan struct{} // a job was enqueued
	committed chan struct{} // events were committed; other nodes want to know
	announcer atomic.Uint32 // PostgreSQL's process id of our announcing connection
	stamps    atomic.Int64  // last value of Tx.stamp

	rehearse                   bool
	batches, grouped, repeated atomic.Int64
}

// Open connects to the database and starts its writer. The schema is Migrate's.
func Open(ctx context.Context, c Config) (*DB, error) {
	d, from, err := sourcesOf(c.URL)
	if err != nil {
		return nil, err
	}
	if d.name == sqliteDialect.name {
		if err := os.MkdirAll(filepath.Dir(from.file), 0o700); err != nil {
			return nil, fmt.Errorf("make the folder of the database: %w", err)
		}
		if err := private(from.file); err != nil {
			return nil, fmt.Errorf("make the database: %w; %s", err, owner.Of(from.file))
		}
	}
	db := &DB{
		dialect: d, log: c.Log, clock: c.Now, sources: from, rehearse: c.Rehearse,
		requests: make(chan *request, 1024), later: make(chan *request), stop: make(chan struct{}), jobs: make(chan struct{}, 1), committed: make(chan struct{}, 1),
	}
	if db.log == nil {
		db.log = slog.New(slog.DiscardHandler)
	}
	if db.clock == nil {
		db.clock = time.Now
	}
	db.keeper = newKeeper(db)
	if err := db.connect(ctx); err != nil {
		_ = db.disconnect() // the first error says what is wrong
		return nil, err
	}
	db.readers, db.indexing = make(chan *session, d.readers), make(chan *session, 1)
	for range d.readers {
		db.readers <- nil
	}
	db.indexing <- nil
	run := context.WithoutCancel(ctx)
	listening, stop := context.WithCancel(run)
	db.stopListening = stop
	db.running.Go(func() { db.writeLoop(run) })
	db.running.Go(db.keeper.run)
	if d.name == postgresDialect.name {
		db.running.Go(func() { db.listen(listening) })
	}
	return db, nil
}

// connect opens the pools and sees that there is a database.
func (db *DB) connect(ctx context.Context) (err error) {
	for pool, source := range map[**sql.DB]string{&db.write: db.sources.writer, &db.read: db.sources.reader, &db.beside: db.sources.index} {
		if source == "" {
			continue
		}
		if *pool, err = db.dialect.openPool(source); err != nil {
			return fmt.Errorf("open the database: %w", err)
		}
		if db.dialect.name == sqliteDialect.name {
			(*pool).SetMaxIdleConns(0) // they are for migrations
		}
	}
	db.write.SetMaxOpenConns(4)
	if err := db.write.PingContext(ctx); err != nil {
		err = fmt.Errorf("open the database: %w", classify(err))
		if db.sources.file != "" {
			err = fmt.Errorf("%w; %s", err, owner.Of(db.sources.file))
		}
		return err
	}
	if db.dialect.name == postgresDialect.name {
		if err := db.dialect.fold(ctx, db.write); err != nil {
			return fmt.Errorf("ask the database for its collations: %w", classify(err))
		}
	}
	return nil
}

// disconnect closes the pools.
func (db *DB) disconnect() error {
	var errs []error
	for _, pool := range []*sql.DB{db.read, db.write, db.beside} {
		if pool != nil {
			errs = append(errs, pool.Close())
		}
	}
	return errors.Join(errs...)
}

// Close finishes what was handed to Update, then lets go of the database.
func (db *DB) Close() error {
	db.stopping.Lock()
	if db.closed {
		db.stopping.Unlock()
		return nil
	}
	db.closed = true
	close(db.stop)
	db.stopping.Unlock()

	// The writer drains its queue before it returns; only the listener needs
	// to be told.
	db.stopListening()
	db.running.Wait()
	db.tails.close()
	for _, sessions := range []chan *session{db.readers, db.indexing} {
		for range cap(sessions) {
			if s := <-sessions; s != nil {
				s.close()
			}
		}
	}
	return db.disconnect()
}

// Dialect names the database: "sqlite" or "postgres".
func (db *DB) Dialect() string { return db.dialect.name }

// Stats are counters since the start.
type Stats struct {
	Batches  int64 // commits of the writer
	Updates  int64 // functions in them
	Repeated int64 // batches that ran a second time, because a function failed after it wrote
}

// Stats returns the counters.
func (db *DB) Stats() Stats { return Stats{db.batches.Load(), db.grouped.Load(), db.repeated.Load()} }

// Lost is closed when the disk did not keep what was written: then nothing more is
// committed or shown, and the program has to be started again. What was refused with
// it may be there after that.
func (db *DB) Lost() <-chan struct{} { return db.keeper.lost }

// View runs fn on a consistent, read-only snapshot, and returns when all that fn
// may have seen is on disk.
func (db *DB) View(ctx context.Context, fn func(*Tx) error) error {
	err := db.view(ctx, fn)
	if unkept := db.keeper.seen(ctx); unkept != nil {
		return unkept
	}
	return err
}

func (db *DB) view(ctx context.Context, fn func(*Tx) error) error {
	s, err := db.reader(ctx)
	if err != nil {
		return err
	}
	off := s.watch(ctx)
	defer func() { // also when fn panics
		off()
		// Ending the snapshot also tells whether the connection is still good.
		if s.exec1(context.WithoutCancel(ctx), "rollback") != nil {
			s.close()
			s = nil
		}
		db.readers <- s
	}()
	return fn(&Tx{ctx: ctx, db: db, now: db.now(), conn: s})
}

// reader takes a connection from the pool, opens it if need be, and starts a
// snapshot on it.
func (db *DB) reader(ctx context.Context) (*session, error) {
	var s *session
	select {
	case s = <-db.readers:
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-db.stop:
		return nil, errClosed()
	}
	s, err := db.begun(ctx, s, forReading, func(s *session) error { return s.exec1(ctx, db.dialect.snapshot) })
	if err != nil {
		db.readers <- nil
	}
	return s, classify(err)
}

// begun returns a session in a transaction: the one given, or a new one if that is
// nil or broke while it lay idle.
func (db *DB) begun(ctx context.Context, s *session, of purpose, begin func(*session) error) (*session, error) {
	var err error
	for range 2 {
		if s == nil {
			if s, err = db.openSession(ctx, of); err != nil {
				return nil, err
			}
		}
		if err = begin(s); err == nil {
			return s, nil
		}
		s.close()
		s = nil
	}
	return nil, err
}

// now is the moment of a transaction: milliseconds, as at rest.
func (db *DB) now() time.Time { return db.clock().UTC().Truncate(time.Millisecond) }

// errClosed is what callers hear after Close.
func errClosed() error {
	return rapport.Errorf(rapport.Unavailable, "stopping", "Rapport is stopping; try again in a moment.")
}
