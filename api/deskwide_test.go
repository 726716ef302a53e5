package api_test

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"rapport"
	"rapport/conversation"
	"rapport/rapporttest"
	"rapport/store"
)

// S3-01 to S3-03, issue 4 point 17: preferences are the agent's own, kept on
// the server, and checked.
func TestPreferences(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		w.Agent("ana")
		w.Agent("ben")
		d := newDesk(t, w)
		d.run(
			exchange{as: "ana", do: "GET /api/v1/session", status: 200, says: []string{`"preferences":{`, `"sound":true`, `"undo_seconds":5`}},
			exchange{as: "ana", do: "PATCH /api/v1/me/preferences", body: `{"language":"de","time_zone":"Europe/Berlin","digest_minutes":30,"undo_seconds":10,"notify":{"assigned":{"browser":true,"sound":false,"email":true}},"done":["invite","invite"]}`, status: 200,
				says: []string{`"time_zone":"Europe/Berlin"`, `"digest_minutes":30`, `"done":["invite"]`, `"sound":true`}, events: []string{"preferences.changed"}},
			exchange{as: "ana", do: "PATCH /api/v1/me/preferences", body: `{"sound":false}`, status: 200, says: []string{`"language":"de"`, `"sound":false,"digest`}, events: []string{"preferences.changed"}},
			exchange{as: "ana", do: "PATCH /api/v1/me/preferences", body: `{"time_zone":"Mars/Base"}`, status: 400, says: []string{`"field":"time_zone"`}},
			exchange{as: "ana", do: "PATCH /api/v1/me/preferences", body: `{"language":"no such"}`, status: 400, says: []string{`"field":"language"`}},
			exchange{as: "ana", do: "PATCH /api/v1/me/preferences", body: `{"digest_minutes":1441}`, status: 400, says: []string{`"field":"digest_minutes"`}},
			exchange{as: "ana", do: "PATCH /api/v1/me/preferences", body: `{"undo_seconds":31}`, status: 400, says: []string{`"field":"undo_seconds"`}},
			exchange{as: "ana", do: "PATCH /api/v1/me/preferences", body: `{"notify":{"DROP TABLE":{"browser":true,"sound":true,"email":true}}}`, status: 400, says: []string{`"field":"notify"`}},
			exchange{as: "ana", do: "GET /api/v1/session", status: 200, says: []string{`"language":"de"`, `"digest_minutes":30`}},
			exchange{as: "ben", do: "GET /api/v1/session", status: 200, lacks: []string{"Europe/Berlin"}},
			exchange{as: "ana", do: "POST /api/v1/me/notification-test", body: `{"text":"It works"}`, status: 204, events: []string{"notification.test"}},
			exchange{as: "ana", do: "GET /api/v1/notifications", status: 200, lacks: []string{"It works"}},
		)
	})
}

