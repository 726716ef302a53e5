package auth

import (
	"crypto/subtle"

	"rapport"
	"rapport/store"
)

// SetupToken proves that who does the first set-up can read the program's
// output. It lives in memory only and is worth nothing once an agent exists.
type SetupToken string

// NewSetupToken makes one up, for the caller to print.
func NewSetupToken() SetupToken { return SetupToken(newToken()) }

// First is what the first set-up asks for.
type First struct {
	Name        string
	Email       string
	AccountName string
	Hash        string // of the password
}

// NeedsSetUp tells whether nobody has set this Rapport up yet.
func NeedsSetUp(tx *store.Tx) (bool, error) {
	done, err := tx.AnyAgent()
	return !done, err
}

// Check refuses whoever does not have the token.
func (t SetupToken) Check(given string) error {
	if t == "" || subtle.ConstantTimeCompare([]byte(t), []byte(given)) != 1 {
		return rapport.Errorf(rapport.Forbidden, "setup_token", "The set-up token is wrong; copy the address that Rapport printed when it started.")
	}
	return nil
}

// SetUp makes the account, its default queue and its first admin (S3-05). It
// happens once: later calls are refused.
func SetUp(tx *store.Tx, f First) (rapport.Agent, error) {
	a := rapport.Agent{ID: rapport.NewID[rapport.AgentID](), Name: f.Name, Email: f.Email, Role: rapport.RoleAdmin, Enabled: true, Status: rapport.StatusOffline, CreatedAt: tx.Now()}
	needed, err := NeedsSetUp(tx)
	if err != nil {
		return a, err
	}
	if !needed {
		return a, rapport.Errorf(rapport.Conflict, "set_up", "Rapport is set up already; sign in.")
	}
	config, err := tx.Configuration()
	if err != nil {
		return a, err
	}
	settings := config.Settings
	settings.AccountName = f.AccountName
	if err := settings.Validate(); err != nil {
		return a, err
	}
	if err := a.Validate(); err != nil {
		return a, err
	}
	if config.Default == "" {
		if err := tx.SaveQueue(DefaultQueue(tx)); err != nil {
			return a, err
		}
	}
	if err := tx.SaveSettings(settings); err != nil {
		return a, err
	}
	if err := tx.InsertAgent(a); err != nil {
		return a, err
	}
	return a, tx.SetPassword(a.ID, f.Hash)
}

// DefaultQueue is the queue of a new account that everybody belongs to.
func DefaultQueue(tx *store.Tx) rapport.Queue {
	return rapport.Queue{ID: rapport.NewID[rapport.QueueID](), Name: "General", Default: true, Strategy: rapport.RoundRobin, Version: 1, CreatedAt: tx.Now()}
}
