package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"rapport"
	"rapport/feedback"
	"rapport/store"
)

// ownRoutes are those of what belongs to the whole desk: preferences, e-mail,
// surveys, feedback, first steps.
func (s *server) ownRoutes() []route {
	const get, post, put, patch = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch
	picture := func(op *huma.Operation) { op.MaxBodyBytes = feedback.MaxImage*4/3 + mostBody }
	return []route{
		at(agent, patch, "/me/preferences", "me-preferences", "Change my own settings", s.changePreferences),
		at(agent, post, "/me/notification-test", "me-notification-test", "Send me a notification, to see how it arrives", s.testNotification),

		at(admin, get, "/mail-settings", "mail-settings", "By which server e-mail goes out, and whether it does", s.readMail),
		at(admin, put, "/mail-settings", "mail-settings-change", "Change by which server e-mail goes out", s.changeMail),
		at(admin, post, "/mail-settings/test", "mail-settings-test", "Send me a test with settings that need not be saved", s.testMail),

		at(agent, get, "/conversations/{id}/surveys", "surveys-of", "What the customer was asked after it, and answered", s.surveysOf),
		at(agent, get, "/contacts/{id}/surveys", "surveys-of-contact", "What a customer answered so far, the latest first", s.surveysOfContact),
		at(supervisor, get, "/surveys", "surveys-list", "How satisfied customers are", s.listSurveys),
		raw(anyone, get, "/survey/{token}", s.showSurvey),
		raw(anyone, post, "/survey/{token}", s.answerSurvey),

		at(agent, post, "/feedback", "feedback-give", "Say something about the product", s.giveFeedback, created, picture),
		at(admin, get, "/feedback", "feedback-list", "What agents said about the product, the latest first", s.listFeedback),
		at(admin, get, "/feedback/{id}/image", "feedback-image", "The picture that came with feedback", s.feedbackImage),
		at(admin, get, "/feedback-settings", "feedback-settings", "Where feedback goes", s.readFeedbackSettings),
		at(admin, put, "/feedback-settings", "feedback-settings-change", "Change where feedback goes", s.changeFeedbackSettings),

		at(admin, get, "/checklist", "checklist-read", "The first steps of a new account, and which are done", s.readChecklist),
	}
}

type preferencesChange struct {
	Body struct {
		Language    *string                                         `json:"language,omitempty"`
		TimeZone    *string                                         `json:"time_zone,omitempty"`
		Notify      *map[rapport.NotificationKind]rapport.NotifyHow `json:"notify,omitempty" doc:"Replaces all that was chosen."`
		Sound       *bool                                           `json:"sound,omitempty"`
		Digest      *int                                            `json:"digest_minutes,omitempty"`
		UndoSeconds *int                                            `json:"undo_seconds,omitempty"`
		Done        *[]string                                       `json:"done,omitempty"`
	}
}

func (s *server) changePreferences(ctx context.Context, in *preferencesChange) (*reply[rapport.Preferences], error) {
	var p rapport.Preferences
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		me := actorOf(ctx).AgentID
		if p, err = tx.Preferences(me); err != nil {
			return err
		}
		set(&p.Language, in.Body.Language)
		set(&p.TimeZone, in.Body.TimeZone)
		set(&p.Notify, in.Body.Notify)
		set(&p.Sound, in.Body.Sound)
		set(&p.Digest, in.Body.Digest)
		set(&p.UndoSeconds, in.Body.UndoSeconds)
		set(&p.Done, in.Body.Done)
		if err := p.Validate(); err != nil {
			return err
		}
		if err := tx.SavePreferences(me, p); err != nil {
			return err
		}
		// Other desks of the same agent hear of it, too.
		return tx.Append(rapport.Event{Kind: "preferences.changed", AgentID: me}, rapport.Change{})
	})
	return ok(p, err)
}

type testInput struct {
	Body struct {
		Text string `json:"text" maxLength:"200" doc:"What it says, in the language of the desk."`
	}
}

// testNotification tells only the desks that are open; nothing is kept.
func (s *server) testNotification(ctx context.Context, in *testInput) (*nothing, error) {
	me := actorOf(ctx).AgentID
	text, err := rapport.ValidBody("text", in.Body.Text)
	if err != nil {
		return nil, err
	}
	if wait, ok := s.byWriter.Allow(me); !ok {
		return nil, patience(wait)
	}
	return &nothing{}, s.DB.Update(ctx, func(tx *store.Tx) error {
		n := rapport.Notification{ID: rapport.NewID[rapport.NotificationID](), AgentID: me, At: tx.Now(), Kind: "test", Text: text}
		return tx.Append(rapport.Event{Kind: "notification.test", AgentID: me}, rapport.Change{Notification: &n})
	})
}
