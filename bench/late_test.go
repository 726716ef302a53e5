package bench

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"rapport"
	"rapport/conversation"
	"rapport/rapporttest"
	"rapport/rapporttest/pg"
	"rapport/store"
)

// Invariant 5: the program is killed with SIGKILL while a thousand timers are
// due, again and again, and started on the same data. Each timer acts exactly
// once, the late ones as soon as somebody is up.
func TestTimersSurviveKills(t *testing.T) {
	t.Parallel()
	program := built(t)
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		killWhileDue(t, program, "")
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		killWhileDue(t, program, pg.URL(t))
	})
}

const (
	owed   = 700 // customers whom an agent has not answered
	silent = 300 // customers who have not come back to an answer
)

func killWhileDue(t *testing.T, program, database string) {
	w, err := newWorld(t.Context(), t.TempDir(), database, size{agents: 6, queues: 2})
	if err != nil {
		t.Fatal(err)
	}
	// An hour ago a thousand customers wrote, and then the program stopped.
	then, err := store.Open(t.Context(), store.Config{URL: w.url, Now: func() time.Time { return time.Now().Add(-time.Hour) }})
	if err != nil {
		t.Fatal(err)
	}
	var ids []rapport.ConversationID
	err = then.Update(t.Context(), func(tx *store.Tx) error {
		ids = ids[:0]
		i, sealed, err := tx.Inbox(inboxID(1))
		if err != nil {
			return err
		}
		i.Silence.Conduct, i.Silence.WarnMinutes = rapport.Live, new(int)
		if err := tx.SaveInbox(i, sealed); err != nil {
			return err
		}
		for n := range owed + silent {
			m := message{customer: fmt.Sprint("due-", n), key: fmt.Sprint("due-", n), body: "Hello"}
			if n >= owed {
				m.inbox = 1
			}
			got, err := take(tx, m)
			if err != nil {
				return err
			}
			s := got.Conversation
			ids = append(ids, s.ID)
			if n < owed {
				continue
			}
			actor := rapport.Actor{Kind: rapport.ActorAgent, AgentID: s.Assignee, Name: s.AssigneeName, Role: rapport.RoleAgent, Queues: map[rapport.QueueID]bool{s.QueueID: true}}
			if _, _, err := conversation.Reply(tx, actor, s.ID, conversation.Writing{Body: "An answer", ClientID: m.key}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	then.Close()

	watch, err := w.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { watch.Close() })
	due := func() (n int) {
		err := watch.View(t.Context(), func(tx *store.Tx) error {
			list, err := tx.TimersDue(10_000)
			n = len(list)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := due(); n != owed+silent {
		t.Fatalf("%d timers are due; want %d", n, owed+silent)
	}
	r := &run{Options: Options{Program: program}}
	inTheMiddle := 0
	for left := owed + silent; left > 0; {
		s, err := r.serve(t.Context(), w)
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		for goal := left - 1 - rand.IntN(200); left > max(goal, 0); left = due() {
			if time.Since(start) > 30*time.Second {
				t.Fatalf("%d timers are due and nothing happens", left)
			}
			pause(t.Context(), time.Millisecond)
		}
		if err := s.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		<-s.ended
		if left = due(); left > 0 {
			inTheMiddle++
		}
	}
	if inTheMiddle == 0 {
		t.Error("no kill came while timers were due")
	}
	s, err := r.serve(t.Context(), w) // once more: nothing is left to do
	if err != nil {
		t.Fatal(err)
	}
	pause(t.Context(), time.Second)
	s.stop()
	t.Logf("%d kills while timers were due", inTheMiddle)
	err = watch.View(t.Context(), func(tx *store.Tx) error { return checkActedOnce(t, tx, ids) })
	if err != nil {
		t.Fatal(err)
	}
	(&rapporttest.World{T: t, DB: watch}).Check() // loads, reasons to wait, decisions replay
}

func checkActedOnce(t *testing.T, tx *store.Tx, ids []rapport.ConversationID) error {
	told := map[rapport.NotificationKind]int{}
	for n := range 6 {
		list, err := tx.Notifications(agentID(n), 100_000)
		if err != nil {
			return err
		}
		for _, v := range list {
			told[v.Kind]++
		}
	}
	if told[rapport.NotifyLost] != owed || told[rapport.NotifyAssigned] != owed {
		t.Errorf("agents were told of %d lost and %d new conversations; want %d each", told[rapport.NotifyLost], told[rapport.NotifyAssigned], owed)
	}
	for n, id := range ids {
		c, err := tx.Conversation(id)
		if err != nil {
			return err
		}
		items, err := tx.Items(id, 0, 0, 1000)
		if err != nil {
			return err
		}
		lines := map[string]int{}
		words := 0
		for _, i := range items {
			lines[i.Event]++
			if i.By == rapport.BySystem && strings.HasPrefix(i.Body, "We have closed") {
				words++
			}
		}
		if n < owed && (lines["hopped"] != 1 || c.Hops != 1 || c.Assignee == "") {
			t.Errorf("conversation %d was taken from its agent %d times; it is with %q", n, lines["hopped"], c.Assignee)
		}
		if n >= owed && (lines["inactivity"] != 1 || words != 1 || c.State != rapport.Solved) {
			t.Errorf("conversation %d was ended %d times and told so %d times; it is %s", n, lines["inactivity"], words, c.State)
		}
	}
	return nil
}
