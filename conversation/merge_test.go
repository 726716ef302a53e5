package conversation_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"rapport"
	"rapport/conversation"
	"rapport/rapporttest"
	"rapport/store"
)

func merge(w *rapporttest.World, agent string, into, from rapport.ConversationID) (s rapport.Summary) {
	w.T.Helper()
	actor := w.Actor(agent)
	w.Update(func(tx *store.Tx) (err error) {
		s, err = conversation.Merge(tx, actor, into, from)
		return err
	})
	return s
}

func unmerge(w *rapporttest.World, agent string, into, from rapport.ConversationID) (s rapport.Summary) {
	w.T.Helper()
	actor := w.Actor(agent)
	w.Update(func(tx *store.Tx) (err error) {
		s, err = conversation.UndoMerge(tx, actor, into, from)
		return err
	})
	return s
}

func texts(w *rapporttest.World, id rapport.ConversationID) (list []string) {
	w.T.Helper()
	w.View(func(tx *store.Tx) error {
		items, err := tx.Messages(id, 100)
		for _, i := range items {
			list = append(list, i.Body)
		}
		return err
	})
	return list
}

// two makes two conversations of one customer, ana's both, with messages in turns.
func two(w *rapporttest.World) (sms, mail rapport.InboxID, current, other rapport.ConversationID) {
	w.T.Helper()
	w.Queue("support", "ana", "ben")
	w.Queue("billing", "ana")
	w.Status("ben", rapport.StatusAway)
	sms, mail = line(w, "sms", "Hotline", "support"), line(w, "mail", "Mail", "billing")
	other = w.Write("mia@example.com", "1 mail", by(mail), rapporttest.With("+49301234567")).Conversation.ID
	pause(w)
	current = w.Write("+49301234567", "2 text", by(sms)).Conversation.ID
	pause(w)
	w.Write("mia@example.com", "3 mail", by(mail))
	pause(w)
	answer(w, "ana", current, "", rapport.Point{})
	pause(w)
	w.Write("mia@example.com", "5 mail", by(mail))
	return sms, mail, current, other
}

// label gives a conversation what a merge decides about.
func label(w *rapporttest.World, id rapport.ConversationID, p rapport.Priority, fields map[string]string, topic string, tags ...string) {
	w.T.Helper()
	w.Update(func(tx *store.Tx) error {
		s, err := tx.Summary(id)
		if err != nil {
			return err
		}
		before := s.Conversation
		s.Priority, s.Fields, s.Topic, s.SummaryText, s.Tags = p, fields, topic, "summary of "+topic, tags
		return tx.Record(&s, before, "conversation.changed")
	})
}

