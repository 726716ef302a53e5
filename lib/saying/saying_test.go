package saying

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestSentences goes through the examples that the desk's recogniser passes, too.
func TestSentences(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/de.json")
	if err != nil {
		t.Fatal(err)
	}
	var examples [][2]string
	if err := json.Unmarshal(text, &examples); err != nil {
		t.Fatal(err)
	}
	for _, one := range examples {
		if got := In("de-AT", one[0]); got != one[1] {
			t.Errorf("%q became\n%q; want\n%q", one[0], got, one[1])
		}
	}
	if got := In("fr", examples[0][0]); got != examples[0][0] {
		t.Errorf("French, which there is not, is %q", got)
	}
}

// TestTranslationsKeepTheValues finds translations that lose or invent a value.
func TestTranslationsKeepTheValues(t *testing.T) {
	t.Parallel()
	entries := map[string]string{}
	if err := json.Unmarshal(german, &entries); err != nil {
		t.Fatal(err)
	}
	named := func(s string) []string {
		var holes []string
		for _, m := range hole.FindAllStringSubmatch(s, -1) {
			holes = append(holes, m[1])
		}
		slices.Sort(holes)
		return slices.Compact(holes)
	}
	for from, to := range entries {
		if !slices.Equal(named(from), named(to)) {
			t.Errorf("%q has the values %v, %q %v", from, named(from), to, named(to))
		}
		if strings.TrimSpace(to) != to || to == "" || from != strings.TrimSpace(from) {
			t.Errorf("%q: %q begins or ends with a space, or is empty", from, to)
		}
	}
	if got := regexp.MustCompile(`(?m)^  "`).FindAllIndex(german, -1); len(got) != len(entries) {
		t.Errorf("%d lines, %d different entries", len(got), len(entries))
	}
}

// TestPreferred reads Accept-Language as browsers and others write it.
func TestPreferred(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]string{
		"": "", "de": "de", "de-AT": "de", "de_DE": "de", "DE": "de", "fr, de;q=0.5": "de", "fr": "", "*": "",
		"en, de": "", "de, en": "de", "en;q=0.8, de": "de", "de;q=0.8, en": "", "de; q=0.8, en; q=0.7": "de",
		"de;q=0": "", "de;q=0, en": "", "de;q=nonsense": "", "x-!, de-bayern": "de", ",;,": "",
	} {
		if got := Preferred(accept); got != want {
			t.Errorf("%q prefers %q; want %q", accept, got, want)
		}
	}
}
