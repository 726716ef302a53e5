package api_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"rapport"
	"rapport/conversation"
	"rapport/job"
	"rapport/rapporttest"
	"rapport/store"
)

var textsEvent = []string{"texts.changed"}

// S3-44, S3-45: stock text is searched, filled in, shared with queues or one's
// own, and freely editable by whoever may.
func TestCannedResponses(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		d := newDesk(t, w)
		d.names["support"], d.names["sales"] = string(w.Queue("support", "ana").ID), string(w.Queue("sales", "ben").ID)
		d.names["site"] = string(w.Inbox("site", "support").ID)
		w.Agent("sue", rapporttest.As(rapport.RoleSupervisor))
		got := w.Write("maria lopez", "Hello?")
		d.names["c"], d.names["k"] = string(got.Conversation.ID), string(got.Conversation.ContactID)
		d.run(
			exchange{
				as: "sue", do: "POST /api/v1/canned", status: 201, events: textsEvent, remains: map[string]string{"refund": "id"},
				body: `{"shortcut":"/Refund","title":"Refund sent","folder":"Money","body":"Dear {{ customer.first_name }}, order {{order}} of {{customer.tier}} is refunded. {{agent.name}}, {{queue.name}}","variants":{"de":"Hallo {{customer.name}}"},"queues":["<support>"]}`,
				says: []string{`"shortcut":"refund"`, `"used":0`},
			},
			exchange{as: "sue", do: "POST /api/v1/canned", status: 201, events: textsEvent, remains: map[string]string{"hours": "id"}, body: `{"shortcut":"hours","title":"Opening hours","body":"We are open. Refunds take longer."}`},
			exchange{as: "sue", do: "POST /api/v1/canned", status: 409, body: `{"shortcut":"refund","title":"Other","body":"x"}`, says: []string{"name_taken", `"field":"shortcut"`}},
			exchange{as: "sue", do: "POST /api/v1/canned", status: 400, body: `{"shortcut":"a b","title":"Other","body":"x"}`, says: []string{`"field":"shortcut"`}},
			exchange{as: "sue", do: "POST /api/v1/canned", status: 400, body: `{"shortcut":"x","title":"","body":"x"}`, says: []string{`"field":"title"`}},
			exchange{as: "sue", do: "POST /api/v1/canned", status: 400, body: `{"shortcut":"x","title":"X","body":"x","queues":["nowhere"]}`, says: []string{`"field":"queues"`}},
			exchange{as: "sue", do: "POST /api/v1/canned", status: 400, body: `{"shortcut":"x","title":"X","body":"x","variants":{"german":"x"}}`, says: []string{`"field":"variants"`}},
			// Agents keep their own, which nobody else sees; the same short code is no clash.
			exchange{as: "ana", do: "POST /api/v1/canned", status: 403, body: `{"shortcut":"mine","title":"Mine","body":"x"}`, says: []string{"forbidden"}},
			exchange{as: "ana", do: "POST /api/v1/canned", status: 201, body: `{"shortcut":"refund","title":"My refund","body":"Hey","own":true}`, remains: map[string]string{"own": "id"}},
			exchange{as: "ana", do: "POST /api/v1/canned", status: 400, body: `{"shortcut":"x","title":"X","body":"x","own":true,"queues":["<support>"]}`, says: []string{`"field":"queues"`}},
			exchange{as: "ben", do: "PATCH /api/v1/canned/<own>", status: 404, body: `{"title":"Ben's"}`},
			exchange{as: "sue", do: "DELETE /api/v1/canned/<own>", status: 404},
			exchange{as: "ana", do: "PATCH /api/v1/canned/<refund>", status: 403, body: `{"title":"Ana's"}`},
			// What is known is filled in; the rest is the agent's.
			exchange{as: "ana", do: "PATCH /api/v1/contacts/<k>", body: `{"fields":{"tier":"gold"}}`, status: 200, events: []string{"contact.changed"}},
			exchange{
				as: "ana", do: "GET /api/v1/canned?conversation=<c>&q=refund", status: 200,
				says: []string{`"text":"Dear maria, order {{order}} of gold is refunded. ana, support","blanks":["order"]`, `"language":"de","text":"Hallo maria lopez"`, `"title":"My refund"`, `"title":"Opening hours"`},
			},
			exchange{as: "ana", do: "GET /api/v1/canned?q=money%20ref", status: 200, says: []string{`"title":"Refund sent"`}, lacks: []string{"Opening hours", "My refund"}},
			exchange{as: "ben", do: "GET /api/v1/canned", status: 200, says: []string{"Opening hours"}, lacks: []string{"Refund sent", "My refund"}}, // another queue's
			exchange{as: "sue", do: "GET /api/v1/canned", status: 200, says: []string{"Refund sent"}, lacks: []string{"My refund"}},
			exchange{as: "ben", do: "GET /api/v1/canned?conversation=<c>", status: 404},
			exchange{as: "ben", do: "GET /api/v1/canned?contact=<k>", status: 404},
			exchange{as: "ana", do: "GET /api/v1/canned?contact=<k>&queue=<sales>&q=hours", status: 200, says: []string{"Opening hours"}, lacks: []string{"Refund sent"}},
			// Before a conversation begins, who writes and its queue are known, also for somebody new.
			exchange{as: "ana", do: "GET /api/v1/canned?queue=<support>&q=refund%20sent", status: 200, says: []string{"Dear {{ customer.first_name }}", ". ana, support\""}},
			exchange{as: "ana", do: "GET /api/v1/canned?contact=<k>&queue=<support>&q=refund%20sent", status: 200, says: []string{"Dear maria, order {{order}} of gold", ". ana, support\",\"blanks\":[\"order\"]"}},
			exchange{as: "ana", do: "POST /api/v1/canned", status: 201, body: `{"shortcut":"by","title":"By","body":"Write to {{inbox.name}}","own":true}`},
			exchange{as: "ana", do: "GET /api/v1/canned?queue=<support>&inbox=<site>&q=by", status: 200, says: []string{`"text":"Write to site"`}},
			exchange{as: "ana", do: "GET /api/v1/canned?queue=<support>&q=by", status: 200, says: []string{`"text":"Write to {{inbox.name}}"`}},
			// Use gives the order.
			exchange{as: "ana", do: "POST /api/v1/canned/<hours>/used", status: 204},
			exchange{as: "ben", do: "POST /api/v1/canned/<refund>/used", status: 404},
			exchange{as: "ana", do: "GET /api/v1/canned?limit=1", status: 200, says: []string{"Opening hours", `"used":1`, `"more":true`}},
			exchange{as: "sue", do: "PATCH /api/v1/canned/<hours>", status: 200, body: `{"body":"Closed.","queues":["<sales>"]}`, events: textsEvent, says: []string{"Closed."}},
			exchange{as: "ana", do: "GET /api/v1/canned", status: 200, lacks: []string{"Closed."}},
			exchange{as: "sue", do: "DELETE /api/v1/canned/<hours>", status: 204, events: textsEvent},
			exchange{as: "ana", do: "DELETE /api/v1/canned/<own>", status: 204},
		)
	})
}

