package api

import (
	"context"

	"rapport"
	"rapport/conversation"
	"rapport/gateway"
	"rapport/handoff"
	"rapport/store"
)

type assistInput struct {
	ID   rapport.ConversationID `path:"id"`
	Body struct {
		Task string `json:"task" enum:"reply,summary,tone"`
		Text string `json:"text,omitempty" doc:"The agent's own draft: to be rewritten (tone), or to go on from (reply)."`
		Tone string `json:"tone,omitempty" enum:"friendlier,shorter,formal" doc:"For the task tone."`
	}
}

type assisted struct {
	Text string `json:"text" doc:"For the agent alone; nothing was sent."`
}

// mostMaterial is how many messages a model is shown.
const mostMaterial = 60

// assist asks a language model for a text. It goes to the agent and nowhere else.
func (s *server) assist(ctx context.Context, in *assistInput) (*reply[assisted], error) {
	actor := actorOf(ctx)
	task := handoff.Task{Kind: handoff.TaskKind(in.Body.Task), Tone: in.Body.Tone}
	var by rapport.Assist
	err := s.DB.View(ctx, func(tx *store.Tx) error {
		v, err := conversation.See(tx, actor, in.ID)
		if err != nil {
			return err
		}
		config, err := tx.Configuration()
		if err != nil {
			return err
		}
		if by = config.Settings.Assist; !by.Enabled || by.BotID == "" {
			return rapport.Errorf(rapport.Conflict, "assist_off", "Help with writing is switched off; an admin can switch it on in the settings.")
		}
		if in.Body.Text != "" || task.Kind == handoff.TaskTone {
			if task.Text, err = rapport.ValidBody("text", in.Body.Text); err != nil {
				return err
			}
		}
		if task.Kind == handoff.TaskTone {
			if task.Tone == "" {
				return rapport.Invalidf("tone", "Say how the text shall sound: friendlier, shorter or formal.")
			}
			return nil
		}
		items, err := tx.Messages(v.ID, mostMaterial)
		task.Transcript = gateway.Messages(items)
		return err
	})
	if err != nil {
		return nil, err
	}
	if wait, ok := s.byHelped.Allow(actor.AgentID); !ok {
		return nil, patience(wait)
	}
	text, err := s.Bots.Assist(ctx, by.BotID, task)
	return ok(assisted{text}, err)
}
