package gateway_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"rapport"
	"rapport/channel"
	"rapport/conversation"
	"rapport/store"
)

func stranger(i rapport.Inbox) channel.Visitor {
	return channel.Visitor{
		TokenHash: rapport.NewID[string](), ExpiresAt: time.Now().Add(time.Hour),
		Point: rapport.Point{Kind: rapport.PointVisitor, Address: string(i.ID) + ":" + rapport.NewID[string]()},
	}
}

func bodies(t channel.Thread) (list []string) {
	for _, i := range t.Items {
		list = append(list, i.Body)
	}
	return list
}

func TestVisitor(t *testing.T) {
	scenes(t, func(t *testing.T, s *scene) {
		inbox, w := s.window("support")
		_, other := s.window("support")
		kept, err := w.Visitors.Admit(t.Context(), stranger(inbox))
		if err != nil {
			t.Fatal(err)
		}
		v, err := w.Visitors.Visitor(t.Context(), kept.TokenHash)
		if err != nil || v.Point != kept.Point || v.Verified || v.Contact.ID != "" {
			t.Errorf("a stranger came back as %+v, %v", v, err)
		}
		if _, err := other.Visitors.Visitor(t.Context(), kept.TokenHash); rapport.KindOf(err) != rapport.NotFound {
			t.Errorf("the token opens another inbox: %v", err)
		}
		if _, err := w.Visitors.Visitor(t.Context(), "unknown"); rapport.KindOf(err) != rapport.NotFound {
			t.Errorf("an unknown token: %v", err)
		}
		late := stranger(inbox)
		late.ExpiresAt = time.Now().Add(-time.Second)
		if _, err := w.Visitors.Admit(t.Context(), late); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Visitors.Visitor(t.Context(), late.TokenHash); rapport.KindOf(err) != rapport.NotFound {
			t.Errorf("an expired token: %v", err)
		}
	})
}

// S3-53, C33: a signed identity finds the customer whom another channel knows
// by one of the contact points, and adds the others.
func TestIdentifiedVisitor(t *testing.T) {
	scenes(t, func(t *testing.T, s *scene) {
		s.Queue("support", "ana")
		inbox, w := s.window("support")
		phoned, err := w.Host.Receive(t.Context(), channel.Inbound{ExternalID: "m1", Points: []rapport.Point{carla}, Name: "Carla", Body: "By phone"})
		if err != nil {
			t.Fatal(err)
		}
		v := stranger(inbox)
		v.Point = rapport.Point{Kind: rapport.PointExternal, Address: string(inbox.ID) + ":u-7"}
		v.Verified, v.Name = true, "Carla Customer"
		v.Points = []rapport.Point{v.Point, carla, {Kind: rapport.PointEmail, Address: "carla@example.com"}}
		v, err = w.Visitors.Admit(t.Context(), v)
		if err != nil {
			t.Fatal(err)
		}
		if len(v.Contact.Points) != 3 || !v.Contact.Known {
			t.Errorf("the customer is %+v; want three points, known", v.Contact)
		}
		thread, err := w.Visitors.Thread(t.Context(), v)
		if err != nil || thread.Conversation == nil || thread.Conversation.ID != phoned.Conversation.ID {
			t.Errorf("their thread is %+v, %v; want the conversation from before", thread, err)
		}
		// What the customer writes elsewhere is not shown here.
		_, other := s.window("support")
		if _, err := other.Host.Receive(t.Context(), channel.Inbound{ExternalID: "m2", Points: []rapport.Point{carla}, Body: "Through another door"}); err != nil {
			t.Fatal(err)
		}
		if after, err := w.Visitors.After(t.Context(), v, thread.Cursor); err != nil || len(after.Items) != 0 || after.Conversation.ID != phoned.Conversation.ID {
			t.Errorf("after a message through another inbox: %+v, %v", after, err)
		}
		again := v
		again.TokenHash = "another browser"
		if again, err = w.Visitors.Admit(t.Context(), again); err != nil || again.Contact.ID != v.Contact.ID {
			t.Errorf("another browser is %+v, %v", again.Contact, err)
		}
	})
}

