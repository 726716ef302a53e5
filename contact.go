package rapport

import (
	"strings"
	"time"
)

// PointKind is the sort of address a customer is reached at.
type PointKind string

const (
	PointPhone    PointKind = "phone"    // E.164, "+4930123456"
	PointEmail    PointKind = "email"    // lower case
	PointExternal PointKind = "external" // an id of the customer's own system, vouched for by an inbox: "<inbox>:<id>"
	PointVisitor  PointKind = "visitor"  // an anonymous browser, unguessable: "<inbox>:<random>"
	PointHandle   PointKind = "handle"   // a name on a platform
)

// Point is one address of a customer in canonical form. Kind and Address
// together belong to at most one contact.
type Point struct {
	Kind    PointKind `json:"kind" enum:"phone,email,external,visitor,handle," doc:"Empty of a conversation among colleagues."`
	Address string    `json:"address" doc:"Canonical form: E.164 for a phone."`
	Shown   string    `json:"shown,omitempty" doc:"As it was written, if that differs."`
}

// Contact is a customer: the person outside, however many addresses they use.
type Contact struct {
	ID        ContactID         `json:"id"`
	Name      string            `json:"name" doc:"Empty for an unknown customer."`
	Known     bool              `json:"known" doc:"Somebody vouched for who this is: a signed identity, an integration or an agent (S3-53)."`
	Points    []Point           `json:"points"`
	Fields    map[string]string `json:"fields,omitempty" doc:"What is known besides."`
	Tags      []string          `json:"tags,omitempty"`
	CreatedAt time.Time         `json:"created_at"`

	MergedInto ContactID `json:"merged_into,omitempty" doc:"The contact that this one was merged into; it has no points and no conversations any more."`
	ErasedAt   time.Time `json:"erased_at,omitzero" doc:"When what was known of this person was erased on request."`
}

// Describable refuses to write anything down about a person who was erased.
func (c *Contact) Describable() error {
	if c.ErasedAt.IsZero() {
		return nil
	}
	return Errorf(Conflict, "erased", "What was known of this person was erased on request; nothing is written down about them any more.")
}

// Affinity is the bond that an interaction left between a contact and an agent.
type Affinity struct {
	ContactID      ContactID      `json:"contact_id"`
	AgentID        AgentID        `json:"agent_id"`
	ConversationID ConversationID `json:"conversation_id"`
	QueueID        QueueID        `json:"queue_id"`
	EndedAt        time.Time      `json:"ended_at" doc:"End of the last qualifying interaction; the window counts from here (C7)."`
}

// ShownName is what a customer is called on the screen: their name, else the
// address they write from, else Visitor and the end of their number.
func ShownName(name string, p Point) string {
	switch {
	case name != "":
		return name
	case p.Kind == PointVisitor:
		return "Visitor " + p.Address[max(0, len(p.Address)-4):]
	case p.Kind == PointExternal:
		_, id, _ := strings.Cut(p.Address, ":")
		return id
	case p.Shown != "":
		return p.Shown
	}
	return p.Address
}
