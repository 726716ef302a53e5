package api_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"rapport"
	"rapport/api"
	"rapport/auth"
	"rapport/rapporttest"
	"rapport/store"
)

func TestTheFirstSetUpHappensOnce(t *testing.T) {
	t.Parallel()
	rapporttest.Databases(t, func(t *testing.T, db *store.DB) {
		w := &rapporttest.World{T: t, DB: db}
		d := &desk{t: t, db: db, world: w, handler: api.New(configOf(t, db)), names: map[string]string{}}
		const body = `{"token":"the-token-of-the-test","name":"Ada","email":"Ada@Example.com","password":"a long password","account_name":"Parcels"}`
		d.run(
			exchange{do: "GET /api/v1/setup", status: 200, says: []string{`"needed":true`}},
			exchange{do: "POST /api/v1/setup", body: strings.Replace(body, "the-token", "a-token", 1), status: 403, says: []string{"setup_token"}},
			exchange{do: "POST /api/v1/setup", body: strings.Replace(body, "a long password", "short", 1), status: 400, says: []string{`"field":"password"`, "at least 10"}},
			exchange{do: "POST /api/v1/setup", body: body, status: 201, says: []string{`"email":"ada@example.com"`, `"role":"admin"`, `"account_name":"Parcels"`, `"can_reply":true`}, events: []string{"agent.changed"}},
			exchange{do: "GET /api/v1/setup", status: 200, says: []string{`"needed":false`}},
			exchange{do: "POST /api/v1/setup", body: body, status: 409, says: []string{"set_up"}},
			exchange{do: "POST /api/v1/session", body: `{"email":" ADA@example.com","password":"a long password"}`, status: 200, says: []string{`"name":"Ada"`}},
		)
	})
}

func TestSigningInAndOut(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		d := newDesk(t, w)
		ana := w.Agent("ana")
		w.Status("ana", rapport.StatusAway)
		hash, err := passwords.Hash(t.Context(), "password", "ana's password")
		if err != nil {
			t.Fatal(err)
		}
		var link string
		w.Update(func(tx *store.Tx) error {
			if link, err = auth.Link(tx, ana.ID, tx.Now().Add(auth.Idle)); err != nil {
				return err
			}
			return tx.SetPassword(ana.ID, hash)
		})
		d.names["link"] = link

		// Unknown address and wrong password sound the same.
		d.run(
			exchange{do: "POST /api/v1/session", body: `{"email":"nobody@example.com","password":"ana's password"}`, status: 401, says: []string{"The e-mail address or the password is wrong."}},
			exchange{do: "POST /api/v1/session", body: `{"email":"ana@example.com","password":"ben's password"}`, status: 401, says: []string{"The e-mail address or the password is wrong."}},
			exchange{do: "POST /api/v1/session", body: `{"email":"ana@example.com"}`, status: 400, says: []string{`"code":"invalid"`, `"errors":[{`, "password"}},
			exchange{do: "POST /api/v1/session/link", body: `{"token":"wrong"}`, status: 401, says: []string{"link_gone"}},
		)
		in := d.request(exchange{do: "POST /api/v1/session", body: `{"email":"ana@example.com","password":"ana's password"}`})
		if in.Code != http.StatusOK || !strings.Contains(in.Body.String(), `"status":"available"`) {
			t.Fatalf("signing in answers %d %s", in.Code, in.Body)
		}
		cookie := in.Result().Cookies()[0]
		if cookie.Name != "rapport_session" || !cookie.HttpOnly || cookie.Secure || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" {
			t.Errorf("the cookie is %s", in.Header().Get("Set-Cookie"))
		}
		d.run(exchange{do: "POST /api/v1/session/link", body: `{"token":"<link>"}`, status: 200, says: []string{`"name":"ana"`}})

		// S3-16: the last sign-out makes offline at once, an earlier one does not.
		first := map[string]string{"Cookie": "rapport_session=" + cookie.Value}
		d.run(
			exchange{do: "GET /api/v1/session", header: first, status: 200, says: []string{`"settings"`, `"seq":`}},
			exchange{do: "DELETE /api/v1/session", header: first, status: 204},
			exchange{do: "GET /api/v1/session", header: first, status: 401, says: []string{"not_signed_in"}},
		)
		w.Update(func(tx *store.Tx) error { return tx.DeleteSessions(ana.ID, "") })
		d.run(exchange{as: "ana", do: "DELETE /api/v1/session", status: 204, events: []string{"agent.changed", "agent.changed"}})
		if a := w.Agent("ana"); a.Status != rapport.StatusOffline || a.Connected {
			t.Errorf("after signing out ana is %s, connected %v", a.Status, a.Connected)
		}
	})
}

