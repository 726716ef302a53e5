// Package webhook calls the webhooks of workflows: signed, with a time-out,
// tried again, and only at addresses that are public or allowed.
//
// A call is a job that the step enqueued; what comes of it wakes the run, in a
// transaction of its own. A repeat has the same id, by which a receiver knows it:
//
//	step ─► job ─► POST ─┬─► 2xx ───────────────► run goes on at "ok"
//	          ▲          ├─► 5xx, 429, time-out ─► again, later each time
//	          └──────────┘   4xx, refused, too often ─► run goes on at "error"
package webhook

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	webhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"rapport"
	"rapport/job"
	"rapport/lib/secretbox"
	"rapport/lib/ssrf"
	"rapport/store"
	"rapport/workflow"
)

// Config is what calls are made with.
type Config struct {
	DB     *store.DB
	Box    *secretbox.Box // opens the secret that requests are signed with
	Client *http.Client   // reaches what may be reached
	Log    *slog.Logger
}

// Caller calls webhooks.
type Caller struct{ Config }

// New makes a caller.
func New(c Config) *Caller { return &Caller{c} }

// Jobs makes the runner call the webhooks of steps.
func (c *Caller) Jobs(r *job.Runner) { r.Handle(workflow.WebhookJob, c.call, c.gaveUp) }

// mostAnswer is how much of an answer is read for its values.
const mostAnswer = 64 << 10

// Secret is the name under which the signing secret rests, and what it is
// sealed for.
const Secret = "workflow_webhook"

// NewSecret makes a signing secret of Standard Webhooks.
func NewSecret() secretbox.Secret {
	var b [24]byte
	rand.Read(b[:])
	return secretbox.Secret("whsec_" + base64.StdEncoding.EncodeToString(b[:]))
}

// call makes one request. What came of it for good is told to the run; an error
// comes back only where trying again helps.
func (c *Caller) call(ctx context.Context, t job.Task) error {
	var call workflow.Call
	if err := t.Decode(&call); err != nil {
		return &job.Never{Err: err}
	}
	signer, err := Signer(ctx, c.DB, c.Box)
	if err != nil {
		return err // the operator has to act; the call is kept for that
	}
	values, failure := c.post(ctx, &call, signer)
	switch {
	case failure == nil:
		return c.tell(ctx, &call, workflow.Happening{Output: "ok", Values: values})
	case failure.passing && t.Attempt < call.Tries:
		c.Log.Debug("a webhook is tried again", "run", call.RunID, "attempt", t.Attempt, "error", failure.reason)
		if failure.wait > 0 {
			return &job.Later{After: failure.wait, Err: errors.New(failure.reason)}
		}
		return errors.New(failure.reason)
	}
	return c.tell(ctx, &call, workflow.Happening{Output: "error", Reason: failure.reason})
}

// gaveUp tells the run that nobody will try again.
func (c *Caller) gaveUp(ctx context.Context, t job.Task) error {
	var call workflow.Call
	if err := t.Decode(&call); err != nil {
		return err
	}
	return c.tell(ctx, &call, workflow.Happening{Output: "error", Reason: "The webhook could not be called."})
}

func (c *Caller) tell(ctx context.Context, call *workflow.Call, h workflow.Happening) error {
	h.Kind, h.Key = "webhook", call.Key
	return c.DB.Update(context.WithoutCancel(ctx), func(tx *store.Tx) error { return workflow.Answer(tx, call.RunID, h) })
}

// Signer opens the account's secret; the first call makes it.
func Signer(ctx context.Context, db *store.DB, box *secretbox.Box) (*webhooks.Webhook, error) {
	var sealed string
	err := db.View(ctx, func(tx *store.Tx) (err error) {
		sealed, err = tx.Sealed(Secret)
		return err
	})
	if err == nil && sealed == "" {
		err = db.Update(ctx, func(tx *store.Tx) (err error) {
			if sealed, err = tx.Sealed(Secret); err != nil || sealed != "" {
				return err
			}
			sealed = box.Seal(NewSecret(), Secret)
			return tx.SaveSealed(Secret, sealed)
		})
	}
	if err != nil {
		return nil, err
	}
	secret, err := box.Open(sealed, Secret)
	if err != nil {
		return nil, fmt.Errorf("open the secret of the workflows' webhooks: %w", err)
	}
	return webhooks.NewWebhook(secret.Reveal())
}

