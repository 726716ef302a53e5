package api_test

import (
	"testing"

	"rapport"
	"rapport/conversation"
	"rapport/rapporttest"
)

// S3-87, S3-89, S3-90: lists are sorted and filtered over the API, and whoever
// may not see a conversation finds it by no filter.
func TestListsAreSortedAndFiltered(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		d := newDesk(t, w)
		w.Queue("support", "ana")
		w.Queue("sales", "ben")
		w.Agent("sue", rapporttest.As(rapport.RoleSupervisor))
		for _, name := range []string{"ana", "ben", "sue"} {
			w.Status(name, rapport.StatusAway)
			d.names[name] = string(w.Agent(name).ID)
		}
		d.names["support"], d.names["sales"] = string(w.Queue("support").ID), string(w.Queue("sales").ID)
		w.Inbox("site", "support")
		w.Inbox("shop", "sales")
		for _, c := range []string{"Zoë", "adam", "Émile"} {
			w.Write(c, "Hello")
		}
		w.Write("berta", "Hello", w.In("shop"))
		d.names["zoe"], d.names["adam"], d.names["emile"], d.names["berta"] = string(w.Of("Zoë").ID), string(w.Of("adam").ID), string(w.Of("Émile").ID), string(w.Of("berta").ID)
		const list = "GET /api/v1/conversations?limit=1"
		d.run(
			exchange{as: "sue", do: list + "&sort=customer", status: 200, says: []string{"<adam>", `"customer":"adam"`}, remains: map[string]string{"a": "next"}},
			exchange{as: "sue", do: list + "&sort=customer&cursor=<a>", status: 200, says: []string{"<berta>"}, remains: map[string]string{"b": "next"}},
			exchange{as: "sue", do: list + "&sort=customer&cursor=<b>", status: 200, says: []string{"<emile>"}},
			exchange{as: "sue", do: list + "&sort=status&cursor=<b>", status: 400, says: []string{`"field":"cursor"`}},
			exchange{as: "sue", do: list + "&sort=queue", status: 200, says: []string{"<berta>"}},
			exchange{as: "sue", do: list + "&sort=latest", status: 200, says: []string{"<berta>"}},
			exchange{as: "ana", do: list + "&sort=latest", status: 200, says: []string{"<emile>"}},
			exchange{as: "ana", do: "GET /api/v1/conversations?queue=<sales>", status: 200, says: []string{`"items":[]`}},
			exchange{as: "ana", do: "GET /api/v1/conversations?queue=<sales>&queue=<support>&channel=web", status: 200, says: []string{"<adam>"}, lacks: []string{"<berta>"}},
			exchange{as: "sue", do: "GET /api/v1/conversations?tag=vip", status: 200, says: []string{`"items":[]`}},
			exchange{as: "sue", do: "PUT /api/v1/conversations/<adam>/tags", body: `{"tags":["vip"]}`, status: 200, events: []string{"conversation.changed"}},
			exchange{as: "sue", do: "GET /api/v1/conversations?tag=vip&assignee=none&priority=normal&status=open", status: 200, says: []string{"<adam>"}, lacks: []string{"<zoe>"}},
			exchange{as: "ben", do: "GET /api/v1/conversations?tag=vip&view=any", status: 200, says: []string{`"items":[]`}},
			exchange{as: "sue", do: "GET /api/v1/conversations?view=history&sort=status", status: 400, says: []string{`"field":"sort"`, "oldest, latest, customer, queue"}},
			exchange{as: "sue", do: "GET /api/v1/conversations?status=sleeping", status: 400, says: []string{"sleeping"}},
			exchange{as: "sue", do: "POST /api/v1/conversations/<adam>/state", body: `{"state":"closed"}`, status: 200, events: []string{"conversation.state"}},
			exchange{as: "sue", do: "POST /api/v1/conversations/<zoe>/state", body: `{"state":"closed"}`, status: 200, events: []string{"conversation.state"}},
			exchange{as: "sue", do: list + "&view=history", status: 200, says: []string{"<adam>"}},
			exchange{as: "sue", do: list + "&view=history&sort=latest", status: 200, says: []string{"<zoe>"}},
		)
	})
}

