package store

import (
	"encoding/json"
	"time"

	"rapport"
)

const mergeColumns = "id, into_id, from_id, from_name, linked, at, by_id, by_name, undone_at"

func scanMerge(s scanner, more ...any) (m rapport.ContactMerge, err error) {
	err = s.Scan(append([]any{&m.ID, &m.IntoID, &m.FromID, &m.FromName, &m.Linked, milli{&m.At}, &m.ByID, &m.ByName, milli{&m.UndoneAt}}, more...)...)
	return m, err
}

// InsertContactMerge keeps a merge with what is needed to undo it.
func (tx *Tx) InsertContactMerge(m rapport.ContactMerge, state any) error {
	text, err := json.Marshal(state)
	if err != nil {
		return err
	}
	return tx.put(insertRows("contact_merge", mergeColumns+", state", 10, 1), m.ID, m.IntoID, m.FromID, m.FromName, m.Linked, m.At, m.ByID, m.ByName, m.UndoneAt, string(text))
}

// ContactMerge returns a merge, and into state what was there before.
func (tx *Tx) ContactMerge(id rapport.ContactMergeID, state any) (rapport.ContactMerge, error) {
	var text string
	m, err := scanMerge(tx.queryRow("select "+mergeColumns+", state from contact_merge where id = $1", id), &text)
	if err != nil {
		return m, found(err, "merge", string(id))
	}
	return m, json.Unmarshal([]byte(text), state)
}

// ContactMerges returns the merges that a contact took part in, on either side,
// the latest first.
func (tx *Tx) ContactMerges(id rapport.ContactID) (list []rapport.ContactMerge, err error) {
	list = []rapport.ContactMerge{}
	err = tx.rows(func(s scanner) error {
		m, err := scanMerge(s)
		list = append(list, m)
		return err
	}, "select "+mergeColumns+" from contact_merge where into_id = $1 or from_id = $1 order by at desc, id desc", id)
	return list, err
}

// EndContactMerge marks a merge as undone, once.
func (tx *Tx) EndContactMerge(id rapport.ContactMergeID) error {
	return tx.demand(rapport.Errorf(rapport.Conflict, "undone", "The merge was undone already."),
		"update contact_merge set undone_at = $2, state = '{}' where id = $1 and undone_at = 0", id, tx.now)
}

// SetMergedInto says whom a contact was merged into; "" says nobody.
func (tx *Tx) SetMergedInto(id, into rapport.ContactID) error {
	return tx.demand(missing("customer", string(id)), "update contact set merged_into = $2 where id = $1", id, into)
}

// Survivor follows the merges of a contact to the one who is left.
func (tx *Tx) Survivor(id rapport.ContactID) (rapport.ContactID, error) {
	for range 100 {
		var into rapport.ContactID
		if err := tx.queryRow("select merged_into from contact where id = $1", id).Scan(&into); err != nil || into == "" {
			return id, found(err, "customer", string(id))
		}
		id = into
	}
	return id, nil
}

// AllOf returns the ids of all conversations of a contact.
func (tx *Tx) AllOf(id rapport.ContactID) ([]rapport.ConversationID, error) {
	return tx.conversationIDs("select id from conversation where contact_id = $1 order by opened_at, id", id)
}

// OngoingOf returns the conversations of a contact that are not closed.
func (tx *Tx) OngoingOf(id rapport.ContactID) ([]rapport.ConversationID, error) {
	return tx.conversationIDs("select id from conversation where contact_id = $1 and state <> 'closed' order by opened_at, id", id)
}

// OpenedFrom returns conversations of a contact that were opened after a moment
// with one of its points.
func (tx *Tx) OpenedFrom(id rapport.ContactID, p rapport.Point, after time.Time) ([]rapport.ConversationID, error) {
	return tx.conversationIDs("select id from conversation where contact_id = $1 and opened_at > $2 and point_kind = $3 and point_address = $4 order by opened_at, id", id, after, p.Kind, p.Address)
}

// Relink makes what followed one conversation follow another.
func (tx *Tx) Relink(follows, instead rapport.ConversationID, of rapport.ContactID) error {
	return tx.write("update conversation set follows = $2, version = version + 1 where follows = $1 and contact_id = $3", follows, instead, of)
}

// Affinity is a bond as it rests: with the replies that make it count.
type Affinity struct {
	rapport.Affinity
	Replies int `json:"replies"`
}

// Affinities returns the bonds of a contact with agents.
func (tx *Tx) Affinities(id rapport.ContactID) (list []Affinity, err error) {
	list = []Affinity{}
	err = tx.rows(func(s scanner) error {
		var a Affinity
		err := s.Scan(&a.ContactID, &a.AgentID, &a.ConversationID, &a.QueueID, &a.Replies, milli{&a.EndedAt})
		list = append(list, a)
		return err
	}, "select contact_id, agent_id, conversation_id, queue_id, replies, ended_at from affinity where contact_id = $1 order by ended_at desc, agent_id", id)
	return list, err
}

// Unbind forgets the bond of a contact with an agent.
func (tx *Tx) Unbind(id rapport.ContactID, agent rapport.AgentID) error {
	return tx.put("delete from affinity where contact_id = $1 and agent_id = $2", id, agent)
}

// Interactions returns the bonds that the conversations of a contact left, one
// per conversation and agent who answered in it, the latest first. one narrows
// it to a conversation, not leaves one out.
func (tx *Tx) Interactions(id rapport.ContactID, one, not rapport.ConversationID) (list []Affinity, err error) {
	err = tx.rows(func(s scanner) error {
		a := Affinity{Affinity: rapport.Affinity{ContactID: id}}
		var last, ended time.Time
		var assignee rapport.AgentID
		var answers int
		err := s.Scan(&a.ConversationID, &a.QueueID, &assignee, &a.Replies, milli{&ended}, &a.AgentID, &answers, milli{&last})
		if assignee != a.AgentID || a.Replies == 0 {
			a.Replies, ended = answers, time.Time{}
		}
		if a.EndedAt = last; ended.After(last) {
			a.EndedAt = ended
		}
		list = append(list, a)
		return err
	}, `select c.id, c.queue_id, c.assignee_id, c.replies, case when c.solved_at > 0 then c.solved_at else c.closed_at end, i.author_id, count(*), max(i.at)
		from conversation c join item i on i.conversation_id = c.id and i.kind = 'message' and i.author_kind = 'agent'
		join agent a on a.id = i.author_id
		where c.contact_id = $1 and ($2 = '' or c.id = $2) and c.id <> $3
		group by c.id, c.queue_id, c.assignee_id, c.replies, c.solved_at, c.closed_at, i.author_id
		order by max(i.at) desc, c.id desc`, id, one, not)
	return list, err
}