func TestThreadAndAfter(t *testing.T) {
	scenes(t, func(t *testing.T, s *scene) {
		s.Queue("support", "ana")
		inbox, w := s.window("support")
		v, err := w.Visitors.Admit(t.Context(), stranger(inbox))
		if err != nil {
			t.Fatal(err)
		}
		start, err := w.Visitors.Thread(t.Context(), v)
		if err != nil || start.Conversation != nil || len(start.Items) != 0 {
			t.Fatalf("before anything the thread is %+v, %v", start, err)
		}
		got, err := w.Host.Receive(t.Context(), channel.Inbound{ExternalID: "m1", Points: []rapport.Point{v.Point}, Body: "Hello"})
		if err != nil {
			t.Fatal(err)
		}
		s.Write("somebody else", "Not for the visitor", func(in *conversation.Inbound) { in.InboxID = inbox.ID })
		reply := func(body string) (item rapport.Item) {
			s.Update(func(tx *store.Tx) (err error) {
				item, _, err = conversation.Reply(tx, s.Actor("ana"), got.Conversation.ID, conversation.Writing{Body: body, ClientID: rapport.NewID[string]()})
				return err
			})
			return item
		}
		greeted, err := w.Visitors.Thread(t.Context(), v)
		if err != nil {
			t.Fatal(err)
		}
		answer := reply("Good morning")
		// Who answers has looked: the visitor's own message comes again, too.
		if answered, err := w.Visitors.After(t.Context(), v, greeted.Cursor); err != nil || !slices.Equal(bodies(answered), []string{"Hello", "Good morning"}) || answered.Conversation.AgentSeen < got.Item.Seq {
			t.Errorf("with the answer come %v, %v; want the message that it answers, too", bodies(answered), err)
		}
		s.Update(func(tx *store.Tx) error {
			_, _, err := conversation.Note(tx, s.Actor("ana"), got.Conversation.ID, conversation.Writing{Body: "between us", ClientID: "n1"})
			return err
		})
		all := []string{"Hello", "Good morning"}
		after, err := w.Visitors.After(t.Context(), v, start.Cursor)
		if err != nil || !slices.Equal(bodies(after), all) || after.Conversation.ID != got.Conversation.ID {
			t.Errorf("since the start: %v, %+v, %v; want %v", bodies(after), after.Conversation, err, all)
		}
		thread, err := w.Visitors.Thread(t.Context(), v)
		if err != nil || !slices.Equal(bodies(thread), all) || thread.Unread != 1 || thread.Cursor != after.Cursor {
			t.Errorf("the thread is %+v, %v", thread, err)
		}
		if nothing, err := w.Visitors.After(t.Context(), v, after.Cursor); err != nil || len(nothing.Items) != 0 || nothing.Conversation == nil {
			t.Errorf("since the end: %+v, %v", nothing, err)
		}

		if err := w.Visitors.Act(t.Context(), v, channel.Action{Seen: answer.Seq}); err != nil {
			t.Fatal(err)
		}
		seen, err := w.Visitors.After(t.Context(), v, after.Cursor)
		if err != nil || len(seen.Items) != 1 || seen.Items[0].Delivery != rapport.Seen {
			t.Errorf("after looking: %+v, %v; want the answer as seen", seen.Items, err)
		}
		if thread, err = w.Visitors.Thread(t.Context(), v); err != nil || thread.Unread != 0 {
			t.Errorf("after looking %d are unread, %v", thread.Unread, err)
		}

		// The agent looks: the visitor's own message comes again.
		second, err := w.Host.Receive(t.Context(), channel.Inbound{ExternalID: "m2", Points: []rapport.Point{v.Point}, Body: "Are you there?"})
		if err != nil {
			t.Fatal(err)
		}
		before, err := w.Visitors.Thread(t.Context(), v)
		if err != nil {
			t.Fatal(err)
		}
		s.Update(func(tx *store.Tx) error {
			return conversation.Seen(tx, s.Actor("ana"), got.Conversation.ID, second.Item.Seq)
		})
		looked, err := w.Visitors.After(t.Context(), v, before.Cursor)
		if err != nil || looked.Conversation.AgentSeen != second.Item.Seq || !slices.Equal(bodies(looked), []string{"Are you there?"}) {
			t.Errorf("after the agent looked: %+v, %v", looked, err)
		}

		for _, cursor := range []int64{looked.Cursor + 1, -5} {
			if _, err := w.Visitors.After(t.Context(), v, cursor); rapport.KindOf(err) != rapport.Conflict {
				t.Errorf("the cursor %d: %v; want a conflict", cursor, err)
			}
		}
	})
}

