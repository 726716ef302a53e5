package workflow

import (
	"time"

	"rapport"
	"rapport/store"
)

// mostPast is how many items of a past conversation are looked at.
const mostPast = 1000

// Past is a conversation as it was when it began, and what happened to it since:
// what Try needs to say what a workflow would have done.
func Past(tx *store.Tx, id rapport.ConversationID) (Facts, []SceneEvent, time.Time, error) {
	s, err := tx.Summary(id)
	if err != nil {
		return nil, nil, time.Time{}, err
	}
	items, err := tx.Items(id, 0, mostPast+1, mostPast)
	if err != nil {
		return nil, nil, time.Time{}, err
	}
	f, err := look(tx, &s, everything)
	if err != nil {
		return nil, nil, time.Time{}, err
	}
	// As it was at the beginning, as far as the thread tells.
	for _, name := range []string{"conversation.assignee", "conversation.bot", "agent.name", "agent.availability", "agent.load", "since_last_outbound", "since_assigned", "message.text", "conversation.topic", "conversation.disposition"} {
		delete(f, name)
	}
	for name := range s.Fields {
		delete(f, "conversation.fields."+name)
	}
	f["conversation.state"], f["conversation.hops"], f["conversation.replies"] = "open", 0.0, 0.0
	f["conversation.tags"], f["conversation.waiting"] = []string{}, true
	f["since_opened"], f["since_last_inbound"], f["since_last_activity"] = 0.0, 0.0, 0.0
	var events []SceneEvent
	for i := range items {
		it := &items[i]
		after := it.At.Sub(s.OpenedAt)
		if it.Seq == 1 && it.Kind == rapport.ItemMessage {
			f["message.text"] = rapport.Preview(it.Body)
			continue
		}
		e, known := sceneEvent(it)
		if !known {
			continue
		}
		if after <= 0 && e.Kind == "assigned" { // in the transaction that opened it
			f["conversation.assignee"], f["agent.name"], f["conversation.waiting"], f["since_assigned"] = e.Agent, e.Text, false, 0.0
			continue
		}
		e.After = int(max(after, 0) / time.Second)
		events = append(events, e)
	}
	return f, events, s.OpenedAt, nil
}

// sceneEvent is an item of a thread as something that happened.
func sceneEvent(it *rapport.Item) (SceneEvent, bool) {
	text := func(name string) string { return textOf(it.Data, name) }
	switch {
	case it.Kind == rapport.ItemMessage && it.By == rapport.ByCustomer:
		return SceneEvent{Kind: "message_received", Text: rapport.Preview(it.Body)}, true
	case it.Kind == rapport.ItemMessage && it.By == rapport.ByAgent:
		return SceneEvent{Kind: "reply", Agent: it.AuthorID}, true
	case it.Event == "assigned":
		return SceneEvent{Kind: "assigned", Agent: text("agent_id"), Text: text("agent_name")}, true
	case it.Event == "state":
		return SceneEvent{Kind: "status_changed", To: rapport.State(text("to"))}, true
	case (it.Event == "tags" || it.Event == "macro") && len(listOf(it.Data, "added")) > 0:
		return SceneEvent{Kind: "tag_added", Tag: listOf(it.Data, "added")[0]}, true
	case it.Event == "handoff":
		return SceneEvent{Kind: "handed_off"}, true
	}
	return SceneEvent{}, false
}