func TestCannedResponsesAsCSV(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	d := newDesk(t, w)
	w.Agent("sue", rapporttest.As(rapport.RoleSupervisor))
	w.Queue("support", "ana")
	send := func(path, body string) *httptest.ResponseRecorder {
		t.Helper()
		r := httptest.NewRequest("POST", path, strings.NewReader(body))
		r.Header.Set("Content-Type", "text/csv")
		r.Header.Set("Cookie", d.session("sue"))
		rec := httptest.NewRecorder()
		d.handler.ServeHTTP(rec, r)
		return rec
	}
	const file = "shortcut;title;body;folder;queues\nhi;Hello;\"Hi; there\";Greet;Support\nhi;Twice;x;;\nbad code;X;x;;\nbye;Bye;=1+1;;\nlost;Lost;x;;nowhere\n"
	if got := send("/api/v1/canned/import?dry_run=true", file).Body.String(); !strings.Contains(got, `"good":2,"bad":3,"imported":0`) {
		t.Fatalf("the dry run says %s", got)
	}
	d.run(exchange{as: "sue", do: "GET /api/v1/canned", status: 200, lacks: []string{"Hello"}})
	if got := send("/api/v1/canned/import", file).Body.String(); !strings.Contains(got, `"imported":2`) || !strings.Contains(got, "There is no queue called nowhere") {
		t.Fatalf("the import says %s", got)
	}
	if got := send("/api/v1/canned/import", "shortcut,title,body\nhi,Hello again,Hi\n").Body.String(); !strings.Contains(got, `"action":"change"`) {
		t.Fatalf("the second import says %s", got)
	}
	// A text of several lines counts as several: the lines are those of the file.
	const long = "shortcut,title,body\nfirst,First,\"one\n\ntwo\"\n\nbad code,X,x\n"
	if got := send("/api/v1/canned/import?dry_run=true", long).Body.String(); !strings.Contains(got, `{"line":2,"shortcut":"first"`) || !strings.Contains(got, `{"line":6,"shortcut":"bad code"`) {
		t.Fatalf("of lines after a long text it says %s", got)
	}
	// A quote sign that is missing costs its own line: taken for text, it swallowed all that came after it.
	const open = "shortcut,title,body\none,One,\"Hello\ntwo,Two,Good \"day\"\nthree,Three,Bye\nfour,Four,Hi, you\n"
	if got := send("/api/v1/canned/import?dry_run=true", open).Body.String(); !strings.Contains(got, `"good":1,"bad":3,`) || !strings.Contains(got, `{"line":4,"shortcut":"three"`) ||
		!strings.Contains(got, "A quote sign is not closed") || !strings.Contains(got, "in the middle of a cell") || !strings.Contains(got, "The line has 4 cells; the first line has 3.") {
		t.Fatalf("of quote signs that do not match it says %s", got)
	}
	// Spreadsheets write empty cells beside a table.
	const wide = "shortcut,title,body,,\none,One,Hello,, \n,,,,\ntwo,Two,Good day,,,\nthree,Three,Bye,x,\n"
	if got := send("/api/v1/canned/import?dry_run=true", wide).Body.String(); !strings.Contains(got, `"good":2,"bad":1,`) || !strings.Contains(got, "The line has 4 cells; the first line has 3.") {
		t.Fatalf("of a file with empty columns it says %s", got)
	}
	// A column that nobody knows would be left out, and of one that is there twice the first.
	for _, columns := range []string{"shortcut,title,body,queue", "shortcut,title,body,body"} {
		if got := send("/api/v1/canned/import?dry_run=true", columns+"\nhi,Hello,Hi,Support\n"); got.Code != 400 || !strings.Contains(got.Body.String(), "unknown or there twice") {
			t.Fatalf("a file with the columns %s is answered %d %s", columns, got.Code, got.Body)
		}
	}
	if got := send("/api/v1/canned/import", "title,body\nx,y\n"); got.Code != 400 || !strings.Contains(got.Body.String(), "column shortcut") {
		t.Fatalf("a file without short codes is answered %d %s", got.Code, got.Body)
	}
	d.run(
		exchange{as: "sue", do: "GET /api/v1/canned", status: 200, says: []string{"Hello again", "=1+1"}},
		exchange{as: "sue", do: "GET /api/v1/canned.csv", status: 200, says: []string{"hi,Hello again,Hi", "bye,Bye,'=1+1"}},
		exchange{as: "ana", do: "GET /api/v1/canned.csv", status: 403},
	)
}

