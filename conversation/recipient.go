package conversation

import (
	"slices"
	"strings"

	"rapport"
	"rapport/store"
)

// Recipients finds customers to write to as somebody types: by a piece of the
// name, or the beginning of an address. With an inbox, of their addresses only
// those are left that it writes to, and what was typed is read as one if it can be.
func Recipients(tx *store.Tx, actor rapport.Actor, inboxID rapport.InboxID, text string, reach Reach, limit int) (list []rapport.Contact, written *rapport.Point, err error) {
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
	list, err = tx.Recipients(actor, text, beginnings(inbox, text, country), limit)
	if err != nil || inbox == nil {
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
