package web

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"rapport"
	"rapport/channel"
)

func TestSocket(t *testing.T) {
	t.Parallel()
	s, b := stage(t, nil)
	session := b.begin("")
	conn := dial(t, s.URL, b.token, session.Cursor)
	until(t, conn, "hello")

	// The first message makes the conversation while the socket is open.
	b.say("c1", "Hello")
	mine := until(t, conn, "items")
	if len(mine.Items) != 1 || mine.Items[0].ClientID != "c1" || mine.Conversation == nil || mine.Conversation.AssigneeName != "Ana Agent" {
		t.Fatalf("the visitor's own message came back as %+v", mine)
	}
	me := s.Host.Inbound()[0].Points[0]
	s.Host.AgentSees(me)
	if seen := until(t, conn, "items"); len(seen.Items) != 1 || seen.Items[0].Delivery != rapport.Seen {
		t.Errorf("after the agent looked: %+v; want the own message as seen", seen)
	}
	s.Host.Note(me, "a note between us")
	s.Host.Reply(me, "Good morning")
	theirs := until(t, conn, "items")
	if len(theirs.Items) != 1 || theirs.Items[0].From != "agent" || theirs.Items[0].Body != "Good morning" || theirs.Cursor <= mine.Cursor {
		t.Errorf("the answer came as %+v", theirs)
	}
	// S3-35: handing it over is "delivered", which comes back to the widget.
	if delivered := until(t, conn, "items"); delivered.Items[0].Delivery != rapport.Delivered {
		t.Errorf("after handing over: %+v; want delivered", delivered)
	}
	write(t, conn, map[string]any{"t": "seen", "seq": theirs.Items[0].Seq})
	if seen := until(t, conn, "items"); seen.Items[0].Delivery != rapport.Seen {
		t.Errorf("after looking: %+v; want seen", seen)
	}
	if again := b.begin(""); again.Unread != 0 {
		t.Errorf("%d are unread after looking", again.Unread)
	}
}

// Without loss or doubles: sockets break at any moment while agents write; the
// widget resumes from the last cursor that it saw, and has everything once.
func TestResume(t *testing.T) {
	t.Parallel()
	s, b := stage(t, nil)
	cursor := b.begin("").Cursor
	b.say("c1", "Hello")
	me := s.Host.Inbound()[0].Points[0]
	const answers = 300
	go func() {
		for n := range answers {
			s.Host.Reply(me, fmt.Sprint("answer ", n))
		}
	}()
	type version struct {
		seq      int
		delivery rapport.Delivery
	}
	got := map[version]bool{}
	bodies := map[int]string{}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for len(bodies) < answers+1 {
		conn := dial(t, s.URL, b.token, cursor)
		for frames := rand.IntN(4); frames >= 0 && len(bodies) < answers+1; {
			var f socketFrame
			if err := wsjson.Read(ctx, conn, &f); err != nil {
				t.Fatalf("with %d of %d: %v", len(bodies), answers+1, err)
			}
			if f.T != "items" {
				continue
			}
			frames--
			for _, i := range f.Items {
				v := version{i.Seq, i.Delivery}
				if got[v] {
					t.Fatalf("item %d came twice as %s", i.Seq, i.Delivery)
				}
				got[v] = true
				bodies[i.Seq] = i.Body
			}
			if f.Cursor < cursor {
				t.Fatalf("the cursor went back from %d to %d", cursor, f.Cursor)
			}
			cursor = f.Cursor
		}
		conn.CloseNow()
	}
	for n := range answers {
		if want := fmt.Sprint("answer ", n); bodies[n+2] != want {
			t.Errorf("item %d is %q; want %q", n+2, bodies[n+2], want)
		}
	}
}

// busy is a host where something happens each time just before the log is read:
// the bell has rung then for what the reading brings already.
type busy struct {
	channel.Visitors
	happens func()
}

func (b busy) After(ctx context.Context, v channel.Visitor, cursor int64) (channel.Thread, error) {
	b.happens()
	return b.Visitors.After(ctx, v, cursor)
}

