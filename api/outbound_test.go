package api_test

import (
	"testing"

	"rapport"
	"rapport/channel"
	"rapport/conversation"
	"rapport/rapporttest"
	"rapport/search"
	"rapport/store"
)

// A channel that writes to phone numbers, and one to mailboxes.
func init() {
	open := func(channel.Setup) (channel.Adapter, error) { return nil, nil }
	for kind, point := range map[string]rapport.PointKind{"text": rapport.PointPhone, "mail": rapport.PointEmail} {
		channel.Register(channel.Info{
			Kind: kind, Name: kind, Help: "For tests.", Caps: channel.Caps{Contents: channel.Contents{MaxText: 1000}, Receives: true, Reach: rapport.Reach{Begins: rapport.BeginsAddress, Points: []rapport.PointKind{point}}},
		}, open)
	}
}

// outbound is a desk with two inboxes to write from and their names in it.
func outbound(t *testing.T) (*rapporttest.World, *desk) {
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	w.Queue("support", "ana", "ben")
	w.Queue("sales", "cyd")
	w.Agent("ada", rapporttest.As(rapport.RoleAdmin))
	d := newDesk(t, w)
	for name, kind := range map[string]string{"hotline": "text", "post": "mail"} {
		i := rapport.Inbox{ID: rapport.NewID[rapport.InboxID](), Channel: kind, Name: name, QueueID: w.Queue("support").ID, Enabled: true}
		w.Update(func(tx *store.Tx) error { return tx.SaveInbox(i, nil) })
		d.names[name] = string(i.ID)
	}
	d.names["support"] = string(w.Queue("support").ID)
	return w, d
}

