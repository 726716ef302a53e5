// Package card shows in the side panel what another system knows of a customer
// or a conversation, and writes back what agents change there (S3-73).
//
//	read:   address with variables filled in ─► held answer? ─► request ─► JSON paths ─► values, "as of …"
//	write:  key new? ─► read anew: does it still say what the agent saw? ─► request with the key
//	        ─► event in the thread, key done ─► read anew
//
// Answers are held in memory only, by what was asked for, as long as the card
// says. Whatever goes wrong is a state of the card with a reason, never an
// error of the conversation. A secret of a header goes nowhere but to its
// source: it is taken out of whatever the source says.
//
// An attempt to write has a key of its caller. Once it is done, the same again
// does nothing. Where nobody knows whether the source did it, because the answer
// is missing, the attempt stays open: the same again sends the same
// Idempotency-Key, and is done where the source shows the new value already.
package card

import (
	"log/slog"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"rapport/lib/secretbox"
	"rapport/lib/ssrf"
	"rapport/store"
)

// Config is what cards are read and written with.
type Config struct {
	DB    *store.DB
	Box   *secretbox.Box // opens the secrets of headers
	Allow []string       // addresses inside that may be reached, as for ssrf.Policy
	Log   *slog.Logger
}

// Desk reads and writes cards. Its methods may be called from any goroutine.
type Desk struct {
	Config
	client *http.Client
	asking singleflight.Group

	mu   sync.Mutex
	held map[string]held
}

// mostAnswer is how long the answer of a source may be.
const mostAnswer = 256 << 10

// New makes a desk of cards.
func New(c Config) (*Desk, error) {
	client, err := ssrf.NewClient(ssrf.Policy{Allow: c.Allow, Timeout: 25 * time.Second, MaxBody: mostAnswer})
	if err != nil {
		return nil, err
	}
	return &Desk{Config: c, client: client, held: map[string]held{}}, nil
}

// Close lets go of idle connections.
func (d *Desk) Close() { d.client.CloseIdleConnections() }
