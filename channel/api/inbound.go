package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"
	"unicode/utf8"

	"rapport"
	"rapport/channel"
	"rapport/lib/jsonbody"
	"rapport/lib/point"
	"rapport/lib/problem"
)

const (
	maxBody = 128 << 10 // of a request: the longest text with every character escaped
	maxKey  = 200       // of an external id or Idempotency-Key, in bytes
	maxName = 100
	maxPast = 366 * 24 * time.Hour
	ahead   = 5 * time.Minute // clocks differ
)

// message is the body of POST messages.
type message struct {
	Contact    customer          `json:"contact"`
	Body       string            `json:"body"`
	Files      []given           `json:"files"`
	Location   *rapport.Location `json:"location"`
	ExternalID string            `json:"external_id"`
	At         jsonbody.Time     `json:"at"`
	Route      route             `json:"route"`
	Priority   rapport.Priority  `json:"priority"`
}

type customer struct {
	ExternalID string `json:"external_id"`
	Name       string `json:"name"`
	Phone      string `json:"phone"`
	Email      string `json:"email"`
}

type route struct {
	Agent           string `json:"agent"`
	Queue           string `json:"queue"`
	PreferLastAgent bool   `json:"prefer_last_agent"`
}

// accepted is the answer to POST messages.
type accepted struct {
	ConversationID rapport.ConversationID `json:"conversation_id"`
	Seq            int                    `json:"seq"`
	Duplicate      bool                   `json:"duplicate"`
	Assignee       *rapport.AgentRef      `json:"assignee"`
	Why            string                 `json:"why"`
	Waiting        *waiting               `json:"waiting,omitempty"`
}

// waiting is the customer's place in the line.
type waiting struct {
	Position  int       `json:"position"`
	Estimate  *int      `json:"estimate_seconds"` // null: nobody can tell
	AgentName string    `json:"agent_name"`       // empty: anybody
	OpensAt   time.Time `json:"opens_at,omitzero"`
}

func shownWaiting(w *channel.Waiting) *waiting {
	if w == nil {
		return nil
	}
	out := &waiting{Position: w.Position, AgentName: w.Agent, OpensAt: w.Opens}
	if w.Estimate > 0 {
		out.Estimate = &w.Estimate
	}
	return out
}

