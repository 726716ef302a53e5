package channeltest

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"time"

	"rapport"
	"rapport/channel"
)

// Host is the other side of the contract in memory: it keeps the promises of
// channel.Host and channel.Visitors and remembers what an adapter did.
type Host struct {
	mu       sync.Mutex
	country  string
	away     bool
	failure  error
	files    *Files // what messages carry; nil for none
	people   map[rapport.Point]*person
	external map[string]channel.Received
	visitors map[string]channel.Visitor
	log      []logged
	first    int64 // the oldest position that After can start from
	inbound  []channel.Inbound
	reports  []channel.Report
	actions  []channel.Action
}

type person struct {
	contact      rapport.Contact
	conversation channel.Conversation
	items        []rapport.Item
	seen         int
	bells        map[*channel.Bell]bool
}

// logged is one entry of the event log: an item as it was then.
type logged struct {
	of   *person
	item rapport.Item
}

var (
	_ channel.Host     = (*Host)(nil)
	_ channel.Visitors = (*Host)(nil)
)

// NewHost returns an empty host whose agents are available.
func NewHost() *Host {
	return &Host{people: map[rapport.Point]*person{}, external: map[string]channel.Received{}, visitors: map[string]channel.Visitor{}}
}

// Fail lets Receive and Report fail with an error until it is nil again.
func (h *Host) Fail(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.failure = err
}

// SetAway sends all agents away.
func (h *Host) SetAway(away bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.away = away
}

// Inbound returns what was received, repeats included.
func (h *Host) Inbound() []channel.Inbound {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.inbound)
}

// Reports returns what was reported.
func (h *Host) Reports() []channel.Report {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.reports)
}

// Actions returns what visitors did besides writing.
func (h *Host) Actions() []channel.Action {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.actions)
}

// Messages returns the stored messages of everybody.
func (h *Host) Messages() (items []rapport.Item) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, p := range h.people {
		items = append(items, p.items...)
	}
	return items
}

// Reply lets an agent answer the customer of a point.
func (h *Host) Reply(to rapport.Point, body string) rapport.Item {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.person(to)
	item := rapport.Item{
		ConversationID: p.conversation.ID, Seq: len(p.items) + 1, Kind: rapport.ItemMessage, By: rapport.ByAgent,
		AuthorID: "agent", AuthorName: "Ana Agent", Body: body, Delivery: rapport.Sent, At: now(),
	}
	h.append(p, item)
	return item
}

// ReplyWith is Reply with more than a text.
func (h *Host) ReplyWith(to rapport.Point, body string, c rapport.Content) rapport.Item {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.person(to)
	item := rapport.Item{
		ConversationID: p.conversation.ID, Seq: len(p.items) + 1, Kind: rapport.ItemMessage, By: rapport.ByAgent,
		AuthorID: "agent", AuthorName: "Ana Agent", Body: body, Content: c, Delivery: rapport.Sent, At: now(),
	}
	h.append(p, item)
	return item
}

// Note lets an agent write what no customer may ever see.
func (h *Host) Note(about rapport.Point, body string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.person(about)
	h.append(p, rapport.Item{ConversationID: p.conversation.ID, Seq: len(p.items) + 1, Kind: rapport.ItemNote, By: rapport.ByAgent, Body: body, At: now()})
}

// AgentSees lets the assignee look at the conversation.
func (h *Host) AgentSees(of rapport.Point) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.person(of)
	p.conversation.AgentSeen = len(p.items)
	for _, item := range p.items {
		if item.By == rapport.ByCustomer {
			h.note(p, item)
		}
	}
}

// AgentTypes lets the assignee type.
func (h *Host) AgentTypes(to rapport.Point, on bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for b := range h.person(to).bells {
		b.Type(channel.Typing{Name: "Ana Agent", On: on})
	}
}

// Watched tells how many watches are open.
func (h *Host) Watched() (n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, p := range h.people {
		n += len(p.bells)
	}
	return n
}

// Forget trims the event log, so that older cursors cannot resume.
func (h *Host) Forget() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.first = int64(len(h.log))
}

func now() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }

// person must be called with the lock held, as all below.
func (h *Host) person(of rapport.Point) *person {
	of.Shown = ""
	p := h.people[of]
	if p == nil {
		p = &person{bells: map[*channel.Bell]bool{}}
		h.people[of] = p
	}
	return p
}

func (h *Host) append(p *person, item rapport.Item) {
	p.items = append(p.items, item)
	h.note(p, item)
}

func (h *Host) note(p *person, item rapport.Item) {
	h.log = append(h.log, logged{p, item})
	for b := range p.bells {
		b.Ring(int64(len(h.log) - 1))
	}
}

// Receive implements channel.Host.
func (h *Host) Receive(_ context.Context, in channel.Inbound) (channel.Received, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.failure != nil {
		return channel.Received{}, h.failure
	}
	h.inbound = append(h.inbound, in)
	if before, found := h.earlier(in); found {
		return before, nil
	}
	p := h.person(in.Points[0])
	if p.contact.ID == "" {
		p.contact = rapport.Contact{ID: rapport.NewID[rapport.ContactID](), Name: in.Name, Known: in.Known, Points: in.Points}
	}
	if p.conversation.ID == "" {
		p.conversation = channel.Conversation{
			ID: rapport.NewID[rapport.ConversationID](), State: rapport.Open,
			Assignee: &rapport.AgentRef{ID: "agent", Name: "Ana Agent"}, Why: "Ana Agent is next in line.",
		}
	}
	item := rapport.Item{
		ConversationID: p.conversation.ID, Seq: len(p.items) + 1, Kind: rapport.ItemMessage, By: rapport.ByCustomer,
		AuthorID: string(p.contact.ID), AuthorName: in.Name, Body: in.Body, Content: rapport.Content{Location: in.Location}, ExternalID: in.ExternalID, At: now(),
	}
	for _, id := range in.Files {
		item.Files = append(item.Files, h.files.file(id))
	}
	h.append(p, item)
	got := channel.Received{Item: item, Conversation: p.conversation}
	h.external[in.ExternalID] = got
	return got, nil
}

