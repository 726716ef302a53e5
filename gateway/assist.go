package gateway

import (
	"context"

	"rapport"
	"rapport/channel"
	"rapport/handoff"
	"rapport/store"
)

func wishOf(h handoff.Handoff) channel.Wish { return channel.Wish{Agent: h.Agent, Queue: h.Queue} }

// botByID opens an enabled bot; try also opens one that is switched off.
func (g *Gateway) botByID(ctx context.Context, id rapport.BotID, try bool) (bot handoff.Bot, name string, err error) {
	err = g.DB.View(ctx, func(tx *store.Tx) error {
		b, sealed, err := tx.Bot(id)
		if err != nil {
			return err
		}
		if name = b.Name; !b.Enabled && !try {
			return rapport.Errorf(rapport.Conflict, "bot_off", "The bot %s is switched off.", name)
		}
		bot, _, err = g.openBot(b, sealed)
		return err
	})
	return bot, name, err
}

// Assist helps an agent to write, with the model of a bot.
func (g *Gateway) Assist(ctx context.Context, id rapport.BotID, t handoff.Task) (string, error) {
	bot, name, err := g.botByID(ctx, id, false)
	if err != nil {
		return "", err
	}
	assistant, ok := bot.(handoff.Assistant)
	if !ok {
		return "", rapport.Errorf(rapport.Conflict, "no_assistant", "The bot %s cannot help to write; an admin can choose another in the settings.", name)
	}
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	text, err := assistant.Assist(ctx, t)
	return text, g.refusal(id, err)
}

// TryBot asks a bot for one turn without a conversation.
func (g *Gateway) TryBot(ctx context.Context, id rapport.BotID, t handoff.Turn) (handoff.Answer, error) {
	bot, name, err := g.botByID(ctx, id, true)
	if err != nil {
		return handoff.Answer{}, err
	}
	taker, ok := bot.(handoff.Taker)
	if !ok {
		return handoff.Answer{}, rapport.Errorf(rapport.Conflict, "no_turns", "The bot %s is a workflow; test it there.", name)
	}
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	answer, err := taker.Turn(ctx, t)
	if err == nil {
		err = answer.Validate()
	}
	return answer, g.refusal(id, err)
}

// refusal is the failure of a bot as people hear it.
func (g *Gateway) refusal(id rapport.BotID, err error) error {
	if err == nil || rapport.KindOf(err) == rapport.Invalid {
		return err
	}
	f := handoff.FailureOf(err)
	g.Log.Warn("a bot does not work", "bot", id, "class", f.Class, "error", err)
	return &rapport.Error{Kind: rapport.Unavailable, Code: "bot_failed", Message: f.Message, Cause: f.Cause}
}
