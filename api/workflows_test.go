package api_test

import (
	"testing"

	"rapport"
	"rapport/rapporttest"
	"rapport/workflow"
)

// A workflow is a draft until it is published; versions stay, and one can go
// back (S4-10).
func TestWorkflowDraftsAndVersions(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		d := newDesk(t, w)
		w.Agent("ada", rapporttest.As(rapport.RoleAdmin))
		w.Agent("sue", rapporttest.As(rapport.RoleSupervisor))
		const (
			changed = "workflow.changed"
			note    = `{"definition":{"trigger":{"kind":"message_received"},"start":"a","steps":[{"id":"a","kind":"comment","with":{"text":"Hello {{contact.name}}"}}]}}`
			broken  = `{"definition":{"trigger":{"kind":"message_received"},"start":"a","steps":[{"id":"a","kind":"comment","with":{"text":"Hello {{contact.size}}"},"next":{"next":"b"}}]}}`
		)
		d.run(
			exchange{as: "sue", do: "GET /api/v1/workflows", status: 403},
			exchange{as: "ada", do: "GET /api/v1/workflow-vocabulary", status: 200, says: []string{`"kind":"conversation_opened"`, `"name":"since_last_outbound"`, `"name":"does_not_exist"`, `"outputs":[{"name":"yes","label":"Yes"}`}},
			exchange{as: "ada", do: "GET /api/v1/workflow-templates", status: 200, says: []string{`"id":"unanswered"`, `"fact":"since_last_outbound","op":"does_not_exist"`}},
			exchange{as: "ada", do: "POST /api/v1/workflows", body: `{"name":" Silent  agents ","template":"unanswered"}`, status: 201, says: []string{`"name":"Silent agents"`, `"published":0`, `"draft_differs":true`, `"problems":[]`, `"live":null`}, events: []string{changed}, remains: map[string]string{"w": "id"}},
			exchange{as: "ada", do: "POST /api/v1/workflows", body: `{"name":"Silent agents"}`, status: 409, says: []string{"name_taken"}},
			exchange{as: "ada", do: "POST /api/v1/workflows", body: `{"name":"X","template":"none"}`, status: 400, says: []string{`"field":"template"`}},
			exchange{as: "ada", do: "POST /api/v1/workflows", body: `{"name":""}`, status: 400, says: []string{`"field":"name"`}},
			exchange{as: "ada", do: "POST /api/v1/workflows/<w>/publish", body: `{"note":"first"}`, status: 200, says: []string{`"published":1`, `"draft_differs":false`}, lacks: []string{`"live":null`}, events: []string{changed}},
			exchange{as: "ada", do: "PUT /api/v1/workflows/<w>/draft", body: note, status: 200, says: []string{`"published":1`, `"draft_differs":true`, `"problems":[]`}, events: []string{changed}},
			exchange{as: "ada", do: "GET /api/v1/workflows/<w>", status: 200, says: []string{`"draft":{"trigger":{"kind":"message_received"}`, `"live":{"name":"Unanswered: reassign"`}},
			exchange{as: "ada", do: "POST /api/v1/workflows/<w>/publish", body: `{}`, status: 200, says: []string{`"published":2`}, events: []string{changed}},
			exchange{as: "ada", do: "PUT /api/v1/workflows/<w>/draft", body: broken, status: 200, says: []string{`{"step":"a","field":"text","message":"{{contact.size}} is not something`, `{"step":"a","field":"next.next"`}, events: []string{changed}},
			exchange{as: "ada", do: "POST /api/v1/workflows/<w>/publish", body: `{}`, status: 409, says: []string{`"code":"not_valid"`, `"problems":[{"step":"a"`}},
			exchange{as: "ada", do: "PUT /api/v1/workflows/<w>/draft", body: `{"definition":{"trigger":{"kind":"schedule"},"colour":"red"}}`, status: 400, says: []string{"colour"}},
			exchange{as: "ada", do: "GET /api/v1/workflows/<w>/versions", status: 200, says: []string{`{"version":2,"note":"","by_name":"ada"`, `{"version":1,"note":"first","by_name":"ada"`}},
			exchange{as: "ada", do: "GET /api/v1/workflows/<w>/versions/2", status: 200, says: []string{`"definition":{"trigger":{"kind":"message_received"}`, `"before":{"name":"Unanswered: reassign"`}},
			exchange{as: "ada", do: "GET /api/v1/workflows/<w>/versions/9", status: 404},
			exchange{as: "ada", do: "POST /api/v1/workflows/<w>/rollback", body: `{"version":2}`, status: 409, says: []string{"same_version"}},
			exchange{as: "ada", do: "POST /api/v1/workflows/<w>/rollback", body: `{"version":1}`, status: 200, says: []string{`"published":3`, `"draft_differs":false`, `"draft":{"name":"Unanswered: reassign"`}, events: []string{changed}},
			exchange{as: "ada", do: "PATCH /api/v1/workflows/<w>", body: `{"enabled":false}`, status: 200, says: []string{`"enabled":false`}, events: []string{changed}},
			exchange{as: "ada", do: "GET /api/v1/workflows", status: 200, says: []string{`"name":"Silent agents"`, `"versions":3`, `"active_runs":0`}},
			exchange{as: "ada", do: "GET /api/v1/audit", status: 200, says: []string{`"action":"workflow.published","subject":"Silent agents","detail":"version 3: back to version 1"`, `"action":"workflow.changed","subject":"Silent agents","detail":"enabled: true → false"`, "workflow.created"}},
			exchange{as: "ada", do: "GET /api/v1/workflows/<w>/counts", status: 200, says: []string{`"items":[]`}},
			exchange{as: "ada", do: "GET /api/v1/workflows/<w>/runs", status: 200, says: []string{`"items":[]`}},
			exchange{as: "ada", do: "DELETE /api/v1/workflows/<w>", status: 204, events: []string{"workflow.deleted"}},
			exchange{as: "ada", do: "GET /api/v1/workflows/<w>", status: 404},
		)
	})
}