func TestWhoIsDisabledIsOutAtOnce(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		d := newDesk(t, w)
		w.Agent("ada", rapporttest.As(rapport.RoleAdmin))
		d.names["ana"] = string(w.Agent("ana").ID)
		d.names["ada"] = string(w.Agent("ada").ID)
		header := map[string]string{"Cookie": d.session("ana")}
		d.run(
			exchange{do: "GET /api/v1/session", header: header, status: 200},
			exchange{as: "ada", do: "PATCH /api/v1/agents/<ana>", body: `{"enabled":false}`, status: 200, says: []string{`"enabled":false`}, events: []string{"agent.changed"}},
			exchange{do: "GET /api/v1/session", header: header, status: 401},
			exchange{as: "ada", do: "PATCH /api/v1/agents/<ada>", body: `{"role":"agent"}`, status: 409, says: []string{"last_admin"}},
			exchange{as: "ada", do: "DELETE /api/v1/agents/<ada>", status: 409, says: []string{"last_admin"}},
			exchange{as: "ada", do: "GET /api/v1/audit", status: 200, says: []string{`"action":"agent.changed"`, "enabled: true → false", `"actor":"ada"`}},
		)
	})
}

// Whoever forgot their password has a link sent, without an admin; nobody is told
// who has an account, and the link leads to the address that the operator set,
// whatever the request says.
func TestAForgottenPassword(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		const ask, ana = "POST /api/v1/session/forgotten", `{"email":" Ana@example.com"}`
		id := w.Agent("ana").ID
		w.Update(func(tx *store.Tx) error {
			token, err := auth.Invite(tx, id)
			if err != nil {
				return err
			}
			_, err = auth.Accept(tx, token, "ana", "the hash of what she forgot")
			return err
		})
		w.Agent("ben")
		anywhere := newDesk(t, w)
		d := newDesk(t, w, func(c *api.Config) { c.PublicURL = "http://desk.example.com/" })
		letters := func() (n int) {
			w.View(func(tx *store.Tx) error {
				found, err := tx.Grep("asked for a link")
				n = len(found)
				return err
			})
			return n
		}
		d.run(exchange{do: ask, body: ana, status: 409, says: []string{"no_mail", "ask an admin"}})
		w.Update(func(tx *store.Tx) error {
			return tx.SaveMailSettings(rapport.MailSettings{Enabled: true, Host: "mail.example.com", Port: 25, From: "desk@example.com"})
		})
		anywhere.run(exchange{do: ask, body: ana, status: 409, says: []string{"no_mail"}})
		d.run(exchange{do: ask, body: `{"email":"nobody@example.com"}`, status: 204})
		ben := w.Agent("ben")
		ben.Enabled = false
		w.Update(func(tx *store.Tx) error { return tx.UpdateAgent(ben) })
		d.run(exchange{do: ask, body: `{"email":"ben@example.com"}`, status: 204})
		if n := letters(); n != 0 {
			t.Fatalf("%d e-mails wait for nobody, and for who is disabled", n)
		}
		d.run(exchange{do: ask, body: ana, status: 204})
		if n := letters(); n != 1 {
			t.Fatalf("%d e-mails wait for ana", n)
		}
		d.run(
			exchange{do: ask, body: ana, status: 204},
			exchange{do: ask, body: ana, status: 429, says: []string{"too_many"}},
		)
		link := func() {
			w.Update(func(tx *store.Tx) error {
				a, err := tx.Agent(id)
				if err != nil {
					return err
				}
				d.names["token"], err = auth.Recover(tx, a)
				return err
			})
		}
		link()
		d.run(
			exchange{do: "POST /api/v1/invites/<token>", body: `{"name":"ana","password":"another one"}`, status: 200, events: []string{"agent.changed"}},
			exchange{do: "POST /api/v1/session", body: `{"email":"ana@example.com","password":"another one"}`, status: 200},
		)
	})
}

