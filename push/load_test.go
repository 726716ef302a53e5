package push_test

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"

	"rapport"
	"rapport/push"
	"rapport/rapporttest"
	"rapport/store"
)

// While messages pour in, desks connect, read a little, are cut off and resume.
// In the end each has seen exactly the events it may see, once, in order.
func TestResumeUnderLoad(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	w.Queue("sales", "ana")
	w.Queue("support", "ben")
	w.Inbox("shop", "sales")
	w.Inbox("help", "support")
	w.Agent("sue", rapporttest.As(rapport.RoleSupervisor))
	e := start(t, w, push.Config{})
	from := e.connect("sue").position(e)

	var writers, readers sync.WaitGroup
	for i := range 4 {
		in := w.In([]string{"shop", "help"}[i%2])
		writers.Go(func() {
			for n := range 150 {
				w.Write(fmt.Sprintf("customer-%d-%d", i, n%7), "Hello", in)
			}
		})
	}
	final := make(chan int64)
	type view struct {
		agent string
		seqs  []int64
	}
	views := []*view{{agent: "sue"}, {agent: "ana"}, {agent: "ben"}, {agent: "sue"}}
	for _, v := range views {
		readers.Go(func() {
			last, end := from, int64(-1)
			for end < 0 || last < end {
				d := e.dial(v.agent)
				d.say(map[string]any{"t": "resume", "seq": last})
				for n := rand.IntN(60); n >= 0 && (end < 0 || last < end); n-- {
					if end < 0 {
						select {
						case end = <-final:
						default:
						}
					}
					f, err := d.read()
					if err != nil {
						t.Errorf("%s: %v", v.agent, err)
						return
					}
					switch f.T {
					case "event":
						last = f.Event.Seq
						v.seqs = append(v.seqs, last)
					case "gone":
						last = f.Seq
						v.seqs = append(v.seqs, last)
					case "hello":
						last = f.Seq
						n = max(n, 1) // whoever is live waits for one event more
						if end < 0 {
							n = 0
						}
					default:
						t.Errorf("%s got %+v", v.agent, f)
						return
					}
				}
				d.conn.CloseNow() //nolint:errcheck // this is the cut
			}
		})
	}
	writers.Wait()
	w.Update(func(tx *store.Tx) error { // all of them see the last event: whoever waits for one more gets it
		return tx.Append(rapport.Event{Kind: "settings.changed"}, rapport.Change{})
	})
	var head int64
	w.View(func(tx *store.Tx) (err error) {
		head, _, err = tx.Head()
		return err
	})
	for range views {
		final <- head
	}
	readers.Wait()

	for _, v := range views {
		actor := w.Actor(v.agent)
		var want []int64
		w.View(func(tx *store.Tx) error {
			events, err := tx.EventsAfter(from, 1_000_000)
			for i := range events {
				ev := &events[i]
				if ev.Kind == "agent.load" && ev.AgentID != actor.AgentID && !actor.SeesAll() {
					continue // for boards
				}
				_, mine := actor.Queues[ev.QueueID]
				own := ev.AgentID == actor.AgentID
				others := ev.ConversationID == "" && ev.Kind != "agent.load" // of colleagues: for supervisors only
				if others || actor.SeesAll() || mine || own {
					want = append(want, ev.Seq)
				}
			}
			return err
		})
		if fmt.Sprint(v.seqs) != fmt.Sprint(want) {
			t.Errorf("%s saw %d events, want these %d once and in order:\n%v\n%v", v.agent, len(v.seqs), len(want), v.seqs, want)
		}
	}
}

// A desk that does not read is dropped, and says so to whoever reads on.
func TestSlowDeskIsDropped(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	w.Agent("sue", rapporttest.As(rapport.RoleSupervisor))
	w.Agent("ana")
	e := start(t, w, push.Config{})
	slow, quick := e.connect("sue"), e.connect("ana")
	c := rapport.Contact{Name: strings.Repeat("long ", 4000)}
	w.Update(func(tx *store.Tx) error {
		for range 3000 { // more than the socket's buffers and the queue hold
			if err := tx.Append(rapport.Event{Kind: "test.filled"}, rapport.Change{Contact: &c}); err != nil {
				return err
			}
		}
		return nil
	})
	for deadline := time.Now().Add(patience); e.Stats().Dropped == 0; <-time.After(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the slow desk was not dropped")
		}
	}
	if code := slow.closed(); code != push.CloseSlow {
		t.Errorf("closed with %d, want %d", code, push.CloseSlow)
	}
	quick.say(map[string]any{"t": "ping"})
	quick.expect("pong") // the others are not concerned
}

