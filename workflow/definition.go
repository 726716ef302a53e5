package workflow

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"rapport"
)

// Bounds of a definition.
const (
	MostBytes = 128 << 10
	MostSteps = 200
	mostDepth = 8  // of conditions in conditions
	mostTerms = 50 // in one group

	DefaultMaxSteps = 500  // of a run, unless its definition says less
	DefaultPerHour  = 1000 // runs that a workflow starts
)

// Definition is what an admin drew.
type Definition struct {
	Name    string  `json:"name,omitempty"`
	Trigger Trigger `json:"trigger"`
	Start   string  `json:"start,omitempty" doc:"Id of the first step."`
	Steps   []Step  `json:"steps,omitempty"`
	Limits  Limits  `json:"limits,omitzero"`
}

// Trigger is what starts a run.
type Trigger struct {
	Kind     string         `json:"kind" doc:"One of the vocabulary's."`
	With     map[string]any `json:"with,omitempty" doc:"Fields of the kind."`
	When     *Condition     `json:"when,omitempty" doc:"Starts only if this holds."`
	Position *Position      `json:"position,omitempty"`
}

// Step is one thing that a run does.
type Step struct {
	ID       string            `json:"id" doc:"Letters, digits, - and _; at most 40."`
	Kind     string            `json:"kind" doc:"One of the vocabulary's."`
	Title    string            `json:"title,omitempty"`
	With     map[string]any    `json:"with,omitempty" doc:"Fields of the kind."`
	Next     map[string]string `json:"next,omitempty" doc:"Output → id of the step that follows. An output that leads nowhere ends the run."`
	OnError  string            `json:"on_error,omitempty" doc:"Step that follows when this one fails for good; without one the run fails."`
	Position *Position         `json:"position,omitempty"`
}

// Position is where the builder shows something.
type Position struct {
	X float64 `json:"x"`
	Y float64 `json:"y"`
}

// Limits guard against a workflow that runs away.
type Limits struct {
	MaxSteps int `json:"max_steps,omitempty" doc:"Steps of one run at the most; 0 stands for 500."`
	PerHour  int `json:"per_hour,omitempty" doc:"Runs started in an hour at the most; 0 stands for 1000."`

	Again string `json:"again,omitempty" enum:"ignore,restart" doc:"What a trigger does while a run about the same conversation is under way: ignore (when left out), or restart, which stops that run and begins anew."`
}

func (l Limits) maxSteps() int {
	if l.MaxSteps > 0 {
		return l.MaxSteps
	}
	return DefaultMaxSteps
}

func (l Limits) perHour() int {
	if l.PerHour > 0 {
		return l.PerHour
	}
	return DefaultPerHour
}

// Condition is true or false of the facts of a moment: a group (all, any, not),
// one comparison (fact, op, value), or an expression. An empty one is true.
type Condition struct {
	All   []Condition `json:"all,omitempty"`
	Any   []Condition `json:"any,omitempty"`
	Not   *Condition  `json:"not,omitempty"`
	Fact  string      `json:"fact,omitempty" doc:"One of the vocabulary's."`
	Op    string      `json:"op,omitempty" doc:"One of the vocabulary's."`
	Value any         `json:"value,omitempty" doc:"What the fact is compared with."`
	Expr  string      `json:"expr,omitempty" doc:"An expression over the facts, for experts."`
}

// Decode reads a definition strictly: members that nobody knows are refused, as
// is anything too large to be meant.
func Decode(text []byte) (Definition, error) {
	var d Definition
	if len(text) > MostBytes {
		return d, rapport.Invalidf("definition", "The definition is %d bytes long; at most %d are allowed.", len(text), MostBytes)
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&d); err != nil {
		return d, rapport.Invalidf("definition", "The definition cannot be read: %s.", explain(err))
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return d, rapport.Invalidf("definition", "Something follows after the definition.")
	}
	return d, d.bounded()
}

// explain puts an error of the decoder into words.
func explain(err error) string {
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Sprintf("%s is a %s, which does not belong there", nameOr(e.Field, "it"), e.Value)
	}
	return strings.TrimPrefix(err.Error(), "json: ")
}

