package store

import (
	"context"
	"errors"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport"
)

func TestPlaceholdersAreNumbers(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"select 1":                          "select 1",
		"a = $2 and b = $1":                 "a = ?2 and b = ?1",
		"a = $12 or $2 = '' or b = $12":     "a = ?12 or ?2 = '' or b = ?12",
		"a = '$1' and b = 'it''s $2' or $3": "a = '$1' and b = 'it''s $2' or ?3",
	} {
		if got := numbered(text); got != want {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}

// Who asks for ever new things does not fill the memory with prepared
// statements, and what is being read is read to its end.
func TestStatementsAreForgotten(t *testing.T) {
	t.Parallel()
	_, s := openBare(t)
	read, err := s.query(t.Context(), "select 1 union all select 2")
	if err != nil || !read.Next() {
		t.Fatal("nothing is read", err)
	}
	for i := range 3 * mostStmts {
		var n int
		if err := s.queryRow(t.Context(), "select "+strconv.Itoa(i)).Scan(&n); err != nil || n != i {
			t.Fatalf("%d is %d, %v", i, n, err)
		}
	}
	var last int
	if !read.Next() || read.Scan(&last) != nil || last != 2 || read.Next() || read.Err() != nil {
		t.Errorf("what was being read ends with %d and %v", last, read.Err())
	}
	if n := len(s.lite.stmts); n > mostStmts {
		t.Errorf("%d statements are kept", n)
	}
}

// openBare opens an empty database and a session of its writer.
func openBare(t *testing.T) (*DB, *session) {
	db, err := Open(t.Context(), Config{URL: filepath.Join(t.TempDir(), "rapport.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	s, err := db.openSession(t.Context(), forWriting)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.close)
	return db, s
}

// What is stored comes back, whatever its length, and in any order of the placeholders.
func TestValuesComeBack(t *testing.T) {
	t.Parallel()
	_, s := openBare(t)
	long := strings.Repeat("Käse ", 3*mostTexts/5)
	for _, text := range []string{"", "a", "with a \x00 inside", long, "short again", long + long, ""} {
		for _, n := range []int64{0, -1, 1 << 62} {
			var gotText, again string
			var gotNumber int64
			err := s.queryRow(t.Context(), "select $2, $1, $3, $1", text, n, nil).Scan(&gotNumber, &gotText, nothing{}, &again)
			if err != nil || gotText != text || again != text || gotNumber != n {
				t.Errorf("%d bytes and %d come back as %d, %d bytes and %d, %v", len(text), n, len(gotText), len(again), gotNumber, err)
			}
		}
	}
	var blob holder
	if err := s.queryRow(t.Context(), "select $1, $2", []byte{0, 1, 0}, 1.5).Scan(&blob, &holder{}); err != nil || string(blob.v.([]byte)) != "\x00\x01\x00" {
		t.Errorf("bytes come back as %v, %v", blob.v, err)
	}
	var missing string
	if err := s.queryRow(t.Context(), "select $1 || $2", "a").Scan(&missing); err == nil || !strings.Contains(err.Error(), "$2 is missing") {
		t.Errorf("a missing argument: %v", err)
	}
	if err := s.queryRow(t.Context(), "select $1", make(chan int)).Scan(&missing); err == nil {
		t.Error("a channel was stored")
	}
}

type nothing struct{}

func (nothing) Scan(v any) error {
	if v != nil {
		return errors.New("something was there")
	}
	return nil
}

type holder struct{ v any }

func (h *holder) Scan(v any) error {
	h.v = v
	return nil
}

// A row that is there already is a conflict, and the connection goes on after it.
func TestAFailedStatementIsNamed(t *testing.T) {
	t.Parallel()
	_, s := openBare(t)
	if err := s.exec1(t.Context(), "create table thing (id text primary key)"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.exec(t.Context(), "insert into thing values ($1)", "one"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := s.exec(t.Context(), "insert into thing values ($1)", "one"); rapport.KindOf(classify(err)) != rapport.Conflict {
			t.Errorf("it ends with %v", err)
		}
	}
	if err := s.exec1(t.Context(), "select from"); err == nil || !strings.Contains(err.Error(), "syntax error") {
		t.Errorf("nonsense ends with %v", err)
	}
	var n int
	if err := s.queryRow(t.Context(), "select count(*) from thing").Scan(&n); err != nil || n != 1 {
		t.Errorf("%d things, %v", n, err)
	}
}

// A statement that is being read is not run again beneath its reader.
func TestAStatementIsReadByOne(t *testing.T) {
	t.Parallel()
	_, s := openBare(t)
	const text = "select 1 union all select 2"
	first, err := s.query(t.Context(), text)
	if err != nil || !first.Next() {
		t.Fatal(err)
	}
	if _, err := s.query(t.Context(), text); err == nil {
		t.Error("it was run again")
	}
	if err := first.Close(); err != nil {
		t.Error(err)
	}
	if again, err := s.query(t.Context(), text); err != nil || !again.Next() || again.Close() != nil {
		t.Errorf("afterwards it cannot be run: %v", err)
	}
}

// Who goes away does not keep a reader busy, and the next one is not interrupted for them.
func TestAViewEndsWithItsContext(t *testing.T) {
	t.Parallel()
	db, _ := openBare(t)
	const endless = "with recursive n (i) as (select 1 union all select i + 1 from n) select count(*) from n"
	for range 5 * cap(db.readers) {
		ctx, leave := context.WithTimeout(t.Context(), 5*time.Millisecond)
		err := db.View(ctx, func(tx *Tx) error {
			var n int
			return tx.queryRow(endless).Scan(&n)
		})
		leave()
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("it ended with %v", err)
		}
		err = db.View(t.Context(), func(tx *Tx) error {
			var n int
			return tx.queryRow("with recursive n (i) as (select 1 union all select i + 1 from n where i < 1000) select count(*) from n").Scan(&n)
		})
		if err != nil {
			t.Fatalf("the next one ended with %v", err)
		}
	}
}

// Connections that rest are opened again, also while others work.
func TestRestLosesNothing(t *testing.T) {
	t.Parallel()
	db, s := openBare(t)
	if err := s.exec1(t.Context(), "create table head (id int primary key, seq int, config int)"); err != nil {
		t.Fatal(err)
	}
	if err := s.exec1(t.Context(), "insert into head values (1, 0, 0)"); err != nil {
		t.Fatal(err)
	}
	const each = 30
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range each {
				err := db.Update(t.Context(), func(tx *Tx) error { return tx.put("update head set config = config + 1 where id = 1") })
				if err != nil {
					t.Error(err)
				}
				if err := db.View(t.Context(), func(tx *Tx) error { var n int; return tx.queryRow("select config from head").Scan(&n) }); err != nil {
					t.Error(err)
				}
				if err := db.Rest(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	err := db.View(t.Context(), func(tx *Tx) error {
		var n int
		err := tx.queryRow("select config from head").Scan(&n)
		if n != 4*each {
			t.Errorf("%d changes of %d are there", n, 4*each)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
