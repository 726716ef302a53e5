package conversation_test

import (
	"testing"
	"time"

	"rapport"
	"rapport/conversation"
	"rapport/rapporttest"
	"rapport/store"
)

// answer replies by a way.
func answer(w *rapporttest.World, agent string, id rapport.ConversationID, inbox rapport.InboxID, to rapport.Point) (item rapport.Item) {
	w.T.Helper()
	actor := w.Actor(agent)
	w.Update(func(tx *store.Tx) (err error) {
		item, _, err = conversation.Reply(tx, actor, id, conversation.Writing{Body: "An answer", ClientID: rapport.NewID[string](), Via: &conversation.Via{InboxID: inbox, Point: to, Reach: reach}})
		return err
	})
	return item
}

// schedule keeps a reply for later, by a way.
func schedule(w *rapporttest.World, agent string, id rapport.ConversationID, inbox rapport.InboxID, to rapport.Point) (o rapport.Outgoing) {
	w.T.Helper()
	actor := w.Actor(agent)
	w.Update(func(tx *store.Tx) (err error) {
		o, _, err = conversation.SendLater(tx, actor, id, conversation.Writing{Body: "Later", Via: &conversation.Via{InboxID: inbox, Point: to, Reach: reach}}, conversation.Later{At: tx.Now().Add(time.Hour)})
		return err
	})
	return o
}

func ways(w *rapporttest.World, agent string, id rapport.ConversationID) (list []conversation.Way) {
	w.T.Helper()
	actor := w.Actor(agent)
	w.View(func(tx *store.Tx) (err error) {
		list, err = conversation.Ways(tx, actor, id, reach)
		return err
	})
	return list
}

func summary(w *rapporttest.World, id rapport.ConversationID) (s rapport.Summary) {
	w.T.Helper()
	w.View(func(tx *store.Tx) (err error) {
		s, err = tx.Summary(id)
		return err
	})
	return s
}

// S3-33, S3-42: an answer may go by another inbox and address; from then on what
// the customer sends to any of them, and from a new address, belongs to the
// conversation until it is closed.
func TestTheChannelChangesWithinAConversation(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		w.Queue("support", "ana")
		sms, mail, other := line(w, "sms", "Hotline", "support"), line(w, "mail", "Mail", "support"), line(w, "sms", "Second", "support")
		s := w.Write("+49301234567", "Hello", by(sms), rapporttest.With("mia@example.com")).Conversation
		list := ways(w, "ana", s.ID)
		if len(list) != 3 || list[0].Inbox.ID != sms || !list[0].Last || !list[0].Chosen || list[1].Inbox.Name != "Mail" || list[1].Point.Address != "mia@example.com" || list[1].Chosen || list[2].Inbox.ID != other {
			t.Fatalf("the ways are %+v", list)
		}
		item := answer(w, "ana", s.ID, mail, rapport.Point{Kind: rapport.PointEmail, Address: "mia@example.com"})
		if item.InboxID != mail || item.Point == nil || item.Point.Address != "mia@example.com" {
			t.Errorf("the answer is %+v", item)
		}
		now := summary(w, s.ID)
		if now.InboxID != mail || now.Channel != "mail" || now.Point.Address != "mia@example.com" {
			t.Errorf("the conversation is by %s to %+v", now.InboxName, now.Point)
		}
		if list := ways(w, "ana", s.ID); list[0].Inbox.ID != mail || !list[0].Chosen { // used last, preselected
			t.Errorf("then the ways are %+v", list)
		}
		got := w.Write("mia@example.com", "By mail", by(mail))
		if got.Conversation.ID != s.ID {
			t.Fatal("mail began another conversation")
		}
		got = w.Write("+49301234567", "By text", by(sms))
		if got.Conversation.ID != s.ID || got.Conversation.InboxID != sms || got.Item.InboxID != sms || got.Item.Point == nil || got.Item.Point.Address != "+49301234567" {
			t.Fatalf("a text went to %+v as %+v", got.Conversation, got.Item)
		}
		// A new address of the customer joins, an old one by an inbox that was not used does not.
		pause(w)
		w.Update(func(tx *store.Tx) error { return tx.InsertPoint(s.ContactID, rapporttest.Point("+49301234568")) })
		if got := w.Write("+49301234568", "My new number", by(other)); got.Conversation.ID != s.ID {
			t.Error("the new address began another conversation")
		}
		w.Update(func(tx *store.Tx) error {
			_, err := conversation.SetState(tx, w.Actor("ana"), s.ID, rapport.Closed)
			return err
		})
		for customer, inbox := range map[string]rapport.InboxID{"mia@example.com": mail, "+49301234567": sms, "+49301234568": other} {
			if got := w.Write(customer, "After the end", by(inbox)); got.Conversation.ID == s.ID {
				t.Errorf("%s came into the closed conversation", customer)
			}
		}
	})
}

