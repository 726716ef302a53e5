package workflow_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"rapport"
	"rapport/conversation"
	"rapport/rapporttest"
	"rapport/store"
	"rapport/workflow"
)

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
