package push_test

import (
	"encoding/json"
	"testing"

	"rapport"
	"rapport/push"
	"rapport/rapporttest"
	"rapport/store"
)

// What one agent is told reaches that agent's desks and nobody else's, not even
// a supervisor's; live, and when it is read from the log later (invariant 7).
func TestNotificationsReachTheirAgentAlone(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	ana := w.Agent("ana").ID
	w.Agent("ben")
	w.Agent("sue", rapporttest.As(rapport.RoleSupervisor))
	e := start(t, w, push.Config{})
	var from int64
	w.View(func(tx *store.Tx) (err error) {
		from, _, err = tx.Head()
		return err
	})
	told := map[string]int{}
	desks := map[string]*desk{}
	for _, name := range []string{"ana", "ben", "sue"} {
		desks[name] = e.connect(name)
	}
	w.Update(func(tx *store.Tx) error {
		n := rapport.Notification{ID: rapport.NewID[rapport.NotificationID](), AgentID: ana, At: tx.Now(), Kind: rapport.NotifyHandoff, Text: "for ana"}
		if err := tx.Append(rapport.Event{Kind: "notification.added", AgentID: ana}, rapport.Change{Notification: &n}); err != nil {
			return err
		}
		if err := tx.Append(rapport.Event{Kind: "preferences.changed", AgentID: ana}, rapport.Change{}); err != nil {
			return err
		}
		return tx.Append(rapport.Event{Kind: "inbox.changed"}, rapport.Change{}) // everybody hears this after it
	})
	check := func(when, name string, d *desk) {
		t.Helper()
		for {
			f, err := d.read()
			switch {
			case err != nil:
				t.Fatalf("%s: %s hears nothing: %v", when, name, err)
			case f.T != "event":
			case f.Event.Kind == "notification.added":
				var change rapport.Change
				if err := json.Unmarshal(f.Event.Data, &change); err != nil || name != "ana" || change.Notification.Text != "for ana" {
					t.Errorf("%s: %s hears %s, %v", when, name, f.Event.Data, err)
				}
				told[when+name]++
			case f.Event.Kind == "preferences.changed":
				told[when+name]++
			case f.Event.Kind == "inbox.changed":
				if want := map[string]int{"ana": 2}[name]; told[when+name] != want {
					t.Errorf("%s: %s was told %d times, want %d", when, name, told[when+name], want)
				}
				return
			}
		}
	}
	for name, d := range desks {
		check("live", name, d)
	}
	for _, name := range []string{"ana", "ben", "sue"} {
		d := e.dial(name)
		d.say(map[string]any{"t": "resume", "seq": from})
		check("later", name, d)
	}
}
