package conversation

import (
	"rapport"
	"rapport/job"
	"rapport/routing"
	"rapport/store"
)

// BotTurn is the kind of the job that asks a bot for its next words.
const BotTurn = "bot_turn"

// Turn are the arguments of that job: the conversation whose customer wrote.
// Messages that come while a turn is under way belong to the next one.
type Turn struct {
	ConversationID rapport.ConversationID `json:"conversation"`
}

// bot returns an enabled bot of the configuration, nil if there is none.
func bot(tx *store.Tx, id rapport.BotID) (*rapport.Bot, error) {
	config, err := tx.Configuration()
	if err != nil || id == "" {
		return nil, err
	}
	if b := config.Bots[id]; b != nil && b.Enabled {
		return b, nil
	}
	return nil, nil
}

// takeByBot makes a bot the holder; the caller records it and, if the bot
// should speak next, enqueues its turn (wakeBot).
func takeByBot(tx *store.Tx, s *rapport.Summary, b *rapport.Bot, who string) (rapport.Item, error) {
	if err := routing.LetGo(tx, s); err != nil {
		return rapport.Item{}, err
	}
	s.Waiting, s.Transfer = nil, nil
	s.BotID, s.BotName, s.AssignedAt, s.Replies, s.Hops = b.ID, b.Name, tx.Now(), 0, 0
	return rapport.Item{Kind: rapport.ItemEvent, By: rapport.BySystem, Event: "bot", Body: who + " gave it to the bot " + b.Name, Data: map[string]any{"bot_id": b.ID, "bot_name": b.Name}}, nil
}

// wakeBot makes the bot look at the conversation.
func wakeBot(tx *store.Tx, id rapport.ConversationID) error {
	return job.Enqueue(tx, job.Job{Kind: BotTurn, Lane: job.Slow, Key: string(id), Args: Turn{id}})
}

// mayGiveToBot refuses whoever may not move the conversation.
func mayGiveToBot(actor rapport.Actor, s *rapport.Summary) error {
	if !s.State.Active() {
		return isActive(s)
	}
	if s.Internal() {
		return rapport.Errorf(rapport.Conflict, "internal", "Bots talk to customers; this conversation is among colleagues.")
	}
	return mayMove(actor, s)
}

// GiveToBot hands a conversation to a bot: by an agent who holds or may move
// it, or by a workflow.
func GiveToBot(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID, botID rapport.BotID) (rapport.Summary, error) {
	s, err := See(tx, actor, id)
	if err != nil {
		return s, err
	}
	if err := mayGiveToBot(actor, &s); err != nil {
		return s, err
	}
	b, err := bot(tx, botID)
	if err != nil {
		return s, err
	}
	if b == nil {
		return s, rapport.Errorf(rapport.NotFound, "not_found", "There is no bot %q, or it is switched off.", botID)
	}
	if s.BotID == b.ID {
		return s, rapport.Errorf(rapport.Conflict, "same_bot", "%s has this conversation already.", b.Name)
	}
	before := s.Conversation
	line, err := takeByBot(tx, &s, b, actor.Name)
	if err != nil {
		return s, err
	}
	line.By, line.AuthorID, line.AuthorName = by(actor), authorID(actor), actor.Name
	if err := tx.Record(&s, before, "conversation.assigned", line); err != nil {
		return s, err
	}
	if err := wakeBot(tx, s.ID); err != nil { // where nothing is to be said, it finds out
		return s, err
	}
	if before.Assignee != "" {
		return s, routing.Fill(tx, before.Assignee, "capacity_freed")
	}
	return s, nil
}