// S3-20…S3-26, S3-33, S3-42 over HTTP, with what each refusal says.
func TestWritingFirst(t *testing.T) {
	t.Parallel()
	_, d := outbound(t)
	begin := `{"inbox_id":"<hotline>","to":{"address":"+49 30 1234567"},"name":"Mia","body":"Hello","client_id":"one"}`
	opened := []string{"conversation.opened", "agent.load"}
	d.run(
		exchange{as: "ana", do: "GET /api/v1/senders", status: 200, says: []string{`"name":"hotline"`, `"name":"post"`, `"begins":"address"`}},
		exchange{as: "ana", do: "GET /api/v1/recipients?q=030-12&inbox=<hotline>", status: 200, says: []string{`"items":[]`}},
		exchange{as: "ana", do: "GET /api/v1/recipients?q=%2B49301234567&inbox=<hotline>", status: 200, says: []string{`"typed":{"kind":"phone","address":"+49301234567"`}},
		exchange{do: "POST /api/v1/conversations", body: begin, status: 401},
		exchange{as: "ana", do: "POST /api/v1/conversations", body: `{"inbox_id":"<hotline>","to":{"address":"mia"},"body":"Hello"}`, status: 400, says: []string{`"field":"address"`}},
		exchange{as: "ana", do: "POST /api/v1/conversations", body: `{"inbox_id":"<hotline>","body":"Hello"}`, status: 400, says: []string{`"field":"address"`}},
		exchange{as: "ana", do: "POST /api/v1/conversations", body: `{"inbox_id":"<hotline>","to":{"address":"+49301234567"},"body":" "}`, status: 400, says: []string{`"field":"body"`}},
		exchange{as: "ana", do: "POST /api/v1/conversations", body: begin, status: 201, says: []string{`"body":"Hello"`, `"assignee_name":"ana"`, `"state":"open"`, `"priority":"normal"`}, events: opened,
			remains: map[string]string{"first": "conversation.id", "mia": "conversation.contact_id"}},
		exchange{as: "ana", do: "POST /api/v1/conversations", body: begin, status: 200, says: []string{`"id":"<first>"`}},
		exchange{as: "ana", do: "GET /api/v1/recipients?q=mi&inbox=<hotline>", status: 200, says: []string{`"name":"Mia"`, "+49301234567"}},
		exchange{as: "ana", do: "GET /api/v1/recipients?q=%2B4930123&inbox=<hotline>", status: 200, says: []string{`"name":"Mia"`}},
		exchange{as: "cyd", do: "GET /api/v1/recipients?q=mi&inbox=<hotline>", status: 200, lacks: []string{"Mia"}},
		exchange{as: "ana", do: "POST /api/v1/conversations", body: `{"inbox_id":"<hotline>","contact_id":"<mia>","body":"Again"}`, status: 409,
			says: []string{`"code":"ongoing"`, `"id":"<first>"`, "go on there"}},
		exchange{as: "ben", do: "POST /api/v1/conversations", body: `{"inbox_id":"<hotline>","contact_id":"<mia>","body":"Again"}`, status: 409,
			says: []string{`"code":"ongoing_with_other"`, `"ways_out":["transfer","ask","wait"]`, `"name":"ana"`}},
		exchange{as: "cyd", do: "POST /api/v1/conversations", body: `{"inbox_id":"<hotline>","contact_id":"<mia>","body":"Again"}`, status: 404},
		exchange{as: "cyd", do: "POST /api/v1/conversations", body: `{"inbox_id":"<hotline>","to":{"address":"+49301234567"},"body":"Again"}`, status: 409,
			says: []string{`"code":"ongoing_with_other"`}, lacks: []string{"<first>", "Hello"}},
	)
	d.world.Update(func(tx *store.Tx) error {
		return tx.InsertPoint(rapport.ContactID(d.names["mia"]), rapporttest.Point("mia@example.com"))
	})
	d.run(
		exchange{as: "cyd", do: "GET /api/v1/conversations/<first>/ways", status: 404},
		exchange{as: "ana", do: "GET /api/v1/conversations/<first>/ways", status: 200, says: []string{`"last":true,"chosen":true`, "mia@example.com"}},
		exchange{as: "ana", do: "POST /api/v1/conversations/<first>/messages", body: `{"body":"By mail","inbox_id":"<post>","point":{"kind":"email","address":"mia@example.com"}}`, status: 201,
			says: []string{`"inbox_id":"<post>"`, `"point":{"kind":"email","address":"mia@example.com"}`}, events: []string{"message.sent"}},
		exchange{as: "ana", do: "POST /api/v1/conversations/<first>/messages", body: `{"body":"To whom?","inbox_id":"<post>","point":{"kind":"email","address":"x@example.com"}}`, status: 400},
		exchange{as: "ana", do: "GET /api/v1/conversations/<first>", status: 200, says: []string{`"inbox_name":"post"`}},
	)
}

