package store

import (
	"time"

	"rapport"
)

const customColumns = "id, name, base, color, pos, created_at"

func scanCustom(s scanner) (c rapport.CustomStatus, err error) {
	err = s.Scan(&c.ID, &c.Name, &c.Base, &c.Color, &c.Position, milli{&c.CreatedAt})
	return c, err
}

// CustomStatuses returns the statuses that supervisors defined, in their order.
func (tx *Tx) CustomStatuses() (list []rapport.CustomStatus, err error) {
	list = []rapport.CustomStatus{}
	err = tx.rows(func(s scanner) error {
		c, err := scanCustom(s)
		list = append(list, c)
		return err
	}, "select "+customColumns+" from custom_status where enabled = 1 order by pos, name")
	return list, err
}

// CustomStatus returns one of them.
func (tx *Tx) CustomStatus(id rapport.StatusID) (rapport.CustomStatus, error) {
	c, err := scanCustom(tx.queryRow("select "+customColumns+" from custom_status where id = $1 and enabled = 1", id))
	return c, found(err, "status", string(id))
}

// SaveCustomStatus adds or changes one.
func (tx *Tx) SaveCustomStatus(c rapport.CustomStatus) error {
	_, err := tx.exec(`insert into custom_status (id, name, base, color, pos, created_at) values ($1, $2, $3, $4, $5, $6)
		on conflict (id) do update set name = excluded.name, base = excluded.base, color = excluded.color, pos = excluded.pos`,
		c.ID, c.Name, c.Base, c.Color, c.Position, c.CreatedAt)
	if rapport.CodeOf(err) == "duplicate" {
		return &rapport.Error{Kind: rapport.Conflict, Code: "name_taken", Field: "name", Message: "Another status is already called " + c.Name + ".", Cause: err}
	}
	return err
}

// DeleteCustomStatus removes one; its name stays in the history.
func (tx *Tx) DeleteCustomStatus(id rapport.StatusID) error {
	_, err := tx.exec("update custom_status set enabled = 0 where id = $1", id)
	return err
}

// WithCustom returns the agents who chose a custom status.
func (tx *Tx) WithCustom(id rapport.StatusID) ([]rapport.AgentID, error) {
	return tx.agentIDs("select id from agent where custom_status = $1 and custom_status <> '' and deleted_at = 0 order by id", id)
}

// CustomAside is the custom status of an agent who is Away for want of input.
func (tx *Tx) CustomAside(id rapport.AgentID) (custom rapport.StatusID, err error) {
	err = tx.queryRow("select coalesce((select s.id from agent a join custom_status s on s.id = a.custom_status and s.enabled = 1 where a.id = $1), '')", id).Scan(&custom)
	return custom, classify(err)
}

// touch is an agent whose status may be another one at the end of a function.
type touch struct{ agent, by rapport.AgentID }

func (tx *Tx) touch(agent, by rapport.AgentID) {
	for i := range tx.touched {
		if t := &tx.touched[i]; t.agent == agent {
			if by != "" {
				t.by = by
			}
			return
		}
	}
	tx.touched = append(tx.touched, touch{agent, by})
}

// tell remembers what an event says of an agent.
func (tx *Tx) tell(a *rapport.Agent) {
	if tx.told == nil {
		tx.told = map[rapport.AgentID]string{}
	}
	tx.told[a.ID] = statusOf(a)
}

// statusOf is all that a status change is about.
func statusOf(a *rapport.Agent) string {
	return string(a.Availability()) + "|" + string(a.Sub) + "|" + string(a.Custom)
}

// settle runs at the end of each function: what the agents it touched have
// become is kept for utilisation, and told where no event of the function does.
func (tx *Tx) settle() error {
	for _, t := range tx.touched {
		var shown string
		var deleted bool
		a, err := scanAgent(tx.queryRow("select "+agentColumns+", a.shown, a.deleted_at <> 0 from agent a where a.id = $1", t.agent), &shown, &deleted)
		if err != nil {
			return found(err, "agent", string(t.agent))
		}
		now := statusOf(&a)
		if now == shown {
			continue
		}
		if err := tx.put("update agent set shown = $2 where id = $1", a.ID, now); err != nil {
			return err
		}
		err = tx.put(`insert into status_change (id, agent_id, at, availability, sub, custom_id, custom_name, by_id)
			values ($1, $2, $3, $4, $5, $6, coalesce((select name from custom_status where id = $6), ''), $7)`,
			rapport.NewID[string](), a.ID, tx.now, a.Availability(), a.Sub, a.Custom, t.by)
		if err != nil {
			return err
		}
		if deleted || tx.told[a.ID] == now {
			continue
		}
		// Not agent.changed: what an agent may see stays the same.
		if err := tx.Append(rapport.Event{Kind: "agent.load", AgentID: a.ID}, rapport.Change{Agent: &a}); err != nil {
			return err
		}
	}
	return nil
}

// StatusChanges returns what an agent was in a period, in order: first the last
// change before it, if there is one.
func (tx *Tx) StatusChanges(agent rapport.AgentID, from, to time.Time, limit int) (list []rapport.StatusChange, err error) {
	list = []rapport.StatusChange{}
	err = tx.rows(func(s scanner) error {
		var c rapport.StatusChange
		err := s.Scan(&c.ID, &c.AgentID, milli{&c.At}, &c.Availability, &c.Sub, &c.CustomID, &c.CustomName, &c.By)
		list = append(list, c)
		return err
	}, `select id, agent_id, at, availability, sub, custom_id, custom_name, by_id from status_change
		where agent_id = $1 and at < $3 and at >= coalesce((select max(at) from status_change where agent_id = $1 and at <= $2), 0) order by at, id limit $4`,
		agent, from, to, limit)
	return list, err
}

// AvailableSince tells whether an agent has become available after a moment.
func (tx *Tx) AvailableSince(agent rapport.AgentID, at time.Time) (bool, error) {
	var n int
	err := tx.queryRow("select count(*) from (select 1 from status_change where agent_id = $1 and at > $2 and availability = 'available' limit 1) s", agent, at).Scan(&n)
	return n > 0, classify(err)
}

// StatusSince returns since when each agent has been what they are.
func (tx *Tx) StatusSince() (since map[rapport.AgentID]time.Time, err error) {
	since = map[rapport.AgentID]time.Time{}
	err = tx.rows(func(s scanner) error {
		var id rapport.AgentID
		var at time.Time
		err := s.Scan(&id, milli{&at})
		since[id] = at
		return err
	}, "select a.id, coalesce((select max(s.at) from status_change s where s.agent_id = a.id), 0) from agent a where a.deleted_at = 0")
	return since, err
}