// S3-57…S3-61.
func TestTwoConversationsBecomeOne(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		sms, mail, current, other := two(w)
		label(w, current, rapport.High, map[string]string{"order": "17"}, "parcel", "late", "vip")
		label(w, other, rapport.Urgent, map[string]string{"order": "99", "city": "Bonn"}, "invoice", "vip", "money")
		if load := w.Agent("ana").Load; load != 2 {
			t.Fatalf("ana has %d conversations", load)
		}
		s := merge(w, "ana", current, other)
		// S3-58: one list in the order of time.
		if got := texts(w, current); !slices.Equal(got, []string{"1 mail", "2 text", "3 mail", "An answer", "5 mail"}) {
			t.Errorf("the thread is %q", got)
		}
		w.View(func(tx *store.Tx) error { // whole and page by page
			all, err := tx.Items(current, 0, 0, 1000)
			var paged []rapport.Item
			for before := 0; err == nil; {
				var page []rapport.Item
				page, err = tx.Items(current, 0, before, 3)
				if len(page) == 0 {
					break
				}
				paged, before = append(page, paged...), page[0].InOrder()
			}
			forward, after := []rapport.Item{}, 0
			for err == nil {
				var page []rapport.Item
				if page, err = tx.Items(current, after, 0, 4); len(page) == 0 || after == 0 && len(forward) > 0 {
					break
				}
				if after == 0 {
					page, err = tx.Items(current, 1, 0, 4)
					first, _ := tx.Items(current, 0, 2, 1)
					forward = append(forward, first...)
				}
				forward, after = append(forward, page...), page[len(page)-1].InOrder()
			}
			key := func(items []rapport.Item) (list []string) {
				for _, i := range items {
					list = append(list, fmt.Sprint(i.InOrder(), "/", i.Seq, " ", i.Body))
				}
				return list
			}
			if !slices.Equal(key(all), key(paged)) || !slices.Equal(key(all), key(forward)) {
				t.Errorf("page by page the thread is\n%q\nand\n%q\ninstead of\n%q", key(paged), key(forward), key(all))
			}
			return err
		})
		// S3-59: the current one's; S3-60: united.
		if s.QueueName != "support" || s.Topic != "parcel" || s.SummaryText != "summary of parcel" || s.Priority != rapport.High {
			t.Errorf("it is %+v", s)
		}
		if !slices.Equal(s.Tags, []string{"late", "vip", "money"}) || !maps.Equal(s.Fields, map[string]string{"order": "17", "city": "Bonn"}) {
			t.Errorf("tags %q, fields %v", s.Tags, s.Fields)
		}
		if s.AwaitsSince.IsZero() || s.LastText != "5 mail" {
			t.Errorf("the customer waits since %v for an answer to %q", s.AwaitsSince, s.LastText)
		}
		// The other one ends properly, and leads here.
		closed := summary(w, other)
		if closed.State != rapport.Closed || closed.MergedInto != current || closed.Timer != nil || closed.Waiting != nil {
			t.Errorf("the other one is %+v", closed)
		}
		if load := w.Agent("ana").Load; load != 1 {
			t.Errorf("ana has %d conversations", load)
		}
		// S3-61: what comes by either belongs to it until it is closed.
		if got := w.Write("mia@example.com", "6 mail", by(mail)); got.Conversation.ID != current || got.Conversation.InboxID != mail {
			t.Errorf("mail came into %s", got.Conversation.ID)
		}
		if got := w.Write("+49301234567", "7 text", by(sms)); got.Conversation.ID != current {
			t.Errorf("a text came into %s", got.Conversation.ID)
		}
		w.Update(func(tx *store.Tx) error {
			_, err := conversation.SetState(tx, w.Actor("ana"), current, rapport.Closed)
			return err
		})
		if got := w.Write("mia@example.com", "8 mail", by(mail)); got.Conversation.ID == current {
			t.Error("mail came into the closed conversation")
		}
	})
}

// comparable is a conversation without what each change moves.
func comparable(s rapport.Summary) string {
	s.Version, s.LastSeq, s.AgentSeen = 0, 0, 0
	s.Timer = nil // follows from the rest
	text, _ := json.Marshal(s)
	return string(text)
}

// S3-57 undone: both are exactly as before, but for the lines that tell of it.
func TestAMergeIsUndone(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		sms, mail, current, other := two(w)
		label(w, current, rapport.High, map[string]string{"order": "17"}, "parcel", "late")
		label(w, other, rapport.Urgent, map[string]string{"city": "Bonn"}, "invoice", "money")
		was, wasOther := summary(w, current), summary(w, other)
		threads := [][]string{texts(w, current), texts(w, other)}
		merge(w, "ana", current, other)
		unmerge(w, "ana", current, other)
		if got := summary(w, current); comparable(got) != comparable(was) {
			t.Errorf("the current one is\n%s\ninstead of\n%s", comparable(got), comparable(was))
		}
		if got := summary(w, other); comparable(got) != comparable(wasOther) {
			t.Errorf("the other one is\n%s\ninstead of\n%s", comparable(got), comparable(wasOther))
		}
		for i, id := range []rapport.ConversationID{current, other} {
			if got := texts(w, id); !slices.Equal(got, threads[i]) {
				t.Errorf("thread %d is %q instead of %q", i, got, threads[i])
			}
		}
		if load := w.Agent("ana").Load; load != 2 {
			t.Errorf("ana has %d conversations", load)
		}
		for inbox, want := range map[rapport.InboxID]rapport.ConversationID{sms: current, mail: other} {
			w.View(func(tx *store.Tx) error {
				id, err := tx.OngoingWith(was.ContactID, inbox)
				if id != want {
					t.Errorf("an inbox leads to %s instead of %s", id, want)
				}
				return err
			})
		}
		unmerge(w.Refused("not_merged"), "ana", current, other)
		// It can be done and undone again.
		merge(w, "ana", current, other)
		unmerge(w, "ana", current, other)
		if got := texts(w, other); !slices.Equal(got, threads[1]) {
			t.Errorf("the second time the other thread is %q", got)
		}
	})
}

