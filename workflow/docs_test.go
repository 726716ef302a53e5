package workflow_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"rapport/workflow"
)

const page = "../docs/admins/workflows.md"

// TestWordsAreDocumented: the tables of the manual are the vocabulary.
func TestWordsAreDocumented(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	is := string(text)
	v := workflow.Vocabulary()
	must := is
	for _, part := range []struct{ heading, end, table string }{
		{"\n## Triggers\n\n", "<!-- end triggers -->", triggerTable(v)},
		{"\n## Steps\n\n", "<!-- end steps -->", stepTable(v)},
		{"\n## Facts\n\n", "<!-- end facts -->", factTable(v)},
		{"\n## Comparisons\n\n", "<!-- end operators -->", operatorTable(v)},
	} {
		before, rest, found := strings.Cut(must, part.heading)
		_, after, ends := strings.Cut(rest, part.end)
		if !found || !ends {
			t.Fatalf("%s has no place for the table that ends with %s", page, part.end)
		}
		must = before + part.heading + "<!-- written by UPDATE_DOCS=1 go test ./workflow -run TestWordsAreDocumented -->\n" + part.table + part.end + after
	}
	if is == must {
		return
	}
	if os.Getenv("UPDATE_DOCS") == "" {
		t.Errorf("%s does not say what the vocabulary says; run UPDATE_DOCS=1 go test ./workflow -run TestWordsAreDocumented", page)
		return
	}
	if err := os.WriteFile(page, []byte(must), 0o644); err != nil {
		t.Fatal(err)
	}
}

func fieldsOf(list []workflow.Field) string {
	var told []string
	for _, f := range list {
		text := fmt.Sprintf("**%s** `%s`: %s", f.Label, f.Name, f.Help)
		if f.Default != nil && f.Default != false && f.Default != "" {
			text += fmt.Sprintf(" Usually `%v`.", f.Default)
		}
		told = append(told, text)
	}
	if len(told) == 0 {
		return "–"
	}
	return strings.Join(told, "<br>")
}

func triggerTable(v workflow.Words) string {
	var b strings.Builder
	b.WriteString("| trigger | when | fields |\n|---|---|---|\n")
	for _, k := range v.Triggers {
		fmt.Fprintf(&b, "| **%s** `%s` | %s | %s |\n", k.Label, k.Kind, k.Help, fieldsOf(k.Fields))
	}
	return b.String()
}

func stepTable(v workflow.Words) string {
	var b strings.Builder
	b.WriteString("| step | what it does | fields | ways out |\n|---|---|---|---|\n")
	for _, k := range v.Steps {
		var outs []string
		for _, o := range k.Outputs {
			outs = append(outs, fmt.Sprintf("%s `%s`", o.Label, o.Name))
		}
		fmt.Fprintf(&b, "| **%s** `%s` | %s | %s | %s |\n", k.Label, k.Kind, k.Help, fieldsOf(k.Fields), strings.Join(outs, "<br>"))
	}
	return b.String()
}

func factTable(v workflow.Words) string {
	var b strings.Builder
	b.WriteString("| fact | what it is | type |\n|---|---|---|\n")
	for _, f := range v.Facts {
		text := f.Label + "."
		if f.Help != "" {
			text += " " + f.Help
		}
		if len(f.Choices) > 0 {
			var values []string
			for _, c := range f.Choices {
				values = append(values, "`"+c.Value+"`")
			}
			text += " One of " + strings.Join(values, ", ") + "."
		}
		kind := string(f.Type)
		if f.Optional {
			kind += ", may not exist"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", f.Name, text, kind)
	}
	return b.String()
}

func operatorTable(v workflow.Words) string {
	var b strings.Builder
	b.WriteString("| comparison | in files | of facts of the type |\n|---|---|---|\n")
	for _, o := range v.Operators {
		var types []string
		for _, t := range o.Types {
			types = append(types, string(t))
		}
		fmt.Fprintf(&b, "| %s | `%s` | %s |\n", o.Label, o.Name, strings.Join(types, ", "))
	}
	return b.String()
}
