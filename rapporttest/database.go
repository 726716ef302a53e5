package rapporttest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"rapport/rapporttest/pg"
	"rapport/store"
)

// Log is a logger that writes to the test's own log.
func Log(t testing.TB) *slog.Logger {
	return slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
}

// SQLite opens a fresh database in a temporary file, closed when the test ends.
// It works inside a synctest bubble too.
func SQLite(t testing.TB) *store.DB {
	t.Helper()
	return Open(t, Addresses["sqlite"](t))
}

// Addresses make fresh databases of the newest version, one for each that we
// run on, and return where they are.
var Addresses = map[string]func(testing.TB) string{
	"sqlite": func(t testing.TB) string {
		file := filepath.Join(t.TempDir(), "rapport.db")
		migrated(t, file)
		return file
	},
	"postgres": func(t testing.TB) string { return pg.Copy(t, fingerprint(), migrate) },
}

// migrated writes an empty SQLite database of the newest version. The steps
// that lead there run once in a process: each of them costs time, and there
// are hundreds of tests.
func migrated(t testing.TB, file string) {
	t.Helper()
	made, err := template()
	if err != nil {
		t.Fatal(err)
	}
	for suffix, content := range made {
		if err := os.WriteFile(file+suffix, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// template are the files of such a database, by what their names end with.
var template = sync.OnceValues(func() (map[string][]byte, error) {
	dir, err := os.MkdirTemp("", "rapport-template-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "rapport.db")
	if err := migrate(file); err != nil {
		return nil, err
	}
	made := map[string][]byte{}
	for _, suffix := range []string{"", "-search"} {
		if made[suffix], err = os.ReadFile(file + suffix); err != nil { // whole: closing empties the write-ahead log
			return nil, err
		}
	}
	return made, nil
})

// migrate brings the database at an address to the newest version.
func migrate(url string) error {
	ctx := context.Background()
	db, err := store.Open(ctx, store.Config{URL: url, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	return errors.Join(db.Migrate(ctx), db.Close())
}

// fingerprint names the schema: it changes when a migration does.
var fingerprint = sync.OnceValue(func() string {
	sum := sha256.New()
	if err := fs.WalkDir(store.Migrations(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(store.Migrations(), path)
		sum.Write([]byte(path))
		sum.Write(text)
		return err
	}); err != nil {
		panic(err) // the files are part of the program
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
})

// Open opens a database and brings it to the newest version. What runs on it
// runs twice, as it may anywhere (store.DB.Update).
func Open(t testing.TB, url string) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), store.Config{URL: url, Log: Log(t), Rehearse: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close the database: %v", err)
		}
	})
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return db
}

// Databases runs a test on SQLite and on PostgreSQL, next to each other.
func Databases(t *testing.T, run func(*testing.T, *store.DB)) {
	t.Helper()
	for name, address := range Addresses {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, Open(t, address(t)))
		})
	}
}

// Worlds runs a test in a fresh world on each database.
func Worlds(t *testing.T, run func(*testing.T, *World)) {
	t.Helper()
	Databases(t, func(t *testing.T, db *store.DB) { run(t, NewWorld(t, db)) })
}
