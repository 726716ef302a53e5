package rapport

import "time"

// ContactMerge is two customers who became one: who, by whom, and what was
// there before, so that undoing it restores both.
type ContactMerge struct {
	ID       ContactMergeID `json:"id"`
	IntoID   ContactID      `json:"into_id"`
	FromID   ContactID      `json:"from_id"`
	FromName string         `json:"from_name" doc:"What the other one was called."`
	At       time.Time      `json:"at"`
	ByID     AgentID        `json:"by_id,omitempty"`
	ByName   string         `json:"by_name"`
	Linked   bool           `json:"linked,omitempty" doc:"A conversation of an unknown customer was linked, rather than two known customers merged (S3-56)."`
	UndoneAt time.Time      `json:"undone_at,omitzero"`
}

// ContactChange is one line of what was done to a customer.
type ContactChange struct {
	ID     string    `json:"id"`
	At     time.Time `json:"at"`
	ByID   AgentID   `json:"by_id,omitempty"`
	ByName string    `json:"by_name"`
	Action string    `json:"action" doc:"created, named, fields, tags, point_added, point_removed, point_changed, merged, unmerged, linked, unlinked, imported, exported."`
	Detail []Detail  `json:"detail,omitempty"`
}

// Detail is one value that changed.
type Detail struct {
	What string `json:"what" doc:"name, tags, point, customer, conversation, or the name of a field."`
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
}
