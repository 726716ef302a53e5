package workflow

import (
	"fmt"
	"time"

	"rapport"
)

// State is what a run remembers between its steps.
type State struct {
	Step   string         `json:"step"`             // where it stands
	Steps  int            `json:"steps"`            // how many it has made
	Lines  int            `json:"lines"`            // how many lines its log has
	Visits map[string]int `json:"visits,omitempty"` // per step
	Jumps  map[string]int `json:"jumps,omitempty"`  // per jump
	Tries  int            `json:"tries,omitempty"`  // of this step, that failed
	Waits  *Wait          `json:"waits,omitempty"`
	Answer string         `json:"answer,omitempty"`
	Error  string         `json:"error,omitempty"` // why the last step failed

	// What the engine keeps.
	Arrived *Happening    `json:"arrived,omitempty"` // woke it, and is not looked at yet
	Bot     rapport.BotID `json:"bot,omitempty"`     // the flow bot that it speaks for
	Depth   int           `json:"depth,omitempty"`   // how many runs set each other off before it
	Untimed bool          `json:"untimed,omitempty"` // it looks after the answer of this assignment
}

// Wait is what a run stands still for.
type Wait struct {
	Event string        `json:"event,omitempty"` // kind of a happening; empty: only time
	To    rapport.State `json:"to,omitempty"`
	Tag   string        `json:"tag,omitempty"`
	Key   string        `json:"key,omitempty"` // of the webhook
	Since time.Time     `json:"since"`
	After int64         `json:"after,omitempty"` // events up to this number are too early
	Until time.Time     `json:"until"`
	Retry bool          `json:"retry,omitempty"` // the step is tried once more
}

// Action is something that the engine has to do for a step.
type Action struct {
	Step string         `json:"step"`
	Kind string         `json:"kind" doc:"Kind of the step."`
	With map[string]any `json:"with" doc:"Its fields, with facts filled in."`
}

// Result is what became of an action.
type Result struct {
	Output    string // the way out; empty: next
	Detail    string
	Failure   string // why it failed; empty: it did not
	Temporary bool   // trying again may help
	Key       string // of a webhook that is on its way: its answer is waited for
	Patience  time.Duration
}

// Input is what the interpreter looks at.
type Input struct {
	Now      time.Time
	Facts    Facts
	Happened *Happening // that may end the wait
	Result   *Result    // of the action asked for at the same state
}

// Line is one line of a run's log.
type Line struct {
	Step    string    `json:"step"`
	Outcome string    `json:"outcome"`
	Detail  string    `json:"detail"`
	At      time.Time `json:"at"`
}

// Turn is what came of one step.
type Turn struct {
	State  State
	Lines  []Line
	Action *Action           // to be done; then Advance again with the same state and the Result
	Ends   rapport.RunStatus // done, failed or stopped; empty: it goes on, or waits
	Reason string            // of failed and stopped
}

// mostTries is how often a step is tried that fails for a passing reason.
const mostTries = 5

// retryAfter is the pause after the nth failure of a step.
func retryAfter(n int) time.Duration { return 5 * time.Second << min(n-1, 8) }

// Begin is the state of a run that has made no step.
func Begin(d *Definition) State { return State{Step: d.Start} }

// facts adds what the run itself knows.
func (st *State) facts(f Facts) Facts {
	more := Facts{}
	if st.Answer != "" {
		more["run.answer"] = st.Answer
	}
	if st.Error != "" {
		more["run.error"] = st.Error
	}
	if len(more) == 0 {
		return f
	}
	return f.with(more)
}

