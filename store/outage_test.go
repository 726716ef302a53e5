package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"net"
	"net/url"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"rapport"
	"rapport/rapporttest/pg"
	"rapport/store"
)

// flaky stands between the program and PostgreSQL. Once armed, it passes on the
// next message that holds a text, waits for the answer, and keeps it: the
// connection is cut.
type flaky struct {
	direct, url string // without it, and through it
	armed       atomic.Pointer[string]
	away        func() // nobody listens any more
}

func newFlaky(t *testing.T) *flaky {
	t.Helper()
	u, err := url.Parse(pg.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	const socket = ".s.PGSQL.5432" // as PostgreSQL names it
	to := filepath.Join(q.Get("host"), socket)
	q.Set("host", t.TempDir())
	listener, err := net.Listen("unix", filepath.Join(q.Get("host"), socket))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	f := &flaky{direct: u.String(), away: func() { listener.Close() }}
	u.RawQuery = q.Encode()
	f.url = u.String()
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("unix", to)
			if err != nil {
				client.Close()
				continue
			}
			go f.pass(client, server)
		}
	}()
	return f
}

func (f *flaky) pass(client, server net.Conn) {
	defer server.Close()
	defer client.Close()
	var cut atomic.Bool
	go func() {
		defer client.Close()
		buffer := make([]byte, 64<<10)
		for {
			n, err := server.Read(buffer)
			if err != nil || cut.Load() {
				return
			}
			if _, err := client.Write(buffer[:n]); err != nil {
				return
			}
		}
	}()
	buffer := make([]byte, 64<<10)
	for {
		n, err := client.Read(buffer)
		if err != nil {
			return
		}
		if word := f.armed.Load(); word != nil && bytes.Contains(buffer[:n], []byte(*word)) && f.armed.CompareAndSwap(word, nil) {
			cut.Store(true)
		}
		if _, err := server.Write(buffer[:n]); err != nil {
			return
		}
	}
}

func (f *flaky) arm(word string) { f.armed.Store(&word) }

// A commit whose answer is lost may have happened: the caller hears that it is
// unknown, followers of the log see the event without waiting for another one,
// and the writer goes on with a new connection.
func TestACommitWhoseAnswerIsLost(t *testing.T) {
	t.Parallel()
	f := newFlaky(t)
	db := open(t, f.url)
	other := open(t, f.direct)
	tail := db.Follow(0)
	heard := make(chan rapport.Event, 10)
	go func() {
		for {
			events, err := tail.Next(t.Context())
			if t.Context().Err() != nil || err == nil && events == nil {
				return
			}
			for _, e := range events {
				heard <- e
			}
		}
	}()
	defer tail.Close()
	want := func(kind string) {
		t.Helper()
		select {
		case e := <-heard:
			if e.Kind != kind {
				t.Errorf("the tail gave %s; want %s", e.Kind, kind)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("the tail does not hear of %s", kind)
		}
	}
	update := func(kind string) error {
		return db.Update(t.Context(), func(tx *store.Tx) error { return append1(tx, kind) })
	}
	// What another node writes is heard once the connection that wakes us stands.
	if err := other.Update(t.Context(), func(tx *store.Tx) error { return append1(tx, "before") }); err != nil {
		t.Fatal(err)
	}
	want("before")
	f.arm("commit")
	if err := update("unknown"); rapport.KindOf(err) != rapport.Unavailable {
		t.Errorf("a lost commit is answered with %v", err)
	}
	want("unknown")
	if err := update("after"); err != nil {
		t.Fatal(err)
	}
	want("after")
}

// A connection that breaks within a transaction is no fault of the caller's
// either, and nothing of the transaction remains.
func TestAConnectionLostInATransaction(t *testing.T) {
	t.Parallel()
	f := newFlaky(t)
	db := open(t, f.url)
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		if err := append1(tx, "lost"); err != nil {
			return err
		}
		f.arm("from agent")
		_, err := tx.Agents()
		return err
	})
	if rapport.KindOf(err) != rapport.Unavailable {
		t.Errorf("it is answered with %v", err)
	}
	err = db.Update(t.Context(), func(tx *store.Tx) error { return append1(tx, "kept") })
	if err != nil {
		t.Fatal(err)
	}
	err = db.View(t.Context(), func(tx *store.Tx) error {
		events, err := tx.EventsAfter(0, 10)
		if len(events) != 1 || events[0].Kind != "kept" {
			t.Errorf("the log holds %v", events)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	f.arm("from agent")
	err = db.View(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Agents()
		return err
	})
	if rapport.KindOf(err) != rapport.Unavailable {
		t.Errorf("a broken view is answered with %v", err)
	}
	if err := db.View(t.Context(), func(tx *store.Tx) error { _, _, err := tx.Head(); return err }); err != nil {
		t.Errorf("the next view fails: %v", err)
	}
}

// While the database is away everything is refused as something to try again, not
// as a fault of ours.
func TestADatabaseThatIsAway(t *testing.T) {
	t.Parallel()
	f := newFlaky(t)
	db := open(t, f.url)
	f.away()
	for range 3 { // each breaks a connection, until there is none
		f.arm("commit")
		if err := db.Update(t.Context(), func(tx *store.Tx) error { return append1(tx, "lost") }); rapport.KindOf(err) != rapport.Unavailable {
			t.Errorf("a change is answered with %v", err)
		}
	}
	for range 3 {
		f.arm("from agent")
		err := db.View(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Agents()
			return err
		})
		if rapport.KindOf(err) != rapport.Unavailable {
			t.Errorf("a view is answered with %v", err)
		}
	}
}

// Other nodes hear of a commit although the connection that tells them has just broken.
func TestACommitIsAnnouncedOnANewConnection(t *testing.T) {
	t.Parallel()
	url := pg.URL(t)
	db, other := open(t, url), open(t, url)
	tail := other.Follow(0)
	defer tail.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	hear := func(kind string) {
		t.Helper()
		if err := db.Update(ctx, func(tx *store.Tx) error { return append1(tx, kind) }); err != nil {
			t.Fatal(err)
		}
		events, err := tail.Next(ctx)
		if err != nil || len(events) != 1 || events[0].Kind != kind {
			t.Fatalf("instead of %s the other node hears %v, %v", kind, events, err)
		}
	}
	admin, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	hear("first")
	for range 4 { // what woke the other node late may hide one
		for broken := 0; broken == 0; {
			err := admin.QueryRowContext(ctx, "select count(pg_terminate_backend(pid, 10000)) from pg_stat_activity where datname = current_database() and query = 'notify rapport_log'").Scan(&broken)
			if err != nil {
				t.Fatal(err)
			}
		}
		hear("next")
	}
}
