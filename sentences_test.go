package rapport_test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// What the server says to people is English; the desk and the digest say it in
// the agent's language, by lib/saying/de.json. This test finds the sentences in
// the sources, so that a new one without German fails.

// speaking are the packages whose every text is for people, unless it goes
// where only operators look. Of the others, errors are.
var speaking = []string{".", "conversation", "routing", "customer", "workflow", "gateway", "webhook", "card", "handoff", "handoff/webhook", "handoff/flow", "handoff/openai",
	"channel", "channel/web", "channel/api", "auth", "mail", "lib/phone", "lib/option", "lib/sheet"}

// silent are texts in them that no person reads, and why.
var silent = map[string]string{
	"channel {1}":                       "where an upload is for, in the log",
	"The channel {1}":                   "a panic at the start",
	"The bot kind {1}":                  "a panic at the start",
	"options of {1}":                    "a panic at the start",
	"webhooks of workflows":             "the name of a key",
	"What is known of me, as data: {1}": "for a language model",
	"Access-Control-Request-Method, Access-Control-Request-Headers": "a header",
	"{1} {2}s": "a number and its unit, which have entries of their own",
	"{1} {2}s are called {3}; write the id of the one that is meant.": "for who writes workflow files",
}

// elsewhere are packages that say nothing to the people of the desk.
var elsewhere = []string{"cmd/rapport", "bench", "demo", "rapporttest", "rapporttest/*", "scripts/*", "*/sandbox", "*/channeltest", "*/handofftest"}

// fromOutside are sentences of libraries, and parts of dates.
var fromOutside = map[string]bool{"expected length >= {1}": true, "expected length <= {1}": true,
	"1 second": true, "1 minute": true, "1 hour": true, "1 day": true, "1 reply": true, "1 conversation": true, "Nobody answered: {1}": true}

func init() {
	for m := time.January; m <= time.December; m++ {
		fromOutside["{1} "+m.String()+" {2}"] = true
	}
	for d := time.Sunday; d <= time.Saturday; d++ {
		fromOutside[d.String()+" {1}"] = true
	}
}

// quiet are functions whose texts are for operators and programs.
var quiet = []string{"New", "panic", "DebugContext", "InfoContext", "WarnContext", "ErrorContext", "Debug", "Info", "Warn", "Error", "MustCompile",
	"Format", "Set", "Parse", "HandleFunc", "Handle", "Contains", "ContainsAny", "HasPrefix", "HasSuffix", "TrimPrefix", "TrimSuffix", "Trim", "TrimRight", "TrimLeft", "ContainsRune", "Split", "Cut", "ReplaceAll", "Get", "IndexByte", "Go",
	"choices"} // its labels: workflow/spoken_test.go

var verb = regexp.MustCompile(`%(?:\[\d+\])?[-+# 0]*[\d.]*([a-zA-Z%])`)

var route = regexp.MustCompile(`^(GET|POST|PUT|PATCH|DELETE) /`)

// keyOf writes a format as the catalogue does: {1} for what is filled in.
func keyOf(parts []string) string {
	var key strings.Builder
	n, hole := 0, false
	for _, part := range parts {
		if part == "" {
			if !hole {
				n++
				fmt.Fprintf(&key, "{%d}", n)
			}
			hole = true
			continue
		}
		key.WriteString(part)
		hole = false
	}
	return strings.TrimSpace(key.String())
}

// formatted takes the verbs out of a format; "" stands for each.
func formatted(format string) (parts []string) {
	last := 0
	add := func(text string) {
		if text != "" {
			parts = append(parts, text)
		}
	}
	for _, at := range verb.FindAllStringSubmatchIndex(format, -1) {
		add(format[last:at[0]])
		switch format[at[2]:at[3]] {
		case "%":
			add("%")
		case "q":
			parts = append(parts, `"`, "", `"`)
		default:
			parts = append(parts, "")
		}
		last = at[1]
	}
	add(format[last:])
	return parts
}

