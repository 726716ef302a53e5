package app_test

import (
	"testing"
	"time"

	"rapport"
	"rapport/conversation"
	"rapport/rapporttest"
	"rapport/store"
)

// A change of the rules reaches the timers of conversations under way, by a job;
// what is due then acts at once, in the running program.
func TestChangedRulesReachTimers(t *testing.T) {
	t.Parallel()
	p := rapporttest.App(t)
	_, ana := p.Agent(t, "ana", rapport.RoleAgent)
	inbox := rapport.Inbox{ID: rapport.NewID[rapport.InboxID](), Channel: "sandbox", Name: "Site", Enabled: true, Pulls: true}
	var id rapport.ConversationID
	err := p.DB().Update(t.Context(), func(tx *store.Tx) error {
		config, err := tx.Configuration()
		if err != nil {
			return err
		}
		inbox.QueueID, inbox.CreatedAt = config.Default, tx.Now()
		if err := tx.SaveInbox(inbox, nil); err != nil {
			return err
		}
		if err := tx.SetConnected(ana.ID, true); err != nil {
			return err
		}
		return tx.SetStatus(ana.ID, rapport.Choice{Status: rapport.StatusAvailable})
	})
	if err == nil {
		err = p.DB().Update(t.Context(), func(tx *store.Tx) error {
			got, err := conversation.Receive(tx, conversation.Inbound{InboxID: inbox.ID, Points: []rapport.Point{rapporttest.Point("mia")}, Body: "Hello"})
			id = got.Conversation.ID
			return err
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	// soon waits until the conversation is as it should be.
	soon := func(what string, is func(*rapport.Conversation) bool) {
		t.Helper()
		var c rapport.Conversation
		for end := time.Now().Add(patience); time.Now().Before(end); <-time.After(10 * time.Millisecond) {
			err := p.DB().View(t.Context(), func(tx *store.Tx) (err error) {
				c, err = tx.Conversation(id)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if is(&c) {
				return
			}
		}
		t.Fatalf("%s: it is %+v, its timer %+v", what, c, c.Timer)
	}
	in := func(minutes time.Duration) func(*rapport.Conversation) bool {
		return func(c *rapport.Conversation) bool {
			return c.Timer != nil && c.Timer.Kind == rapport.TimerReply && c.Timer.At.Equal(c.AssignedAt.Add(minutes*time.Minute))
		}
	}
	soon("at first", in(15))
	timer := rapport.DefaultReplyTimer()
	timer.Minutes = 40
	p.Admin.Must("PATCH", "/settings", map[string]any{"reply_timer": timer}, nil)
	soon("with another setting", in(40))

	// The customer has waited for an hour: moved back, it is due.
	err = p.DB().Update(t.Context(), func(tx *store.Tx) error {
		s, err := tx.Summary(id)
		if err != nil {
			return err
		}
		before := s.Conversation
		s.AssignedAt, s.AwaitsSince = s.AssignedAt.Add(-time.Hour), s.AwaitsSince.Add(-time.Hour)
		return tx.Record(&s, before, "conversation.changed")
	})
	if err != nil {
		t.Fatal(err)
	}
	soon("due", func(c *rapport.Conversation) bool { return c.Hops == 1 && c.Assignee != ana.ID })
}
