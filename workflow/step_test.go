package workflow_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"rapport"
	"rapport/workflow"
)

var update = flag.Bool("update", false, "write the golden files anew")

var noon = time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)

// The interpreter is pure: the same arguments give the same turn, and none of
// them is changed.
func TestAdvanceIsPure(t *testing.T) {
	t.Parallel()
	for _, tpl := range workflow.Templates() {
		d := tpl.Definition
		f, err := workflow.Example(nil)
		if err != nil {
			t.Fatal(err)
		}
		st := workflow.Begin(&d)
		for range 20 {
			before, err := json.Marshal([]any{d, st, f})
			if err != nil {
				t.Fatal(err)
			}
			in := workflow.Input{Now: noon, Facts: f}
			one, two := workflow.Advance(&d, st, in), workflow.Advance(&d, st, in)
			if one.Action != nil {
				in.Result = &workflow.Result{}
				one, two = workflow.Advance(&d, st, in), workflow.Advance(&d, st, in)
			}
			if !reflect.DeepEqual(one, two) {
				t.Fatalf("%s: %+v and %+v", tpl.ID, one, two)
			}
			after, err := json.Marshal([]any{d, st, f})
			if err != nil {
				t.Fatal(err)
			}
			if string(before) != string(after) {
				t.Fatalf("%s: Advance changed its arguments:\n%s\n%s", tpl.ID, before, after)
			}
			if st = one.State; one.Ends != "" || st.Waits != nil {
				break
			}
		}
	}
}

