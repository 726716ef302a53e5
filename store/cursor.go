package store

import (
	"database/sql"
	"errors"
)

// Cursor returns how far a reader of the event log has come; ok is false for
// one that has not begun.
func (tx *Tx) Cursor(name string) (seq int64, ok bool, err error) {
	err = tx.queryRow("select seq from cursor_position where name = $1", name).Scan(&seq)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	return seq, err == nil, classify(err)
}

// MoveCursor moves a reader on. Done in the transaction that does the reader's
// work, each event is worked once, whatever dies and however many nodes read.
func (tx *Tx) MoveCursor(name string, to int64) error {
	return tx.put("insert into cursor_position (name, seq) values ($1, $2) on conflict (name) do update set seq = excluded.seq", name, to)
}
