package rapporttest

import (
	"log/slog"
	"path/filepath"
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
	return Open(t, filepath.Join(t.TempDir(), "rapport.db"))
}

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
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		run(t, SQLite(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		run(t, Open(t, pg.URL(t)))
	})
}

// Worlds runs a test in a fresh world on each database.
func Worlds(t *testing.T, run func(*testing.T, *World)) {
	t.Helper()
	Databases(t, func(t *testing.T, db *store.DB) { run(t, NewWorld(t, db)) })
}
