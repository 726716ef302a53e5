package conversation_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"rapport"
	"rapport/conversation"
	"rapport/rapporttest"
	"rapport/store"
)

// surveyed gives a world an inbox that asks how it was; messages go there.
func surveyed(w *rapporttest.World, pulls bool) func(*conversation.Inbound) {
	w.Agent("ana")
	id := rapport.NewID[rapport.InboxID]()
	w.Update(func(tx *store.Tx) error {
		return tx.SaveInbox(rapport.Inbox{
			ID: id, Channel: "web", Name: "surveyed", QueueID: w.General, Enabled: true, Pulls: pulls, CreatedAt: tx.Now(),
			Survey: rapport.SurveyRules{Enabled: true, Scale: rapport.Stars, Comment: true},
		}, nil)
	})
	return func(in *conversation.Inbound) { in.InboxID = id }
}

// ask does what the survey's job does.
func ask(w *rapporttest.World, id rapport.ConversationID) {
	w.Update(func(tx *store.Tx) error { return conversation.Survey(tx, id, "https://desk.example.com/") })
}

func surveysOf(w *rapporttest.World, id rapport.ConversationID) (list []rapport.Survey) {
	w.View(func(tx *store.Tx) (err error) {
		list, err = tx.Surveys(id)
		return err
	})
	return list
}

func rate(w *rapporttest.World, v rapport.Survey, score int, comment string) {
	w.Update(func(tx *store.Tx) error {
		_, err := conversation.Rate(tx, v, rapport.Rating{Score: score, Comment: comment})
		return err
	})
}

// jobs counts the waiting jobs.
func jobs(w *rapporttest.World) (n int) {
	w.View(func(tx *store.Tx) (err error) {
		n, _, err = tx.JobCounts()
		return err
	})
	return n
}

// Issue 4, point 15: asked once after each end, answered once, and told in the
// thread.
func TestSurveyIsAskedAndAnsweredOnce(t *testing.T) {
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		site := surveyed(w, true)
		id := w.Write("mia", "Hello", site).Conversation.ID
		w.Reply("ana", "mia", "Hello Mia")
		ask(w, id) // not yet over
		if got := surveysOf(w, id); len(got) != 0 {
			t.Fatalf("asked while the conversation goes on: %+v", got)
		}
		before := jobs(w)
		w.Solve("ana", "mia")
		if jobs(w) != before+1 {
			t.Fatal("solving does not enqueue the question")
		}
		ask(w, id)
		ask(w, id)
		got := surveysOf(w, id)
		if len(got) != 1 || got[0].Question != "" || got[0].AgentID != w.Agent("ana").ID {
			t.Fatalf("the surveys are %+v", got)
		}
		w.SetState("ana", "mia", rapport.Closed) // solved before: not asked again
		if jobs(w) != before+1 {
			t.Error("closing what was solved asks once more")
		}
		w.Refused("invalid").Update(func(tx *store.Tx) error {
			_, err := conversation.Rate(tx, got[0], rapport.Rating{Score: 6})
			return err
		})
		rate(w, got[0], 4, " Quick help! ")
		w.Refused("answered").Update(func(tx *store.Tx) error {
			_, err := conversation.Rate(tx, got[0], rapport.Rating{Score: 1})
			return err
		})
		items := w.Items("mia")
		line := items[len(items)-1]
		if line.Event != "survey" || line.By != rapport.ByCustomer || line.Body != "mia rated it 4 of 5: “Quick help!”" {
			t.Errorf("the thread says %+v", line)
		}
		if got := surveysOf(w, id); got[0].Score != 4 || got[0].Comment != "Quick help!" {
			t.Errorf("the survey is %+v", got[0])
		}
	})
}

// Issue 4, point 15: a customer who writes again is asked after the next end,
// and the question of the first asks no more.
func TestSurveyOfAReopenedConversation(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	site := surveyed(w, true)
	id := w.Write("mia", "Hello", site).Conversation.ID
	w.Solve("ana", "mia")
	ask(w, id)
	first := surveysOf(w, id)[0]
	w.Write("mia", "One more thing", site)
	ask(w, id)
	w.Solve("ana", "mia")
	ask(w, id)
	got := surveysOf(w, id)
	if len(got) != 1 || got[0].ID == first.ID {
		t.Errorf("the surveys are %+v; one after the second end was expected", got)
	}
	w.Refused("answered").Update(func(tx *store.Tx) error {
		_, err := conversation.Rate(tx, first, rapport.Rating{Score: 3})
		return err
	})
}

