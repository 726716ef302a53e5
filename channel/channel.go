package channel

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"time"

	"rapport"
)

// Info describes a kind of channel: forms, docs and validation are made from it.
type Info struct {
	Kind    string   `json:"kind" doc:"Word for programs, e.g. web."`
	Name    string   `json:"name" doc:"Name for people, e.g. Web chat."`
	Help    string   `json:"help" doc:"One or two sentences: what it is for and what it needs."`
	Caps    Caps     `json:"caps"`
	Options []Option `json:"options"`
}

// Caps says what a channel can do.
type Caps struct {
	Contents
	Pulls     bool `json:"pulls" doc:"Customers fetch replies by themselves; nothing is sent."`
	Receives  bool `json:"receives" doc:"Customers can write."`
	Delivered bool `json:"delivered" doc:"Says when a message reached the customer."`
	Seen      bool `json:"seen" doc:"Says when the customer looked at it (S3-35)."`
	Typing    bool `json:"typing" doc:"Tells us that the customer is typing."`
	Types     bool `json:"types" doc:"Shows the customer that we are typing."`
	Identity  bool `json:"identity" doc:"Can vouch for who the customer is."`
	Templates bool `json:"templates" doc:"Knows templates that its provider has approved (S3-45)."`
	Window    int  `json:"window" doc:"Hours after a customer's last message in which any text may be sent; later only an approved template (S3-51). 0: no such limit."`

	Reach rapport.Reach `json:"reach" doc:"Whom it can write to, and who can be written to first."`
}

// Adapter is one configured inbox at work. Its methods are called from several
// goroutines. Close ends what an adapter keeps open beyond one request, such as
// sockets, and waits for it; requests and sends that are under way may finish.
//
// An adapter that serves requests below /in/{inbox}/ is also an http.Handler:
// it sees the path without that prefix, and the customer's own address in
// RemoteAddr, whatever proxies stand in between.
type Adapter interface {
	Close() error
}

// Sender is an adapter whose replies have to be sent; every one has it unless
// Caps.Pulls.
type Sender interface {
	// Send hands one message over. An error is of one of the classes of this
	// package (Temporary, …); Unknown when it may have happened.
	Send(ctx context.Context, m Outbound) (Receipt, error)
}

// Typer is an adapter that can show a customer that we are typing (Caps.Types)
// without their asking.
type Typer interface {
	Typing(ctx context.Context, to rapport.Point, on bool) error
}

// Host is the side of Rapport that an adapter talks to.
type Host interface {
	// Receive takes in a customer's message and returns once it is on disk.
	Receive(ctx context.Context, m Inbound) (Received, error)
	// Earlier returns the message that was taken in under the external id of m,
	// as Receive would; false when there is none. Nothing is taken in.
	Earlier(ctx context.Context, m Inbound) (Received, bool, error)
	// Report says how far a message of ours got. Late and repeated reports are
	// harmless: a message never goes back.
	Report(ctx context.Context, r Report) error
	// Available tells whether an agent could answer in this inbox right now.
	Available(ctx context.Context) (bool, error)
	// Country is what phone numbers without a country code are read in; it may
	// be empty, then they need one.
	Country() string
}

// Setup is what an adapter is opened with.
type Setup struct {
	Inbox    rapport.InboxRef
	Values   Values // decoded and complete
	Host     Host
	Visitors Visitors     // for channels whose customers pull or type
	Files    Files        // what customers send and get besides texts
	Contents Contents     // what messages may carry here; the operator may have changed it
	Client   *http.Client // for addresses that an admin or a customer chose
	Fetch    *http.Client // for files at such addresses, which are long
	Log      *slog.Logger
}

// Opener makes an adapter. It does no input or output that may block.
type Opener func(Setup) (Adapter, error)

type registration struct {
	info Info
	open Opener
}

var registry = map[string]registration{}

// Register adds a kind of channel; it is called in init and panics on a kind
// that is described wrongly or twice.
func Register(info Info, open Opener) {
	if err := info.check(); err != nil {
		panic("channel " + info.Kind + ": " + err.Error())
	}
	if _, twice := registry[info.Kind]; twice {
		panic("channel " + info.Kind + " is registered twice")
	}
	registry[info.Kind] = registration{info, open}
}

