package push_test

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"rapport"
	"rapport/push"
	"rapport/rapporttest"
	"rapport/store"
)

// office is a hub with a clock of its own, whose sockets are pipes.
type office struct {
	*push.Hub
	t     *testing.T
	world *rapporttest.World
	start time.Time
	doors pipes
	stop  func() // ends the hub and waits for it
}

// inOffice runs a test with ana, ben and dan, who serve the queue sales, and
// cyd, who serves support.
func inOffice(t *testing.T, test func(*testing.T, *office)) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
		w.Queue("sales", "ana", "ben", "dan")
		w.Queue("support", "cyd")
		w.Inbox("shop", "sales")
		test(t, openOffice(t, w))
	})
}

func openOffice(t *testing.T, w *rapporttest.World) *office {
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	o := &office{Hub: push.New(w.DB, push.Config{Log: rapporttest.Log(t)}), t: t, world: w, start: time.Now(), doors: pipes{make(chan net.Conn), make(chan struct{})}}
	server := &http.Server{Handler: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		o.Serve(rw, r, push.Session{Actor: w.Actor(r.URL.Query().Get("agent"))})
	})}
	var running sync.WaitGroup
	running.Go(func() {
		if err := o.Run(ctx); err != nil {
			t.Errorf("the hub ended with %v", err)
		}
	})
	serving := make(chan error)
	go func() { serving <- server.Serve(o.doors) }()
	o.stop = func() { stop(); running.Wait() }
	t.Cleanup(func() {
		o.stop()
		server.Close() //nolint:errcheck // its listener does not fail
		<-serving
	})
	synctest.Wait()
	return o
}

// pipes listens for one end of each.
type pipes struct {
	dialled chan net.Conn
	closed  chan struct{}
}

func (p pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.dialled:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}
func (p pipes) Close() error   { close(p.closed); return nil }
func (p pipes) Addr() net.Addr { return &net.IPAddr{} }

// line is the socket of an agent who reads all that comes. It notes what the
// server writes, and when, one entry for each call of Write.
type line struct {
	net.Conn // the server's end
	o        *office
	client   net.Conn

	mu     sync.Mutex
	writes []string
}

// dial connects without resuming.
func (o *office) dial(agent string) *line {
	client, server := net.Pipe()
	l := &line{Conn: server, o: o, client: client}
	o.t.Cleanup(func() { client.Close() }) //nolint:errcheck // a pipe
	o.doors.dialled <- l
	fmt.Fprintf(client, "GET /?agent=%s HTTP/1.1\r\nHost: office\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", agent)
	r := bufio.NewReader(client)
	if res, err := http.ReadResponse(r, nil); err != nil || res.StatusCode != http.StatusSwitchingProtocols {
		o.t.Fatalf("%v %v", res, err)
	}
	go io.Copy(io.Discard, r) //nolint:errcheck // until it is closed
	return l
}

// connect is live from the present.
func (o *office) connect(agent string) *line {
	o.t.Helper()
	l := o.dial(agent)
	l.say(`{"t":"resume","seq":0}`)
	l.wrote("hello")
	return l
}

func (l *line) say(text string) {
	l.o.t.Helper()
	frame := []byte{0x81, 0x80 | byte(len(text)), 0, 0, 0, 0} // masked with zeroes
	if _, err := l.client.Write(append(frame, text...)); err != nil {
		l.o.t.Fatal(err)
	}
	synctest.Wait()
}

// Write implements net.Conn.
func (l *line) Write(p []byte) (int, error) {
	if names := l.names(p); len(names) > 0 {
		at := ""
		if d := time.Since(l.o.start); d > 0 {
			at = d.String() + " "
		}
		l.mu.Lock()
		l.writes = append(l.writes, at+strings.Join(names, " "))
		l.mu.Unlock()
	}
	return l.Conn.Write(p)
}

// names are those of the frames in a write: the kind of an event, the t of
// another frame, the code of a close.
func (l *line) names(p []byte) (names []string) {
	for len(p) > 0 && p[0]&0x80 != 0 { // the answer to the upgrade has no frames
		size, rest := int(p[1]), p[2:]
		if size == 126 {
			size, rest = int(binary.BigEndian.Uint16(rest)), rest[2:]
		}
		if p[0] == 0x88 {
			return append(names, fmt.Sprint(binary.BigEndian.Uint16(rest)))
		}
		var f frame
		if err := json.Unmarshal(rest[:size], &f); err != nil {
			l.o.t.Errorf("the server wrote half a frame: %v", err)
			return names
		}
		name := f.T
		if f.T == "event" {
			name = f.Event.Kind
		}
		names, p = append(names, name), rest[size:]
	}
	return names
}

// wrote compares what was written since it was last asked, each with its time
// unless that is the beginning.
func (l *line) wrote(want ...string) {
	l.o.t.Helper()
	synctest.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	if !slices.Equal(l.writes, want) {
		l.o.t.Errorf("the server wrote\n%q, want\n%q", l.writes, want)
	}
	l.writes = nil
}

