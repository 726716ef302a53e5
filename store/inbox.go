package store

import (
	"encoding/json"
	"time"

	"rapport"
)

func scanInbox(s scanner, more ...any) (i rapport.Inbox, err error) {
	var options string
	var silence jsonText[rapport.Silence]
	var survey jsonText[rapport.SurveyRules]
	if err = s.Scan(append([]any{&i.ID, &i.Channel, &i.Name, &i.QueueID, &i.Enabled, &i.Pulls, &options, &silence, &i.BotID, &survey, milli{&i.CreatedAt}, &i.WindowHours}, more...)...); err != nil {
		return i, err
	}
	if i.Survey = survey.v; i.Survey.Scale == "" {
		i.Survey.Scale, i.Survey.Comment = rapport.Stars, true
	}
	if i.Silence = silence.v; i.Silence.Conduct == "" {
		i.Silence.Conduct = rapport.Messaging
		if i.Pulls {
			i.Silence.Conduct = rapport.Live
		}
	}
	return i, json.Unmarshal([]byte(options), &i.Options)
}

const inboxColumns = "id, channel, name, queue_id, enabled, pulls, options, rules, bot_id, survey, created_at, window_hours"

// Inboxes returns all inboxes by name. Their options hold no secrets.
func (tx *Tx) Inboxes() (list []rapport.Inbox, err error) {
	list = []rapport.Inbox{}
	err = tx.rows(func(s scanner) error {
		i, err := scanInbox(s)
		list = append(list, i)
		return err
	}, "select "+inboxColumns+" from inbox order by name, id")
	return list, err
}

// Inbox returns one inbox with its sealed secrets by option name.
func (tx *Tx) Inbox(id rapport.InboxID) (i rapport.Inbox, sealed map[string]string, err error) {
	var text string
	i, err = scanInbox(tx.queryRow("select "+inboxColumns+", secrets from inbox where id = $1", id), &text)
	if err != nil {
		return i, nil, found(err, "inbox", string(id))
	}
	return i, sealed, json.Unmarshal([]byte(text), &sealed)
}

// SaveInbox inserts or updates an inbox. Secrets come sealed; nil keeps them.
func (tx *Tx) SaveInbox(i rapport.Inbox, sealed map[string]string) error {
	if i.Options == nil {
		i.Options = map[string]any{}
	}
	options, err := json.Marshal(i.Options)
	if err != nil {
		return err
	}
	tx.configured()
	if _, err = tx.exec(`insert into inbox (id, channel, name, queue_id, enabled, options, created_at, pulls, rules, bot_id, survey, window_hours) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		on conflict (id) do update set name = excluded.name, queue_id = excluded.queue_id, enabled = excluded.enabled, options = excluded.options, rules = excluded.rules, bot_id = excluded.bot_id, survey = excluded.survey, window_hours = excluded.window_hours`,
		i.ID, i.Channel, i.Name, i.QueueID, i.Enabled, string(options), i.CreatedAt, i.Pulls, jsonOf(i.Silence), i.BotID, jsonOf(i.Survey), i.WindowHours); err != nil || sealed == nil {
		return err
	}
	text, err := json.Marshal(sealed)
	if err != nil {
		return err
	}
	_, err = tx.exec("update inbox set secrets = $2 where id = $1", i.ID, string(text))
	return err
}

// DeleteInbox removes an inbox; its conversations stay.
func (tx *Tx) DeleteInbox(id rapport.InboxID) error {
	tx.configured()
	n, err := tx.exec("delete from inbox where id = $1", id)
	if err == nil && n == 0 {
		return missing("inbox", string(id))
	}
	return err
}

// Visitor is a browser that talks to an inbox, known by a token of which only
// the hash rests here.
type Visitor struct {
	TokenHash string
	InboxID   rapport.InboxID
	ContactID rapport.ContactID // empty until the first message
	Point     rapport.Point
	Verified  bool // a signed identity stands behind it
	CreatedAt time.Time
	ExpiresAt time.Time
}

// InsertVisitor keeps a visitor's token.
func (tx *Tx) InsertVisitor(v Visitor) error {
	_, err := tx.exec("insert into visitor (token_hash, inbox_id, contact_id, point_kind, point_address, verified, created_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8)",
		v.TokenHash, v.InboxID, v.ContactID, v.Point.Kind, v.Point.Address, v.Verified, tx.now, v.ExpiresAt)
	return err
}

// Visitor finds a visitor whose token has not expired; the contact is the one
// that the point belongs to by now.
func (tx *Tx) Visitor(tokenHash string) (v Visitor, err error) {
	err = tx.queryRow(`select v.token_hash, v.inbox_id, coalesce(p.contact_id, ''), v.point_kind, v.point_address, v.verified, v.created_at, v.expires_at
		from visitor v left join contact_point p on p.kind = v.point_kind and p.address = v.point_address where v.token_hash = $1 and v.expires_at > $2`, tokenHash, tx.now).
		Scan(&v.TokenHash, &v.InboxID, &v.ContactID, &v.Point.Kind, &v.Point.Address, &v.Verified, milli{&v.CreatedAt}, milli{&v.ExpiresAt})
	return v, found(err, "visitor", "")
}

// TrimVisitors forgets expired visitors.
func (tx *Tx) TrimVisitors() error {
	_, err := tx.exec("delete from visitor where expires_at <= $1", tx.now)
	return err
}
