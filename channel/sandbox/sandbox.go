// Package sandbox is a channel that exists nowhere: a fake with every
// capability, for tests and demonstrations. Its protocol is what providers
// commonly speak: JSON by HTTP both ways, signed with HMAC-SHA256.
//
//	POST events   {"type":"message|delivery|typing", …} from the provider to us
//	POST {remote}/messages, {remote}/typing from us to the provider
package sandbox

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"time"

	"rapport"
	"rapport/channel"
	"rapport/lib/phone"
	"rapport/lib/problem"
)

var info = channel.Info{
	Kind: "sandbox",
	Name: "Sandbox",
	Help: "A channel that exists nowhere, to try things out.",
	Caps: channel.Caps{Contents: channel.ContentsOf("sandbox"), Receives: true, Delivered: true, Seen: true, Typing: true, Types: true, Templates: true, Window: 24,
		Reach: rapport.Reach{Begins: rapport.BeginsAddress, Points: []rapport.PointKind{rapport.PointPhone}}},
	Options: []channel.Option{
		{Name: "remote", Type: channel.URL, Label: "Provider", Help: "Where messages are sent to.", Required: true, Example: "http://127.0.0.1:9000"},
		{Name: "secret", Type: channel.Secret, Label: "Secret", Help: "Signs what the provider and we say to each other.", Required: true, Secret: true, Prefix: "sbx_"},
	},
}

func init() {
	channel.Register(info, func(s channel.Setup) (channel.Adapter, error) { return &Adapter{s}, nil })
}

// SignatureHeader carries the signature of a body in both directions.
const SignatureHeader = "X-Sandbox-Signature"

