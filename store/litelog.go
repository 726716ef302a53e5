package store

import (
	"context"
	"errors"
	"sync"
	"time"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// liteLog is the log of SQLite (its -wal file) as the writer's connection sees it.
//
// SQLite writes a page to it in two small pieces, and hundreds of pages in a
// commit. Here they are gathered and written at once, at the latest before SQLite
// has them synced: nobody else looks at them before that.
type liteLog struct {
	pages   uintptr // where SQLite says how many there are after a commit
	methods uintptr // the file's, of which some are ours

	file   uintptr
	theirs sqlite3.Tsqlite3_io_methods
	buffer uintptr
	start  int64 // where in the file the buffer's first byte belongs
	n      int

	later bool // the keeper syncs what is being committed
	asked bool // SQLite wanted that
}

// logHeader is how many bytes stand in the log before its pages.
const logHeader = 32

// mostGathered is how many bytes are written at once: SQLite can write no more.
const mostGathered = 1<<17 - 1

// liteLogs finds a log by the methods of its file.
var liteLogs sync.Map

// ownLog has the connection's log written as described above. SQLite no longer
// moves the log's pages to the database file by itself then. Where the file
// system allows no log, everything stays as it is.
func (l *lite) ownLog(ctx context.Context) error {
	var mode string
	s := &session{lite: l}
	if err := s.queryRow(ctx, "select journal_mode from pragma_journal_mode, (select count(*) from sqlite_master)").Scan(&mode); err != nil || mode != "wal" {
		return err
	}
	file, err := l.file(sqlite3.SQLITE_FCNTL_JOURNAL_POINTER)
	if err != nil {
		return err
	}
	if at[sqlite3.Tsqlite3_file](file).FpMethods == 0 {
		return errors.New("the log of the database is not open")
	}
	g := &liteLog{file: file, theirs: *methodsOf(file)}
	l.log = g
	g.pages = sqlite3.Xsqlite3_malloc64(l.tls, uint64(pointerSize))
	g.methods = sqlite3.Xsqlite3_malloc64(l.tls, uint64(unsafe.Sizeof(g.theirs)))
	g.buffer = sqlite3.Xsqlite3_malloc64(l.tls, mostGathered)
	if g.pages == 0 || g.methods == 0 || g.buffer == 0 {
		return l.check(sqlite3.SQLITE_NOMEM)
	}
	pointers(g.pages, 1)[0] = 0
	sqlite3.Xsqlite3_wal_hook(l.tls, l.db, function(noteLogLength), g.pages)
	*at[sqlite3.Tsqlite3_io_methods](g.methods) = g.theirs
	ours := at[sqlite3.Tsqlite3_io_methods](g.methods)
	ours.FxWrite = function(logWrite)
	ours.FxRead = function(logRead)
	ours.FxTruncate = function(logTruncate)
	ours.FxSync = function(logSync)
	ours.FxFileSize = function(logFileSize)
	ours.FxClose = function(logClose)
	liteLogs.Store(g.methods, g)
	at[sqlite3.Tsqlite3_file](file).FpMethods = g.methods
	return l.settle(ctx)
}

// settle moves all of the log to the database file: what a process left that was
// killed is on disk before anything is added to it. It waits for whoever moves pages
// just now; SQLite would not.
func (l *lite) settle(ctx context.Context) error {
	for deadline := time.Now().Add(10 * time.Second); ; { // as long as for other locks
		_, err := l.checkpoint()
		lite, ok := errors.AsType[*liteError](err)
		if !ok || lite.code&0xff != sqlite3.SQLITE_BUSY || time.Now().After(deadline) {
			return err
		}
		select {
		case <-time.After(time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// file is one of the connection's: its database, or its log.
func (l *lite) file(which int32) (uintptr, error) {
	name, err := libc.CString("main")
	if err != nil {
		return 0, err
	}
	defer libc.Xfree(l.tls, name)
	code := sqlite3.Xsqlite3_file_control(l.tls, l.db, name, which, l.out)
	return pointers(l.out, 1)[0], l.check(code)
}

// length is how many pages the log had after the last commit.
func (g *liteLog) length() int64 { return int64(pointers(g.pages, 1)[0]) }

func (g *liteLog) free(tls *libc.TLS) {
	if g == nil {
		return
	}
	liteLogs.Delete(g.methods)
	for _, p := range []uintptr{g.pages, g.methods, g.buffer} {
		sqlite3.Xsqlite3_free(tls, p)
	}
}

// checkpoint moves pages from the log to the database file, as far as nobody is
// in the way, and returns how many of them have been moved by now.
func (l *lite) checkpoint() (moved int, err error) {
	code := sqlite3.Xsqlite3_wal_checkpoint_v2(l.tls, l.db, 0, sqlite3.SQLITE_CHECKPOINT_PASSIVE, 0, l.out)
	return int(*at[int32](l.out)), l.check(code)
}

// sync waits until the database file is on disk.
func (l *lite) sync() error {
	file, err := l.file(sqlite3.SQLITE_FCNTL_FILE_POINTER)
	if err != nil {
		return err
	}
	return l.check(called[func(*libc.TLS, uintptr, int32) int32](methodsOf(file).FxSync)(l.tls, file, sqlite3.SQLITE_SYNC_NORMAL))
}

func methodsOf(file uintptr) *sqlite3.Tsqlite3_io_methods {
	return at[sqlite3.Tsqlite3_io_methods](at[sqlite3.Tsqlite3_file](file).FpMethods)
}

func noteLogLength(_ *libc.TLS, pages, _, _ uintptr, n int32) int32 {
	pointers(pages, 1)[0] = uintptr(n)
	return sqlite3.SQLITE_OK
}

// logOf is the log whose file SQLite speaks of.
func logOf(file uintptr) *liteLog {
	g, _ := liteLogs.Load(at[sqlite3.Tsqlite3_file](file).FpMethods)
	return g.(*liteLog)
}

func logWrite(tls *libc.TLS, file, from uintptr, n int32, offset int64) int32 {
	g := logOf(file)
	if g.n > 0 && (offset != g.start+int64(g.n) || g.n+int(n) > mostGathered) {
		if code := g.flush(tls, file); code != sqlite3.SQLITE_OK {
			return code
		}
	}
	if n > mostGathered {
		return g.write(tls, file, from, n, offset)
	}
	if g.n == 0 {
		g.start = offset
	}
	copy(libc.GoBytes(g.buffer+uintptr(g.n), int(n)), libc.GoBytes(from, int(n)))
	g.n += int(n)
	return sqlite3.SQLITE_OK
}

// flush writes what has been gathered, and keeps what cannot be written: SQLite
// thinks it is in the file. A transaction that is undone drops it (drop).
func (g *liteLog) flush(tls *libc.TLS, file uintptr) int32 {
	if g.n == 0 {
		return sqlite3.SQLITE_OK
	}
	code := g.write(tls, file, g.buffer, int32(g.n), g.start)
	if code == sqlite3.SQLITE_OK {
		g.n = 0
	}
	return code
}

// flushFor is flush before something that is no writing. When that fails SQLite
// must undo all of the transaction: a full disk would only be the statement's failure.
func (g *liteLog) flushFor(tls *libc.TLS, file uintptr) int32 {
	if code := g.flush(tls, file); code != sqlite3.SQLITE_OK {
		return sqlite3.SQLITE_IOERR_WRITE
	}
	return sqlite3.SQLITE_OK
}

// drop forgets what has been gathered for a transaction that was undone: by now
// its place in the file may be another process's.
func (g *liteLog) drop() {
	if g != nil {
		g.n = 0
	}
}

func (g *liteLog) write(tls *libc.TLS, file, from uintptr, n int32, offset int64) int32 {
	return called[func(*libc.TLS, uintptr, uintptr, int32, int64) int32](g.theirs.FxWrite)(tls, file, from, n, offset)
}

func logRead(tls *libc.TLS, file, to uintptr, n int32, offset int64) int32 {
	g := logOf(file)
	if code := g.flushFor(tls, file); code != sqlite3.SQLITE_OK {
		return code
	}
	return called[func(*libc.TLS, uintptr, uintptr, int32, int64) int32](g.theirs.FxRead)(tls, file, to, n, offset)
}

func logTruncate(tls *libc.TLS, file uintptr, size int64) int32 {
	g := logOf(file)
	if code := g.flushFor(tls, file); code != sqlite3.SQLITE_OK {
		return code
	}
	return called[func(*libc.TLS, uintptr, int64) int32](g.theirs.FxTruncate)(tls, file, size)
}

func logSync(tls *libc.TLS, file uintptr, flags int32) int32 {
	g := logOf(file)
	header := g.n > 0 && g.start == 0 && g.n <= logHeader // must be there before any page is
	if code := g.flush(tls, file); code != sqlite3.SQLITE_OK {
		return code
	}
	if g.later && !header {
		g.asked = true
		return sqlite3.SQLITE_OK
	}
	return called[func(*libc.TLS, uintptr, int32) int32](g.theirs.FxSync)(tls, file, flags)
}

func logFileSize(tls *libc.TLS, file, size uintptr) int32 {
	g := logOf(file)
	if code := g.flushFor(tls, file); code != sqlite3.SQLITE_OK {
		return code
	}
	return called[func(*libc.TLS, uintptr, uintptr) int32](g.theirs.FxFileSize)(tls, file, size)
}

func logClose(tls *libc.TLS, file uintptr) int32 {
	g := logOf(file) // what it still holds belongs to no transaction that was committed
	return called[func(*libc.TLS, uintptr) int32](g.theirs.FxClose)(tls, file)
}