// pieces of a text that is put together with + or Sprintf; found tells whether
// any of it stands in the source.
func pieces(e ast.Expr) (parts []string, found bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			text, _ := strconv.Unquote(e.Value) // the parser took it
			return formatted(text), true
		}
	case *ast.ParenExpr:
		return pieces(e.X)
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			left, a := pieces(e.X)
			right, b := pieces(e.Y)
			return append(left, right...), a || b
		}
	case *ast.CallExpr:
		if name, format := called(e), 0; name == "Sprintf" && len(e.Args) > 0 {
			if text, ok := literal(e.Args[format]); ok {
				return formatted(text), true
			}
		}
	}
	return []string{""}, false
}

func literal(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

func called(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.Ident:
		return f.Name
	}
	return ""
}

// refusals are the functions that make an error for people, and the place of
// their format among the arguments.
var refusals = map[string]int{"Errorf": 2, "Invalidf": 1, "add": -1}

// sentencesOf finds what a source says.
func sentencesOf(s source) map[string]token.Position {
	found := map[string]token.Position{}
	everything := slices.Contains(speaking, s.dir) && !slices.Contains(prompts, s.path)
	say := func(at ast.Node, parts []string) {
		key := keyOf(parts)
		letters := strings.Join(parts, "")
		if !strings.ContainsFunc(letters, func(r rune) bool { return r >= 'a' && r <= 'z' }) || !strings.Contains(key, " ") && (!strings.HasSuffix(key, ".") || key[0] < 'A' || key[0] > 'Z') || strings.Contains(key, "\n") || route.MatchString(key) {
			return
		}
		found[key] = s.fset.Position(at.Pos())
	}
	var visit func(n ast.Node) bool
	visit = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.Field:
			return false // no texts but tags
		case *ast.CallExpr:
			name := called(n)
			of := ""
			if f, ok := n.Fun.(*ast.SelectorExpr); ok {
				if x, ok := f.X.(*ast.Ident); ok {
					of = x.Name
				}
			}
			ours := of == "rapport" || of == "" && s.dir == "."
			if place, ok := refusals[name]; ok && ours && place >= 0 && place < len(n.Args) {
				if text, ok := literal(n.Args[place]); ok {
					say(n, formatted(text))
				} else if parts, ok := pieces(n.Args[place]); ok {
					say(n, parts)
				}
				for _, arg := range n.Args[place+1:] {
					ast.Inspect(arg, visit)
				}
				return false
			}
			if name == "Sprintf" {
				if parts, ok := pieces(n); ok {
					if everything {
						say(n, parts)
					}
					for _, arg := range n.Args[1:] {
						ast.Inspect(arg, visit)
					}
					return false
				}
			}
			if slices.Contains(quiet, name) && !(name == "Error" && ours) || name == "Errorf" {
				return false
			}
		case *ast.KeyValueExpr:
			if k, ok := n.Key.(*ast.Ident); ok && !everything && (k.Name == "Message" || k.Name == "Reason" || k.Name == "Why") {
				if parts, ok := pieces(n.Value); ok {
					say(n, parts)
				}
			}
		case *ast.AssignStmt:
			if n.Tok == token.ADD_ASSIGN && len(n.Rhs) == 1 && everything {
				if parts, ok := pieces(n.Rhs[0]); ok {
					say(n, append([]string{""}, parts...))
					return false
				}
			}
		case *ast.BinaryExpr:
			if parts, ok := pieces(n); ok && n.Op == token.ADD {
				if everything {
					say(n, parts)
				}
				inside(n, visit)
				return false
			}
		case *ast.BasicLit:
			if text, ok := literal(n); ok && everything {
				say(n, formatted(text))
			}
		}
		return true
	}
	ast.Inspect(s.file, visit)
	return found
}

