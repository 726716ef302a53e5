package store

import (
	"time"

	"rapport"
)

// PasswordHash returns the agent with an address, however it was typed, and the hash to check; both
// are empty when there is none, so that the caller can spend the same time.
func (tx *Tx) PasswordHash(email string) (id rapport.AgentID, hash string, err error) {
	err = tx.rows(func(s scanner) error { return s.Scan(&id, &hash) },
		"select id, password_hash from agent where email = $1 and deleted_at = 0 and enabled = 1", rapport.AgentEmail(email))
	return id, hash, err
}

// SetPassword saves a password's hash and uses up an invitation.
func (tx *Tx) SetPassword(id rapport.AgentID, hash string) error {
	_, err := tx.exec("update agent set password_hash = $2, invite_hash = '', invite_until = 0 where id = $1", id, hash)
	return err
}

// SetInvite saves the hash of an invitation's token; an earlier one is dead.
func (tx *Tx) SetInvite(id rapport.AgentID, hash string, until time.Time) error {
	_, err := tx.exec("update agent set invite_hash = $2, invite_until = $3 where id = $1", id, hash, until)
	return err
}

// Invited returns the agent whom an invitation is for.
func (tx *Tx) Invited(hash string) (rapport.Agent, error) {
	a, err := scanAgent(tx.queryRow("select "+agentColumns+" from agent a where a.invite_hash = $1 and a.invite_hash <> '' and a.invite_until > $2 and a.enabled = 1 and a.deleted_at = 0", hash, tx.now))
	return a, found(err, "invitation", "")
}

// Session is a signed-in browser; only the hash of its token rests here.
type Session struct {
	TokenHash string
	AgentID   rapport.AgentID
	ExpiresAt time.Time
	UserAgent string
}

// InsertSession keeps a session.
func (tx *Tx) InsertSession(s Session) error {
	_, err := tx.exec("insert into session (token_hash, agent_id, created_at, expires_at, user_agent) values ($1, $2, $3, $4, $5)", s.TokenHash, s.AgentID, tx.now, s.ExpiresAt, s.UserAgent)
	return err
}

// SessionAgent returns whose session a token is, if it is still good.
func (tx *Tx) SessionAgent(tokenHash string) (a rapport.Agent, expires time.Time, err error) {
	a, err = scanAgent(tx.queryRow("select "+agentColumns+", s.expires_at from session s join agent a on a.id = s.agent_id where s.token_hash = $1 and s.expires_at > $2 and a.enabled = 1 and a.deleted_at = 0", tokenHash, tx.now), milli{&expires})
	return a, expires, found(err, "session", "")
}

// ExtendSession moves the end of a session, but not beyond its longest life,
// and returns the new end.
func (tx *Tx) ExtendSession(tokenHash string, until time.Time, most time.Duration) (ends time.Time, err error) {
	if _, err := tx.exec("update session set expires_at = case when created_at + $3 < $2 then created_at + $3 else $2 end where token_hash = $1", tokenHash, until, most.Milliseconds()); err != nil {
		return ends, err
	}
	err = tx.queryRow("select expires_at from session where token_hash = $1", tokenHash).Scan(milli{&ends})
	return ends, found(err, "session", "")
}

// SessionCount returns how many sessions of an agent are good.
func (tx *Tx) SessionCount(id rapport.AgentID) (n int, err error) {
	err = tx.queryRow("select count(*) from session where agent_id = $1 and expires_at > $2", id, tx.now).Scan(&n)
	return n, classify(err)
}

// DeleteSession ends one session.
func (tx *Tx) DeleteSession(tokenHash string) error {
	_, err := tx.exec("delete from session where token_hash = $1", tokenHash)
	return err
}

// DeleteSessions ends all sessions of an agent but one ("" for all).
func (tx *Tx) DeleteSessions(id rapport.AgentID, but string) error {
	_, err := tx.exec("delete from session where agent_id = $1 and token_hash <> $2", id, but)
	return err
}

// TrimSessions forgets what has expired.
func (tx *Tx) TrimSessions() error {
	if _, err := tx.exec("delete from session where expires_at <= $1", tx.now); err != nil {
		return err
	}
	_, err := tx.exec("delete from sign_in_link where expires_at <= $1", tx.now)
	return err
}

// InsertSignInLink keeps a link that signs in without a password.
func (tx *Tx) InsertSignInLink(tokenHash string, id rapport.AgentID, until time.Time) error {
	_, err := tx.exec("insert into sign_in_link (token_hash, agent_id, expires_at) values ($1, $2, $3)", tokenHash, id, until)
	return err
}

// SignInLink returns whom a link signs in.
func (tx *Tx) SignInLink(tokenHash string) (rapport.Agent, error) {
	a, err := scanAgent(tx.queryRow("select "+agentColumns+" from sign_in_link l join agent a on a.id = l.agent_id where l.token_hash = $1 and l.expires_at > $2 and a.enabled = 1 and a.deleted_at = 0", tokenHash, tx.now))
	return a, found(err, "sign-in link", "")
}

// AuditEntry is one line of the log of what admins did.
type AuditEntry struct {
	ID        string    `json:"id"`
	At        time.Time `json:"at"`
	ActorID   string    `json:"actor_id"`
	ActorName string    `json:"actor_name"`
	Action    string    `json:"action" doc:"What was done, e.g. queue.updated."`
	Subject   string    `json:"subject" doc:"To what."`
	Detail    string    `json:"detail,omitempty"`
}

// Audit writes a line.
func (tx *Tx) Audit(actor rapport.Actor, action, subject, detail string) error {
	_, err := tx.exec("insert into audit (id, at, actor_id, actor_name, action, subject, detail) values ($1, $2, $3, $4, $5, $6, $7)",
		rapport.NewID[string](), tx.now, actor.AgentID, actor.Name, action, subject, detail)
	return err
}

// AuditLog returns lines, the latest first, before an id ("" for the end).
func (tx *Tx) AuditLog(before string, limit int) (list []AuditEntry, err error) {
	list = []AuditEntry{}
	err = tx.rows(func(s scanner) error {
		var e AuditEntry
		err := s.Scan(&e.ID, milli{&e.At}, &e.ActorID, &e.ActorName, &e.Action, &e.Subject, &e.Detail)
		list = append(list, e)
		return err
	}, "select id, at, actor_id, actor_name, action, subject, detail from audit where ($1 = '' or id < $1) order by id desc limit $2", before, limit)
	return list, err
}

// AnyAgent tells whether the first set-up is done.
func (tx *Tx) AnyAgent() (any bool, err error) {
	var n int
	err = tx.queryRow("select count(*) from (select 1 from agent where deleted_at = 0 limit 1) x").Scan(&n)
	return n > 0, classify(err)
}
