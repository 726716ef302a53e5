package push

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"

	"rapport"
)

const (
	mostQueued   = 1024     // frames that wait for a slow desk
	mostTogether = 32 << 10 // bytes of frames in one system call, and of those held back
	mostRead     = 4 << 10  // bytes of a frame from a desk
)

// Session is who opens a socket.
type Session struct {
	Actor rapport.Actor
	// Check is asked with each ping, and when the agent changed, whether the
	// session still stands; active tells whether the person did something since the last one. An error of
	// kind Unauthenticated closes the socket with CloseSession.
	Check func(ctx context.Context, active bool) error
	// Touched, if given, is told of each ping after input of the person.
	Touched func()
}

// desk is one socket of an agent.
type desk struct {
	hub     *Hub
	agent   rapport.AgentID
	session Session
	socket  *websocket.Conn
	conn    net.Conn     // below it
	heard   atomic.Int64 // when, in nanoseconds
	ending  atomic.Bool

	// Guarded by the hub's lock.
	actor   rapport.Actor
	last    int64                  // the last event it was given
	viewing rapport.ConversationID // that it has open

	mu      sync.Mutex
	queue   [][]byte
	due     int  // frames at the head of the queue that are to be written now
	held    int  // bytes of those behind
	pausing bool // calm frames are held back
	writing bool // a goroutine writes what is due
	closed  bool // nothing is queued any more
}

// Serve upgrades a request to a socket. The socket outlives the call, which
// returns at once: the request's own resources are freed.
func (h *Hub) Serve(w http.ResponseWriter, r *http.Request, s Session) {
	select {
	case <-h.up:
	default:
		http.Error(w, "Rapport is starting", http.StatusServiceUnavailable)
		return
	}
	socket, conn, err := accept(w, r, h.config.Origins)
	if err != nil {
		return // the client has been told
	}
	d := &desk{hub: h, agent: s.Actor.AgentID, session: s, socket: socket, conn: conn, actor: s.Actor}
	d.heard.Store(time.Now().UnixNano())

	h.mu.Lock()
	if h.stopping {
		h.mu.Unlock()
		socket.Close(websocket.StatusServiceRestart, "Rapport is restarting")
		return
	}
	h.desks[d] = false
	h.present[d.agent]++
	first := h.present[d.agent] == 1
	h.readers.Go(func() { d.read(h.ctx) })
	if first && h.config.Arrived != nil {
		h.readers.Go(func() { h.arrived(d.agent) })
	}
	h.mu.Unlock()
}

// arrived reports an agent; the next beat makes up for a failure.
func (h *Hub) arrived(id rapport.AgentID) {
	if err := h.config.Arrived(h.ctx, id); err != nil && h.ctx.Err() == nil {
		h.log.Error("cannot note that an agent arrived", "agent", id, "error", err)
	}
}

// read handles what the desk says until the socket is closed. The work is done
// in a goroutine of its own that read waits for: it needs a far larger stack,
// which would otherwise stay with every idle desk.
func (d *desk) read(ctx context.Context) {
	defer d.gone()
	done := make(chan bool)
	for {
		kind, text, err := d.socket.Read(context.Background()) // closing the socket ends it
		if err != nil {
			return
		}
		d.heard.Store(time.Now().UnixNano())
		go func() { done <- d.handle(ctx, kind, text) }()
		if !<-done {
			return
		}
	}
}

// handle does what a frame asks for. It reports false when that is no frame.
func (d *desk) handle(ctx context.Context, kind websocket.MessageType, text []byte) bool {
	var frame struct {
		T              string                 `json:"t"`
		Seq            int64                  `json:"seq"`
		ConversationID rapport.ConversationID `json:"conversation_id"`
		On             bool                   `json:"on"`
		Active         bool                   `json:"active"`
	}
	if kind != websocket.MessageText || json.Unmarshal(text, &frame) != nil {
		d.end(websocket.StatusUnsupportedData, "frames are JSON text")
		return false
	}
	switch frame.T { // what a newer desk may say besides is ignored
	case "resume":
		d.resume(ctx, frame.Seq)
	case "ping":
		if frame.Active && d.session.Touched != nil {
			d.session.Touched()
		}
		if d.check(ctx, frame.Active) {
			d.send(pongFrame)
		}
	case "typing", "viewing":
		d.hub.deskActs(ctx, d, frame.T, frame.ConversationID, frame.On)
	}
	return true
}

var pongFrame = encode(struct {
	T string `json:"t"`
}{"pong"})