// Saved views: agents keep their own, supervisors share; order, pins, deleting
// and bringing back; nobody sees what is not shared with them.
func TestSavedViews(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		d := newDesk(t, w)
		w.Queue("support", "ana")
		w.Queue("sales", "ben")
		w.Agent("sue", rapporttest.As(rapport.RoleSupervisor))
		d.names["support"] = string(w.Queue("support").ID)
		w.Inbox("site", "support")
		w.Write("maria", "Hello")
		const views = "/api/v1/views"
		own, shared := []string{"own-view.changed"}, []string{"view.changed"}
		d.run(
			exchange{as: "ana", do: "POST " + views, body: `{"name":" Angry  customers ","view":"all","filter":{"tags":["angry"]},"sort":"customer","columns":["customer","tags"],"layout":"table"}`, status: 201,
				says: []string{`"name":"Angry customers"`, `"sort":"customer"`}, events: own, remains: map[string]string{"angry": "id"}},
			exchange{as: "ana", do: "GET " + views, status: 200, says: []string{"<angry>", `"pinned":true`, `"editable":true`, `"columns":["customer","tags"]`}},
			exchange{as: "ben", do: "GET " + views, status: 200, says: []string{`"items":[]`}},
			exchange{as: "sue", do: "GET " + views, status: 200, lacks: []string{"<angry>"}},
			exchange{as: "sue", do: "PATCH " + views + "/<angry>", body: `{"name":"Mine"}`, status: 404},
			exchange{as: "ana", do: "PATCH " + views + "/<angry>", body: `{"shared":"all"}`, status: 403, says: []string{"supervisors_share"}},
			exchange{as: "ana", do: "POST " + views, body: `{"name":"X","shared":"queues","queues":["<support>"]}`, status: 403},
			exchange{as: "ana", do: "POST " + views, body: `{"name":"  "}`, status: 400, says: []string{`"field":"name"`}},
			exchange{as: "ana", do: "POST " + views, body: `{"name":"X","view":"history","sort":"status"}`, status: 400, says: []string{`"field":"sort"`}},
			exchange{as: "ana", do: "POST " + views, body: `{"name":"X","columns":["salary"]}`, status: 400, says: []string{`"field":"columns"`}},
			exchange{as: "sue", do: "POST " + views, body: `{"name":"Support today","shared":"queues","queues":["<support>"],"filter":{"queues":["<support>"]}}`, status: 201, events: shared, remains: map[string]string{"today": "id"}},
			exchange{as: "sue", do: "POST " + views, body: `{"name":"X","shared":"queues","queues":["nowhere"]}`, status: 400, says: []string{`"field":"queues"`}},
			exchange{as: "ana", do: "GET " + views, status: 200, says: []string{"<today>", `"editable":false`}},
			exchange{as: "ben", do: "GET " + views, status: 200, lacks: []string{"<today>"}},
			exchange{as: "ana", do: "PATCH " + views + "/<today>", body: `{"name":"Y"}`, status: 403, says: []string{"not_your_view"}},
			exchange{as: "ana", do: "DELETE " + views + "/<today>", status: 403},
			exchange{as: "ben", do: "DELETE " + views + "/<today>", status: 404},
			exchange{as: "ana", do: "GET " + views + "/counts", status: 200, says: []string{`"<today>":{"n":1,"more":false}`, `"<angry>":{"n":0,"more":false}`}},
			exchange{as: "ana", do: "PUT " + views + "/order", body: `{"ids":["<today>","<angry>"]}`, status: 204, events: own},
			exchange{as: "ana", do: "PUT " + views + "/<today>/place", body: `{"pinned":false}`, status: 204, events: own},
			exchange{as: "ben", do: "PUT " + views + "/<today>/place", body: `{"pinned":false}`, status: 404},
			exchange{as: "ana", do: "GET " + views + "/counts", status: 200, lacks: []string{"<today>"}},
			exchange{as: "ana", do: "DELETE " + views + "/<angry>", status: 204, events: own},
			exchange{as: "ana", do: "GET " + views, status: 200, lacks: []string{"<angry>"}},
			exchange{as: "ana", do: "PATCH " + views + "/<angry>", body: `{"name":"Z"}`, status: 404},
			exchange{as: "ben", do: "POST " + views + "/<angry>/restore", status: 404},
			exchange{as: "ana", do: "POST " + views + "/<angry>/restore", status: 204, events: own},
			exchange{as: "ana", do: "GET " + views, status: 200, says: []string{"<angry>", "Angry customers"}},
		)
	})
}

