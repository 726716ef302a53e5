package rapport

import "time"

// OutgoingKind says why a message waits.
type OutgoingKind string

const (
	Undoable  OutgoingKind = "undo"      // it leaves in seconds, unless it is taken back
	Scheduled OutgoingKind = "scheduled" // it leaves at a time that was chosen
)

// OutgoingState is what became of it.
//
//	waiting ──► sent
//	   ├──────► cancelled   by a person
//	   └──────► failed      by what happened meanwhile; the reason says what
type OutgoingState string

const (
	OutgoingWaiting   OutgoingState = "waiting"
	OutgoingSent      OutgoingState = "sent"
	OutgoingCancelled OutgoingState = "cancelled"
	OutgoingFailed    OutgoingState = "failed"
)

const (
	// MostUndo is the longest time in which a sent message can be taken back.
	MostUndo = 30 * time.Second
	// MostAhead is how far ahead a message can be scheduled.
	MostAhead = 366 * 24 * time.Hour
)

// Outgoing is a message of an agent that waits to leave. It is a row, so that it
// leaves also when the program that took it died.
type Outgoing struct {
	ID             OutgoingID     `json:"id"`
	ConversationID ConversationID `json:"conversation_id"`
	AgentID        AgentID        `json:"agent_id"`
	AgentName      string         `json:"agent_name,omitempty"`
	Kind           OutgoingKind   `json:"kind" enum:"undo,scheduled"`
	Body           string         `json:"body"`
	Content        Content        `json:"content"`
	ClientID       string         `json:"client_id,omitempty" doc:"The message will carry it."`
	Template       *TemplateUse   `json:"template,omitempty" doc:"Told when it is taken back: what its text was made from, to be chosen again."`
	Left           *Left          `json:"left,omitempty" doc:"Told when its author takes it back: what was to happen with it, to happen with the next reply."`
	InboxID        InboxID        `json:"inbox_id,omitempty" doc:"By which inbox it goes, if one was chosen; else as the conversation's last message."`
	Rest           string         `json:"-"` // the way it goes and what happens with it, as the rules keep it
	DueAt          time.Time      `json:"due_at"`
	OnlySilent     bool           `json:"only_silent" doc:"It leaves only if the customer has not written meanwhile."`
	LastSeq        int            `json:"last_seq" doc:"The end of the thread when it was written."`
	State          OutgoingState  `json:"state" enum:"waiting,sent,cancelled,failed"`
	Reason         string         `json:"reason,omitempty" doc:"Why it did not leave."`
	Version        int            `json:"version"`
	CreatedAt      time.Time      `json:"created_at"`
}

// Left is what a macro left until a reply, once that was taken back; what cannot
// happen any more is not in it.
type Left struct {
	MacroID    MacroID  `json:"macro_id,omitempty"`
	Macro      string   `json:"macro,omitempty" doc:"Its name."`
	QueueID    QueueID  `json:"queue_id,omitempty"`
	AssigneeID AgentID  `json:"assignee_id,omitempty"`
	State      State    `json:"state,omitempty" enum:"open,pending,solved,closed"`
	Effects    []Effect `json:"effects" doc:"The same for the eye."`
}