// An old address by an inbox that was not used begins a conversation of its own.
func TestOldAddressesDoNotJoinByOtherInboxes(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		w.Queue("support", "ana")
		sms, mail, other := line(w, "sms", "Hotline", "support"), line(w, "mail", "Mail", "support"), line(w, "sms", "Second", "support")
		s := w.Write("+49301234567", "Hello", by(sms), rapporttest.With("mia@example.com")).Conversation
		answer(w, "ana", s.ID, mail, rapport.Point{Kind: rapport.PointEmail, Address: "mia@example.com"})
		if got := w.Write("+49301234567", "Elsewhere", by(other)); got.Conversation.ID == s.ID {
			t.Error("an old address joined by an inbox that was not used")
		}
	})
}

// pause lets the clock of the database go on: two moments differ.
func pause(w *rapporttest.World) {
	var first int64
	for first == 0 || first == moment(w) {
		if first == 0 {
			first = moment(w)
		}
	}
}

func moment(w *rapporttest.World) (at int64) {
	w.View(func(tx *store.Tx) error { at = tx.Now().UnixMilli(); return nil })
	return at
}

// A message that is still on its way keeps its address when the customer writes
// from another one meanwhile.
func TestWhatIsOnItsWayKeepsItsAddress(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		w.Queue("support", "ana")
		sms, mail := line(w, "sms", "Hotline", "support"), line(w, "mail", "Mail", "support")
		s := w.Write("+49301234567", "Hello", by(sms), rapporttest.With("mia@example.com")).Conversation
		first := w.Reply("ana", "+49301234567", "On its way")
		answer(w, "ana", s.ID, mail, rapport.Point{})
		w.View(func(tx *store.Tx) error {
			item, err := tx.Item(s.ID, first.Seq)
			if item.InboxID != sms || item.Point == nil || item.Point.Address != "+49301234567" {
				t.Errorf("the first answer would go by %s to %+v", item.InboxID, item.Point)
			}
			return err
		})
	})
}

// S3-25 over all ways: an answer does not make a second conversation in an inbox
// where one is ongoing; it names that one.
func TestAnotherConversationIsOngoingThere(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		w.Queue("support", "ana")
		sms, mail := line(w, "sms", "Hotline", "support"), line(w, "mail", "Mail", "support")
		s := w.Write("+49301234567", "Hello", by(sms), rapporttest.With("mia@example.com")).Conversation
		second := w.Write("mia@example.com", "By mail, too", by(mail)).Conversation
		if second.ID == s.ID || second.ContactID != s.ContactID {
			t.Fatal("there are not two conversations of one customer")
		}
		if list := ways(w, "ana", s.ID); list[1].Ongoing != second.ID {
			t.Errorf("the ways are %+v", list)
		}
		answer(w.Refused("ongoing_elsewhere"), "ana", s.ID, mail, rapport.Point{})
		schedule(w.Refused("ongoing_elsewhere"), "ana", s.ID, mail, rapport.Point{})
		answer(w.Refused("invalid"), "ana", s.ID, mail, rapport.Point{Kind: rapport.PointEmail, Address: "somebody@example.com"})
		answer(w.Refused("invalid"), "ana", s.ID, mail, rapport.Point{Kind: rapport.PointPhone, Address: "+49301234567"})
		// A joined inbox counts as well: begin there is refused too.
		w.Update(func(tx *store.Tx) error {
			_, err := conversation.SetState(tx, w.Actor("ana"), second.ID, rapport.Closed)
			return err
		})
		answer(w, "ana", s.ID, mail, rapport.Point{})
		begin(w.Refused("ongoing"), "ana", conversation.Beginning{InboxID: sms, Address: "+49301234567"})
		begin(w.Refused("ongoing"), "ana", conversation.Beginning{InboxID: mail, Address: "mia@example.com"})
	})
}

// A channel that only answers within a visit says why it is not offered.
func TestAWebsiteSaysWhyItIsNotOffered(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		w.Queue("support", "ana")
		sms, web := line(w, "sms", "Hotline", "support"), line(w, "web", "Website", "support")
		visitor := rapport.Point{Kind: rapport.PointExternal, Address: string(web) + ":mia"}
		s := w.Write("+49301234567", "Hello", by(sms), func(in *conversation.Inbound) { in.Points = append(in.Points, visitor) }).Conversation
		list := ways(w, "ana", s.ID)
		if len(list) != 2 || list[1].OK || list[1].Why == "" {
			t.Fatalf("the ways are %+v", list)
		}
		answer(w.Refused("sender_not_usable"), "ana", s.ID, web, visitor)
		w.Update(func(tx *store.Tx) error {
			return tx.InsertVisitor(store.Visitor{TokenHash: "h", InboxID: web, Point: visitor, ExpiresAt: tx.Now().Add(1e12)})
		})
		if item := answer(w, "ana", s.ID, web, visitor); item.Delivery != rapport.Sent {
			t.Errorf("the answer is %+v", item)
		}
	})
}
