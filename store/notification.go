package store

import (
	"time"

	"rapport"
)

// InsertNotification keeps what an agent is told.
func (tx *Tx) InsertNotification(n rapport.Notification) error {
	return tx.put("insert into notification (id, agent_id, at, kind, conversation_id, seq, text) values ($1, $2, $3, $4, $5, $6, $7)",
		n.ID, n.AgentID, n.At, n.Kind, n.ConversationID, n.Seq, n.Text)
}

// Notifications returns what an agent was told, the latest first.
func (tx *Tx) Notifications(id rapport.AgentID, limit int) (list []rapport.Notification, err error) {
	list = []rapport.Notification{}
	err = tx.rows(func(s scanner) error {
		var n rapport.Notification
		err := s.Scan(&n.ID, &n.AgentID, milli{&n.At}, &n.Kind, &n.ConversationID, &n.Seq, &n.Text, milli{&n.ReadAt})
		list = append(list, n)
		return err
	}, "select id, agent_id, at, kind, conversation_id, seq, text, read_at from notification where agent_id = $1 order by at desc, id desc limit $2", id, limit)
	return list, err
}

// ReadNotifications marks what an agent was told up to a moment as read.
func (tx *Tx) ReadNotifications(id rapport.AgentID, upTo time.Time) error {
	_, err := tx.exec("update notification set read_at = $3 where agent_id = $1 and at <= $2 and read_at = 0", id, upTo, tx.now)
	return err
}

// TrimNotifications forgets old ones.
func (tx *Tx) TrimNotifications(before time.Time) error {
	_, err := tx.exec("delete from notification where at < $1", before)
	return err
}

// Unread returns how many notifications an agent has not read.
func (tx *Tx) Unread(id rapport.AgentID) (n int, err error) {
	err = tx.queryRow("select count(*) from notification where agent_id = $1 and read_at = 0", id).Scan(&n)
	return n, classify(err)
}

// Told tells whether an agent has heard the same since a moment.
func (tx *Tx) Told(id rapport.AgentID, kind rapport.NotificationKind, text string, since time.Time) (bool, error) {
	var n int
	err := tx.queryRow("select count(*) from notification where agent_id = $1 and at > $2 and kind = $3 and text = $4", id, since, kind, text).Scan(&n)
	return n > 0, classify(err)
}
