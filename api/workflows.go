package api

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rapport"
	"rapport/conversation"
	"rapport/lib/secretbox"
	"rapport/store"
	"rapport/webhook"
	"rapport/workflow"
)

// mostDefinition lets a definition be as long as workflow.MostBytes, and what
// stands around it.
const mostDefinition = workflow.MostBytes + 64<<10

func definitionBody(op *huma.Operation) { op.MaxBodyBytes = mostDefinition }

func (s *server) workflowRoutes() []route {
	const get, post, put, patch, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete
	return []route{
		at(admin, get, "/workflows", "workflows-list", "List workflows", s.listWorkflows),
		at(admin, post, "/workflows", "workflows-create", "Add a workflow, as a draft", s.createWorkflow, created, definitionBody),
		at(admin, get, "/workflows/{id}", "workflows-read", "Read a workflow with its draft and its live version", s.readWorkflow),
		at(admin, patch, "/workflows/{id}", "workflows-change", "Rename a workflow, or switch it on or off", s.changeWorkflow),
		at(admin, del, "/workflows/{id}", "workflows-delete", "Remove a workflow; its runs end", s.deleteWorkflow),
		at(admin, put, "/workflows/{id}/draft", "workflows-draft", "Save the draft, whatever its problems", s.saveDraft, definitionBody),
		at(admin, post, "/workflows/{id}/publish", "workflows-publish", "Make the draft the live version", s.publishWorkflow),
		at(admin, post, "/workflows/{id}/rollback", "workflows-rollback", "Publish an earlier version anew", s.rollbackWorkflow),
		at(admin, get, "/workflows/{id}/versions", "workflows-versions", "List what was published, the latest first", s.listVersions),
		at(admin, get, "/workflows/{id}/versions/{version}", "workflows-version", "Read a published version", s.readVersion),
		at(admin, post, "/workflows/{id}/test", "workflows-test", "Try a definition; nothing is changed", s.tryWorkflow, definitionBody),
		at(admin, get, "/workflows/{id}/counts", "workflows-counts", "How many runs stand at each step", s.countRuns),
		at(admin, get, "/workflows/{id}/runs", "workflows-runs", "List runs of a workflow, the latest first", s.listRuns),
		at(admin, get, "/runs/{id}", "workflows-run", "Read a run and its log", s.readRun),
		at(admin, post, "/runs/{id}/stop", "workflows-stop", "Stop a run where it stands", s.stopRun),
		at(agent, get, "/conversations/{id}/runs", "workflows-of", "What workflows did about a conversation, the latest first", s.listRunsOf),
		at(admin, get, "/workflow-vocabulary", "workflows-vocabulary", "Triggers, steps, facts and operators", s.readVocabulary),
		at(admin, post, "/workflow-secret", "workflows-secret", "Make a new secret that webhooks of workflows are signed with, shown this once", s.rotateWorkflowSecret),
		at(admin, get, "/workflow-templates", "workflows-templates", "What to start from", s.listTemplates),
	}
}

// WorkflowView is a workflow as lists show it. The name is exported because huma
// describes no members of an embedded type that is not.
type WorkflowView struct {
	rapport.Workflow
	ActiveRuns   int              `json:"active_runs"`
	DraftDiffers bool             `json:"draft_differs" doc:"The draft is not what is live."`
	Trigger      workflow.Trigger `json:"trigger" doc:"Of the live version; of the draft while none is."`
}

type workflowDetail struct {
	WorkflowView
	Draft    workflow.Definition  `json:"draft"`
	Live     *workflow.Definition `json:"live" doc:"The definition that is live; null while none is."`
	Problems []workflow.Problem   `json:"problems" doc:"What keeps the draft from being published."`
}

type workflowList struct {
	Items []WorkflowView `json:"items"`
}

// view is a workflow as lists show it.
func view(tx *store.Tx, w rapport.Workflow, active int) (WorkflowView, error) {
	v := WorkflowView{Workflow: w, ActiveRuns: active, DraftDiffers: true}
	definition := w.Draft
	if w.Published > 0 {
		live, err := tx.Version(w.ID, w.Published)
		if err != nil {
			return v, err
		}
		definition = live.Definition
		v.DraftDiffers = !bytes.Equal(compact(definition), compact(w.Draft))
	}
	var d workflow.Definition
	if err := json.Unmarshal(definition, &d); err != nil {
		return v, err
	}
	v.Trigger = d.Trigger
	return v, nil
}

// compact is JSON in one form: members of maps are sorted.
func compact(text json.RawMessage) []byte {
	var d workflow.Definition
	if json.Unmarshal(text, &d) != nil {
		return text
	}
	again, err := d.Encode()
	if err != nil {
		return text
	}
	return again
}

