package store

import (
	"time"

	"rapport"
)

const workflowColumns = "id, name, draft, published, versions, enabled, live_since, next_at, created_at, updated_at"

func scanWorkflow(s scanner) (w rapport.Workflow, err error) {
	var draft string
	err = s.Scan(&w.ID, &w.Name, &draft, &w.Published, &w.Versions, &w.Enabled, milli{&w.LiveSince}, milli{&w.NextAt}, milli{&w.CreatedAt}, milli{&w.UpdatedAt})
	w.Draft = []byte(draft)
	return w, err
}

// Workflows returns all workflows by name.
func (tx *Tx) Workflows() (list []rapport.Workflow, err error) {
	list = []rapport.Workflow{}
	err = tx.rows(func(s scanner) error {
		w, err := scanWorkflow(s)
		list = append(list, w)
		return err
	}, "select "+workflowColumns+" from workflow order by name, id")
	return list, err
}

// LiveWorkflows returns those that start runs, without their drafts.
func (tx *Tx) LiveWorkflows() (list []rapport.Workflow, err error) {
	err = tx.rows(func(s scanner) error {
		w, err := scanWorkflow(s)
		list = append(list, w)
		return err
	}, "select id, name, '', published, versions, enabled, live_since, next_at, created_at, updated_at from workflow where enabled = 1 and published > 0 order by name, id")
	return list, err
}

// Workflow returns one workflow.
func (tx *Tx) Workflow(id rapport.WorkflowID) (rapport.Workflow, error) {
	w, err := scanWorkflow(tx.queryRow("select "+workflowColumns+" from workflow where id = $1", id))
	return w, found(err, "workflow", string(id))
}

// SaveWorkflow inserts or updates a workflow.
func (tx *Tx) SaveWorkflow(w rapport.Workflow) error {
	tx.configured()
	_, err := tx.exec("insert into workflow ("+workflowColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		on conflict (id) do update set name = excluded.name, draft = excluded.draft, published = excluded.published, versions = excluded.versions,
			enabled = excluded.enabled, live_since = excluded.live_since, next_at = excluded.next_at, updated_at = excluded.updated_at`,
		w.ID, w.Name, string(w.Draft), w.Published, w.Versions, w.Enabled, w.LiveSince, w.NextAt, w.CreatedAt, w.UpdatedAt)
	if rapport.CodeOf(err) == "duplicate" {
		return &rapport.Error{Kind: rapport.Conflict, Code: "name_taken", Field: "name", Message: "Another workflow is already called " + w.Name + ".", Cause: err}
	}
	return err
}

// DeleteWorkflow removes a workflow with its versions and runs.
func (tx *Tx) DeleteWorkflow(id rapport.WorkflowID) error {
	tx.configured()
	for _, text := range []string{
		"delete from workflow_log where run_id in (select id from workflow_run where workflow_id = $1)",
		"delete from workflow_run where workflow_id = $1",
		"delete from workflow_version where workflow_id = $1",
		"delete from workflow where id = $1",
	} {
		if _, err := tx.exec(text, id); err != nil {
			return err
		}
	}
	return nil
}

// ScheduleWorkflow sets when the schedule of a workflow is due next.
func (tx *Tx) ScheduleWorkflow(id rapport.WorkflowID, at time.Time) error {
	return tx.put("update workflow set next_at = $2 where id = $1", id, at)
}

// WorkflowsDue returns the workflows whose schedule is due.
func (tx *Tx) WorkflowsDue() (ids []rapport.WorkflowID, err error) {
	err = tx.rows(func(s scanner) error {
		var id rapport.WorkflowID
		err := s.Scan(&id)
		ids = append(ids, id)
		return err
	}, "select id from workflow where next_at > 0 and next_at <= $1 order by next_at limit 50", tx.now)
	return ids, err
}

const versionColumns = "workflow_id, version, definition, note, by_name, published_at"

func scanVersion(s scanner) (v rapport.WorkflowVersion, err error) {
	var definition string
	err = s.Scan(&v.WorkflowID, &v.Version, &definition, &v.Note, &v.ByName, milli{&v.PublishedAt})
	v.Definition = []byte(definition)
	return v, err
}

// InsertVersion keeps a published definition.
func (tx *Tx) InsertVersion(v rapport.WorkflowVersion) error {
	_, err := tx.exec("insert into workflow_version ("+versionColumns+") values ($1, $2, $3, $4, $5, $6)", v.WorkflowID, v.Version, string(v.Definition), v.Note, v.ByName, v.PublishedAt)
	return err
}

// Version returns one published definition.
func (tx *Tx) Version(id rapport.WorkflowID, version int) (rapport.WorkflowVersion, error) {
	v, err := scanVersion(tx.queryRow("select "+versionColumns+" from workflow_version where workflow_id = $1 and version = $2", id, version))
	return v, found(err, "version", itoa(version))
}

// VersionsOf returns what was published of a workflow, the latest first.
func (tx *Tx) VersionsOf(id rapport.WorkflowID, limit int) (list []rapport.WorkflowVersion, err error) {
	list = []rapport.WorkflowVersion{}
	err = tx.rows(func(s scanner) error {
		v, err := scanVersion(s)
		list = append(list, v)
		return err
	}, "select "+versionColumns+" from workflow_version where workflow_id = $1 order by version desc limit $2", id, limit)
	return list, err
}
