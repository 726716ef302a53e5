package rapport

import (
	"net/mail"
	"strings"
	"time"
	"unicode/utf8"
)

// Role is what an agent is trusted with. Each role may do all that the one
// before it may.
type Role string

const (
	RoleAgent      Role = "agent"      // works the conversations of their queues
	RoleSupervisor Role = "supervisor" // sees and moves all conversations
	RoleAdmin      Role = "admin"      // also sets up agents, queues, inboxes
)

// Status is the availability an agent chose (S3-09). Only Available takes
// new work: eligibility is an allow-list (trap 4).
type Status string

const (
	StatusAvailable Status = "available"
	StatusBusy      Status = "busy"
	StatusAway      Status = "away"
	StatusOffline   Status = "offline"
)

// Valid tells whether s is one of the base statuses.
func (s Status) Valid() bool {
	switch s {
	case StatusAvailable, StatusBusy, StatusAway, StatusOffline:
		return true
	}
	return false
}

// Valid tells whether r is a known role.
func (r Role) Valid() bool { return r == RoleAgent || r == RoleSupervisor || r == RoleAdmin }

// Agent is a person inside. Software that answers is a bot, never an agent.
type Agent struct {
	ID       AgentID `json:"id"`
	Name     string  `json:"name"`
	Email    string  `json:"email"`
	Role     Role    `json:"role"`
	Enabled  bool    `json:"enabled"`
	Invited  bool    `json:"invited" doc:"The invitation has not been accepted yet."`
	Capacity *int    `json:"capacity" doc:"Most conversations at once; null takes the queue's or the account's value."`

	// Status is chosen, Connected is detected (C11, C12).
	Status    Status   `json:"status" enum:"available,busy,away,offline"`
	Custom    StatusID `json:"custom_status_id,omitempty" doc:"The custom status that was chosen; its base is Status."`
	Connected bool     `json:"connected" doc:"A desk of this agent was heard from within the presence time-out."`
	Load      int      `json:"load" doc:"Open and pending conversations held."`
	Room      int      `json:"room,omitempty" doc:"Most conversations at once, in the queue that allows most."`

	// What the system adds to Available (S3-10, S3-11); empty otherwise.
	Sub SubStatus `json:"sub_status,omitempty" enum:"idle,under_capacity,full_capacity" doc:"Full capacity is shown as Busy."`

	LastAssignedAt time.Time `json:"last_assigned_at,omitzero"`
	IdleSince      time.Time `json:"idle_since,omitzero" doc:"When the agent last became free of work or available."`
	SeenAt         time.Time `json:"seen_at,omitzero"`
	CreatedAt      time.Time `json:"created_at"`
}

// Availability is what others see: the chosen status, or offline while no
// desk of the agent is connected.
func (a *Agent) Availability() Status {
	if !a.Connected {
		return StatusOffline
	}
	return a.Status
}

// SubStatus derives what the system adds to the availability (S3-10, S3-11):
// the agent's own choice stays as it is.
func (a *Agent) SubStatus() SubStatus {
	switch {
	case a.Availability() != StatusAvailable:
		return ""
	case a.Load >= a.Room:
		return SubFullCapacity
	case a.Load == 0:
		return SubIdle
	}
	return SubUnderCapacity
}

// AgentEmail is an agent's address as it rests, however it was typed.
func AgentEmail(typed string) string { return strings.ToLower(strings.TrimSpace(typed)) }

// Validate checks what an admin typed.
func (a *Agent) Validate() error {
	a.Name, a.Email = strings.TrimSpace(a.Name), AgentEmail(a.Email)
	if a.Name == "" || utf8.RuneCountInString(a.Name) > 100 {
		return Invalidf("name", "A name of 1 to 100 characters is needed.")
	}
	if addr, err := mail.ParseAddress(a.Email); err != nil || addr.Address != a.Email || len(a.Email) > 254 {
		return Invalidf("email", "%q is not an e-mail address; it should look like ana@example.com.", a.Email)
	}
	if !a.Role.Valid() {
		return Invalidf("role", "%q is not a role; use agent, supervisor or admin.", a.Role)
	}
	return validCapacity("capacity", a.Capacity)
}

func validCapacity(field string, n *int) error {
	if n != nil && (*n < 0 || *n > 1000) {
		return Invalidf(field, "A capacity lies between 0 and 1000; %d does not.", *n)
	}
	return nil
}

// AgentRef names an agent where the whole word would be too much.
type AgentRef struct {
	ID   AgentID `json:"id"`
	Name string  `json:"name"`
}
