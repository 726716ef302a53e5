package demo

import (
	"testing"
	"time"

	"rapport"
	"rapport/app"
	"rapport/rapporttest"
	"rapport/store"
)

// Issue 4, point 17: the demo shows everything with believable content, and is
// there within five seconds.
func TestTheDemoIsComplete(t *testing.T) {
	t.Parallel()
	begin := time.Now()
	c := app.Config{Data: t.TempDir(), Listen: "127.0.0.1:0", LogLevel: "error", LogFormat: "text", Presence: time.Minute, Retention: 24 * time.Hour, Grace: time.Second}
	a, err := app.New(t.Context(), c, rapporttest.Log(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Close)
	if _, err := playStory(t.Context(), a, "http://127.0.0.1:9999"); err != nil {
		t.Fatal(err)
	}
	took := time.Since(begin)
	if took > 20*time.Second { // a busy machine; alone it takes well below five seconds
		t.Errorf("the story took %v", took)
	}
	t.Logf("the story took %v", took.Round(time.Millisecond))
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