// A watch misses nothing, also of a visitor who was a stranger when it began.
func TestWatch(t *testing.T) {
	scenes(t, func(t *testing.T, s *scene) {
		s.Queue("support", "ana")
		inbox, w := s.window("support")
		v, err := w.Visitors.Admit(t.Context(), stranger(inbox))
		if err != nil {
			t.Fatal(err)
		}
		start, err := w.Visitors.Thread(t.Context(), v)
		if err != nil {
			t.Fatal(err)
		}
		watch := w.Visitors.Watch(v)
		defer watch.Close()
		other := w.Visitors.Watch(stranger(inbox))
		defer other.Close()

		s.Write("somebody else", "Not for the visitor", func(in *conversation.Inbound) { in.InboxID = inbox.ID })
		got, err := w.Host.Receive(t.Context(), channel.Inbound{ExternalID: "m1", Points: []rapport.Point{v.Point}, Body: "Hello"})
		if err != nil {
			t.Fatal(err)
		}
		news, err := watch.Next(t.Context())
		if err != nil || !news.Changed || news.Since <= start.Cursor {
			t.Fatalf("after the first message: %+v, %v; want news since after %d", news, err, start.Cursor)
		}
		after, err := w.Visitors.After(t.Context(), v, news.Since)
		if err != nil || len(after.Items) != 1 {
			t.Fatalf("the news are %+v, %v", after.Items, err)
		}

		// A window that opened as a stranger's, a moment too late for the event
		// that made the contact, is bound by its first look.
		late := w.Visitors.Watch(v)
		defer late.Close()
		if _, err := w.Visitors.After(t.Context(), v, news.Since); err != nil {
			t.Fatal(err)
		}

		// Now the contact is known: the same watch rings on, and typing arrives.
		s.types("Ana", true)
		if news, err = watch.Next(t.Context()); err != nil || news.Typing == nil || !news.Typing.On || news.Typing.Name != "Ana" {
			t.Errorf("an agent types: %+v, %v", news, err)
		}
		s.Update(func(tx *store.Tx) error {
			_, _, err := conversation.Reply(tx, s.Actor("ana"), got.Conversation.ID, conversation.Writing{Body: "Good morning", ClientID: "r1"})
			return err
		})
		if news, err = watch.Next(t.Context()); err != nil || !news.Changed {
			t.Errorf("after the answer: %+v, %v", news, err)
		}
		soon, cancel := context.WithTimeout(t.Context(), waiting)
		defer cancel()
		for changed := false; !changed; changed = news.Changed { // typing comes first
			if news, err = late.Next(soon); err != nil {
				t.Fatalf("the late window: %v", err)
			}
		}
		late.Close()

		on := true
		if err := w.Visitors.Act(t.Context(), v, channel.Action{Typing: &on}); err != nil {
			t.Fatal(err)
		}
		if typed := wait(t, s.typing); typed != string(got.Conversation.ID)+"true" {
			t.Errorf("the agents see %q", typed)
		}
		watch.Close()
		if s.types != nil {
			t.Error("typing is still listened to after the last watch was closed")
		}
		if _, err := watch.Next(t.Context()); err != channel.ErrWatchClosed {
			t.Errorf("after Close: %v", err)
		}
	})
}