// Trap 7, C23: neither the question nor the answer counts as a reply; where
// customers do not come to fetch it, the question is sent with a link.
func TestSurveyIsNoAnswer(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	site := surveyed(w, false)
	id := w.Write("mia", "Hello", site).Conversation.ID
	w.Solve("ana", "mia")
	ask(w, id)
	items := w.Items("mia")
	sent := items[len(items)-1]
	_, token, found := strings.Cut(sent.Body, "https://desk.example.com/survey/")
	if !found || sent.By != rapport.BySystem || sent.Delivery != rapport.Queued {
		t.Fatalf("the question is %+v", sent)
	}
	c := w.Of("mia")
	if c.Replies != 0 || c.State != rapport.Solved || !c.SilentSince.IsZero() {
		t.Errorf("the question counts: %+v", c.Conversation)
	}
	var v rapport.Survey
	w.View(func(tx *store.Tx) (err error) {
		v, err = tx.SurveyByToken(conversation.HashSurveyToken(token))
		return err
	})
	// It is open again and waits for an answer when the old link is used.
	w.Write("mia", "Hello?", site)
	waits := w.Of("mia").AwaitsSince
	if waits.IsZero() {
		t.Fatal("nobody owes an answer")
	}
	rate(w, v, 2, "")
	c = w.Of("mia")
	if !c.AwaitsSince.Equal(waits) || c.Timer == nil || c.Timer.Kind != rapport.TimerReply || c.Replies != 0 {
		t.Errorf("the answer to the survey disarms the reply timer: %+v, %+v", c.Conversation, c.Timer)
	}
	if c.LastText != "Hello?" {
		t.Errorf("lists show %q as the last message", c.LastText)
	}
}

// S3-51: where the customer wrote too long ago for any text, the question is not
// sent as one, and the thread says so; a widget asks all the same.
func TestSurveyOutsideTheWindow(t *testing.T) {
	byHand(t, func(h *hand) {
		for customer, pulls := range map[string]bool{"mia": false, "tom": true} {
			site := surveyed(h.World, pulls)
			id := h.Write(customer, "Hello", site).Conversation.ID
			h.Update(func(tx *store.Tx) error {
				inbox, _, err := tx.Inbox(h.Of(customer).InboxID)
				if err != nil {
					return err
				}
				inbox.WindowHours = 24
				return tx.SaveInbox(inbox, nil)
			})
			h.Solve("ana", customer)
			h.now.Add((25 * time.Hour).Milliseconds())
			ask(h.World, id)
			ask(h.World, id)
			got, items := surveysOf(h.World, id), h.Items(customer)
			if pulls {
				if len(got) != 1 {
					t.Errorf("the widget does not ask: %+v", got)
				}
				continue
			}
			last := items[len(items)-1]
			if len(got) != 0 || last.Kind != rapport.ItemEvent || !strings.Contains(last.Body, "wrote too long ago: this channel takes only an approved template now") {
				t.Errorf("the surveys are %+v, and the thread ends with %+v", got, last)
			}
			if before := items[len(items)-2]; before.Body == last.Body {
				t.Error("the thread says it twice for one end")
			}
			// Once the customer has written again, the next end is asked about.
			h.Write(customer, "One more thing", site)
			h.Solve("ana", customer)
			ask(h.World, id)
			if got = surveysOf(h.World, id); len(got) != 1 {
				t.Errorf("within the window the surveys are %+v", got)
			}
		}
	})
}

