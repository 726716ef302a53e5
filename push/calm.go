package push

import (
	"sync"
	"time"

	"rapport"
)

// What costs is the system call that writes to a socket, not the bytes: a
// message that 2,000 agents may see is 2,000 of them, and few of these people
// are waiting for it. So a frame either concerns a desk at once, and is written
// with all that was queued before it, or is calm:
//
//	          calm frame                 pause over, some held: write them
//	 quiet ──────────────► pausing ──┐◄──────────────────────────┐
//	   ▲    write it now      │      └── calm frame: hold it ────┘
//	   └──────────────────────┘          at once: write all, the pause goes on
//	     pause over, none held
//
// The order of frames never changes. What is held is bounded by what one write
// takes (mostTogether): a desk that gets more is written to sooner. A desk at
// rest costs nothing: the one goroutine that ends pauses lives while there are
// any.

// calm is how long a desk rests, unless configured, after a frame that is not
// urgent.
const calm = 500 * time.Millisecond

// stake says whom a frame concerns at once.
type stake struct {
	conversation   rapport.ConversationID // for those who have it open
	holder, former rapport.AgentID        // for whose it is, or was until now
	asked          rapport.QueueID        // for those who are asked, just now, to take it over
}

// stakeOf tells whom an event concerns. What happens to an agent is urgent for
// themselves; what happens to queues and settings is for nobody.
func stakeOf(e *rapport.Event) stake {
	s := stake{e.ConversationID, e.AgentID, e.FromAgent, ""}
	if e.Kind == "conversation.transferred" {
		s.asked = e.ToQueue
	}
	return s
}

// of tells whether a desk has it; the hub's lock is held.
func (s *stake) of(d *desk) bool {
	if d.agent == s.holder || d.agent == s.former || s.conversation != "" && d.viewing == s.conversation {
		return true
	}
	if s.asked == "" {
		return false
	}
	_, member := d.actor.Queues[s.asked]
	return member
}

// pause is the rest of a desk.
type pause struct {
	desk *desk
	end  time.Time
}

// pauses are those of all desks, in the order in which they end.
type pauses struct {
	mu      sync.Mutex
	list    []pause
	running bool // a goroutine ends them
}

// pause begins the rest of desks.
func (h *Hub) pause(desks ...*desk) {
	p := &h.pauses
	p.mu.Lock()
	defer p.mu.Unlock()
	end := time.Now().Add(h.config.Calm)
	for _, d := range desks {
		p.list = append(p.list, pause{d, end})
	}
	if !p.running && len(p.list) > 0 {
		p.running = true
		h.readers.Go(h.endPauses)
	}
}

// endPauses has written what desks held back while they paused, until none does
// or the hub stops; then those who held something resume by number.
func (h *Hub) endPauses() {
	p := &h.pauses
	timer := time.NewTimer(h.config.Calm)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
		case <-h.ctx.Done():
			return
		}
		h.pause(p.over()...)
		p.mu.Lock()
		if len(p.list) == 0 {
			p.list, p.running = nil, false
			p.mu.Unlock()
			return
		}
		timer.Reset(time.Until(p.list[0].end))
		p.mu.Unlock()
	}
}

// over ends pauses, and returns the desks that begin another one.
func (p *pauses) over() (again []*desk) {
	p.mu.Lock()
	now, n := time.Now(), 0
	for n < len(p.list) && !p.list[n].end.After(now) {
		n++
	}
	over := p.list[:n]
	p.list = p.list[n:]
	p.mu.Unlock()
	for i := range over {
		if over[i].desk.breathe() {
			again = append(again, over[i].desk)
		}
		over[i].desk = nil // it may go while others pause
	}
	return again
}
