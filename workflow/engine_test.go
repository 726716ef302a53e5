package workflow_test

import (
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rapport"
	"rapport/rapporttest"
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
	for name, url := range rapporttest.Addresses {
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

// Only online switched off, a strategy of its own, the customer's own agent,
// an agent by name.
// Issue 4, 11: a workflow sets topic and disposition, and asks for them.
func TestTopicAndDisposition(t *testing.T) {
	t.Parallel()
	stages(t, func(t *testing.T, s *stage) {
		s.Queue("support", "ana")
		s.Inbox("site", "support")
		d := rapport.Disposition{ID: rapport.NewID[rapport.DispositionID](), Code: "SPAM", Label: "Spam", Enabled: true}
		s.Update(func(tx *store.Tx) error { return tx.SaveDisposition(d) })
		s.publish("workflow: 1\nname: Note\ntrigger: {kind: conversation_opened}\nstart: x\nsteps:\n" +
			"  - {id: x, kind: set_topic, with: {topic: \"Parcel of {{contact.name}}\"}, next: {next: y}}\n" +
			"  - {id: y, kind: set_disposition, with: {disposition: spam}, next: {next: z}}\n" +
			"  - {id: z, kind: branch, with: {if: {all: [{fact: conversation.topic, op: contains, value: Parcel}, {fact: conversation.disposition, op: is, value: SPAM}]}}, next: {yes: t}}\n" +
			"  - {id: t, kind: tag, with: {add: [both]}}\n")
		s.Write("mia", "Hello?")
		s.settle()
		if c := s.Of("mia"); c.Topic != "Parcel of "+c.ContactName || c.DispositionID != d.ID || !slices.Contains(c.Tags, "both") {
			t.Errorf("topic %q, disposition %q, tags %v", c.Topic, c.DispositionID, c.Tags)
		}
	})
}

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
		s.Queue("support", "vera")
		s.Write("f", "Hello?", s.ToAgent("ana"))
		s.settle()
		if got := s.Holder("f"); got != "vera" {
			t.Errorf("the own agent is vera; %q has it", got)
		}
	})
}
