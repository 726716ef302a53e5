package conversation

import (
	"rapport"
	"rapport/store"
)

// warn tells a silent customer that their conversation will be closed.
func warn(tx *store.Tx, s *rapport.Summary, r *rapport.Rules) error {
	before := s.Conversation
	items, err := said(tx, s, func(t rapport.Texts) string { return t.Warning })
	if err != nil {
		return err
	}
	s.WarnedAt = tx.Now()
	items = append(items, happened("warned", "The customer is silent; they were told that it will be closed in "+span(r.Warn), nil))
	if err := tx.Record(s, before, "message.sent", items...); err != nil {
		return err
	}
	return deliver(tx, items)
}

// endSilence solves a conversation whose customer has been silent for too long
// while we waited for them (S5-17, S5-18, C24). They can reopen it for a while.
func endSilence(tx *store.Tx, s *rapport.Summary, r *rapport.Rules) error {
	before := s.Conversation
	items, err := said(tx, s, func(t rapport.Texts) string { return t.Closed })
	if err != nil {
		return err
	}
	items = append(items, happened("inactivity", "Solved: the customer was silent for "+span(r.Silence), map[string]any{"from": before.State, "to": rapport.Solved}))
	return end(tx, s, before, rapport.Solved, rapport.EndedByInactivity, items...)
}

// closeForGood closes what ended by silence and nobody came back to.
func closeForGood(tx *store.Tx, s *rapport.Summary, r *rapport.Rules) error {
	before := s.Conversation
	line := happened("state", "Closed: the customer did not come back within "+span(r.Reopen), map[string]any{"from": before.State, "to": rapport.Closed})
	return end(tx, s, before, rapport.Closed, rapport.EndedByInactivity, line)
}

// said is one of the account's texts as a message to the customer.
func said(tx *store.Tx, s *rapport.Summary, choose func(rapport.Texts) string) ([]rapport.Item, error) {
	config, err := tx.Configuration()
	if err != nil {
		return nil, err
	}
	v, err := System(tx)
	if err != nil {
		return nil, err
	}
	return words(tx, s, v, choose(config.Settings.Texts))
}

// words are a message of ours, or none where there is nothing to say or no way
// to send it: what happens by itself does not fail for that.
func words(tx *store.Tx, s *rapport.Summary, v Voice, text string) ([]rapport.Item, error) {
	if text == "" {
		return nil, nil
	}
	item, err := speech(tx, s, v, text, nil)
	if rapport.CodeOf(err) == "inbox_off" {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return []rapport.Item{item}, nil
}
