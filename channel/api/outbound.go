package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	webhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"rapport"
	"rapport/channel"
	"rapport/lib/ssrf"
)

// reply is the body of the webhook.
type reply struct {
	Type      string    `json:"type"` // always message.sent
	Timestamp time.Time `json:"timestamp"`
	Data      replyData `json:"data"`
}

type replyData struct {
	ConversationID rapport.ConversationID `json:"conversation_id"`
	Seq            int                    `json:"seq"`
	Body           string                 `json:"body"`
	Files          []replyFile            `json:"files,omitempty"`
	Location       *rapport.Location      `json:"location,omitempty"`
	At             time.Time              `json:"at"`
	Contact        replyContact           `json:"contact"`
	Agent          replyAgent             `json:"agent"`
}

type replyContact struct {
	ID         rapport.ContactID `json:"id"`
	Name       string            `json:"name"`
	ExternalID string            `json:"external_id,omitempty"`
	Points     []rapport.Point   `json:"points"`
}

type replyAgent struct {
	Name string `json:"name"`
}

// Send posts a reply to the webhook. Its id is that of the message, so that a
// receiver recognises a repeat; therefore every doubtful outcome is temporary
// and the message is sent again.
func (a *adapter) Send(ctx context.Context, m channel.Outbound) (channel.Receipt, error) {
	if a.url == "" {
		return channel.Receipt{}, channel.Permanent(nil, "This inbox has no webhook address, so replies cannot leave it.")
	}
	now := time.Now()
	body, err := json.Marshal(a.reply(m, now))
	if err != nil {
		return channel.Receipt{}, channel.Permanent(err, "The message cannot be written as JSON.")
	}
	id := fmt.Sprintf("msg_%s_%d", m.ConversationID, m.Seq)
	signature, err := a.signer.Sign(id, now, body)
	if err != nil {
		return channel.Receipt{}, channel.Permanent(err, "The message cannot be signed.")
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, a.url, bytes.NewReader(body))
	if err != nil {
		return channel.Receipt{}, channel.Permanent(err, "The webhook address cannot be used.")
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Rapport")
	r.Header.Set(webhooks.HeaderWebhookID, id)
	r.Header.Set(webhooks.HeaderWebhookTimestamp, strconv.FormatInt(now.Unix(), 10))
	r.Header.Set(webhooks.HeaderWebhookSignature, signature)
	answer, err := a.setup.Client.Do(r)
	if errors.Is(err, ssrf.ErrRefused) {
		return channel.Receipt{}, channel.Permanent(err, "The webhook address is not on the public internet; the operator can allow it.")
	}
	if err != nil {
		return channel.Receipt{}, channel.Temporary(err, "The webhook could not be reached.")
	}
	defer answer.Body.Close()
	io.Copy(io.Discard, io.LimitReader(answer.Body, 64<<10)) // so that the connection can be used again
	return verdict(answer, now)
}

func (a *adapter) reply(m channel.Outbound, now time.Time) reply {
	contact := replyContact{ID: m.Contact.ID, Name: m.Contact.Name, Points: []rapport.Point{}}
	for _, p := range m.Contact.Points {
		if p.Kind == rapport.PointVisitor {
			continue
		}
		contact.Points = append(contact.Points, p)
	}
	if m.To.Kind == rapport.PointExternal {
		contact.ExternalID = m.To.Address[min(len(m.To.Address), len(a.setup.Inbox.ID)+1):]
	}
	return reply{"message.sent", now.UTC(), replyData{m.ConversationID, m.Seq, m.Body, a.replyFiles(m.Content.Files), m.Content.Location, m.At, contact, replyAgent{m.Agent.Name}}}
}

// verdict maps an answer of the webhook to what is to be done.
func verdict(answer *http.Response, now time.Time) (channel.Receipt, error) {
	switch code := answer.StatusCode; {
	case code >= 200 && code < 300:
		return channel.Receipt{Delivery: rapport.Sent}, nil
	case code == http.StatusUnauthorized || code == http.StatusForbidden:
		return channel.Receipt{}, channel.Unauthorized(nil, "The webhook refuses us (HTTP %d).", code)
	case code == http.StatusTooManyRequests || code == http.StatusServiceUnavailable:
		if wait := retryAfter(answer.Header.Get("Retry-After"), now); wait > 0 {
			return channel.Receipt{}, channel.RetryAfter(wait, "The webhook asks to come back later (HTTP %d).", code)
		}
		return channel.Receipt{}, channel.Temporary(nil, "The webhook is overloaded (HTTP %d).", code)
	case code >= 500 || code == http.StatusRequestTimeout || code == http.StatusTooEarly:
		return channel.Receipt{}, channel.Temporary(nil, "The webhook failed (HTTP %d).", code)
	default:
		return channel.Receipt{}, channel.Permanent(nil, "The webhook does not take this message (HTTP %d).", code)
	}
}

// retryAfter reads the header of RFC 9110 §10.2.3, at most a day.
func retryAfter(text string, now time.Time) time.Duration {
	wait := time.Duration(0)
	if seconds, err := strconv.Atoi(text); err == nil {
		wait = time.Duration(min(seconds, 24*60*60)) * time.Second
	} else if at, err := http.ParseTime(text); err == nil {
		wait = at.Sub(now)
	}
	return min(max(wait, 0), 24*time.Hour)
}
