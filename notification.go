package rapport

import "time"

// NotificationKind says what an agent is told of.
type NotificationKind string

const (
	NotifyAssigned  NotificationKind = "assigned"  // a conversation came to you
	NotifyComment   NotificationKind = "comment"   // a workflow or a colleague wrote a note to you
	NotifyHandoff   NotificationKind = "handoff"   // a bot handed a conversation off
	NotifyEscalated NotificationKind = "escalated" // to supervisors: nobody answers, somebody waits
	NotifyLost      NotificationKind = "lost"      // a conversation was taken from you
)

// Notification is something that one agent is told, kept until they have read it.
type Notification struct {
	ID             NotificationID   `json:"id"`
	AgentID        AgentID          `json:"agent_id"`
	At             time.Time        `json:"at"`
	Kind           NotificationKind `json:"kind" enum:"assigned,comment,handoff,escalated,lost"`
	ConversationID ConversationID   `json:"conversation_id,omitempty"`
	Text           string           `json:"text" doc:"One sentence."`
	ReadAt         time.Time        `json:"read_at,omitzero"`
}
