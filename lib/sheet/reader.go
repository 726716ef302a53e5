package sheet

import (
	"bufio"
	"encoding/csv"
	"errors"
	"slices"
	"strings"
)

// Reader reads the lines of a file, however many cells each has. Lines without
// anything in their cells are passed over, as spreadsheets write them below a
// table; so are cells without anything behind the last column that the first line
// names, as they write them beside it.
//
// A quote sign that nobody closed makes its own line bad and no other: reading
// goes on with the line after it. No line is read more than twice for that: a line
// that leaves a quotation open has an odd number of quote signs, one in the middle
// of a quotation an even number. So the search for the closing sign stops at the
// next line with an odd number, and a line with an even number begins no search.
type Reader struct {
	Trim bool // drops white space before a cell

	comma rune
	width int    // of the first line, once it is read
	rest  string // of the file, from where csv began
	lines int    // of the file, before rest
	from  *bufio.Reader
	csv   *csv.Reader
}

// NewReader begins to read what a file says. The first line shows what separates
// the cells.
func NewReader(text string) *Reader {
	first, _, _ := strings.Cut(text, "\n")
	r := &Reader{Trim: true, comma: ',', rest: text, from: bufio.NewReader(nil)}
	if strings.Count(first, ";") > strings.Count(first, ",") {
		r.comma = ';'
	}
	return r
}

// Read returns the cells of the next line and which one it is, counted from 1; of
// a text that goes over several lines, the first. At the end of the file the error
// is io.EOF; for others see Broken.
func (r *Reader) Read() (cells []string, line int, err error) {
	for {
		if r.csv == nil {
			r.begin()
		}
		at := r.csv.InputOffset()
		cells, err := r.csv.Read()
		if broken, ok := errors.AsType[*csv.ParseError](err); ok {
			line := r.lines + broken.StartLine
			return nil, line, r.goOn(int(at), line, broken)
		}
		if err != nil {
			return nil, 0, err
		}
		if slices.ContainsFunc(cells, func(cell string) bool { return strings.TrimSpace(cell) != "" }) {
			line, _ := r.csv.FieldPos(0)
			return r.within(cells), r.lines + line, nil
		}
	}
}

// within leaves out cells without anything behind the last column with a name.
func (r *Reader) within(cells []string) []string {
	for len(cells) > r.width && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	if r.width == 0 {
		r.width = len(cells)
	}
	return cells
}

// begin reads rest with a csv.Reader of its own.
func (r *Reader) begin() {
	r.from.Reset(strings.NewReader(r.rest))
	r.csv = csv.NewReader(r.from)
	r.csv.Comma, r.csv.FieldsPerRecord = r.comma, -1
	r.csv.TrimLeadingSpace = r.Trim
}

// badLine says what is wrong with a line that cannot be read.
type badLine struct{ why string }

func (e *badLine) Error() string { return e.why }

// Broken tells whether an error of Read is about its line alone, so that reading can
// go on, and says what is wrong in a sentence for the person.
func Broken(err error) (why string, ok bool) {
	bad, ok := errors.AsType[*badLine](err)
	if !ok {
		return "", false
	}
	return bad.why, true
}

// goOn says what is wrong with a line, and goes back to the one after it if others
// were read in search of a quote sign. at is where in rest csv was before the line.
func (r *Reader) goOn(at, line int, broken *csv.ParseError) error {
	text, after, more := "", r.rest[at:], true
	for text == "" && more { // csv passes over empty lines
		text, after, more = strings.Cut(after, "\n")
		text = strings.TrimSuffix(text, "\r")
	}
	if broken.Line == broken.StartLine && broken.Column <= len(text) {
		return &badLine{"A quote sign stands in the middle of a cell of this line; put the whole cell into quote signs, and write those within it twice."}
	}
	r.rest, r.lines, r.csv = after, line, nil
	return &badLine{"A quote sign is not closed in this line; add the second one, or leave the first out."}
}
