package workflow

import (
	"testing"

	"rapport/lib/saying"
)

// TestTheVocabularyHasGerman: who reads German builds workflows in German (issue 4, point 17).
func TestTheVocabularyHasGerman(t *testing.T) {
	t.Parallel()
	words := Vocabulary()
	german := func(text string) {
		t.Helper()
		if text != "" && !saying.Knows("de", text) {
			t.Errorf("lib/saying/de.json lacks %q", text)
		}
	}
	fields := func(list []Field) {
		for _, f := range list {
			german(f.Label)
			german(f.Help)
			for _, c := range f.Choices {
				german(c.Label)
			}
		}
	}
	for _, k := range words.Triggers {
		german(k.Label)
		german(k.Help)
		fields(k.Fields)
	}
	for _, k := range words.Steps {
		german(k.Label)
		german(k.Help)
		fields(k.Fields)
		for _, o := range k.Outputs {
			german(o.Label)
		}
	}
	for _, f := range words.Facts {
		german(f.Label)
		german(f.Help)
		for _, c := range f.Choices {
			german(c.Label)
		}
	}
	for _, k := range Templates() {
		german(k.Name)
		german(k.Help)
	}
	for _, o := range words.Operators {
		german(o.Label)
	}
}
