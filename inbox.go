package rapport

import (
	"strings"
	"time"
	"unicode/utf8"
)

// Inbox is one configured address on a channel: a website's widget, a number,
// a mailbox.
type Inbox struct {
	ID        InboxID        `json:"id"`
	Channel   string         `json:"channel" doc:"Kind of channel: web, api, …"`
	Name      string         `json:"name"`
	QueueID   QueueID        `json:"queue_id" doc:"Where its conversations wait."`
	Enabled   bool           `json:"enabled"`
	Pulls     bool           `json:"pulls" doc:"Customers fetch replies by themselves; nothing has to be sent."`
	Options   map[string]any `json:"options" doc:"As described by the channel; secrets are shown as ***."`
	Silence   Silence        `json:"silence" doc:"What happens when the customer does not answer."`
	BotID     BotID          `json:"bot_id,omitempty" doc:"The bot that answers first; empty: agents."`
	Survey    SurveyRules    `json:"survey" doc:"Whether and how customers are asked how it was."`
	CreatedAt time.Time      `json:"created_at"`

	WindowHours int `json:"window_hours" doc:"More than this long after the customer's last message only an approved template may be sent (S3-51); 0: any text at any time."`
}

// InboxRef names an inbox.
type InboxRef struct {
	ID      InboxID `json:"id"`
	Name    string  `json:"name"`
	Channel string  `json:"channel"`
}

// Validate checks what an admin typed; options are the channel's to check.
func (i *Inbox) Validate() error {
	i.Name = strings.TrimSpace(i.Name)
	if i.Name == "" || utf8.RuneCountInString(i.Name) > 80 {
		return Invalidf("name", "An inbox needs a name of 1 to 80 characters.")
	}
	if i.WindowHours < 0 || i.WindowHours > 365*24 {
		return Invalidf("window_hours", "Between 0 hours, which is no limit, and 8760 hours; %d is not.", i.WindowHours)
	}
	if i.Silence.Conduct == "" {
		i.Silence.Conduct = Messaging
	}
	if err := i.Survey.Validate("survey."); err != nil {
		return err
	}
	return i.Silence.Validate("silence.")
}