// check closes the socket when its session is over.
func (d *desk) check(ctx context.Context, active bool) bool {
	if d.session.Check == nil {
		return true
	}
	err := d.session.Check(ctx, active)
	if err != nil && rapport.KindOf(err) == rapport.Unauthenticated {
		d.hub.leave(d)
		d.end(CloseSession, "the session is over")
		return false
	}
	return true // a database that cannot be reached is no reason to sign people out
}

// gone forgets the desk.
func (d *desk) gone() {
	d.socket.CloseNow() //nolint:errcheck // it is closed already, or nobody listens
	h := d.hub
	h.closeView(d, "")
	h.mu.Lock()
	defer h.mu.Unlock()
	h.unindex(d)
	delete(h.desks, d)
	if h.present[d.agent]--; h.present[d.agent] == 0 {
		delete(h.present, d.agent)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.close()
}

// send queues a frame and has it written, after all that was queued before. It
// does not block.
func (d *desk) send(frame []byte) { d.enqueue(frame, true) }

// enqueue sends a frame, or holds it back if it is not urgent and the desk pauses.
func (d *desk) enqueue(frame []byte, urgent bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.closed:
		return
	case len(d.queue) >= mostQueued:
		d.close()
		d.hub.dropped.Add(1)
		d.end(CloseSlow, "this desk reads too slowly")
		return
	}
	d.hub.delivered.Add(1)
	if !urgent && d.pausing {
		if d.held+len(frame) > mostTogether {
			d.release()
		}
		d.queue = append(d.queue, frame)
		d.held += len(frame)
		return
	}
	d.queue = append(d.queue, frame)
	d.release()
	if !urgent {
		d.pausing = true
		d.hub.pause(d)
	}
}

// release makes sure that somebody writes what is queued; the desk's lock is
// held.
func (d *desk) release() {
	d.due, d.held = len(d.queue), 0
	if d.due > 0 && !d.writing {
		d.writing = true
		d.hub.readers.Go(d.write)
	}
}

// breathe ends a pause. It reports that another one follows, because something
// was held back.
func (d *desk) breathe() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.pausing = d.held > 0
	if d.pausing {
		d.release()
	}
	return d.pausing
}

// forget drops what is held back.
func (d *desk) forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.queue, d.held = d.queue[:d.due:d.due], 0
}

// close lets nothing be queued any more; the desk's lock is held.
func (d *desk) close() { d.closed, d.queue, d.due, d.held = true, nil, 0, 0 }

// write writes what is due; what waits together is written together.
func (d *desk) write() {
	for {
		d.mu.Lock()
		if d.due == 0 {
			d.writing = false
			d.mu.Unlock()
			return
		}
		frames := d.queue[:d.due:d.due]
		d.queue, d.due = d.queue[d.due:], 0
		if len(d.queue) == 0 {
			d.queue = nil
		}
		d.mu.Unlock()
		if !d.put(frames...) {
			d.mu.Lock()
			d.close()
			d.writing = false
			d.mu.Unlock()
			return
		}
	}
}

// put writes frames at once; false means that the socket is closed. It needs no
// time limit: a desk that does not read either lets the queue overflow or falls
// silent, and closing the socket ends the write.
func (d *desk) put(frames ...[]byte) bool {
	for len(frames) > 0 {
		if d.ending.Load() {
			return false
		}
		n := 1
		for size := len(frames[0]); n < len(frames) && size+len(frames[n]) <= mostTogether; n++ {
			size += len(frames[n])
		}
		if err := d.putTogether(frames[:n]); err != nil {
			return false
		}
		frames = frames[n:]
	}
	return true
}

// putTogether writes frames in one system call; several fit into mostTogether.
func (d *desk) putTogether(frames [][]byte) error {
	if len(frames) == 1 {
		_, err := d.conn.Write(frames[0])
		return err
	}
	buffer := d.hub.buffers.Get().(*[mostTogether]byte) // a new one would cost more than the write
	defer d.hub.buffers.Put(buffer)
	text := buffer[:0]
	for _, frame := range frames {
		text = append(text, frame...)
	}
	_, err := d.conn.Write(text)
	return err
}

// end closes the socket with a reason. It does not block; the reader notices
// and forgets the desk.
func (d *desk) end(code websocket.StatusCode, reason string) {
	if d.ending.Swap(true) {
		return
	}
	d.hub.readers.Go(func() {
		d.socket.Close(code, reason) //nolint:errcheck // whoever does not answer is gone
	})
}
