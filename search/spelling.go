package search

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"rapport/store"
)

func keysOf(m map[string]string) func(func(string) bool) { return maps.Keys(m) }

// nameWords are the words of a customer's name, by which typing errors are found.
func nameWords(name string) []string {
	var list []string
	for _, w := range words(name) {
		for _, text := range []string{w.text, w.other} {
			if utf8.RuneCountInString(text) >= shortestSpelt && !strings.ContainsAny(text, "0123456789") && !slices.Contains(list, text) {
				list = append(list, text)
			}
		}
	}
	return list
}

const (
	shortestSpelt = 4 // letters; shorter words are too much like others
	spelt         = 7 // letters of a word that its spellings are made of
)

// spellings are what is left of a word when letters are missing: one of it, or
// two of a long word. Two words that differ by as many errors share one.
func spellings(word string) []string {
	runes := []rune(word)
	runes = runes[:min(len(runes), spelt)]
	found := map[string]bool{string(runes): true}
	last := [][]rune{runes}
	for range errorsIn(word) {
		var next [][]rune
		for _, w := range last {
			for i := range w {
				left := string(slices.Delete(slices.Clone(w), i, i+1))
				if !found[left] {
					found[left] = true
					next = append(next, []rune(left))
				}
			}
		}
		last = next
	}
	return slices.Sorted(maps.Keys(found))
}

// errorsIn is how many typing errors a word may have.
func errorsIn(word string) int {
	if utf8.RuneCountInString(word) >= 8 {
		return 2
	}
	return 1
}

// distance is the number of errors between what was typed and a word, or the
// start of a word: letters too many, missing, wrong, or two in the wrong order.
func distance(typed, word string) int {
	a, b := []rune(typed), []rune(word)
	before, last, this := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		this[0] = i
		for j := 1; j <= len(b); j++ {
			wrong := 1
			if a[i-1] == b[j-1] {
				wrong = 0
			}
			this[j] = min(last[j]+1, this[j-1]+1, last[j-1]+wrong)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				this[j] = min(this[j], before[j-2]+1)
			}
		}
		before, last, this = last, this, before
	}
	return slices.Min(last[min(len(b), max(0, len(a)-1)):])
}

// correct decides for each word of a query that begins no name what may have been
// meant by it, and returns these words. Names of customers whom the actor may not see
// count for nothing: they would be given away, and keep others from being found.
func (q *query) correct(tx *store.Tx) (corrected map[string][]string, err error) {
	for i := range q.words {
		s := &q.words[i]
		if s.meant, err = q.meant(tx, s.spellings[0]); err != nil {
			return nil, err
		}
		if len(s.meant) > 0 {
			if corrected == nil {
				corrected = map[string][]string{}
			}
			corrected[s.spellings[0]] = s.meant
		}
	}
	return corrected, nil
}

const mostMeant = 5 // words in place of one

// meant are words of customers' names that somebody may have meant who typed
// a word that begins no name.
func (q *query) meant(tx *store.Tx, typed string) ([]string, error) {
	if utf8.RuneCountInString(typed) < shortestSpelt || strings.ContainsAny(typed, "0123456789") {
		return nil, nil
	}
	any, err := tx.AnyWord(typed)
	if any && err == nil && !q.everybody() {
		var begun []string
		begun, err = q.inNames(tx, []store.Term{{Text: typed, Prefix: true}}, func(word string) bool { return strings.HasPrefix(word, typed) })
		any = len(begun) > 0
	}
	if any || err != nil {
		return nil, err
	}
	found, err := tx.WordsSpelt(spellings(typed))
	if err != nil {
		return nil, err
	}
	for errors := 1; errors <= errorsIn(typed); errors++ {
		near := slices.DeleteFunc(slices.Clone(found), func(w string) bool { return distance(typed, w) > errors })
		if len(near) > 0 && !q.everybody() {
			terms := make([]store.Term, len(near))
			for i, w := range near {
				terms[i] = store.Term{Text: w}
			}
			seen, err := q.inNames(tx, terms, func(word string) bool { return slices.Contains(near, word) })
			if err != nil {
				return nil, err
			}
			near = slices.DeleteFunc(near, func(w string) bool { return !slices.Contains(seen, w) })
		}
		if len(near) > 0 {
			return near[:min(len(near), mostMeant)], nil
		}
	}
	return nil, nil
}

// everybody tells that all customers come into question, so that nobody has to be
// looked at to know that a name may be told.
func (q *query) everybody() bool {
	return q.actor.SeesAll() && q.Queue == "" && q.Agent == "" && q.From.IsZero() && q.To.IsZero()
}

// inNames looks for customers by one of some terms, and returns the words of their
// names that are asked for, of those whom the query may find. The terms of scope make
// nearly all that are looked at such ones; so some are enough.
func (q *query) inNames(tx *store.Tx, terms []store.Term, asked func(word string) bool) (list []string, err error) {
	numbers, err := tx.FindDocuments(store.InContacts, append(slices.Clone(q.scope), terms), 0, int64(1)<<62, considered)
	if err != nil {
		return nil, err
	}
	found, err := tx.SearchedContacts(numbers)
	if err != nil {
		return nil, err
	}
	for _, f := range found {
		names := slices.DeleteFunc(nameWords(f.Name), func(w string) bool { return !asked(w) || slices.Contains(list, w) })
		if len(names) == 0 {
			continue
		}
		if _, ok, err := q.customer(tx, f.ID); err != nil {
			return nil, err
		} else if ok {
			list = append(list, names...)
		}
	}
	return list, nil
}
