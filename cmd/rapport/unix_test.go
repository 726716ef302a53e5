//go:build unix

package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// asNobody runs a command as a user to whom nothing of ours belongs, if we are root.
func asNobody(t *testing.T, args ...string) (text string, failed bool) {
	t.Helper()
	c := program(t, args...)
	if os.Geteuid() == 0 {
		folder := t.TempDir()
		c.Path = filepath.Join(folder, "rapport") // go test keeps its own where only we may enter
		copied(t, c.Path)
		for _, dir := range []string{folder, filepath.Dir(folder)} {
			if err := os.Chmod(dir, 0o755); err != nil {
				t.Fatal(err)
			}
		}
		const nobody = 65534
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}
	out, err := c.CombinedOutput()
	if _, ended := err.(*exec.ExitError); err != nil && !ended {
		t.Fatal(err)
	}
	return string(out), err != nil
}

func copied(t *testing.T, to string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	from, err := os.Open(self)
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	f, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(f, from); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// Who cannot write the database is told so, whose it is, and as whom they came: by the
// doctor and, before anything else, by serve.
func TestADatabaseThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what                string
		database, of, index os.FileMode // of the folder, in the middle
		wants               []string
	}{
		{"the database read only", 0o444, 0o777, 0o666, []string{"rapport.db cannot be written", "belongs to ", " (-r--r--r--), its folder to ", ", and this program runs as "}},
		{"the index read only", 0o666, 0o777, 0o444, []string{"rapport.db-search cannot be written", " (-r--r--r--), its folder to ", ", and this program runs as "}},
		{"not to be read", 0o000, 0o777, 0o666, []string{"rapport.db belongs to", " (----------), its folder to ", ", and this program runs as "}},
		{"the folder read only", 0o666, 0o555, 0o666, []string{"its folder to ", " (dr-xr-xr-x), and this program runs as "}},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			file := filepath.Join(folder, "rapport.db")
			prepared(t, file, 1)
			for name, mode := range map[string]os.FileMode{filepath.Dir(folder): 0o755, file: c.database, file + "-search": c.index} {
				if err := os.Chmod(name, mode); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.Chmod(folder, c.of); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { os.Chmod(folder, 0o777) }) //nolint:errcheck // so that it can be removed
			for _, command := range []string{"serve", "doctor"} {
				text, failed := asNobody(t, command, "--data", folder, "--key-file", filepath.Join(folder, "secret.key"))
				for _, want := range c.wants {
					if !failed || !strings.Contains(text, want) {
						t.Errorf("%s does not say %q:\n%s", command, want, text)
					}
				}
			}
		})
	}
}

// A disk without room is found, too.
func TestADiskWithoutRoom(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	prepared(t, filepath.Join(folder, "rapport.db"), 1)
	c := program(t)
	const blocks = "100" // of 512 or 1024 bytes: no file may grow beyond that
	full := exec.CommandContext(t.Context(), "sh", "-c", "ulimit -f "+blocks+"; exec \"$0\" doctor --data \"$1\"", c.Path, folder)
	full.Env = c.Env
	out, err := full.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "WRONG  writing      "+folder+" cannot be written") {
		t.Errorf("%v\n%s", err, out)
	}
}