func TestInvitations(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		d := newDesk(t, w, func(c *api.Config) { c.PublicURL = "http://desk.example.com/" })
		w.Agent("ada", rapporttest.As(rapport.RoleAdmin))
		d.names["support"] = string(w.Queue("support").ID)
		d.run(
			exchange{as: "ada", do: "POST /api/v1/agents", body: `{"name":"Ben","email":"ben","role":"agent","capacity":null,"queues":[]}`, status: 400, says: []string{`"field":"email"`}},
			exchange{
				as: "ada", do: "POST /api/v1/agents", status: 201, says: []string{`"invited":true`, `http://desk.example.com/invite/`, `"mailed":false`}, events: []string{"member.changed", "agent.changed"},
				body:    `{"name":"Ben","email":"Ben@example.com","role":"agent","capacity":3,"enabled":true,"queues":[{"id":"<support>","can_reply":false}]}`,
				remains: map[string]string{"url": "invite_url", "ben": "agent.id"},
			},
			exchange{as: "ada", do: "POST /api/v1/agents", body: `{"name":"Ben","email":"ben@example.com","role":"agent"}`, status: 409, says: []string{"email_taken"}},
			exchange{as: "ada", do: "GET /api/v1/agents", status: 200, says: []string{`"effective_capacity":3`, `{"id":"<support>","name":"support","can_reply":false}`}},
		)
		d.names["old"] = strings.TrimPrefix(d.names["url"], "http://desk.example.com/invite/")
		d.run(
			exchange{do: "GET /api/v1/invites/<old>", status: 200, says: []string{`"email":"ben@example.com"`, `"account_name":"Rapport"`}},
			exchange{as: "ada", do: "POST /api/v1/agents/<ben>/invite", body: `{}`, status: 200, remains: map[string]string{"url": "invite_url"}},
			exchange{do: "GET /api/v1/invites/<old>", status: 404, says: []string{"invite_gone"}},
		)
		w.Update(func(tx *store.Tx) error { // once there is a mail server
			return tx.SaveMailSettings(rapport.MailSettings{Enabled: true, Host: "mail.example.com", Port: 25, From: "desk@example.com"})
		})
		d.run(exchange{as: "ada", do: "GET /api/v1/mail-settings", status: 200, says: []string{`"public_url":"http://desk.example.com"`}})
		d.run(exchange{as: "ada", do: "POST /api/v1/agents/<ben>/invite", body: `{}`, status: 200, says: []string{`"mailed":true`}, remains: map[string]string{"url": "invite_url"}})
		d.names["new"] = strings.TrimPrefix(d.names["url"], "http://desk.example.com/invite/")
		d.run(
			exchange{do: "POST /api/v1/invites/<new>", body: `{"name":"Benno","password":"short"}`, status: 400},
			exchange{do: "POST /api/v1/invites/<new>", body: `{"name":"Benno","password":"long enough"}`, status: 200, says: []string{`"name":"Benno"`, `"invited":false`}, events: []string{"agent.changed", "agent.changed"}},
			exchange{do: "POST /api/v1/invites/<new>", body: `{"name":"Benno","password":"long enough"}`, status: 404},
			exchange{do: "POST /api/v1/session", body: `{"email":"ben@example.com","password":"long enough"}`, status: 200},
			// A link to a new password makes nobody a newcomer.
			exchange{as: "ada", do: "POST /api/v1/agents/<ben>/invite", body: `{}`, status: 200},
			exchange{as: "ada", do: "GET /api/v1/agents", status: 200, lacks: []string{`"invited":true`}},
			exchange{as: "ada", do: "PATCH /api/v1/agents/<ben>", body: `{"capacity":null,"queues":[]}`, status: 200, says: []string{`"capacity":null`}, events: []string{"member.changed", "agent.changed"}},
			exchange{as: "ada", do: "GET /api/v1/agents", status: 200, says: []string{`"effective_capacity":5`}, lacks: []string{`"name":"support"`}},
			exchange{as: "ada", do: "DELETE /api/v1/agents/<ben>", status: 204, events: []string{"agent.deleted"}},
		)
	})
}

