// Package sheet reads and writes CSV as people's spreadsheets do: with a mark
// that says UTF-8, separated by commas or semicolons, and with formulas made
// harmless (RFC 4180 for the rest).
package sheet

import (
	"encoding/csv"
	"errors"
	"strings"
	"unicode/utf8"

	"rapport"
)

// Mark at the start of a file tells spreadsheets that it is UTF-8.
const Mark = "\uFEFF"

// Text is what a file says, without its mark.
func Text(file []byte) (string, error) {
	text := strings.TrimPrefix(string(file), Mark)
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return "", rapport.Invalidf("", "The file is not UTF-8 text; save it as “CSV UTF-8”.")
	}
	return text, nil
}

// Reader reads the lines of a file, however many fields each has. The first line
// shows what separates them.
func Reader(text string) *csv.Reader {
	first, _, _ := strings.Cut(text, "\n")
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord, r.TrimLeadingSpace = -1, true
	if strings.Count(first, ";") > strings.Count(first, ",") {
		r.Comma = ';'
	}
	return r
}

// Broken tells whether an error of a Reader is about one line, after which
// reading can go on: which line, and a sentence for the person.
func Broken(err error) (line int, why string, ok bool) {
	broken, ok := errors.AsType[*csv.ParseError](err)
	if !ok {
		return 0, "", false
	}
	return broken.StartLine, "The line cannot be read: " + strings.ReplaceAll(broken.Err.Error(), `"`, "the quote sign ") + ".", true
}

// formula are the characters that make a spreadsheet calculate.
const formula = "=+-@\t\r"

// Harmless puts a quote before what a spreadsheet would take for a formula,
// phone numbers included; Plain takes it off again. A text that begins with
// such a quote by itself gets one more.
func Harmless(cell string) string {
	if strings.IndexAny(strings.TrimLeft(cell, "'"), formula) == 0 {
		return "'" + cell
	}
	return cell
}

// Plain is the inverse of Harmless.
func Plain(cell string) string {
	if rest, quoted := strings.CutPrefix(cell, "'"); quoted && strings.IndexAny(strings.TrimLeft(rest, "'"), formula) == 0 {
		return rest
	}
	return cell
}
