package auth

import (
	"strings"
	"time"

	"rapport"
	"rapport/store"
)

// InviteLife is how long an invitation can be accepted.
const InviteLife = 7 * 24 * time.Hour

// Invite makes an invitation for an agent; an earlier one is dead.
func Invite(tx *store.Tx, id rapport.AgentID) (token string, err error) {
	return invite(tx, id, InviteLife)
}

func invite(tx *store.Tx, id rapport.AgentID, life time.Duration) (token string, err error) {
	token = newToken()
	return token, tx.SetInvite(id, hashOf(token), tx.Now().Add(life))
}

// RecoveryLife is how long the link of somebody who forgot their password can be used.
const RecoveryLife = time.Hour

// Recover makes the link by which an agent chooses a new password, asked for by
// whoever says they forgot the old one; it is for their mailbox only. Who never
// had a password gets their invitation again.
func Recover(tx *store.Tx, a rapport.Agent) (token string, err error) {
	if a.Invited {
		return Invite(tx, a.ID)
	}
	return invite(tx, a.ID, RecoveryLife)
}

// Invited returns whom an invitation is for.
func Invited(tx *store.Tx, token string) (rapport.Agent, error) {
	a, err := tx.Invited(hashOf(token))
	if rapport.KindOf(err) == rapport.NotFound {
		return a, &rapport.Error{Kind: rapport.NotFound, Code: "invite_gone", Message: "This invitation was used, replaced, or is older than a week; ask an admin for a new one.", Cause: err}
	}
	return a, err
}

// Accept gives an invited agent the name and the password's hash they chose,
// and uses the invitation up. All earlier sessions end: the link also serves
// those who lost their password.
func Accept(tx *store.Tx, token, name, hash string) (rapport.Agent, error) {
	a, err := Invited(tx, token)
	if err != nil {
		return a, err
	}
	if name = strings.TrimSpace(name); name != "" {
		a.Name = name
	}
	if err := a.Validate(); err != nil {
		return a, err
	}
	if err := tx.UpdateAgent(a); err != nil {
		return a, err
	}
	if err := tx.SetPassword(a.ID, hash); err != nil {
		return a, err
	}
	a.Invited = false
	return a, tx.DeleteSessions(a.ID, "")
}

// Link makes a link that signs an agent in without a password until a moment.
func Link(tx *store.Tx, id rapport.AgentID, until time.Time) (token string, err error) {
	token = newToken()
	return token, tx.InsertSignInLink(hashOf(token), id, until)
}

// ByLink returns whom a link signs in.
func ByLink(tx *store.Tx, token string) (rapport.Agent, error) {
	a, err := tx.SignInLink(hashOf(token))
	if rapport.KindOf(err) == rapport.NotFound {
		return a, &rapport.Error{Kind: rapport.Unauthenticated, Code: "link_gone", Message: "This link is not valid any more; sign in with your password.", Cause: err}
	}
	return a, err
}
