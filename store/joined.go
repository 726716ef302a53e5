package store

import (
	"database/sql"
	"errors"

	"rapport"
)

// Joined says that what a customer sends to an inbox belongs to a conversation
// until that is closed. The inbox "" stands for every inbox, as far as the
// address is newer than the conversation.
type Joined struct {
	InboxID        rapport.InboxID        `json:"inbox_id"`
	ConversationID rapport.ConversationID `json:"conversation_id"`
}

// Join makes an inbox lead to a conversation.
func (tx *Tx) Join(contact rapport.ContactID, inbox rapport.InboxID, id rapport.ConversationID) error {
	return tx.put(`insert into joined (contact_id, inbox_id, conversation_id) values ($1, $2, $3)
		on conflict (contact_id, inbox_id) do update set conversation_id = excluded.conversation_id`, contact, inbox, id)
}

// Part ends that an inbox leads to a conversation, if it does.
func (tx *Tx) Part(contact rapport.ContactID, inbox rapport.InboxID, id rapport.ConversationID) error {
	return tx.put("delete from joined where contact_id = $1 and inbox_id = $2 and conversation_id = $3", contact, inbox, id)
}

// JoinedOf returns all inboxes that lead to conversations of a customer, whether
// those are closed or not.
func (tx *Tx) JoinedOf(contact rapport.ContactID) (list []Joined, err error) {
	err = tx.rows(func(s scanner) error {
		var j Joined
		err := s.Scan(&j.InboxID, &j.ConversationID)
		list = append(list, j)
		return err
	}, "select inbox_id, conversation_id from joined where contact_id = $1 order by inbox_id", contact)
	return list, err
}

// MoveJoined gives what leads to conversations of one customer to another, whose
// own stays: they are the same person.
func (tx *Tx) MoveJoined(from, to rapport.ContactID) error {
	if _, err := tx.exec("insert into joined (contact_id, inbox_id, conversation_id) select $2, inbox_id, conversation_id from joined where contact_id = $1 on conflict (contact_id, inbox_id) do nothing", from, to); err != nil {
		return err
	}
	_, err := tx.exec("delete from joined where contact_id = $1", from)
	return err
}

// OngoingWith returns the one conversation of a customer and an inbox that is
// not closed: its own, else the one that it leads to; "" if there is none (S3-25).
func (tx *Tx) OngoingWith(contact rapport.ContactID, inbox rapport.InboxID) (id rapport.ConversationID, err error) {
	err = tx.queryRow(`select coalesce(
		(select c.id from conversation c where c.contact_id = $1 and c.inbox_id = $2 and c.state <> 'closed' and c.contact_id <> 'internal'),
		(select v.id from joined j join conversation v on v.id = j.conversation_id and v.state <> 'closed' where j.contact_id = $1 and j.inbox_id = $2), '')`, contact, inbox).Scan(&id)
	return id, classify(err)
}

// Wide returns the conversation that takes what a customer sends from a new
// address, "" if there is none (S3-42).
func (tx *Tx) Wide(contact rapport.ContactID) (id rapport.ConversationID, err error) {
	err = tx.queryRow("select v.id from joined j join conversation v on v.id = j.conversation_id and v.state <> 'closed' where j.contact_id = $1 and j.inbox_id = ''", contact).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return id, classify(err)
}

// LatestWith returns the conversation that a customer sees in an inbox: the
// ongoing one, else the latest of those that were held there; "" if there is none.
func (tx *Tx) LatestWith(contact rapport.ContactID, inbox rapport.InboxID) (id rapport.ConversationID, err error) {
	err = tx.queryRow(`select id from (
			select * from (select id, state, opened_at from conversation where contact_id = $1 and inbox_id = $2 and merged_into = '' order by opened_at desc, id desc limit 1) a
			union all
			select v.id, v.state, v.opened_at from joined j join conversation v on v.id = j.conversation_id and v.merged_into = '' where j.contact_id = $1 and j.inbox_id = $2
			union all
			select * from (select id, state, opened_at from conversation where contact_id = $1 and inbox_id = $2 and state <> 'closed' and contact_id <> 'internal') o
		) l order by case when state <> 'closed' then 0 else 1 end, opened_at desc, id desc limit 1`, contact, inbox).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return id, classify(err)
}

// KeepPoint writes into messages of ours that have not left yet where they go:
// the conversation is about to name another address.
func (tx *Tx) KeepPoint(c *rapport.Conversation) error {
	queued, err := tx.Undelivered(c.ID, c.LastSeq, rapport.Sent)
	if err != nil {
		return err
	}
	for _, item := range queued {
		if item.Point != nil {
			continue
		}
		p := c.Point
		item.Point = &p
		if err := tx.put("update item set content = $3 where conversation_id = $1 and seq = $2", item.ConversationID, item.Seq, jsonOf(item.Content)); err != nil {
			return err
		}
	}
	return nil
}

// Begun finds the conversation that an agent began with an id of their desk's,
// and the number of its first message.
func (tx *Tx) Begun(agent rapport.AgentID, client string) (id rapport.ConversationID, seq int, err error) {
	err = tx.queryRow("select conversation_id, seq from begun where agent_id = $1 and client_id = $2", agent, client).Scan(&id, &seq)
	if errors.Is(err, sql.ErrNoRows) {
		return "", 0, nil
	}
	return id, seq, classify(err)
}

// KeepBegun remembers what an agent began.
func (tx *Tx) KeepBegun(agent rapport.AgentID, client string, id rapport.ConversationID, seq int) error {
	return tx.put("insert into begun (agent_id, client_id, conversation_id, seq, at) values ($1, $2, $3, $4, $5)", agent, client, id, seq, tx.now)
}

// Fetches tells whether the customer behind a point of an inbox may still come
// back there for an answer: their browser has a token that has not expired.
func (tx *Tx) Fetches(inbox rapport.InboxID, p rapport.Point) (bool, error) {
	var n int
	err := tx.queryRow("select case when exists (select 1 from visitor where point_kind = $2 and point_address = $3 and inbox_id = $1 and expires_at > $4) then 1 else 0 end", inbox, p.Kind, p.Address, tx.now).Scan(&n)
	return n == 1, classify(err)
}
