package web

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"rapport"
	"rapport/channel"
	"rapport/lib/jsonbody"
	"rapport/lib/problem"
)

// errNoSession sends the widget back to POST session.
var errNoSession = rapport.Errorf(rapport.Unauthenticated, "session_over", "This session is over; begin a new one.")

// errAnonymous is what inboxes answer that want to know who is there.
var errAnonymous = rapport.Errorf(rapport.Unauthenticated, "identity_required", "This inbox answers customers who are signed in; send a signed identity.")

// admit finds the visitor of a token. It is the one way from a token to a
// visitor, so an inbox that requires an identity is closed to others everywhere.
func (a *adapter) admit(ctx context.Context, token string) (channel.Visitor, error) {
	if token == "" || len(token) > 200 {
		return channel.Visitor{}, errNoSession
	}
	v, err := a.setup.Visitors.Visitor(ctx, fingerprint(token))
	switch {
	case rapport.KindOf(err) == rapport.NotFound && err != nil:
		return v, errNoSession
	case err != nil:
		return v, err
	case a.required && !v.Verified:
		return v, errAnonymous
	}
	return v, nil
}

// visitor wraps the endpoints that belong to one visitor.
func (a *adapter) visitor(serve func(http.ResponseWriter, *http.Request, channel.Visitor)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		if !strings.EqualFold(scheme, "Bearer") {
			token = ""
		}
		v, err := a.admit(r.Context(), token)
		if err != nil {
			a.fail(w, "find a visitor", err)
			return
		}
		serve(w, r, v)
	}
}

type configAnswer struct {
	Name      string `json:"name"`
	Title     string `json:"title"`
	Greeting  string `json:"greeting"`
	Color     string `json:"color"`
	Position  string `json:"position"`
	Identity  string `json:"identity"`
	Available bool   `json:"available"`

	Carries carries `json:"carries"`
}

func (a *adapter) config(w http.ResponseWriter, r *http.Request) {
	available, err := a.setup.Host.Available(r.Context())
	if err != nil {
		a.fail(w, "tell who is available", err)
		return
	}
	v := a.setup.Values
	a.answer(w, http.StatusOK, configAnswer{a.setup.Inbox.Name, v.String("title"), v.String("greeting"), v.String("color"), v.String("position"), v.String("identity"), available, a.carries()})
}

type sessionRequest struct {
	Token    string `json:"token"`
	Identity string `json:"identity"`
}

type sessionAnswer struct {
	Token   string       `json:"token"`
	Contact contactShown `json:"contact"`
	thread
	Unread int `json:"unread"`
}

type contactShown struct {
	Name  string `json:"name"`
	Known bool   `json:"known"`
}

// session resumes with a token, begins with an identity, or begins anonymously.
func (a *adapter) session(w http.ResponseWriter, r *http.Request) {
	if wait, ok := a.sessions.Allow(caller(r)); !ok {
		tooMany(w, wait)
		return
	}
	var q sessionRequest
	if err := jsonbody.Read(w, r, maxRequest, &q); err != nil {
		problem.Write(w, err)
		return
	}
	token, v, err := a.begin(r.Context(), q)
	if err != nil {
		a.fail(w, "begin a session", err)
		return
	}
	t, err := a.setup.Visitors.Thread(r.Context(), v)
	if err != nil {
		a.fail(w, "read a conversation", err)
		return
	}
	name := v.Contact.Name
	if name == "" {
		name = v.Name
	}
	a.answer(w, http.StatusOK, sessionAnswer{token, contactShown{name, v.Contact.Known || v.Verified}, a.shown(v, t), t.Unread})
	a.delivered(r.Context(), t)
}

func (a *adapter) begin(ctx context.Context, q sessionRequest) (string, channel.Visitor, error) {
	if q.Identity == "" {
		v, err := a.admit(ctx, q.Token)
		switch {
		case err == nil:
			return q.Token, v, nil
		case rapport.KindOf(err) != rapport.Unauthenticated:
			return "", v, err
		case a.required:
			return "", v, errAnonymous
		}
	}
	v := a.stranger()
	if q.Identity != "" {
		var err error
		if v, err = a.identify(q.Identity); err != nil {
			return "", v, err
		}
	}
	token := unguessable()
	v.TokenHash = fingerprint(token)
	v, err := a.setup.Visitors.Admit(ctx, v)
	return token, v, err
}

// answer writes JSON.
func (a *adapter) answer(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		a.fail(w, "write an answer", err)
		return
	}
	w.Header().Del("Content-Language")
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write(body)
}

