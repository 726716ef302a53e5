package owner_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rapport/lib/owner"
)

func TestOf(t *testing.T) {
	t.Parallel()
	dir, me := t.TempDir(), owner.Me()
	file := filepath.Join(dir, "file")
	if got := owner.Of(file); !strings.HasPrefix(got, "the folder "+dir+" belongs to ") {
		t.Errorf("of what is not there it says %q", got)
	}
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := owner.Of(file); me == "" || !strings.HasPrefix(got, file+" belongs to ") || !strings.Contains(got, " (-rw-------), its folder to ") || !strings.HasSuffix(got, "runs as "+me) {
		t.Errorf("of a file of ours it says %q", got)
	}
	if got := owner.Of(filepath.Join(dir, "none", "none")); got != "this program runs as "+me {
		t.Errorf("of what is nowhere it says %q", got)
	}
}
