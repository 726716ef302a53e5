package api_test

import (
	"testing"

	"rapport"
	"rapport/rapporttest"
)

// The rules about time of queues, inboxes and the account: what is wrong is
// said, and changes nothing.
func TestRulesAboutTime(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		d := newDesk(t, w)
		w.Agent("ada", rapporttest.As(rapport.RoleAdmin))
		d.names["support"], d.names["night"] = string(w.Queue("support").ID), string(w.Queue("night").ID)
		const timer = `{"enabled":true,"minutes":20,"business_hours":true,"every_message":false,"then":"reassign","hops":2,"fallback_queue":"<night>"}`
		const hours = `{"zone":"Europe/Berlin","blocks":[{"day":1,"from":"09:00","to":"17:00"}],"holidays":[{"date":"2026-12-25","name":"Christmas"}],"reply":"Closed.","fallback_queue":"<night>"}`
		d.run(
			exchange{
				as: "ada", do: "PATCH /api/v1/queues/<support>", status: 200, events: []string{"queue.changed"},
				body: `{"reply_timer":` + timer + `,"hours":` + hours + `,"max_wait_minutes":30,"fallback_queue":"<night>"}`,
				says: []string{`"minutes":20`, `"zone":"Europe/Berlin"`, `"max_wait_minutes":30`, `"fallback_queue":"<night>"`},
			},
			exchange{as: "ada", do: "GET /api/v1/queues", status: 200, says: []string{`"name":"Christmas"`}},
			exchange{as: "ada", do: "PATCH /api/v1/queues/<support>", body: `{"fallback_queue":"<support>"}`, status: 400, says: []string{`"field":"fallback_queue"`, "its own fallback"}},
			exchange{as: "ada", do: "PATCH /api/v1/queues/<support>", body: `{"fallback_queue":"none"}`, status: 400, says: []string{`"field":"fallback_queue"`}},
			exchange{as: "ada", do: "PATCH /api/v1/queues/<support>", body: `{"hours":{"zone":"Mars","blocks":[],"holidays":[],"reply":""}}`, status: 400, says: []string{`"field":"hours.zone"`}},
			exchange{as: "ada", do: "PATCH /api/v1/queues/<support>", body: `{"hours":{"zone":"UTC","blocks":[{"day":1,"from":"09:00","to":"17:00"}],"holidays":[],"reply":"","fallback_queue":"none"}}`, status: 400, says: []string{`"field":"hours.fallback_queue"`}},
			exchange{as: "ada", do: "PATCH /api/v1/queues/<support>", body: `{"max_wait_minutes":-1}`, status: 400, says: []string{`"field":"max_wait_minutes"`}},
			exchange{as: "ada", do: "PATCH /api/v1/queues/<support>", body: `{"reply_timer":null,"hours":null,"fallback_queue":""}`, status: 200, says: []string{`"reply_timer":null`, `"hours":null`}, lacks: []string{"Europe/Berlin"}, events: []string{"queue.changed"}},
			exchange{as: "ada", do: "POST /api/v1/queues", body: `{"name":"Sales","max_wait_minutes":5,"fallback_queue":"<night>"}`, status: 201, says: []string{`"max_wait_minutes":5`}, events: []string{"queue.changed"}},

			exchange{
				as: "ada", do: "PATCH /api/v1/settings", status: 200, events: []string{"settings.changed"},
				body: `{"reply_timer":` + timer + `,"offline_grace_seconds":90,"reopen_hours":48,"texts":{"warning":"Hello?","closed":"Bye.","unavailable":""},"assist":{"enabled":false},"sticky":{"enabled":true,"days":7,"availability_check":true,"mode":"prefer","min_replies":1,"open_case":true,"hold":{"full":30,"busy":60,"away":0,"offline":0}}}`,
				says: []string{`"offline_grace_seconds":90`, `"reopen_hours":48`, `"warning":"Hello?"`, `"full":30`},
			},
			exchange{as: "ada", do: "PATCH /api/v1/settings", body: `{"offline_grace_seconds":-1}`, status: 400, says: []string{`"field":"offline_grace_seconds"`}},
			exchange{as: "ada", do: "PATCH /api/v1/settings", body: `{"assist":{"enabled":true,"bot_id":"none"}}`, status: 400, says: []string{`"field":"assist.bot_id"`}},

			// A queue that goes is nobody's fallback any more.
			exchange{as: "ada", do: "DELETE /api/v1/queues/<night>", status: 204, events: []string{"queue.changed", "settings.changed", "queue.deleted"}},
			exchange{as: "ada", do: "GET /api/v1/settings", status: 200, lacks: []string{"<night>"}},
			exchange{as: "ada", do: "PATCH /api/v1/settings", body: `{"capacity":6}`, status: 200, events: []string{"settings.changed"}},

			exchange{
				as: "ada", do: "POST /api/v1/inboxes", status: 201, events: []string{"inbox.changed"}, remains: map[string]string{"site": "inbox.id"},
				body: `{"channel":"site","name":"Shop","options":{},"silence":{"conduct":"live","close_minutes":20,"warn_minutes":null}}`, says: []string{`"conduct":"live"`, `"close_minutes":20`},
			},
			exchange{as: "ada", do: "PATCH /api/v1/inboxes/<site>", body: `{"silence":{"conduct":"chatty","close_minutes":null,"warn_minutes":null}}`, status: 400, says: []string{`"field":"silence.conduct"`}},
			exchange{as: "ada", do: "PATCH /api/v1/inboxes/<site>", body: `{"bot_id":"none"}`, status: 400, says: []string{`"field":"bot_id"`}},
			exchange{as: "ada", do: "PATCH /api/v1/inboxes/<site>", body: `{"silence":{"conduct":"messaging","close_minutes":null,"warn_minutes":0}}`, status: 200, says: []string{`"conduct":"messaging"`, `"warn_minutes":0`}, events: []string{"inbox.changed"}},
		)
	})
}

