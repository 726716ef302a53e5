package rapport

import (
	"encoding/json"
	"time"
)

// Rung is a step of the routing ladder (requirements §5.1).
type Rung string

const (
	RungAgent      Rung = "explicit_agent" // 0: the flow, the API or a person named an agent
	RungQueue      Rung = "explicit_queue" // 1: … or a queue
	RungNamed      Rung = "named_sticky"   // 2: a sticky-agent record
	RungCase       Rung = "open_case"      // 3: holds another open conversation of the customer
	RungHistory    Rung = "history"        // 4: handled the customer within N days
	RungStrategy   Rung = "strategy"       // 6: the queue's strategy
	RungUnassigned Rung = "unassigned"     // 7: nobody; the reason says why
	RungManual     Rung = "manual"         // a person claimed, transferred or released it
)

// Verdict is what the ladder made of one candidate.
type Verdict string

const (
	Chosen         Verdict = "chosen"
	NextInLine     Verdict = "next"            // eligible, but another came first
	NotMember      Verdict = "not_a_member"    // not in the queue
	NoReply        Verdict = "may_not_reply"   // in the queue to look only
	AgentDisabled  Verdict = "disabled"        // switched off
	AgentDeleted   Verdict = "deleted"         // gone
	NotAvailable   Verdict = "not_available"   // busy, away, offline or not connected
	AtCapacity     Verdict = "at_capacity"     // full
	ExcludedBefore Verdict = "excluded"        // declined, lapsed or gave it away in this cycle
	Expired        Verdict = "expired"         // the bond is older than the window
	Bypassed       Verdict = "bypassed"        // an explicit queue without "prefer last agent" (C8)
	TooLittle      Verdict = "did_not_qualify" // the interaction was below the minimum
)

// Candidate is an agent whom the ladder looked at, and what came of it.
type Candidate struct {
	AgentID AgentID `json:"agent_id"`
	Name    string  `json:"name"`
	Rung    Rung    `json:"rung"`
	Verdict Verdict `json:"verdict"`
	Reason  string  `json:"reason" doc:"One sentence for people."`
}

// Decision is the record of one run of the ladder: who got the conversation
// or why nobody did. Inputs replay to the same answer (invariant 6).
type Decision struct {
	ID             DecisionID      `json:"id"`
	ConversationID ConversationID  `json:"conversation_id"`
	At             time.Time       `json:"at"`
	Trigger        string          `json:"trigger" doc:"What made the router look: message, reopened, agent_available, capacity_freed, joined_queue, transfer, claim, release, sweep, …"`
	Policy         string          `json:"policy" doc:"Versions of the settings and the queue that were followed, e.g. s3.q7."`
	QueueID        QueueID         `json:"queue_id"`
	Rung           Rung            `json:"rung"`
	AgentID        AgentID         `json:"agent_id,omitempty" doc:"Empty when nobody was assigned."`
	Sentence       string          `json:"sentence" doc:"The answer in one sentence."`
	WaitsFor       string          `json:"waits_for,omitempty" doc:"What makes the router look again, when nobody was assigned."`
	HoldFor        AgentID         `json:"hold_for,omitempty" doc:"The one agent it waits for."`
	HoldUntil      time.Time       `json:"hold_until,omitzero" doc:"When it stops waiting for that agent, or when the queue opens."`
	Override       bool            `json:"override,omitempty" doc:"Assigned although not eligible, on purpose."`
	Candidates     []Candidate     `json:"candidates"`
	Inputs         json.RawMessage `json:"inputs,omitempty" doc:"All that the pure decision saw."`
}