// S3-57…S3-62 over HTTP.
func TestMergingOverHTTP(t *testing.T) {
	t.Parallel()
	w, d := outbound(t)
	d.run(exchange{as: "ana", do: "POST /api/v1/conversations", body: `{"inbox_id":"<hotline>","to":{"address":"+49301234567"},"name":"Mia","body":"A text"}`, status: 201, events: []string{"conversation.opened", "agent.load"},
		remains: map[string]string{"text": "conversation.id", "mia": "conversation.contact_id"}})
	w.Update(func(tx *store.Tx) error {
		return tx.InsertPoint(rapport.ContactID(d.names["mia"]), rapporttest.Point("mia@example.com"))
	})
	d.run(
		exchange{as: "ana", do: "POST /api/v1/conversations", body: `{"inbox_id":"<post>","contact_id":"<mia>","body":"A letter"}`, status: 201, events: []string{"conversation.opened"}, remains: map[string]string{"mail": "conversation.id"}},
		exchange{as: "ana", do: "GET /api/v1/conversations/<text>/mergeable", status: 200, says: []string{`"id":"<mail>"`, `"may":{"ok":true`}},
		exchange{as: "ben", do: "GET /api/v1/conversations/<text>/mergeable", status: 200, says: []string{`"may":{"ok":false,"why":"ana already has this conversation."}`}},
		exchange{as: "cyd", do: "GET /api/v1/conversations/<text>/mergeable", status: 404},
		exchange{as: "ana", do: "GET /api/v1/conversations/<text>/merge?from=<mail>", status: 200, says: []string{"A text", "A letter", `"queue":"support"`}},
		exchange{as: "ben", do: "POST /api/v1/conversations/<text>/merge", body: `{"from":"<mail>"}`, status: 409, says: []string{"already_assigned"}},
		exchange{as: "cyd", do: "POST /api/v1/conversations/<text>/merge", body: `{"from":"<mail>"}`, status: 404},
		exchange{as: "ana", do: "POST /api/v1/conversations/<text>/merge", body: `{"from":"<mail>"}`, status: 200, says: []string{`"id":"<text>"`}, events: []string{"conversation.state", "conversation.merged", "conversation.merged"}},
		exchange{as: "ana", do: "GET /api/v1/conversations/<text>/items", status: 200, says: []string{"A text", "A letter", `"event":"merged"`}},
		exchange{as: "ana", do: "GET /api/v1/conversations/<mail>", status: 200, says: []string{`"merged_into":"<text>"`}},
		exchange{as: "ana", do: "GET /api/v1/conversations?view=history", status: 200, lacks: []string{`"id":"<mail>"`}},
		exchange{as: "ana", do: "GET /api/v1/contacts/<mia>", status: 200, says: []string{`"id":"<text>"`}, lacks: []string{`"id":"<mail>"`}},
		exchange{as: "ana", do: "POST /api/v1/conversations/<mail>/messages", body: `{"body":"Late"}`, status: 409, says: []string{`"code":"merged"`, `"merged_into":"<text>"`}},
		exchange{as: "ana", do: "GET /api/v1/conversations/<text>/merges", status: 200, says: []string{`"id":"<mail>"`, `"name":"ana"`}},
		exchange{as: "ben", do: "POST /api/v1/conversations/<text>/unmerge", body: `{"from":"<mail>"}`, status: 409, says: []string{"already_assigned"}},
		exchange{as: "ana", do: "POST /api/v1/conversations/<text>/unmerge", body: `{"from":"<mail>"}`, status: 200, events: []string{"conversation.unmerged", "conversation.unmerged"}},
		exchange{as: "ana", do: "POST /api/v1/conversations/<text>/unmerge", body: `{"from":"<mail>"}`, status: 409, says: []string{"not_merged"}},
		exchange{as: "ana", do: "GET /api/v1/conversations/<mail>", status: 200, says: []string{`"state":"open"`}, lacks: []string{"merged_into"}},
	)
}

// S3-63…S3-67 over HTTP: only admins configure them; an inbox that is removed is
// no sender any more.
func TestSendersOverHTTP(t *testing.T) {
	t.Parallel()
	_, d := outbound(t)
	changed := []string{"queue.changed"}
	d.run(
		exchange{as: "ana", do: "PATCH /api/v1/queues/<support>", body: `{"senders":{"defaults":["<hotline>"]}}`, status: 403},
		exchange{as: "ada", do: "PATCH /api/v1/queues/<support>", body: `{"senders":{"defaults":["nowhere"]}}`, status: 400, says: []string{`"field":"senders.defaults"`}},
		exchange{as: "ada", do: "PATCH /api/v1/queues/<support>", body: `{"senders":{"inboxes":["<post>"],"defaults":["<hotline>"]}}`, status: 400},
		exchange{as: "ada", do: "PATCH /api/v1/queues/<support>", body: `{"senders":{"inboxes":["<post>","<hotline>"],"defaults":["<hotline>"]}}`, status: 200, events: changed},
		exchange{as: "ana", do: "GET /api/v1/senders", status: 200, says: []string{`"chosen":"<hotline>"`, `"default_in":[{"id":"<support>","name":"support"}]`}, lacks: []string{"post"}},
		exchange{as: "ana", do: "POST /api/v1/conversations", body: `{"inbox_id":"<post>","to":{"address":"mia@example.com"},"body":"Hello"}`, status: 409, says: []string{"sender_not_usable", "hotline"}},
		exchange{as: "ada", do: "DELETE /api/v1/inboxes/<hotline>", status: 204, events: []string{"queue.changed", "inbox.deleted"}},
		exchange{as: "ada", do: "GET /api/v1/queues", status: 200, says: []string{`"senders":{"inboxes":["<post>"]}`}, lacks: []string{"<hotline>"}},
		exchange{as: "ana", do: "GET /api/v1/senders", status: 200, says: []string{`"name":"post"`}, lacks: []string{`"chosen"`}},
	)
}

