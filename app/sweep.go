package app

import (
	"context"
	"log/slog"
	"runtime/debug"
	"time"

	"rapport"
	"rapport/conversation"
	"rapport/customer"
	"rapport/job"
	"rapport/mail"
	"rapport/presence"
	"rapport/routing"
	"rapport/store"
)

// sweep is something that is looked after again and again.
type sweep struct {
	name  string
	every time.Duration
	do    func(context.Context) error
}

// run repeats until ctx ends; a failure is logged and tried again next time.
func (s sweep) run(ctx context.Context, log *slog.Logger) error {
	ticker := time.NewTicker(s.every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
		if err := s.do(ctx); err != nil && ctx.Err() == nil {
			log.Error("cannot sweep", "sweep", s.name, "error", err)
		}
	}
}

func (a *App) sweeps() []sweep {
	return []sweep{
		{"routing", 5 * time.Second, func(ctx context.Context) error { return routing.Sweep(ctx, a.db) }},
		{"presence", 5 * time.Second, a.sweepPresence},
		{"transfers", time.Second, a.returnTransfers},
		{"timers", 200 * time.Millisecond, func(ctx context.Context) error { return conversation.FireDue(ctx, a.db) }},
		{"left", time.Second, a.sweepLeft},
		{"sessions", 10 * time.Minute, a.trimSessions},
		{"events", time.Hour, a.trimEvents},
		{"runs", time.Hour, a.trimRuns},
		{"notifications", time.Hour, a.trimNotifications},
		{"jobs", time.Minute, func(ctx context.Context) error { return a.db.Update(ctx, (*store.Tx).UnparkJobs) }},
		{"digests", 20 * time.Second, a.post.Digests},
		{"mail", time.Hour, a.trimMail},
		{"failed jobs", time.Hour, a.trimFailedJobs},
		{"customers", time.Second, func(ctx context.Context) error { return customer.Follow(ctx, a.db) }},
		{"imports", time.Hour, func(ctx context.Context) error { return a.db.Update(ctx, customer.Trim) }},
		{"outgoing", time.Hour, a.trimOutgoing},
		{"lists", time.Hour, a.trimLists},
		{"files", 10 * time.Minute, a.shelf.Sweep},
		{"memory", time.Minute, a.afterQuiet()},
	}
}

// sweepPresence disconnects agents whom nobody has heard from and sets those to
// Away who touch nothing, but not before this process could hear them for the
// presence time-out: its own downtime, and the database's, is not theirs.
func (a *App) sweepPresence(ctx context.Context) error {
	var now time.Time
	err := a.db.Update(ctx, func(tx *store.Tx) error {
		if now = tx.Now(); a.attention.span(now) < a.config.Presence {
			return nil
		}
		gone, err := presence.Sweep(tx, tx.Now().Add(-a.config.Presence))
		for _, id := range gone {
			a.log.Debug("an agent was not heard from any more", "agent", id)
		}
		if err != nil {
			return err
		}
		config, err := tx.Configuration()
		if err != nil {
			return err
		}
		return presence.Idle(tx, config.Settings)
	})
	if ctx.Err() == nil {
		a.attention.paid(now, err)
	}
	return err
}

// sweepLeft looks after the conversations of agents who went offline, but not
// before agents had the time to come back to a program that was down itself.
func (a *App) sweepLeft(ctx context.Context) error {
	var grace, here time.Duration
	err := a.db.View(ctx, func(tx *store.Tx) error {
		config, err := tx.Configuration()
		here = a.attention.span(tx.Now())
		if err == nil {
			grace = time.Duration(config.Settings.OfflineGraceSeconds) * time.Second
		}
		return err
	})
	if err != nil || here < min(grace, a.config.Presence) {
		return err
	}
	return conversation.Left(ctx, a.db)
}

// retime derives timers anew after a change of their rules.
func (a *App) retime(ctx context.Context, t job.Task) error {
	var of store.Timed
	if err := t.Decode(&of); err != nil {
		return &job.Never{Err: err}
	}
	return routing.RetimeNow(ctx, a.db, of)
}

// afterQuiet gives memory back unless there was much to do since the start or since
// the last time, which is a minute ago.
func (a *App) afterQuiet() func(context.Context) error {
	const quiet = 60 // updates
	updates := int64(0)
	return func(ctx context.Context) error {
		before := updates
		if updates = a.db.Stats().Updates; updates-before >= quiet {
			return nil
		}
		return a.giveMemoryBack(ctx)
	}
}

// giveMemoryBack returns to the system what is not in use.
func (a *App) giveMemoryBack(ctx context.Context) error {
	defer debug.FreeOSMemory()
	return a.db.Rest(ctx)
}

// returnTransfers looks first, so that it writes only when there is something to do.
func (a *App) returnTransfers(ctx context.Context) error {
	due := false
	err := a.db.View(ctx, func(tx *store.Tx) error {
		ids, err := tx.TransfersDue()
		due = len(ids) > 0
		return err
	})
	if err != nil || !due {
		return err
	}
	return a.db.Update(ctx, conversation.ReturnTransfers)
}

