package rapport_test

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// numbers are the series of docs/requirements.md and how long each is.
var numbers = []struct {
	prefix string
	last   int
	format string
}{
	{"S1", 19, "%s-%02d"}, {"S2", 13, "%s-%02d"}, {"S3", 91, "%s-%02d"}, {"S4", 14, "%s-%02d"}, {"S5", 24, "%s-%02d"},
	{"C", 33, "%s%d"}, {"T", 14, "%s%d"},
}

const requirements = "docs/requirements.md"

type requirement struct {
	number, says, state string
	proofs              []string
}

var (
	requirementRow = regexp.MustCompile(`(?m)^\| ((?:S\d-|C|T)\d+) \|(.*)\|(.*)\|(.*)\|$`)
	plannedState   = regexp.MustCompile(`^planned, (issue \d+|later)$`)
	codeSpan       = regexp.MustCompile("`([^`\n]+)`")
	goProof        = regexp.MustCompile(`^(\S+_test\.go):((?:Test|Fuzz)\w+)$`)
	scenarioProof  = regexp.MustCompile(`^(\S*testdata/\S+\.txt)$`)
	webProof       = regexp.MustCompile(`^(web/\S+\.(?:spec|test)\.tsx?): (.+)$`)
)

func readRequirements(text string) []requirement {
	var found []requirement
	for _, m := range requirementRow.FindAllStringSubmatch(text, -1) {
		r := requirement{number: m[1], says: strings.TrimSpace(m[2]), state: strings.TrimSpace(m[3])}
		for _, span := range codeSpan.FindAllStringSubmatch(m[4], -1) {
			r.proofs = append(r.proofs, span[1])
		}
		found = append(found, r)
	}
	return found
}

func TestRequirementsAreCompleteAndProven(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(requirements)
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]requirement{}
	for _, r := range readRequirements(string(text)) {
		if _, twice := rows[r.number]; twice {
			t.Errorf("%s stands twice", r.number)
		}
		rows[r.number] = r
	}
	for _, series := range numbers {
		for n := 1; n <= series.last; n++ {
			number := fmt.Sprintf(series.format, series.prefix, n)
			r, ok := rows[number]
			if !ok {
				t.Errorf("%s is missing", number)
				continue
			}
			delete(rows, number)
			for _, fault := range r.faults(os.DirFS(".")) {
				t.Errorf("%s: %s", number, fault)
			}
		}
	}
	for number := range rows {
		t.Errorf("%s is no number of the requirements", number)
	}
}

// faults of a row, given the tree that its proofs are in.
func (r requirement) faults(tree fs.FS) (faults []string) {
	if r.says == "" {
		faults = append(faults, "it says nothing")
	}
	switch {
	case r.state == "works" && len(r.proofs) == 0:
		faults = append(faults, "it works, but names no test")
	case r.state != "works" && !plannedState.MatchString(r.state):
		faults = append(faults, fmt.Sprintf("%q is no state", r.state))
	}
	for _, proof := range r.proofs {
		if err := proofExists(tree, proof); err != nil {
			faults = append(faults, err.Error())
		}
	}
	return faults
}

func proofExists(tree fs.FS, proof string) error {
	if m := scenarioProof.FindStringSubmatch(proof); m != nil {
		_, err := fs.Stat(tree, m[1])
		return err
	}
	if m := goProof.FindStringSubmatch(proof); m != nil {
		text, err := fs.ReadFile(tree, m[1])
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), m[1], text, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, decl := range file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == m[2] {
				return nil
			}
		}
		return fmt.Errorf("%s has no %s", m[1], m[2])
	}
	if m := webProof.FindStringSubmatch(proof); m != nil {
		text, err := fs.ReadFile(tree, m[1])
		if err != nil {
			return err
		}
		for _, quote := range []string{"'", `"`, "`"} {
			if strings.Contains(string(text), quote+m[2]+quote) {
				return nil
			}
		}
		return fmt.Errorf("%s has no test %q", m[1], m[2])
	}
	return fmt.Errorf("%q names no test", proof)
}

// TestRequirementFaults makes sure that the check above can say no.
func TestRequirementFaults(t *testing.T) {
	t.Parallel()
	for row, want := range map[string]int{
		"| S1-01 | A rule. | works | `docs_test.go:TestRequirementFaults`, `docs_test.go:TestLinksAndPaths` |": 0,
		"| S1-01 | A rule. | works | |":                                              1,
		"| S1-01 | A rule. | planned, issue 3 | |":                                   0,
		"| S1-01 | A rule. | planned, later | |":                                     0,
		"| S1-01 | A rule. | soon | |":                                               1,
		"| S1-01 | | works | `docs_test.go:TestRequirementFaults` |":                 1,
		"| C1 | A rule. | works | `docs_test.go:TestNowhere` |":                      1,
		"| T1 | A rule. | works | `nowhere_test.go:TestX` |":                         1,
		"| T1 | A rule. | works | `testdata/scenario/nowhere.txt` |":                 1,
		"| T1 | A rule. | works | `web/e2e/nowhere.spec.ts: a title` |":              1,
		"| T1 | A rule. | works | `docs/requirements.md` |":                          1,
		"| T1 | A rule. | works | `docs_test.go:requirement` `docs_test.go:TestX` |": 2,
	} {
		rows := readRequirements(row)
		if len(rows) != 1 {
			t.Errorf("%s: read as %d rows", row, len(rows))
			continue
		}
		if faults := rows[0].faults(os.DirFS(".")); len(faults) != want {
			t.Errorf("%s: faults %q, want %d", row, faults, want)
		}
	}
}

