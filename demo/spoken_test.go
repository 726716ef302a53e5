package demo

import (
	"testing"

	"rapport"
	_ "rapport/all"
	"rapport/channel"
	"rapport/handoff"
	"rapport/lib/option"
	"rapport/lib/saying"
	"rapport/store"
)

// speaksGerman: what the demo tells, of each kind, is understood by an agent who
// reads German (issue 4, point 17).
func speaksGerman(t *testing.T, tx *store.Tx) error {
	t.Helper()
	german := func(where, sentence string) {
		if sentence != "" && !saying.Knows("de", sentence) {
			t.Errorf("%s: there is no German for %q; it would be %q", where, sentence, saying.In("de", sentence))
		}
	}
	list, err := tx.ConversationsBelow("zzzz", 500)
	if err != nil {
		return err
	}
	for _, id := range list {
		items, err := tx.Items(id, 0, 0, 1000)
		if err != nil {
			return err
		}
		for _, i := range items {
			if i.Kind == rapport.ItemEvent {
				german("a line of a thread", i.Body)
			}
		}
		decisions, err := tx.Decisions(id)
		if err != nil {
			return err
		}
		for _, d := range decisions {
			german("a decision", d.Sentence)
			german("what it waits for", d.WaitsFor)
			for _, one := range d.Candidates {
				german("a candidate", one.Reason)
			}
		}
	}
	agents, err := tx.Agents()
	if err != nil {
		return err
	}
	for _, a := range agents {
		told, err := tx.Notifications(a.ID, 100)
		if err != nil {
			return err
		}
		for _, n := range told {
			german("a notification", n.Text)
		}
	}
	return nil
}

// TestKindsHaveGerman: the dialogs of inboxes and bots are in German, too.
func TestKindsHaveGerman(t *testing.T) {
	t.Parallel()
	german := func(text string) {
		if text != "" && !saying.Knows("de", text) {
			t.Errorf("lib/saying/de.json lacks %q", text)
		}
	}
	options := func(set []option.Option) {
		for _, o := range set {
			german(o.Label)
			german(o.Help)
		}
	}
	for _, k := range channel.Kinds() {
		german(k.Name)
		german(k.Help)
		options(k.Options)
	}
	for _, k := range handoff.Kinds() {
		german(k.Name)
		german(k.Help)
		options(k.Options)
	}
}
