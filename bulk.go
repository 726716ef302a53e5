package rapport

import (
	"slices"
	"time"
)

// MostInBulk is how many conversations one bulk action changes.
const MostInBulk = 10_000

// BulkKind is what a bulk action does with each conversation.
type BulkKind string

const (
	BulkAssign   BulkKind = "assign"  // to an agent
	BulkQueue    BulkKind = "queue"   // to a queue
	BulkRelease  BulkKind = "release" // back into its queue
	BulkState    BulkKind = "state"
	BulkPriority BulkKind = "priority"
	BulkTags     BulkKind = "tags"
	BulkSnooze   BulkKind = "snooze"
	BulkUndo     BulkKind = "undo" // of another one
)

// BulkAction is one change, made to many conversations.
type BulkAction struct {
	Do         BulkKind  `json:"do" enum:"assign,queue,release,state,priority,tags,snooze,undo"`
	AgentID    AgentID   `json:"agent_id,omitempty" doc:"Who gets them; me for oneself."`
	QueueID    QueueID   `json:"queue_id,omitempty"`
	Override   bool      `json:"override,omitempty" doc:"Also to an agent who is away or full."`
	Reason     string    `json:"reason,omitempty" maxLength:"1000"`
	State      State     `json:"state,omitempty"`
	Priority   Priority  `json:"priority,omitempty"`
	AddTags    []string  `json:"add_tags,omitempty" maxItems:"30"`
	RemoveTags []string  `json:"remove_tags,omitempty" maxItems:"30"`
	Until      time.Time `json:"until,omitzero" doc:"When what is snoozed wakes."`
}

// Validate checks that an action says what it needs.
func (a *BulkAction) Validate(now time.Time) error {
	switch a.Do {
	case BulkAssign:
		if a.AgentID == "" {
			return Invalidf("action.agent_id", "Say who gets the conversations.")
		}
	case BulkQueue:
		if a.QueueID == "" {
			return Invalidf("action.queue_id", "Say which queue gets the conversations.")
		}
	case BulkRelease:
	case BulkState:
		if !a.State.Valid() {
			return Invalidf("action.state", "%q is not a state; use open, pending, solved or closed.", a.State)
		}
	case BulkPriority:
		if a.Priority.Rank() == 0 {
			return Invalidf("action.priority", "%q is not a priority; use low, normal, high or urgent.", a.Priority)
		}
	case BulkTags:
		if len(a.AddTags)+len(a.RemoveTags) == 0 {
			return Invalidf("action.add_tags", "Name tags to add or to remove.")
		}
		for _, t := range slices.Concat(a.AddTags, a.RemoveTags) {
			if _, err := ValidTag(t); err != nil {
				return err
			}
		}
	case BulkSnooze:
		if !a.Until.After(now) {
			return Invalidf("action.until", "The time to wake has passed; choose a later one.")
		}
	default:
		return Invalidf("action.do", "%q is not an action; use assign, queue, release, state, priority, tags or snooze.", a.Do)
	}
	return nil
}

// Bulk is a change of many conversations, and how far it has come.
type Bulk struct {
	ID        BulkID     `json:"id"`
	AgentID   AgentID    `json:"agent_id"`
	Action    BulkAction `json:"action"`
	Total     int        `json:"total"`
	Next      int        `json:"-"` // the first that has not been looked at
	Done      int        `json:"done" doc:"Changed."`
	Refused   int        `json:"refused" doc:"Not changed, because a rule forbids it."`
	Skipped   int        `json:"skipped" doc:"Not undone, because somebody changed them meanwhile."`
	Undoes    BulkID     `json:"undoes,omitempty"`
	UndoneBy  BulkID     `json:"undone_by,omitempty"`
	CreatedAt time.Time  `json:"created_at"`
	EndedAt   time.Time  `json:"ended_at,omitzero"`

	IDs []ConversationID `json:"-"`
}

// BulkOutcome is what became of one conversation.
type BulkOutcome string

const (
	BulkDone    BulkOutcome = "done"
	BulkRefused BulkOutcome = "refused"
	BulkSkipped BulkOutcome = "skipped"
)

// BulkMark is what undoing a bulk action needs to know of a conversation.
type BulkMark struct {
	State       State     `json:"state"`
	Snoozed     time.Time `json:"snoozed,omitzero"`
	Assignee    AgentID   `json:"assignee,omitempty"`
	Queue       QueueID   `json:"queue,omitempty"`
	Asked       QueueID   `json:"asked,omitempty"` // a transfer waits for it
	Priority    Priority  `json:"priority"`
	Tags        []string  `json:"tags,omitempty"`
	AwaitsSince time.Time `json:"awaits_since,omitzero"`
	SilentSince time.Time `json:"silent_since,omitzero"`
	SolvedAt    time.Time `json:"solved_at,omitzero"`
	EndedBy     EndedBy   `json:"ended_by,omitempty"`
	Seq         int       `json:"seq,omitempty"` // of the last entry in the thread
}

// Mark notes what a conversation is now.
func (c *Conversation) Mark() BulkMark {
	m := BulkMark{State: c.State, Snoozed: c.SnoozedUntil, Assignee: c.Assignee, Queue: c.QueueID, Priority: c.Priority, Tags: c.Tags,
		AwaitsSince: c.AwaitsSince, SilentSince: c.SilentSince, SolvedAt: c.SolvedAt, EndedBy: c.EndedBy, Seq: c.LastSeq}
	if c.Transfer != nil {
		m.Asked = c.Transfer.QueueID
	}
	return m
}

// BulkItem is one conversation of a bulk action.
type BulkItem struct {
	N              int            `json:"n"`
	ConversationID ConversationID `json:"conversation_id"`
	ContactName    string         `json:"contact_name" doc:"Empty if the reader may not see the conversation."`
	Outcome        BulkOutcome    `json:"outcome" enum:"done,refused,skipped"`
	Reason         string         `json:"reason,omitempty" doc:"Why it was not changed."`

	Before, After BulkMark `json:"-"`
}
