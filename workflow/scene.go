package workflow

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"rapport"
)

// SceneEvent is something that happens while a workflow is tried.
type SceneEvent struct {
	After  int               `json:"after" minimum:"0" doc:"Seconds since the run began."`
	Kind   string            `json:"kind" doc:"message_received, reply, assigned, status_changed, tag_added, handed_off, webhook, or facts."`
	Text   string            `json:"text,omitempty" doc:"What the customer writes."`
	To     rapport.State     `json:"to,omitempty" doc:"The new state."`
	Tag    string            `json:"tag,omitempty" doc:"The new tag."`
	Agent  string            `json:"agent,omitempty" doc:"Who gets it or answers."`
	Output string            `json:"output,omitempty" doc:"Of a webhook: ok or error."`
	Values map[string]string `json:"values,omitempty" doc:"Of a webhook: values of its answer."`
	Facts  map[string]any    `json:"facts,omitempty" doc:"Facts that are so from then on; null takes one away."`
}

// Trial is what came of trying a workflow. Nothing has been changed.
type Trial struct {
	Path     []Line    `json:"path"`
	Actions  []Action  `json:"actions" doc:"What would have been done."`
	Ends     string    `json:"ends" enum:"done,waiting,failed,stopped,not_started"`
	Reason   string    `json:"reason,omitempty"`
	Problems []Problem `json:"problems"`
}

// mostTried bounds a trial.
const mostTried = 2000

// scene is a made-up conversation in virtual time.
type scene struct {
	now    time.Time
	facts  Facts
	since  map[string]time.Time // of the facts since_…
	events []SceneEvent
	begun  time.Time
}

// moments are the facts that grow with time.
var moments = []string{"since_opened", "since_last_inbound", "since_last_outbound", "since_assigned", "since_last_activity"}

// Example are the facts of a made-up conversation that a customer has just
// opened and an agent holds, with others in their place.
func Example(change map[string]any) (Facts, error) {
	f := Facts{
		"conversation.state": "open", "conversation.priority": "normal", "conversation.queue": "queue", "conversation.assignee": "agent",
		"conversation.inbox": "inbox", "conversation.channel": "web", "conversation.tags": []string{}, "conversation.waiting": false,
		"conversation.hops": 0.0, "conversation.replies": 0.0, "conversation.opened_at": "2026-04-01T09:30:00Z",
		"contact.name": "Maria", "contact.known": true, "contact.points": []string{"maria@example.com"},
		"agent.name": "Ana", "agent.availability": "available", "agent.load": 1.0,
		"queue.name": "Support", "queue.available": 2.0, "queue.waiting": 0.0, "queue.open": true,
		"message.text": "Where is my parcel?",
		"since_opened": 0.0, "since_last_inbound": 0.0, "since_assigned": 0.0, "since_last_activity": 0.0,
	}
	return f, f.change(change)
}

// change puts facts as JSON has them into place; null takes one away.
func (f Facts) change(change map[string]any) error {
	for _, name := range sorted(change) {
		v := change[name]
		fact := factNamed(name)
		if fact == nil {
			return rapport.Invalidf("example."+name, "%q is no fact.", name)
		}
		if v == nil {
			delete(f, name)
			continue
		}
		ok := true
		switch fact.Type {
		case FactNumber, FactDuration:
			v, ok = number(v)
		case FactBool:
			_, ok = v.(bool)
		case FactList:
			_, isTexts := v.([]string)
			_, isAny := v.([]any)
			ok = isTexts || isAny
			v = listOf(map[string]any{"x": v}, "x")
		default:
			_, ok = v.(string)
		}
		if !ok {
			return rapport.Invalidf("example."+name, "%s is a %s; %v is not.", name, fact.Type, change[name])
		}
		f[name] = v
	}
	return nil
}

