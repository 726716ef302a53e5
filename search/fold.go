package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// folded are letters that Unicode does not take apart.
var folded = map[rune]string{
	'ß': "ss", 'ẞ': "ss", 'æ': "ae", 'Æ': "ae", 'œ': "oe", 'Œ': "oe", 'ø': "o", 'Ø': "o", 'ł': "l", 'Ł': "l", 'đ': "d", 'Đ': "d",
	'ð': "d", 'Ð': "d", 'þ': "th", 'Þ': "th", 'ı': "i", 'ħ': "h", 'Ħ': "h", 'ŋ': "n", 'Ŋ': "n",
}

// twofold are letters that people without the key write as two.
var twofold = map[rune]string{
	'ä': "ae", 'Ä': "ae", 'ö': "oe", 'Ö': "oe", 'ü': "ue", 'Ü': "ue", 'å': "aa", 'Å': "aa", 'ø': "oe", 'Ø': "oe",
}

// foldRune writes a letter without case and accents. Marks come to nothing.
func foldRune(r rune, b []byte) []byte {
	if r < utf8.RuneSelf {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return append(b, byte(r))
	}
	if s, ok := folded[r]; ok {
		return append(b, s...)
	}
	if unicode.Is(unicode.Mn, r) {
		return b
	}
	var source [utf8.UTFMax]byte
	n := utf8.EncodeRune(source[:], r)
	for _, part := range string(norm.NFKD.Bytes(source[:n])) {
		if unicode.Is(unicode.Mn, part) {
			continue
		}
		if s, ok := folded[part]; ok {
			b = append(b, s...)
		} else {
			b = utf8.AppendRune(b, unicode.ToLower(part))
		}
	}
	return b
}

// Fold writes a text without case and accents: Straße is strasse.
func Fold(s string) string {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		b = foldRune(r, b)
	}
	return string(b)
}

// word is one word of a text: folded, in other spellings, and where it stands.
type word struct {
	text     string
	other    string // with ü as ue; "" when that is no different
	from, to int    // bytes of the text
	joined   bool   // written in a script without spaces: it goes on in the next
}

const (
	mostWords = 3000 // of one text
	longest   = 40   // bytes of a word; the rest of a longer one says little
)

// words takes a text apart. Scripts without spaces give overlapping pairs.
func words(s string) (list []word) {
	var b, o []byte
	start, differs := -1, false
	end := func(at int) {
		if start >= 0 && len(b) > 0 {
			w := word{text: cut(string(b)), from: start, to: at}
			if differs {
				w.other = cut(string(o))
			}
			list = append(list, w)
		}
		b, o, start, differs = b[:0], o[:0], -1, false
	}
	var before rune
	beforeAt := 0
	for at, r := range s {
		if len(list) >= mostWords {
			return list
		}
		if dense(r) {
			end(at)
			next := at + utf8.RuneLen(r)
			if before != 0 {
				list = append(list, word{text: Fold(string(before) + string(r)), from: beforeAt, to: next, joined: true})
			}
			list = append(list, word{text: Fold(string(r)), from: at, to: next, joined: true})
			before, beforeAt = r, at
			continue
		}
		before = 0
		if !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.Is(unicode.Mn, r) {
			end(at)
			continue
		}
		if start < 0 {
			start = at
		}
		b = foldRune(r, b)
		if two, ok := twofold[r]; ok {
			o, differs = append(o, two...), true
		} else if unicode.Is(unicode.Mn, r) {
			if r == '\u0308' && len(o) > 0 && strings.IndexByte("aou", o[len(o)-1]) >= 0 {
				o, differs = append(o, 'e'), true // ü in two parts
			}
		} else {
			o = foldRune(r, o)
		}
	}
	end(len(s))
	return list
}

func dense(r rune) bool {
	return r >= 0x0E00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// cut shortens a word to what is indexed of it, at a letter.
func cut(s string) string {
	if len(s) <= longest {
		return s
	}
	n := longest
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// begin is the start of a word, n letters long; ok is false when it is shorter.
func begin(s string, n int) (prefix string, ok bool) {
	for at := range s {
		if n == 0 {
			return s[:at], true
		}
		n--
	}
	return s, n == 0
}

// digits are those of a text that is a telephone number, as somebody wrote it:
// without the prefix of calls abroad or within the country. ok is false for
// any other text.
func digits(s string) (number string, ok bool) {
	var b []byte
	for _, r := range strings.TrimSpace(s) {
		switch {
		case '0' <= r && r <= '9':
			b = append(b, byte(r))
		case r == '+' && len(b) == 0, strings.ContainsRune(" ()-./\u00a0\u202f", r):
		default:
			return "", false
		}
	}
	number = strings.TrimPrefix(string(b), "00")
	number = strings.TrimPrefix(number, "0")
	return number, len(number) >= 3
}
