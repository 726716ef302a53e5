package conversation_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport"
	"rapport/conversation"
	"rapport/store"
)

func (h *hand) outgoing(id rapport.OutgoingID) (o rapport.Outgoing) {
	h.t.Helper()
	h.View(func(tx *store.Tx) (err error) {
		o, err = tx.Outgoing(id)
		return err
	})
	return o
}

func (h *hand) support() {
	h.Queue("support", "ana", "ben")
	h.Status("ben", rapport.StatusAway)
	h.Agent("sue", func(a *rapport.Agent) { a.Role = rapport.RoleSupervisor })
	h.Status("sue", rapport.StatusAway)
	h.Inbox("site", "support")
	h.Write("mia", "Hello?")
}

var undo5 = conversation.Later{Undo: 5 * time.Second}

// Issue 4, 14: a sent message can be taken back for some seconds; then it
// leaves, once, as an answer of its author's.
func TestUndo(t *testing.T) {
	byHand(t, func(h *hand) {
		h.support()
		o := h.later("ana", "mia", "Hi Mia", undo5)
		if got := h.bodies("mia"); len(got) != 0 {
			t.Fatalf("it left before its time: %q", got)
		}
		h.pass(3*time.Second, o.ID)
		h.Update(func(tx *store.Tx) error {
			got, err := conversation.Undo(tx, h.Actor("ana"), o.ID)
			if err == nil && (got.Body != "Hi Mia" || got.State != rapport.OutgoingCancelled) {
				t.Errorf("taken back: %+v", got)
			}
			return err
		})
		h.pass(10*time.Second, o.ID)
		if got := h.bodies("mia"); len(got) != 0 {
			t.Fatalf("it left although it was taken back: %q", got)
		}
		h.View(func(tx *store.Tx) error { // the text survives a desk that dies now
			d, err := tx.Draft(h.Agent("ana").ID, h.Of("mia").ID, rapport.ItemMessage)
			if d.Body != "Hi Mia" {
				t.Errorf("the draft is %q", d.Body)
			}
			return err
		})

		o = h.later("ana", "mia", "Hi again", undo5, func(w *conversation.Writing) { w.ClientID = "c1" })
		again := h.later("ana", "mia", "Hi again", undo5, func(w *conversation.Writing) { w.ClientID = "c1" })
		if again.ID != o.ID {
			t.Error("the same client id made two messages")
		}
		second := h.later("ana", "mia", "And more", undo5)
		// Whatever order the jobs run in, the messages leave in the order of writing.
		h.now.Add(7000)
		h.pass(time.Second, second.ID, o.ID, second.ID)
		if got := h.bodies("mia"); !slices.Equal(got, []string{"Hi again", "And more"}) {
			t.Fatalf("sent: %q", got)
		}
		h.View(func(tx *store.Tx) error {
			d, err := tx.Draft(h.Agent("ana").ID, h.Of("mia").ID, rapport.ItemMessage)
			if d.Body != "" {
				t.Errorf("the draft that was sent is still there: %q", d.Body)
			}
			return err
		})
		h.Refused("already_sent").Update(func(tx *store.Tx) error {
			_, err := conversation.Undo(tx, h.Actor("ana"), o.ID)
			return err
		})
		if s := h.Of("mia"); !s.AwaitsSince.IsZero() || s.Replies != 2 {
			t.Errorf("it is no answer: %+v", s.Conversation)
		}
	})
}

// What was attached to a message that is taken back can be sent again.
func TestUndoGivesFilesBack(t *testing.T) {
	byHand(t, func(h *hand) {
		h.support()
		id := rapport.NewID[rapport.FileID]()
		owner := conversation.OwnerAgent(h.Agent("ana").ID)
		h.Update(func(tx *store.Tx) error {
			return tx.InsertFile(store.File{File: rapport.File{ID: id, Name: "a.pdf", Type: "application/pdf", Size: 3}, Owner: owner, State: store.FileReady, Received: 3, CreatedAt: tx.Now()})
		})
		with := func(w *conversation.Writing) { w.Files = []rapport.FileID{id} }
		o := h.later("ana", "mia", "", undo5, with)
		h.Update(func(tx *store.Tx) error {
			_, err := conversation.Undo(tx, h.Actor("ana"), o.ID)
			return err
		})
		o = h.later("ana", "mia", "", undo5, with)
		h.pass(6*time.Second, o.ID)
		items := h.Items("mia")
		if last := items[len(items)-1]; len(last.Files) != 1 || last.Files[0].ID != id || last.By != rapport.ByAgent {
			t.Errorf("sent: %+v", last)
		}
	})
}

