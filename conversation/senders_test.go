package conversation_test

import (
	"slices"
	"testing"

	"rapport"
	"rapport/conversation"
	"rapport/rapporttest"
	"rapport/store"
)

func senders(w *rapporttest.World, agent string) (names []string, chosen rapport.InboxID) {
	w.T.Helper()
	actor := w.Actor(agent)
	w.View(func(tx *store.Tx) error {
		list, first, err := conversation.Senders(tx, actor, reach)
		for _, s := range list {
			names = append(names, s.Queue.Name+"/"+s.Inbox.Name)
		}
		chosen = first
		return err
	})
	return names, chosen
}

func offered(list []conversation.Way) (names []string, chosen string) {
	for _, v := range list {
		names = append(names, v.Inbox.Name)
		if v.Chosen {
			chosen = v.Inbox.Name
		}
	}
	return names, chosen
}

// S3-63: until a queue has senders every inbox may be used; then an agent begins
// from the default senders of their queues only.
func TestNewConversationsComeFromDefaultSenders(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		w.Queue("support", "ana")
		w.Queue("sales", "ben")
		hotline, shop := line(w, "sms", "Hotline", "support"), line(w, "sms", "Shop", "sales")
		if names, _ := senders(w, "ana"); !slices.Equal(names, []string{"support/Hotline", "support/Shop"}) {
			t.Errorf("without senders ana is offered %q", names)
		}
		w.SaveQueue("support", func(q *rapport.Queue) {
			q.Senders = rapport.Senders{Inboxes: []rapport.InboxID{hotline, shop}, Defaults: []rapport.InboxID{hotline}}
		})
		names, chosen := senders(w, "ana")
		if !slices.Equal(names, []string{"support/Hotline"}) || chosen != hotline {
			t.Errorf("ana is offered %q", names)
		}
		begin(w.Refused("sender_not_usable"), "ana", conversation.Beginning{InboxID: shop, Address: "+49301234567"})
		if s, _, _ := begin(w, "ana", conversation.Beginning{InboxID: hotline, Address: "+49301234567"}); s.QueueName != "support" {
			t.Errorf("it is in %s", s.QueueName)
		}
		// S3-66: no default to be used: From is empty, all others are offered.
		names, chosen = senders(w, "ben")
		if !slices.Equal(names, []string{"sales/Hotline", "sales/Shop"}) || chosen != "" {
			t.Errorf("ben is offered %q, chosen %q", names, chosen)
		}
		begin(w, "ben", conversation.Beginning{InboxID: shop, Address: "+49301234568"})
		begin(w.Refused("not_in_queue"), "ben", conversation.Beginning{InboxID: shop, QueueID: w.Queue("support").ID, Address: "+49301234569"})
		w.Update(func(tx *store.Tx) error {
			i, _, err := tx.Inbox(hotline)
			i.Enabled = false
			if err == nil {
				err = tx.SaveInbox(i, nil)
			}
			return err
		})
		if names, chosen = senders(w, "ana"); !slices.Equal(names, []string{"support/Shop"}) || chosen != "" {
			t.Errorf("with the default off ana is offered %q, chosen %q", names, chosen)
		}
	})
}

// S3-64, S3-66: a conversation is answered from its queue's senders only; a queue
// without uses its default of the channel; without that From is empty.
func TestAnswersComeFromTheQueuesSenders(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		w.Queue("support", "ana")
		hotline, second, mail := line(w, "sms", "Hotline", "support"), line(w, "sms", "Second", "support"), line(w, "mail", "Mail", "support")
		s := w.Write("+49301234567", "Hello", by(hotline), rapporttest.With("mia@example.com")).Conversation
		set := func(v rapport.Senders) { w.SaveQueue("support", func(q *rapport.Queue) { q.Senders = v }) }
		expect := func(what, wantChosen string, want ...string) {
			t.Helper()
			if names, chosen := offered(ways(w, "ana", s.ID)); !slices.Equal(names, want) || chosen != wantChosen {
				t.Errorf("%s: offered are %q, chosen %q; want %q, %q", what, names, chosen, want, wantChosen)
			}
		}
		expect("not configured", "Hotline", "Hotline", "Mail", "Second")
		set(rapport.Senders{Inboxes: []rapport.InboxID{second, mail}, Defaults: []rapport.InboxID{second}})
		expect("senders", "Second", "Hotline", "Mail", "Second") // the one used last is shown, with why not
		if list := ways(w, "ana", s.ID); list[0].OK || list[0].Why != "support does not write from Hotline." {
			t.Errorf("the one used last: %+v", list[0])
		}
		answer(w.Refused("sender_not_usable"), "ana", s.ID, hotline, rapport.Point{})
		schedule(w.Refused("sender_not_usable"), "ana", s.ID, hotline, rapport.Point{}) // at once, not when it is due
		set(rapport.Senders{Inboxes: []rapport.InboxID{mail}})
		expect("no default of the channel", "", "Hotline", "Mail")
		answer(w.Refused("choose_sender"), "ana", s.ID, "", rapport.Point{})
		schedule(w.Refused("choose_sender"), "ana", s.ID, "", rapport.Point{})
		set(rapport.Senders{Defaults: []rapport.InboxID{second}})
		expect("no senders, but a default", "Second", "Hotline", "Second")
		if o := schedule(w, "ana", s.ID, "", rapport.Point{}); o.InboxID != second {
			t.Errorf("what is scheduled goes by %s", o.InboxID)
		}
		if item := answer(w, "ana", s.ID, "", rapport.Point{}); item.InboxID != second { // nobody chose: the default
			t.Errorf("the answer went by %s", item.InboxID)
		}
		set(rapport.Senders{})
		w.SaveQueue("general", func(q *rapport.Queue) { q.Senders = rapport.Senders{Defaults: []rapport.InboxID{mail}} })
		w.Write("+49301234568", "Hello", by(hotline))
		s = w.Of("+49301234568")
		expect("neither: From is empty", "", "Hotline", "Second")
		answer(w.Refused("choose_sender"), "ana", s.ID, "", rapport.Point{})
		schedule(w.Refused("choose_sender"), "ana", s.ID, "", rapport.Point{})
		answer(w, "ana", s.ID, hotline, rapport.Point{})
		expect("somebody chose", "Hotline", "Hotline", "Second")
	})
}

// S3-67, and what an admin may not configure.
func TestSendersAreChecked(t *testing.T) {
	t.Parallel()
	channels := map[rapport.InboxID]string{"a": "sms", "b": "sms", "c": "mail"}
	for _, v := range []struct {
		senders rapport.Senders
		ok      bool
	}{
		{rapport.Senders{}, true},
		{rapport.Senders{Defaults: []rapport.InboxID{"a", "c"}}, true},
		{rapport.Senders{Inboxes: []rapport.InboxID{"a", "b"}, Defaults: []rapport.InboxID{"a"}}, true},
		{rapport.Senders{Defaults: []rapport.InboxID{"a", "b"}}, false}, // two of one channel
		{rapport.Senders{Inboxes: []rapport.InboxID{"b"}, Defaults: []rapport.InboxID{"a"}}, false},
		{rapport.Senders{Inboxes: []rapport.InboxID{"x"}}, false},
		{rapport.Senders{Defaults: []rapport.InboxID{"x"}}, false},
	} {
		if err := v.senders.Validate(channels); (err == nil) != v.ok {
			t.Errorf("%+v: %v", v.senders, err)
		}
	}
}