// S3-23, S3-46, S3-48, S3-50: a macro fills a new conversation in; what was kept
// of it is done, and one line names it.
func TestWritingFirstWithAMacro(t *testing.T) {
	t.Parallel()
	w, d := outbound(t)
	d.names["sales"] = string(w.Queue("sales").ID)
	d.run(
		exchange{as: "ada", do: "POST /api/v1/forms", status: 201, events: textsEvent, remains: map[string]string{"form": "id"}, body: `{"name":"Order","fields":[{"name":"order","label":"Order","type":"number","required_on_solve":true}]}`},
		exchange{as: "ada", do: "POST /api/v1/dispositions", status: 201, events: textsEvent, remains: map[string]string{"d": "id"}, body: `{"code":"SENT","label":"Sent"}`},
		exchange{as: "ada", do: "POST /api/v1/macros", status: 201, events: textsEvent, remains: map[string]string{"m": "id"},
			body: `{"name":"Parcel","queues":["<support>"],"effects":{"topic":"Parcel of {{customer.name}}","body":"Hi {{customer.first_name}}, it is {{agent.name}}.","form_id":"<form>","fields":{"order":"17"},"priority":"high","add_tags":["parcel"],"disposition_id":"<d>","note":"Called before","assignee_id":"me","state":"closed"}}`},
		// What it would put in: known names are filled, others are left to the agent.
		exchange{as: "cyd", do: "POST /api/v1/macros/<m>/prefill", body: `{"queue_id":"<sales>"}`, status: 404},
		exchange{as: "ana", do: "POST /api/v1/macros/<m>/prefill", body: `{"queue_id":"<support>"}`, status: 200,
			says:  []string{`"body":"Hi {{customer.first_name}}, it is ana."`, `"blanks":["customer.first_name"]`, `"state":"solved"`, `{"kind":"form","to":"Order"}`, `{"kind":"fields","name":"Order","to":"17"}`, `{"kind":"disposition","to":"Sent"}`, `{"kind":"priority","to":"high"}`},
			lacks: []string{"assignee"}},
		// So is the inbox that it will be sent from, once one is chosen.
		exchange{as: "ada", do: "POST /api/v1/macros", status: 201, events: textsEvent, remains: map[string]string{"by": "id"}, body: `{"name":"By","effects":{"body":"By {{inbox.name}}"}}`},
		exchange{as: "ana", do: "POST /api/v1/macros/<by>/prefill", body: `{"queue_id":"<support>"}`, status: 200, says: []string{`"body":"By {{inbox.name}}"`}},
		exchange{as: "ana", do: "POST /api/v1/macros/<by>/prefill", body: `{"queue_id":"<support>","inbox_id":"<hotline>"}`, status: 200, says: []string{`"body":"By hotline"`}},
		// A form, a disposition or a macro that there is not is refused, and nothing begins.
		exchange{as: "ana", do: "POST /api/v1/conversations", body: `{"inbox_id":"<hotline>","to":{"address":"+49301234567"},"body":"Hello","form_id":"nothing"}`, status: 400, says: []string{`"field":"form_id"`}},
		exchange{as: "ana", do: "POST /api/v1/conversations", body: `{"inbox_id":"<hotline>","to":{"address":"+49301234567"},"body":"Hello","disposition_id":"nothing"}`, status: 400, says: []string{`"field":"disposition_id"`}},
		exchange{as: "ana", do: "POST /api/v1/conversations", body: `{"inbox_id":"<hotline>","to":{"address":"+49301234567"},"body":"Hello","macro_id":"nothing"}`, status: 400, says: []string{`"field":"macro_id"`}},
		exchange{as: "ana", do: "POST /api/v1/conversations", body: `{"inbox_id":"<hotline>","to":{"address":"+49301234567"},"body":"Hello","form_id":"<form>","fields":{"order":"many"}}`, status: 400, says: []string{`"field":"fields.order"`}},
		exchange{as: "ana", do: "POST /api/v1/conversations", body: `{"inbox_id":"<hotline>","to":{"address":"+49301234567"},"body":"Hello","form_id":"<form>","state":"solved"}`, status: 409, says: []string{"details_missing"}},
		exchange{as: "ana", do: "GET /api/v1/recipients?q=%2B49301234567&inbox=<hotline>", status: 200, says: []string{`"items":[]`}},
		exchange{as: "ana", do: "POST /api/v1/conversations", status: 201, events: []string{"conversation.opened", "conversation.state"}, remains: map[string]string{"c": "conversation.id"},
			body: `{"inbox_id":"<hotline>","to":{"address":"+49301234567"},"name":"Mia Lund","body":"Hi Mia, it is ana.","form_id":"<form>","fields":{"order":"18"},"topic":"Parcel","summary":"We wrote","tags":["parcel","late"],"disposition_id":"<d>","note":"Called before","priority":"normal","state":"solved","macro_id":"<m>"}`,
			says: []string{`"topic":"Parcel"`, `"summary":"We wrote"`, `"form_id":"<form>"`, `"fields":{"order":"18"}`, `"disposition_id":"<d>"`, `"state":"solved"`, `"late"`}},
		exchange{as: "ana", do: "GET /api/v1/conversations/<c>/items", status: 200,
			says: []string{"ana applied the macro Parcel: topic, form, Order, tags, disposition, note, body, state", `"body":"Called before"`}, lacks: []string{"macro Parcel: topic, summary", "priority"}},
		exchange{as: "ana", do: "GET /api/v1/macros", status: 200, says: []string{`"used":1`}},
		// Handed on with the first message.
		exchange{as: "ana", do: "POST /api/v1/conversations", status: 201, events: []string{"conversation.opened", "conversation.transferred", "agent.load"},
			body: `{"inbox_id":"<hotline>","to":{"address":"+49301234568"},"body":"Sales will see to it.","then":{"queue_id":"<sales>"}}`, says: []string{`"queue_name":"sales"`}},
	)
}