// documents are README.md, CHANGELOG.md and all below docs.
func documents(t *testing.T) map[string]string {
	t.Helper()
	docs := map[string]string{}
	read := func(name string) error {
		text, err := os.ReadFile(name)
		docs[filepath.ToSlash(name)] = string(text)
		return err
	}
	err := errors.Join(read("README.md"), read("CHANGELOG.md"), filepath.WalkDir("docs", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) != ".md" {
			return err
		}
		return read(name)
	}))
	if err != nil {
		t.Fatal(err)
	}
	return docs
}

var (
	markdownLink = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading      = regexp.MustCompile(`(?m)^#+ (.*)$`)
	filePath     = regexp.MustCompile(`^[\w.*-]+(/[\w.*-]+)+/?$`)
	sourceFile   = regexp.MustCompile(`\.(go|md|txt|ts|tsx|sql|json|png|yml)$`)
)

// made are directories that appear only while the program is built or runs.
var made = []string{"bin", "build", "data"}

func TestLinksAndPaths(t *testing.T) {
	t.Parallel()
	docs := documents(t)
	for name, text := range docs {
		for _, m := range markdownLink.FindAllStringSubmatch(text, -1) {
			if err := linkLeads(docs, name, m[1]); err != nil {
				t.Errorf("%s: the link to %s: %v", name, m[1], err)
			}
		}
		for _, m := range codeSpan.FindAllStringSubmatch(text, -1) {
			if namesFile(m[1]) && !exists(m[1]) && !exists(path.Join(path.Dir(name), m[1])) {
				t.Errorf("%s names %s, which does not exist", name, m[1])
			}
		}
	}
}

func linkLeads(docs map[string]string, from, target string) error {
	if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
		return nil
	}
	file, anchor, _ := strings.Cut(target, "#")
	name := from
	if file != "" {
		name = path.Join(path.Dir(from), file)
		if !exists(name) {
			return fmt.Errorf("%s does not exist", name)
		}
	}
	if anchor == "" {
		return nil
	}
	for _, m := range heading.FindAllStringSubmatch(docs[name], -1) {
		if slug(m[1]) == anchor {
			return nil
		}
	}
	return fmt.Errorf("%s has no heading #%s", name, anchor)
}

// TestScreenshotsStaySmall: a picture is shown on some page, and loads quickly.
func TestScreenshotsStaySmall(t *testing.T) {
	t.Parallel()
	const most = 200 << 10
	pictures, err := filepath.Glob("docs/screenshots/*")
	if err != nil || len(pictures) == 0 {
		t.Fatalf("there are no screenshots (%v)", err)
	}
	docs := documents(t)
	for _, picture := range pictures {
		info, err := os.Stat(picture)
		if err != nil {
			t.Fatal(err)
		}
		if info.Size() > most {
			t.Errorf("%s has %d bytes, more than %d", picture, info.Size(), most)
		}
		shown := false
		for _, text := range docs {
			shown = shown || strings.Contains(text, "screenshots/"+filepath.Base(picture)+")")
		}
		if !shown {
			t.Errorf("%s is on no page", picture)
		}
	}
}

// slug is the anchor that a heading gets.
func slug(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || r > 127:
			return r
		}
		return -1
	}, strings.ToLower(strings.TrimSpace(heading)))
}

// namesFile tells whether a code span is meant as a path of the repository:
// it looks like one, and starts in a directory that exists or ends like a
// source file.
func namesFile(span string) bool {
	first, _, _ := strings.Cut(path.Clean(span), "/")
	return filePath.MatchString(span) && !slices.Contains(made, first) && (exists(first) || sourceFile.MatchString(span))
}

func exists(pattern string) bool {
	found, err := filepath.Glob(filepath.FromSlash(pattern))
	return err == nil && len(found) > 0
}

var (
	fenced         = regexp.MustCompile("(?s)```[^\n]*\n(.*?)```")
	makeCommand    = regexp.MustCompile(`^(?:\$ )?make ([a-z]+)`)
	rapportCommand = regexp.MustCompile(`^(?:\$ )?(?:\./)?(?:bin/)?rapport((?: [a-z][a-z-]*)+)`)
	makeTarget     = regexp.MustCompile(`(?m)^([a-z]+):`)
)

