package api

import (
	"context"
	"time"

	"rapport"
	"rapport/store"
)

// mostNotifications is how many are shown; older ones have been seen or overtaken.
const mostNotifications = 100

type notificationList struct {
	Items  []rapport.Notification `json:"items"`
	Unread int                    `json:"unread"`
}

func (s *server) listNotifications(ctx context.Context, _ *noInput) (*reply[notificationList], error) {
	var got notificationList
	err := s.DB.View(ctx, func(tx *store.Tx) error { return notificationsOf(tx, actorOf(ctx).AgentID, &got) })
	return ok(got, err)
}

func notificationsOf(tx *store.Tx, id rapport.AgentID, into *notificationList) (err error) {
	if into.Items, err = tx.Notifications(id, mostNotifications); err == nil {
		into.Unread, err = tx.Unread(id)
	}
	return err
}

type readInput struct {
	Body struct {
		UpTo time.Time `json:"up_to" doc:"The at of the latest one that was seen."`
	}
}

func (s *server) readNotifications(ctx context.Context, in *readInput) (*reply[notificationList], error) {
	var got notificationList
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		me := actorOf(ctx).AgentID
		if err := tx.ReadNotifications(me, in.Body.UpTo); err != nil {
			return err
		}
		// Other desks of the same agent hear of it, too.
		if err := tx.Append(rapport.Event{Kind: "notification.read", AgentID: me}, rapport.Change{}); err != nil {
			return err
		}
		return notificationsOf(tx, me, &got)
	})
	return ok(got, err)
}
