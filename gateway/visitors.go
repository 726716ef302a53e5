package gateway

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"rapport"
	"rapport/channel"
	"rapport/conversation"
	"rapport/store"
)

const (
	shownEntries = 300    // of a thread, when a visitor comes back
	mostEvents   = 500    // of one visitor, caught up with at once
	farthest     = 20_000 // events of everybody, searched for one visitor's
	lookedAt     = 50     // entries back from where the agent looked
)

// Admit implements channel.Visitors.
func (h *host) Admit(ctx context.Context, v channel.Visitor) (channel.Visitor, error) {
	err := h.g.DB.Update(ctx, func(tx *store.Tx) (err error) {
		v.Contact = rapport.Contact{}
		if v.Verified {
			if v.Contact, err = conversation.Identify(tx, h.inbox, v.Points, v.Name); err != nil {
				return err
			}
		}
		return tx.InsertVisitor(store.Visitor{TokenHash: v.TokenHash, InboxID: h.inbox, ContactID: v.Contact.ID, Point: v.Point, Verified: v.Verified, ExpiresAt: v.ExpiresAt})
	})
	return v, err
}

// Visitor implements channel.Visitors.
func (h *host) Visitor(ctx context.Context, tokenHash string) (v channel.Visitor, err error) {
	err = h.g.DB.View(ctx, func(tx *store.Tx) error {
		kept, err := tx.Visitor(tokenHash)
		if err == nil && kept.InboxID != h.inbox {
			err = rapport.Errorf(rapport.NotFound, "not_found", "There is no such visitor in this inbox.")
		}
		if err != nil {
			return err
		}
		v = channel.Visitor{TokenHash: kept.TokenHash, Point: kept.Point, Verified: kept.Verified, ExpiresAt: kept.ExpiresAt}
		if kept.ContactID != "" {
			v.Contact, err = tx.Contact(kept.ContactID)
		}
		return err
	})
	return v, err
}

// latest returns the visitor's contact and the conversation that what they write
// in this inbox belongs to, else their latest one; nil if there is none.
func (h *host) latest(tx *store.Tx, v channel.Visitor) (id rapport.ContactID, s *rapport.Summary, err error) {
	if id, err = tx.PointOwner(v.Point); err != nil || id == "" {
		return id, nil, err
	}
	h.g.bells.bind(v.Point, id)
	latest, err := tx.LatestWith(id, h.inbox)
	if err != nil || latest == "" {
		return id, nil, err
	}
	found, err := tx.Summary(latest)
	return id, &found, err
}

// Thread implements channel.Visitors.
func (h *host) Thread(ctx context.Context, v channel.Visitor) (t channel.Thread, err error) {
	t.Items = []rapport.Item{}
	err = h.g.DB.View(ctx, func(tx *store.Tx) error {
		var err error
		if t.Cursor, _, err = tx.Head(); err != nil {
			return err
		}
		_, s, err := h.latest(tx, v)
		if err != nil || s == nil {
			return err
		}
		c, err := h.known(tx, s)
		if err != nil {
			return err
		}
		t.Conversation = &c
		entries, err := tx.Items(s.ID, 0, 0, shownEntries)
		for _, i := range entries {
			if i.Kind != rapport.ItemMessage || i.InboxID != h.inbox { // what went by other ways is not for here
				continue
			}
			t.Items = append(t.Items, i)
			if i.By != rapport.ByCustomer && i.Seq > s.CustomerSeen {
				t.Unread++
			}
		}
		return err
	})
	return t, err
}

// After implements channel.Visitors. It reads the log from the cursor on, in
// the snapshot whose end is the new cursor; so nothing falls between two calls.
func (h *host) After(ctx context.Context, v channel.Visitor, cursor int64) (t channel.Thread, err error) {
	found := items{}
	err = h.g.DB.View(ctx, func(tx *store.Tx) error {
		last, first, err := tx.Head()
		if err != nil {
			return err
		}
		if cursor > last || cursor < first-1 || last-cursor > farthest {
			return errCursorGone
		}
		t.Cursor = last
		id, s, err := h.latest(tx, v)
		if err != nil || s == nil {
			return err
		}
		c, err := h.known(tx, s)
		if err != nil {
			return err
		}
		t.Conversation = &c
		events, err := tx.ContactEventsAfter(id, cursor, mostEvents)
		if err != nil {
			return err
		}
		if len(events) == mostEvents {
			return errCursorGone
		}
		for i := range events {
			if err := h.collect(tx, &events[i], found); err != nil {
				return err
			}
		}
		return nil
	})
	t.Items = found.sorted()
	return t, err
}

