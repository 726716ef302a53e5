package workflow

import (
	"encoding/json"
	"slices"
	"strings"

	"rapport"
	"rapport/store"
)

// NamingTag returns the workflows whose live version or draft names a tag of
// conversations. Versions never change: renaming the tag leaves them as they are.
func NamingTag(tx *store.Tx, tag string) (list []rapport.Workflow, err error) {
	all, err := tx.Workflows()
	for _, w := range all {
		texts := [][]byte{w.Draft}
		if w.Published > 0 {
			v, err := tx.Version(w.ID, w.Published)
			if err != nil {
				return nil, err
			}
			texts = append(texts, v.Definition)
		}
		if slices.ContainsFunc(texts, func(text []byte) bool { return namesTag(text, tag) }) {
			list = append(list, w)
		}
	}
	return list, err
}

func namesTag(text []byte, tag string) bool {
	var d Definition
	var whole any
	if json.Unmarshal(text, &d) != nil || json.Unmarshal(text, &whole) != nil {
		return false
	}
	if k := triggerKind(d.Trigger.Kind); k != nil && fieldsName(k.Fields, d.Trigger.With, tag) {
		return true
	}
	for _, s := range d.Steps {
		if k := stepKind(s.Kind); k != nil && fieldsName(k.Fields, s.With, tag) {
			return true
		}
	}
	return conditionsName(whole, tag)
}

func fieldsName(fields []Field, with map[string]any, tag string) bool {
	return slices.ContainsFunc(fields, func(f Field) bool {
		return (f.Type == TypeTag || f.Type == TypeTags) && valueNames(with[f.Name], tag)
	})
}

// conditionsName looks at all conditions, wherever they stand.
func conditionsName(v any, tag string) bool {
	switch v := v.(type) {
	case []any:
		return slices.ContainsFunc(v, func(one any) bool { return conditionsName(one, tag) })
	case map[string]any:
		if v["fact"] == "conversation.tags" && valueNames(v["value"], tag) {
			return true
		}
		quoted, _ := json.Marshal(tag)
		if expr, ok := v["expr"].(string); ok && strings.Contains(expr, "tags") && strings.Contains(strings.ReplaceAll(expr, "'", `"`), string(quoted)) {
			return true
		}
		for _, one := range v {
			if conditionsName(one, tag) {
				return true
			}
		}
	}
	return false
}

// valueNames tells whether a tag, or one of several, is this one.
func valueNames(v any, tag string) bool {
	switch v := v.(type) {
	case string:
		return strings.EqualFold(v, tag)
	case []any:
		return slices.ContainsFunc(v, func(one any) bool { return valueNames(one, tag) })
	}
	return false
}