// Try runs a workflow against facts and events in virtual time, beginning at a
// moment. It does nothing but look.
func Try(d Definition, known Known, f Facts, events []SceneEvent, begin time.Time) Trial {
	t := Trial{Path: []Line{}, Actions: []Action{}, Problems: Check(d, known)}
	begin = begin.UTC().Truncate(time.Second)
	s := &scene{now: begin, begun: begin, facts: maps.Clone(f), since: map[string]time.Time{}, events: slices.Clone(events)}
	slices.SortStableFunc(s.events, func(a, b SceneEvent) int { return cmp.Compare(a.After, b.After) })
	for _, name := range moments {
		if n, ok := number(f[name]); ok {
			s.since[name] = begin.Add(-time.Duration(n) * time.Second)
		}
	}
	if d.step(d.Start) == nil {
		t.Ends, t.Reason = "not_started", "The trigger leads to no step."
		return t
	}
	yes, why, err := d.Trigger.When.Holds(s.look())
	if err != nil {
		t.Ends, t.Reason = "failed", sentence(err)
		return t
	}
	if d.Trigger.When != nil {
		t.Path = append(t.Path, Line{"trigger", yesNo(yes), why, s.now})
	}
	if !yes {
		t.Ends, t.Reason = "not_started", "The trigger's condition does not hold: "+why+"."
		return t
	}
	s.play(&d, &t)
	return t
}

func (s *scene) play(d *Definition, t *Trial) {
	st := Begin(d)
	var happened *Happening
	for range mostTried {
		if kind := d.step(st.Step); kind != nil && stepKind(kind.Kind) == nil {
			t.Ends, t.Reason = "failed", fmt.Sprintf("%q is no step.", kind.Kind)
			return
		}
		in := Input{Now: s.now, Facts: s.look(), Happened: happened}
		turn := Advance(d, st, in)
		if turn.Action != nil {
			t.Actions = append(t.Actions, *turn.Action)
			in.Result = s.act(turn.Action)
			turn = Advance(d, st, in)
		}
		t.Path = append(t.Path, turn.Lines...)
		st, happened = turn.State, nil
		if turn.Ends != "" {
			t.Ends, t.Reason = string(turn.Ends), turn.Reason
			return
		}
		if st.Waits == nil {
			continue
		}
		if st.Waits.Event == "webhook" && !slices.ContainsFunc(s.events, func(e SceneEvent) bool { return e.Kind == "webhook" }) {
			// Nothing is said about it: it works.
			happened = &Happening{Kind: "webhook", Key: st.Waits.Key, Output: "ok", Reason: "as if it had answered"}
			continue
		}
		if len(s.events) > 0 && !s.begun.Add(time.Duration(s.events[0].After)*time.Second).After(st.Waits.Until) {
			happened = s.next()
			continue
		}
		s.now = st.Waits.Until
	}
	t.Ends, t.Reason = "stopped", fmt.Sprintf("The trial ended after %d turns.", mostTried)
}

// look are the facts of now.
func (s *scene) look() Facts {
	f := maps.Clone(s.facts)
	for _, name := range moments {
		delete(f, name)
		if at, ok := s.since[name]; ok {
			f[name] = s.now.Sub(at).Seconds()
		}
	}
	timeFacts(f, s.now)
	for name, v := range s.facts { // what was said of the time stays so
		if strings.HasPrefix(name, "time.") {
			f[name] = v
		}
	}
	return f
}

func timeFacts(f Facts, now time.Time) {
	f["time.hour"], f["time.weekday"], f["time.date"] = float64(now.Hour()), float64(now.Weekday()), now.Format(time.DateOnly)
}

