package api

import (
	"context"

	"rapport"
	"rapport/store"
)

// firstStep is one of the first steps of a new account.
type firstStep struct {
	ID   string `json:"id" doc:"invite, inbox, snippet, queue, sticky, conversation, email, notifications."`
	Done bool   `json:"done" doc:"As the facts say; a step put away by hand is in the preferences."`
}

type checklist struct {
	Steps []firstStep `json:"steps"`
}

// readChecklist looks at facts: nothing has to be ticked off.
func (s *server) readChecklist(ctx context.Context, _ *noInput) (*reply[checklist], error) {
	var got checklist
	err := s.DB.View(ctx, func(tx *store.Tx) error {
		f, err := tx.FirstSteps()
		if err != nil {
			return err
		}
		post, err := tx.MailSettings()
		if err != nil {
			return err
		}
		mine, err := tx.Preferences(actorOf(ctx).AgentID)
		if err != nil {
			return err
		}
		got.Steps = []firstStep{
			{"invite", f.Agents > 1}, {"inbox", f.Inboxes > 0}, {"snippet", f.Visitors}, {"queue", f.Queues > 1}, {"sticky", f.Sticky},
			{"conversation", f.Conversations}, {"email", post.Enabled}, {"notifications", heard(&mine)},
		}
		return nil
	})
	return ok(got, err)
}

// heard tells whether the agent has gone through the notifications: the desk
// notes it when the browser was allowed to show them.
func heard(p *rapport.Preferences) bool {
	for _, step := range p.Done {
		if step == "notifications" {
			return true
		}
	}
	return false
}
