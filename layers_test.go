package rapport_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

const module = "rapport"

// layers is the architecture: which packages of ours each package may import.
// "*" stands for one path element, "." for the root. Leaves below lib/ may be
// imported by everyone but the root and other leaves. A new arrow is a
// change to this table, with its reason in the commit.
var layers = map[string][]string{
	// L0: words and leaves
	".":           {},
	"lib/*":       {"."},
	"lib/problem": {".", "lib/saying"},    // refusals are told in the language of who asks
	"lib/point":   {".", "lib/phone"},     // a contact point of kind phone has the form of a phone number
	"lib/option":  {".", "lib/secretbox"}, // an option may be a secret

	// L1: mechanisms and contracts
	"store":   {"."},
	"job":     {".", "store"},
	"push":    {".", "store"},
	"blob":    {"."},
	"channel": {"."},
	"handoff": {"."},

	// L2: rules
	"auth":         {".", "store"},
	"presence":     {".", "store", "job"},
	"routing":      {".", "store", "job", "presence"},
	"conversation": {".", "store", "job", "routing", "search"},                 // what is erased or merged leaves the index in the same transaction
	"customer":     {".", "store", "job", "conversation", "routing", "search"}, // who is the same person: moves conversations, which may then go to another agent
	"voice":        {".", "store", "job", "conversation", "routing"},
	"attachment":   {".", "store", "blob", "channel"}, // what channels carry is what may be uploaded
	"workflow":     {".", "store", "job", "conversation"},
	"report":       {".", "store", "job", "routing"},
	"search":       {".", "store"}, // follows the log into tables of its own

	// L3: edges
	"gateway":   {".", "store", "job", "blob", "channel", "handoff", "conversation", "attachment"},
	"webhook":   {".", "store", "job", "workflow"},         // a step's call, and the run that waits for its answer
	"card":      {".", "store", "conversation", "webhook"}, // tells the thread what was changed elsewhere; signs as webhooks do
	"mail":      {".", "store", "job"},
	"feedback":  {".", "store", "job", "mail"}, // goes out by e-mail, too
	"web":       {},
	"channel/*": {".", "channel"},
	"handoff/*": {".", "handoff"},
	"api": {".", "store", "job", "push", "blob", "channel", "handoff", "auth", "presence", "routing",
		"conversation", "customer", "attachment", "voice", "workflow", "report", "search", "gateway", "webhook", "mail", "feedback", "card"},

	// L4: wiring
	"all": {"channel/*", "handoff/*"},
	"app": {}, // everything
	// The command opens the database itself where no server runs: admin, doctor,
	// trace, migrate, workflow. pg: a private PostgreSQL to measure.
	"cmd/rapport":          {".", "app", "all", "api", "auth", "bench", "blob", "demo", "routing", "search", "store", "web", "workflow", "rapporttest/pg"},
	"bench":                {}, // everything: it measures the whole program
	"demo":                 {}, // everything: it tells its story through the rules
	"rapporttest":          {}, // everything
	"rapporttest/scenario": {}, // everything
	"rapporttest/pg":       {},
	"scripts/test":         {"rapporttest/pg"},
}

// everything names the wiring packages, which may import any other.
var everything = []string{"app", "bench", "demo", "rapporttest", "rapporttest/scenario"}

// forTests may be imported by every test.
var forTests = []string{"rapporttest", "rapporttest/pg", "channel/channeltest", "channel/sandbox", "handoff/handofftest", "handoff/sandbox"}

// onlyIn confines imports from outside to the packages that exist for them.
var onlyIn = map[string][]string{
	"database/sql":                     {"store", "rapporttest/pg"},
	"github.com/jackc/pgx/v5":          {"store", "rapporttest/pg"},
	"modernc.org/sqlite":               {"store"},
	"modernc.org/libc":                 {"store"},
	"github.com/pressly/goose/v3":      {"store"},
	"github.com/danielgtaylor/huma/v2": {"api"},
	"github.com/wneessen/go-mail":      {"mail"},
	"github.com/minio/minio-go/v7":     {"blob"},
	"github.com/theory/jsonpath":       {"card"},
}

