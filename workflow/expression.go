package workflow

import (
	"errors"
	"fmt"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/types"
	"github.com/expr-lang/expr/vm"

	"rapport/lib/nested"
)

const (
	mostExpression = 1000 // bytes
	mostNodes      = 200
)

var typed = map[FactType]types.Type{
	FactString: types.String, FactNumber: types.Float64, FactBool: types.Bool, FactList: types.Array(types.String), FactDuration: types.Float64,
	FactStatus: types.String, FactPriority: types.String, FactQueue: types.String, FactInbox: types.String,
}

// environment is the vocabulary as an expression sees it. Whatever may not exist
// is nil there.
var environment = func() types.Map {
	env := types.Map{}
	for _, f := range facts {
		at, name := env, f.Name
		for {
			head, rest, nested := strings.Cut(name, ".")
			if !nested {
				break
			}
			inner, there := at[head].(types.Map)
			if !there {
				inner = types.Map{}
				at[head] = inner
			}
			at, name = inner, rest
		}
		if name == "*" {
			at[types.Extra] = types.Any
			continue
		}
		at[name] = types.Any
		if t, always := typed[f.Type]; always && !f.Optional {
			at[name] = t
		}
	}
	return env
}()

// loops finds what could make an expression run for long: there is nothing to
// repeat but ranges and the predicates, which are switched off.
type loops struct{ err error }

func (l *loops) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.BinaryNode:
		if n.Operator == ".." || n.Operator == "**" {
			l.err = fmt.Errorf("%s is not allowed in an expression", n.Operator)
		}
	case *ast.PredicateNode:
		l.err = errors.New("loops are not allowed in an expression")
	}
}

func compile(text string) (*vm.Program, error) {
	if len(text) > mostExpression {
		return nil, fmt.Errorf("the expression is %d bytes long; at most %d are allowed", len(text), mostExpression)
	}
	var l loops
	program, err := expr.Compile(text, expr.Env(environment), expr.AsBool(), expr.MaxNodes(mostNodes), expr.Patch(&l), expr.DisableAllBuiltins(),
		expr.EnableBuiltin("len"), expr.EnableBuiltin("lower"), expr.EnableBuiltin("upper"), expr.EnableBuiltin("trim"), expr.EnableBuiltin("abs"))
	if err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		return nil, errors.New(first)
	}
	return program, l.err
}

// evaluate answers an expression. It has no side effects and no loops, so that
// its length bounds its time.
func evaluate(text string, f Facts) (bool, error) {
	program, err := compile(text)
	if err != nil {
		return false, fmt.Errorf("the expression is not right: %w", err)
	}
	got, err := expr.Run(program, f.nested())
	if err != nil {
		first, _, _ := strings.Cut(err.Error(), "\n")
		return false, fmt.Errorf("the expression cannot be answered: %s", first)
	}
	yes, ok := got.(bool)
	if !ok {
		return false, errors.New("the expression is neither true nor false")
	}
	return yes, nil
}

// nested puts a.b.c into maps in maps.
func (f Facts) nested() map[string]any {
	env := map[string]any{}
	for _, fact := range facts { // what does not exist is nil, not unknown
		if !strings.HasSuffix(fact.Name, "*") {
			nested.Put(env, fact.Name, nil)
		} else {
			nested.Put(env, strings.TrimSuffix(fact.Name, ".*"), map[string]any{})
		}
	}
	for name, v := range f {
		nested.Put(env, name, v)
	}
	return env
}
