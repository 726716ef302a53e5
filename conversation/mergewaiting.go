package conversation

import (
	"encoding/json"

	"rapport"
	"rapport/store"
)

// moveWaiting takes what waits to leave in a conversation that is merged along
// into the other one: it leaves from there, the way it was to go. What may leave
// only to a silent customer looks at both threads.
func moveWaiting(tx *store.Tx, m *store.Merged, was *rapport.Conversation) error {
	if was.State == rapport.Closed {
		return nil // it waits for nothing any more
	}
	end := m.Offset + m.LastSeq
	for _, side := range []struct{ mine, other rapport.ConversationID }{{m.From, m.Into}, {m.Into, m.From}} {
		waiting, err := tx.NotLeft(side.mine)
		if err != nil {
			return err
		}
		for _, o := range waiting {
			m.Before.Waiting = append(m.Before.Waiting, store.MergedWaiting{ID: o.ID, Own: side.mine == m.Into, Rest: o.Rest, ClientID: o.ClientID, LastSeq: o.LastSeq, Moved: end})
			kept := &m.Before.Waiting[len(m.Before.Waiting)-1]
			if o.OnlySilent {
				wrote, err := tx.WroteSince(o.ConversationID, o.LastSeq)
				if err == nil && !wrote {
					wrote, err = tx.WroteAfter(side.other, o.CreatedAt)
				}
				if err != nil {
					return err
				}
				if wrote {
					kept.Moved = 0
				}
			}
			o.LastSeq = kept.Moved
			if side.mine == m.From {
				if err := bringAlong(tx, &o, m.From, m.Into, was); err != nil {
					return err
				}
			}
			if err := tx.MoveOutgoing(&o); err != nil {
				return err
			}
		}
	}
	return nil
}

// bringAlong makes a waiting message another conversation's.
func bringAlong(tx *store.Tx, o *rapport.Outgoing, from, into rapport.ConversationID, was *rapport.Conversation) error {
	o.ConversationID = into
	if _, taken, err := tx.OutgoingByClient(into, o.ClientID); err != nil || taken {
		o.ClientID = ""
		if err != nil {
			return err
		}
	}
	for _, f := range o.Content.Files {
		if err := tx.MoveFile(f.ID, from, into); err != nil {
			return err
		}
	}
	var r rest
	if o.Rest != "" {
		if err := json.Unmarshal([]byte(o.Rest), &r); err != nil {
			return err
		}
	}
	if r.InboxID != "" {
		return nil
	}
	r.InboxID, r.Point = was.InboxID, was.Point
	text, err := json.Marshal(r)
	o.Rest = string(text)
	return err
}

// returnWaiting gives back what still waits when a merge is undone.
func returnWaiting(tx *store.Tx, m *store.Merged) error {
	for _, kept := range m.Before.Waiting {
		o, err := tx.Outgoing(kept.ID)
		if gone(err) {
			continue
		}
		if err != nil {
			return err
		}
		if o.ConversationID != m.Into || o.State != rapport.OutgoingWaiting && o.State != rapport.OutgoingFailed {
			continue
		}
		if o.LastSeq == kept.Moved { // not changed since
			o.LastSeq = kept.LastSeq
		} else if !kept.Own {
			o.LastSeq = m.LastSeq
		}
		if !kept.Own {
			o.ConversationID, o.Rest, o.ClientID = m.From, kept.Rest, kept.ClientID
			for _, f := range o.Content.Files {
				if err := tx.MoveFile(f.ID, m.Into, m.From); err != nil {
					return err
				}
			}
		}
		if err := tx.MoveOutgoing(&o); err != nil {
			return err
		}
	}
	return nil
}
