package conversation

import (
	"strings"

	"rapport"
	"rapport/store"
)

// CardChange is a field that an agent changed in another system, from the side
// panel.
type CardChange struct {
	Field string `json:"field"`
	Label string `json:"label"`
	From  string `json:"from"`
	To    string `json:"to"`
}

// MayChangeCards refuses who may only read in the conversation's queue.
func MayChangeCards(actor rapport.Actor, s *rapport.Summary) error {
	if actor.Supervises() {
		return nil
	}
	return mayReply(actor, s)
}

// CardChanged tells the thread who changed what in another system (S3-73). It
// has happened there, so nobody is refused here any more.
func CardChanged(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID, card *rapport.Card, changes []CardChange) (rapport.Summary, error) {
	s, err := tx.Summary(id)
	if err != nil {
		return s, err
	}
	var told []string
	for _, c := range changes {
		told = append(told, c.Label+" from "+orEmpty(c.From)+" to "+orEmpty(c.To))
	}
	line := rapport.Item{Kind: rapport.ItemEvent, By: by(actor), AuthorID: authorID(actor), AuthorName: actor.Name, Event: "card",
		Body: actor.Name + " changed " + strings.Join(told, ", ") + " (" + card.Name + ")", Data: map[string]any{"card_id": card.ID, "card": card.Name, "changes": changes}}
	before := s.Conversation
	if s.Assignee == actor.AgentID && s.AgentSeen == s.LastSeq {
		s.AgentSeen++
	}
	return s, tx.Record(&s, before, "conversation.changed", line)
}

func orEmpty(value string) string {
	if value == "" {
		return "nothing"
	}
	return "“" + rapport.Preview(value) + "”"
}
