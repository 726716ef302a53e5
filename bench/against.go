package bench

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"time"
)

// Compared is how fast one of two programs takes messages in, by turns with the
// other: a machine that is quicker one minute than the next is so for both.
type Compared struct {
	Program string    `json:"program"`
	PerS    float64   `json:"per_s"`          // median of the turns
	Mean    float64   `json:"mean_per_s"`     // of the turns
	Turns   []float64 `json:"turns_per_s"`    // in their order
	P50     float64   `json:"p50_ms"`         // of all answers
	P99     float64   `json:"p99_ms"`         // of all answers
	Stolen  float64   `json:"stolen_percent"` // of the processors' time, taken by the host during its turns
}

const (
	turnTime = 1200 * time.Millisecond
	turnWarm = 300 * time.Millisecond // before each turn, not counted
)

// contender is one of the programs at work.
type contender struct {
	server  *server
	clients []*client
	sent    int
	took    []time.Duration
	turns   []float64
	stolen  float64
}

// against has this program and another one take messages in by turns, each on a
// copy of the same past in SQLite.
func (r *run) against(ctx context.Context) error {
	past, err := r.longPast(ctx)
	if err != nil {
		return err
	}
	programs := []string{r.Program, r.Against}
	both := make([]*contender, len(programs))
	for i, program := range programs {
		w := *past
		w.dir = filepath.Join(r.dir, fmt.Sprintf("contender-%d", i))
		w.url = filepath.Join(w.dir, filepath.Base(past.url))
		if err := os.CopyFS(w.dir, os.DirFS(past.dir)); err != nil {
			return err
		}
		with := *r
		with.Program = program
		s, err := with.serve(ctx, &w)
		if err != nil {
			return fmt.Errorf("start %s: %w", program, err)
		}
		defer s.stop()
		both[i] = &contender{server: s}
		defer both[i].close()
		for range connections {
			c, err := dial(s.address)
			if err != nil {
				return err
			}
			both[i].clients = append(both[i].clients, c)
		}
		if err := s.signal(syscall.SIGSTOP); err != nil {
			return err
		}
	}
	rounds := 40
	if r.Quick {
		rounds = 20
	}
	r.Tell("taking messages in by turns")
	for range cmp.Or(r.rounds, rounds) {
		for _, c := range both {
			if err := c.server.signal(syscall.SIGCONT); err != nil {
				return err
			}
			if err := c.turn(ctx, past); err != nil {
				return err
			}
			// What it still has to do, such as its index, is not done in the other's turn.
			if err := c.server.signal(syscall.SIGSTOP); err != nil {
				return err
			}
		}
	}
	for i, c := range both {
		sum := 0.0
		for _, perS := range c.turns {
			sum += perS
		}
		n := float64(len(c.turns))
		r.report.Against = append(r.report.Against, Compared{
			Program: programs[i], PerS: median(slices.Clone(c.turns)), Mean: sum / n, Turns: c.turns,
			P50: ms(percentile(c.took, 0.50)), P99: ms(percentile(c.took, 0.99)), Stolen: 100 * c.stolen / n,
		})
	}
	return nil
}

func (c *contender) close() {
	for _, one := range c.clients {
		one.close()
	}
}

// turn sends as fast as the answers come, for a moment.
func (c *contender) turn(ctx context.Context, w *world) error {
	var (
		mu      sync.Mutex
		senders sync.WaitGroup
		failure error
		count   int
	)
	next := func() message {
		mu.Lock()
		defer mu.Unlock()
		c.sent++
		return w.message(c.sent)
	}
	warm := time.Now().Add(turnWarm)
	end := warm.Add(turnTime)
	for _, one := range c.clients {
		senders.Go(func() {
			var took []time.Duration
			var err error
			for start := time.Now(); err == nil && start.Before(end); start = time.Now() {
				if _, err = one.send(next()); err != nil {
					break
				}
				if now := time.Now(); now.After(warm) && now.Before(end) {
					took = append(took, now.Sub(start))
				}
			}
			mu.Lock()
			defer mu.Unlock()
			c.took, count = append(c.took, took...), count+len(took)
			if err != nil {
				failure = err
			}
		})
	}
	if err := pause(ctx, time.Until(warm)); err != nil {
		return err
	}
	before := processorTimes()
	if err := pause(ctx, time.Until(end)); err != nil {
		return err
	}
	c.stolen += processorTimes().stolenSince(before)
	senders.Wait()
	c.turns = append(c.turns, float64(count)/turnTime.Seconds())
	return failure
}
