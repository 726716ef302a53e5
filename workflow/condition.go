package workflow

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Facts are what is known at a moment, by name. One that is not there does not
// exist; numbers and durations (seconds) are float64, lists []string.
type Facts map[string]any

// with returns facts with more of them.
func (f Facts) with(more Facts) Facts {
	all := make(Facts, len(f)+len(more))
	for name, v := range f {
		all[name] = v
	}
	for name, v := range more {
		all[name] = v
	}
	return all
}

// Holds tells whether a condition holds, and says why in words.
func (c *Condition) Holds(f Facts) (yes bool, why string, err error) {
	switch {
	case c == nil:
		return true, "", nil
	case c.Expr != "":
		if yes, err = evaluate(c.Expr, f); err != nil {
			return false, "", err
		}
		return yes, c.Expr + ": " + yesNo(yes), nil
	case c.Not != nil:
		yes, why, err = c.Not.Holds(f)
		return !yes, "not (" + why + ")", err
	case len(c.All) > 0:
		return group(c.All, f, true)
	case len(c.Any) > 0:
		return group(c.Any, f, false)
	case c.Fact == "":
		return true, "", nil
	}
	value, exists := f[c.Fact]
	yes, err = compare(c.Op, value, exists, c.Value)
	if err != nil {
		return false, "", fmt.Errorf("%s: %w", c.Fact, err)
	}
	return yes, c.sentence() + ": " + yesNo(yes) + found(c.Fact, value, exists), nil
}

// group is AND (every) or OR of conditions; what decides ends it.
func group(list []Condition, f Facts, every bool) (bool, string, error) {
	var told []string
	for i := range list {
		yes, why, err := list[i].Holds(f)
		if err != nil {
			return false, "", err
		}
		told = append(told, why)
		if yes != every {
			return yes, strings.Join(told, "; "), nil
		}
	}
	return every, strings.Join(told, "; "), nil
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

// sentence is a comparison in words.
func (c *Condition) sentence() string {
	label := c.Op
	if o := operatorNamed(c.Op); o != nil {
		label = o.Label
	}
	if c.Value == nil {
		return c.Fact + " " + label
	}
	value := fmt.Sprint(c.Value)
	if list, ok := c.Value.([]any); ok {
		value = strings.Trim(strings.Join(strings.Fields(fmt.Sprint(list)), ", "), "[]")
	}
	if fact := factNamed(c.Fact); fact != nil && fact.Type == FactDuration {
		if n, ok := number(c.Value); ok {
			value = span(n)
		}
	}
	return c.Fact + " " + label + " " + value
}

// found says what a fact was.
func found(name string, value any, exists bool) string {
	if !exists {
		return " (it does not exist)"
	}
	return " (it is " + shown(name, value) + ")"
}

// shown is a fact as people read it.
func shown(name string, value any) string {
	switch v := value.(type) {
	case float64:
		if fact := factNamed(name); fact != nil && fact.Type == FactDuration {
			return span(v)
		}
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return yesNo(v)
	case []string:
		return strings.Join(v, ", ")
	}
	return fmt.Sprint(value)
}

// span is a number of seconds in words.
func span(seconds float64) string {
	d := time.Duration(seconds) * time.Second
	part := func(n int, unit string) string {
		if n == 1 {
			return "1 " + unit
		}
		return strconv.Itoa(n) + " " + unit + "s"
	}
	switch {
	case d < time.Minute:
		return part(int(d/time.Second), "second")
	case d < time.Hour && d%time.Minute == 0 || d < 10*time.Minute && d >= time.Minute && d%time.Minute == 0:
		return part(int(d/time.Minute), "minute")
	case d < time.Hour:
		return part(int(d/time.Minute), "minute") + " " + part(int(d%time.Minute/time.Second), "second")
	case d < 48*time.Hour && d%time.Hour < time.Minute:
		return part(int(d/time.Hour), "hour")
	case d < 48*time.Hour:
		return part(int(d/time.Hour), "hour") + " " + part(int(d%time.Hour/time.Minute), "minute")
	}
	return part(int(d/(24*time.Hour)), "day")
}

// number reads a number of JSON or of Go.
func number(v any) (float64, bool) {
	switch n := v.(type) {
	case float64:
		return n, true
	case int:
		return float64(n), true
	}
	return 0, false
}

// compare answers a comparison. Of something that does not exist only the
// negative ones hold.
func compare(op string, fact any, exists bool, value any) (bool, error) {
	switch op {
	case "exists":
		return exists, nil
	case "does_not_exist":
		return !exists, nil
	case "is_not", "none_of", "contains_not":
		positive := map[string]string{"is_not": "is", "none_of": "one_of", "contains_not": "contains"}[op]
		yes, err := compare(positive, fact, exists, value)
		return !yes, err
	}
	if !exists {
		return false, nil
	}
	switch op {
	case "is":
		return same(fact, value), nil
	case "one_of":
		list, ok := value.([]any)
		if !ok {
			return false, fmt.Errorf("a list is needed to compare with")
		}
		return slices.ContainsFunc(list, func(v any) bool { return same(fact, v) }), nil
	case "contains":
		text, ok := value.(string)
		if list, isList := fact.([]string); ok && isList {
			return slices.ContainsFunc(list, func(v string) bool { return strings.EqualFold(v, text) }), nil
		}
		in, isText := fact.(string)
		if !ok || !isText {
			return false, fmt.Errorf("only texts and lists contain something")
		}
		return strings.Contains(strings.ToLower(in), strings.ToLower(text)), nil
	case "starts_with":
		text, ok := value.(string)
		in, isText := fact.(string)
		if !ok || !isText {
			return false, fmt.Errorf("only texts start with something")
		}
		return strings.HasPrefix(strings.ToLower(in), strings.ToLower(text)), nil
	case "less", "at_most", "at_least", "greater":
		a, isNumber := number(fact)
		b, ok := number(value)
		if !ok || !isNumber {
			return false, fmt.Errorf("only numbers can be compared by size")
		}
		return map[string]bool{"less": a < b, "at_most": a <= b, "at_least": a >= b, "greater": a > b}[op], nil
	}
	return false, fmt.Errorf("%q is no operator", op)
}

// same compares texts without case, numbers as numbers.
func same(fact, value any) bool {
	if a, ok := number(fact); ok {
		b, ok := number(value)
		return ok && a == b
	}
	if a, ok := fact.(string); ok {
		b, ok := value.(string)
		return ok && strings.EqualFold(a, b)
	}
	return fact == value
}
