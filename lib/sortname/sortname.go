// Package sortname makes the keys by which names are sorted: without regard to
// case and accents, in an order that every database and browser agrees on.
package sortname

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// most is how many bytes of a name decide its place.
const most = 80

// letters are those that do not come apart into a plain letter and an accent.
var letters = strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "đ", "d", "ł", "l", "ı", "i", "þ", "th", "ð", "d")

// Key is what a name is sorted by; compare it byte by byte.
func Key(name string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.Join(strings.Fields(strings.ToLower(name)), " ")) {
		if unicode.Is(unicode.Mn, r) || unicode.IsControl(r) {
			continue
		}
		if b.Len() >= most {
			break
		}
		b.WriteRune(r)
	}
	return letters.Replace(b.String())
}