var errCursorGone = rapport.Errorf(rapport.Conflict, "cursor_gone", "Too much has happened since this cursor; begin the session again.")

// items holds the latest state of each message.
type items map[place]rapport.Item

type place struct {
	conversation rapport.ConversationID
	seq          int
}

func (m items) add(i rapport.Item) {
	if i.Kind == rapport.ItemMessage {
		m[place{i.ConversationID, i.Seq}] = i
	}
}

// add takes a message that went by this inbox.
func (h *host) add(found items, i rapport.Item) {
	if i.InboxID == h.inbox {
		found.add(i)
	}
}

func (m items) sorted() []rapport.Item {
	list := make([]rapport.Item, 0, len(m))
	for _, i := range m {
		list = append(list, i)
	}
	slices.SortFunc(list, func(a, b rapport.Item) int {
		return cmp.Or(cmp.Compare(a.ConversationID, b.ConversationID), cmp.Compare(a.Seq, b.Seq)) // ids grow with time
	})
	return list
}

// collect takes the messages out of an event of this inbox. When the agent has
// looked, the customer's own messages have changed: they were seen.
func (h *host) collect(tx *store.Tx, e *rapport.Event, found items) error {
	var change rapport.Change
	if err := json.Unmarshal(e.Data, &change); err != nil {
		return err
	}
	s := change.Conversation
	if s == nil {
		return nil
	}
	for _, i := range change.Items {
		h.add(found, i)
	}
	if e.Kind != "conversation.seen" && e.Kind != "message.sent" { // who answers has looked
		return nil
	}
	before := s.AgentSeen + 1
	if len(change.Items) > 0 {
		before = min(before, change.Items[0].Seq) // the answer itself
	}
	entries, err := tx.Items(s.ID, 0, before, lookedAt)
	for _, i := range slices.Backward(entries) {
		if i.Kind == rapport.ItemMessage && i.By != rapport.ByCustomer {
			break // what is older had been seen when this was written
		}
		h.add(found, i)
	}
	return err
}

// Watch implements channel.Visitors.
func (h *host) Watch(v channel.Visitor) channel.Watch {
	return h.g.bells.hang(v.Point, v.Contact.ID)
}

// Act implements channel.Visitors.
func (h *host) Act(ctx context.Context, v channel.Visitor, a channel.Action) error {
	var s *rapport.Summary
	err := h.g.DB.View(ctx, func(tx *store.Tx) (err error) {
		_, s, err = h.latest(tx, v)
		return err
	})
	if err != nil || s == nil {
		return err
	}
	if a.Typing != nil && h.g.CustomerTypes != nil && s.State != rapport.Closed {
		if err := h.g.CustomerTypes(ctx, s.ID, *a.Typing); err != nil {
			return err
		}
	}
	if a.Anyone {
		return h.g.DB.Update(ctx, func(tx *store.Tx) error { return conversation.Anyone(tx, s.ID) })
	}
	if a.Rating != nil {
		return h.g.DB.Update(ctx, func(tx *store.Tx) error {
			v, found, err := tx.OpenSurvey(s.ID)
			if err == nil && !found {
				err = rapport.Errorf(rapport.Conflict, "no_survey", "There is no question to answer.")
			}
			if err == nil {
				_, err = conversation.Rate(tx, v, *a.Rating)
			}
			return err
		})
	}
	if a.Seen <= s.CustomerSeen {
		return nil
	}
	return h.g.DB.Update(ctx, func(tx *store.Tx) error { return conversation.CustomerSeen(tx, s.ID, h.inbox, a.Seen) })
}
