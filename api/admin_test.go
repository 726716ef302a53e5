package api_test

import (
	"fmt"
	"strings"
	"testing"

	"rapport"
	"rapport/lib/secretbox"
	"rapport/rapporttest"
	"rapport/store"
)

func TestQueuesAndSettings(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		d := newDesk(t, w)
		w.Agent("ada", rapporttest.As(rapport.RoleAdmin))
		d.names["ana"], d.names["ben"] = string(w.Agent("ana").ID), string(w.Agent("ben").ID)
		d.names["general"] = string(w.General)
		const sticky = `{"enabled":true,"days":3,"availability_check":true,"mode":"strict","min_replies":1,"open_case":true}`
		d.run(
			exchange{
				as: "ada", do: "POST /api/v1/queues", status: 201, says: []string{`"name":"Sales"`, `"strategy":"least_load"`, `"days":3`}, remains: map[string]string{"sales": "id"},
				body:   `{"name":" Sales ","strategy":"least_load","capacity":2,"sticky":` + sticky + `,"members":[{"agent_id":"<ana>","can_reply":true},{"agent_id":"<ben>","can_reply":false}]}`,
				events: []string{"queue.changed", "member.changed", "member.changed"},
			},
			exchange{as: "ada", do: "POST /api/v1/queues", body: `{"name":"Sales"}`, status: 409, says: []string{"name_taken"}},
			exchange{as: "ada", do: "POST /api/v1/queues", body: `{"name":""}`, status: 400, says: []string{`"field":"name"`}},
			exchange{as: "ada", do: "POST /api/v1/queues", body: `{"name":"X","sticky":{"days":1}}`, status: 400, says: []string{`"field":"sticky"`}},
			exchange{as: "ana", do: "GET /api/v1/queues", status: 200, says: []string{`{"agent_id":"<ben>","can_reply":false}`, `"available":1`, `"default":true`}},
			exchange{as: "ada", do: "PATCH /api/v1/queues/<sales>", body: `{"capacity":null,"sticky":null,"members":[{"agent_id":"<ana>","can_reply":true}]}`, status: 200, says: []string{`"capacity":null`, `"sticky":null`, `"name":"Sales"`, `"version":2`}, events: []string{"queue.changed", "member.changed"}},
			exchange{as: "ada", do: "PATCH /api/v1/queues/<general>", body: `{"members":[]}`, status: 200, events: []string{"queue.changed"}},
			exchange{as: "ada", do: "DELETE /api/v1/queues/<general>", status: 409, says: []string{"default_queue"}},
			exchange{as: "ada", do: "DELETE /api/v1/queues/<sales>", status: 204, events: []string{"queue.deleted"}},
			exchange{as: "ada", do: "GET /api/v1/audit?limit=1", status: 200, says: []string{`"action":"queue.deleted","subject":"Sales"`}, remains: map[string]string{"cursor": "next"}},
			exchange{as: "ada", do: "GET /api/v1/audit?limit=2&cursor=<cursor>", status: 200, says: []string{`"action":"queue.changed"`, `capacity: 2 → null`}, lacks: []string{"queue.deleted"}},

			exchange{as: "ana", do: "GET /api/v1/settings", status: 200, says: []string{`"capacity":5`, `"version":1`}},
			exchange{as: "ada", do: "PATCH /api/v1/settings", body: `{"capacity":7,"country":"de"}`, status: 200, says: []string{`"capacity":7`, `"country":"DE"`, `"version":2`, `"days":7`}, events: []string{"settings.changed"}},
			exchange{as: "ada", do: "PATCH /api/v1/settings", body: `{"country":"uk"}`, status: 400, says: []string{`"field":"country"`, `\"UK\" is not a country whose phone numbers are known`}},
			exchange{as: "ada", do: "PATCH /api/v1/settings", body: `{"country":""}`, status: 200, says: []string{`"country":""`}, events: []string{"settings.changed"}},
			exchange{as: "ada", do: "PATCH /api/v1/settings", body: `{"capacity":8,"version":1}`, status: 409, says: []string{"changed_meanwhile"}},
			exchange{as: "ada", do: "PATCH /api/v1/settings", body: `{"transfer_minutes":0}`, status: 400, says: []string{`"field":"transfer_minutes"`}},
		)
	})
}

