package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
)

// vitestReport is where each web package leaves its results, relative to the
// package; node_modules keeps it out of the repository.
const vitestReport = "node_modules/.vitest-report.json"

var vitestFlags = []string{"--reporter=default", "--reporter=json", "--outputFile.json=" + vitestReport}

// webTests runs the unit tests of every web package.
func webTests(ctx context.Context, out io.Writer) (tally, error) {
	args := append([]string{"run", "test", "--workspaces", "--if-present", "--"}, vitestFlags...)
	return vitest(ctx, out, []string{"web/packages/*/", "web/apps/*/"}, args)
}

// browserTests runs the end-to-end tests against bin/rapport.
func browserTests(ctx context.Context, out io.Writer) (tally, error) {
	args := append([]string{"run", "e2e", "--"}, vitestFlags...)
	return vitest(ctx, out, []string{"web/e2e/", "web/"}, args)
}

// vitest runs npm with args in web and adds up the reports that the run left
// in dirs.
func vitest(ctx context.Context, out io.Writer, dirs, args []string) (tally, error) {
	var t tally
	reports := func() (paths []string) {
		for _, dir := range dirs {
			found, _ := filepath.Glob(dir + vitestReport) // the pattern is well formed
			paths = append(paths, found...)
		}
		return paths
	}
	for _, old := range reports() {
		if err := os.Remove(old); err != nil {
			return t, err
		}
	}
	ranErr := execute(ctx, out, "web", "npm", args...)
	for _, report := range reports() {
		content, err := os.ReadFile(report)
		if err != nil {
			return t, errors.Join(ranErr, err)
		}
		one, err := readVitest(content)
		if err != nil {
			return t, errors.Join(ranErr, fmt.Errorf("%s: %w", report, err))
		}
		t.passed += one.passed
		t.failed += one.failed
	}
	if ranErr == nil && t.passed == 0 {
		return t, errors.New("no test ran")
	}
	return t, ranErr
}

// readVitest counts the tests of a report of Vitest's json reporter. A file
// that fails without a failed test (it does not load), and a skipped test,
// count as a failure each.
func readVitest(report []byte) (tally, error) {
	var r struct {
		TestResults []struct {
			Status           string `json:"status"`
			AssertionResults []struct {
				Status string `json:"status"`
			} `json:"assertionResults"`
		} `json:"testResults"`
	}
	if err := json.Unmarshal(report, &r); err != nil {
		return tally{}, err
	}
	var total tally
	for _, file := range r.TestResults {
		var t tally
		for _, test := range file.AssertionResults {
			if test.Status == "passed" {
				t.passed++
			} else {
				t.failed++
			}
		}
		if file.Status != "passed" && t.failed == 0 {
			t.failed = 1
		}
		total.passed += t.passed
		total.failed += t.failed
	}
	return total, nil
}

// Budgets in bytes after gzip.
const (
	widgetBudget = 30_000
	deskBudget   = 300_000
)

// sizes weighs the built web apps: all scripts of the widget, and the scripts
// that the desk's page loads before it shows anything.
func sizes(_ context.Context, out io.Writer) (tally, error) {
	widget, err := filepath.Glob("web/dist/widget/*.js")
	if err != nil || len(widget) == 0 {
		return tally{}, errors.Join(err, errors.New("web/dist/widget holds no script"))
	}
	page, err := os.ReadFile("web/dist/desk/index.html")
	if err != nil {
		return tally{}, err
	}
	desk := firstScripts(page)
	if len(desk) == 0 {
		return tally{}, errors.New("web/dist/desk/index.html loads no script")
	}
	for i, name := range desk {
		desk[i] = filepath.Join("web/dist/desk", filepath.FromSlash(name))
	}
	var t tally
	for _, app := range []struct {
		name   string
		files  []string
		budget int
	}{{"widget", widget, widgetBudget}, {"desk, first screen", desk, deskBudget}} {
		size, err := gzipped(app.files)
		if err != nil {
			return t, err
		}
		fmt.Fprintf(out, "%-20s %7d of %7d bytes\n", app.name, size, app.budget)
		if size > app.budget {
			t.failed++
		} else {
			t.passed++
		}
	}
	return t, nil
}

var scriptInPage = regexp.MustCompile(`<(?:script|link)\b[^>]*\b(?:src|href)="([^"]+\.js)"`)

// firstScripts are the scripts that a built page loads or preloads, as paths
// below the page's directory.
func firstScripts(page []byte) []string {
	var names []string
	for _, m := range scriptInPage.FindAllSubmatch(page, -1) {
		names = append(names, strings.TrimPrefix(path.Clean("/"+string(m[1])), "/"))
	}
	return names
}

// gzipped is how many bytes the files have together, each compressed by itself.
func gzipped(files []string) (int, error) {
	total := 0
	for _, name := range files {
		content, err := os.ReadFile(name)
		if err != nil {
			return 0, err
		}
		var b bytes.Buffer
		z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
		if err != nil {
			return 0, err
		}
		if _, err := z.Write(content); err != nil {
			return 0, err
		}
		if err := z.Close(); err != nil {
			return 0, err
		}
		total += b.Len()
	}
	return total, nil
}
