package workflow

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"rapport"
)

// Problem is one thing that keeps a definition from being published. Step is the
// id of a step, "trigger", or empty for the whole.
type Problem struct {
	Step    string `json:"step"`
	Field   string `json:"field"`
	Message string `json:"message"`
}

// Known is what definitions may refer to: id → name. A nil map is not checked.
type Known struct {
	Queues       map[string]string
	Agents       map[string]string
	Bots         map[string]string
	Inboxes      map[string]string
	Workflows    map[string]string
	Dispositions map[string]string // by their codes in lower case
}

// of are the things that a field of a type refers to.
func (k Known) of(t FieldType) (map[string]string, string) {
	switch t {
	case TypeQueue:
		return k.Queues, "queue"
	case TypeAgent:
		return k.Agents, "agent"
	case TypeBot:
		return k.Bots, "bot"
	case TypeInbox:
		return k.Inboxes, "inbox"
	case TypeWorkflow:
		return k.Workflows, "workflow"
	case TypeDisposition:
		return k.Dispositions, "disposition"
	}
	return nil, ""
}

// folded is what a thing is looked for by. Codes of dispositions may be written in
// any case.
func folded(t FieldType, text string) string {
	if t == TypeDisposition {
		return strings.ToLower(text)
	}
	return text
}

