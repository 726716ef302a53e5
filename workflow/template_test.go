package workflow_test

import (
	"testing"

	"rapport/workflow"
)

// TestTemplates: each template can be published once what it leaves open is
// chosen, and does what its own tests say (S4-13).
func TestTemplates(t *testing.T) {
	t.Parallel()
	open := map[string][]workflow.Problem{"vip": {{Step: "agent", Field: "agent", Message: "Agent is missing."}}}
	for _, tpl := range workflow.Templates() {
		t.Run(tpl.ID, func(t *testing.T) {
			t.Parallel()
			got := workflow.Check(tpl.Definition, workflow.Known{})
			if want := open[tpl.ID]; len(got) != len(want) || len(want) > 0 && got[0] != want[0] {
				t.Errorf("problems %v, want %v", got, want)
			}
			f := workflow.TemplateFile(tpl.ID)
			if len(f.Tests) < 2 {
				t.Error("it has no tests that say yes and no")
			}
			for _, c := range f.Tests {
				trial, wrong, err := c.Run(tpl.Definition)
				if err != nil {
					t.Fatal(err)
				}
				for _, w := range wrong {
					t.Errorf("%s: %s\n%+v", c.Name, w, trial.Path)
				}
			}
		})
	}
}