// The usual question is asked in the customer's language, else in that of their
// agent; a page and the widget choose for themselves.
func TestSurveyInTheLanguageOf(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	site := surveyed(w, false)
	for _, c := range []struct{ name, customer, agent, says string }{
		{"mia", "", "", "How did we do?"},
		{"tom", "", "de-AT", "Wie waren wir?"},
		{"zoe", "en", "de", "How did we do?"},
		{"kim", "de", "", "Wie waren wir?"},
	} {
		id := w.Write(c.name, "Hello", site).Conversation.ID
		w.Claim("ana", c.name)
		w.Update(func(tx *store.Tx) error {
			contact, err := tx.Contact(w.Of(c.name).ContactID)
			if err != nil {
				return err
			}
			p := rapport.DefaultPreferences()
			p.Language = c.agent
			if err := tx.SavePreferences(w.Agent("ana").ID, p); err != nil {
				return err
			}
			return tx.SetContactFields(contact.ID, map[string]string{"language": c.customer})
		})
		w.Solve("ana", c.name)
		ask(w, id)
		items := w.Items(c.name)
		if last := items[len(items)-1]; !strings.HasPrefix(last.Body, c.says+"\n") {
			t.Errorf("customer %q, agent %q: it asks %q", c.customer, c.agent, last.Body)
		}
		if got := surveysOf(w, id); got[0].Question != "" {
			t.Errorf("the survey holds %q", got[0].Question)
		}
	}
}

// Issue 4, point 15: who ended it decides whether customers are asked.
func TestSurveyAfterWhichEnds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rules rapport.SurveyRules
		by    rapport.EndedBy
		want  bool
	}{
		{rapport.SurveyRules{}, rapport.EndedByAgent, false},
		{rapport.SurveyRules{Enabled: true}, rapport.EndedByAgent, true},
		{rapport.SurveyRules{Enabled: true}, rapport.EndedByInactivity, false},
		{rapport.SurveyRules{Enabled: true, AfterSilence: true}, rapport.EndedByInactivity, true},
		{rapport.SurveyRules{Enabled: true, AfterSilence: true}, rapport.EndedByBot, false},
		{rapport.SurveyRules{Enabled: true, AfterSoftware: true}, rapport.EndedByBot, true},
		{rapport.SurveyRules{Enabled: true, AfterSoftware: true}, rapport.EndedByWorkflow, true},
		{rapport.SurveyRules{AfterSilence: true, AfterSoftware: true}, rapport.EndedByBot, false},
	} {
		if got := c.rules.Asks(c.by); got != c.want {
			t.Errorf("%+v after an end by %s: %v, want %v", c.rules, c.by, got, c.want)
		}
	}
}

// S3-62: of two surveys only the most recent stays; undoing the merge gives
// each conversation its own back.
func TestMergeKeepsTheMostRecentSurvey(t *testing.T) {
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		site := surveyed(w, true)
		var ids []rapport.ConversationID
		for _, name := range []string{"mia", "tom", "zoe"} {
			id := w.Write(name, "Hello", site).Conversation.ID
			w.SetState("ana", name, rapport.Closed)
			ask(w, id)
			ids = append(ids, id)
		}
		mia, tom, zoe := ids[0], ids[1], ids[2]
		rate(w, surveysOf(w, mia)[0], 5, "old")
		all := func() (origins [3][]rapport.ConversationID) {
			for i, id := range ids {
				for _, v := range surveysOf(w, id) {
					origins[i] = append(origins[i], v.Origin)
				}
			}
			return origins
		}
		before := all()
		w.Update(func(tx *store.Tx) error { return conversation.KeepLatestSurvey(tx, mia, tom) })
		if got := all(); !slices.Equal(got[0], []rapport.ConversationID{tom}) || got[1] != nil {
			t.Fatalf("after a merge of tom's into mia's the surveys are of %v", got)
		}
		w.Update(func(tx *store.Tx) error { return conversation.KeepLatestSurvey(tx, zoe, mia) })
		if got := all(); !slices.Equal(got[2], []rapport.ConversationID{zoe}) || got[0] != nil {
			t.Fatalf("after a merge of both into zoe's the surveys are of %v", got)
		}
		w.Update(func(tx *store.Tx) error { return conversation.ReturnSurveys(tx, zoe, mia) })
		w.Update(func(tx *store.Tx) error { return conversation.ReturnSurveys(tx, mia, tom) })
		if got := all(); !slices.Equal(got[0], before[0]) || !slices.Equal(got[1], before[1]) || !slices.Equal(got[2], before[2]) {
			t.Errorf("after both were undone the surveys are of %v, before they were of %v", got, before)
		}
		if got := surveysOf(w, mia)[0]; got.Score != 5 || got.Comment != "old" {
			t.Errorf("the answer came back as %+v", got)
		}
	})
}
