package store

import (
	"database/sql"
	"encoding/json"
	"math/rand/v2"
	"strings"

	"rapport"
)

func scanQueue(s scanner, more ...any) (q rapport.Queue, err error) {
	var capacity sql.NullInt64
	var sticky sql.NullString
	var rules jsonText[rapport.QueueRules]
	dest := []any{&q.ID, &q.Name, &q.Default, &q.Strategy, &capacity, &sticky, &rules, &q.Version, milli{&q.CreatedAt}}
	if err = s.Scan(append(dest, more...)...); err != nil {
		return q, err
	}
	q.Capacity, q.QueueRules = intPointer(capacity), rules.v
	if sticky.Valid {
		q.Sticky = &rapport.Sticky{}
		err = json.Unmarshal([]byte(sticky.String), q.Sticky)
	}
	return q, err
}

const queueColumns = "q.id, q.name, q.is_default, q.strategy, q.capacity, q.sticky, q.rules, q.version, q.created_at"

// Queues returns all queues, the default one first.
func (tx *Tx) Queues() (queues []rapport.Queue, err error) {
	queues = []rapport.Queue{}
	err = tx.rows(func(s scanner) error {
		q, err := scanQueue(s)
		queues = append(queues, q)
		return err
	}, "select "+queueColumns+" from queue q order by q.is_default desc, q.name")
	return queues, err
}

// Queue returns one queue.
func (tx *Tx) Queue(id rapport.QueueID) (rapport.Queue, error) {
	q, err := scanQueue(tx.queryRow("select "+queueColumns+" from queue q where q.id = $1", id))
	return q, found(err, "queue", string(id))
}

// SaveQueue inserts or updates a queue and what its members derive from it.
func (tx *Tx) SaveQueue(q rapport.Queue) error {
	var sticky any
	if q.Sticky != nil {
		text, err := json.Marshal(q.Sticky)
		if err != nil {
			return err
		}
		sticky = string(text)
	}
	tx.configured()
	_, err := tx.exec(`insert into queue (id, name, is_default, strategy, capacity, sticky, version, created_at, rules) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		on conflict (id) do update set name = excluded.name, strategy = excluded.strategy, capacity = excluded.capacity, sticky = excluded.sticky, version = excluded.version, rules = excluded.rules`,
		q.ID, q.Name, q.Default, q.Strategy, q.Capacity, sticky, q.Version, q.CreatedAt, jsonOf(q.QueueRules))
	if rapport.CodeOf(err) == "duplicate" {
		return &rapport.Error{Kind: rapport.Conflict, Code: "name_taken", Field: "name", Message: "Another queue is already called " + q.Name + ".", Cause: err}
	}
	if err != nil {
		return err
	}
	if _, err := tx.exec("update member set strategy = $2 where queue_id = $1 and strategy <> $2", q.ID, q.Strategy); err != nil {
		return err
	}
	if err := tx.refreshRoom("queue_id = $1", q.ID); err != nil {
		return err
	}
	members, err := tx.Members(q.ID)
	if err != nil {
		return err
	}
	for _, m := range members {
		tx.touch(m.AgentID, "")
		if err := tx.refreshTurns(m.AgentID); err != nil {
			return err
		}
	}
	return nil
}

// DeleteQueue removes an empty queue; its conversations must have left it.
func (tx *Tx) DeleteQueue(id rapport.QueueID) error {
	tx.configured()
	if _, err := tx.exec("delete from member where queue_id = $1", id); err != nil {
		return err
	}
	_, err := tx.exec("delete from queue where id = $1 and is_default = 0", id)
	return err
}

// Members returns the members of a queue.
func (tx *Tx) Members(id rapport.QueueID) (members []rapport.Member, err error) {
	return tx.members("select queue_id, agent_id, can_reply from member where queue_id = $1 order by agent_id", string(id))
}

// MemberOf returns the queues of an agent.
func (tx *Tx) MemberOf(id rapport.AgentID) ([]rapport.Member, error) {
	return tx.members("select queue_id, agent_id, can_reply from member where agent_id = $1 order by queue_id", string(id))
}

// AllMembers returns every membership.
func (tx *Tx) AllMembers() ([]rapport.Member, error) {
	return tx.members("select queue_id, agent_id, can_reply from member order by queue_id, agent_id")
}

