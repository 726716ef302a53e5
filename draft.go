package rapport

import (
	"slices"
	"time"
)

// Draft is what an agent has begun to write in a conversation. It is theirs
// alone: nobody else ever sees it.
type Draft struct {
	ConversationID ConversationID `json:"conversation_id"`
	Kind           ItemKind       `json:"kind" enum:"message,note"`
	Body           string         `json:"body"`
	Content        Content        `json:"content" doc:"What belongs to it: finished uploads, a place, whom a note names, the address that a reply is to go to."`
	InboxID        InboxID        `json:"inbox_id,omitempty" doc:"By which inbox a reply is to go, if one was chosen."`
	Version        int            `json:"version" doc:"Grows with every save; 0 where nothing is kept."`
	SavedAt        time.Time      `json:"saved_at,omitzero"`
}

// Empty tells whether nothing is written: whom it would name and which way it
// would go are nothing by themselves.
func (d *Draft) Empty() bool { return d.Body == "" && !d.Content.Loaded() }

// Same tells whether two drafts say the same.
func (d *Draft) Same(other *Draft) bool {
	a, b := d.Content, other.Content
	return d.Body == other.Body && d.InboxID == other.InboxID && slices.Equal(a.Files, b.Files) && slices.Equal(a.Mentions, b.Mentions) && slices.Equal(a.Queues, b.Queues) &&
		(a.Location == nil) == (b.Location == nil) && (a.Location == nil || *a.Location == *b.Location) && (a.Point == nil) == (b.Point == nil) && (a.Point == nil || *a.Point == *b.Point)
}
