package store

import (
	"database/sql"
	"errors"

	"rapport"
)

const draftColumns = "conversation_id, kind, body, content, version, saved_at, inbox_id"

func scanDraft(s scanner) (d rapport.Draft, err error) {
	var content jsonText[rapport.Content]
	err = s.Scan(&d.ConversationID, &d.Kind, &d.Body, &content, &d.Version, milli{&d.SavedAt}, &d.InboxID)
	d.Content = content.v
	return d, err
}

// Drafts returns what an agent has begun to write, the latest first.
func (tx *Tx) Drafts(agent rapport.AgentID, limit int) (list []rapport.Draft, err error) {
	list = []rapport.Draft{}
	err = tx.rows(func(s scanner) error {
		d, err := scanDraft(s)
		list = append(list, d)
		return err
	}, "select "+draftColumns+" from draft where agent_id = $1 order by saved_at desc, conversation_id limit $2", agent, limit)
	return list, err
}

// Draft returns one of an agent's drafts; where there is none, an empty one of
// version 0.
func (tx *Tx) Draft(agent rapport.AgentID, id rapport.ConversationID, kind rapport.ItemKind) (rapport.Draft, error) {
	d, err := scanDraft(tx.queryRow("select "+draftColumns+" from draft where agent_id = $1 and conversation_id = $2 and kind = $3", agent, id, kind))
	if errors.Is(err, sql.ErrNoRows) {
		return rapport.Draft{ConversationID: id, Kind: kind}, nil
	}
	return d, classify(err)
}

// AgentDraft is what one agent has begun to write.
type AgentDraft struct {
	AgentID rapport.AgentID
	rapport.Draft
}

// DraftsIn returns what all agents have begun to write in a conversation.
func (tx *Tx) DraftsIn(id rapport.ConversationID) (list []AgentDraft, err error) {
	err = tx.rows(func(s scanner) error {
		var d AgentDraft
		var content jsonText[rapport.Content]
		err := s.Scan(&d.AgentID, &d.ConversationID, &d.Kind, &d.Body, &content, &d.Version, milli{&d.SavedAt}, &d.InboxID)
		d.Content = content.v
		list = append(list, d)
		return err
	}, "select agent_id, "+draftColumns+" from draft where conversation_id = $1 order by agent_id, kind", id)
	return list, err
}

// SaveDraft keeps a draft.
func (tx *Tx) SaveDraft(agent rapport.AgentID, d rapport.Draft) error {
	content := ""
	if !d.Content.Empty() {
		content = jsonOf(d.Content)
	}
	return tx.put(`insert into draft (agent_id, conversation_id, kind, body, content, version, saved_at, inbox_id) values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict (agent_id, conversation_id, kind) do update set body = excluded.body, content = excluded.content, version = excluded.version, saved_at = excluded.saved_at, inbox_id = excluded.inbox_id`,
		agent, d.ConversationID, d.Kind, d.Body, content, d.Version, d.SavedAt, d.InboxID)
}

// DropDraft forgets a draft: it was sent, or thrown away.
func (tx *Tx) DropDraft(agent rapport.AgentID, id rapport.ConversationID, kind rapport.ItemKind) error {
	return tx.put("delete from draft where agent_id = $1 and conversation_id = $2 and kind = $3", agent, id, kind)
}
