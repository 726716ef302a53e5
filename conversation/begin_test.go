package conversation_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"rapport"
	"rapport/conversation"
	"rapport/rapporttest"
	"rapport/store"
)

// reach are the channels of these tests: numbers, mailboxes, and a website whose
// visitors come back.
func reach(channel string) rapport.Reach {
	switch channel {
	case "sms":
		return rapport.Reach{Begins: rapport.BeginsAddress, Points: []rapport.PointKind{rapport.PointPhone}}
	case "mail":
		return rapport.Reach{Begins: rapport.BeginsAddress, Points: []rapport.PointKind{rapport.PointEmail}}
	case "web":
		return rapport.Reach{Begins: rapport.BeginsVisitor, Points: []rapport.PointKind{rapport.PointVisitor, rapport.PointExternal}}
	}
	return rapport.Reach{}
}

// line makes an inbox of a channel that has to send.
func line(w *rapporttest.World, channel, name, queue string) rapport.InboxID {
	w.T.Helper()
	i := rapport.Inbox{ID: rapport.NewID[rapport.InboxID](), Channel: channel, Name: name, QueueID: w.Queue(queue).ID, Enabled: true, Pulls: channel == "web", CreatedAt: w.Queue(queue).CreatedAt}
	w.Update(func(tx *store.Tx) error { return tx.SaveInbox(i, nil) })
	return i.ID
}

// by sends a customer's message to an inbox.
func by(id rapport.InboxID) func(*conversation.Inbound) {
	return func(in *conversation.Inbound) { in.InboxID = id }
}

func begin(w *rapporttest.World, agent string, b conversation.Beginning) (s rapport.Summary, item rapport.Item, fresh bool) {
	w.T.Helper()
	actor := w.Actor(agent)
	b.Reach = reach
	if b.Writing.Body == "" {
		b.Writing.Body = "Good morning"
	}
	w.Update(func(tx *store.Tx) (err error) {
		s, item, fresh, err = conversation.Begin(tx, actor, b)
		return err
	})
	return s, item, fresh
}

// S3-20…S3-24: the conversation is the sender's, with the defaults of S3-22, a
// decision that says so, the bond of a reply, and the message on its way.
func TestAnAgentBegins(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		w.Queue("support", "ana")
		sms := line(w, "sms", "Hotline", "support")
		w.Settings(func(s *rapport.Settings) { s.Country = "DE" })
		s, item, fresh := begin(w, "ana", conversation.Beginning{InboxID: sms, Address: "030 1234567", Name: "Mia", Writing: conversation.Writing{Body: "Your parcel is here", ClientID: "c1"}})
		if !fresh || s.AssigneeName != "ana" || s.State != rapport.Open || s.Priority != rapport.Normal || s.QueueName != "support" || s.Point.Address != "+49301234567" || s.ContactName != "Mia" {
			t.Fatalf("it began as %+v", s)
		}
		if item.Body != "Your parcel is here" || item.InboxID != sms || item.Delivery != rapport.Queued || item.By != rapport.ByAgent {
			t.Errorf("the message is %+v", item)
		}
		if s.Replies != 1 || s.AgentSeen != s.LastSeq || s.SilentSince.IsZero() || s.Why == nil || s.Why.Sentence != "Begun by ana" {
			t.Errorf("it is not as after a reply: %+v", s)
		}
		w.View(func(tx *store.Tx) error {
			bond, _, found, err := tx.LastAgent(s.ContactID)
			if !found || bond.AgentID != s.Assignee || bond.ConversationID != s.ID {
				t.Errorf("the bond is %+v", bond)
			}
			return err
		})
		// The same again is the same, and nothing is sent twice (S3-24).
		again, same, fresh := begin(w, "ana", conversation.Beginning{InboxID: sms, Address: "+49 30 1234567", Writing: conversation.Writing{Body: "Your parcel is here", ClientID: "c1"}})
		if fresh || again.ID != s.ID || same.Seq != item.Seq || again.LastSeq != s.LastSeq {
			t.Errorf("a repeat made %+v of %+v", same, item)
		}
		// The customer's answer belongs to it.
		if got := w.Write("+49301234567", "Thanks", by(sms)); got.Conversation.ID != s.ID {
			t.Error("the answer began another conversation")
		}
	})
}

