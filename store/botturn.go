package store

import (
	"database/sql"
	"errors"
	"time"

	"rapport"
)

// BotTurn is how far a bot has come in a conversation that it holds: it has
// answered the customer's messages up to Seen, and is being asked about those
// up to Asked.
type BotTurn struct {
	ConversationID rapport.ConversationID
	BotID          rapport.BotID
	HeldSince      time.Time // when the bot got the conversation
	Seen           int
	Asked          int // not above Seen: no turn is under way
	AskedAt        time.Time
	Attempts       int
}

// BotTurn returns it; ok is false for a conversation that no bot was asked about.
func (tx *Tx) BotTurn(id rapport.ConversationID) (t BotTurn, ok bool, err error) {
	err = tx.queryRow("select conversation_id, bot_id, held_since, seen, asked, asked_at, attempts from bot_turn where conversation_id = $1", id).
		Scan(&t.ConversationID, &t.BotID, milli{&t.HeldSince}, &t.Seen, &t.Asked, milli{&t.AskedAt}, &t.Attempts)
	if errors.Is(err, sql.ErrNoRows) {
		return t, false, nil
	}
	return t, err == nil, classify(err)
}

// SaveBotTurn keeps it.
func (tx *Tx) SaveBotTurn(t BotTurn) error {
	return tx.put(`insert into bot_turn (conversation_id, bot_id, held_since, seen, asked, asked_at, attempts) values ($1, $2, $3, $4, $5, $6, $7)
		on conflict (conversation_id) do update set bot_id = excluded.bot_id, held_since = excluded.held_since, seen = excluded.seen,
		asked = excluded.asked, asked_at = excluded.asked_at, attempts = excluded.attempts`,
		t.ConversationID, t.BotID, t.HeldSince, t.Seen, t.Asked, t.AskedAt, t.Attempts)
}

// Messages returns the last messages of a thread in order, without notes and events.
func (tx *Tx) Messages(id rapport.ConversationID, limit int) (items []rapport.Item, err error) {
	return tx.stretch("kind = 'message'", "kind = 'message'", " desc", id, limit)
}

// CustomerWroteAfter returns the customer's first message after an item.
func (tx *Tx) CustomerWroteAfter(id rapport.ConversationID, seq int) (rapport.Item, bool, error) {
	return tx.item("conversation_id = $1 and seq > $2 and kind = 'message' and author_kind = 'customer' order by seq limit 1", id, seq)
}

// HeldByBotIDs returns what a bot holds.
func (tx *Tx) HeldByBotIDs(id rapport.BotID, limit int) ([]rapport.ConversationID, error) {
	return tx.conversationIDs("select id from conversation where bot_id = $1 and bot_id <> '' and state in ('open', 'pending') order by opened_at, id limit $2", id, limit)
}

// BotSecrets returns the sealed secrets of all enabled bots.
func (tx *Tx) BotSecrets() (all map[rapport.BotID]map[string]string, err error) {
	all = map[rapport.BotID]map[string]string{}
	err = tx.rows(func(s scanner) error {
		var id rapport.BotID
		var secrets jsonText[map[string]string]
		err := s.Scan(&id, &secrets)
		all[id] = secrets.v
		return err
	}, "select id, secrets from bot where enabled = 1")
	return all, err
}

// FlowRuns tells whether a workflow is there, published and switched on.
func (tx *Tx) FlowRuns(id rapport.WorkflowID) (bool, error) {
	var n int
	err := tx.queryRow("select count(*) from workflow where id = $1 and enabled = 1 and published > 0", id).Scan(&n)
	return n > 0, classify(err)
}
