package app

import (
	"context"
	"time"

	"rapport/conversation"
	"rapport/job"
	"rapport/store"
)

// outgoingKept is how long a message that waited is remembered after it left.
const outgoingKept = 30 * 24 * time.Hour

// sendWaiting sends a message whose time has come.
func (a *App) sendWaiting(ctx context.Context, t job.Task) error {
	var l conversation.Leaving
	if err := t.Decode(&l); err != nil {
		return &job.Never{Err: err}
	}
	return conversation.SendWaiting(ctx, a.db, l.ID)
}

func (a *App) waitingGaveUp(ctx context.Context, t job.Task) error {
	var l conversation.Leaving
	if err := t.Decode(&l); err != nil {
		return err
	}
	return conversation.GaveUp(ctx, a.db, l.ID)
}

func (a *App) trimOutgoing(ctx context.Context) error {
	return a.db.Update(ctx, func(tx *store.Tx) error { return tx.TrimOutgoing(tx.Now().Add(-outgoingKept)) })
}
