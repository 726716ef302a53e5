package webhook_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"rapport/handoff"
	"rapport/handoff/handofftest"
	"rapport/handoff/webhook"
)

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

var harness = handofftest.Harness{
	Kind: webhook.Kind,
	Options: func(remote string) map[string]any {
		return map[string]any{"url": remote + "/bot", "secret": secret, "token": "rpb_token"}
	},
	Says: func(w http.ResponseWriter, _ *http.Request, a handoff.Answer) {
		actions := []any{}
		if len(a.Fields) > 0 {
			actions = append(actions, map[string]any{"type": "set_fields", "fields": a.Fields})
		}
		if a.Handoff != nil {
			actions = append(actions, map[string]any{"type": "handoff", "reason": a.Handoff.Reason, "summary": a.Handoff.Summary})
		}
		text, err := json.Marshal(map[string]any{"messages": a.Messages, "actions": actions})
		if err != nil {
			panic(err) // plain data
		}
		w.Write(text)
	},
	TurnID: func(r handofftest.Request) string { return r.Header.Get("webhook-id") },
	Nonsense: map[string]http.HandlerFunc{
		"no JSON":              answer("<html>"),
		"a number":             answer("7"),
		"an unknown action":    answer(`{"actions":[{"type":"dance"}]}`),
		"two hand-offs":        answer(`{"actions":[{"type":"handoff"},{"type":"handoff"}]}`),
		"agent and queue":      answer(`{"actions":[{"type":"handoff","agent":"a","queue":"b"}]}`),
		"an empty message":     answer(`{"messages":[{"text":""}]}`),
		"buttons without end":  answer(`{"messages":[{"text":"x","buttons":["` + strings.Repeat(`a","`, 20) + `a"]}]}`),
		"the end and humans":   answer(`{"actions":[{"type":"handoff"},{"type":"end"}]}`),
		"a field with a space": answer(`{"actions":[{"type":"set_fields","fields":{"a b":"c"}}]}`),
	},
	Endless: func(w http.ResponseWriter, _ *http.Request) {
		for {
			if _, err := fmt.Fprint(w, strings.Repeat(" ", 64<<10)); err != nil {
				return
			}
		}
	},
}

func answer(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, text) }
}

func TestConformance(t *testing.T) {
	t.Parallel()
	handofftest.Run(t, harness)
}

// verify is the receiver that docs/developers/bot-webhook.md shows.
func verify(secret string, h http.Header, body []byte) error {
	seconds, err := strconv.ParseInt(h.Get("webhook-timestamp"), 10, 64)
	if err != nil || time.Since(time.Unix(seconds, 0)).Abs() > 5*time.Minute {
		return errors.New("too old, or no time at all")
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		return err
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%d.%s", h.Get("webhook-id"), seconds, body)
	want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	for _, signature := range strings.Fields(h.Get("webhook-signature")) {
		if hmac.Equal([]byte(signature), []byte(want)) {
			return nil
		}
	}
	return errors.New("not signed with our secret")
}

// TestReceiverOfTheDocuments holds the code that we show to others against what
// is really sent, and spoilt copies of it.
func TestReceiverOfTheDocuments(t *testing.T) {
	t.Parallel()
	s := handofftest.Open(t, harness)
	s.Answer(answer(`{}`))
	if _, err := s.Bot.Turn(t.Context(), handofftest.Turn()); err != nil {
		t.Fatal(err)
	}
	r := s.Remote()[0]
	if err := verify(secret, r.Header, []byte(r.Body)); err != nil {
		t.Errorf("genuine: %v", err)
	}
	if err := verify("whsec_"+base64.StdEncoding.EncodeToString([]byte("another secret of ours")), r.Header, []byte(r.Body)); err == nil {
		t.Error("somebody else's secret passes")
	}
	if err := verify(secret, r.Header, []byte(strings.Replace(r.Body, "Carla", "Karla", 1))); err == nil {
		t.Error("a changed body passes")
	}
	old := r.Header.Clone()
	old.Set("webhook-timestamp", strconv.FormatInt(time.Now().Add(-time.Hour).Unix(), 10))
	if err := verify(secret, old, []byte(r.Body)); err == nil {
		t.Error("an old one passes")
	}
	var body struct {
		Type string
		Data handoff.Turn
	}
	if err := json.Unmarshal([]byte(r.Body), &body); err != nil || body.Type != "bot.turn" || body.Data.ID != r.Header.Get("webhook-id") || body.Data.Messages[0].Body != handofftest.Hello {
		t.Errorf("the turn reads %+v, %v", body, err)
	}
}

// An answer in full, and the empty ones that mean: later.
func TestAnswers(t *testing.T) {
	t.Parallel()
	s := handofftest.Open(t, harness)
	s.Answer(answer(`{"messages":[{"text":"Which?","buttons":["red","blue"]}],"actions":[{"type":"set_fields","fields":{"a":"1"}},
		{"type":"set_fields","fields":{"b":"2"}},{"type":"tag","tags":["vip"]},{"type":"handoff","queue":"Sales","reason":"r","summary":"s","last_agent":true,"fields":{"c":"3"}}]}`))
	got, err := s.Bot.Turn(t.Context(), handofftest.Turn())
	if err != nil || got.Messages[0].Buttons[1] != "blue" || got.Fields["a"]+got.Fields["b"] != "12" || got.Tags[0] != "vip" ||
		got.Handoff.Queue != "Sales" || !got.Handoff.LastAgent || got.Handoff.Fields["c"] != "3" || len(got.Fields) != 2 {
		t.Errorf("the answer reads %+v, %+v, %v", got, got.Handoff, err)
	}
	for _, text := range []string{"", " \n", "{}", `{"messages":[],"actions":[]}`} {
		s.Answer(answer(text))
		if got, err := s.Bot.Turn(t.Context(), handofftest.Turn()); err != nil || !got.Empty() {
			t.Errorf("%q: %+v, %v; want an empty answer", text, got, err)
		}
	}
	s.Answer(answer(`{"actions":[{"type":"end"}]}`))
	if got, err := s.Bot.Turn(t.Context(), handofftest.Turn()); err != nil || !got.End {
		t.Errorf("the end: %+v, %v", got, err)
	}
}
