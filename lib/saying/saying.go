// Package saying says in another language what Rapport says in English: errors,
// reasons, lines of a thread. A sentence is recognised by its pattern, so that
// what is stored stays one English text, and what was stored years ago is
// translated, too. The desk does the same with the same catalogue
// (web/packages/i18n/src/saying.ts); here it serves what leaves by e-mail.
//
// A catalogue maps a pattern to its translation. "{1}" stands for a value, kept
// as it is; in the translation "{1!}" for one that is Rapport's own words, too,
// "{1?}" for one that may be or may be a name, "{1#}" for one that must be a number.
package saying

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

//go:embed de.json
var german []byte

// catalogues of the languages that Rapport speaks besides English.
var catalogues = map[string]func() *catalogue{
	"de": sync.OnceValue(func() *catalogue { return read(german) }),
}

// Preferred is the language of the header Accept-Language that is wanted most
// among English and those of the catalogues, the first of equals; empty for
// English and where none is. What cannot be read does not spoil the rest.
func Preferred(accept string) string {
	best, most := "", 0.0
	for part := range strings.SplitSeq(strings.ToLower(accept), ",") {
		tag, weight, weighted := strings.Cut(strings.ReplaceAll(part, " ", ""), ";")
		wanted := 1.0
		if weighted {
			wanted, _ = strconv.ParseFloat(strings.TrimPrefix(weight, "q="), 64)
		}
		language, _, _ := strings.Cut(strings.ReplaceAll(tag, "_", "-"), "-")
		if _, known := catalogues[language]; (known || language == "en") && wanted > most {
			best, most = language, wanted
		}
	}
	if best == "en" {
		return ""
	}
	return best
}

// In is a sentence in a language, such as "de" or "de-AT"; as it is where the
// language or the sentence is not known.
func In(language, sentence string) string {
	language, _, _ = strings.Cut(language, "-")
	c, known := catalogues[strings.ToLower(language)]
	if !known {
		return sentence
	}
	return c().say(sentence, 0).text
}

// Knows tells whether a sentence is recognised in a language, with all of
// Rapport's own words within it.
func Knows(language, sentence string) bool {
	c, known := catalogues[language]
	if !known {
		return false
	}
	return c().say(sentence, 0).how == whole
}

// known tells how much of a sentence was recognised.
type known int

const (
	nothing known = iota
	partly
	whole
)

type catalogue struct {
	exact    map[string]string
	patterns []*pattern // those with other sentences in them first, then those that say most
}

type pattern struct {
	form   func() *regexp.Regexp
	needle string // in every sentence of this form
	says   int    // how many letters of it are fixed
	joins  int    // 2: goes on after another sentence; 1: has one within it
	to     []piece
}

// piece of a translation: text, or the value of a hole.
type piece struct {
	text string
	hole int
	kind string // "!", "?", "#" or ""
}

// deepest is how many sentences may stand within each other.
const deepest = 6

// few letters do not make a sentence: such a pattern only joins others.
const few = 3

var hole = regexp.MustCompile(`\{(\d)([!?#]?)\}`)

var number = regexp.MustCompile(`^[\d.,:]+$`)

