package gateway

import (
	"context"
	"strings"
	"sync"
	"time"

	"rapport"
	"rapport/channel"
	"rapport/conversation"
	"rapport/store"
)

// host is what the adapter of one inbox sees of Rapport.
type host struct {
	g     *Gateway
	inbox rapport.InboxID
}

var (
	_ channel.Host     = (*host)(nil)
	_ channel.Visitors = (*host)(nil)
)

// Receive implements channel.Host.
func (h *host) Receive(ctx context.Context, m channel.Inbound) (channel.Received, error) {
	var got channel.Received
	err := h.g.DB.Update(ctx, func(tx *store.Tx) error {
		in := conversation.Inbound{
			InboxID: h.inbox, Points: m.Points, Name: m.Name, Known: m.Known, ExternalID: m.ExternalID,
			Body: m.Body, Files: m.Files, Uploader: m.Uploader, Location: m.Location, At: m.At, Priority: m.Priority,
		}
		if err := resolve(tx, m.Wish, &in); err != nil {
			return err
		}
		received, err := conversation.Receive(tx, in)
		if err != nil {
			return err
		}
		got, err = h.received(tx, m, received)
		return err
	})
	if err != nil {
		return channel.Received{}, err
	}
	return got, nil
}

// Earlier implements channel.Host.
func (h *host) Earlier(ctx context.Context, m channel.Inbound) (got channel.Received, found bool, err error) {
	err = h.g.DB.View(ctx, func(tx *store.Tx) error {
		earlier := conversation.Received{Duplicate: true}
		if earlier.Item, found, err = tx.ItemByExternal(h.inbox, m.ExternalID); err != nil || !found {
			return err
		}
		if earlier.Conversation, err = tx.Summary(earlier.Item.ConversationID); err != nil {
			return err
		}
		got, err = h.received(tx, m, earlier)
		return err
	})
	return got, found, err
}

// received is what an adapter hears of what became of its message.
func (h *host) received(tx *store.Tx, m channel.Inbound, r conversation.Received) (got channel.Received, err error) {
	got = channel.Received{Item: r.Item, Duplicate: r.Duplicate}
	if r.Duplicate && len(m.Points) > 0 {
		owner, err := tx.PointOwner(m.Points[0])
		if err != nil {
			return got, err
		}
		// The customer may have become another one since, and the thread may be of two.
		got.Foreign = owner != r.Conversation.ContactID && string(owner) != r.Item.AuthorID
	}
	got.Conversation, err = h.known(tx, &r.Conversation)
	return got, err
}

// resolve turns the names in a wish into ids. An unknown one is refused: the
// sender meant somebody.
func resolve(tx *store.Tx, w channel.Wish, in *conversation.Inbound) error {
	in.Wish.PreferLastAgent = w.PreferLastAgent
	if w.Agent != "" {
		agent, err := tx.Agent(rapport.AgentID(w.Agent))
		if strings.Contains(w.Agent, "@") {
			agent, err = tx.AgentByEmail(w.Agent)
		}
		if err != nil {
			return absent(err, "route.agent", "There is no agent %q; give an id or an e-mail address.", w.Agent)
		}
		in.Wish.AgentID = agent.ID
	}
	if w.Queue != "" {
		config, err := tx.Configuration()
		if err != nil {
			return err
		}
		for id, q := range config.Queues {
			if string(id) == w.Queue || strings.EqualFold(q.Name, w.Queue) {
				in.Wish.QueueID = id
			}
		}
		if in.Wish.QueueID == "" {
			return rapport.Invalidf("route.queue", "There is no queue %q; give an id or a name.", w.Queue)
		}
	}
	return nil
}

// absent says what is missing where, if that is what went wrong.
func absent(err error, field, format string, args ...any) error {
	if rapport.KindOf(err) == rapport.NotFound {
		return rapport.Invalidf(field, format, args...)
	}
	return err
}

