package api_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"rapport"
	"rapport/handoff"
	"rapport/rapporttest"
	"rapport/store"
)

// A kind of bot for tests: it repeats what it hears.
func init() {
	handoff.Register(handoff.Info{
		Kind: "parrot", Name: "Parrot", Help: "It repeats.", Caps: handoff.Caps{Turns: true, Later: true, Assists: true},
		Options: []handoff.Option{
			{Name: "color", Type: "color", Label: "Colour", Help: "Of its feathers.", Default: "#112233"},
			{Name: "key", Type: "secret", Secret: true, Label: "Key", Help: "Of its cage."},
			{Name: "token", Type: "secret", Secret: true, Label: "Token", Help: "Who shows it may speak.", Required: true, Prefix: "rpb_"},
		},
	}, func(s handoff.Setup) (handoff.Bot, error) { return parrot{s}, nil })
}

type parrot struct{ handoff.Setup }

func (p parrot) Turn(_ context.Context, t handoff.Turn) (handoff.Answer, error) {
	text := t.Messages[0].Body
	if text == "die" {
		return handoff.Answer{}, handoff.Unauthorized(fmt.Errorf("key %s is dead", p.Values.Secret("key").Reveal()), "The parrot is dead.")
	}
	return handoff.Answer{Messages: []handoff.Say{{Text: text + "!"}}, Handoff: &handoff.Handoff{Queue: t.Queues[0]}}, nil
}

func (p parrot) Assist(_ context.Context, t handoff.Task) (string, error) {
	if t.Text == "die" {
		return "", handoff.Temporary(nil, "The parrot sleeps.")
	}
	return fmt.Sprintf("%s of %d with %q %s", t.Kind, len(t.Transcript), t.Text, t.Tone), nil
}

func withBots(t *testing.T, w *rapporttest.World) *desk {
	w.Agent("ada", rapporttest.As(rapport.RoleAdmin))
	w.Agent("sue", rapporttest.As(rapport.RoleSupervisor))
	w.Queue("support", "ana")
	w.Queue("sales", "ben")
	w.Inbox("site", "support")
	d := newDesk(t, w)
	d.names["support"] = string(w.Queue("support").ID)
	d.names["sales"] = string(w.Queue("sales").ID)
	d.run(exchange{
		as: "ada", do: "POST /api/v1/bots", status: 201, events: []string{"bot.changed"}, remains: map[string]string{"robin": "bot.id", "token": "secrets.token"},
		body: `{"kind":"parrot","name":" Robin ","options":{"key":"k-1"},"apology":"Sorry","handoff_queue":"<sales>"}`,
		says: []string{`"name":"Robin"`, `"timeout_seconds":30`, `"key":"***"`, `"token":"***"`, `"secrets":{"token":"rpb_`}, lacks: []string{"k-1"},
	})
	return d
}

// Bots are set up like inboxes: secrets stay secret, and mistakes are named.
func TestBots(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		d := withBots(t, w)
		d.run(
			exchange{as: "ana", do: "GET /api/v1/bot-kinds", status: 200, says: []string{`"kind":"parrot"`, `"caps":{"turns":true,"later":true,"streams":false,"assists":true}`}},
			exchange{as: "ada", do: "POST /api/v1/bots", body: `{"kind":"dodo","name":"D"}`, status: 400, says: []string{`"field":"kind"`}},
			exchange{as: "ada", do: "POST /api/v1/bots", body: `{"kind":"parrot","name":"Robin"}`, status: 409, says: []string{"name_taken"}},
			exchange{as: "ada", do: "POST /api/v1/bots", body: `{"kind":"parrot","name":"P","timeout_seconds":3}`, status: 400, says: []string{`"field":"timeout_seconds"`}},
			exchange{as: "ada", do: "POST /api/v1/bots", body: `{"kind":"parrot","name":"P","handoff_queue":"x"}`, status: 400, says: []string{`"field":"handoff_queue"`}},
			exchange{as: "ada", do: "POST /api/v1/bots", body: `{"kind":"parrot","name":"P","options":{"speed":1}}`, status: 400, says: []string{`"field":"options.speed"`}},
			exchange{as: "ana", do: "GET /api/v1/bots", status: 200, says: []string{`"name":"Robin"`, `"options":{}`}, lacks: []string{"k-1", "<token>"}},
			exchange{as: "ada", do: "GET /api/v1/bots", status: 200, says: []string{`"color":"#112233"`, `"key":"***"`}, lacks: []string{"k-1", "<token>"}},
			exchange{as: "ada", do: "PATCH /api/v1/bots/<robin>", body: `{"name":"Rosa","options":{"key":"***","color":"#FFFFFF"}}`, status: 200, says: []string{`"name":"Rosa"`, `"color":"#ffffff"`, `"apology":"Sorry"`}, events: []string{"bot.changed"}},
			exchange{as: "ada", do: "POST /api/v1/bots/<robin>/try", body: `{"text":"Hello"}`, status: 200, says: []string{`"text":"Hello!"`, `"handoff":{"queue":`}},
			exchange{as: "ada", do: "POST /api/v1/bots/<robin>/try", body: `{"text":" "}`, status: 400, says: []string{`"field":"text"`}},
			exchange{as: "ada", do: "POST /api/v1/bots/<robin>/try", body: `{"text":"die"}`, status: 503, says: []string{"bot_failed", "The parrot is dead."}, lacks: []string{"k-1"}},
			exchange{as: "ada", do: "POST /api/v1/bots/<robin>/secrets/token", status: 200, says: []string{`"value":"rpb_`}, lacks: []string{"<token>"}, events: []string{"bot.changed"}},
			exchange{as: "ada", do: "POST /api/v1/bots/<robin>/secrets/key", status: 404},
			exchange{as: "ada", do: "GET /api/v1/audit?limit=3", status: 200, says: []string{"bot.secret_rotated", "bot.changed", "bot.created"}, lacks: []string{"k-1"}},
			exchange{as: "ada", do: "DELETE /api/v1/bots/<robin>", status: 204, events: []string{"bot.deleted"}},
			exchange{as: "ada", do: "DELETE /api/v1/bots/<robin>", status: 404},
		)
	})
}