func (s *server) listWorkflows(ctx context.Context, _ *noInput) (*reply[workflowList], error) {
	got := workflowList{Items: []WorkflowView{}}
	err := s.DB.View(ctx, func(tx *store.Tx) error {
		active, err := tx.ActiveRuns()
		if err != nil {
			return err
		}
		list, err := tx.Workflows()
		if err != nil {
			return err
		}
		for _, w := range list {
			v, err := view(tx, w, active[w.ID])
			if err != nil {
				return err
			}
			got.Items = append(got.Items, v)
		}
		return nil
	})
	return ok(got, err)
}

// detail reads a workflow as the builder shows it.
func detail(tx *store.Tx, id rapport.WorkflowID) (v workflowDetail, err error) {
	w, err := tx.Workflow(id)
	if err != nil {
		return v, err
	}
	counts, err := tx.StepCounts(id)
	if err != nil {
		return v, err
	}
	active := 0
	for _, n := range counts {
		active += n
	}
	if v.WorkflowView, err = view(tx, w, active); err != nil {
		return v, err
	}
	if v.Draft, err = workflow.Draft(v.Workflow); err != nil {
		return v, err
	}
	if v.Published > 0 {
		live, err := tx.Version(id, v.Published)
		if err != nil {
			return v, err
		}
		v.Live = &workflow.Definition{}
		if err := json.Unmarshal(live.Definition, v.Live); err != nil {
			return v, err
		}
	}
	known, err := workflow.KnownIn(tx)
	v.Problems = workflow.Check(v.Draft, known)
	return v, err
}

type workflowInput struct {
	ID rapport.WorkflowID `path:"id"`
}

func (s *server) readWorkflow(ctx context.Context, in *workflowInput) (*reply[workflowDetail], error) {
	var v workflowDetail
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		v, err = detail(tx, in.ID)
		return err
	})
	return ok(v, err)
}

// changing runs a verb on a workflow, writes the audit, and answers with what
// the workflow is then.
func (s *server) changing(ctx context.Context, verb func(*store.Tx, rapport.Actor) (id rapport.WorkflowID, action, detail string, err error)) (*reply[workflowDetail], error) {
	var v workflowDetail
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		actor := actorOf(ctx)
		id, action, told, err := verb(tx, actor)
		if err != nil {
			return err
		}
		if v, err = detail(tx, id); err != nil || action == "" {
			return err
		}
		return tx.Audit(actor, action, v.Name, told)
	})
	return ok(v, err)
}

type workflowNew struct {
	Body struct {
		Name       string               `json:"name"`
		Template   string               `json:"template,omitempty" doc:"Id of a template to start from."`
		Definition *workflow.Definition `json:"definition,omitempty" doc:"Where no template is named; empty: nothing yet."`
	}
}

func (s *server) createWorkflow(ctx context.Context, in *workflowNew) (*reply[workflowDetail], error) {
	return s.changing(ctx, func(tx *store.Tx, _ rapport.Actor) (rapport.WorkflowID, string, string, error) {
		d, from := workflow.Definition{Trigger: workflow.Trigger{Kind: "conversation_opened"}}, "from nothing"
		switch {
		case in.Body.Template != "" && in.Body.Definition != nil:
			return "", "", "", rapport.Invalidf("template", "Name a template or give a definition, not both.")
		case in.Body.Template != "":
			t, err := workflow.TemplateNamed(in.Body.Template)
			if err != nil {
				return "", "", "", err
			}
			d, from = t.Definition, "from the template "+t.Name
		case in.Body.Definition != nil:
			d, from = *in.Body.Definition, "from a definition"
		}
		w, err := workflow.Create(tx, in.Body.Name, d)
		return w.ID, "workflow.created", from, err
	})
}

type workflowChange struct {
	ID   rapport.WorkflowID `path:"id"`
	Body struct {
		Name    *string `json:"name,omitempty"`
		Enabled *bool   `json:"enabled,omitempty"`
	}
}

func (s *server) changeWorkflow(ctx context.Context, in *workflowChange) (*reply[workflowDetail], error) {
	return s.changing(ctx, func(tx *store.Tx, _ rapport.Actor) (rapport.WorkflowID, string, string, error) {
		was, w, err := workflow.Change(tx, in.ID, in.Body.Name, in.Body.Enabled)
		return w.ID, "workflow.changed", differences(was, w), err
	})
}

func (s *server) deleteWorkflow(ctx context.Context, in *workflowInput) (*nothing, error) {
	return &nothing{}, s.DB.Update(ctx, func(tx *store.Tx) error {
		w, err := workflow.Delete(tx, actorOf(ctx), in.ID)
		if err != nil {
			return err
		}
		return tx.Audit(actorOf(ctx), "workflow.deleted", w.Name, "")
	})
}

