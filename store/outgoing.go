package store

import (
	"database/sql"
	"errors"
	"time"

	"rapport"
)

const outgoingColumns = "o.id, o.conversation_id, o.agent_id, coalesce(a.name, ''), o.kind, o.body, o.content, o.client_id, o.rest, o.due_at, o.only_silent, o.last_seq, o.state, o.reason, o.version, o.created_at"
const outgoingFrom = " from outgoing o left join agent a on a.id = o.agent_id where "

func scanOutgoing(s scanner) (o rapport.Outgoing, err error) {
	var content jsonText[rapport.Content]
	err = s.Scan(&o.ID, &o.ConversationID, &o.AgentID, &o.AgentName, &o.Kind, &o.Body, &content, &o.ClientID, &o.Rest, milli{&o.DueAt}, &o.OnlySilent, &o.LastSeq, &o.State, &o.Reason, &o.Version, milli{&o.CreatedAt})
	o.Content = content.v
	return o, err
}

func (tx *Tx) outgoings(where string, args ...any) (list []rapport.Outgoing, err error) {
	list = []rapport.Outgoing{}
	err = tx.rows(func(s scanner) error {
		o, err := scanOutgoing(s)
		list = append(list, o)
		return err
	}, "select "+outgoingColumns+outgoingFrom+where, args...)
	return list, err
}

// Outgoing returns one message that waits, or waited, to leave.
func (tx *Tx) Outgoing(id rapport.OutgoingID) (rapport.Outgoing, error) {
	o, err := scanOutgoing(tx.queryRow("select "+outgoingColumns+outgoingFrom+"o.id = $1", id))
	return o, found(err, "waiting message", string(id))
}

// OutgoingByClient finds one by the id that its sender gave it.
func (tx *Tx) OutgoingByClient(id rapport.ConversationID, client string) (o rapport.Outgoing, ok bool, err error) {
	o, err = scanOutgoing(tx.queryRow("select "+outgoingColumns+outgoingFrom+"o.conversation_id = $1 and o.client_id = $2 and o.client_id <> ''", id, client))
	if errors.Is(err, sql.ErrNoRows) {
		return o, false, nil
	}
	return o, err == nil, classify(err)
}

// WaitingToLeave returns what waits in a conversation, in the order of writing.
func (tx *Tx) WaitingToLeave(id rapport.ConversationID) ([]rapport.Outgoing, error) {
	return tx.outgoings("o.conversation_id = $1 and o.state = 'waiting' order by o.created_at, o.id", id)
}

// SaveOutgoing inserts a message that waits, or changes it, provided nobody
// changed it since it was read.
func (tx *Tx) SaveOutgoing(o *rapport.Outgoing) error {
	content := ""
	if !o.Content.Empty() {
		content = jsonOf(o.Content)
	}
	was := o.Version
	o.Version++
	if was == 0 {
		return tx.put("insert into outgoing (id, conversation_id, agent_id, kind, body, content, client_id, due_at, only_silent, last_seq, state, reason, version, created_at, rest) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
			o.ID, o.ConversationID, o.AgentID, o.Kind, o.Body, content, o.ClientID, o.DueAt, o.OnlySilent, o.LastSeq, o.State, o.Reason, o.Version, o.CreatedAt, o.Rest)
	}
	return tx.demand(rapport.Errorf(rapport.Conflict, "changed_meanwhile", "This message was changed by somebody else at the same moment; look again."),
		"update outgoing set kind = $2, body = $3, content = $4, due_at = $5, only_silent = $6, last_seq = $7, state = $8, reason = $9, version = $10 where id = $1 and version = $11",
		o.ID, o.Kind, o.Body, content, o.DueAt, o.OnlySilent, o.LastSeq, o.State, o.Reason, o.Version, was)
}

// TrimOutgoing forgets what left, or did not, before a moment.
func (tx *Tx) TrimOutgoing(before time.Time) error {
	_, err := tx.exec("delete from outgoing where state <> 'waiting' and due_at < $1", before)
	return err
}

// FailedToLeave returns an agent's messages of a conversation that could not
// leave, and that they have not put away.
func (tx *Tx) FailedToLeave(id rapport.ConversationID, agent rapport.AgentID) ([]rapport.Outgoing, error) {
	return tx.outgoings("o.conversation_id = $1 and o.agent_id = $2 and o.state = 'failed' order by o.created_at, o.id limit 20", id, agent)
}

// WroteSince tells whether the customer has written after an item.
func (tx *Tx) WroteSince(id rapport.ConversationID, seq int) (bool, error) {
	var n int
	err := tx.queryRow("select count(*) from (select seq from item where conversation_id = $1 and seq > $2 and kind = 'message' and author_kind = 'customer' limit 1) a", id, seq).Scan(&n)
	return n > 0, classify(err)
}

// NotLeft returns what waits in a conversation, and what could not leave.
func (tx *Tx) NotLeft(id rapport.ConversationID) ([]rapport.Outgoing, error) {
	return tx.outgoings("o.conversation_id = $1 and o.state in ('waiting', 'failed') order by o.created_at, o.id", id)
}

// MoveOutgoing gives a message that waits to another conversation.
func (tx *Tx) MoveOutgoing(o *rapport.Outgoing) error {
	o.Version++
	return tx.put("update outgoing set conversation_id = $2, client_id = $3, rest = $4, last_seq = $5, version = $6 where id = $1", o.ID, o.ConversationID, o.ClientID, o.Rest, o.LastSeq, o.Version)
}

// WroteAfter tells whether the customer has written after a time.
func (tx *Tx) WroteAfter(id rapport.ConversationID, at time.Time) (bool, error) {
	var n int
	err := tx.queryRow("select count(*) from (select seq from item where conversation_id = $1 and at > $2 and kind = 'message' and author_kind = 'customer' limit 1) a", id, at).Scan(&n)
	return n > 0, classify(err)
}
