package push

import (
	"context"
	"strings"

	"rapport"
	"rapport/store"
)

// watcher is a customer's channel that shows who types.
type watcher struct{ typing func(name string, on bool) }

// Watch calls back when an agent types to a contact, until cancel is called.
// Typing expires by itself after six seconds. The callback must not block nor
// call the hub.
func (h *Hub) Watch(id rapport.ContactID, typing func(name string, on bool)) (cancel func()) {
	w := &watcher{typing}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.watchers[id] == nil {
		h.watchers[id] = map[*watcher]struct{}{}
	}
	h.watchers[id][w] = struct{}{}
	return func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.watchers[id], w)
		if len(h.watchers[id]) == 0 {
			delete(h.watchers, id)
		}
	}
}

// CustomerTypes shows the agents who may see a conversation that its customer
// is typing.
func (h *Hub) CustomerTypes(ctx context.Context, id rapport.ConversationID, on bool) error {
	s, err := h.summary(ctx, id)
	if err != nil {
		return err
	}
	h.show(&s.Conversation, nil, actFrame{T: "typing", ConversationID: id, By: rapport.ByCustomer, ID: string(s.ContactID), Name: s.ContactName, On: on})
	return nil
}

// actFrame shows what somebody does right now.
type actFrame struct {
	T              string                 `json:"t"`
	ConversationID rapport.ConversationID `json:"conversation_id"`
	By             rapport.PartyKind      `json:"by"`
	ID             string                 `json:"id"`
	Name           string                 `json:"name"`
	On             bool                   `json:"on"`
	Text           string                 `json:"text,omitempty"` // of a bot: what it has written so far
}

// mostDraft is how much of a bot's text is shown before it is a message.
const mostDraft = 4000

// BotTypes shows that the bot which holds a conversation is writing: agents who
// may see it read the text so far, the customer sees that somebody types.
func (h *Hub) BotTypes(ctx context.Context, id rapport.ConversationID, b rapport.Bot, text string, on bool) error {
	s, err := h.summary(ctx, id)
	if err != nil {
		return err
	}
	if s.BotID != b.ID && on {
		return nil // somebody took it meanwhile
	}
	if len(text) > mostDraft {
		text = strings.ToValidUTF8(text[len(text)-mostDraft:], "")
	}
	h.show(&s.Conversation, nil, actFrame{T: "typing", ConversationID: id, By: rapport.ByBot, ID: string(b.ID), Name: b.Name, On: on, Text: text})
	h.mu.Lock()
	defer h.mu.Unlock()
	for w := range h.watchers[s.ContactID] {
		w.typing(b.Name, on)
	}
	return nil
}

// deskActs shows the others that an agent types or looks at a conversation. Of
// the typing the customer sees only that of the agent who has it. An agent who
// looks at none has no conversation open any more.
func (h *Hub) deskActs(ctx context.Context, d *desk, what string, id rapport.ConversationID, on bool) {
	h.mu.Lock()
	actor, live := d.actor, h.desks[d]
	h.mu.Unlock()
	if what == "viewing" {
		h.closeView(d, id)
	}
	if !live || id == "" {
		return
	}
	s, err := h.summary(ctx, id)
	if err != nil || !actor.Sees(&s.Conversation) {
		return // it is gone by now, or never was theirs to see
	}
	if what == "viewing" {
		h.openView(d, &s.Conversation)
	}
	h.show(&s.Conversation, d, actFrame{T: what, ConversationID: id, By: rapport.ByAgent, ID: string(actor.AgentID), Name: actor.Name, On: on || what == "viewing"})
	if what != "typing" || s.Assignee != actor.AgentID {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for w := range h.watchers[s.ContactID] {
		w.typing(actor.Name, on)
	}
}

func (h *Hub) summary(ctx context.Context, id rapport.ConversationID) (s rapport.Summary, err error) {
	err = h.db.View(ctx, func(tx *store.Tx) (err error) {
		s, err = tx.Summary(id)
		return err
	})
	return s, err
}

// show hands a frame to those who may see a conversation, but not to the desks
// of whoever it is about.
func (h *Hub) show(c *rapport.Conversation, but *desk, f actFrame) {
	text := encode(f)
	a := audienceOf(c)
	concerns := stake{conversation: c.ID, holder: c.Assignee}
	h.mu.Lock()
	defer h.mu.Unlock()
	reached := set{}
	for _, s := range []set{h.all, h.agents[a.agent], h.agents[c.StartedBy], h.queues[a.queue], h.queues[a.asked]} {
		for d := range s {
			if _, twice := reached[d]; twice || but != nil && d.agent == but.agent {
				continue
			}
			reached[d] = struct{}{}
			d.enqueue(text, concerns.of(d))
		}
	}
}
