package bench

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"rapport/store"
)

// Growth is how much longer an assignment takes in a bigger place.
type Growth struct {
	History   float64 `json:"history_ratio"` // with the long past, against 10,000 conversations
	Agents    float64 `json:"agents_ratio"`  // with 10,000 agents, against 100
	ShortPast float64 `json:"short_history_us"`
	LongPast  float64 `json:"long_history_us"`
	Few       float64 `json:"few_agents_us"`
	Many      float64 `json:"many_agents_us"`
}

// growth lets 64 callers take messages in, on the store without HTTP. The
// places take turns, so that a busy machine is busy for all of them.
func (r *run) growth(ctx context.Context) error {
	short := size{conversations: 10_000, customers: 25_000, agents: 1000, queues: 50}
	few, many := short, short
	few.agents, many.agents = 100, 10_000
	long, err := r.longPast(ctx)
	if err != nil {
		return err
	}
	places := []*world{nil, long, nil, nil}
	for i, s := range []size{short, {}, few, many} {
		if s.agents == 0 {
			continue
		}
		r.Tell(fmt.Sprintf("making up %d past conversations and %d agents", s.conversations, s.agents))
		if places[i], err = newWorld(ctx, filepath.Join(r.dir, fmt.Sprint("growth", i)), "", s); err != nil {
			return err
		}
	}
	r.Tell("assigning in each of these places by turns")
	took := make([][]time.Duration, len(places))
	var dbs []*store.DB
	for _, w := range places {
		db, err := w.open(ctx)
		if err != nil {
			return err
		}
		defer db.Close()
		dbs = append(dbs, db)
	}
	turns := int(r.pick(12, 3))
	for turn := range turns + 1 {
		for i, w := range places {
			d, err := w.assignMany(ctx, dbs[i], 200_000+turn*perTurn)
			if err != nil {
				return err
			}
			if turn > 0 { // the first one warms the caches
				took[i] = append(took[i], d)
			}
		}
	}
	us := func(i int) float64 { return float64(median(took[i]).Nanoseconds()) / 1000 / perTurn }
	g := &Growth{ShortPast: us(0), LongPast: us(1), Few: us(2), Many: us(3)}
	g.History, g.Agents = g.LongPast/g.ShortPast, g.Many/g.Few
	r.report.Growth = g
	return nil
}

// perTurn is how many assignments a place makes in its turn.
const perTurn = 1500

// assignMany takes in perTurn messages from different customers.
func (w *world) assignMany(ctx context.Context, db *store.DB, first int) (time.Duration, error) {
	var next atomic.Int64
	var failure atomic.Pointer[error]
	var callers sync.WaitGroup
	start := time.Now()
	for range connections {
		callers.Go(func() {
			for failure.Load() == nil {
				n := int(next.Add(1))
				if n > perTurn {
					return
				}
				if err := receive(ctx, db, w.message(first+n)); err != nil {
					failure.Store(&err)
				}
			}
		})
	}
	callers.Wait()
	took := time.Since(start)
	if err := failure.Load(); err != nil {
		return 0, *err
	}
	return took, nil
}