func nameOr(name, other string) string {
	if name == "" {
		return other
	}
	return name
}

// Encode writes a definition as it rests.
func (d Definition) Encode() (json.RawMessage, error) {
	text, err := json.Marshal(d)
	if err != nil {
		return nil, rapport.Invalidf("definition", "The definition cannot be written: %v.", err)
	}
	if len(text) > MostBytes {
		return nil, rapport.Invalidf("definition", "The definition is %d bytes long; at most %d are allowed.", len(text), MostBytes)
	}
	return text, d.bounded()
}

// bounded refuses what no draft may be either.
func (d *Definition) bounded() error {
	if len(d.Steps) > MostSteps {
		return rapport.Invalidf("definition.steps", "There are %d steps; at most %d are allowed.", len(d.Steps), MostSteps)
	}
	if err := d.Trigger.When.bounded("definition.trigger.when", 1); err != nil {
		return err
	}
	for i := range d.Steps {
		c, err := d.Steps[i].condition()
		if err != nil {
			continue // Check tells
		}
		if err := c.bounded("definition.steps", 1); err != nil {
			return err
		}
	}
	return nil
}

func (c *Condition) bounded(field string, depth int) error {
	if c == nil {
		return nil
	}
	if depth > mostDepth {
		return rapport.Invalidf(field, "Conditions are nested more than %d deep.", mostDepth)
	}
	if len(c.All) > mostTerms || len(c.Any) > mostTerms {
		return rapport.Invalidf(field, "A group holds more than %d conditions.", mostTerms)
	}
	if len(c.Expr) > mostExpression {
		return rapport.Invalidf(field, "The expression is %d bytes long; at most %d are allowed.", len(c.Expr), mostExpression)
	}
	for _, list := range [][]Condition{c.All, c.Any} {
		for i := range list {
			if err := list[i].bounded(field, depth+1); err != nil {
				return err
			}
		}
	}
	return c.Not.bounded(field, depth+1)
}

// step finds a step by its id; nil if there is none.
func (d *Definition) step(id string) *Step {
	for i := range d.Steps {
		if d.Steps[i].ID == id {
			return &d.Steps[i]
		}
	}
	return nil
}

// title is what a step is called in logs.
func (s *Step) title() string {
	if s.Title != "" {
		return s.Title
	}
	if k := stepKind(s.Kind); k != nil {
		return k.Label
	}
	return s.Kind
}

// condition reads the field "if" of a branch; nil where there is none.
func (s *Step) condition() (*Condition, error) {
	v, there := s.With["if"]
	if !there || v == nil {
		return nil, nil
	}
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	var c Condition
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&c); err != nil {
		return nil, errors.New(explain(err))
	}
	return &c, nil
}

// Values of fields, as JSON has them.

func (s *Step) text(name string) string   { return textOf(s.With, name) }
func (s *Step) flag(name string) bool     { return flagOf(s.With, name) }
func (s *Step) number(name string) int    { return numberOf(s.With, name) }
func (s *Step) list(name string) []string { return listOf(s.With, name) }

func (s *Step) pairs(name string) map[string]string { return pairsOf(s.With, name) }

func textOf(with map[string]any, name string) string {
	text, _ := with[name].(string) // Check has seen that it is one
	return text
}

func flagOf(with map[string]any, name string) bool {
	on, _ := with[name].(bool)
	return on
}

func numberOf(with map[string]any, name string) int {
	switch n := with[name].(type) {
	case float64:
		return int(n)
	case int:
		return n
	}
	return 0
}

func listOf(with map[string]any, name string) []string {
	switch list := with[name].(type) {
	case []string:
		return list
	case []any:
		texts := make([]string, 0, len(list))
		for _, v := range list {
			if text, ok := v.(string); ok {
				texts = append(texts, text)
			}
		}
		return texts
	}
	return nil
}

func pairsOf(with map[string]any, name string) map[string]string {
	switch pairs := with[name].(type) {
	case map[string]string:
		return pairs
	case map[string]any:
		texts := make(map[string]string, len(pairs))
		for key, v := range pairs {
			if text, ok := v.(string); ok {
				texts[key] = text
			}
		}
		return texts
	}
	return nil
}
