package store

import (
	"cmp"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strconv"

	"rapport"
)

func itoa(n int) string { return strconv.Itoa(n) }

const itemColumns = "conversation_id, seq, kind, author_kind, author_id, author_name, body, event, data, inbox_id, external_id, client_id, delivery, error, content, pinned_at, at, place"

// InsertItems adds entries to a thread. A message of an inbox with an external
// id that is there already is refused by the database.
func (tx *Tx) InsertItems(items []rapport.Item) error {
	if len(items) == 0 {
		return nil
	}
	args := make([]any, 0, len(items)*18)
	for i := range items {
		v := &items[i]
		data := ""
		if v.Data != nil {
			text, err := json.Marshal(v.Data)
			if err != nil {
				return err
			}
			data = string(text)
		}
		content := ""
		if !v.Content.Empty() {
			content = jsonOf(v.Content)
		}
		args = append(args, v.ConversationID, v.Seq, v.Kind, v.By, v.AuthorID, v.AuthorName, v.Body, v.Event, data, v.InboxID, v.ExternalID, v.ClientID, v.Delivery, v.Error, content, v.PinnedAt, v.At, v.Place)
	}
	return tx.put(insertRows("item", itemColumns, 18, len(items)), args...)
}

func scanItem(s scanner) (v rapport.Item, err error) {
	var data string
	var content jsonText[rapport.Content]
	err = s.Scan(&v.ConversationID, &v.Seq, &v.Kind, &v.By, &v.AuthorID, &v.AuthorName, &v.Body, &v.Event, &data, &v.InboxID, &v.ExternalID, &v.ClientID, &v.Delivery, &v.Error, &content, milli{&v.PinnedAt}, milli{&v.At}, &v.Place)
	v.Content = content.v
	if err == nil && data != "" {
		err = json.Unmarshal([]byte(data), &v.Data)
	}
	return v, err
}

// item returns the one item of a condition; ok is false when there is none.
func (tx *Tx) item(where string, args ...any) (v rapport.Item, ok bool, err error) {
	v, err = scanItem(tx.queryRow("select "+itemColumns+" from item where "+where, args...))
	if errors.Is(err, sql.ErrNoRows) {
		return v, false, nil
	}
	return v, err == nil, classify(err)
}

// Item returns one entry of a thread.
func (tx *Tx) Item(id rapport.ConversationID, seq int) (rapport.Item, error) {
	v, ok, err := tx.item("conversation_id = $1 and seq = $2", id, seq)
	if err == nil && !ok {
		return v, missing("item", string(id)+"/"+itoa(seq))
	}
	return v, err
}

// ItemByExternal finds an inbound message by the channel's id.
func (tx *Tx) ItemByExternal(inbox rapport.InboxID, external string) (rapport.Item, bool, error) {
	return tx.item("inbox_id = $1 and external_id = $2 and external_id <> ''", inbox, external)
}

// ItemByClient finds an item by the id its sender gave it.
func (tx *Tx) ItemByClient(id rapport.ConversationID, client string) (rapport.Item, bool, error) {
	return tx.item("conversation_id = $1 and client_id = $2 and client_id <> ''", id, client)
}

// Items returns entries of a thread in its order: those after a place, or the
// last ones before a place (0: the end).
func (tx *Tx) Items(id rapport.ConversationID, after, before, limit int) (items []rapport.Item, err error) {
	bound, sign, order := after, ">", ""
	if after == 0 {
		bound, sign, order = before, "<", " desc"
		if before == 0 {
			bound = 1 << 30
		}
	}
	return tx.stretch("place "+sign+" $2", "seq "+sign+" $2", order, id, bound, limit)
}

// stretch returns entries of a thread in its order, from its end or, with an
// empty order, its beginning. The last argument is how many. What a merge put in
// its place lies before all that has come since; mostly there is none of it.
func (tx *Tx) stretch(placed, rest, order string, args ...any) (items []rapport.Item, err error) {
	items = []rapport.Item{}
	limit := args[len(args)-1].(int)
	last := " limit $" + itoa(len(args))
	const from = "select " + itemColumns + " from item where conversation_id = $1 and "
	err = tx.rows(func(s scanner) error {
		v, err := scanItem(s)
		items = append(items, v)
		return err
	}, "select * from ("+from+"place > 0 and "+placed+" order by place"+order+last+") p union all select * from ("+from+"place = 0 and "+rest+" order by seq"+order+last+") s", args...)
	slices.SortFunc(items, func(a, b rapport.Item) int { return cmp.Compare(a.InOrder(), b.InOrder()) })
	if len(items) > limit && order == "" {
		items = items[:limit]
	} else if len(items) > limit {
		items = items[len(items)-limit:]
	}
	return items, err
}

// ItemsNumbered returns entries of a thread by their numbers, whatever its order.
func (tx *Tx) ItemsNumbered(id rapport.ConversationID, first, last int) (items []rapport.Item, err error) {
	err = tx.rows(func(s scanner) error {
		v, err := scanItem(s)
		items = append(items, v)
		return err
	}, "select "+itemColumns+" from item where conversation_id = $1 and seq >= $2 and seq <= $3 order by seq", id, first, last)
	return items, err
}

// SetDelivery saves how far a message got.
func (tx *Tx) SetDelivery(id rapport.ConversationID, seq int, d rapport.Delivery, failure string) error {
	_, err := tx.exec("update item set delivery = $3, error = $4 where conversation_id = $1 and seq = $2", id, seq, d, failure)
	return err
}

// Undelivered returns our messages up to a number that are not yet in a state. Of
// those that failed it is only the one of that number: what is said of it says
// nothing of others.
func (tx *Tx) Undelivered(id rapport.ConversationID, upTo int, d rapport.Delivery) (items []rapport.Item, err error) {
	err = tx.rows(func(s scanner) error {
		v, err := scanItem(s)
		if err == nil && d.After(v.Delivery) {
			items = append(items, v)
		}
		return err
	}, "select "+itemColumns+" from item where conversation_id = $1 and seq <= $2 and kind = 'message' and author_kind <> 'customer' and (delivery in ('queued', 'sent', 'delivered') or delivery = 'failed' and seq = $2) order by seq", id, upTo)
	return items, err
}
