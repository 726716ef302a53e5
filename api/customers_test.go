package api_test

import (
	"strings"
	"testing"

	"rapport"
	"rapport/rapporttest"
)

// An admin says what is known of customers; agents fill it in, and the server
// checks (S3-54, S3-55).
func TestAttributesAreDefinedAndChecked(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		d := newDesk(t, w)
		w.Agent("ada", rapporttest.As(rapport.RoleAdmin))
		w.Queue("general", "ana")
		w.Write("mia", "Hello")
		d.names["mia"] = string(w.Of("mia").ContactID)
		set := []string{"settings.attributes"}
		d.run(
			exchange{as: "ana", do: "GET /api/v1/attributes", status: 200, says: []string{`"gender"`, `"city"`, `"country"`, `"language"`, `"time_zone"`}},
			exchange{as: "ana", do: "POST /api/v1/attributes", body: `{"name":"born","label":"Born","kind":"date","shown":true}`, status: 403},
			exchange{as: "ada", do: "POST /api/v1/attributes", body: `{"name":"born","label":"Born","kind":"date","shown":true}`, status: 201, events: set},
			exchange{as: "ada", do: "POST /api/v1/attributes", body: `{"name":"born","label":"Born","kind":"date","shown":true}`, status: 409, says: []string{"name_taken"}},
			exchange{as: "ada", do: "POST /api/v1/attributes", body: `{"name":"Plan!","label":"Plan","kind":"text","shown":true}`, status: 400, says: []string{"lower case letters"}},
			exchange{as: "ada", do: "POST /api/v1/attributes", body: `{"name":"plan","label":"Plan","kind":"choice","choices":[],"shown":true}`, status: 400, says: []string{"choices are needed"}},
			exchange{as: "ada", do: "PATCH /api/v1/attributes/gender", body: `{"shown":false}`, status: 200, events: set},
			exchange{as: "ada", do: "DELETE /api/v1/attributes/gender", status: 409, says: []string{"built_in"}},
			exchange{as: "ada", do: "PUT /api/v1/attributes/order", body: `{"names":["born"]}`, status: 400},
			exchange{as: "ada", do: "PUT /api/v1/attributes/order", body: `{"names":["born","gender","city","country","language","time_zone"]}`, status: 200, events: set},

			// Hidden or shown, agents may edit it (S3-55); what does not fit is refused.
			exchange{as: "ana", do: "PATCH /api/v1/contacts/<mia>", body: `{"fields":{"gender":"female","born":"24.12.1990"},"tags":["vip"]}`, status: 200, events: []string{"contact.changed", "contact.changed"},
				says: []string{`"gender":"Female"`, `"born":"1990-12-24"`, `"vip"`}},
			exchange{as: "ana", do: "PATCH /api/v1/contacts/<mia>", body: `{"fields":{"born":"soon"}}`, status: 400, says: []string{"fields.born", "write it like 2026-11-26"}},
			exchange{as: "ana", do: "PATCH /api/v1/contacts/<mia>", body: `{"fields":{"country":"Atlantis"}}`, status: 400, says: []string{"not a country"}},
			exchange{as: "ana", do: "PATCH /api/v1/contacts/<mia>", body: `{"fields":{"order_number":"4711"}}`, status: 200, events: []string{"contact.changed"}, says: []string{"4711"}},
			exchange{as: "ana", do: "GET /api/v1/contacts/<mia>/changes", status: 200, says: []string{`"what":"born","to":"1990-12-24"`, `"by_name":"ana"`}},
			exchange{as: "ada", do: "DELETE /api/v1/attributes/born", status: 204, events: set},
			exchange{as: "ana", do: "GET /api/v1/contacts/<mia>", status: 200, says: []string{`"born":"1990-12-24"`}},
		)
	})
}

// Contact points are canonical; one that somebody else has is refused, naming
// them to those who may see them.
func TestContactPointsAreAddedChangedAndRemoved(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		d := newDesk(t, w)
		w.Agent("sue", rapporttest.As(rapport.RoleSupervisor))
		w.Settings(func(s *rapport.Settings) { s.Country = "DE" })
		w.Queue("support", "ana")
		w.Inbox("site", "support")
		w.Queue("billing", "ben")
		w.Inbox("bills", "billing")
		w.Write("mia", "Hello")
		w.Write("tom@example.com", "Hello", w.In("bills"))
		d.names["mia"], d.names["tom"] = string(w.Of("mia").ContactID), string(w.Of("tom@example.com").ContactID)
		changed := []string{"contact.changed"}
		points := "/api/v1/contacts/<mia>/points"
		d.run(
			exchange{as: "ana", do: "POST " + points, body: `{"address":"030 901820"}`, status: 200, events: changed, says: []string{`"address":"+4930901820"`}},
			exchange{as: "ana", do: "POST " + points, body: `{"address":"+49 30 901820"}`, status: 200},
			exchange{as: "ana", do: "POST " + points, body: `{"address":"12"}`, status: 400, says: []string{"lacks its area code"}},
			exchange{as: "ana", do: "POST " + points, body: `{"kind":"visitor","address":"x"}`, status: 400},
			exchange{as: "ana", do: "POST " + points, body: `{"address":"TOM@example.com"}`, status: 409, says: []string{"point_taken", "whom you may not see"}, lacks: []string{"<tom>"}},
			exchange{as: "sue", do: "POST " + points, body: `{"address":"TOM@example.com"}`, status: 409, says: []string{"point_taken", "<tom>", "merge the two"}},
			exchange{as: "ana", do: "PATCH " + points, body: `{"kind":"phone","address":"+4930901820","to":"mia@example.com"}`, status: 200, events: changed, says: []string{"mia@example.com"}, lacks: []string{"+4930901820"}},
			exchange{as: "ana", do: "DELETE " + points + "?kind=email&address=mia@example.com", status: 200, events: changed, lacks: []string{"mia@example.com"}},
			exchange{as: "ana", do: "DELETE " + points + "?kind=email&address=mia@example.com", status: 404},
			exchange{as: "ben", do: "POST " + points, body: `{"address":"030 901821"}`, status: 404},
		)
	})
}

