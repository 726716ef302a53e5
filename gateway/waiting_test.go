package gateway_test

import (
	"testing"
	"time"

	"rapport"
	"rapport/channel"
	"rapport/gateway"
	"rapport/store"
)

// Holds: a customer who waits is told their place in the line and whom they wait
// for, and may choose anyone now.
func TestWaitingVisitor(t *testing.T) {
	scenes(t, func(t *testing.T, s *scene) {
		s.Queue("support", "ana", "ben")
		s.Settings(func(v *rapport.Settings) { v.Sticky.Hold.Away = 600 })
		inbox, w := s.window("support")
		visit := func(name string) (channel.Visitor, *channel.Waiting) {
			v, err := w.Visitors.Admit(t.Context(), stranger(inbox))
			if err != nil {
				t.Fatal(err)
			}
			got, err := w.Host.Receive(t.Context(), channel.Inbound{ExternalID: name, Points: []rapport.Point{v.Point}, Body: "Hello"})
			if err != nil {
				t.Fatal(err)
			}
			thread, err := w.Visitors.Thread(t.Context(), v)
			if err != nil {
				t.Fatal(err)
			}
			shown := func(w *channel.Waiting) channel.Waiting {
				if w == nil {
					return channel.Waiting{}
				}
				return *w
			}
			if a, b := shown(got.Conversation.Waiting), shown(thread.Conversation.Waiting); a.Position != b.Position || a.Agent != b.Agent {
				t.Errorf("the answer says %+v, the thread %+v", a, b)
			}
			return v, thread.Conversation.Waiting
		}
		carl, held := visit("carl")
		if held != nil {
			t.Errorf("who has an agent waits: %+v", held)
		}
		ana := s.Agent("ana")
		s.Update(func(tx *store.Tx) error { // carl belongs to ana
			c, err := tx.PointOwner(carl.Point)
			if err != nil {
				return err
			}
			list, err := tx.OfContact(store.Filter{Actor: rapport.System, Contact: c, Page: store.Page{Limit: 1}})
			if err != nil {
				return err
			}
			return tx.Bind(rapport.Affinity{ContactID: c, AgentID: ana.ID, ConversationID: list[0].ID, QueueID: list[0].QueueID, EndedAt: tx.Now()}, 1)
		})
		s.Status("ana", rapport.StatusAway)
		s.Status("ben", rapport.StatusAway)
		if _, first := visit("dora"); first == nil || first.Position != 1 || first.Agent != "" || first.Anyone || first.Estimate != 0 {
			t.Errorf("the first in line hears %+v", first)
		}
		if _, second := visit("emil"); second == nil || second.Position != 2 {
			t.Errorf("the second in line hears %+v", second)
		}
		// carl's conversation ends; he comes back and waits for ana.
		s.Update(func(tx *store.Tx) error {
			c, err := tx.PointOwner(carl.Point)
			if err != nil {
				return err
			}
			list, err := tx.OfContact(store.Filter{Actor: rapport.System, Contact: c, Page: store.Page{Limit: 1}})
			if err != nil {
				return err
			}
			before := list[0].Conversation
			list[0].State, list[0].ClosedAt = rapport.Closed, tx.Now()
			if err := tx.Record(&list[0], before, "conversation.state"); err != nil {
				return err
			}
			return tx.Recount(before.Assignee, -1)
		})
		got, err := w.Host.Receive(t.Context(), channel.Inbound{ExternalID: "carl again", Points: []rapport.Point{carl.Point}, Body: "Hello again"})
		if err != nil {
			t.Fatal(err)
		}
		if v := got.Conversation.Waiting; v == nil || v.Agent != "ana" || !v.Anyone || v.Position != 1 || v.Estimate < 590 || v.Estimate > 600 {
			t.Errorf("who waits for ana hears %+v", v)
		}
		if err := w.Visitors.Act(t.Context(), carl, channel.Action{Anyone: true}); err != nil {
			t.Fatal(err)
		}
		thread, err := w.Visitors.Thread(t.Context(), carl)
		if v := thread.Conversation.Waiting; err != nil || v == nil || v.Agent != "" || v.Anyone || v.Position != 3 {
			t.Errorf("who would have anyone hears %+v, %v", v, err)
		}
		if err := w.Visitors.Act(t.Context(), carl, channel.Action{Anyone: true}); err != nil { // once more: nothing
			t.Error(err)
		}
		s.Status("ben", rapport.StatusAvailable)
		if thread, err = w.Visitors.Thread(t.Context(), carl); err != nil || thread.Conversation.Waiting != nil || thread.Conversation.Assignee == nil {
			t.Errorf("with ben here: %+v, %v", thread.Conversation, err)
		}
		// Outside the business hours the customer is told when the queue opens.
		later := time.Now().UTC().Add(26 * time.Hour)
		s.SaveQueue("support", func(q *rapport.Queue) {
			q.Hours = &rapport.Hours{Zone: "UTC", Blocks: []rapport.Block{{Day: int(later.Weekday()), From: "12:00", To: "12:01"}}}
		})
		if _, closed := visit("fred"); closed == nil || closed.Opens.Before(time.Now()) {
			t.Errorf("outside the hours it says %+v", closed)
		}
	})
}

// S3-36: what a bot is told of a message that is only a picture or a place.
func TestMessagesWithoutTextAreNamed(t *testing.T) {
	t.Parallel()
	items := []rapport.Item{
		{Body: "Look", Content: rapport.Content{Files: []rapport.File{{Name: "dent.png"}}}},
		{Content: rapport.Content{Files: []rapport.File{{Name: "dent.png"}}}},
		{Content: rapport.Content{Location: &rapport.Location{Latitude: 53.54612, Longitude: 9.9937}}},
	}
	for i, want := range []string{"Look", "📎 dent.png", "📍 53.54612, 9.99370"} {
		if got := gateway.Messages(items)[i].Body; got != want {
			t.Errorf("message %d is %q, want %q", i, got, want)
		}
	}
}
