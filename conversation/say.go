package conversation

import (
	"time"

	"rapport"
	"rapport/job"
	"rapport/store"
)

// Voice is who writes when no agent does.
type Voice struct {
	By   rapport.PartyKind // ByBot or BySystem
	ID   string
	Name string
}

// System is the voice of rules and timers; customers see the account's name.
func System(tx *store.Tx) (Voice, error) {
	config, err := tx.Configuration()
	if err != nil {
		return Voice{}, err
	}
	return Voice{By: rapport.BySystem, Name: config.Settings.AccountName}, nil
}

// speech is a message of ours that no agent wrote, ready to be recorded with
// others; deliver sends it on after that. It is no answer: it neither stops the
// reply timer nor counts as an interaction (C23).
func speech(tx *store.Tx, s *rapport.Summary, v Voice, text string, data map[string]any) (rapport.Item, error) {
	var item rapport.Item
	body, err := rapport.ValidBody("body", text)
	if err != nil {
		return item, err
	}
	if s.State == rapport.Closed {
		return item, rapport.Errorf(rapport.Conflict, "closed", "The conversation is closed. When the customer writes again, a new one starts.")
	}
	item = rapport.Item{Kind: rapport.ItemMessage, By: v.By, AuthorID: v.ID, AuthorName: v.Name, Body: body, Data: data, InboxID: s.InboxID, At: tx.Now()}
	if item.Delivery, err = leaving(tx, s); err != nil {
		return item, err
	}
	s.LastText, s.LastBy, s.LastAt = rapport.Preview(body), v.By, tx.Now()
	return item, nil
}

// leaving is the state in which a message of ours starts.
func leaving(tx *store.Tx, s *rapport.Summary) (rapport.Delivery, error) {
	config, err := tx.Configuration()
	if err != nil {
		return "", err
	}
	inbox := config.Inboxes[s.InboxID]
	switch {
	case inbox == nil || !inbox.Enabled:
		return "", rapport.Errorf(rapport.Conflict, "inbox_off", "The inbox of this conversation was removed or switched off; nothing can be sent through it.")
	case inbox.Pulls:
		return rapport.Sent, nil
	}
	return rapport.Queued, nil
}

// deliver hands recorded messages of ours to their channel, those of a conversation
// and an inbox one after the other.
func deliver(tx *store.Tx, items []rapport.Item) error {
	for i := range items {
		if items[i].Delivery != rapport.Queued {
			continue
		}
		if err := job.Enqueue(tx, job.Job{
			Kind: Deliver, Line: string(items[i].ConversationID) + "/" + string(items[i].InboxID), Place: items[i].Seq,
			Args: Delivery{items[i].ConversationID, items[i].Seq},
		}); err != nil {
			return err
		}
	}
	return nil
}

// Say writes to the customer in the name of a workflow, a bot or the system. A
// bot's words answer the customer, if it holds the conversation; the others'
// do not. data may hold "buttons": a list of answers to choose from.
func Say(tx *store.Tx, id rapport.ConversationID, v Voice, text string, data map[string]any) (rapport.Item, error) {
	s, err := tx.Summary(id)
	if err != nil {
		return rapport.Item{}, err
	}
	item, _, err := say(tx, &s, v, text, data, "", time.Time{})
	return item, err
}

// say is Say with the speaker's own id of the message, whose repeat returns the
// first item and false. owed is since when the customer waits for more than
// this answer; zero when it answers all.
func say(tx *store.Tx, s *rapport.Summary, v Voice, text string, data map[string]any, clientID string, owed time.Time) (item rapport.Item, fresh bool, err error) {
	if there, found, err := tx.ItemByClient(s.ID, clientID); err != nil || found {
		return there, false, err
	}
	before := s.Conversation
	if item, err = speech(tx, s, v, text, data); err != nil {
		return item, false, err
	}
	item.ClientID = clientID
	if v.By == rapport.ByBot && s.BotID != "" {
		s.AwaitsSince, s.WarnedAt = owed, time.Time{}
		if s.SilentSince = tx.Now(); !owed.IsZero() {
			s.SilentSince = time.Time{}
		}
	}
	items := []rapport.Item{item}
	if err := tx.Record(s, before, "message.sent", items...); err != nil {
		return item, false, err
	}
	return items[0], true, deliver(tx, items)
}

// NoteBy writes to colleagues in the name of a workflow, and tells the agents
// that are named.
func NoteBy(tx *store.Tx, id rapport.ConversationID, v Voice, text string, tell ...rapport.AgentID) (rapport.Item, error) {
	s, err := tx.Summary(id)
	if err != nil {
		return rapport.Item{}, err
	}
	body, err := rapport.ValidBody("body", text)
	if err != nil {
		return rapport.Item{}, err
	}
	items := []rapport.Item{{Kind: rapport.ItemNote, By: v.By, AuthorID: v.ID, AuthorName: v.Name, Body: body}}
	if err := tx.Record(&s, s.Conversation, "note.added", items...); err != nil {
		return items[0], err
	}
	return items[0], Notify(tx, rapport.NotifyComment, s.ID, v.Name+": "+rapport.Preview(body), tell...)
}
