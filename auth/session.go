package auth

import (
	"context"
	"strings"
	"time"

	"rapport"
	"rapport/store"
)

const (
	// Idle ends a session that nobody used for so long.
	Idle = 12 * time.Hour
	// Most ends a session however much it is used.
	Most = 30 * 24 * time.Hour
	// stride is how much of Idle must have passed before the end is moved, so
	// that not every request writes.
	stride = 10 * time.Minute
)

// Session is a signed-in browser.
type Session struct {
	Actor  rapport.Actor
	Agent  rapport.Agent
	Queues []rapport.Member
	Ends   time.Time // unless it is used before

	hash string
}

// OpenSession starts a session of an agent and returns the token for the
// cookie. The browser's name helps people to recognise it.
func OpenSession(tx *store.Tx, id rapport.AgentID, userAgent string) (token string, err error) {
	a, err := tx.Agent(id)
	if err != nil {
		return "", err
	}
	if !a.Enabled {
		return "", rapport.Errorf(rapport.Unauthenticated, "wrong_credentials", "The account is switched off.")
	}
	token = newToken()
	return token, tx.InsertSession(store.Session{TokenHash: hashOf(token), AgentID: id, ExpiresAt: tx.Now().Add(Idle), UserAgent: strings.ToValidUTF8(userAgent[:min(len(userAgent), 300)], "")})
}

// Of returns the session of a token, with what its agent may do right now.
// Using a session moves its end.
func Of(ctx context.Context, db *store.DB, token string) (Session, error) {
	s := Session{hash: hashOf(token)}
	if token == "" {
		return s, notSignedIn(nil)
	}
	var now time.Time
	err := db.View(ctx, func(tx *store.Tx) (err error) {
		now = tx.Now()
		if s.Agent, s.Ends, err = tx.SessionAgent(s.hash); err == nil {
			s.Queues, err = tx.MemberOf(s.Agent.ID)
		}
		return err
	})
	if rapport.KindOf(err) == rapport.NotFound {
		return s, notSignedIn(err)
	}
	if err != nil {
		return s, err
	}
	s.Actor = rapport.ActorOf(s.Agent, s.Queues)
	if s.Ends.Sub(now) < Idle-stride {
		err = db.Update(ctx, func(tx *store.Tx) (err error) {
			s.Ends, err = tx.ExtendSession(s.hash, tx.Now().Add(Idle), Most)
			return err
		})
	}
	return s, err
}

func notSignedIn(cause error) error {
	return &rapport.Error{Kind: rapport.Unauthenticated, Code: "not_signed_in", Message: "You are not signed in, or your session is over; sign in again.", Cause: cause}
}

// CloseSession ends a session. It reports whether it was the agent's last one.
func CloseSession(tx *store.Tx, s Session) (last bool, err error) {
	if err := tx.DeleteSession(s.hash); err != nil {
		return false, err
	}
	left, err := tx.SessionCount(s.Actor.AgentID)
	return left == 0, err
}
