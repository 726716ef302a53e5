package store

import (
	"database/sql"
	"time"

	"rapport"
)

const agentColumns = `a.id, a.name, a.email, a.role, a.enabled, a.password_hash = '' and a.invite_hash <> '', a.capacity, a.status, case when a.auto_away = 1 then '' else a.custom_status end, a.connected, a.load, a.room,
	a.last_assigned_at, a.idle_since, a.seen_at, a.created_at`

func scanAgent(s scanner, more ...any) (a rapport.Agent, err error) {
	var capacity sql.NullInt64
	dest := []any{&a.ID, &a.Name, &a.Email, &a.Role, &a.Enabled, &a.Invited, &capacity, &a.Status, &a.Custom, &a.Connected, &a.Load, &a.Room,
		micro{&a.LastAssignedAt}, micro{&a.IdleSince}, milli{&a.SeenAt}, milli{&a.CreatedAt}}
	err = s.Scan(append(dest, more...)...)
	a.Capacity, a.Sub = intPointer(capacity), a.SubStatus()
	return a, err
}

func intPointer(n sql.NullInt64) *int {
	if !n.Valid {
		return nil
	}
	v := int(n.Int64)
	return &v
}

// InsertAgent adds an agent; they join the default queue at once (S3-06).
func (tx *Tx) InsertAgent(a rapport.Agent) error {
	_, err := tx.exec(`insert into agent (id, name, email, role, enabled, capacity, status, created_at, idle_since)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		a.ID, a.Name, a.Email, a.Role, a.Enabled, a.Capacity, a.Status, a.CreatedAt, tx.stamp())
	if err != nil {
		if rapport.CodeOf(err) == "duplicate" {
			return &rapport.Error{Kind: rapport.Conflict, Code: "email_taken", Field: "email", Message: "Another agent already uses " + a.Email + ".", Cause: err}
		}
		return err
	}
	c, err := tx.Configuration()
	if err != nil || c.Default == "" {
		return err
	}
	return tx.PutMember(rapport.Member{QueueID: c.Default, AgentID: a.ID, CanReply: true})
}

// UpdateAgent saves what an admin may change.
func (tx *Tx) UpdateAgent(a rapport.Agent) error {
	_, err := tx.exec("update agent set name = $2, email = $3, role = $4, enabled = $5, capacity = $6 where id = $1",
		a.ID, a.Name, a.Email, a.Role, a.Enabled, a.Capacity)
	if rapport.CodeOf(err) == "duplicate" {
		return &rapport.Error{Kind: rapport.Conflict, Code: "email_taken", Field: "email", Message: "Another agent already uses " + a.Email + ".", Cause: err}
	}
	if err != nil {
		return err
	}
	tx.touch(a.ID, "")
	if err := tx.refreshRoom("agent_id = $1", a.ID); err != nil {
		return err
	}
	return tx.refreshTurns(a.ID)
}

// DeleteAgent marks an agent as gone: the name stays on what they wrote.
func (tx *Tx) DeleteAgent(id rapport.AgentID) error {
	tx.touch(id, "")
	if _, err := tx.exec("update agent set deleted_at = $2, enabled = 0, connected = 0, status = 'offline', left_at = 0, password_hash = '', invite_hash = '' where id = $1", id, tx.now); err != nil {
		return err
	}
	for _, text := range []string{"delete from member where agent_id = $1", "delete from session where agent_id = $1", "delete from sign_in_link where agent_id = $1"} {
		if _, err := tx.exec(text, id); err != nil {
			return err
		}
	}
	return nil
}

// Agent returns one agent who has not been deleted.
func (tx *Tx) Agent(id rapport.AgentID) (rapport.Agent, error) {
	a, err := scanAgent(tx.queryRow("select "+agentColumns+" from agent a where a.id = $1 and a.deleted_at = 0", id))
	return a, found(err, "agent", string(id))
}

// Agents returns all agents by name.
func (tx *Tx) Agents() (agents []rapport.Agent, err error) {
	agents = []rapport.Agent{}
	err = tx.rows(func(s scanner) error {
		a, err := scanAgent(s)
		agents = append(agents, a)
		return err
	}, "select "+agentColumns+" from agent a where a.deleted_at = 0 order by a.name, a.id")
	return agents, err
}

// AgentByEmail finds an agent by address, however it was typed.
func (tx *Tx) AgentByEmail(email string) (rapport.Agent, error) {
	a, err := scanAgent(tx.queryRow("select "+agentColumns+" from agent a where a.email = $1 and a.deleted_at = 0", rapport.AgentEmail(email)))
	return a, found(err, "agent", email)
}

// SetStatus saves the chosen status and, with it, who is next in line. Who is
// offline from now on has left; who is not is back.
func (tx *Tx) SetStatus(id rapport.AgentID, c rapport.Choice) error {
	tx.touch(id, c.By)
	_, err := tx.exec(`update agent set status = $2, custom_status = $5, auto_away = 0, active_at = $4,
		idle_since = case when status <> $2 and $2 = 'available' then $3 else idle_since end,
		left_at = case when connected = 0 then left_at when $2 <> 'offline' then 0 when status <> 'offline' then $4 else left_at end where id = $1`,
		id, c.Status, tx.stamp(), tx.now, c.Custom)
	if err != nil {
		return err
	}
	return tx.refreshTurns(id)
}

// SetConnected saves whether a desk of the agent is connected.
func (tx *Tx) SetConnected(id rapport.AgentID, connected bool) error {
	tx.touch(id, "")
	_, err := tx.exec(`update agent set connected = $2, seen_at = $3, active_at = $3, idle_since = case when connected = 0 and $2 = 1 then $4 else idle_since end,
		left_at = case when status = 'offline' then left_at when $2 = 1 then 0 when connected = 1 then $3 else left_at end where id = $1`, id, connected, tx.now, tx.stamp())
	if err != nil {
		return err
	}
	return tx.refreshTurns(id)
}

// AgentsSeen notes that desks of these agents were heard from.
func (tx *Tx) AgentsSeen(ids []rapport.AgentID) error {
	for _, id := range ids {
		if err := tx.put("update agent set seen_at = $2 where id = $1", id, tx.now); err != nil {
			return err
		}
	}
	return nil
}

// SetAutoAway sets an agent to Away for want of input. The custom status is kept
// aside until they are back.
func (tx *Tx) SetAutoAway(id rapport.AgentID) error {
	tx.touch(id, "")
	if _, err := tx.exec("update agent set status = 'away', auto_away = 1 where id = $1", id); err != nil {
		return err
	}
	return tx.refreshTurns(id)
}

// AgentsActive notes that these agents did something, and returns those of
// them who are Away for want of input only.
func (tx *Tx) AgentsActive(ids []rapport.AgentID) (away []rapport.AgentID, err error) {
	for _, id := range ids {
		if err := tx.put("update agent set active_at = $2 where id = $1", id, tx.now); err != nil {
			return nil, err
		}
		err := tx.rows(func(s scanner) error {
			away = append(away, id)
			var n int
			return s.Scan(&n)
		}, "select auto_away from agent where id = $1 and auto_away = 1", id)
		if err != nil {
			return nil, err
		}
	}
	return away, nil
}

// AgentsInactive lists available agents without input since a moment.
func (tx *Tx) AgentsInactive(since time.Time) ([]rapport.AgentID, error) {
	return tx.agentIDs("select id from agent where connected = 1 and status = 'available' and active_at < $1 order by active_at limit 200", since)
}

// AgentsUnseen lists connected agents whom nobody heard from since a moment.
func (tx *Tx) AgentsUnseen(since time.Time) ([]rapport.AgentID, error) {
	return tx.agentIDs("select id from agent where connected = 1 and seen_at < $1 order by seen_at limit 200", since)
}

func (tx *Tx) agentIDs(text string, args ...any) (ids []rapport.AgentID, err error) {
	err = tx.rows(func(s scanner) error {
		var id rapport.AgentID
		err := s.Scan(&id)
		ids = append(ids, id)
		return err
	}, text, args...)
	return ids, err
}

// Take adds one conversation to the agent's load, provided there is room: the
// check and the change are one statement (invariant 2). Without room the
// function fails with the error full, at the latest at its end. override passes
// over capacity. was is the agent as this transaction read them last, so that a
// sub-status that stays costs nothing, nor reading once more what they are; one
// who holds another number of conversations by now counts as full.
func (tx *Tx) Take(was *rapport.Agent, room int, override bool, full error) error {
	id := was.ID
	if was.Load == 0 || was.Load+1 >= was.Room {
		tx.touch(id, "")
	}
	now := *was
	now.Load, now.LastAssignedAt = now.Load+1, time.UnixMicro(tx.stamp())
	err := tx.demand(full, `update agent set load = $3, last_assigned_at = $4
		where id = $1 and enabled = 1 and deleted_at = 0 and load = $3 - 1 and (load < $2 or $5 = 1)`, id, room, now.Load, now.LastAssignedAt.UnixMicro(), override)
	if err != nil {
		return err
	}
	return tx.knownTurns(&now)
}

// Recount adds to an agent's load what came back to them or left: n is 1 or -1.
func (tx *Tx) Recount(id rapport.AgentID, n int) error {
	tx.touch(id, "")
	_, err := tx.exec(`update agent set load = case when load + $2 < 0 then 0 else load + $2 end,
		idle_since = case when load + $2 <= 0 then $3 else idle_since end where id = $1`, id, n, tx.stamp())
	if err != nil {
		return err
	}
	return tx.refreshTurns(id)
}

// CheckLoads compares each agent's load with what they hold, for doctor.
func (tx *Tx) CheckLoads() (wrong []string, err error) {
	err = tx.rows(func(s scanner) error {
		var name string
		err := s.Scan(&name)
		wrong = append(wrong, name)
		return err
	}, `select a.name from agent a where a.load <>
		(select count(*) from conversation c where c.assignee_id = a.id and c.assignee_id <> '' and c.standing in (1, 2, 3))`)
	return wrong, err
}
