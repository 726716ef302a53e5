package rapport

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// SubStatus is what the system adds to a base status (S3-10, S3-11).
type SubStatus string

const (
	SubIdle          SubStatus = "idle"           // Available, holds nothing
	SubUnderCapacity SubStatus = "under_capacity" // Available, holds something, has room
	SubFullCapacity  SubStatus = "full_capacity"  // shown as Busy: no room
)

// CustomStatus is a status that supervisors defined (S3-13, C13).
type CustomStatus struct {
	ID        StatusID  `json:"id"`
	Name      string    `json:"name"`
	Base      Status    `json:"base" enum:"available,busy,away" doc:"What it counts as."`
	Color     string    `json:"color" doc:"#rrggbb"`
	Position  int       `json:"position"`
	CreatedAt time.Time `json:"created_at"`
}

var colorForm = regexp.MustCompile(`^#[0-9a-f]{6}$`)

// Validate checks what a supervisor typed.
func (c *CustomStatus) Validate() error {
	c.Name, c.Color = strings.TrimSpace(c.Name), strings.ToLower(strings.TrimSpace(c.Color))
	if c.Name == "" || utf8.RuneCountInString(c.Name) > 40 {
		return Invalidf("name", "A status needs a name of 1 to 40 characters.")
	}
	if c.Base != StatusAvailable && c.Base != StatusBusy && c.Base != StatusAway {
		return Invalidf("base", "%q cannot be a base; use available, busy or away.", c.Base)
	}
	if !colorForm.MatchString(c.Color) {
		return Invalidf("color", "%q is not a colour; it should look like #2563eb.", c.Color)
	}
	return nil
}

// Choice is a status that somebody chose for an agent.
type Choice struct {
	Status Status
	Custom StatusID // one of supervisors' statuses; Status is its base
	By     AgentID  // who chose it, when that was not the agent
}

// StatusChange is one entry of what an agent was, for utilisation.
type StatusChange struct {
	ID           string    `json:"id"`
	AgentID      AgentID   `json:"agent_id"`
	At           time.Time `json:"at"`
	Availability Status    `json:"availability"`
	Sub          SubStatus `json:"sub,omitempty"`
	CustomID     StatusID  `json:"custom_id,omitempty"`
	CustomName   string    `json:"custom_name,omitempty"`
	By           AgentID   `json:"by,omitempty" doc:"Who set it, when that was not the agent."`
}

// Total is how long an agent was something.
type Total struct {
	Availability Status    `json:"availability"`
	Sub          SubStatus `json:"sub,omitempty"`
	CustomName   string    `json:"custom_name,omitempty"`
	Seconds      int       `json:"seconds"`
}

// Totals adds up a period from changes in the order of time. The last one
// before the period, if there is one, says what it began with.
func Totals(changes []StatusChange, from, to time.Time) []Total {
	totals := []Total{}
	spans := []time.Duration{}
	for i := range changes {
		begin, end := later(changes[i].At, from), to
		if i+1 < len(changes) && changes[i+1].At.Before(to) {
			end = changes[i+1].At
		}
		if !end.After(begin) {
			continue
		}
		key := Total{Availability: changes[i].Availability, Sub: changes[i].Sub, CustomName: changes[i].CustomName}
		n := slices.Index(totals, key)
		if n < 0 {
			n, totals, spans = len(totals), append(totals, key), append(spans, 0)
		}
		spans[n] += end.Sub(begin)
	}
	for i, d := range spans {
		totals[i].Seconds = int(d.Round(time.Second) / time.Second)
	}
	return totals
}