// S3-45, S3-51: an approved template's text cannot be changed but for its
// variables; and long after the customer's last message nothing else is sent.
func TestTemplates(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		d := newDesk(t, w)
		w.Queue("support", "ana")
		inbox := w.Inbox("site", "support")
		w.Agent("ada", rapporttest.As(rapport.RoleAdmin))
		inbox.WindowHours = 24
		w.Update(func(tx *store.Tx) error { return tx.SaveInbox(inbox, nil) })
		got := w.Write("maria", "Hello?", func(in *conversation.Inbound) { in.At = time.Now().Add(-25 * time.Hour) })
		fresh := w.Write("omar", "Hello?", func(in *conversation.Inbound) { in.At = time.Now().Add(-23 * time.Hour) })
		d.names["c"], d.names["fresh"], d.names["site"] = string(got.Conversation.ID), string(fresh.Conversation.ID), string(inbox.ID)
		d.names["other"] = string(w.Inbox("other", "support").ID)
		w.Claim("ana", "maria")
		w.Claim("ana", "omar")
		d.run(
			exchange{as: "ana", do: "POST /api/v1/templates", status: 403, body: `{"inbox_id":"<site>","name":"x","language":"en","body":"x"}`},
			exchange{
				as: "ada", do: "POST /api/v1/templates", status: 201, events: textsEvent, remains: map[string]string{"t": "id"},
				body: `{"inbox_id":"<site>","name":"order_update","language":"en","body":"Hello {{1}}, your order {{2}} is on its way.","footer":"Harbour","variables":[{"name":"1","label":"Name","example":"Maria"},{"name":"9","label":"None"}]}`,
				says: []string{`"variables":[{"name":"1","label":"Name","example":"Maria"},{"name":"2"}]`, `"status":"approved"`},
			},
			exchange{as: "ada", do: "POST /api/v1/templates", status: 409, body: `{"inbox_id":"<site>","name":"order_update","language":"en","body":"x"}`, says: []string{"name_taken"}},
			exchange{as: "ada", do: "POST /api/v1/templates", status: 400, body: `{"inbox_id":"none","name":"x","language":"en","body":"x"}`, says: []string{`"field":"inbox_id"`}},
			exchange{as: "ana", do: "GET /api/v1/templates?inbox=<other>", status: 200, says: []string{`"items":[]`}},
			exchange{as: "ana", do: "POST /api/v1/templates/<t>/preview", status: 200, body: `{"values":{"1":"Maria","2":"17"}}`, says: []string{`"text":"Hello Maria, your order 17 is on its way.\n\nHarbour"`}},
			exchange{as: "ana", do: "POST /api/v1/templates/<t>/preview", status: 400, body: `{"values":{"1":"Maria"}}`, says: []string{`"field":"template.values.2"`}},
			// The rule of the window.
			exchange{as: "ana", do: "GET /api/v1/conversations/<c>", status: 200, says: []string{`"window":{"hours":24`, `"open":false`}},
			exchange{as: "ana", do: "GET /api/v1/conversations/<fresh>", status: 200, says: []string{`"open":true`}},
			exchange{as: "ana", do: "POST /api/v1/conversations/<fresh>/messages", body: `{"body":"Hello","client_id":"1"}`, status: 201, events: []string{"message.sent"}},
			exchange{as: "ana", do: "POST /api/v1/conversations/<c>/messages", body: `{"body":"Hello","client_id":"1"}`, status: 409, says: []string{"template_needed"}},
			exchange{as: "ana", do: "POST /api/v1/conversations/<c>/messages", body: `{"client_id":"2","template":{"id":"<t>","values":{"1":"Maria","2":"{{order}}"}}}`, status: 400, says: []string{`"field":"template.values.2"`}},
			exchange{as: "ana", do: "POST /api/v1/conversations/<c>/messages", body: `{"client_id":"2","template":{"id":"<t>","values":{"1":"Maria","2":"17","3":"x"}}}`, status: 400, says: []string{`"field":"template.values.3"`}},
			exchange{as: "ana", do: "POST /api/v1/conversations/<c>/messages", body: `{"client_id":"2","template":{"name":"nothing"}}`, status: 400, says: []string{`"field":"template.name"`}},
			exchange{
				as: "ana", do: "POST /api/v1/conversations/<c>/messages", status: 201, events: []string{"message.sent"},
				body: `{"client_id":"2","body":"Something else","template":{"name":"order_update","values":{"1":"Maria","2":"17\n\n18"}}}`,
				says: []string{`"body":"Hello Maria, your order 17 18 is on its way.\n\nHarbour"`, `"template":"order_update"`}, lacks: []string{"Something else"},
			},
			exchange{as: "ana", do: "POST /api/v1/conversations/<c>/messages", body: `{"body":"Hello","client_id":"3"}`, status: 409, says: []string{"template_needed"}}, // until they answer
			// Paused and rejected ones are not sent, nor those of other inboxes.
			exchange{as: "ada", do: "PATCH /api/v1/templates/<t>", status: 200, body: `{"status":"paused","reason":"Too many complaints."}`, events: textsEvent},
			exchange{as: "ana", do: "GET /api/v1/templates?inbox=<site>&usable=true", status: 200, says: []string{`"items":[]`}},
			exchange{as: "ana", do: "POST /api/v1/conversations/<c>/messages", body: `{"client_id":"4","template":{"id":"<t>","values":{"1":"a","2":"b"}}}`, status: 409, says: []string{"template_not_approved", "paused", "Too many complaints."}},
			exchange{as: "ada", do: "DELETE /api/v1/templates/<t>", status: 204, events: textsEvent},
		)
		w.Write("maria", "I am here")
		d.run(exchange{as: "ana", do: "POST /api/v1/conversations/<c>/messages", body: `{"body":"Hello","client_id":"5"}`, status: 201, events: []string{"message.sent"}})
	})
}

