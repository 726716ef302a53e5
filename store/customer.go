package store

import (
	"strings"
	"time"

	"rapport"
)

// folded is a text as keys hold it: lower case, one space between words, at
// most 200 bytes.
func folded(text string) string {
	text = strings.ToLower(strings.Join(strings.Fields(text), " "))
	if len(text) > 200 {
		text = strings.ToValidUTF8(text[:200], "")
	}
	return text
}

// Kinds of keys.
const (
	KeyTag   = "tag"
	KeyField = "field:" // and its name
	KeyPhone = "phone"
	KeyEmail = "email"
	KeyName  = "name"
)

func (tx *Tx) putKey(kind, value string, id rapport.ContactID) error {
	return tx.put("insert into contact_key (kind, value, contact_id) values ($1, $2, $3) on conflict do nothing", kind, value, id)
}

func (tx *Tx) keyFields(id rapport.ContactID, fields map[string]string) error {
	if err := tx.put("delete from contact_key where contact_id = $1 and kind like 'field:%'", id); err != nil {
		return err
	}
	for name, value := range fields {
		if err := tx.putKey(KeyField+name, folded(value), id); err != nil {
			return err
		}
	}
	return nil
}

// SetContactTags saves the tags of a contact.
func (tx *Tx) SetContactTags(id rapport.ContactID, tags []string) error {
	if err := tx.demand(missing("customer", string(id)), "update contact set tags = $2 where id = $1", id, jsonOf(tags)); err != nil {
		return err
	}
	if err := tx.put("delete from contact_key where contact_id = $1 and kind = $2", id, KeyTag); err != nil {
		return err
	}
	for _, t := range tags {
		if err := tx.putKey(KeyTag, folded(t), id); err != nil {
			return err
		}
	}
	return nil
}

// Compare replaces the keys that a contact is compared with others by.
func (tx *Tx) Compare(id rapport.ContactID, keys map[string][]string) error {
	if err := tx.put("delete from contact_key where contact_id = $1 and kind in ($2, $3, $4)", id, KeyPhone, KeyEmail, KeyName); err != nil {
		return err
	}
	for kind, values := range keys {
		for _, v := range values {
			if err := tx.putKey(kind, folded(v), id); err != nil {
				return err
			}
		}
	}
	return nil
}

// SharingKey returns other contacts with a key, at most limit.
func (tx *Tx) SharingKey(kind, value string, not rapport.ContactID, limit int) ([]rapport.ContactID, error) {
	return tx.contactIDs("select contact_id from contact_key where kind = $1 and value = $2 and contact_id <> $3 order by contact_id limit $4", kind, folded(value), not, limit)
}

func (tx *Tx) contactIDs(text string, args ...any) (ids []rapport.ContactID, err error) {
	err = tx.rows(func(s scanner) error {
		var id rapport.ContactID
		err := s.Scan(&id)
		ids = append(ids, id)
		return err
	}, text, args...)
	return ids, err
}

// ActiveContacts notes that something happened with customers, to the minute.
func (tx *Tx) ActiveContacts(at map[rapport.ContactID]time.Time) error {
	for id, when := range at {
		if err := tx.put("update contact set active_at = $2 where id = $1 and active_at < $3", id, when, when.Add(-time.Minute)); err != nil {
			return err
		}
	}
	return nil
}

// CustomerFilter narrows the list of customers. Empty fields do not.
type CustomerFilter struct {
	Actor rapport.Actor // only whom they may see
	Text  string        // in the name or an address
	Known *bool
	Tag   string
	Field string // the name of one, with
	Value string
	Sort  string // active, name or created
	After string // key of the last one of the page before: time in milliseconds, or folded name
	ID    string // and its id
	Limit int
}

// Customer is one line of the list.
type Customer struct {
	rapport.Contact
	ActiveAt      time.Time `json:"active_at" doc:"When something happened with them last, to the minute."`
	Conversations int       `json:"conversations" doc:"How many of theirs the caller may see; a hundred means at least as many."`
	Key           string    `json:"-"` // where the list goes on after them
}

