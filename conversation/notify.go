package conversation

import (
	"slices"
	"time"

	"rapport"
	"rapport/store"
)

// Notify tells agents of something, once each; it is kept until they have read it.
func Notify(tx *store.Tx, kind rapport.NotificationKind, id rapport.ConversationID, text string, agents ...rapport.AgentID) error {
	return notifyOf(tx, kind, id, 0, text, agents...)
}

// notifyOf is Notify about an item of the thread.
func notifyOf(tx *store.Tx, kind rapport.NotificationKind, id rapport.ConversationID, seq int, text string, agents ...rapport.AgentID) error {
	for i, a := range agents {
		if a == "" || slices.Contains(agents[:i], a) {
			continue
		}
		n := rapport.Notification{ID: rapport.NewID[rapport.NotificationID](), AgentID: a, At: tx.Now(), Kind: kind, ConversationID: id, Seq: seq, Text: text}
		if err := tx.InsertNotification(n); err != nil {
			return err
		}
		if err := tx.Append(rapport.Event{Kind: "notification.added", AgentID: a}, rapport.Change{Notification: &n}); err != nil {
			return err
		}
	}
	return nil
}

// NotifySupervisors tells whoever supervises and is enabled.
func NotifySupervisors(tx *store.Tx, kind rapport.NotificationKind, id rapport.ConversationID, text string) error {
	tell, err := supervisors(tx)
	if err != nil {
		return err
	}
	return Notify(tx, kind, id, text, tell...)
}

func supervisors(tx *store.Tx) (list []rapport.AgentID, err error) {
	agents, err := tx.Agents()
	for _, a := range agents {
		if a.Enabled && a.Role != rapport.RoleAgent {
			list = append(list, a.ID)
		}
	}
	return list, err
}

// remindEvery is how often supervisors hear the same.
const remindEvery = 15 * time.Minute

// remindSupervisors tells supervisors of something that happens again and again
// while it lasts: once in a while, with the first conversation that it concerns.
func remindSupervisors(tx *store.Tx, kind rapport.NotificationKind, id rapport.ConversationID, text string) error {
	tell, err := supervisors(tx)
	if err != nil {
		return err
	}
	for _, a := range tell {
		told, err := tx.Told(a, kind, text, tx.Now().Add(-remindEvery))
		if err != nil {
			return err
		}
		if told {
			continue
		}
		if err := Notify(tx, kind, id, text, a); err != nil {
			return err
		}
	}
	return nil
}

// KeepNotifications is how long notifications are kept.
const KeepNotifications = 30 * 24 * time.Hour
