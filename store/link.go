package store

import "rapport"

// Link notes that two conversations belong together.
func (tx *Tx) Link(a, b rapport.ConversationID) error {
	return tx.put("insert into conversation_link (conversation_id, other_id, at) values ($1, $2, $3), ($2, $1, $3) on conflict do nothing", a, b, tx.now)
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

// StartedBy finds the conversation among colleagues that an agent began with a
// message of this client id.
func (tx *Tx) StartedBy(agent rapport.AgentID, client string) (id rapport.ConversationID, ok bool, err error) {
	err = tx.rows(func(s scanner) error {
		ok = true
		return s.Scan(&id)
	}, "select c.id from conversation c join item i on i.conversation_id = c.id where c.started_by = $1 and c.started_by <> '' and i.client_id = $2 and i.client_id <> '' order by c.id limit 1", agent, client)
	return id, ok, err
}
