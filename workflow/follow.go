package workflow

import (
	"encoding/json"
	"strings"

	"rapport"
	"rapport/store"
)

// happenings are what an event of the log means to triggers and waits.
func happenings(e *rapport.Event, c *rapport.Change) (list []Happening) {
	if e.Kind == "contact.changed" {
		if len(c.Fields) > 0 {
			list = append(list, Happening{Kind: "contact_field_changed", Fields: c.Fields})
		}
		return list
	}
	s := c.Conversation
	if s == nil || s.Internal() {
		return nil
	}
	opened := e.Kind == "conversation.opened" || e.Kind == "conversation.reopened"
	if opened {
		list = append(list, Happening{Kind: "conversation_opened", Source: source(c.Items), Reopened: e.Kind == "conversation.reopened", Inbox: s.InboxID})
	}
	for i := range c.Items {
		it := &c.Items[i]
		switch {
		case it.Kind == rapport.ItemMessage && it.By == rapport.ByCustomer:
			list = append(list, Happening{Kind: "message_received", Text: it.Body, Inbox: s.InboxID})
		case it.Kind == rapport.ItemMessage && it.By == rapport.ByAgent:
			list = append(list, Happening{Kind: "reply", Agent: rapport.AgentID(it.AuthorID)})
		case it.Event == "assigned":
			list = append(list, Happening{Kind: "assigned", Agent: rapport.AgentID(textOf(it.Data, "agent_id")), Queue: s.QueueID})
		case it.Event == "tags", it.Event == "macro":
			if added := listOf(it.Data, "added"); len(added) > 0 {
				list = append(list, Happening{Kind: "tag_added", Tags: added})
			}
		case it.Event == "handoff":
			list = append(list, Happening{Kind: "handed_off", Bot: rapport.BotID(textOf(it.Data, "bot_id"))})
		case it.Event == "bot":
			list = append(list, Happening{Kind: "handed_to_flow", Bot: rapport.BotID(textOf(it.Data, "bot_id"))})
		}
	}
	if c.Was != "" {
		list = append(list, Happening{Kind: "status_changed", From: c.Was, To: s.State})
	}
	return list
}

// source is who opened a conversation.
func source(items []rapport.Item) string {
	for i := range items {
		switch {
		case items[i].Kind == rapport.ItemMessage && items[i].By == rapport.ByCustomer:
			return "customer"
		case items[i].By == rapport.ByBot && items[i].Kind == rapport.ItemMessage:
			return "bot"
		case items[i].By == rapport.ByAgent:
			return "agent"
		}
	}
	return "agent"
}

// may tells whether an event can mean anything, without looking into it.
func may(e *rapport.Event) bool {
	switch e.Kind {
	case "message.delivery", "conversation.seen", "note.added", "conversation.left":
		return false
	}
	return e.ConversationID != "" && (strings.HasPrefix(e.Kind, "conversation.") || strings.HasPrefix(e.Kind, "message.")) || e.Kind == "contact.changed"
}

// take works a piece of the log: it starts and wakes runs. The caller moves the
// cursor in the same transaction.
func (e *Engine) take(tx *store.Tx, events []rapport.Event) error {
	live, err := e.live(tx)
	if err != nil {
		return err
	}
	awaited, err := tx.AnyAwaits()
	if err != nil {
		return err
	}
	for i := range events {
		ev := &events[i]
		if !may(ev) {
			continue
		}
		var c rapport.Change
		if err := json.Unmarshal(ev.Data, &c); err != nil {
			return err
		}
		list := happenings(ev, &c)
		if len(list) == 0 {
			continue
		}
		if awaited && ev.ConversationID != "" {
			if err := wake(tx, ev, &c, list); err != nil {
				return err
			}
		}
		for j := range list {
			if err := e.set(tx, live, ev, &c, &list[j]); err != nil {
				return err
			}
		}
	}
	return nil
}

// wake ends the waits that something that happened satisfies. What a run did
// itself does not wake it.
func wake(tx *store.Tx, ev *rapport.Event, c *rapport.Change, list []Happening) error {
	runs, err := tx.RunsAwaiting(ev.ConversationID)
	if err != nil {
		return err
	}
	for i := range runs {
		r := &runs[i]
		var st State
		if err := json.Unmarshal(r.State, &st); err != nil {
			return err
		}
		if st.Waits == nil || st.Arrived != nil || ev.Seq <= st.Waits.After || c.Cause != nil && c.Cause.Run == r.ID {
			continue
		}
		for j := range list {
			if st.Waits.satisfiedBy(&list[j]) {
				st.Arrived = &list[j]
				if err := keep(tx, r, st, nil); err != nil {
					return err
				}
				break
			}
		}
	}
	return nil
}

// set starts the runs that something that happened sets off.
func (e *Engine) set(tx *store.Tx, live []*script, ev *rapport.Event, c *rapport.Change, h *Happening) error {
	for _, w := range live {
		if !w.def.Trigger.Matches(h) || ev.At.Before(w.LiveSince) {
			continue
		}
		if mine, err := speaksFor(tx, w, h); err != nil || !mine {
			if err != nil {
				return err
			}
			continue
		}
		depth := 0
		if c.Cause != nil {
			if c.Cause.Workflow == w.ID { // nobody sets himself off
				continue
			}
			depth = c.Cause.Depth + 1
		}
		ids := []rapport.ConversationID{ev.ConversationID}
		if h.Kind == "contact_field_changed" {
			var err error
			if ids, err = ongoing(tx, ev.ContactID); err != nil {
				return err
			}
		}
		for _, id := range ids {
			if err := e.start(tx, w, id, h, depth); err != nil {
				return err
			}
		}
	}
	return nil
}

// flowKind and workflowOption are how a bot says that a workflow speaks for it.
const (
	flowKind       = "flow"
	workflowOption = "workflow_id"
)

// speaksFor tells whether a workflow is the flow of the bot that got a
// conversation; of other happenings it is always true.
func speaksFor(tx *store.Tx, w *script, h *Happening) (bool, error) {
	if h.Kind != "handed_to_flow" {
		return true, nil
	}
	config, err := tx.Configuration()
	if err != nil {
		return false, err
	}
	b := config.Bots[h.Bot]
	if b == nil || b.Kind != flowKind {
		return false, nil
	}
	return textOf(w.def.Trigger.With, "bot") != "" || textOf(b.Options, workflowOption) == string(w.ID), nil
}

// ongoing are a customer's conversations that are open or pending.
func ongoing(tx *store.Tx, id rapport.ContactID) (ids []rapport.ConversationID, err error) {
	list, err := tx.OfContact(store.Filter{Actor: rapport.System, Contact: id, Page: store.Page{Limit: 50}})
	for i := range list {
		if list[i].State.Active() {
			ids = append(ids, list[i].ID)
		}
	}
	return ids, err
}
