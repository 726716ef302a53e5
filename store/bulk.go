package store

import (
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"rapport"
)

const bulkColumns = "b.id, b.agent_id, b.action, b.ids, b.total, b.next, b.done, b.refused, b.skipped, b.undoes, b.undone_by, b.created_at, b.ended_at"

func scanBulk(s scanner) (b rapport.Bulk, err error) {
	var action jsonText[rapport.BulkAction]
	var ids string
	err = s.Scan(&b.ID, &b.AgentID, &action, &ids, &b.Total, &b.Next, &b.Done, &b.Refused, &b.Skipped, &b.Undoes, &b.UndoneBy, milli{&b.CreatedAt}, milli{&b.EndedAt})
	b.Action = action.v
	for _, id := range strings.Fields(ids) {
		b.IDs = append(b.IDs, rapport.ConversationID(id))
	}
	return b, err
}

// InsertBulk adds a bulk action.
func (tx *Tx) InsertBulk(b *rapport.Bulk) error {
	action, err := json.Marshal(b.Action)
	if err != nil {
		return err
	}
	ids := make([]string, len(b.IDs))
	for i, id := range b.IDs {
		ids[i] = string(id)
	}
	return tx.put("insert into bulk (id, agent_id, action, ids, total, undoes, created_at) values ($1, $2, $3, $4, $5, $6, $7)",
		b.ID, b.AgentID, string(action), strings.Join(ids, " "), b.Total, b.Undoes, b.CreatedAt)
}

// Bulk returns a bulk action.
func (tx *Tx) Bulk(id rapport.BulkID) (rapport.Bulk, error) {
	b, err := scanBulk(tx.queryRow("select "+bulkColumns+" from bulk b where b.id = $1", id))
	return b, found(err, "bulk action", string(id))
}

// BulksOf returns the latest bulk actions of an agent, without their conversations.
func (tx *Tx) BulksOf(id rapport.AgentID, since time.Time, limit int) (list []rapport.Bulk, err error) {
	list = []rapport.Bulk{}
	err = tx.rows(func(s scanner) error {
		b, err := scanBulk(s)
		list = append(list, b)
		return err
	}, "select "+strings.Replace(bulkColumns, "b.ids", "''", 1)+" from bulk b where b.agent_id = $1 and b.created_at >= $2 order by b.created_at desc, b.id desc limit $3", id, since, limit)
	return list, err
}

// SaveBulk notes how far a bulk action has come. What its items say is counted
// by InsertBulkItem.
func (tx *Tx) SaveBulk(b *rapport.Bulk) error {
	return tx.put("update bulk set next = $2, undone_by = $3, ended_at = $4 where id = $1", b.ID, b.Next, b.UndoneBy, b.EndedAt)
}

// InsertBulkItem notes what became of one conversation of a bulk action.
func (tx *Tx) InsertBulkItem(id rapport.BulkID, i *rapport.BulkItem) error {
	column := map[rapport.BulkOutcome]string{rapport.BulkDone: "done", rapport.BulkRefused: "refused", rapport.BulkSkipped: "skipped"}[i.Outcome]
	if err := tx.put("insert into bulk_item (bulk_id, n, conversation_id, outcome, reason, before, after) values ($1, $2, $3, $4, $5, $6, $7)",
		id, i.N, i.ConversationID, i.Outcome, i.Reason, jsonOf(i.Before), jsonOf(i.After)); err != nil {
		return err
	}
	return tx.put("update bulk set "+column+" = "+column+" + 1 where id = $1", id)
}

// BulkItem returns what became of one conversation; ok is false where it is not known yet.
func (tx *Tx) BulkItem(id rapport.BulkID, n int) (i rapport.BulkItem, ok bool, err error) {
	i, err = scanBulkItem(tx.queryRow("select "+bulkItemColumns+" from bulk_item i where i.bulk_id = $1 and i.n = $2", id, n))
	if errors.Is(err, sql.ErrNoRows) {
		return i, false, nil
	}
	return i, err == nil, classify(err)
}

const bulkItemColumns = "i.n, i.conversation_id, i.outcome, i.reason, i.before, i.after"

func scanBulkItem(s scanner) (i rapport.BulkItem, err error) {
	var before, after jsonText[rapport.BulkMark]
	err = s.Scan(&i.N, &i.ConversationID, &i.Outcome, &i.Reason, &before, &after)
	i.Before, i.After = before.v, after.v
	return i, err
}

// BulkItems returns conversations of a bulk action after a number: those with
// this outcome, or not.
func (tx *Tx) BulkItems(id rapport.BulkID, done bool, after, limit int) (list []rapport.BulkItem, err error) {
	list = []rapport.BulkItem{}
	sign := "<>"
	if done {
		sign = "="
	}
	err = tx.rows(func(s scanner) error {
		i, err := scanBulkItem(s)
		list = append(list, i)
		return err
	}, "select "+bulkItemColumns+" from bulk_item i where i.bulk_id = $1 and i.outcome "+sign+" 'done' and i.n > $2 order by i.n limit $3", id, after, limit)
	return list, err
}

// TrimBulks forgets bulk actions from before a moment.
func (tx *Tx) TrimBulks(before time.Time) error {
	_, err := tx.exec("delete from bulk where created_at < $1", before)
	return err
}
