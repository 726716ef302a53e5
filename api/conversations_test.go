package api_test

import (
	"testing"

	"rapport"
	"rapport/api"
	"rapport/rapporttest"
)

// named lets the steps speak of people, queues and the conversations of customers.
func (d *desk) named(customers ...string) {
	d.world.T.Helper()
	for _, c := range customers {
		v := d.world.Of(c)
		d.names[c], d.names[c+" contact"] = string(v.ID), string(v.ContactID)
	}
}

func TestWorkingAConversation(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		d := newDesk(t, w)
		support, sales := w.Queue("support", "ana", "ben"), w.Queue("sales", "carla")
		w.Agent("sue", rapporttest.As(rapport.RoleSupervisor))
		for _, name := range []string{"ana", "ben", "carla", "sue"} {
			w.Status(name, rapport.StatusAway)
			d.names[name] = string(w.Agent(name).ID)
		}
		d.names["support"], d.names["sales"] = string(support.ID), string(sales.ID)
		w.Inbox("site", "support")
		w.Write("maria", "Where is my parcel?")
		d.named("maria")
		const c = "/api/v1/conversations/<maria>"
		d.run(
			exchange{as: "ana", do: "GET /api/v1/conversations?view=unassigned", status: 200, says: []string{"<maria>", `"waiting":{`, `"contact_name":"maria"`}},
			exchange{as: "ana", do: "GET /api/v1/counts", status: 200, says: []string{`{"mine":0,"unassigned":1,"chatbots":0,"all":1}`}},
			// Invariant 7: whoever is not in the queue does not know of it.
			exchange{as: "carla", do: "GET /api/v1/conversations", status: 200, says: []string{`"items":[]`}},
			exchange{as: "carla", do: "GET " + c, status: 404},
			exchange{as: "carla", do: "GET " + c + "/items", status: 404},
			exchange{as: "carla", do: "GET " + c + "/decisions", status: 404},
			exchange{as: "carla", do: "GET " + c + "/targets", status: 404},
			exchange{as: "carla", do: "GET /api/v1/contacts/<maria contact>", status: 404},
			exchange{as: "carla", do: "POST " + c + "/notes", body: `{"body":"hm"}`, status: 404},

			exchange{as: "ana", do: "GET " + c, status: 200, says: []string{`"may":{"reply":{"ok":true`, `"claim":{"ok":true`, `"release":{"ok":false,"why":"Nobody has`, `"contact":{"id":"<maria contact>"`}},
			exchange{as: "ana", do: "POST " + c + "/claim", body: `{}`, status: 200, says: []string{`"assignee_name":"ana"`}, events: []string{"conversation.assigned"}},
			// S3-28: the second one hears who has it.
			exchange{as: "ben", do: "POST " + c + "/claim", body: `{}`, status: 409, says: []string{"already_assigned", `"assignee":{"id":"<ana>","name":"ana"}`, `"detail":"ana already has`}},
			exchange{as: "ben", do: "POST " + c + "/messages", body: `{"body":"Hi"}`, status: 409, says: []string{"already_assigned"}},
			exchange{as: "ben", do: "GET " + c, status: 200, says: []string{`"reply":{"ok":false,"why":"ana already has`}},

			exchange{as: "ana", do: "POST " + c + "/messages", body: `{"body":"On its way.","client_id":"c1"}`, status: 201, says: []string{`"delivery":"sent"`}, events: []string{"message.sent"}},
			exchange{as: "ana", do: "POST " + c + "/messages", body: `{"body":"On its way.","client_id":"c1"}`, status: 200, says: []string{`"client_id":"c1"`}},
			exchange{as: "ana", do: "POST " + c + "/messages", body: `{"body":"  "}`, status: 400, says: []string{`"field":"body"`}},
			exchange{as: "ben", do: "POST " + c + "/notes", body: `{"body":"Known to me."}`, status: 201, says: []string{`"kind":"note"`}, events: []string{"note.added"}},
			exchange{as: "ana", do: "GET " + c + "/items?limit=2", status: 200, says: []string{"On its way.", "Known to me.", `"more":true`}, lacks: []string{"parcel"}},
			exchange{as: "ana", do: "GET " + c + "/items?after=1&limit=1", status: 200, says: []string{`"seq":2`, `"more":true`}, lacks: []string{`"seq":3`}},
			exchange{as: "ana", do: "POST " + c + "/seen", body: `{"seq":99}`, status: 204, events: []string{"conversation.seen"}},
			exchange{as: "ana", do: "POST " + c + "/seen", body: `{"seq":1}`, status: 204},

			exchange{as: "ana", do: "GET " + c + "/targets", status: 200, says: []string{`"name":"ben","availability":"away","load":0,"capacity":5,"eligible":false,"reason":"Status is away."`, `{"id":"<sales>","name":"sales","available":0,"waiting":0}`}, lacks: []string{`"name":"carla"`, `"name":"ana"`}},
			exchange{as: "ana", do: "POST " + c + "/transfer", body: `{"agent_id":"<ben>","reason":"knows"}`, status: 409, says: []string{"not_eligible", `"verdict":"not_available"`, `"overridable":true`}},
			exchange{as: "ben", do: "POST " + c + "/transfer", body: `{"agent_id":"<ben>","reason":""}`, status: 403, says: []string{"not_holder"}},
			exchange{as: "ana", do: "POST " + c + "/transfer", body: `{"agent_id":"<ben>","reason":"knows","override":true}`, status: 200, says: []string{`"assignee_name":"ben"`}, events: []string{"conversation.assigned", "notification.added"}},
			exchange{as: "ben", do: "POST " + c + "/transfer", body: `{"queue_id":"<sales>","reason":"wants more"}`, status: 200, says: []string{`"transfer":{`, `"assignee_name":"ben"`}, events: []string{"conversation.transferred"}},
			exchange{as: "carla", do: "GET " + c, status: 200, says: []string{`"claim":{"ok":true`}},
			exchange{as: "ben", do: "DELETE " + c + "/transfer", status: 200, lacks: []string{`"transfer":{"queue_id"`}, events: []string{"conversation.changed"}},
			exchange{as: "ben", do: "POST " + c + "/release", body: `{"reason":"lunch"}`, status: 200, says: []string{`"waiting":{`}, events: []string{"conversation.assigned"}},
			exchange{as: "ana", do: "POST " + c + "/claim", status: 200, events: []string{"conversation.assigned"}},
			exchange{as: "sue", do: "PATCH " + c, body: `{"priority":"high"}`, status: 200, says: []string{`"priority":"high"`}, events: []string{"conversation.changed"}},
			exchange{as: "sue", do: "PATCH " + c, body: `{"priority":"huge"}`, status: 400, says: []string{`"field":"priority"`}},
			exchange{as: "ana", do: "POST " + c + "/state", body: `{"state":"solved"}`, status: 200, says: []string{`"state":"solved"`}, events: []string{"conversation.state"}},
			exchange{as: "ana", do: "GET /api/v1/conversations?view=history", status: 200, says: []string{"<maria>"}},
			exchange{as: "ana", do: "GET /api/v1/conversations?view=mine", status: 200, says: []string{`"items":[]`}},
			exchange{as: "ana", do: "GET " + c + "/decisions", status: 200, says: []string{`"sentence":"Claimed by ana"`, `"trigger":"release"`}},
			exchange{as: "ana", do: "GET /api/v1/contacts/<maria contact>", status: 200, says: []string{`"conversations":[{`, `"last_agent":{"agent":{"id":"<ana>","name":"ana"}`, `"expires_at":`}},
			exchange{as: "ana", do: "PATCH /api/v1/contacts/<maria contact>", body: `{"name":"Maria Silva"}`, status: 200, says: []string{`"name":"Maria Silva"`, `"known":true`}, events: []string{"contact.changed"}},
			exchange{as: "ana", do: "PATCH /api/v1/contacts/<maria contact>", body: `{"name":" "}`, status: 400},
			exchange{as: "ana", do: "POST " + c + "/state", body: `{"state":"closed"}`, status: 200, events: []string{"conversation.state"}},
			exchange{as: "ana", do: "POST " + c + "/state", body: `{"state":"open"}`, status: 409, says: []string{"closed"}},
			exchange{as: "ana", do: "GET " + c, status: 200, lacks: []string{"followed_by"}},
		)
		// What continues it, and what it continues, name each other to who may see both.
		next := w.Write("maria", "It is broken")
		d.names["next"] = string(next.Conversation.ID)
		w.SetState("sue", "maria", rapport.Closed)
		w.Write("maria", "And another thing")
		d.names["last"] = string(w.Of("maria").ID)
		d.run(
			exchange{as: "ana", do: "GET " + c, status: 200, says: []string{`"followed_by":{"id":"<next>"`}, lacks: []string{"follows_summary"}},
			exchange{as: "ana", do: "GET /api/v1/conversations/<next>", status: 200, says: []string{`"follows_summary":{"id":"<maria>"`, `"followed_by":{"id":"<last>"`}},
			exchange{as: "ana", do: "GET /api/v1/conversations/<last>", status: 200, says: []string{`"follows_summary":{"id":"<next>"`}, lacks: []string{"followed_by"}},
		)
		w.TransferToQueue("sue", "maria", "sales")
		d.run(exchange{as: "ben", do: "GET /api/v1/conversations/<next>", status: 200, lacks: []string{"followed_by"}})
	})
}

