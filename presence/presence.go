// Package presence knows who is here and in what status.
//
// A status is chosen by the agent; being connected is detected (C11, C12):
//
//	        first desk connects                 no desk heard from for Timeout
//	offline ───────────────────► connected ───────────────────────────────────► offline
//	                                 │  ▲ any heartbeat
//	                                 └──┘
//
// The chosen status survives a lost connection, so that an agent who comes back
// is what they were. Somebody who is connected and Available but touches nothing
// for the account's AwayMinutes becomes Away until they do (C12): reading is not
// being gone. Signing out chooses Offline and disconnects at once.
//
// Whoever turns offline has left: after the account's grace their conversations
// are looked after, unless they are back (conversation.Left). What an agent is,
// and full or idle, is kept as a status change by the store, wherever it comes from.
//
// routing looks after the consequences: its Arrive and SetStatus call these and
// give the agent the work that waits.
package presence

import (
	"time"

	"rapport"
	"rapport/store"
)

// Timeout is how long after the last sign of life an agent counts as gone (S3-15).
const Timeout = 60 * time.Second

// Heartbeat is how often a node notes the agents connected to it.
const Heartbeat = 15 * time.Second

// SetStatus saves a chosen status and tells everybody. A custom status counts
// as its base, whatever else was said.
func SetStatus(tx *store.Tx, id rapport.AgentID, c rapport.Choice) (rapport.Agent, error) {
	if c.Custom != "" {
		custom, err := tx.CustomStatus(c.Custom)
		if err != nil {
			return rapport.Agent{}, rapport.Invalidf("custom_status_id", "There is no status %q; perhaps it was just removed.", c.Custom)
		}
		c.Status = custom.Base
	}
	if !c.Status.Valid() {
		return rapport.Agent{}, rapport.Invalidf("status", "%q is not a status; use available, busy, away or offline.", c.Status)
	}
	was, err := tx.Agent(id)
	if err != nil || was.Status == c.Status && was.Custom == c.Custom {
		return was, err
	}
	if err := tx.SetStatus(id, c); err != nil {
		return was, err
	}
	return Changed(tx, id)
}

// Connect notes that a desk of the agent is connected. It reports whether the
// agent was away before.
func Connect(tx *store.Tx, id rapport.AgentID) (arrived bool, err error) {
	a, err := tx.Agent(id)
	if err != nil {
		return false, err
	}
	if a.Connected {
		return false, tx.AgentsSeen([]rapport.AgentID{id})
	}
	if err := tx.SetConnected(id, true); err != nil {
		return false, err
	}
	_, err = Changed(tx, id)
	return true, err
}

// Disconnect makes an agent offline at once, without touching the chosen status.
func Disconnect(tx *store.Tx, id rapport.AgentID) error {
	if err := tx.SetConnected(id, false); err != nil {
		return err
	}
	_, err := Changed(tx, id)
	return err
}

// Sweep disconnects the agents whom nobody heard from since a moment and
// returns them. Callers pass a moment Timeout ago, but not before the program
// has itself been up for that long: its own downtime is not the agents' absence.
func Sweep(tx *store.Tx, since time.Time) ([]rapport.AgentID, error) {
	ids, err := tx.AgentsUnseen(since)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if err := Disconnect(tx, id); err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// Idle sets available agents to Away who gave no input for AwayMinutes.
func Idle(tx *store.Tx, s rapport.Settings) error {
	if s.AwayMinutes == 0 {
		return nil
	}
	ids, err := tx.AgentsInactive(tx.Now().Add(-time.Duration(s.AwayMinutes) * time.Minute))
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := tx.SetAutoAway(id); err != nil {
			return err
		}
		if _, err := Changed(tx, id); err != nil {
			return err
		}
	}
	return nil
}

// Active notes input of agents. Those who were Away for want of it are
// Available again, and returned.
func Active(tx *store.Tx, ids []rapport.AgentID) (back []rapport.AgentID, err error) {
	if back, err = tx.AgentsActive(ids); err != nil {
		return nil, err
	}
	for _, id := range back {
		custom, err := tx.CustomAside(id)
		if err != nil {
			return nil, err
		}
		if _, err := SetStatus(tx, id, rapport.Choice{Status: rapport.StatusAvailable, Custom: custom}); err != nil {
			return nil, err
		}
	}
	return back, nil
}

// Changed tells everybody what an agent looks like now.
func Changed(tx *store.Tx, id rapport.AgentID) (rapport.Agent, error) {
	a, err := tx.Agent(id)
	if err != nil {
		return a, err
	}
	return a, tx.Append(rapport.Event{Kind: "agent.changed", AgentID: id}, rapport.Change{Agent: &a})
}