// known is what an adapter may know of a conversation.
func (h *host) known(tx *store.Tx, s *rapport.Summary) (channel.Conversation, error) {
	c := channel.Conversation{ID: s.ID, State: s.State, AgentSeen: s.AgentSeen}
	if s.Assignee != "" {
		c.Assignee = &rapport.AgentRef{ID: s.Assignee, Name: s.AssigneeName}
	}
	if s.Why != nil {
		c.Why = s.Why.Sentence
	}
	if !s.State.Active() {
		v, found, err := tx.OpenSurvey(s.ID)
		if err == nil && found && v.Answerable(tx.Now()) {
			c.Survey = &channel.Survey{ID: v.ID, Question: v.Question, Scale: v.Scale, Comment: v.Comments, Thanks: v.Thanks}
		}
		return c, err
	}
	w := s.Waiting
	if w == nil || s.Assignee != "" || !s.State.Active() {
		return c, nil
	}
	place, err := tx.PlaceInLine(&s.Conversation)
	if err != nil {
		return c, err
	}
	c.Waiting = &channel.Waiting{Position: place}
	if w.AgentID == "" {
		c.Waiting.Opens = w.Until
		c.Waiting.Estimate, err = h.estimate(tx, s.QueueID, place)
		return c, err
	}
	agent, err := tx.AgentFacts(w.AgentID, "")
	if err != nil {
		return c, err
	}
	c.Waiting.Agent, c.Waiting.Anyone = agent.Agent.Name, !w.Until.IsZero()
	if c.Waiting.Anyone { // by then somebody else may take it
		c.Waiting.Estimate = max(int(w.Until.Sub(tx.Now())/time.Second), 0)
	}
	return c, nil
}

// estimate is how long a place in a line takes at the pace of the last hour, in
// seconds; 0 when too little happened in it to tell.
func (h *host) estimate(tx *store.Tx, queue rapport.QueueID, place int) (int, error) {
	const (
		window = time.Hour
		fresh  = 15 * time.Second
		enough = 3
	)
	h.g.paces.Lock()
	p, known := h.g.paces.of[queue]
	h.g.paces.Unlock()
	if !known || tx.Now().Sub(p.at) > fresh || p.at.After(tx.Now()) {
		n, err := tx.EndedIn(queue, tx.Now().Add(-window))
		if err != nil {
			return 0, err
		}
		p = pace{at: tx.Now(), ended: n}
		h.g.paces.Lock()
		h.g.paces.of[queue] = p
		h.g.paces.Unlock()
	}
	if p.ended < enough {
		return 0, nil
	}
	return max(place*int(window/time.Second)/p.ended, 1), nil
}

// paces remember how many conversations of each queue ended in the last hour.
type paces struct {
	sync.Mutex
	of map[rapport.QueueID]pace
}

type pace struct {
	at    time.Time
	ended int
}

// Report implements channel.Host. An inbox cannot speak of another one's
// conversations.
func (h *host) Report(ctx context.Context, r channel.Report) error {
	return h.g.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.Conversation(r.ConversationID)
		if err != nil {
			return err
		}
		item, err := tx.ItemAnywhere(r.ConversationID, r.Seq)
		switch {
		case err != nil && rapport.KindOf(err) != rapport.NotFound:
			return err
		case err != nil && c.InboxID == h.inbox:
			return rapport.Invalidf("seq", "The conversation has no item %d.", r.Seq)
		case err != nil || item.InboxID != h.inbox && c.InboxID != h.inbox:
			return rapport.Errorf(rapport.NotFound, "not_found", "There is no conversation %q.", r.ConversationID)
		}
		switch r.Delivery {
		case rapport.Delivered:
			return conversation.CustomerGot(tx, r.ConversationID, h.inbox, r.Seq)
		case rapport.Seen:
			return conversation.CustomerSeen(tx, r.ConversationID, h.inbox, r.Seq)
		}
		if item.InboxID != h.inbox {
			return rapport.Invalidf("seq", "Item %d did not go out by this inbox.", r.Seq)
		}
		return conversation.Report(tx, r.ConversationID, r.Seq, r.Delivery, r.Error)
	})
}

// Available implements channel.Host: somebody in the inbox's queue has room.
func (h *host) Available(ctx context.Context) (bool, error) {
	h.g.mu.RLock()
	queue := h.g.defaultQueue
	if i := h.g.inboxes[h.inbox]; i != nil && i.QueueID != "" {
		queue = i.QueueID
	}
	h.g.mu.RUnlock()
	if queue == "" {
		return false, nil
	}
	ready := 0
	err := h.g.DB.View(ctx, func(tx *store.Tx) (err error) {
		ready, _, err = tx.QueueCounts(queue)
		return err
	})
	return ready > 0, err
}

// Country implements channel.Host.
func (h *host) Country() string {
	h.g.mu.RLock()
	defer h.g.mu.RUnlock()
	return h.g.country
}
