package store

import (
	"rapport"
)

// Duplicate is two customers who may be the same person.
type Duplicate struct {
	A, B   rapport.ContactID // A < B
	Reason string            // phone, email or name
	Shared string            // what they share
	Score  int               // higher for those who more likely are
}

// Suspect keeps a pair, unless somebody said already that they are not the same.
func (tx *Tx) Suspect(d Duplicate) error {
	if d.A > d.B {
		d.A, d.B = d.B, d.A
	}
	return tx.put(`insert into contact_duplicate (a, b, reason, shared, score, found_at) values ($1, $2, $3, $4, $5, $6)
		on conflict (a, b) do update set reason = excluded.reason, shared = excluded.shared, score = excluded.score where contact_duplicate.score < excluded.score`,
		d.A, d.B, d.Reason, d.Shared, d.Score, tx.now)
}

// Unsuspect forgets the pairs of a contact that nobody has judged.
func (tx *Tx) Unsuspect(id rapport.ContactID) error {
	if err := tx.put("delete from contact_duplicate where a = $1 and dismissed = 0", id); err != nil {
		return err
	}
	return tx.put("delete from contact_duplicate where b = $1 and dismissed = 0", id)
}

// Dismiss remembers that two are not the same.
func (tx *Tx) Dismiss(a, b rapport.ContactID) error {
	if a > b {
		a, b = b, a
	}
	return tx.put(`insert into contact_duplicate (a, b, reason, found_at, dismissed) values ($1, $2, '', $3, 1)
		on conflict (a, b) do update set dismissed = 1`, a, b, tx.now)
}

// Duplicates lists pairs of which both are still there, the likeliest first,
// after a given one.
func (tx *Tx) Duplicates(after Duplicate, limit int) (list []Duplicate, err error) {
	list = []Duplicate{}
	where, args := "", []any{limit}
	if after.A != "" {
		where = " and (d.score < $2 or d.score = $2 and (d.a, d.b) > ($3, $4))"
		args = append(args, after.Score, after.A, after.B)
	}
	err = tx.rows(func(s scanner) error {
		var d Duplicate
		err := s.Scan(&d.A, &d.B, &d.Reason, &d.Shared, &d.Score)
		list = append(list, d)
		return err
	}, `select d.a, d.b, d.reason, d.shared, d.score from contact_duplicate d join contact x on x.id = d.a and x.merged_into = '' and x.erased_at = 0
		join contact y on y.id = d.b and y.merged_into = '' and y.erased_at = 0
		where d.dismissed = 0`+where+` order by d.score desc, d.a, d.b limit $1`, args...)
	return list, err
}

// ContactsAfter returns ids of contacts in their order, for those who walk over all.
func (tx *Tx) ContactsAfter(id rapport.ContactID, limit int) ([]rapport.ContactID, error) {
	return tx.contactIDs("select id from contact where id > $1 and id <> 'internal' order by id limit $2", id, limit)
}

// FieldNames returns the names of all fields that customers have.
func (tx *Tx) FieldNames() (names []string, err error) {
	err = tx.rows(func(s scanner) error {
		var kind string
		err := s.Scan(&kind)
		names = append(names, kind[len(KeyField):])
		return err
	}, "select distinct kind from contact_key where kind >= 'field:' and kind < 'field;' order by kind")
	return names, err
}
