package store

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"

	"rapport"
)

func fileOf(db *DB) string {
	return strings.TrimPrefix(strings.Split(db.sources.writer, "?")[0], "file://")
}

func logSize(t *testing.T, db *DB) int64 {
	t.Helper()
	info, err := os.Stat(fileOf(db) + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

// must runs a statement.
func must(t *testing.T, s *session, text string, args ...any) {
	t.Helper()
	if _, err := s.exec(t.Context(), text, args...); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}

// killed tells what table t holds in a copy of the database's files as they are
// now: what a process finds that starts after this one was killed.
func killed(t *testing.T, db *DB) string {
	t.Helper()
	from := fileOf(db)
	to := filepath.Join(t.TempDir(), "copy.db")
	for _, suffix := range []string{"", "-wal"} {
		data, err := os.ReadFile(from + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to+suffix, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	l, err := openLite(t.Context(), strings.Replace(db.sources.writer, from, to, 1))
	if err != nil {
		t.Fatal(err)
	}
	defer l.close()
	return heldBy(t, l)
}

// heldBy describes the rows of table t, or says what is wrong with the file.
func heldBy(t *testing.T, l *lite) (found string) {
	t.Helper()
	s := &session{lite: l}
	if err := s.queryRow(t.Context(), "pragma integrity_check").Scan(&found); err != nil || found != "ok" {
		t.Fatal(found, err)
	}
	if err := s.queryRow(t.Context(), "select count(*) || ' rows, ' || sum(length(a)) || ' bytes, ' || sum(n) from t").Scan(&found); err != nil {
		t.Fatal(err)
	}
	return found
}

// The log is gathered and written in large pieces; what is committed is in the
// file when the commit ends, and what was undone is not, also where a
// transaction is larger than the cache, so that its pages are written and read
// again before its end. It runs beside no other test, because SQLite shares its
// caches between all databases of a process.
func TestTheLogIsInItsFileWhenACommitEnds(t *testing.T) {
	db, s := openBare(t)
	do := func(text string, args ...any) { t.Helper(); must(t, s, text, args...) }
	do("create table t (id integer primary key, a text, n int)")
	do("create index t_a on t (a, n)")
	change := func(round int) {
		t.Helper()
		for id := range 150 {
			do("insert into t (id, a, n) values ($1, $2, $3) on conflict (id) do update set a = excluded.a, n = excluded.n", int64(id), strings.Repeat(string(rune('a'+(id+round)%26)), 3000), int64(round))
		}
		do("update t set n = n + 1 where id % 7 = 0")
	}
	const large, small = "pragma cache_size = -16384", "pragma cache_size = 10"
	round := 0
	for _, cache := range []string{large, small} {
		do(cache)
		for n := range 3 {
			round++
			do("begin immediate")
			before := logSize(t, db)
			change(round)
			if early := logSize(t, db) > before; n == 0 && early != (cache == small) { // later ones fill the place of what was undone
				t.Fatalf("pages were written before the commit (%s): %v", cache, early)
			}
			do("commit")
			want := fmt.Sprintf("150 rows, 450000 bytes, %d", 150*round+22)
			if got := killed(t, db); got != want {
				t.Fatalf("after a commit (%s) the files hold %s, want %s", cache, got, want)
			}
			do("begin immediate")
			change(round + 100)
			do("rollback")
			if got := killed(t, db); got != want {
				t.Fatalf("after a rollback (%s) the files hold %s, want %s", cache, got, want)
			}
			if got := heldBy(t, s.lite); got != want {
				t.Fatalf("after a rollback (%s) the connection sees %s, want %s", cache, got, want)
			}
		}
	}
}

// bareTable is a session of a writer that keeps few pages in memory, and of
// another process. It is for tests that run beside no other.
func bareTable(t *testing.T) (db *DB, s, other *session) {
	t.Helper()
	db, s = openBare(t)
	other, err := db.openSession(t.Context(), forReading)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(other.close)
	must(t, other, "pragma query_only = 0")
	must(t, s, "create table t (id integer primary key, a text, n int unique)")
	must(t, s, "pragma cache_size = 10")
	must(t, other, "pragma cache_size = 10")
	return db, s, other
}

const insertT = "insert into t (id, a, n) values ($1, $2, $1)"

// What was gathered for a transaction that is undone is not written later, over
// what another process has committed meanwhile.
func TestWhatWasUndoneIsNotWritten(t *testing.T) {
	db, s, other := bareTable(t)
	must(t, s, insertT, int64(0), "first")
	if _, err := s.lite.checkpoint(); err != nil { // so that undoing reads nothing from the log
		t.Fatal(err)
	}
	must(t, s, "begin immediate")
	for id := range 30 {
		must(t, s, insertT, int64(100+id), strings.Repeat("z", 3000))
	}
	if s.lite.log.n == 0 {
		t.Fatal("nothing has been gathered")
	}
	if err := s.rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	must(t, other, "begin immediate")
	for id := range 60 {
		must(t, other, insertT, int64(1000+id), strings.Repeat("y", 3000))
	}
	must(t, other, "commit")
	must(t, s, "begin immediate")
	must(t, s, insertT, int64(1), "last!")
	must(t, s, "commit")
	want := fmt.Sprintf("62 rows, 180010 bytes, %d", 60*1000+59*30+1)
	for who, got := range map[string]string{"the writer": heldBy(t, s.lite), "the other": heldBy(t, other.lite), "the copy": killed(t, db)} {
		if got != want {
			t.Errorf("%s sees %s, want %s", who, got, want)
		}
	}
}

// A disk that is full for a moment, while pages are read that were to be
// written before, undoes all of the transaction and not just one statement.
func TestAFullDiskUndoesTheTransaction(t *testing.T) {
	db, s, _ := bareTable(t)
	for id := range 60 {
		must(t, s, insertT, int64(id), strings.Repeat("a", 3000))
	}
	want := heldBy(t, s.lite)
	real := s.lite.log.theirs.FxWrite
	must(t, s, "begin immediate")
	for id := range 40 {
		must(t, s, insertT, int64(100+id), strings.Repeat("b", 3000))
	}
	must(t, s, "savepoint f")
	if s.lite.log.n == 0 {
		t.Fatal("nothing has been gathered")
	}
	s.lite.log.theirs.FxWrite = function(noRoom)
	_, err := s.exec(t.Context(), "update t set n = n + 100000 where id >= 100 and id < 103")
	s.lite.log.theirs.FxWrite = real
	if rapport.KindOf(classify(err)) != rapport.Unavailable {
		t.Errorf("the update ended with %v", err)
	}
	if s.exec1(t.Context(), "rollback to savepoint f") == nil && s.exec1(t.Context(), "commit") == nil {
		t.Error("what is not on disk was committed")
	}
	_ = s.rollback(t.Context()) // SQLite has done it
	if got := heldBy(t, s.lite); got != want {
		t.Errorf("the writer sees %s, want %s", got, want)
	}
	if got := killed(t, db); got != want {
		t.Errorf("the files hold %s, want %s", got, want)
	}
}

func noRoom(_ *libc.TLS, _, _ uintptr, _ int32, _ int64) int32 { return sqlite3.SQLITE_FULL }

// Where there can be no log the connection is as SQLite makes it.
func TestADatabaseWithoutALog(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "plain.db")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := openLite(t.Context(), "file://"+file+"?_pragma=journal_mode(memory)")
	if err != nil {
		t.Fatal(err)
	}
	defer l.close()
	if err := l.ownLog(t.Context()); err != nil {
		t.Error(err)
	}
	if l.log != nil {
		t.Error("there is a log")
	}
	if _, err := l.exec(t.Context(), "create table t (id int)", nil); err != nil {
		t.Error(err)
	}
}

// While the database cannot be written to, all who wait are told so together,
// and not each after a wait of their own.
func TestAllWhoWaitAreToldTogether(t *testing.T) {
	t.Parallel()
	db, s := openBare(t)
	var failures lines
	db.log = slog.New(slog.NewTextHandler(&failures, nil))
	db.sources.writer = strings.Replace(db.sources.writer, "busy_timeout%2810000%29", "busy_timeout%28300%29", 1)
	for _, text := range []string{"create table head (id int, seq int, config int)", "insert into head values (1, 0, 0)", "begin immediate"} {
		must(t, s, text)
	}
	var wg sync.WaitGroup
	for range 12 {
		wg.Go(func() {
			if err := db.Update(t.Context(), func(*Tx) error { return nil }); rapport.KindOf(err) != rapport.Unavailable {
				t.Errorf("an update of what another process has locked ended with %v", err)
			}
		})
	}
	wg.Wait()
	if n := failures.Load(); n == 0 || n > 3 {
		t.Errorf("twelve who waited were told at %d times", n)
	}
}

// lines counts the lines of a log.
type lines struct{ atomic.Int64 }

func (l *lines) Write(p []byte) (int, error) {
	l.Add(1)
	return len(p), nil
}

// The log begins anew while the writer goes on writing, because its pages are
// moved beside the writer; not while somebody reads what was before.
func TestTheLogBeginsAnew(t *testing.T) {
	t.Parallel()
	db, err := Open(t.Context(), Config{URL: filepath.Join(t.TempDir(), "rapport.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	n := 0
	write := func() (pages int64) {
		t.Helper()
		n++
		err := db.Update(t.Context(), func(tx *Tx) error {
			if n == 1 {
				tx.LogLength(40)
			}
			pages = tx.LogPages()
			return tx.InsertContact(rapport.Contact{ID: rapport.ContactID(fmt.Sprintf("contact %06d", n)), Name: strings.Repeat("x", 2000), CreatedAt: tx.Now()})
		})
		if err != nil {
			t.Fatal(err)
		}
		return pages
	}
	anew := func(most int) bool {
		last := int64(0)
		for range most {
			pages := write()
			if pages < last {
				return true
			}
			last = pages
		}
		return false
	}
	for round := range 3 {
		if !anew(5000) {
			t.Fatalf("in round %d the log did not begin anew", round)
		}
	}
	err = db.View(t.Context(), func(tx *Tx) error {
		before, err := tx.count()
		if err != nil {
			return err
		}
		if anew(300) {
			t.Error("the log began anew while its pages were still being read")
		}
		if after, err := tx.count(); err != nil || after != before {
			t.Errorf("there were %d, and now there are %d (%v)", before, after, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if !anew(5000) {
		t.Error("the log did not begin anew after the reader had ended")
	}
	if err := db.View(t.Context(), func(tx *Tx) error {
		if there, err := tx.count(); err != nil || there != n+1 { // and the one that colleagues have
			t.Errorf("of %d there are %d (%v)", n+1, there, err)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func (tx *Tx) count() (n int, err error) {
	err = tx.queryRow("select count(*) from contact").Scan(&n)
	return n, err
}