func TestListsArePaged(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		d := newDesk(t, w)
		w.Queue("support", "ana")
		w.Inbox("site", "support")
		for _, c := range []string{"one", "two", "three", "four", "five"} {
			w.Write(c, "Hello")
			d.named(c)
		}
		d.run(
			exchange{as: "ana", do: "GET /api/v1/conversations?limit=2", status: 200, says: []string{"<one>", "<two>"}, lacks: []string{"<three>"}, remains: map[string]string{"cursor": "next"}},
			exchange{as: "ana", do: "GET /api/v1/conversations?limit=2&cursor=<cursor>", status: 200, says: []string{"<three>", "<four>"}, lacks: []string{"<two>", "<five>"}, remains: map[string]string{"cursor": "next"}},
			exchange{as: "ana", do: "GET /api/v1/conversations?limit=2&cursor=<cursor>", status: 200, says: []string{"<five>", `"next":""`}, lacks: []string{"<four>"}},
			exchange{as: "ana", do: "GET /api/v1/conversations?limit=2&sort=latest", status: 200, says: []string{"<five>", "<four>"}, lacks: []string{"<three>"}, remains: map[string]string{"back": "next"}},
			exchange{as: "ana", do: "GET /api/v1/conversations?limit=2&sort=latest&cursor=<back>", status: 200, says: []string{"<three>", "<two>"}},
			// A cursor belongs to its list.
			exchange{as: "ana", do: "GET /api/v1/conversations?limit=2&cursor=<back>", status: 400, says: []string{`"field":"cursor"`}},
			exchange{as: "ana", do: "GET /api/v1/conversations?cursor=!!", status: 400, says: []string{`"field":"cursor"`}},
			exchange{as: "ana", do: "GET /api/v1/conversations?contact=<two contact>", status: 200, says: []string{"<two>"}, lacks: []string{"<one>"}},
			exchange{as: "ana", do: "GET /api/v1/conversations?view=none", status: 400, says: []string{`"field":"view"`}},
			exchange{as: "ana", do: "GET /api/v1/conversations?limit=1000", status: 400, says: []string{`"field":"limit"`}},
		)
	})
}

