package customer_test

import (
	"reflect"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"rapport"
	"rapport/conversation"
	"rapport/customer"
	"rapport/rapporttest"
	"rapport/store"
)

func (p people) look(into, from rapport.ContactID) (v customer.Preview) {
	p.T.Helper()
	p.View(func(tx *store.Tx) (err error) {
		v, err = customer.Look(tx, p.Actor("sue"), into, from)
		return err
	})
	return v
}

func (p people) texts(id rapport.ConversationID) (list []string) {
	p.T.Helper()
	p.View(func(tx *store.Tx) error {
		items, err := tx.Messages(id, 100)
		for _, i := range items {
			list = append(list, i.Body)
		}
		return err
	})
	return list
}

func (p people) summary(id rapport.ConversationID) (s rapport.Summary) {
	p.T.Helper()
	p.View(func(tx *store.Tx) (err error) {
		s, err = tx.Summary(id)
		return err
	})
	return s
}

// held is what of a conversation has to be the same after a merge was undone.
func held(s rapport.Summary) []any {
	return []any{s.ContactID, s.State, s.AssigneeName, s.Point, s.Tags, s.AwaitsSince, s.LastText, s.ClosedAt, s.MergedInto, s.QueueID, s.Priority}
}

// rated keeps a survey after a conversation, answered with a score.
func (p people) rated(id rapport.ConversationID, score int, ended time.Time) {
	p.T.Helper()
	s := p.summary(id)
	v := rapport.Survey{ID: rapport.NewID[rapport.SurveyID](), ConversationID: id, Origin: id, ContactID: s.ContactID, InboxID: s.InboxID, QueueID: s.QueueID,
		Question: "How?", Scale: rapport.Stars, EndedAt: ended, AskedAt: ended, ExpiresAt: time.Now().Add(time.Hour)}
	p.Update(func(tx *store.Tx) error {
		if _, err := tx.InsertSurvey(v, "hash "+string(v.ID)); err != nil {
			return err
		}
		return tx.AnswerSurvey(v.ID, rapport.Rating{Score: score})
	})
}

func (p people) scores(who rapport.ContactID) (list []int) {
	p.T.Helper()
	p.View(func(tx *store.Tx) error {
		all, err := tx.AnsweredSurveys(who, time.Unix(0, 0), 10)
		for _, v := range all {
			list = append(list, v.Score)
		}
		slices.Sort(list)
		return err
	})
	return list
}

// S3-25, S3-57…S3-62: where both have an open conversation in one inbox, the two
// become one; nobody's words are lost, and undoing gives both back.
func TestTwoOpenConversationsBecomeOne(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		for _, stays := range []string{"", "mia", "tom"} {
			p := newPeople(w)
			mia, tom := "mia"+stays, "tom"+stays
			p.Queue("general", "ana", "ben")
			p.Write(mia, "1 mia")
			p.nextMoment()
			p.Write(tom, "2 tom")
			for who, agent := range map[string]string{mia: "ana", tom: "ben"} {
				if p.Holder(who) != agent {
					p.Transfer("sue", who, agent, true)
				}
			}
			p.nextMoment()
			p.Reply("ana", mia, "3 to mia")
			p.nextMoment()
			p.Reply("ben", tom, "4 to tom")
			p.nextMoment()
			p.Write(tom, "5 tom")
			p.change("sue", mia, func(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID) error {
				_, err := conversation.Tag(tx, actor, id, []string{"late"}, nil)
				return err
			})
			p.change("sue", tom, func(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID) error {
				_, err := conversation.Tag(tx, actor, id, []string{"vip"}, nil)
				return err
			})
			a, b := p.contact(mia).ID, p.contact(tom).ID
			mine, theirs := p.Of(mia), p.Of(tom)
			threads := [][]string{p.texts(mine.ID), p.texts(theirs.ID)}
			bonds := [][]store.Affinity{p.bonds(a), p.bonds(b)}
			loads := []int{p.Agent("ana").Load, p.Agent("ben").Load}

			look := p.look(a, b)
			if len(look.Clashes) != 1 || !look.Clashes[0].Merges || look.Clashes[0].Stays != mine.ID || look.Clashes[0].Why != "" {
				t.Fatalf("the preview says %+v", look.Clashes)
			}
			into, from, agent := mine, theirs, "ana"
			choice := customer.Choice{}
			switch stays {
			case "mia":
				choice.Stay = map[rapport.InboxID]rapport.ConversationID{mine.InboxID: mine.ID}
			case "tom":
				into, from, agent = theirs, mine, "ben"
				choice.Stay = map[rapport.InboxID]rapport.ConversationID{mine.InboxID: theirs.ID}
			}
			m := p.merge("sue", a, b, choice)
			one := p.summary(into.ID)
			if got := p.texts(into.ID); !slices.Equal(got, []string{"1 mia", "2 tom", "3 to mia", "4 to tom", "5 tom"}) {
				t.Errorf("the thread is %q", got)
			}
			slices.Sort(one.Tags)
			if one.ContactID != a || one.AssigneeName != agent || !slices.Equal(one.Tags, []string{"late", "vip"}) || one.AwaitsSince.IsZero() {
				t.Errorf("they became %+v", one)
			}
			if other := p.summary(from.ID); other.State != rapport.Closed || other.MergedInto != into.ID || other.ContactID != a {
				t.Errorf("the other is %+v", other)
			}
			// S3-61
			for _, who := range []string{mia, tom} {
				if got := p.Write(who, "6 "+who).Conversation; got.ID != into.ID {
					t.Errorf("a message by %s went to %s; %s stayed", who, got.ID, into.ID)
				}
			}
			// Taken apart in the conversation alone, one customer would have two here.
			p.Refused("cannot_undo").Update(func(tx *store.Tx) error {
				_, err := conversation.UndoMerge(tx, p.Actor(agent), into.ID, from.ID)
				return err
			})

			p.undo("sue", m.ID)
			for i, was := range []rapport.Summary{mine, theirs} {
				now := p.summary(was.ID)
				if was.ID == into.ID { // it goes on with what has come since
					was.LastText, was.AwaitsSince = now.LastText, now.AwaitsSince
					if got := p.texts(was.ID); !slices.Equal(got, append(threads[i], "6 "+mia, "6 "+tom)) {
						t.Errorf("thread %d is %q", i, got)
					}
				} else if got := p.texts(was.ID); !slices.Equal(got, threads[i]) {
					t.Errorf("thread %d is %q instead of %q", i, got, threads[i])
				}
				if !reflect.DeepEqual(held(now), held(was)) {
					t.Errorf("conversation %d is\n%+v\ninstead of\n%+v", i, held(now), held(was))
				}
			}
			if got := [][]store.Affinity{p.bonds(a), p.bonds(b)}; !reflect.DeepEqual(got, bonds) {
				t.Errorf("the bonds are %+v instead of %+v", got, bonds)
			}
			if got := []int{p.Agent("ana").Load, p.Agent("ben").Load}; !slices.Equal(got, loads) {
				t.Errorf("ana and ben have %v conversations instead of %v", got, loads)
			}
			for who, id := range map[string]rapport.ConversationID{mia: mine.ID, tom: theirs.ID} {
				if got := p.Write(who, "7").Conversation.ID; got != id {
					t.Errorf("a message by %s went to %s instead of %s", who, got, id)
				}
			}
		}
	})
}

