// Package webhook is the bot that lives on a server of yours: it gets a signed
// request for each turn (Standard Webhooks 1.0) and answers in the response, or
// later through the bot API.
package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	webhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"rapport"
	"rapport/handoff"
	"rapport/lib/option"
)

// Kind names this kind of bot.
const Kind = "webhook"

var info = handoff.Info{
	Kind: Kind,
	Name: "Webhook",
	Help: "Your own program answers: each turn is posted to an address, and the answer comes back at once or later.",
	Caps: handoff.Caps{Turns: true, Later: true},
	Options: []handoff.Option{
		{
			Name: "url", Type: "url", Label: "Address", Required: true, Example: "https://example.com/bot",
			Help: "Each turn of the customer is posted here.",
		},
		{
			Name: "secret", Type: "secret", Label: "Webhook secret", Secret: true, Required: true, Prefix: "whsec_", Fit: option.WebhookSecret,
			Help: "Turns are signed with it, as Standard Webhooks describes.",
		},
		{
			Name: handoff.TokenOption, Type: "secret", Label: "Token", Secret: true, Required: true, Prefix: "rpb_", Fit: option.AtLeast(20),
			Help: "Goes into the header Authorization: Bearer … when the bot answers later.",
		},
	},
}

func init() { handoff.Register(info, open) }

var _ handoff.Taker = (*bot)(nil)

type bot struct {
	setup  handoff.Setup
	url    string
	signer *webhooks.Webhook
}

func open(s handoff.Setup) (handoff.Bot, error) {
	secret := s.Values.Secret("secret").Reveal()
	signer, err := webhooks.NewWebhook(secret)
	if err != nil || secret == "" {
		return nil, rapport.Invalidf("options.secret", "The webhook secret of the bot %s cannot be used; make a new one.", s.Name)
	}
	return &bot{s, s.Values.String("url"), signer}, nil
}

// request is the body of the webhook.
type request struct {
	Type      string       `json:"type"` // always bot.turn
	Timestamp time.Time    `json:"timestamp"`
	Data      handoff.Turn `json:"data"`
}

// mostAnswer is how long an answer may be, in bytes.
const mostAnswer = 256 << 10

// Turn implements handoff.Taker. The turn's id is the webhook-id, so that a
// receiver recognises a repeat.
func (b *bot) Turn(ctx context.Context, t handoff.Turn) (handoff.Answer, error) {
	now := time.Now()
	body, err := json.Marshal(request{"bot.turn", now.UTC(), t})
	if err != nil {
		return handoff.Answer{}, handoff.Permanent(err, "The turn cannot be written as JSON.")
	}
	signature, err := b.signer.Sign(t.ID, now, body)
	if err != nil {
		return handoff.Answer{}, handoff.Permanent(err, "The turn cannot be signed.")
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, b.url, bytes.NewReader(body))
	if err != nil {
		return handoff.Answer{}, handoff.Permanent(err, "The bot's address cannot be used.")
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Rapport")
	r.Header.Set(webhooks.HeaderWebhookID, t.ID)
	r.Header.Set(webhooks.HeaderWebhookTimestamp, strconv.FormatInt(now.Unix(), 10))
	r.Header.Set(webhooks.HeaderWebhookSignature, signature)
	answer, err := b.setup.Client.Do(r)
	if err != nil {
		return handoff.Answer{}, handoff.Unreached(err, "The bot")
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, mostAnswer+1))
	if refusal := handoff.Refusal(answer, "The bot", now); refusal != nil {
		return handoff.Answer{}, refusal
	}
	switch {
	case err != nil:
		return handoff.Answer{}, handoff.Temporary(err, "The bot's answer broke off.")
	case len(text) > mostAnswer:
		return handoff.Answer{}, handoff.Permanent(nil, "The bot's answer is longer than %d bytes.", mostAnswer)
	}
	got, err := decode(text)
	if err != nil {
		return handoff.Answer{}, handoff.Permanent(err, "The bot's answer makes no sense.")
	}
	return got, nil
}

// response is what a receiver answers; action is one of its actions.
type response struct {
	Messages []handoff.Say `json:"messages"`
	Actions  []action      `json:"actions"`
}

type action struct {
	Type   string            `json:"type"` // set_fields, tag, handoff or end
	Fields map[string]string `json:"fields"`
	Tags   []string          `json:"tags"`
	handoff.Handoff
}

// UnmarshalJSON keeps the fields of set_fields and of a hand-off apart, which
// have the same name.
func (a *action) UnmarshalJSON(text []byte) error {
	var own struct {
		Type   string            `json:"type"`
		Fields map[string]string `json:"fields"`
		Tags   []string          `json:"tags"`
	}
	if err := json.Unmarshal(text, &own); err != nil {
		return err
	}
	a.Type, a.Fields, a.Tags = own.Type, own.Fields, own.Tags
	return json.Unmarshal(text, &a.Handoff)
}

// decode reads an answer. An empty body means: later.
func decode(text []byte) (got handoff.Answer, err error) {
	if strings.TrimSpace(string(text)) == "" {
		return got, nil
	}
	var r response
	if err := json.Unmarshal(text, &r); err != nil {
		return got, err
	}
	got.Messages = r.Messages
	for _, a := range r.Actions {
		switch a.Type {
		case "set_fields":
			if got.Fields == nil {
				got.Fields = map[string]string{}
			}
			for name, value := range a.Fields {
				got.Fields[name] = value
			}
		case "tag":
			got.Tags = append(got.Tags, a.Tags...)
		case "handoff":
			if got.Handoff != nil {
				return got, errors.New("it hands off twice")
			}
			h := a.Handoff
			got.Handoff = &h
		case "end":
			got.End = true
		default:
			return got, errors.New("there is no action " + strconv.Quote(a.Type) + "; use set_fields, tag, handoff or end")
		}
	}
	return got, got.Validate()
}
