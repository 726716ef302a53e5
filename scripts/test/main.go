// Command test runs every check and test of the project, one stage after the
// other, and says what passed. A stage fails by itself: the others still run,
// except those that need what it makes. Without arguments all stages run;
// otherwise those named, and what they need.
//
// The last line is "N passed, N failed". It counts tests as the test runners
// report them, and each check without a runner, such as a linter, as one.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// resultFile holds the last line, for who prints something after it.
const resultFile = "build/test-result"

func main() {
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: test [stage…]; the stages are:")
		for _, s := range stages {
			fmt.Fprintf(flag.CommandLine.Output(), "  %-12s %s\n", s.name, s.doc)
		}
	}
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	selected, err := choose(stages, flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		flag.Usage()
		os.Exit(2)
	}
	results := run(ctx, selected, os.Stdout)
	line, ok := summarise(os.Stdout, results)
	if err := os.MkdirAll(filepath.Dir(resultFile), 0o755); err != nil {
		fmt.Fprintln(os.Stderr, err)
		ok = false
	} else if err := os.WriteFile(resultFile, []byte(line+"\n"), 0o644); err != nil {
		fmt.Fprintln(os.Stderr, err)
		ok = false
	}
	fmt.Println(line)
	if !ok {
		os.Exit(1)
	}
}

// stage is one step of the run.
type stage struct {
	name  string
	doc   string
	needs []string // stages that must have passed before
	run   func(ctx context.Context, out io.Writer) (tally, error)
}

// tally counts what a stage saw. A stage without tests leaves it empty.
type tally struct {
	passed, failed int
	failures       []string // the names of those that failed, with what they said first
}

func (t *tally) add(other tally) {
	t.passed += other.passed
	t.failed += other.failed
	t.failures = append(t.failures, other.failures...)
}

// result is what became of a stage.
type result struct {
	stage string
	tally
	took    time.Duration
	missing string // the stage it needed and did not get
}

func (r result) ok() bool { return r.failed == 0 }

// choose returns the stages of these names with all that they need, in order;
// all stages for no name.
func choose(all []stage, names []string) ([]stage, error) {
	if len(names) == 0 {
		return all, nil
	}
	wanted := map[string]bool{}
	for _, name := range names {
		if !slices.ContainsFunc(all, func(s stage) bool { return s.name == name }) {
			return nil, fmt.Errorf("there is no stage %q", name)
		}
		wanted[name] = true
	}
	var chosen []stage
	for _, s := range slices.Backward(all) { // what a stage needs stands before it
		if wanted[s.name] {
			chosen = append(chosen, s)
			for _, need := range s.needs {
				wanted[need] = true
			}
		}
	}
	slices.Reverse(chosen)
	return chosen, nil
}

// run runs the stages in order.
func run(ctx context.Context, chosen []stage, out io.Writer) []result {
	var results []result
	failed := map[string]bool{}
	for _, s := range chosen {
		r := result{stage: s.name}
		fmt.Fprintf(out, "\n== %s: %s\n", s.name, s.doc)
		if i := slices.IndexFunc(s.needs, func(need string) bool { return failed[need] }); i >= 0 {
			r.missing, r.failed = s.needs[i], 1
			fmt.Fprintf(out, "not run: it needs %s, which failed\n", r.missing)
		} else {
			start := time.Now()
			t, err := s.run(ctx, out)
			r.tally, r.took = t, time.Since(start)
			if err != nil {
				fmt.Fprintf(out, "failed: %v\n", err)
				if r.failed == 0 {
					r.failed = 1
				}
			} else if r.passed+r.failed == 0 {
				r.passed = 1
			}
		}
		failed[s.name] = !r.ok()
		results = append(results, r)
		if ctx.Err() != nil {
			fmt.Fprintln(out, "interrupted")
			results[len(results)-1].failed = max(results[len(results)-1].failed, 1)
			break
		}
	}
	return results
}

// mostFailures of a stage are named at the end.
const mostFailures = 12

// summarise writes a line per stage, with the names of what failed below it,
// and returns the last line of the run.
func summarise(out io.Writer, results []result) (line string, ok bool) {
	var total tally
	var took time.Duration
	fmt.Fprintf(out, "\n%s\n", strings.Repeat("-", 60))
	for _, r := range results {
		state := "ok"
		switch {
		case r.missing != "":
			state = "NOT RUN, needs " + r.missing
		case !r.ok():
			state = "FAILED"
		}
		fmt.Fprintf(out, "%-12s %6d passed %4d failed %7.1f s  %s\n", r.stage, r.passed, r.failed, r.took.Seconds(), state)
		for i, failure := range r.failures {
			if i == mostFailures {
				fmt.Fprintf(out, "             and %d more\n", len(r.failures)-i)
				break
			}
			fmt.Fprintf(out, "             ✗ %s\n", failure)
		}
		total.add(r.tally)
		took += r.took
	}
	fmt.Fprintf(out, "%-12s %6d passed %4d failed %7.1f s\n", "all", total.passed, total.failed, took.Seconds())
	return fmt.Sprintf("%d passed, %d failed", total.passed, total.failed), total.failed == 0
}
