package workflow_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"rapport"
	"rapport/workflow"
)

func decode(t *testing.T, text string) workflow.Definition {
	t.Helper()
	d, err := workflow.Decode([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestCheck: each mistake is told in words, at the step where it is.
func TestCheck(t *testing.T) {
	t.Parallel()
	known := workflow.Known{Queues: map[string]string{"q1": "Support"}, Agents: map[string]string{"a1": "Ana"}, Bots: map[string]string{"b1": "Helper"}, Inboxes: map[string]string{}, Workflows: map[string]string{}}
	// with is a workflow of one step.
	with := func(step string) string {
		return `{"trigger":{"kind":"message_received"},"start":"x","steps":[{"id":"x",` + step + `}]}`
	}
	when := func(condition string) string {
		return `{"trigger":{"kind":"message_received","when":` + condition + `},"start":"x","steps":[{"id":"x","kind":"close"}]}`
	}
	for name, c := range map[string]struct {
		text string
		want []string // "step field: message…"
	}{
		"good":                 {with(`"kind":"assign_queue","with":{"queue":"q1"}`), nil},
		"nothing yet":          {`{"trigger":{"kind":""}}`, []string{"trigger kind: Choose what starts", " steps: There is no step yet"}},
		"no trigger like that": {`{"trigger":{"kind":"full_moon"},"start":"x","steps":[{"id":"x","kind":"close"}]}`, []string{`trigger kind: "full_moon" is no trigger; there are conversation_opened,`}},
		"no start":             {`{"trigger":{"kind":"assigned"},"steps":[{"id":"x","kind":"close"}]}`, []string{"trigger start: The trigger leads nowhere"}},
		"start that is gone":   {`{"trigger":{"kind":"assigned"},"start":"y","steps":[{"id":"x","kind":"close"}]}`, []string{"trigger start: The trigger leads to the step y, which does not exist."}},
		"dangling":             {with(`"kind":"close","next":{"next":"y"}`), []string{`x next.next: It leads to the step "y", which does not exist.`}},
		"no such way out":      {with(`"kind":"close","next":{"yes":"x"}`), []string{"x next.yes: Close has no way out called yes; there are next.", "x next: From here"}},
		"unreachable":          {`{"trigger":{"kind":"assigned"},"start":"x","steps":[{"id":"x","kind":"close"},{"id":"y","kind":"close"}]}`, []string{"y : No way leads here"}},
		"twice":                {`{"trigger":{"kind":"assigned"},"start":"x","steps":[{"id":"x","kind":"close"},{"id":"x","kind":"close"}]}`, []string{"x id: Two steps have the id x."}},
		"bad id":               {`{"trigger":{"kind":"assigned"},"start":"a b","steps":[{"id":"a b","kind":"close"}]}`, []string{`a b id: "a b" is no id of a step`}},
		"unknown step":         {with(`"kind":"dance"`), []string{`x kind: "dance" is no step; there are assign_agent,`}},
		"missing target":       {with(`"kind":"assign_agent"`), []string{"x agent: Agent is missing."}},
		"gone target":          {with(`"kind":"assign_agent","with":{"agent":"a9"}`), []string{`x agent: There is no agent "a9" any more`}},
		"gone queue":           {with(`"kind":"assign_queue","with":{"queue":"q9"}`), []string{`x queue: There is no queue "q9" any more`}},
		"unknown field":        {with(`"kind":"close","with":{"colour":"red"}`), []string{`x colour: There is no field "colour" here.`}},
		"wrong type":           {with(`"kind":"wait","with":{"seconds":"long"}`), []string{"x seconds: How long is a whole number."}},
		"out of range":         {with(`"kind":"wait","with":{"seconds":0}`), []string{"x seconds: How long lies between 1 second and 90 days; 0 seconds does not."}},
		"not a choice":         {with(`"kind":"set_priority","with":{"priority":"top"}`), []string{`x priority: "top" is not possible for Priority; choose low, normal, high, urgent.`}},
		"bad address":          {with(`"kind":"webhook","with":{"url":"ftp://x"}`), []string{`x url: "ftp://x" is not an address; it should look like https://`}},
		"password in address":  {with(`"kind":"webhook","with":{"url":"https://a:b@example.com/"}`), []string{"x url: "}},
		"unknown name":         {with(`"kind":"send","with":{"text":"Hi {{contact.size}}"}`), []string{"x text: {{contact.size}} is not something"}},
		"half a name":          {with(`"kind":"send","with":{"text":"Hi {{contact.name"}`), []string{"x text: A placeholder is not complete"}},
		"an id in a text":      {with(`"kind":"send","with":{"text":"{{conversation.queue}}"}`), []string{"x text: {{conversation.queue}} is an id; write {{queue.name}}."}},
		"bad field name":       {with(`"kind":"set_fields","with":{"fields":{"Größe":"1"}}`), []string{"x fields: "}},
		"on_error of a wait":   {with(`"kind":"wait","with":{"seconds":5},"on_error":"x"`), []string{"x on_error: Wait cannot fail"}},
		"both targets":         {with(`"kind":"hand_off","with":{"agent":"a1","queue":"q1"}`), []string{"x agent: Name an agent or a queue, not both."}},
		"no tag":               {with(`"kind":"tag"`), []string{"x add: Name a tag"}},
		"jump to nowhere":      {with(`"kind":"jump","with":{"to":"y","max":2}`), []string{`x to: To leads to the step "y", which does not exist.`}},
		"too many buttons":     {with(`"kind":"ask","with":{"text":"?","buttons":["a","b","c","d","e","f","g","h","i","j","k"]}`), []string{"x buttons: Buttons has at most 10 entries."}},
		"limit":                {`{"trigger":{"kind":"assigned"},"start":"x","steps":[{"id":"x","kind":"close"}],"limits":{"max_steps":-1,"again":"maybe"}}`, []string{" limits.max_steps: Between 1", ` limits.again: "maybe" is not possible`}},

		"empty branch":     {with(`"kind":"branch"`), []string{"x if: If is missing.", "x if: Say what must hold."}},
		"unknown fact":     {when(`{"fact":"moon.phase","op":"is","value":"full"}`), []string{`trigger when: "moon.phase" is not known; there are conversation.state,`}},
		"unknown operator": {when(`{"fact":"contact.name","op":"resembles","value":"x"}`), []string{`trigger when: "resembles" does not compare; there are is,`}},
		"type mismatch":    {when(`{"fact":"contact.name","op":"at_least","value":3}`), []string{`trigger when: contact.name is a string; "is at least" cannot be asked of it.`}},
		"value mismatch":   {when(`{"fact":"conversation.hops","op":"at_least","value":"two"}`), []string{"trigger when: conversation.hops is compared with a number."}},
		"never":            {when(`{"fact":"conversation.state","op":"is","value":"asleep"}`), []string{`trigger when: conversation.state is never "asleep"; it is one of open,`}},
		"value too much":   {when(`{"fact":"contact.name","op":"exists","value":"x"}`), []string{`trigger when: "exists" takes no value.`}},
		"no list":          {when(`{"fact":"contact.name","op":"one_of","value":"x"}`), []string{`trigger when: "is one of" takes a list of values.`}},
		"deep inside":      {when(`{"all":[{"any":[{"not":{"fact":"conversation.queue","op":"is","value":"q9"}}]}]}`), []string{`trigger when.all.0.any.0.not: There is no queue "q9" any more`}},
		"two things":       {when(`{"all":[{"fact":"contact.known","op":"is","value":true}],"expr":"true"}`), []string{"trigger when: A condition is one thing"}},
		"bad expression":   {when(`{"expr":"conversation.state =="}`), []string{"trigger when: The expression is not right: "}},
		"expression type":  {when(`{"expr":"conversation.hops"}`), []string{"trigger when: The expression is not right: expected bool"}},
		"expression fact":  {when(`{"expr":"conversation.moon == 1"}`), []string{"trigger when: The expression is not right: "}},
		"expression loop":  {when(`{"expr":"all([1,2], {# > 0})"}`), []string{"trigger when: The expression is not right: "}},
		"expression range": {when(`{"expr":"len(1..100000000) > 3"}`), []string{"trigger when: The expression is not right: .. is not allowed"}},

		"circle": {`{"trigger":{"kind":"assigned"},"start":"x","steps":[{"id":"x","kind":"tag","with":{"add":["a"]},"next":{"next":"y"}},{"id":"y","kind":"tag","with":{"add":["b"]},"next":{"next":"x"}}]}`,
			[]string{"y next: From here it goes back to x and round in circles without a pause."}},
		"circle with a pause": {`{"trigger":{"kind":"assigned"},"start":"x","steps":[{"id":"x","kind":"wait","with":{"seconds":5},"next":{"next":"y"}},{"id":"y","kind":"tag","with":{"add":["b"]},"next":{"next":"x"}}]}`, nil},
		"circle with a jump":  {`{"trigger":{"kind":"assigned"},"start":"x","steps":[{"id":"x","kind":"tag","with":{"add":["a"]},"next":{"next":"y"}},{"id":"y","kind":"jump","with":{"to":"x","max":2}}]}`, nil},

		"no time":            {`{"trigger":{"kind":"schedule"},"start":"x","steps":[{"id":"x","kind":"close"}]}`, []string{"trigger every: Say how often"}},
		"bad cron":           {`{"trigger":{"kind":"schedule","with":{"cron":"at nine"}},"start":"x","steps":[{"id":"x","kind":"close"}]}`, []string{`trigger cron: "at nine" is no cron line`}},
		"bad zone":           {`{"trigger":{"kind":"schedule","with":{"cron":"0 9 * * *","zone":"Mars"}},"start":"x","steps":[{"id":"x","kind":"close"}]}`, []string{`trigger cron: "Mars" is no time zone`}},
		"once, about what":   {`{"trigger":{"kind":"schedule","with":{"every":60,"over":"once"}},"start":"x","steps":[{"id":"x","kind":"close"}]}`, []string{"x kind: Close needs a conversation"}},
		"once, asking what?": {`{"trigger":{"kind":"schedule","with":{"every":60,"over":"once"},"when":{"fact":"contact.known","op":"is","value":true}},"start":"x","steps":[{"id":"x","kind":"wait","with":{"seconds":5}}]}`, []string{"trigger when: There is no conversation to ask about"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := workflow.Check(decode(t, c.text), known)
			if len(got) != len(c.want) {
				t.Fatalf("problems: %+v; want %q", got, c.want)
			}
			for i, p := range got {
				told := p.Step + " " + p.Field + ": " + p.Message
				if !strings.HasPrefix(told, c.want[i]) {
					t.Errorf("problem %q, want %q", told, c.want[i])
				}
			}
		})
	}
}

// Decode refuses what nobody knows and what is too large to be meant.
func TestDecodeIsStrict(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`{"not":`, 10) + `{"fact":"contact.known","op":"is","value":true}` + strings.Repeat("}", 10)
	many := strings.Repeat(`{"id":"a","kind":"close"},`, 201)
	for name, text := range map[string]string{
		"no JSON":        `{`,
		"unknown member": `{"trigger":{"kind":"assigned"},"colour":1}`,
		"unknown inside": `{"trigger":{"kind":"assigned"},"steps":[{"id":"x","kind":"close","nxt":{}}]}`,
		"wrong type":     `{"trigger":{"kind":"assigned"},"steps":{}}`,
		"more after":     `{"trigger":{"kind":"assigned"}} {}`,
		"too deep":       `{"trigger":{"kind":"assigned","when":` + deep + `}}`,
		"too many":       `{"trigger":{"kind":"assigned"},"steps":[` + strings.TrimSuffix(many, ",") + `]}`,
		"too long":       `{"trigger":{"kind":"assigned"},"name":"` + strings.Repeat("x", workflow.MostBytes) + `"}`,
	} {
		if _, err := workflow.Decode([]byte(text)); rapport.KindOf(err) != rapport.Invalid || err == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The vocabulary holds together: every field can be asked for, every fact can be
// compared, every default fits.
func TestVocabulary(t *testing.T) {
	t.Parallel()
	v := workflow.Vocabulary()
	if _, err := json.Marshal(v); err != nil {
		t.Fatal(err)
	}
	fields := func(kind string, list []workflow.Field) {
		seen := map[string]bool{}
		for _, f := range list {
			if f.Name == "" || f.Label == "" || f.Help == "" || seen[f.Name] {
				t.Errorf("%s: the field %+v is not described, or stands twice", kind, f)
			}
			seen[f.Name] = true
			text, isText := f.Default.(string)
			if isText && len(f.Choices) > 0 && !slices.ContainsFunc(f.Choices, func(c workflow.Choice) bool { return c.Value == text }) {
				t.Errorf("%s.%s: the default %q is no choice", kind, f.Name, text)
			}
		}
	}
	for _, k := range v.Triggers {
		fields(k.Kind, k.Fields)
		if k.Label == "" || k.Help == "" {
			t.Errorf("%s is not described", k.Kind)
		}
	}
	for _, k := range v.Steps {
		fields(k.Kind, k.Fields)
		if k.Label == "" || k.Help == "" || k.Group == "" || len(k.Outputs) == 0 {
			t.Errorf("%s is not described", k.Kind)
		}
	}
	for _, f := range v.Facts {
		if !slices.ContainsFunc(v.Operators, func(o workflow.Operator) bool { return slices.Contains(o.Types, f.Type) }) {
			t.Errorf("%s of type %s cannot be compared", f.Name, f.Type)
		}
	}
}
