package gateway

import (
	"context"
	"strings"

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
	var got conversation.Received
	err := h.g.DB.Update(ctx, func(tx *store.Tx) error {
		in := conversation.Inbound{
			InboxID: h.inbox, Points: m.Points, Name: m.Name, Known: m.Known, ExternalID: m.ExternalID,
			Body: m.Body, At: m.At, Priority: m.Priority,
		}
		err := resolve(tx, m.Wish, &in)
		if err == nil {
			got, err = conversation.Receive(tx, in)
		}
		return err
	})
	if err != nil {
		return channel.Received{}, err
	}
	return channel.Received{Item: got.Item, Conversation: known(&got.Conversation), Duplicate: got.Duplicate}, nil
}

// resolve turns the names in a wish into ids. An unknown one is refused: the
// sender meant somebody.
func resolve(tx *store.Tx, w channel.Wish, in *conversation.Inbound) error {
	in.Wish.PreferLastAgent = w.PreferLastAgent
	if w.Agent != "" {
		agent, err := tx.Agent(rapport.AgentID(w.Agent))
		if strings.Contains(w.Agent, "@") {
			agent, err = tx.AgentByEmail(strings.ToLower(w.Agent))
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
func known(s *rapport.Summary) channel.Conversation {
	c := channel.Conversation{ID: s.ID, State: s.State, AgentSeen: s.AgentSeen}
	if s.Assignee != "" {
		c.Assignee = &rapport.AgentRef{ID: s.Assignee, Name: s.AssigneeName}
	}
	if s.Why != nil {
		c.Why = s.Why.Sentence
	}
	return c
}

// Report implements channel.Host. An inbox cannot speak of another one's
// conversations.
func (h *host) Report(ctx context.Context, r channel.Report) error {
	return h.g.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.Conversation(r.ConversationID)
		if err == nil && c.InboxID != h.inbox {
			err = rapport.Errorf(rapport.NotFound, "not_found", "There is no conversation %q.", r.ConversationID)
		}
		if err == nil && (r.Seq < 1 || r.Seq > c.LastSeq) {
			err = rapport.Invalidf("seq", "The conversation has no item %d.", r.Seq)
		}
		if err != nil {
			return err
		}
		switch r.Delivery {
		case rapport.Delivered:
			return conversation.CustomerGot(tx, r.ConversationID, r.Seq)
		case rapport.Seen:
			return conversation.CustomerSeen(tx, r.ConversationID, r.Seq)
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
