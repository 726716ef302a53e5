package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// goEvent is a line of `go test -json` (go doc test2json) or of the build that
// goes before it (go help buildjson).
type goEvent struct {
	Action      string
	Package     string
	ImportPath  string
	Test        string
	Output      string
	Elapsed     float64
	FailedBuild string
}

// readGoTests writes one line per package and the output of what failed, and
// counts tests without subtests. A test that fails although its subtests pass,
// and a package that fails although its tests pass (it does not build, or
// leaves by itself), count as a failure each. A skipped test is a failure too:
// a test that cannot run has proved nothing.
func readGoTests(stream io.Reader, out io.Writer) (tally, error) {
	var total tally
	packages := map[string]*goPackage{}
	builds := map[string]*strings.Builder{}
	lines := bufio.NewReader(stream)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var e goEvent
			if json.Unmarshal(line, &e) != nil {
				fmt.Fprintf(out, "%s", line) // not JSON: the go command itself complains
			} else if e.Action == "build-output" {
				if builds[e.ImportPath] == nil {
					builds[e.ImportPath] = &strings.Builder{}
				}
				builds[e.ImportPath].WriteString(e.Output)
			} else if e.Package != "" {
				p := packages[e.Package]
				if p == nil {
					p = &goPackage{output: map[string]*strings.Builder{}, parent: map[string]bool{}, broken: map[string]bool{}}
					packages[e.Package] = p
				}
				if p.take(e) {
					if b := builds[e.FailedBuild]; b != nil {
						io.WriteString(out, b.String())
					}
					p.report(out, e)
					total.add(p.tally)
					delete(packages, e.Package)
				}
			}
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return total, err
		}
	}
	for name := range packages {
		fmt.Fprintf(out, "FAIL  %s did not end\n", name)
		total.add(tally{failed: 1, failures: []string{name + " did not end"}})
	}
	return total, nil
}

// goPackage is one package while its tests run.
type goPackage struct {
	tally
	output map[string]*strings.Builder // by test, "" for the package
	parent map[string]bool             // tests with subtests
	broken map[string]bool             // tests with a failed subtest
	said   []string                    // tests whose output is worth reading
}

// take takes in an event and tells whether it was the package's last.
func (p *goPackage) take(e goEvent) (last bool) {
	above, _, isSub := cutLast(e.Test, "/")
	switch e.Action {
	case "run":
		p.output[e.Test] = &strings.Builder{}
		if isSub {
			p.parent[above] = true
		}
	case "output":
		if p.output[e.Test] == nil {
			p.output[e.Test] = &strings.Builder{}
		}
		p.output[e.Test].WriteString(e.Output)
	case "pass":
		if e.Test == "" {
			return true
		}
		if !p.parent[e.Test] {
			p.passed++
		}
		delete(p.output, e.Test)
	case "fail", "skip":
		if e.Test == "" {
			if e.Action == "fail" && len(p.said) == 0 {
				p.fail(e.Package)
			}
			return true
		}
		if !p.broken[e.Test] {
			p.fail(e.Package + " " + e.Test)
		}
		p.said = append(p.said, e.Test)
		if isSub {
			p.broken[above] = true
		}
	}
	return false
}

func (p *goPackage) fail(failure string) {
	p.tally.add(tally{failed: 1, failures: []string{failure}})
}

// report writes what is worth reading about a package that ended.
func (p *goPackage) report(out io.Writer, e goEvent) {
	if p.failed == 0 {
		if p.passed > 0 {
			fmt.Fprintf(out, "ok    %-40s %5d tests %6.1f s\n", e.Package, p.passed, e.Elapsed)
		}
		return
	}
	said := p.said
	if len(said) == 0 { // it crashed or hung: whatever had not ended may say why
		said = slices.Sorted(maps.Keys(p.output))
	}
	for _, test := range said {
		if o := p.output[test]; o != nil && test != "" {
			io.WriteString(out, o.String())
		}
	}
	if o := p.output[""]; o != nil {
		io.WriteString(out, o.String())
	}
	fmt.Fprintf(out, "FAIL  %-40s %5d of %d tests\n", e.Package, p.failed, p.passed+p.failed)
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}