type draftInput struct {
	ID   rapport.WorkflowID `path:"id"`
	Body struct {
		Definition workflow.Definition `json:"definition"`
	}
}

// saveDraft writes no audit: drafts change with every move of the mouse, and
// do nothing.
func (s *server) saveDraft(ctx context.Context, in *draftInput) (*reply[workflowDetail], error) {
	return s.changing(ctx, func(tx *store.Tx, _ rapport.Actor) (rapport.WorkflowID, string, string, error) {
		w, err := workflow.SaveDraft(tx, in.ID, in.Body.Definition)
		return w.ID, "", "", err
	})
}

type publishInput struct {
	ID   rapport.WorkflowID `path:"id"`
	Body struct {
		Note string `json:"note,omitempty" doc:"What has changed."`
	}
}

func (s *server) publishWorkflow(ctx context.Context, in *publishInput) (*reply[workflowDetail], error) {
	return s.changing(ctx, func(tx *store.Tx, actor rapport.Actor) (rapport.WorkflowID, string, string, error) {
		w, err := workflow.Publish(tx, actor, in.ID, in.Body.Note)
		return w.ID, "workflow.published", published(w.Published, in.Body.Note), err
	})
}

func published(version int, note string) string {
	text := "version " + strconv.Itoa(version)
	if note != "" {
		text += ": " + note
	}
	return text
}

type rollbackInput struct {
	ID   rapport.WorkflowID `path:"id"`
	Body struct {
		Version int `json:"version" minimum:"1"`
	}
}

func (s *server) rollbackWorkflow(ctx context.Context, in *rollbackInput) (*reply[workflowDetail], error) {
	return s.changing(ctx, func(tx *store.Tx, actor rapport.Actor) (rapport.WorkflowID, string, string, error) {
		w, err := workflow.Rollback(tx, actor, in.ID, in.Body.Version)
		return w.ID, "workflow.published", published(w.Published, "back to version "+strconv.Itoa(in.Body.Version)), err
	})
}

const mostVersions = 200

type versionList struct {
	Items []rapport.WorkflowVersion `json:"items"`
}

func (s *server) listVersions(ctx context.Context, in *workflowInput) (*reply[versionList], error) {
	var got versionList
	err := s.DB.View(ctx, func(tx *store.Tx) error {
		_, err := tx.Workflow(in.ID)
		if err == nil {
			got.Items, err = tx.VersionsOf(in.ID, mostVersions)
		}
		return err
	})
	return ok(got, err)
}

type versionInput struct {
	ID      rapport.WorkflowID `path:"id"`
	Version int                `path:"version"`
}

type versionView struct {
	rapport.WorkflowVersion
	Definition workflow.Definition  `json:"definition"`
	Before     *workflow.Definition `json:"before" doc:"The version that was published before it, to compare with; null for the first."`
}

func (s *server) readVersion(ctx context.Context, in *versionInput) (*reply[versionView], error) {
	var v versionView
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		if v.WorkflowVersion, err = tx.Version(in.ID, in.Version); err != nil {
			return err
		}
		if err := json.Unmarshal(v.WorkflowVersion.Definition, &v.Definition); err != nil || in.Version == 1 {
			return err
		}
		before, err := tx.Version(in.ID, in.Version-1)
		if err != nil {
			return err
		}
		v.Before = &workflow.Definition{}
		return json.Unmarshal(before.Definition, v.Before)
	})
	return ok(v, err)
}

const mostEvents = 200

type trialInput struct {
	ID   rapport.WorkflowID `path:"id"`
	Body struct {
		Definition     *workflow.Definition   `json:"definition,omitempty" doc:"Empty: the draft."`
		ConversationID rapport.ConversationID `json:"conversation_id,omitempty" doc:"A past conversation: what would have been done about it."`
		Example        map[string]any         `json:"example,omitempty" doc:"Facts of a made-up conversation that differ from the usual ones; null takes one away."`
		Events         []workflow.SceneEvent  `json:"events,omitempty" doc:"What happens meanwhile; with a conversation, instead of what did."`
		At             time.Time              `json:"at,omitzero" doc:"When it begins; empty: now."`
	}
}