func (a *adapter) message(w http.ResponseWriter, r *http.Request) {
	var m message
	if err := jsonbody.Read(w, r, maxBody, &m); err != nil {
		problem.Write(w, err)
		return
	}
	in, err := a.inbound(m, r.Header.Get("Idempotency-Key"), time.Now())
	if err != nil {
		problem.Write(w, err)
		return
	}
	got, err := a.receive(r.Context(), m, in)
	if err != nil {
		a.fail(w, "receive a message", err)
		return
	}
	answer, err := json.Marshal(accepted{got.Conversation.ID, got.Item.Seq, got.Duplicate, got.Conversation.Assignee, got.Conversation.Why, shownWaiting(got.Conversation.Waiting)})
	if err != nil {
		a.fail(w, "answer a message", err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusAccepted)
	w.Write(answer)
}

// receive takes a message in, or returns the first one of which it is a repeat.
// Files are not fetched for a repeat: their addresses may have expired.
func (a *adapter) receive(ctx context.Context, m message, in channel.Inbound) (got channel.Received, err error) {
	earlier := false
	if slices.ContainsFunc(m.Files, func(f given) bool { return f.URL != "" }) {
		if got, earlier, err = a.setup.Host.Earlier(ctx, in); err != nil {
			return got, err
		}
	}
	if !earlier {
		if in.Files, err = a.fetch(ctx, m.Files); err != nil {
			return got, err
		}
		if got, err = a.setup.Host.Receive(ctx, in); err != nil {
			return got, err
		}
	}
	if got.Duplicate {
		err = a.isRepeat(ctx, m, in, got)
	}
	return got, err
}

// isRepeat refuses another message under the key of the first one.
func (a *adapter) isRepeat(ctx context.Context, m message, in channel.Inbound, first channel.Received) error {
	was := first.Item
	files, err := a.areFiles(ctx, m.Files, was.Files)
	switch {
	case err != nil:
		return err
	case first.Foreign:
		return keyReused("This key was used for a message of another customer; use a new key for a new message.")
	case was.Body != in.Body:
		return keyReused("This key was used for a message with another text; use a new key for a new message.")
	case (was.Location == nil) != (in.Location == nil), in.Location != nil && *was.Location != *in.Location:
		return keyReused("This key was used for a message with another place; use a new key for a new message.")
	case !files:
		return keyReused("This key was used for a message with other files; use a new key for a new message.")
	}
	return nil
}

func keyReused(sentence string) error {
	return rapport.Errorf(rapport.Conflict, "key_reused", "%s", sentence)
}

// inbound checks a message and brings it into the form of the contract.
func (a *adapter) inbound(m message, key string, now time.Time) (in channel.Inbound, err error) {
	in = channel.Inbound{Name: m.Contact.Name, Known: true, At: m.At.Time, Priority: m.Priority, Wish: channel.Wish(m.Route)}
	if in.ExternalID = m.ExternalID; in.ExternalID == "" {
		in.ExternalID = key
	}
	if in.ExternalID == "" || len(in.ExternalID) > maxKey || !utf8.ValidString(in.ExternalID) {
		return in, rapport.Invalidf("external_id", "Send an external_id or the header Idempotency-Key of 1 to %d bytes, so that a repeat is not stored twice.", maxKey)
	}
	in.Location, in.Uploader = m.Location, a.uploads()
	content := rapport.Content{Files: make([]rapport.File, len(m.Files)), Location: m.Location}
	if in.Body, err = content.ValidText("body", m.Body); err != nil {
		return in, err
	}
	if err := a.setup.Contents.CheckText("body", in.Body); err != nil {
		return in, err
	}
	if err := checkGiven(m.Files, a.setup.Contents.MaxFiles); err != nil {
		return in, err
	}
	if m.Location != nil {
		if err := m.Location.Validate("location"); err != nil {
			return in, err
		}
	}
	if !m.At.IsZero() && (m.At.After(now.Add(ahead)) || m.At.Before(now.Add(-maxPast))) {
		return in, rapport.Invalidf("at", "%s is not a moment of the past year.", m.At.Format(time.RFC3339))
	}
	if m.Priority != "" && m.Priority.Rank() == 0 {
		return in, rapport.Invalidf("priority", "%q is not a priority; use low, normal, high or urgent.", m.Priority)
	}
	if utf8.RuneCountInString(m.Contact.Name) > maxName || !utf8.ValidString(m.Contact.Name) {
		return in, rapport.Invalidf("contact.name", "The name is longer than %d characters.", maxName)
	}
	in.Points, err = a.points(m.Contact)
	return in, err
}

// points are the customer's addresses, the one that replies go to first.
func (a *adapter) points(c customer) ([]rapport.Point, error) {
	var points []rapport.Point
	if c.ExternalID != "" {
		if len(c.ExternalID) > maxKey || !utf8.ValidString(c.ExternalID) {
			return nil, rapport.Invalidf("contact.external_id", "The id is longer than %d bytes.", maxKey)
		}
		points = append(points, rapport.Point{Kind: rapport.PointExternal, Address: string(a.setup.Inbox.ID) + ":" + c.ExternalID, Shown: c.ExternalID})
	}
	for _, given := range []struct {
		kind        rapport.PointKind
		text, field string
	}{{rapport.PointPhone, c.Phone, "contact.phone"}, {rapport.PointEmail, c.Email, "contact.email"}} {
		if given.text == "" {
			continue
		}
		p, err := point.Parse(given.kind, given.text, a.setup.Host.Country())
		if err != nil {
			return nil, rapport.Invalidf(given.field, "%s", err)
		}
		points = append(points, p)
	}
	if len(points) == 0 {
		return nil, rapport.Invalidf("contact", "Say who wrote: an external_id, a phone or an email is needed.")
	}
	return points, nil
}

// status is the body of POST status.
type status struct {
	ConversationID rapport.ConversationID `json:"conversation_id"`
	Seq            int                    `json:"seq"`
	Delivery       rapport.Delivery       `json:"delivery"`
	Error          string                 `json:"error"`
}

func (a *adapter) status(w http.ResponseWriter, r *http.Request) {
	var s status
	err := jsonbody.Read(w, r, maxBody, &s)
	if err == nil {
		err = s.check()
	}
	if err != nil {
		problem.Write(w, err)
		return
	}
	if err := a.setup.Host.Report(r.Context(), channel.Report(s)); err != nil {
		a.fail(w, "report a delivery", err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (s *status) check() error {
	switch s.Delivery {
	case rapport.Delivered, rapport.Seen, rapport.Failed:
	default:
		return rapport.Invalidf("delivery", "%q cannot be reported; use delivered, seen or failed.", s.Delivery)
	}
	if !rapport.ValidID(string(s.ConversationID)) {
		return rapport.Invalidf("conversation_id", "%.40q is not the id of a conversation.", s.ConversationID)
	}
	if s.Seq < 1 {
		return rapport.Invalidf("seq", "Items are numbered from 1; %d is none.", s.Seq)
	}
	if len(s.Error) > 500 || !utf8.ValidString(s.Error) {
		return rapport.Invalidf("error", "The error text is longer than 500 bytes.")
	}
	return nil
}

// fail answers with an error of the host and logs what is our own fault; that a
// caller has gone away is nobody's.
func (a *adapter) fail(w http.ResponseWriter, doing string, err error) {
	if rapport.KindOf(err) == rapport.Internal && !errors.Is(err, context.Canceled) {
		a.setup.Log.Error("cannot "+doing, "channel", info.Kind, "inbox", a.setup.Inbox.ID, "error", err)
	}
	problem.Write(w, err)
}