// Customers lists contacts that were not merged into others.
func (tx *Tx) Customers(f CustomerFilter) (list []Customer, err error) {
	w, args := "k.merged_into = '' and k.id <> 'internal'", []any{}
	arg := func(v any) string {
		args = append(args, v)
		return "$" + itoa(len(args))
	}
	if words := strings.Fields(f.Text); len(words) > 0 {
		text := arg(strings.Join(words, " "))
		w += " and (" + tx.db.dialect.mentioning(text, "k.name") + " or k.id in (select contact_id from contact_point where " + tx.db.dialect.mentioning(text, "address", "shown") + "))"
	}
	if f.Known != nil {
		w += " and k.known = " + arg(*f.Known)
	}
	if f.Tag != "" {
		w += " and exists (select 1 from contact_key t where t.kind = '" + KeyTag + "' and t.value = " + arg(folded(f.Tag)) + " and t.contact_id = k.id)"
	}
	if f.Field != "" {
		w += " and exists (select 1 from contact_key t where t.kind = " + arg(KeyField+f.Field) + " and t.value = " + arg(folded(f.Value)) + " and t.contact_id = k.id)"
	}
	theirs := "from conversation c where c.contact_id = k.id"
	if !f.Actor.SeesAll() {
		theirs += visible(f.Actor, &args)
		w += " and exists (select 1 " + theirs + ")"
	}
	key, order, sign := "k.active_at", "k.active_at desc, k.id desc", "<"
	var after any
	switch f.Sort {
	case "name":
		key, order, sign, after = "lower(k.name)", "lower(k.name), k.id", ">", f.After
	case "created":
		key, order, sign, after = "k.created_at", "k.created_at desc, k.id desc", "<", number(f.After)
	default:
		after = number(f.After)
	}
	if f.ID != "" {
		w += " and (" + key + ", k.id) " + sign + " (" + arg(after) + ", " + arg(f.ID) + ")"
	}
	list = []Customer{}
	err = tx.rows(func(s scanner) error {
		var c Customer
		var fields jsonText[map[string]string]
		var tags jsonText[[]string]
		var name string
		err := s.Scan(&c.ID, &c.Name, &c.Known, &fields, &tags, milli{&c.CreatedAt}, milli{&c.ActiveAt}, &name,
			&c.Conversations)
		c.Fields, c.Tags, c.Points = fields.v, tags.v, []rapport.Point{}
		switch f.Sort {
		case "name":
			c.Key = name
		case "created":
			c.Key = itoa(int(millis(c.CreatedAt)))
		default:
			c.Key = itoa(int(millis(c.ActiveAt)))
		}
		list = append(list, c)
		return err
	}, `select k.id, k.name, k.known, k.fields, k.tags, k.created_at, k.active_at, lower(k.name),
		(select count(*) from (select 1 `+theirs+` limit 100) n)
		from contact k where `+w+" order by "+order+" limit "+arg(f.Limit), args...)
	if err != nil || len(list) == 0 {
		return list, err
	}
	return list, tx.pointsOf(list)
}

func number(text string) int64 {
	var n int64
	for _, r := range text {
		if r < '0' || r > '9' {
			return 0
		}
		n = n*10 + int64(r-'0')
	}
	return n
}

