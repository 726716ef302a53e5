package rapporttest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"rapport"
	"rapport/app"
)

// Program is the whole of Rapport, running on a free port of this machine.
type Program struct {
	*app.App
	Admin *Client // signed in

	stop    func(cause error)
	stopped sync.Once
	done    chan error
}

// Password is that of the admin of every Program.
const Password = "correct horse battery"

// App starts the program on a fresh SQLite database, sets it up, and stops it
// when the test ends.
func App(t testing.TB, change ...func(*app.Config)) *Program {
	t.Helper()
	c := app.Config{Data: t.TempDir(), Listen: "127.0.0.1:0", LogLevel: "warn", LogFormat: "text", Presence: time.Minute, Retention: 24 * time.Hour, Grace: 5 * time.Second}
	for _, f := range change {
		f(&c)
	}
	if file := filepath.Join(c.Data, "rapport.db"); c.Database == "" {
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			migrated(t, file)
		}
	}
	ctx, stop := context.WithCancelCause(context.WithoutCancel(t.Context()))
	a, err := app.New(ctx, c, Log(t))
	if err != nil {
		t.Fatal(err)
	}
	p := &Program{App: a, stop: stop, done: make(chan error, 1)}
	address, err := a.SetupURL(ctx)
	if err != nil {
		t.Fatal(err)
	}
	go func() { p.done <- a.Run(ctx) }()
	t.Cleanup(func() { p.Stop(t, app.ErrStopNow) })
	<-a.Ready()

	p.Admin = p.Client(t)
	if address == "" { // an older database
		p.Admin.Must("POST", "/session", map[string]any{"email": "admin@example.com", "password": Password}, nil)
		return p
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	p.Admin.Must("POST", "/setup", map[string]any{"token": u.Query().Get("token"), "name": "Ada", "email": "admin@example.com", "password": Password, "account_name": "Test"}, nil)
	return p
}

// Stop ends the program: gently with a nil cause, at once with app.ErrStopNow.
// It may be called more than once.
func (p *Program) Stop(t testing.TB, cause error) {
	t.Helper()
	p.stop(cause)
	p.stopped.Do(func() {
		if err := <-p.done; err != nil {
			t.Errorf("the program ended with %v", err)
		}
	})
}

// Client is a browser of its own: it keeps its session.
type Client struct {
	t    testing.TB
	HTTP *http.Client
	base string
}

// Client opens a browser that is not signed in.
func (p *Program) Client(t testing.TB) *Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{ExpectContinueTimeout: 30 * time.Second}
	t.Cleanup(transport.CloseIdleConnections)
	return &Client{t, &http.Client{Jar: jar, Transport: transport, Timeout: 30 * time.Second}, p.URL()}
}

// Agent makes an agent in the named queues' ids and returns their browser,
// signed in.
func (p *Program) Agent(t testing.TB, name string, role rapport.Role, queues ...rapport.QueueID) (*Client, rapport.Agent) {
	t.Helper()
	type place struct {
		ID       rapport.QueueID `json:"id"`
		CanReply bool            `json:"can_reply"`
	}
	places := []place{}
	for _, q := range queues {
		places = append(places, place{q, true})
	}
	var made struct {
		Agent     rapport.Agent `json:"agent"`
		InviteURL string        `json:"invite_url"`
	}
	p.Admin.Must("POST", "/agents", map[string]any{"name": name, "email": name + "@example.com", "role": role, "queues": places}, &made)
	u, err := url.Parse(made.InviteURL)
	if err != nil {
		t.Fatal(err)
	}
	c := p.Client(t)
	c.Must("POST", "/invites/"+path.Base(u.Path), map[string]any{"name": name, "password": Password}, nil)
	return c, made.Agent
}

// Call sends a request of the desk's API, "/conversations" for example, and
// decodes the answer into what into points to, if anything. It returns the status.
func (c *Client) Call(method, path string, body, into any) int {
	c.t.Helper()
	var text io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			c.t.Fatal(err)
		}
		text = bytes.NewReader(encoded)
	}
	status, answer := c.Raw(method, "/api/v1"+path, "application/json", text)
	if into != nil && len(answer) > 0 {
		if err := json.Unmarshal(answer, into); err != nil {
			c.t.Fatalf("%s %s: %d %s: %v", method, path, status, answer, err)
		}
	}
	return status
}

// Must is Call that fails the test unless the answer is a success.
func (c *Client) Must(method, path string, body, into any) {
	c.t.Helper()
	var answer json.RawMessage
	if status := c.Call(method, path, body, &answer); status >= 300 {
		c.t.Fatalf("%s %s: %d %s", method, path, status, answer)
	}
	if into != nil {
		if err := json.Unmarshal(answer, into); err != nil {
			c.t.Fatalf("%s %s: %v", method, path, err)
		}
	}
}

// Raw sends any request and returns the status and the body of the answer.
func (c *Client) Raw(method, path, kind string, body io.Reader, header ...string) (int, []byte) {
	c.t.Helper()
	r, err := http.NewRequestWithContext(context.WithoutCancel(c.t.Context()), method, c.base+path, body)
	if err != nil {
		c.t.Fatal(err)
	}
	if body != nil {
		r.Header.Set("Content-Type", kind)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := c.HTTP.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return res.StatusCode, text
}