func TestPasswordsAndNames(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	d := newDesk(t, w)
	ana := w.Agent("ana")
	hash, err := passwords.Hash(t.Context(), "password", "ana's password")
	if err != nil {
		t.Fatal(err)
	}
	w.Update(func(tx *store.Tx) error { return tx.SetPassword(ana.ID, hash) })
	other := map[string]string{"Cookie": d.session("ana")}
	mine := map[string]string{"Cookie": d.session("ana")}
	d.run(
		exchange{header: mine, do: "PUT /api/v1/me/password", body: `{"current":"wrong","new":"another password"}`, status: 400, says: []string{`"field":"current"`}},
		exchange{header: mine, do: "PUT /api/v1/me/password", body: `{"current":"ana's password","new":"short"}`, status: 400, says: []string{`"field":"new"`}},
		exchange{header: mine, do: "PUT /api/v1/me/password", body: `{"current":"ana's password","new":"another password"}`, status: 204},
		exchange{header: other, do: "GET /api/v1/session", status: 401},
		exchange{header: mine, do: "PATCH /api/v1/me", body: `{"name":"Anna"}`, status: 200, says: []string{`"name":"Anna"`}, events: []string{"agent.changed"}},
		exchange{header: mine, do: "PUT /api/v1/me/status", body: `{"status":"busy"}`, status: 200, says: []string{`"status":"busy"`}, events: []string{"agent.changed"}},
		exchange{header: mine, do: "PUT /api/v1/me/status", body: `{"status":"asleep"}`, status: 400, says: []string{`"field":"status"`}},
		exchange{header: mine, do: "GET /api/v1/socket", status: 200, says: []string{"socket of Anna"}},
	)
}

func TestSignInIsLimited(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	d := newDesk(t, w)
	last := func(tries int, email, address string) (code int) {
		for range tries {
			r := httptest.NewRequest("POST", "/api/v1/session/link", strings.NewReader(`{"token":"x"}`))
			if email != "" {
				r = httptest.NewRequest("POST", "/api/v1/session", strings.NewReader(`{"email":"`+email+`","password":"`+strings.Repeat("x", 300)+`"}`))
			}
			r.RemoteAddr = address
			r.Header.Set("Content-Type", "application/json")
			rec := httptest.NewRecorder()
			d.handler.ServeHTTP(rec, r)
			code = rec.Code
			if limited := code == http.StatusTooManyRequests; limited != (rec.Header().Get("Retry-After") != "") {
				t.Errorf("%d with Retry-After %q", code, rec.Header().Get("Retry-After"))
			}
		}
		return code
	}
	if got := last(21, "ana@example.com", "192.0.2.1:1"); got != http.StatusTooManyRequests {
		t.Errorf("21 tries at one account end with %d", got)
	}
	if got := last(1, "ben@example.com", "192.0.2.2:1"); got != http.StatusUnauthorized {
		t.Errorf("another account is refused with %d", got)
	}
	if got := last(70, "", "192.0.2.3:1"); got != http.StatusTooManyRequests {
		t.Errorf("70 tries from one address end with %d", got)
	}
	if got := last(1, "", "192.0.2.4:1"); got != http.StatusUnauthorized {
		t.Errorf("another address is refused with %d", got)
	}
}