// S3-46…S3-49: a macro changes all that it may, in one go and by the rules that
// hold for its agent's hand, tells that in one line, and leaves time to edit.
func TestMacros(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		d := newDesk(t, w)
		d.names["support"], d.names["sales"] = string(w.Queue("support", "ana", "rita").ID), string(w.Queue("sales", "ben").ID)
		w.Reader("support", "rita")
		w.Agent("sue", rapporttest.As(rapport.RoleSupervisor))
		w.Agent("ada", rapporttest.As(rapport.RoleAdmin))
		d.names["site"] = string(w.Inbox("site", "support").ID)
		d.names["c"] = string(w.Write("maria", "Hello?").Conversation.ID)
		d.names["c2"] = string(w.Write("omar", "Hello?").Conversation.ID)
		w.Claim("ana", "maria")
		w.Claim("ana", "omar")
		d.run(
			exchange{as: "ada", do: "POST /api/v1/forms", status: 201, events: textsEvent, remains: map[string]string{"form": "id"}, body: `{"name":"Refund","fields":[{"name":"amount","label":"Amount","type":"number","required_on_solve":true},{"name":"why","label":"Reason","type":"text"}]}`},
			exchange{as: "ada", do: "POST /api/v1/dispositions", status: 201, events: textsEvent, remains: map[string]string{"d": "id"}, body: `{"code":"REFUND","label":"Refunded"}`},
			exchange{as: "ana", do: "POST /api/v1/macros", status: 403, body: `{"name":"x","effects":{"topic":"x"}}`},
			exchange{as: "sue", do: "POST /api/v1/macros", status: 400, body: `{"name":"x","effects":{}}`, says: []string{`"field":"effects"`}},
			exchange{as: "sue", do: "POST /api/v1/macros", status: 400, body: `{"name":"x","effects":{"queue_id":"<sales>","state":"solved"}}`, says: []string{`"field":"effects.state"`}},
			exchange{as: "sue", do: "POST /api/v1/macros", status: 400, body: `{"name":"x","effects":{"queue_id":"nowhere"}}`, says: []string{`"field":"effects.queue_id"`}},
			exchange{as: "sue", do: "POST /api/v1/macros", status: 400, body: `{"name":"x","effects":{"form_id":"<form>","fields":{"amount":"much"}}}`, says: []string{`"field":"effects.fields.amount"`}},
			exchange{
				as: "sue", do: "POST /api/v1/macros", status: 201, events: textsEvent, remains: map[string]string{"m": "id"},
				body: `{"name":"Refund","help":"Money back","tags":["money"],"queues":["<support>"],"effects":{"topic":"Refund for {{customer.name}}","body":"Dear {{customer.name}}, {{amount}} comes back.","inbox_id":"<site>","form_id":"<form>","fields":{"amount":"12.50"},"priority":"high","add_tags":["refund"],"disposition_id":"<d>","note":"By macro","state":"solved"}}`,
			},
			exchange{as: "sue", do: "POST /api/v1/macros", status: 201, events: textsEvent, remains: map[string]string{"move": "id"}, body: `{"name":"To sales","effects":{"queue_id":"<sales>","priority":"low"}}`},
			// Who sees which.
			exchange{as: "ana", do: "GET /api/v1/macros?q=money", status: 200, says: []string{`"name":"Refund"`}, lacks: []string{"To sales"}},
			exchange{as: "ana", do: "GET /api/v1/macros?tag=money", status: 200, says: []string{`"name":"Refund"`}, lacks: []string{"To sales"}},
			exchange{as: "ben", do: "GET /api/v1/macros", status: 200, says: []string{"To sales"}, lacks: []string{`"name":"Refund"`}},
			exchange{as: "ben", do: "POST /api/v1/macros/<m>/apply", body: `{"conversation_id":"<c>"}`, status: 404},
			exchange{as: "ben", do: "POST /api/v1/macros/<move>/preview", body: `{"conversation_id":"<c>"}`, status: 404},
			// A preview changes nothing.
			exchange{
				as: "ana", do: "POST /api/v1/macros/<m>/preview", body: `{"conversation_id":"<c>"}`, status: 200,
				says: []string{
					`{"kind":"topic","to":"Refund for maria"}`, `{"kind":"form","to":"Refund"}`, `{"kind":"fields","name":"Amount","to":"12.50"}`, `{"kind":"priority","from":"normal","to":"high"}`,
					`{"kind":"tags","to":"refund"}`, `{"kind":"disposition","to":"Refunded"}`, `{"kind":"note","to":"By macro"}`, `{"kind":"sender","to":"site"}`, `{"kind":"state","from":"open","to":"solved","later":true}`,
					`"body":"Dear maria, {{amount}} comes back."`, `"blanks":["amount"]`, `"later":{"state":"solved"}`,
				},
				lacks: []string{"refusal"},
			},
			exchange{as: "ana", do: "GET /api/v1/conversations/<c>", status: 200, lacks: []string{"Refund for maria"}},
			// Applied: one line, the state waits for the reply.
			exchange{
				as: "ana", do: "POST /api/v1/macros/<m>/apply", body: `{"conversation_id":"<c>","client_id":"m1","without":["disposition"]}`, status: 200, events: []string{"conversation.changed"},
				says: []string{`"topic":"Refund for maria"`, `"fields":{"amount":"12.50"}`, `"priority":"high"`, `"tags":["refund"]`, `"state":"open"`, `"later":{"state":"solved"}`}, lacks: []string{"disposition"},
			},
			exchange{as: "ana", do: "POST /api/v1/macros/<m>/apply", body: `{"conversation_id":"<c>","client_id":"m1"}`, status: 200}, // a repeat does nothing
			exchange{as: "ana", do: "GET /api/v1/conversations/<c>/items", status: 200, says: []string{`"event":"macro"`, "ana applied the macro Refund: topic, form, Amount, priority, tags, note, sender, body, state with the reply", `"body":"By macro"`}, lacks: []string{`"event":"topic"`, `"event":"tags"`}},
			exchange{as: "ana", do: "GET /api/v1/macros?q=refund", status: 200, says: []string{`"used":1`}},
			exchange{as: "ana", do: "POST /api/v1/conversations/<c>/messages", body: `{"body":"Dear maria","client_id":"r1","then":{"state":"solved"}}`, status: 201, events: []string{"message.sent", "conversation.state"}},
			exchange{as: "ana", do: "POST /api/v1/conversations/<c>/messages", body: `{"body":"Dear maria","client_id":"r1","then":{"state":"solved"}}`, status: 200},
			// Refused whole: without the amount nothing is sent and nothing is solved.
			exchange{as: "ana", do: "PATCH /api/v1/conversations/<c2>", body: `{"form_id":"<form>"}`, status: 200, events: []string{"conversation.changed"}},
			exchange{as: "ana", do: "POST /api/v1/conversations/<c2>/messages", body: `{"body":"Bye","client_id":"r2","then":{"state":"solved"}}`, status: 409, says: []string{"details_missing", `"missing":[{"name":"amount","label":"Amount"}]`}},
			exchange{as: "ana", do: "GET /api/v1/conversations/<c2>/items", status: 200, lacks: []string{"Bye"}},
			exchange{as: "rita", do: "POST /api/v1/macros/<move>/preview", body: `{"conversation_id":"<c2>"}`, status: 200, says: []string{`"refusal":"You are not a member of support with the right to reply`}},
			exchange{as: "rita", do: "POST /api/v1/macros/<move>/apply", body: `{"conversation_id":"<c2>"}`, status: 403, says: []string{"not_in_queue"}},
			exchange{as: "ana", do: "GET /api/v1/conversations/<c2>", status: 200, says: []string{`"priority":"normal"`}},
			// Without a text it moves at once, by the rules of a transfer.
			exchange{as: "ana", do: "POST /api/v1/macros/<move>/apply", body: `{"conversation_id":"<c2>"}`, status: 200, events: []string{"conversation.changed", "conversation.transferred", "agent.load", "agent.load"}, says: []string{`"priority":"low"`, `"queue_name":"sales"`}},
			exchange{as: "sue", do: "PATCH /api/v1/macros/<m>", status: 200, body: `{"enabled":false}`, events: textsEvent},
			exchange{as: "ana", do: "POST /api/v1/macros/<m>/apply", body: `{"conversation_id":"<c>"}`, status: 404},
			exchange{as: "ana", do: "GET /api/v1/macros?all=true", status: 200, lacks: []string{`"name":"Refund"`}},
			exchange{as: "sue", do: "GET /api/v1/macros?all=true", status: 200, says: []string{`"name":"Refund"`}},
			exchange{as: "sue", do: "DELETE /api/v1/macros/<m>", status: 204, events: textsEvent},
		)
	})
}

