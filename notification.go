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

	NotifyMention    NotificationKind = "mention"     // a colleague named you in a note
	NotifyWoke       NotificationKind = "woke"        // a snooze is over
	NotifySendFailed NotificationKind = "send_failed" // a message that waited could not leave
)

// Notification is something that one agent is told, kept until they have read it.
type Notification struct {
	ID             NotificationID   `json:"id"`
	AgentID        AgentID          `json:"agent_id"`
	At             time.Time        `json:"at"`
	Kind           NotificationKind `json:"kind" enum:"assigned,comment,handoff,escalated,lost,mention,woke,send_failed"`
	ConversationID ConversationID   `json:"conversation_id,omitempty"`
	Seq            int              `json:"seq,omitempty" doc:"The item of the thread that it is about."`
	Text           string           `json:"text" doc:"One sentence."`
	ReadAt         time.Time        `json:"read_at,omitzero"`
}
