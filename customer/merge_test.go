package customer_test

import (
	"reflect"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"rapport"
	"rapport/conversation"
	"rapport/customer"
	"rapport/rapporttest"
	"rapport/store"
)

func TestMain(m *testing.M) {
	// The test server of PostgreSQL lives as long as the process.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("rapport/rapporttest/pg.(*Server).start.func1"))
}

// people is a world with a supervisor who is at no queue.
type people struct{ *rapporttest.World }

func newPeople(w *rapporttest.World) people {
	w.Agent("sue", rapporttest.As(rapport.RoleSupervisor))
	w.Status("sue", rapport.StatusAway)
	return people{w}
}

// nextMoment lets a millisecond pass: what happens in the same one has no order
// between two conversations.
func (p people) nextMoment() {
	for now := time.Now().UnixMilli(); time.Now().UnixMilli() == now; {
		runtime.Gosched()
	}
}

// contact is whom an address belongs to.
func (p people) contact(who string) (c rapport.Contact) {
	p.T.Helper()
	p.View(func(tx *store.Tx) error {
		id, err := tx.PointOwner(rapporttest.Point(who))
		if err != nil || id == "" {
			return err
		}
		c, err = tx.Contact(id)
		return err
	})
	return c
}

func (p people) byID(id rapport.ContactID) (c rapport.Contact) {
	p.T.Helper()
	p.View(func(tx *store.Tx) (err error) {
		c, err = tx.Contact(id)
		return err
	})
	return c
}

func (p people) bonds(id rapport.ContactID) (list []store.Affinity) {
	p.T.Helper()
	p.View(func(tx *store.Tx) (err error) {
		list, err = tx.Affinities(id)
		return err
	})
	return list
}

func (p people) merge(by string, into, from rapport.ContactID, choice customer.Choice) (m rapport.ContactMerge) {
	p.T.Helper()
	actor := p.Actor(by)
	p.Update(func(tx *store.Tx) (err error) {
		_, m, err = customer.Merge(tx, actor, into, from, choice)
		return err
	})
	return m
}

func (p people) undo(by string, id rapport.ContactMergeID) {
	p.T.Helper()
	actor := p.Actor(by)
	p.Update(func(tx *store.Tx) error {
		_, err := customer.Undo(tx, actor, id)
		return err
	})
}

func (p people) refused(code string) people { return people{p.Refused(code)} }

func (p people) describe(who string, fields map[string]string, tags ...string) {
	p.T.Helper()
	actor, id := p.Actor("sue"), p.contact(who).ID
	p.Update(func(tx *store.Tx) error {
		if _, err := conversation.SetContactFields(tx, actor, id, fields); err != nil {
			return err
		}
		_, err := customer.SetTags(tx, actor, id, tags)
		return err
	})
}

// served has an agent help a customer and end it.
func (p people) served(agent, who string, options ...func(*conversation.Inbound)) {
	p.T.Helper()
	p.Write(who, "I need help", options...)
	if p.Holder(who) != agent {
		p.Transfer("sue", who, agent, true)
	}
	p.Reply(agent, who, "Here it is")
	p.SetState(agent, who, rapport.Closed)
}