// change has an agent change a customer's conversation.
func (p people) change(agent, who string, verb func(*store.Tx, rapport.Actor, rapport.ConversationID) error) {
	p.T.Helper()
	actor, id := p.Actor(agent), p.Of(who).ID
	p.Update(func(tx *store.Tx) error { return verb(tx, actor, id) })
}

// What both became may be over by the time the merge is undone: then each has its
// own words and its own bond, and nothing is opened again.
func TestUndoingAfterTheEnd(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		p := newPeople(w)
		p.Queue("general", "ana")
		p.Write("mia", "1 mia")
		p.Write("tom", "2 tom")
		a, b := p.contact("mia").ID, p.contact("tom").ID
		mine, theirs := p.Of("mia").ID, p.Of("tom").ID
		m := p.merge("sue", a, b, customer.Choice{})
		p.Reply("ana", "mia", "3 to both")
		p.SetState("ana", "mia", rapport.Closed)
		p.undo("sue", m.ID)
		if got := p.texts(theirs); !slices.Equal(got, []string{"2 tom"}) {
			t.Errorf("tom's thread is %q", got)
		}
		if got := p.texts(mine); !slices.Equal(got, []string{"1 mia", "3 to both"}) {
			t.Errorf("mia's thread is %q", got)
		}
		other := p.summary(theirs)
		if other.State != rapport.Closed || other.MergedInto != "" || other.ContactID != b {
			t.Errorf("tom's conversation is %+v", other)
		}
		if len(p.bonds(a)) != 1 || len(p.bonds(b)) != 0 {
			t.Errorf("the bonds are %v and %v", p.bonds(a), p.bonds(b))
		}
		if p.Write("tom", "4").Conversation.ID == theirs {
			t.Error("a closed conversation went on")
		}
	})
}

// What the undoing opens again for whoever is free does not keep the mark of an agent
// who got it while they were away and who may not have it any more.
func TestUndoingForAnotherAgent(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		p := newPeople(w)
		p.Queue("support", "ana", "ben")
		p.Inbox("site", "support")
		p.Status("ben", rapport.StatusAway)
		p.Write("mia", "1 mia")
		p.Write("tom", "2 tom")
		p.Transfer("ana", "tom", "ben", true)
		a, b, theirs := p.contact("mia").ID, p.contact("tom").ID, p.Of("tom").ID
		if !p.summary(theirs).WhileUnavailable {
			t.Fatal("ben was here when he got it")
		}
		m := p.merge("sue", a, b, customer.Choice{})
		p.Status("ana", rapport.StatusAway)
		p.Leave("support", "ben")
		p.undo("sue", m.ID)
		if got := p.summary(theirs); got.State != rapport.Open || got.Waiting == nil || got.WhileUnavailable {
			t.Errorf("tom's conversation is %s with %q, waits: %v, marked: %v", got.State, got.AssigneeName, got.Waiting != nil, got.WhileUnavailable)
		}
	})
}

