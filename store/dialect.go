package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // driver "sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"rapport"
)

// dialect is all that differs between the two databases.
type dialect struct {
	name      string
	driver    string
	goose     goose.Dialect
	begin     string // opens a write transaction
	lock      string // takes the writer's lock and reads the head
	lockIndex string // takes the lock of the index
	snapshot  string // opens a read transaction
	tables    string // names of the tables
	columns   string // names of those of the table $1
	mentions  string // a column, and what it is asked for
	tokens    *strings.Replacer
	readers   int

	longBatch time.Duration // after so long nothing joins a commit any more
}

var sqliteDialect = dialect{
	name: "sqlite", driver: "sqlite", goose: goose.DialectSQLite3,
	begin:     "begin immediate",
	snapshot:  "begin",
	lock:      "select seq, config from head where id = 1",
	lockIndex: "delete from search_cursor where id = 0", // there is none: it takes the lock of that file only
	tables:    "select name from sqlite_master where type = 'table' order by name",
	columns:   "select name from pragma_table_info($1)",
	mentions:  "mentions(%s, %s)",
	tokens: strings.NewReplacer(append(fulltext(`create virtual table %s using fts5(terms, content='', contentless_delete=1, detail=none, tokenize="ascii tokenchars '_+-'");`),
		"{{id}}", "text", "{{seq}}", "integer", "{{clustered}}", " without rowid", "{{sqlite}}", "", "{{postgres}}", "--")...),
	readers:   max(4, runtime.NumCPU()),
	longBatch: 10 * time.Millisecond,
}

var postgresDialect = dialect{
	name: "postgres", driver: "pgx", goose: goose.DialectPostgres,
	begin:     "begin",
	snapshot:  "begin isolation level repeatable read, read only",
	lock:      "select seq, config from head where id = 1 for update",
	lockIndex: "select pg_advisory_xact_lock(7270708)",
	tables:    "select table_name::text from information_schema.tables where table_schema = current_schema() order by table_name",
	columns:   "select column_name::text from information_schema.columns where table_schema = current_schema() and table_name = $1",
	mentions:  `strpos(lower(%s collate "und-x-icu"), lower(%s collate "und-x-icu")) > 0`,
	tokens: strings.NewReplacer(append(fulltext(`create table %[1]s (rowid bigint primary key, terms tsvector not null); `+termsIndex+";"),
		"{{id}}", `text collate "C"`, "{{seq}}", "bigint", "{{clustered}}", "", "{{sqlite}}", "--", "{{postgres}}", "")...),
	readers:   16,
	longBatch: 30 * time.Millisecond, // a commit costs round trips besides
}

// containsFolded is what SQLite's function mentions does: its own lower and like
// know of no letters but ASCII's.
func containsFolded(text, piece string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(piece))
}

// mentioning asks whether one of the columns contains a text, however both are
// capitalized.
func (d *dialect) mentioning(text string, columns ...string) string {
	each := make([]string, len(columns))
	for i, column := range columns {
		each[i] = fmt.Sprintf(d.mentions, column, text)
	}
	return "(" + strings.Join(each, " or ") + ")"
}

// fold sees to it that PostgreSQL can fold letters. It knows those of all languages
// whatever the locale of the database, unless it was built without ICU: then the
// locale counts.
func (d *dialect) fold(ctx context.Context, db *sql.DB) error {
	var there bool
	err := db.QueryRowContext(ctx, "select exists (select 1 from pg_collation where collname = 'und-x-icu')").Scan(&there)
	if !there {
		d.mentions = strings.ReplaceAll(d.mentions, "und-x-icu", "default")
	}
	return err
}

// termsIndex is the index of a table of terms. New terms wait in a list that every
// search reads; so it is kept short.
const termsIndex = "create index %[1]s_terms on %[1]s using gin (terms) with (gin_pending_list_limit = 256)"

// fulltext are the tokens of migrations that make the indexes of search.
func fulltext(text string) (tokens []string) {
	for _, index := range []SearchIndex{InMessages, InConversations, InContacts} {
		tokens = append(tokens, "{{fulltext "+string(index)+"}}", fmt.Sprintf(text, string(index)))
	}
	return tokens
}

