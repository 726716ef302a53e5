package rapport

import "time"

// State is where a conversation stands.
//
//	open ──► pending ──► open        we wait for the customer; their message opens it again
//	  │         │
//	  ▼         ▼
//	solved ──► closed                a customer's message reopens a solved one;
//	  │                              after closed it starts a new, linked one
//	  └──────► open
type State string

const (
	Open    State = "open"
	Pending State = "pending"
	Solved  State = "solved"
	Closed  State = "closed"
)

// Valid tells whether s is a known state.
func (s State) Valid() bool { return s == Open || s == Pending || s == Solved || s == Closed }

// Active tells whether a conversation in this state counts as its agent's load.
func (s State) Active() bool { return s == Open || s == Pending }

// MayBecome is the state table.
func (s State) MayBecome(next State) bool {
	switch s {
	case Open:
		return next == Pending || next == Solved || next == Closed
	case Pending:
		return next == Open || next == Solved || next == Closed
	case Solved:
		return next == Open || next == Closed
	}
	return false // closed is the end; what follows is a new, linked conversation
}

// InternalContact is the contact of conversations among colleagues (S3-74):
// nobody outside, no inbox, nothing ever leaves.
const InternalContact ContactID = "internal"

// InternalChannel is what lists name as the channel of such a conversation.
const InternalChannel = "internal"

// Internal tells whether a conversation is among colleagues.
func (c *Conversation) Internal() bool { return c.ContactID == InternalContact }

// EndedBy is what solved or closed a conversation.
type EndedBy string

const (
	EndedByAgent      EndedBy = "agent"
	EndedByInactivity EndedBy = "inactivity"
	EndedByWorkflow   EndedBy = "workflow"
	EndedByBot        EndedBy = "bot"
)

// Priority orders those who wait.
type Priority string

const (
	Low    Priority = "low"
	Normal Priority = "normal"
	High   Priority = "high"
	Urgent Priority = "urgent"
)

// Rank is higher for those who go first; 0 for an unknown priority.
func (p Priority) Rank() int {
	switch p {
	case Low:
		return 1
	case Normal:
		return 2
	case High:
		return 3
	case Urgent:
		return 4
	}
	return 0
}

// PriorityOfRank is the inverse of Rank.
func PriorityOfRank(n int) Priority {
	return [...]Priority{Normal, Low, Normal, High, Urgent}[min(max(n, 0), 4)]
}