func TestNothingComesTwice(t *testing.T) {
	t.Parallel()
	s, _ := stage(t, nil)
	var me rapport.Point
	const messages = 6
	n := 1
	b := before(t, s, busy{s.Host, func() { // the visitor writes in another window
		if n < messages {
			n++
			_, err := s.Host.Receive(t.Context(), channel.Inbound{ExternalID: fmt.Sprint("m", n), Points: []rapport.Point{me}, Body: "more"})
			if err != nil {
				t.Error(err)
			}
		}
	}}, nil)
	server := httptest.NewServer(b.serve)
	defer server.Close()
	cursor := b.begin("").Cursor
	b.say("c1", "Hello")
	me = s.Host.Inbound()[0].Points[0]
	conn := dial(t, server.URL, b.token, cursor)
	times := map[int]int{}
	for len(times) < messages {
		for _, i := range until(t, conn, "items").Items {
			times[i.Seq]++
		}
	}
	for seq, n := range times {
		if n != 1 {
			t.Errorf("item %d came %d times", seq, n)
		}
	}
}

// A cursor that the log does not reach back to is answered with reset.
func TestReset(t *testing.T) {
	t.Parallel()
	s, b := stage(t, nil)
	b.begin("")
	b.say("c1", "Hello")
	s.Host.Forget()
	conn := dial(t, s.URL, b.token, 0)
	until(t, conn, "reset")
	if code := ending(t, conn); code != websocket.StatusNormalClosure {
		t.Errorf("after reset the socket ends with %d", code)
	}
	if again := b.begin(""); len(again.Items) != 1 {
		t.Errorf("the new session has %d items; want all", len(again.Items))
	}
}