// commands are the lines of code of a document: spans and fenced blocks.
func commands(text string) (lines []string) {
	for _, m := range fenced.FindAllStringSubmatch(text, -1) {
		for line := range strings.SplitSeq(m[1], "\n") {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	for _, m := range codeSpan.FindAllStringSubmatch(fenced.ReplaceAllString(text, ""), -1) {
		lines = append(lines, m[1])
	}
	return lines
}

func TestNamedCommandsExist(t *testing.T) {
	t.Parallel()
	makefile, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	var targets []string
	for _, m := range makeTarget.FindAllStringSubmatch(string(makefile), -1) {
		targets = append(targets, m[1])
	}
	program, err := programCommands("cmd/rapport")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range documents(t) {
		for _, line := range commands(text) {
			if m := makeCommand.FindStringSubmatch(line); m != nil && !slices.Contains(targets, m[1]) {
				t.Errorf("%s: the Makefile has no target %s", name, m[1])
			}
			if m := rapportCommand.FindStringSubmatch(line); m != nil && program != nil && !program.knows(strings.Fields(m[1])) {
				t.Errorf("%s: there is no command %q", name, m[0])
			}
		}
	}
}

// commandTree is a command with its subcommands; one without them takes
// arguments.
type commandTree map[string]commandTree

func (c commandTree) knows(words []string) bool {
	if len(words) == 0 || len(c) == 0 {
		return true
	}
	sub, ok := c[words[0]]
	return ok && sub.knows(words[1:])
}

// programCommands reads the commands from the structs of a program that uses
// kong: fields with a cmd tag, named by their name tag or their own name.
// There are none as long as the program does not exist.
func programCommands(dir string) (commandTree, error) {
	files, err := filepath.Glob(dir + "/*.go")
	if err != nil || len(files) == 0 {
		return nil, err
	}
	structs := map[string]*ast.StructType{}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.TypeSpec:
				if s, ok := n.Type.(*ast.StructType); ok {
					structs[n.Name.Name] = s
				}
			case *ast.ValueSpec:
				if s, ok := n.Type.(*ast.StructType); ok {
					structs[n.Names[0].Name] = s
				}
			}
			return true
		})
	}
	roots := map[string]commandTree{}
	inner := map[string]bool{} // types that are a subcommand of another
	for name, s := range structs {
		if tree := readCommands(structs, s, inner); len(tree) > 0 {
			roots[name] = tree
		}
	}
	for name, tree := range roots {
		if !inner[name] {
			return tree, nil
		}
	}
	return nil, fmt.Errorf("no struct of commands was found in %s", dir)
}

func readCommands(structs map[string]*ast.StructType, s *ast.StructType, inner map[string]bool) commandTree {
	tree := commandTree{}
	for _, field := range s.Fields.List {
		if field.Tag == nil || len(field.Names) == 0 {
			continue
		}
		text, err := strconv.Unquote(field.Tag.Value)
		if err != nil {
			continue
		}
		tag := reflect.StructTag(text)
		if _, isCommand := tag.Lookup("cmd"); !isCommand {
			continue
		}
		name := tag.Get("name")
		if name == "" {
			name = kebab(field.Names[0].Name)
		}
		tree[name] = commandTree{}
		switch of := field.Type.(type) {
		case *ast.StructType:
			tree[name] = readCommands(structs, of, inner)
		case *ast.Ident:
			inner[of.Name] = true
			if sub, ok := structs[of.Name]; ok {
				tree[name] = readCommands(structs, sub, inner)
			}
		}
	}
	return tree
}

// kebab writes AdminCreate as admin-create.
func kebab(name string) string {
	var b strings.Builder
	for i, r := range name {
		if 'A' <= r && r <= 'Z' {
			if i > 0 {
				b.WriteByte('-')
			}
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}

func TestProgramCommandsAreRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	source := "package main\n" +
		"type commands struct {\n\tServe serveCommand `cmd:\"\" help:\"Run.\"`\n\tAdmin struct {\n\t\tCreate create `cmd:\"\"`\n\t} `cmd:\"\"`\n\tLog string `help:\"no command\"`\n\tOpenAPI create `cmd:\"\" name:\"openapi\"`\n}\n" +
		"type serveCommand struct{ Listen string `help:\"x\"` }\ntype create struct{ Email string `arg:\"\"` }\n"
	if err := os.WriteFile(filepath.Join(dir, "main.go"), []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	tree, err := programCommands(dir)
	if err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]bool{
		"serve": true, "admin": true, "admin create": true, "admin create somebody": true, "openapi": true,
		"admin remove": false, "log": false, "dance": false,
	} {
		if got := tree.knows(strings.Fields(line)); got != want {
			t.Errorf("rapport %s: known is %v, want %v", line, got, want)
		}
	}
}