func TestAdvance(t *testing.T) {
	t.Parallel()
	step := func(text string) string {
		return `{"trigger":{"kind":"assigned"},"start":"x","steps":[{"id":"x",` + text + `},{"id":"y","kind":"close"},{"id":"z","kind":"close"}]}`
	}
	failed := &workflow.Result{Failure: "It broke."}
	passing := &workflow.Result{Failure: "Busy.", Temporary: true}
	waits := func(w workflow.Wait) workflow.State { return workflow.State{Step: "x", Steps: 1, Waits: &w} }
	for name, c := range map[string]struct {
		text   string
		state  workflow.State
		facts  workflow.Facts
		happ   *workflow.Happening
		result *workflow.Result

		outcomes string
		at       string // the step where it stands then
		ends     rapport.RunStatus
		reason   string
		until    time.Duration
		acts     string
	}{
		"asks for an action":             {text: step(`"kind":"close","next":{"next":"y"}`), acts: "close", at: "x"},
		"goes on after it":               {text: step(`"kind":"close","next":{"next":"y"}`), result: &workflow.Result{}, outcomes: "done", at: "y"},
		"ends where it leads to nothing": {text: step(`"kind":"close"`), result: &workflow.Result{}, outcomes: "done", ends: rapport.RunDone, at: "x"},
		"branches to yes":                {text: step(`"kind":"branch","with":{"if":{"fact":"conversation.hops","op":"is","value":1}},"next":{"yes":"y","no":"z"}`), facts: workflow.Facts{"conversation.hops": 1.0}, outcomes: "yes", at: "y"},
		"branches to no":                 {text: step(`"kind":"branch","with":{"if":{"fact":"conversation.hops","op":"is","value":1}},"next":{"yes":"y","no":"z"}`), outcomes: "no", at: "z"},
		"a branch that fails":            {text: step(`"kind":"branch","with":{"if":{"expr":"since_last_outbound > 1"}},"next":{"yes":"y"},"on_error":"z"`), outcomes: "error", at: "z"},
		"nobody goes to nobody":          {text: step(`"kind":"assign_queue","next":{"next":"y","nobody":"z"}`), result: &workflow.Result{Output: "nobody"}, outcomes: "nobody", at: "z"},
		"nobody goes on":                 {text: step(`"kind":"assign_queue","next":{"next":"y"}`), result: &workflow.Result{Output: "nobody"}, outcomes: "nobody", at: "y"},
		"fails":                          {text: step(`"kind":"close"`), result: failed, outcomes: "error", at: "x", ends: rapport.RunFailed, reason: "Close: It broke."},
		"fails with its title":           {text: step(`"kind":"close","title":"The end"`), result: failed, outcomes: "error", at: "x", ends: rapport.RunFailed, reason: "The end: It broke."},
		"fails to its branch":            {text: step(`"kind":"close","on_error":"z"`), result: failed, outcomes: "error", at: "z"},
		"tries again":                    {text: step(`"kind":"close","on_error":"z"`), result: passing, outcomes: "retry", at: "x", until: 5 * time.Second},
		"not for ever":                   {text: step(`"kind":"close","on_error":"z"`), state: workflow.State{Step: "x", Steps: 1, Tries: 4}, result: passing, outcomes: "error", at: "z"},
		"begins to wait":                 {text: step(`"kind":"wait","with":{"seconds":90},"next":{"next":"y"}`), outcomes: "waits", at: "x", until: 90 * time.Second},
		"waits on":                       {text: step(`"kind":"wait","with":{"seconds":90},"next":{"next":"y"}`), state: waits(workflow.Wait{Until: noon.Add(time.Second)}), at: "x", until: time.Second},
		"has waited":                     {text: step(`"kind":"wait","with":{"seconds":90},"next":{"next":"y"}`), state: waits(workflow.Wait{Until: noon}), outcomes: "done", at: "y"},
		"waits for an event":             {text: step(`"kind":"wait_for","with":{"event":"reply","timeout":60},"next":{"event":"y","timeout":"z"}`), outcomes: "waits", at: "x", until: time.Minute},
		"the event":                      {text: step(`"kind":"wait_for","with":{"event":"reply","timeout":60},"next":{"event":"y","timeout":"z"}`), state: waits(workflow.Wait{Event: "reply", Until: noon.Add(time.Second)}), happ: &workflow.Happening{Kind: "reply"}, outcomes: "event", at: "y"},
		"another event":                  {text: step(`"kind":"wait_for","with":{"event":"reply","timeout":60},"next":{"event":"y","timeout":"z"}`), state: waits(workflow.Wait{Event: "reply", Until: noon.Add(time.Second)}), happ: &workflow.Happening{Kind: "assigned"}, at: "x", until: time.Second},
		"another state":                  {text: step(`"kind":"wait_for","with":{"event":"status_changed","to":"solved","timeout":60},"next":{"event":"y"}`), state: waits(workflow.Wait{Event: "status_changed", To: rapport.Solved, Until: noon.Add(time.Second)}), happ: &workflow.Happening{Kind: "status_changed", To: rapport.Pending}, at: "x", until: time.Second},
		"the state":                      {text: step(`"kind":"wait_for","with":{"event":"status_changed","to":"solved","timeout":60},"next":{"event":"y"}`), state: waits(workflow.Wait{Event: "status_changed", To: rapport.Solved, Until: noon.Add(time.Second)}), happ: &workflow.Happening{Kind: "status_changed", To: rapport.Solved}, outcomes: "event", at: "y"},
		"no event in time":               {text: step(`"kind":"wait_for","with":{"event":"reply","timeout":60},"next":{"event":"y","timeout":"z"}`), state: waits(workflow.Wait{Event: "reply", Until: noon}), outcomes: "timeout", at: "z"},
		"asks":                           {text: step(`"kind":"ask","with":{"text":"Which?","timeout":60}`), acts: "ask", at: "x"},
		"has asked":                      {text: step(`"kind":"ask","with":{"text":"Which?","timeout":60}`), result: &workflow.Result{}, outcomes: "asked waits", at: "x", until: time.Minute},
		"is answered":                    {text: step(`"kind":"ask","with":{"text":"Which?","timeout":60},"next":{"answered":"y"}`), state: waits(workflow.Wait{Event: "message_received", Until: noon.Add(time.Second)}), happ: &workflow.Happening{Kind: "message_received", Text: "17"}, outcomes: "answered", at: "y"},
		"keeps the answer":               {text: step(`"kind":"ask","with":{"text":"Which?","field":"order","timeout":60},"next":{"answered":"y"}`), state: waits(workflow.Wait{Event: "message_received", Until: noon.Add(time.Second)}), happ: &workflow.Happening{Kind: "message_received", Text: "17"}, acts: "set_fields", at: "x", until: time.Second},
		"the webhook is called":          {text: step(`"kind":"webhook","with":{"url":"https://example.com"}`), result: &workflow.Result{Key: "k", Patience: time.Hour}, outcomes: "waits", at: "x", until: time.Hour},
		"the webhook worked":             {text: step(`"kind":"webhook","with":{"url":"https://example.com"},"next":{"ok":"y","error":"z"}`), state: waits(workflow.Wait{Event: "webhook", Key: "k", Until: noon.Add(time.Second)}), happ: &workflow.Happening{Kind: "webhook", Key: "k", Output: "ok"}, outcomes: "ok", at: "y"},
		"another webhook":                {text: step(`"kind":"webhook","with":{"url":"https://example.com"},"next":{"ok":"y","error":"z"}`), state: waits(workflow.Wait{Event: "webhook", Key: "k", Until: noon.Add(time.Second)}), happ: &workflow.Happening{Kind: "webhook", Key: "old", Output: "ok"}, at: "x", until: time.Second},
		"the webhook failed":             {text: step(`"kind":"webhook","with":{"url":"https://example.com"},"next":{"ok":"y","error":"z"}`), state: waits(workflow.Wait{Event: "webhook", Key: "k", Until: noon.Add(time.Second)}), happ: &workflow.Happening{Kind: "webhook", Key: "k", Output: "error", Reason: "HTTP 404"}, outcomes: "error", at: "z"},
		"jumps":                          {text: step(`"kind":"jump","with":{"to":"y","max":2},"next":{"done":"z"}`), outcomes: "jumped", at: "y"},
		"does not jump for ever":         {text: step(`"kind":"jump","with":{"to":"y","max":2},"next":{"done":"z"}`), state: workflow.State{Step: "x", Jumps: map[string]int{"x": 2}}, outcomes: "done", at: "z"},
		"runs away": {text: `{"trigger":{"kind":"assigned"},"start":"x","limits":{"max_steps":9},"steps":[{"id":"x","kind":"wait","title":"A nap","with":{"seconds":1},"next":{"next":"x"}}]}`,
			state: workflow.State{Step: "x", Steps: 9, Visits: map[string]int{"x": 9}}, outcomes: "stopped", at: "x", ends: rapport.RunStopped,
			reason: "It was stopped after 9 steps, which is the limit. It made the step A nap 9 times: it goes round in circles."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := decode(t, c.text)
			if c.state.Step == "" {
				c.state = workflow.Begin(&d)
			}
			got := workflow.Advance(&d, c.state, workflow.Input{Now: noon, Facts: c.facts, Happened: c.happ, Result: c.result})
			var outcomes []string
			for _, l := range got.Lines {
				outcomes = append(outcomes, l.Outcome)
			}
			if s := strings.Join(outcomes, " "); s != c.outcomes {
				t.Errorf("outcomes %q, want %q", s, c.outcomes)
			}
			if got.State.Step != c.at || got.Ends != c.ends || got.Reason != c.reason {
				t.Errorf("at %q, ends %q (%s); want %q, %q (%s)", got.State.Step, got.Ends, got.Reason, c.at, c.ends, c.reason)
			}
			if until := time.Duration(0); got.State.Waits != nil {
				if until = got.State.Waits.Until.Sub(noon); until != c.until {
					t.Errorf("it waits %v, want %v", until, c.until)
				}
			} else if c.until != 0 {
				t.Error("it does not wait")
			}
			acts := ""
			if got.Action != nil {
				acts = got.Action.Kind
			}
			if acts != c.acts {
				t.Errorf("it does %q, want %q", acts, c.acts)
			}
			if got.Action == nil && got.State.Lines != c.state.Lines+len(got.Lines) {
				t.Errorf("%d lines are counted", got.State.Lines)
			}
		})
	}
}

// What a trial of each file in testdata/workflow says is kept beside it.
func TestGoldenTrials(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../testdata/workflow/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	ran := 0
	for _, name := range files {
		if strings.HasSuffix(name, ".test.yaml") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		f, err := workflow.ReadFile(text)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		d := f.Definition()
		if problems := workflow.Check(d, workflow.Known{}); len(problems) > 0 {
			t.Errorf("%s: %v", name, problems)
		}
		var trials []workflow.Trial
		for _, c := range f.Tests {
			ran++
			trial, wrong, err := c.Run(d)
			if err != nil {
				t.Fatalf("%s: %s: %v", name, c.Name, err)
			}
			for _, w := range wrong {
				t.Errorf("%s: %s: %s", name, c.Name, w)
			}
			trials = append(trials, trial)
		}
		got, err := json.MarshalIndent(trials, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		golden := strings.TrimSuffix(name, ".yaml") + ".golden.json"
		if *update {
			if err := os.WriteFile(golden, append(got, '\n'), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		kept, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if string(kept) != string(got)+"\n" {
			t.Errorf("%s: the trials say\n%s\nbut %s says\n%s", name, got, golden, kept)
		}
	}
	if ran < 4 {
		t.Errorf("only %d trials", ran)
	}
}