func (tx *Tx) members(text string, args ...any) (members []rapport.Member, err error) {
	err = tx.rows(func(s scanner) error {
		var m rapport.Member
		err := s.Scan(&m.QueueID, &m.AgentID, &m.CanReply)
		members = append(members, m)
		return err
	}, text, args...)
	return members, err
}

// PutMember adds an agent to a queue or changes what they may do there.
func (tx *Tx) PutMember(m rapport.Member) error {
	tx.touch(m.AgentID, "")
	_, err := tx.exec(`insert into member (queue_id, agent_id, can_reply, strategy, room) values ($1, $2, $3, (select strategy from queue where id = $1), 0)
		on conflict (queue_id, agent_id) do update set can_reply = excluded.can_reply`, m.QueueID, m.AgentID, m.CanReply)
	if err != nil {
		return err
	}
	if err := tx.refreshRoom("agent_id = $1", m.AgentID); err != nil {
		return err
	}
	return tx.refreshTurns(m.AgentID)
}

// DeleteMember takes an agent out of a queue.
func (tx *Tx) DeleteMember(queue rapport.QueueID, agent rapport.AgentID) error {
	tx.touch(agent, "")
	if _, err := tx.exec("delete from member where queue_id = $1 and agent_id = $2", queue, agent); err != nil {
		return err
	}
	_, err := tx.exec(mostRoom+"where id = $1", agent)
	return err
}

// refreshRoom writes the effective capacity: the agent's own value, else the
// queue's, else the account's.
func (tx *Tx) refreshRoom(where string, id any) error {
	settings, err := tx.settings()
	if err != nil {
		return err
	}
	_, err = tx.exec(`update member set room = coalesce((select capacity from agent where id = member.agent_id),
		(select capacity from queue where id = member.queue_id), $2) where `+where, id, settings.Capacity)
	if err != nil {
		return err
	}
	_, err = tx.exec(mostRoom+"where id in (select agent_id from member where "+where+")", id)
	return err
}

// mostRoom writes an agent's capacity in the queue that allows most.
const mostRoom = "update agent set room = coalesce((select max(m.room) from member m where m.agent_id = agent.id and m.can_reply = 1), 0) "

// RefreshAllRooms follows a change of the account's capacity.
func (tx *Tx) RefreshAllRooms() error {
	if err := tx.refreshRoom("$1 = ''", ""); err != nil {
		return err
	}
	agents, err := tx.Agents()
	if err != nil {
		return err
	}
	for _, a := range agents {
		tx.touch(a.ID, "")
		if err := tx.refreshTurns(a.ID); err != nil {
			return err
		}
	}
	return nil
}

// refreshTurns writes whether an agent is ready in each of their queues, and
// their place in line there; lower goes first (ADR 0004):
//
//	round robin   when they were last assigned
//	least load    their load, then when they were last assigned
//	longest idle  the free ones first, by how long they have been; then the others by their last assignment
//	random        a number drawn anew at each change
func (tx *Tx) refreshTurns(id rapport.AgentID) error {
	return tx.put(turnsAsTheyRest, id, rand.Int64N(RandomTurns))
}

// knownTurns is refreshTurns of an agent whose row need not be read for it.
func (tx *Tx) knownTurns(a *rapport.Agent) error {
	works := a.Enabled && a.Status == rapport.StatusAvailable && a.Connected
	return tx.put(turnsAsKnown, a.ID, rand.Int64N(RandomTurns), works, a.Load, a.LastAssignedAt.UnixMicro())
}

var (
	turnsAsTheyRest = "update member set (ready, turn) = (select " +
		turnText("a.enabled = 1 and a.deleted_at = 0 and a.status = 'available' and a.connected = 1", "a.load", "a.last_assigned_at", "a.idle_since") +
		" from agent a where a.id = member.agent_id) where agent_id = $1"
	// Who was just given something is not idle.
	turnsAsKnown = "update member set (ready, turn) = (" + turnText("$3 = 1", "$4", "$5", "0") + ") where agent_id = $1"
)