// next lets the next event happen.
func (s *scene) next() *Happening {
	e := s.events[0]
	s.events = s.events[1:]
	if at := s.begun.Add(time.Duration(e.After) * time.Second); at.After(s.now) {
		s.now = at
	}
	h := &Happening{Kind: e.Kind, Text: e.Text, To: e.To, Output: e.Output, Values: e.Values, Key: trialKey}
	switch e.Kind {
	case "message_received":
		s.facts["message.text"] = e.Text
		s.mark("since_last_inbound", "since_last_activity")
	case "reply":
		s.facts["conversation.replies"], s.facts["conversation.hops"] = numberFact(s.facts, "conversation.replies")+1, 0.0
		s.mark("since_last_outbound", "since_last_activity")
	case "assigned":
		s.assigned(nameOr(e.Agent, "another agent"))
	case "status_changed":
		s.facts["conversation.state"] = string(e.To)
	case "tag_added":
		h.Tags = []string{e.Tag}
		s.facts["conversation.tags"] = append(slices.Clone(listFact(s.facts, "conversation.tags")), e.Tag)
	case "webhook":
		if h.Output == "" {
			h.Output = "ok"
		}
	case "facts":
		if err := s.facts.change(e.Facts); err != nil {
			h.Reason = sentence(err) // an unknown fact changes nothing
		}
		for _, name := range moments {
			if n, ok := number(e.Facts[name]); ok {
				s.since[name] = s.now.Add(-time.Duration(n) * time.Second)
			} else if _, named := e.Facts[name]; named {
				delete(s.since, name)
			}
		}
	}
	return h
}

func (s *scene) mark(names ...string) {
	for _, name := range names {
		s.since[name] = s.now
	}
}

func numberFact(f Facts, name string) float64 {
	n, _ := number(f[name])
	return n
}

func listFact(f Facts, name string) []string { return listOf(f, name) }

func (s *scene) assigned(to string) {
	s.facts["conversation.assignee"], s.facts["agent.name"], s.facts["conversation.waiting"] = to, to, false
	s.facts["conversation.replies"] = 0.0
	delete(s.since, "since_last_outbound")
	s.mark("since_assigned")
}

// trialKey stands for the key of a webhook.
const trialKey = "trial"

// act pretends to do something: what it changes is seen by the steps after it.
func (s *scene) act(a *Action) *Result {
	f := s.facts
	_, held := f["conversation.assignee"]
	switch a.Kind {
	case "assign_agent", "assign_queue", "assign_sticky":
		if held && flagOf(a.With, "keep") && !flagOf(a.With, "exclude_current") {
			return &Result{Detail: "stays with whoever has it"}
		}
		if a.Kind == "assign_queue" && flagOf(a.With, "only_online") && numberFact(f, "queue.available") < 1 {
			delete(f, "conversation.assignee")
			f["conversation.waiting"] = true
			return &Result{Output: "nobody", Detail: "nobody in the queue is available"}
		}
		if held && flagOf(a.With, "exclude_current") {
			f["conversation.hops"] = numberFact(f, "conversation.hops") + 1
		}
		s.assigned(nameOr(textOf(a.With, "agent"), "another agent"))
	case "set_state":
		f["conversation.state"] = textOf(a.With, "state")
	case "close":
		f["conversation.state"] = "closed"
	case "set_priority":
		f["conversation.priority"] = textOf(a.With, "priority")
	case "tag":
		tags, _, err := rapport.WithTags(listFact(f, "conversation.tags"), listOf(a.With, "add"), listOf(a.With, "remove"))
		if err != nil {
			return &Result{Failure: sentence(err)}
		}
		f["conversation.tags"] = tags
	case "set_topic", "set_disposition":
		name := map[string]string{"set_topic": "topic", "set_disposition": "disposition"}[a.Kind]
		if f["conversation."+name] = textOf(a.With, name); textOf(a.With, name) == "" {
			delete(f, "conversation."+name)
		}
	case "set_fields", "set_contact_fields":
		family := map[string]string{"set_fields": "conversation.fields.", "set_contact_fields": "contact.fields."}[a.Kind]
		for name, v := range pairsOf(a.With, "fields") {
			if f[family+name] = v; v == "" {
				delete(f, family+name)
			}
		}
	case "give_to_bot":
		delete(f, "conversation.assignee")
		f["conversation.bot"] = textOf(a.With, "bot")
	case "hand_off":
		delete(f, "conversation.bot")
		s.assigned("another agent")
	case "webhook":
		return &Result{Key: trialKey, Patience: time.Hour}
	}
	return &Result{}
}