// Bulk actions: each conversation by the rules of a single change, a result that
// names what was refused and why, and undo that skips what changed meanwhile.
func TestBulk(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		d := newDesk(t, w)
		w.Queue("support", "ana", "ben")
		w.Queue("sales", "carla")
		w.Agent("sue", rapporttest.As(rapport.RoleSupervisor))
		for _, name := range []string{"ana", "ben", "carla", "sue"} {
			w.Status(name, rapport.StatusAway)
			d.names[name] = string(w.Agent(name).ID)
		}
		d.names["sales"] = string(w.Queue("sales").ID)
		w.Inbox("site", "support")
		w.Inbox("shop", "sales")
		customers := []string{"one", "two", "three"}
		for _, c := range customers {
			w.Write(c, "Hello")
		}
		w.Write("four", "Hello", w.In("shop"))
		d.named("one", "two", "three", "four")
		run := func() {
			t.Helper()
			if err := conversation.RunBulk(t.Context(), w.DB, rapport.BulkID(d.names["bulk"])); err != nil {
				t.Fatal(err)
			}
		}
		const bulk = "/api/v1/bulk"
		remains := map[string]string{"bulk": "id"}
		begins := []string{"bulk.started"}
		d.run(
			exchange{as: "ana", do: "POST " + bulk, body: `{"action":{"do":"priority","priority":"high"}}`, status: 400, says: []string{`"field":"ids"`}},
			exchange{as: "ana", do: "POST " + bulk, body: `{"ids":["<one>"],"action":{"do":"priority","priority":"huge"}}`, status: 400, says: []string{"action.priority"}},
			exchange{as: "ana", do: "POST " + bulk, body: `{"ids":["<one>"],"action":{"do":"dance"}}`, status: 400},
			exchange{as: "ana", do: "POST " + bulk, body: `{"ids":["<one>"],"action":{"do":"undo"}}`, status: 400},
			exchange{as: "ana", do: "POST " + bulk, body: `{"ids":["<one>","<two>","<three>","<four>","<one>"],"action":{"do":"tags","add_tags":["sale"]}}`, status: 201, says: []string{`"total":4`}, events: begins, remains: remains},
		)
		run()
		d.run(
			// What one may not see is refused, and not named.
			exchange{as: "ana", do: "GET " + bulk + "/<bulk>", status: 200, says: []string{`"done":3`, `"refused":1`, `"ended_at"`, `"conversation_id":"<four>","contact_name":""`}},
			exchange{as: "ben", do: "GET " + bulk + "/<bulk>", status: 404},
			exchange{as: "ben", do: "POST " + bulk + "/<bulk>/undo", status: 404},
			exchange{as: "ana", do: "GET /api/v1/conversations?tag=sale", status: 200, says: []string{"<one>", "<two>", "<three>"}},
			exchange{as: "ben", do: "PUT /api/v1/conversations/<two>/tags", body: `{"tags":["sale","mine"]}`, status: 200, events: []string{"conversation.changed"}},
			exchange{as: "ana", do: "POST " + bulk + "/<bulk>/undo", status: 201, says: []string{`"total":3`}, events: begins, remains: map[string]string{"undo": "id"}},
			exchange{as: "ana", do: "POST " + bulk + "/<bulk>/undo", status: 409, says: []string{"undone"}},
		)
		d.names["first"], d.names["bulk"] = d.names["bulk"], d.names["undo"]
		run()
		d.run(
			exchange{as: "ana", do: "GET " + bulk + "/<bulk>", status: 200, says: []string{`"done":2`, `"skipped":1`, `"conversation_id":"<two>","contact_name":"two"`, "Somebody changed it meanwhile."}},
			exchange{as: "ana", do: "GET /api/v1/conversations?tag=sale", status: 200, says: []string{"<two>"}, lacks: []string{"<one>", "<three>"}},
			// All that match; closing and undoing it, though a closed one is the end otherwise.
			exchange{as: "ana", do: "POST /api/v1/conversations/<one>/claim", body: `{"override":true}`, status: 200, events: []string{"conversation.assigned"}},
			exchange{as: "sue", do: "POST " + bulk, body: `{"match":{"view":"all","filter":{"channels":["web"]}},"except":["<three>"],"action":{"do":"state","state":"closed"}}`, status: 201, says: []string{`"total":3`}, events: begins, remains: remains},
		)
		run()
		w.Write("two", "Me again") // a new conversation: the old one stays closed
		d.run(
			exchange{as: "sue", do: "GET /api/v1/conversations?view=history", status: 200, says: []string{"<one>", "<two>", "<four>"}, lacks: []string{"<three>"}},
			exchange{as: "sue", do: "POST " + bulk + "/<bulk>/undo", status: 201, events: begins, remains: remains},
		)
		run()
		d.run(
			exchange{as: "sue", do: "GET " + bulk + "/<bulk>", status: 200, says: []string{`"done":2`, `"skipped":1`, "newer conversation"}},
			exchange{as: "ana", do: "GET /api/v1/conversations?view=mine", status: 200, says: []string{"<one>"}},
			exchange{as: "sue", do: "GET /api/v1/conversations?view=unassigned", status: 200, says: []string{"<four>", "<three>"}, lacks: []string{"<one>"}},
			// Assigning: to an agent who may not reply there it is refused, one by one.
			exchange{as: "sue", do: "POST " + bulk, body: `{"ids":["<three>","<four>"],"action":{"do":"assign","agent_id":"<ben>","override":true}}`, status: 201, events: begins, remains: remains},
		)
		run()
		if got := w.Holder("three"); got != "ben" {
			t.Errorf("three is with %q", got)
		}
		d.run(
			exchange{as: "sue", do: "GET " + bulk + "/<bulk>", status: 200, says: []string{`"done":1`, `"refused":1`, `"contact_name":"four"`}},
			exchange{as: "sue", do: "POST " + bulk + "/<bulk>/undo", status: 201, events: begins, remains: remains},
		)
		run()
		run() // a job may run twice
		if got := w.Holder("three"); got != "" {
			t.Errorf("three is with %q although that was undone", got)
		}
		d.run(exchange{as: "sue", do: "GET " + bulk + "/<bulk>", status: 200, says: []string{`"done":1`, `"refused":0`}})
	})
}