// Sign returns the signature of a body.
func Sign(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// Event is what the provider tells.
type Event struct {
	Type string `json:"type"` // message, delivery or typing

	// A message or typing: who, and what.
	ID   string `json:"id,omitempty"`
	From string `json:"from,omitempty"` // a phone number
	Name string `json:"name,omitempty"`
	Text string `json:"text,omitempty"`
	On   bool   `json:"on,omitempty"`

	// What else a message carries.
	Files    []File            `json:"files,omitempty"`
	Location *rapport.Location `json:"location,omitempty"`

	// A delivery.
	ConversationID rapport.ConversationID `json:"conversation_id,omitempty"`
	Seq            int                    `json:"seq,omitempty"`
	Delivery       rapport.Delivery       `json:"delivery,omitempty"`
	Error          string                 `json:"error,omitempty"`
}

// File is an attachment as the provider hands it over.
type File struct {
	Name string `json:"name"`
	Data []byte `json:"data"` // base64
}

const maxEvent = 1 << 20

// Adapter is one sandbox inbox.
type Adapter struct{ setup channel.Setup }

var (
	_ http.Handler   = (*Adapter)(nil)
	_ channel.Sender = (*Adapter)(nil)
	_ channel.Typer  = (*Adapter)(nil)
)

// Close implements channel.Adapter.
func (a *Adapter) Close() error { return nil }

// ServeHTTP takes in what the provider tells. The signature covers the bytes
// as they came, so they are read, within bounds, before it can be checked.
func (a *Adapter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxEvent))
	if err != nil {
		problem.Write(w, rapport.Invalidf("", "The event is longer than %d bytes.", maxEvent))
		return
	}
	want := Sign(a.setup.Values.Secret("secret").Reveal(), body)
	if !hmac.Equal([]byte(want), []byte(r.Header.Get(SignatureHeader))) {
		problem.Write(w, rapport.Errorf(rapport.Unauthenticated, "bad_signature", "The signature is missing or wrong."))
		return
	}
	var e Event
	if err := json.Unmarshal(body, &e); err != nil {
		problem.Write(w, rapport.Invalidf("", "The event is not valid JSON."))
		return
	}
	if err := a.event(r.Context(), e); err != nil {
		if rapport.KindOf(err) == rapport.Internal {
			a.setup.Log.Error("cannot take in an event", "channel", info.Kind, "error", err)
		}
		problem.Write(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (a *Adapter) event(ctx context.Context, e Event) error {
	if e.Type == "delivery" {
		return a.setup.Host.Report(ctx, channel.Report{ConversationID: e.ConversationID, Seq: e.Seq, Delivery: e.Delivery, Error: e.Error})
	}
	number, err := phone.Canonical(e.From, a.setup.Host.Country())
	if err != nil {
		return err
	}
	from := rapport.Point{Kind: rapport.PointPhone, Address: number}
	if e.Type == "typing" {
		return a.setup.Visitors.Act(ctx, channel.Visitor{Point: from}, channel.Action{Typing: &e.On})
	}
	if e.ID == "" {
		return rapport.Invalidf("id", "The message has no id.")
	}
	content := rapport.Content{Files: make([]rapport.File, len(e.Files)), Location: e.Location}
	body, err := content.ValidText("text", e.Text)
	if err != nil {
		return err
	}
	in := channel.Inbound{ExternalID: e.ID, Points: []rapport.Point{from}, Name: e.Name, Body: body, Location: e.Location}
	for _, f := range e.Files {
		taken, err := a.setup.Files.Take(ctx, from, f.Name, bytes.NewReader(f.Data))
		if err != nil {
			return err
		}
		in.Files = append(in.Files, taken.ID)
	}
	_, err = a.setup.Host.Receive(ctx, in)
	return err
}

// Send implements channel.Sender.
func (a *Adapter) Send(ctx context.Context, m channel.Outbound) (channel.Receipt, error) {
	message := map[string]any{
		"id": string(m.ConversationID) + "." + strconv.Itoa(m.Seq), "to": m.To.Address, "text": m.Body, "agent": m.Agent.Name,
	}
	if m.Template != nil {
		message["template"] = m.Template
	}
	if m.Content.Location != nil {
		message["location"] = m.Content.Location
	}
	files := []map[string]any{}
	for _, f := range m.Content.Files {
		files = append(files, map[string]any{"name": f.Name, "type": f.Type, "size": f.Size, "url": a.setup.Files.URL(f, 24*time.Hour, false)})
	}
	if len(files) > 0 {
		message["files"] = files
	}
	err := a.post(ctx, "/messages", message)
	return channel.Receipt{Delivery: rapport.Sent}, err
}

// Typing implements channel.Typer.
func (a *Adapter) Typing(ctx context.Context, to rapport.Point, on bool) error {
	return a.post(ctx, "/typing", map[string]any{"to": to.Address, "on": on})
}

func (a *Adapter) post(ctx context.Context, path string, message map[string]any) error {
	body, err := json.Marshal(message)
	if err != nil {
		return channel.Permanent(err, "The message cannot be written as JSON.")
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, a.setup.Values.String("remote")+path, bytes.NewReader(body))
	if err != nil {
		return channel.Permanent(err, "The provider's address cannot be used.")
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set(SignatureHeader, Sign(a.setup.Values.Secret("secret").Reveal(), body))
	answer, err := a.setup.Client.Do(r)
	if err != nil {
		return channel.Unknown(err, "The provider did not answer; the message may have been sent.")
	}
	defer answer.Body.Close()
	switch code := answer.StatusCode; {
	case code < 300:
		return nil
	case code == http.StatusUnauthorized:
		return channel.Unauthorized(nil, "The provider does not accept our secret.")
	case code == http.StatusTooManyRequests:
		seconds, err := strconv.Atoi(answer.Header.Get("Retry-After"))
		if err != nil {
			seconds = 1
		}
		return channel.RetryAfter(time.Duration(seconds)*time.Second, "The provider asks to come back later.")
	case code >= 500:
		return channel.Temporary(nil, "The provider is out of order (HTTP %d).", code)
	default:
		return channel.Permanent(nil, "The provider does not take this message (HTTP %d).", code)
	}
}