func read(text []byte) *catalogue {
	entries := map[string]string{}
	if err := json.Unmarshal(text, &entries); err != nil {
		panic(err) // it is part of the program, and tested
	}
	c := &catalogue{exact: map[string]string{}}
	for from, to := range entries {
		holes := hole.FindAllStringIndex(from, -1)
		if holes == nil {
			c.exact[from] = to
			continue
		}
		p := &pattern{}
		form, last := "", 0
		for _, at := range append(holes, []int{len(from), len(from)}) {
			fixed := from[last:at[0]]
			form += regexp.QuoteMeta(fixed)
			if at[0] < len(from) {
				form += `(.*?)`
			}
			if len(fixed) > len(p.needle) {
				p.needle = fixed
			}
			p.says += letters(fixed)
			last = at[1]
		}
		p.needle = strings.TrimSuffix(p.needle, ".")
		if strings.HasPrefix(from, p.needle) { // its first letter may be small
			_, size := utf8.DecodeRuneInString(p.needle)
			p.needle = p.needle[size:]
		}
		form = strings.TrimSuffix(form, `\.`)
		if first, size := utf8.DecodeRuneInString(form); unicode.IsLetter(first) {
			form = "[" + string(unicode.ToLower(first)) + string(unicode.ToUpper(first)) + "]" + form[size:]
		}
		p.form = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?s)^` + form + `\.?$`) })
		last = 0
		for _, at := range append(hole.FindAllStringSubmatchIndex(to, -1), []int{len(to), len(to)}) {
			if text := to[last:at[0]]; text != "" {
				p.to = append(p.to, piece{text: text})
			}
			if at[0] < len(to) {
				p.to = append(p.to, piece{hole: int(to[at[2]] - '0'), kind: to[at[4]:at[5]]})
			}
			last = at[1]
		}
		switch inner := slices.IndexFunc(p.to, func(one piece) bool { return one.kind == "!" }); {
		case p.says <= few:
		case inner == 0:
			p.joins = 2
		case inner > 0:
			p.joins = 1
		}
		c.patterns = append(c.patterns, p)
	}
	for from, to := range maps.Clone(c.exact) {
		if _, taken := c.exact[plain(from)]; !taken {
			c.exact[plain(from)] = to
		}
	}
	slices.SortFunc(c.patterns, func(a, b *pattern) int {
		return cmp.Or(b.joins-a.joins, b.says-a.says, strings.Compare(a.needle, b.needle))
	})
	return c
}

func letters(s string) (n int) {
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

// plain is a sentence without what its place in another one changes.
func plain(s string) string {
	s = strings.TrimSuffix(s, ".")
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(first)) + s[size:]
}

// spoken is a translation: how much of the sentence was recognised, and how many
// letters of it were kept as a value.
type spoken struct {
	text string
	how  known
	kept int
}

// say translates a sentence, as far as it is known. Of several ways to read it
// that counts which keeps the least: "Nora is yours now: Ben went offline" tells of
// Ben, and nobody is called "Nora is yours now: Ben".
func (c *catalogue) say(sentence string, depth int) spoken {
	trimmed := strings.TrimSpace(sentence)
	if trimmed == "" || depth > deepest {
		return spoken{sentence, nothing, len(sentence)}
	}
	before, after, _ := strings.Cut(sentence, trimmed)
	to, ok := c.exact[trimmed]
	if !ok {
		to, ok = c.exact[plain(trimmed)]
	}
	if ok {
		return spoken{before + ended(to, trimmed) + after, whole, 0}
	}
	best := spoken{sentence, nothing, len(sentence)}
	for _, p := range c.patterns {
		if !strings.Contains(trimmed, p.needle) {
			continue
		}
		values := p.form().FindStringSubmatch(trimmed)
		if values == nil {
			continue
		}
		if one, ok := c.fill(p, values, depth); ok && (one.how > best.how || one.how == best.how && one.kept < best.kept) {
			best = spoken{before + ended(one.text, trimmed) + after, one.how, one.kept}
		}
	}
	return best
}

// fill puts the values into a translation; false if they do not fit.
func (c *catalogue) fill(p *pattern, values []string, depth int) (all spoken, fits bool) {
	all.how = whole
	fits = p.says > few
	for _, part := range p.to {
		value := values[part.hole]
		switch {
		case part.hole == 0:
			all.text += part.text
		case part.kind == "#" && !number.MatchString(value):
			return all, false
		case (part.kind == "!" || part.kind == "?") && !number.MatchString(value):
			one := c.say(value, depth+1)
			all.text += one.text
			all.kept += one.kept
			fits = fits || one.how != nothing
			if one.how != whole && value != "" && part.kind == "!" {
				all.how = partly
			}
		default:
			all.text += value
			all.kept += len(value)
		}
	}
	return all, fits
}

// ended gives a translation the full stop that the sentence has, or not.
func ended(to, sentence string) string {
	if has := strings.HasSuffix(to, "."); has == strings.HasSuffix(sentence, ".") {
		return to
	} else if has {
		return strings.TrimSuffix(to, ".")
	}
	if strings.ContainsAny(to[len(to)-1:], "!?…:") {
		return to
	}
	return to + "."
}
