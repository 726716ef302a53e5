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
	s, err := See(tx, actor, d.ConversationID)
	if err != nil {
		return got, err
	}
	if d.Kind != rapport.ItemMessage && d.Kind != rapport.ItemNote {
		return got, rapport.Invalidf("kind", "%q cannot be a draft; use message or note.", d.Kind)
	}
	d.Body = strings.ToValidUTF8(strings.ReplaceAll(d.Body, "\x00", ""), "\uFFFD")
	if len(d.Body) > rapport.MaxBody {
		return got, rapport.Invalidf("body", "The text is %d bytes long; at most %d are allowed.", len(d.Body), rapport.MaxBody)
	}
	if err := carried(tx, actor, &d); err != nil {
		return got, err
	}
	// Of a merged conversation the draft is at the other one: a desk that has not heard of it yet saves there.
	merged := s.MergedInto != ""
	if s, err = lasting(tx, s); err != nil {
		return got, err
	}
	d.ConversationID = s.ID
	held, err := tx.Draft(actor.AgentID, d.ConversationID, d.Kind)
	if err != nil {
		return got, err
	}
	was := held.Empty()
	switch newer := held.Version > d.Version && !held.Same(&d) && !was; {
	case merged && d.Empty():
		got.Draft = held
		return got, nil
	case merged && newer:
		d = joinDrafts(held, d)
	case newer:
		got.Other = &held
	}
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
	if err != nil || was == d.Empty() && !merged {
		return got, err
	}
	return got, tx.Append(rapport.Event{Kind: "draft.changed", AgentID: actor.AgentID}, rapport.Change{})
}

// lasting is the conversation that a merged one has gone into by now.
func lasting(tx *store.Tx, s rapport.Summary) (_ rapport.Summary, err error) {
	for err == nil && s.MergedInto != "" {
		s, err = tx.Summary(s.MergedInto)
	}
	return s, err
}

// mostNamed is how many colleagues and queues a draft may name.
const mostNamed = 50

// carried checks what a draft carries. Files that cannot be sent any more, or
// are not the agent's, are left out.
func carried(tx *store.Tx, actor rapport.Actor, d *rapport.Draft) error {
	c := &d.Content
	if len(c.Files) > rapport.MaxFiles {
		return rapport.Invalidf("content.files", "A message has at most %d files; these are %d.", rapport.MaxFiles, len(c.Files))
	}
	if len(c.Mentions)+len(c.Queues) > mostNamed {
		return rapport.Invalidf("content.mentions", "At most %d colleagues and queues can be named.", mostNamed)
	}
	if c.Location != nil {
		if err := c.Location.Validate("content.location"); err != nil {
			return err
		}
	}
	var files []rapport.File
	for _, f := range c.Files {
		kept, err := tx.File(f.ID)
		if gone(err) {
			continue
		}
		if err != nil {
			return err
		}
		if kept.Owner == OwnerAgent(actor.AgentID) && kept.State == store.FileReady && kept.ConversationID == "" {
			files = append(files, kept.File)
		}
	}
	c.Files, c.Template = files, ""
	if d.Kind == rapport.ItemNote {
		c.Point, d.InboxID = nil, ""
	} else {
		c.Mentions, c.Queues = nil, nil
	}
	if d.InboxID == "" {
		c.Point = nil
		return nil
	}
	config, err := tx.Configuration()
	if err != nil {
		return err
	}
	if config.Inboxes[d.InboxID] == nil {
		d.InboxID, c.Point = "", nil
	}
	return nil
}
