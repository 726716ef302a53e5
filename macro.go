package rapport

import (
	"slices"
	"time"
)

// Macro is a set of actions that an agent applies to a conversation at once
// (S3-46).
type Macro struct {
	ID        MacroID   `json:"id"`
	Name      string    `json:"name"`
	Help      string    `json:"help,omitempty" doc:"When to use it."`
	Tags      []string  `json:"tags,omitempty" doc:"To find it by; they are not given to the conversation."`
	Queues    []QueueID `json:"queues,omitempty" doc:"Whose members see it; empty: everybody."`
	Enabled   bool      `json:"enabled"`
	Effects   Effects   `json:"effects"`
	Used      int       `json:"used" doc:"How often it was applied."`
	UpdatedAt time.Time `json:"updated_at"`
}

// MostMacros is how many macros there may be.
const MostMacros = 1000

// Me stands for whoever applies a macro.
const Me AgentID = "me"

// Effects are what a macro fills in; what is empty stays as it is.
type Effects struct {
	Topic       string            `json:"topic,omitempty"`
	Summary     string            `json:"summary,omitempty"`
	Body        string            `json:"body,omitempty" doc:"Goes into the composer; the agent sends it."`
	InboxID     InboxID           `json:"inbox_id,omitempty" doc:"Where the reply is sent from."`
	FormID      FormID            `json:"form_id,omitempty"`
	Fields      map[string]string `json:"fields,omitempty" doc:"Values of the form's fields."`
	QueueID     QueueID           `json:"queue_id,omitempty"`
	AssigneeID  AgentID           `json:"assignee_id,omitempty" doc:"An agent; me is whoever applies it."`
	State       State             `json:"state,omitempty" enum:"open,pending,solved,closed"`
	Priority    Priority          `json:"priority,omitempty" enum:"low,normal,high,urgent"`
	AddTags     []string          `json:"add_tags,omitempty"`
	RemoveTags  []string          `json:"remove_tags,omitempty"`
	Disposition DispositionID     `json:"disposition_id,omitempty"`
	Note        string            `json:"note,omitempty" doc:"Written for colleagues."`
}

// EffectKinds are the names of the single effects, in the order in which they
// are shown and done.
var EffectKinds = []string{"topic", "summary", "form", "fields", "priority", "tags", "disposition", "note", "sender", "body", "queue", "assignee", "state"}

// Has tells whether there is an effect of a kind.
func (e *Effects) Has(kind string) bool {
	switch kind {
	case "topic":
		return e.Topic != ""
	case "summary":
		return e.Summary != ""
	case "form":
		return e.FormID != ""
	case "fields":
		return len(e.Fields) > 0
	case "priority":
		return e.Priority != ""
	case "tags":
		return len(e.AddTags)+len(e.RemoveTags) > 0
	case "disposition":
		return e.Disposition != ""
	case "note":
		return e.Note != ""
	case "sender":
		return e.InboxID != ""
	case "body":
		return e.Body != ""
	case "queue":
		return e.QueueID != ""
	case "assignee":
		return e.AssigneeID != ""
	case "state":
		return e.State != ""
	}
	return false
}

// Kinds are the kinds of the effects that there are.
func (e *Effects) Kinds() []string {
	return slices.DeleteFunc(slices.Clone(EffectKinds), func(kind string) bool { return !e.Has(kind) })
}

// Without is the effects but those of some kinds.
func (e Effects) Without(kinds ...string) Effects {
	for _, kind := range kinds {
		switch kind {
		case "topic":
			e.Topic = ""
		case "summary":
			e.Summary = ""
		case "form":
			e.FormID = ""
		case "fields":
			e.Fields = nil
		case "priority":
			e.Priority = ""
		case "tags":
			e.AddTags, e.RemoveTags = nil, nil
		case "disposition":
			e.Disposition = ""
		case "note":
			e.Note = ""
		case "sender":
			e.InboxID = ""
		case "body":
			e.Body = ""
		case "queue":
			e.QueueID = ""
		case "assignee":
			e.AssigneeID = ""
		case "state":
			e.State = ""
		}
	}
	return e
}