// S3-85: forms with typed fields, topic, summary and disposition; what is
// required stands in the way of solving.
func TestDetails(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		d := newDesk(t, w)
		d.names["support"], d.names["sales"] = string(w.Queue("support", "ana").ID), string(w.Queue("sales", "ben").ID)
		w.Agent("ada", rapporttest.As(rapport.RoleAdmin))
		w.Agent("sue", rapporttest.As(rapport.RoleSupervisor))
		w.Reader("support", "rita")
		w.Inbox("site", "support")
		d.names["c"] = string(w.Write("maria", "Hello?").Conversation.ID)
		w.Claim("ana", "maria")
		one := []string{"conversation.changed"}
		set := func(body string, status int, more exchange) exchange {
			more.as, more.do, more.body, more.status = "ana", "PATCH /api/v1/conversations/<c>", body, status
			if status == 200 && more.events == nil {
				more.events = one
			}
			return more
		}
		d.run(
			exchange{as: "sue", do: "POST /api/v1/forms", status: 403, body: `{"name":"x","fields":[]}`},
			exchange{as: "ada", do: "POST /api/v1/forms", status: 400, body: `{"name":"x","fields":[]}`, says: []string{`"field":"fields"`}},
			exchange{as: "ada", do: "POST /api/v1/forms", status: 400, body: `{"name":"x","fields":[{"name":"a","label":"A","type":"choice"}]}`, says: []string{`"field":"fields.0.choices"`}},
			exchange{as: "ada", do: "POST /api/v1/forms", status: 400, body: `{"name":"x","fields":[{"name":"a","label":"A","type":"number","default":"x"}]}`, says: []string{`"field":"fields.0.default"`}},
			exchange{as: "ada", do: "POST /api/v1/forms", status: 400, body: `{"name":"x","fields":[{"name":"a","label":"A","type":"text"},{"name":"a","label":"B","type":"text"}]}`, says: []string{`"field":"fields.1.name"`}},
			exchange{
				as: "ada", do: "POST /api/v1/forms", status: 201, events: textsEvent, remains: map[string]string{"form": "id"},
				body: `{"name":"Case","default_for":["<support>"],"fields":[{"name":"n","label":"Number","type":"number","required":true},{"name":"day","label":"Day","type":"date"},{"name":"kind","label":"Kind","type":"choice","choices":["Parcel","Letter"],"required_on_solve":true},{"name":"more","label":"More","type":"multi","choices":["A","B","C"]},{"name":"ok","label":"OK","type":"yesno"},{"name":"link","label":"Link","type":"url"}]}`,
			},
			exchange{as: "ada", do: "POST /api/v1/forms", status: 201, events: textsEvent, remains: map[string]string{"other": "id"}, body: `{"name":"Other","default_for":["<support>"],"fields":[{"name":"x","label":"X","type":"text"}]}`},
			exchange{as: "ada", do: "PATCH /api/v1/forms/<form>", status: 200, events: textsEvent, body: `{"default_for":["<support>"]}`}, // takes the queue back
			exchange{as: "ana", do: "GET /api/v1/forms", status: 200, says: []string{`"default_for":["<support>"]`}},
			set(`{"fields":{"n":"x"}}`, 400, exchange{says: []string{`"field":"fields.n"`, "is a number"}}),
			set(`{"fields":{"day":"1.4.2026"}}`, 400, exchange{says: []string{`"field":"fields.day"`}}),
			set(`{"fields":{"kind":"Box"}}`, 400, exchange{says: []string{`"field":"fields.kind"`}}),
			set(`{"fields":{"more":"A\nD"}}`, 400, exchange{says: []string{`"field":"fields.more"`}}),
			set(`{"fields":{"ok":"maybe"}}`, 400, exchange{says: []string{`"field":"fields.ok"`}}),
			set(`{"fields":{"link":"javascript:alert(1)"}}`, 400, exchange{says: []string{`"field":"fields.link"`}}),
			set(`{"fields":{"n":"12.5","day":"2026-04-01","more":"C\nA","ok":"yes","link":"https://example.com/a","free":"anything"}}`, 200, exchange{says: []string{`"n":"12.5"`, `"more":"A\nC"`, `"free":"anything"`}}),
			set(`{"fields":{"n":""}}`, 400, exchange{says: []string{"cannot be emptied"}}),
			// Solving needs the kind.
			exchange{as: "ana", do: "POST /api/v1/conversations/<c>/state", body: `{"state":"solved"}`, status: 409, says: []string{"details_missing", `"missing":[{"name":"kind","label":"Kind"}]`, `"disposition":false`}},
			set(`{"fields":{"kind":"Letter"}}`, 200, exchange{}),
			// Topic and summary, each with its line.
			set(`{"topic":"`+strings.Repeat("x", 201)+`"}`, 400, exchange{says: []string{`"field":"topic"`}}),
			set(`{"topic":"  Late   parcel ","summary":"Sent again."}`, 200, exchange{says: []string{`"topic":"Late parcel"`, `"summary":"Sent again."`}}),
			set(`{"topic":"Late parcel"}`, 200, exchange{events: []string{}}),
			exchange{as: "ana", do: "GET /api/v1/conversations/<c>/items", status: 200, says: []string{`"event":"topic"`, "ana changed the topic to Late parcel", `"event":"summary"`}},
			exchange{as: "ben", do: "PATCH /api/v1/conversations/<c>", body: `{"topic":"Mine"}`, status: 404},
			// Dispositions.
			exchange{as: "ada", do: "POST /api/v1/dispositions", status: 400, body: `{"code":"a b","label":"x"}`, says: []string{`"field":"code"`}},
			exchange{as: "ada", do: "POST /api/v1/dispositions", status: 201, events: textsEvent, remains: map[string]string{"sent": "id"}, body: `{"code":"SENT","label":"Sent again","queues":["<support>"]}`},
			exchange{as: "ada", do: "POST /api/v1/dispositions", status: 201, events: textsEvent, remains: map[string]string{"sold": "id"}, body: `{"code":"SOLD","label":"Sold","queues":["<sales>"]}`},
			exchange{as: "ada", do: "POST /api/v1/dispositions", status: 409, body: `{"code":"SOLD","label":"Again"}`, says: []string{"name_taken"}},
			set(`{"disposition_id":"<sold>"}`, 400, exchange{says: []string{`"field":"disposition_id"`}}),
			exchange{as: "ada", do: "PATCH /api/v1/settings", body: `{"details":{"catalogue_only":true,"disposition_required":true}}`, status: 200, events: []string{"settings.changed"}},
			exchange{as: "ana", do: "POST /api/v1/conversations/<c>/state", body: `{"state":"closed"}`, status: 409, says: []string{"details_missing", `"disposition":true`}},
			set(`{"disposition_id":"<sent>"}`, 200, exchange{says: []string{`"disposition_id":"<sent>"`}}),
			exchange{as: "ada", do: "DELETE /api/v1/dispositions/<sent>", status: 409, says: []string{"in_use"}},
			exchange{as: "ada", do: "DELETE /api/v1/dispositions/<sold>", status: 204, events: textsEvent},
			// The catalogue.
			exchange{as: "sue", do: "PUT /api/v1/tags/VIP", status: 200, events: textsEvent, body: `{"color":"#AA0000","description":"Treat well"}`, says: []string{`"color":"#aa0000"`}},
			exchange{as: "ana", do: "PUT /api/v1/tags/Mine", status: 403, body: `{}`},
			exchange{as: "sue", do: "PUT /api/v1/tags/Bad", status: 400, body: `{"color":"red"}`, says: []string{`"field":"color"`}},
			exchange{as: "ana", do: "PUT /api/v1/conversations/<c>/tags", body: `{"tags":["vip"]}`, status: 200, events: one, says: []string{`"tags":["VIP"]`}},
			exchange{as: "ana", do: "PUT /api/v1/conversations/<c>/tags", body: `{"tags":["VIP","free"]}`, status: 400, says: []string{`"field":"tags"`, "catalogue"}},
			exchange{as: "ana", do: "POST /api/v1/conversations/<c>/state", body: `{"state":"solved"}`, status: 200, events: []string{"conversation.state", "agent.load"}},
		)
		// Who may only look in the queue changes nothing of it, whatever its state; those who may reply there, and supervisors, do.
		notes := func() {
			for _, body := range []string{`{"topic":"T"}`, `{"summary":"S"}`, `{"form_id":"<other>"}`, `{"fields":{"x":"1"}}`, `{"disposition_id":""}`, `{"priority":"low"}`} {
				d.run(exchange{as: "rita", do: "PATCH /api/v1/conversations/<c>", body: body, status: 403, says: []string{"not_in_queue", "what is noted"}})
			}
			d.run(
				exchange{as: "rita", do: "PUT /api/v1/conversations/<c>/tags", body: `{"tags":[]}`, status: 403, says: []string{"not_in_queue"}},
				exchange{as: "rita", do: "GET /api/v1/conversations/<c>", status: 200, says: []string{`"describe":{"ok":false,"why":"You are not a member of support`}},
				exchange{as: "ana", do: "GET /api/v1/conversations/<c>", status: 200, says: []string{`"describe":{"ok":true`}},
			)
		}
		notes()
		d.run(exchange{as: "ana", do: "POST /api/v1/conversations/<c>/state", body: `{"state":"closed"}`, status: 200, events: []string{"conversation.state"}})
		notes()
		d.run(
			set(`{"topic":"Afterwards"}`, 200, exchange{}),
			exchange{as: "sue", do: "PUT /api/v1/conversations/<c>/tags", body: `{"tags":[]}`, status: 200, events: one},
		)
	})
}

