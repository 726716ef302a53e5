package api

import (
	"iter"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// schemas is where the OpenAPI document keeps what bodies look like.
const schemas = "#/components/schemas/"

// allowNulls says of each member that is an object or null that it may be null;
// huma describes only the object.
func allowNulls(r huma.Registry) {
	for name, schema := range r.Map() {
		for member, f := range jsonFields(r.TypeFromRef(schemas + name)) {
			p := schema.Properties[member]
			if p == nil || p.Ref == "" || f.Type.Kind() != reflect.Pointer || strings.Contains(f.Tag.Get("json"), ",omit") {
				continue
			}
			schema.Properties[member] = orNull(&huma.Schema{Ref: p.Ref}, p.Description)
		}
	}
}

// orNull is a schema that null fits, too. A list of the one value null says so,
// as huma checks no type "null".
func orNull(s *huma.Schema, description string) *huma.Schema {
	return &huma.Schema{OneOf: []*huma.Schema{s, {Enum: []any{nil}}}, Description: description}
}

// jsonFields are the fields of a struct by the names that JSON gives them.
func jsonFields(t reflect.Type) iter.Seq2[string, reflect.StructField] {
	return func(yield func(string, reflect.StructField) bool) {
		for t != nil && t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if t == nil || t.Kind() != reflect.Struct {
			return
		}
		for _, f := range reflect.VisibleFields(t) {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if !f.IsExported() || name == "-" || f.Anonymous && name == "" {
				continue
			}
			if name == "" {
				name = f.Name
			}
			if !yield(name, f) {
				return
			}
		}
	}
}
