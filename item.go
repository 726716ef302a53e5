package rapport

import (
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"
)

// ItemKind tells the three sorts of entries of a thread apart.
type ItemKind string

const (
	ItemMessage ItemKind = "message" // between us and the customer
	ItemNote    ItemKind = "note"    // among us; never leaves
	ItemEvent   ItemKind = "event"   // what happened: assigned, solved, …
)

// PartyKind tells who wrote or did something.
type PartyKind string

const (
	ByCustomer PartyKind = "customer"
	ByAgent    PartyKind = "agent"
	ByBot      PartyKind = "bot"
	BySystem   PartyKind = "system"
)

// Delivery is how far a message of ours got (S3-35).
type Delivery string

const (
	Queued    Delivery = "queued"
	Sent      Delivery = "sent"
	Delivered Delivery = "delivered"
	Seen      Delivery = "seen"
	Failed    Delivery = "failed"
)

// After tells whether d is further along than e. What has reached the customer
// cannot fail any more; what was given up may have reached them all the same.
func (d Delivery) After(e Delivery) bool {
	rank := map[Delivery]int{Queued: 1, Sent: 2, Failed: 3, Delivered: 4, Seen: 5}
	return rank[d] > rank[e]
}

// MaxBody is the longest text an item may hold, in bytes: 10,000 characters of any
// script. Channels may allow less.
const MaxBody = 40_000

// Item is one entry of a conversation's thread. Seq numbers them from 1, without
// gaps unless a merge was undone; it is their order, unless Place says another.
type Item struct {
	ConversationID ConversationID `json:"conversation_id"`
	Seq            int            `json:"seq"`
	Kind           ItemKind       `json:"kind" enum:"message,note,event"`
	By             PartyKind      `json:"by" enum:"customer,agent,bot,system"`
	AuthorID       string         `json:"author_id,omitempty"`
	AuthorName     string         `json:"author_name,omitempty"`
	Body           string         `json:"body,omitempty" doc:"Text of a message or note; the sentence of an event."`
	Event          string         `json:"event,omitempty" doc:"For events: opened, assigned, unassigned, waiting, transferred, transfer_requested, transfer_returned, transfer_cancelled, state, priority, hopped, escalated, warned, inactivity, held, bot, handoff, tags, fields, workflow, topic, summary, form, disposition, macro, snoozed, woke, pinned, linked, survey, card."`
	Data           map[string]any `json:"data,omitempty"`
	Content
	InboxID    InboxID   `json:"inbox_id,omitempty"`
	ExternalID string    `json:"external_id,omitempty" doc:"The channel's id of an inbound message; unique per inbox."`
	ClientID   string    `json:"client_id,omitempty" doc:"The sender's own id of an outgoing item; a repeat returns the first."`
	Delivery   Delivery  `json:"delivery,omitempty" enum:"queued,sent,delivered,seen,failed"`
	Error      string    `json:"error,omitempty" doc:"Why delivery failed."`
	PinnedAt   time.Time `json:"pinned_at,omitzero" doc:"Since when it is pinned to the top of the thread."`
	At         time.Time `json:"at"`
	Place      int       `json:"place,omitempty" doc:"Its number in the order of the thread, where that is not seq: in a thread that was merged from two. Pages of a thread go by it."`
}

// InOrder is an item's number in the order of its thread.
func (i *Item) InOrder() int {
	if i.Place > 0 {
		return i.Place
	}
	return i.Seq
}

// ValidBody checks and trims a text that somebody wrote.
func ValidBody(field, s string) (string, error) {
	s = strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "\uFFFD"))
	if s == "" {
		return "", Invalidf(field, "The text is empty.")
	}
	if len(s) > MaxBody {
		return "", Invalidf(field, "The text is %d bytes long; at most %d are allowed.", len(s), MaxBody)
	}
	return s, nil
}

// Preview shortens a text for lists.
func Preview(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) <= 140 {
		return s
	}
	return string([]rune(s)[:139]) + "…"
}

// Event is one entry of the append-only log: what changed, written in the
// transaction that changed it. Seq is gapless and in the order of commits.
type Event struct {
	Seq            int64           `json:"seq"`
	At             time.Time       `json:"at"`
	Kind           string          `json:"kind" doc:"conversation.opened, message.received, message.sent, agent.changed, …"`
	ConversationID ConversationID  `json:"conversation_id,omitempty"`
	QueueID        QueueID         `json:"queue_id,omitempty"`
	AgentID        AgentID         `json:"agent_id,omitempty" doc:"The assignee, or the agent it is about."`
	ContactID      ContactID       `json:"contact_id,omitempty"`
	FromQueue      QueueID         `json:"from_queue,omitempty" doc:"Queue that it left with this event."`
	FromAgent      AgentID         `json:"from_agent,omitempty" doc:"Agent that it left with this event."`
	ToQueue        QueueID         `json:"to_queue,omitempty" doc:"Queue that is asked to take over."`
	Data           json.RawMessage `json:"data,omitempty" doc:"Change: the new state of what changed."`
}

// Change is the data of an event: the state after it. Readers replace what
// they hold by what is here; applying it twice is harmless.
type Change struct {
	Conversation *Summary      `json:"conversation,omitempty"`
	Was          State         `json:"was,omitempty" doc:"State of the conversation before, if it has another one now."`
	Items        []Item        `json:"items,omitempty" doc:"New or changed items."`
	Agent        *Agent        `json:"agent,omitempty"`
	Queue        *Queue        `json:"queue,omitempty"`
	Contact      *Contact      `json:"contact,omitempty"`
	Fields       []string      `json:"fields,omitempty" doc:"Fields of the contact that have another value now."`
	Settings     *Settings     `json:"settings,omitempty"`
	Notification *Notification `json:"notification,omitempty"`
	Bot          *Bot          `json:"bot,omitempty"`
	Workflow     *Workflow     `json:"workflow,omitempty"`
	Bulk         *Bulk         `json:"bulk,omitempty"`
	Cause        *Cause        `json:"cause,omitempty"`
}

// Cause is the run of a workflow that did what an event tells of.
type Cause struct {
	Workflow WorkflowID `json:"workflow"`
	Run      RunID      `json:"run"`
	Depth    int        `json:"depth" doc:"How many runs set each other off before it."`
}