// at sleeps until a time since the beginning.
func (o *office) at(d time.Duration) {
	time.Sleep(time.Until(o.start.Add(d)))
	synctest.Wait()
}

// happens appends an event. Of those of kind "settings.…" everybody hears, and
// nobody waits for them.
func (o *office) happens(e rapport.Event) int64 {
	o.t.Helper()
	var seq int64
	o.world.Update(func(tx *store.Tx) error { return tx.Append(e, rapport.Change{}) })
	o.world.View(func(tx *store.Tx) (err error) {
		seq, _, err = tx.Head()
		return err
	})
	synctest.Wait()
	return seq
}

const millisecond = time.Millisecond

// What comes alone is written at once to everybody, and so is the next one
// after a pause in which nothing came.
func TestLoneEventIsWrittenAtOnce(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		ana, ben := o.connect("ana"), o.connect("ben")
		o.happens(rapport.Event{Kind: "settings.a"})
		o.at(600 * millisecond)
		o.happens(rapport.Event{Kind: "settings.b"})
		ana.wrote("settings.a", "600ms settings.b")
		ben.wrote("settings.a", "600ms settings.b")
	})
}

// While more comes a desk is written to once in each pause, with all that came
// in it, in order.
func TestCalmEventsAreWrittenTogether(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		ana := o.connect("ana")
		for n := range 12 {
			o.happens(rapport.Event{Kind: fmt.Sprintf("settings.%d", n)})
			o.at(time.Duration(n)*100*millisecond + 50*millisecond)
		}
		o.at(5 * time.Second)
		ana.wrote(
			"settings.0",
			"500ms settings.1 settings.2 settings.3 settings.4 settings.5",
			"1s settings.6 settings.7 settings.8 settings.9 settings.10",
			"1.5s settings.11",
		)
	})
}

// What concerns a desk at once is written at once, after what was held back;
// for a colleague who may see the same it is calm.
func TestConcernedDesksAreWrittenToAtOnce(t *testing.T) {
	t.Parallel()
	for name, event := range map[string]func(o *office) rapport.Event{
		"who holds it": func(o *office) rapport.Event {
			return rapport.Event{Kind: "message.x", ConversationID: "c1", QueueID: o.world.Queue("sales").ID, AgentID: o.world.Actor("ana").AgentID}
		},
		"who held it": func(o *office) rapport.Event {
			return rapport.Event{Kind: "message.x", ConversationID: "c1", QueueID: o.world.Queue("sales").ID, FromAgent: o.world.Actor("ana").AgentID}
		},
		"who has it open": func(o *office) rapport.Event {
			return rapport.Event{Kind: "message.x", ConversationID: o.world.Of("noor").ID, QueueID: o.world.Queue("sales").ID, AgentID: o.world.Actor("dan").AgentID}
		},
		"whom it is about": func(o *office) rapport.Event {
			return rapport.Event{Kind: "agent.x", AgentID: o.world.Actor("ana").AgentID}
		},
		"who holds a conversation of the customer": func(o *office) rapport.Event {
			return rapport.Event{Kind: "contact.x", ContactID: o.world.Of("mia").ContactID}
		},
		"who has a conversation of the customer open": func(o *office) rapport.Event {
			return rapport.Event{Kind: "contact.x", ContactID: o.world.Of("noor").ContactID}
		},
	} {
		t.Run(name, func(t *testing.T) {
			inOffice(t, func(t *testing.T, o *office) {
				w := o.world
				for customer, holder := range map[string]string{"mia": "ana", "noor": "dan"} {
					w.Write(customer, "Hello", w.In("shop"))
					if w.Holder(customer) != holder {
						w.Transfer(w.Holder(customer), customer, holder, true)
					}
				}
				ana, ben := o.connect("ana"), o.connect("ben")
				ana.say(fmt.Sprintf(`{"t":"viewing","conversation_id":%q}`, w.Of("noor").ID))
				o.happens(rapport.Event{Kind: "settings.a"})
				o.at(100 * millisecond)
				o.happens(rapport.Event{Kind: "settings.b"})
				o.at(200 * millisecond)
				e := event(o)
				o.happens(e)
				o.at(300 * millisecond)
				o.happens(rapport.Event{Kind: "settings.c"})
				o.at(5 * time.Second)
				ana.wrote("settings.a", "200ms settings.b "+e.Kind, "500ms settings.c")
				ben.wrote("viewing", "500ms settings.a settings.b "+e.Kind+" settings.c")
			})
		})
	}
}

// The members of a queue hear at once that it is asked to take over, but what
// is said while it is asked can wait.
func TestAskedQueueIsWrittenToAtOnce(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		ben, cyd := o.connect("ben"), o.connect("cyd")
		e := rapport.Event{ConversationID: "c1", QueueID: o.world.Queue("sales").ID, AgentID: o.world.Actor("ana").AgentID, ToQueue: o.world.Queue("support").ID}
		for _, kind := range []string{"message.a", "message.b", "conversation.transferred", "message.c"} {
			e.Kind = kind
			o.happens(e)
		}
		o.at(time.Second)
		cyd.wrote("message.a", "message.b conversation.transferred", "500ms message.c")
		ben.wrote("message.a", "500ms message.b conversation.transferred message.c")
	})
}

