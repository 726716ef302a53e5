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

// webTests runs the unit tests of every web package and adds up their reports.
func webTests(ctx context.Context, out io.Writer) (tally, error) {
	reports := func() (paths []string) {
		for _, packages := range []string{"web/packages/*/", "web/apps/*/"} {
			found, _ := filepath.Glob(packages + vitestReport) // the pattern is well formed
			paths = append(paths, found...)
		}
		return paths
	}
	for _, old := range reports() {
		if err := os.Remove(old); err != nil {
			return tally{}, err
		}
	}
	ranErr := execute(ctx, out, "web", "npm", "run", "test", "--workspaces", "--if-present", "--",
		"--reporter=default", "--reporter=json", "--outputFile.json="+vitestReport)
	var total tally
	for _, report := range reports() {
		t, err := readReport(report, readVitest)
		if err != nil {
			return total, errors.Join(ranErr, err)
		}
		total.add(t)
	}
	if ranErr == nil && total.passed == 0 {
		return total, errors.New("no test ran")
	}
	return total, ranErr
}

// browserTests runs the end-to-end tests against bin/rapport.
func browserTests(ctx context.Context, out io.Writer) (tally, error) {
	report, err := filepath.Abs("build/browser-report.json")
	if err != nil {
		return tally{}, err
	}
	if err := os.Remove(report); err != nil && !errors.Is(err, os.ErrNotExist) {
		return tally{}, err
	}
	c := program(ctx, "web", "npm", "run", "e2e", "--", "--reporter=list,json")
	c.Env = append(os.Environ(), "PLAYWRIGHT_JSON_OUTPUT_FILE="+report)
	c.Stdout, c.Stderr = out, out
	ranErr := c.Run()
	t, err := readReport(report, readPlaywright)
	if err == nil && t.passed+t.failed == 0 {
		err = errors.New("no test ran")
	}
	return t, errors.Join(ranErr, err)
}

func readReport(name string, read func([]byte) (tally, error)) (tally, error) {
	content, err := os.ReadFile(name)
	if err != nil {
		return tally{}, err
	}
	t, err := read(content)
	if err != nil {
		err = fmt.Errorf("%s: %w", name, err)
	}
	return t, err
}

// readPlaywright counts the tests of a report of Playwright's json reporter.
// Skipped tests, and tests that passed only when tried again, count as
// failures.
func readPlaywright(report []byte) (tally, error) {
	var r struct {
		Suites []playwrightSuite
		Stats  struct{ Expected, Unexpected, Flaky, Skipped int }
	}
	if err := json.Unmarshal(report, &r); err != nil {
		return tally{}, err
	}
	t := tally{passed: r.Stats.Expected, failed: r.Stats.Unexpected + r.Stats.Flaky + r.Stats.Skipped}
	for i := range r.Suites {
		t.failures = append(t.failures, r.Suites[i].failures()...)
	}
	return t, nil
}

// playwrightSuite is a file of tests, or a group within one.
type playwrightSuite struct {
	Suites []playwrightSuite
	Specs  []struct {
		Title, File string
		Line        int
		Tests       []struct {
			Status  string
			Results []struct{ Error struct{ Message string } }
		}
	}
}

func (s *playwrightSuite) failures() (names []string) {
	for _, spec := range s.Specs {
		for _, test := range spec.Tests {
			if test.Status == "expected" {
				continue
			}
			name := fmt.Sprintf("%s:%d %s (%s)", spec.File, spec.Line, spec.Title, test.Status)
			for _, r := range test.Results {
				if r.Error.Message != "" {
					name += ": " + firstLines(r.Error.Message)
					break
				}
			}
			names = append(names, name)
		}
	}
	for i := range s.Suites {
		names = append(names, s.Suites[i].failures()...)
	}
	return names
}

var colours = regexp.MustCompile("\x1b\\[[0-9;]*m")

// firstLines is how a message begins, on one line and without colours.
func firstLines(message string) string {
	const most = 240
	text := []rune(strings.Join(strings.Fields(colours.ReplaceAllString(message, "")), " "))
	if len(text) > most {
		text = append(text[:most], '…')
	}
	return string(text)
}

// readVitest counts the tests of a report of Vitest's json reporter. A file
// that fails without a failed test (it does not load), and a skipped test,
// count as a failure each.
func readVitest(report []byte) (tally, error) {
	var r struct {
		TestResults []struct {
			Name             string `json:"name"`
			Status           string `json:"status"`
			AssertionResults []struct {
				Status   string `json:"status"`
				FullName string `json:"fullName"`
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
				t.add(tally{failed: 1, failures: []string{path.Base(file.Name) + " " + test.FullName}})
			}
		}
		if file.Status != "passed" && t.failed == 0 {
			t.add(tally{failed: 1, failures: []string{path.Base(file.Name)}})
		}
		total.add(t)
	}
	return total, nil
}

// Budgets in bytes after gzip.
const (
	widgetBudget = 30_000
	deskBudget   = 300_000
)

// sizes weighs the built web apps: all scripts of the widget, and of the desk
// those of its first screen, which are those of the page and the file "desk".
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
	first, err := filepath.Glob("web/dist/desk/assets/desk-*.js")
	if err != nil || len(first) != 1 {
		return tally{}, errors.Join(err, fmt.Errorf("web/dist/desk has %d files desk-*.js, not one", len(first)))
	}
	desk = append(desk, first...)
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
