package store

import (
	"path/filepath"
	"strconv"
	"testing"
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
	db, err := Open(t.Context(), Config{URL: filepath.Join(t.TempDir(), "rapport.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	s, err := db.openSession(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
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
