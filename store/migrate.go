package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"testing/fstest"

	"github.com/pressly/goose/v3"

	"rapport"
	"rapport/lib/owner"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// Migrations are the numbered steps of the schema, before the dialect's words
// are filled in.
func Migrations() fs.FS { return migrationFiles }

// ofIndex are the migrations of the index of search, which on SQLite has a file of its own.
var ofIndex = []string{"0011_search.sql", "0020_search_cursor.sql"}

// provider reads numbered migrations with the dialect's words filled in.
func (d dialect) provider(db *sql.DB, some func(file string) bool) (*goose.Provider, error) {
	files := fstest.MapFS{}
	names, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if !some(name[len("migrations/"):]) {
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
// several nodes at once: the lock is the database's own. A database of a newer
// program is left as it is, with an error.
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
	if err := db.refuseNewer(ctx); err != nil {
		return err
	}
	if db.beside != nil {
		if err := db.migrateIndex(ctx); err != nil {
			return err
		}
	}
	provider, err := db.provider()
	if err != nil {
		return err
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	return nil
}

// refuseNewer fails on a database of a newer program: ours would write what that one
// does not expect.
func (db *DB) refuseNewer(ctx context.Context) error {
	have, want, err := db.Version(ctx)
	if err == nil && have > want {
		err = fmt.Errorf("the database has version %d, and this program knows %d at the most: use the newer program, or restore the backup that was made before the update", have, want)
	}
	return err
}

// provider is what migrates the database: on SQLite all but the index.
func (db *DB) provider() (*goose.Provider, error) {
	return db.dialect.provider(db.write, func(file string) bool { return db.beside == nil || !slices.Contains(ofIndex, file) })
}

// migrateIndex makes SQLite's file with the index, or brings it to the newest version. One
// that is damaged is put aside: all in it is made again.
func (db *DB) migrateIndex(ctx context.Context) error {
	file := db.sources.indexFile
	if err := private(file); err != nil {
		return fmt.Errorf("make the index of search: %w; %s", err, owner.Of(file))
	}
	up := func() error {
		provider, err := db.dialect.provider(db.beside, func(file string) bool { return slices.Contains(ofIndex, file) })
		if err == nil {
			_, err = provider.Up(ctx)
		}
		return err
	}
	err := up()
	if err == nil {
		return nil
	}
	if ctx.Err() == nil && rapport.KindOf(classify(err)) != rapport.Unavailable {
		db.log.Warn("the index of search is damaged; it is made again", "error", err, "kept", file+".damaged")
		if err = db.putAside(file); err == nil {
			err = up()
		}
	}
	if err != nil {
		return fmt.Errorf("make the index of search, %s: %w", file, err)
	}
	return nil
}

func (db *DB) putAside(file string) (err error) {
	if err := db.beside.Close(); err != nil {
		return err
	}
	if err := os.Rename(file, file+".damaged"); err != nil {
		return err
	}
	for _, more := range []string{"-wal", "-shm"} {
		if err := os.Remove(file + more); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := private(file); err != nil {
		return err
	}
	db.beside, err = sql.Open(db.dialect.driver, db.sources.index)
	return err
}

// Version returns the schema's version and the newest this program knows.
func (db *DB) Version(ctx context.Context) (have, want int64, err error) {
	provider, err := db.provider()
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
