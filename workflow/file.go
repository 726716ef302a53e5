package workflow

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"rapport"
)

// File is a workflow as it lies in a repository: with names instead of ids, and
// with tests.
type File struct {
	Format int    `json:"workflow"` // 1
	Name   string `json:"name"`
	Help   string `json:"help,omitempty"`

	Trigger Trigger `json:"trigger"`
	Start   string  `json:"start"`
	Steps   []Step  `json:"steps"`
	Limits  Limits  `json:"limits,omitzero"`

	Tests []Scenario `json:"tests,omitempty"`
}

// Scenario is a test of a workflow: events in virtual time, and what is
// expected of it.
type Scenario struct {
	Name    string         `json:"name"`
	Example map[string]any `json:"example,omitempty"`
	At      time.Time      `json:"at,omitzero"` // when it begins
	Events  []SceneEvent   `json:"events,omitempty"`
	Expect  Expectation    `json:"expect"`
}

// Expectation is what a scenario expects; what is left out is not looked at.
type Expectation struct {
	Path    []string `json:"path,omitempty"`    // the steps in order, each once per visit
	Actions []string `json:"actions,omitempty"` // the kinds of what was done, in order
	Ends    string   `json:"ends,omitempty"`
}

const fileFormat = 1

// mostFile bounds a file.
const mostFile = 512 << 10

// ReadFile reads a file of YAML strictly. Names are still names.
func ReadFile(text []byte) (File, error) {
	var f File
	if len(text) > mostFile {
		return f, fmt.Errorf("the file is %d bytes long; at most %d are allowed", len(text), mostFile)
	}
	if err := decodeYAML(text, &f); err != nil {
		return f, err
	}
	if f.Format != fileFormat {
		return f, fmt.Errorf("it should begin with \"workflow: %d\", the format of the file", fileFormat)
	}
	d := f.Definition()
	return f, d.bounded()
}

// ReadTests reads scenarios that lie beside a workflow: a file whose only member
// is tests.
func ReadTests(text []byte) ([]Scenario, error) {
	var f struct {
		Tests []Scenario `json:"tests"`
	}
	if len(text) > mostFile {
		return nil, fmt.Errorf("the file is %d bytes long; at most %d are allowed", len(text), mostFile)
	}
	return f.Tests, decodeYAML(text, &f)
}

func decodeYAML(text []byte, into any) error {
	converted, err := yaml.YAMLToJSON(text)
	if err != nil {
		return fmt.Errorf("the YAML cannot be read: %s", strings.TrimSpace(yaml.FormatError(err, false, true)))
	}
	dec := json.NewDecoder(bytes.NewReader(converted))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return fmt.Errorf("the file does not fit: %s", explain(err))
	}
	return nil
}

// Definition is what the file defines.
func (f *File) Definition() Definition {
	return Definition{Name: f.Name, Trigger: f.Trigger, Start: f.Start, Steps: f.Steps, Limits: f.Limits}
}

// Encode writes a file as YAML.
func (f File) Encode() ([]byte, error) {
	f.Format = fileFormat
	text, err := json.Marshal(f)
	if err != nil {
		return nil, err
	}
	return yaml.JSONToYAML(text)
}

// each calls do for every field of a definition that refers to something by its
// id, and for every value of a condition that does; do returns what stands there
// instead.
func (d *Definition) each(do func(step, field string, t FieldType, ref string) string) {
	swap := func(step string, fields []Field, with map[string]any) map[string]any {
		out := make(map[string]any, len(with))
		for name, v := range with {
			out[name] = v
			i := slices.IndexFunc(fields, func(f Field) bool { return f.Name == name })
			if text, ok := v.(string); ok && i >= 0 && text != "" && refers(fields[i].Type) {
				out[name] = do(step, name, fields[i].Type, text)
			}
		}
		if len(out) == 0 {
			return nil
		}
		return out
	}
	if k := triggerKind(d.Trigger.Kind); k != nil {
		d.Trigger.With = swap("trigger", k.Fields, d.Trigger.With)
	}
	d.Trigger.When = d.Trigger.When.swapped(func(t FieldType, ref string) string { return do("trigger", "when", t, ref) })
	d.Steps = slices.Clone(d.Steps)
	for i := range d.Steps {
		s := &d.Steps[i]
		if k := stepKind(s.Kind); k != nil {
			s.With = swap(s.ID, k.Fields, s.With)
		}
		if c, err := s.condition(); err == nil && c != nil {
			s.With["if"] = c.swapped(func(t FieldType, ref string) string { return do(s.ID, "if", t, ref) })
		}
	}
}

func refers(t FieldType) bool {
	return t == TypeQueue || t == TypeAgent || t == TypeBot || t == TypeInbox || t == TypeWorkflow
}

