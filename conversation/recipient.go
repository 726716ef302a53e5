package conversation

import (
	"slices"
	"strings"

	"rapport"
	"rapport/store"
)

// Recipients finds customers to write to as somebody types: by the beginning of
// an address, and those whom the search has found by name. Where it knows nobody
// (the index comes a moment after the customer), a piece of the name does. With an
// inbox, of their addresses only those are left that it writes to, and what was
// typed is read as one if it can be.
func Recipients(tx *store.Tx, actor rapport.Actor, inboxID rapport.InboxID, text string, named []rapport.ContactID, reach Reach, limit int) (list []rapport.Contact, written *rapport.Point, err error) {
	config, err := tx.Configuration()
	if err != nil {
		return nil, nil, err
	}
	inbox := config.Inboxes[inboxID]
	var r rapport.Reach
	if inbox != nil {
		r = reach(inbox.Channel)
	}
	country := config.Settings.Country
	piece := text
	if len(named) > 0 {
		piece = ""
	}
	if list, err = tx.Recipients(actor, piece, beginnings(inbox, text, country), limit); err != nil {
		return nil, nil, err
	}
	if list, err = withNamed(tx, list, named, limit); err != nil || inbox == nil {
		return list, nil, err
	}
	for i := range list {
		list[i].Points = slices.DeleteFunc(list[i].Points, func(p rapport.Point) bool { return !r.Writes(inbox.ID, p) })
	}
	if r.Begins != rapport.BeginsAddress || !addressLike(text) {
		return list, nil, nil
	}
	p, err := typedPoint(inbox, r, "", text, country)
	if err != nil || slices.ContainsFunc(list, func(c rapport.Contact) bool {
		return slices.ContainsFunc(c.Points, func(o rapport.Point) bool { return samePoint(o, p) })
	}) {
		return list, nil, nil
	}
	return list, &p, nil
}

// withNamed adds customers who can be written to behind those found by address.
func withNamed(tx *store.Tx, list []rapport.Contact, named []rapport.ContactID, limit int) ([]rapport.Contact, error) {
	for _, id := range named {
		if len(list) >= limit || slices.ContainsFunc(list, func(c rapport.Contact) bool { return c.ID == id }) {
			continue
		}
		c, err := tx.Contact(id)
		switch {
		case err != nil && rapport.KindOf(err) != rapport.NotFound:
			return nil, err
		case err == nil && c.ID != rapport.InternalContact && c.MergedInto == "" && c.ErasedAt.IsZero():
			list = append(list, c)
		}
	}
	return list, nil
}

// addressLike tells a number or an e-mail address from the beginning of a name.
func addressLike(text string) bool {
	return strings.Contains(text, "@") || strings.ContainsAny(text, "0123456789") && !strings.Contains(text, "  ")
}

// beginnings are what the addresses begin with that somebody types, by kind.
func beginnings(inbox *rapport.Inbox, text, country string) (list []rapport.Point) {
	lower := strings.ToLower(text)
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, text)
	switch {
	case strings.HasPrefix(digits, "+"):
		list = append(list, rapport.Point{Kind: rapport.PointPhone, Address: digits})
	case strings.HasPrefix(digits, "00"):
		list = append(list, rapport.Point{Kind: rapport.PointPhone, Address: "+" + digits[2:]})
	case len(digits) > 2:
		if p, err := typedPoint(&rapport.Inbox{}, rapport.Reach{Points: []rapport.PointKind{rapport.PointPhone}}, rapport.PointPhone, text, country); err == nil {
			list = append(list, p)
		}
	}
	if !strings.ContainsAny(text, " ") {
		list = append(list, rapport.Point{Kind: rapport.PointEmail, Address: lower})
	}
	if inbox != nil {
		list = append(list, rapport.Point{Kind: rapport.PointExternal, Address: string(inbox.ID) + ":" + text})
	}
	return list
}