// bulk goes on with a change of many conversations.
func (a *App) bulk(ctx context.Context, t job.Task) error {
	var j conversation.BulkJob
	if err := t.Decode(&j); err != nil {
		return &job.Never{Err: err}
	}
	return conversation.RunBulk(ctx, a.db, j.ID)
}

// trimLists forgets deleted views and old changes of many conversations.
func (a *App) trimLists(ctx context.Context) error {
	const kept = 30 * 24 * time.Hour
	return a.db.Update(ctx, func(tx *store.Tx) error {
		if err := tx.TrimViews(tx.Now().Add(-kept)); err != nil {
			return err
		}
		return tx.TrimBulks(tx.Now().Add(-kept))
	})
}

// indexOld makes what lists need for conversations of an older version, in steps
// that hold the writer only briefly.
func (a *App) indexOld(ctx context.Context) error {
	for {
		var done bool
		err := a.db.Later(ctx, func(tx *store.Tx) (err error) {
			done, err = tx.IndexOld(100)
			return err
		})
		if err != nil || done {
			return err
		}
	}
}

func (a *App) trimSessions(ctx context.Context) error {
	return a.db.Update(ctx, (*store.Tx).TrimSessions)
}

func (a *App) trimNotifications(ctx context.Context) error {
	return a.db.Update(ctx, func(tx *store.Tx) error { return tx.TrimNotifications(tx.Now().Add(-conversation.KeepNotifications)) })
}

func (a *App) trimMail(ctx context.Context) error {
	return a.db.Update(ctx, func(tx *store.Tx) error { return tx.TrimMail(tx.Now().Add(-mail.Keep)) })
}

// failedKept is how long a job that failed for good is kept for a person to look at.
const failedKept = 30 * 24 * time.Hour

func (a *App) trimFailedJobs(ctx context.Context) error {
	return a.db.Update(ctx, func(tx *store.Tx) error { return tx.TrimFailedJobs(tx.Now().Add(-failedKept)) })
}

// survey asks the customer of a conversation that has ended how it was.
func (a *App) survey(ctx context.Context, t job.Task) error {
	var of conversation.SurveyTurn
	if err := t.Decode(&of); err != nil {
		return &job.Never{Err: err}
	}
	err := a.db.Update(ctx, func(tx *store.Tx) error { return conversation.Survey(tx, of.ConversationID, a.base()) })
	if rapport.CodeOf(err) == "inbox_off" {
		return nil // nobody can be asked there any more
	}
	return err
}

// trimEvents forgets old events in steps that hold the writer only briefly.
func (a *App) trimEvents(ctx context.Context) error {
	const step = 500
	for {
		var n int64
		err := a.db.Update(ctx, func(tx *store.Tx) (err error) {
			n, err = tx.TrimEvents(tx.Now().Add(-a.config.Retention), step)
			return err
		})
		if err != nil || n < step {
			return err
		}
	}
}

// runsKept is how long the log of a workflow's run is kept after its end.
const runsKept = 90 * 24 * time.Hour

// trimRuns forgets old runs in steps that hold the writer only briefly.
func (a *App) trimRuns(ctx context.Context) error {
	const step = 200
	for {
		var n int64
		err := a.db.Update(ctx, func(tx *store.Tx) (err error) {
			n, err = tx.TrimRuns(tx.Now().Add(-runsKept), step)
			return err
		})
		if err != nil || n < step {
			return err
		}
	}
}

// arrived is told by the hub when the first desk of an agent connects here.
func (a *App) arrived(ctx context.Context, id rapport.AgentID) error {
	return a.db.Update(ctx, func(tx *store.Tx) error { return routing.Arrive(tx, id) })
}

// heard is told by the hub who is connected here. Agents who count as gone
// although they are here, because the database could not be reached when they
// came or for longer than the presence time-out, arrive again.
func (a *App) heard(ctx context.Context, ids []rapport.AgentID) error {
	var here, gone []rapport.AgentID
	err := a.db.View(ctx, func(tx *store.Tx) error {
		agents, err := tx.Agents()
		connected := make(map[rapport.AgentID]bool, len(agents))
		for i := range agents {
			connected[agents[i].ID] = agents[i].Connected
		}
		for _, id := range ids {
			switch there, exists := connected[id]; {
			case there:
				here = append(here, id)
			case exists:
				gone = append(gone, id)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	var active []rapport.AgentID
	a.touched.Range(func(id, _ any) bool {
		active = append(active, id.(rapport.AgentID))
		a.touched.Delete(id)
		return true
	})
	err = a.db.Update(ctx, func(tx *store.Tx) error {
		if err := tx.AgentsSeen(here); err != nil {
			return err
		}
		return routing.Active(tx, active)
	})
	if err != nil {
		return err
	}
	for _, id := range gone {
		if err := a.arrived(ctx, id); err != nil {
			return err
		}
	}
	return nil
}
