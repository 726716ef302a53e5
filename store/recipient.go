package store

import "rapport"

// Recipients finds customers by a piece of their name or the beginning of an
// address, whom an actor may see: names first. addresses are beginnings as they
// rest, by kind.
func (tx *Tx) Recipients(a rapport.Actor, name string, addresses []rapport.Point, limit int) (list []rapport.Contact, err error) {
	seen := map[rapport.ContactID]bool{}
	find := func(text string, args ...any) error {
		if !a.SeesAll() {
			text += " and exists (select 1 from conversation c where c.contact_id = k.id" + visible(a, &args) + ")"
		}
		args = append(args, limit)
		var ids []rapport.ContactID
		err := tx.rows(func(s scanner) error {
			var id rapport.ContactID
			err := s.Scan(&id)
			ids = append(ids, id)
			return err
		}, text+" limit $"+itoa(len(args)), args...)
		for _, id := range ids {
			if err == nil && !seen[id] && len(list) < limit {
				var c rapport.Contact
				c, err = tx.Contact(id)
				seen[id], list = true, append(list, c)
			}
		}
		return err
	}
	list = []rapport.Contact{}
	const nobody = " and k.id <> 'internal' and k.merged_into = '' and k.erased_at = 0"
	for _, p := range addresses {
		if err := find("select k.id from contact_point p join contact k on k.id = p.contact_id where p.kind = $1 and p.address >= $2 and p.address < $3"+nobody, p.Kind, p.Address, p.Address+"\U0010FFFF"); err != nil {
			return nil, err
		}
	}
	if name == "" {
		return list, nil
	}
	return list, find("select k.id from contact k where "+tx.db.dialect.mentioning("$1", "k.name")+nobody, name)
}
