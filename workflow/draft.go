package workflow

import (
	"encoding/json"
	"time"

	"rapport"
	"rapport/store"
)

// mostWorkflows bounds an account.
const mostWorkflows = 500

// KnownIn is what definitions may refer to right now.
func KnownIn(tx *store.Tx) (Known, error) {
	k := Known{Queues: map[string]string{}, Agents: map[string]string{}, Bots: map[string]string{}, Inboxes: map[string]string{}, Workflows: map[string]string{}, Dispositions: map[string]string{}}
	config, err := tx.Configuration()
	if err != nil {
		return k, err
	}
	for id, q := range config.Queues {
		k.Queues[string(id)] = q.Name
	}
	for id, b := range config.Bots {
		k.Bots[string(id)] = b.Name
	}
	for id, i := range config.Inboxes {
		k.Inboxes[string(id)] = i.Name
	}
	agents, err := tx.Agents()
	if err != nil {
		return k, err
	}
	for _, a := range agents {
		k.Agents[string(a.ID)] = a.Name
	}
	list, err := tx.Workflows()
	if err != nil {
		return k, err
	}
	for _, w := range list {
		k.Workflows[string(w.ID)] = w.Name
	}
	dispositions, err := tx.Dispositions()
	for _, d := range dispositions {
		if !d.Enabled { // a conversation cannot end so any more
			continue
		}
		k.Dispositions[folded(TypeDisposition, d.Code)] = d.Label
	}
	return k, err
}

// Create makes a workflow with a draft; nothing of it runs before Publish.
func Create(tx *store.Tx, name string, d Definition) (rapport.Workflow, error) {
	w := rapport.Workflow{ID: rapport.NewID[rapport.WorkflowID](), Name: name, Enabled: true, CreatedAt: tx.Now(), UpdatedAt: tx.Now()}
	if err := w.Validate(); err != nil {
		return w, err
	}
	list, err := tx.Workflows()
	if err != nil {
		return w, err
	}
	if len(list) >= mostWorkflows {
		return w, rapport.Errorf(rapport.Conflict, "too_many", "There are %d workflows already; delete one that is not needed.", len(list))
	}
	if w.Draft, err = d.Encode(); err != nil {
		return w, err
	}
	return w, save(tx, w)
}

// save keeps a workflow and tells of it.
func save(tx *store.Tx, w rapport.Workflow) error {
	if err := tx.SaveWorkflow(w); err != nil {
		return err
	}
	return tx.Append(rapport.Event{Kind: "workflow.changed"}, rapport.Change{Workflow: &w})
}

// SaveDraft replaces the draft, whatever its problems.
func SaveDraft(tx *store.Tx, id rapport.WorkflowID, d Definition) (rapport.Workflow, error) {
	w, err := tx.Workflow(id)
	if err != nil {
		return w, err
	}
	if w.Draft, err = d.Encode(); err != nil {
		return w, err
	}
	w.UpdatedAt = tx.Now()
	return w, save(tx, w)
}

// Change renames a workflow, or switches it on or off. Switched on again it
// looks at what happens from then on.
func Change(tx *store.Tx, id rapport.WorkflowID, name *string, enabled *bool) (was, w rapport.Workflow, err error) {
	if w, err = tx.Workflow(id); err != nil {
		return w, w, err
	}
	was = w
	if name != nil {
		w.Name = *name
	}
	if enabled != nil && *enabled != w.Enabled {
		w.Enabled = *enabled
		if err := live(tx, &w); err != nil {
			return was, w, err
		}
	}
	if err := w.Validate(); err != nil {
		return was, w, err
	}
	w.UpdatedAt = tx.Now()
	return was, w, save(tx, w)
}

// live notes from when on a workflow looks at what happens, and when its
// schedule is due.
func live(tx *store.Tx, w *rapport.Workflow) error {
	w.NextAt = time.Time{}
	if !w.Enabled || w.Published == 0 {
		return nil
	}
	w.LiveSince = tx.Now()
	v, err := tx.Version(w.ID, w.Published)
	if err != nil {
		return err
	}
	var d Definition
	if err := json.Unmarshal(v.Definition, &d); err != nil {
		return err
	}
	if d.Trigger.Kind != "schedule" {
		return nil
	}
	w.NextAt, err = nextAt(&d.Trigger, tx.Now())
	return err
}

// Draft reads the draft.
func Draft(w rapport.Workflow) (d Definition, err error) {
	return d, json.Unmarshal(w.Draft, &d)
}

// Publish makes the draft the live version (S4-10). One with problems is
// refused, and they are told.
func Publish(tx *store.Tx, actor rapport.Actor, id rapport.WorkflowID, note string) (rapport.Workflow, error) {
	w, err := tx.Workflow(id)
	if err != nil {
		return w, err
	}
	d, err := Draft(w)
	if err != nil {
		return w, err
	}
	return w, publish(tx, actor, &w, d, note)
}

// Rollback publishes an earlier version anew; the draft follows.
func Rollback(tx *store.Tx, actor rapport.Actor, id rapport.WorkflowID, version int) (rapport.Workflow, error) {
	w, err := tx.Workflow(id)
	if err != nil {
		return w, err
	}
	v, err := tx.Version(id, version)
	if err != nil {
		return w, err
	}
	if version == w.Published {
		return w, rapport.Errorf(rapport.Conflict, "same_version", "Version %d is live already.", version)
	}
	var d Definition
	if err := json.Unmarshal(v.Definition, &d); err != nil {
		return w, err
	}
	w.Draft = v.Definition
	return w, publish(tx, actor, &w, d, "Back to version "+itoa(version))
}

func publish(tx *store.Tx, actor rapport.Actor, w *rapport.Workflow, d Definition, note string) error {
	if len(note) > 500 {
		return rapport.Invalidf("note", "The note is %d bytes long; at most 500 are allowed.", len(note))
	}
	known, err := KnownIn(tx)
	if err != nil {
		return err
	}
	if problems := Check(d, known); len(problems) > 0 {
		return rapport.Errorf(rapport.Conflict, "not_valid", "The workflow cannot be published: %s", problems[0].Message).With("problems", problems)
	}
	text, err := d.Encode()
	if err != nil {
		return err
	}
	first := w.Published == 0
	w.Versions++
	w.Published, w.UpdatedAt = w.Versions, tx.Now()
	v := rapport.WorkflowVersion{WorkflowID: w.ID, Version: w.Versions, Definition: text, Note: note, ByName: actor.Name, PublishedAt: tx.Now()}
	if err := tx.InsertVersion(v); err != nil {
		return err
	}
	since := w.LiveSince
	if err := live(tx, w); err != nil {
		return err
	}
	if !first && !since.IsZero() { // what is on its way is not lost between two versions
		w.LiveSince = since
	}
	return save(tx, *w)
}

// Delete removes a workflow with its versions; its runs end.
func Delete(tx *store.Tx, actor rapport.Actor, id rapport.WorkflowID) (rapport.Workflow, error) {
	w, err := tx.Workflow(id)
	if err != nil {
		return w, err
	}
	if err := stopAll(tx, id, actor.Name+" deleted the workflow."); err != nil {
		return w, err
	}
	if err := tx.DeleteWorkflow(id); err != nil {
		return w, err
	}
	w.Enabled = false
	return w, tx.Append(rapport.Event{Kind: "workflow.deleted"}, rapport.Change{Workflow: &w})
}
