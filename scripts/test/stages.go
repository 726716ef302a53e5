package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/format"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"rapport/rapporttest/pg"
)

// stages is the whole run, in order. Stages that say themselves what they
// miss do not need tools: a machine without Chromium can run the Go tests.
var stages = []stage{
	{name: "tools", doc: "what the tests need on this machine", run: tools},
	{name: "format", doc: "Go files are formatted", run: formatted},
	{name: "vet", doc: "go vet", run: command("", "go", "vet", "./...")},
	{name: "staticcheck", doc: "staticcheck", run: command("", "go", "tool", "staticcheck", "./...")},
	{name: "go", doc: "Go tests with the race detector, on SQLite and PostgreSQL", run: goTests},
	{name: "modules", doc: "web dependencies", run: command("", "make", "modules")},
	{name: "types", doc: "the web's API types are those of the server", needs: []string{"modules"}, run: apiTypes},
	{name: "eslint", doc: "linter of the web packages", needs: []string{"modules"}, run: command("web", "npm", "run", "lint")},
	{name: "tsc", doc: "types of the web packages", needs: []string{"modules"}, run: command("web", "npm", "run", "typecheck")},
	{name: "web", doc: "unit tests of the web packages", needs: []string{"modules"}, run: webTests},
	{name: "build", doc: "web apps and bin/rapport", needs: []string{"modules"}, run: command("", "make", "build")},
	{name: "sizes", doc: "what a browser must load at first stays small", needs: []string{"build"}, run: sizes},
	{name: "browser", doc: "the main job in headless Chromium", needs: []string{"tools", "build"}, run: browserTests},
}

// command is a stage that passes when a program does. It runs in dir of the
// repository.
func command(dir, name string, args ...string) func(context.Context, io.Writer) (tally, error) {
	return func(ctx context.Context, out io.Writer) (tally, error) {
		return tally{}, execute(ctx, out, dir, name, args...)
	}
}

func execute(ctx context.Context, out io.Writer, dir, name string, args ...string) error {
	c := program(ctx, dir, name, args...)
	c.Stdout, c.Stderr = out, out
	if err := c.Run(); err != nil {
		return fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return nil
}

// program is a command that is asked to end when the run is interrupted, and
// killed only if it does not.
func program(ctx context.Context, dir, name string, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, name, args...)
	c.Dir = dir
	c.Cancel = func() error { return c.Process.Signal(os.Interrupt) }
	c.WaitDelay = 10 * time.Second
	return c
}

// formatted finds Go files that gofmt would change.
func formatted(_ context.Context, out io.Writer) (tally, error) {
	bad := 0
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".git" || d.Name() == "testdata") {
			return fs.SkipDir
		}
		if d.IsDir() || filepath.Ext(path) != ".go" {
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		want, err := format.Source(source)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if !bytes.Equal(source, want) {
			bad++
			fmt.Fprintln(out, path)
		}
		return nil
	})
	if err == nil && bad > 0 {
		err = fmt.Errorf("%d files are not formatted; `make fmt` mends them", bad)
	}
	return tally{}, err
}

// goTests runs all Go tests against one shared PostgreSQL.
func goTests(ctx context.Context, out io.Writer) (tally, error) {
	address := os.Getenv(pg.Env)
	if address == "" {
		server, err := pg.Start(ctx, "", pg.Options{NoSync: true})
		if err != nil {
			return tally{}, err
		}
		defer server.Stop()
		address = server.URL("postgres")
	}
	// The race detector watches our code, not SQLite's, which it makes several
	// times slower. Not so its neighbours: they share generic code with ours, and
	// the linker keeps one copy.
	c := program(ctx, "", "go", "test", "-race", "-gcflags=modernc.org/sqlite/lib=-race=false", "-json", "-timeout", "10m", "./...")
	c.Env = append(os.Environ(), pg.Env+"="+address)
	if dir, err := os.MkdirTemp("/dev/shm", "rapport-test-"); err == nil {
		// The databases of tests need no disk: what a killed process wrote
		// survives in memory too, and a sync there costs nothing.
		defer os.RemoveAll(dir)
		if err := os.Chmod(dir, 0o777|os.ModeSticky); err != nil { // like /tmp: PostgreSQL runs as another user
			return tally{}, err
		}
		c.Env = append(c.Env, "TMPDIR="+dir)
	}
	c.Stderr = out
	stream, err := c.StdoutPipe()
	if err != nil {
		return tally{}, err
	}
	if err := c.Start(); err != nil {
		return tally{}, err
	}
	t, readErr := readGoTests(stream, out)
	if err := errors.Join(readErr, c.Wait()); err != nil {
		return t, fmt.Errorf("go test: %w", err)
	}
	if t.passed == 0 {
		return t, errors.New("no Go test ran")
	}
	return t, nil
}

// apiTypes generates the types again and compares.
func apiTypes(ctx context.Context, out io.Writer) (tally, error) {
	before := map[string][]byte{}
	for _, path := range generated {
		content, err := os.ReadFile(path)
		if err != nil {
			return tally{}, err
		}
		before[path] = content
	}
	if err := execute(ctx, out, "", "make", "generate"); err != nil {
		return tally{}, err
	}
	var stale []string
	for _, path := range generated {
		content, err := os.ReadFile(path)
		if err != nil {
			return tally{}, err
		}
		if !bytes.Equal(content, before[path]) {
			stale = append(stale, path)
		}
	}
	if len(stale) > 0 {
		return tally{}, fmt.Errorf("%s was out of date and is written anew; commit it", strings.Join(stale, ", "))
	}
	return tally{}, nil
}

// generated are the files that `make generate` writes.
var generated = []string{
	"web/packages/core/src/api/openapi.json",
	"web/packages/core/src/api/schema.d.ts",
}