// sources are the data source names of the writer, of the readers, and on SQLite of
// who writes to the index of search; the file of that index with its own; and the
// database's file.
type sources struct{ writer, reader, indexer, indexFile, index, file string }

// sourcesOf turns the configured database URL into the dialect and the sources.
func sourcesOf(database string) (d dialect, s sources, err error) {
	if strings.HasPrefix(database, "postgres://") || strings.HasPrefix(database, "postgresql://") {
		u, err := url.Parse(database)
		if err != nil {
			return d, s, rapport.Invalidf("database", "The database URL cannot be read; it should look like postgres://user:password@host/name.")
		}
		q := u.Query()
		// A writer that stalls with the lock in hand would stop every node.
		q.Set("idle_in_transaction_session_timeout", "10s")
		q.Set("application_name", "rapport")
		q.Set("jit", "off")
		// The writer's statements are few and each has one good plan, by an index.
		// Planned while a table was empty it would be to read all of it, and would
		// stay that while the table grew.
		q.Set("plan_cache_mode", "force_generic_plan")
		q.Set("enable_seqscan", "off")
		u.RawQuery = q.Encode()
		s.writer = u.String()
		q.Del("plan_cache_mode")
		q.Del("enable_seqscan")
		q.Set("default_transaction_read_only", "on")
		u.RawQuery = q.Encode()
		s.reader = u.String()
		return postgresDialect, s, nil
	}
	path, err := filepath.Abs(strings.TrimPrefix(database, "sqlite://"))
	if err != nil {
		return d, s, err
	}
	dsn := func(path string, pragmas ...string) string {
		q := url.Values{}
		for _, p := range append([]string{"busy_timeout(10000)", "journal_mode(wal)", "synchronous(full)", "foreign_keys(1)", "temp_store(memory)"}, pragmas...) {
			q.Add("_pragma", p)
		}
		return (&url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}).String()
	}
	mapped := "mmap_size(2147418112)" // the most that SQLite maps
	if pointerSize < 8 {
		mapped = "mmap_size(268435456)"
	}
	// What readers map of the file would count as memory of a process that has nothing to do.
	const small = "cache_size(-8192)"
	file := path + "-search"
	return sqliteDialect, sources{dsn(path, "cache_size(-16384)", mapped), dsn(path, small, "query_only(1)"), dsn(path, small, mapped), file, dsn(file), path}, nil
}

// classify turns a driver's error into one of our kinds, by code.
func classify(err error) error {
	if err == nil || errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if lite, ok := errors.AsType[interface {
		error
		Code() int
	}](err); ok { // ours, or that of SQLite's driver in a migration
		switch lite.Code() {
		case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
			return duplicate(err)
		}
		switch lite.Code() & 0xff {
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN:
			return unavailable(err)
		}
	}
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch {
		case pg.Code == "23505":
			return duplicate(err)
		case pg.Code == "22021": // PostgreSQL keeps no zero byte and nothing but UTF-8
			return &rapport.Error{Kind: rapport.Invalid, Code: "invalid", Message: "The text holds a character that cannot be stored.", Cause: err}
		case strings.HasPrefix(pg.Code, "08"), strings.HasPrefix(pg.Code, "40"), strings.HasPrefix(pg.Code, "53"), strings.HasPrefix(pg.Code, "57"), pg.Code == "25P03":
			return unavailable(err)
		}
	}
	if _, away := errors.AsType[*pgconn.ConnectError](err); away {
		return unavailable(err)
	}
	if _, cut := errors.AsType[*net.OpError](err); cut { // such as a connection that timed out
		return unavailable(err)
	}
	if pgconn.SafeToRetry(err) || pgconn.Timeout(err) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) {
		return unavailable(err)
	}
	return err
}

func duplicate(err error) error {
	return &rapport.Error{Kind: rapport.Conflict, Code: "duplicate", Message: "This exists already.", Cause: err}
}

func unavailable(err error) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	return &rapport.Error{Kind: rapport.Unavailable, Code: "database_unavailable", Message: "The database cannot be reached right now; try again in a moment.", Cause: err}
}
