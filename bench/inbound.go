package bench

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"rapport"
	"rapport/store"
)

// connections is how many senders write at once; each waits for its answer
// before it writes again.
const connections = 64

// Inbound is how fast customers' messages come in.
type Inbound struct {
	PerS     float64 `json:"per_s"`
	P50      float64 `json:"p50_ms"`
	P99      float64 `json:"p99_ms"`
	Most     float64 `json:"max_ms"`
	Messages int     `json:"messages"`         // acknowledged, and found in the database afterwards
	CPU      float64 `json:"server_cpu_us"`    // of the server process, per message
	Sticky   float64 `json:"same_agent_share"` // assigned to the agent of last time
	Host     Host    `json:"host"`
}

func (r *run) inbound(ctx context.Context) error {
	w, err := r.longPast(ctx)
	if err != nil {
		return err
	}
	r.Tell("taking messages in, on SQLite")
	if r.report.InboundSQLite, err = r.flood(ctx, w); err != nil || r.Postgres == "" {
		return err
	}
	r.Tell(fmt.Sprintf("making up %d past conversations in PostgreSQL", r.size().conversations))
	if w, err = newWorld(ctx, filepath.Join(r.dir, "postgres"), r.Postgres, r.size()); err != nil {
		return err
	}
	r.Tell("taking messages in, on PostgreSQL")
	r.report.InboundPostgres, err = r.flood(ctx, w)
	return err
}

// flood sends as fast as the answers come.
func (r *run) flood(ctx context.Context, w *world) (*Inbound, error) {
	s, err := r.serve(ctx, w)
	if err != nil {
		return nil, err
	}
	defer s.stop()
	var (
		next    atomic.Int64
		answers atomic.Int64
		mu      sync.Mutex
		acks    []ack
		took    []time.Duration
		failure error
		senders sync.WaitGroup
	)
	warm := time.Now().Add(r.pick(3*time.Second, time.Second))
	end := warm.Add(r.pick(15*time.Second, 5*time.Second))
	send := func() (mine []ack, lasted []time.Duration, err error) {
		c, err := dial(s.address)
		if err != nil {
			return nil, nil, err
		}
		defer c.close()
		for ctx.Err() == nil {
			start := time.Now()
			if start.After(end) {
				return mine, lasted, nil
			}
			a, err := c.send(w.message(int(next.Add(1))))
			if err != nil {
				return mine, lasted, err
			}
			mine = append(mine, a)
			answers.Add(1)
			if now := time.Now(); start.After(warm) && now.Before(end) {
				lasted = append(lasted, now.Sub(start))
			}
		}
		return mine, lasted, ctx.Err()
	}
	for range connections {
		senders.Go(func() {
			mine, lasted, err := send()
			mu.Lock()
			defer mu.Unlock()
			acks, took = append(acks, mine...), append(took, lasted...)
			if err != nil {
				failure = err
			}
		})
	}
	if err := pause(ctx, time.Until(warm)); err != nil {
		return nil, err
	}
	before, cpuErr := s.cpu()
	host, err := watchHost(ctx, end, answers.Load)
	if err != nil {
		return nil, err
	}
	after, _ := s.cpu()
	senders.Wait()
	if failure != nil {
		return nil, failure
	}
	in := &Inbound{PerS: float64(len(took)) / end.Sub(warm).Seconds(), P50: ms(percentile(took, 0.50)), P99: ms(percentile(took, 0.99)), Most: ms(percentile(took, 1)), Messages: len(acks), Host: host}
	if cpuErr == nil {
		in.CPU = float64((after - before).Microseconds()) / float64(len(took))
	}
	in.Sticky, err = w.verify(ctx, acks)
	return in, err
}

// verify looks every acknowledged message up: it is there once, where the
// sender was told, and its conversation has the agent that was named. It
// returns the share that went to the agent of last time.
func (w *world) verify(ctx context.Context, acks []ack) (sticky float64, err error) {
	db, err := w.open(ctx)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	same := 0
	places := make(map[string]bool, len(acks))
	err = db.View(ctx, func(tx *store.Tx) error {
		for _, a := range acks {
			item, found, err := tx.ItemByExternal(inboxID(a.message.inbox), a.message.key)
			if err != nil {
				return err
			}
			place := fmt.Sprint(a.ConversationID, a.Seq)
			if !found || item.ConversationID != a.ConversationID || item.Seq != a.Seq || item.Body != a.message.body || places[place] {
				return fmt.Errorf("the message %s was acknowledged as item %d of %s, and is not there", a.message.key, a.Seq, a.ConversationID)
			}
			places[place] = true
			c, err := tx.Conversation(a.ConversationID)
			if err != nil {
				return err
			}
			if a.Assignee == nil || c.Assignee != a.Assignee.ID {
				return fmt.Errorf("the message %s was assigned to %v, and the conversation says %q", a.message.key, a.Assignee, c.Assignee)
			}
			if c.Why != nil && c.Why.Rung == rapport.RungHistory {
				same++
			}
		}
		wrong, err := tx.CheckLoads()
		if err == nil && len(wrong) > 0 {
			err = fmt.Errorf("the loads of %v are not what they hold", wrong)
		}
		return err
	})
	return float64(same) / float64(max(len(acks), 1)), err
}
