package rapport

import (
	"strings"
	"time"
	"unicode/utf8"
)

// Bot is software that can hold a conversation. It has no capacity, and it is
// never an agent.
type Bot struct {
	ID      BotID          `json:"id"`
	Kind    string         `json:"kind" doc:"Kind of bot: flow, webhook, openai."`
	Name    string         `json:"name" doc:"Customers see it."`
	Enabled bool           `json:"enabled"`
	Options map[string]any `json:"options" doc:"As described by the kind; secrets are shown as ***."`
	BotRules
	CreatedAt time.Time `json:"created_at"`
}

// BotRules are what every kind of bot has.
type BotRules struct {
	TimeoutSeconds int     `json:"timeout_seconds" doc:"After this long without an answer of the bot, humans take over."`
	HandoffQueue   QueueID `json:"handoff_queue,omitempty" doc:"Where it hands off to when it names nobody; empty keeps the conversation's queue."`
	Apology        string  `json:"apology" doc:"Sent when the bot fails and humans take over; empty sends nothing."`
}

// Validate checks what an admin typed; options are the kind's to check.
func (b *Bot) Validate() error {
	b.Name = strings.TrimSpace(b.Name)
	if b.Name == "" || utf8.RuneCountInString(b.Name) > 80 {
		return Invalidf("name", "A bot needs a name of 1 to 80 characters.")
	}
	if b.TimeoutSeconds < 5 || b.TimeoutSeconds > 600 {
		return Invalidf("timeout_seconds", "Between 5 and 600 seconds; %d is not.", b.TimeoutSeconds)
	}
	if len(b.Apology) > 1000 {
		return Invalidf("apology", "The apology is %d bytes long; at most 1000 are allowed.", len(b.Apology))
	}
	return nil
}

// Handoff is how a bot gives a conversation to humans.
type Handoff struct {
	AgentID   AgentID           `json:"agent_id,omitempty"`
	QueueID   QueueID           `json:"queue_id,omitempty"`
	LastAgent bool              `json:"last_agent,omitempty" doc:"The customer's own agent, if they serve the queue."`
	Reason    string            `json:"reason,omitempty"`
	Summary   string            `json:"summary,omitempty"`
	Fields    map[string]string `json:"fields,omitempty" doc:"What the bot has collected."`
}

// Validate checks and trims what a bot said.
func (h *Handoff) Validate() error {
	if h.AgentID != "" && h.QueueID != "" {
		return Invalidf("agent_id", "Name an agent or a queue, not both.")
	}
	h.Reason, h.Summary = strings.TrimSpace(h.Reason), strings.TrimSpace(h.Summary)
	if len(h.Reason) > 1000 {
		return Invalidf("reason", "The reason is %d bytes long; at most 1000 are allowed.", len(h.Reason))
	}
	if len(h.Summary) > 4000 {
		return Invalidf("summary", "The summary is %d bytes long; at most 4000 are allowed.", len(h.Summary))
	}
	return ValidFields("fields", h.Fields)
}
