package store

import (
	"time"

	"rapport"
)

// SetPinned pins an item to the top of its thread; the zero time takes it down.
func (tx *Tx) SetPinned(id rapport.ConversationID, seq int, at time.Time) error {
	return tx.put("update item set pinned_at = $3 where conversation_id = $1 and seq = $2", id, seq, at)
}

// Pinned returns the pinned items of a thread, the latest pin first.
func (tx *Tx) Pinned(id rapport.ConversationID) (items []rapport.Item, err error) {
	items = []rapport.Item{}
	err = tx.rows(func(s scanner) error {
		v, err := scanItem(s)
		items = append(items, v)
		return err
	}, "select "+itemColumns+" from item where conversation_id = $1 and pinned_at > 0 order by pinned_at desc, seq desc", id)
	return items, err
}