// The list holds whom one may see, narrowed and sorted, page by page.
func TestListingCustomers(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		d := newDesk(t, w)
		w.Agent("sue", rapporttest.As(rapport.RoleSupervisor))
		w.Agent("ada", rapporttest.As(rapport.RoleAdmin))
		w.Queue("support", "ana")
		w.Inbox("site", "support")
		w.Queue("billing", "ben")
		w.Inbox("bills", "billing")
		for _, name := range []string{"Anna", "berta", "Carl"} {
			w.Write(name, "Hello")
			d.names[strings.ToLower(name)] = string(w.Of(name).ContactID)
		}
		w.Write("dora@example.com", "Hello", w.In("bills"))
		list := "GET /api/v1/contacts?"
		d.run(
			exchange{as: "sue", do: list + "sort=name&limit=2", status: 200, says: []string{"Anna", "berta"}, lacks: []string{"Carl", "dora"}, remains: map[string]string{"next": "next"}},
			exchange{as: "sue", do: list + "sort=name&limit=2&cursor=<next>", status: 200, says: []string{"Carl", "dora@example.com"}, lacks: []string{"Anna", "berta"}},
			exchange{as: "sue", do: list + "sort=created&cursor=<next>", status: 400},
			exchange{as: "ana", do: list, status: 200, says: []string{"Anna", "berta", "Carl"}, lacks: []string{"dora"}},
			exchange{as: "ana", do: list + "q=ERT", status: 200, says: []string{"berta"}, lacks: []string{"Anna", "Carl"}},
			exchange{as: "sue", do: "PATCH /api/v1/contacts/<berta>", body: `{"name":"ÖZLEM  İvanОВА"}`, status: 200, events: []string{"contact.changed"}},
			exchange{as: "ana", do: list + "q=özlem", status: 200, says: []string{`"id":"<berta>"`}, lacks: []string{"Anna", "Carl"}},
			exchange{as: "ana", do: list + "q=İvanова", status: 200, says: []string{`"id":"<berta>"`}, lacks: []string{"Anna", "Carl"}},
			exchange{as: "ana", do: list + "q=%25", status: 200, says: []string{`"items":[]`}},
			exchange{as: "sue", do: list + "q=dora@", status: 200, says: []string{"dora@example.com"}, lacks: []string{"Anna"}},
			exchange{as: "ana", do: "PATCH /api/v1/contacts/<carl>", body: `{"fields":{"city":"Köln"},"tags":["VIP"]}`, status: 200, events: []string{"contact.changed", "contact.changed"}},
			exchange{as: "ana", do: list + "tag=vip", status: 200, says: []string{"Carl"}, lacks: []string{"Anna"}},
			exchange{as: "ana", do: list + "field=city&value=köln", status: 200, says: []string{"Carl"}, lacks: []string{"Anna"}},
			exchange{as: "ana", do: "POST /api/v1/contacts", body: `{"name":"Emil"}`, status: 403},
			exchange{as: "sue", do: "POST /api/v1/contacts", body: `{"name":"Emil","points":["emil@example.com"],"fields":{"country":"de"}}`, status: 201, says: []string{`"country":"DE"`}, events: []string{"contact.changed"}, remains: map[string]string{"emil": "id"}},
			exchange{as: "sue", do: "POST /api/v1/contacts", body: `{"name":"Emil","points":["emil@example.com"]}`, status: 409, says: []string{"point_taken"}},
			exchange{as: "ana", do: "GET /api/v1/contacts/<emil>", status: 404},
			exchange{as: "sue", do: "GET /api/v1/contacts/<emil>/merge?with=<carl>", status: 200, says: []string{`"conversations":1`, `"name":"city"`}},
			exchange{as: "sue", do: "POST /api/v1/contacts/<emil>/merge", body: `{"with":"<carl>","fields":{"city":"nobody"}}`, status: 400},
			exchange{as: "sue", do: "POST /api/v1/contacts/<emil>/merge", body: `{"with":"<carl>"}`, status: 200, says: []string{`"merge"`, "Köln"}, events: []string{"conversation.changed", "contact.merged", "contact.merged"}, remains: map[string]string{"merge": "merge.id"}},
			// Links to who was merged lead to who is left.
			exchange{as: "ana", do: "GET /api/v1/contacts/<carl>", status: 200, says: []string{"<emil>", `"merges":[{`}},
			exchange{as: "sue", do: "PATCH /api/v1/contacts/<carl>", body: `{"tags":["x"]}`, status: 409, says: []string{"merged", "<emil>"}},
			// The audit log has ids, and says whose they are.
			exchange{as: "ada", do: "GET /api/v1/audit?limit=1", status: 200, says: []string{`"action":"contact.merged","subject":"<emil>"`, `"<emil>":"Emil"`, `"<carl>":"Carl"`}, lacks: []string{"berta"}},
			exchange{as: "sue", do: "POST /api/v1/contact-merges/<merge>/undo", status: 200, events: []string{"conversation.changed", "contact.unmerged", "contact.unmerged"}},
			exchange{as: "ana", do: "GET /api/v1/contacts/<carl>", status: 200, says: []string{`"id":"<carl>"`, "Köln"}},
		)
	})
}