// Trying a workflow changes nothing, and shows the way it would go.
func TestTryWorkflow(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		d := newDesk(t, w)
		w.Agent("ada", rapporttest.As(rapport.RoleAdmin))
		w.Queue("support", "ana")
		w.Inbox("site", "support")
		d.names["silent"] = string(w.Write("maria", "Hello?").Conversation.ID)
		d.names["answered"] = string(w.Write("otto", "Hello?").Conversation.ID)
		w.Reply("ana", "otto", "Good morning.")
		d.run(
			exchange{as: "ada", do: "POST /api/v1/workflows", body: `{"name":"S4","template":"unanswered"}`, status: 201, events: []string{"workflow.changed"}, remains: map[string]string{"w": "id"}},
			exchange{as: "ada", do: "POST /api/v1/workflows/<w>/test", body: `{"at":"2026-04-01T10:00:00Z"}`, status: 200, says: []string{`"ends":"done"`, `{"step":"unanswered","outcome":"yes"`, `"at":"2026-04-01T10:15:00Z"`, `"kind":"comment","with":{"tell":"assignee","text":"Maria has been waiting`}},
			exchange{as: "ada", do: "POST /api/v1/workflows/<w>/test", body: `{"events":[{"after":60,"kind":"reply"}]}`, status: 200, says: []string{`{"step":"unanswered","outcome":"no"`}, lacks: []string{`"step":"another"`}},
			exchange{as: "ada", do: "POST /api/v1/workflows/<w>/test", body: `{"example":{"conversation.bot":"b"}}`, status: 200, says: []string{`"ends":"not_started"`, `"actions":[]`}},
			exchange{as: "ada", do: "POST /api/v1/workflows/<w>/test", body: `{"example":{"contact.size":"b"}}`, status: 400, says: []string{`"field":"example.contact.size"`}},
			exchange{as: "ada", do: "POST /api/v1/workflows/<w>/test", body: `{"conversation_id":"<silent>"}`, status: 200, says: []string{`{"step":"unanswered","outcome":"yes"`, "maria has been waiting"}},
			exchange{as: "ada", do: "POST /api/v1/workflows/<w>/test", body: `{"conversation_id":"<answered>"}`, status: 200, says: []string{`{"step":"unanswered","outcome":"no"`}},
			exchange{as: "ada", do: "POST /api/v1/workflows/<w>/test", body: `{"conversation_id":"none"}`, status: 404},
			exchange{as: "ada", do: "POST /api/v1/workflows/<w>/test", body: `{"definition":{"trigger":{"kind":"assigned"},"start":"x","steps":[{"id":"x","kind":"dance"}]}}`, status: 200, says: []string{`"ends":"failed"`, `"problems":[{"step":"x","field":"kind"`}},
		)
	})
}

func TestTagsAndFields(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		d := newDesk(t, w)
		w.Queue("support", "ana")
		w.Inbox("site", "support")
		w.Agent("ben")
		got := w.Write("maria", "Hello?")
		d.names["c"], d.names["k"] = string(got.Conversation.ID), string(got.Conversation.ContactID)
		d.run(
			exchange{as: "ana", do: "PUT /api/v1/conversations/<c>/tags", body: `{"tags":["vip"," late  parcel "]}`, status: 200, says: []string{`"tags":["vip","late parcel"]`}, events: []string{"conversation.changed"}},
			exchange{as: "ana", do: "PUT /api/v1/conversations/<c>/tags", body: `{"tags":["vip"]}`, status: 200, says: []string{`"tags":["vip"]`}, events: []string{"conversation.changed"}},
			exchange{as: "ana", do: "PUT /api/v1/conversations/<c>/tags", body: `{"tags":["vip"]}`, status: 200},
			exchange{as: "ana", do: "PUT /api/v1/conversations/<c>/tags", body: `{"tags":[""]}`, status: 400, says: []string{`"field":"tags"`}},
			exchange{as: "ana", do: "GET /api/v1/conversations/<c>/items", status: 200, says: []string{`"data":{"added":["vip","late parcel"]`, `"removed":["late parcel"]`}},
			exchange{as: "ana", do: "PATCH /api/v1/conversations/<c>", body: `{"fields":{"order":"17"},"priority":"high"}`, status: 200, says: []string{`"fields":{"order":"17"}`, `"priority":"high"`}, events: []string{"conversation.changed"}},
			exchange{as: "ana", do: "PATCH /api/v1/conversations/<c>", body: `{"fields":{"Order":"17"}}`, status: 400, says: []string{`"field":"fields.Order"`}},
			exchange{as: "ana", do: "PATCH /api/v1/contacts/<k>", body: `{"fields":{"vip":"yes"}}`, status: 200, says: []string{`"fields":{"vip":"yes"}`}, events: []string{"contact.changed"}},
			exchange{as: "ana", do: "PATCH /api/v1/contacts/<k>", body: `{"fields":{"vip":""}}`, status: 200, lacks: []string{"vip"}, events: []string{"contact.changed"}},
			exchange{as: "ben", do: "PUT /api/v1/conversations/<c>/tags", body: `{"tags":["x"]}`, status: 404},
			exchange{as: "ben", do: "PATCH /api/v1/contacts/<k>", body: `{"fields":{"vip":"yes"}}`, status: 404},
			exchange{as: "ben", do: "GET /api/v1/conversations/<c>/runs", status: 404},
			exchange{as: "ana", do: "GET /api/v1/conversations/<c>/runs", status: 200, says: []string{`"items":[]`}},
		)
	})
}