// What has come since a merge stays with the current one when it is undone.
func TestWhatCameSinceAMergeStays(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		_, mail, current, other := two(w)
		merge(w, "ana", current, other)
		w.Write("mia@example.com", "6 mail", by(mail))
		answer(w, "ana", current, "", rapport.Point{})
		w.Update(func(tx *store.Tx) error {
			_, err := conversation.Tag(tx, w.Actor("ana"), current, []string{"new"}, nil)
			return err
		})
		s := unmerge(w, "ana", current, other)
		if got := texts(w, current); !slices.Equal(got, []string{"2 text", "An answer", "6 mail", "An answer"}) {
			t.Errorf("the current thread is %q", got)
		}
		if got := texts(w, other); !slices.Equal(got, []string{"1 mail", "3 mail", "5 mail"}) {
			t.Errorf("the other thread is %q", got)
		}
		if s.InboxName != "Hotline" || !slices.Equal(s.Tags, []string{"new"}) || s.LastText != "An answer" {
			t.Errorf("the current one is %+v", s)
		}
		if got := w.Write("mia@example.com", "7 mail", by(mail)); got.Conversation.ID != other {
			t.Error("mail does not come into its own conversation again")
		}
	})
}

// C24: a customer who has written since a merge still waits for an answer when it
// is undone, though they did not wait before it.
func TestWhoAskedSinceAMergeStillWaits(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		sms, _, current, other := two(w)
		if was := summary(w, current); was.SilentSince.IsZero() || !was.AwaitsSince.IsZero() {
			t.Fatalf("the customer waits already: %+v", was)
		}
		merge(w, "ana", current, other)
		pause(w)
		w.Write("+49301234567", "6 text", by(sms))
		asked := summary(w, current).LastAt
		s := unmerge(w, "ana", current, other)
		if s.State != rapport.Open || !s.AwaitsSince.Equal(asked) || !s.SilentSince.IsZero() {
			t.Errorf("it is %s, awaits since %v, not %v, and is silent since %v", s.State, s.AwaitsSince, asked, s.SilentSince)
		}
		pause(w)
		answer(w, "ana", current, "", rapport.Point{})
		if s := summary(w, current); !s.AwaitsSince.IsZero() || s.SilentSince.IsZero() {
			t.Errorf("after an answer it awaits since %v and is silent since %v", s.AwaitsSince, s.SilentSince)
		}
	})
}