// S3-51: who has not written for the hours of the inbox is written to first by
// an approved template, and by nothing else.
func TestWritingFirstByTemplate(t *testing.T) {
	t.Parallel()
	w, d := outbound(t)
	w.Update(func(tx *store.Tx) error {
		i, _, err := tx.Inbox(rapport.InboxID(d.names["hotline"]))
		if err != nil {
			return err
		}
		i.WindowHours = 24
		return tx.SaveInbox(i, nil)
	})
	to := `"inbox_id":"<hotline>","to":{"address":"+49301234567"}`
	d.run(
		exchange{as: "ada", do: "POST /api/v1/templates", status: 201, events: textsEvent, remains: map[string]string{"t": "id"}, body: `{"inbox_id":"<hotline>","name":"hello","language":"en","body":"Hello {{1}}"}`},
		exchange{as: "ana", do: "GET /api/v1/recipients/window?inbox=<post>", status: 200, lacks: []string{"window"}},
		exchange{as: "ana", do: "GET /api/v1/recipients/window?inbox=<hotline>", status: 200, says: []string{`"window":{"hours":24,"open":false}`}},
		exchange{as: "ana", do: "POST /api/v1/conversations", body: `{` + to + `,"body":"Hello"}`, status: 409, says: []string{"template_needed", "never written"}},
		exchange{as: "ana", do: "POST /api/v1/conversations", body: `{` + to + `,"body":"","template":{"id":"<t>"}}`, status: 400, says: []string{`"field":"template.values.1"`}},
		exchange{as: "ana", do: "POST /api/v1/conversations", body: `{` + to + `,"body":"Something else","template":{"id":"<t>","values":{"1":"Mia"}}}`, status: 201, events: []string{"conversation.opened", "agent.load"},
			remains: map[string]string{"c": "conversation.id", "mia": "conversation.contact_id"}, says: []string{`"body":"Hello Mia"`, `"template":"hello"`, `"last_text":"Hello Mia"`}, lacks: []string{"Something else"}},
		exchange{as: "cyd", do: "GET /api/v1/recipients/window?inbox=<hotline>&contact=<mia>", status: 404},
		// Until she answers; then any text, for 24 hours.
		exchange{as: "ana", do: "POST /api/v1/conversations/<c>/messages", body: `{"body":"Are you there?","client_id":"1"}`, status: 409, says: []string{"template_needed"}},
	)
	w.Write("+49301234567", "Yes", func(in *conversation.Inbound) { in.InboxID = rapport.InboxID(d.names["hotline"]) })
	d.run(
		exchange{as: "ana", do: "GET /api/v1/recipients/window?inbox=<hotline>&contact=<mia>", status: 200, says: []string{`"open":true`}},
		exchange{as: "ana", do: "POST /api/v1/conversations/<c>/messages", body: `{"body":"Good","client_id":"2"}`, status: 201, events: []string{"message.sent"}},
	)
}

