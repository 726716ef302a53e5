package push

import (
	"context"
	"maps"
	"slices"

	"github.com/coder/websocket"

	"rapport"
	"rapport/store"
)

// scope reads what an agent may see now; it is of kind NotFound when the agent
// may not sign in any more.
func scope(tx *store.Tx, id rapport.AgentID) (rapport.Actor, error) {
	a, err := tx.Agent(id)
	if err != nil {
		return rapport.Actor{}, err
	}
	if !a.Enabled {
		return rapport.Actor{}, rapport.Errorf(rapport.NotFound, "disabled", "The account is switched off.")
	}
	members, err := tx.MemberOf(id)
	return rapport.ActorOf(a, members), err
}

// sameScope tells whether two states of an agent see and may do the same.
func sameScope(a, b rapport.Actor) bool { return a.Role == b.Role && maps.Equal(a.Queues, b.Queues) }

// changesScope tells whether an event may change what an agent sees.
func changesScope(e *rapport.Event) bool {
	return e.Kind == "agent.changed" || e.Kind == "agent.deleted" || e.Kind == "member.changed" || e.Kind == "queue.deleted"
}

// rescope follows a change of roles and memberships before the next event is
// looked at. Desks that see something else now are reset.
func (h *Hub) rescope(ctx context.Context, e *rapport.Event) {
	if !changesScope(e) {
		return
	}
	h.mu.Lock()
	h.head = e.Seq // a desk that reads the log must read this event before it goes live
	concerned := h.agents[e.AgentID]
	if e.Kind == "queue.deleted" {
		concerned = h.queues[e.QueueID]
	}
	affected := slices.Collect(maps.Keys(concerned))
	h.mu.Unlock()
	for _, d := range affected {
		var actor rapport.Actor
		err := h.db.View(ctx, func(tx *store.Tx) (err error) {
			actor, err = scope(tx, d.agent)
			return err
		})
		switch {
		case err != nil && ctx.Err() != nil: // the hub stops, and says so to all desks
			return
		case rapport.KindOf(err) == rapport.NotFound && err != nil:
			h.leave(d)
			d.end(CloseSession, "the account was removed or switched off")
		case err != nil:
			// What it may see is unknown, so it sees nothing until it resumes.
			h.leave(d)
			d.end(websocket.StatusTryAgainLater, "the database cannot be reached")
		default:
			h.mu.Lock()
			changed := h.desks[d] && !sameScope(d.actor, actor)
			if changed {
				h.unindex(d)
				d.actor = actor
				d.send(resetFrame("Your role or your queues have changed."))
			}
			h.mu.Unlock()
			h.recheck(d) // signing out changes the agent, too
		}
	}
}

// recheck asks, without waiting for the next ping, whether the session behind a
// desk still stands.
func (h *Hub) recheck(d *desk) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, connected := h.desks[d]; connected {
		h.readers.Go(func() { d.check(h.ctx, true) })
	}
}

// index makes a desk live; the hub's lock is held.
func (h *Hub) index(d *desk) {
	h.desks[d] = true
	h.live[d] = struct{}{}
	add(h.agents, d.actor.AgentID, d)
	if d.actor.SeesAll() {
		h.all[d] = struct{}{}
	}
	for q := range d.actor.Queues {
		add(h.queues, q, d)
	}
}

// unindex ends that; the hub's lock is held.
func (h *Hub) unindex(d *desk) {
	if !h.desks[d] {
		return
	}
	h.desks[d] = false
	delete(h.live, d)
	delete(h.all, d)
	remove(h.agents, d.actor.AgentID, d)
	for q := range d.actor.Queues {
		remove(h.queues, q, d)
	}
}

// leave ends that a desk is live.
func (h *Hub) leave(d *desk) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.unindex(d)
}

func add[K comparable](topics map[K]set, topic K, d *desk) {
	if topics[topic] == nil {
		topics[topic] = set{}
	}
	topics[topic][d] = struct{}{}
}

func remove[K comparable](topics map[K]set, topic K, d *desk) {
	delete(topics[topic], d)
	if len(topics[topic]) == 0 {
		delete(topics, topic)
	}
}

func resetFrame(reason string) []byte {
	return encode(struct {
		T      string `json:"t"`
		Reason string `json:"reason"`
	}{"reset", reason})
}
