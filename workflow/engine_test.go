package workflow_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rapport"
	"rapport/conversation"
	"rapport/rapporttest"
	"rapport/rapporttest/pg"
	"rapport/routing"
	"rapport/store"
	"rapport/workflow"
)

// stage is a world with a clock of its own and an engine.
type stage struct {
	*rapporttest.World
	t      *testing.T
	clock  *atomic.Int64
	engine *workflow.Engine
}

// stages runs a test on both databases in virtual time.
func stages(t *testing.T, run func(*testing.T, *stage)) {
	t.Helper()
	for name, url := range map[string]func(*testing.T) string{
		"sqlite":   func(t *testing.T) string { return t.TempDir() + "/rapport.db" },
		"postgres": func(t *testing.T) string { return pg.URL(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, newStage(t, url(t)))
		})
	}
}

func newStage(t *testing.T, url string) *stage {
	t.Helper()
	s := &stage{t: t, clock: &atomic.Int64{}}
	s.clock.Store(time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC).UnixMilli())
	db, err := store.Open(t.Context(), store.Config{URL: url, Log: rapporttest.Log(t), Now: func() time.Time { return time.UnixMilli(s.clock.Load()) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.World = rapporttest.NewWorld(t, db)
	s.engine = workflow.New(db, rapporttest.Log(t))
	s.settle() // the cursor stands at the present
	return s
}

func (s *stage) settle() {
	s.t.Helper()
	if err := s.engine.Settle(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// later lets time pass, the engine at work every second of the last minute and
// once before.
func (s *stage) later(d time.Duration) {
	s.t.Helper()
	s.settle()
	s.clock.Add(d.Milliseconds())
	s.settle()
}

// publish makes a definition live; text is YAML.
func (s *stage) publish(text string) rapport.WorkflowID {
	s.t.Helper()
	f, err := workflow.ReadFile([]byte(text))
	if err != nil {
		s.t.Fatal(err)
	}
	var id rapport.WorkflowID
	s.Update(func(tx *store.Tx) error {
		known, err := workflow.KnownIn(tx)
		if err != nil {
			return err
		}
		d, problems := f.Resolve(known)
		if len(problems) > 0 {
			s.t.Fatalf("%v", problems)
		}
		list, err := tx.Workflows()
		if err != nil {
			return err
		}
		i := slices.IndexFunc(list, func(w rapport.Workflow) bool { return w.Name == f.Name })
		if i >= 0 {
			id = list[i].ID
			_, err = workflow.SaveDraft(tx, id, d)
		} else {
			var w rapport.Workflow
			w, err = workflow.Create(tx, f.Name, d)
			id = w.ID
		}
		if err != nil {
			return err
		}
		_, err = workflow.Publish(tx, rapport.System, id, "")
		return err
	})
	return id
}

func (s *stage) template(id string) rapport.WorkflowID {
	s.t.Helper()
	text, err := workflow.TemplateFile(id).Encode()
	if err != nil {
		s.t.Fatal(err)
	}
	return s.publish(string(text))
}

// runs are those of a workflow, the first first.
func (s *stage) runs(id rapport.WorkflowID) (list []rapport.Run) {
	s.t.Helper()
	s.View(func(tx *store.Tx) (err error) {
		list, err = tx.RunsOf(id, "", "", 100)
		return err
	})
	slices.Reverse(list)
	return list
}

// path is what a run did: "step outcome" each.
func (s *stage) path(r rapport.Run) (path []string) {
	s.t.Helper()
	s.View(func(tx *store.Tx) error {
		lines, err := tx.RunLines(r.ID, 1000)
		for i, l := range lines {
			if l.N != i+1 {
				s.t.Errorf("line %d of the log has the number %d", i+1, l.N)
			}
			path = append(path, l.Step+" "+l.Outcome)
		}
		return err
	})
	return path
}

// told are the texts that an agent was notified with.
func (s *stage) told(agent string) (texts []string) {
	s.t.Helper()
	id := s.Agent(agent).ID
	s.View(func(tx *store.Tx) error {
		list, err := tx.Notifications(id, 100)
		for _, n := range list {
			texts = append(texts, string(n.Kind)+": "+n.Text)
		}
		return err
	})
	return texts
}

func (s *stage) notes(customer string) (texts []string) {
	for _, it := range s.Items(customer) {
		if it.Kind == rapport.ItemNote {
			texts = append(texts, it.Body)
		}
	}
	return texts
}

func want[T comparable](t *testing.T, what string, got, want []T) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

const s4Waiting = "maria has been waiting for an answer for too long; the first agent did not reply. Please take over."

// S4-01 … S4-09: the agent is silent, so that somebody else who is online gets
// the conversation after 15 minutes, with a note that tells them; never back to
// the first.
func TestUnansweredIsReassigned(t *testing.T) {
	t.Parallel()
	stages(t, func(t *testing.T, s *stage) {
		s.Queue("support", "ana", "ben", "cid")
		s.Inbox("site", "support")
		s.Status("cid", rapport.StatusAway)
		id := s.template("unanswered")
		s.Write("maria", "Hello?")
		first := s.Holder("maria")
		s.settle()
		if c := s.Of("maria"); c.AssigneeName != first || !c.Untimed {
			t.Errorf("%s holds it, untimed: %v; it should stay with %s, and this workflow looks after the answer", c.AssigneeName, c.Untimed, first)
		}
		s.later(14*time.Minute + 59*time.Second)
		if got := s.Holder("maria"); got != first {
			t.Errorf("%s has it before the 15 minutes are over", got)
		}
		s.later(time.Second)
		second := s.Holder("maria")
		if second == first || second == "cid" || second == "" {
			t.Fatalf("after 15 minutes %q has it; %s was silent and cid is away", second, first)
		}
		want(t, "notes", s.notes("maria"), []string{s4Waiting})
		want(t, second+" is told", s.told(second), []string{"comment: Unanswered: reassign: " + rapport.Preview(s4Waiting)})
		want(t, first+" is told", s.told(first), nil)
		r := s.runs(id)
		if len(r) != 1 || r[0].Status != rapport.RunDone {
			t.Fatalf("runs: %+v", r)
		}
		want(t, "path", s.path(r[0]), []string{"assign done", "wait waits", "wait done", "unanswered yes", "another done", "note done"})
		if c := s.Of("maria"); c.Untimed || c.Hops != 1 || !slices.Contains(c.Excluded, s.Agent(first).ID) {
			t.Errorf("untimed %v, hops %d, excluded %v", c.Untimed, c.Hops, c.Excluded)
		}
		s.later(24 * time.Hour)
		if got := s.Holder("maria"); got != second {
			t.Errorf("a day later %s has it", got)
		}
	})
}

// C23: only a public reply of the human who has it counts. Notes, and words of
// workflows, do not.
func TestAnsweredStays(t *testing.T) {
	t.Parallel()
	stages(t, func(t *testing.T, s *stage) {
		s.Queue("support", "ana", "ben")
		s.Inbox("site", "support")
		id := s.template("unanswered")
		s.publish("workflow: 1\nname: Greeting\ntrigger: {kind: conversation_opened}\nstart: hello\nsteps: [{id: hello, kind: send, with: {text: \"Hello {{contact.name}}\"}}]\n")
		s.Write("maria", "Hello?")
		s.Write("otto", "Hello?")
		answered, silent := s.Holder("maria"), s.Holder("otto")
		s.later(5 * time.Minute)
		s.Reply(answered, "maria", "Good morning.")
		s.Note(silent, "otto", "I am looking into it.") // no answer
		s.later(10 * time.Minute)
		if got := s.Holder("maria"); got != answered {
			t.Errorf("%s answered, but %s has it", answered, got)
		}
		if got := s.Holder("otto"); got == silent {
			t.Errorf("a greeting and a note kept it with %s, who never answered", silent)
		}
		greeted := 0
		for _, it := range s.Items("otto") {
			if it.Kind == rapport.ItemMessage && it.By == rapport.BySystem && it.Body == "Hello otto" {
				greeted++
			}
		}
		if greeted != 1 {
			t.Errorf("otto was greeted %d times", greeted)
		}
		for _, r := range s.runs(id) {
			if r.Status != rapport.RunDone {
				t.Errorf("run %+v", r)
			}
		}
	})
}

// C25: nobody is online: it waits, supervisors are told, and whoever comes gets
// it, with the note.
func TestNobodyOnline(t *testing.T) {
	t.Parallel()
	stages(t, func(t *testing.T, s *stage) {
		s.Agent("sue", rapporttest.As(rapport.RoleSupervisor))
		s.Queue("support", "ana", "ben")
		s.Inbox("site", "support")
		s.Status("ben", rapport.StatusBusy)
		id := s.template("unanswered")
		s.Write("maria", "Hello?")
		if got := s.Holder("maria"); got != "ana" {
			t.Fatalf("%q has it", got)
		}
		s.later(15 * time.Minute)
		c := s.Of("maria")
		if c.AssigneeName != "" || c.Waiting == nil {
			t.Fatalf("%q has it, waiting: %v", c.AssigneeName, c.Waiting)
		}
		if got := s.told("sue"); len(got) != 1 || !strings.Contains(got[0], "escalated: Unanswered: reassign: maria waits: Nobody in support can take it") {
			t.Errorf("the supervisor is told %q", got)
		}
		want(t, "notes", s.notes("maria"), nil)
		s.later(time.Hour)
		s.Status("ben", rapport.StatusAvailable)
		s.settle()
		if got := s.Holder("maria"); got != "ben" {
			t.Errorf("ben came, but %q has it", got)
		}
		want(t, "notes", s.notes("maria"), []string{s4Waiting})
		if got := s.told("ben"); len(got) != 1 {
			t.Errorf("ben is told %q", got)
		}
		want(t, "path", s.path(s.runs(id)[0]), []string{"assign done", "wait waits", "wait done", "unanswered yes", "another nobody", "free waits", "free event", "note done"})
	})
}

// S4-03: only customers start it; S4-10: a draft does nothing, and a version
// that is published keeps the runs that it began.
func TestVersionsAndDrafts(t *testing.T) {
	t.Parallel()
	stages(t, func(t *testing.T, s *stage) {
		s.Queue("support", "ana")
		s.Inbox("site", "support")
		const text = "workflow: 1\nname: Notes\ntrigger: {kind: conversation_opened}\nstart: wait\nsteps: [{id: wait, kind: wait, with: {seconds: 60}, next: {next: note}}, {id: note, kind: comment, with: {text: \"VERSION\"}}]\n"
		f, err := workflow.ReadFile([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		var draft rapport.Workflow
		s.Update(func(tx *store.Tx) (err error) {
			draft, err = workflow.Create(tx, "Draft", f.Definition())
			return err
		})
		s.Write("anna", "Before anything was published")
		s.settle()
		id := s.publish(strings.Replace(text, "VERSION", "one", 1))
		s.Write("maria", "Hello?")
		s.settle()
		s.publish(strings.Replace(text, "VERSION", "two", 1))
		s.Write("otto", "Hello?")
		s.settle()
		s.Update(func(tx *store.Tx) error { // what is running goes on when it is switched off
			off := false
			_, _, err := workflow.Change(tx, id, nil, &off)
			return err
		})
		s.Write("zoe", "Too late")
		s.later(time.Minute)
		want(t, "anna", s.notes("anna"), nil)
		want(t, "maria", s.notes("maria"), []string{"one"})
		want(t, "otto", s.notes("otto"), []string{"two"})
		want(t, "zoe", s.notes("zoe"), nil)
		if n := len(s.runs(draft.ID)); n != 0 {
			t.Errorf("a draft made %d runs", n)
		}
	})
}

// Killed after any commit and started again, each step acts exactly once.
func TestKilledAtEveryCommit(t *testing.T) {
	t.Parallel()
	stages(t, func(t *testing.T, s *stage) {
		s.Queue("support", "ana", "ben")
		s.Inbox("site", "support")
		id := s.template("unanswered")
		s.publish("workflow: 1\nname: Ask\ntrigger: {kind: conversation_opened}\nstart: ask\nsteps:\n- {id: ask, kind: ask, with: {text: Which order?, field: order, timeout: 600}, next: {answered: tag}}\n- {id: tag, kind: tag, with: {add: [asked]}, next: {next: hi}}\n- {id: hi, kind: send, with: {text: \"Order {{run.answer}}\"}}\n")
		commits := 0
		// settle, but the process is killed after each single commit.
		killed := func() {
			for range 1000 {
				ctx, kill := context.WithCancel(t.Context())
				e := workflow.New(s.DB, rapporttest.Log(t))
				n := 0
				e.Committed = func() {
					if n++; n == 1 {
						kill()
					}
				}
				err := e.Settle(ctx)
				kill()
				commits += n
				if n == 0 && err == nil {
					return
				}
				if err != nil && !errors.Is(err, context.Canceled) {
					t.Fatal(err)
				}
			}
			t.Fatal("it never settles")
		}
		s.Write("maria", "Hello?")
		first := s.Holder("maria")
		killed()
		s.clock.Add(time.Minute.Milliseconds())
		s.Write("maria", "Number 17")
		killed()
		s.clock.Add((15 * time.Minute).Milliseconds())
		killed()
		s.clock.Add(time.Hour.Milliseconds())
		killed()
		if got := s.Holder("maria"); got == first {
			t.Errorf("%s still has it", got)
		}
		want(t, "notes", s.notes("maria"), []string{s4Waiting})
		var said []string
		for _, it := range s.Items("maria") {
			if it.Kind == rapport.ItemMessage && it.By == rapport.BySystem {
				said = append(said, it.Body)
			}
		}
		want(t, "said", said, []string{"Which order?", "Order Number 17"})
		c := s.Of("maria")
		want(t, "tags", c.Tags, []string{"asked"})
		if c.Fields["order"] != "Number 17" {
			t.Errorf("fields %v", c.Fields)
		}
		want(t, "path", s.path(s.runs(id)[0]), []string{"assign done", "wait waits", "wait done", "unanswered yes", "another done", "note done"})
		if commits < 10 {
			t.Errorf("it was killed only %d times", commits)
		}
	})
}

// Two engines on one database do everything once.
func TestTwoEngines(t *testing.T) {
	t.Parallel()
	stages(t, func(t *testing.T, s *stage) {
		s.Queue("support", "ana")
		s.Agent("ana", rapporttest.Capacity(100))
		s.Inbox("site", "support")
		s.publish("workflow: 1\nname: Note\ntrigger: {kind: message_received}\nstart: n\nsteps: [{id: n, kind: comment, with: {text: once}}]\n")
		const customers = 20
		names := make([]string, customers)
		for i := range names {
			names[i] = "customer" + string(rune('a'+i))
			s.Write(names[i], "Hello?")
		}
		done := make(chan error)
		for range 2 {
			e := workflow.New(s.DB, rapporttest.Log(t))
			go func() { done <- e.Settle(t.Context()) }()
		}
		for range 2 {
			if err := <-done; err != nil {
				t.Fatal(err)
			}
		}
		for _, name := range names {
			want(t, name, s.notes(name), []string{"once"})
		}
	})
}

// A workflow that starts more runs than it may is held up, and says so once.
func TestRateLimit(t *testing.T) {
	t.Parallel()
	stages(t, func(t *testing.T, s *stage) {
		s.Queue("support", "ana")
		s.Inbox("site", "support")
		id := s.publish("workflow: 1\nname: Note\ntrigger: {kind: message_received}\nstart: n\nsteps: [{id: n, kind: comment, with: {text: hm}}]\nlimits: {per_hour: 3}\n")
		for range 6 {
			s.Write("maria", "Hello?")
			s.settle()
		}
		r := s.runs(id)
		if len(r) != 4 || r[3].Status != rapport.RunStopped || !strings.Contains(r[3].Error, "started 3 runs within an hour, which is its limit") {
			t.Fatalf("runs: %+v", r)
		}
		if n := len(s.notes("maria")); n != 3 {
			t.Errorf("%d notes", n)
		}
		s.later(time.Hour + time.Second)
		s.Write("maria", "Hello again")
		s.settle()
		if n := len(s.notes("maria")); n != 4 {
			t.Errorf("an hour later: %d notes", n)
		}
	})
}

// Workflows that set each other off come to an end; one does not set itself off.
func TestLoopsEnd(t *testing.T) {
	t.Parallel()
	stages(t, func(t *testing.T, s *stage) {
		s.Queue("support", "ana")
		s.Inbox("site", "support")
		flip := func(name, tag, other string) rapport.WorkflowID {
			return s.publish("workflow: 1\nname: " + name + "\ntrigger: {kind: tag_added, with: {tag: " + tag + "}}\nstart: x\nsteps: [{id: x, kind: tag, with: {add: [" + other + "], remove: [" + tag + "]}}]\n")
		}
		flip("Flip", "a", "b")
		flop := flip("Flop", "b", "a")
		own := s.publish("workflow: 1\nname: Own\ntrigger: {kind: status_changed}\nstart: x\nsteps: [{id: x, kind: set_state, with: {state: open}, next: {next: y}}, {id: y, kind: set_state, with: {state: pending}}]\n")
		s.Write("maria", "Hello?")
		c := s.Of("maria").ID
		s.Update(func(tx *store.Tx) error {
			_, err := conversation.Tag(tx, s.Actor("ana"), c, []string{"a"}, nil)
			return err
		})
		s.settle()
		var stopped []rapport.Run
		for _, id := range []rapport.WorkflowID{flop} {
			for _, r := range s.runs(id) {
				if r.Status == rapport.RunStopped {
					stopped = append(stopped, r)
				}
			}
		}
		if len(stopped) != 1 && len(s.runs(flop)) > 4 {
			t.Errorf("they set each other off without end: %d runs", len(s.runs(flop)))
		}
		told := 0
		for _, it := range s.Items("maria") {
			if it.Event == "workflow" && strings.Contains(it.Body, "set each other off") {
				told++
			}
		}
		if told != 1 {
			t.Errorf("the conversation tells %d times that they were stopped", told)
		}
		s.SetState("ana", "maria", rapport.Pending)
		s.settle()
		if n := len(s.runs(own)); n != 1 {
			t.Errorf("a workflow that changes the state was set off %d times by one change", n)
		}
	})
}

// A step that fails follows its error branch, else the run fails with the reason
// in its log and in the conversation.
func TestFailingStep(t *testing.T) {
	t.Parallel()
	stages(t, func(t *testing.T, s *stage) {
		s.Queue("support", "ana")
		s.Inbox("site", "support")
		with := s.publish("workflow: 1\nname: With\ntrigger: {kind: conversation_opened}\nstart: x\nsteps: [{id: x, kind: hand_off, on_error: y}, {id: y, kind: comment, with: {text: \"Sorry: {{run.error}}\"}}]\n")
		without := s.publish("workflow: 1\nname: Without\ntrigger: {kind: conversation_opened}\nstart: x\nsteps: [{id: x, kind: hand_off}]\n")
		s.Write("maria", "Hello?")
		s.settle()
		if r := s.runs(with)[0]; r.Status != rapport.RunDone {
			t.Errorf("%+v", r)
		}
		want(t, "notes", s.notes("maria"), []string{"Sorry: No bot has this conversation."})
		r := s.runs(without)[0]
		if r.Status != rapport.RunFailed || r.Error != "Hand off: No bot has this conversation." {
			t.Errorf("%+v", r)
		}
		want(t, "path", s.path(r), []string{"x error"})
		told := 0
		for _, it := range s.Items("maria") {
			if it.Event == "workflow" && it.Body == "Without: Hand off: No bot has this conversation." {
				told++
			}
		}
		if told != 1 {
			t.Errorf("the conversation tells it %d times", told)
		}
	})
}

// Schedules run over the conversations that match, and are due once, late or not.
func TestSchedule(t *testing.T) {
	t.Parallel()
	stages(t, func(t *testing.T, s *stage) {
		s.Queue("support", "ana")
		s.Agent("ana", rapporttest.Capacity(9))
		s.Inbox("site", "support")
		s.Write("maria", "Hello?")
		s.Write("otto", "Hello?")
		s.Write("zoe", "Hello?")
		s.Solve("ana", "zoe")
		s.Reply("ana", "otto", "Good morning.")
		id := s.publish("workflow: 1\nname: Hourly\ntrigger: {kind: schedule, with: {every: 3600}, when: {fact: since_last_outbound, op: does_not_exist}}\nstart: n\nsteps: [{id: n, kind: comment, with: {text: \"Still open after {{since_opened}}\"}}]\n")
		s.later(59 * time.Minute)
		want(t, "too early", s.notes("maria"), nil)
		s.later(time.Minute)
		want(t, "maria", s.notes("maria"), []string{"Still open after 1 hour"})
		want(t, "otto", s.notes("otto"), nil)
		want(t, "zoe", s.notes("zoe"), nil)
		s.later(10 * time.Hour) // nobody was there for ten hours
		want(t, "late", s.notes("maria"), []string{"Still open after 1 hour", "Still open after 11 hours"})
		if n := len(s.runs(id)); n != 2 {
			t.Errorf("%d runs", n)
		}
	})
}

// A run stops with its workflow, by hand, and gives back what it looked after.
func TestStop(t *testing.T) {
	t.Parallel()
	stages(t, func(t *testing.T, s *stage) {
		s.Queue("support", "ana", "ben")
		s.Inbox("site", "support")
		id := s.template("unanswered")
		s.Write("maria", "Hello?")
		s.Write("otto", "Hello?")
		s.settle()
		var r rapport.Run
		s.Update(func(tx *store.Tx) (err error) {
			r, err = workflow.Stop(tx, s.runs(id)[0].ID, "ada stopped it.")
			return err
		})
		if r.Status != rapport.RunStopped || s.Of("maria").Untimed {
			t.Errorf("%+v; untimed %v: the reply timer should count again", r, s.Of("maria").Untimed)
		}
		s.Refused("ended").Update(func(tx *store.Tx) error {
			_, err := workflow.Stop(tx, r.ID, "again")
			return err
		})
		s.Update(func(tx *store.Tx) error {
			_, err := workflow.Delete(tx, rapport.System, id)
			return err
		})
		if s.Of("otto").Untimed {
			t.Error("the workflow is gone, but the reply timer still does not count")
		}
		s.later(time.Hour)
		want(t, "notes", s.notes("otto"), nil)
	})
}

// Only online switched off, a strategy of its own, the customer's own agent,
// an agent by name.
func TestAssignments(t *testing.T) {
	t.Parallel()
	stages(t, func(t *testing.T, s *stage) {
		s.Queue("support", "ana", "ben")
		s.Queue("vip", "vera")
		s.Inbox("site", "support")
		assign := func(kind, with string) {
			s.publish("workflow: 1\nname: Assign\ntrigger: {kind: conversation_opened}\nstart: x\nsteps: [{id: x, kind: " + kind + ", with: {keep: false, " + with + "}}]\n")
		}
		assign("assign_agent", "agent: vera")
		s.Write("a", "Hello?")
		s.settle()
		if c := s.Of("a"); c.AssigneeName != "vera" || c.QueueName != "vip" {
			t.Errorf("an agent by name: %s in %s", c.AssigneeName, c.QueueName)
		}
		s.Status("vera", rapport.StatusAway)
		assign("assign_queue", "queue: vip")
		s.Write("b", "Hello?")
		s.settle()
		if c := s.Of("b"); c.AssigneeName != "" || c.QueueName != "vip" || c.Waiting == nil {
			t.Errorf("nobody online: %q in %s", c.AssigneeName, c.QueueName)
		}
		assign("assign_queue", "queue: vip, only_online: false")
		s.Write("c", "Hello?")
		s.settle()
		if c := s.Of("c"); c.AssigneeName != "vera" || !c.WhileUnavailable {
			t.Errorf("not only online: %q, marked %v (C10)", c.AssigneeName, c.WhileUnavailable)
		}
		assign("assign_queue", "queue: support, strategy: least_load")
		s.Status("ben", rapport.StatusBusy)
		s.Write("d", "Hello?") // to ana
		s.settle()
		s.Status("ben", rapport.StatusAvailable)
		s.Write("e", "Hello?")
		s.settle()
		if a, b := s.Agent("ana").Load, s.Agent("ben").Load; a != 1 || b != 1 {
			t.Errorf("least load gave ana %d and ben %d", a, b)
		}
		s.Sticky("Key", "vera", "f")
		s.Status("vera", rapport.StatusAvailable)
		assign("assign_sticky", "exclude_current: false")
		s.Update(func(tx *store.Tx) error {
			return routing.SaveMember(tx, rapport.Member{QueueID: s.Queue("support").ID, AgentID: s.Agent("vera").ID, CanReply: true})
		})
		s.Write("f", "Hello?", s.ToAgent("ana"))
		s.settle()
		if got := s.Holder("f"); got != "vera" {
			t.Errorf("the own agent is vera; %q has it", got)
		}
	})
}

// A flow bot is a bot whose words a workflow says: they answer the customer, and
// what the flow leaves goes to humans.
func TestFlowBot(t *testing.T) {
	t.Parallel()
	stages(t, func(t *testing.T, s *stage) {
		s.Agent("sue", rapporttest.As(rapport.RoleSupervisor))
		s.Queue("support", "ana")
		s.Inbox("site", "support")
		bot := rapport.Bot{ID: rapport.NewID[rapport.BotID](), Kind: "flow", Name: "Order bot", Enabled: true, BotRules: rapport.BotRules{TimeoutSeconds: 60}}
		s.Update(func(tx *store.Tx) error { return tx.SaveBot(bot, nil) })
		text := "workflow: 1\nname: Orders\ntrigger: {kind: handed_to_flow, with: {bot: Order bot}}\nstart: ask\nsteps:\n- {id: ask, kind: ask, with: {text: Which order?, buttons: [The last one], field: order, timeout: 600}, next: {answered: ok}}\n- {id: ok, kind: send, with: {text: \"Order {{conversation.fields.order}}: on its way.\"}}\n"
		id := s.publish(text)
		s.Write("maria", "Where is my order?")
		c := s.Of("maria")
		give := func() {
			s.Update(func(tx *store.Tx) error {
				_, err := conversation.GiveToBot(tx, s.Actor("ana"), c.ID, bot.ID)
				return err
			})
			s.settle()
		}
		give()
		if c = s.Of("maria"); c.BotName != "Order bot" || !c.AwaitsSince.IsZero() {
			t.Errorf("%q has it; the question of the bot should have answered the customer: %v", c.BotName, c.AwaitsSince)
		}
		items := s.Items("maria")
		last := items[len(items)-1]
		if last.By != rapport.ByBot || last.AuthorName != "Order bot" || last.Data["buttons"] == nil {
			t.Errorf("%+v", last)
		}
		s.Write("maria", "17")
		s.settle()
		if c = s.Of("maria"); c.BotID != "" || c.AssigneeName != "ana" {
			t.Errorf("the flow has ended, but the bot %q and the agent %q have it", c.BotName, c.AssigneeName)
		}
		items = s.Items("maria")
		said := slices.ContainsFunc(items, func(it rapport.Item) bool { return it.By == rapport.ByBot && it.Body == "Order 17: on its way." })
		if !said || c.Fields["order"] != "17" {
			t.Errorf("fields %v, thread %+v", c.Fields, items)
		}
		give()
		s.later(11 * time.Minute) // the customer says nothing
		if c = s.Of("maria"); c.BotID != "" || c.AssigneeName != "ana" {
			t.Errorf("nobody answered the flow, but the bot %q and the agent %q have it", c.BotName, c.AssigneeName)
		}
		if r := s.runs(id); len(r) != 2 || r[1].Status != rapport.RunDone {
			t.Errorf("%+v", r)
		}
	})
}

// The other triggers, each with what it filters by.
func TestTriggers(t *testing.T) {
	t.Parallel()
	stages(t, func(t *testing.T, s *stage) {
		s.Queue("support", "ana", "ben")
		s.Inbox("site", "support")
		s.Inbox("shop", "support")
		on := func(name, trigger string) {
			s.publish("workflow: 1\nname: " + name + "\ntrigger: {kind: " + trigger + "}\nstart: n\nsteps: [{id: n, kind: comment, with: {text: " + name + "}}]\n")
		}
		on("opened", "conversation_opened")
		on("reopened", "conversation_opened, with: {reopened: true}")
		on("by agent", "conversation_opened, with: {source: agent, reopened: true}")
		on("in shop", "message_received, with: {inbox: shop}")
		on("to ben", "assigned, with: {agent: ben}")
		on("solved", "status_changed, with: {to: solved}")
		on("back", "status_changed, with: {from: solved, to: open}")
		on("vip", "tag_added, with: {tag: vip}")
		on("size", "contact_field_changed, with: {field: size}")
		on("long", "message_received, when: {fact: message.text, op: contains, value: parcel}")
		seen := 0
		expect := func(what string, names ...string) {
			t.Helper()
			s.settle()
			notes := s.notes("maria")
			got := slices.Sorted(slices.Values(notes[seen:]))
			seen = len(notes)
			slices.Sort(names)
			want(t, what, got, names)
		}
		s.Write("maria", "Where is my parcel? "+strings.Repeat("Please. ", 60)+"Thank you.", s.In("site"))
		holder := s.Holder("maria")
		names := []string{"opened", "reopened", "long"}
		if holder == "ben" {
			names = append(names, "to ben")
		}
		expect("opened", names...)
		s.Write("maria", "Hello?", s.In("site"))
		expect("another message")
		s.Solve(holder, "maria")
		expect("solved", "solved")
		s.SetState(holder, "maria", rapport.Open)
		names = []string{"back", "by agent"}
		if holder == "ben" {
			names = append(names, "to ben")
		}
		expect("reopened by an agent", names...)
		s.Solve(holder, "maria")
		expect("solved again", "solved")
		s.Write("maria", "One more thing", s.In("site"))
		names = []string{"back", "reopened"}
		if s.Holder("maria") == "ben" {
			names = append(names, "to ben")
		}
		expect("reopened by the customer", names...)
		c := s.Of("maria")
		s.Update(func(tx *store.Tx) error {
			_, err := conversation.Tag(tx, s.Actor(holder), c.ID, []string{"late"}, nil)
			return err
		})
		expect("another tag")
		s.Update(func(tx *store.Tx) error {
			_, err := conversation.Tag(tx, s.Actor(holder), c.ID, []string{"VIP"}, nil)
			return err
		})
		expect("tag", "vip")
		for _, size := range []string{"L", "L", "XL"} { // the second changes nothing
			s.Update(func(tx *store.Tx) error {
				_, err := conversation.SetContactFields(tx, s.Actor(holder), c.ContactID, map[string]string{"size": size})
				return err
			})
			s.settle()
		}
		expect("field", "size", "size")
		s.Update(func(tx *store.Tx) error {
			_, err := conversation.SetContactFields(tx, s.Actor(holder), c.ContactID, map[string]string{"shoe": "44"})
			return err
		})
		expect("another field")
	})
}

// S4-13: out of hours, VIPs and escalation by the templates.
func TestOtherTemplates(t *testing.T) {
	t.Parallel()
	stages(t, func(t *testing.T, s *stage) {
		s.Agent("sue", rapporttest.As(rapport.RoleSupervisor))
		s.Queue("support", "ana", "ben")
		s.Inbox("site", "support")
		f := workflow.TemplateFile("vip")
		f.Steps[1].With["agent"] = "ben"
		text, err := f.Encode()
		if err != nil {
			t.Fatal(err)
		}
		s.publish(string(text))
		s.template("escalate")
		s.template("out-of-hours")
		s.Status("ben", rapport.StatusAway)
		s.Write("maria", "Hello?")
		s.settle()
		c := s.Of("maria")
		s.Update(func(tx *store.Tx) error {
			_, err := conversation.SetContactFields(tx, s.Actor("ana"), c.ContactID, map[string]string{"vip": "yes"})
			return err
		})
		s.Solve("ana", "maria")
		s.Status("ben", rapport.StatusAvailable)
		s.Write("maria", "Me again")
		s.settle()
		if c = s.Of("maria"); c.AssigneeName != "ben" || c.Priority != rapport.High {
			t.Errorf("the VIP is with %q at %s", c.AssigneeName, c.Priority)
		}
		for range 2 {
			s.Update(func(tx *store.Tx) error {
				_, _, err := conversation.Assign(tx, rapport.System, c.ID, conversation.Assignment{NotCurrent: true, EvenAway: true})
				return err
			})
			s.Update(func(tx *store.Tx) error { // as if they had answered nothing: they may have it again
				v, err := tx.Summary(c.ID)
				if err != nil {
					return err
				}
				before := v.Conversation
				v.Excluded = nil
				return tx.Record(&v, before, "conversation.changed")
			})
			s.settle()
		}
		if c = s.Of("maria"); c.Hops != 2 || c.Priority != rapport.Urgent {
			t.Errorf("after %d hops the priority is %s", c.Hops, c.Priority)
		}
		if got := s.told("sue"); len(got) == 0 || !strings.Contains(got[0], "maria has been passed on 2 times and has no answer yet.") {
			t.Errorf("the supervisor is told %q", got)
		}
		s.SaveQueue("support", func(q *rapport.Queue) {
			q.Hours = &rapport.Hours{Zone: "Europe/Berlin", Blocks: []rapport.Block{{Day: 3, From: "08:00", To: "10:30"}}}
		})
		s.Write("otto", "Hello?") // Wednesday, 11:00 in Berlin
		s.settle()
		if c := s.Of("otto"); !slices.Contains(c.Tags, "out of hours") || c.LastBy != rapport.BySystem {
			t.Errorf("tags %v, last by %s", c.Tags, c.LastBy)
		}
	})
}
