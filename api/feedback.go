package api

import (
	"context"

	"rapport"
	"rapport/feedback"
	"rapport/store"
)

type feedbackInput struct {
	Body struct {
		Kind  rapport.FeedbackKind `json:"kind" enum:"idea,problem,praise"`
		Text  string               `json:"text"`
		Page  string               `json:"page,omitempty" doc:"The page of the desk that it is about."`
		Image []byte               `json:"image,omitempty" contentEncoding:"base64" doc:"A picture that the agent chose: PNG, JPEG, WebP or GIF, at most 2 MiB, in base64."`
	}
}

func (s *server) giveFeedback(ctx context.Context, in *feedbackInput) (*reply[rapport.Feedback], error) {
	actor := actorOf(ctx)
	if wait, ok := s.byWriter.Allow(actor.AgentID); !ok {
		return nil, patience(wait)
	}
	var f rapport.Feedback
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		f = rapport.Feedback{
			ID: rapport.NewID[rapport.FeedbackID](), AgentID: actor.AgentID, AgentName: actor.Name, At: tx.Now(), Kind: in.Body.Kind, Text: in.Body.Text,
			Page: in.Body.Page, Version: s.version(), Image: len(in.Body.Image) > 0,
		}
		return feedback.Give(tx, &f, in.Body.Image)
	})
	return ok(f, err)
}

type feedbackItems struct {
	Items []rapport.Feedback `json:"items"`
}

func (s *server) listFeedback(ctx context.Context, _ *noInput) (*reply[feedbackItems], error) {
	var got feedbackItems
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		got.Items, err = tx.FeedbackList(200)
		return err
	})
	return ok(got, err)
}

type feedbackImage struct {
	ContentType string `header:"Content-Type"`
	Policy      string `header:"Content-Security-Policy"`
	Body        []byte
}

type feedbackImageInput struct {
	ID rapport.FeedbackID `path:"id"`
}

// feedbackImage shows a picture that an agent attached; it was sniffed when it
// came, and is sniffed again.
func (s *server) feedbackImage(ctx context.Context, in *feedbackImageInput) (*feedbackImage, error) {
	out := &feedbackImage{Policy: "default-src 'none'; sandbox"}
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		_, out.Body, err = tx.Feedback(in.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	if out.ContentType, err = feedback.Sniff(out.Body); err != nil {
		return nil, rapport.Errorf(rapport.NotFound, "not_found", "There is no picture.")
	}
	return out, nil
}

func (s *server) readFeedbackSettings(ctx context.Context, _ *noInput) (*reply[rapport.FeedbackSettings], error) {
	var f rapport.FeedbackSettings
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		f, err = tx.FeedbackSettings()
		return err
	})
	return ok(f, err)
}

type feedbackSettingsInput struct {
	Body struct {
		Email   string `json:"email,omitempty"`
		URL     string `json:"url,omitempty"`
		Version *int   `json:"version,omitempty" doc:"When given, the change is refused if somebody else was first."`
	}
}

func (s *server) changeFeedbackSettings(ctx context.Context, in *feedbackSettingsInput) (*reply[rapport.FeedbackSettings], error) {
	var f rapport.FeedbackSettings
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		was, err := tx.FeedbackSettings()
		if err != nil {
			return err
		}
		if in.Body.Version != nil && *in.Body.Version != was.Version {
			return rapport.Errorf(rapport.Conflict, "changed_meanwhile", "Somebody else changed the settings at the same time; look again.")
		}
		f = rapport.FeedbackSettings{Email: in.Body.Email, URL: in.Body.URL, Version: was.Version + 1}
		if err := f.Validate(); err != nil {
			return err
		}
		if err := tx.SaveFeedbackSettings(f); err != nil {
			return err
		}
		return tx.Audit(actorOf(ctx), "feedback.changed", f.Email, differences(was, f))
	})
	return ok(f, err)
}
