package customer

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"rapport"
	"rapport/lib/point"
	"rapport/store"
)

const (
	sharedByMost = 20 // an address that more share is a switchboard's
	namesakes    = 50 // looked at, of those whose names sound alike
)

// scores of reasons: a shared number says more than a shared name.
const (
	scorePhone = 90
	scoreEmail = 80
	scoreName  = 50
)

// compare writes down what a customer is compared by, and who may be the same.
func compare(tx *store.Tx, id rapport.ContactID) error {
	c, err := tx.Contact(id)
	if rapport.KindOf(err) == rapport.NotFound || id == rapport.InternalContact {
		return nil
	}
	if err != nil {
		return err
	}
	if err := tx.Unsuspect(id); err != nil {
		return err
	}
	if c.MergedInto != "" || !c.ErasedAt.IsZero() {
		return tx.Compare(id, nil)
	}
	config, err := tx.Configuration()
	if err != nil {
		return err
	}
	keys := keysOf(&c, config.Settings.Country)
	if err := tx.Compare(id, keys); err != nil {
		return err
	}
	for _, by := range []struct {
		kind  string
		score int
	}{{store.KeyPhone, scorePhone}, {store.KeyEmail, scoreEmail}} {
		for _, value := range keys[by.kind] {
			others, err := tx.SharingKey(by.kind, value, id, sharedByMost)
			if err != nil {
				return err
			}
			if len(others) == sharedByMost {
				continue
			}
			for _, other := range others {
				if err := tx.Suspect(store.Duplicate{A: id, B: other, Reason: by.kind, Shared: value, Score: by.score}); err != nil {
					return err
				}
			}
		}
	}
	return namesake(tx, &c, keys[store.KeyName], config.Attributes)
}

// namesake suspects those who are called alike and share a telling value.
func namesake(tx *store.Tx, c *rapport.Contact, sounds []string, attributes []rapport.Attribute) error {
	for _, sound := range sounds {
		others, err := tx.SharingKey(store.KeyName, sound, c.ID, namesakes)
		if err != nil {
			return err
		}
		for _, id := range others {
			other, err := tx.Contact(id)
			if err != nil {
				return err
			}
			if !alike(plainName(c.Name), plainName(other.Name)) {
				continue
			}
			for name, value := range c.Fields {
				if telling(name, attributes) && value != "" && strings.EqualFold(value, other.Fields[name]) {
					if err := tx.Suspect(store.Duplicate{A: c.ID, B: id, Reason: store.KeyName, Shared: name + ": " + value, Score: scoreName}); err != nil {
						return err
					}
					break
				}
			}
		}
	}
	return nil
}

// telling says whether a value of a field tells people apart: thousands share a
// country or a gender.
func telling(name string, attributes []rapport.Attribute) bool {
	for _, a := range attributes {
		if a.Name == name {
			switch a.Kind {
			case rapport.AttributeChoice, rapport.AttributeYesNo, rapport.AttributeCountry, rapport.AttributeLanguage, rapport.AttributeTimeZone:
				return false
			}
		}
	}
	return true
}

// keysOf is what a customer is compared by: numbers and addresses wherever they
// stand, and how the name sounds.
func keysOf(c *rapport.Contact, country string) map[string][]string {
	keys := map[string][]string{}
	add := func(kind, value string) {
		if value != "" && !slices.Contains(keys[kind], value) {
			keys[kind] = append(keys[kind], value)
		}
	}
	look := func(text string) {
		switch {
		case strings.Contains(text, "@") && !strings.HasPrefix(text, "@"):
			if p, err := point.Parse(rapport.PointEmail, text, ""); err == nil {
				add(store.KeyEmail, p.Address)
			}
		case digits(text) >= 7 && digits(text) <= 15 && strings.Trim(text, "+0123456789 -()/.") == "":
			if p, err := point.Parse(rapport.PointPhone, text, country); err == nil {
				add(store.KeyPhone, p.Address)
			}
		}
	}
	for _, p := range c.Points {
		switch p.Kind {
		case rapport.PointVisitor:
		case rapport.PointExternal:
			_, id, _ := strings.Cut(p.Address, ":")
			look(id)
		case rapport.PointHandle:
			look(strings.TrimPrefix(p.Address, "@"))
		default:
			look(p.Address)
		}
	}
	for _, value := range c.Fields {
		look(value)
	}
	if c.Name != "" && digits(c.Name) == 0 {
		add(store.KeyName, sound(c.Name))
	}
	return keys
}

func digits(text string) (n int) {
	for _, r := range text {
		if r >= '0' && r <= '9' {
			n++
		}
	}
	return n
}

// plainName is a name in lower case without accents, its words in order of the alphabet.
func plainName(name string) string {
	name = strings.NewReplacer("ß", "ss", "ø", "o", "ł", "l", "æ", "ae", "œ", "oe").Replace(strings.ToLower(name))
	words := strings.FieldsFunc(norm.NFD.String(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) })
	for i, w := range words {
		words[i] = strings.Map(func(r rune) rune {
			if unicode.Is(unicode.Mn, r) {
				return -1
			}
			return r
		}, w)
	}
	slices.Sort(words)
	return strings.Join(words, " ")
}

// sound is what is left of a name without what people mishear: vowels after the
// first letter, doubled letters, and letters that sound the same.
func sound(name string) string {
	words := strings.Fields(strings.NewReplacer("ph", "f", "th", "t", "ck", "k", "dt", "t", "tz", "z").Replace(plainName(name)))
	for i, w := range words {
		var b strings.Builder
		last := rune(0)
		for n, r := range []rune(w) {
			switch r {
			case 'c':
				r = 'k'
			case 'y', 'j':
				r = 'i'
			case 'v', 'w':
				r = 'f'
			}
			if n > 0 && strings.ContainsRune("aeiouh", r) || r == last {
				last = r
				continue
			}
			last = r
			b.WriteRune(r)
		}
		words[i] = b.String()
	}
	slices.Sort(words)
	return strings.Join(words, " ")
}

// alike tells whether two plain names differ by a few letters at most.
func alike(a, b string) bool {
	x, y := []rune(a), []rune(b)
	most := 1 + max(len(x), len(y))/6
	if len(x) == 0 || len(y) == 0 || max(len(x), len(y)) > 200 {
		return false
	}
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		before := row[0]
		row[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			before, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, before+cost)
		}
	}
	return row[len(y)] <= most
}
