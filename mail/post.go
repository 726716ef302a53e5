package mail

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"time"

	"rapport"
	"rapport/job"
	"rapport/lib/secretbox"
	"rapport/store"
)

// Job is the kind of the job that sends an e-mail.
const Job = "mail"

// Password is the name under which the password of the mail server rests, and
// what it is sealed for.
const Password = "mail_password"

// Keep is how long e-mails are kept that went out or did not.
const Keep = 30 * 24 * time.Hour

type letter struct {
	ID rapport.MailID `json:"id"`
}

// Enqueue has an e-mail sent once the transaction is committed.
func Enqueue(tx *store.Tx, m rapport.Mail) error {
	if m.State = rapport.MailQueued; m.ID == "" {
		m.ID = rapport.NewID[rapport.MailID]()
	}
	if err := tx.InsertMail(m); err != nil {
		return err
	}
	return job.Enqueue(tx, job.Job{Kind: Job, Lane: job.Slow, Args: letter{m.ID}})
}

// Config is what e-mail is sent with.
type Config struct {
	DB   *store.DB
	Box  *secretbox.Box                                                       // opens the password
	Dial func(ctx context.Context, network, address string) (net.Conn, error) // reaches what may be reached
	Base string                                                               // address of the desk, for links
	Log  *slog.Logger
}

// Post sends e-mail.
type Post struct{ Config }

// New makes a post.
func New(c Config) *Post { return &Post{c} }

// Jobs makes the runner send e-mail.
func (p *Post) Jobs(r *job.Runner) { r.Handle(Job, p.send) }

// send sends one e-mail, at most once.
func (p *Post) send(ctx context.Context, t job.Task) error {
	var l letter
	if err := t.Decode(&l); err != nil {
		return &job.Never{Err: err}
	}
	var m rapport.Mail
	err := p.DB.Update(ctx, func(tx *store.Tx) (err error) {
		if m, err = tx.Mail(l.ID); err != nil {
			return err
		}
		switch m.State {
		case rapport.MailQueued:
			return tx.SetMail(l.ID, rapport.MailSending, "")
		case rapport.MailSending: // whoever sent it before did not live to tell
			return tx.SetMail(l.ID, rapport.MailUnsure, "The program stopped while it was being sent.")
		}
		return nil
	})
	switch {
	case rapport.KindOf(err) == rapport.NotFound && err != nil:
		return nil
	case err != nil:
		return err
	case m.State == rapport.MailSending:
		p.Log.Warn("an e-mail may not have gone out: the program stopped while it was being sent")
		return nil
	case m.State != rapport.MailQueued:
		return nil
	}
	failure := p.deliver(ctx, &m)
	keep := context.WithoutCancel(ctx)
	state, why := rapport.MailSent, ""
	if failure != nil {
		state, why = rapport.MailQueued, failure.Error()
		var f *refusal
		if errors.As(failure, &f) {
			state = f.state
		}
	}
	if err := p.DB.Update(keep, func(tx *store.Tx) error { return tx.SetMail(m.ID, state, why) }); err != nil {
		return err // the row says "sending": it will not be sent again
	}
	switch state {
	case rapport.MailQueued:
		return fmt.Errorf("send an e-mail: %w", failure)
	case rapport.MailFailed, rapport.MailUnsure:
		p.Log.Warn("an e-mail did not go out", "error", failure)
	}
	return nil
}

// refusal is a failure after which trying again is useless or wrong.
type refusal struct {
	state rapport.MailState
	err   error
}

func (r *refusal) Error() string { return r.err.Error() }
func (r *refusal) Unwrap() error { return r.err }

// settings reads how to send; off when e-mail is not set up.
func (p *Post) settings(ctx context.Context) (m rapport.MailSettings, password secretbox.Secret, err error) {
	var sealed string
	err = p.DB.View(ctx, func(tx *store.Tx) (err error) {
		if m, err = tx.MailSettings(); err != nil {
			return err
		}
		sealed, err = tx.Sealed(Password)
		return err
	})
	if err == nil && sealed != "" {
		if password, err = p.Box.Open(sealed, Password); err != nil {
			err = fmt.Errorf("open the password of the mail server: %w", err)
		}
	}
	return m, password, err
}

var errOff = errors.New("e-mail is switched off")

func (p *Post) deliver(ctx context.Context, m *rapport.Mail) error {
	settings, password, err := p.settings(ctx)
	if err != nil {
		return err
	}
	if !settings.Enabled {
		return &refusal{rapport.MailFailed, errOff}
	}
	if m.Secret != "" {
		secret, err := p.Box.Open(m.Secret, sealedFor(m.ID))
		if err != nil {
			return &refusal{rapport.MailFailed, fmt.Errorf("open what an e-mail says: %w", err)}
		}
		m.Text = strings.ReplaceAll(m.Text, secretPlace, secret.Reveal())
	}
	return p.transmit(ctx, settings, password, m)
}

// Try sends a test to somebody by settings that need not be saved yet, and
// tells in a sentence what is wrong with them.
func (p *Post) Try(ctx context.Context, settings rapport.MailSettings, password secretbox.Secret, to string) error {
	w := wordsOf("en")
	m := rapport.Mail{ID: rapport.NewID[rapport.MailID](), To: to, Subject: w.testSubject, Text: w.testText}
	err := p.transmit(ctx, settings, password, &m)
	if err == nil {
		return nil
	}
	return &rapport.Error{Kind: rapport.Conflict, Code: "mail_failed", Message: explain(err), Cause: err}
}
