package workflow

import (
	"slices"
	"strings"

	"rapport"
)

// Happening is something that happened to a conversation, as triggers and waits
// see it.
type Happening struct {
	Kind     string          `json:"kind"` // of a trigger; or reply, webhook
	Source   string          `json:"source,omitempty"`
	Reopened bool            `json:"reopened,omitempty"`
	Text     string          `json:"text,omitempty"`
	From     rapport.State   `json:"from,omitempty"`
	To       rapport.State   `json:"to,omitempty"`
	Tags     []string        `json:"tags,omitempty"`
	Fields   []string        `json:"fields,omitempty"` // of the contact
	Inbox    rapport.InboxID `json:"inbox,omitempty"`
	Queue    rapport.QueueID `json:"queue,omitempty"`
	Agent    rapport.AgentID `json:"agent,omitempty"`
	Bot      rapport.BotID   `json:"bot,omitempty"`

	// Of a webhook: how it ended, why, and the values of its answer.
	Key    string            `json:"key,omitempty"`
	Output string            `json:"output,omitempty"`
	Reason string            `json:"reason,omitempty"`
	Values map[string]string `json:"values,omitempty"`
}

// Matches tells whether a trigger is set off by something that happened; its
// condition is asked apart from that.
func (t *Trigger) Matches(h *Happening) bool {
	if t.Kind != h.Kind {
		return false
	}
	only := func(field, is string) bool {
		want := textOf(t.With, field)
		return want == "" || want == is
	}
	switch t.Kind {
	case "conversation_opened":
		source := textOf(t.With, "source")
		if source == "" {
			source = "customer"
		}
		return (source == "any" || source == h.Source) && (!h.Reopened || flagOf(t.With, "reopened")) && only("inbox", string(h.Inbox))
	case "message_received":
		return only("inbox", string(h.Inbox))
	case "assigned":
		return only("queue", string(h.Queue)) && only("agent", string(h.Agent))
	case "status_changed":
		return only("from", string(h.From)) && only("to", string(h.To))
	case "tag_added":
		return hasTag(h.Tags, textOf(t.With, "tag"))
	case "contact_field_changed":
		field := textOf(t.With, "field")
		return field == "" || slices.Contains(h.Fields, field)
	case "handed_off", "handed_to_flow":
		return only("bot", string(h.Bot))
	}
	return false
}

func hasTag(tags []string, tag string) bool {
	return tag == "" || slices.ContainsFunc(tags, func(t string) bool { return strings.EqualFold(t, tag) })
}

// satisfiedBy tells whether a wait is over because of something that happened.
func (w *Wait) satisfiedBy(h *Happening) bool {
	if w == nil || h == nil || w.Event == "" || w.Event != h.Kind {
		return false
	}
	switch w.Event {
	case "status_changed":
		return w.To == "" || w.To == h.To
	case "tag_added":
		return hasTag(h.Tags, w.Tag)
	case "webhook":
		return w.Key == h.Key
	}
	return true
}
