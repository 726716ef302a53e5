package store

import (
	"encoding/json"

	"rapport"
)

// Preferences returns an agent's own settings; what they never chose has its
// default.
func (tx *Tx) Preferences(id rapport.AgentID) (rapport.Preferences, error) {
	p := rapport.DefaultPreferences()
	err := tx.rows(func(s scanner) error {
		var value string
		if err := s.Scan(&value); err != nil {
			return err
		}
		return json.Unmarshal([]byte(value), &p)
	}, "select value from preference where agent_id = $1", id)
	return p, err
}

// SavePreferences keeps an agent's own settings.
func (tx *Tx) SavePreferences(id rapport.AgentID, p rapport.Preferences) error {
	value, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return tx.put("insert into preference (agent_id, value) values ($1, $2) on conflict (agent_id) do update set value = excluded.value", id, string(value))
}

// Digested is an agent who wants their unread notifications by e-mail.
type Digested struct {
	ID          rapport.AgentID
	Name, Email string
	Preferences rapport.Preferences
}

// Digested lists the enabled agents who want that.
func (tx *Tx) Digested() (list []Digested, err error) {
	err = tx.rows(func(s scanner) error {
		var value string
		d := Digested{Preferences: rapport.DefaultPreferences()}
		if err := s.Scan(&d.ID, &d.Name, &d.Email, &value); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(value), &d.Preferences); err != nil {
			return err
		}
		if d.Preferences.Digest > 0 {
			list = append(list, d)
		}
		return nil
	}, `select a.id, a.name, a.email, p.value from preference p join agent a on a.id = p.agent_id
		where a.enabled = 1 and a.deleted_at = 0 and p.value like '%"digest_minutes"%' order by a.id`)
	return list, err
}

// Unmailed returns what an agent has neither read nor had in a digest, the
// oldest first.
func (tx *Tx) Unmailed(id rapport.AgentID, limit int) (list []rapport.Notification, err error) {
	err = tx.rows(func(s scanner) error {
		var n rapport.Notification
		err := s.Scan(&n.ID, &n.AgentID, milli{&n.At}, &n.Kind, &n.ConversationID, &n.Text)
		list = append(list, n)
		return err
	}, "select id, agent_id, at, kind, conversation_id, text from notification where agent_id = $1 and read_at = 0 and mailed_at = 0 order by at, id limit $2", id, limit)
	return list, err
}

// Mailed marks notifications as having been in a digest, or as none of its
// business.
func (tx *Tx) Mailed(list []rapport.Notification) error {
	for i := range list {
		if err := tx.put("update notification set mailed_at = $2 where id = $1", list[i].ID, tx.now); err != nil {
			return err
		}
	}
	return nil
}