func TestInboxesKeepTheirSecrets(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		d := newDesk(t, w)
		w.Agent("ada", rapporttest.As(rapport.RoleAdmin))
		d.names["support"] = string(w.Queue("support").ID)
		d.run(
			exchange{as: "ada", do: "GET /api/v1/channels", status: 200, says: []string{`"kind":"hook"`, `"kind":"site"`, `"type":"color"`, `"caps":{`}},
			exchange{as: "ada", do: "POST /api/v1/inboxes", body: `{"channel":"pigeon","name":"P"}`, status: 400, says: []string{`"field":"channel"`}},
			exchange{as: "ada", do: "POST /api/v1/inboxes", body: `{"channel":"hook","name":"CRM"}`, status: 400, says: []string{`"field":"options.url"`}},
			exchange{as: "ada", do: "POST /api/v1/inboxes", body: `{"channel":"site","name":"Shop","queue_id":"none"}`, status: 400, says: []string{`"field":"queue_id"`}},
			exchange{
				as: "ada", do: "POST /api/v1/inboxes", status: 201, events: []string{"inbox.changed"},
				body:    `{"channel":"hook","name":"CRM","queue_id":"<support>","enabled":true,"options":{"url":"https://example.com/hook"}}`,
				says:    []string{`"secrets":{"token":"tok_`, `"token":"***"`, `"pulls":false`, `"snippet":""`},
				remains: map[string]string{"hook": "inbox.id", "token": "secrets.token"},
			},
			exchange{
				as: "ada", do: "POST /api/v1/inboxes", status: 201, events: []string{"inbox.changed"},
				body: `{"channel":"site","name":"Shop","options":{}}`, says: []string{`"pulls":true`, `"color":"#112233"`, `"secrets":{}`}, remains: map[string]string{"site": "inbox.id"},
			},
			exchange{as: "ada", do: "GET /api/v1/inboxes", status: 200, says: []string{`"endpoint":"http://example.com/in/<hook>"`, `widget.js\" data-inbox=\"<site>\" async`, `"token":"***"`}, lacks: []string{"<token>"}},
			exchange{as: "ada", do: "PATCH /api/v1/inboxes/<hook>", body: `{"name":"CRM 2","options":{"url":"https://example.com/2","token":"***"}}`, status: 200, says: []string{"CRM 2", "https://example.com/2"}, events: []string{"inbox.changed"}},
			exchange{as: "ada", do: "PATCH /api/v1/inboxes/<hook>", body: `{"options":{"speed":3}}`, status: 400, says: []string{`"field":"options.speed"`}},
		)
		if got := d.secretOf("hook", "token"); got != d.names["token"] {
			t.Errorf("after a change of other options the token is %q, was %q", got, d.names["token"])
		}
		d.run(
			exchange{as: "ada", do: "POST /api/v1/inboxes/<hook>/secrets/url", status: 404},
			exchange{as: "ada", do: "POST /api/v1/inboxes/<hook>/secrets/token", status: 200, says: []string{`"value":"tok_`}, lacks: []string{"<token>"}, events: []string{"inbox.changed"}, remains: map[string]string{"new": "value"}},
			exchange{as: "ada", do: "GET /api/v1/audit", status: 200, says: []string{"inbox.secret_rotated"}, lacks: []string{"<token>", "<new>"}},
		)
		if got := d.secretOf("hook", "token"); got != d.names["new"] {
			t.Errorf("the new token is %q, shown was %q", got, d.names["new"])
		}
		// What is given has to fit; what is stored already goes on.
		const create = `{"channel":"hook","name":"Weak","options":{"url":"https://example.com/hook","token":%q}}`
		d.run(
			exchange{as: "ada", do: "POST /api/v1/inboxes", body: fmt.Sprintf(create, "x"), status: 400, says: []string{`"field":"options.token"`, "at least 20 characters"}},
			exchange{as: "ada", do: "POST /api/v1/inboxes", body: fmt.Sprintf(create, "a-token-of-twenty-four-c"), status: 201, says: []string{`"secrets":{}`}, events: []string{"inbox.changed"}, remains: map[string]string{"weak": "inbox.id"}},
		)
		w.Update(func(tx *store.Tx) error {
			i, _, err := tx.Inbox(rapport.InboxID(d.names["weak"]))
			if err != nil {
				return err
			}
			box, err := secretbox.New(make([]byte, secretbox.KeySize))
			if err != nil {
				return err
			}
			return tx.SaveInbox(i, map[string]string{"token": box.Seal("x", string(i.ID))})
		})
		const weak = "PATCH /api/v1/inboxes/<weak>"
		d.run(
			exchange{as: "ada", do: weak, body: `{"name":"Weak 2","options":{"token":"***"}}`, status: 200, events: []string{"inbox.changed"}},
			exchange{as: "ada", do: weak, body: `{"options":{"token":"x"}}`, status: 200, events: []string{"inbox.changed"}},
			exchange{as: "ada", do: weak, body: `{"options":{"token":"y"}}`, status: 400, says: []string{`"field":"options.token"`, "at least 20 characters"}},
			exchange{as: "ada", do: weak, body: `{"options":{"token":null}}`, status: 400, says: []string{`"field":"options.token"`}},
		)
		d.run(
			exchange{as: "ada", do: "DELETE /api/v1/inboxes/<hook>", status: 204, events: []string{"inbox.deleted"}},
			exchange{as: "ada", do: "DELETE /api/v1/inboxes/<hook>", status: 404},
		)
	})
}