var stepID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,40}$`)

// checker collects problems.
type checker struct {
	d     *Definition
	known Known
	found []Problem
}

func (c *checker) add(step, field, format string, args ...any) {
	c.found = append(c.found, Problem{step, field, fmt.Sprintf(format, args...)})
}

// Check finds all that is wrong with a definition. One without problems can be
// published.
func Check(d Definition, known Known) []Problem {
	c := &checker{d: &d, known: known, found: []Problem{}}
	c.trigger()
	c.limits()
	ids := map[string]bool{}
	for i := range d.Steps {
		s := &d.Steps[i]
		switch {
		case !stepID.MatchString(s.ID):
			c.add(s.ID, "id", "%q is no id of a step: 1 to 40 letters, digits, - and _.", s.ID)
		case s.ID == "trigger":
			c.add(s.ID, "id", "A step cannot be called trigger.")
		case ids[s.ID]:
			c.add(s.ID, "id", "Two steps have the id %s.", s.ID)
		}
		ids[s.ID] = true
	}
	switch {
	case len(d.Steps) == 0:
		c.add("", "steps", "There is no step yet: add the first one.")
	case d.Start == "":
		c.add("trigger", "start", "The trigger leads nowhere: connect it with the first step.")
	case !ids[d.Start]:
		c.add("trigger", "start", "The trigger leads to the step %s, which does not exist.", d.Start)
	}
	for i := range d.Steps {
		c.step(&d.Steps[i])
	}
	c.reach()
	c.circles()
	return c.found
}

func (c *checker) limits() {
	if n := c.d.Limits.MaxSteps; n < 0 || n > 10_000 {
		c.add("", "limits.max_steps", "Between 1 and 10000 steps, or 0 for %d; %d is not.", DefaultMaxSteps, n)
	}
	if n := c.d.Limits.PerHour; n < 0 || n > 100_000 {
		c.add("", "limits.per_hour", "Between 1 and 100000 runs, or 0 for %d; %d is not.", DefaultPerHour, n)
	}
	if again := c.d.Limits.Again; again != "" && again != "ignore" && again != "restart" {
		c.add("", "limits.again", "%q is not possible; use ignore or restart.", again)
	}
}

func (c *checker) trigger() {
	t := &c.d.Trigger
	if t.Kind == "" {
		c.add("trigger", "kind", "Choose what starts this workflow.")
		return
	}
	kind := triggerKind(t.Kind)
	if kind == nil {
		c.add("trigger", "kind", "%q is no trigger; there are %s.", t.Kind, named(triggers, func(k TriggerKind) string { return k.Kind }))
		return
	}
	c.fields("trigger", kind.Fields, t.With)
	c.condition("trigger", "when", t.When)
	if t.Kind == "schedule" {
		c.schedule(t)
	}
}

func (c *checker) schedule(t *Trigger) {
	every, line := numberOf(t.With, "every"), textOf(t.With, "cron")
	if (every == 0) == (line == "") {
		c.add("trigger", "every", "Say how often: either every so many seconds, or with a cron line.")
		return
	}
	if _, err := nextAt(t, time.Unix(0, 0)); err != nil {
		c.add("trigger", "cron", "%s", sentence(err))
	}
	if textOf(t.With, "over") == "once" && t.When != nil && t.When.touches("conversation.", "contact.", "agent.", "queue.", "message.", "since_") {
		c.add("trigger", "when", "There is no conversation to ask about: it runs once. Choose For: each conversation.")
	}
}

// fields checks what a trigger or a step says against its kind.
func (c *checker) fields(step string, fields []Field, with map[string]any) {
	for _, name := range sorted(with) {
		if !slices.ContainsFunc(fields, func(f Field) bool { return f.Name == name }) {
			if len(fields) == 0 {
				c.add(step, name, "There is no field %q here.", name)
				continue
			}
			c.add(step, name, "There is no field %q here; there are %s.", name, named(fields, func(f Field) string { return f.Name }))
		}
	}
	for i := range fields {
		f := &fields[i]
		v, given := with[f.Name]
		if !given || v == nil || v == "" {
			if f.Required && f.Default == nil {
				c.add(step, f.Name, "%s is missing.", f.Label)
			}
			continue
		}
		c.value(step, f, v)
	}
}

// value checks one value against its field.
func (c *checker) value(step string, f *Field, v any) {
	switch f.Type {
	case TypeInt, TypeDuration:
		n, ok := number(v)
		if !ok || n != float64(int64(n)) {
			c.add(step, f.Name, "%s is a whole number.", f.Label)
			return
		}
		if f.Max > 0 && (n < float64(f.Min) || n > float64(f.Max)) {
			if f.Type == TypeDuration {
				c.add(step, f.Name, "%s lies between %s and %s; %s does not.", f.Label, span(float64(f.Min)), span(float64(f.Max)), span(n))
				return
			}
			c.add(step, f.Name, "%s lies between %d and %d; %d does not.", f.Label, f.Min, f.Max, int(n))
		}
		return
	case TypeBool:
		if _, ok := v.(bool); !ok {
			c.add(step, f.Name, "%s is true or false.", f.Label)
		}
		return
	case TypeCondition:
		return // the caller's: it is read with its step
	case TypeTags, TypeChoices:
		c.texts(step, f, v)
		return
	case TypeFields:
		c.pairs(step, f, v)
		return
	}
	text, ok := v.(string)
	if !ok {
		c.add(step, f.Name, "%s is a text.", f.Label)
		return
	}
	if f.Max > 0 && len(text) > f.Max {
		c.add(step, f.Name, "%s is %d bytes long; at most %d are allowed.", f.Label, len(text), f.Max)
	}
	if len(f.Choices) > 0 && !slices.ContainsFunc(f.Choices, func(o Choice) bool { return o.Value == text }) {
		c.add(step, f.Name, "%q is not possible for %s; choose %s.", text, f.Label, named(f.Choices, func(o Choice) string { return o.Value }))
	}
	if known, what := c.known.of(f.Type); known != nil && known[folded(f.Type, text)] == "" {
		c.add(step, f.Name, "There is no %s %q any more; choose another one.", what, text)
	}
	if f.Template {
		c.template(step, f.Name, text)
	}
	switch f.Type {
	case TypeTag:
		if _, err := rapport.ValidTag(text); err != nil {
			c.add(step, f.Name, "%s", sentence(err))
		}
	case TypeURL:
		u, err := url.Parse(text)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.User != nil {
			c.add(step, f.Name, "%q is not an address; it should look like https://example.com/hook, without a name and password.", text)
		}
	case TypeStep:
		if c.d.step(text) == nil {
			c.add(step, f.Name, "%s leads to the step %q, which does not exist.", f.Label, text)
		}
	}
	if f.Name == "field" || f.Name == "save" {
		if !fieldName.MatchString(text) {
			c.add(step, f.Name, "%q is no name of a field: lower case letters, digits and underscores, at most 40.", text)
		}
	}
}

func (c *checker) texts(step string, f *Field, v any) {
	list, ok := v.([]any)
	if texts, isTexts := v.([]string); isTexts {
		ok = true
		for _, t := range texts {
			list = append(list, t)
		}
	}
	if !ok {
		c.add(step, f.Name, "%s is a list of texts.", f.Label)
		return
	}
	most := f.Max
	if most == 0 {
		most = 30
	}
	if len(list) > most {
		c.add(step, f.Name, "%s has at most %d entries.", f.Label, most)
	}
	for _, v := range list {
		text, ok := v.(string)
		if !ok {
			c.add(step, f.Name, "%s is a list of texts.", f.Label)
			return
		}
		if _, err := rapport.ValidTag(text); err != nil {
			c.add(step, f.Name, "%q does not fit: 1 to 40 characters.", text)
		}
	}
}

func (c *checker) pairs(step string, f *Field, v any) {
	_, isTexts := v.(map[string]string)
	values, isAny := v.(map[string]any)
	if !isTexts && !isAny {
		c.add(step, f.Name, "%s is a list of names with values.", f.Label)
		return
	}
	for name, v := range values {
		if _, ok := v.(string); !ok {
			c.add(step, f.Name+"."+name, "The value of %s is a text.", name)
		}
	}
	pairs := pairsOf(map[string]any{"x": v}, "x")
	if f.Required && len(pairs) == 0 {
		c.add(step, f.Name, "%s is missing: name at least one.", f.Label)
	}
	if err := rapport.ValidFields(f.Name, pairs); err != nil {
		c.add(step, f.Name, "%s", sentence(err))
	}
	for _, name := range sorted(pairs) {
		c.template(step, f.Name+"."+name, pairs[name])
	}
}

func (c *checker) template(step, field, text string) {
	for _, wrong := range unknownNames(text) {
		c.add(step, field, "%s", wrong)
	}
}

// step checks one step by itself.
func (c *checker) step(s *Step) {
	kind := stepKind(s.Kind)
	if kind == nil {
		c.add(s.ID, "kind", "%q is no step; there are %s.", s.Kind, named(steps, func(k StepKind) string { return k.Kind }))
		return
	}
	if len(s.Title) > 120 {
		c.add(s.ID, "title", "The title is %d bytes long; at most 120 are allowed.", len(s.Title))
	}
	c.fields(s.ID, kind.Fields, s.With)
	if s.Kind == "branch" {
		cond, err := s.condition()
		switch {
		case err != nil:
			c.add(s.ID, "if", "The condition cannot be read: %s.", err)
		case cond.empty():
			c.add(s.ID, "if", "Say what must hold.")
		default:
			c.condition(s.ID, "if", cond)
		}
	}
	c.together(s)
	for _, output := range sorted(s.Next) {
		to := s.Next[output]
		if !slices.ContainsFunc(kind.Outputs, func(o Output) bool { return o.Name == output }) {
			c.add(s.ID, "next."+output, "%s has no way out called %s; there are %s.", kind.Label, output, named(kind.Outputs, func(o Output) string { return o.Name }))
		} else if c.d.step(to) == nil {
			c.add(s.ID, "next."+output, "It leads to the step %q, which does not exist.", to)
		}
	}
	if s.OnError != "" {
		switch {
		case !kind.Errors:
			c.add(s.ID, "on_error", "%s cannot fail, so nothing follows its failure.", kind.Label)
		case c.d.step(s.OnError) == nil:
			c.add(s.ID, "on_error", "Its failure leads to the step %q, which does not exist.", s.OnError)
		}
	}
	if c.d.Trigger.Kind == "schedule" && textOf(c.d.Trigger.With, "over") == "once" && s.Kind != "webhook" && s.Kind != "wait" && s.Kind != "branch" && s.Kind != "jump" && s.Kind != "notify" {
		c.add(s.ID, "kind", "%s needs a conversation, but this schedule runs once without one.", kind.Label)
	}
}

// together checks what no field can say of itself.
func (c *checker) together(s *Step) {
	switch s.Kind {
	case "comment", "notify":
		if s.text("tell") == "agent" && s.text("agent") == "" {
			c.add(s.ID, "agent", "Choose the agent who is told.")
		}
	case "hand_off":
		if s.text("agent") != "" && s.text("queue") != "" {
			c.add(s.ID, "agent", "Name an agent or a queue, not both.")
		}
	case "tag":
		if len(s.list("add"))+len(s.list("remove")) == 0 {
			c.add(s.ID, "add", "Name a tag to add or to remove.")
		}
	case "jump":
		if s.text("to") == s.ID {
			c.add(s.ID, "to", "A jump cannot lead to itself.")
		}
	}
}

func (c *Condition) empty() bool {
	return c == nil || len(c.All)+len(c.Any) == 0 && c.Not == nil && c.Fact == "" && c.Expr == "" && c.Op == ""
}

// touches tells whether a condition asks for a fact whose name begins with one
// of these.
func (c *Condition) touches(prefixes ...string) bool {
	if c == nil {
		return false
	}
	for _, p := range prefixes {
		if strings.HasPrefix(c.Fact, p) || strings.Contains(c.Expr, p) {
			return true
		}
	}
	touch := func(o Condition) bool { return o.touches(prefixes...) }
	return slices.ContainsFunc(c.All, touch) || slices.ContainsFunc(c.Any, touch) || c.Not.touches(prefixes...)
}

func (c *checker) condition(step, field string, cond *Condition) {
	if cond == nil {
		return
	}
	forms := 0
	for _, there := range []bool{len(cond.All) > 0, len(cond.Any) > 0, cond.Not != nil, cond.Fact != "" || cond.Op != "", cond.Expr != ""} {
		if there {
			forms++
		}
	}
	if forms > 1 {
		c.add(step, field, "A condition is one thing: all, any, not, a comparison or an expression.")
		return
	}
	for i := range cond.All {
		c.condition(step, fmt.Sprintf("%s.all.%d", field, i), &cond.All[i])
	}
	for i := range cond.Any {
		c.condition(step, fmt.Sprintf("%s.any.%d", field, i), &cond.Any[i])
	}
	c.condition(step, field+".not", cond.Not)
	if cond.Expr != "" {
		if _, err := compile(cond.Expr); err != nil {
			c.add(step, field, "The expression is not right: %s.", strings.TrimSuffix(err.Error(), "."))
		}
	}
	if cond.Fact != "" || cond.Op != "" {
		c.comparison(step, field, cond)
	}
}

func (c *checker) comparison(step, field string, cond *Condition) {
	fact, op := factNamed(cond.Fact), operatorNamed(cond.Op)
	switch {
	case cond.Fact == "":
		c.add(step, field, "Choose what is compared.")
		return
	case fact == nil:
		c.add(step, field, "%q is not known; there are %s.", cond.Fact, named(facts, func(f Fact) string { return f.Name }))
		return
	case op == nil:
		c.add(step, field, "%q does not compare; there are %s.", cond.Op, named(operators, func(o Operator) string { return o.Name }))
		return
	case !slices.Contains(op.Types, fact.Type):
		c.add(step, field, "%s is a %s; %q cannot be asked of it.", cond.Fact, fact.Type, op.Label)
		return
	}
	switch op.Value {
	case "none":
		if cond.Value != nil {
			c.add(step, field, "%q takes no value.", op.Label)
		}
		return
	case "many":
		list, ok := cond.Value.([]any)
		if !ok || len(list) == 0 {
			c.add(step, field, "%q takes a list of values.", op.Label)
			return
		}
		for _, v := range list {
			c.against(step, field, fact, v)
		}
		return
	}
	c.against(step, field, fact, cond.Value)
}

// against checks a value that a fact is compared with.
func (c *checker) against(step, field string, fact *Fact, v any) {
	switch fact.Type {
	case FactNumber, FactDuration:
		if _, ok := number(v); !ok {
			c.add(step, field, "%s is compared with a number.", fact.Name)
		}
		return
	case FactBool:
		if _, ok := v.(bool); !ok {
			c.add(step, field, "%s is compared with true or false.", fact.Name)
		}
		return
	}
	text, ok := v.(string)
	if !ok || text == "" {
		c.add(step, field, "%s is compared with a text.", fact.Name)
		return
	}
	if len(text) > 1000 {
		c.add(step, field, "The value is %d bytes long; at most 1000 are allowed.", len(text))
	}
	if len(fact.Choices) > 0 && !slices.ContainsFunc(fact.Choices, func(o Choice) bool { return o.Value == text }) {
		c.add(step, field, "%s is never %q; it is one of %s.", fact.Name, text, named(fact.Choices, func(o Choice) string { return o.Value }))
	}
	if known, what := c.known.of(FieldType(fact.Type)); known != nil && known[text] == "" {
		c.add(step, field, "There is no %s %q any more; choose another one.", what, text)
	}
}
