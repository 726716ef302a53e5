package conversation

import (
	"strings"

	"rapport"
	"rapport/store"
)

// SavedDraft is what is kept now, and what was kept before, if that came from
// somewhere else.
type SavedDraft struct {
	rapport.Draft
	Other *rapport.Draft `json:"other,omitempty" doc:"What another desk of the caller's had saved since; it is no longer kept, but can be taken from here."`
}

// SaveDraft keeps what an agent is writing; nothing written forgets it. The
// newest wins: if another desk of theirs has saved since the version that this
// one goes on from, its text is answered, for the person to choose.
func SaveDraft(tx *store.Tx, actor rapport.Actor, d rapport.Draft) (SavedDraft, error) {
	got := SavedDraft{Draft: d}
	if _, err := see(tx, actor, d.ConversationID); err != nil {
		return got, err
	}
	if d.Kind != rapport.ItemMessage && d.Kind != rapport.ItemNote {
		return got, rapport.Invalidf("kind", "%q cannot be a draft; use message or note.", d.Kind)
	}
	d.Body = strings.ToValidUTF8(strings.ReplaceAll(d.Body, "\x00", ""), "\uFFFD")
	if len(d.Body) > rapport.MaxBody {
		return got, rapport.Invalidf("body", "The text is %d bytes long; at most %d are allowed.", len(d.Body), rapport.MaxBody)
	}
	held, err := tx.Draft(actor.AgentID, d.ConversationID, d.Kind)
	if err != nil {
		return got, err
	}
	if held.Version > d.Version && held.Body != d.Body && !held.Empty() {
		got.Other = &held
	}
	was := held.Empty()
	d.Version, d.SavedAt = max(held.Version, d.Version)+1, tx.Now()
	got.Draft = d
	if d.Empty() {
		if held.Version > 0 {
			err = tx.DropDraft(actor.AgentID, d.ConversationID, d.Kind)
		}
		got.Version = 0
	} else {
		err = tx.SaveDraft(actor.AgentID, d)
	}
	if err != nil || was == d.Empty() {
		return got, err
	}
	return got, tx.Append(rapport.Event{Kind: "draft.changed", AgentID: actor.AgentID}, rapport.Change{})
}
