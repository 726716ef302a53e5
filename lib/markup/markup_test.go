package markup_test

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"

	"rapport/lib/markup"
)

// S3-37: bold and italic. The browser reads the same table: see
// web/packages/core/src/markup.test.ts.
func TestParse(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/markup.json")
	if err != nil {
		t.Fatal(err)
	}
	var table []struct {
		Text  string        `json:"text"`
		Spans []markup.Span `json:"spans"`
	}
	if err := json.Unmarshal(text, &table); err != nil {
		t.Fatal(err)
	}
	for _, c := range table {
		if got := markup.Parse(c.Text); !reflect.DeepEqual(got, c.Spans) {
			t.Errorf("%q: %+v; want %+v", c.Text, got, c.Spans)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"*a*", "_a *b* c_", "**", "* a *", "2*3*4", "\xff*\xff*", "*a\nb*"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<10 {
			return // closing looks to the end of a line for each mark
		}
		plain := markup.Plain(text)
		without := strings.NewReplacer("*", "", "_", "").Replace
		if without(plain) != without(text) || len(plain) > len(text) {
			t.Fatalf("%q became %q", text, plain)
		}
	})
}
