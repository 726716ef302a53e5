package sortname_test

import (
	"slices"
	"strings"
	"testing"

	"rapport/lib/sortname"
)

// S3-89: names are sorted A–Z, whatever their case and accents.
func TestKey(t *testing.T) {
	t.Parallel()
	want := []string{"+49 30 1234", "Ádám", "adele", "ÄGIDIUS", "Łukasz", "Mara  de Silva", "Mara de silvas", "Øyvind", "strasse", "Straße 2", "Zoë"}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, func(a, b string) int { return strings.Compare(sortname.Key(a), sortname.Key(b)) })
	if !slices.Equal(got, want) {
		t.Errorf("sorted: %q, want %q", got, want)
	}
	if long := sortname.Key(strings.Repeat("é", 500)); len(long) > 90 {
		t.Errorf("a key of %d bytes", len(long))
	}
}