// rawDesk connects without a client library, so that only the server's side of
// the connection is measured.
func rawDesk(t testing.TB, address, agent string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() }) //nolint:errcheck // nothing was written
	fmt.Fprintf(conn, "GET /?agent=%s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", agent, address)
	r := bufio.NewReaderSize(conn, 512)
	res, err := http.ReadResponse(r, nil)
	if err != nil || res.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("%v %v", res, err)
	}
	text := `{"t":"resume","seq":0}`
	frame := []byte{0x81, 0x80 | byte(len(text)), 0, 0, 0, 0} // masked with zeroes
	if _, err := conn.Write(append(frame, text...)); err != nil {
		t.Fatal(err)
	}
	head := make([]byte, 2)
	if _, err := io.ReadFull(r, head); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Discard(int(head[1])); err != nil { // the hello
		t.Fatal(err)
	}
	return conn
}

func processTime(b *testing.B) (user, system time.Duration) {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano()), time.Duration(u.Stime.Nano())
}

// BenchmarkFanout measures what one message to 2,000 connected agents costs:
// processor time of this process, in which the clients do nothing but buffer.
func BenchmarkFanout(b *testing.B) {
	const desks = 2000
	w, e := benchmarked(b)
	conns := make([]net.Conn, desks)
	for i := range conns {
		conns[i] = rawDesk(b, strings.TrimPrefix(e.url, "http://"), "sue")
	}
	w.Write("maria", "A message of the usual length, as people write them.")
	drain := func(frames int64) {
		for e.Stats().Delivered < frames {
			<-time.After(50 * time.Microsecond)
		}
		for _, c := range conns {
			if err := c.SetReadDeadline(time.Now().Add(2 * time.Millisecond)); err != nil {
				b.Fatal(err)
			}
			io.Copy(io.Discard, c) //nolint:errcheck // ends with the deadline
		}
	}
	drain(2 * desks)
	var user, system time.Duration
	for b.Loop() {
		frames := e.Stats().Delivered
		u, sys := processTime(b)
		w.Write("maria", "A message of the usual length, as people write them.")
		for e.Stats().Delivered < frames+desks || e.Busy() {
			<-time.After(200 * time.Microsecond)
		}
		u2, sys2 := processTime(b)
		user, system = user+u2-u, system+sys2-sys
		drain(frames + desks)
	}
	b.ReportMetric(float64(user.Microseconds())/1000/float64(b.N), "user-ms/message")
	b.ReportMetric(float64(system.Microseconds())/1000/float64(b.N), "kernel-ms/message")
}

// BenchmarkIdleDesk measures the memory of a connection that does nothing.
func BenchmarkIdleDesk(b *testing.B) {
	const desks = 5000
	_, e := benchmarked(b)
	for b.Loop() {
		before := resident(b)
		conns := make([]net.Conn, desks)
		for i := range conns {
			conns[i] = rawDesk(b, strings.TrimPrefix(e.url, "http://"), "sue")
		}
		runtime.GC()
		b.ReportMetric(float64(resident(b)-before)/desks/1024, "KiB/desk")
		b.ReportMetric(float64(memory())/desks/1024, "KiB-go/desk")
		for _, c := range conns {
			c.Close() //nolint:errcheck // nothing was written
		}
	}
}

func benchmarked(b *testing.B) (*rapporttest.World, *edge) {
	w := rapporttest.NewWorld(b, rapporttest.SQLite(b))
	w.Agent("sue", rapporttest.As(rapport.RoleSupervisor))
	e := start(b, w, push.Config{Beat: time.Hour, Calm: time.Nanosecond})
	first := e.connect("sue")
	if err := first.conn.Close(websocket.StatusNormalClosure, ""); err != nil {
		b.Fatal(err)
	}
	for e.Stats().Desks > 0 {
		<-time.After(time.Millisecond)
	}
	return w, e
}

func memory() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}
