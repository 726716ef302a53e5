package handoff

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"time"

	"rapport"
	"rapport/lib/option"
)

// Options of bots are described as everywhere else.
type (
	Option = option.Option
	Values = option.Values
)

// Info describes a kind of bot: forms, docs and validation are made from it.
type Info struct {
	Kind    string   `json:"kind" doc:"Word for programs, e.g. webhook."`
	Name    string   `json:"name" doc:"Name for people, e.g. Webhook."`
	Help    string   `json:"help" doc:"One or two sentences: what it is for and what it needs."`
	Caps    Caps     `json:"caps"`
	Options []Option `json:"options"`
}

// Caps says what a kind of bot can do.
type Caps struct {
	Turns   bool `json:"turns" doc:"It is asked for its next words when the customer writes; otherwise something inside Rapport speaks for it."`
	Later   bool `json:"later" doc:"It may answer later, through the bot API with its own token."`
	Streams bool `json:"streams" doc:"Its words are shown while they come."`
	Assists bool `json:"assists" doc:"It can help agents to write (S5-19)."`
}

func (i Info) set() option.Set {
	return option.Set{Owner: "The bot kind " + i.Name, Options: i.Options}
}

// Decode reads a bot's options as they come from JSON; see option.Set.
func (i Info) Decode(raw map[string]any) (Values, error) { return i.set().Decode(raw) }

// Accept reads a bot's options as somebody gives them, over those that were there
// until now, if any; see option.Set.
func (i Info) Accept(raw, was map[string]any) (Values, error) { return i.set().Accept(raw, was) }

func (i Info) check() error {
	if !option.IsWord(i.Kind) || i.Name == "" || i.Help == "" {
		return errors.New("a kind in lower case, a name and a help text are needed")
	}
	return i.set().Check()
}

// Bot is one configured bot at work. Its methods are called from several
// goroutines; it keeps nothing open between calls.
type Bot any

// Taker is a bot that is asked for turns (Caps.Turns).
type Taker interface {
	// Turn asks for the bot's next words. An error is of one of the classes of
	// this package; the same turn may be asked again, with the same id.
	Turn(ctx context.Context, t Turn) (Answer, error)
}

// Assistant is a bot that helps agents to write (Caps.Assists).
type Assistant interface {
	// Assist returns a text for the agent; errors are as those of Turn.
	Assist(ctx context.Context, t Task) (string, error)
}

// Setup is what a bot is opened with.
type Setup struct {
	ID     rapport.BotID
	Name   string
	Values Values       // decoded and complete
	Client *http.Client // for addresses that an admin chose
	Log    *slog.Logger
}

// Opener makes a bot. It does no input or output.
type Opener func(Setup) (Bot, error)

type registration struct {
	info Info
	open Opener
}

var registry = map[string]registration{}

// Register adds a kind of bot; it is called in init and panics on a kind that
// is described wrongly or twice.
func Register(info Info, open Opener) {
	if err := info.check(); err != nil {
		panic("bot " + info.Kind + ": " + err.Error())
	}
	if _, twice := registry[info.Kind]; twice {
		panic("bot " + info.Kind + " is registered twice")
	}
	registry[info.Kind] = registration{info, open}
}

// Kinds describes all registered kinds of bots, sorted by kind.
func Kinds() []Info {
	list := make([]Info, 0, len(registry))
	for _, kind := range slices.Sorted(maps.Keys(registry)) {
		list = append(list, registry[kind].info)
	}
	return list
}

// Lookup describes one kind of bot.
func Lookup(kind string) (Info, error) {
	r, found := registry[kind]
	if !found {
		return Info{}, rapport.Invalidf("kind", "There is no kind of bot %q; use one of %v.", kind, slices.Sorted(maps.Keys(registry)))
	}
	return r.info, nil
}

// Open makes a bot of a kind.
func Open(kind string, s Setup) (Bot, error) {
	r, found := registry[kind]
	if !found {
		_, err := Lookup(kind)
		return nil, err
	}
	return r.open(s)
}

// Turn is what a bot is asked: the customer wrote, what do you say? It holds
// nothing secret and no addresses of the customer.
type Turn struct {
	ID           string       `json:"id"` // the same again is the same turn
	Conversation Conversation `json:"conversation"`
	Contact      Contact      `json:"contact"`
	Messages     []Message    `json:"messages"`   // of the customer, since the bot's last turn
	Transcript   []Message    `json:"transcript"` // the end of the thread, these messages included

	// Queues are the names that a hand-off may go to.
	Queues []string `json:"queues"`
	// Hear, if given, is told the text so far while it comes (Caps.Streams).
	Hear func(text string) `json:"-"`
}

// Conversation is what a bot may know of one.
type Conversation struct {
	ID       rapport.ConversationID `json:"id"`
	Inbox    string                 `json:"inbox"`
	Channel  string                 `json:"channel"`
	Queue    string                 `json:"queue"`
	OpenedAt time.Time              `json:"opened_at"`
	Tags     []string               `json:"tags"`
	Fields   map[string]string      `json:"fields"`
}

