package workflow

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"
	"unicode"

	"rapport"
)

func sorted[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

// sentence is an error as a sentence for people.
func sentence(err error) string {
	text := err.Error()
	if e, ok := errors.AsType[*rapport.Error](err); ok {
		text = e.Message
	}
	if text == "" {
		return text
	}
	runes := []rune(text)
	runes[0] = unicode.ToUpper(runes[0])
	if text = string(runes); !strings.HasSuffix(text, ".") {
		text += "."
	}
	return text
}

// follow lists where a step may lead; jumps are limited, and left out if asked.
func (s *Step) follow(jumps bool) []string {
	var to []string
	for _, output := range sorted(s.Next) {
		to = append(to, s.Next[output])
	}
	if s.OnError != "" {
		to = append(to, s.OnError)
	}
	if s.Kind == "jump" && jumps {
		to = append(to, s.text("to"))
	}
	return to
}

// reach finds steps that no way leads to.
func (c *checker) reach() {
	if c.d.step(c.d.Start) == nil {
		return
	}
	seen := map[string]bool{}
	open := []string{c.d.Start}
	for len(open) > 0 {
		id := open[0]
		open = open[1:]
		s := c.d.step(id)
		if s == nil || seen[id] {
			continue
		}
		seen[id] = true
		open = append(open, s.follow(true)...)
	}
	for i := range c.d.Steps {
		if s := &c.d.Steps[i]; !seen[s.ID] {
			c.add(s.ID, "", "No way leads here: connect it, or remove it.")
		}
	}
}

// pauses are the steps at which a run stands still, so that a circle through
// them does not spin.
var pauses = []string{"wait", "wait_for", "ask"}

// circles finds ways that lead back to where they began without ever standing
// still.
func (c *checker) circles() {
	const (
		fresh = iota
		onTheWay
		done
	)
	state := map[string]int{}
	told := false
	var visit func(id string)
	visit = func(id string) {
		s := c.d.step(id)
		if s == nil || state[id] != fresh {
			return
		}
		state[id] = onTheWay
		if !slices.Contains(pauses, s.Kind) {
			for _, to := range s.follow(false) {
				next := c.d.step(to)
				if next != nil && state[to] == onTheWay && !slices.Contains(pauses, next.Kind) && !told {
					c.add(id, "next", "From here it goes back to %s and round in circles without a pause. Put a wait into the circle, or go back with a jump, which has a limit.", to)
					told = true
				}
				visit(to)
			}
		}
		state[id] = done
	}
	for i := range c.d.Steps {
		visit(c.d.Steps[i].ID)
	}
}