// S3-13: statuses that supervisors define; S3-08: they may set an agent's; each
// change is kept with who made it.
func TestStatuses(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		d := newDesk(t, w)
		d.names["sue"] = string(w.Agent("sue", rapporttest.As(rapport.RoleSupervisor)).ID)
		d.names["ana"] = string(w.Agent("ana").ID)
		d.run(
			exchange{as: "sue", do: "POST /api/v1/statuses", body: `{"name":" Coaching ","base":"busy","color":"#2563EB"}`, status: 201, says: []string{`"name":"Coaching"`, `"color":"#2563eb"`}, events: []string{"status.changed"}, remains: map[string]string{"coaching": "id"}},
			exchange{as: "sue", do: "POST /api/v1/statuses", body: `{"name":"Coaching","base":"away","color":"#000000"}`, status: 409, says: []string{"name_taken"}},
			exchange{as: "sue", do: "POST /api/v1/statuses", body: `{"name":"Gone","base":"offline","color":"#000000"}`, status: 400, says: []string{`"field":"base"`}},
			exchange{as: "sue", do: "POST /api/v1/statuses", body: `{"name":"Red","base":"away","color":"red"}`, status: 400, says: []string{`"field":"color"`}},
			exchange{as: "ana", do: "GET /api/v1/statuses", status: 200, says: []string{`"id":"<coaching>"`}},
			exchange{as: "ana", do: "PUT /api/v1/me/status", body: `{"status":"available","custom_status_id":"<coaching>"}`, status: 200, says: []string{`"status":"busy"`, `"custom_status_id":"<coaching>"`}, events: []string{"agent.changed"}},
			exchange{as: "ana", do: "PUT /api/v1/me/status", body: `{"custom_status_id":"none"}`, status: 400, says: []string{`"field":"custom_status_id"`}},
			exchange{as: "sue", do: "GET /api/v1/board", status: 200, says: []string{`"custom_name":"Coaching"`, `"custom_color":"#2563eb"`, `"availability":"busy"`, `"sub_status":"idle"`}},
			exchange{as: "sue", do: "PUT /api/v1/agents/<ana>/status", body: `{"status":"away"}`, status: 200, says: []string{`"status":"away"`}, lacks: []string{"custom_status_id"}, events: []string{"agent.changed"}},
			exchange{as: "sue", do: "PUT /api/v1/agents/none/status", body: `{"status":"away"}`, status: 404},
			exchange{as: "sue", do: "GET /api/v1/agents/<ana>/status-changes", status: 200, says: []string{`"custom_name":"Coaching"`, `"by":"<sue>"`, `"sub":"idle"`, `"totals":[{`}},
			exchange{as: "sue", do: "GET /api/v1/agents/<ana>/status-changes?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", status: 400, says: []string{`"field":"from"`}},
			// A base that changes, and a status that goes, take their agents along.
			exchange{as: "ana", do: "PUT /api/v1/me/status", body: `{"custom_status_id":"<coaching>"}`, status: 200, events: []string{"agent.changed"}},
			exchange{as: "sue", do: "PATCH /api/v1/statuses/<coaching>", body: `{"base":"away"}`, status: 200, says: []string{`"base":"away"`, `"name":"Coaching"`}, events: []string{"status.changed", "agent.changed"}},
			exchange{as: "sue", do: "DELETE /api/v1/statuses/<coaching>", status: 204, events: []string{"agent.changed", "status.changed"}},
			exchange{as: "ana", do: "GET /api/v1/session", status: 200, says: []string{`"status":"away"`}, lacks: []string{"<coaching>"}},
			exchange{as: "ana", do: "GET /api/v1/statuses", status: 200, says: []string{`"items":[]`}},
		)
	})
}