// Conversation is the unit of work. At most one that is not closed exists per
// contact and inbox (S3-25).
type Conversation struct {
	ID        ConversationID `json:"id"`
	ContactID ContactID      `json:"contact_id"`
	InboxID   InboxID        `json:"inbox_id"`
	QueueID   QueueID        `json:"queue_id"`
	Assignee  AgentID        `json:"assignee_id,omitempty"`
	State     State          `json:"state" enum:"open,pending,solved,closed"`
	Priority  Priority       `json:"priority" enum:"low,normal,high,urgent"`
	Point     Point          `json:"point" doc:"The contact point that replies go to."`
	Follows   ConversationID `json:"follows,omitempty" doc:"The closed conversation that this one continues."`

	Waiting  *Waiting  `json:"waiting,omitempty" doc:"Present while nobody suitable has taken it."`
	Transfer *Transfer `json:"transfer,omitempty" doc:"Present while the holder waits for a queue to take over (C16)."`
	Excluded []AgentID `json:"excluded,omitempty" doc:"Agents who gave it away since the last answer; the router passes them over."`
	Why      *Why      `json:"why,omitempty" doc:"The latest routing decision in one sentence."`

	BotID   BotID  `json:"bot_id,omitempty" doc:"The bot that holds it; then it has no assignee."`
	Hops    int    `json:"hops,omitempty" doc:"Reassignments for want of an answer since the last one."`
	Timer   *Timer `json:"timer,omitempty" doc:"What happens next by itself, and when."`
	Untimed bool   `json:"untimed,omitempty" doc:"A workflow looks after the answer; there is no reply timer for this assignment."`
	// Of the present assignment or wait.
	EscalatedAt time.Time `json:"escalated_at,omitzero" doc:"When supervisors were told that nobody answers or takes it."`
	ClosedTold  time.Time `json:"-"` // when the customer was told that the queue is closed

	WarnedAt time.Time         `json:"warned_at,omitzero" doc:"When the customer was told that silence will end it."`
	EndedBy  EndedBy           `json:"ended_by,omitempty" enum:"agent,inactivity,workflow,bot" doc:"What solved or closed it."`
	Tags     []string          `json:"tags,omitempty"`
	Fields   map[string]string `json:"fields,omitempty" doc:"Collected by bots and workflows."`

	Topic         string         `json:"topic,omitempty" doc:"What it is about, in a few words."`
	SummaryText   string         `json:"summary,omitempty" doc:"What happened and how it ended."`
	FormID        FormID         `json:"form_id,omitempty" doc:"The form whose fields belong to it; their values are in fields."`
	DispositionID DispositionID  `json:"disposition_id,omitempty" doc:"How it ended, as a code."`
	SnoozedUntil  time.Time      `json:"snoozed_until,omitzero" doc:"Present while a pending conversation sleeps; then, or when the customer writes, it is open again."`
	WokeAt        time.Time      `json:"woke_at,omitzero" doc:"When it last woke from a snooze; the timers count from then."`
	StartedBy     AgentID        `json:"started_by,omitempty" doc:"Who began a conversation among colleagues; they see it wherever it is."`
	MergedInto    ConversationID `json:"merged_into,omitempty" doc:"The conversation that took its thread over; this one is closed."`

	WhileUnavailable bool `json:"assigned_while_unavailable,omitempty" doc:"Assigned although the agent was not available (C10)."`

	LastSeq      int       `json:"last_seq" doc:"Number of the last item in the thread."`
	CustomerSeen int       `json:"customer_seen" doc:"Last item the customer has seen."`
	AgentSeen    int       `json:"agent_seen" doc:"Last item the assignee has seen."`
	LastText     string    `json:"last_text" doc:"Start of the last message, at most 140 characters."`
	LastBy       PartyKind `json:"last_by,omitempty" doc:"Who wrote the last message."`
	LastAt       time.Time `json:"last_at,omitzero"`
	AwaitsSince  time.Time `json:"awaits_since,omitzero" doc:"Since when the customer has been waiting for an answer."`
	SilentSince  time.Time `json:"silent_since,omitzero" doc:"Since when we have been waiting for the customer."`
	Replies      int       `json:"replies" doc:"Public replies by the current assignee since the assignment."`
	OpenedAt     time.Time `json:"opened_at"`
	AssignedAt   time.Time `json:"assigned_at,omitzero"`
	SolvedAt     time.Time `json:"solved_at,omitzero"`
	ClosedAt     time.Time `json:"closed_at,omitzero"`
	Version      int       `json:"version" doc:"Grows with every change."`

	SortName string `json:"-"` // what lists are sorted by when the customer's name decides
}

// Waiting says why an open conversation has no agent, and what ends that.
type Waiting struct {
	Since    time.Time `json:"since"`
	Reason   string    `json:"reason" doc:"One sentence."`
	WaitsFor string    `json:"waits_for" doc:"What makes the router look again."`
	AgentID  AgentID   `json:"agent_id,omitempty" doc:"The one agent it waits for."`
	Until    time.Time `json:"until,omitzero" doc:"Until then it waits for that agent, or for the queue to open; then for anybody."`
	ByHand   bool      `json:"by_hand,omitempty" doc:"The router looks no more: somebody has to take it by hand."`
}

// Transfer is a hand-over to a queue that nobody has taken yet: the holder
// stays responsible until somebody does.
type Transfer struct {
	QueueID QueueID   `json:"queue_id"`
	By      AgentID   `json:"by"`
	Reason  string    `json:"reason"`
	Since   time.Time `json:"since"`
	Until   time.Time `json:"until" doc:"Then it returns."`
}

// Why is the short form of the decision that put a conversation where it is.
type Why struct {
	DecisionID DecisionID `json:"decision_id"`
	Sentence   string     `json:"sentence"`
	Rung       Rung       `json:"rung"`
	At         time.Time  `json:"at"`
}

// Summary is a conversation as lists and live events carry it: with the names
// a reader needs.
type Summary struct {
	Conversation
	ContactName  string `json:"contact_name" doc:"Name, else the contact point, else Visitor and a number."`
	InboxName    string `json:"inbox_name"`
	Channel      string `json:"channel"`
	QueueName    string `json:"queue_name"`
	AssigneeName string `json:"assignee_name,omitempty"`
	BotName      string `json:"bot_name,omitempty"`
	Order        Order  `json:"order,omitzero" doc:"Its place in sorted lists."`
}

// Unassign takes it from its holder. Their load is the caller's (routing.LetGo).
func (s *Summary) Unassign() { s.Assignee, s.AssigneeName, s.WhileUnavailable = "", "", false }

// Reopen makes a solved one open again. Nobody holds it any more: its load went with solving.
func (s *Summary) Reopen() {
	s.State, s.SolvedAt, s.EndedBy = Open, time.Time{}, ""
	s.Unassign()
}