// S3-45: a template that is taken back comes back as one, not as text to edit.
func TestUndoGivesTheTemplateBack(t *testing.T) {
	byHand(t, func(h *hand) {
		h.support()
		use := rapport.TemplateUse{ID: rapport.NewID[rapport.TemplateID](), Values: map[string]string{"1": "Mia"}}
		h.Update(func(tx *store.Tx) error {
			return tx.SaveTemplate(rapport.MessageTemplate{ID: use.ID, InboxID: h.Of("mia").InboxID, Name: "hello", Language: "en", Body: "Hello {{1}}", Variables: []rapport.TemplateVariable{{Name: "1"}}, Status: rapport.TemplateApproved})
		})
		o := h.later("ana", "mia", "", undo5, func(w *conversation.Writing) { w.Template = &use })
		h.Update(func(tx *store.Tx) error {
			got, err := conversation.Undo(tx, h.Actor("ana"), o.ID)
			if err == nil && (got.Template == nil || got.Template.ID != use.ID || got.Template.Values["1"] != "Mia") {
				t.Errorf("taken back: %+v", got)
			}
			d, _ := tx.Draft(h.Agent("ana").ID, h.Of("mia").ID, rapport.ItemMessage)
			if d.Body != "" {
				t.Errorf("the draft is %q", d.Body)
			}
			return err
		})
	})
}

// What can be taken back is nobody else's to see or touch; a scheduled message
// is seen by all who see the conversation, changed by its author only, and
// called back by supervisors, too.
func TestWhoTouchesWaitingMessages(t *testing.T) {
	byHand(t, func(h *hand) {
		h.support()
		h.Agent("olga") // another queue
		short := h.later("ana", "mia", "Soon", undo5)
		long := h.later("ana", "mia", "Tomorrow", conversation.Later{At: h.at().Add(24 * time.Hour)})
		sees := func(name string) (list []string) {
			h.View(func(tx *store.Tx) error {
				all, err := conversation.Outgoings(tx, h.Actor(name), h.Of("mia").ID)
				for _, o := range all {
					list = append(list, o.Body)
				}
				return err
			})
			return list
		}
		if got := sees("ana"); !slices.Equal(got, []string{"Soon", "Tomorrow"}) {
			t.Errorf("ana sees %q", got)
		}
		if got := sees("ben"); !slices.Equal(got, []string{"Tomorrow"}) {
			t.Errorf("ben sees %q", got)
		}
		body := "Never"
		for who, code := range map[string]string{"ben": "not_author", "olga": "not_found", "sue": "not_author"} {
			h.Refused(code).Update(func(tx *store.Tx) error {
				_, err := conversation.ChangeOutgoing(tx, h.Actor(who), long.ID, conversation.Change{Body: &body})
				return err
			})
			h.Refused(code).Update(func(tx *store.Tx) error {
				_, err := conversation.SendNow(tx, h.Actor(who), long.ID)
				return err
			})
			h.Refused("not_found").Update(func(tx *store.Tx) error {
				_, err := conversation.Undo(tx, h.Actor(who), short.ID)
				return err
			})
		}
		h.Refused("not_author").Update(func(tx *store.Tx) error {
			_, err := conversation.Undo(tx, h.Actor("ben"), long.ID)
			return err
		})
		h.Update(func(tx *store.Tx) error {
			_, err := conversation.Undo(tx, h.Actor("sue"), long.ID)
			return err
		})
		// Its author keeps the text, and hears who stopped it.
		if got := sees("ana"); !slices.Equal(got, []string{"Soon", "Tomorrow"}) {
			t.Errorf("ana sees %q", got)
		}
		if got := sees("ben"); len(got) != 0 {
			t.Errorf("ben sees %q", got)
		}
		if got := h.outgoing(long.ID); got.State != rapport.OutgoingFailed || got.Reason != "sue stopped it." {
			t.Errorf("stopped: %+v", got)
		}
		if told := h.told("ana", rapport.NotifySendFailed); len(told) != 1 || !strings.HasSuffix(told[0].Text, "sue stopped it.") {
			t.Errorf("told %+v", told)
		}
	})
}

