package card

import (
	"bytes"
	"encoding/json"
	"io"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/theory/jsonpath"

	"rapport"
)

// FaceValue is a field of a card as it is shown.
type FaceValue struct {
	Name   string `json:"name"`
	Value  string `json:"value" doc:"In the form of its type: 12.5, 2026-04-01, yes; empty where the source has none."`
	Misfit bool   `json:"misfit,omitempty" doc:"The source's value does not fit the type, or is too long: it is shown as it is and cannot be changed."`
}

const (
	mostValue = 2000 // bytes
	mostParts = 20   // values that one path leads to
)

// decode reads an answer; numbers keep their digits.
func decode(text []byte) (any, bool) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return nil, false
	}
	_, err := d.Token()
	return v, err == io.EOF
}

// values follows the paths of a card into an answer.
func values(c *rapport.Card, answer any) []FaceValue {
	list := make([]FaceValue, 0, len(c.Fields))
	for i := range c.Fields {
		list = append(list, valueOf(&c.Fields[i], answer))
	}
	return list
}

func valueOf(f *rapport.CardField, answer any) FaceValue {
	v := FaceValue{Name: f.Name}
	path, err := jsonpath.Parse(f.Path)
	if err != nil {
		v.Misfit = true // it was checked when it was saved
		return v
	}
	var parts []string
	for _, node := range path.Select(answer) {
		list, many := node.([]any)
		if !many {
			list = []any{node}
		}
		for _, one := range list {
			text, plain := textOf(one)
			v.Misfit = v.Misfit || !plain
			if text != "" && len(parts) < mostParts {
				parts = append(parts, text)
			}
		}
	}
	v.Misfit = v.Misfit || len(parts) > 1
	v.Value = strings.Join(parts, ", ")
	if v.Misfit || v.Value == "" {
		v.Value = short(v.Value)
		return v
	}
	if fits, err := f.Value("", typed(f.Type, v.Value)); err == nil {
		v.Value = fits
		return v
	}
	v.Value, v.Misfit = short(v.Value), true
	return v
}

// textOf is a value of JSON as text; an object is none that could be changed.
func textOf(v any) (text string, plain bool) {
	switch v := v.(type) {
	case nil:
		return "", true
	case string:
		return strings.ToValidUTF8(strings.ReplaceAll(v, "\x00", ""), "\uFFFD"), true
	case bool:
		if v {
			return "yes", true
		}
		return "no", true
	case json.Number:
		return v.String(), true
	default:
		text, err := json.Marshal(v)
		if err != nil {
			return "", false
		}
		return string(text), false
	}
}

var wholeNumber = regexp.MustCompile(`^-?[0-9]+(\.0+)?$`)

// typed brings what sources usually write into the form of the type.
func typed(t rapport.FieldType, value string) string {
	value = strings.TrimSpace(value)
	switch t {
	case rapport.FieldDate:
		for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05"} {
			if at, err := time.Parse(layout, value); err == nil {
				return at.Format(time.DateOnly)
			}
		}
	case rapport.FieldYesNo:
		switch strings.ToLower(value) {
		case "true", "1", "yes":
			return "yes"
		case "false", "0", "no":
			return "no"
		}
	case rapport.FieldNumber:
		if wholeNumber.MatchString(value) {
			value, _, _ = strings.Cut(value, ".")
		}
	}
	return value
}

func short(text string) string {
	if len(text) <= mostValue {
		return text
	}
	text = text[:mostValue-3]
	for !utf8.ValidString(text) {
		text = text[:len(text)-1]
	}
	return text + "…"
}

// toJSON is a value as it is written back.
func toJSON(t rapport.FieldType, value string) any {
	switch {
	case value == "":
		return nil
	case t == rapport.FieldNumber:
		return json.Number(value)
	case t == rapport.FieldYesNo:
		return value == "yes"
	}
	return value
}
