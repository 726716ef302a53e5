package store

import (
	"database/sql"
	"errors"

	"rapport"
)

// InsertContact adds a customer with their points.
func (tx *Tx) InsertContact(c rapport.Contact) error {
	if err := tx.put("insert into contact (id, name, known, created_at) values ($1, $2, $3, $4)", c.ID, c.Name, c.Known, c.CreatedAt); err != nil {
		return err
	}
	for _, p := range c.Points {
		if err := tx.InsertPoint(c.ID, p); err != nil {
			return err
		}
	}
	return nil
}

// InsertPoint gives a contact one more point.
func (tx *Tx) InsertPoint(id rapport.ContactID, p rapport.Point) error {
	return tx.put("insert into contact_point (kind, address, contact_id, shown, created_at) values ($1, $2, $3, $4, $5)", p.Kind, p.Address, id, p.Shown, tx.now)
}

// NameContact saves the name of a contact, and that somebody vouched for it.
func (tx *Tx) NameContact(id rapport.ContactID, name string, known bool) error {
	n, err := tx.exec("update contact set name = $2, known = $3 where id = $1", id, name, known)
	if err == nil && n == 0 {
		return missing("customer", string(id))
	}
	return err
}

// Contact returns a customer with their points.
func (tx *Tx) Contact(id rapport.ContactID) (c rapport.Contact, err error) {
	err = tx.queryRow("select id, name, known, created_at from contact where id = $1", id).Scan(&c.ID, &c.Name, &c.Known, milli{&c.CreatedAt})
	if err != nil {
		return c, found(err, "customer", string(id))
	}
	c.Points = []rapport.Point{}
	err = tx.rows(func(s scanner) error {
		var p rapport.Point
		err := s.Scan(&p.Kind, &p.Address, &p.Shown)
		c.Points = append(c.Points, p)
		return err
	}, "select kind, address, shown from contact_point where contact_id = $1 order by created_at, kind, address", id)
	return c, err
}

// PointOwner returns the contact that a point belongs to, "" if nobody.
func (tx *Tx) PointOwner(p rapport.Point) (id rapport.ContactID, err error) {
	err = tx.queryRow("select contact_id from contact_point where kind = $1 and address = $2", p.Kind, p.Address).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return id, classify(err)
}

// Caller is what the first look at an inbound message finds.
type Caller struct {
	ContactID rapport.ContactID // empty for somebody new
	Name      string
	Known     bool
	Ongoing   rapport.ConversationID // their ongoing conversation in this inbox, if any
}

// Caller finds the contact of a point and their ongoing conversation in an inbox.
func (tx *Tx) Caller(p rapport.Point, inbox rapport.InboxID) (c Caller, err error) {
	err = tx.queryRow(`select k.id, k.name, k.known, coalesce(c.id, '') from contact_point p join contact k on k.id = p.contact_id
		left join conversation c on c.contact_id = k.id and c.inbox_id = $3 and c.state <> 'closed'
		where p.kind = $1 and p.address = $2`, p.Kind, p.Address, inbox).Scan(&c.ContactID, &c.Name, &c.Known, &c.Ongoing)
	if errors.Is(err, sql.ErrNoRows) {
		return c, nil
	}
	return c, classify(err)
}
