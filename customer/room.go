package customer

import (
	"rapport"
	"rapport/conversation"
	"rapport/store"
)

// Clash is two conversations that cannot both go on (S3-25).
type Clash struct {
	Inbox  rapport.InboxID        `json:"inbox_id"`
	Into   rapport.Summary        `json:"into"`
	From   rapport.Summary        `json:"from"`
	Stays  rapport.ConversationID `json:"stays" doc:"The one that goes on, unless another one is chosen."`
	Merges bool                   `json:"merges,omitempty" doc:"Both are open: the other one's thread goes into the one that stays, whose queue, agent, topic, summary and priority win. Otherwise the other one is solved, and just closed."`
	Why    string                 `json:"why,omitempty" doc:"Why it cannot be done now."`
}

// closed is a conversation that a merge closed.
type closed struct {
	Before  rapport.Conversation `json:"before"`
	Version int                  `json:"version"` // as the merge left it
}

// thread is one that went into another conversation.
type thread struct {
	Into rapport.ConversationID `json:"into"`
	From rapport.ConversationID `json:"from"`
}

// clashes are the pairs of conversations that cannot both go on (S3-25).
func clashes(tx *store.Tx, into, from rapport.ContactID) ([]Clash, error) {
	list := []Clash{}
	mine, err := ongoing(tx, into)
	if err != nil {
		return nil, err
	}
	theirs, err := ongoing(tx, from)
	if err != nil {
		return nil, err
	}
	for _, a := range mine {
		for _, b := range theirs {
			if a.InboxID == b.InboxID {
				list = append(list, clash(a, b))
			}
		}
	}
	return list, nil
}

// clash says which of two goes on: an open one, else the one that was solved
// later; of two that are open the survivor's, unless only the other has an agent.
func clash(a, b rapport.Summary) Clash {
	c := Clash{Inbox: a.InboxID, Into: a, From: b, Stays: a.ID}
	switch aOpen, bOpen := a.State.Active(), b.State.Active(); {
	case aOpen && bOpen:
		c.Merges = true
		if a.Assignee == "" && b.Assignee != "" {
			c.Stays = b.ID
		}
		if err := conversation.Fusable(&a, &b); err != nil {
			c.Why = err.Error()
		}
	case bOpen, !aOpen && !a.SolvedAt.After(b.SolvedAt):
		c.Stays = b.ID
	}
	return c
}

func ongoing(tx *store.Tx, id rapport.ContactID) ([]rapport.Summary, error) {
	ids, err := tx.OngoingOf(id)
	if err != nil {
		return nil, err
	}
	list := make([]rapport.Summary, len(ids))
	for i, id := range ids {
		if list[i], err = tx.Summary(id); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// makeRoom lets one of two conversations go on in each inbox (S3-25): two that
// are open become one (S3-57…S3-62), and one that is solved is closed.
func makeRoom(tx *store.Tx, actor rapport.Actor, into, from rapport.ContactID, choice Choice) (gone []closed, threads []thread, err error) {
	pairs, err := clashes(tx, into, from)
	if err != nil {
		return nil, nil, err
	}
	for _, c := range pairs {
		stays, other := c.Stays, c.Into
		if chosen := choice.Stay[c.Inbox]; chosen != "" {
			if chosen != c.Into.ID && chosen != c.From.ID {
				return nil, nil, rapport.Invalidf("stay", "The conversation %q is neither of the two that are open in %s.", chosen, c.Into.InboxName)
			}
			stays = chosen
		}
		if stays == c.Into.ID {
			other = c.From
		}
		switch {
		case c.Merges:
			if err := conversation.Fuse(tx, actor, stays, other.ID); err != nil {
				return nil, nil, err
			}
			threads = append(threads, thread{stays, other.ID})
		case other.State.Active():
			return nil, nil, rapport.Invalidf("stay", "The conversation of %s in %s is open, so the other one, which is over, cannot stay instead.", other.ContactName, other.InboxName)
		default:
			closer := actor
			if !actor.Supervises() { // what is solved is nobody's work any more
				closer = rapport.System
			}
			after, err := conversation.SetState(tx, closer, other.ID, rapport.Closed)
			if err != nil {
				return nil, nil, err
			}
			gone = append(gone, closed{Before: other.Conversation, Version: after.Version})
		}
	}
	return gone, threads, nil
}

// moveJoined gives the survivor the inboxes that lead to conversations of the
// other. Where a thread went into one of those, it leads there for good.
func moveJoined(tx *store.Tx, from, into rapport.ContactID, threads []thread) error {
	theirs, err := tx.JoinedOf(from)
	if err != nil {
		return err
	}
	if err := tx.MoveJoined(from, into); err != nil {
		return err
	}
	for _, j := range theirs {
		for _, t := range threads {
			if j.ConversationID != t.Into {
				continue
			}
			if err := tx.Join(into, j.InboxID, j.ConversationID); err != nil {
				return err
			}
		}
	}
	return nil
}