// The merge that could not be undone properly is refused, with the reason.
func TestThreadsThatWentOnAreNotTornApart(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		p := newPeople(w)
		p.Queue("general", "ana")
		p.Write("mia", "1 mia")
		p.Write("tom", "2 tom")
		a, b := p.contact("mia").ID, p.contact("tom").ID
		mine, theirs := p.Of("mia").ID, p.Of("tom").ID
		p.change("sue", "tom", func(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID) error {
			_, err := conversation.SetState(tx, actor, id, rapport.Solved)
			return err
		})
		// What is over cannot go on instead of what is open.
		p.refused("invalid").merge("sue", a, b, customer.Choice{Stay: map[rapport.InboxID]rapport.ConversationID{p.Of("mia").InboxID: theirs}})
		p.refused("invalid").merge("sue", a, b, customer.Choice{Stay: map[rapport.InboxID]rapport.ConversationID{p.Of("mia").InboxID: rapport.NewID[rapport.ConversationID]()}})
		p.Write("tom", "3 tom")
		m := p.merge("sue", a, b, customer.Choice{})
		p.unlink("sue", mine)
		p.refused("cannot_undo").undo("sue", m.ID)
		if got := p.texts(mine); len(got) != 3 {
			t.Errorf("an undo that was refused changed something: %q", got)
		}
	})
}

// Trap 14: of two bonds with one agent the later one counts for both, the named
// sticky agent decides over them, and undoing brings each bond back to whose it
// was, also those that the merge had replaced.
func TestBondsGoAndComeBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPeople(rapporttest.NewWorld(t, rapporttest.SQLite(t)))
		p.Queue("general", "ana", "ben", "cyd")
		p.served("ana", "mia")
		time.Sleep(time.Hour)
		p.served("ben", "mia")
		time.Sleep(time.Hour)
		p.served("ana", "tom") // later than hers with mia
		time.Sleep(time.Hour)
		a, b := p.contact("mia").ID, p.contact("tom").ID
		bonds := [][]store.Affinity{p.bonds(a), p.bonds(b)}
		m := p.merge("sue", a, b, customer.Choice{})
		if got := p.bonds(a); len(got) != 2 || got[0].AgentID != p.Agent("ana").ID || got[0].ConversationID != bonds[1][0].ConversationID {
			t.Errorf("as one they are bound by %+v; ana served tom last", got)
		}
		if got := p.bonds(b); len(got) != 0 {
			t.Errorf("who is gone is bound by %+v", got)
		}
		p.undo("sue", m.ID)
		if got := [][]store.Affinity{p.bonds(a), p.bonds(b)}; !reflect.DeepEqual(got, bonds) {
			t.Errorf("after undoing the bonds are\n%+v\ninstead of\n%+v", got, bonds)
		}
		p.Write("mia", "Me again")
		if got := p.Holder("mia"); got != "ben" {
			t.Errorf("mia went to %q; ben served her last", got)
		}
		p.SetState("ben", "mia", rapport.Closed)

		p.Sticky("VIP", "cyd", "tom")
		m = p.merge("sue", a, b, customer.Choice{})
		p.Write("mia", "And again")
		if got := p.Holder("mia"); got != "cyd" {
			t.Errorf("went to %q; cyd is named for tom, who is mia now", got)
		}
		p.SetState("cyd", "mia", rapport.Closed)
		p.undo("sue", m.ID)
		p.Write("mia", "Just me")
		if got := p.Holder("mia"); got == "cyd" {
			t.Error("cyd, who is named for tom, got mia")
		}
		p.Write("tom", "And me")
		if got := p.Holder("tom"); got != "cyd" {
			t.Errorf("tom went to %q; cyd is named for him", got)
		}
	})
}

// S3-62: what customers answered goes with their conversations, and comes back.
func TestSurveysFollow(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		p := newPeople(w)
		p.Queue("general", "ana")
		for i, who := range []string{"mia", "tom"} {
			p.served("ana", who)
			s := p.Of(who)
			p.rated(s.ID, 2+i, s.ClosedAt)
		}
		a, b := p.contact("mia").ID, p.contact("tom").ID
		m := p.merge("sue", a, b, customer.Choice{})
		if mine, theirs := p.scores(a), p.scores(b); !slices.Equal(mine, []int{2, 3}) || len(theirs) != 0 {
			t.Errorf("as one they answered %v, and %v", mine, theirs)
		}
		p.undo("sue", m.ID)
		if mine, theirs := p.scores(a), p.scores(b); !slices.Equal(mine, []int{2}) || !slices.Equal(theirs, []int{3}) {
			t.Errorf("as two they answered %v and %v", mine, theirs)
		}
	})
}