func TestSocketRefuses(t *testing.T) {
	t.Parallel()
	s, b := stage(t, nil)
	b.begin("")
	for name, frames := range map[string][]any{
		"no auth first":    {map[string]any{"t": "ping"}},
		"an unknown frame": {map[string]any{"t": "auth", "token": b.token}, map[string]any{"t": "shout"}},
		"not an object":    {map[string]any{"t": "auth", "token": b.token}, "typing"},
		"a bad cursor":     {map[string]any{"t": "auth", "token": b.token, "cursor": "x"}},
	} {
		conn, _, err := websocket.Dial(t.Context(), s.URL+"/socket", nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range frames {
			write(t, conn, f)
		}
		if code := ending(t, conn); code != websocket.StatusPolicyViolation {
			t.Errorf("%s: the socket ends with %d; want %d", name, code, websocket.StatusPolicyViolation)
		}
		conn.CloseNow()
	}

	flood := dial(t, s.URL, b.token, 0)
	go func() {
		for wsjson.Write(t.Context(), flood, map[string]any{"t": "ping"}) == nil {
		}
	}()
	if code := ending(t, flood); code != websocket.StatusPolicyViolation && code != -1 {
		t.Errorf("a flood ends with %d", code)
	}
	big := dial(t, s.URL, b.token, 0)
	write(t, big, map[string]any{"t": "typing", "x": strings.Repeat("x", maxFrame)})
	if code := ending(t, big); code != websocket.StatusMessageTooBig {
		t.Errorf("a long frame ends the socket with %d; want %d", code, websocket.StatusMessageTooBig)
	}
}

// A browser that does not read is dropped and costs nothing afterwards.
func TestSlowSocketIsDropped(t *testing.T) {
	t.Parallel()
	s, b := stage(t, nil)
	a := s.Adapter.(*adapter)
	a.patience = 200 * time.Millisecond
	cursor := b.begin("").Cursor
	b.say("c1", "Hello")
	me := s.Host.Inbound()[0].Points[0]
	text := strings.Repeat("x", 5000)
	for range 4000 { // more than the buffers of a connection hold
		s.Host.Reply(me, text)
	}
	dial(t, s.URL, b.token, cursor)
	gone := make(chan struct{})
	go func() {
		a.sockets.running.Wait()
		close(gone)
	}()
	select {
	case <-gone:
	case <-time.After(20 * time.Second):
		t.Fatal("the socket is still open")
	}
	if n := s.Host.Watched(); n != 0 {
		t.Errorf("%d watches are left", n)
	}
}

// Closing an inbox ends its sockets, so that changed options hold at once.
func TestClose(t *testing.T) {
	t.Parallel()
	s, b := stage(t, nil)
	b.begin("")
	conn := dial(t, s.URL, b.token, 0)
	until(t, conn, "hello")
	closed := make(chan error, 1)
	go func() { closed <- s.Adapter.Close() }()
	if code := ending(t, conn); code != websocket.StatusGoingAway {
		t.Errorf("the socket ends with %d; want %d", code, websocket.StatusGoingAway)
	}
	if err := <-closed; err != nil {
		t.Fatal(err)
	}
	if s.Host.Watched() != 0 {
		t.Error("a watch is left")
	}
	if status, _ := b.ask("GET", "/socket", ""); status/100 == 2 {
		t.Errorf("a closed inbox opens a socket: %d", status)
	}
}

func TestSocketsOfOneAddressAreCounted(t *testing.T) {
	t.Parallel()
	s, b := stage(t, nil)
	b.begin("")
	a := s.Adapter.(*adapter)
	conn := dial(t, s.URL, b.token, 0)
	until(t, conn, "hello")
	for addr := range a.sockets.from {
		for a.sockets.enter(addr) {
			defer a.sockets.leave(addr)
		}
	}
	_, answer, err := websocket.Dial(t.Context(), s.URL+"/socket", nil)
	if err == nil || answer.StatusCode != 429 {
		t.Errorf("one socket too many: %v", err)
	}
}

// Foreign frames never panic, and a cursor is never negative.
func FuzzFrame(f *testing.F) {
	f.Add([]byte(`{"t":"auth","token":"x","cursor":7}`))
	f.Add([]byte(`{"t":"auth","cursor":"9223372036854775807"}`))
	f.Add([]byte(`{"t":"seen","seq":-1}`))
	f.Add([]byte(`{"cursor":"\u0031"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := parseFrame(websocket.MessageText, text)
		if err == nil && got.Cursor < 0 || err != nil && got != (frame{}) {
			t.Fatalf("%q is %+v, %v", text, got, err)
		}
	})
}

// Foreign messages never panic; what is accepted is fit to be stored.
func FuzzMessage(f *testing.F) {
	f.Add("Hello", "c1")
	f.Add("\x00\xff", "a/b")
	values, err := info.Decode(options(nil)(""))
	if err != nil {
		f.Fatal(err)
	}
	a := &adapter{setup: channel.Setup{Contents: info.Caps.Contents, Values: values}}
	f.Fuzz(func(t *testing.T, body, id string) {
		q := messageRequest{Body: body, ClientID: id}
		if a.check(&q) == nil && (q.Body == "" || len(q.Body) > rapport.MaxBody || strings.Contains(q.ClientID, "/") || strings.Contains(q.Body, "\x00")) {
			t.Fatalf("accepted %+v", q)
		}
	})
}

// Holds: while the customer waits, the socket tells their place in the line also
// when only others moved, and takes the wish for anyone.
func TestSocketTellsThePlaceInLine(t *testing.T) {
	t.Parallel()
	s, b := stage(t, nil)
	a := b.serve.(*adapter)
	a.lineEvery = 20 * time.Millisecond
	session := b.begin("")
	b.say("c1", "Hello")
	me := s.Host.Inbound()[0].Points[0]
	s.Host.Wait(me, &channel.Waiting{Position: 3, Estimate: 120, Agent: "Ana Agent", Anyone: true})
	conn := dial(t, s.URL, b.token, session.Cursor)
	waits := until(t, conn, "items").Conversation
	if waits == nil || waits.Waiting == nil || waits.AssigneeName != "" {
		t.Fatalf("the conversation is %+v", waits)
	}
	if w := waits.Waiting; w.Position != 3 || w.Estimate == nil || *w.Estimate != 120 || w.AgentName != "Ana Agent" || !w.Anyone {
		t.Errorf("the place in the line is %+v", w)
	}
	write(t, conn, map[string]any{"t": "anyone"})
	s.Host.Wait(me, &channel.Waiting{Position: 2})
	moved := until(t, conn, "items").Conversation
	if w := moved.Waiting; w == nil || w.Position != 2 || w.Estimate != nil || w.Anyone {
		t.Errorf("after others left: %+v", w)
	}
	anyone := false
	for _, action := range s.Host.Actions() {
		anyone = anyone || action.Anyone
	}
	if !anyone {
		t.Error("the wish for anyone did not arrive")
	}
}
