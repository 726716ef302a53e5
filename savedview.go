package rapport

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Sharing is with whom a saved view is shared.
type Sharing string

const (
	SharedWithNobody Sharing = ""
	SharedWithQueues Sharing = "queues" // the members of some queues
	SharedWithAll    Sharing = "all"
)

// Columns that the table of a list may have, in the order of the choice.
var Columns = []string{"customer", "topic", "last_message", "status", "priority", "queue", "assignee", "channel", "tags", "waiting", "updated", "opened"}

const mostViewName = 60

// SavedView is a list that somebody keeps under a name.
type SavedView struct {
	ID      ViewID  `json:"id"`
	OwnerID AgentID `json:"owner_id"`
	Name    string  `json:"name"`
	Listing
	Columns   []string  `json:"columns" doc:"Of the table, in their order; none for the usual ones."`
	Layout    string    `json:"layout" enum:"list,table"`
	Shared    Sharing   `json:"shared" enum:",queues,all" doc:"Empty: with nobody."`
	Queues    []QueueID `json:"queues" doc:"With whose members it is shared."`
	Version   int       `json:"version"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
	DeletedAt time.Time `json:"-"`
}

// Validate checks a view and tidies it.
func (v *SavedView) Validate() error {
	if v.Name = strings.Join(strings.Fields(v.Name), " "); v.Name == "" || utf8.RuneCountInString(v.Name) > mostViewName {
		return Invalidf("name", "The name of a view has 1 to %d characters.", mostViewName)
	}
	if err := v.Listing.Validate(); err != nil {
		return err
	}
	if v.Layout == "" {
		v.Layout = "list"
	}
	if v.Layout != "list" && v.Layout != "table" {
		return Invalidf("layout", "%q is not a layout; use list or table.", v.Layout)
	}
	for i, c := range v.Columns {
		if !slices.Contains(Columns, c) || slices.Contains(v.Columns[:i], c) {
			return Invalidf("columns", "%q is not a column, or stands twice; there are %s.", c, strings.Join(Columns, ", "))
		}
	}
	switch v.Shared {
	case SharedWithNobody, SharedWithAll:
		v.Queues = nil
	case SharedWithQueues:
		if len(v.Queues) == 0 || len(v.Queues) > mostFiltered {
			return Invalidf("queues", "Name 1 to %d queues whose members see the view.", mostFiltered)
		}
	default:
		return Invalidf("shared", "%q is not known; leave it empty, or use queues or all.", v.Shared)
	}
	return nil
}

// SeesView tells whether an actor may see a view.
func (a Actor) SeesView(v *SavedView) bool {
	if a.Kind != ActorAgent || !v.DeletedAt.IsZero() {
		return false
	}
	switch {
	case v.OwnerID == a.AgentID, v.Shared == SharedWithAll:
		return true
	case v.Shared == SharedWithQueues:
		return a.SeesAll() || slices.ContainsFunc(v.Queues, func(q QueueID) bool { _, member := a.Queues[q]; return member })
	}
	return false
}

// EditsView tells whether an actor may change a view: their own, or, who
// supervises, one that is shared.
func (a Actor) EditsView(v *SavedView) bool {
	if a.Kind != ActorAgent {
		return false
	}
	return v.OwnerID == a.AgentID && (v.Shared == SharedWithNobody || a.Supervises()) || v.Shared != SharedWithNobody && a.Supervises()
}
