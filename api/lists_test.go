package api_test

import (
	"cmp"
	"fmt"
	"testing"
	"time"

	"rapport"
	"rapport/conversation"
	"rapport/rapporttest"
	"rapport/store"
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

// C24: undoing a bulk action takes back what the action did, and nothing that
// customers or colleagues have done since. Who may undo it is asked of what the
// conversation was; where it went out of sight, nothing of it is told.
func TestBulkUndoLeavesWhatCameSince(t *testing.T) {
	t.Parallel()
	const (
		meanwhile = "Somebody changed it meanwhile."
		written   = "Somebody has written in it since, so it stays as it is."
	)
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		d := newDesk(t, w)
		w.Queue("support", "ana", "ben", "dora")
		w.Queue("sales", "carla")
		w.Agent("sue", rapporttest.As(rapport.RoleSupervisor))
		for _, name := range []string{"ana", "ben", "carla", "dora", "sue"} {
			w.Status(name, rapport.StatusAway)
			d.names[name] = string(w.Agent(name).ID)
		}
		w.Inbox("site", "support")
		toBen := rapport.BulkAction{Do: rapport.BulkAssign, AgentID: w.Agent("ben").ID, Override: true}
		toSales := rapport.BulkAction{Do: rapport.BulkQueue, QueueID: w.Queue("sales").ID}
		pending := rapport.BulkAction{Do: rapport.BulkState, State: rapport.Pending}
		solved := rapport.BulkAction{Do: rapport.BulkState, State: rapport.Solved}
		snoozed := rapport.BulkAction{Do: rapport.BulkSnooze, Until: time.Now().Add(24 * time.Hour)}
		claims := func(name string) func(string) { return func(c string) { w.Claim(name, c) } }
		answers := func(name string) func(string) { return func(c string) { w.Reply(name, c, "We look at it.") } }
		gives := func(name string) func(string) { return func(c string) { w.Release(name, c) } }
		sets := func(name string, s rapport.State) func(string) { return func(c string) { w.SetState(name, c, s) } }
		snoozes := func(name string) func(string) {
			return func(c string) {
				id := w.Of(c).ID
				w.Update(func(tx *store.Tx) error {
					_, err := conversation.Snooze(tx, w.Actor(name), id, tx.Now().Add(24*time.Hour))
					return err
				})
			}
		}
		writes := func(c string) { w.Write(c, "Are you there?") }
		through := func(b rapport.Bulk) []rapport.BulkItem {
			t.Helper()
			if err := conversation.RunBulk(t.Context(), w.DB, b.ID); err != nil {
				t.Fatal(err)
			}
			var items []rapport.BulkItem
			w.View(func(tx *store.Tx) error {
				for _, done := range []bool{true, false} {
					some, err := tx.BulkItems(b.ID, done, -1, 10)
					if err != nil {
						return err
					}
					items = append(items, some...)
				}
				return nil
			})
			return items
		}
		for i, c := range []struct {
			name   string
			before []func(string)
			by     string
			do     rapport.BulkAction
			since  []func(string)
			reason string // of what is left alone; empty: it is undone
			holder string
			clocks bool // as they were before the action; else as they were before it was undone
			state  rapport.State
		}{
			{name: "nothing", by: "ana", do: toBen},
			{name: "nothing, after an end", before: []func(string){claims("ana")}, by: "ana", do: solved, holder: "ana", clocks: true},
			{name: "nothing, and it slept", before: []func(string){claims("ana"), snoozes("ana")}, by: "sue", do: toBen, holder: "ana", state: rapport.Pending, clocks: true},
			{name: "the customer writes", before: []func(string){claims("ana"), answers("ana")}, by: "sue", do: toBen, since: []func(string){writes}, holder: "ana"},
			{name: "the customer writes to what was pending", before: []func(string){claims("ana"), answers("ana"), sets("ana", rapport.Pending)}, by: "sue", do: toBen,
				since: []func(string){writes}, holder: "ana"},
			{name: "who got it has answered", before: []func(string){claims("ana")}, by: "sue", do: toBen, since: []func(string){answers("ben")},
				reason: "ben has answered since, so it stays with them.", holder: "ben"},
			{name: "answered, and asked again", by: "ana", do: toBen, since: []func(string){answers("ben"), writes}, reason: "ben has answered since, so it stays with them.", holder: "ben"},
			{name: "one's own answer", by: "ana", do: rapport.BulkAction{Do: rapport.BulkAssign, AgentID: rapport.AssigneeMe}, since: []func(string){answers("ana")}},
			{name: "an answer to what waits for the customer", before: []func(string){claims("ana")}, by: "ana", do: pending, since: []func(string){answers("ana")}, reason: written, holder: "ana", state: rapport.Pending},
			{name: "an answer to what sleeps", before: []func(string){claims("ana")}, by: "ana", do: snoozed, since: []func(string){answers("ana")}, reason: written, holder: "ana", state: rapport.Pending},
			{name: "the customer wakes it", before: []func(string){claims("ana")}, by: "ana", do: snoozed, since: []func(string){writes}, reason: written, holder: "ana"},
			{name: "reopened and solved again", before: []func(string){claims("ana")}, by: "ana", do: solved, since: []func(string){sets("ben", rapport.Open), sets("ben", rapport.Solved)},
				reason: meanwhile, holder: "ben", state: rapport.Solved},
			{name: "set to pending", by: "ana", do: toBen, since: []func(string){sets("ben", rapport.Pending)}, reason: meanwhile, holder: "ben", state: rapport.Pending},
			{name: "given up and claimed", by: "ana", do: toBen, since: []func(string){gives("ben"), claims("ben")}, reason: meanwhile, holder: "ben"},
			{name: "claimed by another", by: "ana", do: rapport.BulkAction{Do: rapport.BulkAssign, AgentID: rapport.AssigneeMe}, since: []func(string){gives("ana"), claims("dora")}, reason: meanwhile, holder: "dora"},
			{name: "out of sight", by: "ana", do: toSales},
			{name: "out of sight, the customer writes", by: "ana", do: toSales, since: []func(string){writes}},
			{name: "out of sight, taken", by: "ana", do: toSales, since: []func(string){claims("carla")}, reason: meanwhile, holder: "carla"},
			{name: "out of sight, taken and given up", by: "ana", do: toSales, since: []func(string){claims("carla"), gives("carla")}, reason: meanwhile},
			{name: "out of sight, answered by whom it came to", by: "ana", do: toSales,
				before: []func(string){func(string) { w.Status("carla", rapport.StatusAvailable) }},
				since:  []func(string){answers("carla"), func(string) { w.Status("carla", rapport.StatusAway) }}, reason: meanwhile, holder: "carla"},
			{name: "no longer allowed", by: "dora", do: toBen, since: []func(string){func(string) { w.Leave("support", "dora") }}, reason: "You may not do this here any more.", holder: "ben"},
			{name: "no longer allowed, out of sight", by: "ana", do: toSales, since: []func(string){func(string) { w.Leave("support", "ana") }}, reason: "You may not do this here any more."},
		} {
			customer := fmt.Sprintf("customer %d", i)
			w.Write(customer, "Hello")
			for _, step := range c.before {
				step(customer)
			}
			was, by := w.Of(customer), w.Actor(c.by)
			var b, undo rapport.Bulk
			w.Update(func(tx *store.Tx) (err error) {
				b, err = conversation.StartBulk(tx, by, c.do, []rapport.ConversationID{was.ID})
				return err
			})
			if items := through(b); items[0].Outcome != rapport.BulkDone {
				t.Errorf("%s: the action is %s: %s", c.name, items[0].Outcome, items[0].Reason)
				continue
			}
			for _, step := range c.since {
				step(customer)
			}
			clocks := w.Of(customer)
			if c.clocks {
				clocks = was
			}
			w.Update(func(tx *store.Tx) (err error) {
				undo, err = conversation.UndoBulk(tx, by, b.ID)
				return err
			})
			item, is := through(undo)[0], w.Of(customer)
			if item.Reason != c.reason || (item.Outcome == rapport.BulkDone) != (c.reason == "") {
				t.Errorf("%s: undoing is %s: %q, not %q", c.name, item.Outcome, item.Reason, c.reason)
			}
			if got := w.Holder(customer); got != c.holder {
				t.Errorf("%s: %q has it, not %q", c.name, got, c.holder)
			}
			if want := cmp.Or(c.state, rapport.Open); is.State != want || c.reason == "" && is.QueueID != was.QueueID {
				t.Errorf("%s: it is %s in %s", c.name, is.State, is.QueueName)
			}
			if c.reason == "" && c.clocks && !is.SnoozedUntil.Equal(was.SnoozedUntil) {
				t.Errorf("%s: it sleeps until %v, not %v", c.name, is.SnoozedUntil, was.SnoozedUntil)
			}
			if !is.AwaitsSince.Equal(clocks.AwaitsSince) || !is.SilentSince.Equal(clocks.SilentSince) {
				t.Errorf("%s: awaits since %v and silent since %v, not %v and %v", c.name, is.AwaitsSince, is.SilentSince, clocks.AwaitsSince, clocks.SilentSince)
			}
			if c.reason != "" && !by.Sees(&is.Conversation) {
				d.names["undo"], d.names["it"] = string(undo.ID), string(is.ID)
				d.run(exchange{as: c.by, do: "GET /api/v1/bulk/<undo>", status: 200, says: []string{`"conversation_id":"<it>","contact_name":""`}, lacks: []string{"carla"}})
			}
			w.SetState("sue", customer, rapport.Closed) // which makes room for the next
		}
	})
}