// edgesOnly are imports that rules and mechanisms do without: no rule knows a
// browser, a vendor or a socket.
var edgesOnly = []string{"net/http", "github.com/coder/websocket"}

var rules = []string{".", "store", "job", "presence", "routing", "conversation", "customer", "attachment", "voice", "workflow", "report", "search"}

// longFiles may pass maxLines, each for a reason. store and api are lists and
// exempt as packages.
var longFiles = map[string]string{}

const maxLines = 600

// nothingNames say nothing about what a package does.
var nothingNames = []string{"util", "utils", "common", "helper", "helpers", "misc", "shared", "base", "types", "models", "manager", "service", "services"}

// source is one parsed Go file.
type source struct {
	path string // relative, with slashes
	dir  string // its package's place in the layers table
	test bool
	text []byte
	file *ast.File
	fset *token.FileSet
}

// sources parses the repository itself; asking `go list` would be answered
// from the test cache after a change of another package.
var sources = sync.OnceValues(func() ([]source, error) {
	var found []source
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules" || d.Name() == "testdata") {
				return fs.SkipDir
			}
			return nil
		}
		if filepath.Ext(name) != ".go" {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name, text, parser.ParseComments)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		found = append(found, source{path: name, dir: path.Dir(name), test: strings.HasSuffix(name, "_test.go"), text: text, file: file, fset: fset})
		return nil
	})
	return found, err
})

func eachSource(t *testing.T, check func(s source)) {
	t.Helper()
	all, err := sources()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		check(s)
	}
}

// layer finds the entry of a package: by name, else by pattern.
func layer(dir string) (allowed []string, ok bool) {
	if allowed, ok = layers[dir]; ok {
		return allowed, true
	}
	for pattern, allowed := range layers {
		if matched, _ := path.Match(pattern, dir); matched { // the patterns are well formed
			return allowed, true
		}
	}
	return nil, false
}

func listed(patterns []string, dir string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		matched, _ := path.Match(pattern, dir)
		return matched
	})
}

// imports of a file: ours as places in the table, and the others.
func (s source) imports(t *testing.T) (ours, others []string) {
	for _, spec := range s.file.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case name == module:
			ours = append(ours, ".")
		case strings.HasPrefix(name, module+"/"):
			ours = append(ours, strings.TrimPrefix(name, module+"/"))
		default:
			others = append(others, name)
		}
	}
	return ours, others
}

// mayImport is the table's answer; a reason why not, or "".
func mayImport(dir, target string, test bool) string {
	if target == dir {
		return "" // an external test of the package itself
	}
	if test && listed(forTests, target) {
		return ""
	}
	allowed, ok := layer(dir)
	switch {
	case !ok:
		return "it has no entry in the table of layers"
	case slices.Contains(everything, dir), listed(allowed, target):
		return ""
	case strings.HasPrefix(target, "lib/") && dir != "." && !strings.HasPrefix(dir, "lib/"):
		return ""
	}
	return fmt.Sprintf("it may import %v", allowed)
}

func TestLayers(t *testing.T) {
	t.Parallel()
	eachSource(t, func(s source) {
		if _, ok := layer(s.dir); !ok {
			t.Errorf("%s: package %s is not in the table of layers", s.path, s.dir)
			return
		}
		ours, others := s.imports(t)
		for _, target := range ours {
			if why := mayImport(s.dir, target, s.test); why != "" {
				t.Errorf("%s imports %s: %s", s.path, target, why)
			}
		}
		for _, name := range others {
			if name == "math/rand" {
				t.Errorf("%s imports math/rand; use crypto/rand or math/rand/v2", s.path)
			}
			if s.test {
				continue
			}
			if s.dir == "." && strings.Contains(strings.Split(name, "/")[0], ".") {
				t.Errorf("%s imports %s; the root package needs the standard library only", s.path, name)
			}
			for confined, homes := range onlyIn {
				if (name == confined || strings.HasPrefix(name, confined+"/")) && !slices.Contains(homes, s.dir) {
					t.Errorf("%s imports %s, which only %v may", s.path, name, homes)
				}
			}
			if slices.Contains(edgesOnly, name) && slices.Contains(rules, s.dir) {
				t.Errorf("%s imports %s; that is for the edges", s.path, name)
			}
		}
	})
}