// S4-14: whether it helps can be watched: how many runs stand where, what each
// did and why, what was done about a conversation; and a run can be stopped.
func TestRunsAreWatched(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		d := newDesk(t, w)
		w.Agent("ada", rapporttest.As(rapport.RoleAdmin))
		w.Agent("sue", rapporttest.As(rapport.RoleSupervisor))
		w.Queue("support", "ana", "ben")
		w.Inbox("site", "support")
		engine := workflow.New(w.DB, rapporttest.Log(t))
		settle := func() {
			if err := engine.Settle(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		settle()
		d.run(
			exchange{as: "ada", do: "POST /api/v1/workflows", body: `{"name":"S4","template":"unanswered"}`, status: 201, events: []string{"workflow.changed"}, remains: map[string]string{"w": "id"}},
			exchange{as: "ada", do: "POST /api/v1/workflows/<w>/publish", body: `{}`, status: 200, events: []string{"workflow.changed"}},
		)
		d.names["c"] = string(w.Write("maria", "Hello?").Conversation.ID)
		w.Write("otto", "Hello?")
		settle()
		holder := w.Holder("maria")
		other := map[string]string{"ana": "ben", "ben": "ana"}[holder]
		d.run(
			exchange{as: "ada", do: "GET /api/v1/workflows/<w>/counts", status: 200, says: []string{`"items":[{"step":"wait","active":2}]`}},
			exchange{as: "ada", do: "GET /api/v1/workflows", status: 200, says: []string{`"active_runs":2`}},
			exchange{as: "ada", do: "GET /api/v1/workflows/<w>/runs?status=waiting&limit=1", status: 200, says: []string{`"status":"waiting"`, `"step":"wait"`}, remains: map[string]string{"cursor": "next"}},
			exchange{as: "ada", do: "GET /api/v1/workflows/<w>/runs?status=waiting&limit=1&cursor=<cursor>", status: 200, says: []string{`"next":""`}},
			exchange{as: "ada", do: "GET /api/v1/workflows/<w>/runs?status=done", status: 200, says: []string{`"items":[]`}},
			exchange{as: holder, do: "GET /api/v1/conversations/<c>/runs", status: 200, says: []string{`"workflow_name":"S4"`}, remains: map[string]string{"r": "items.0.id"}},
			exchange{as: other, do: "GET /api/v1/runs/<r>", status: 403},
			exchange{as: "ada", do: "GET /api/v1/runs/<r>", status: 200, says: []string{`"log":[{"n":1,`, `"step":"assign","outcome":"done","detail":"stays with ` + holder + `"`, `"step":"wait","outcome":"waits","detail":"15 minutes"`}},
			exchange{as: "sue", do: "POST /api/v1/runs/<r>/stop", body: `{}`, status: 403},
			exchange{as: "ada", do: "POST /api/v1/runs/<r>/stop", body: `{}`, status: 200, says: []string{`"status":"stopped"`, `"error":"ada stopped it."`}, events: []string{"conversation.changed"}},
			exchange{as: "ada", do: "POST /api/v1/runs/<r>/stop", body: `{}`, status: 409, says: []string{`"code":"ended"`}},
			exchange{as: "ada", do: "GET /api/v1/audit?limit=1", status: 200, says: []string{`"action":"workflow.run_stopped","subject":"S4"`}},
			exchange{as: "ada", do: "POST /api/v1/workflow-secret", body: `{}`, status: 200, says: []string{`"value":"whsec_`}, remains: map[string]string{"secret": "value"}},
			exchange{as: "ada", do: "GET /api/v1/audit?limit=1", status: 200, says: []string{"workflow.secret_rotated"}, lacks: []string{"<secret>"}},
			exchange{as: "ada", do: "DELETE /api/v1/workflows/<w>", status: 204, events: []string{"conversation.changed", "workflow.deleted"}},
		)
	})
}
