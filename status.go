package rapport

import (
	"regexp"
	"strings"
	"time"
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
	if c.Name == "" || len(c.Name) > 40 {
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
