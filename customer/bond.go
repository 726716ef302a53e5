package customer

import (
	"rapport"
	"rapport/store"
)

// takeBonds lets the bonds that a conversation left go with it from one contact
// to another, who has it by now, and brings back what the first was bound to
// before it (trap 14).
func takeBonds(tx *store.Tx, id rapport.ConversationID, from, to rapport.ContactID) error {
	held, err := tx.Affinities(from)
	if err != nil {
		return err
	}
	var left []store.Affinity // what the others left, read when it is needed
	for _, bond := range held {
		if bond.ConversationID != id {
			continue
		}
		if left == nil {
			if left, err = tx.Interactions(from, "", id); err != nil {
				return err
			}
		}
		if err := tx.Unbind(from, bond.AgentID); err != nil {
			return err
		}
		if before, found := latest(left, bond.AgentID); found {
			if err := tx.Bind(before.Affinity, before.Replies); err != nil {
				return err
			}
		}
		bond.ContactID = to
		if err := keepLater(tx, to, bond); err != nil {
			return err
		}
	}
	// Who answered in it, but met the customer again since, is bound by it now.
	own, err := tx.Interactions(to, id, "")
	if err != nil {
		return err
	}
	for _, bond := range own {
		if err := keepLater(tx, to, bond); err != nil {
			return err
		}
	}
	return nil
}

func latest(list []store.Affinity, agent rapport.AgentID) (best store.Affinity, found bool) {
	for _, a := range list {
		if a.AgentID == agent && (!found || a.EndedAt.After(best.EndedAt)) {
			best, found = a, true
		}
	}
	return best, found
}

// keepLater binds a contact to an agent, unless they met later already.
func keepLater(tx *store.Tx, id rapport.ContactID, bond store.Affinity) error {
	held, err := tx.Affinities(id)
	if err != nil {
		return err
	}
	if there, found := latest(held, bond.AgentID); found && !bond.EndedAt.After(there.EndedAt) {
		return nil
	}
	bond.ContactID = id
	return tx.Bind(bond.Affinity, bond.Replies)
}