// CustomerNames returns what customers are called, or were when they were merged
// into others. Erased ones have no name.
func (tx *Tx) CustomerNames(ids []rapport.ContactID) (map[rapport.ContactID]string, error) {
	names := map[rapport.ContactID]string{}
	if len(ids) == 0 {
		return names, nil
	}
	var list []Customer
	marks, args := listed(ids)
	err := tx.rows(func(s scanner) error {
		var c Customer
		err := s.Scan(&c.ID, &c.Name)
		list = append(list, c)
		return err
	}, "select id, name from contact where id in ("+marks+")", args...)
	if err != nil || len(list) == 0 {
		return names, err
	}
	err = tx.rows(func(s scanner) error {
		var id rapport.ContactID
		var name string
		err := s.Scan(&id, &name)
		names[id] = name
		return err
	}, "select from_id, from_name from contact_merge where from_id in ("+marks+") order by at", args...)
	if err != nil {
		return nil, err
	}
	if err := tx.pointsOf(list); err != nil {
		return nil, err
	}
	for _, c := range list {
		var p rapport.Point
		if len(c.Points) > 0 {
			p = c.Points[0]
		}
		if name := rapport.ShownName(c.Name, p); name != "" {
			names[c.ID] = name
		}
	}
	return names, nil
}

// pointsOf reads the points of a page of customers at once.
func (tx *Tx) pointsOf(list []Customer) error {
	at := map[rapport.ContactID]int{}
	ids := make([]rapport.ContactID, len(list))
	for i := range list {
		at[list[i].ID], ids[i] = i, list[i].ID
	}
	marks, args := listed(ids)
	return tx.rows(func(s scanner) error {
		var id rapport.ContactID
		var p rapport.Point
		err := s.Scan(&id, &p.Kind, &p.Address, &p.Shown)
		c := &list[at[id]]
		c.Points = append(c.Points, p)
		return err
	}, "select contact_id, kind, address, shown from contact_point where contact_id in ("+marks+") order by created_at, kind, address", args...)
}

// DeletePoint takes a point from a contact.
func (tx *Tx) DeletePoint(id rapport.ContactID, p rapport.Point) error {
	n, err := tx.exec("delete from contact_point where contact_id = $1 and kind = $2 and address = $3", id, p.Kind, p.Address)
	if err == nil && n == 0 {
		return rapport.Errorf(rapport.NotFound, "not_found", "The customer has no contact point %s.", p.Address)
	}
	return err
}

// MovePoint gives a point of a contact to another.
func (tx *Tx) MovePoint(from, to rapport.ContactID, p rapport.Point) (moved bool, err error) {
	n, err := tx.exec("update contact_point set contact_id = $2 where contact_id = $1 and kind = $3 and address = $4", from, to, p.Kind, p.Address)
	return n > 0, err
}

// PointUsed tells whether a contact has a conversation, other than one, whose
// replies go to a point.
func (tx *Tx) PointUsed(id rapport.ContactID, p rapport.Point, not rapport.ConversationID) (used bool, err error) {
	err = tx.queryRow("select case when exists (select 1 from conversation where contact_id = $1 and point_kind = $2 and point_address = $3 and id <> $4) then 1 else 0 end", id, p.Kind, p.Address, not).Scan(&used)
	return used, classify(err)
}

// NoteContact writes a line of what was done to a customer.
func (tx *Tx) NoteContact(actor rapport.Actor, id rapport.ContactID, action string, detail ...rapport.Detail) error {
	return tx.put("insert into contact_change (id, contact_id, at, by_id, by_name, action, detail) values ($1, $2, $3, $4, $5, $6, $7)",
		rapport.NewID[string](), id, tx.now, actor.AgentID, actor.Name, action, jsonOf(detail))
}

// ContactChanges returns what was done to a customer, the latest first, before
// an id ("" for the end).
func (tx *Tx) ContactChanges(id rapport.ContactID, before string, limit int) (list []rapport.ContactChange, err error) {
	list = []rapport.ContactChange{}
	err = tx.rows(func(s scanner) error {
		var c rapport.ContactChange
		var detail jsonText[[]rapport.Detail]
		err := s.Scan(&c.ID, milli{&c.At}, &c.ByID, &c.ByName, &c.Action, &detail)
		c.Detail = detail.v
		list = append(list, c)
		return err
	}, "select id, at, by_id, by_name, action, detail from contact_change where contact_id = $1 and ($2 = '' or id < $2) order by id desc limit $3", id, before, limit)
	return list, err
}