// Typing concerns who holds the conversation and those who have it open, as
// long as they do.
func TestTypingIsCalmForOnlookers(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		w := o.world
		w.Agent("sue", rapporttest.As(rapport.RoleSupervisor))
		mia := w.Write("mia", "Hello", w.In("shop")).Conversation
		holder, onlooker := o.connect(mia.AssigneeName), o.connect(map[string]string{"ana": "ben", "ben": "dan", "dan": "ana"}[mia.AssigneeName])
		sue := o.connect("sue")
		sue.say(fmt.Sprintf(`{"t":"viewing","conversation_id":%q}`, mia.ID))
		typeTwice := func() {
			for range 2 {
				if err := o.CustomerTypes(t.Context(), mia.ID, true); err != nil {
					t.Fatal(err)
				}
				synctest.Wait()
			}
		}
		typeTwice()
		sue.say(`{"t":"viewing","conversation_id":""}`) // she closes it
		typeTwice()
		o.at(time.Second)
		holder.wrote("viewing", "typing", "typing", "viewing", "typing", "typing")
		sue.wrote("typing", "typing", "typing", "500ms typing") // the third one begins her pause
		onlooker.wrote("viewing", "500ms typing typing viewing typing typing")
	})
}

// A frame that answers the desk itself comes after what was held back.
func TestPongKeepsTheOrder(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		ana := o.connect("ana")
		o.happens(rapport.Event{Kind: "settings.a"})
		o.happens(rapport.Event{Kind: "settings.b"})
		ana.say(`{"t":"ping","active":true}`)
		ana.wrote("settings.a", "settings.b pong")
	})
}

// Who resumes while something is held back gets it from the log, once.
func TestResumeDoesNotRepeatWhatIsHeld(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		ana := o.connect("ana")
		seen := o.happens(rapport.Event{Kind: "settings.a"})
		o.happens(rapport.Event{Kind: "settings.b"})
		ana.say(fmt.Sprintf(`{"t":"resume","seq":%d}`, seen))
		o.happens(rapport.Event{Kind: "settings.c"})
		o.at(time.Second)
		ana.wrote("settings.a", "settings.b", "hello", "500ms settings.c")
	})
}

// What is held back when the server stops is not lost: it is there when the
// desk resumes.
func TestNothingHeldIsLostAtARestart(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		ana := o.connect("ana")
		seen := o.happens(rapport.Event{Kind: "settings.a"})
		o.happens(rapport.Event{Kind: "settings.b"})
		o.stop()
		ana.wrote("settings.a", "1012")
		next := openOffice(t, o.world)
		ana = next.dial("ana")
		ana.say(fmt.Sprintf(`{"t":"resume","seq":%d}`, seen))
		ana.wrote("settings.b", "hello")
	})
}

// A desk that leaves with something held back leaves nothing behind, and a hub
// in which nobody pauses has no goroutine for it.
func TestClosedDeskIsForgotten(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		ana, ben := o.connect("ana"), o.connect("ben")
		if o.Pausing() {
			t.Error("something waits although nothing happened")
		}
		o.happens(rapport.Event{Kind: "settings.a"})
		o.happens(rapport.Event{Kind: "settings.b"})
		ana.client.Close() //nolint:errcheck // a pipe
		o.at(500 * millisecond)
		ana.wrote("settings.a")
		ben.wrote("settings.a", "500ms settings.b")
		if !o.Pausing() {
			t.Error("ben was just written to and does not pause")
		}
		o.at(time.Second)
		if s := o.Stats(); s.Desks != 1 || o.Pausing() {
			t.Errorf("%d desks are left, want ben's; waiting: %v", s.Desks, o.Pausing())
		}
	})
}

// A desk to which more happens than one write takes is not made to wait for the
// rest of the pause, nor taken for slow.
func TestManyEventsDoNotWait(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		ana := o.connect("ana")
		const many = 900
		var want []string
		o.world.Update(func(tx *store.Tx) error {
			want = nil // it may run twice
			for n := range many {
				e := rapport.Event{Kind: fmt.Sprintf("settings.%d", n)}
				want = append(want, e.Kind)
				if err := tx.Append(e, rapport.Change{Settings: &rapport.Settings{}}); err != nil {
					return err
				}
			}
			return nil
		})
		synctest.Wait()
		ana.mu.Lock()
		early := len(strings.Fields(strings.Join(ana.writes, " ")))
		ana.mu.Unlock()
		if early < many*3/4 {
			t.Errorf("of %d events %d were written at once", many, early)
		}
		o.at(time.Second)
		got := strings.ReplaceAll(strings.Join(ana.writes, " "), "500ms ", "")
		if got != strings.Join(want, " ") || o.Stats().Dropped != 0 {
			t.Errorf("the events are not all there in order, or %d desks were dropped", o.Stats().Dropped)
		}
	})
}
