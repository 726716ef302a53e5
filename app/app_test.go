package app_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"go.uber.org/goleak"

	"rapport"
	"rapport/app"
	"rapport/push"
	"rapport/rapporttest"
	"rapport/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience bounds every wait; what it waits for comes at once.
const patience = 20 * time.Second

// The first start makes the default queue (S3-05) and asks for a set-up; later
// ones change nothing.
func TestFirstStart(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	in := func(c *app.Config) { c.Data = folder }
	queues := func(p *rapporttest.Program) (list []rapport.Queue) {
		err := p.DB().View(t.Context(), func(tx *store.Tx) (err error) {
			list, err = tx.Queues()
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	p := rapporttest.App(t, in)
	first := queues(p)
	if len(first) != 1 || !first[0].Default {
		t.Fatalf("the queues are %+v, want the default one", first)
	}
	if address, err := p.SetupURL(t.Context()); err != nil || address != "" {
		t.Errorf("after the set-up there is still %q, %v", address, err)
	}
	p.Stop(t, nil)
	again := rapporttest.App(t, in)
	if second := queues(again); len(second) != 1 || second[0].ID != first[0].ID {
		t.Errorf("after a restart the queues are %+v", second)
	}
}

// A key that is gone is not replaced in silence while secrets are sealed with it.
func TestALostKeyStopsTheStart(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	p := rapporttest.App(t, func(c *app.Config) { c.Data = folder })
	err := p.DB().Update(t.Context(), func(tx *store.Tx) error {
		return tx.SaveInbox(rapport.Inbox{ID: rapport.NewID[rapport.InboxID](), Name: "shop", Channel: "api", CreatedAt: tx.Now()}, map[string]string{"token": "sealed"})
	})
	if err != nil {
		t.Fatal(err)
	}
	p.Stop(t, nil)
	key := filepath.Join(folder, "secret.key")
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	_, err = app.New(t.Context(), app.Config{Data: folder, Listen: "127.0.0.1:0", LogLevel: "warn", LogFormat: "text", Presence: time.Minute, Retention: 24 * time.Hour, Grace: time.Second}, rapporttest.Log(t))
	if err == nil || !strings.Contains(err.Error(), key) {
		t.Fatalf("the start without the key answered %v", err)
	}
	if _, err := os.Stat(key); err == nil {
		t.Error("a new key was made all the same")
	}
}

// desk opens an agent's socket and waits until it is live.
func desk(t *testing.T, c *rapporttest.Client, base string) *websocket.Conn {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, base+"/api/v1/socket", &websocket.DialOptions{HTTPClient: c.HTTP})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.CloseNow() }) //nolint:errcheck // closed by the server in most tests
	conn.SetReadLimit(1 << 20)
	if err := conn.Write(ctx, websocket.MessageText, []byte(`{"t":"resume","seq":0}`)); err != nil {
		t.Fatal(err)
	}
	if f := until(t, conn, func(f frame) bool { return f.T == "hello" }); f.T != "hello" {
		t.Fatalf("got %+v", f)
	}
	return conn
}

type frame struct {
	T     string        `json:"t"`
	Event rapport.Event `json:"event"`
}

// until reads frames up to the one that is wanted.
func until(t *testing.T, conn *websocket.Conn, wanted func(frame) bool) (f frame) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for {
		_, text, err := conn.Read(ctx)
		if err != nil {
			t.Fatalf("waiting for a frame: %v", err)
		}
		f = frame{}
		if err := json.Unmarshal(text, &f); err != nil {
			t.Fatal(err)
		}
		if wanted(f) {
			return f
		}
	}
}

// closing reads to the end of a socket.
func closing(t *testing.T, conn *websocket.Conn) websocket.StatusCode {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for {
		if _, _, err := conn.Read(ctx); err != nil {
			return websocket.CloseStatus(err)
		}
	}
}