// Contact is what a bot may know of the customer.
type Contact struct {
	ID     rapport.ContactID `json:"id"`
	Name   string            `json:"name"`
	Known  bool              `json:"known"` // somebody vouches for who it is
	Fields map[string]string `json:"fields"`
}

// Message is one message of the thread.
type Message struct {
	Seq  int               `json:"seq"`
	By   rapport.PartyKind `json:"by"`
	Name string            `json:"name"`
	Body string            `json:"body"`
	At   time.Time         `json:"at"`
}

// Answer is what a bot says and does in its turn, in this order. An empty one
// means that it will speak later (Caps.Later).
type Answer struct {
	Messages []Say
	Fields   map[string]string // of the conversation; empty values remove
	Tags     []string          // to add
	Handoff  *Handoff
	End      bool // the matter is settled: the conversation is solved
}

// Empty tells whether there is nothing in it.
func (a *Answer) Empty() bool {
	return len(a.Messages) == 0 && len(a.Fields) == 0 && len(a.Tags) == 0 && a.Handoff == nil && !a.End
}

// Say is one message to the customer, with answers to choose from.
type Say struct {
	Text    string   `json:"text"`
	Buttons []string `json:"buttons,omitempty"`
}

// Data is what the message's item carries besides its text.
func (s Say) Data() map[string]any {
	if len(s.Buttons) == 0 {
		return nil
	}
	return map[string]any{"buttons": s.Buttons}
}

// Handoff is a bot's wish for humans. It names an agent or a queue, the
// customer's own agent, or nobody.
type Handoff struct {
	Agent     string            `json:"agent,omitempty"` // id or e-mail address
	Queue     string            `json:"queue,omitempty"` // id or name
	LastAgent bool              `json:"last_agent,omitempty"`
	Reason    string            `json:"reason,omitempty"`
	Summary   string            `json:"summary,omitempty"`
	Fields    map[string]string `json:"fields,omitempty"`
}

// Bounds of an answer.
const (
	MostMessages = 10
	MostButtons  = 10
	MostButton   = 80 // characters of one
)

// Validate checks and trims what a bot answered; errors name the field.
func (a *Answer) Validate() error {
	if len(a.Messages) > MostMessages {
		return rapport.Invalidf("messages", "At most %d messages in one turn; there are %d.", MostMessages, len(a.Messages))
	}
	for i := range a.Messages {
		if err := a.Messages[i].Validate("messages"); err != nil {
			return err
		}
	}
	if err := rapport.ValidFields("fields", a.Fields); err != nil {
		return err
	}
	if _, _, err := rapport.WithTags(nil, a.Tags, nil); err != nil {
		return err
	}
	if a.Handoff != nil && a.End {
		return rapport.Invalidf("actions", "Hand off or end, not both.")
	}
	if a.Handoff != nil {
		return a.Handoff.Validate()
	}
	return nil
}

// Validate checks and trims one message.
func (s *Say) Validate(field string) (err error) {
	if s.Text, err = rapport.ValidBody(field+".text", s.Text); err != nil {
		return err
	}
	if len(s.Buttons) > MostButtons {
		return rapport.Invalidf(field+".buttons", "At most %d buttons; there are %d.", MostButtons, len(s.Buttons))
	}
	for i, text := range s.Buttons {
		if s.Buttons[i], err = rapport.ValidBody(field+".buttons", text); err != nil {
			return err
		}
		if len([]rune(s.Buttons[i])) > MostButton {
			return rapport.Invalidf(field+".buttons", "A button has at most %d characters.", MostButton)
		}
	}
	return nil
}

// Validate checks and trims a wish for humans, except whom it names.
func (h *Handoff) Validate() error {
	if h.Agent != "" && h.Queue != "" {
		return rapport.Invalidf("agent", "Name an agent or a queue, not both.")
	}
	if len(h.Agent) > 200 || len(h.Queue) > 200 {
		return rapport.Invalidf("agent", "A name has at most 200 bytes.")
	}
	checked := rapport.Handoff{Reason: h.Reason, Summary: h.Summary, Fields: h.Fields}
	err := checked.Validate()
	h.Reason, h.Summary = checked.Reason, checked.Summary
	return err
}

// TaskKind is how an agent is helped.
type TaskKind string

const (
	TaskReply   TaskKind = "reply"   // suggest an answer
	TaskSummary TaskKind = "summary" // of the conversation, for a colleague
	TaskTone    TaskKind = "tone"    // rewrite Text
)

// Task is what an agent asks for.
type Task struct {
	Kind       TaskKind
	Transcript []Message
	Text       string // the agent's own draft
	Tone       string // friendlier, shorter, formal
}

// Options with a meaning of their own.
const (
	TokenOption    = "token"       // bearer token of kinds with Caps.Later
	WorkflowOption = "workflow_id" // the workflow that speaks for a bot without Caps.Turns
)