// Who may merge what, and when it cannot be undone any more.
func TestMergesAreRefused(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		_, mail, current, other := two(w)
		stranger := w.Write("+49309999999", "Hello", by(line(w, "sms", "Third", "support"))).Conversation.ID
		merge(w.Refused("invalid"), "ana", current, current)
		merge(w.Refused("other_customer"), "ana", current, stranger)
		merge(w.Refused("not_found"), "ben", current, other) // billing is out of sight
		w.Queue("billing", "ana", "ben")
		w.Reader("billing", "ben")
		merge(w.Refused("already_assigned"), "ben", current, other)
		w.Transfer("ana", "+49301234567", "ben", true) // the latest conversation of the customer: current
		merge(w.Refused("already_assigned"), "ana", current, other)
		merge(w.Refused("not_in_queue"), "ben", current, other)
		w.Transfer("ben", "+49301234567", "ana", true)
		merge(w, "ana", current, other)
		merge(w, "ana", current, other) // again is done already
		refused := w.DB.Update(t.Context(), func(tx *store.Tx) error {
			_, _, err := conversation.Reply(tx, w.Actor("ana"), other, conversation.Writing{Body: "Too late"})
			return err
		})
		if rapport.CodeOf(refused) != "merged" {
			t.Errorf("a reply in the merged one: %v", refused)
		}
		w.Update(func(tx *store.Tx) error {
			_, err := conversation.SetState(tx, w.Actor("ana"), current, rapport.Closed)
			return err
		})
		unmerge(w.Refused("cannot_undo"), "ana", current, other)
		third := w.Write("mia@example.com", "Again", by(mail)).Conversation.ID
		merge(w.Refused("not_open"), "ana", current, third)
	})
}

// three is two with a conversation of the same customer by a third inbox.
func three(w *rapporttest.World) (a, b, c rapport.ConversationID) {
	_, _, a, b = two(w)
	chat := line(w, "mail", "Second", "support")
	pause(w)
	return a, b, w.Write("mia@example.com", "6 second", by(chat)).Conversation.ID
}

// A merged one may be merged on; undone in any order both are themselves again.
func TestMergesOfMerges(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		a, b, c := three(w)
		threads := map[rapport.ConversationID][]string{a: texts(w, a), b: texts(w, b), c: texts(w, c)}
		merge(w, "ana", b, a)
		merge(w, "ana", c, b)
		if got := texts(w, c); !slices.Equal(got, []string{"1 mail", "2 text", "3 mail", "An answer", "5 mail", "6 second"}) {
			t.Errorf("the thread of three is %q", got)
		}
		unmerge(w.Refused("cannot_undo"), "ana", b, a)
		unmerge(w, "ana", c, b)
		if got := texts(w, b); !slices.Equal(got, []string{"1 mail", "2 text", "3 mail", "An answer", "5 mail"}) {
			t.Errorf("the thread of two is %q", got)
		}
		unmerge(w, "ana", b, a)
		for id, want := range threads {
			if got := texts(w, id); !slices.Equal(got, want) {
				t.Errorf("a thread is %q instead of %q", got, want)
			}
		}
		merge(w, "ana", c, a)
		merge(w, "ana", c, b)
		unmerge(w, "ana", c, a) // not the latest
		unmerge(w, "ana", c, b)
		for id, want := range threads {
			if got := texts(w, id); !slices.Equal(got, want) {
				t.Errorf("a thread is %q instead of %q", got, want)
			}
		}
	})
}

