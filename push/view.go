package push

import (
	"rapport"
)

// view is a conversation that desks of this node have open.
type view struct {
	conversation rapport.Conversation // as far as it says who may see it
	desks        set
}

// shows tells whether a desk of an agent has it open.
func (v *view) shows(id rapport.AgentID) bool {
	for d := range v.desks {
		if d.agent == id {
			return true
		}
	}
	return false
}

func viewFrame(id rapport.ConversationID, agent rapport.Actor, on bool) actFrame {
	return actFrame{T: "viewing", ConversationID: id, By: rapport.ByAgent, ID: string(agent.AgentID), Name: agent.Name, On: on}
}

// openView notes that a desk has a conversation open, and tells it who else has.
func (h *Hub) openView(d *desk, c *rapport.Conversation) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, connected := h.desks[d]; !connected || d.viewing != c.ID {
		return // it is gone, or has turned to another meanwhile
	}
	v := h.views[c.ID]
	if v == nil {
		v = &view{desks: set{}}
		h.views[c.ID] = v
	}
	v.conversation = rapport.Conversation{ID: c.ID, Assignee: c.Assignee, StartedBy: c.StartedBy, QueueID: c.QueueID, Transfer: c.Transfer}
	h.tellViews(d, v)
	v.desks[d] = struct{}{}
}

// tellViews tells a desk who has a conversation open; the hub's lock is held.
func (h *Hub) tellViews(d *desk, v *view) {
	told := map[rapport.AgentID]bool{d.agent: true}
	for other := range v.desks {
		if !told[other.agent] {
			told[other.agent] = true
			d.send(encode(viewFrame(v.conversation.ID, other.actor, true)))
		}
	}
}

// closeView notes that a desk turns from the conversation that it had open to
// another, or to none, and tells the others.
func (h *Hub) closeView(d *desk, next rapport.ConversationID) {
	h.mu.Lock()
	old := d.viewing
	d.viewing = next
	v := h.views[old]
	if v == nil || old == next {
		h.mu.Unlock()
		return
	}
	delete(v.desks, d)
	if len(v.desks) == 0 {
		delete(h.views, old)
	}
	still, c, actor := v.shows(d.agent), v.conversation, d.actor
	h.mu.Unlock()
	if !still {
		h.show(&c, d, viewFrame(old, actor, false))
	}
}

// follow keeps who may see a conversation that is open somewhere; the hub's lock
// is held.
func (h *Hub) follow(e *rapport.Event) {
	v := h.views[e.ConversationID]
	if v == nil || e.Kind == "conversation.shared" {
		return
	}
	v.conversation.Assignee, v.conversation.QueueID, v.conversation.Transfer = e.AgentID, e.QueueID, nil
	if e.ToQueue != "" {
		v.conversation.Transfer = &rapport.Transfer{QueueID: e.ToQueue}
	}
}
