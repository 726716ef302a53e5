package mail_test

import (
	"context"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rapport"
	"rapport/job"
	"rapport/lib/secretbox"
	"rapport/mail"
	"rapport/rapporttest"
	"rapport/store"
)

// office is a world with a mail server and a post.
type office struct {
	*rapporttest.World
	box    *secretbox.Box
	post   *mail.Post
	server *rapporttest.MailServer
	ahead  atomic.Int64 // of the clock
}

// offices runs a test on both databases, with a clock that can be put forward.
func offices(t *testing.T, run func(*testing.T, *office)) {
	t.Helper()
	for name, url := range rapporttest.Addresses {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, newOffice(t, url(t)))
		})
	}
}

func newOffice(t *testing.T, url string) *office {
	t.Helper()
	o := &office{server: rapporttest.SMTP(t)}
	db, err := store.Open(t.Context(), store.Config{URL: url, Log: rapporttest.Log(t), Rehearse: true, Now: func() time.Time { return time.Now().Add(time.Duration(o.ahead.Load())) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	w := rapporttest.NewWorld(t, db)
	box, err := secretbox.New(make([]byte, secretbox.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	o.World, o.box = w, box
	o.post = mail.New(mail.Config{DB: w.DB, Box: box, Base: "https://desk.example.com", Log: rapporttest.Log(t)})
	w.Update(func(tx *store.Tx) error {
		return tx.SaveMailSettings(rapport.MailSettings{Enabled: true, Host: o.server.Host, Port: o.server.Port, Security: rapport.MailPlain, From: "desk@example.com", Version: 1})
	})
	return o
}

// runner does the waiting jobs of e-mail until none is due.
func (o *office) drain(t *testing.T) {
	t.Helper()
	r := job.NewRunner(o.DB, rapporttest.Log(t))
	o.post.Jobs(r)
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan error)
	go func() { done <- r.Run(ctx) }()
	for {
		var next time.Time
		o.View(func(tx *store.Tx) (err error) {
			next, err = tx.NextJob(job.Slow)
			return err
		})
		if next.IsZero() || next.After(time.Now().Add(time.Duration(o.ahead.Load())+300*time.Millisecond)) {
			break
		}
		select {
		case <-time.After(5 * time.Millisecond):
		case <-t.Context().Done():
			t.Fatal("the jobs are not done")
		}
	}
	r.Stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	stop()
}

func (o *office) prefer(t *testing.T, agent string, change func(*rapport.Preferences)) {
	t.Helper()
	id := o.Agent(agent).ID
	o.Update(func(tx *store.Tx) error {
		p, err := tx.Preferences(id)
		if err != nil {
			return err
		}
		change(&p)
		return tx.SavePreferences(id, p)
	})
}

func (o *office) notify(agent string, kind rapport.NotificationKind, text string) {
	id := o.Agent(agent).ID
	o.Update(func(tx *store.Tx) error {
		return tx.InsertNotification(rapport.Notification{ID: rapport.NewID[rapport.NotificationID](), AgentID: id, At: tx.Now(), Kind: kind, Text: text})
	})
}

// pass puts the clock forward.
func (o *office) pass(d time.Duration) { o.ahead.Add(int64(d)) }

func (o *office) digests(t *testing.T) {
	t.Helper()
	if err := o.post.Digests(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (o *office) state(id rapport.MailID) rapport.MailState {
	var m rapport.Mail
	o.View(func(tx *store.Tx) (err error) {
		m, err = tx.Mail(id)
		return err
	})
	return m.State
}

// Issue 4, point 13: what stays unread is told once by e-mail, in one e-mail,
// after as long as the agent chose, in their language and time, and never again.
func TestDigestTellsEachNotificationOnce(t *testing.T) {
	offices(t, func(t *testing.T, o *office) {
		o.prefer(t, "ana", func(p *rapport.Preferences) {
			p.Digest, p.Language, p.TimeZone = 30, "de", "Asia/Tokyo"
			p.Notify = map[rapport.NotificationKind]rapport.NotifyHow{rapport.NotifyLost: {Browser: true}}
		})
		o.notify("ana", rapport.NotifyAssigned, "Maria Silva is yours now: Ben <b> went offline")
		o.notify("ana", rapport.NotifyComment, "Ben: please look")
		o.notify("ana", rapport.NotifyLost, "Omar was taken from you")
		o.notify("ben", rapport.NotifyAssigned, "Ben wants no e-mail")
		o.pass(29 * time.Minute)
		o.digests(t)
		o.drain(t)
		if n := len(o.server.Letters()); n > 0 {
			t.Fatalf("%d e-mails were sent before the time", n)
		}
		o.pass(2 * time.Minute)
		o.notify("ana", rapport.NotifyAssigned, "Nora is yours now: Ben did not answer within 5 minutes") // young, and told with the others
		for range 3 {
			o.digests(t)
			o.drain(t)
		}
		letters := o.server.Letters()
		if len(letters) != 1 || letters[0].To != "ana@example.com" {
			t.Fatalf("the e-mails are %+v; one to Ana was expected", letters)
		}
		for _, want := range []string{"3 ungelesene Benachrichtigungen", "Maria Silva", "Ben: please look", "Nora ist jetzt bei Ihnen: Ben", "https://desk.example.com/settings/me", "Auto-Submitted: auto-generated", "&lt;b&gt;", "text/html", "text/plain"} {
			if !strings.Contains(letters[0].Text, want) {
				t.Errorf("the e-mail lacks %q:\n%s", want, letters[0].Text)
			}
		}
		if strings.Contains(letters[0].Text, "Omar") {
			t.Error("the e-mail tells of a kind that Ana does not want by e-mail")
		}
		o.notify("ana", rapport.NotifyAssigned, "Read in the desk")
		o.Update(func(tx *store.Tx) error { return tx.ReadNotifications(o.Agent("ana").ID, tx.Now()) })
		o.pass(time.Hour)
		o.digests(t)
		o.drain(t)
		if n := len(o.server.Letters()); n != 1 {
			t.Errorf("what was read in the desk was sent, too: %d e-mails", n)
		}
	})
}

// Issue 4, point 13: a program that dies while the server has the e-mail does
// not send it a second time; one that was refused for now is sent later.
func TestNoEmailIsSentTwice(t *testing.T) {
	offices(t, func(t *testing.T, o *office) {
		send := func(subject string) rapport.MailID {
			id := rapport.NewID[rapport.MailID]()
			o.Update(func(tx *store.Tx) error {
				return mail.Enqueue(tx, rapport.Mail{ID: id, To: "ana@example.com", Subject: subject, Text: "Hello"})
			})
			o.drain(t)
			return id
		}
		expect := func(id rapport.MailID, want rapport.MailState, letters int) {
			t.Helper()
			if got := o.state(id); got != want || len(o.server.Letters()) != letters {
				t.Errorf("the e-mail is %q, and %d came; want %q and %d", got, len(o.server.Letters()), want, letters)
			}
		}
		killed := send("killed")
		expect(killed, rapport.MailSent, 1)
		o.Update(func(tx *store.Tx) error { // as a program leaves it that is killed before it notes the server's answer
			if err := tx.SetMail(killed, rapport.MailSending, ""); err != nil {
				return err
			}
			return job.Enqueue(tx, job.Job{Kind: mail.Job, Lane: job.Slow, Args: map[string]any{"id": killed}})
		})
		o.drain(t)
		expect(killed, rapport.MailUnsure, 1)

		o.server.Behave(rapporttest.Vanish) // the line breaks instead of the answer
		expect(send("vanish"), rapport.MailUnsure, 2)

		o.server.Behave(rapporttest.Busy)
		busy := send("busy")
		expect(busy, rapport.MailQueued, 2)
		o.server.Behave(rapporttest.Friendly)
		o.pass(time.Minute)
		o.drain(t)
		expect(busy, rapport.MailSent, 3)

		o.server.Behave(rapporttest.Refusing)
		expect(send("refused"), rapport.MailFailed, 3)
	})
}

func TestThePasswordGoesToItsServer(t *testing.T) {
	t.Parallel()
	o := newOffice(t, filepath.Join(t.TempDir(), "rapport.db"))
	o.server.Behave(rapporttest.Wants)
	s := rapport.MailSettings{Enabled: true, Host: o.server.Host, Port: o.server.Port, Security: rapport.MailPlain, User: "rapport", From: "desk@example.com"}
	if err := o.post.Try(t.Context(), s, "secret word", "ada@example.com"); err != nil {
		t.Error(err)
	}
	err := o.post.Try(t.Context(), s, "wrong", "ada@example.com")
	if rapport.CodeOf(err) != "mail_failed" || !strings.Contains(err.Error(), "name and the password") {
		t.Errorf("a wrong password says %v", err)
	}
	s.Port = 1
	if err := o.post.Try(t.Context(), s, "", "ada@example.com"); rapport.CodeOf(err) != "mail_failed" || !strings.Contains(err.Error(), "refuses connections") {
		t.Errorf("a closed port says %v", err)
	}
}