// S3-87: All chatbots shows what bots hold to those who may see it; agents give
// conversations to bots and take them back.
func TestConversationsOfBots(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		d := withBots(t, w)
		w.Write("carla", "Hello")
		d.names["carla"] = string(w.Of("carla").ID)
		d.run(
			exchange{as: "ben", do: "POST /api/v1/conversations/<carla>/bot", body: `{"bot_id":"<robin>"}`, status: 404},
			exchange{as: "ana", do: "POST /api/v1/conversations/<carla>/bot", body: `{"bot_id":"nobody"}`, status: 404},
			exchange{as: "ana", do: "POST /api/v1/conversations/<carla>/handoff", body: `{}`, status: 409, says: []string{"not_with_bot"}},
			exchange{as: "ana", do: "POST /api/v1/conversations/<carla>/bot", body: `{"bot_id":"<robin>"}`, status: 200, says: []string{`"bot_name":"Robin"`}, lacks: []string{"assignee_id\":\""}, events: []string{"conversation.assigned", "agent.load"}},
			exchange{as: "ana", do: "GET /api/v1/conversations?view=chatbots", status: 200, says: []string{"<carla>"}},
			exchange{as: "sue", do: "GET /api/v1/conversations?view=chatbots", status: 200, says: []string{"<carla>"}},
			exchange{as: "ben", do: "GET /api/v1/conversations?view=chatbots", status: 200, lacks: []string{"<carla>"}},
			exchange{as: "ana", do: "GET /api/v1/counts", status: 200, says: []string{`"chatbots":1`, `"unassigned":0`}},
			exchange{as: "ben", do: "GET /api/v1/counts", status: 200, says: []string{`"chatbots":0`}},
			exchange{as: "ana", do: "GET /api/v1/conversations/<carla>", status: 200, says: []string{`"claim":{"ok":true`, `"bot":{"ok":true`, `"handoff":{"ok":true`}},
			exchange{as: "sue", do: "POST /api/v1/conversations/<carla>/handoff", body: `{"queue_id":"nowhere"}`, status: 400, says: []string{`"field":"queue_id"`}},
			exchange{as: "sue", do: "POST /api/v1/conversations/<carla>/handoff", body: `{"queue_id":"<sales>","agent_id":"x"}`, status: 400},
			exchange{as: "sue", do: "POST /api/v1/conversations/<carla>/handoff", body: `{"queue_id":"<sales>","reason":"a human should look","summary":"She greets."}`, status: 200, says: []string{`"assignee_name":"ben"`}, events: []string{"conversation.handed_off", "notification.added", "agent.load"}},
			exchange{as: "ben", do: "GET /api/v1/notifications", status: 200, says: []string{`"unread":1`, `"kind":"handoff"`, "a human should look"}},
			exchange{as: "ana", do: "GET /api/v1/notifications", status: 200, says: []string{`"unread":0`, `"items":[]`}},
			exchange{as: "ben", do: "POST /api/v1/notifications/read", body: `{"up_to":"2020-01-01T00:00:00Z"}`, status: 200, says: []string{`"unread":1`}, events: []string{"notification.read"}},
			exchange{as: "ben", do: "POST /api/v1/notifications/read", body: fmt.Sprintf(`{"up_to":%q}`, time.Now().UTC().Add(time.Minute).Format(time.RFC3339Nano)), status: 200, says: []string{`"unread":0`, "read_at"}, events: []string{"notification.read"}},
			exchange{as: "ben", do: "POST /api/v1/conversations/<carla>/bot", body: `{"bot_id":"<robin>"}`, status: 200, events: []string{"conversation.assigned", "agent.load"}},
			exchange{as: "ben", do: "POST /api/v1/conversations/<carla>/bot", body: `{"bot_id":"<robin>"}`, status: 409, says: []string{"same_bot"}},
			exchange{as: "ben", do: "POST /api/v1/conversations/<carla>/claim", status: 200, says: []string{`"assignee_name":"ben"`}, lacks: []string{`"bot_name"`}, events: []string{"conversation.assigned", "agent.load"}},
		)
	})
}

