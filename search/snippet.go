package search

import (
	"strings"
	"unicode/utf8"
)

// Piece is a piece of a text, marked where it is what was looked for.
type Piece struct {
	Text string `json:"text"`
	Hit  bool   `json:"hit,omitempty"`
}

const (
	around  = 40  // letters before the first hit of a snippet
	snippet = 160 // letters of a snippet
)

// excerpt is a piece of a text around the first hit, with the hits marked.
func (q *query) excerpt(text string) []Piece {
	return pieces(text, q.hits(text))
}

type span struct{ from, to int }

// hits are where the words of a query stand in a text.
func (q *query) hits(text string) (hits []span) {
	for _, w := range words(text) {
		for i := range q.words {
			if q.words[i].matches(&w) {
				if n := len(hits); n > 0 && w.from < hits[n-1].to { // overlapping pairs
					hits[n-1].to = max(hits[n-1].to, w.to)
				} else {
					hits = append(hits, span{w.from, w.to})
				}
				break
			}
		}
	}
	if q.number != "" {
		for _, at := range numbers.FindAllStringIndex(text, 50) {
			if number, ok := digits(text[at[0]:at[1]]); ok && strings.Contains(number, q.number) {
				hits = append(hits, span{at[0], at[1]})
			}
		}
	}
	return hits
}

// pieces cuts a text to the snippet around its first hit.
func pieces(text string, hits []span) []Piece {
	from := 0
	if len(hits) > 0 {
		from = backward(text, hits[0].from, around)
	}
	to := ahead(text, from, snippet)
	var list []Piece
	add := func(s string, hit bool) {
		if s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\r' || r == '\t' }), " "); s != "" {
			list = append(list, Piece{s, hit})
		}
	}
	if from > 0 {
		add("…", false)
	}
	at := from
	for _, h := range hits {
		if h.from < at || h.to > to {
			continue
		}
		add(text[at:h.from], false)
		add(text[h.from:h.to], true)
		at = h.to
	}
	add(text[at:to], false)
	if to < len(text) {
		add("…", false)
	}
	return list
}

// backward goes back some letters from a place, to the start of a word if one is near.
func backward(s string, at, letters int) int {
	start := at
	for ; letters > 0 && start > 0; letters-- {
		_, n := utf8.DecodeLastRuneInString(s[:start])
		start -= n
	}
	if start > 0 {
		if space := strings.IndexAny(s[start:at], " \n\t"); space >= 0 {
			start += space + 1
		}
	}
	return start
}

func ahead(s string, at, letters int) int {
	for ; letters > 0 && at < len(s); letters-- {
		_, n := utf8.DecodeRuneInString(s[at:])
		at += n
	}
	return at
}