// Merging moves everything, the ladder takes the two for one, and undoing gives
// both back exactly what they had.
func TestTwoBecomeOneAndTwoAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPeople(rapporttest.NewWorld(t, rapporttest.SQLite(t)))
		p.Queue("general", "ana", "ben", "cyd")
		p.Inbox("site", "general")
		p.Inbox("mail", "general")
		p.served("ana", "+491701111111")
		time.Sleep(time.Hour)
		p.served("ben", "mia@example.com", p.In("mail"))
		a, b := p.contact("+491701111111"), p.contact("mia@example.com")
		if a.ID == b.ID {
			t.Fatal("they are one already")
		}
		p.describe("+491701111111", map[string]string{"city": "Berlin", "plan": "basic"}, "vip")
		p.describe("mia@example.com", map[string]string{"city": "Bonn", "shoe": "41"}, "vip", "late")
		a, b = p.contact("+491701111111"), p.contact("mia@example.com")
		bondsA, bondsB := p.bonds(a.ID), p.bonds(b.ID)
		time.Sleep(time.Hour)

		var look customer.Preview
		p.View(func(tx *store.Tx) (err error) {
			look, err = customer.Look(tx, p.Actor("sue"), a.ID, b.ID)
			return err
		})
		if look.Conversations != 1 || len(look.Points) != 1 || len(look.Bonds) != 2 || look.Bonds[0].Name != "ben" {
			t.Errorf("the preview is %+v", look)
		}
		m := p.merge("sue", a.ID, b.ID, customer.Choice{Name: customer.From, Fields: map[string]customer.Side{"city": customer.From}})
		one := p.contact("mia@example.com")
		if one.ID != a.ID || len(one.Points) != 2 {
			t.Fatalf("the address belongs to %+v", one)
		}
		if want := (map[string]string{"city": "Bonn", "plan": "basic", "shoe": "41"}); !reflect.DeepEqual(one.Fields, want) || one.Name != "mia@example.com" {
			t.Errorf("the survivor is %q with %v; %v was chosen", one.Name, one.Fields, want)
		}
		if !reflect.DeepEqual(one.Tags, []string{"vip", "late"}) {
			t.Errorf("the tags are %v", one.Tags)
		}
		if shell := p.byID(b.ID); shell.MergedInto != a.ID || len(shell.Points) != 0 {
			t.Errorf("who was merged is %+v", shell)
		}
		// The ladder: the customer of the phone comes back to ben, who served the
		// customer of the mail address last.
		p.Write("+491701111111", "Me again")
		if got := p.Holder("+491701111111"); got != "ben" {
			t.Errorf("went to %q; as one customer ben served them last", got)
		}
		p.Reply("ben", "+491701111111", "Hello")
		p.SetState("ben", "+491701111111", rapport.Closed)

		time.Sleep(time.Minute)
		p.undo("sue", m.ID)
		now, other := p.byID(a.ID), p.byID(b.ID)
		if !reflect.DeepEqual(now, a) {
			t.Errorf("the survivor is %+v after undoing; before it was %+v", now, a)
		}
		if !reflect.DeepEqual(other, b) {
			t.Errorf("the other is %+v after undoing; before it was %+v", other, b)
		}
		if got := p.bonds(b.ID); !reflect.DeepEqual(got, bondsB) {
			t.Errorf("the other's bonds are %+v; before they were %+v", got, bondsB)
		}
		// What was opened meanwhile went with its address: to the survivor.
		if got := p.bonds(a.ID); len(got) != 2 || got[0].ConversationID == bondsB[0].ConversationID || got[1] != bondsA[0] {
			t.Errorf("the survivor's bonds are %+v; before they were %+v, and ben has served them since", got, bondsA)
		}
		p.Write("mia@example.com", "And me", p.In("mail"))
		if got := p.Holder("mia@example.com"); got != "ben" {
			t.Errorf("the customer of the mail address went to %q; ben served them", got)
		}
		if p.Of("mia@example.com").ContactID != b.ID {
			t.Error("the mail address is not the other's again")
		}
		p.refused("undone").undo("sue", m.ID)
	})
}

// After undoing the ladder takes them for two.
func TestAfterUndoingTheLadderSeesTwo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPeople(rapporttest.NewWorld(t, rapporttest.SQLite(t)))
		p.Queue("general", "ana", "ben")
		p.served("ana", "+491701111111")
		time.Sleep(time.Hour)
		p.served("ben", "mia@example.com")
		a, b := p.contact("+491701111111").ID, p.contact("mia@example.com").ID
		p.undo("sue", p.merge("sue", a, b, customer.Choice{}).ID)
		p.Write("+491701111111", "Me again")
		if got := p.Holder("+491701111111"); got != "ana" {
			t.Errorf("went to %q; ana served them last", got)
		}
	})
}

// A solved one gives way by itself.
func TestASolvedConversationGivesWay(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		p := newPeople(w)
		p.Queue("general", "ana")
		p.Write("mia", "Hello")
		p.Write("tom", "Hello")
		p.Solve("ana", "mia")
		a, b, solved := p.contact("mia").ID, p.contact("tom").ID, p.Of("mia").ID
		m := p.merge("sue", a, b, customer.Choice{})
		p.undo("sue", m.ID)
		p.View(func(tx *store.Tx) error {
			back, err := tx.Summary(solved)
			if back.State != rapport.Solved || !back.ClosedAt.IsZero() {
				t.Errorf("it is %s after undoing; it was solved", back.State)
			}
			return err
		})
	})
}

// Undoing is refused where the two cannot be told apart, with the reason.
func TestUndoingIsRefusedWithAReason(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		p := newPeople(w)
		p.Queue("general", "ana")
		for _, who := range []string{"mia", "tom", "eve"} {
			p.Write(who, "Hello")
			p.SetState("ana", who, rapport.Closed)
		}
		mia, tom, eve := p.contact("mia").ID, p.contact("tom").ID, p.contact("eve").ID
		first := p.merge("sue", mia, tom, customer.Choice{})
		p.refused("merged").merge("sue", tom, eve, customer.Choice{}) // tom is no more
		second := p.merge("sue", mia, eve, customer.Choice{})
		p.refused("cannot_undo").undo("sue", first.ID) // the later one first
		p.undo("sue", second.ID)
		p.undo("sue", first.ID)
		third := p.merge("sue", mia, tom, customer.Choice{})
		p.merge("sue", eve, mia, customer.Choice{})
		p.refused("cannot_undo").undo("sue", third.ID) // the survivor went on
		p.View(func(tx *store.Tx) error {
			end, err := tx.Survivor(tom)
			if end != eve {
				t.Errorf("tom leads to %s; eve is left", end)
			}
			return err
		})
		// Only supervisors and admins merge.
		p.refused("forbidden").merge("ana", eve, mia, customer.Choice{})
		p.refused("forbidden").undo("ana", third.ID)
		p.refused("invalid").merge("sue", eve, eve, customer.Choice{})
	})
}