// Renaming a tag reaches every conversation, in steps that survive a restart.
func TestTagsAreRenamedEverywhere(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		d := newDesk(t, w)
		w.Queue("support", "ana")
		w.Inbox("site", "support")
		w.Agent("sue", rapporttest.As(rapport.RoleSupervisor))
		w.Agent("ada", rapporttest.As(rapport.RoleAdmin))
		tag := func(customer string, tags ...string) {
			id := w.Write(customer, "Hello").Conversation.ID
			w.Update(func(tx *store.Tx) error {
				_, err := conversation.SetTags(tx, w.Actor("ana"), id, tags)
				return err
			})
		}
		tag("a", "late_parcel", "x")
		tag("b", "late parcel", "late_parcel")
		tag("c", "lateXparcel") // no wildcard
		for _, name := range []string{"late_parcel", "late parcel"} {
			d.names["name"] = strings.ReplaceAll(name, " ", "%20")
			d.run(exchange{as: "sue", do: "PUT /api/v1/tags/<name>", status: 200, events: textsEvent, body: `{}`})
		}
		d.run(
			exchange{as: "sue", do: "POST /api/v1/macros", status: 201, events: textsEvent, body: `{"name":"Late","effects":{"add_tags":["late_parcel"]}}`},
			exchange{as: "ana", do: "POST /api/v1/views", status: 201, events: []string{"own-view.changed"}, remains: map[string]string{"own": "id"}, body: `{"name":"Mine","view":"any","filter":{"tags":["late_parcel","x"]}}`},
			exchange{as: "sue", do: "POST /api/v1/views", status: 201, events: []string{"view.changed"}, body: `{"name":"Both","view":"any","shared":"all","filter":{"tags":["late parcel","late_parcel"]}}`},
			exchange{as: "sue", do: "POST /api/v1/views", status: 201, events: []string{"own-view.changed"}, body: `{"name":"Other","view":"any","filter":{"tags":["lateXparcel"]}}`},
			exchange{as: "ada", do: "POST /api/v1/workflows", body: `{"name":"Adds it"}`, status: 201, events: []string{"workflow.changed"}, remains: map[string]string{"w": "id"}},
			exchange{as: "ada", do: "PUT /api/v1/workflows/<w>/draft", status: 200, events: []string{"workflow.changed"},
				body: `{"definition":{"trigger":{"kind":"message_received"},"start":"a","steps":[{"id":"a","kind":"tag","with":{"add":["late_parcel"]}}]}}`},
			exchange{as: "ada", do: "POST /api/v1/workflows/<w>/publish", body: `{}`, status: 200, events: []string{"workflow.changed"}},
			exchange{as: "ana", do: "GET /api/v1/tags/use?name=late_parcel", status: 403},
			exchange{as: "sue", do: "GET /api/v1/tags/use?name=late_parcel", status: 200, says: []string{`"conversations":2,"macros":1,"views":2,"workflows":[{"id":"<w>","name":"Adds it"}]`}},
			exchange{as: "sue", do: "GET /api/v1/tags/use?name=nothing", status: 200, says: []string{`"conversations":0,"macros":0,"views":0,"workflows":[]`}},
			exchange{as: "sue", do: "POST /api/v1/tags/rename", body: `{"from":"late_parcel","to":""}`, status: 400},
			exchange{as: "ana", do: "POST /api/v1/tags/rename", body: `{"from":"late_parcel","to":"late parcel"}`, status: 403},
			exchange{as: "sue", do: "POST /api/v1/tags/rename", body: `{"from":"late_parcel","to":"Late Parcel"}`, status: 200, events: []string{"own-view.changed", "view.changed", "texts.changed"}, says: []string{`"to":"late parcel"`, `"workflows":[{"id":"<w>","name":"Adds it"}]`}},
			exchange{as: "ana", do: "GET /api/v1/views", status: 200, says: []string{`"tags":["late parcel","x"]`, `"tags":["late parcel"]`}, lacks: []string{"late_parcel"}},
			exchange{as: "ada", do: "GET /api/v1/workflows/<w>", status: 200, says: []string{`"add":["late_parcel"]`, `"draft_differs":false`}},
			exchange{as: "sue", do: "GET /api/v1/macros", status: 200, says: []string{`"add_tags":["late parcel"]`}},
		)
		runner := job.NewRunner(w.DB, rapporttest.Log(t))
		done := make(chan struct{})
		runner.Handle(conversation.Retag, func(ctx context.Context, task job.Task) error {
			defer close(done)
			return conversation.RetagStep(ctx, w.DB, task)
		})
		runs := make(chan error, 1)
		go func() { runs <- runner.Run(t.Context()) }()
		<-done
		runner.Stop()
		if err := <-runs; err != nil {
			t.Fatal(err)
		}
		for customer, want := range map[string]string{"a": "late parcel,x", "b": "late parcel", "c": "lateXparcel"} {
			if got := strings.Join(w.Of(customer).Tags, ","); got != want {
				t.Errorf("%s has the tags %s, want %s", customer, got, want)
			}
		}
		d.run(exchange{as: "ana", do: "GET /api/v1/tags", status: 200, says: []string{`"name":"late parcel"`, `"changed":2`, `"finished_at"`}, lacks: []string{`"name":"late_parcel"`}})
	})
}
