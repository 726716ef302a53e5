package rapport_test

import (
	"go/ast"
	"go/token"
	"maps"
	"os"
	"regexp"
	"slices"
	"testing"
)

const auditLabels = "web/apps/desk/src/features/audit/actions.ts"

var auditLabel = regexp.MustCompile(`(?m)^  "([a-z_]+\.[a-z_]+)": t\(`)

// TestEveryActionOfTheAuditLogHasALabel finds what is written into the audit
// log in the sources, so that an action without a text on the desk fails, and a
// text without an action.
func TestEveryActionOfTheAuditLogHasALabel(t *testing.T) {
	t.Parallel()
	all, err := sources()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(auditLabels)
	if err != nil {
		t.Fatal(err)
	}
	labels := map[string]bool{}
	for _, m := range auditLabel.FindAllStringSubmatch(string(text), -1) {
		labels[m[1]] = true
	}
	written := auditActions(t, all)
	if len(written) < 50 {
		t.Errorf("these cannot be all actions: %v", slices.Sorted(maps.Keys(written)))
	}
	for _, action := range slices.Sorted(maps.Keys(written)) {
		if !labels[action] {
			t.Errorf("%s: %s lacks %q", written[action], auditLabels, action)
		}
	}
	for action := range labels {
		if _, ok := written[action]; !ok {
			t.Errorf("%s has %q, which nothing writes", auditLabels, action)
		}
	}
}

// scribe is a function that writes into the audit log: which of its arguments
// is the action, or which result of the function among them returns it.
type scribe struct{ arg, result int }

// auditActions are the actions that the sources write, and where. A function
// that is handed its action is looked for among the calls of its package.
func auditActions(t *testing.T, all []source) map[string]token.Position {
	t.Helper()
	found := map[string]token.Position{}
	scribes := map[string]scribe{}
	for more := true; more; {
		more = false
		for _, s := range all {
			if s.test {
				continue
			}
			for _, d := range s.file.Decls {
				f, ok := d.(*ast.FuncDecl)
				if !ok || f.Body == nil {
					continue
				}
				ast.Inspect(f.Body, func(n ast.Node) bool {
					call, ok := n.(*ast.CallExpr)
					if !ok {
						return true
					}
					to, ok := scribes[s.dir+"."+called(call)]
					if _, method := call.Fun.(*ast.SelectorExpr); !ok && method && called(call) == "Audit" && len(call.Args) == 4 {
						to, ok = scribe{arg: 1, result: -1}, true
					}
					if !ok || to.arg >= len(call.Args) {
						return true
					}
					actions, handed := actionsIn(f, call.Args[to.arg], to.result)
					for _, action := range actions {
						found[action] = s.fset.Position(call.Pos())
					}
					if handed != nil {
						if name := s.dir + "." + f.Name.Name; scribes[name] != *handed {
							scribes[name], more = *handed, true
						}
					} else if len(actions) == 0 && to.result < 0 {
						t.Errorf("%s: what is written into the audit log?", s.fset.Position(call.Pos()))
					}
					return true
				})
			}
		}
	}
	return found
}

// actionsIn are what an argument of a call in f may be. It may also be handed
// to f, by a parameter or by what a function given to f returns.
func actionsIn(f *ast.FuncDecl, e ast.Expr, result int) (actions []string, handed *scribe) {
	if result >= 0 {
		ast.Inspect(e, func(n ast.Node) bool {
			if r, ok := n.(*ast.ReturnStmt); ok && result < len(r.Results) {
				if text, ok := literal(r.Results[result]); ok && text != "" {
					actions = append(actions, text)
				}
			}
			return true
		})
		return actions, nil
	}
	switch e := e.(type) {
	case *ast.BasicLit:
		text, _ := literal(e)
		return []string{text}, nil
	case *ast.BinaryExpr:
		before, ok := literal(e.X)
		rest, _ := actionsIn(f, e.Y, -1)
		if ok && e.Op == token.ADD {
			for _, one := range rest {
				actions = append(actions, before+one)
			}
		}
		return actions, nil
	case *ast.Ident:
		if at := parameter(f, e.Name); at >= 0 {
			handed = &scribe{arg: at, result: -1}
		}
		ast.Inspect(f.Body, func(n ast.Node) bool {
			set, ok := n.(*ast.AssignStmt)
			if !ok {
				return true
			}
			for i, left := range set.Lhs {
				if name, ok := left.(*ast.Ident); !ok || name.Name != e.Name {
					continue
				}
				if len(set.Rhs) == len(set.Lhs) {
					if text, ok := literal(set.Rhs[i]); ok {
						actions = append(actions, text)
					}
				} else if call, ok := set.Rhs[0].(*ast.CallExpr); ok {
					if at := parameter(f, called(call)); at >= 0 {
						handed = &scribe{arg: at, result: i}
					}
				}
			}
			return true
		})
	}
	return actions, handed
}

// parameter returns the place of a parameter, or -1.
func parameter(f *ast.FuncDecl, name string) int {
	at := 0
	for _, field := range f.Type.Params.List {
		for _, one := range field.Names {
			if one.Name == name {
				return at
			}
			at++
		}
	}
	return -1
}
