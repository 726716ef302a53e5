package card

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"rapport"
	"rapport/lib/secretbox"
	"rapport/lib/ssrf"
	"rapport/webhook"
)

// State is how it stands with a card.
type State string

const (
	OK          State = "ok"
	Lacking     State = "lacking"       // a variable of the address has no value
	Unknown     State = "unknown"       // the source does not know the customer (404)
	Refused     State = "refused"       // the address is not public and not allowed
	Late        State = "late"          // no answer in time
	Unreachable State = "unreachable"   // no answer at all
	TooLong     State = "too_long"      // the answer is longer than allowed
	Unreadable  State = "unreadable"    // the answer is no JSON
	Denied      State = "denied"        // the source does not accept the headers (401, 403)
	Moved       State = "moved"         // a redirect, which is not followed
	Failed      State = "failed"        // the source is in trouble (5xx, 429)
	Rejected    State = "rejected"      // the source does not take the request (other 4xx)
	Changed     State = "changed"       // it says something else than the agent saw (409, 412)
	Misset      State = "misconfigured" // the card itself cannot be used
)

// trouble is why a request did not work.
type trouble struct {
	state   State
	reason  string // what the source says, without secrets; or which variable is missing
	code    int
	unclear bool // it may have happened
}

func (t *trouble) Error() string { return strings.TrimSuffix(t.sentence()+" "+t.reason, " ") }

// sentence says what is wrong, and what to do.
func (t *trouble) sentence() string {
	switch t.state {
	case Lacking:
		return fmt.Sprintf("Nothing can be looked up: %s has no value here.", t.reason)
	case Unknown:
		return "The other system knows nothing of this."
	case Refused:
		return "The address is not on the public internet; the operator can allow it."
	case Late:
		return "The other system did not answer in time; try again."
	case Unreachable:
		return "The other system cannot be reached; try again later, or tell an admin."
	case TooLong:
		return "The answer of the other system is too long; an admin has to make it shorter."
	case Unreadable:
		return "The answer of the other system is no JSON; an admin has to look at the address of the card."
	case Denied:
		return "The other system does not let Rapport in; an admin has to look at the headers of the card."
	case Moved:
		return "The other system answers from another address; an admin has to enter that in the card."
	case Failed:
		return fmt.Sprintf("The other system is in trouble (HTTP %d); try again later.", t.code)
	case Changed:
		return "Somebody has changed it meanwhile; look at the value as it is now, and change it again if it is still needed."
	case Misset:
		return "The card cannot be used as it is set up; an admin has to look at it."
	default:
		return fmt.Sprintf("The other system does not take it (HTTP %d).", t.code)
	}
}

// asked is a request to a source.
type asked struct {
	method, address string
	body            []byte
	key             string // Idempotency-Key of a write
	match           string // If-Match
	agent           rapport.AgentID
}

// answered is what a source says.
type answered struct {
	body []byte
	etag string
}