// What an agent had begun to write in a conversation that is merged is at the
// one that stays, also what a desk saves that has not heard of the merge.
func TestDraftsComeAlongWithAMerge(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		_, _, current, other := two(w)
		save := func(agent string, id rapport.ConversationID, kind rapport.ItemKind, body string, version int, files ...rapport.File) (got conversation.SavedDraft) {
			w.Update(func(tx *store.Tx) (err error) {
				got, err = conversation.SaveDraft(tx, w.Actor(agent), rapport.Draft{ConversationID: id, Kind: kind, Body: body, Version: version, Content: rapport.Content{Files: files}})
				return err
			})
			return got
		}
		held := func(what, agent string, id rapport.ConversationID, kind rapport.ItemKind, want string, files int) {
			t.Helper()
			w.View(func(tx *store.Tx) error {
				d, err := tx.Draft(w.Agent(agent).ID, id, kind)
				if d.Body != want || len(d.Content.Files) != files {
					t.Errorf("%s, %s of %s is %q with %d files", what, kind, agent, d.Body, len(d.Content.Files))
				}
				return err
			})
		}
		file := upload(w, "ana", "bill.txt").File
		save("ana", other, rapport.ItemMessage, "About the invoice", 0)
		save("ana", other, rapport.ItemMessage, "About the invoice:", 1, file)
		save("ana", other, rapport.ItemNote, "Ask billing", 0)
		ours := save("ana", current, rapport.ItemNote, "Ask the driver", 0)
		merge(w, "ana", current, other)
		held("merged", "ana", current, rapport.ItemMessage, "About the invoice:", 1)
		held("merged", "ana", current, rapport.ItemNote, "Ask the driver\n\nAsk billing", 0)
		for _, kind := range []rapport.ItemKind{rapport.ItemMessage, rapport.ItemNote} {
			held("left behind", "ana", other, kind, "", 0)
		}
		if got := save("ana", current, rapport.ItemNote, "Ask the driver!", ours.Version); got.Other == nil {
			t.Error("a desk that knows only its own text is not told of what came along")
		}
		// A desk that has not heard of it saves what it goes on from, at the one that stays.
		if got := save("ana", other, rapport.ItemMessage, "About the invoice: it is paid", 2, file); got.ConversationID != current || got.Other != nil {
			t.Errorf("it was saved as %+v", got)
		}
		held("late", "ana", current, rapport.ItemMessage, "About the invoice: it is paid", 1)
		save("ana", other, rapport.ItemMessage, "Older", 1)
		held("older", "ana", current, rapport.ItemMessage, "About the invoice: it is paid\n\nOlder", 1)
		save("ana", other, rapport.ItemMessage, "", 9)
		held("emptied elsewhere", "ana", current, rapport.ItemMessage, "About the invoice: it is paid\n\nOlder", 1)
		held("late", "ana", other, rapport.ItemMessage, "", 0)
		unmerge(w, "ana", current, other)
		held("undone", "ana", current, rapport.ItemMessage, "About the invoice: it is paid\n\nOlder", 1)
	})
}

// S3-74: questions about a conversation that is merged are about the one that
// stays, and about the first again when that is undone.
func TestQuestionsComeAlongWithAMerge(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		a, b, c := three(w)
		ask := func(topic string, about rapport.ConversationID) (id rapport.ConversationID) {
			w.Update(func(tx *store.Tx) error {
				s, _, err := conversation.Ask(tx, w.Actor("ana"), conversation.Question{Topic: topic, QueueID: w.Queue("support").ID, About: about, Writing: conversation.Writing{Body: "?"}})
				id = s.ID
				return err
			})
			return id
		}
		names := map[rapport.ConversationID]string{a: "a", b: "b", c: "c"}
		qa, qb, all := ask("of a", a), ask("of b", b), ask("of all", a)
		names[qa], names[qb], names[all] = "qa", "qb", "all"
		w.Update(func(tx *store.Tx) error { return errors.Join(tx.Link(all, b), tx.Link(all, c)) })
		linked := func(when string, want map[rapport.ConversationID]string) {
			t.Helper()
			for id, want := range want {
				w.View(func(tx *store.Tx) error {
					list, err := tx.Linked(id)
					var got []string
					for _, s := range list {
						got = append(got, names[s.ID])
					}
					slices.Sort(got)
					if got := strings.Join(got, " "); got != want {
						t.Errorf("%s, to %s belong %q instead of %q", when, names[id], got, want)
					}
					return err
				})
			}
		}
		before := map[rapport.ConversationID]string{a: "all qa", b: "all qb", c: "all", qa: "a", qb: "b", all: "a b c"}
		linked("before", before)
		merge(w, "ana", b, a)
		linked("merged", map[rapport.ConversationID]string{a: "", b: "all qa qb", c: "all", qa: "b", qb: "b", all: "b c"})
		merge(w, "ana", c, b)
		linked("merged twice", map[rapport.ConversationID]string{a: "", b: "", c: "all qa qb", qa: "c", qb: "c", all: "c"})
		unmerge(w, "ana", c, b)
		linked("undone once", map[rapport.ConversationID]string{a: "", b: "all qa qb", c: "all", qa: "b", qb: "b", all: "b c"})
		unmerge(w, "ana", b, a)
		linked("undone", before)
		w.Update(func(tx *store.Tx) error { return tx.Unlink(all, c) })
		merge(w, "ana", c, a)
		merge(w, "ana", c, b)
		unmerge(w, "ana", c, a) // not the latest
		linked("the first undone", map[rapport.ConversationID]string{a: "all qa", b: "", c: "all qb", all: "a c"})
		unmerge(w, "ana", c, b)
		before[c], before[all] = "", "a b"
		linked("undone in another order", before)
		merge(w, "ana", b, a)
		names[ask("of what was merged", a)] = "late"
		linked("asked afterwards", map[rapport.ConversationID]string{a: "", b: "all late qa qb"})
	})
}