// Solving, handing over and snoozing come after what was sent before: it leaves
// first.
func TestWhatComesNextComesAfter(t *testing.T) {
	byHand(t, func(h *hand) {
		h.support()
		o := h.later("ana", "mia", "Done!", undo5)
		h.Solve("ana", "mia")
		if got := h.bodies("mia"); !slices.Equal(got, []string{"Done!"}) {
			t.Fatalf("sent: %q", got)
		}
		h.pass(10*time.Second, o.ID)
		if s := h.Of("mia"); s.State != rapport.Solved || len(h.bodies("mia")) != 1 {
			t.Errorf("it is %s with %q", s.State, h.bodies("mia"))
		}
	})
}

// The reply timer counts the moment at which the agent sent the answer, not the
// one at which it could no longer be taken back. A message that is scheduled for
// later is no answer yet.
func TestUndoAndTheReplyTimer(t *testing.T) {
	byHand(t, func(h *hand) {
		h.support()
		h.pass(15*time.Minute - 2*time.Second)
		o := h.later("ana", "mia", "Just in time", undo5)
		h.pass(8*time.Second, o.ID)
		if s := h.Of("mia"); s.AssigneeName != "ana" || s.Hops != 0 || len(h.bodies("mia")) != 1 {
			t.Fatalf("it is with %q after %d hops; sent: %q", s.AssigneeName, s.Hops, h.bodies("mia"))
		}
		h.Write("tom", "Hello?")
		h.later("ana", "tom", "Tomorrow", conversation.Later{At: h.at().Add(24 * time.Hour)})
		h.pass(15*time.Minute + time.Second)
		if s := h.Of("tom"); s.Hops != 1 {
			t.Errorf("a scheduled message stopped the reply timer: %d hops", s.Hops)
		}
	})
}

// A scheduled message leaves at its time; it does not where somebody else has
// the conversation, it was closed, or the customer wrote although it was only
// for silence. Its author is told why, and can send it all the same.
func TestScheduled(t *testing.T) {
	byHand(t, func(h *hand) {
		h.support()
		at := h.at().Add(time.Minute)
		for _, bad := range []conversation.Later{{At: h.at()}, {At: h.at().Add(-time.Hour)}, {At: h.at().Add(400 * 24 * time.Hour)}, {}, {Undo: 31 * time.Second}} {
			h.Refused("invalid").Update(func(tx *store.Tx) error {
				_, _, err := conversation.SendLater(tx, h.Actor("ana"), h.Of("mia").ID, conversation.Writing{Body: "x"}, bad)
				return err
			})
		}
		for customer, what := range map[string]func(){
			"leaves": func() {},
			"taken":  func() { h.Transfer("ana", "taken", "ben", true) },
			"closed": func() { h.SetState("ana", "closed", rapport.Closed) },
			"wrote":  func() { h.Write("wrote", "I found it!") },
			"anyway": func() { h.Write("anyway", "Are you there?") },
		} {
			h.Write(customer, "Hello?")
			if h.Of(customer).Assignee == "" {
				h.Claim("ana", customer)
			}
			o := h.later("ana", customer, "How is it?", conversation.Later{At: at, OnlySilent: customer == "wrote" || customer == "leaves"})
			what()
			h.now.Store(at.UnixMilli())
			h.pass(time.Second, o.ID, o.ID)
			at = h.at().Add(time.Minute)
			sent, got := len(h.bodies(customer)), h.outgoing(o.ID)
			why := map[string]string{"taken": "ben has the conversation now.", "closed": "The conversation was closed.", "wrote": "wrote has written meanwhile."}[customer]
			if why == "" {
				if sent != 1 || got.State != rapport.OutgoingSent {
					t.Errorf("%s: %d sent, %+v", customer, sent, got)
				}
				continue
			}
			if sent != 0 || got.State != rapport.OutgoingFailed || got.Reason != why {
				t.Errorf("%s: %d sent, %+v", customer, sent, got)
			}
			if told := h.told("ana", rapport.NotifySendFailed); len(told) == 0 || !strings.Contains(told[0].Text, why) || told[0].ConversationID != got.ConversationID {
				t.Errorf("%s: told %+v", customer, told)
			}
			if customer == "wrote" {
				h.Update(func(tx *store.Tx) error {
					_, err := conversation.SendNow(tx, h.Actor("ana"), o.ID)
					return err
				})
				if n := len(h.bodies(customer)); n != 1 {
					t.Errorf("sent by hand: %d", n)
				}
			}
		}
	})
}

