package store

import (
	"path/filepath"
	"slices"
	"strconv"
	"testing"
)

func TestPlaceholdersWithoutNames(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text, want string
		order      []int
	}{
		{"select 1", "select 1", nil},
		{"a = $1 and b = $2", "a = ? and b = ?", []int{1, 2}},
		{"a = $12 or $2 = '' or b = $12", "a = ? or ? = '' or b = ?", []int{12, 2, 12}},
		{"a = '$1' and b = 'it''s $2' and c = $3", "a = '$1' and b = 'it''s $2' and c = ?", []int{3}},
	} {
		if got, order := withoutNames(test.text); got != test.want || !slices.Equal(order, test.order) {
			t.Errorf("%q becomes %q with %v", test.text, got, order)
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
	s, err := db.openSession(t.Context(), db.read, false)
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
