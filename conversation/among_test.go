package conversation_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"rapport"
	"rapport/conversation"
	"rapport/store"
)

// S3-52, issue 4, 7: a note that names colleagues tells those who may see the
// conversation, once each; nobody else hears of it, and the author knows.
func TestMentions(t *testing.T) {
	byHand(t, func(h *hand) {
		h.support()
		h.Queue("billing", "olga")
		h.Claim("ana", "mia")
		var note rapport.Item
		w := conversation.Writing{Body: "@ben @olga @sue please look", ClientID: "n1"}
		w.Content.Mentions = []rapport.AgentID{h.Agent("ben").ID, h.Agent("olga").ID, h.Agent("sue").ID, h.Agent("ben").ID, h.Agent("ana").ID}
		w.Content.Queues = []rapport.QueueID{h.Queue("support").ID, h.Queue("billing").ID}
		for range 2 { // the same again is the same note, and tells nobody twice
			h.Update(func(tx *store.Tx) (err error) {
				note, _, err = conversation.Note(tx, h.Actor("ana"), h.Of("mia").ID, w)
				return err
			})
		}
		for name, want := range map[string]int{"ben": 1, "sue": 1, "olga": 0, "ana": 0} {
			told := h.told(name, rapport.NotifyMention)
			if len(told) != want {
				t.Errorf("%s was told %d times", name, len(told))
			}
			for _, n := range told {
				if n.Seq != note.Seq || n.ConversationID != note.ConversationID || !strings.HasPrefix(n.Text, "ana named you in a note on mia") {
					t.Errorf("%s was told %+v", name, n)
				}
			}
		}
		if slices.Contains(note.Mentions, h.Agent("olga").ID) || len(note.Mentions) != 3 {
			t.Errorf("the note names %v", note.Mentions)
		}
		if got, _ := note.Data["not_told"].([]any); len(got) != 2 || got[0] != "olga" || got[1] != "billing" {
			t.Errorf("not told: %v", note.Data)
		}
		h.Refused("invalid").Update(func(tx *store.Tx) error {
			w := conversation.Writing{Body: "x"}
			w.Content.Mentions = []rapport.AgentID{"nobody"}
			_, _, err := conversation.Note(tx, h.Actor("ana"), h.Of("mia").ID, w)
			return err
		})
		h.View(func(tx *store.Tx) error {
			list, err := conversation.Colleagues(tx, h.Actor("ana"), h.Of("mia").ID, "", 10)
			if err != nil {
				return err
			}
			var names []string
			for _, c := range list {
				mark := ""
				if !c.Sees {
					mark = "-"
				}
				names = append(names, mark+c.Name)
			}
			if got := strings.Join(names, " "); got != "ben sue -olga" {
				t.Errorf("the menu offers %q", got)
			}
			return nil
		})
	})
}

// Messages and notes are pinned for everybody who sees the thread, and it says
// by whom.
func TestPins(t *testing.T) {
	byHand(t, func(h *hand) {
		h.support()
		h.Agent("olga")
		id, note := h.Of("mia").ID, h.Note("ana", "mia", "Door code 1234")
		pin := func(who string, seq int, on bool) func(*store.Tx) error {
			return func(tx *store.Tx) error {
				_, err := conversation.Pin(tx, h.Actor(who), id, seq, on)
				return err
			}
		}
		h.Refused("not_found").Update(pin("olga", note.Seq, true))
		h.Refused("invalid").Update(pin("ana", 2, true)) // "assigned to"
		h.Refused("not_found").Update(pin("ana", 99, true))
		h.Update(pin("ana", 1, true))
		h.now.Add(1000)
		h.Update(pin("ben", note.Seq, true))
		h.Update(pin("ben", note.Seq, true))
		pinned := func() (seqs []int) {
			h.View(func(tx *store.Tx) error {
				items, err := tx.Pinned(id)
				for _, it := range items {
					seqs = append(seqs, it.Seq)
				}
				return err
			})
			return seqs
		}
		if got := pinned(); !slices.Equal(got, []int{note.Seq, 1}) {
			t.Errorf("pinned: %v", got)
		}
		h.Update(pin("ana", note.Seq, false))
		if got := pinned(); !slices.Equal(got, []int{1}) {
			t.Errorf("pinned: %v", got)
		}
		var said []string
		for _, it := range h.Items("mia") {
			if it.Event == "pinned" {
				said = append(said, it.Body)
			}
		}
		if got := strings.Join(said, ", "); got != "ana pinned a message, ben pinned a note, ana took down what was pinned" {
			t.Errorf("the thread says %q", got)
		}
	})
}

