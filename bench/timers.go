package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"rapport"
	"rapport/store"
)

// Timers is how late timers act among many that are armed, and what arming one
// costs a message.
type Timers struct {
	Armed    int     `json:"armed"`
	Due      int     `json:"due"` // in the measured time; each takes a conversation from one agent to another
	DuePerS  float64 `json:"due_per_s"`
	LateP50  float64 `json:"late_p50_ms"`
	LateP99  float64 `json:"late_p99_ms"`
	LateMost float64 `json:"late_max_ms"`

	ArmCost float64 `json:"arm_cost_ratio"` // of a message's processor time that arming adds
	Without float64 `json:"message_us"`     // processor time of a message that arms nothing
	With    float64 `json:"armed_message_us"`
}

const (
	timersPerS = 1000 // come due
	perStep    = 500  // conversations in one transaction
)

func (r *run) timers(ctx context.Context) error {
	armed, due := 100_000, 20*timersPerS
	if r.Quick {
		armed, due = 10_000, 3*timersPerS
	}
	r.Tell(fmt.Sprintf("arming %d timers", armed))
	w, err := newWorld(ctx, filepath.Join(r.dir, "timers"), "", size{conversations: 1000, customers: 2 * armed, agents: 1000, queues: 50})
	if err != nil {
		return err
	}
	m := &Timers{Armed: armed, Due: due}
	if err := r.armCost(ctx, w, m); err != nil {
		return err
	}
	ids, err := w.arm(ctx, armed)
	if err != nil {
		return err
	}
	first, err := w.schedule(ctx, ids[:due])
	if err != nil {
		return err
	}
	s, err := r.serve(ctx, w)
	if err != nil {
		return err
	}
	defer s.stop()
	if time.Now().After(first) {
		return fmt.Errorf("the server was not ready before the first timer was due")
	}
	r.Tell(fmt.Sprintf("letting %d of them come due, %d a second", due, timersPerS))
	last := first.Add(time.Duration(due) * time.Second / timersPerS)
	if err := pause(ctx, time.Until(last)); err != nil {
		return err
	}
	if err := w.untilActed(ctx); err != nil {
		return err
	}
	r.report.Timers = m
	return w.lateness(ctx, ids[:due], first, m)
}

// arm takes in one message from each of many customers: each waits for the
// answer of an agent.
func (w *world) arm(ctx context.Context, n int) (ids []rapport.ConversationID, err error) {
	db, err := w.open(ctx)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	for first := 0; first < n; first += perStep {
		var some []rapport.ConversationID
		err := db.Update(ctx, func(tx *store.Tx) error {
			some = some[:0]
			for i := first; i < min(first+perStep, n); i++ {
				m := w.message(i)
				m.customer, m.key = fmt.Sprintf("armed-%d", i), fmt.Sprintf("armed-%d", i)
				got, err := take(tx, m)
				if err != nil {
					return err
				}
				if t := got.Conversation.Timer; t == nil || t.Kind != rapport.TimerReply {
					return fmt.Errorf("the message armed %+v", t)
				}
				some = append(some, got.Conversation.ID)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		ids = append(ids, some...)
	}
	return ids, nil
}

// schedule makes the timers of conversations come due one after the other, and
// returns when the first one will.
func (w *world) schedule(ctx context.Context, ids []rapport.ConversationID) (first time.Time, err error) {
	db, err := w.open(ctx)
	if err != nil {
		return first, err
	}
	defer db.Close()
	first = time.Now().Add(8*time.Second + time.Duration(len(ids))*time.Millisecond).UTC().Truncate(time.Millisecond)
	reply := time.Duration(rapport.DefaultReplyTimer().Minutes) * time.Minute
	for n := 0; n < len(ids); n += perStep {
		err := db.Update(ctx, func(tx *store.Tx) error {
			for i := n; i < min(n+perStep, len(ids)); i++ {
				s, err := tx.Summary(ids[i])
				if err != nil {
					return err
				}
				before := s.Conversation
				s.AssignedAt = w.due(first, i).Add(-reply)
				s.AwaitsSince = s.AssignedAt
				if err := tx.Record(&s, before, "conversation.changed"); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return first, err
		}
	}
	return first, nil
}

// due is when the nth timer is.
func (w *world) due(first time.Time, n int) time.Time {
	return first.Add(time.Duration(n) * time.Second / timersPerS)
}

// untilActed waits until no timer is due any more: one that comes late is a
// figure, one that does not come is an error.
func (w *world) untilActed(ctx context.Context) error {
	db, err := w.open(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	for patience := time.Now().Add(2 * time.Minute); time.Now().Before(patience); {
		left := 0
		err := db.View(ctx, func(tx *store.Tx) error {
			due, err := tx.TimersDue(1)
			left = len(due)
			return err
		})
		if err != nil || left == 0 {
			return err
		}
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
	return fmt.Errorf("timers are due and do not act")
}

// lateness compares when timers acted with when they were due. Each must have
// acted once: another agent has the conversation now.
func (w *world) lateness(ctx context.Context, ids []rapport.ConversationID, first time.Time, m *Timers) error {
	db, err := w.open(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	late := make([]time.Duration, 0, len(ids))
	var end time.Time
	err = db.View(ctx, func(tx *store.Tx) error {
		for n, id := range ids {
			c, err := tx.Conversation(id)
			if err != nil {
				return err
			}
			if c.Hops != 1 || c.Assignee == "" {
				return fmt.Errorf("the timer of conversation %d has acted %d times; it is with %q", n, c.Hops, c.Assignee)
			}
			late = append(late, c.AssignedAt.Sub(w.due(first, n)))
			if c.AssignedAt.After(end) {
				end = c.AssignedAt
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	m.DuePerS = float64(len(ids)) / end.Sub(first).Seconds()
	m.LateP50, m.LateP99, m.LateMost = ms(percentile(late, 0.50)), ms(percentile(late, 0.99)), ms(percentile(late, 1))
	return nil
}

// armCost lets messages come in by turns with and without a reply timer.
func (r *run) armCost(ctx context.Context, w *world, m *Timers) error {
	r.Tell("taking messages in with and without a timer by turns")
	db, err := w.open(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	took := [2][]time.Duration{}
	turns := int(r.pick(24, 4))
	for turn := range turns + 2 {
		with := turn % 2
		err := db.Update(ctx, func(tx *store.Tx) error {
			config, err := tx.Configuration()
			if err != nil {
				return err
			}
			s := config.Settings
			s.ReplyTimer.Enabled = with == 1
			return tx.SaveSettings(s)
		})
		if err != nil {
			return err
		}
		before, err := cpuOf(os.Getpid())
		if err != nil {
			return err
		}
		if _, err := w.assignMany(ctx, db, turn*perTurn); err != nil {
			return err
		}
		after, err := cpuOf(os.Getpid())
		if err != nil {
			return err
		}
		if turn > 1 { // the first ones warm the caches
			took[with] = append(took[with], after-before)
		}
	}
	us := func(i int) float64 { return float64(median(took[i]).Nanoseconds()) / 1000 / perTurn }
	m.Without, m.With = us(0), us(1)
	m.ArmCost = m.With/m.Without - 1
	return nil
}
