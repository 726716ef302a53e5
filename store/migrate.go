package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"testing/fstest"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// Migrations are the numbered steps of the schema, before the dialect's words
// are filled in.
func Migrations() fs.FS { return migrationFiles }

// provider reads the numbered migrations with the dialect's words filled in.
func (d dialect) provider(db *sql.DB) (*goose.Provider, error) {
	files := fstest.MapFS{}
	names, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
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
	provider, err := db.dialect.provider(db.write)
	if err != nil {
		return err
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	return nil
}

// Version returns the schema's version and the newest this program knows.
func (db *DB) Version(ctx context.Context) (have, want int64, err error) {
	provider, err := db.dialect.provider(db.write)
	if err != nil {
		return 0, 0, err
	}
	have, err = provider.GetDBVersion(ctx)
	if err != nil {
		return 0, 0, classify(err)
	}
	sources := provider.ListSources()
	return have, sources[len(sources)-1].Version, nil
}
