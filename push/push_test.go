package push_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/coder/websocket"
	"go.uber.org/goleak"

	"rapport"
	"rapport/push"
	"rapport/rapporttest"
	"rapport/store"
)

func TestMain(m *testing.M) {
	// The test server of PostgreSQL lives as long as the process.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("rapport/rapporttest/pg.(*Server).start.func1"))
}

// patience bounds every wait; what it waits for comes at once.
const patience = 20 * time.Second

// edge is a hub behind HTTP, for the agents of a world.
type edge struct {
	*push.Hub
	t     testing.TB
	world *rapporttest.World
	url   string
	check func(context.Context, bool) error
	stop  context.CancelFunc // ends the hub
	ended chan struct{}
}

func start(t testing.TB, w *rapporttest.World, c push.Config) *edge {
	t.Helper()
	c.Log = rapporttest.Log(t)
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	e := &edge{Hub: push.New(w.DB, c), t: t, world: w, stop: stop, ended: make(chan struct{})}
	go func() {
		defer close(e.ended)
		if err := e.Run(ctx); err != nil {
			t.Errorf("the hub ended with %v", err)
		}
	}()
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		e.Serve(rw, r, push.Session{Actor: w.Actor(r.URL.Query().Get("agent")), Check: e.check})
	}))
	e.url = server.URL
	t.Cleanup(func() {
		stop()
		<-e.ended
		server.Close()
	})
	return e
}

// frame is anything a desk hears.
type frame struct {
	T              string                 `json:"t"`
	Seq            int64                  `json:"seq"`
	Event          rapport.Event          `json:"event"`
	ConversationID rapport.ConversationID `json:"conversation_id"`
	By             rapport.PartyKind      `json:"by"`
	Name           string                 `json:"name"`
	On             bool                   `json:"on"`
	Reason         string                 `json:"reason"`
}

// desk is an agent's end of a socket.
type desk struct {
	t    testing.TB
	conn *websocket.Conn
}

// dial connects without resuming.
func (e *edge) dial(agent string) *desk {
	e.t.Helper()
	ctx, cancel := context.WithTimeout(e.t.Context(), patience)
	defer cancel()
	for {
		conn, res, err := websocket.Dial(ctx, e.url+"/?agent="+agent, nil)
		if err == nil {
			conn.SetReadLimit(1 << 20)
			d := &desk{e.t, conn}
			e.t.Cleanup(func() { conn.CloseNow() }) //nolint:errcheck // most are closed by then
			return d
		}
		if res == nil || res.StatusCode != http.StatusServiceUnavailable { // still starting
			e.t.Fatal(err)
		}
	}
}

// connect resumes from the present and waits until the desk is live.
func (e *edge) connect(agent string) *desk {
	e.t.Helper()
	d := e.dial(agent)
	d.say(map[string]any{"t": "resume", "seq": 0})
	d.expect("hello")
	return d
}

func (d *desk) say(v any) {
	d.t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		d.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(d.t.Context(), patience)
	defer cancel()
	if err := d.conn.Write(ctx, websocket.MessageText, text); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) read() (f frame, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(d.t.Context()), patience)
	defer cancel()
	_, text, err := d.conn.Read(ctx)
	if err == nil {
		err = json.Unmarshal(text, &f)
	}
	return f, err
}

// next is the next frame about anything but colleagues.
func (d *desk) next() frame {
	d.t.Helper()
	for {
		f, err := d.read()
		if err != nil {
			d.t.Fatalf("waiting for a frame: %v", err)
		}
		if f.T != "event" || f.Event.ConversationID != "" || f.Event.ContactID != "" {
			return f
		}
	}
}

func (d *desk) expect(kind string) frame {
	d.t.Helper()
	f := d.next()
	if f.T != kind {
		d.t.Fatalf("got %+v, want a frame %q", f, kind)
	}
	return f
}

// closed waits for the end of the socket and returns its code.
func (d *desk) closed() websocket.StatusCode {
	d.t.Helper()
	for {
		if _, err := d.read(); err != nil {
			return websocket.CloseStatus(err)
		}
	}
}