// The API of bots that answer later: only with the token, only what they hold,
// and a repeat does nothing.
func TestBotAPI(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		d := withBots(t, w)
		for _, c := range []string{"carla", "dora"} {
			w.Write(c, "Hello")
			d.names[c] = string(w.Of(c).ID)
		}
		d.run(exchange{as: "ana", do: "POST /api/v1/conversations/<carla>/bot", body: `{"bot_id":"<robin>"}`, status: 200, events: []string{"conversation.assigned"}})
		key := func(k string) map[string]string {
			return map[string]string{"Authorization": "Bearer <token>", "Idempotency-Key": k}
		}
		const on = "POST /bot-api/v1/conversations/"
		d.run(
			exchange{do: on + "<carla>/messages", body: `{"text":"Hi"}`, status: 401},
			exchange{do: on + "<carla>/messages", body: `{"text":"Hi"}`, status: 401, header: map[string]string{"Authorization": "Bearer rpb_wrong", "Idempotency-Key": "1"}},
			exchange{do: on + "<carla>/messages", body: `{"text":"Hi"}`, status: 401, header: map[string]string{"Authorization": "Basic <token>", "Idempotency-Key": "1"}},
			exchange{as: "ada", do: on + "<carla>/messages", body: `{"text":"Hi"}`, status: 401},
			exchange{do: on + "<carla>/messages", body: `{"text":"Hi"}`, status: 400, says: []string{"Idempotency-Key"}, header: map[string]string{"Authorization": "Bearer <token>"}},
			exchange{do: on + "<carla>/messages", body: `{"txt":"Hi"}`, status: 400, header: key("1")},
			exchange{do: on + "<carla>/messages", body: `{}`, status: 400, says: []string{`"field":"text"`}, header: key("1")},
			exchange{do: on + "<carla>/messages", body: `{"buttons":["a"],"messages":[{"text":"Hi"}]}`, status: 400, says: []string{`"field":"buttons"`}, header: key("1")},
			exchange{do: on + "<carla>/shout", body: `{}`, status: 404, says: []string{`"code":"no_route"`}, header: key("1")},
			exchange{do: "GET /bot-api/v1/conversations/<carla>/messages", status: 405, says: []string{`"code":"method_not_allowed"`, "use POST"}, header: key("1")},
			exchange{do: on + "<dora>/messages", body: `{"text":"Hi"}`, status: 404, header: key("1")},
			exchange{do: on + "nowhere/messages", body: `{"text":"Hi"}`, status: 404, header: key("1")},
			exchange{do: on + "<carla>/messages", body: `{"text":"Which?","buttons":["red","blue"]}`, status: 200, says: []string{`"duplicate":false`}, header: key("1"), events: []string{"message.sent"}},
			exchange{do: on + "<carla>/messages", body: `{"text":"Which?","buttons":["red","blue"]}`, status: 200, says: []string{`"duplicate":true`}, header: key("1")},
			exchange{do: on + "<carla>/messages", body: `{"text":"Other"}`, status: 409, says: []string{"key_reused"}, header: key("1")},
			// All of a call counts, not its first text alone.
			exchange{do: on + "<carla>/messages", body: `{"text":"Which?","buttons":["red","green"]}`, status: 409, says: []string{"key_reused"}, header: key("1")},
			exchange{do: on + "<carla>/messages", body: `{"text":"Which?","buttons":["red","blue"],"messages":[{"text":"Well?"}]}`, status: 409, says: []string{"key_reused"}, header: key("1")},
			exchange{do: on + "<carla>/messages", body: `{"text":"Which?","buttons":["red","blue"],"end":true}`, status: 409, says: []string{"key_reused"}, header: key("1")},
			exchange{do: on + "<carla>/handoff", body: `{"reason":"lost"}`, status: 409, says: []string{"key_reused"}, header: key("1")},
			exchange{do: on + "<carla>/fields", body: `{"tags":["shop"]}`, status: 409, says: []string{"key_reused"}, header: key("1")},
			exchange{do: on + "<carla>/fields", body: `{"fields":{"color":"red"},"tags":["shop"]}`, status: 200, header: key("2"), events: []string{"conversation.changed", "conversation.changed"}},
			// A late repeat does not take back what came after it.
			exchange{do: on + "<carla>/fields", body: `{"fields":{"color":"blue"}}`, status: 200, header: key("2b"), events: []string{"conversation.changed"}},
			exchange{do: on + "<carla>/fields", body: `{"fields":{"color":"red"},"tags":["shop"]}`, status: 200, says: []string{`"duplicate":true`}, header: key("2")},
			exchange{do: on + "<carla>/fields", body: `{"fields":{"color":"green"}}`, status: 409, says: []string{"key_reused"}, header: key("2")},
			exchange{do: on + "<carla>/fields", body: `{"fields":{"color":"blue"},"tags":["tea"]}`, status: 200, says: []string{`"duplicate":false`}, header: key("2c"), events: []string{"conversation.changed"}},
			exchange{do: on + "<carla>/fields", body: `{"fields":{"color":"blue"},"tags":["tea"]}`, status: 200, says: []string{`"duplicate":true`}, header: key("2c")},
			exchange{do: on + "<carla>/fields", body: `{"fields":{"No Name":"red"}}`, status: 400, header: key("3")},
			exchange{do: on + "<carla>/handoff", body: `{"queue":"Nowhere"}`, status: 400, says: []string{`"field":"queue"`}, header: key("4")},
			exchange{do: on + "<carla>/handoff", body: `{"reason":"lost","summary":"She likes red.","fields":{"size":"L"}}`, status: 200, header: key("4"), events: []string{"conversation.handed_off", "notification.added", "agent.load"}},
			exchange{do: on + "<carla>/handoff", body: `{"reason":"lost","summary":"She likes red.","fields":{"size":"L"}}`, status: 200, says: []string{`"duplicate":true`}, header: key("4")},
			exchange{do: on + "<carla>/handoff", body: `{"reason":"lost","queue":"sales","summary":"She likes red.","fields":{"size":"L"}}`, status: 409, says: []string{"key_reused"}, header: key("4")},
			exchange{do: on + "<carla>/messages", body: `{"text":"lost"}`, status: 409, says: []string{"key_reused"}, header: key("4")},
			exchange{do: on + "<carla>/messages", body: `{"text":"One more thing"}`, status: 404, header: key("5")},
			exchange{do: on + "<carla>/messages", body: `{"text":"Which?","buttons":["red","blue"]}`, status: 200, says: []string{`"duplicate":true`}, header: key("1")},
			exchange{do: on + "<carla>/messages", body: `{"text":"Which?"}`, status: 409, says: []string{"key_reused"}, header: key("1")},
		)
		if c := w.Of("carla"); c.AssigneeName != "ben" || c.Fields["color"] != "blue" || c.Fields["size"] != "L" || len(c.Tags) != 2 {
			t.Errorf("it is with %s, with the fields %v and the tags %v", c.AssigneeName, c.Fields, c.Tags)
		}
		n := 0
		for _, i := range w.Items("carla") {
			if i.By == rapport.ByBot && i.Kind == rapport.ItemMessage {
				n++
			}
		}
		if n != 1 {
			t.Errorf("the customer reads %d messages of the bot, want 1", n)
		}
		// A key of the bot that had it before, and an item from before calls were told apart by more than a text.
		d.run(
			exchange{as: "ada", do: "POST /api/v1/bots", body: `{"kind":"parrot","name":"Finch"}`, status: 201, events: []string{"bot.changed"}, remains: map[string]string{"finch": "bot.id", "token2": "secrets.token"}},
			exchange{as: "ben", do: "POST /api/v1/conversations/<carla>/bot", body: `{"bot_id":"<finch>"}`, status: 200, events: []string{"conversation.assigned", "agent.load"}},
		)
		w.Update(func(tx *store.Tx) error {
			s, err := tx.Summary(rapport.ConversationID(d.names["carla"]))
			if err != nil {
				return err
			}
			return tx.Record(&s, s.Conversation, "message.sent", rapport.Item{Kind: rapport.ItemMessage, By: rapport.ByBot, AuthorID: d.names["finch"], AuthorName: "Finch", Body: "Old", ClientID: "bot:old:0"})
		})
		other := func(k string) map[string]string {
			return map[string]string{"Authorization": "Bearer <token2>", "Idempotency-Key": k}
		}
		d.run(
			exchange{do: on + "<carla>/messages", body: `{"text":"Which?"}`, status: 409, says: []string{"key_reused"}, header: other("1")},
			exchange{do: on + "<carla>/messages", body: `{"text":"Old","buttons":["red"]}`, status: 200, says: []string{`"duplicate":true`}, header: other("old")},
			exchange{do: on + "<carla>/messages", body: `{"text":"New"}`, status: 409, says: []string{"key_reused"}, header: other("old")},
		)
		d.run(
			exchange{as: "ada", do: "PATCH /api/v1/bots/<robin>", body: `{"enabled":false}`, status: 200, events: []string{"bot.changed"}},
			exchange{do: on + "<carla>/messages", body: `{"text":"Hi"}`, status: 401, header: key("6")},
		)
	})
}

