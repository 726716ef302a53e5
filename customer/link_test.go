package customer_test

import (
	"testing"
	"testing/synctest"
	"time"

	"rapport"
	"rapport/conversation"
	"rapport/customer"
	"rapport/rapporttest"
	"rapport/store"
)

func (p people) unlink(by string, id rapport.ConversationID) (u customer.Unlinked) {
	p.T.Helper()
	actor := p.Actor(by)
	p.Update(func(tx *store.Tx) (err error) {
		u, err = customer.Unlink(tx, actor, id)
		return err
	})
	return u
}

func (p people) link(by string, id rapport.ConversationID, to rapport.ContactID) (c rapport.Contact) {
	p.T.Helper()
	actor := p.Actor(by)
	p.Update(func(tx *store.Tx) (err error) {
		c, err = customer.Link(tx, actor, id, to)
		return err
	})
	return c
}

func stranger(in *conversation.Inbound) { in.Known, in.Name = false, "" }

// S3-56, trap 14: the bond that a wrong conversation made goes with it, and the
// one before comes back.
func TestUnlinkingTakesTheBondAlong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPeople(rapporttest.NewWorld(t, rapporttest.SQLite(t)))
		p.Queue("general", "ana", "ben")
		p.Inbox("site", "general")
		p.Inbox("mail", "general")
		p.served("ana", "mia")
		time.Sleep(time.Hour)
		p.served("ana", "mia", rapporttest.With("mia@example.com"))
		before := p.bonds(p.contact("mia").ID)
		time.Sleep(time.Hour)
		p.served("ben", "mia@example.com", p.In("mail")) // somebody else at the family's address
		mia := p.contact("mia").ID
		wrong := p.Of("mia@example.com")
		if wrong.ContactID != mia {
			t.Fatal("the address is not hers")
		}
		u := p.unlink("ben", wrong.ID)
		if !u.WithPoint || u.Contact.Known || u.Contact.ID == mia || u.Conversation.ContactID != u.Contact.ID {
			t.Errorf("unlinked to %+v", u)
		}
		if p.contact("mia@example.com").ID != u.Contact.ID {
			t.Error("the address, used nowhere else, stayed behind")
		}
		if got := p.bonds(mia); len(got) != 1 || got[0] != before[0] {
			t.Errorf("her bonds are %+v; before they were %+v", got, before)
		}
		if got := p.bonds(u.Contact.ID); len(got) != 1 || got[0].ConversationID != wrong.ID {
			t.Errorf("the bonds of the new customer are %+v", got)
		}
		p.Write("mia", "Me again")
		if got := p.Holder("mia"); got != "ana" {
			t.Errorf("she went to %q; ana is hers again", got)
		}
		p.Write("mia@example.com", "Hello again", p.In("mail"))
		if got := p.Of("mia@example.com"); got.AssigneeName != "ben" || got.ContactID != u.Contact.ID {
			t.Errorf("the other went to %q; ben served them", got.AssigneeName)
		}
	})
}

// The same agent served the right and the wrong conversation: the older bond is
// there again.
func TestUnlinkingRestoresAnOlderBondWithTheSameAgent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPeople(rapporttest.NewWorld(t, rapporttest.SQLite(t)))
		p.Queue("general", "ana")
		p.served("ana", "mia")
		mia := p.contact("mia").ID
		before := p.bonds(mia)
		time.Sleep(time.Hour)
		p.served("ana", "mia")
		wrong := p.Of("mia").ID
		u := p.unlink("ana", wrong)
		if u.WithPoint {
			t.Error("the address went along although she used it before")
		}
		if got := p.bonds(mia); len(got) != 1 || got[0] != before[0] {
			t.Errorf("her bonds are %+v; before they were %+v", got, before)
		}
	})
}

// S3-56: an unknown customer's conversation is linked to an existing one; both
// the address and what comes from there later are theirs.
func TestLinkingAnUnknownCustomer(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		p := newPeople(w)
		p.Queue("general", "ana")
		p.served("ana", "mia")
		p.Write("+491701111111", "It is me", stranger)
		mia, unknown := p.contact("mia").ID, p.Of("+491701111111")
		c := p.link("ana", unknown.ID, mia)
		if c.ID != mia || p.contact("+491701111111").ID != mia || p.Of("mia").ID != unknown.ID {
			t.Errorf("linked to %+v", c)
		}
		if got := p.Write("+491701111111", "Still me", stranger).Conversation; got.ID != unknown.ID || got.ContactName != "mia" {
			t.Errorf("what came next went to %s of %s", got.ID, got.ContactName)
		}
		p.refused("known").link("ana", unknown.ID, p.contact("mia").ID+"x") // she is known now
		// Unlinking is the way back.
		u := p.unlink("ana", unknown.ID)
		if !u.WithPoint || p.contact("+491701111111").ID != u.Contact.ID {
			t.Error("unlinking did not take the address along")
		}
		p.refused("nothing_to_unlink").unlink("ana", unknown.ID)
		// S3-25
		p.Write("mia", "I have one open")
		p.refused("ongoing_in_both").link("ana", unknown.ID, mia)
	})
}

// An agent links and unlinks only what they may see.
func TestLinkingNeedsToSeeBoth(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		p := newPeople(w)
		p.Queue("support", "ana")
		p.Queue("billing", "ben")
		p.Inbox("site", "support")
		p.Inbox("bills", "billing")
		p.Write("mia", "Hello")
		p.Write("+491701111111", "It is me", stranger, p.In("bills"))
		unknown, mia := p.Of("+491701111111").ID, p.contact("mia").ID
		p.refused("not_found").link("ben", unknown, mia)
		p.refused("not_found").link("ana", unknown, mia)
		p.refused("not_found").unlink("ana", unknown)
		p.link("sue", unknown, mia)
	})
}