// Invariant 7: an agent outside the queue hears nothing of a conversation, a
// supervisor everything, and a member what happens in their queue.
func TestOnlyWhoMaySee(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	w.Queue("sales", "ana")
	w.Queue("support", "ben")
	w.Inbox("shop", "sales")
	w.Inbox("help", "support")
	w.Agent("sue", rapporttest.As(rapport.RoleSupervisor))
	e := start(t, w, push.Config{})
	ana, ben, sue := e.connect("ana"), e.connect("ben"), e.connect("sue")

	sold := w.Write("maria", "How much?", w.In("shop")).Conversation.ID
	if f := ana.expect("event"); f.Event.ConversationID != sold {
		t.Errorf("ana heard of %s, want %s", f.Event.ConversationID, sold)
	}
	helped := w.Write("noor", "It is broken", w.In("help")).Conversation.ID
	// Had ben been told of the first one, it would come before his own.
	if f := ben.expect("event"); f.Event.ConversationID != helped {
		t.Errorf("ben heard of %s, want %s only", f.Event.ConversationID, helped)
	}
	for _, want := range []rapport.ConversationID{sold, helped} {
		if f := sue.expect("event"); f.Event.ConversationID != want {
			t.Errorf("sue heard of %s, want %s", f.Event.ConversationID, want)
		}
	}

	// C16: it moves to support; ana hears that it is gone and no more of it.
	w.TransferToQueue("ana", "maria", "support")
	if f := ben.expect("event"); f.Event.ConversationID != sold {
		t.Errorf("ben heard of %s, want the transferred %s", f.Event.ConversationID, sold)
	}
	if f := ana.expect("gone"); f.ConversationID != sold {
		t.Errorf("%s is gone for ana, want %s", f.ConversationID, sold)
	}
	w.Reply("ben", "maria", "Let me see.")
	own := w.Write("omar", "And this?", w.In("shop")).Conversation.ID
	if f := ana.expect("event"); f.Event.ConversationID != own {
		t.Errorf("ana heard of %s, want only %s", f.Event.ConversationID, own)
	}
}

// What is missed while away comes from the log, through the same eyes.
func TestResumeFiltersTheLog(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	w.Queue("sales", "ana")
	w.Queue("support", "ben")
	w.Inbox("shop", "sales")
	w.Inbox("help", "support")
	e := start(t, w, push.Config{})
	seq := e.connect("ana").position(e)

	sold := w.Write("maria", "How much?", w.In("shop")).Conversation.ID
	w.Write("noor", "It is broken", w.In("help"))
	w.TransferToQueue("ana", "maria", "support")

	ana := e.dial("ana")
	ana.say(map[string]any{"t": "resume", "seq": seq})
	if f := ana.expect("event"); f.Event.ConversationID != sold {
		t.Errorf("first came %+v, want the news of %s", f, sold)
	}
	if f := ana.expect("gone"); f.ConversationID != sold {
		t.Errorf("then came %+v, want that %s is gone", f, sold)
	}
	ana.expect("hello")
}

// position asks for the desk's place in the log by resuming from the present.
func (d *desk) position(e *edge) int64 {
	d.t.Helper()
	d.say(map[string]any{"t": "resume", "seq": 0})
	return d.expect("hello").Seq
}

// Who resumes hears of customers what they would have heard live.
func TestResumeTellsOfCustomers(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	w.Queue("support", "ana", "ben")
	w.Queue("billing", "cyd")
	w.Inbox("web", "support")
	w.Write("mia", "Hello")
	e := start(t, w, push.Config{})
	w.Agent("sue", rapporttest.As(rapport.RoleSupervisor))
	sue := e.connect("sue")
	from := sue.position(e)
	contact := rapport.Contact{ID: w.Of("mia").ContactID, Name: "Mia Wallace"}
	w.Update(func(tx *store.Tx) error {
		return tx.Append(rapport.Event{Kind: "contact.changed", ContactID: contact.ID}, rapport.Change{Contact: &contact})
	})
	if f := sue.next(); f.Event.Kind != "contact.changed" { // the hub has handed it out
		t.Fatalf("the supervisor got %s %s", f.T, f.Event.Kind)
	}
	for agent, hears := range map[string]bool{"ana": true, "ben": true, "cyd": false} {
		d := e.dial(agent)
		d.say(map[string]any{"t": "resume", "seq": from})
		f := d.next()
		if heard := f.T == "event" && f.Event.Kind == "contact.changed"; heard != hears || !heard && f.T != "hello" {
			t.Errorf("%s got %s %s", agent, f.T, f.Event.Kind)
		}
	}
}