// secretOf opens a secret of an inbox as the gateway does.
func (d *desk) secretOf(inbox, name string) string {
	d.t.Helper()
	box, err := secretbox.New(make([]byte, secretbox.KeySize))
	if err != nil {
		d.t.Fatal(err)
	}
	id := rapport.InboxID(d.names[inbox])
	var sealed map[string]string
	d.world.View(func(tx *store.Tx) (err error) {
		_, sealed, err = tx.Inbox(id)
		return err
	})
	if strings.Contains(sealed[name], "tok_") {
		d.t.Error("the secret rests in clear")
	}
	secret, err := box.Open(sealed[name], string(id))
	if err != nil {
		d.t.Fatal(err)
	}
	return secret.Reveal()
}

func TestStickyAgents(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		d := newDesk(t, w)
		w.Settings(func(s *rapport.Settings) { s.Country = "DE" })
		w.Agent("sue", rapporttest.As(rapport.RoleSupervisor))
		d.names["ana"], d.names["ben"] = string(w.Agent("ana").ID), string(w.Agent("ben").ID)
		finds := func(q string) exchange {
			return exchange{as: "ana", do: "GET /api/v1/sticky-agents?q=" + q, status: 200, says: []string{"Key customers"}}
		}
		d.run(
			exchange{
				as: "sue", do: "POST /api/v1/sticky-agents", status: 201, remains: map[string]string{"key": "id"},
				body: `{"title":"Key customers","points":"030 901820, Boss@Example.com","agent_id":"<ana>","enabled":true}`,
				says: []string{`"address":"+4930901820"`, `"address":"boss@example.com"`, `"agent_name":"ana"`},
			},
			// S1-12, C6
			exchange{as: "sue", do: "POST /api/v1/sticky-agents", body: `{"title":"Other","points":"+49 30 901820","agent_id":"<ben>"}`, status: 409, says: []string{"point_taken", `"record":{"id":"<key>","title":"Key customers"}`, `"address":"+4930901820"`}},
			exchange{as: "sue", do: "POST /api/v1/sticky-agents", body: `{"title":"Other","points":"a@b.de,a@b.de","agent_id":"<ben>"}`, status: 400, says: []string{`"field":"points"`, "twice"}},
			exchange{as: "sue", do: "POST /api/v1/sticky-agents", body: `{"title":"Other","points":"a@b.de","agent_id":"nobody"}`, status: 400, says: []string{`"field":"agent_id"`}},
			exchange{as: "sue", do: "PATCH /api/v1/sticky-agents/<key>", body: `{"enabled":false}`, status: 200, says: []string{`"enabled":false`, `"title":"Key customers"`}},
			exchange{as: "sue", do: "POST /api/v1/sticky-agents", body: `{"title":"Other","points":"+49 30 901820","agent_id":"<ben>"}`, status: 201},
			exchange{as: "sue", do: "PATCH /api/v1/sticky-agents/<key>", body: `{"enabled":true}`, status: 409, says: []string{"point_taken"}},
			exchange{as: "ana", do: "GET /api/v1/sticky-agents?limit=1", status: 200, says: []string{"Key customers"}, lacks: []string{"Other"}, remains: map[string]string{"cursor": "next"}},
			exchange{as: "ana", do: "GET /api/v1/sticky-agents?limit=1&cursor=<cursor>", status: 200, says: []string{"Other", `"next":""`}},
			exchange{as: "ana", do: "GET /api/v1/sticky-agents?enabled=true", status: 200, says: []string{"Other"}, lacks: []string{"Key"}},
			exchange{as: "ana", do: "GET /api/v1/sticky-agents?q=BOSS", status: 200, says: []string{"Key"}, lacks: []string{"Other"}},
			// C33: a number is found however it is written, or as much as one knows of it.
			finds("%2B49%2030%20901820"), finds("0049%20(0)30/90%2018-20"), finds("030%20901820"), finds("90%2018%2020"), finds("9018-20"), finds("%2B49%20(0)30%209018"), finds("0309018"), finds("BOSS@EXAMPLE.COM"),
			exchange{as: "ana", do: "GET /api/v1/sticky-agents?q=018-2", status: 200, says: []string{`"items":[]`}}, // three digits say nothing
			exchange{as: "ana", do: "GET /api/v1/sticky-agents?q=90%2018%2020%20x", status: 200, says: []string{`"items":[]`}},
			exchange{as: "ana", do: "GET /api/v1/sticky-agents?q=%2B49%2030%20901821", status: 200, says: []string{`"items":[]`}},
			exchange{as: "sue", do: "PATCH /api/v1/sticky-agents/<key>", body: `{"title":"Käufer ÜBER 100%"}`, status: 200},
			exchange{as: "ana", do: "GET /api/v1/sticky-agents?q=KÄUFER%20über%20100%25", status: 200, says: []string{"ÜBER"}, lacks: []string{"Other"}},
			exchange{as: "sue", do: "DELETE /api/v1/sticky-agents/<key>", status: 204},
			exchange{as: "sue", do: "DELETE /api/v1/sticky-agents/<key>", status: 404},
		)
	})
}
