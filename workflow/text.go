package workflow

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

var placeholder = regexp.MustCompile(`\{\{\s*([^{}]*?)\s*\}\}`)

const (
	mostFilled = 500  // runes that one fact adds to a text
	mostText   = 8000 // bytes of a text with its facts
)

// fill puts facts into a text; what does not exist leaves nothing.
func fill(text string, f Facts) string {
	if !strings.Contains(text, "{{") {
		return text
	}
	text = placeholder.ReplaceAllStringFunc(text, func(m string) string {
		name := placeholder.FindStringSubmatch(m)[1]
		v, exists := f[name]
		if !exists {
			return ""
		}
		return cut(shown(name, v), mostFilled)
	})
	for len(text) > mostText {
		text = text[:mostText]
		for !utf8.ValidString(text) {
			text = text[:len(text)-1]
		}
	}
	return text
}

func cut(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}

// unknownNames says what is wrong with the placeholders of a text.
func unknownNames(text string) (wrong []string) {
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		name := m[1]
		fact := factNamed(name)
		switch {
		case fact == nil:
			wrong = append(wrong, "{{"+name+"}} is not something that can be filled in; {{contact.name}} is, for example.")
		case fact.Type == FactQueue:
			wrong = append(wrong, "{{"+name+"}} is an id; write {{queue.name}}.")
		case fact.Type == FactAgent:
			wrong = append(wrong, "{{"+name+"}} is an id; write {{agent.name}}.")
		case fact.Type == FactBot || fact.Type == FactInbox:
			wrong = append(wrong, "{{"+name+"}} is an id, which says nothing to people.")
		}
	}
	rest := placeholder.ReplaceAllString(text, "")
	if strings.Contains(rest, "{{") || strings.Contains(rest, "}}") {
		wrong = append(wrong, "A placeholder is not complete; it should look like {{contact.name}}.")
	}
	return wrong
}

// fillAll fills the fields of a step that may hold facts.
func fillAll(s *Step, f Facts) map[string]any {
	with := map[string]any{}
	kind := stepKind(s.Kind)
	for i := range kind.Fields {
		field := &kind.Fields[i]
		v, given := s.With[field.Name]
		if !given || v == nil {
			if field.Default == nil {
				continue
			}
			v = field.Default
		}
		if field.Template && field.Type == TypeFields {
			filled := map[string]string{}
			for name, text := range pairsOf(s.With, field.Name) {
				filled[name] = cut(fill(text, f), mostFilled)
			}
			v = filled
		} else if text, ok := v.(string); ok && field.Template {
			v = fill(text, f)
		}
		with[field.Name] = v
	}
	return with
}
