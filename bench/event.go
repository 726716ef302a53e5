package bench

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"rapport"
)

const (
	eventRate = 500 // messages a second
	watched   = 4   // queues that get them; all of their agents are connected
)

// Event is how long a message takes to the agent whom it was assigned to, from
// the moment at which it was to be sent.
type Event struct {
	P50         float64 `json:"p50_ms"` // sent → at this agent's socket: accepting it is part of that
	P99         float64 `json:"p99_ms"`
	Most        float64 `json:"max_ms"`
	AcceptedP50 float64 `json:"accepted_p50_ms"` // sent → the sender's answer
	AcceptedP99 float64 `json:"accepted_p99_ms"`
	PerS        float64 `json:"per_s"`
	Messages    int     `json:"messages"`
}

type counter struct{ n atomic.Int64 }

func (c *counter) add(n int64) { c.n.Add(n) }
func (c *counter) load() int64 { return c.n.Load() }

// marker finds the number of the message that a frame is about; -1 if none.
func marker(frame []byte) int {
	i := bytes.Index(frame, []byte(`"body":"mk`))
	if i < 0 || len(frame) < i+23 {
		return -1
	}
	n, err := strconv.Atoi(string(frame[i+10 : i+23]))
	if err != nil {
		return -1
	}
	return n
}

func (r *run) event(ctx context.Context) error {
	w, err := r.longPast(ctx)
	if err != nil {
		return err
	}
	all, err := w.signIn(ctx, w.agents)
	if err != nil {
		return err
	}
	var tokens []string // of the agents of the watched queues
	socket := map[rapport.AgentID]int{}
	for n, token := range all {
		if n%w.queues < watched {
			socket[agentID(n)] = len(tokens)
			tokens = append(tokens, token)
		}
	}
	s, err := r.serve(ctx, w)
	if err != nil {
		return err
	}
	defer s.stop()
	r.Tell(fmt.Sprintf("sending %d messages a second, with %d agents connected", eventRate, len(tokens)))
	warm := eventRate // the first second does not count
	total := warm + int(r.pick(15*time.Second, 5*time.Second).Seconds()*eventRate)
	const base = 1_000_000                      // numbers that other parts do not use
	arrived := make([][]time.Time, len(tokens)) // at each socket
	for n := range arrived {
		arrived[n] = make([]time.Time, total)
	}
	d, err := s.connectAll(ctx, tokens, func(n int, frame []byte) {
		if m := marker(frame) - base; m >= 0 && m < total && arrived[n][m].IsZero() {
			arrived[n][m] = time.Now()
		}
	})
	if err != nil {
		return err
	}
	defer d.close()

	type dispatch struct {
		n  int
		at time.Time
	}
	work := make(chan dispatch, total)
	accepted := make([]time.Time, total)
	assignee := make([]rapport.AgentID, total)
	planned := make([]time.Time, total)
	var senders sync.WaitGroup
	var failure atomic.Pointer[error]
	for range connections {
		c, err := dial(s.address)
		if err != nil {
			return err
		}
		senders.Go(func() {
			defer c.close()
			for job := range work {
				m := w.message(base + job.n)
				m.inbox = job.n % watched
				m.customer = fmt.Sprintf("c%d", m.inbox+w.queues*(job.n/watched*stride%(w.customers/w.queues)))
				a, err := c.send(m)
				if err == nil && a.Assignee == nil {
					err = fmt.Errorf("message %d was assigned to nobody", job.n)
				}
				if err != nil {
					failure.Store(&err)
					return
				}
				accepted[job.n], planned[job.n], assignee[job.n] = time.Now(), job.at, a.Assignee.ID
			}
		})
	}
	start := time.Now()
	for n := range total {
		at := start.Add(time.Duration(n) * time.Second / eventRate)
		if err := pause(ctx, time.Until(at)); err != nil {
			return err
		}
		work <- dispatch{n, at}
	}
	close(work)
	senders.Wait()
	if err := failure.Load(); err != nil {
		return *err
	}
	if err := pause(ctx, time.Second); err != nil {
		return err
	}
	d.close()
	var seen, answered []time.Duration
	for n := warm; n < total; n++ {
		at, connected := socket[assignee[n]]
		if !connected || arrived[at][n].IsZero() {
			return fmt.Errorf("message %d did not reach its agent, %s", n, assignee[n])
		}
		seen = append(seen, arrived[at][n].Sub(planned[n]))
		answered = append(answered, accepted[n].Sub(planned[n]))
	}
	r.report.Event = &Event{
		P50: ms(percentile(seen, 0.50)), P99: ms(percentile(seen, 0.99)), Most: ms(percentile(seen, 1)),
		AcceptedP50: ms(percentile(answered, 0.50)), AcceptedP99: ms(percentile(answered, 0.99)),
		PerS: float64(total) / accepted[total-1].Sub(start).Seconds(), Messages: len(seen),
	}
	return nil
}