func (s *server) tryWorkflow(ctx context.Context, in *trialInput) (*reply[workflow.Trial], error) {
	var got workflow.Trial
	b := &in.Body
	if len(b.Events) > mostEvents {
		return nil, rapport.Invalidf("events", "There are %d events; at most %d are allowed.", len(b.Events), mostEvents)
	}
	if b.ConversationID != "" && len(b.Example) > 0 {
		return nil, rapport.Invalidf("example", "Try it with a conversation or with an example, not both.")
	}
	err := s.DB.View(ctx, func(tx *store.Tx) error {
		w, err := tx.Workflow(in.ID)
		if err != nil {
			return err
		}
		d, err := workflow.Draft(w)
		if err != nil {
			return err
		}
		if b.Definition != nil {
			d = *b.Definition
		}
		if _, err := d.Encode(); err != nil { // bounded like every other
			return err
		}
		known, err := workflow.KnownIn(tx)
		if err != nil {
			return err
		}
		begin := tx.Now()
		facts, err := workflow.Example(b.Example)
		if err != nil {
			return err
		}
		if b.ConversationID != "" {
			var past []workflow.SceneEvent
			if facts, past, begin, err = workflow.Past(tx, b.ConversationID); err != nil {
				return err
			}
			if b.Events == nil {
				b.Events = past
			}
		}
		if !b.At.IsZero() {
			begin = b.At
		}
		got = workflow.Try(d, known, facts, b.Events, begin)
		return nil
	})
	return ok(got, err)
}

type stepCount struct {
	Step   string `json:"step"`
	Active int    `json:"active"`
}

type countList struct {
	Items []stepCount `json:"items"`
}

func (s *server) countRuns(ctx context.Context, in *workflowInput) (*reply[countList], error) {
	got := countList{Items: []stepCount{}}
	err := s.DB.View(ctx, func(tx *store.Tx) error {
		if _, err := tx.Workflow(in.ID); err != nil {
			return err
		}
		counts, err := tx.StepCounts(in.ID)
		for _, step := range slices.Sorted(maps.Keys(counts)) {
			got.Items = append(got.Items, stepCount{step, counts[step]})
		}
		return err
	})
	return ok(got, err)
}

type runsInput struct {
	ID     rapport.WorkflowID `path:"id"`
	Status rapport.RunStatus  `query:"status" enum:"running,waiting,done,failed,stopped"`
	Cursor string             `query:"cursor"`
	Limit  int                `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

func (s *server) listRuns(ctx context.Context, in *runsInput) (*reply[list[rapport.Run]], error) {
	name := "runs." + string(in.ID) + "." + string(in.Status)
	from, err := parsePlace(name, in.Cursor)
	if err != nil {
		return nil, err
	}
	var got list[rapport.Run]
	err = s.DB.View(ctx, func(tx *store.Tx) error {
		if _, err := tx.Workflow(in.ID); err != nil {
			return err
		}
		runs, err := tx.RunsOf(in.ID, in.Status, rapport.RunID(from.ID), in.Limit+1)
		got = page(runs, in.Limit, func(r rapport.Run) place { return place{List: name, ID: string(r.ID)} })
		return err
	})
	return ok(got, err)
}

type runInput struct {
	ID rapport.RunID `path:"id"`
}

const mostRunLines = 2000

type runView struct {
	Run rapport.Run       `json:"run"`
	Log []rapport.RunLine `json:"log"`
}

func (s *server) readRun(ctx context.Context, in *runInput) (*reply[runView], error) {
	var v runView
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		if v.Run, err = tx.Run(in.ID); err == nil {
			v.Log, err = tx.RunLines(in.ID, mostRunLines)
		}
		return err
	})
	return ok(v, err)
}

func (s *server) stopRun(ctx context.Context, in *runInput) (*reply[rapport.Run], error) {
	var r rapport.Run
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		actor := actorOf(ctx)
		if r, err = workflow.Stop(tx, in.ID, actor.Name+" stopped it."); err != nil {
			return err
		}
		return tx.Audit(actor, "workflow.run_stopped", r.WorkflowName, string(r.ID))
	})
	return ok(r, err)
}

const shownRuns = 50

type runList struct {
	Items []rapport.Run `json:"items"`
}

func (s *server) listRunsOf(ctx context.Context, in *conversationInput) (*reply[runList], error) {
	var got runList
	err := s.DB.View(ctx, func(tx *store.Tx) error {
		_, err := conversation.See(tx, actorOf(ctx), in.ID)
		if err == nil {
			got.Items, err = tx.RunsOfConversation(in.ID, shownRuns)
		}
		return err
	})
	return ok(got, err)
}

func (s *server) readVocabulary(context.Context, *noInput) (*reply[workflow.Words], error) {
	return &reply[workflow.Words]{workflow.Vocabulary()}, nil
}

type templateList struct {
	Items []workflow.Template `json:"items"`
}

func (s *server) listTemplates(context.Context, *noInput) (*reply[templateList], error) {
	return &reply[templateList]{templateList{workflow.Templates()}}, nil
}

// rotateWorkflowSecret makes a new secret for the webhooks of all workflows.
func (s *server) rotateWorkflowSecret(ctx context.Context, _ *noInput) (*reply[secretValue], error) {
	var secret secretbox.Secret
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		secret, err = webhook.Rotate(tx, s.Box, actorOf(ctx))
		return err
	})
	return ok(secretValue{secret.Reveal()}, err)
}
