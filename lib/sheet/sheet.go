// Package sheet reads and writes CSV as people's spreadsheets do: with a mark
// that says UTF-8, separated by commas or semicolons, and with formulas made
// harmless (RFC 4180 for the rest).
package sheet

import (
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