// S3-21, S3-22: status, priority and fields can be chosen.
func TestWhatABeginningMayChoose(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		w.Queue("support", "ana")
		sms := line(w, "sms", "Hotline", "support")
		s, _, _ := begin(w, "ana", conversation.Beginning{InboxID: sms, Address: "+49301234567", State: rapport.Pending, Priority: rapport.Urgent, Details: conversation.Details{Fields: map[string]string{"order": "17"}}})
		if s.State != rapport.Pending || s.Priority != rapport.Urgent || s.Fields["order"] != "17" || s.AssigneeName != "ana" {
			t.Errorf("it began as %+v", s)
		}
		s, _, _ = begin(w, "ana", conversation.Beginning{InboxID: sms, Address: "+49301234568", State: rapport.Solved})
		if s.State != rapport.Solved || w.Agent("ana").Load != 1 {
			t.Errorf("solved, it began as %+v; ana's load is %d", s, w.Agent("ana").Load)
		}
		for _, wrong := range []conversation.Beginning{
			{InboxID: sms, Address: "+49301234569", State: rapport.Closed}, {InboxID: sms, Address: "+49301234569", Priority: "huge"},
			{InboxID: sms}, {InboxID: sms, Address: "nonsense"}, {InboxID: sms, Address: "mia@example.com"}, {InboxID: "nowhere", Address: "+49301234569"},
			{InboxID: sms, Address: "+49301234569", Details: conversation.Details{Fields: map[string]string{"No Good": "x"}}},
		} {
			begin(w.Refused("invalid"), "ana", wrong)
		}
		w.View(func(tx *store.Tx) error {
			if owner, err := tx.PointOwner(rapporttest.Point("+49301234569")); owner != "" || err != nil {
				t.Errorf("a refusal left the customer %q, %v", owner, err)
			}
			return nil
		})
	})
}

// S3-25, S3-26: the three cases have exactly their outcomes, and none makes a
// second conversation.
func TestTheThreeCases(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		w.Queue("support", "ana", "ben")
		w.Queue("billing", "cyd")
		sms := line(w, "sms", "Hotline", "support")
		to := conversation.Beginning{InboxID: sms, Address: "+49301234567"}
		s, _, fresh := begin(w, "ana", to) // none → create
		if !fresh {
			t.Fatal("nothing was created")
		}
		refusal := func(agent, code string) *rapport.Error {
			t.Helper()
			before := w.Head()
			var got error
			actor := w.Actor(agent)
			b := to
			b.Reach, b.Writing.Body = reach, "Hello"
			got = w.DB.Update(t.Context(), func(tx *store.Tx) error {
				_, _, _, err := conversation.Begin(tx, actor, b)
				return err
			})
			e, ok := errors.AsType[*rapport.Error](got)
			if !ok || e.Code != code {
				t.Fatalf("%s heard %v; want %s", agent, got, code)
			}
			if after := w.Head(); after != before {
				t.Errorf("the refusal %s left events", code)
			}
			return e
		}
		ref := func(e *rapport.Error) rapport.ConversationID {
			r, _ := e.Detail["conversation"].(conversation.ConversationRef)
			return r.ID
		}
		if e := refusal("ana", "ongoing"); ref(e) != s.ID { // own → prompt to open
			t.Errorf("own: %+v", e.Detail)
		}
		e := refusal("ben", "ongoing_with_other") // another's → blocked, with the ways out
		if ways, _ := e.Detail["ways_out"].([]string); !slices.Equal(ways, []string{"transfer", "ask", "wait"}) || ref(e) != s.ID || !strings.Contains(e.Message, "ana") {
			t.Errorf("another's: %q %+v", e.Message, e.Detail)
		}
		e = refusal("cyd", "ongoing_with_other") // whoever does not see it learns no more than who has it
		if ref(e) != "" || !strings.Contains(e.Message, "ana") {
			t.Errorf("out of sight: %q %+v", e.Message, e.Detail)
		}
		w.Status("ben", rapport.StatusAway) // unassigned → prompt to open
		w.Update(func(tx *store.Tx) error {
			_, err := conversation.Release(tx, w.Actor("ana"), s.ID, "")
			return err
		})
		if e := refusal("ben", "ongoing"); ref(e) != s.ID {
			t.Errorf("unassigned: %+v", e.Detail)
		}
		if e := refusal("cyd", "ongoing_out_of_sight"); ref(e) != "" || !strings.Contains(e.Message, "support") {
			t.Errorf("unassigned, out of sight: %q %+v", e.Message, e.Detail)
		}
		w.Update(func(tx *store.Tx) error {
			_, err := conversation.SetState(tx, w.Actor("ben"), s.ID, rapport.Solved)
			return err
		})
		if e := refusal("ana", "ongoing"); ref(e) != s.ID { // solved counts: an answer reopens it
			t.Errorf("solved: %+v", e.Detail)
		}
		w.Update(func(tx *store.Tx) error {
			_, err := conversation.SetState(tx, w.Actor("ben"), s.ID, rapport.Closed)
			return err
		})
		if next, _, fresh := begin(w, "ana", to); !fresh || next.Follows != s.ID || next.ContactID != s.ContactID {
			t.Errorf("after it was closed: %+v", next)
		}
	})
}

