// Package feedback takes what agents want to say about the product (S3-91) to
// where the admin wants it: by e-mail, to a webhook, and in any case into a
// list that admins read.
package feedback

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"rapport"
	"rapport/job"
	"rapport/lib/ssrf"
	"rapport/mail"
	"rapport/store"
)

// Job is the kind of the job that posts feedback to the webhook.
const Job = "feedback"

// MaxImage is the largest picture, in bytes.
const MaxImage = 2 << 20

type parcel struct {
	ID rapport.FeedbackID `json:"id"`
}

// Sniff tells the type of a picture by its bytes; others are refused.
func Sniff(image []byte) (string, error) {
	if len(image) > MaxImage {
		return "", rapport.Invalidf("image", "The picture is %d bytes long; at most %d are allowed.", len(image), MaxImage)
	}
	switch kind := http.DetectContentType(image); kind {
	case "image/png", "image/jpeg", "image/webp", "image/gif":
		return kind, nil
	}
	return "", rapport.Invalidf("image", "The file is no PNG, JPEG, WebP or GIF picture.")
}

// Give checks feedback, keeps it and sends it on.
func Give(tx *store.Tx, f *rapport.Feedback, image []byte) error {
	if err := f.Validate(); err != nil {
		return err
	}
	kind := ""
	if len(image) > 0 {
		var err error
		if kind, err = Sniff(image); err != nil {
			return err
		}
	}
	if err := tx.InsertFeedback(*f, image); err != nil {
		return err
	}
	settings, err := tx.FeedbackSettings()
	if err != nil {
		return err
	}
	if settings.URL != "" {
		if err := job.Enqueue(tx, job.Job{Kind: Job, Lane: job.Slow, Args: parcel{f.ID}}); err != nil {
			return err
		}
	}
	post, err := tx.MailSettings()
	if err != nil || settings.Email == "" || !post.Enabled {
		return err
	}
	m := rapport.Mail{To: settings.Email, Subject: fmt.Sprintf("Rapport feedback (%s) by %s", f.Kind, f.AgentName), Text: letter(*f)}
	if kind != "" {
		m.File = &rapport.MailFile{Name: "picture" + map[string]string{"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp", "image/gif": ".gif"}[kind], Type: kind, Data: image}
	}
	return mail.Enqueue(tx, m)
}

func letter(f rapport.Feedback) string {
	return fmt.Sprintf("%s\n\n-- \n%s, %s\nPage: %s\nVersion: %s\n", f.Text, f.AgentName, f.At.UTC().Format(time.RFC3339), f.Page, f.Version)
}

// Carrier posts feedback to the webhook of the admin's choice.
type Carrier struct {
	DB     *store.DB
	Client *http.Client // reaches what may be reached
	Log    *slog.Logger
}

// Jobs makes the runner post feedback.
func (c *Carrier) Jobs(r *job.Runner) { r.Handle(Job, c.post) }

// body is what the webhook gets.
type body struct {
	Type string `json:"type"` // "feedback"
	rapport.Feedback
	Picture string `json:"picture,omitempty"` // base64
}

func (c *Carrier) post(ctx context.Context, t job.Task) error {
	var p parcel
	if err := t.Decode(&p); err != nil {
		return &job.Never{Err: err}
	}
	var f rapport.Feedback
	var image []byte
	var settings rapport.FeedbackSettings
	err := c.DB.View(ctx, func(tx *store.Tx) (err error) {
		if settings, err = tx.FeedbackSettings(); err != nil {
			return err
		}
		f, image, err = tx.Feedback(p.ID)
		return err
	})
	if err != nil || settings.URL == "" {
		return err
	}
	b := body{Type: "feedback", Feedback: f}
	if len(image) > 0 {
		b.Picture = base64.StdEncoding.EncodeToString(image)
	}
	text, err := json.Marshal(b)
	if err != nil {
		return &job.Never{Err: err}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, settings.URL, bytes.NewReader(text))
	if err != nil {
		return &job.Never{Err: err}
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Rapport")
	r.Header.Set("Idempotency-Key", string(f.ID)) // a repeat has the same
	answer, err := c.Client.Do(r)
	if errors.Is(err, ssrf.ErrRefused) {
		return &job.Never{Err: err}
	}
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, io.LimitReader(answer.Body, 64<<10)); err != nil {
		return err
	}
	switch code := answer.StatusCode; {
	case code < 300:
		return nil
	case code == http.StatusTooManyRequests || code >= 500:
		return fmt.Errorf("the webhook of feedback failed (HTTP %d)", code)
	default:
		return &job.Never{Err: fmt.Errorf("the webhook of feedback does not take it (HTTP %d)", code)}
	}
}
