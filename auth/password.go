package auth

import (
	"context"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"rapport"
	"rapport/store"
)

// Shortest and longest password, in characters and bytes. Length is what makes
// one strong; which characters it has is nobody's business (NIST SP 800-63B).
const (
	shortest = 10
	longest  = 256
)

// cost follows the OWASP Password Storage Cheat Sheet: 19 MiB, two passes.
var cost = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// atOnce is how many passwords are hashed at the same time: a storm of
// sign-ins waits in line instead of taking 19 MiB each.
const atOnce = 2

// Passwords hashes and checks passwords. Its methods may be called from any
// goroutine.
type Passwords struct {
	places chan struct{}
	nobody string // a hash that no password has, for addresses nobody has
}

// NewPasswords returns the one that a process needs.
func NewPasswords() (*Passwords, error) {
	nobody, err := argon2id.CreateHash(newToken(), cost)
	return &Passwords{places: make(chan struct{}, atOnce), nobody: nobody}, err
}

// enter waits for a place among those who hash.
func (p *Passwords) enter(ctx context.Context) (leave func(), err error) {
	select {
	case p.places <- struct{}{}:
		return func() { <-p.places }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Hash checks a new password and returns what is kept of it.
func (p *Passwords) Hash(ctx context.Context, field, password string) (string, error) {
	if n := utf8.RuneCountInString(password); n < shortest {
		return "", rapport.Invalidf(field, "A password needs at least %d characters; this one has %d.", shortest, n)
	}
	if len(password) > longest {
		return "", rapport.Invalidf(field, "A password has at most %d bytes; this one has %d.", longest, len(password))
	}
	leave, err := p.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	return argon2id.CreateHash(password, cost)
}

// matches compares at the same cost whether there is a hash or not.
func (p *Passwords) matches(ctx context.Context, password, hash string) (bool, error) {
	if len(password) > longest {
		return false, nil
	}
	leave, err := p.enter(ctx)
	if err != nil {
		return false, err
	}
	defer leave()
	known := hash != ""
	if !known {
		hash = p.nobody
	}
	same, err := argon2id.ComparePasswordAndHash(password, hash)
	return same && known, err
}

// Verify returns the agent whom an e-mail address and a password belong to.
// Unknown addresses, disabled agents and wrong passwords are refused with the
// same words after the same time.
func (p *Passwords) Verify(ctx context.Context, db *store.DB, email, password string) (rapport.AgentID, error) {
	var id rapport.AgentID
	var hash string
	err := db.View(ctx, func(tx *store.Tx) (err error) {
		id, hash, err = tx.PasswordHash(email)
		return err
	})
	if err != nil {
		return "", err
	}
	same, err := p.matches(ctx, password, hash)
	if err != nil {
		return "", err
	}
	if !same {
		return "", rapport.Errorf(rapport.Unauthenticated, "wrong_credentials", "The e-mail address or the password is wrong.")
	}
	return id, nil
}

// Confirm asks an agent who is signed in for their password once more.
func (p *Passwords) Confirm(ctx context.Context, db *store.DB, id rapport.AgentID, field, password string) error {
	var hash string
	err := db.View(ctx, func(tx *store.Tx) error {
		a, err := tx.Agent(id)
		if err == nil {
			_, hash, err = tx.PasswordHash(a.Email)
		}
		return err
	})
	if err != nil {
		return err
	}
	same, err := p.matches(ctx, password, hash)
	if err == nil && !same {
		return rapport.Invalidf(field, "This is not your current password.")
	}
	return err
}

// ChangePassword saves a hash and ends all other sessions of the agent: who
// stole one is out.
func ChangePassword(tx *store.Tx, s Session, hash string) error {
	if err := tx.SetPassword(s.Actor.AgentID, hash); err != nil {
		return err
	}
	return tx.DeleteSessions(s.Actor.AgentID, s.hash)
}