// Issue 4, 14: drafts are their author's alone; of two desks of theirs the newest
// wins, and hears what the other had.
func TestDrafts(t *testing.T) {
	byHand(t, func(h *hand) {
		h.support()
		h.Agent("olga")
		id := h.Of("mia").ID
		save := func(who, body string, version int) (got conversation.SavedDraft) {
			h.Update(func(tx *store.Tx) (err error) {
				got, err = conversation.SaveDraft(tx, h.Actor(who), rapport.Draft{ConversationID: id, Kind: rapport.ItemMessage, Body: body, Version: version})
				return err
			})
			return got
		}
		desk1 := save("ana", "Hello M", 0)
		desk1 = save("ana", "Hello Mia", desk1.Version)
		if desk1.Other != nil || desk1.Version != 2 {
			t.Errorf("one desk: %+v", desk1)
		}
		desk2 := save("ana", "Dear Mia", 0) // began without having looked
		if desk2.Other == nil || desk2.Other.Body != "Hello Mia" || desk2.Body != "Dear Mia" || desk2.Version != 3 {
			t.Errorf("the other desk: %+v", desk2)
		}
		save("ben", "Something else", 0)
		h.View(func(tx *store.Tx) error {
			for name, want := range map[string]string{"ana": "Dear Mia", "ben": "Something else", "sue": ""} {
				d, err := tx.Draft(h.Agent(name).ID, id, rapport.ItemMessage)
				if err != nil {
					return err
				}
				if d.Body != want {
					t.Errorf("the draft of %s is %q", name, d.Body)
				}
			}
			return nil
		})
		h.Refused("not_found").Update(func(tx *store.Tx) error {
			_, err := conversation.SaveDraft(tx, h.Actor("olga"), rapport.Draft{ConversationID: id, Kind: rapport.ItemMessage, Body: "x"})
			return err
		})
		h.Refused("invalid").Update(func(tx *store.Tx) error {
			_, err := conversation.SaveDraft(tx, h.Actor("ana"), rapport.Draft{ConversationID: id, Kind: rapport.ItemEvent, Body: "x"})
			return err
		})
		// What the log tells of drafts names nobody else and holds no text.
		h.View(func(tx *store.Tx) error {
			events, err := tx.EventsAfter(0, 1000)
			for _, e := range events {
				if strings.Contains(string(e.Data), "Dear Mia") || e.Kind == "draft.changed" && e.ConversationID != "" {
					t.Errorf("the log tells of a draft: %s %s", e.Kind, e.Data)
				}
			}
			return err
		})
		h.Reply("ana", "mia", "Dear Mia") // sent: it is no draft any more
		h.View(func(tx *store.Tx) error {
			list, err := tx.Drafts(h.Agent("ana").ID, 10)
			if len(list) != 0 {
				t.Errorf("left: %+v", list)
			}
			return err
		})
		save("ben", "", 1)
		h.View(func(tx *store.Tx) error {
			list, err := tx.Drafts(h.Agent("ben").ID, 10)
			if len(list) != 0 {
				t.Errorf("left: %+v", list)
			}
			return err
		})
	})
}