// item is a message as its customer may see it.
type item struct {
	Seq            int                    `json:"seq"`
	ConversationID rapport.ConversationID `json:"conversation_id"`
	From           string                 `json:"from"` // me, agent or system
	Name           string                 `json:"name,omitempty"`
	Body           string                 `json:"body"`
	At             time.Time              `json:"at"`
	ClientID       string                 `json:"client_id,omitempty"`
	Delivery       rapport.Delivery       `json:"delivery,omitempty"`
	Buttons        []string               `json:"buttons,omitempty"` // answers to choose from
	Files          []fileShown            `json:"files,omitempty"`
	Location       *rapport.Location      `json:"location,omitempty"`
}

type conversation struct {
	ID           rapport.ConversationID `json:"id"`
	State        rapport.State          `json:"state"`
	AssigneeName string                 `json:"assignee_name,omitempty"`
	Waiting      *waiting               `json:"waiting,omitempty"`
	Survey       *survey                `json:"survey,omitempty"`
}

// waiting is the customer's place in the line.
type waiting struct {
	Position  int       `json:"position"`
	Estimate  *int      `json:"estimate_seconds"` // null: nobody can tell
	AgentName string    `json:"agent_name"`       // empty: anybody
	Anyone    bool      `json:"anyone"`           // the frame anyone is welcome
	OpensAt   time.Time `json:"opens_at,omitzero"`
}

// same tells whether the customer would see a difference. An estimate that has
// just grown shorter is none.
func (c *conversation) same(o *conversation) bool {
	if c == nil || o == nil {
		return c == o
	}
	a, b := *c, *o
	if (a.Survey == nil) != (b.Survey == nil) || a.Survey != nil && *a.Survey != *b.Survey {
		return false
	}
	a.Survey, b.Survey = nil, nil
	a.Waiting, b.Waiting = nil, nil
	if a != b || (c.Waiting == nil) != (o.Waiting == nil) {
		return false
	}
	if c.Waiting == nil {
		return true
	}
	v, w := *c.Waiting, *o.Waiting
	near := (v.Estimate == nil) == (w.Estimate == nil) && (v.Estimate == nil || abs(*v.Estimate-*w.Estimate) < 15)
	v.Estimate, w.Estimate = nil, nil
	return v == w && near
}

func abs(n int) int { return max(n, -n) }

type thread struct {
	Items        []item        `json:"items"`
	Conversation *conversation `json:"conversation"`
	Cursor       int64         `json:"cursor"`
}

func (a *adapter) shown(v channel.Visitor, t channel.Thread) thread {
	out := thread{Items: []item{}, Conversation: shownConversation(t.Conversation), Cursor: t.Cursor}
	for _, i := range t.Items {
		if i.Kind == rapport.ItemMessage {
			out.Items = append(out.Items, a.shownItem(v, i, t.Conversation))
		}
	}
	return out
}

func shownConversation(c *channel.Conversation) *conversation {
	if c == nil {
		return nil
	}
	out := &conversation{ID: c.ID, State: c.State}
	if c.Assignee != nil {
		out.AssigneeName = c.Assignee.Name
	}
	if v := c.Survey; v != nil {
		out.Survey = &survey{v.ID, v.Question, v.Scale, v.Comment, v.Thanks}
	}
	if w := c.Waiting; w != nil {
		out.Waiting = &waiting{Position: w.Position, AgentName: w.Agent, Anyone: w.Anyone, OpensAt: w.Opens}
		if w.Estimate > 0 {
			out.Waiting.Estimate = &w.Estimate
		}
	}
	return out
}

// buttons are the answers that a message offers. They are texts, in memory as
// well as read back from the database.
func buttons(data map[string]any) (texts []string) {
	switch list := data["buttons"].(type) {
	case []string:
		return list
	case []any:
		for _, one := range list {
			if text, ok := one.(string); ok {
				texts = append(texts, text)
			}
		}
	}
	return texts
}

func (a *adapter) shownItem(v channel.Visitor, i rapport.Item, c *channel.Conversation) item {
	out := item{Seq: i.Seq, ConversationID: i.ConversationID, Body: i.Body, At: i.At, Delivery: i.Delivery, Files: a.shownFiles(i.Files), Location: i.Location}
	switch i.By {
	case rapport.ByCustomer:
		out.From, out.Delivery = "me", rapport.Sent
		if c != nil && (c.ID != i.ConversationID || i.Seq <= c.AgentSeen) {
			out.Delivery = rapport.Seen
		}
		if id, own := strings.CutPrefix(i.ExternalID, v.Point.Address+"/"); own {
			out.ClientID = id
		}
	case rapport.ByAgent, rapport.ByBot:
		out.From, out.Name = "agent", i.AuthorName
		out.Buttons = buttons(i.Data)
	default:
		out.From = "system"
	}
	return out
}