// Invariant 7: while a change of what an agent may see is handed out, a desk
// whose scope was read before it does not go live.
func TestNoDeskGoesLiveWithAnOldScope(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	ana := w.Agent("ana")
	h := push.New(w.DB, push.Config{})
	if h.EnterDuring(t.Context(), rapport.Event{Seq: 1000, Kind: "member.changed", AgentID: ana.ID}) {
		t.Error("it went live with what it might see before")
	}
}

// A position that the log cannot serve makes the desk start over.
func TestResumeBeyondTheLog(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	w.Agent("ana")
	d := start(t, w, push.Config{}).dial("ana")
	d.say(map[string]any{"t": "resume", "seq": 1_000_000})
	if f := d.expect("reset"); f.Reason == "" {
		t.Error("the reset gives no reason")
	}
	d.say(map[string]any{"t": "resume", "seq": 0})
	d.expect("hello")
}

// Topics follow memberships and roles while the socket stays open.
func TestScopeChangesLive(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	w.Queue("sales", "ana")
	w.Queue("support", "ben")
	w.Inbox("help", "support")
	e := start(t, w, push.Config{})
	ana := e.connect("ana")

	w.Queue("support", "ana")
	ana.expect("reset")
	seq := ana.position(e)
	w.Write("noor", "It is broken")
	ana.expect("event")

	w.Leave("support", "ana")
	for ana.next().T != "reset" { // what she held there may have moved first
	}
	ana.position(e)
	w.Write("omar", "Mine too")
	w.Agent("ana", rapporttest.As(rapport.RoleSupervisor))
	ana.expect("reset") // and nothing of omar before
	ana.position(e)
	w.Write("pia", "And mine")
	ana.expect("event")

	// Somebody who was away during the change starts over, too.
	late := e.dial("ana")
	late.say(map[string]any{"t": "resume", "seq": seq})
	for late.next().T != "reset" { // what came before the change is still true
	}
}

// An agent who is switched off, and one whose session ended, are shown the door.
func TestSessionEnds(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	w.Agent("ana")
	w.Agent("ben")
	e := start(t, w, push.Config{})
	ana := e.connect("ana")
	w.Agent("ana", rapporttest.Enabled(false))
	if code := ana.closed(); code != push.CloseSession {
		t.Errorf("a disabled agent's socket closed with %d, want %d", code, push.CloseSession)
	}
	e.check = func(context.Context, bool) error {
		return rapport.Errorf(rapport.Unauthenticated, "not_signed_in", "Sign in again.")
	}
	ben, other := e.connect("ben"), e.connect("ben")
	ben.say(map[string]any{"t": "ping", "active": true})
	if code := ben.closed(); code != push.CloseSession {
		t.Errorf("the socket of an ended session closed with %d, want %d", code, push.CloseSession)
	}
	w.SignOut("ben")
	if code := other.closed(); code != push.CloseSession {
		t.Errorf("after signing out elsewhere the socket closed with %d, want %d", code, push.CloseSession)
	}
}

// A failing database is no reason to sign people out.
func TestPing(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	w.Agent("ana")
	e := start(t, w, push.Config{})
	e.check = func(context.Context, bool) error { return errors.New("no database") }
	d := e.connect("ana")
	d.say(map[string]any{"t": "ping", "active": true})
	d.expect("pong")
}