// Sign puts the headers of Standard Webhooks into a request with a body.
func Sign(r *http.Request, signer *webhooks.Webhook, id string, now time.Time, body []byte) error {
	signature, err := signer.Sign(id, now, body)
	if err != nil {
		return err
	}
	r.Header.Set(webhooks.HeaderWebhookID, id)
	r.Header.Set(webhooks.HeaderWebhookTimestamp, strconv.FormatInt(now.Unix(), 10))
	r.Header.Set(webhooks.HeaderWebhookSignature, signature)
	return nil
}

// failure is why a request did not work.
type failure struct {
	reason  string
	passing bool // trying again may help
	wait    time.Duration
}

// body is what the receiver gets.
type body struct {
	workflow.CallBody
	Timestamp time.Time `json:"timestamp"`
}

func (c *Caller) post(ctx context.Context, call *workflow.Call, signer *webhooks.Webhook) (map[string]string, *failure) {
	now := time.Now()
	text, err := json.Marshal(body{call.Body, now.UTC()})
	if err != nil {
		return nil, &failure{reason: "The request cannot be written as JSON."}
	}
	ctx, cancel := context.WithTimeout(ctx, time.Duration(min(max(call.Seconds, 1), 30))*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, call.URL, bytes.NewReader(text))
	if err != nil {
		return nil, &failure{reason: "The address cannot be used."}
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Rapport")
	r.Header.Set("Idempotency-Key", call.Key)
	if err := Sign(r, signer, call.Key, now, text); err != nil {
		return nil, &failure{reason: "The request cannot be signed."}
	}
	answer, err := c.Client.Do(r)
	switch {
	case errors.Is(err, ssrf.ErrRefused):
		return nil, &failure{reason: "The address is not on the public internet; the operator can allow it."}
	case err != nil && ctx.Err() != nil:
		return nil, &failure{reason: "The webhook did not answer in time.", passing: true}
	case err != nil:
		return nil, &failure{reason: "The webhook could not be reached.", passing: true}
	}
	defer answer.Body.Close()
	got, err := io.ReadAll(io.LimitReader(answer.Body, mostAnswer))
	if err != nil {
		return nil, &failure{reason: "The answer of the webhook could not be read.", passing: true}
	}
	if f := verdict(answer); f != nil {
		return nil, f
	}
	return values(got), nil
}

// verdict maps an answer to what is to be done; nil is good.
func verdict(answer *http.Response) *failure {
	switch code := answer.StatusCode; {
	case code >= 200 && code < 300:
		return nil
	case code == http.StatusTooManyRequests || code == http.StatusRequestTimeout || code == http.StatusTooEarly || code >= 500:
		f := &failure{reason: fmt.Sprintf("The webhook failed (HTTP %d).", code), passing: true}
		if seconds, err := strconv.Atoi(answer.Header.Get("Retry-After")); err == nil {
			f.wait = time.Duration(min(max(seconds, 0), 600)) * time.Second
		}
		return f
	default:
		return &failure{reason: fmt.Sprintf("The webhook does not take it (HTTP %d).", code)}
	}
}

// mostValues bounds what an answer may leave behind.
const mostValues = 20

// values are the plain members of a JSON object; anything else has none.
func values(text []byte) map[string]string {
	var all map[string]any
	if json.Unmarshal(text, &all) != nil {
		return nil
	}
	found := map[string]string{}
	for name, v := range all {
		if len(found) == mostValues {
			break
		}
		switch v := v.(type) {
		case string:
			found[name] = v
		case bool:
			found[name] = strconv.FormatBool(v)
		case float64:
			found[name] = strconv.FormatFloat(v, 'f', -1, 64)
		}
	}
	return found
}

// Rotate makes a new secret and returns it; from then on requests are signed
// with it.
func Rotate(tx *store.Tx, box *secretbox.Box, actor rapport.Actor) (secretbox.Secret, error) {
	secret := NewSecret()
	if err := tx.SaveSealed(Secret, box.Seal(secret, Secret)); err != nil {
		return "", err
	}
	return secret, tx.Audit(actor, "workflow.secret_rotated", "webhooks of workflows", "")
}
