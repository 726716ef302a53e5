package filelock_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"rapport/lib/filelock"
)

// One has it, others hear who, and it is free again afterwards.
func TestTake(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	for range 2 {
		release, err := filelock.Take(t.Context(), path, 0)
		if err != nil {
			t.Fatal(err)
		}
		_, err = filelock.Take(t.Context(), path, 0)
		if held, ok := errors.AsType[*filelock.Held](err); !ok || held.By != os.Getpid() || held.Path != path {
			t.Errorf("a second time: %v", err)
		}
		if err := release(); err != nil {
			t.Error(err)
		}
	}
	if _, err := filelock.Take(t.Context(), filepath.Join(path, "none"), 0); err == nil {
		t.Error("a file that cannot be made was locked")
	}
}
