package store_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rapport/store"
)

// What people wrote can be read by nobody but the user that Rapport runs as, also where
// the folder lets others in. Files that are there keep their mode.
func TestOthersCannotReadTheDatabase(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "rapport.db")
	db := open(t, file)
	happened(t, db, 1)
	if err := db.Index(t.Context(), func(tx *store.Tx) error { return tx.SetIndexed(1) }); err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(file + "*")
	if err != nil || len(names) < 4 { // the logs of both, too
		t.Errorf("there are only %v, %v", names, err)
	}
	for _, name := range names {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", name, info.Mode())
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	const group = 0o640
	if err := os.Chmod(file, group); err != nil {
		t.Fatal(err)
	}
	open(t, file)
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != group {
		t.Errorf("a file that was there has mode %v now, %v", info.Mode(), err)
	}
}

// Damages finds pages that were written over, in the database and in the index.
func TestDamages(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "rapport.db")
	db := open(t, file)
	happened(t, db, 5000)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	found := func() (damages []store.Damage) {
		t.Helper()
		db, err := store.Open(t.Context(), store.Config{URL: file})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if damages, err = db.Damages(t.Context()); err != nil {
			t.Fatal(err)
		}
		return damages
	}
	for _, d := range found() {
		if len(d.Found) > 0 {
			t.Errorf("it finds something wrong with %s, which is whole: %v", d.File, d.Found)
		}
	}
	const page = 4096
	for _, suffix := range []string{"", "-search"} {
		text, err := os.ReadFile(file + suffix)
		if err != nil {
			t.Fatal(err)
		}
		copy(text[len(text)/2/page*page:], bytes.Repeat([]byte("garbage "), 10*page/8))
		if err := os.WriteFile(file+suffix, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	damages := found()
	if len(damages) != 2 || damages[0].File != file || damages[0].Index || !damages[1].Index {
		t.Fatalf("it looked at %+v", damages)
	}
	for _, d := range damages {
		if len(d.Found) == 0 || len(d.Found) > 6 {
			t.Errorf("of %s, which is damaged, it says %q", d.File, strings.Join(d.Found, "\n"))
		}
	}
}

// A database that can be written is left as it was by who tries that.
func TestWritable(t *testing.T) {
	databases(t, func(t *testing.T, db *store.DB) {
		happened(t, db, 1)
		if err := db.Writable(t.Context()); err != nil {
			t.Error(err)
		}
		happened(t, db, 1)
		if err := db.View(t.Context(), func(tx *store.Tx) error {
			_, _, err := tx.Head()
			return err
		}); err != nil {
			t.Error(err)
		}
	})
}
