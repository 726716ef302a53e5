package store

import (
	"context"
	"errors"
	"path/filepath"
	"runtime"
	"testing"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"

	"rapport"
)

// syncs stand in the place of the one of SQLite's log; functions of SQLite are no closures.
var syncs struct {
	begun chan struct{}
	end   chan int32
}

func slowSync(*libc.TLS, uintptr, int32) int32 {
	syncs.begun <- struct{}{}
	return <-syncs.end
}

// slowDisk is a database whose next commits wait until the test lets them be on
// disk, or not.
func slowDisk(t *testing.T) *DB {
	t.Helper()
	db, err := Open(t.Context(), Config{URL: filepath.Join(t.TempDir(), "rapport.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	syncs.begun, syncs.end = make(chan struct{}, 100), make(chan int32, 100)
	var log *liteLog
	if err := db.Update(t.Context(), func(tx *Tx) error {
		log = tx.writer.conn.lite.log
		return tx.Do("create table t (n int)")
	}); err != nil {
		t.Fatal(err)
	}
	log.theirs.FxSync = function(slowSync)
	return db
}

// counted is how many rows a view sees; it gives up once it has seen them.
func counted(t *testing.T, db *DB) (n int, err error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	err = db.View(ctx, func(tx *Tx) error {
		defer cancel()
		return tx.queryRow("select count(*) from t").Scan(&n)
	})
	return n, err
}

// Nobody hears of a commit before it is on disk: not its caller, not who follows
// the log, not who reads. Meanwhile the writer goes on, and one sync is enough for
// all that was committed before it.
func TestNobodyHearsOfACommitBeforeItIsOnDisk(t *testing.T) {
	db := slowDisk(t)
	tail := db.Follow(0)
	defer tail.Close()
	tail.buffer, tail.overrun = nil, false
	add := func() chan error {
		done := make(chan error, 1)
		go func() {
			done <- db.Update(t.Context(), func(tx *Tx) error {
				if err := tx.Append(rapport.Event{Kind: "test"}, rapport.Change{}); err != nil {
					return err
				}
				return tx.Do("insert into t (n) values (1)")
			})
		}()
		return done
	}
	first := add()
	<-syncs.begun
	second := add()
	for len(db.keeper.queue) < 1 { // the writer does not wait
		runtime.Gosched()
	}
	third := add()
	for len(db.keeper.queue) < 2 {
		runtime.Gosched()
	}
	n, err := counted(t, db)
	if n != 3 || !errors.Is(err, context.Canceled) {
		t.Errorf("a view saw %d rows and ended with %v; it should wait for the disk", n, err)
	}
	for name, done := range map[string]chan error{"first": first, "second": second, "third": third} {
		select {
		case err := <-done:
			t.Errorf("the caller of the %s was told %v before it was on disk", name, err)
		default:
		}
	}
	tail.mu.Lock()
	told := len(tail.buffer)
	tail.mu.Unlock()
	if told != 0 {
		t.Errorf("%d events were told before they were on disk", told)
	}
	syncs.end <- sqlite3.SQLITE_OK
	if err := <-first; err != nil {
		t.Error(err)
	}
	<-syncs.begun
	syncs.end <- sqlite3.SQLITE_OK
	for _, done := range []chan error{second, third} {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if len(syncs.begun) > 0 {
		t.Error("the second and the third were synced one by one")
	}
	events, err := tail.Next(t.Context())
	if err != nil || len(events) == 0 || events[0].Seq != 1 {
		t.Errorf("who follows the log hears %v, %v", events, err)
	}
	close(syncs.end) // and all others at once
}

// When the disk does not keep what was written, the callers are told, and nothing
// is written or shown any more: a later sync that succeeds would say nothing.
func TestADiskThatDoesNotKeepEndsAllWriting(t *testing.T) {
	db := slowDisk(t)
	syncs.end <- sqlite3.SQLITE_IOERR_FSYNC
	close(syncs.end) // later ones succeed
	insert := func(tx *Tx) error { return tx.Do("insert into t (n) values (1)") }
	if err := db.Update(t.Context(), insert); rapport.KindOf(err) != rapport.Unavailable {
		t.Errorf("the caller was told %v", err)
	}
	<-db.Lost()
	if err := db.Update(t.Context(), insert); rapport.KindOf(err) != rapport.Unavailable {
		t.Errorf("the next one was told %v", err)
	}
	if _, err := counted(t, db); rapport.KindOf(err) != rapport.Unavailable {
		t.Errorf("a view ended with %v", err)
	}
}

// Whoever waits for the disk while it fails is told, and Close returns.
func TestWhoWaitsForADiskThatFailsIsTold(t *testing.T) {
	db := slowDisk(t)
	told := make(chan error, 2)
	go func() {
		told <- db.Update(t.Context(), func(tx *Tx) error { return tx.Do("insert into t (n) values (1)") })
	}()
	<-syncs.begun
	waits := make(chan struct{})
	go func() {
		told <- db.View(t.Context(), func(*Tx) error {
			close(waits)
			return nil
		})
	}()
	<-waits
	syncs.end <- sqlite3.SQLITE_IOERR_FSYNC
	close(syncs.end)
	for range 2 {
		if err := <-told; rapport.KindOf(err) != rapport.Unavailable {
			t.Errorf("one of them was told %v", err)
		}
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}

// The writer, too, has the log synced: when it moves the last pages to the
// database file. A failure of which the system tells there would be missed by
// those whose commits wait for the disk; so it comes after them.
func TestPagesAreMovedAfterTheCommitIsOnDisk(t *testing.T) {
	db := slowDisk(t)
	done := make(chan error, 1)
	go func() {
		done <- db.Update(t.Context(), func(tx *Tx) error {
			tx.writer.mover.tries, tx.writer.mover.last = 1, 0
			return tx.Do("insert into t (n) values (1)")
		})
	}()
	<-syncs.begun
	for range 1000 {
		runtime.Gosched()
	}
	if n := len(syncs.begun); n != 0 {
		t.Errorf("the log is synced %d times more while the commit waits for it", n)
	}
	syncs.end <- sqlite3.SQLITE_IOERR_FSYNC
	close(syncs.end)
	if err := <-done; rapport.KindOf(err) != rapport.Unavailable {
		t.Errorf("the caller was told %v", err)
	}
}

// Whoever begins to write while pages are being moved waits for that: the writer after a
// rest, or another process. SQLite does not wait there by itself.
func TestWhoBeginsToWriteWaitsForPagesBeingMoved(t *testing.T) {
	db := slowDisk(t)
	done := make(chan error, 2)
	go func() {
		done <- db.Update(t.Context(), func(tx *Tx) error {
			tx.writer.mover.tries, tx.writer.mover.last = 1, 0
			return tx.Do("insert into t (n) values (1)")
		})
	}()
	<-syncs.begun // of the commit
	syncs.end <- sqlite3.SQLITE_OK
	<-syncs.begun // of the moving, which holds a lock meanwhile
	other, err := Open(t.Context(), Config{URL: fileOf(db)})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if err := <-done; err != nil { // the first is answered before its pages are moved
		t.Error(err)
	}
	logs := func() (n int) {
		liteLogs.Range(func(any, any) bool { n++; return true })
		return n
	}
	before := logs()
	go func() {
		done <- other.Update(t.Context(), func(tx *Tx) error { return tx.Do("insert into t (n) values (2)") })
	}()
	for logs() == before {
		runtime.Gosched()
	}
	for range 1000 { // it is there
		runtime.Gosched()
	}
	select {
	case err := <-done:
		t.Fatalf("the other one did not wait: %v", err)
	default:
	}
	close(syncs.end) // SQLITE_OK
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// The index holds nothing that the disk may not have: when the disk does not keep what was
// committed before it, it is not written either.
func TestTheIndexWaitsForTheDisk(t *testing.T) {
	db := slowDisk(t)
	done, indexed := make(chan error, 1), make(chan error, 1)
	go func() {
		done <- db.Update(t.Context(), func(tx *Tx) error { return tx.Do("insert into t (n) values (1)") })
	}()
	<-syncs.begun
	inside := make(chan struct{})
	go func() {
		indexed <- db.Index(t.Context(), func(tx *Tx) error {
			defer close(inside)
			return tx.SetIndexed(0)
		})
	}()
	<-inside
	syncs.end <- sqlite3.SQLITE_IOERR_FSYNC
	close(syncs.end)
	if err := <-done; rapport.KindOf(err) != rapport.Unavailable {
		t.Errorf("the caller was told %v", err)
	}
	if err := <-indexed; rapport.KindOf(err) != rapport.Unavailable {
		t.Errorf("the index was told %v: it may hold what the disk has not", err)
	}
}

// ADR 0014: the index rests while others write.
func TestTheIndexGivesWay(t *testing.T) {
	db := slowDisk(t)
	close(syncs.end) // SQLITE_OK: it is quick here
	hold, held := make(chan struct{}), make(chan struct{})
	done, rested := make(chan error, 1), make(chan struct{})
	go func() {
		done <- db.Update(t.Context(), func(*Tx) error {
			close(held)
			<-hold
			return nil
		})
	}()
	<-held
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		db.GiveWay(ctx, longest)
		close(rested)
	}()
	for range 1000 {
		runtime.Gosched()
	}
	select {
	case <-rested:
		t.Error("it does not rest while the writer is at work")
	default:
	}
	cancel()
	<-rested
	close(hold)
	if err := <-done; err != nil {
		t.Error(err)
	}
	db.GiveWay(t.Context(), longest/100) // ends while nobody writes
}
