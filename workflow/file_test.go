package workflow_test

import (
	"os"
	"reflect"
	"strings"
	"testing"

	"rapport/workflow"
)

// Files move between installations: they hold names where the database has ids.
func TestFilesHoldNames(t *testing.T) {
	t.Parallel()
	here := workflow.Known{Queues: map[string]string{"q1": "Support"}, Agents: map[string]string{"a1": "Ana"}, Bots: map[string]string{"b1": "Helper"}, Inboxes: map[string]string{"i1": "Site"}}
	there := workflow.Known{Queues: map[string]string{"q7": "support"}, Agents: map[string]string{"a7": "Ana"}, Bots: map[string]string{"b7": "Helper"}, Inboxes: map[string]string{"i7": "Site"}}
	d := decode(t, `{"name":"N","trigger":{"kind":"conversation_opened","with":{"inbox":"i1"},"when":{"any":[{"fact":"conversation.queue","op":"one_of","value":["q1"]},{"not":{"fact":"conversation.assignee","op":"is","value":"a1"}}]}},
		"start":"x","steps":[{"id":"x","kind":"branch","with":{"if":{"fact":"conversation.bot","op":"is","value":"b1"}},"next":{"yes":"y"}},{"id":"y","kind":"assign_agent","with":{"agent":"a1"},"next":{"next":"z"}},{"id":"z","kind":"assign_queue","with":{"queue":"q1","keep":false},"position":{"x":1.5,"y":-2}}]}`)
	text, err := d.ToFile("N", here).Encode()
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"q1", "a1", "b1", "i1"} {
		if strings.Contains(string(text), id) {
			t.Errorf("the file holds the id %s:\n%s", id, text)
		}
	}
	f, err := workflow.ReadFile(text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	back, problems := f.Resolve(here)
	if len(problems) > 0 || !reflect.DeepEqual(encode(t, back), encode(t, d)) {
		t.Errorf("%v\n%s\nwas\n%s", problems, encode(t, back), encode(t, d))
	}
	moved, problems := f.Resolve(there)
	if len(problems) > 0 || !strings.Contains(encode(t, moved), `"agent":"a7"`) || !strings.Contains(encode(t, moved), `["q7"]`) {
		t.Errorf("%v\n%s", problems, encode(t, moved))
	}
	there.Agents, there.Queues = map[string]string{}, map[string]string{"q7": "Support", "q8": "support"}
	_, problems = f.Resolve(there)
	var told []string
	for _, p := range problems {
		told = append(told, p.Step+" "+p.Field+": "+p.Message)
	}
	want(t, "problems", told, []string{
		"trigger when: 2 queues are called Support; write the id of the one that is meant.",
		"trigger when: Here is no agent called Ana.",
		"y agent: Here is no agent called Ana.",
		"z queue: 2 queues are called Support; write the id of the one that is meant.",
	})
}

func encode(t *testing.T, d workflow.Definition) string {
	t.Helper()
	text, err := d.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestFilesAreReadStrictly(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"workflow: 2\nname: X\n":                             `"workflow: 1"`,
		"name: X\n":                                          `"workflow: 1"`,
		"workflow: 1\ncolour: red\n":                         `unknown field "colour"`,
		"workflow: 1\nsteps: 3\n":                            "steps is a number",
		"workflow: 1\n  name: [\n":                           "the YAML cannot be read",
		"workflow: 1\nsteps: [{id: x, kind: close, y: 1}]":   `unknown field "y"`,
		"workflow: 1\nname: " + strings.Repeat("x", 600_000): "bytes long",
	} {
		_, err := workflow.ReadFile([]byte(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v, want something with %q", text, err, want)
		}
	}
	text, err := os.ReadFile("../testdata/workflow/reminder.test.yaml")
	if err != nil {
		t.Fatal(err)
	}
	tests, err := workflow.ReadTests(text)
	if err != nil || len(tests) != 2 {
		t.Errorf("%d tests, %v", len(tests), err)
	}
}

// A scenario that expects something else says what differs.
func TestScenariosCanFail(t *testing.T) {
	t.Parallel()
	tpl := workflow.Templates()[0]
	c := workflow.Scenario{Name: "wrong", Expect: workflow.Expectation{Path: []string{"assign"}, Actions: []string{"close"}, Ends: "failed"}}
	_, wrong, err := c.Run(tpl.Definition)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "differences", wrong, []string{
		"the path is: assign, wait, unanswered, another, note; expected: assign",
		"it did: assign_queue, assign_queue, comment; expected: close",
		"it ends as done (no reason); expected: failed",
	})
	c.Example = map[string]any{"contact.size": 3}
	if _, _, err := c.Run(tpl.Definition); err == nil {
		t.Error("an unknown fact is taken")
	}
}
