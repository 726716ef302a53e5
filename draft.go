package rapport

import "time"

// Draft is what an agent has begun to write in a conversation. It is theirs
// alone: nobody else ever sees it.
type Draft struct {
	ConversationID ConversationID `json:"conversation_id"`
	Kind           ItemKind       `json:"kind" enum:"message,note"`
	Body           string         `json:"body"`
	Content        Content        `json:"content" doc:"Attachments and the like that belong to it."`
	Version        int            `json:"version" doc:"Grows with every save; 0 where nothing is kept."`
	SavedAt        time.Time      `json:"saved_at,omitzero"`
}

// Empty tells whether nothing is written.
func (d *Draft) Empty() bool { return d.Body == "" && d.Content.Empty() }
