package push

import (
	"context"

	"github.com/coder/websocket"

	"rapport"
	"rapport/store"
)

const (
	mostMissed  = 5_000  // events that a desk catches up with
	mostScanned = 50_000 // events that are looked through for them
	chunk       = 500    // events read at once
)

// resume brings a desk from an event it has seen to the present: what it missed
// comes from the log, then the hub takes over. 0 stands for the present.
func (d *desk) resume(ctx context.Context, after int64) {
	h := d.hub
	h.leave(d)
	d.forget() // it comes from the log
	position, given := after, 0
	var actor rapport.Actor
	var reset string
	err := h.db.View(ctx, func(tx *store.Tx) (err error) {
		if actor, err = scope(tx, d.agent); err != nil {
			return err
		}
		last, first, err := tx.Head()
		switch {
		case err != nil:
			return err
		case after == 0:
			position = last
		case after > last:
			reset = "The log does not reach that far."
		case after < first-1 || last-after > mostScanned:
			reset = "Too much has happened meanwhile."
		}
		return nil
	})
	for {
		switch {
		case ctx.Err() != nil:
			return
		case err != nil && rapport.KindOf(err) == rapport.NotFound:
			d.end(CloseSession, "the account was removed or switched off")
			return
		case err != nil:
			h.log.Error("cannot resume a desk", "agent", d.agent, "error", err)
			d.end(websocket.StatusTryAgainLater, "the database cannot be reached")
			return
		case reset != "":
			d.send(resetFrame(reset))
			return
		case h.enter(d, actor, position):
			return
		}
		var events []rapport.Event
		err = h.db.View(ctx, func(tx *store.Tx) (err error) {
			events, err = tx.EventsAfter(position, chunk)
			return err
		})
		for i := range events {
			e := &events[i]
			if e.Seq != position+1 {
				reset = "Too much has happened meanwhile." // trimmed while we read
				break
			}
			position = e.Seq
			if narrows(e, actor) {
				reset = "Your role or your queues have changed."
				break
			}
			frame := missed(e, actor)
			if frame == nil && h.concerns(ctx, e, actor) {
				frame = eventFrame(e)
			}
			if frame == nil {
				continue
			}
			if given++; given > mostMissed {
				reset = "Too much has happened meanwhile."
				break
			}
			if !d.put(frame) {
				return
			}
		}
	}
}

// enter makes a desk live, provided it has seen all that the hub has handed out.
func (h *Hub) enter(d *desk, actor rapport.Actor, position int64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if position < h.head {
		return false
	}
	if _, connected := h.desks[d]; !connected || h.stopping {
		return true
	}
	d.actor, d.last = actor, position
	d.send(encode(struct {
		T   string `json:"t"`
		Seq int64  `json:"seq"`
	}{"hello", position}))
	h.index(d)
	for _, v := range h.views {
		if actor.Sees(&v.conversation) {
			h.tellViews(d, v)
		}
	}
	return true
}

// narrows tells whether what the desk holds may be more or less than the agent
// may see since an event.
func narrows(e *rapport.Event, actor rapport.Actor) bool {
	return e.Kind == "member.changed" && e.AgentID == actor.AgentID || e.Kind == "queue.deleted"
}

// missed is the frame that an event of the log is for an actor; nil for none.
func missed(e *rapport.Event, actor rapport.Actor) []byte {
	if personal(e.Kind) {
		if e.AgentID == actor.AgentID {
			return eventFrame(e)
		}
		return nil
	}
	if e.ConversationID == "" {
		if e.Kind == "agent.load" && e.AgentID != actor.AgentID && !actor.SeesAll() {
			return nil
		}
		if everybodys(e.Kind) || actor.SeesAll() {
			return eventFrame(e)
		}
		return nil
	}
	c := rapport.Conversation{Assignee: e.AgentID, QueueID: e.QueueID}
	if e.ToQueue != "" {
		c.Transfer = &rapport.Transfer{QueueID: e.ToQueue}
	}
	_, left := actor.Queues[e.FromQueue]
	switch {
	case actor.Sees(&c):
		return eventFrame(e)
	case left, e.FromAgent != "" && e.FromAgent == actor.AgentID:
		return goneFrame(e)
	}
	return nil
}
