package push

import (
	"context"

	"rapport"
)

// EnterDuring tells whether a desk that has read the log up to the event before
// goes live while an event that changes what agents see is being handed out.
func (h *Hub) EnterDuring(ctx context.Context, e rapport.Event) bool {
	h.rescope(ctx, &e)
	return h.enter(&desk{hub: h, agent: e.AgentID}, rapport.Actor{AgentID: e.AgentID}, e.Seq-1)
}

// Busy tells whether a desk still has frames to write.
func (h *Hub) Busy() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for d := range h.desks {
		d.mu.Lock()
		busy := d.writing || len(d.queue) > 0
		d.mu.Unlock()
		if busy {
			return true
		}
	}
	return false
}

// Pausing tells whether a goroutine waits for the end of pauses.
func (h *Hub) Pausing() bool {
	h.pauses.mu.Lock()
	defer h.pauses.mu.Unlock()
	return h.pauses.running || h.pauses.list != nil
}

// Up is closed once the hub takes desks.
func Up(h *Hub) <-chan struct{} { return h.up }
