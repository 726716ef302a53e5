package rapport

import (
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"
)

// Workflow is what an admin drew: when something happens, steps follow. What
// runs is its published version; the draft is what they are working on.
type Workflow struct {
	ID        WorkflowID      `json:"id"`
	Name      string          `json:"name"`
	Enabled   bool            `json:"enabled" doc:"False starts no new runs; those under way go on."`
	Published int             `json:"published" doc:"The version that is live; 0 for none yet."`
	Versions  int             `json:"versions" doc:"How many have been published."`
	LiveSince time.Time       `json:"live_since,omitzero" doc:"What happened before is none of its business."`
	NextAt    time.Time       `json:"next_at,omitzero" doc:"When its schedule is due next."`
	CreatedAt time.Time       `json:"created_at"`
	UpdatedAt time.Time       `json:"updated_at"`
	Draft     json.RawMessage `json:"-"`
}

// Validate checks what an admin typed; the definition is package workflow's.
func (w *Workflow) Validate() error {
	w.Name = strings.Join(strings.Fields(w.Name), " ")
	if w.Name == "" || utf8.RuneCountInString(w.Name) > 80 {
		return Invalidf("name", "A workflow needs a name of 1 to 80 characters.")
	}
	return nil
}

// WorkflowVersion is one published definition; it never changes.
type WorkflowVersion struct {
	WorkflowID  WorkflowID      `json:"-"`
	Version     int             `json:"version"`
	Note        string          `json:"note" doc:"What changed, in the words of who published it."`
	ByName      string          `json:"by_name"`
	PublishedAt time.Time       `json:"published_at"`
	Definition  json.RawMessage `json:"-"`
}

// RunStatus is where a run of a workflow stands.
type RunStatus string

const (
	RunRunning RunStatus = "running" // its next step is due
	RunWaiting RunStatus = "waiting" // for a time or an event
	RunDone    RunStatus = "done"
	RunFailed  RunStatus = "failed"  // a step failed and nothing says what then
	RunStopped RunStatus = "stopped" // by a person, a limit, or because its conversation is gone
)

// Active tells whether a run goes on.
func (s RunStatus) Active() bool { return s == RunRunning || s == RunWaiting }

// Run is one run of a workflow, on the version that it began with.
type Run struct {
	ID             RunID           `json:"id"`
	WorkflowID     WorkflowID      `json:"workflow_id"`
	WorkflowName   string          `json:"workflow_name,omitempty"`
	Version        int             `json:"version"`
	ConversationID ConversationID  `json:"conversation_id,omitempty"`
	Status         RunStatus       `json:"status" enum:"running,waiting,done,failed,stopped"`
	Step           string          `json:"step,omitempty" doc:"Where it stands."`
	Awaits         string          `json:"awaits,omitempty" doc:"The event that it waits for."`
	Steps          int             `json:"steps" doc:"How many it has made."`
	DueAt          time.Time       `json:"due_at,omitzero" doc:"When it goes on by itself."`
	Error          string          `json:"error,omitempty" doc:"Why it failed or was stopped."`
	StartedAt      time.Time       `json:"started_at"`
	EndedAt        time.Time       `json:"ended_at,omitzero"`
	State          json.RawMessage `json:"-"`
}

// RunLine is one line of what a run did.
type RunLine struct {
	N       int       `json:"n"`
	At      time.Time `json:"at"`
	Step    string    `json:"step"`
	Outcome string    `json:"outcome" doc:"done, yes, no, waits, event, timeout, answered, error, retry, …"`
	Detail  string    `json:"detail,omitempty"`
}
