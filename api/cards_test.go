package api_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"rapport"
	"rapport/api"
	"rapport/card"
	"rapport/rapporttest"
)

// S3-73: admins set cards up, agents see and change values, and nobody ever
// sees a secret again.
func TestContextCards(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		city := "Köln"
		source := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "Bearer s3cret-token" {
				out.WriteHeader(http.StatusUnauthorized)
				return
			}
			if r.Method == http.MethodPatch {
				city = "Bonn"
			}
			io.WriteString(out, `{"who":"`+r.URL.Query().Get("email")+`","city":"`+city+`"}`)
		}))
		defer source.Close()
		d := newDesk(t, w, func(c *api.Config) {
			var err error
			if c.Cards, err = card.New(card.Config{DB: c.DB, Box: c.Box, Allow: []string{source.Listener.Addr().String()}, Log: c.Log}); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(c.Cards.Close)
		})
		d.names["support"], d.names["billing"] = string(w.Queue("support", "ana").ID), string(w.Queue("billing", "ben").ID)
		w.Inbox("site", "support")
		w.Agent("ada", rapporttest.As(rapport.RoleAdmin))
		w.Agent("sue", rapporttest.As(rapport.RoleSupervisor))
		got := w.Write("mia@example.com", "Hello?")
		d.names["c"], d.names["k"], d.names["url"] = string(got.Conversation.ID), string(got.Conversation.ContactID), source.URL
		body := func(url, token, more string) string {
			return `{` + more + `"name":"CRM","enabled":true,"method":"GET","url":"` + url + `/x?email={{contact.email}}","headers":[{"name":"Authorization","value":"` + token + `","secret":true}],"timeout_seconds":5,"cache_seconds":60,
				"fields":[{"name":"who","label":"Who","type":"text","path":"$.who"},{"name":"city","label":"City","type":"text","path":"$.city","editable":true,"target":"address.city"}],"write":{"method":"PATCH","url":"` + url + `/x?email={{contact.email}}"}}`
		}
		changed := []string{"settings.cards"}
		d.run(
			exchange{as: "ana", do: "GET /api/v1/cards", status: 403},
			exchange{as: "sue", do: "POST /api/v1/cards", status: 403, body: body("<url>", "Bearer s3cret-token", "")},
			exchange{as: "ada", do: "POST /api/v1/cards", status: 400, body: body("https://{{contact.name}}.example.com", "x", ""), says: []string{`"field":"url"`}},
			exchange{as: "ada", do: "POST /api/v1/cards/try", status: 200, body: `{"card":` + body("<url>", "Bearer s3cret-token", "") + `,"sample":{"contact.email":"a b@example.com"}}`, says: []string{`"state":"ok"`, `"value":"a b@example.com"`, `email=a%20b%40example.com`, "Köln"}, lacks: []string{"s3cret"}},
			exchange{as: "ada", do: "POST /api/v1/cards/try", status: 200, body: `{"card":` + body("<url>", "Bearer wr0ng-token", "") + `,"contact_id":"<k>"}`, says: []string{`"state":"denied"`}, lacks: []string{"wr0ng"}},
			exchange{as: "ada", do: "POST /api/v1/cards", status: 201, body: body("<url>", "Bearer s3cret-token", ""), remains: map[string]string{"card": "id"}, says: []string{`"value":"***"`, `"version":1`}, lacks: []string{"s3cret"}, events: changed},
			exchange{as: "ada", do: "POST /api/v1/cards", status: 409, body: body("<url>", "Bearer x-y-z-token", ""), says: []string{"name_taken"}},
			exchange{as: "ada", do: "GET /api/v1/cards", status: 200, says: []string{`"value":"***"`}, lacks: []string{"s3cret", "v1."}},
			// Agents see values, in conversations that they see.
			exchange{as: "ana", do: "GET /api/v1/conversations/<c>/cards", status: 200, says: []string{`"label":"City"`, `"may_change":true`}, lacks: []string{"<url>", "Authorization", "$.city"}},
			exchange{as: "ana", do: "GET /api/v1/conversations/<c>/cards/<card>", status: 200, says: []string{`"value":"mia@example.com"`, "Köln", `"as_of"`}},
			exchange{as: "ben", do: "GET /api/v1/conversations/<c>/cards", status: 404},
			exchange{as: "ben", do: "GET /api/v1/conversations/<c>/cards/<card>", status: 404},
			exchange{as: "ben", do: "POST /api/v1/conversations/<c>/cards/<card>", status: 404, body: `{"key":"1","seen":{"city":"Köln"},"values":{"city":"Bonn"}}`},
			exchange{as: "ana", do: "POST /api/v1/conversations/<c>/cards/<card>", status: 400, body: `{"key":"1","seen":{},"values":{"who":"x"}}`, says: []string{`"field":"values.who"`}},
			exchange{as: "ana", do: "POST /api/v1/conversations/<c>/cards/<card>", status: 409, body: `{"key":"2","seen":{"city":"Ulm"},"values":{"city":"Bonn"}}`, says: []string{"card_changed", "Köln"}},
			exchange{as: "ana", do: "POST /api/v1/conversations/<c>/cards/<card>", status: 200, body: `{"key":"3","seen":{"city":"Köln"},"values":{"city":"Bonn"}}`, says: []string{"Bonn"}, events: []string{"conversation.changed"}},
			exchange{as: "ana", do: "POST /api/v1/conversations/<c>/cards/<card>", status: 200, body: `{"key":"3","seen":{"city":"Köln"},"values":{"city":"Bonn"}}`, says: []string{"Bonn"}},
			// Changes keep the secret, unless it would go elsewhere.
			exchange{as: "ada", do: "PUT /api/v1/cards/<card>", status: 409, body: body("<url>", "***", `"version":7,`), says: []string{`"changed"`}},
			exchange{as: "ada", do: "PUT /api/v1/cards/<card>", status: 400, body: body("https://evil.example.com", "***", `"version":1,`), says: []string{`"field":"headers.0.value"`}},
			exchange{as: "ada", do: "POST /api/v1/cards/try", status: 400, body: `{"id":"<card>","card":` + body("https://evil.example.com", "***", "") + `,"contact_id":"<k>"}`, says: []string{`"field":"headers.0.value"`}},
			exchange{as: "ada", do: "PUT /api/v1/cards/<card>", status: 200, body: body("<url>", "***", `"version":1,"queues":["<billing>"],`), says: []string{`"version":2`}, events: changed},
			exchange{as: "ana", do: "GET /api/v1/conversations/<c>/cards", status: 200, says: []string{`"items":[]`}},
			exchange{as: "ana", do: "GET /api/v1/conversations/<c>/cards/<card>", status: 404},
			exchange{as: "ada", do: "PUT /api/v1/cards/<card>", status: 200, body: body("<url>", "***", `"version":2,`), events: changed},
			exchange{as: "ana", do: "GET /api/v1/conversations/<c>/cards/<card>", status: 200, says: []string{`"state":"ok"`}},
			exchange{as: "ada", do: "PUT /api/v1/cards/order", status: 400, body: `{"ids":[]}`},
			exchange{as: "ada", do: "PUT /api/v1/cards/order", status: 200, body: `{"ids":["<card>"]}`, events: changed},
			exchange{as: "ada", do: "PATCH /api/v1/cards/<card>", status: 200, body: `{"enabled":false}`, events: changed},
			exchange{as: "ana", do: "GET /api/v1/conversations/<c>/cards", status: 200, says: []string{`"items":[]`}},
			exchange{as: "ada", do: "GET /api/v1/audit", status: 200, says: []string{"card.changed"}, lacks: []string{"s3cret"}},
			exchange{as: "ada", do: "DELETE /api/v1/cards/<card>", status: 204, events: changed},
			exchange{as: "ada", do: "DELETE /api/v1/cards/<card>", status: 404},
		)
		lines := 0
		for _, it := range w.Items("mia@example.com") {
			if it.Event == "card" && strings.Contains(it.Body, "“Köln” to “Bonn”") {
				lines++
			}
		}
		if lines != 1 {
			t.Errorf("the thread tells it %d times", lines)
		}
	})
}