// What is still on its way in a conversation that is merged, and what providers
// say of it later, finds its place.
func TestDeliveryFollowsAMerge(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		_, _, current, other := two(w)
		item := answer(w, "ana", other, "", rapport.Point{})
		merge(w, "ana", current, other)
		w.View(func(tx *store.Tx) error {
			moved, err := tx.ItemAnywhere(other, item.Seq)
			if moved.ConversationID != current || moved.Body != "An answer" || moved.Point == nil || moved.Point.Address != "mia@example.com" {
				t.Errorf("it is %+v", moved)
			}
			return err
		})
		w.Update(func(tx *store.Tx) error {
			return conversation.Report(tx, other, item.Seq, rapport.Failed, "no such mailbox")
		})
		unmerge(w, "ana", current, other)
		w.View(func(tx *store.Tx) error {
			back, err := tx.Item(other, item.Seq)
			if back.Delivery != rapport.Failed || back.Error != "no such mailbox" {
				t.Errorf("it is %+v", back)
			}
			return err
		})
	})
}

// An agent who cannot have it back does not get it back: it is routed.
func TestUndoingRoutesWhatItsAgentLost(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		w.Queue("support", "ana", "ben")
		w.Status("ben", rapport.StatusAway)
		sms, mail := line(w, "sms", "Hotline", "support"), line(w, "mail", "Mail", "support")
		other := w.Write("mia@example.com", "1 mail", by(mail), rapporttest.With("+49301234567")).Conversation.ID
		current := w.Write("+49301234567", "2 text", by(sms)).Conversation.ID
		merge(w, "ana", current, other)
		w.Transfer("ana", "+49301234567", "ben", true)
		w.Agent("ana", rapporttest.Enabled(false))
		s := unmerge(w, "ben", current, other)
		back := summary(w, other)
		if s.AssigneeName != "ben" || back.AssigneeName == "ana" || back.Assignee == "" && back.Waiting == nil {
			t.Errorf("it is %q's, %+v", back.AssigneeName, back.Waiting)
		}
	})
}

// The preview says what a merge makes.
func TestAPreviewSaysWhatAMergeMakes(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		_, _, current, other := two(w)
		label(w, current, rapport.High, nil, "parcel", "late")
		label(w, other, rapport.Urgent, map[string]string{"city": "Bonn"}, "invoice", "money")
		var v conversation.MergeView
		actor := w.Actor("ana")
		w.View(func(tx *store.Tx) (err error) {
			v, err = conversation.PreviewMerge(tx, actor, current, other)
			return err
		})
		s := merge(w, "ana", current, other)
		if !v.May.OK || v.Queue != s.QueueName || v.Topic != s.Topic || v.Priority != s.Priority || !slices.Equal(v.Tags, s.Tags) || !maps.Equal(v.Fields, s.Fields) {
			t.Errorf("the preview is %+v, the result %+v", v, s)
		}
		shown := []string{}
		for _, i := range v.Items {
			shown = append(shown, i.Body)
		}
		if got := texts(w, current); !slices.Equal(got, shown) {
			t.Errorf("the preview shows %q, the thread is %q", shown, got)
		}
	})
}