// send makes one request; headers holds opened secrets.
func (d *Desk) send(ctx context.Context, c *rapport.Card, headers opened, a asked) (answered, *trouble) {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(c.Seconds)*time.Second)
	defer cancel()
	var body io.Reader
	if a.body != nil {
		body = bytes.NewReader(a.body)
	}
	r, err := http.NewRequestWithContext(ctx, a.method, a.address, body)
	if err != nil {
		return answered{}, &trouble{state: Misset}
	}
	for _, h := range headers {
		r.Header.Set(h.name, h.value.Reveal())
	}
	r.Header.Set("User-Agent", "Rapport")
	if r.Header.Get("Accept") == "" {
		r.Header.Set("Accept", "application/json")
	}
	if a.agent != "" {
		r.Header.Set("Rapport-Agent-Id", string(a.agent))
	}
	if a.body != nil {
		r.Header.Set("Content-Type", "application/json")
		signer, err := webhook.Signer(ctx, d.DB, d.Box)
		if err != nil {
			d.Log.Error("cannot sign a request of a context card", "card", c.Name, "error", err)
			return answered{}, &trouble{state: Misset}
		}
		id := a.key
		if id == "" {
			id = "card_" + rapport.NewID[string]()
		}
		if err := webhook.Sign(r, signer, id, time.Now(), a.body); err != nil {
			return answered{}, &trouble{state: Misset}
		}
	}
	if a.key != "" {
		r.Header.Set("Idempotency-Key", a.key)
	}
	if a.match != "" {
		r.Header.Set("If-Match", a.match)
	}
	answer, err := d.client.Do(r)
	if err != nil {
		return answered{}, noAnswer(ctx, err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if errors.Is(err, ssrf.ErrTooLong) {
		return answered{}, &trouble{state: TooLong, unclear: answer.StatusCode < 300}
	}
	if err != nil {
		t := noAnswer(ctx, err)
		t.unclear = true
		return answered{}, t
	}
	if t := verdict(answer.StatusCode); t != nil {
		t.reason = headers.without(reasonOf(answer.Header.Get("Content-Type"), text))
		return answered{}, t
	}
	return answered{text, answer.Header.Get("ETag")}, nil
}

func noAnswer(ctx context.Context, err error) *trouble {
	switch {
	case errors.Is(err, ssrf.ErrRefused):
		return &trouble{state: Refused}
	case errors.Is(ctx.Err(), context.DeadlineExceeded), isTimeout(err):
		return &trouble{state: Late, unclear: true}
	default:
		return &trouble{state: Unreachable, unclear: true}
	}
}

func isTimeout(err error) bool {
	e, ok := errors.AsType[*url.Error](err)
	return ok && e.Timeout()
}

// verdict maps a status to a trouble; nil is good.
func verdict(code int) *trouble {
	t := &trouble{code: code}
	switch {
	case code >= 200 && code < 300:
		return nil
	case code >= 300 && code < 400:
		t.state = Moved
	case code == http.StatusUnauthorized || code == http.StatusForbidden:
		t.state = Denied
	case code == http.StatusNotFound || code == http.StatusGone:
		t.state = Unknown
	case code == http.StatusConflict || code == http.StatusPreconditionFailed:
		t.state = Changed
	case code == http.StatusTooManyRequests || code == http.StatusRequestTimeout || code >= 500:
		t.state, t.unclear = Failed, code != http.StatusTooManyRequests
	default:
		t.state = Rejected
	}
	return t
}

// reasonOf is the sentence for people in a refusal: of a problem document, or
// of what others call a message or an error.
func reasonOf(kind string, text []byte) string {
	media, _, _ := mime.ParseMediaType(kind)
	if media != "application/json" && !strings.HasSuffix(media, "+json") {
		return ""
	}
	all, _ := decode(text)
	members, _ := all.(map[string]any)
	for _, name := range []string{"detail", "message", "error", "title"} {
		if nested, ok := members[name].(map[string]any); ok {
			members[name] = nested["message"]
		}
		if sentence, ok := members[name].(string); ok && sentence != "" {
			return rapport.Preview(strings.ToValidUTF8(strings.ReplaceAll(sentence, "\x00", ""), "\uFFFD"))
		}
	}
	return ""
}

// opened are the headers of a card with their values.
type opened []struct {
	name   string
	value  secretbox.Secret
	secret bool
}

// without takes secrets out of a text of the source.
func (o opened) without(text string) string {
	for _, h := range o {
		if !h.secret {
			continue
		}
		for _, part := range append([]string{h.value.Reveal()}, strings.Fields(h.value.Reveal())...) {
			if len(part) >= 6 { // shorter parts are in everything
				text = strings.ReplaceAll(text, part, "***")
			}
		}
	}
	return text
}

// open opens the secrets of a card's headers.
func (d *Desk) open(c *rapport.Card, sealed map[string]string) (opened, *trouble) {
	headers := make(opened, len(c.Headers))
	for i, h := range c.Headers {
		headers[i].name, headers[i].secret = h.Name, h.Secret
		if !h.Secret {
			headers[i].value = secretbox.Secret(h.Value)
			continue
		}
		value, err := d.Box.Open(sealed[h.Name], string(c.ID))
		if err != nil {
			d.Log.Warn("a header of a context card cannot be opened; enter it anew", "card", c.Name, "header", h.Name, "error", err)
			return nil, &trouble{state: Misset, reason: "The secret of the header " + h.Name + " has to be entered anew."}
		}
		headers[i].value = value
	}
	return headers, nil
}