// A bot that calls without end is told to wait, and one with wrong tokens, too.
func TestBotAPIIsLimited(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	d := withBots(t, w)
	limited := func(token string) bool {
		for range 300 {
			r := httptest.NewRequest("POST", "/bot-api/v1/conversations/x/fields", strings.NewReader(`{}`))
			r.Header.Set("Authorization", "Bearer "+token)
			rec := httptest.NewRecorder()
			d.handler.ServeHTTP(rec, r)
			if rec.Code == http.StatusTooManyRequests && rec.Header().Get("Retry-After") != "" {
				return true
			}
		}
		return false
	}
	if !limited("wrong") || !limited(d.names["token"]) {
		t.Error("somebody may call for ever")
	}
}

// S5-19: help with writing is off until an admin wants it, its text goes to the
// agent alone, and nobody asks without end.
func TestAssist(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		d := withBots(t, w)
		w.Write("carla", "Hello")
		w.Reply("ana", "carla", "Hi")
		d.names["carla"] = string(w.Of("carla").ID)
		const ask = "POST /api/v1/conversations/<carla>/assist"
		d.run(exchange{as: "ana", do: ask, body: `{"task":"reply"}`, status: 409, says: []string{"assist_off"}})
		w.Settings(func(s *rapport.Settings) {
			s.Assist = rapport.Assist{Enabled: true, BotID: rapport.BotID(d.names["robin"])}
		})
		d.run(
			exchange{as: "ana", do: ask, body: `{"task":"reply"}`, status: 200, says: []string{`"text":"reply of 2 with`}},
			exchange{as: "ana", do: ask, body: `{"task":"summary"}`, status: 200, says: []string{`"text":"summary of 2`}},
			exchange{as: "ana", do: ask, body: `{"task":"tone","text":"Send it back.","tone":"shorter"}`, status: 200, says: []string{`tone of 0 with \"Send it back.\" shorter`}},
			exchange{as: "ana", do: ask, body: `{"task":"tone","text":" ","tone":"shorter"}`, status: 400, says: []string{`"field":"text"`}},
			exchange{as: "ana", do: ask, body: `{"task":"tone","text":"x"}`, status: 400, says: []string{`"field":"tone"`}},
			exchange{as: "ana", do: ask, body: `{"task":"poem"}`, status: 400},
			exchange{as: "ana", do: ask, body: `{"task":"reply","text":"die"}`, status: 503, says: []string{"The parrot sleeps."}},
			exchange{as: "ben", do: ask, body: `{"task":"reply"}`, status: 404},
			exchange{as: "ada", do: "DELETE /api/v1/bots/<robin>", status: 409, says: []string{"bot_in_use"}},
		)
		for _, i := range w.Items("carla") {
			if i.Kind == rapport.ItemMessage && i.Body != "Hello" && i.Body != "Hi" {
				t.Errorf("somebody sent %q", i.Body)
			}
		}
		last := 0
		for range 20 {
			last = d.request(exchange{as: "ana", do: ask, body: `{"task":"summary"}`}).Code
		}
		if last != http.StatusTooManyRequests {
			t.Errorf("the twentieth question is answered %d", last)
		}
	})
}
