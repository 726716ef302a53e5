package card

import (
	"context"
	"strings"
	"time"

	"rapport"
)

// Probe is what a card would show, for the admin who sets it up.
type Probe struct {
	Reading
	Address string `json:"address" doc:"That was asked, with its variables filled in."`
	Answer  string `json:"answer" doc:"The beginning of what the source said, without secrets."`
	Took    int64  `json:"took_ms"`
}

// mostShown is how much of an answer an admin sees.
const mostShown = 8 << 10

// Try asks the source of a card that need not be saved yet. Nothing is held,
// and nothing is written.
func (d *Desk) Try(ctx context.Context, c *rapport.Card, sealed map[string]string, known map[string]string) Probe {
	request, t := requestOf(c, known)
	if t != nil {
		return Probe{Reading: readingOf(t)}
	}
	start := time.Now()
	reading, got := d.ask(ctx, c, sealed, request)
	text := strings.ToValidUTF8(string(got.body[:min(len(got.body), mostShown)]), "")
	return Probe{Reading: reading, Address: request.address, Answer: text, Took: time.Since(start).Milliseconds()}
}
