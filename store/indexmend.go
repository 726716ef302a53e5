package store

import (
	"context"
	"fmt"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// DoubtIndex notes that a search met what is damaged. Whoever keeps the index finds it
// with IndexDoubted, and looks.
func (db *DB) DoubtIndex() { db.doubted.Store(true) }

// IndexDoubted tells whether there was a DoubtIndex since the last MendIndex.
func (db *DB) IndexDoubted() bool { return db.doubted.Load() }

// MendIndex reads all of SQLite's file with the index of search, and makes that anew,
// empty, if it is damaged. Nobody writes to it meanwhile; who reads goes on.
func (db *DB) MendIndex(ctx context.Context) (anew bool, err error) {
	if db.beside == nil {
		return false, nil
	}
	var s *session
	select {
	case s = <-db.indexing:
	case <-ctx.Done():
		return false, ctx.Err()
	}
	defer func() { db.indexing <- s }()
	db.doubted.Store(false)
	faults, err := db.indexFaults(ctx)
	if err != nil || len(faults) == 0 {
		return false, classify(err)
	}
	if s != nil {
		s.close()
		s = nil
	}
	db.log.Warn("the index of search is damaged; it is made again", "error", faults[0])
	l, err := openLite(ctx, db.sources.index)
	if err != nil {
		return false, classify(err)
	}
	err = l.reset(ctx)
	l.close()
	if err == nil {
		err = db.migrateIndex(ctx)
	}
	if err != nil {
		return false, fmt.Errorf("make the index of search, %s, anew: %w", db.sources.indexFile, classify(err))
	}
	return true, nil
}

// indexFaults are the first few faults of the index: of the file, and of what FTS5
// keeps in it.
func (db *DB) indexFaults(ctx context.Context) ([]string, error) {
	faults, err := liteFile{db.sources.indexFile, db.beside}.faults(ctx)
	for _, index := range []SearchIndex{InMessages, InConversations, InContacts} {
		if err != nil || len(faults) > 0 {
			break
		}
		_, err = db.beside.ExecContext(ctx, fmt.Sprintf("insert into %[1]s (%[1]s) values ('integrity-check')", index))
		if Damaged(err) {
			return []string{fmt.Sprintf("%s: %v", index, err)}, nil
		}
	}
	return faults, err
}

// reset empties the database, however damaged it is. Other connections see that as
// one more commit.
func (l *lite) reset(ctx context.Context) error {
	if err := l.mayReset(1); err != nil {
		return err
	}
	_, err := l.exec(ctx, "vacuum", nil)
	if off := l.mayReset(0); err == nil {
		err = off
	}
	return err
}

func (l *lite) mayReset(may int32) error {
	args := libc.NewVaList(may, uintptr(0))
	defer libc.Xfree(l.tls, args)
	return l.check(sqlite3.Xsqlite3_db_config(l.tls, l.db, sqlite3.SQLITE_DBCONFIG_RESET_DATABASE, args))
}
