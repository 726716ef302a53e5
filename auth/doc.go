// Package auth turns a credential into an Actor: passwords, sessions,
// invitations, sign-in links and the token of the first set-up. What an actor
// may do is a pure method on the word.
//
//	e-mail + password ──Verify──┐
//	invitation ─────────Accept──┼─► OpenSession ─► token in a cookie ──Of──► Actor
//	sign-in link ───────ByLink──┤
//	set-up token ───────SetUp───┘
//
// Tokens are 256 random bits; the database keeps their SHA-256 only, so a
// copied database opens nothing. Nothing is cached: an agent who is disabled
// or loses a queue is refused from the next request on, on every node.
package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
)

// newToken returns a fresh token of 256 bits, in characters that are safe in
// addresses and cookies.
func newToken() string {
	var b [32]byte
	rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// hashOf is how a token rests in the database. A fast hash is enough for what
// nobody can guess.
func hashOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