// S3-26, S3-25: of many agents who write to one customer at the same moment, one
// begins; the others hear who it is.
func TestOfManyBeginningsOneWins(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		const n = 8
		names := []string{"a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7"}
		w.Queue("support", names...)
		sms := line(w, "sms", "Hotline", "support")
		actors := make([]rapport.Actor, n)
		for i, name := range names {
			actors[i] = w.Actor(name)
		}
		ids := make([]rapport.ConversationID, n)
		errs := together(n, func(i int) error {
			return w.DB.Update(t.Context(), func(tx *store.Tx) error {
				s, _, _, err := conversation.Begin(tx, actors[i], conversation.Beginning{InboxID: sms, Address: "+49301234567", Reach: reach, Writing: conversation.Writing{Body: "Hello", ClientID: "c"}})
				ids[i] = s.ID
				return err
			})
		})
		won := -1
		for i, err := range errs {
			switch {
			case err == nil && won >= 0:
				t.Fatalf("%s and %s both began", names[won], names[i])
			case err == nil:
				won = i
			case rapport.CodeOf(err) != "ongoing_with_other":
				t.Errorf("%s heard %v", names[i], err)
			}
		}
		if won < 0 {
			t.Fatal("nobody began")
		}
		w.View(func(tx *store.Tx) error {
			s, err := tx.Summary(ids[won])
			if err != nil || s.AssigneeName != names[won] {
				t.Errorf("%s began, but it is %s's (%v)", names[won], s.AssigneeName, err)
			}
			list, err := tx.OfContact(store.Filter{Actor: rapport.System, Contact: s.ContactID, Page: store.Page{Limit: 10}})
			if len(list) != 1 {
				t.Errorf("there are %d conversations", len(list))
			}
			return err
		})
	})
}

// S3-20 on a website: who was there before and may come back can be written to,
// nobody else.
func TestBeginningOnAWebsite(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		w.Queue("support", "ana")
		web := line(w, "web", "Website", "support")
		visitor := rapport.Point{Kind: rapport.PointVisitor, Address: string(web) + ":v1"}
		here := func(in *conversation.Inbound) { in.InboxID, in.Points = web, []rapport.Point{visitor} }
		s := w.Write("mia", "Hello", here).Conversation
		w.Update(func(tx *store.Tx) error {
			_, err := conversation.SetState(tx, w.Actor("ana"), s.ID, rapport.Closed)
			return err
		})
		to := conversation.Beginning{InboxID: web, ContactID: s.ContactID}
		begin(w.Refused("customer_gone"), "ana", to)
		w.Update(func(tx *store.Tx) error {
			return tx.InsertVisitor(store.Visitor{TokenHash: "h", InboxID: web, Point: visitor, ExpiresAt: tx.Now().Add(1e12)})
		})
		if next, _, fresh := begin(w, "ana", to); !fresh || next.Point.Address != visitor.Address || next.Follows != s.ID {
			t.Errorf("it began as %+v", next)
		}
		begin(w.Refused("invalid"), "ana", conversation.Beginning{InboxID: web, Address: string(web) + ":nobody"})
		begin(w.Refused("invalid"), "ana", conversation.Beginning{InboxID: line(w, "mute", "Mute", "support"), Address: "+49301234567"})
	})
}
