package conversation

import (
	"slices"

	"rapport"
	"rapport/store"
)

// Notify tells agents of something, once each; it is kept until they have read it.
func Notify(tx *store.Tx, kind rapport.NotificationKind, id rapport.ConversationID, text string, agents ...rapport.AgentID) error {
	for i, a := range agents {
		if a == "" || slices.Contains(agents[:i], a) {
			continue
		}
		n := rapport.Notification{ID: rapport.NewID[rapport.NotificationID](), AgentID: a, At: tx.Now(), Kind: kind, ConversationID: id, Text: text}
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
	agents, err := tx.Agents()
	if err != nil {
		return err
	}
	var tell []rapport.AgentID
	for _, a := range agents {
		if a.Enabled && a.Role != rapport.RoleAgent {
			tell = append(tell, a.ID)
		}
	}
	return Notify(tx, kind, id, text, tell...)
}
