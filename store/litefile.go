package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	sqlite3 "modernc.org/sqlite/lib"

	"rapport/lib/owner"
)

// private makes a file that only its owner may read, unless there is one: SQLite
// would let everybody read it. Its log and its other files get the same mode.
func private(file string) error {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil // never opened here: closing it would end SQLite's locks on it
	}
	if err == nil {
		err = f.Close()
	}
	return err
}

// liteFile is one of SQLite's files with the pool that opens it.
type liteFile struct {
	path string
	pool *sql.DB
}

// liteFiles are the database and the index, as far as they are there; none on PostgreSQL.
func (db *DB) liteFiles() (list []liteFile) {
	if db.dialect.name != sqliteDialect.name {
		return nil
	}
	for _, f := range []liteFile{{db.sources.file, db.write}, {db.sources.indexFile, db.beside}} {
		if _, err := os.Stat(f.path); err == nil {
			list = append(list, f)
		}
	}
	return list
}

// roomNeeded is how many bytes Writable wants to have beside the database.
const roomNeeded = 256 << 10

// Writable tells why SQLite's files cannot be written. It takes the lock of each,
// writes a little and takes that back, and writes a file beside them, which it
// removes again. Of PostgreSQL it says nothing.
func (db *DB) Writable(ctx context.Context) error {
	files := db.liteFiles()
	for _, f := range files {
		if err := f.write(ctx); err != nil {
			return fmt.Errorf("%s cannot be written: %w; %s", f.path, err, owner.Of(f.path))
		}
	}
	if len(files) == 0 {
		return nil
	}
	folder := filepath.Dir(files[0].path)
	if err := writeBeside(folder); err != nil {
		return fmt.Errorf("%s cannot be written: %w; %s", folder, err, owner.Of(files[0].path))
	}
	return nil
}

func (f liteFile) write(ctx context.Context) error {
	conn, err := f.pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "begin immediate"); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, "create table rapport_can_write (n int)")
	_, undone := conn.ExecContext(context.WithoutCancel(ctx), "rollback")
	return errors.Join(err, undone)
}

func writeBeside(folder string) error {
	f, err := os.CreateTemp(folder, ".rapport-can-write-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(make([]byte, roomNeeded))
	return errors.Join(err, f.Sync(), f.Close())
}

// Damage is what is wrong with one of SQLite's files.
type Damage struct {
	File  string
	Index bool     // it is that of search, in which nothing is that cannot be made again
	Found []string // the first few faults; none in a file that is whole
}

// mostFaults is how many faults of a file are listed.
const mostFaults = 5

// Damages reads SQLite's files from beginning to end, and says what is damaged. Of
// PostgreSQL it says nothing.
func (db *DB) Damages(ctx context.Context) (list []Damage, err error) {
	for _, f := range db.liteFiles() {
		d := Damage{File: f.path, Index: f.pool == db.beside}
		if d.Found, err = f.faults(ctx); err != nil {
			return list, fmt.Errorf("read %s: %w", f.path, err)
		}
		list = append(list, d)
	}
	return list, nil
}

func (f liteFile) faults(ctx context.Context) (list []string, err error) {
	found, err := f.pool.QueryContext(ctx, fmt.Sprintf("pragma quick_check(%d)", mostFaults))
	if err == nil {
		defer found.Close()
		for found.Next() {
			var text string
			if err := found.Scan(&text); err != nil {
				return nil, err
			}
			if text != "ok" {
				list = append(list, text)
			}
		}
		err = found.Err()
	}
	if Damaged(err) {
		return append(list, err.Error()), nil
	}
	return list, err
}

// Damaged tells whether an error is SQLite's for a file that is not as it should be.
func Damaged(err error) bool {
	lite, ok := errors.AsType[interface {
		error
		Code() int
	}](err)
	return ok && (lite.Code()&0xff == sqlite3.SQLITE_CORRUPT || lite.Code()&0xff == sqlite3.SQLITE_NOTADB)
}
