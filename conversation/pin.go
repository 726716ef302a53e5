package conversation

import (
	"time"

	"rapport"
	"rapport/store"
)

// mostPinned is how many items of a thread can be pinned at once.
const mostPinned = 20

// Pin puts a message or a note to the top of the thread, for everybody who sees
// it; or takes it down.
func Pin(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID, seq int, on bool) (rapport.Item, error) {
	s, err := See(tx, actor, id)
	if err != nil {
		return rapport.Item{}, err
	}
	item, err := tx.Item(id, seq)
	if err != nil {
		return item, err
	}
	if item.Kind == rapport.ItemEvent {
		return item, rapport.Invalidf("seq", "Only messages and notes can be pinned; item %d is an event.", seq)
	}
	if on == !item.PinnedAt.IsZero() {
		return item, nil
	}
	deed := " took down what was pinned"
	item.PinnedAt = time.Time{}
	if on {
		pinned, err := tx.Pinned(id)
		if err != nil {
			return item, err
		}
		if len(pinned) >= mostPinned {
			return item, rapport.Errorf(rapport.Conflict, "too_many_pinned", "%d items are pinned already; take one down first.", mostPinned)
		}
		what := " pinned a message"
		if item.Kind == rapport.ItemNote {
			what = " pinned a note"
		}
		deed, item.PinnedAt = what, tx.Now()
	}
	if err := tx.SetPinned(id, seq, item.PinnedAt); err != nil {
		return item, err
	}
	line := rapport.Item{Kind: rapport.ItemEvent, By: by(actor), AuthorID: authorID(actor), AuthorName: actor.Name, Event: "pinned", Body: actor.Name + deed, Data: map[string]any{"seq": seq, "on": on}}
	before := s.Conversation
	if s.Assignee == actor.AgentID && s.AgentSeen == s.LastSeq {
		s.AgentSeen++
	}
	if err := tx.Record(&s, before, "conversation.changed", line); err != nil {
		return item, err
	}
	return item, tx.Announce(&s, "item.changed", item)
}
