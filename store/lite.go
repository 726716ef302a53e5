package store

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// lite is a connection to SQLite by its C interface: database/sql and its driver
// would take a fifth of what a message costs (ADR 0011). It is used by one
// goroutine at a time, so SQLite takes no locks for it; only the keeper syncs the
// log's file beside the writer.
type lite struct {
	tls   *libc.TLS
	db    uintptr
	out   uintptr // where SQLite puts a pointer or a number
	stmts map[string]*liteStmt

	log *liteLog // the writer's only
}

// mostStmts is how many prepared statements a connection keeps: lists and
// searches have many texts.
const mostStmts = 512

// liteStmt is a prepared statement.
type liteStmt struct {
	handle  uintptr
	args    int // its placeholders
	columns int
	texts   uintptr // the texts among its arguments; SQLite reads them here while it runs
	room    int     // for them
	open    bool    // rows of it are being read
}

// mostTexts is how much room for texts a statement keeps that needs less.
const mostTexts = 64 << 10

// liteError is what SQLite says.
type liteError struct {
	code int
	text string
}

func (e *liteError) Error() string { return fmt.Sprintf("%s (%d)", e.text, e.code) }

// Code is the extended result code.
func (e *liteError) Code() int { return e.code }

// openLite opens the file that a data source names, with its pragmas.
func openLite(ctx context.Context, source string) (*lite, error) {
	u, err := url.Parse(source)
	if err != nil {
		return nil, err
	}
	name, err := libc.CString(u.Path)
	if err != nil {
		return nil, err
	}
	l := &lite{tls: libc.NewTLS(), stmts: map[string]*liteStmt{}}
	l.out = sqlite3.Xsqlite3_malloc64(l.tls, uint64(pointerSize))
	const flags = sqlite3.SQLITE_OPEN_READWRITE | sqlite3.SQLITE_OPEN_NOMUTEX // Open has made the file
	code := sqlite3.Xsqlite3_open_v2(l.tls, name, l.out, flags, 0)
	l.db = pointers(l.out, 1)[0]
	libc.Xfree(l.tls, name)
	if err := l.check(code); err != nil {
		l.close()
		return nil, err
	}
	sqlite3.Xsqlite3_extended_result_codes(l.tls, l.db, 1)
	if err := l.addMentions(); err != nil {
		l.close()
		return nil, err
	}
	for _, pragma := range u.Query()["_pragma"] {
		if _, err := l.exec(ctx, "pragma "+pragma, nil); err != nil {
			l.close()
			return nil, err
		}
	}
	return l, nil
}

