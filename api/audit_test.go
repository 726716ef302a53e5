package api_test

import (
	"testing"

	"rapport"
	"rapport/rapporttest"
)

// S3-27: the audit log says of a change what was before and what is now, also of
// what was taken away, and of who serves which queue.
func TestTheAuditLogSaysWhatChanged(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	d := newDesk(t, w)
	w.Agent("ada", rapporttest.As(rapport.RoleAdmin))
	w.Agent("cem")
	d.names["support"], d.names["night"] = string(w.Queue("support", "ana", "ben").ID), string(w.Queue("night").ID)
	d.names["ana"], d.names["ben"], d.names["cem"] = string(w.Agent("ana").ID), string(w.Agent("ben").ID), string(w.Agent("cem").ID)
	last := func(says, lacks []string) exchange {
		return exchange{as: "ada", do: "GET /api/v1/audit?limit=1", status: 200, says: says, lacks: lacks}
	}
	const ana, ben, cem = `{\"name\":\"ana\",\"can_reply\":true}`, `{\"name\":\"ben\",\"can_reply\":true}`, `{\"name\":\"cem\",\"can_reply\":false}`
	d.run(
		exchange{as: "ada", do: "PATCH /api/v1/queues/<support>", status: 200, body: `{"max_wait_minutes":30,"fallback_queue":"<night>"}`, events: []string{"queue.changed"}},
		exchange{as: "ada", do: "PATCH /api/v1/queues/<support>", status: 200, body: `{"max_wait_minutes":0,"fallback_queue":""}`, events: []string{"queue.changed"}},
		last([]string{`fallback_queue: \"<night>\" → nothing; max_wait_minutes: 30 → 0"`}, nil),
		exchange{as: "ada", do: "PATCH /api/v1/queues/<support>", status: 200, body: `{"capacity":2,"members":[{"agent_id":"<ana>","can_reply":true},{"agent_id":"<cem>","can_reply":false}]}`, events: []string{"queue.changed", "member.changed", "member.changed"}},
		last([]string{`capacity: null → 2; members: [` + ben + `] → [` + cem + `]"`}, []string{ana}),
		exchange{as: "ada", do: "PATCH /api/v1/queues/<support>", status: 200, body: `{"members":[{"agent_id":"<ana>","can_reply":true},{"agent_id":"<cem>","can_reply":false}]}`, events: []string{"queue.changed"}},
		last(nil, []string{"members"}),
		exchange{as: "ada", do: "PATCH /api/v1/agents/<cem>", status: 200, body: `{"capacity":9,"queues":[{"id":"<night>","can_reply":true}]}`, events: []string{"member.changed", "member.changed", "agent.changed"}},
		last([]string{`capacity: null → 9; queues: [{\"name\":\"support\",\"can_reply\":false}] → [{\"name\":\"night\",\"can_reply\":true}]"`}, []string{"room"}),
	)
}