// turnText is what ready and turn of a member become.
func turnText(works, load, last, idle string) string {
	return strings.NewReplacer("{works}", works, "{load}", load, "{last}", last, "{idle}", idle).Replace(
		`case when member.can_reply = 1 and {works} and {load} < member.room then 1 else 0 end,
		case member.strategy
			when 'least_load' then {load} * 4503599627370496 + {last}
			when 'longest_idle' then case when {load} = 0 then {idle} else 4503599627370496 + {last} end
			when 'random' then $2
			else {last} end`)
}

// RandomTurns bounds the numbers drawn for the random strategy.
const RandomTurns = 1 << 52

// Facts are what routing needs to know of an agent as a member of a queue. Of
// the agent they hold name and role, what decides whether they may get
// something, and their place in line; no more.
type Facts struct {
	Agent    rapport.Agent
	Deleted  bool
	Member   bool
	CanReply bool
	Room     int
	Ready    bool
	Turn     int64
}

const factsColumns = `a.id, a.name, a.role, a.enabled, a.status, a.connected, a.load, a.room, a.last_assigned_at, a.idle_since, a.deleted_at <> 0,
	coalesce(m.can_reply, 0), coalesce(m.room, 0), coalesce(m.ready, 0), coalesce(m.turn, 0), m.agent_id is not null`

func scanFacts(s scanner, more ...any) (f Facts, err error) {
	a := &f.Agent
	dest := []any{&a.ID, &a.Name, &a.Role, &a.Enabled, &a.Status, &a.Connected, &a.Load, &a.Room, micro{&a.LastAssignedAt}, micro{&a.IdleSince}, &f.Deleted,
		&f.CanReply, &f.Room, &f.Ready, &f.Turn, &f.Member}
	return f, s.Scan(append(dest, more...)...)
}

// NextInLine returns the first ready members of a queue in their turn. For the
// random strategy the line is a ring that starts at pivot.
func (tx *Tx) NextInLine(queue rapport.QueueID, pivot int64, limit int) (line []Facts, err error) {
	add := func(s scanner) error {
		f, err := scanFacts(s)
		line = append(line, f)
		return err
	}
	const text = "select " + factsColumns + " from member m join agent a on a.id = m.agent_id where m.queue_id = $1 and m.ready = 1 and m.turn >= $2 and m.turn < $3 order by m.turn, m.agent_id limit $4"
	if err = tx.rows(add, text, queue, pivot, int64(1)<<62, limit); err == nil && pivot > 0 && len(line) < limit {
		err = tx.rows(add, text, queue, int64(0), pivot, limit-len(line))
	}
	return line, err
}

// QueueFacts returns members of a queue whatever their state, for telling why
// none of them was chosen.
func (tx *Tx) QueueFacts(queue rapport.QueueID, limit int) (all []Facts, err error) {
	err = tx.rows(func(s scanner) error {
		f, err := scanFacts(s)
		all = append(all, f)
		return err
	}, "select "+factsColumns+" from member m join agent a on a.id = m.agent_id where m.queue_id = $1 order by m.agent_id limit $2", queue, limit)
	return all, err
}

// AgentFacts returns one agent, also a deleted one, as seen from a queue; from
// an empty queue, as a member of none.
func (tx *Tx) AgentFacts(agent rapport.AgentID, queue rapport.QueueID) (Facts, error) {
	f, err := scanFacts(tx.queryRow("select "+factsColumns+" from agent a left join member m on m.agent_id = a.id and m.queue_id = $2 where a.id = $1", agent, queue))
	return f, found(err, "agent", string(agent))
}

// QueueCounts returns how many members are ready and how many conversations wait.
func (tx *Tx) QueueCounts(id rapport.QueueID) (ready, waiting int, err error) {
	err = tx.queryRow("select (select count(*) from member where queue_id = $1 and ready = 1), (select count(*) from conversation where wait_queue = $1 and wait_queue <> '')", id).Scan(&ready, &waiting)
	return ready, waiting, classify(err)
}

// ReadyIn returns the queues in which an agent is ready for more.
func (tx *Tx) ReadyIn(id rapport.AgentID) (queues []rapport.QueueID, err error) {
	err = tx.rows(func(s scanner) error {
		var q rapport.QueueID
		err := s.Scan(&q)
		queues = append(queues, q)
		return err
	}, "select queue_id from member where agent_id = $1 and ready = 1 order by queue_id", id)
	return queues, err
}
