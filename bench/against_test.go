package bench

import (
	"path/filepath"
	"strings"
	"testing"
)

// Two builds of the program take turns, each on its own copy of one past; what
// is no program is named.
func TestTwoProgramsTakeTurns(t *testing.T) {
	t.Parallel()
	program := built(t)
	dir := t.TempDir()
	w, err := newWorld(t.Context(), filepath.Join(dir, "past"), "", size{conversations: 120, customers: 60, agents: 6, queues: 2})
	if err != nil {
		t.Fatal(err)
	}
	r := &run{Options: Options{Program: program, Against: program, Tell: func(string) {}}, dir: dir, past: w, rounds: 1}
	if err := r.against(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(r.report.Against) != 2 {
		t.Fatalf("the figures are %+v", r.report.Against)
	}
	var table strings.Builder
	if err := r.report.Table(&table); err != nil {
		t.Fatal(err)
	}
	for _, c := range r.report.Against {
		if c.PerS <= 0 || c.P50 <= 0 || c.P99 < c.P50 || len(c.Turns) != 1 || !strings.Contains(table.String(), c.Program) {
			t.Errorf("a program has %+v, in\n%s", c, &table)
		}
	}
	none := &run{Options: Options{Program: program, Against: filepath.Join(dir, "none"), Tell: func(string) {}}, dir: t.TempDir(), past: w, rounds: 1}
	if err := none.against(t.Context()); err == nil || !strings.Contains(err.Error(), "none") {
		t.Errorf("a program that is not there ends in %v", err)
	}
}
