package store

import (
	"time"

	"rapport"
)

// Link is one of the conversations that belong to another one, and since when.
type Link struct {
	OtherID rapport.ConversationID `json:"other_id"`
	At      time.Time              `json:"at"`
}

// Link notes that two conversations belong together.
func (tx *Tx) Link(a, b rapport.ConversationID) error { return tx.LinkAt(a, Link{b, tx.now}) }

// LinkAt notes it as of the time that it was first noted.
func (tx *Tx) LinkAt(id rapport.ConversationID, l Link) error {
	return tx.put("insert into conversation_link (conversation_id, other_id, at) values ($1, $2, $3), ($2, $1, $3) on conflict do nothing", id, l.OtherID, l.At)
}

// Unlink forgets that two conversations belong together.
func (tx *Tx) Unlink(a, b rapport.ConversationID) error {
	return tx.put("delete from conversation_link where conversation_id = $1 and other_id = $2 or conversation_id = $2 and other_id = $1", a, b)
}

// Links returns what belongs to a conversation, by their ids.
func (tx *Tx) Links(id rapport.ConversationID) (list []Link, err error) {
	err = tx.rows(func(s scanner) error {
		var l Link
		err := s.Scan(&l.OtherID, milli{&l.At})
		list = append(list, l)
		return err
	}, "select other_id, at from conversation_link where conversation_id = $1 order by other_id", id)
	return list, err
}

// Linked returns the conversations that belong to one, the latest link first.
func (tx *Tx) Linked(id rapport.ConversationID) (list []rapport.Summary, err error) {
	list = []rapport.Summary{}
	err = tx.rows(func(s scanner) error {
		v, err := scanSummary(s)
		list = append(list, v)
		return err
	}, "select "+conversationColumns+summaryNames+summaryJoins+"join conversation_link l on l.other_id = c.id where l.conversation_id = $1 order by l.at desc, c.id limit 50", id)
	return list, err
}

// FollowedBy finds the latest conversation that continues a closed one, "" if
// none does.
func (tx *Tx) FollowedBy(c *rapport.Conversation) (id rapport.ConversationID, err error) {
	err = tx.rows(func(s scanner) error { return s.Scan(&id) },
		"select id from conversation where contact_id = $1 and opened_at >= $2 and follows = $3 order by opened_at desc limit 1", c.ContactID, c.OpenedAt, c.ID)
	return id, err
}

// StartedBy finds the conversation among colleagues that an agent began with a
// message of this client id.
func (tx *Tx) StartedBy(agent rapport.AgentID, client string) (id rapport.ConversationID, ok bool, err error) {
	err = tx.rows(func(s scanner) error {
		ok = true
		return s.Scan(&id)
	}, "select c.id from conversation c join item i on i.conversation_id = c.id where c.started_by = $1 and c.started_by <> '' and i.client_id = $2 and i.client_id <> '' order by c.id limit 1", agent, client)
	return id, ok, err
}
