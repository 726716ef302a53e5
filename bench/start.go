package bench

import (
	"context"
	"errors"
	"time"
)

// Start is how long the program takes to answer, on a database with a long past.
type Start struct {
	MS   float64 `json:"ms"` // median, from its start to 200 at /readyz
	Most float64 `json:"max_ms"`
	Runs int     `json:"runs"`
}

func (r *run) coldStart(ctx context.Context) error {
	w, err := r.longPast(ctx)
	if err != nil {
		return err
	}
	r.Tell("starting it again and again")
	var took []time.Duration
	for range 5 {
		s, err := r.serve(ctx, w)
		if err != nil {
			return err
		}
		took = append(took, s.took)
		s.stop()
	}
	r.report.ColdStart = &Start{MS: ms(median(took)), Most: ms(percentile(took, 1)), Runs: len(took)}
	return nil
}

// Idleness is what the program needs with nothing to do.
type Idleness struct {
	RSS float64 `json:"rss_mib"`
	CPU float64 `json:"cpu_percent"` // of one processor
}

func (r *run) idle(ctx context.Context) error {
	w, err := r.longPast(ctx)
	if err != nil {
		return err
	}
	r.Tell("waiting until it has nothing left to do")
	if err := r.catchUp(ctx, w); err != nil {
		return err
	}
	r.Tell("watching it do nothing")
	s, err := r.serve(ctx, w)
	if err != nil {
		return err
	}
	defer s.stop()
	if err := pause(ctx, settling); err != nil {
		return err
	}
	before, err := s.cpu()
	if err != nil {
		return err
	}
	span := r.pick(12*time.Second, 3*time.Second)
	if err := pause(ctx, span); err != nil {
		return err
	}
	after, err := s.cpu()
	if err != nil {
		return err
	}
	memory, err := s.resident()
	if err != nil {
		return err
	}
	r.report.Idle = &Idleness{RSS: float64(memory) / (1 << 20), CPU: 100 * (after - before).Seconds() / span.Seconds()}
	return nil
}

const (
	settling = 3 * time.Second // after a start, until what it needed has been given back
	enough   = 6               // quiet seconds in a row: by then everything regular has run once
)

// catchUp lets the program do what follows behind earlier measurements, such as
// the index of search.
func (r *run) catchUp(ctx context.Context, w *world) error {
	s, err := r.serve(ctx, w)
	if err != nil {
		return err
	}
	defer s.stop()
	quiet := 0
	for deadline := time.Now().Add(2 * time.Minute); quiet < enough; {
		before, err := s.cpu()
		if err != nil {
			return err
		}
		if err := pause(ctx, time.Second); err != nil {
			return err
		}
		after, err := s.cpu()
		switch {
		case err != nil:
			return err
		case after-before < 50*time.Millisecond:
			quiet++
		case time.Now().After(deadline):
			return errors.New("it does not come to rest within two minutes")
		default:
			quiet = 0
		}
	}
	return nil
}