// attach opens the file of the index of search beside the database. Its commits do
// not wait for the disk: what a failing power supply takes back of it is made again.
func (l *lite) attach(ctx context.Context, file string) error {
	if _, err := l.exec(ctx, "attach $1 as search", []any{file}); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	for _, pragma := range []string{"synchronous(normal)", "cache_size(-8192)"} {
		if _, err := l.exec(ctx, "pragma search."+pragma, nil); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	return nil
}

// spareMain refuses statements that would write to the database itself: only the
// writer does.
func (l *lite) spareMain() error {
	return l.check(sqlite3.Xsqlite3_set_authorizer(l.tls, l.db, function(refuseMain), 0))
}

func refuseMain(_ *libc.TLS, _ uintptr, action int32, _, _, schema, _ uintptr) int32 {
	switch action {
	case sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE:
		if libc.GoString(schema) == "main" {
			return sqlite3.SQLITE_DENY
		}
	}
	return sqlite3.SQLITE_OK
}

// addMentions adds the function mentions.
func (l *lite) addMentions() error {
	name, err := libc.CString("mentions")
	if err != nil {
		return err
	}
	defer libc.Xfree(l.tls, name)
	return l.check(sqlite3.Xsqlite3_create_function_v2(l.tls, l.db, name, 2, sqlite3.SQLITE_UTF8|sqlite3.SQLITE_DETERMINISTIC, 0, function(answerMentions), 0, 0, 0))
}

// answerMentions tells SQLite whether the first of two texts contains the second.
func answerMentions(tls *libc.TLS, answer uintptr, n int32, values uintptr) {
	list := pointers(values, int(n))
	var truth int32
	if containsFolded(valueText(tls, list[0]), valueText(tls, list[1])) {
		truth = 1
	}
	sqlite3.Xsqlite3_result_int(tls, answer, truth)
}

func valueText(tls *libc.TLS, value uintptr) string {
	text := sqlite3.Xsqlite3_value_text(tls, value)
	return goText(text, sqlite3.Xsqlite3_value_bytes(tls, value))
}

const pointerSize = int(unsafe.Sizeof(uintptr(0)))

// at is what stands at a place of SQLite's memory.
func at[T any](place uintptr) *T {
	var size T
	return (*T)(unsafe.Pointer(unsafe.SliceData(libc.GoBytes(place, int(unsafe.Sizeof(size))))))
}

// pointers are those that stand at a place of SQLite's memory.
func pointers(place uintptr, n int) []uintptr { return unsafe.Slice(at[uintptr](place), n) }

// function is how SQLite knows a function of ours that is no closure; called is one of its.
func function[F any](f F) uintptr { return *(*uintptr)(unsafe.Pointer(&f)) }

func called[F any](f uintptr) F { return *(*F)(unsafe.Pointer(&f)) }

// goText copies a text of SQLite's.
func goText(text uintptr, length int32) string {
	if text == 0 {
		return ""
	}
	return string(libc.GoBytes(text, int(length)))
}

func (l *lite) check(code int32) error {
	if code == sqlite3.SQLITE_OK {
		return nil
	}
	return &liteError{int(code), libc.GoString(sqlite3.Xsqlite3_errmsg(l.tls, l.db))}
}

// failed is the error of what ran until ctx ended, or until it failed.
func (l *lite) failed(ctx context.Context, code int32) error {
	if code == sqlite3.SQLITE_INTERRUPT && ctx.Err() != nil {
		return ctx.Err()
	}
	return l.check(code)
}

// interrupt ends what the connection is doing, from another goroutine.
func (l *lite) interrupt() {
	tls := libc.NewTLS() // the connection's is in use
	defer tls.Close()
	sqlite3.Xsqlite3_interrupt(tls, l.db)
}

func (l *lite) close() {
	for _, s := range l.stmts {
		l.finalize(s)
	}
	sqlite3.Xsqlite3_close_v2(l.tls, l.db)
	sqlite3.Xsqlite3_free(l.tls, l.out)
	l.log.free(l.tls)
	l.tls.Close()
}

func (l *lite) finalize(s *liteStmt) {
	sqlite3.Xsqlite3_finalize(l.tls, s.handle)
	sqlite3.Xsqlite3_free(l.tls, s.texts)
}

// forget closes the statements that nobody reads from just now.
func (l *lite) forget() {
	for text, s := range l.stmts {
		if !s.open {
			l.finalize(s)
			delete(l.stmts, text)
		}
	}
}

// prepare returns the prepared statement of a text.
func (l *lite) prepare(ctx context.Context, text string) (*liteStmt, error) {
	if s := l.stmts[text]; s != nil {
		if s.open {
			return nil, fmt.Errorf("a statement is run again while its rows are being read: %s", text)
		}
		return s, nil
	}
	if len(l.stmts) >= mostStmts {
		l.forget()
	}
	ctext, err := libc.CString(numbered(text))
	if err != nil {
		return nil, err
	}
	defer libc.Xfree(l.tls, ctext)
	if err := l.failed(ctx, sqlite3.Xsqlite3_prepare_v3(l.tls, l.db, ctext, -1, sqlite3.SQLITE_PREPARE_PERSISTENT, l.out, 0)); err != nil {
		return nil, err
	}
	s := &liteStmt{handle: pointers(l.out, 1)[0]}
	s.args = int(sqlite3.Xsqlite3_bind_parameter_count(l.tls, s.handle))
	s.columns = int(sqlite3.Xsqlite3_column_count(l.tls, s.handle))
	l.stmts[text] = s
	return s, nil
}

// numbered writes the placeholders of a statement so that SQLite, too, takes
// them by their numbers: ?1 for $1, which to it is a name.
func numbered(text string) string {
	var b strings.Builder
	quoted := false
	for i := range len(text) {
		c := text[i]
		quoted = quoted != (c == '\'')
		if c == '$' && !quoted {
			c = '?'
		}
		b.WriteByte(c)
	}
	return b.String()
}

// bound returns a statement with its arguments in place.
func (l *lite) bound(ctx context.Context, text string, args []any) (*liteStmt, error) {
	s, err := l.prepare(ctx, text)
	if err != nil {
		return nil, err
	}
	if s.args > len(args) {
		return nil, fmt.Errorf("argument $%d is missing", len(args)+1)
	}
	args = args[:s.args]
	if err := l.makeRoom(s, args); err != nil {
		return nil, err
	}
	texts := libc.GoBytes(s.texts, s.room)[:0]
	for i, a := range args {
		n, code, at := int32(i+1), int32(0), s.texts+uintptr(len(texts))
		switch v := a.(type) {
		case string:
			texts = append(texts, v...)
			code = sqlite3.Xsqlite3_bind_text(l.tls, s.handle, n, at, int32(len(v)), sqlite3.SQLITE_STATIC)
		case int64:
			code = sqlite3.Xsqlite3_bind_int64(l.tls, s.handle, n, v)
		case nil:
			code = sqlite3.Xsqlite3_bind_null(l.tls, s.handle, n)
		case []byte:
			texts = append(texts, v...)
			code = sqlite3.Xsqlite3_bind_blob(l.tls, s.handle, n, at, int32(len(v)), sqlite3.SQLITE_STATIC)
		case float64:
			code = sqlite3.Xsqlite3_bind_double(l.tls, s.handle, n, v)
		default:
			return nil, fmt.Errorf("argument $%d is a %T, which cannot be stored", n, a)
		}
		if err := l.check(code); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// makeRoom makes room for the texts among a statement's arguments, which stand
// there one after the other.
func (l *lite) makeRoom(s *liteStmt, args []any) error {
	need := 1 // the place of an empty text is one, too
	for _, a := range args {
		switch v := a.(type) {
		case string:
			need += len(v)
		case []byte:
			need += len(v)
		}
	}
	if need <= s.room && s.room <= mostTexts {
		return nil
	}
	at := sqlite3.Xsqlite3_realloc64(l.tls, s.texts, uint64(need))
	if at == 0 {
		return l.check(sqlite3.SQLITE_NOMEM)
	}
	s.texts, s.room = at, need
	return nil
}

func (l *lite) exec(ctx context.Context, text string, args []any) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	s, err := l.bound(ctx, text, args)
	if err != nil {
		return 0, err
	}
	code := int32(sqlite3.SQLITE_ROW)
	for code == sqlite3.SQLITE_ROW {
		code = sqlite3.Xsqlite3_step(l.tls, s.handle)
	}
	if code != sqlite3.SQLITE_DONE {
		err = l.failed(ctx, code)
	}
	sqlite3.Xsqlite3_reset(l.tls, s.handle) // says what is known
	return sqlite3.Xsqlite3_changes64(l.tls, l.db), err
}

func (l *lite) query(ctx context.Context, text string, args []any) (*liteRows, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s, err := l.bound(ctx, text, args)
	if err != nil {
		return nil, err
	}
	s.open = true
	return &liteRows{ctx: ctx, lite: l, stmt: s}, nil
}

// liteRows reads as *sql.Rows does.
type liteRows struct {
	ctx     context.Context
	session *session
	lite    *lite
	stmt    *liteStmt // nil when closed
	err     error
}

func (r *liteRows) Next() bool {
	if r.stmt == nil {
		return false
	}
	code := sqlite3.Xsqlite3_step(r.lite.tls, r.stmt.handle)
	if code == sqlite3.SQLITE_ROW {
		return true
	}
	if code != sqlite3.SQLITE_DONE {
		r.err = r.session.noted(r.lite.failed(r.ctx, code))
	}
	_ = r.Close() // keeps its error
	return false
}

func (r *liteRows) Err() error { return r.err }

func (r *liteRows) Close() error {
	if r.stmt != nil {
		sqlite3.Xsqlite3_reset(r.lite.tls, r.stmt.handle) // says what Next has said
		r.stmt.open = false
		r.stmt = nil
	}
	return r.err
}

func (r *liteRows) Scan(dest ...any) error {
	if r.stmt == nil {
		return sql.ErrNoRows
	}
	if len(dest) != r.stmt.columns {
		return fmt.Errorf("%d columns are scanned into %d places", r.stmt.columns, len(dest))
	}
	for i, d := range dest {
		if err := r.scan(int32(i), d); err != nil {
			return fmt.Errorf("column %d: %w", i+1, err)
		}
	}
	return nil
}

// scan reads a column of the row.
func (r *liteRows) scan(column int32, dest any) error {
	tls, handle := r.lite.tls, r.stmt.handle
	var v any
	switch sqlite3.Xsqlite3_column_type(tls, handle, column) {
	case sqlite3.SQLITE_TEXT:
		text := sqlite3.Xsqlite3_column_text(tls, handle, column)
		return setText(dest, goText(text, sqlite3.Xsqlite3_column_bytes(tls, handle, column)))
	case sqlite3.SQLITE_INTEGER:
		return setNumber(dest, sqlite3.Xsqlite3_column_int64(tls, handle, column))
	case sqlite3.SQLITE_FLOAT:
		v = sqlite3.Xsqlite3_column_double(tls, handle, column)
	case sqlite3.SQLITE_BLOB:
		blob := sqlite3.Xsqlite3_column_blob(tls, handle, column)
		v = []byte(goText(blob, sqlite3.Xsqlite3_column_bytes(tls, handle, column)))
	}
	if s, ok := dest.(sql.Scanner); ok {
		return s.Scan(v)
	}
	return cannotScan(dest, v)
}

// setText scans a text.
func setText(dest any, v string) error {
	switch d := dest.(type) {
	case *string:
		*d = v
	case sql.Scanner:
		return d.Scan(v)
	default:
		p := reflect.ValueOf(dest)
		if p.Kind() != reflect.Pointer || p.Elem().Kind() != reflect.String {
			return cannotScan(dest, v)
		}
		p.Elem().SetString(v)
	}
	return nil
}

// setNumber scans a whole number, which also stands for truth and time.
func setNumber(dest any, v int64) error {
	switch d := dest.(type) {
	case *int:
		*d = int(v)
	case *int64:
		*d = v
	case *bool:
		*d = v != 0
	case *string:
		*d = strconv.FormatInt(v, 10)
	case sql.Scanner:
		return d.Scan(v)
	default:
		return cannotScan(dest, v)
	}
	return nil
}

func cannotScan(dest, v any) error { return fmt.Errorf("a %T cannot be scanned into a %T", v, dest) }
