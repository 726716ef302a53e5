package routing

import (
	"cmp"
	"maps"
	"slices"

	"rapport"
	"rapport/presence"
	"rapport/store"
)

// SetStatus saves the status that an agent chose and, when that makes them
// available, gives them what waits.
func SetStatus(tx *store.Tx, id rapport.AgentID, status rapport.Status) (rapport.Agent, error) {
	return Choose(tx, id, rapport.Choice{Status: status})
}

// Choose is SetStatus for any choice: a custom status, or a supervisor's word.
func Choose(tx *store.Tx, id rapport.AgentID, c rapport.Choice) (rapport.Agent, error) {
	a, err := presence.SetStatus(tx, id, c)
	if err != nil || a.Availability() != rapport.StatusAvailable {
		return a, err
	}
	if err := Fill(tx, id, "agent_available"); err != nil {
		return a, err
	}
	return tx.Agent(id)
}

// Arrive notes that a desk of the agent is connected and gives them what waits.
func Arrive(tx *store.Tx, id rapport.AgentID) error {
	arrived, err := presence.Connect(tx, id)
	if err != nil || !arrived {
		return err
	}
	return Fill(tx, id, "agent_available")
}

// Active notes input of agents, and gives those whom it makes available what waits.
func Active(tx *store.Tx, ids []rapport.AgentID) error {
	back, err := presence.Active(tx, ids)
	if err != nil {
		return err
	}
	for _, id := range back {
		if err := Fill(tx, id, "agent_available"); err != nil {
			return err
		}
	}
	return nil
}

// SignIn makes an agent available, as people expect who sit down to work.
func SignIn(tx *store.Tx, id rapport.AgentID) error {
	_, err := SetStatus(tx, id, rapport.StatusAvailable)
	return err
}

// SignOut makes an agent offline at once (S3-16, C11).
func SignOut(tx *store.Tx, id rapport.AgentID) error {
	if _, err := presence.SetStatus(tx, id, rapport.Choice{Status: rapport.StatusOffline}); err != nil {
		return err
	}
	return presence.Disconnect(tx, id)
}

// SaveMember adds an agent to a queue, or changes what they may do there.
func SaveMember(tx *store.Tx, m rapport.Member) error {
	were, err := tx.MemberOf(m.AgentID)
	if err != nil {
		return err
	}
	if err := tx.PutMember(m); err != nil {
		return err
	}
	if !slices.Contains(were, m) {
		if err := memberChanged(tx, m.AgentID, m.QueueID); err != nil {
			return err
		}
	}
	if !m.CanReply {
		return Requeue(tx, m.AgentID, m.QueueID, "left_queue", "The agent may no longer reply in the queue")
	}
	return Fill(tx, m.AgentID, "joined_queue")
}

// RemoveMember takes an agent out of a queue; what they hold of it is routed
// again. Nobody leaves the default queue (S3-06).
func RemoveMember(tx *store.Tx, queue rapport.QueueID, agent rapport.AgentID) error {
	config, err := tx.Configuration()
	if err != nil {
		return err
	}
	if queue == config.Default {
		return rapport.Errorf(rapport.Conflict, "default_queue", "Every agent is a member of the default queue; nobody can leave it.")
	}
	if err := tx.DeleteMember(queue, agent); err != nil {
		return err
	}
	if err := memberChanged(tx, agent, queue); err != nil {
		return err
	}
	return Requeue(tx, agent, queue, "left_queue", "The agent left the queue")
}

// memberChanged tells whoever follows the log that an agent sees other
// conversations from here on.
func memberChanged(tx *store.Tx, agent rapport.AgentID, queue rapport.QueueID) error {
	return tx.Append(rapport.Event{Kind: "member.changed", AgentID: agent, QueueID: queue}, rapport.Change{})
}

// SaveAgent saves what an admin changed about an agent, with the consequences:
// a disabled one's conversations are routed again, new room is filled.
func SaveAgent(tx *store.Tx, a rapport.Agent) (rapport.Agent, error) {
	was, err := tx.Agent(a.ID)
	if err != nil {
		return a, err
	}
	if err := tx.UpdateAgent(a); err != nil {
		return a, err
	}
	if was.Role != a.Role {
		if err := memberChanged(tx, a.ID, ""); err != nil {
			return a, err
		}
	}
	if !a.Enabled {
		if err := tx.DeleteSessions(a.ID, ""); err != nil {
			return a, err
		}
		if err := Requeue(tx, a.ID, "", "agent_disabled", a.Name+" was disabled"); err != nil {
			return a, err
		}
	} else if err := Fill(tx, a.ID, "capacity_freed"); err != nil {
		return a, err
	}
	return presence.Changed(tx, a.ID)
}

// DeleteAgent removes an agent; their conversations are routed again.
func DeleteAgent(tx *store.Tx, id rapport.AgentID) error {
	a, err := tx.Agent(id)
	if err != nil {
		return err
	}
	if err := tx.DeleteAgent(id); err != nil {
		return err
	}
	if err := Requeue(tx, id, "", "agent_deleted", a.Name+" was removed"); err != nil {
		return err
	}
	a.Enabled, a.Connected, a.Status = false, false, rapport.StatusOffline
	return tx.Append(rapport.Event{Kind: "agent.deleted", AgentID: id}, rapport.Change{Agent: &a})
}

