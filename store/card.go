package store

import (
	"time"

	"rapport"
)

const cardColumns = "id, name, enabled, pos, source, version, created_at"

// cardText is what rests of a card as JSON.
type cardText struct {
	Queues []rapport.QueueID `json:"queues,omitempty"`
	rapport.CardSource
}

func scanCard(s scanner, more ...any) (c rapport.Card, err error) {
	var text jsonText[cardText]
	err = s.Scan(append([]any{&c.ID, &c.Name, &c.Enabled, &c.Position, &text, &c.Version, milli{&c.CreatedAt}}, more...)...)
	c.Queues, c.CardSource = text.v.Queues, text.v.CardSource
	return c, err
}

// Cards returns all context cards in their order. Secret headers have no values.
func (tx *Tx) Cards() (list []rapport.Card, err error) {
	list = []rapport.Card{}
	err = tx.rows(func(s scanner) error {
		c, err := scanCard(s)
		list = append(list, c)
		return err
	}, "select "+cardColumns+" from context_card order by pos, name, id")
	return list, err
}

// Card returns one with its sealed secrets by the names of their headers.
func (tx *Tx) Card(id rapport.CardID) (c rapport.Card, sealed map[string]string, err error) {
	var secrets jsonText[map[string]string]
	c, err = scanCard(tx.queryRow("select "+cardColumns+", sealed from context_card where id = $1", id), &secrets)
	return c, secrets.v, found(err, "context card", string(id))
}

// SaveCard adds or changes a card. The values of secret headers come sealed.
func (tx *Tx) SaveCard(c rapport.Card, sealed map[string]string) error {
	_, err := tx.exec(`insert into context_card (id, name, enabled, pos, source, sealed, version, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict (id) do update set name = excluded.name, enabled = excluded.enabled, pos = excluded.pos, source = excluded.source, sealed = excluded.sealed, version = excluded.version`,
		c.ID, c.Name, c.Enabled, c.Position, jsonOf(cardText{c.Queues, c.CardSource}), jsonOf(sealed), c.Version, c.CreatedAt)
	if rapport.CodeOf(err) == "duplicate" {
		return &rapport.Error{Kind: rapport.Conflict, Code: "name_taken", Field: "name", Message: "Another context card is already called " + c.Name + ".", Cause: err}
	}
	return err
}

// PlaceCard gives a card its place among the others.
func (tx *Tx) PlaceCard(id rapport.CardID, position int) error {
	return tx.put("update context_card set pos = $2 where id = $1", id, position)
}

// DeleteCard removes a card; what was written through it stays where it is.
func (tx *Tx) DeleteCard(id rapport.CardID) error {
	n, err := tx.exec("delete from context_card where id = $1", id)
	if err == nil && n == 0 {
		return missing("context card", string(id))
	}
	return err
}

// CardWrite is an attempt to write fields of a card back.
type CardWrite struct {
	Key            string // the caller's own: the same again is the same attempt
	CardID         rapport.CardID
	ConversationID rapport.ConversationID
	AgentID        rapport.AgentID
	What           string // a checksum of what is written
	Done           bool
	At             time.Time
}

// CardWrite returns the attempt with a key; found tells whether there is one.
func (tx *Tx) CardWrite(key string) (w CardWrite, found bool, err error) {
	err = tx.rows(func(s scanner) error {
		found = true
		return s.Scan(&w.Key, &w.CardID, &w.ConversationID, &w.AgentID, &w.What, &w.Done, milli{&w.At})
	}, "select key, card_id, conversation_id, agent_id, what, done, at from card_write where key = $1", key)
	return w, found, err
}

// SaveCardWrite keeps an attempt.
func (tx *Tx) SaveCardWrite(w CardWrite) error {
	return tx.put(`insert into card_write (key, card_id, conversation_id, agent_id, what, done, at) values ($1, $2, $3, $4, $5, $6, $7)
		on conflict (key) do update set done = excluded.done, at = excluded.at`, w.Key, w.CardID, w.ConversationID, w.AgentID, w.What, w.Done, w.At)
}

// DropCardWrite forgets an attempt that changed nothing.
func (tx *Tx) DropCardWrite(key string) error {
	return tx.put("delete from card_write where key = $1", key)
}

// TrimCardWrites forgets attempts from before a time: nobody repeats them.
func (tx *Tx) TrimCardWrites(before time.Time) error {
	return tx.put("delete from card_write where at < $1", before)
}
