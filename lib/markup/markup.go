// Package markup is the little formatting that messages have: *bold* and
// _italic_, as people type it. A mark opens at the start of a word and closes at
// the end of one, on the same line; everything else is a plain character, so
// that 2*3*4 and snake_case_names stay what they are.
package markup

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Span is a part of a text with one look.
type Span struct {
	Text   string `json:"text"`
	Bold   bool   `json:"bold,omitempty"`
	Italic bool   `json:"italic,omitempty"`
}

// Parse splits a text into its spans. Joined, their texts are the text without
// its marks.
func Parse(text string) []Span {
	var spans []Span
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			spans = join(spans, Span{Text: "\n"})
		}
		for _, s := range parseLine(line, Span{}) {
			spans = join(spans, s)
		}
	}
	return spans
}

func join(spans []Span, s Span) []Span {
	if s.Text == "" {
		return spans
	}
	if n := len(spans); n > 0 && spans[n-1].Bold == s.Bold && spans[n-1].Italic == s.Italic {
		spans[n-1].Text += s.Text
		return spans
	}
	return append(spans, s)
}

// parseLine looks at one line within a look; a look is not nested in itself.
func parseLine(line string, look Span) (spans []Span) {
	plain := 0
	for at := 0; at < len(line); at++ {
		mark := line[at]
		if mark != '*' && mark != '_' || mark == '*' && look.Bold || mark == '_' && look.Italic {
			continue
		}
		end, ok := closing(line, at, mark)
		if !ok {
			continue
		}
		spans = append(spans, Span{line[plain:at], look.Bold, look.Italic})
		within := look
		if mark == '*' {
			within.Bold = true
		} else {
			within.Italic = true
		}
		spans = append(spans, parseLine(line[at+1:end], within)...)
		plain, at = end+1, end
	}
	return append(spans, Span{line[plain:], look.Bold, look.Italic})
}

// reach is how far a mark may be from its end, in bytes; it bounds the work that
// a text of nothing but marks makes.
const reach = 2000

// closing finds the end of what a mark begins.
func closing(line string, at int, mark byte) (end int, ok bool) {
	before, _ := utf8.DecodeLastRuneInString(line[:at])
	first, _ := utf8.DecodeRuneInString(line[at+1:])
	if at > 0 && (word(before) || strings.ContainsRune(address, before)) || at+1 >= len(line) || unicode.IsSpace(first) || first == rune(mark) {
		return 0, false
	}
	for end = at + 2; end < min(len(line), at+reach); end++ {
		if line[end] != mark {
			continue
		}
		last, _ := utf8.DecodeLastRuneInString(line[:end])
		after, _ := utf8.DecodeRuneInString(line[end+1:])
		if !unicode.IsSpace(last) && last != rune(mark) && (end+1 == len(line) || !word(after)) {
			return end, true
		}
	}
	return 0, false
}

// address are characters behind which a mark is part of an address.
const address = `/\=&?#%:.@~+`

func word(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '*' || r == '_'
}

// Plain is a text without its marks, for where nothing can be bold or italic.
func Plain(text string) string {
	if !strings.ContainsAny(text, "*_") {
		return text
	}
	var b strings.Builder
	for _, s := range Parse(text) {
		b.WriteString(s.Text)
	}
	return b.String()
}