// SaveQueue saves a queue and serves whoever the change lets through.
func SaveQueue(tx *store.Tx, q rapport.Queue) error {
	if err := tx.SaveQueue(q); err != nil {
		return err
	}
	if err := tx.Append(rapport.Event{Kind: "queue.changed", QueueID: q.ID}, rapport.Change{Queue: &q}); err != nil {
		return err
	}
	if err := Retime(tx, store.Timed{Queue: q.ID}); err != nil {
		return err
	}
	return FillQueue(tx, q.ID, "queue_changed")
}

// DeleteQueue moves a queue's conversations to the default queue and removes it.
func DeleteQueue(tx *store.Tx, id rapport.QueueID) error {
	q, err := tx.Queue(id)
	if err != nil {
		return err
	}
	if q.Default {
		return rapport.Errorf(rapport.Conflict, "default_queue", "The default queue cannot be deleted (it collects what nothing else matches).")
	}
	config, err := tx.Configuration()
	if err != nil {
		return err
	}
	for _, i := range config.Inboxes {
		if i.QueueID == id {
			return rapport.Errorf(rapport.Conflict, "queue_in_use", "The inbox %s sends its conversations to %s; choose another queue there first.", i.Name, q.Name)
		}
	}
	ids, err := tx.InQueue(id)
	if err != nil {
		return err
	}
	for _, cid := range ids {
		s, err := tx.Summary(cid)
		if err != nil {
			return err
		}
		before := s.Conversation
		if s.Transfer != nil && s.Transfer.QueueID == id {
			s.Transfer, s.Waiting = nil, nil
		}
		if s.QueueID == id {
			if err := Move(tx, &s, config.Default); err != nil {
				return err
			}
		}
		line := rapport.Item{Kind: rapport.ItemEvent, By: rapport.BySystem, Event: "transferred", Body: "Moved on: the queue " + q.Name + " was deleted"}
		if err := tx.Record(&s, before, "conversation.changed", line); err != nil {
			return err
		}
	}
	if err := forgetQueue(tx, config, id); err != nil {
		return err
	}
	if err := tx.DeleteQueue(id); err != nil {
		return err
	}
	if err := tx.Append(rapport.Event{Kind: "queue.deleted", QueueID: id}, rapport.Change{Queue: &q}); err != nil {
		return err
	}
	return FillQueue(tx, config.Default, "queue_deleted")
}

// forgetQueue takes a queue out of the rules that name it as a fallback.
func forgetQueue(tx *store.Tx, config *store.Configuration, id rapport.QueueID) error {
	settings := config.Settings
	others := slices.Collect(maps.Values(config.Queues))
	slices.SortFunc(others, func(a, b *rapport.Queue) int { return cmp.Compare(a.ID, b.ID) })
	for _, other := range others {
		q := *other
		forgotten := false
		clear := func(named *rapport.QueueID) {
			if *named == id {
				*named, forgotten = "", true
			}
		}
		clear(&q.FallbackQueue)
		if q.ReplyTimer != nil {
			r := *q.ReplyTimer
			clear(&r.FallbackQueue)
			q.ReplyTimer = &r
		}
		if q.Hours != nil {
			h := *q.Hours
			clear(&h.FallbackQueue)
			q.Hours = &h
		}
		if !forgotten || q.ID == id {
			continue
		}
		q.Version++
		if err := tx.SaveQueue(q); err != nil {
			return err
		}
		if err := tx.Append(rapport.Event{Kind: "queue.changed", QueueID: q.ID}, rapport.Change{Queue: &q}); err != nil {
			return err
		}
	}
	if settings.ReplyTimer.FallbackQueue != id {
		return nil
	}
	settings.ReplyTimer.FallbackQueue = ""
	settings.Version++
	if err := tx.SaveSettings(settings); err != nil {
		return err
	}
	return tx.Append(rapport.Event{Kind: "settings.changed"}, rapport.Change{Settings: &settings})
}

// SaveSettings saves the account's settings and serves whoever they let through.
func SaveSettings(tx *store.Tx, s rapport.Settings) error {
	config, err := tx.Configuration()
	if err != nil {
		return err
	}
	capacity := config.Settings.Capacity
	if err := tx.SaveSettings(s); err != nil {
		return err
	}
	if capacity != s.Capacity {
		if err := tx.RefreshAllRooms(); err != nil {
			return err
		}
	}
	if err := tx.Append(rapport.Event{Kind: "settings.changed"}, rapport.Change{Settings: &s}); err != nil {
		return err
	}
	if err := Retime(tx, store.Timed{}); err != nil {
		return err
	}
	for _, q := range config.Queues {
		if err := FillQueue(tx, q.ID, "settings_changed"); err != nil {
			return err
		}
	}
	return nil
}

// ForgetSender takes an inbox that is gone out of what queues write from.
func ForgetSender(tx *store.Tx, id rapport.InboxID) error {
	queues, err := tx.Queues()
	if err != nil {
		return err
	}
	for _, q := range queues {
		senders, had := q.Senders.Without(id)
		if !had {
			continue
		}
		q.Senders = senders
		q.Version++
		if err := tx.SaveQueue(q); err != nil {
			return err
		}
		if err := tx.Append(rapport.Event{Kind: "queue.changed", QueueID: q.ID}, rapport.Change{Queue: &q}); err != nil {
			return err
		}
	}
	return nil
}