// Issue 4, point 13: the password of the mail server is sealed, never shown,
// and never sent to another server than it was typed for.
func TestMailSettings(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	w.Agent("ada", rapporttest.As(rapport.RoleAdmin))
	d := newDesk(t, w)
	server := rapporttest.SMTP(t)
	server.Behave(rapporttest.Wants)
	settings := func(host, password string) string {
		return d.fill(`{"enabled":true,"host":"` + host + `","port":<port>,"security":"none","user":"rapport","from":"desk@example.com","password":"` + password + `"}`)
	}
	d.names["port"] = strconv.Itoa(server.Port)
	d.run(
		exchange{as: "ada", do: "GET /api/v1/mail-settings", status: 200, says: []string{`"enabled":false`, `"port":587`, `"security":"starttls"`, `"password":""`, `"public_url":""`}},
		exchange{as: "ada", do: "PUT /api/v1/mail-settings", body: `{"enabled":true,"host":"","port":25}`, status: 400, says: []string{`"field":"host"`}},
		exchange{as: "ada", do: "PUT /api/v1/mail-settings", body: `{"enabled":true,"host":"a b","port":25,"from":"x@y.z"}`, status: 400, says: []string{`"field":"host"`}},
		exchange{as: "ada", do: "PUT /api/v1/mail-settings", body: `{"enabled":true,"host":"mail","port":25,"from":"nobody"}`, status: 400, says: []string{`"field":"from"`}},
		exchange{as: "ada", do: "POST /api/v1/mail-settings/test", body: settings("127.0.0.1", "wrong"), status: 409, says: []string{"mail_failed", "does not accept the name and the password"}},
		exchange{as: "ada", do: "POST /api/v1/mail-settings/test", body: settings("127.0.0.1", "secret word"), status: 204},
		exchange{as: "ada", do: "PUT /api/v1/mail-settings", body: settings("127.0.0.1", "secret word"), status: 200, says: []string{`"password":"***"`}, lacks: []string{"secret word"}},
		exchange{as: "ada", do: "POST /api/v1/mail-settings/test", body: settings("127.0.0.1", "***"), status: 204},
		exchange{as: "ada", do: "POST /api/v1/mail-settings/test", body: settings("evil.example.com", "***"), status: 400, says: []string{`"field":"password"`}},
		exchange{as: "ada", do: "PUT /api/v1/mail-settings", body: settings("evil.example.com", "***"), status: 400, says: []string{`"field":"password"`}},
		exchange{as: "ada", do: "GET /api/v1/audit", status: 200, says: []string{"mail.changed"}, lacks: []string{"secret word"}},
	)
	if got := server.Letters(); len(got) != 2 || got[0].To != "ada@example.com" {
		t.Errorf("the tests went out as %+v", got)
	}
	w.View(func(tx *store.Tx) error {
		sealed, err := tx.Sealed("mail_password")
		if strings.Contains(sealed, "secret word") || sealed == "" {
			t.Errorf("the password rests as %q", sealed)
		}
		return err
	})
}