func TestTheBoardShowsWhoWaits(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	d := newDesk(t, w)
	w.Queue("support", "ana")
	w.Status("ana", rapport.StatusBusy)
	w.Agent("sue", rapporttest.As(rapport.RoleSupervisor))
	w.Inbox("site", "support")
	w.Write("maria", "Hello")
	d.run(
		exchange{as: "sue", do: "GET /api/v1/board", status: 200, says: []string{`"name":"support","waiting":1,"oldest_since":"`, `"available":0`, `"reason":"`, `"status":"busy"`}},
	)
}

func FuzzCursor(f *testing.F) {
	f.Add("")
	f.Add("e30")
	f.Add(api.Place{List: "l", ID: "x"}.String())
	f.Fuzz(func(t *testing.T, cursor string) {
		p, err := api.ParsePlace("l", cursor)
		if err != nil {
			if rapport.KindOf(err) != rapport.Invalid {
				t.Fatalf("%q is refused as %v", cursor, err)
			}
			return
		}
		if cursor == "" {
			return
		}
		if p.List != "l" || p.ID == "" {
			t.Fatalf("%q became %+v", cursor, p)
		}
		again, err := api.ParsePlace("l", p.String())
		if err != nil || again.ID != p.ID || again.Text != p.Text || !again.At.Equal(p.At) {
			t.Fatalf("%+v became %+v: %v", p, again, err)
		}
	})
}
