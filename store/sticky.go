package store

import (
	"strings"

	"rapport"
)

const stickyColumns = "s.id, s.title, s.agent_id, s.enabled, s.updated_at, coalesce(a.name, '')"

func scanSticky(s scanner) (v rapport.StickyAgent, err error) {
	err = s.Scan(&v.ID, &v.Title, &v.AgentID, &v.Enabled, milli{&v.UpdatedAt}, &v.AgentName)
	return v, err
}

// SaveSticky inserts or replaces a record. A point of another enabled record
// is refused, naming that record (C6).
func (tx *Tx) SaveSticky(v rapport.StickyAgent) error {
	if v.Enabled {
		for _, p := range v.Points {
			other, taken, err := tx.StickyOf(p)
			if err != nil {
				return err
			}
			if taken && other.ID != v.ID {
				return rapport.Errorf(rapport.Conflict, "point_taken", "%s already belongs to the sticky agent “%s” (%s). Remove it there or disable that record first.", p.Address, other.Title, other.AgentName).
					With("record", map[string]any{"id": other.ID, "title": other.Title}).With("address", p.Address)
			}
		}
	}
	if _, err := tx.exec(`insert into sticky_agent (id, title, agent_id, enabled, created_at, updated_at) values ($1, $2, $3, $4, $5, $5)
		on conflict (id) do update set title = excluded.title, agent_id = excluded.agent_id, enabled = excluded.enabled, updated_at = excluded.updated_at`,
		v.ID, v.Title, v.AgentID, v.Enabled, tx.now); err != nil {
		return err
	}
	if _, err := tx.exec("delete from sticky_point where sticky_id = $1", v.ID); err != nil {
		return err
	}
	for i, p := range v.Points {
		if _, err := tx.exec("insert into sticky_point (sticky_id, pos, kind, address, shown, enabled) values ($1, $2, $3, $4, $5, $6)", v.ID, i, p.Kind, p.Address, p.Shown, v.Enabled); err != nil {
			return err
		}
	}
	return nil
}

// DeleteSticky removes a record.
func (tx *Tx) DeleteSticky(id rapport.StickyID) error {
	if _, err := tx.exec("delete from sticky_point where sticky_id = $1", id); err != nil {
		return err
	}
	n, err := tx.exec("delete from sticky_agent where id = $1", id)
	if err == nil && n == 0 {
		return missing("sticky agent", string(id))
	}
	return err
}

// Sticky returns one record with its points.
func (tx *Tx) Sticky(id rapport.StickyID) (rapport.StickyAgent, error) {
	v, err := scanSticky(tx.queryRow("select "+stickyColumns+" from sticky_agent s left join agent a on a.id = s.agent_id where s.id = $1", id))
	if err != nil {
		return v, found(err, "sticky agent", string(id))
	}
	return v, tx.stickyPoints(&v)
}

// StickyOf returns the enabled record that a point belongs to.
func (tx *Tx) StickyOf(p rapport.Point) (v rapport.StickyAgent, ok bool, err error) {
	err = tx.rows(func(s scanner) error {
		v, err = scanSticky(s)
		ok = true
		return err
	}, "select "+stickyColumns+" from sticky_point p join sticky_agent s on s.id = p.sticky_id left join agent a on a.id = s.agent_id where p.kind = $1 and p.address = $2 and p.enabled = 1 and s.enabled = 1", p.Kind, p.Address)
	return v, ok, err
}

// StickyOfContact returns the enabled record that names one of a contact's points.
func (tx *Tx) StickyOfContact(id rapport.ContactID) (v rapport.StickyAgent, ok bool, err error) {
	err = tx.rows(func(s scanner) error {
		v, err = scanSticky(s)
		ok = true
		return err
	}, "select "+stickyColumns+` from contact_point k join sticky_point p on p.kind = k.kind and p.address = k.address and p.enabled = 1
		join sticky_agent s on s.id = p.sticky_id and s.enabled = 1 left join agent a on a.id = s.agent_id where k.contact_id = $1 order by s.updated_at desc, s.id limit 1`, id)
	return v, ok, err
}

// Stickies lists records by title. search looks into titles, agents' names and
// addresses; written are what it may be in addresses besides. enabled, when given,
// keeps only those records.
func (tx *Tx) Stickies(search string, written []string, enabled *bool, after string, limit int) (list []rapport.StickyAgent, err error) {
	w, args := "1 = 1", []any{}
	if search != "" {
		args = append(args, search)
		address := tx.db.dialect.mentioning("$1", "p.address")
		for _, text := range written {
			args = append(args, text)
			address += " or " + tx.db.dialect.mentioning("$"+itoa(len(args)), "p.address")
		}
		w += " and (" + tx.db.dialect.mentioning("$1", "s.title", "a.name") +
			" or exists (select 1 from sticky_point p where p.sticky_id = s.id and (" + address + ")))"
	}
	if enabled != nil {
		args = append(args, *enabled)
		w += " and s.enabled = $" + itoa(len(args))
	}
	if at := strings.LastIndexByte(after, 0); at >= 0 { // SQLite may have titles with such a byte
		args = append(args, after[:at], after[at+1:])
		w += " and (s.title, s.id) > ($" + itoa(len(args)-1) + ", $" + itoa(len(args)) + ")"
	}
	args = append(args, limit)
	list = []rapport.StickyAgent{}
	err = tx.rows(func(s scanner) error {
		v, err := scanSticky(s)
		list = append(list, v)
		return err
	}, "select "+stickyColumns+" from sticky_agent s left join agent a on a.id = s.agent_id where "+w+" order by s.title, s.id limit $"+itoa(len(args)), args...)
	for i := range list {
		if err == nil {
			err = tx.stickyPoints(&list[i])
		}
	}
	return list, err
}

func (tx *Tx) stickyPoints(v *rapport.StickyAgent) error {
	v.Points = []rapport.Point{}
	return tx.rows(func(s scanner) error {
		var p rapport.Point
		err := s.Scan(&p.Kind, &p.Address, &p.Shown)
		v.Points = append(v.Points, p)
		return err
	}, "select kind, address, shown from sticky_point where sticky_id = $1 order by pos", v.ID)
}

// LastAgent returns who handled a contact last, if anybody did.
func (tx *Tx) LastAgent(id rapport.ContactID) (a rapport.Affinity, name string, ok bool, err error) {
	err = tx.rows(func(s scanner) error {
		ok = true
		return s.Scan(&a.ContactID, &a.AgentID, &a.ConversationID, &a.QueueID, milli{&a.EndedAt}, &name)
	}, "select f.contact_id, f.agent_id, f.conversation_id, f.queue_id, f.ended_at, a.name from affinity f join agent a on a.id = f.agent_id where f.contact_id = $1 order by f.ended_at desc, f.agent_id limit 1", id)
	return a, name, ok, err
}
