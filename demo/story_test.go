package demo

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"rapport"
	"rapport/app"
	"rapport/rapporttest"
	"rapport/store"
)

// Issue 4, point 17: the demo shows everything with believable content.
func TestTheDemoIsComplete(t *testing.T) {
	t.Parallel()
	c := app.Config{Data: t.TempDir(), Listen: "127.0.0.1:0", LogLevel: "error", LogFormat: "text", Presence: time.Minute, Retention: 24 * time.Hour, Grace: time.Second}
	a, err := app.New(t.Context(), c, rapporttest.Log(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Close)
	if _, err := playStory(t.Context(), a, "http://127.0.0.1:9999"); err != nil {
		t.Fatal(err)
	}
	err = a.DB().View(t.Context(), func(tx *store.Tx) error {
		config, err := tx.Configuration()
		if err != nil {
			return err
		}
		workflows, err := tx.Workflows()
		if err != nil {
			return err
		}
		statuses, err := tx.CustomStatuses()
		if err != nil {
			return err
		}
		satisfied, err := tx.SurveyCounts(time.Time{})
		if err != nil {
			return err
		}
		feedback, err := tx.FeedbackList(10)
		if err != nil {
			return err
		}
		states := map[rapport.State]bool{}
		latest, err := tx.AnsweredSurveys("", time.Time{}, 10)
		if err != nil {
			return err
		}
		for _, v := range latest {
			c, err := tx.Conversation(v.ConversationID)
			if err != nil {
				return err
			}
			states[c.State] = true
		}
		shown, err := inventory(tx)
		if err != nil {
			return err
		}
		for what, n := range shown {
			if n == 0 {
				t.Errorf("the demo has no %s", what)
			}
		}
		for what, n := range map[string]int{
			"inboxes": len(config.Inboxes), "queues": len(config.Queues), "bots": len(config.Bots), "workflows": len(workflows), "statuses": len(statuses),
			"answers of customers": satisfied.Answered, "feedback": len(feedback),
		} {
			if n == 0 {
				t.Errorf("the demo has no %s", what)
			}
		}
		if !states[rapport.Closed] || !states[rapport.Solved] {
			t.Errorf("customers answered after conversations that are %v", states)
		}
		return speaksGerman(t, tx)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// inventory counts what there is of each kind that the desk shows.
func inventory(tx *store.Tx) (map[string]int, error) {
	n := map[string]int{"pinned notes": 0, "notes with mentions": 0, "pictures": 0, "documents": 0, "places": 0, "snoozed conversations": 0, "conversations among colleagues": 0, "scheduled messages": 0, "merged conversations": 0, "conversations with a topic": 0}
	ids, err := tx.ConversationsBelow("zzzz", 500)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		c, err := tx.Conversation(id)
		if err != nil {
			return nil, err
		}
		for what, is := range map[string]bool{"snoozed conversations": !c.SnoozedUntil.IsZero(), "conversations among colleagues": c.Internal(), "merged conversations": c.MergedInto != "", "conversations with a topic": c.Topic != ""} {
			if is {
				n[what]++
			}
		}
		waiting, err := tx.WaitingToLeave(id)
		if err != nil {
			return nil, err
		}
		n["scheduled messages"] += len(waiting)
		items, err := tx.Items(id, 0, 0, 200)
		if err != nil {
			return nil, err
		}
		for _, i := range items {
			for _, f := range i.Files {
				if strings.HasPrefix(f.Type, "image/") {
					n["pictures"]++
				} else {
					n["documents"]++
				}
			}
			for what, is := range map[string]bool{"pinned notes": !i.PinnedAt.IsZero(), "notes with mentions": len(i.Mentions) > 0, "places": i.Location != nil} {
				if is {
					n[what]++
				}
			}
		}
	}
	cards, err := tx.Cards()
	if err != nil {
		return nil, err
	}
	n["context cards"] = len(cards)
	canned, err := tx.CannedOf("")
	if err != nil {
		return nil, err
	}
	macros, err := tx.Macros()
	if err != nil {
		return nil, err
	}
	forms, err := tx.Forms()
	if err != nil {
		return nil, err
	}
	dispositions, err := tx.Dispositions()
	if err != nil {
		return nil, err
	}
	tags, err := tx.Tags()
	if err != nil {
		return nil, err
	}
	attributes, err := tx.Attributes()
	if err != nil {
		return nil, err
	}
	_, shared, err := tx.ViewsOf("")
	n["canned responses"], n["macros"], n["forms"], n["dispositions"], n["tags"], n["attributes of its own"], n["shared views"] = len(canned), len(macros), len(forms), len(dispositions), len(tags), len(attributes)-len(rapport.BuiltInAttributes()), shared
	return n, err
}

// S3-73: the demo's shop knows each customer, and keeps what agents change.
func TestTheShopKeepsChanges(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.Handle(shopPath+"{name}", newShop())
	ask := func(method, body string) string {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(method, shopPath+"Maria%20Silva", strings.NewReader(body)))
		return w.Body.String()
	}
	before := ask("GET", "")
	if before != ask("GET", "") || !strings.Contains(before, `"number":"FM-`) {
		t.Errorf("the shop says %s", before)
	}
	ask("PATCH", `{"door":"Second floor"}`)
	if after := ask("GET", ""); !strings.Contains(after, `"door":"Second floor"`) || !strings.Contains(after, `"number":"FM-`) {
		t.Errorf("after a change the shop says %s", after)
	}
	if ask("PATCH", `{`); !strings.Contains(ask("GET", ""), "Second floor") {
		t.Error("broken JSON changed something")
	}
}
