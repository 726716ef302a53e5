package push

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"

	"rapport"
	"rapport/store"
)

// Codes that a socket is closed with, beside those of RFC 6455.
const (
	CloseSession websocket.StatusCode = 4401 // the session is over
	CloseSlow    websocket.StatusCode = 4408 // the desk reads too slowly; it may resume
)

// Silence is how long a desk may say nothing before it is taken for gone; desks
// ping every 20 seconds.
const Silence = 70 * time.Second

// Config says what the hub tells of the agents that are connected to it. The
// callbacks run outside the hub's lock and may use the database.
type Config struct {
	Log *slog.Logger
	// Arrived is called when the first desk of an agent connects.
	Arrived func(context.Context, rapport.AgentID) error
	// Heard is called every Beat with the agents who have a desk here.
	Heard func(context.Context, []rapport.AgentID) error
	Beat  time.Duration
	// Calm is the time between writes to a desk of what does not concern it at
	// once; 500 milliseconds if zero.
	Calm time.Duration
	// Origins are patterns of the hosts, besides the own one, whose pages may
	// open a socket; see websocket.AcceptOptions.
	Origins []string
}

// Hub is the fan-out of one process.
type Hub struct {
	config Config
	db     *store.DB
	log    *slog.Logger
	ctx    context.Context // of Run: ends the desks
	up     chan struct{}   // closed once Run follows the log

	readers sync.WaitGroup // goroutines of desks

	mu       sync.Mutex
	stopping bool
	head     int64          // the last event that was handed out
	desks    map[*desk]bool // all that are connected; true for those who are live
	all      set            // live desks of those who see every conversation
	live     set            // all live desks
	queues   map[rapport.QueueID]set
	agents   map[rapport.AgentID]set
	present  map[rapport.AgentID]int // desks, live or not
	watchers map[rapport.ContactID]map[*watcher]struct{}
	views    map[rapport.ConversationID]*view // open on desks here

	pauses  pauses
	buffers sync.Pool // of *[mostTogether]byte

	dropped, delivered atomic.Int64
}

type set map[*desk]struct{}

// New makes a hub; nothing happens before Run.
func New(db *store.DB, c Config) *Hub {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Beat == 0 {
		c.Beat = 15 * time.Second
	}
	if c.Calm == 0 {
		c.Calm = calm
	}
	return &Hub{
		config: c, db: db, log: c.Log, up: make(chan struct{}),
		desks: map[*desk]bool{}, all: set{}, live: set{}, queues: map[rapport.QueueID]set{}, agents: map[rapport.AgentID]set{},
		present: map[rapport.AgentID]int{}, watchers: map[rapport.ContactID]map[*watcher]struct{}{}, views: map[rapport.ConversationID]*view{},
		buffers: sync.Pool{New: func() any { return new([mostTogether]byte) }},
	}
}

// Stats are numbers about the hub.
type Stats struct {
	Desks     int   // connected sockets
	Agents    int   // agents behind them
	Watchers  int   // customers' channels that show who types
	Delivered int64 // frames handed to desks
	Dropped   int64 // desks closed because they read too slowly
}

// Stats returns them.
func (h *Hub) Stats() Stats {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := 0
	for _, w := range h.watchers {
		n += len(w)
	}
	return Stats{len(h.desks), len(h.present), n, h.delivered.Load(), h.dropped.Load()}
}

// Run follows the log until ctx ends, then closes every desk with the code that
// makes clients reconnect (1012), and waits for them.
func (h *Hub) Run(ctx context.Context) error {
	err := store.WhenThere(ctx, func() error {
		return h.db.View(ctx, func(tx *store.Tx) (err error) {
			h.head, _, err = tx.Head()
			return err
		})
	}, func(err error) { h.log.Error("cannot read the event log", "error", err) })
	switch {
	case err != nil && ctx.Err() != nil: // told to stop while it was still starting
		return nil
	case err != nil:
		return fmt.Errorf("find the end of the event log: %w", err)
	}
	h.ctx = ctx
	tail := h.db.Follow(h.head)
	defer tail.Close()
	close(h.up)

	var beats sync.WaitGroup
	beats.Go(func() { h.beat(ctx) })
	defer h.close() // once nobody else ends desks
	defer beats.Wait()
	for {
		events, err := tail.Next(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			h.log.Error("cannot read the event log", "error", err)
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
			}
		case events == nil:
			return nil // the database was closed
		}
		for i := range events {
			h.dispatch(ctx, &events[i])
		}
	}
}

// close ends all desks and waits for their goroutines.
func (h *Hub) close() {
	h.mu.Lock()
	h.stopping = true
	desks := make([]*desk, 0, len(h.desks))
	for d := range h.desks {
		desks = append(desks, d)
	}
	h.mu.Unlock()
	for _, d := range desks {
		d.end(websocket.StatusServiceRestart, "Rapport is restarting")
	}
	h.readers.Wait()
}

// beat reports the agents who are here, and ends desks that fell silent.
func (h *Hub) beat(ctx context.Context) {
	ticker := time.NewTicker(h.config.Beat)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		now := time.Now()
		h.mu.Lock()
		ids := make([]rapport.AgentID, 0, len(h.present))
		for id := range h.present {
			ids = append(ids, id)
		}
		var silent []*desk
		for d := range h.desks {
			if now.Sub(time.Unix(0, d.heard.Load())) > Silence {
				silent = append(silent, d)
			}
		}
		h.mu.Unlock()
		for _, d := range silent {
			d.end(websocket.StatusPolicyViolation, "nothing was heard from this desk")
		}
		if h.config.Heard == nil || len(ids) == 0 {
			continue
		}
		if err := h.config.Heard(ctx, ids); err != nil && ctx.Err() == nil {
			h.log.Error("cannot note who is connected", "error", err, "agents", len(ids))
		}
	}
}