// Earlier implements channel.Host.
func (h *Host) Earlier(_ context.Context, in channel.Inbound) (channel.Received, bool, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.failure != nil {
		return channel.Received{}, false, h.failure
	}
	got, found := h.earlier(in)
	return got, found, nil
}

func (h *Host) earlier(in channel.Inbound) (channel.Received, bool) {
	got, found := h.external[in.ExternalID]
	if !found || in.ExternalID == "" {
		return channel.Received{}, false
	}
	got.Duplicate, got.Foreign = true, h.person(in.Points[0]).conversation.ID != got.Conversation.ID
	return got, true
}

// Wait says what a customer may know of their place in the line; nil when an
// agent has them. Nobody is told: others' doings change it.
func (h *Host) Wait(p rapport.Point, w *channel.Waiting) {
	h.mu.Lock()
	defer h.mu.Unlock()
	who := h.person(p)
	who.conversation.Assignee, who.conversation.Waiting = nil, w
}

// Report implements channel.Host.
func (h *Host) Report(_ context.Context, r channel.Report) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.failure != nil {
		return h.failure
	}
	h.reports = append(h.reports, r)
	for _, p := range h.people {
		if p.conversation.ID == r.ConversationID {
			h.delivered(p, r.Seq, r.Delivery)
		}
	}
	return nil
}

func (h *Host) delivered(p *person, upTo int, d rapport.Delivery) {
	for i := range p.items {
		item := &p.items[i]
		failed := item.Delivery == rapport.Failed && item.Seq != upTo // what is said of others says nothing of it
		if item.By == rapport.ByAgent && item.Kind == rapport.ItemMessage && item.Seq <= upTo && !failed && d.After(item.Delivery) {
			item.Delivery = d
			h.note(p, *item)
		}
	}
}

// Available implements channel.Host.
func (h *Host) Available(context.Context) (bool, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return !h.away, nil
}

// Country implements channel.Host.
func (h *Host) Country() string { return h.country }

// Admit implements channel.Visitors.
func (h *Host) Admit(_ context.Context, v channel.Visitor) (channel.Visitor, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if v.Verified {
		p := h.person(v.Point)
		if p.contact.ID == "" {
			p.contact = rapport.Contact{ID: rapport.NewID[rapport.ContactID](), Name: v.Name, Known: true, Points: v.Points}
		}
	}
	h.visitors[v.TokenHash] = v
	v.Contact = h.person(v.Point).contact
	return v, nil
}

// Visitor implements channel.Visitors.
func (h *Host) Visitor(_ context.Context, tokenHash string) (channel.Visitor, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	v, found := h.visitors[tokenHash]
	if !found || !v.ExpiresAt.After(time.Now()) {
		return channel.Visitor{}, rapport.Errorf(rapport.NotFound, "not_found", "There is no such visitor.")
	}
	v.Contact = h.person(v.Point).contact
	return v, nil
}

// Thread implements channel.Visitors.
func (h *Host) Thread(_ context.Context, v channel.Visitor) (channel.Thread, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.person(v.Point)
	return h.thread(p, p.items), nil
}

// After implements channel.Visitors.
func (h *Host) After(_ context.Context, v channel.Visitor, cursor int64) (channel.Thread, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if cursor < h.first || cursor > int64(len(h.log)) {
		return channel.Thread{}, rapport.Errorf(rapport.Conflict, "cursor_gone", "The log does not reach back to %s.", strconv.FormatInt(cursor, 10))
	}
	p := h.person(v.Point)
	latest := map[int]rapport.Item{}
	for _, l := range h.log[cursor:] {
		if l.of == p {
			latest[l.item.Seq] = l.item
		}
	}
	var items []rapport.Item
	for _, item := range p.items {
		if changed, found := latest[item.Seq]; found {
			items = append(items, changed)
		}
	}
	return h.thread(p, items), nil
}

func (h *Host) thread(p *person, items []rapport.Item) channel.Thread {
	t := channel.Thread{Items: []rapport.Item{}, Cursor: int64(len(h.log))}
	for _, item := range items {
		if item.Kind == rapport.ItemMessage {
			t.Items = append(t.Items, item)
		}
	}
	if p.conversation.ID != "" {
		c := p.conversation
		t.Conversation = &c
	}
	for _, item := range p.items {
		if item.Kind == rapport.ItemMessage && item.By == rapport.ByAgent && item.Seq > p.seen {
			t.Unread++
		}
	}
	return t
}

// Watch implements channel.Visitors.
func (h *Host) Watch(v channel.Visitor) channel.Watch {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.person(v.Point)
	var b *channel.Bell
	b = channel.NewBell(func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(p.bells, b)
	})
	p.bells[b] = true
	return b
}

// Act implements channel.Visitors.
func (h *Host) Act(_ context.Context, v channel.Visitor, a channel.Action) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.actions = append(h.actions, a)
	if p := h.person(v.Point); a.Seen > p.seen {
		p.seen = min(a.Seen, len(p.items))
		h.delivered(p, p.seen, rapport.Seen)
	}
	return nil
}