// A message that waits can be changed until it leaves, and moved ahead or back.
func TestChangingScheduled(t *testing.T) {
	byHand(t, func(h *hand) {
		h.support()
		o := h.later("ana", "mia", "Draft", conversation.Later{At: h.at().Add(time.Minute)})
		body, at := "Better", h.at().Add(2*time.Minute)
		h.Update(func(tx *store.Tx) error {
			_, err := conversation.ChangeOutgoing(tx, h.Actor("ana"), o.ID, conversation.Change{Body: &body, At: &at})
			return err
		})
		h.pass(90*time.Second, o.ID)
		if got := h.bodies("mia"); len(got) != 0 {
			t.Fatalf("it left at its old time: %q", got)
		}
		h.pass(31*time.Second, o.ID)
		if got := h.bodies("mia"); !slices.Equal(got, []string{"Better"}) {
			t.Fatalf("sent: %q", got)
		}
	})
}

// A colleague's answer is seen before one's own is sent, if the writer says what
// they had seen.
func TestAnsweredMeanwhile(t *testing.T) {
	byHand(t, func(h *hand) {
		h.support()
		seen := h.Of("mia").LastSeq
		h.Reply("ana", "mia", "I have it")
		h.Transfer("ana", "mia", "ben", true)
		id := h.Of("mia").ID
		write := func(seen int) func(*store.Tx) error {
			return func(tx *store.Tx) error {
				_, _, err := conversation.Reply(tx, h.Actor("ben"), id, conversation.Writing{Body: "Me too", SeenSeq: seen})
				return err
			}
		}
		h.Refused("answered_meanwhile").Update(write(seen))
		h.Update(write(h.Of("mia").LastSeq))
	})
}

// S3-49: what a macro left until the reply happens when the reply leaves, not
// before, and not if it is taken back.
func TestWhatHappensWithAReplyWaitsWithIt(t *testing.T) {
	byHand(t, func(h *hand) {
		h.support()
		solve := func(w *conversation.Writing) { w.Then = conversation.Then{State: rapport.Solved} }
		o := h.later("ana", "mia", "Done", undo5, solve)
		if c := h.Of("mia"); c.State != rapport.Open {
			t.Fatalf("it is %s before the reply has left", c.State)
		}
		h.Update(func(tx *store.Tx) error {
			_, err := conversation.Undo(tx, h.Actor("ana"), o.ID)
			return err
		})
		h.pass(10*time.Second, o.ID)
		if c := h.Of("mia"); c.State != rapport.Open {
			t.Fatalf("it is %s although the reply was taken back", c.State)
		}
		o = h.later("ana", "mia", "Done now", undo5, solve)
		h.pass(10*time.Second, o.ID)
		if c := h.Of("mia"); c.State != rapport.Solved || !slices.Equal(h.bodies("mia"), []string{"Done now"}) {
			t.Fatalf("it is %s, sent: %q", c.State, h.bodies("mia"))
		}
	})
}

