package api

import (
	"bytes"
	"encoding/json"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
)

// maybe is a member that a change may leave out, set, or clear with null.
type maybe[T any] struct {
	Given bool
	Value *T // nil for null
}

// UnmarshalJSON is called only for a member that is there.
func (m *maybe[T]) UnmarshalJSON(text []byte) error {
	m.Given, m.Value = true, nil
	if bytes.Equal(text, []byte("null")) {
		return nil
	}
	return json.Unmarshal(text, &m.Value)
}

// MarshalJSON is for clients written in Go.
func (m maybe[T]) MarshalJSON() ([]byte, error) { return json.Marshal(m.Value) }

// Schema is that of the value, or null.
func (m maybe[T]) Schema(r huma.Registry) *huma.Schema {
	value := r.Schema(reflect.TypeFor[T](), true, "")
	if value.Ref == "" {
		value.Nullable = true
		return value
	}
	return orNull(value, "")
}

// into changes a pointer that null clears.
func (m maybe[T]) into(p **T) {
	if m.Given {
		*p = m.Value
	}
}

// set changes a value that a change names.
func set[T any](value *T, change *T) {
	if change != nil {
		*value = *change
	}
}
