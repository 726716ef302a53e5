package openai

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"rapport"
	"rapport/handoff"
)

// Whatever a server streams, it is bounded and never half taken for whole; what
// a model wants to use is checked.
func FuzzStream(f *testing.F) {
	files, err := filepath.Glob("testdata/*.sse")
	if err != nil || len(files) == 0 {
		f.Fatalf("there are no recordings: %v", err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add("data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":-1}]}}]}\n\ndata:[DONE]")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := stream(strings.NewReader(text), nil)
		if len(got.text) > rapport.MaxBody || len(got.calls) > mostCalls {
			t.Fatalf("too much is taken: %d bytes, %d calls", len(got.text), len(got.calls))
		}
		if err == nil && !strings.Contains(text, "[DONE]") && !strings.Contains(strings.ToLower(text), "finish_reason") && !strings.Contains(text, `\`) {
			t.Fatalf("%q is whole", text)
		}
		var a handoff.Answer
		for _, c := range got.calls {
			if outcome := use(c, []string{"Sales"}, &a); outcome == "" || !utf8.ValidString(outcome) && utf8.ValidString(text) {
				t.Fatalf("a call of %q has the outcome %q", c.Function.Name, outcome)
			}
		}
		if err := a.Validate(); err != nil {
			t.Fatalf("the tools made an answer that is none: %v", err)
		}
	})
}
