package nested_test

import (
	"reflect"
	"testing"

	"rapport/lib/nested"
)

func TestPut(t *testing.T) {
	t.Parallel()
	got := map[string]any{"plain": 1}
	nested.Put(got, "address.city", "Bonn")
	nested.Put(got, "address.street.no", 7)
	nested.Put(got, "address.city", "Ulm")
	nested.Put(got, "plain.deeper", true)
	want := map[string]any{"address": map[string]any{"city": "Ulm", "street": map[string]any{"no": 7}}, "plain": map[string]any{"deeper": true}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