func (h *hand) ask(who string, q conversation.Question) (s rapport.Summary) {
	h.t.Helper()
	actor := h.Actor(who)
	h.Update(func(tx *store.Tx) (err error) {
		s, _, err = conversation.Ask(tx, actor, q)
		return err
	})
	return s
}

func (h *hand) summary(id rapport.ConversationID) (s rapport.Summary) {
	h.t.Helper()
	h.View(func(tx *store.Tx) (err error) {
		s, err = tx.Summary(id)
		return err
	})
	return s
}

// S3-74: any agent may ask any queue about a conversation of theirs. It goes to
// one of the queue, both conversations name each other, nothing leaves, and who
// asked sees the answer although it is not their queue.
func TestInternalConversations(t *testing.T) {
	byHand(t, func(h *hand) {
		h.support()
		h.Queue("billing", "olga")
		h.Agent("pia")
		h.Claim("ana", "mia")
		about := h.Of("mia").ID
		q := conversation.Question{Topic: "Refund for Mia", QueueID: h.Queue("billing").ID, About: about, Writing: conversation.Writing{Body: "May I refund 40 €?", ClientID: "q1"}}
		for field, bad := range map[string]func(*conversation.Question){
			"topic": func(q *conversation.Question) { q.Topic = " " }, "queue_id": func(q *conversation.Question) { q.QueueID = "nowhere" },
			"body": func(q *conversation.Question) { q.Body = "" }, "agent_id": func(q *conversation.Question) { q.AgentID = h.Agent("ana").ID },
			"conversation_id": func(q *conversation.Question) { q.About = "nothing" }, "priority": func(q *conversation.Question) { q.Priority = "hot" },
		} {
			wrong := q
			bad(&wrong)
			h.Refused("invalid").Update(func(tx *store.Tx) error {
				_, _, err := conversation.Ask(tx, h.Actor("ana"), wrong)
				if e, ok := err.(*rapport.Error); ok && e.Field != field {
					t.Errorf("%s: the refusal names %q", field, e.Field)
				}
				return err
			})
		}
		s := h.ask("ana", q)
		if again := h.ask("ana", q); again.ID != s.ID {
			t.Error("the same client id asked twice")
		}
		if s.AssigneeName != "olga" || s.ContactName != "Refund for Mia" || s.Channel != rapport.InternalChannel || s.StartedBy != h.Agent("ana").ID {
			t.Errorf("it became %+v", s)
		}
		if told := h.told("olga", rapport.NotifyAssigned); len(told) != 1 || told[0].Text != "ana asks you: Refund for Mia" {
			t.Errorf("olga was told %+v", told)
		}
		h.View(func(tx *store.Tx) error {
			there, err := tx.Linked(s.ID)
			back, err2 := tx.Linked(about)
			if err != nil || err2 != nil || len(there) != 1 || there[0].ID != about || len(back) != 1 || back[0].ID != s.ID {
				t.Errorf("linked: %v %v %v %v", there, back, err, err2)
			}
			return nil
		})
		for name, sees := range map[string]bool{"ana": true, "olga": true, "sue": true, "pia": false, "ben": false} {
			actor := h.Actor(name)
			if got := actor.Sees(&s.Conversation); got != sees {
				t.Errorf("%s sees it: %v", name, got)
			}
			h.View(func(tx *store.Tx) error { // the list agrees
				list, err := tx.List(store.ListQuery{Listing: rapport.Listing{View: rapport.ViewAll, Sort: rapport.SortLatest}, Actor: actor, Limit: 100})
				if got := slices.ContainsFunc(list.Items, func(c rapport.Summary) bool { return c.ID == s.ID }); got != sees {
					t.Errorf("the list of %s has it: %v", name, got)
				}
				return err
			})
		}
		reply := func(who, text string) func(*store.Tx) error {
			return func(tx *store.Tx) error {
				_, _, err := conversation.Reply(tx, h.Actor(who), s.ID, conversation.Writing{Body: text})
				return err
			}
		}
		h.Refused("not_found").Update(reply("ben", "Me?"))
		h.Update(reply("olga", "Yes, you may"))
		if told := h.told("ana", rapport.NotifyComment); len(told) != 1 || told[0].Text != "olga on “Refund for Mia”: Yes, you may" {
			t.Errorf("ana was told %+v", told)
		}
		if now := h.summary(s.ID); now.AssigneeName != "olga" || !now.AwaitsSince.IsZero() || now.Timer != nil {
			t.Errorf("after the answer: %+v", now)
		}
		h.Update(reply("ana", "Thanks!"))
		if now := h.summary(s.ID); now.AssigneeName != "olga" || now.AwaitsSince.IsZero() || now.Timer != nil {
			t.Errorf("after the thanks: %+v", now)
		}
		if told := h.told("olga", rapport.NotifyComment); len(told) != 1 {
			t.Errorf("olga was told %+v", told)
		}
		// Who has one question is not therefore asked the next one.
		h.Queue("billing", "otto")
		other := h.ask("ana", conversation.Question{Topic: "A crash", QueueID: h.Queue("billing").ID, Writing: conversation.Writing{Body: "Is it known?"}})
		if other.AssigneeName != "otto" {
			t.Errorf("the next question went to %q: %+v", other.AssigneeName, other.Why)
		}
		// Transfer, release and claim are as usual; time moves nothing.
		h.pass(20 * time.Minute)
		if now := h.summary(s.ID); now.AssigneeName != "olga" || now.State != rapport.Open {
			t.Errorf("time moved it: %+v", now)
		}
		h.Update(func(tx *store.Tx) error {
			_, err := conversation.Transfer(tx, h.Actor("olga"), s.ID, conversation.To{QueueID: h.Queue("support").ID})
			return err
		})
		// Nobody outside: no delivery, no affinity, no customer.
		h.View(func(tx *store.Tx) error {
			items, err := tx.Items(s.ID, 0, 0, 100)
			for _, it := range items {
				if it.Delivery != "" || it.InboxID != "" {
					t.Errorf("item %d leaves: %+v", it.Seq, it)
				}
			}
			if err != nil {
				return err
			}
			if _, name, bound, err := tx.LastAgent(rapport.InternalContact); bound || err != nil {
				t.Errorf("a bond of nobody with %q: %v", name, err)
			}
			return nil
		})
		h.View(func(tx *store.Tx) error {
			_, err := conversation.Customer(tx, h.Actor("sue"), rapport.InternalContact)
			if rapport.KindOf(err) != rapport.NotFound {
				t.Errorf("the customer of nobody: %v", err)
			}
			return nil
		})
		h.Refused("internal").Update(func(tx *store.Tx) error {
			_, err := conversation.GiveToBot(tx, h.Actor("sue"), s.ID, "any")
			return err
		})
		// Who asked may end it.
		h.Update(func(tx *store.Tx) error {
			_, err := conversation.SetState(tx, h.Actor("ana"), s.ID, rapport.Solved)
			return err
		})
		h.Update(reply("ana", "One more thing"))
		if now := h.summary(s.ID); now.State != rapport.Open || now.Assignee == h.Agent("ana").ID {
			t.Errorf("asked again: %+v", now)
		}
	})
}

// An agent can be asked by name; then it is theirs even while they are away.
func TestAskingOneColleague(t *testing.T) {
	byHand(t, func(h *hand) {
		h.support()
		s := h.ask("sue", conversation.Question{Topic: "Shift", QueueID: h.Queue("support").ID, AgentID: h.Agent("ben").ID, Writing: conversation.Writing{Body: "Can you take Friday?"}})
		if s.AssigneeName != "ben" {
			t.Errorf("it is with %q", s.AssigneeName)
		}
		if items := h.bodies("mia"); len(items) != 0 {
			t.Errorf("the customer got %q", items)
		}
	})
}
