package store

import (
	"database/sql"
	"errors"

	"rapport"
)

// InsertContact adds a customer with their points.
func (tx *Tx) InsertContact(c rapport.Contact) error {
	if err := tx.put("insert into contact (id, name, known, active_at, created_at) values ($1, $2, $3, $4, $4)", c.ID, c.Name, c.Known, c.CreatedAt); err != nil {
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
	if err != nil {
		return err
	}
	return tx.sortByName(id, name)
}

// SetContactFields saves what is known of a contact besides.
func (tx *Tx) SetContactFields(id rapport.ContactID, fields map[string]string) error {
	if err := tx.demand(missing("customer", string(id)), "update contact set fields = $2 where id = $1", id, jsonOf(fields)); err != nil {
		return err
	}
	return tx.keyFields(id, fields)
}

// Contact returns a customer with their points.
func (tx *Tx) Contact(id rapport.ContactID) (c rapport.Contact, err error) {
	var fields jsonText[map[string]string]
	var tags jsonText[[]string]
	err = tx.queryRow("select id, name, known, fields, tags, merged_into, erased_at, created_at from contact where id = $1", id).
		Scan(&c.ID, &c.Name, &c.Known, &fields, &tags, &c.MergedInto, milli{&c.ErasedAt}, milli{&c.CreatedAt})
	c.Fields, c.Tags = fields.v, tags.v
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
	Ongoing   rapport.ConversationID // their ongoing conversation in this inbox, or the one that it leads to (Joined), if any
	Follows   rapport.ConversationID // their latest closed one there, when none is ongoing
	Repeats   bool                   // a message with this external id is here already
}

// Caller finds the contact of a point, their conversations in an inbox, and
// whether a message is there already: all that decides what a message is, in
// one statement. Of two that were opened in the same millisecond, which only
// merging people brings together, either may be the one that was closed last.
func (tx *Tx) Caller(p rapport.Point, inbox rapport.InboxID, externalID string) (c Caller, err error) {
	questions := []question{{callerText, []any{p.Kind, p.Address, inbox, externalID}, func(s scanner) error {
		return s.Scan(&c.ContactID, &c.Name, &c.Known, &c.Ongoing, &c.Follows, &c.Repeats)
	}}}
	if !tx.far() {
		return c, tx.ask(questions...)
	}
	config, err := tx.Configuration()
	if err != nil {
		return c, err
	}
	ahead := &bondsAhead{}
	err = tx.ask(append(questions, ahead.question(config, p, inbox))...)
	if err == nil && c.Ongoing == "" {
		ahead.contact, ahead.mark = c.ContactID, tx.writer.conn.mark()
		tx.ahead = ahead
	}
	return c, err
}

const callerText = `select coalesce(k.id, ''), coalesce(k.name, ''), coalesce(k.known, 0),
			coalesce(c.id, (select v.id from joined j join conversation v on v.id = j.conversation_id and v.state <> 'closed'
				where j.contact_id = k.id and (j.inbox_id = $3 or j.inbox_id = '' and p.created_at > v.opened_at) order by j.inbox_id desc limit 1), ''),
			case when k.id is null or c.id is not null then '' else coalesce((select l.id from conversation l where l.contact_id = k.id and l.inbox_id = $3 and l.state = 'closed'
				order by l.opened_at desc limit 1), '') end,
			case when exists (select 1 from item i where i.inbox_id = $3 and i.external_id = $4 and i.external_id <> '') then 1 else 0 end
		from (select 1 as one) o left join contact_point p on p.kind = $1 and p.address = $2 left join contact k on k.id = p.contact_id
		left join conversation c on c.contact_id = k.id and c.inbox_id = $3 and c.state <> 'closed' and c.contact_id <> 'internal'`
