package sheet_test

import (
	"strings"
	"testing"

	"rapport/lib/sheet"
)

func FuzzCells(f *testing.F) {
	for _, s := range []string{"", "'", "=1", "'=1", "''+", "+49", "a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		written := sheet.Harmless(cell)
		if written != "" && strings.ContainsAny(written[:1], "=+-@\t\r") {
			t.Fatalf("%q is written as the formula %q", cell, written)
		}
		if got := sheet.Plain(written); got != cell {
			t.Fatalf("%q is written as %q and read as %q", cell, written, got)
		}
	})
}