// Issue 4, point 15: the page of a survey works without scripts, for whoever
// has the link, once, and what agents see of it follows what they may see.
func TestSurveyPage(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	w.Queue("support", "ana")
	w.Queue("sales", "ben")
	w.Agent("sue", rapporttest.As(rapport.RoleSupervisor))
	inbox := w.Inbox("site", "support")
	d := newDesk(t, w)
	id := w.Write("mia", "Hello").Conversation.ID
	w.Solve("ana", "mia")
	token, hash := conversation.SurveyToken()
	w.Update(func(tx *store.Tx) error {
		c, err := tx.Conversation(id)
		if err != nil {
			return err
		}
		_, err = tx.InsertSurvey(rapport.Survey{
			ID: rapport.NewID[rapport.SurveyID](), ConversationID: id, Origin: id, ContactID: c.ContactID, InboxID: inbox.ID, QueueID: c.QueueID, AgentID: c.Assignee,
			Question: "How was <b>it</b>?", Scale: rapport.Stars, Comments: true, EndedAt: tx.Now(), AskedAt: tx.Now(), ExpiresAt: tx.Now().Add(rapport.SurveyLife),
		}, hash)
		return err
	})
	call := func(method, token, language string, form url.Values) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(context.Background(), method, "/survey/"+token, strings.NewReader(form.Encode()))
		r.Header.Set("Accept-Language", language)
		if form != nil {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		rec := httptest.NewRecorder()
		d.handler.ServeHTTP(rec, r)
		return rec
	}
	expect := func(rec *httptest.ResponseRecorder, status int, says ...string) {
		t.Helper()
		if rec.Code != status {
			t.Fatalf("status %d, want %d: %s", rec.Code, status, rec.Body)
		}
		for _, want := range says {
			if !strings.Contains(rec.Body.String(), want) {
				t.Errorf("the page lacks %q: %s", want, rec.Body)
			}
		}
		if policy := rec.Header().Get("Content-Security-Policy"); strings.Contains(policy, "script") || !strings.Contains(policy, "default-src 'none'") {
			t.Errorf("the policy of the page is %q", policy)
		}
		if strings.Contains(rec.Body.String(), "<script") || strings.Contains(rec.Body.String(), "<b>it") {
			t.Errorf("the page runs what others wrote: %s", rec.Body)
		}
	}
	expect(call("GET", "guessed", "en", nil), http.StatusNotFound, "cannot be answered any more")
	expect(call("GET", token, "de-AT,de;q=0.9,en;q=0.5", nil), http.StatusOK, "How was &lt;b&gt;it&lt;/b&gt;?", `lang="de"`, `type="radio"`, "Senden")
	expect(call("POST", token, "en", url.Values{"score": {"9"}}), http.StatusUnprocessableEntity, "Please choose an answer")
	expect(call("POST", token, "de", url.Values{"score": {"4"}, "comment": {strings.Repeat("好", 1001)}}), http.StatusUnprocessableEntity, "höchstens 1000 Zeichen", `maxlength="1000"`, `value="4" required checked`)
	expect(call("POST", token, "en", url.Values{"score": {"2"}, "comment": {"Slow."}}), http.StatusOK, "Thank you!")
	expect(call("POST", token, "en", url.Values{"score": {"5"}}), http.StatusOK, "Thank you!")
	d.names["c"] = string(id)
	d.names["mia"] = string(w.Of("mia").ContactID)
	d.run(
		exchange{as: "ana", do: "GET /api/v1/conversations/<c>/surveys", status: 200, says: []string{`"score":2`, `"comment":"Slow."`}, lacks: []string{token, hash}},
		exchange{as: "ben", do: "GET /api/v1/conversations/<c>/surveys", status: 404},
		exchange{as: "ana", do: "GET /api/v1/contacts/<mia>/surveys", status: 200, says: []string{`"score":2`}},
		exchange{as: "ben", do: "GET /api/v1/contacts/<mia>/surveys", status: 404},
		exchange{as: "sue", do: "GET /api/v1/surveys", status: 200, says: []string{`"asked":1`, `"answered":1`, `"scores":[0,1,0,0,0]`, `"satisfied":0`}},
		exchange{as: "ana", do: "GET /api/v1/surveys", status: 403},
		// Lists and saved views by answers, for whoever sees the conversations.
		exchange{as: "ana", do: "GET /api/v1/conversations?view=any&rating=1&rating=2&commented=true", status: 200, says: []string{"<c>"}},
		exchange{as: "ana", do: "GET /api/v1/conversations?view=any&rating=5&rating=none", status: 200, lacks: []string{"<c>"}},
		exchange{as: "ben", do: "GET /api/v1/conversations?view=any&rating=2", status: 200, lacks: []string{"<c>"}},
		exchange{as: "ana", do: "GET /api/v1/conversations?view=any&rating=6", status: 400, says: []string{`"field":"filter.ratings"`, "use 1, 2, 3, 4, 5 or none"}},
		exchange{as: "ana", do: "POST /api/v1/views", body: `{"name":"Angry","view":"any","filter":{"ratings":["1","2"],"commented":true}}`, status: 201, says: []string{`"ratings":["1","2"]`, `"commented":true`}, events: []string{"own-view.changed"}, remains: map[string]string{"angry": "id"}},
		exchange{as: "ana", do: "GET /api/v1/views/counts", status: 200, says: []string{"<angry>"}},
	)
	w.Update(func(tx *store.Tx) error { // fifteen days later
		v, err := tx.SurveyByToken(hash)
		if err != nil {
			return err
		}
		other, fresh := conversation.SurveyToken()
		d.names["old"] = other
		v.ID, v.EndedAt, v.ExpiresAt = rapport.NewID[rapport.SurveyID](), v.EndedAt.Add(1e9), tx.Now().Add(-1)
		_, err = tx.InsertSurvey(v, fresh)
		return err
	})
	expect(call("GET", d.names["old"], "en", nil), http.StatusGone, "cannot be answered any more")
	// Without a question of the admin's, the page has its own, in its own language.
	w.Update(func(tx *store.Tx) error {
		v, err := tx.SurveyByToken(hash)
		if err != nil {
			return err
		}
		other, fresh := conversation.SurveyToken()
		d.names["usual"] = other
		v.ID, v.EndedAt, v.Question = rapport.NewID[rapport.SurveyID](), v.EndedAt.Add(2e9), ""
		_, err = tx.InsertSurvey(v, fresh)
		return err
	})
	expect(call("GET", d.names["usual"], "en", nil), http.StatusOK, "<h1>How did we do?</h1>")
	expect(call("GET", d.names["usual"], "de", nil), http.StatusOK, "<h1>Wie waren wir?</h1>", "<legend>Wie waren wir?</legend>")
	long := strings.Repeat("好\r\n", 499) + "好好"
	expect(call("POST", d.names["usual"], "de", url.Values{"score": {"5"}, "comment": {long}}), http.StatusOK, "Vielen Dank!")
}