// TestLayersRefuse makes sure that the table can say no.
func TestLayersRefuse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from, to string
		test, ok bool
	}{
		{"routing", "conversation", false, false},
		{"conversation", "routing", false, true},
		{"channel/web", "store", false, false},
		{"channel/web", "channel", false, true},
		{"channel/web", "channel/channeltest", false, false},
		{"channel/web", "channel/channeltest", true, true},
		{"channel/api", "channel/web", false, false},
		{"all", "channel/web", false, true},
		{"store", "job", false, false},
		{".", "lib/phone", false, false},
		{"lib/phone", "lib/mime", false, false},
		{"routing", "lib/phone", false, true},
		{"routing", "rapporttest", false, false},
		{"routing", "rapporttest", true, true},
		{"app", "api", false, true},
		{"cmd/rapport", "conversation", false, false},
		{"helpers", ".", false, false},
	} {
		if got := mayImport(c.from, c.to, c.test) == ""; got != c.ok {
			t.Errorf("%s importing %s (in a test: %v): allowed is %v, want %v", c.from, c.to, c.test, got, c.ok)
		}
	}
}

func TestPackagesIntroduceThemselves(t *testing.T) {
	t.Parallel()
	type pkg struct{ name, dir string }
	comments := map[pkg][]string{}
	eachSource(t, func(s source) {
		name := s.file.Name.Name
		if s.test && (strings.HasSuffix(name, "_test") || s.file.Doc == nil) {
			return
		}
		key := pkg{name, s.dir}
		comments[key] = slices.Grow(comments[key], 1) // the package is known, with or without comment
		if s.file.Doc == nil {
			return
		}
		comments[key] = append(comments[key], s.path)
		begins := "Package " + name + " "
		if name == "main" {
			begins = "Command "
		}
		if !strings.HasPrefix(s.file.Doc.Text(), begins) {
			t.Errorf("%s: the package comment does not begin with %q", s.path, begins)
		}
	})
	for p, files := range comments {
		if len(files) != 1 {
			t.Errorf("package %s in %s has %d package comments %v, want one", p.name, p.dir, len(files), files)
		}
		if slices.Contains(nothingNames, p.name) || slices.Contains(nothingNames, path.Base(p.dir)) {
			t.Errorf("the name of package %s says nothing about what it does", p.dir)
		}
	}
}

// TestFilesStayReadable looks at the sources of the web too.
func TestFilesStayReadable(t *testing.T) {
	t.Parallel()
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		if d.IsDir() {
			if name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules" || name == "web/dist") {
				return fs.SkipDir
			}
			return nil
		}
		dir := path.Dir(name)
		if !slices.Contains([]string{".go", ".ts", ".tsx", ".css"}, path.Ext(name)) || dir == "store" || dir == "api" {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		start := text[:min(len(text), 400)]
		generated := bytes.Contains(start, []byte("DO NOT EDIT")) || bytes.Contains(start, []byte("auto-generated"))
		_, excused := longFiles[name]
		switch lines := bytes.Count(text, []byte("\n")); {
		case lines > maxLines && !generated && !excused:
			t.Errorf("%s has %d lines; at most %d are easy to read", name, lines, maxLines)
		case lines <= maxLines && excused:
			t.Errorf("%s has %d lines and needs no excuse any more", name, lines)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestTestsDoNotSleep finds time.Sleep outside files that own their time, and
// tests that skip themselves.
func TestTestsDoNotSleep(t *testing.T) {
	t.Parallel()
	eachSource(t, func(s source) {
		if !s.test {
			return
		}
		_, others := s.imports(t)
		virtual := slices.Contains(others, "testing/synctest")
		ast.Inspect(s.file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			f, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			on, ok := f.X.(*ast.Ident)
			if !ok {
				return true
			}
			where := s.fset.Position(call.Pos())
			if on.Name == "time" && f.Sel.Name == "Sleep" && !virtual {
				t.Errorf("%s: wait for the condition instead of sleeping", where)
			}
			if on.Name == "t" && slices.Contains([]string{"Skip", "Skipf", "SkipNow"}, f.Sel.Name) {
				t.Errorf("%s: a test that cannot run fails", where)
			}
			return true
		})
	})
}
