package rapport

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// Disposition says as a code how a conversation ended.
type Disposition struct {
	ID        DispositionID `json:"id"`
	Code      string        `json:"code" doc:"For reports: letters, digits, dots, dashes and underscores."`
	Label     string        `json:"label"`
	Queues    []QueueID     `json:"queues,omitempty" doc:"Whose conversations may end so; empty: all."`
	Enabled   bool          `json:"enabled" doc:"One that is switched off cannot be chosen any more; where it was chosen it stays."`
	Position  int           `json:"position,omitempty"`
	UpdatedAt time.Time     `json:"updated_at"`
}

// MostDispositions is how many there may be.
const MostDispositions = 500

var dispositionCode = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$`)

// Validate checks and trims what an admin typed.
func (d *Disposition) Validate() error {
	if d.Code = strings.TrimSpace(d.Code); !dispositionCode.MatchString(d.Code) {
		return Invalidf("code", "A code has 1 to 40 letters, digits, dots, dashes or underscores, such as REFUND-FULL.")
	}
	var err error
	if d.Label, err = shortText("label", d.Label, 1, 80); err != nil {
		return err
	}
	if len(d.Queues) > mostQueuesOf {
		return Invalidf("queues", "At most %d queues.", mostQueuesOf)
	}
	return nil
}

// In tells whether conversations of a queue may end so.
func (d *Disposition) In(queue QueueID) bool {
	return len(d.Queues) == 0 || slices.Contains(d.Queues, queue)
}

// Tag is an entry of the catalogue of tags.
type Tag struct {
	Name        string    `json:"name"`
	Color       string    `json:"color,omitempty" doc:"#rrggbb"`
	Description string    `json:"description,omitempty"`
	UpdatedAt   time.Time `json:"updated_at"`
}

// MostCatalogueTags is how many tags the catalogue may have.
const MostCatalogueTags = 1000

// Validate checks and trims what a supervisor typed.
func (t *Tag) Validate() error {
	var err error
	if t.Name, err = ValidTag(t.Name); err != nil {
		err.(*Error).Field = "name"
		return err
	}
	if t.Color = strings.ToLower(strings.TrimSpace(t.Color)); t.Color != "" && !colorForm.MatchString(t.Color) {
		return Invalidf("color", "%q is not a colour such as #2563eb.", t.Color)
	}
	t.Description, err = shortText("description", t.Description, 0, 200)
	return err
}

// Retagging is the renaming of a tag in all conversations that have it, or its
// merging into another one.
type Retagging struct {
	ID         string         `json:"id"`
	From       string         `json:"from"`
	To         string         `json:"to"`
	Changed    int            `json:"changed" doc:"Conversations so far."`
	After      ConversationID `json:"-"` // it came so far
	StartedAt  time.Time      `json:"started_at"`
	FinishedAt time.Time      `json:"finished_at,omitzero"`
}