// S3-91: what an agent wants to say goes where the admin wants it, and in any
// case into a list.
func TestFeedback(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	w.Agent("ada", rapporttest.As(rapport.RoleAdmin))
	w.Agent("ana")
	d := newDesk(t, w)
	png := "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
	d.run(
		exchange{as: "ada", do: "PUT /api/v1/feedback-settings", body: `{"email":"not one"}`, status: 400, says: []string{`"field":"email"`}},
		exchange{as: "ada", do: "PUT /api/v1/feedback-settings", body: `{"url":"ftp://example.com"}`, status: 400, says: []string{`"field":"url"`}},
		exchange{as: "ada", do: "PUT /api/v1/feedback-settings", body: `{"email":"product@example.com","url":"https://example.com/hook"}`, status: 200, says: []string{"product@example.com"}},
		exchange{as: "ana", do: "POST /api/v1/feedback", body: `{"kind":"rant","text":"x"}`, status: 400, says: []string{`"field":"kind"`}},
		exchange{as: "ana", do: "POST /api/v1/feedback", body: `{"kind":"idea","text":"  "}`, status: 400, says: []string{`"field":"text"`}},
		exchange{as: "ana", do: "POST /api/v1/feedback", body: `{"kind":"idea","text":"x","image":"` + base64.StdEncoding.EncodeToString([]byte("<script>")) + `"}`, status: 400, says: []string{`"field":"image"`}},
		exchange{as: "ana", do: "POST /api/v1/feedback", body: `{"kind":"idea","text":" Dark mode for the widget ","page":"/my-work","image":"` + png + `"}`, status: 201, says: []string{`"text":"Dark mode for the widget"`, `"version":"1.2.3"`, `"image":true`}, remains: map[string]string{"f": "id"}},
		exchange{as: "ada", do: "GET /api/v1/feedback", status: 200, says: []string{`"agent_name":"ana"`, `"page":"/my-work"`}},
		exchange{as: "ana", do: "GET /api/v1/feedback", status: 403},
		exchange{as: "ana", do: "GET /api/v1/feedback/<f>/image", status: 403},
	)
	rec := d.request(exchange{as: "ada", do: "GET /api/v1/feedback/<f>/image"})
	if rec.Code != 200 || rec.Header().Get("Content-Type") != "image/png" || !strings.Contains(rec.Header().Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("the picture comes as %d %v", rec.Code, rec.Header())
	}
	for n := range 20 {
		status := d.request(exchange{as: "ana", do: "POST /api/v1/feedback", body: `{"kind":"praise","text":"Good"}`}).Code
		if status == http.StatusTooManyRequests {
			return
		}
		if n == 19 {
			t.Error("nobody limits how much feedback an agent gives")
		}
	}
}

// Issue 4, point 17: the first steps of a new account are facts.
func TestChecklist(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	w.Agent("ada", rapporttest.As(rapport.RoleAdmin))
	d := newDesk(t, w)
	d.run(exchange{as: "ada", do: "GET /api/v1/checklist", status: 200, says: []string{`{"id":"invite","done":false}`, `{"id":"inbox","done":false}`, `{"id":"sticky","done":false}`, `{"id":"conversation","done":false}`, `{"id":"email","done":false}`}})
	w.Agent("ana")
	w.Sticky("Key account", "ana", "+4915112345678")
	w.Write("mia", "Hello")
	d.run(
		exchange{as: "ada", do: "PATCH /api/v1/me/preferences", body: `{"done":["notifications"]}`, status: 200, events: []string{"preferences.changed"}},
		exchange{as: "ada", do: "GET /api/v1/checklist", status: 200, says: []string{`{"id":"invite","done":true}`, `{"id":"inbox","done":true}`, `{"id":"sticky","done":true}`, `{"id":"conversation","done":true}`, `{"id":"notifications","done":true}`, `{"id":"snippet","done":false}`}},
	)
}
