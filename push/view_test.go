package push_test

import (
	"testing"

	"rapport/push"
	"rapport/rapporttest"
)

// Issue 4, 14: who may see a conversation sees who has it open: those who open
// it later, too, and only until it is closed or the desk is gone. Nobody else
// hears of it.
func TestWhoIsViewing(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	w.Queue("support", "ana", "ben")
	w.Queue("sales", "olga")
	w.Inbox("site", "support")
	id := w.Write("mia", "Hello?").Conversation.ID
	e := start(t, w, push.Config{})
	ana, ben, olga := e.connect("ana"), e.connect("ben"), e.connect("olga")
	want := func(d *desk, name string, on bool) {
		t.Helper()
		if f := d.next(); f.T != "viewing" || f.Name != name || f.On != on || f.ConversationID != id {
			t.Fatalf("heard %+v; %s viewing %v was expected", f, name, on)
		}
	}
	view := func(d *desk, id any) { d.say(map[string]any{"t": "viewing", "conversation_id": id}) }
	view(ana, id)
	want(ben, "ana", true)
	view(olga, id) // not hers to see: nobody hears of it
	view(ben, id)
	want(ana, "ben", true)
	want(ben, "ana", true)
	late := e.connect("ben") // another desk of his
	want(late, "ana", true)
	view(ana, "")
	want(ben, "ana", false)
	want(late, "ana", false)
	view(late, id)
	want(ana, "ben", true) // said again; harmless
	ben.conn.CloseNow()
	late.conn.CloseNow()
	want(ana, "ben", false) // once both of his desks are gone
	olga.say(map[string]any{"t": "ping"})
	if f := olga.next(); f.T != "pong" {
		t.Errorf("olga heard %+v", f)
	}
}