// S3-21: a recipient is found however the name is written, as by the global
// search: without accents, in any case, with a letter wrong; and only by those
// who may see the customer.
func TestRecipientsHoweverTheyAreWritten(t *testing.T) {
	t.Parallel()
	w, d := outbound(t)
	d.run(exchange{as: "ana", do: "POST /api/v1/conversations", body: `{"inbox_id":"<hotline>","to":{"address":"+49301234567"},"name":"ZOË Lindqvist","body":"Hello"}`, status: 201, events: []string{"conversation.opened", "agent.load"}})
	// Not in the index yet.
	d.run(exchange{as: "ana", do: "GET /api/v1/recipients?inbox=<hotline>&q=oë%20L", status: 200, says: []string{`"name":"ZOË Lindqvist"`}})
	if err := search.New(w.DB, rapporttest.Log(t)).Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{"zoe", "LINDQV", "lindqvst", "zoe%20lindqvist"} {
		d.run(
			exchange{as: "ana", do: "GET /api/v1/recipients?inbox=<hotline>&q=" + q, status: 200, says: []string{`"name":"ZOË Lindqvist"`, "+49301234567"}},
			exchange{as: "cyd", do: "GET /api/v1/recipients?inbox=<hotline>&q=" + q, status: 200, says: []string{`"items":[]`}},
			exchange{as: "ana", do: "GET /api/v1/recipients?inbox=<post>&q=" + q, status: 200, says: []string{`"name":"ZOË Lindqvist"`}, lacks: []string{"+49301234567"}},
		)
	}
}