// dispatch hands an event to those who may see it.
func (h *Hub) dispatch(ctx context.Context, e *rapport.Event) {
	h.rescope(ctx, e)
	var related []audience
	if e.ConversationID == "" && e.ContactID != "" {
		related = h.customersConversations(ctx, e.ContactID)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.head = e.Seq
	h.follow(e)
	stakes := []stake{stakeOf(e)}
	for _, a := range related {
		stakes = append(stakes, stake{conversation: a.conversation, holder: a.agent})
	}
	send := once{seq: e.Seq, stakes: stakes, frame: func() []byte { return eventFrame(e) }}
	switch {
	case e.ConversationID != "":
		h.reach(audience{e.ConversationID, e.AgentID, e.QueueID, e.ToQueue}, &send)
		gone := once{seq: e.Seq, stakes: stakes, frame: func() []byte { return goneFrame(e) }}
		for _, s := range []set{h.queues[e.FromQueue], h.agents[e.FromAgent]} {
			h.give(s, &gone)
		}
	case personal(e.Kind):
		h.give(h.agents[e.AgentID], &send)
	case e.Kind == "agent.load": // often: for supervisors' boards, and for themselves
		h.give(h.all, &send)
		h.give(h.agents[e.AgentID], &send)
	case everybodys(e.Kind):
		h.give(h.live, &send)
	default:
		h.give(h.all, &send)
		for _, a := range related {
			h.reach(a, &send)
		}
	}
}

// personal tells whether an event is for its agent and for nobody else.
func personal(kind string) bool {
	noun, _, _ := strings.Cut(kind, ".")
	switch noun {
	case "notification", "preferences", "draft", "own-view", "bulk":
		return true
	}
	return false
}

// everybodys tells whether all agents may know of an event that is not about a
// conversation: colleagues, queues and settings are not secret among them.
func everybodys(kind string) bool {
	noun, _, _ := strings.Cut(kind, ".")
	switch noun {
	case "agent", "queue", "member", "inbox", "settings", "bot", "status", "texts", "view":
		return true
	}
	return false
}

// audience names who may see a conversation besides those who see all.
type audience struct {
	conversation rapport.ConversationID
	agent        rapport.AgentID
	queue        rapport.QueueID
	asked        rapport.QueueID // to take over
}

func audienceOf(c *rapport.Conversation) audience {
	a := audience{conversation: c.ID, agent: c.Assignee, queue: c.QueueID}
	if c.Transfer != nil {
		a.asked = c.Transfer.QueueID
	}
	return a
}

// once is a frame that is encoded when somebody wants it, and given to each
// desk at most once.
type once struct {
	seq    int64
	stakes []stake
	frame  func() []byte
	text   []byte
}

// reach gives a frame to those who may see a conversation.
func (h *Hub) reach(a audience, f *once) {
	h.give(h.all, f)
	h.give(h.agents[a.agent], f)
	h.give(h.queues[a.queue], f)
	if a.asked != "" {
		h.give(h.queues[a.asked], f)
	}
}

// give queues an event's frame for a topic. A desk remembers the last event it
// was given: it may be in several topics, and what it read from the log before
// it went live is not repeated.
func (h *Hub) give(s set, f *once) {
	for d := range s {
		if d.last >= f.seq {
			continue
		}
		d.last = f.seq
		if f.text == nil {
			f.text = f.frame()
		}
		d.enqueue(f.text, slices.ContainsFunc(f.stakes, func(s stake) bool { return s.of(d) }))
	}
}

// customersConversations is who may see one of a customer's conversations that
// are not closed.
func (h *Hub) customersConversations(ctx context.Context, id rapport.ContactID) (list []audience) {
	err := h.db.View(ctx, func(tx *store.Tx) error {
		found, err := tx.OfContact(store.Filter{Actor: rapport.System, Contact: id, Page: store.Page{Limit: 20}})
		for i := range found {
			if found[i].State != rapport.Closed {
				list = append(list, audienceOf(&found[i].Conversation))
			}
		}
		return err
	})
	if err != nil && ctx.Err() == nil {
		h.log.Error("cannot tell who may see a customer", "error", err)
	}
	return list
}

// concerns tells whether an event about a customer is for an actor who sees one
// of their conversations.
func (h *Hub) concerns(ctx context.Context, e *rapport.Event, actor rapport.Actor) bool {
	if e.ConversationID != "" || e.ContactID == "" {
		return false
	}
	return slices.ContainsFunc(h.customersConversations(ctx, e.ContactID), func(a audience) bool {
		_, member := actor.Queues[a.queue]
		_, asked := actor.Queues[a.asked]
		return a.agent == actor.AgentID || member || asked
	})
}

func eventFrame(e *rapport.Event) []byte {
	return encode(struct {
		T     string         `json:"t"`
		Event *rapport.Event `json:"event"`
	}{"event", e})
}

func goneFrame(e *rapport.Event) []byte {
	return encode(struct {
		T              string                 `json:"t"`
		ConversationID rapport.ConversationID `json:"conversation_id"`
		Seq            int64                  `json:"seq"`
	}{"gone", e.ConversationID, e.Seq})
}
