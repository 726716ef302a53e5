package store

import (
	"encoding/json"
	"time"

	"rapport"
)

// keptSetting reads a named setting of the account into what it points to, and
// leaves that alone where there is none.
func (tx *Tx) keptSetting(name string, into any) error {
	return tx.rows(func(s scanner) error {
		var value string
		if err := s.Scan(&value); err != nil {
			return err
		}
		return json.Unmarshal([]byte(value), into)
	}, "select value from setting where name = $1", name)
}

func (tx *Tx) keepSetting(name string, v any) error {
	value, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return tx.put("insert into setting (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value", name, string(value))
}

// MailSettings say by which server e-mail goes out.
func (tx *Tx) MailSettings() (rapport.MailSettings, error) {
	m := rapport.DefaultMailSettings()
	return m, tx.keptSetting("mail", &m)
}

// SaveMailSettings replaces them.
func (tx *Tx) SaveMailSettings(m rapport.MailSettings) error { return tx.keepSetting("mail", m) }

// FeedbackSettings say where feedback goes.
func (tx *Tx) FeedbackSettings() (f rapport.FeedbackSettings, err error) {
	return f, tx.keptSetting("feedback", &f)
}

// SaveFeedbackSettings replaces them.
func (tx *Tx) SaveFeedbackSettings(f rapport.FeedbackSettings) error {
	return tx.keepSetting("feedback", f)
}

// InsertMail keeps an e-mail until it is sent.
func (tx *Tx) InsertMail(m rapport.Mail) error {
	file := ""
	if m.File != nil {
		file = jsonOf(m.File)
	}
	return tx.put("insert into mail (id, recipient, subject, body, html, secret, file, state, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
		m.ID, m.To, m.Subject, m.Text, m.HTML, m.Secret, file, m.State, tx.now)
}

// Mail returns one e-mail.
func (tx *Tx) Mail(id rapport.MailID) (m rapport.Mail, err error) {
	var file jsonText[*rapport.MailFile]
	err = tx.queryRow("select id, recipient, subject, body, html, secret, file, state, error, created_at from mail where id = $1", id).
		Scan(&m.ID, &m.To, &m.Subject, &m.Text, &m.HTML, &m.Secret, &file, &m.State, &m.Error, milli{&m.CreatedAt})
	m.File = file.v
	return m, found(err, "e-mail", string(id))
}

// SetMail notes how far an e-mail got. What it says is forgotten once nobody
// sends it any more.
func (tx *Tx) SetMail(id rapport.MailID, state rapport.MailState, why string) error {
	forgets := ""
	if state != rapport.MailQueued && state != rapport.MailSending {
		forgets = ", body = '', html = '', secret = '', file = ''"
	}
	return tx.put("update mail set state = $2, error = $3"+forgets+" where id = $1", id, state, why)
}

// MailTroubles counts e-mails that did not go out, or perhaps not, since a
// moment, and tells the latest reason.
func (tx *Tx) MailTroubles(since time.Time) (n int, latest string, err error) {
	err = tx.rows(func(s scanner) error {
		var why string
		err := s.Scan(&why)
		if n == 0 {
			latest = why
		}
		n++
		return err
	}, "select error from mail where created_at > $1 and state in ('failed', 'unsure') order by created_at desc limit 100", since)
	return n, latest, err
}

// TrimMail forgets e-mails that are older than a moment.
func (tx *Tx) TrimMail(before time.Time) error {
	return tx.put("delete from mail where created_at < $1", before)
}