// Advance makes one step of a run: it is decided, or an action is asked for, or
// a wait begins, goes on or ends. It reads nothing but its arguments and changes
// nothing: the same arguments give the same turn.
func Advance(d *Definition, st State, in Input) Turn {
	a := &advance{d: d, in: in, f: st.facts(in.Facts)}
	a.t.State = st.clone()
	a.s = d.step(st.Step)
	switch {
	case a.s == nil:
		a.end(rapport.RunFailed, fmt.Sprintf("There is no step %q.", st.Step))
	case st.Waits != nil:
		a.waited()
	case st.Steps >= d.Limits.maxSteps():
		a.end(rapport.RunStopped, a.runaway())
		a.line("stopped", a.t.Reason)
	default:
		a.make()
	}
	a.t.State.Lines += len(a.t.Lines)
	return a.t
}

// clone keeps Advance from changing its argument.
func (st State) clone() State {
	copied := func(m map[string]int) map[string]int {
		n := make(map[string]int, len(m)+1)
		for k, v := range m {
			n[k] = v
		}
		return n
	}
	st.Visits, st.Jumps = copied(st.Visits), copied(st.Jumps)
	st.Arrived = nil
	return st
}

// advance is one call of Advance.
type advance struct {
	d  *Definition
	in Input
	f  Facts
	s  *Step
	t  Turn
}

func (a *advance) line(outcome, detail string) {
	a.t.Lines = append(a.t.Lines, Line{a.s.ID, outcome, cut(detail, 1000), a.in.Now})
}

func (a *advance) end(status rapport.RunStatus, reason string) {
	a.t.Ends, a.t.Reason = status, reason
	a.t.State.Waits = nil
}

// runaway explains why a run is stopped.
func (a *advance) runaway() string {
	most, times := "", 0
	for _, id := range sorted(a.t.State.Visits) {
		if n := a.t.State.Visits[id]; n > times {
			most, times = id, n
		}
	}
	text := fmt.Sprintf("It was stopped after %d steps, which is the limit.", a.t.State.Steps)
	if times > 1 {
		text += fmt.Sprintf(" It made the step %s %d times: it goes round in circles.", a.d.step(most).title(), times)
	}
	return text
}

// leave goes out of the step by one of its outputs.
func (a *advance) leave(output string) {
	st := &a.t.State
	st.Waits, st.Tries = nil, 0
	to, leads := a.s.Next[output]
	if output == "nobody" && !leads { // goes on as if somebody had been found
		to, leads = a.s.Next["next"]
	}
	if !leads {
		a.end(rapport.RunDone, "")
		return
	}
	st.Step = to
}

// failed goes where the step's failure leads.
func (a *advance) failed(why string) {
	st := &a.t.State
	st.Waits, st.Tries, st.Error = nil, 0, cut(why, 500)
	a.line("error", why)
	if a.s.OnError == "" {
		a.end(rapport.RunFailed, a.s.title()+": "+why)
		return
	}
	st.Step = a.s.OnError
}

// make begins the step, or goes on with the result of its action.
func (a *advance) make() {
	st := &a.t.State
	if st.Tries == 0 {
		st.Steps++
		st.Visits[a.s.ID]++
	}
	with := fillAll(a.s, a.f)
	switch a.s.Kind {
	case "wait":
		d := time.Duration(numberOf(with, "seconds")) * time.Second
		a.wait(Wait{Until: a.in.Now.Add(d)}, span(d.Seconds()))
		return
	case "wait_for":
		d := time.Duration(numberOf(with, "timeout")) * time.Second
		a.wait(Wait{Event: textOf(with, "event"), To: rapport.State(textOf(with, "to")), Tag: textOf(with, "tag"), Until: a.in.Now.Add(d)},
			textOf(with, "event")+", at most "+span(d.Seconds()))
		return
	case "branch":
		a.branch()
		return
	case "jump":
		a.jump(with)
		return
	}
	r := a.in.Result
	switch {
	case r == nil:
		a.t.Action = &Action{Step: a.s.ID, Kind: a.s.Kind, With: with}
	case r.Failure != "" && r.Temporary && st.Tries+1 < mostTries:
		st.Tries++
		a.line("retry", r.Failure)
		st.Waits = &Wait{Since: a.in.Now, Until: a.in.Now.Add(retryAfter(st.Tries)), Retry: true}
	case r.Failure != "":
		a.failed(r.Failure)
	case a.s.Kind == "ask":
		d := time.Duration(numberOf(with, "timeout")) * time.Second
		a.line("asked", r.Detail)
		a.wait(Wait{Event: "message_received", Until: a.in.Now.Add(d)}, "the answer, at most "+span(d.Seconds()))
	case r.Key != "":
		a.wait(Wait{Event: "webhook", Key: r.Key, Until: a.in.Now.Add(r.Patience)}, "the answer of the webhook")
	default:
		output := r.Output
		if output == "" {
			output = "next"
		}
		outcome := output
		if output == "next" {
			outcome = "done"
		}
		a.line(outcome, r.Detail)
		a.leave(output)
	}
}

