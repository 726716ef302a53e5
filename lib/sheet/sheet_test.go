package sheet_test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode"

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

// told is what a Reader says of a file: each line with its cells, or why it is bad.
func told(t *testing.T, text string) (lines []string) {
	t.Helper()
	r := sheet.NewReader(text)
	for {
		cells, line, err := r.Read()
		if errors.Is(err, io.EOF) {
			return lines
		}
		said := strings.Join(cells, "|")
		if err != nil {
			why, ok := sheet.Broken(err)
			if !ok {
				t.Fatalf("reading %q gave %v", text, err)
			}
			said = strings.Join(strings.Fields(why)[:6], " ")
		}
		lines = append(lines, fmt.Sprintf("%d: %s", line, said))
	}
}

// A quote sign that is missing costs its own line, not those after it.
func TestAnOpenQuoteSwallowsNoLines(t *testing.T) {
	t.Parallel()
	const open, middle = "A quote sign is not closed", "A quote sign stands in the"
	for _, test := range []struct {
		name, text string
		want       []string
	}{
		{"to the end of the file", "a,b\nc,\"d\ne,f\ng,h\n", []string{"1: a|b", "2: " + open, "3: e|f", "4: g|h"}},
		{"to the next quotation", "a,b\r\nc,\"d\r\n\r\ne,\"f\"\r\ng,h", []string{"1: a|b", "2: " + open, "4: e|f", "5: g|h"}},
		{"in the last line", "a,b\nc,\"d", []string{"1: a|b", "2: " + open}},
		{"in the last line, which ends", "a,b\nc,\"d\r\n", []string{"1: a|b", "2: " + open}},
		{"after empty lines", "\n\r\n\na,\"b\n\n\nc\n", []string{"4: " + open, "7: c"}},
		{"several", "\"a\n\"b\nc\n\"d\ne\n", []string{"1: " + open, "2: " + open, "3: c", "4: " + open, "5: e"}},
		{"a text of several lines", "a,\"b\r\n\r\n\"\"c\"\" d\"\r\ne,f", []string{"1: a|b\n\n\"c\" d", "4: e|f"}},
		{"a text of several lines after an open one", "\"a\nb,\"c\nd\"\ne", []string{"1: " + open, "2: b|c\nd", "4: e"}},
		{"in a cell", "a\"b,c\nd\n\"e\"f\ng", []string{"1: " + middle, "2: d", "3: " + middle, "4: g"}},
		{"semicolons", "a;b\n\"c;d\ne;f,g", []string{"1: a|b", "2: " + open, "3: e|f,g"}},
		{"columns without a name", "a,b,, \nc,d,,\ne,,,\nf,g,h,\n,i\nj", []string{"1: a|b", "2: c|d", "3: e|", "4: f|g|h", "5: |i", "6: j"}},
		{"rows without anything", ",,\na,b,c\n,,\n \n\" \",\"\",\nd,,\n,,,", []string{"2: a|b|c", "6: d||"}},
	} {
		if got := told(t, test.text); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q is read as\n%q; want\n%q", test.name, test.text, got, test.want)
		}
	}
}

// However many quote signs are open, a file is read in one go: if each made the
// reader look through the rest of it, this would take hours.
func TestManyOpenQuotesAreReadInOneGo(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"\"a\n", "a,\"b\n\"\"\nc\n", "\"a\n\"\"\"\"\n", "\"a\n" + strings.Repeat("b,\"\"\n", 500), ",\"\"\"\n"} {
		r, n := sheet.NewReader(strings.Repeat(line, 1<<20/len(line))), 0
		for ; ; n++ {
			if _, _, err := r.Read(); errors.Is(err, io.EOF) {
				break
			}
		}
		if n < 1<<20/len(line)/2 {
			t.Errorf("of %.10q only %d lines were told", line, n)
		}
	}
}

// What follows a bad line is the line after it.
func FuzzReader(f *testing.F) {
	for _, s := range []string{"", "a,b\nc,\"d\ne,f\n", "\"a\r\n\"\"b\"\n;c", "\"a\"b\n\"", "a,\"b\n\"c\"\n,,\r\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		lines := strings.Split(text, "\n")
		r, next, bad := sheet.NewReader(text), 1, true
		for {
			_, line, err := r.Read()
			end := errors.Is(err, io.EOF)
			if end {
				line = len(lines) + 1
			}
			if line < next || line > len(lines)+1 {
				t.Fatalf("%q: line %d is told after line %d", text, line, next-1)
			}
			for i := next; bad && i < line; i++ {
				if strings.ContainsFunc(lines[i-1], func(r rune) bool { return r > ' ' && !strings.ContainsRune(",;\"", r) && !unicode.IsSpace(r) }) {
					t.Fatalf("%q: line %d is swallowed", text, i)
				}
			}
			if end {
				return
			}
			next, bad = line+1, err != nil
			if _, ok := sheet.Broken(err); bad && !ok {
				t.Fatalf("%q: %v", text, err)
			}
		}
	})
}
