package workflow_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"rapport"
	"rapport/conversation"
	"rapport/rapporttest"
	"rapport/store"
	"rapport/workflow"
)

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