// S3-85, S3-21, S3-46: what a form offers is held as soon as the form is chosen, by
// hand, by a macro or for a new conversation; what is there or was taken out stays.
func TestFormsFillInTheirDefaults(t *testing.T) {
	t.Parallel()
	w, d := outbound(t)
	w.Status("ana", rapport.StatusAway)
	for name, about := range map[string]string{"c1": "+49301234561", "c2": "+49301234562"} {
		d.run(exchange{as: "ana", do: "POST /api/v1/conversations", body: `{"inbox_id":"<hotline>","to":{"address":"` + about + `"},"body":"Hello","fields":{"kind":"Letter"}}`, status: 201,
			events: []string{"conversation.opened"}, remains: map[string]string{name: "conversation.id"}})
	}
	fields := `"fields":[{"name":"kind","label":"Kind","type":"choice","choices":["Parcel","Letter"],"default":"Parcel"},{"name":"urgent","label":"Urgent","type":"yesno","default":"no"},{"name":"order","label":"Order","type":"number"}]`
	begin := func(to, more string) string {
		return `{"inbox_id":"<hotline>","to":{"address":"` + to + `"},"body":"Hello"` + more + `}`
	}
	changed, opened := []string{"conversation.changed"}, []string{"conversation.opened"}
	d.run(
		exchange{as: "ada", do: "POST /api/v1/forms", status: 201, events: textsEvent, remains: map[string]string{"form": "id"}, body: `{"name":"Case",` + fields + `}`},
		exchange{as: "ada", do: "POST /api/v1/macros", status: 201, events: textsEvent, remains: map[string]string{"m": "id"}, body: `{"name":"Case","effects":{"form_id":"<form>"}}`},
		// By hand: what is noted already stays, and the thread says what was noted with it.
		exchange{as: "ana", do: "PATCH /api/v1/conversations/<c1>", body: `{"form_id":"<form>"}`, status: 200, events: changed, says: []string{`"fields":{"kind":"Letter","urgent":"no"}`}},
		exchange{as: "ana", do: "GET /api/v1/conversations/<c1>/items", status: 200, says: []string{"ana chose the form Case", "ana noted Urgent"}},
		// Taken out again, it is not put back by what is chosen already.
		exchange{as: "ana", do: "PATCH /api/v1/conversations/<c1>", body: `{"fields":{"urgent":""}}`, status: 200, events: changed, says: []string{`"fields":{"kind":"Letter"}`}},
		exchange{as: "ana", do: "PATCH /api/v1/conversations/<c1>", body: `{"form_id":"<form>","topic":"x"}`, status: 200, events: changed, says: []string{`"fields":{"kind":"Letter"}`}},
		// By a macro, which shows it first.
		exchange{as: "ana", do: "POST /api/v1/macros/<m>/preview", body: `{"conversation_id":"<c2>"}`, status: 200, says: []string{`{"kind":"fields","name":"Urgent","to":"no"}`}, lacks: []string{`"name":"Kind"`}},
		exchange{as: "ana", do: "POST /api/v1/macros/<m>/apply", body: `{"conversation_id":"<c2>"}`, status: 200, events: changed, says: []string{`"fields":{"kind":"Letter","urgent":"no"}`}},
		exchange{as: "ana", do: "POST /api/v1/macros/<m>/prefill", body: `{"queue_id":"<support>"}`, status: 200, says: []string{`{"kind":"fields","name":"Kind","to":"Parcel"}`}},
		// For a new conversation: chosen, with one named and one left empty on purpose; and that of the queue.
		exchange{as: "ana", do: "POST /api/v1/conversations", body: begin("+49301234563", `,"form_id":"<form>"`), status: 201, events: opened, says: []string{`"fields":{"kind":"Parcel","urgent":"no"}`}},
		exchange{as: "ana", do: "POST /api/v1/conversations", body: begin("+49301234564", `,"form_id":"<form>","fields":{"kind":"Letter","urgent":""}`), status: 201, events: opened, says: []string{`"fields":{"kind":"Letter"}`}},
		exchange{as: "ada", do: "PATCH /api/v1/forms/<form>", status: 200, events: textsEvent, body: `{"default_for":["<support>"]}`},
		exchange{as: "ana", do: "POST /api/v1/conversations", body: begin("+49301234565", ``), status: 201, events: opened, says: []string{`"fields":{"kind":"Parcel","urgent":"no"}`}},
	)
	w.Check()
}
