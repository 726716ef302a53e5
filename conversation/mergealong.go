package conversation

import (
	"cmp"
	"slices"

	"rapport"
	"rapport/store"
)

// moveDrafts takes along what agents have begun to write in a conversation that
// is merged. Who has begun something in the other one, too, finds both there,
// one after the other; undoing the merge does not part them.
func moveDrafts(tx *store.Tx, from, into rapport.ConversationID) error {
	begun, err := tx.DraftsIn(from)
	if err != nil {
		return err
	}
	for _, d := range begun {
		held, err := tx.Draft(d.AgentID, into, d.Kind)
		if err != nil {
			return err
		}
		if err := tx.DropDraft(d.AgentID, from, d.Kind); err != nil {
			return err
		}
		if d.ConversationID = into; !held.Empty() {
			d.Draft = joinDrafts(held, d.Draft)
		}
		if err := tx.SaveDraft(d.AgentID, d.Draft); err != nil {
			return err
		}
		if err := tx.Append(rapport.Event{Kind: "draft.changed", AgentID: d.AgentID}, rapport.Change{}); err != nil {
			return err
		}
	}
	return nil
}

// joinDrafts is one draft with another's text and what that carries behind it.
func joinDrafts(d, other rapport.Draft) rapport.Draft {
	if d.Body != "" && other.Body != "" {
		d.Body += "\n\n"
	}
	d.Body += other.Body
	a, b := &d.Content, other.Content
	a.Files = slices.Concat(a.Files, b.Files)
	a.Location = cmp.Or(a.Location, b.Location)
	a.Mentions, a.Queues = slices.Concat(a.Mentions, b.Mentions), slices.Concat(a.Queues, b.Queues)
	if other.SavedAt.After(d.SavedAt) {
		d.SavedAt = other.SavedAt
	}
	d.Version = max(d.Version, other.Version) + 1 // news to every desk that knows either
	return d
}

// moveLinks makes questions to colleagues about a conversation that is merged
// ones about the other.
func moveLinks(tx *store.Tx, m *store.Merged) error {
	links, err := tx.Links(m.From)
	if err != nil {
		return err
	}
	own, err := tx.Links(m.Into)
	if err != nil {
		return err
	}
	for _, l := range links {
		brought, err := linkedBy(tx, m.Into, l.OtherID)
		if err != nil {
			return err
		}
		had := slices.ContainsFunc(own, func(o store.Link) bool { return o.OtherID == l.OtherID })
		m.Before.Links = append(m.Before.Links, store.MergedLink{Link: l, Own: had && !brought})
		if err := tx.Unlink(m.From, l.OtherID); err != nil {
			return err
		}
		if err := tx.LinkAt(m.Into, l); err != nil {
			return err
		}
	}
	return nil
}

// returnLinks gives them back when the merge is undone. What the other one had
// itself, or has of a merge that lasts, it keeps.
func returnLinks(tx *store.Tx, m *store.Merged) error {
	for _, kept := range m.Before.Links {
		brought, err := linkedBy(tx, m.Into, kept.OtherID)
		if err != nil {
			return err
		}
		if !kept.Own && !brought {
			if err := tx.Unlink(m.Into, kept.OtherID); err != nil {
				return err
			}
		}
		if err := tx.LinkAt(m.From, kept.Link); err != nil {
			return err
		}
	}
	return nil
}

// linkedBy tells whether a merge that was not undone brought a conversation a
// link.
func linkedBy(tx *store.Tx, into, other rapport.ConversationID) (bool, error) {
	merges, err := tx.MergesInto(into)
	return slices.ContainsFunc(merges, func(m store.Merged) bool {
		return slices.ContainsFunc(m.Before.Links, func(l store.MergedLink) bool { return l.OtherID == other && !l.Own })
	}), err
}