// S3-49: a scheduled message that is taken back, by whichever page, gives back what the
// macro left for it, and is a draft on the server before any page has saved it.
func TestScheduledGivesBackWhatTheMacroLeft(t *testing.T) {
	byHand(t, func(h *hand) {
		h.support()
		macro := rapport.Macro{ID: rapport.NewID[rapport.MacroID](), Name: "Refund", Enabled: true}
		h.Update(func(tx *store.Tx) error { return tx.SaveMacro(macro) })
		gone := rapport.NewID[rapport.QueueID]()
		o := h.later("ana", "mia", "Done", conversation.Later{At: h.at().Add(time.Hour)}, func(w *conversation.Writing) {
			w.Then = conversation.Then{State: rapport.Solved, AssigneeID: rapport.Me, QueueID: gone, MacroID: macro.ID}
		})
		h.Update(func(tx *store.Tx) error {
			got, err := conversation.Undo(tx, h.Actor("ana"), o.ID)
			want := &rapport.Left{MacroID: macro.ID, Macro: "Refund", State: rapport.Solved, AssigneeID: rapport.Me, Effects: []rapport.Effect{
				{Kind: "assignee", From: "ana", To: "ana", Later: true}, {Kind: "state", From: "open", To: "solved", Later: true},
			}}
			if err == nil && !reflect.DeepEqual(got.Left, want) {
				t.Errorf("left: %+v", got.Left)
			}
			d, _ := tx.Draft(h.Agent("ana").ID, h.Of("mia").ID, rapport.ItemMessage)
			if d.Body != "Done" {
				t.Errorf("the draft is %q", d.Body)
			}
			again, failed := conversation.Undo(tx, h.Actor("ana"), o.ID) // the answer was lost
			if failed != nil || !reflect.DeepEqual(again, got) {
				t.Errorf("asked again: %+v, %v; the first time it was %+v", again, failed, got)
			}
			return err
		})
		// A macro that is not theirs, or is gone, is not named.
		secret := rapport.Macro{ID: rapport.NewID[rapport.MacroID](), Name: "Secret", Enabled: true, Queues: []rapport.QueueID{h.Queue("sales").ID}}
		h.Update(func(tx *store.Tx) error { return tx.SaveMacro(secret) })
		for _, id := range []rapport.MacroID{secret.ID, rapport.NewID[rapport.MacroID](), "nonsense"} {
			o := h.later("ana", "mia", "Done", conversation.Later{At: h.at().Add(time.Hour)}, func(w *conversation.Writing) {
				w.Then = conversation.Then{State: rapport.Solved, MacroID: id}
			})
			h.Update(func(tx *store.Tx) error {
				got, err := conversation.Undo(tx, h.Actor("ana"), o.ID)
				if err == nil && (got.Left == nil || got.Left.State != rapport.Solved || got.Left.Macro != "" || got.Left.MacroID != "") {
					t.Errorf("of the macro %s: %+v", id, got.Left)
				}
				return err
			})
		}
	})
}

// Solving is no answer: a conversation that is opened again by hand, with the
// customer's word last, waits for one, and its reply timer runs.
func TestReopenedByHandItStillAwaitsAnAnswer(t *testing.T) {
	byHand(t, func(h *hand) {
		h.support()
		h.Solve("ana", "mia")
		if s := h.Of("mia"); !s.AwaitsSince.IsZero() || s.Timer != nil {
			t.Fatalf("solved, it awaits an answer since %v: %+v", s.AwaitsSince, s.Timer)
		}
		h.pass(time.Minute)
		h.SetState("ana", "mia", rapport.Open)
		if s := h.Of("mia"); !s.AwaitsSince.Equal(h.at()) || s.Timer == nil || s.Timer.Kind != rapport.TimerReply {
			t.Errorf("reopened, it awaits an answer since %v: %+v", s.AwaitsSince, s.Timer)
		}
		h.Reply("ana", "mia", "Here I am")
		h.Solve("ana", "mia")
		h.SetState("ana", "mia", rapport.Open)
		if s := h.Of("mia"); !s.AwaitsSince.IsZero() {
			t.Errorf("it awaits an answer although one was the last word")
		}
	})
}

// What can still be taken back leaves before a bulk action, and undoing the
// action does not undo that answer: the customer waits no more.
func TestAnswerOutlivesUndoOfBulkAction(t *testing.T) {
	byHand(t, func(h *hand) {
		h.support()
		h.later("ana", "mia", "Hi Mia", undo5)
		through := func(begin func(tx *store.Tx) (rapport.Bulk, error)) (b rapport.Bulk) {
			h.Update(func(tx *store.Tx) (err error) {
				b, err = begin(tx)
				return err
			})
			if err := conversation.RunBulk(t.Context(), h.DB, b.ID); err != nil {
				t.Fatal(err)
			}
			return b
		}
		b := through(func(tx *store.Tx) (rapport.Bulk, error) {
			return conversation.StartBulk(tx, h.Actor("ana"), rapport.BulkAction{Do: rapport.BulkState, State: rapport.Solved}, []rapport.ConversationID{h.Of("mia").ID})
		})
		if got := h.bodies("mia"); !slices.Equal(got, []string{"Hi Mia"}) || h.Of("mia").State != rapport.Solved {
			t.Fatalf("it is %s, and what left is %q", h.Of("mia").State, got)
		}
		through(func(tx *store.Tx) (rapport.Bulk, error) { return conversation.UndoBulk(tx, h.Actor("ana"), b.ID) })
		if s := h.Of("mia"); s.State != rapport.Open || !s.AwaitsSince.IsZero() || s.SilentSince.IsZero() {
			t.Errorf("it is %s, the customer waits since %v and is silent since %v", s.State, s.AwaitsSince, s.SilentSince)
		}
	})
}
