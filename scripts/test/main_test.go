package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestGoTestsAreCountedWithoutTheirParents(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		stream string
		want   tally
		shown  string
		named  string
	}{
		"a leaf and two subtests": {stream: `
{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"run","Package":"p","Test":"TestB"}
{"Action":"run","Package":"p","Test":"TestB/x"}
{"Action":"run","Package":"p","Test":"TestB/y"}
{"Action":"pass","Package":"p","Test":"TestB/x"}
{"Action":"pass","Package":"p","Test":"TestB/y"}
{"Action":"pass","Package":"p","Test":"TestB"}
{"Action":"pass","Package":"p"}`, want: tally{passed: 3}, shown: "ok    p"},
		"a failed subtest counts once and is shown": {stream: `
{"Action":"run","Package":"p","Test":"TestB"}
{"Action":"run","Package":"p","Test":"TestB/x"}
{"Action":"run","Package":"p","Test":"TestB/x/z"}
{"Action":"output","Package":"p","Test":"TestB/x/z","Output":"want 2, got 1\n"}
{"Action":"fail","Package":"p","Test":"TestB/x/z"}
{"Action":"fail","Package":"p","Test":"TestB/x"}
{"Action":"fail","Package":"p","Test":"TestB"}
{"Action":"fail","Package":"p"}`, want: tally{failed: 1}, shown: "want 2, got 1", named: "p TestB/x/z"},
		"a parent that fails by itself": {stream: `
{"Action":"run","Package":"p","Test":"TestB"}
{"Action":"run","Package":"p","Test":"TestB/x"}
{"Action":"pass","Package":"p","Test":"TestB/x"}
{"Action":"fail","Package":"p","Test":"TestB"}
{"Action":"fail","Package":"p"}`, want: tally{passed: 1, failed: 1}, shown: "FAIL  p", named: "p TestB"},
		"a skipped test proves nothing": {stream: `
{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Test":"TestA","Output":"not here\n"}
{"Action":"skip","Package":"p","Test":"TestA"}
{"Action":"pass","Package":"p"}`, want: tally{failed: 1}, shown: "not here", named: "p TestA"},
		"a package that does not build": {stream: `
{"ImportPath":"p [p.test]","Action":"build-output","Output":"undefined: x\n"}
{"ImportPath":"p [p.test]","Action":"build-fail"}
{"Action":"start","Package":"p"}
{"Action":"fail","Package":"p","FailedBuild":"p [p.test]"}`, want: tally{failed: 1}, shown: "undefined: x", named: "p"},
		"a package that panics after its tests passed": {stream: `
{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Output":"panic: late\n"}
{"Action":"fail","Package":"p"}`, want: tally{passed: 1, failed: 1}, shown: "panic: late", named: "p"},
		"a stream that breaks off": {stream: `
{"Action":"run","Package":"p","Test":"TestA"}`, want: tally{failed: 1}, shown: "did not end", named: "p did not end"},
		"a package without tests": {stream: `
{"Action":"skip","Package":"p"}`, want: tally{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			got, err := readGoTests(strings.NewReader(strings.TrimSpace(c.stream)+"\n"), &out)
			if err != nil {
				t.Fatal(err)
			}
			if got.passed != c.want.passed || got.failed != c.want.failed {
				t.Errorf("counted %+v, want %+v", got, c.want)
			}
			if named := strings.Join(got.failures, ", "); named != c.named {
				t.Errorf("named %q, want %q", named, c.named)
			}
			if !strings.Contains(out.String(), c.shown) {
				t.Errorf("%q is not shown in:\n%s", c.shown, out.String())
			}
		})
	}
}

func TestVitestReportIsCounted(t *testing.T) {
	t.Parallel()
	got, err := readVitest([]byte(`{"testResults":[
		{"name":"/w/a.test.ts","status":"passed","assertionResults":[{"status":"passed"},{"status":"passed"}]},
		{"name":"/w/b.test.ts","status":"failed","assertionResults":[{"status":"passed"},{"status":"failed","fullName":"adds up"}]},
		{"name":"/w/c.test.ts","status":"failed","assertionResults":[]},
		{"name":"/w/d.test.ts","status":"passed","assertionResults":[{"status":"skipped","fullName":"later"}]}]}`))
	if err != nil || got.passed != 3 || got.failed != 3 {
		t.Fatalf("counted %+v, %v; want 3 and 3", got, err)
	}
	if named := strings.Join(got.failures, ", "); named != "b.test.ts adds up, c.test.ts, d.test.ts later" {
		t.Fatalf("named %q", named)
	}
	if _, err := readVitest([]byte("not a report")); err == nil {
		t.Fatal("a broken report was counted")
	}
}

func TestPlaywrightReportIsCounted(t *testing.T) {
	t.Parallel()
	got, err := readPlaywright([]byte(`{"suites":[{"specs":[{"title":"works","file":"a.spec.ts","line":3,"tests":[{"status":"expected"}]}],
		"suites":[{"specs":[{"title":"breaks","file":"a.spec.ts","line":9,"tests":[{"status":"unexpected","results":[{"error":{"message":"Error: \u001b[2mnot\n  there"}}]}]}]}]}],
		"stats":{"duration":1.5,"expected":5,"skipped":1,"unexpected":2,"flaky":1}}`))
	if err != nil || got.passed != 5 || got.failed != 4 {
		t.Fatalf("counted %+v, %v; want 5 and 4", got, err)
	}
	if named := strings.Join(got.failures, ", "); named != "a.spec.ts:9 breaks (unexpected): Error: not there" {
		t.Fatalf("named %q", named)
	}
}

func TestStagesAfterAFailure(t *testing.T) {
	t.Parallel()
	chosen := []stage{
		{name: "a", run: func(context.Context, io.Writer) (tally, error) { return tally{}, errors.New("broken") }},
		{name: "b", needs: []string{"a"}, run: func(context.Context, io.Writer) (tally, error) { return tally{passed: 9}, nil }},
		{name: "c", run: func(context.Context, io.Writer) (tally, error) { return tally{passed: 2}, nil }},
		{name: "d", run: func(context.Context, io.Writer) (tally, error) { return tally{}, nil }},
		{name: "e", run: func(context.Context, io.Writer) (tally, error) {
			return tally{passed: 4, failed: 1, failures: []string{"a test of e"}}, nil
		}},
	}
	var out bytes.Buffer
	line, ok := summarise(&out, run(t.Context(), chosen, &out))
	if line != "7 passed, 3 failed" || ok {
		t.Errorf("%q, ok %v", line, ok)
	}
	for _, want := range []string{"failed: broken", "NOT RUN, needs a", "✗ a test of e"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in:\n%s", want, out.String())
		}
	}
}

func TestChosenStagesBringWhatTheyNeed(t *testing.T) {
	t.Parallel()
	chosen, err := choose(stages, []string{"browser", "vet"})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range chosen {
		names = append(names, s.name)
	}
	if got := strings.Join(names, " "); got != "tools vet modules build browser" {
		t.Errorf("chosen: %s", got)
	}
	if _, err := choose(stages, []string{"nothing"}); err == nil {
		t.Error("an unknown stage was accepted")
	}
}

func TestFirstScriptsOfAPage(t *testing.T) {
	t.Parallel()
	got := firstScripts([]byte(`<script type="module" crossorigin src="/assets/index-1.js"></script>
<link rel="modulepreload" crossorigin href="./assets/react-2.js"><link rel="stylesheet" href="/assets/a.css">`))
	if s := strings.Join(got, " "); s != "assets/index-1.js assets/react-2.js" {
		t.Errorf("found %s", s)
	}
}
