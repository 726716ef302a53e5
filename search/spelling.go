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

// meant are words of customers' names that somebody may have meant who typed
// a word that begins no name.
func meant(tx *store.Tx, typed string) ([]string, error) {
	if utf8.RuneCountInString(typed) < shortestSpelt || strings.ContainsAny(typed, "0123456789") {
		return nil, nil
	}
	if any, err := tx.AnyWord(typed); any || err != nil {
		return nil, err
	}
	found, err := tx.WordsSpelt(spellings(typed))
	if err != nil {
		return nil, err
	}
	var list []string
	for errors := 1; errors <= errorsIn(typed) && len(list) == 0; errors++ {
		for _, w := range found {
			if distance(typed, w) <= errors && len(list) < 5 {
				list = append(list, w)
			}
		}
	}
	return list, nil
}