// Split parts what is done at once from what waits until the agent sends the
// reply: to end the conversation always waits, so that there is time to edit
// (S3-49); with a text so does whatever would take it from the agent.
func (e Effects) Split() (now, later Effects) {
	waits := []string{}
	if e.State == Solved || e.State == Closed || e.Body != "" && e.State != "" {
		waits = append(waits, "state")
	}
	if e.QueueID != "" && (e.Body != "" || len(waits) > 0) {
		waits = append(waits, "queue")
	}
	if e.AssigneeID != "" && e.AssigneeID != Me && (e.Body != "" || len(waits) > 0) {
		waits = append(waits, "assignee")
	}
	now = e.Without(waits...)
	for _, kind := range waits {
		switch kind {
		case "state":
			later.State = e.State
		case "queue":
			later.QueueID = e.QueueID
		case "assignee":
			later.AssigneeID = e.AssigneeID
		}
	}
	return now, later
}

// Empty tells whether there are none.
func (e Effects) Empty() bool { return len(e.Kinds()) == 0 }

// Effect is one change that a macro made, or would make.
type Effect struct {
	Kind  string `json:"kind" enum:"topic,summary,form,fields,priority,tags,disposition,note,sender,body,queue,assignee,state"`
	Name  string `json:"name,omitempty" doc:"Label of the field, where the kind is fields."`
	From  string `json:"from,omitempty" doc:"What it was, as shown; states and priorities as words of the API."`
	To    string `json:"to,omitempty"`
	Later bool   `json:"later,omitempty" doc:"Happens when the agent sends the reply."`
}

// For tells whether an actor may use a macro.
func (m *Macro) For(a Actor) bool { return m.Enabled && openTo(a, m.Queues) }

// Validate checks and trims what a supervisor typed.
func (m *Macro) Validate() error {
	var err error
	if m.Name, err = shortText("name", m.Name, 1, 80); err != nil {
		return err
	}
	if m.Help, err = shortText("help", m.Help, 0, 300); err != nil {
		return err
	}
	if m.Tags, _, err = WithTags(nil, m.Tags, nil); err != nil {
		return err
	}
	if len(m.Queues) > mostQueuesOf {
		return Invalidf("queues", "At most %d queues.", mostQueuesOf)
	}
	if m.Effects.Empty() {
		return Invalidf("effects", "A macro does something; choose at least one thing.")
	}
	return m.Effects.Validate("effects.")
}

// Validate checks and trims the effects; prefix is put before field names.
func (e *Effects) Validate(prefix string) error {
	var err error
	if e.Topic, err = ValidTopic(prefix+"topic", e.Topic); err != nil {
		return err
	}
	if e.Summary, err = ValidSummary(prefix+"summary", e.Summary); err != nil {
		return err
	}
	for field, text := range map[string]*string{"body": &e.Body, "note": &e.Note} {
		if *text != "" {
			if *text, err = stockText(prefix+field, *text); err != nil {
				return err
			}
		}
	}
	if err := ValidFields(prefix+"fields", e.Fields); err != nil {
		return err
	}
	if e.State != "" && !e.State.Valid() {
		return Invalidf(prefix+"state", "%q is not a state; use open, pending, solved or closed.", e.State)
	}
	if e.Priority != "" && e.Priority.Rank() == 0 {
		return Invalidf(prefix+"priority", "%q is not a priority; use low, normal, high or urgent.", e.Priority)
	}
	if e.AddTags, _, err = WithTags(nil, e.AddTags, nil); err != nil {
		return err
	}
	if e.RemoveTags, _, err = WithTags(nil, e.RemoveTags, nil); err != nil {
		return err
	}
	if (e.State == Solved || e.State == Closed) && (e.QueueID != "" || e.AssigneeID != "" && e.AssigneeID != Me) {
		return Invalidf(prefix+"state", "A macro either ends a conversation or hands it on; choose one of the two.")
	}
	if e.QueueID != "" && e.AssigneeID != "" {
		return Invalidf(prefix+"assignee_id", "Name a queue or an agent, not both.")
	}
	return nil
}