// The main way: a message comes in over the API channel, an available agent has
// it in the same moment, answers, and the answer leaves by a signed webhook.
func TestMessageAndReply(t *testing.T) {
	t.Parallel()
	delivered := make(chan map[string]any, 1)
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body map[string]any
		if r.Header.Get("webhook-signature") != "" && json.NewDecoder(r.Body).Decode(&body) == nil {
			delivered <- body
		}
	}))
	defer shop.Close()
	p := rapporttest.App(t, func(c *app.Config) { c.Allow = []string{strings.TrimPrefix(shop.URL, "http://")} })
	ana, agent := p.Agent(t, "ana", rapport.RoleAgent)
	ana.Must("PUT", "/me/status", map[string]any{"status": "available"}, nil)
	live := desk(t, ana, p.URL())

	inbox, token := apiInbox(t, p, shop.URL)
	status, answer := http.StatusNotFound, []byte(nil)
	for deadline := time.Now().Add(patience); status == http.StatusNotFound && time.Now().Before(deadline); { // until the gateway knows the new inbox
		status, answer = p.Admin.Raw("POST", "/in/"+inbox+"/messages", "application/json",
			strings.NewReader(`{"contact":{"phone":"+4930123456","name":"Maria"},"body":"Where is my parcel?","external_id":"m1"}`), "Authorization", "Bearer "+token)
	}
	if status != http.StatusAccepted || !strings.Contains(string(answer), string(agent.ID)) {
		t.Fatalf("the message was answered with %d %s, want 202 and ana as assignee", status, answer)
	}
	f := until(t, live, func(f frame) bool { return f.Event.Kind == "conversation.opened" })
	ana.Must("POST", "/conversations/"+string(f.Event.ConversationID)+"/messages", map[string]any{"body": "On its way.", "client_id": "c1"}, nil)
	select {
	case body := <-delivered:
		if data, ok := body["data"].(map[string]any); !ok || data["body"] != "On its way." {
			t.Errorf("the webhook said %v", body)
		}
	case <-time.After(patience):
		t.Fatal("the reply was not delivered")
	}
	// Signing out ends the socket at once, not with its next ping.
	ana.Must("DELETE", "/session", nil, nil)
	if code := closing(t, live); code != push.CloseSession {
		t.Errorf("after signing out the socket closed with %d, want %d", code, push.CloseSession)
	}
}

// apiInbox makes an inbox of the API channel and returns its id and token.
func apiInbox(t *testing.T, p *rapporttest.Program, webhook string) (id, token string) {
	t.Helper()
	var queues struct{ Items []rapport.Queue }
	p.Admin.Must("GET", "/queues", nil, &queues)
	var made struct {
		Inbox   rapport.Inbox     `json:"inbox"`
		Secrets map[string]string `json:"secrets"`
	}
	p.Admin.Must("POST", "/inboxes", map[string]any{"channel": "api", "name": "Shop", "queue_id": queues.Items[0].ID, "options": map[string]any{"webhook_url": webhook}}, &made)
	return string(made.Inbox.ID), made.Secrets["token"]
}

// slowly sends a request whose body is not complete yet.
func slowly(t *testing.T, p *rapporttest.Program) (finish func() (*http.Response, error)) {
	t.Helper()
	body, writer := io.Pipe()
	r, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), "PATCH", p.URL()+"/api/v1/me", body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Expect", "100-continue") // the body is read once the program asks for it
	// A connection of its own, so that it is not idle when the program stops.
	client := p.Client(t).HTTP
	client.Jar = p.Admin.HTTP.Jar
	type outcome struct {
		res *http.Response
		err error
	}
	came := make(chan outcome, 1)
	go func() {
		res, err := client.Do(r)
		came <- outcome{res, err}
	}()
	if _, err := writer.Write([]byte(`{"name":`)); err != nil { // returns once it was asked for
		t.Fatal(err)
	}
	return func() (*http.Response, error) {
		writer.Write([]byte(`"Ada Lovelace"}`)) //nolint:errcheck // fails when the request was cut off, as one test wants
		writer.Close()                          //nolint:errcheck // never fails
		o := <-came
		return o.res, o.err
	}
}

// accepting tells whether the program still takes connections.
func accepting(p *rapporttest.Program) bool {
	res, err := http.Get(p.URL() + "/healthz") //nolint:noctx // ends by itself
	if err == nil {
		res.Body.Close() //nolint:errcheck // nothing was written
	}
	http.DefaultClient.CloseIdleConnections()
	return err == nil
}

// SIGTERM drains: no new connections, sockets told to come back, requests
// under way finished.
func TestDrain(t *testing.T) {
	t.Parallel()
	p := rapporttest.App(t)
	live := desk(t, p.Admin, p.URL())
	finish := slowly(t, p)
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		p.Stop(t, nil)
	}()
	if code := closing(t, live); code != websocket.StatusServiceRestart {
		t.Errorf("the socket closed with %d, want %d", code, websocket.StatusServiceRestart)
	}
	for deadline := time.Now().Add(patience); accepting(p); {
		if time.Now().After(deadline) {
			t.Fatal("new connections are still taken")
		}
	}
	res, err := finish()
	if err != nil {
		t.Fatalf("the request under way was cut off: %v", err)
	}
	res.Body.Close() //nolint:errcheck // nothing was written
	if res.StatusCode != http.StatusOK {
		t.Errorf("the request under way was answered with %s", res.Status)
	}
	<-stopped
}

// SIGINT stops now: a request under way does not hold it up.
func TestStopNow(t *testing.T) {
	t.Parallel()
	p := rapporttest.App(t, func(c *app.Config) { c.Grace = 10 * time.Minute })
	finish := slowly(t, p)
	p.Stop(t, app.ErrStopNow)
	if res, err := finish(); err == nil {
		res.Body.Close() //nolint:errcheck // nothing was written
		t.Errorf("the request under way was answered with %s", res.Status)
	}
}
