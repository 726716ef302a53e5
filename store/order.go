package store

import (
	"slices"

	"rapport"
	"rapport/lib/sortname"
)

// orderOf is the place of a conversation in sorted lists. first tells that its
// queue is the default one, which lists show on top (S3-89).
func orderOf(s *rapport.Summary, first bool) rapport.Order {
	return rapport.Order{At: millis(s.ListedAt()), Customer: s.SortName, Queue: queueKey(s.QueueName, first)}
}

// queueKey is what a queue is sorted by.
func queueKey(name string, first bool) string {
	switch {
	case first:
		return "0"
	case name == "": // none
		return "2"
	}
	return "1 " + sortname.Key(name)
}

// SortByName brings the place of a customer's conversations in sorted lists in
// step with what the customer is called. Whatever changes a name, a contact
// point, or whose a conversation is, calls it.
func (tx *Tx) SortByName(id rapport.ContactID) error {
	var name string
	if err := tx.queryRow("select name from contact where id = $1", id).Scan(&name); err != nil {
		return found(err, "customer", string(id))
	}
	return tx.sortByName(id, name)
}

func (tx *Tx) sortByName(id rapport.ContactID, name string) error {
	if name != "" {
		return tx.write("update conversation set sort_name = $2 where contact_id = $1", id, sortname.Key(name))
	}
	points := map[rapport.ConversationID]rapport.Point{}
	err := tx.rows(func(s scanner) error {
		var c rapport.ConversationID
		var p rapport.Point
		err := s.Scan(&c, &p.Kind, &p.Address, &p.Shown)
		points[c] = p
		return err
	}, "select id, point_kind, point_address, point_shown from conversation where contact_id = $1", id)
	if err != nil {
		return err
	}
	for c, p := range points {
		if err := tx.write("update conversation set sort_name = $2 where id = $1", c, sortname.Key(rapport.ShownName("", p))); err != nil {
			return err
		}
	}
	return nil
}

// oldLists is the cursor of IndexOld: 1 when all is done.
const oldLists = "lists.old"

// IndexOld makes the sort names and the index of tags for conversations that
// came from an older version, some at a time; done tells that no more are left.
func (tx *Tx) IndexOld(limit int) (done bool, err error) {
	if seq, ok, err := tx.Cursor(oldLists); err != nil || ok && seq == 1 {
		return true, err
	}
	type row struct {
		id        rapport.ConversationID
		name, was string
		point     rapport.Point
		tags      jsonText[[]string]
	}
	var after string
	if err := tx.queryRow("select coalesce((select value from setting where name = $1), '')", oldLists).Scan(&after); err != nil {
		return false, classify(err)
	}
	var list []row
	err = tx.rows(func(s scanner) error {
		var r row
		err := s.Scan(&r.id, &r.name, &r.was, &r.point.Kind, &r.point.Address, &r.point.Shown, &r.tags)
		list = append(list, r)
		return err
	}, `select c.id, coalesce(k.name, ''), c.sort_name, c.point_kind, c.point_address, c.point_shown, c.tags
		from conversation c left join contact k on k.id = c.contact_id where c.id > $1 order by c.id limit $2`, after, limit)
	if err != nil {
		return false, err
	}
	for _, r := range list {
		if key := sortname.Key(rapport.ShownName(r.name, r.point)); key != r.was {
			if err := tx.write("update conversation set sort_name = $2 where id = $1", r.id, key); err != nil {
				return false, err
			}
		}
		if err := tx.indexTags(r.id, nil, r.tags.v); err != nil {
			return false, err
		}
	}
	if len(list) < limit {
		if err := tx.put("delete from setting where name = $1", oldLists); err != nil {
			return false, err
		}
		return true, tx.MoveCursor(oldLists, 1)
	}
	return false, tx.put("insert into setting (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value", oldLists, string(list[len(list)-1].id))
}

// indexTags keeps the index of tags in step with a conversation.
func (tx *Tx) indexTags(id rapport.ConversationID, was, now []string) error {
	if slices.Equal(was, now) {
		return nil
	}
	for _, t := range was {
		if !slices.Contains(now, t) {
			if err := tx.put("delete from conversation_tag where tag = $1 and conversation_id = $2", t, id); err != nil {
				return err
			}
		}
	}
	for _, t := range now {
		if !slices.Contains(was, t) {
			if err := tx.put("insert into conversation_tag (tag, conversation_id) values ($1, $2) on conflict (tag, conversation_id) do nothing", t, id); err != nil {
				return err
			}
		}
	}
	return nil
}
