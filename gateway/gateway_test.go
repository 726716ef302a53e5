package gateway_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"rapport"
	"rapport/channel"
	_ "rapport/channel/sandbox"
	"rapport/conversation"
	"rapport/gateway"
	"rapport/lib/clientip"
	"rapport/lib/secretbox"
	"rapport/lib/ssrf"
	"rapport/rapporttest"
	"rapport/store"
)

func TestMain(m *testing.M) {
	// The test server of PostgreSQL lives as long as the process.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("rapport/rapporttest/pg.(*Server).start.func1"))
}

// The channel "window" has customers who pull, and hands its setup to the test.
func init() {
	channel.Register(channel.Info{
		Kind: "window", Name: "Window", Help: "People stand in front of it.", Caps: channel.Caps{Contents: channel.Contents{MaxText: 100}, Pulls: true, Receives: true},
		Options: []channel.Option{
			{Name: "sign", Type: channel.String, Label: "Sign", Help: "What it says.", Default: "open"},
			{Name: "key", Type: channel.Secret, Label: "Key", Help: "To open it.", Secret: true, Prefix: "key_"},
		},
	}, func(s channel.Setup) (channel.Adapter, error) {
		w := &window{Setup: s, closed: make(chan struct{})}
		windows.Lock()
		defer windows.Unlock()
		windows.open[s.Inbox.ID] = append(windows.open[s.Inbox.ID], w)
		if tell := windows.tell[s.Inbox.ID]; tell != nil {
			tell <- w
		}
		return w, nil
	})
}

type window struct {
	channel.Setup
	closed chan struct{}
}

func (w *window) Close() error {
	close(w.closed)
	return nil
}

func (w *window) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	fmt.Fprintf(rw, "%s %s from %s, sign %s, key %s", r.Method, r.URL.Path, r.RemoteAddr, w.Values.String("sign"), w.Values.Secret("key").Reveal())
}

var windows = struct {
	sync.Mutex
	open map[rapport.InboxID][]*window
	tell map[rapport.InboxID]chan *window
}{open: map[rapport.InboxID][]*window{}, tell: map[rapport.InboxID]chan *window{}}

// scene is a world with a running gateway.
type scene struct {
	*rapporttest.World
	*gateway.Gateway
	box    *secretbox.Box
	typing chan string // what customers type, as the agents would see it
	types  func(string, bool)
	stop   func()
}

func scenes(t *testing.T, run func(t *testing.T, s *scene)) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) { run(t, newScene(t, w)) })
}