// inside looks at what is filled into a text that is put together.
func inside(e ast.Expr, visit func(ast.Node) bool) {
	switch e := e.(type) {
	case *ast.BinaryExpr:
		inside(e.X, visit)
		inside(e.Y, visit)
	case *ast.ParenExpr:
		inside(e.X, visit)
	case *ast.BasicLit:
	case *ast.CallExpr:
		for _, arg := range e.Args {
			if _, ok := literal(arg); !ok || called(e) != "Sprintf" {
				ast.Inspect(arg, visit)
			}
		}
	default:
		ast.Inspect(e, visit)
	}
}

// prompts are sources whose texts, but for errors, are for a language model.
var prompts = []string{"handoff/openai/assist.go", "handoff/openai/tools.go"}

// programs are sources whose texts are for the programs that call an API, or
// that have their own words in each language.
var programs = []string{"channel/api/files.go", "channel/api/inbound.go", "channel/web/identity.go", "channel/web/session.go", "channel/web/messages.go",
	"channel/web/socket.go", "channel/web/files.go", "channel/web/survey.go", "lib/jsonbody/jsonbody.go", "api/botapi.go", "mail/words.go"}

func TestTheServerSpeaksGerman(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("lib/saying/de.json")
	if err != nil {
		t.Fatal(err)
	}
	german := map[string]string{}
	if err := json.Unmarshal(text, &german); err != nil {
		t.Fatal(err)
	}
	templates := ""
	files, _ := filepath.Glob("workflow/templates/*.yaml")
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		templates += string(text)
	}
	said, total := map[string]bool{}, 0
	var literals strings.Builder
	eachSource(t, func(s source) {
		if s.test || slices.Contains(programs, s.path) || slices.ContainsFunc(elsewhere, func(pattern string) bool { return listed([]string{pattern}, s.dir) }) {
			return
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if e, ok := n.(ast.Expr); ok {
				if text, ok := literal(e); ok {
					literals.WriteString(text + "\n")
				}
			}
			return true
		})
		for key, at := range sentencesOf(s) {
			said[key] = true
			if total++; german[key] == "" && silent[key] == "" {
				t.Errorf("%s: lib/saying/de.json lacks %q", at, key)
			}
		}
	})
	if total < 900 {
		t.Errorf("only %d sentences were found in the sources", total)
	}
	for key := range silent {
		if !said[key] || german[key] != "" {
			t.Errorf("%q needs no excuse", key)
		}
	}
	for key := range german {
		long := ""
		for _, fixed := range regexp.MustCompile(`\{\d\}`).Split(key, -1) {
			if fixed = strings.TrimSuffix(strings.TrimSpace(fixed), "s"); len(fixed) > len(long) {
				long = fixed
			}
		}
		long = strings.NewReplacer(`"`, "").Replace(long)
		if !said[key] && !fromOutside[key] && !strings.Contains(templates, key) && !strings.Contains(literals.String(), long) {
			t.Errorf("lib/saying/de.json has %q, which nothing says", key)
		}
	}
}

// TestSentencesAreFound makes sure that the test above sees what it should.
func TestSentencesAreFound(t *testing.T) {
	t.Parallel()
	const text = `package conversation
func f() {
	rapport.Errorf(rapport.Conflict, "code", "%s has %q.", a, "the other")
	rapport.Invalidf("field", "Between 1 and %d.", 3)
	fmt.Errorf("for operators only: %w", err)
	line := by + " did it" + because("a reason")
	line += "; and that"
	log.ErrorContext(ctx, "cannot do it")
	return happened("event", fmt.Sprintf("Held by %s for %d minutes", a, n))
}`
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "f.go", text, 0)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for key := range sentencesOf(source{path: "conversation/f.go", dir: "conversation", file: file, fset: fset}) {
		found = append(found, key)
	}
	slices.Sort(found)
	want := []string{"Between 1 and {1}.", "Held by {1} for {2} minutes", "a reason", "the other", `{1} did it{2}`, `{1} has "{2}".`, "{1}; and that"}
	if !slices.Equal(found, want) {
		t.Errorf("found %q; want %q", found, want)
	}
}