// Ending the hub tells clients to come back (RFC 6455 §7.4.2: 1012).
func TestStop(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	w.Agent("ana")
	e := start(t, w, push.Config{})
	d := e.connect("ana")
	e.stop()
	if code := d.closed(); code != websocket.StatusServiceRestart {
		t.Errorf("closed with %d, want %d", code, websocket.StatusServiceRestart)
	}
	<-e.ended
	if s := e.Stats(); s.Desks != 0 || s.Agents != 0 {
		t.Errorf("%+v are left", s)
	}
}

// The first desk of an agent is their arrival; later ones are not, and the
// beat names everybody once (S3-15).
func TestPresence(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	ana := w.Agent("ana").ID
	arrivals, heard := make(chan rapport.AgentID, 10), make(chan []rapport.AgentID, 1)
	e := start(t, w, push.Config{
		Beat:    time.Millisecond,
		Arrived: func(_ context.Context, id rapport.AgentID) error { arrivals <- id; return nil },
		Heard: func(_ context.Context, ids []rapport.AgentID) error {
			select {
			case heard <- ids:
			default:
			}
			return nil
		},
	})
	first := e.connect("ana")
	if id := <-arrivals; id != ana {
		t.Errorf("%s arrived, want ana", id)
	}
	second := e.connect("ana")
	if ids := <-heard; len(ids) != 1 || ids[0] != ana {
		t.Errorf("heard of %v, want ana once", ids)
	}
	for _, d := range []*desk{first, second} {
		if err := d.conn.Close(websocket.StatusNormalClosure, ""); err != nil {
			t.Fatal(err)
		}
	}
	for e.Stats().Desks > 0 { // until the hub noticed
		<-time.After(time.Millisecond)
	}
	e.connect("ana")
	if id := <-arrivals; id != ana || len(arrivals) != 0 {
		t.Errorf("after leaving, %s arrived (and %d more), want ana once", id, len(arrivals))
	}
}

// Typing reaches those who may see the conversation, both ways, and the
// database hears nothing of it.
func TestTyping(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	w.Queue("support", "ana", "ben")
	w.Queue("sales", "cem")
	w.Inbox("help", "support")
	e := start(t, w, push.Config{})
	ana, ben, cem := e.connect("ana"), e.connect("ben"), e.connect("cem")
	s := w.Write("maria", "Hello?").Conversation
	ana.expect("event")
	ben.expect("event")
	holder, other := ana, ben
	if s.AssigneeName == "ben" {
		holder, other = ben, ana
	}
	typing := make(chan string, 10)
	cancel := e.Watch(s.ContactID, func(name string, on bool) { typing <- fmt.Sprint(name, on) })
	defer cancel()
	before := w.DB.Stats().Updates

	holder.say(map[string]any{"t": "typing", "conversation_id": s.ID, "on": true})
	if f := other.expect("typing"); f.By != rapport.ByAgent || f.Name != s.AssigneeName || !f.On {
		t.Errorf("the colleague saw %+v", f)
	}
	if v := <-typing; v != s.AssigneeName+"true" {
		t.Errorf("the customer saw %s", v)
	}
	// Of a colleague who does not have it the customer sees nothing.
	other.say(map[string]any{"t": "typing", "conversation_id": s.ID, "on": true})
	if f := holder.expect("typing"); f.Name == s.AssigneeName {
		t.Errorf("the holder saw %+v", f)
	}
	// Nor can somebody outside type into it.
	cem.say(map[string]any{"t": "typing", "conversation_id": s.ID, "on": true})
	if err := e.CustomerTypes(t.Context(), s.ID, true); err != nil {
		t.Fatal(err)
	}
	for _, d := range []*desk{holder, other} {
		if f := d.expect("typing"); f.By != rapport.ByCustomer || f.Name != "maria" {
			t.Errorf("an agent saw %+v, want maria typing", f)
		}
	}
	if len(typing) != 0 {
		t.Errorf("the customer saw %s as well", <-typing)
	}
	if after := w.DB.Stats().Updates; after != before {
		t.Errorf("typing wrote %d times", after-before)
	}
}
