package conversation_test

import (
	"testing"

	"rapport"
	"rapport/conversation"
	"rapport/rapporttest"
	"rapport/search"
	"rapport/store"
)

// S3-29, S3-74: whoever asked colleagues of another queue finds their own
// question and its answers by search; nobody else from outside the queue does.
func TestOnesOwnQuestionIsFound(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		w.Queue("support", "ana", "olga")
		billing := w.Queue("billing", "ben")
		index := search.New(w.DB, rapporttest.Log(t))
		asker := w.Actor("ana")
		var asked rapport.Summary
		w.Update(func(tx *store.Tx) (err error) {
			asked, _, err = conversation.Ask(tx, asker, conversation.Question{Topic: "Voucher zebra", QueueID: billing.ID, Writing: conversation.Writing{Body: "Is the giraffe paid?", ClientID: "q"}})
			return err
		})
		settle := func() {
			if err := index.Settle(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		finds := func(who, text string) (conversations, messages int) {
			w.View(func(tx *store.Tx) error {
				r, err := search.Find(tx, w.Actor(who), search.Query{Text: text, Limit: 10})
				conversations, messages = len(r.Conversations), len(r.Messages)
				return err
			})
			return conversations, messages
		}
		check := func(when string) {
			for who, sees := range map[string]int{"ana": 1, "ben": 1, "olga": 0} {
				if c, _ := finds(who, "zebra"); c != sees {
					t.Errorf("%s: %s finds the topic %d times, not %d", when, who, c, sees)
				}
				if _, m := finds(who, "giraffe"); m != sees {
					t.Errorf("%s: %s finds the question %d times, not %d", when, who, m, sees)
				}
			}
		}
		settle()
		check("asked")
		w.Update(func(tx *store.Tx) error {
			_, _, err := conversation.Reply(tx, w.Actor("ben"), asked.ID, conversation.Writing{Body: "Yes, the giraffe is a gnu", ClientID: "a"})
			return err
		})
		settle()
		if _, m := finds("ana", "gnu"); m != 1 {
			t.Error("ana does not find the answer")
		}
		if _, m := finds("olga", "gnu"); m != 0 {
			t.Error("olga finds the answer")
		}
	})
}
