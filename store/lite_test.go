package store

import (
	"slices"
	"testing"
)

func TestPlaceholdersWithoutNames(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		text, want string
		order      []int
	}{
		{"select 1", "select 1", nil},
		{"a = $1 and b = $2", "a = ? and b = ?", []int{1, 2}},
		{"a = $12 or $2 = '' or b = $12", "a = ? or ? = '' or b = ?", []int{12, 2, 12}},
		{"a = '$1' and b = 'it''s $2' and c = $3", "a = '$1' and b = 'it''s $2' and c = ?", []int{3}},
	} {
		if got, order := withoutNames(test.text); got != test.want || !slices.Equal(order, test.order) {
			t.Errorf("%q becomes %q with %v", test.text, got, order)
		}
	}
}
