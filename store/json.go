package store

import (
	"encoding/json"
	"errors"
)

// jsonText scans a column that holds JSON; "" is the zero value.
type jsonText[T any] struct{ v T }

func (j *jsonText[T]) Scan(src any) error {
	var text []byte
	switch s := src.(type) {
	case string:
		text = []byte(s)
	case []byte:
		text = s
	default:
		return errors.New("JSON at rest is not text")
	}
	var zero T
	j.v = zero
	if len(text) == 0 {
		return nil
	}
	return json.Unmarshal(text, &j.v)
}

// jsonOf is a value as it rests in a column that holds JSON; what is empty is "".
func jsonOf(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic("a value at rest cannot be encoded: " + err.Error()) // plain data can
	}
	switch s := string(text); s {
	case "null", "[]", "{}", `""`:
		return ""
	default:
		return s
	}
}