func newScene(t *testing.T, w *rapporttest.World) *scene {
	t.Helper()
	box, err := secretbox.Open(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	client, err := ssrf.NewClient(ssrf.Policy{Allow: []string{"127.0.0.0/8"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	proxies, err := clientip.ParseTrusted([]string{"192.0.2.1"}) // where httptest's requests come from
	if err != nil {
		t.Fatal(err)
	}
	s := &scene{World: w, box: box, typing: make(chan string, 10)}
	s.Gateway = gateway.New(gateway.Config{
		DB: w.DB, Box: box, Client: client, Proxies: proxies, Log: rapporttest.Log(t),
		CustomerTypes: func(_ context.Context, id rapport.ConversationID, on bool) error {
			s.typing <- fmt.Sprint(id, on)
			return nil
		},
		AgentTypes: func(_ rapport.ContactID, typing func(string, bool)) func() {
			s.types = typing
			return func() { s.types = nil }
		},
	})
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	s.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("the gateway ended with %v", err)
		}
	})
	t.Cleanup(s.stop)
	return s
}

// save keeps an inbox and tells the gateway.
func (s *scene) save(i rapport.Inbox, secrets map[string]secretbox.Secret) {
	s.T.Helper()
	var sealed map[string]string
	for name, secret := range secrets {
		if sealed == nil {
			sealed = map[string]string{}
		}
		sealed[name] = s.box.Seal(secret, string(i.ID))
	}
	s.Update(func(tx *store.Tx) error {
		if err := tx.SaveInbox(i, sealed); err != nil {
			return err
		}
		return tx.Append(rapport.Event{Kind: "inbox.changed"}, rapport.Change{})
	})
}

// window makes an inbox of people at a window, and waits until it is open.
func (s *scene) window(queue string) (rapport.Inbox, *window) {
	s.T.Helper()
	i := rapport.Inbox{ID: rapport.NewID[rapport.InboxID](), Channel: "window", Name: "Counter", QueueID: s.Queue(queue).ID, Enabled: true, Pulls: true}
	tell := make(chan *window, 10)
	windows.Lock()
	windows.tell[i.ID] = tell
	windows.Unlock()
	s.save(i, map[string]secretbox.Secret{"key": "key_of-the-window"})
	return i, wait(s.T, tell)
}

func wait[T any](t testing.TB, from <-chan T) (v T) {
	t.Helper()
	select {
	case v = <-from:
	case <-time.After(10 * time.Second):
		t.Fatal("waited in vain")
	}
	return v
}

func (s *scene) get(path string, header ...string) (int, string) {
	r := httptest.NewRequest("GET", path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.Serve(w, r)
	return w.Code, w.Body.String()
}

func TestServe(t *testing.T) {
	scenes(t, func(t *testing.T, s *scene) {
		i, _ := s.window("support")
		path := "/in/" + string(i.ID)
		if status, body := s.get(path+"/a/b?x=1", "X-Forwarded-For", "203.0.113.9"); status != 200 || body != "GET /a/b from 203.0.113.9:0, sign open, key key_of-the-window" {
			t.Errorf("answered with %d %s", status, body)
		}
		for _, missing := range []string{path, "/in/", "/in/x/y", "/in/" + string(rapport.NewID[rapport.InboxID]()) + "/x"} {
			if status, _ := s.get(missing); status != http.StatusNotFound {
				t.Errorf("%s is answered with %d; want 404", missing, status)
			}
		}
		s.stop()
		if status, _ := s.get(path + "/a"); status != http.StatusServiceUnavailable {
			t.Errorf("after the end an inbox answers with %d; want 503", status)
		}
	})
}

// Adapters follow their configuration: what does not concern them leaves them
// alone, what does opens a new one and closes the old.
func TestConfigurationChanges(t *testing.T) {
	scenes(t, func(t *testing.T, s *scene) {
		i, first := s.window("support")
		windows.Lock()
		tell := windows.tell[i.ID]
		windows.Unlock()

		i.QueueID = s.Queue("sales").ID
		s.save(i, nil)
		i.Options = map[string]any{"sign": "back soon"}
		s.save(i, nil)
		second := wait(t, tell)
		wait(t, first.closed)
		if status, body := s.get("/in/" + string(i.ID) + "/x"); second.Values.String("sign") != "back soon" || status != 200 {
			t.Errorf("the new window says %s, %d %s", second.Values.String("sign"), status, body)
		}
		windows.Lock()
		opened := len(windows.open[i.ID])
		windows.Unlock()
		if opened != 2 {
			t.Errorf("%d adapters were opened; another queue needs no new one", opened)
		}

		i.Enabled = false
		s.save(i, nil)
		wait(t, second.closed)
		if status, _ := s.get("/in/" + string(i.ID) + "/x"); status != http.StatusNotFound {
			t.Errorf("a disabled inbox answers with %d", status)
		}

		// A secret that another server sealed breaks this inbox and no other.
		other, otherWindow := s.window("support")
		i.Enabled = true
		s.Update(func(tx *store.Tx) error {
			if err := tx.SaveInbox(i, map[string]string{"key": "v1.AAAA"}); err != nil {
				return err
			}
			return tx.Append(rapport.Event{Kind: "inbox.changed"}, rapport.Change{})
		})
		_, last := s.window("support") // loaded after the broken one
		if status, body := s.get("/in/" + string(i.ID) + "/x"); status != http.StatusServiceUnavailable {
			t.Errorf("a broken inbox answers with %d %s; want 503", status, body)
		}
		if status, _ := s.get("/in/" + string(other.ID) + "/x"); status != 200 {
			t.Errorf("its neighbour answers with %d", status)
		}
		s.stop()
		wait(t, otherWindow.closed)
		wait(t, last.closed)
	})
}

var carla = rapport.Point{Kind: rapport.PointPhone, Address: "+4930123456"}

func TestReceive(t *testing.T) {
	scenes(t, func(t *testing.T, s *scene) {
		s.Queue("support", "ana")
		s.Queue("sales", "ben")
		_, w := s.window("support")
		if open, err := w.Host.Available(t.Context()); err != nil || !open {
			t.Errorf("with ana at her desk available is %v, %v", open, err)
		}
		m := channel.Inbound{ExternalID: "m1", Points: []rapport.Point{carla}, Name: "Carla", Body: "Hello", Wish: channel.Wish{Queue: "Sales"}}
		got, err := w.Host.Receive(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		if got.Conversation.Assignee == nil || got.Conversation.Assignee.Name != "ben" || got.Conversation.Why == "" || got.Item.Seq != 1 || got.Duplicate {
			t.Errorf("received %+v; want ben, who is in sales", got)
		}
		again, err := w.Host.Receive(t.Context(), m)
		if err != nil || !again.Duplicate || again.Item.Seq != 1 || again.Conversation.ID != got.Conversation.ID {
			t.Errorf("the repeat is %+v, %v", again, err)
		}
		if again.Foreign {
			t.Error("a repeat counts as somebody else's")
		}
		dora := m
		dora.Points = []rapport.Point{{Kind: rapport.PointEmail, Address: "dora@example.com"}}
		if other, err := w.Host.Receive(t.Context(), dora); err != nil || !other.Duplicate || !other.Foreign {
			t.Errorf("what dora sends under carla's id is %+v, %v; want somebody else's", other, err)
		}
		for _, test := range []struct {
			m       channel.Inbound
			foreign bool
		}{{m, false}, {dora, true}} {
			earlier, found, err := w.Host.Earlier(t.Context(), test.m)
			if err != nil || !found || !earlier.Duplicate || earlier.Foreign != test.foreign || earlier.Item.Seq != 1 || earlier.Conversation.ID != got.Conversation.ID {
				t.Errorf("known of the id is %+v, %v, %v", earlier, found, err)
			}
		}
		if _, found, err := w.Host.Earlier(t.Context(), channel.Inbound{ExternalID: "m0", Points: []rapport.Point{carla}}); found || err != nil {
			t.Errorf("an id that nobody used is known: %v, %v", found, err)
		}
		named, err := w.Host.Receive(t.Context(), channel.Inbound{ExternalID: "m2", Points: []rapport.Point{{Kind: rapport.PointEmail, Address: "dora@example.com"}}, Body: "Hello", Wish: channel.Wish{Agent: "Ana@example.com"}})
		if err != nil || named.Conversation.Assignee == nil || named.Conversation.Assignee.Name != "ana" {
			t.Errorf("wishing for ana by her address gave %+v, %v", named.Conversation, err)
		}
		for field, wish := range map[string]channel.Wish{"route.agent": {Agent: "nobody@example.com"}, "route.queue": {Queue: "nowhere"}} {
			m.ExternalID, m.Wish = rapport.NewID[string](), wish
			_, err := w.Host.Receive(t.Context(), m)
			if refusal, ok := err.(*rapport.Error); !ok || refusal.Field != field {
				t.Errorf("%+v: %v; want a refusal of %s", wish, err, field)
			}
		}
		s.SignOut("ana")
		if open, err := w.Host.Available(t.Context()); err != nil || open {
			t.Errorf("with nobody there available is %v, %v", open, err)
		}
	})
}

// S3-35; an inbox cannot speak of another one's conversations.
func TestReport(t *testing.T) {
	scenes(t, func(t *testing.T, s *scene) {
		s.Queue("support", "ana")
		inbox, w := s.window("support")
		_, stranger := s.window("support")
		s.Write("carla", "Hello", func(in *conversation.Inbound) { in.InboxID = inbox.ID })
		first := s.Reply("ana", "carla", "one")
		second := s.Reply("ana", "carla", "two")
		report := channel.Report{ConversationID: first.ConversationID, Seq: second.Seq, Delivery: rapport.Delivered}
		if err := stranger.Host.Report(t.Context(), report); rapport.KindOf(err) != rapport.NotFound || err == nil {
			t.Errorf("another inbox's report: %v; want not found", err)
		}
		state := func() (list []rapport.Delivery) {
			for _, i := range s.Items("carla") {
				if i.Kind == rapport.ItemMessage && i.By == rapport.ByAgent {
					list = append(list, i.Delivery)
				}
			}
			return list
		}
		for _, step := range []struct {
			seq  int
			told rapport.Delivery
			want [2]rapport.Delivery
		}{
			{second.Seq, rapport.Delivered, [2]rapport.Delivery{rapport.Delivered, rapport.Delivered}},
			{first.Seq, rapport.Seen, [2]rapport.Delivery{rapport.Seen, rapport.Delivered}},
			{first.Seq, rapport.Delivered, [2]rapport.Delivery{rapport.Seen, rapport.Delivered}}, // late news
			{second.Seq, rapport.Failed, [2]rapport.Delivery{rapport.Seen, rapport.Delivered}},   // it has arrived
			{first.Seq, rapport.Failed, [2]rapport.Delivery{rapport.Seen, rapport.Delivered}},
		} {
			report.Seq, report.Delivery = step.seq, step.told
			if err := w.Host.Report(t.Context(), report); err != nil {
				t.Fatal(err)
			}
			if got := state(); len(got) != 2 || [2]rapport.Delivery(got) != step.want {
				t.Errorf("after %s of %d: %v; want %v", step.told, step.seq, got, step.want)
			}
		}
		// A failure ends nothing: what has arrived all the same is said of that very message, and not by what is said of later ones.
		third, fourth := s.Reply("ana", "carla", "three"), s.Reply("ana", "carla", "four")
		for _, step := range []struct {
			seq  int
			told rapport.Delivery
			want []rapport.Delivery
		}{
			{third.Seq, rapport.Failed, []rapport.Delivery{rapport.Failed, rapport.Sent}},
			{fourth.Seq, rapport.Seen, []rapport.Delivery{rapport.Failed, rapport.Seen}},
			{third.Seq, rapport.Delivered, []rapport.Delivery{rapport.Delivered, rapport.Seen}},
			{third.Seq, rapport.Failed, []rapport.Delivery{rapport.Delivered, rapport.Seen}},
		} {
			if err := w.Host.Report(t.Context(), channel.Report{ConversationID: third.ConversationID, Seq: step.seq, Delivery: step.told, Error: "no such address"}); err != nil {
				t.Fatal(err)
			}
			if got := state()[2:]; !slices.Equal(got, step.want) {
				t.Errorf("after %s of %d: %v; want %v", step.told, step.seq, got, step.want)
			}
		}
		if i := s.Items("carla"); slices.ContainsFunc(i, func(i rapport.Item) bool { return i.Seq == third.Seq && i.Error != "" }) {
			t.Error("what has arrived still says why it failed")
		}
		for _, seq := range []int{0, 1000} {
			report.Seq = seq
			if err := w.Host.Report(t.Context(), report); rapport.KindOf(err) != rapport.Invalid {
				t.Errorf("a report of item %d: %v; want invalid", seq, err)
			}
		}
	})
}
