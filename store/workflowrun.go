package store

import (
	"database/sql"
	"errors"
	"time"

	"rapport"
)

const runColumns = "r.id, r.workflow_id, coalesce(w.name, ''), r.version, r.conversation_id, r.status, r.step, r.awaits, r.state, r.steps, r.due_at, r.error, r.started_at, r.ended_at"

const runJoins = " from workflow_run r left join workflow w on w.id = r.workflow_id "

func scanRun(s scanner) (r rapport.Run, err error) {
	var state string
	err = s.Scan(&r.ID, &r.WorkflowID, &r.WorkflowName, &r.Version, &r.ConversationID, &r.Status, &r.Step, &r.Awaits, &state, &r.Steps, milli{&r.DueAt}, &r.Error, milli{&r.StartedAt}, milli{&r.EndedAt})
	r.State = []byte(state)
	return r, err
}

func (tx *Tx) runs(where string, args ...any) (list []rapport.Run, err error) {
	list = []rapport.Run{}
	err = tx.rows(func(s scanner) error {
		r, err := scanRun(s)
		list = append(list, r)
		return err
	}, "select "+runColumns+runJoins+where, args...)
	return list, err
}

// InsertRun adds a run of a workflow.
func (tx *Tx) InsertRun(r rapport.Run) error {
	return tx.put(`insert into workflow_run (id, workflow_id, version, conversation_id, status, step, awaits, state, steps, due_at, error, started_at, ended_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		r.ID, r.WorkflowID, r.Version, r.ConversationID, r.Status, r.Step, r.Awaits, string(r.State), r.Steps, r.DueAt, r.Error, r.StartedAt, r.EndedAt)
}

// UpdateRun saves where a run stands.
func (tx *Tx) UpdateRun(r rapport.Run) error {
	return tx.put("update workflow_run set status = $2, step = $3, awaits = $4, state = $5, steps = $6, due_at = $7, error = $8, ended_at = $9 where id = $1",
		r.ID, r.Status, r.Step, r.Awaits, string(r.State), r.Steps, r.DueAt, r.Error, r.EndedAt)
}

// Run returns one run of a workflow.
func (tx *Tx) Run(id rapport.RunID) (rapport.Run, error) {
	r, err := scanRun(tx.queryRow("select "+runColumns+runJoins+"where r.id = $1", id))
	return r, found(err, "run", string(id))
}

// RunsDue returns the runs whose next step is due, the longest due first.
func (tx *Tx) RunsDue(limit int) (ids []rapport.RunID, err error) {
	err = tx.rows(func(s scanner) error {
		var id rapport.RunID
		err := s.Scan(&id)
		ids = append(ids, id)
		return err
	}, "select id from workflow_run where due_at > 0 and due_at <= $1 order by due_at, id limit $2", tx.now, limit)
	return ids, err
}

// NextRun returns when the next run is due; zero when none is.
func (tx *Tx) NextRun() (at time.Time, err error) {
	err = tx.queryRow("select due_at from workflow_run where due_at > 0 order by due_at limit 1").Scan(milli{&at})
	if errors.Is(err, sql.ErrNoRows) {
		return at, nil
	}
	return at, classify(err)
}

// RunsAwaiting returns the runs about a conversation that wait for an event.
func (tx *Tx) RunsAwaiting(id rapport.ConversationID) ([]rapport.Run, error) {
	return tx.runs("where r.conversation_id = $1 and r.awaits <> '' order by r.id limit 100", id)
}

// AnyAwaits tells whether any run waits for an event.
func (tx *Tx) AnyAwaits() (any bool, err error) {
	err = tx.queryRow("select case when exists (select 1 from workflow_run where awaits <> '') then 1 else 0 end").Scan(&any)
	return any, classify(err)
}

// RunsOf returns runs of a workflow, the latest first, before an id ("": the
// latest), of one status or of all.
func (tx *Tx) RunsOf(id rapport.WorkflowID, status rapport.RunStatus, before rapport.RunID, limit int) ([]rapport.Run, error) {
	return tx.runs("where r.workflow_id = $1 and ($2 = '' or r.status = $2) and ($3 = '' or r.id < $3) order by r.id desc limit $4", id, status, before, limit)
}

// RunsOfConversation returns the runs about a conversation, the latest first.
func (tx *Tx) RunsOfConversation(id rapport.ConversationID, limit int) ([]rapport.Run, error) {
	return tx.runs("where r.conversation_id = $1 and r.conversation_id <> '' order by r.started_at desc, r.id desc limit $2", id, limit)
}

// ActiveRun tells whether a workflow has a run about a conversation under way.
func (tx *Tx) ActiveRun(id rapport.WorkflowID, about rapport.ConversationID) (there bool, err error) {
	err = tx.queryRow("select case when exists (select 1 from workflow_run where conversation_id = $2 and workflow_id = $1 and status in ('running', 'waiting')) then 1 else 0 end", id, about).Scan(&there)
	return there, classify(err)
}

// RunsSince counts the runs that a workflow started since a moment.
func (tx *Tx) RunsSince(id rapport.WorkflowID, since time.Time) (n int, err error) {
	err = tx.queryRow("select count(*) from workflow_run where workflow_id = $1 and started_at > $2", id, since).Scan(&n)
	return n, classify(err)
}

// StepCounts returns how many runs of a workflow stand at each step.
func (tx *Tx) StepCounts(id rapport.WorkflowID) (counts map[string]int, err error) {
	counts = map[string]int{}
	err = tx.rows(func(s scanner) error {
		var step string
		var n int
		err := s.Scan(&step, &n)
		counts[step] = n
		return err
	}, "select step, count(*) from workflow_run where workflow_id = $1 and status in ('running', 'waiting') group by step", id)
	return counts, err
}

// ActiveRuns returns how many runs each workflow has under way.
func (tx *Tx) ActiveRuns() (counts map[rapport.WorkflowID]int, err error) {
	counts = map[rapport.WorkflowID]int{}
	err = tx.rows(func(s scanner) error {
		var id rapport.WorkflowID
		var n int
		err := s.Scan(&id, &n)
		counts[id] = n
		return err
	}, "select workflow_id, count(*) from workflow_run where status in ('running', 'waiting') group by workflow_id")
	return counts, err
}

// InsertRunLines adds to what a run did.
func (tx *Tx) InsertRunLines(id rapport.RunID, lines []rapport.RunLine) error {
	for _, l := range lines {
		if err := tx.put("insert into workflow_log (run_id, n, at, step, outcome, detail) values ($1, $2, $3, $4, $5, $6)", id, l.N, l.At, l.Step, l.Outcome, l.Detail); err != nil {
			return err
		}
	}
	return nil
}

// RunLines returns what a run did.
func (tx *Tx) RunLines(id rapport.RunID, limit int) (lines []rapport.RunLine, err error) {
	lines = []rapport.RunLine{}
	err = tx.rows(func(s scanner) error {
		var l rapport.RunLine
		err := s.Scan(&l.N, milli{&l.At}, &l.Step, &l.Outcome, &l.Detail)
		lines = append(lines, l)
		return err
	}, "select n, at, step, outcome, detail from workflow_log where run_id = $1 order by n limit $2", id, limit)
	return lines, err
}

// TrimRuns forgets runs that ended before a moment, a bounded number at a time.
func (tx *Tx) TrimRuns(before time.Time, limit int) (int64, error) {
	const old = "(select id from workflow_run where ended_at > 0 and ended_at < $1 order by started_at limit $2)"
	if _, err := tx.exec("delete from workflow_log where run_id in "+old, before, limit); err != nil {
		return 0, err
	}
	return tx.exec("delete from workflow_run where id in "+old, before, limit)
}

// LastMessage returns when a customer ("customer") or one agent ("agent" and
// their id) last wrote in a conversation, not before a moment; zero for never.
func (tx *Tx) LastMessage(id rapport.ConversationID, by rapport.PartyKind, author string, since time.Time) (at time.Time, err error) {
	err = tx.queryRow(`select at from item where conversation_id = $1 and kind = 'message' and author_kind = $2 and ($3 = '' or author_id = $3) and at >= $4
		order by seq desc limit 1`, id, by, author, since).Scan(milli{&at})
	if errors.Is(err, sql.ErrNoRows) {
		return at, nil
	}
	return at, classify(err)
}
