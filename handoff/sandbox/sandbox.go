// Package sandbox is a bot that exists nowhere: a fake with every capability,
// for tests and demonstrations. Its mind is a server that answers JSON:
//
//	POST {remote}/turn     handoff.Turn → {"say":[…],"fields":{…},"tags":[…],"handoff":{…},"end":false}
//	POST {remote}/assist   {"task","text"} → {"text":"…"}
package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"time"

	"rapport/handoff"
)

// Kind names this kind of bot.
const Kind = "sandbox"

var info = handoff.Info{
	Kind: Kind,
	Name: "Sandbox",
	Help: "A bot that exists nowhere, to try things out.",
	Caps: handoff.Caps{Turns: true, Later: true, Streams: true, Assists: true},
	Options: []handoff.Option{
		{Name: "remote", Type: "url", Label: "Mind", Help: "Where it thinks.", Required: true, Example: "http://127.0.0.1:9000"},
		{Name: "secret", Type: "secret", Label: "Secret", Help: "What it shows there.", Required: true, Secret: true, Prefix: "sbx_"},
		{Name: handoff.TokenOption, Type: "secret", Label: "Token", Help: "What it shows to answer later.", Required: true, Secret: true, Prefix: "rpb_"},
	},
}

func init() {
	handoff.Register(info, func(s handoff.Setup) (handoff.Bot, error) { return &Bot{s}, nil })
}

// Bot is one sandbox bot.
type Bot struct{ setup handoff.Setup }

var (
	_ handoff.Taker     = (*Bot)(nil)
	_ handoff.Assistant = (*Bot)(nil)
)

// Headers that the mind sees.
const (
	SecretHeader = "X-Sandbox-Secret"
	TurnHeader   = "X-Sandbox-Turn"
)

// Answer is what the mind says.
type Answer struct {
	Say     []handoff.Say     `json:"say"`
	Fields  map[string]string `json:"fields"`
	Tags    []string          `json:"tags"`
	Handoff *handoff.Handoff  `json:"handoff"`
	End     bool              `json:"end"`
}

// Turn implements handoff.Taker.
func (b *Bot) Turn(ctx context.Context, t handoff.Turn) (handoff.Answer, error) {
	var a Answer
	if err := b.post(ctx, "/turn", t.ID, t, &a); err != nil {
		return handoff.Answer{}, err
	}
	got := handoff.Answer{Messages: a.Say, Fields: a.Fields, Tags: a.Tags, Handoff: a.Handoff, End: a.End}
	if err := got.Validate(); err != nil {
		return got, handoff.Permanent(err, "The bot's answer makes no sense.")
	}
	if t.Hear != nil && len(a.Say) > 0 {
		t.Hear(a.Say[0].Text)
	}
	return got, nil
}

// Assist implements handoff.Assistant.
func (b *Bot) Assist(ctx context.Context, t handoff.Task) (string, error) {
	var a struct{ Text string }
	err := b.post(ctx, "/assist", "", map[string]any{"task": t.Kind, "text": t.Text, "tone": t.Tone, "transcript": t.Transcript}, &a)
	if err == nil && a.Text == "" {
		err = handoff.Permanent(nil, "The bot answered nothing.")
	}
	return a.Text, err
}

const mostAnswer = 256 << 10

func (b *Bot) post(ctx context.Context, path, turn string, question, answer any) error {
	body, err := json.Marshal(question)
	if err != nil {
		return handoff.Permanent(err, "The turn cannot be written as JSON.")
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, b.setup.Values.String("remote")+path, bytes.NewReader(body))
	if err != nil {
		return handoff.Permanent(err, "The bot's address cannot be used.")
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set(SecretHeader, b.setup.Values.Secret("secret").Reveal())
	r.Header.Set(TurnHeader, turn)
	got, err := b.setup.Client.Do(r)
	if err != nil {
		return handoff.Unreached(err, "The bot")
	}
	defer got.Body.Close()
	if err := handoff.Refusal(got, "The bot", time.Now()); err != nil {
		return err
	}
	text, err := io.ReadAll(io.LimitReader(got.Body, mostAnswer+1))
	switch {
	case err != nil:
		return handoff.Temporary(err, "The bot's answer broke off.")
	case len(text) > mostAnswer:
		return handoff.Permanent(nil, "The bot's answer is too long.")
	}
	if err := json.Unmarshal(text, answer); err != nil {
		return handoff.Permanent(err, "The bot's answer makes no sense.")
	}
	return nil
}
