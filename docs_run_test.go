package rapport_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// buildProgram builds cmd/rapport as a user has it, and returns the folder it
// is in. Where the web apps have not been built, two empty files stand for them.
func buildProgram(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	empty := filepath.Join(dir, "empty")
	overlay := struct{ Replace map[string]string }{map[string]string{}}
	for _, name := range []string{"web/dist/desk/index.html", "web/dist/widget/widget.js"} {
		abs, err := filepath.Abs(name)
		if err != nil {
			t.Fatal(err)
		}
		if !exists(name) {
			overlay.Replace[abs] = empty
		}
	}
	text, err := json.Marshal(overlay)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{empty: nil, filepath.Join(dir, "overlay.json"): text} {
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	build := exec.CommandContext(t.Context(), "go", "build", "-overlay", filepath.Join(dir, "overlay.json"), "-o", filepath.Join(dir, "rapport"), "./cmd/rapport")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return dir
}

// run runs a script of the shell in a folder, with the program in its path and
// no settings from outside. The first command that fails ends it.
func run(t *testing.T, program, dir, script string) (string, error) {
	t.Helper()
	sh := exec.CommandContext(t.Context(), "sh", "-eu", "-c", script)
	sh.Dir = dir
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "RAPPORT_") && !strings.HasPrefix(variable, "PATH=") {
			sh.Env = append(sh.Env, variable)
		}
	}
	sh.Env = append(sh.Env, "PATH="+program+string(os.PathListSeparator)+os.Getenv("PATH"))
	out, err := sh.CombinedOutput()
	return string(out), err
}

var testedBlock = regexp.MustCompile("(?s)\n```sh test\n(.*?)```")

// TestCommandsOfTheDocumentsWork runs the blocks of shell commands that are
// marked "sh test", those of one page after each other in a fresh folder.
func TestCommandsOfTheDocumentsWork(t *testing.T) {
	t.Parallel()
	program := buildProgram(t)
	ran := 0
	for name, text := range documents(t) {
		blocks := testedBlock.FindAllStringSubmatch(text, -1)
		dir := t.TempDir()
		for _, block := range blocks {
			ran++
			if out, err := run(t, program, dir, block[1]); err != nil {
				t.Errorf("%s: %v\n%s\n%s", name, err, block[1], out)
			}
		}
	}
	if ran == 0 {
		t.Error("no document has a block of commands that is tested")
	}
	if _, err := run(t, program, t.TempDir(), "rapport dance\ntrue\n"); err == nil {
		t.Error("a block with a command that fails counts as good")
	}
	if _, err := run(t, program, t.TempDir(), "rapport doctor\n"); err == nil {
		t.Error("the doctor finds nothing wrong where there is no database")
	}
}

const (
	settingsPage  = "docs/operators/configuration.md"
	settingsBegin = "<!-- written by UPDATE_DOCS=1 go test . -run TestSettings -->\n"
	settingsEnd   = "<!-- end -->\n"
)

var setting = regexp.MustCompile(`(?m)^--(\S+)\n    (.+)\n    environment  (\S+)\n(?:    default      (.+)\n)?    now `)

// settingsTable writes what `rapport config` prints as a table.
func settingsTable(config string) string {
	var b strings.Builder
	b.WriteString("| setting | environment | default | what it does |\n|---|---|---|---|\n")
	for _, m := range setting.FindAllStringSubmatch(config, -1) {
		value := "empty"
		if m[4] != "" {
			value = "`" + m[4] + "`"
		}
		fmt.Fprintf(&b, "| `--%s` | `%s` | %s | %s |\n", m[1], m[3], value, strings.ReplaceAll(m[2], "|", `\|`))
	}
	return b.String()
}

// TestSettingsAreDocumented holds the page of settings against the program.
func TestSettingsAreDocumented(t *testing.T) {
	t.Parallel()
	config, err := run(t, buildProgram(t), t.TempDir(), "rapport config")
	if err != nil {
		t.Fatalf("%v\n%s", err, config)
	}
	want := settingsTable(config)
	if rows, all := strings.Count(want, "\n")-2, len(regexp.MustCompile(`(?m)^--`).FindAllString(config, -1)); rows != all || rows == 0 {
		t.Fatalf("of %d settings %d were read:\n%s", all, rows, config)
	}
	text, err := os.ReadFile(settingsPage)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begins := strings.Cut(string(text), settingsBegin)
	have, after, ends := strings.Cut(rest, settingsEnd)
	if !begins || !ends {
		t.Fatalf("%s lacks the lines %q and %q", settingsPage, settingsBegin, settingsEnd)
	}
	if have == want {
		return
	}
	if os.Getenv("UPDATE_DOCS") == "" {
		t.Fatalf("%s differs from what rapport config prints; UPDATE_DOCS=1 go test . -run TestSettings writes it:\n%s", settingsPage, want)
	}
	if err := os.WriteFile(settingsPage, []byte(before+settingsBegin+want+settingsEnd+after), fs.FileMode(0o644)); err != nil {
		t.Fatal(err)
	}
}

var quotedBlock = regexp.MustCompile("(?s)\n```[a-z]+ from (\\S+)\n(.*?)```")

// TestQuotedCodeIsInItsFile: a block marked "from FILE" is a part of that file,
// and so as good as its tests.
func TestQuotedCodeIsInItsFile(t *testing.T) {
	t.Parallel()
	quoted := 0
	for name, text := range documents(t) {
		for _, block := range quotedBlock.FindAllStringSubmatch(text, -1) {
			quoted++
			source, err := os.ReadFile(block[1])
			if err != nil {
				t.Errorf("%s: %v", name, err)
			} else if !strings.Contains(string(source), block[2]) {
				t.Errorf("%s quotes what %s does not say:\n%s", name, block[1], block[2])
			}
		}
	}
	if quoted == 0 {
		t.Error("no document quotes code")
	}
}

// TestReadmeHasTwoCommands: whoever has cloned this needs two lines.
func TestReadmeHasTwoCommands(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var blocks []string
	for _, m := range fenced.FindAllStringSubmatch(string(text), -1) {
		blocks = append(blocks, m[1])
	}
	if got := strings.Join(blocks, ""); got != "make demo\nmake test\n" {
		t.Errorf("README.md shows these commands:\n%s", got)
	}
}