// swapped is a condition with other references.
func (c *Condition) swapped(do func(FieldType, string) string) *Condition {
	if c == nil {
		return nil
	}
	n := *c
	list := func(of []Condition) []Condition {
		var out []Condition
		for i := range of {
			out = append(out, *of[i].swapped(do))
		}
		return out
	}
	n.All, n.Any, n.Not = list(c.All), list(c.Any), c.Not.swapped(do)
	fact := factNamed(c.Fact)
	if fact == nil || !refers(FieldType(fact.Type)) {
		return &n
	}
	if text, ok := c.Value.(string); ok {
		n.Value = do(FieldType(fact.Type), text)
	}
	if many, ok := c.Value.([]any); ok {
		var out []any
		for _, v := range many {
			if text, ok := v.(string); ok {
				v = do(FieldType(fact.Type), text)
			}
			out = append(out, v)
		}
		n.Value = out
	}
	return &n
}

// ToFile puts names in place of ids. What is gone keeps its id.
func (d Definition) ToFile(name string, known Known) File {
	d.each(func(_, _ string, t FieldType, id string) string {
		names, _ := known.of(t)
		return nameOr(names[id], id)
	})
	return File{Format: fileFormat, Name: name, Trigger: d.Trigger, Start: d.Start, Steps: d.Steps, Limits: d.Limits}
}

// Resolve puts ids in place of names, and says which names nobody has.
func (f *File) Resolve(known Known) (Definition, []Problem) {
	d := f.Definition()
	problems := []Problem{}
	d.each(func(step, field string, t FieldType, name string) string {
		ids, what := known.of(t)
		var found []string
		for id, n := range ids {
			if strings.EqualFold(n, name) {
				found = append(found, id)
			}
		}
		switch {
		case len(found) == 1:
			return found[0]
		case ids == nil || ids[name] != "": // not checked; or an id
			return name
		case len(found) > 1:
			problems = append(problems, Problem{step, field, fmt.Sprintf("%d %ss are called %s; write the id of the one that is meant.", len(found), what, name)})
		default:
			problems = append(problems, Problem{step, field, fmt.Sprintf("Here is no %s called %s.", what, name)})
		}
		return name
	})
	return d, problems
}

// Run plays a scenario and says what differs from what it expects.
func (c *Scenario) Run(d Definition) (Trial, []string, error) {
	f, err := Example(c.Example)
	if err != nil {
		return Trial{}, nil, err
	}
	begin := c.At
	if begin.IsZero() {
		begin = time.Date(2026, 4, 1, 9, 30, 0, 0, time.UTC)
	}
	t := Try(d, Known{}, f, c.Events, begin)
	var wrong []string
	differ := func(what string, got, want []string) {
		if want != nil && !slices.Equal(got, want) {
			wrong = append(wrong, fmt.Sprintf("%s: %s; expected: %s", what, none(got), none(want)))
		}
	}
	differ("the path is", t.steps(), c.Expect.Path)
	var did []string
	for _, a := range t.Actions {
		did = append(did, a.Kind)
	}
	differ("it did", did, c.Expect.Actions)
	if c.Expect.Ends != "" && c.Expect.Ends != t.Ends {
		wrong = append(wrong, fmt.Sprintf("it ends as %s (%s); expected: %s", t.Ends, nameOr(t.Reason, "no reason"), c.Expect.Ends))
	}
	return t, wrong, nil
}

func none(list []string) string {
	if len(list) == 0 {
		return "nothing"
	}
	return strings.Join(list, ", ")
}

// steps is the path without the lines that belong to the same visit.
func (t *Trial) steps() []string {
	var steps []string
	open := false
	for _, l := range t.Path {
		if l.Step == "trigger" {
			continue
		}
		if !open || steps[len(steps)-1] != l.Step {
			steps = append(steps, l.Step)
		}
		open = l.Outcome == "waits" || l.Outcome == "asked" || l.Outcome == "retry"
	}
	return steps
}

// Template is a workflow to start from.
type Template struct {
	ID         string     `json:"id"`
	Name       string     `json:"name"`
	Help       string     `json:"help"`
	Definition Definition `json:"definition"`
}

//go:embed templates/*.yaml
var templateFiles embed.FS

var templates = []string{"unanswered", "out-of-hours", "vip", "escalate"}

// Templates are what to start from.
func Templates() []Template {
	list := make([]Template, len(templates))
	for i, id := range templates {
		f := TemplateFile(id)
		list[i] = Template{ID: id, Name: f.Name, Help: f.Help, Definition: f.Definition()}
	}
	return list
}

// TemplateFile is a template with its tests.
func TemplateFile(id string) File {
	text, err := templateFiles.ReadFile("templates/" + id + ".yaml")
	if err != nil {
		panic(err) // it is embedded
	}
	f, err := ReadFile(text)
	if err != nil {
		panic("template " + id + ": " + err.Error())
	}
	return f
}

// TemplateNamed finds a template.
func TemplateNamed(id string) (Template, error) {
	for _, t := range Templates() {
		if t.ID == id {
			return t, nil
		}
	}
	return Template{}, rapport.Invalidf("template", "There is no template %q; there are %s.", id, strings.Join(templates, ", "))
}