// Kinds describes all registered channels, sorted by kind.
func Kinds() []Info {
	list := make([]Info, 0, len(registry))
	for _, kind := range slices.Sorted(maps.Keys(registry)) {
		list = append(list, registry[kind].info)
	}
	return list
}

// Lookup describes one kind of channel.
func Lookup(kind string) (Info, error) {
	r, found := registry[kind]
	if !found {
		return Info{}, rapport.Invalidf("channel", "There is no channel %q; use one of %v.", kind, slices.Sorted(maps.Keys(registry)))
	}
	return r.info, nil
}

// ReachOf says whom a kind of channel can write to; nobody, if there is no such.
func ReachOf(kind string) rapport.Reach { return registry[kind].info.Caps.Reach }

// Open makes the adapter of an inbox.
func Open(s Setup) (Adapter, error) {
	r, found := registry[s.Inbox.Channel]
	if !found {
		_, err := Lookup(s.Inbox.Channel)
		return nil, err
	}
	if s.Files == nil {
		s.Files = noFiles{}
	}
	if s.Contents.MaxText == 0 {
		s.Contents = r.info.Caps.Contents
	}
	return r.open(s)
}

// Inbound is a customer's message as an adapter decoded it.
type Inbound struct {
	ExternalID string          // the channel's id: the same again is the same message
	Points     []rapport.Point // who wrote; replies go to the first
	Name       string
	Known      bool // somebody vouched for who this is
	Body       string
	Files      []rapport.FileID // taken in by Files before
	Uploader   rapport.Point    // whose uploads they are; zero: the first of Points
	Location   *rapport.Location
	At         time.Time // zero for now
	Wish       Wish
	Priority   rapport.Priority // empty for no change
}

// Wish is where the sender wants a conversation to go (C8). Names that nobody
// has are refused.
type Wish struct {
	Agent           string // id or e-mail address
	Queue           string // id or name
	PreferLastAgent bool   // with a queue: the last agent first, if in it
}

// Received is what became of a message.
type Received struct {
	Item         rapport.Item
	Conversation Conversation
	Duplicate    bool // it was there already; Item is the first one
	Foreign      bool // a duplicate whose first one somebody else wrote
}

// Conversation is what an adapter may know of one.
type Conversation struct {
	ID        rapport.ConversationID
	State     rapport.State
	Assignee  *rapport.AgentRef // nil while it waits
	Why       string            // the latest routing decision in one sentence
	AgentSeen int               // the last item the assignee has seen
	Waiting   *Waiting          // while it waits for an agent
	Survey    *Survey           // after its end, while the customer may answer
}

// Survey is what a customer is asked after a conversation.
type Survey struct {
	ID       rapport.SurveyID
	Question string
	Scale    rapport.SurveyScale
	Comment  bool   // they may add a few words
	Thanks   string // shown after the answer; empty for a plain one
}

// Waiting is what a customer may know of their place in the line.
type Waiting struct {
	Position int       // 1 goes next
	Estimate int       // seconds until somebody takes it, by the pace of the last hour; 0 when nobody can tell
	Agent    string    // the one agent whom it waits for; empty for anybody
	Anyone   bool      // they may choose anyone now instead (Action.Anyone)
	Opens    time.Time // when the queue opens, outside its business hours
}

// Outbound is a message of ours on its way to a customer.
type Outbound struct {
	ConversationID rapport.ConversationID
	Seq            int
	Body           string          // without marks that the channel cannot show
	Content        rapport.Content // files by Files.URL or Files.Open
	At             time.Time
	To             rapport.Point
	Contact        rapport.Contact
	Agent          rapport.AgentRef // empty when software wrote it
	Template       *Template        // Body is what it says, put together
}

// Template is the approved template that a message is made from, as a provider
// wants it named.
type Template struct {
	Name     string            `json:"name"`
	Language string            `json:"language"`
	Values   map[string]string `json:"values,omitempty"`
}

// Receipt is a provider's answer to a message it took.
type Receipt struct {
	Delivery rapport.Delivery // Sent, or Delivered when it is there already
}

// Report says how far a message got. Delivered and Seen hold for all earlier
// messages of the conversation, too, unless those failed.
type Report struct {
	ConversationID rapport.ConversationID
	Seq            int
	Delivery       rapport.Delivery
	Error          string // why, when it failed
}