func (a *advance) wait(w Wait, forWhat string) {
	w.Since = a.in.Now
	a.t.State.Waits = &w
	a.line("waits", forWhat)
}

func (a *advance) branch() {
	cond, err := a.s.condition()
	if err != nil {
		a.failed(sentence(err))
		return
	}
	yes, why, err := cond.Holds(a.f)
	if err != nil {
		a.failed(sentence(err))
		return
	}
	a.line(yesNo(yes), why)
	a.leave(yesNo(yes))
}

func (a *advance) jump(with map[string]any) {
	st := &a.t.State
	most := numberOf(with, "max")
	if st.Jumps[a.s.ID] >= most {
		a.line("done", fmt.Sprintf("the limit of %d is reached", most))
		a.leave("done")
		return
	}
	st.Jumps[a.s.ID]++
	a.line("jumped", fmt.Sprintf("to %s, %d of %d", textOf(with, "to"), st.Jumps[a.s.ID], most))
	st.Waits, st.Tries, st.Step = nil, 0, textOf(with, "to")
}

// waited looks whether the wait is over.
func (a *advance) waited() {
	st := &a.t.State
	w := st.Waits
	switch h := a.in.Happened; {
	case w.satisfiedBy(h):
		a.happened(h)
	case a.in.Now.Before(w.Until):
		return
	case w.Retry:
		st.Waits = nil
		a.make()
	case a.s.Kind == "wait":
		a.line("done", "")
		a.leave("next")
	case a.s.Kind == "webhook":
		a.line("error", "No answer came in time.")
		st.Error = "No answer came in time."
		a.leave("error")
	default:
		a.line("timeout", "")
		a.leave("timeout")
	}
}

func (a *advance) happened(h *Happening) {
	st := &a.t.State
	switch a.s.Kind {
	case "ask":
		// The answer is kept by an action of its own.
		st.Answer = h.Text
		if field := a.s.text("field"); field != "" && a.in.Result == nil {
			a.t.Action = &Action{Step: a.s.ID, Kind: "set_fields", With: map[string]any{"fields": map[string]string{field: cut(h.Text, mostFilled)}}}
			return
		}
		if r := a.in.Result; r != nil && r.Failure != "" {
			a.failed(r.Failure)
			return
		}
		a.line("answered", h.Text)
		a.leave("answered")
	case "webhook":
		if h.Output != "ok" {
			st.Error = h.Reason
			a.line("error", h.Reason)
			a.leave("error")
			return
		}
		if prefix := a.s.text("save"); prefix != "" && len(h.Values) > 0 && a.in.Result == nil {
			fields := map[string]string{}
			for name, v := range h.Values {
				if name = prefix + "_" + name; fieldName.MatchString(name) {
					fields[name] = cut(v, mostFilled)
				}
			}
			a.t.Action = &Action{Step: a.s.ID, Kind: "set_fields", With: map[string]any{"fields": fields}}
			return
		}
		if r := a.in.Result; r != nil && r.Failure != "" {
			a.failed(r.Failure)
			return
		}
		a.line("ok", h.Reason)
		a.leave("ok")
	default:
		a.line("event", h.Kind)
		a.leave("event")
	}
}
