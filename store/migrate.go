package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"testing/fstest"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// Migrations are the numbered steps of the schema, before the dialect's words
// are filled in.
func Migrations() fs.FS { return migrationFiles }

// ofIndex are migrations of the index of search, which on SQLite has a file of its own.
func ofIndex(name string) bool { return strings.Contains(name, "_search") }

// provider reads numbered migrations with the dialect's words filled in.
func (d dialect) provider(db *sql.DB, some func(name string) bool) (*goose.Provider, error) {
	files := fstest.MapFS{}
	names, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if !some(name) {
			continue
		}
		text, err := migrationFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		files[name[len("migrations/"):]] = &fstest.MapFile{Data: []byte(d.tokens.Replace(string(text)))}
	}
	return goose.NewProvider(d.goose, db, files, goose.WithDisableGlobalRegistry(true))
}

// Migrate brings the database to the newest version. It is safe to run from
// several nodes at once: the lock is the database's own.
func (db *DB) Migrate(ctx context.Context) error {
	conn, err := db.write.Conn(ctx)
	if err != nil {
		return classify(err)
	}
	defer conn.Close()
	if db.dialect.name == postgresDialect.name {
		// Held by the session for as long as the migration runs.
		if _, err := conn.ExecContext(ctx, "select pg_advisory_lock(7270707)"); err != nil {
			return classify(err)
		}
		defer conn.ExecContext(context.WithoutCancel(ctx), "select pg_advisory_unlock(7270707)") //nolint:errcheck // the session's end unlocks too
	}
	return db.providers(func(p *goose.Provider) error {
		if _, err := p.Up(ctx); err != nil {
			return fmt.Errorf("migrate the database: %w", err)
		}
		return nil
	})
}

// providers calls fn with what migrates the database, and on SQLite before that
// with what migrates the index.
func (db *DB) providers(fn func(*goose.Provider) error) error {
	some := func(string) bool { return true }
	if db.beside != nil {
		p, err := db.dialect.provider(db.beside, ofIndex)
		if err == nil {
			err = fn(p)
		}
		if err != nil {
			return err
		}
		some = func(name string) bool { return !ofIndex(name) }
	}
	p, err := db.dialect.provider(db.write, some)
	if err != nil {
		return err
	}
	return fn(p)
}

// Version returns the schema's version and the newest this program knows.
func (db *DB) Version(ctx context.Context) (have, want int64, err error) {
	err = db.providers(func(p *goose.Provider) error {
		was, missing := have, want-have
		list := p.ListSources()
		want = list[len(list)-1].Version
		if have, err = p.GetDBVersion(ctx); err != nil {
			return classify(err)
		}
		if missing > 0 && have == want {
			have = was // of the index
		}
		return nil
	})
	return have, want, err
}
