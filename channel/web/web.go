// Package web is the web chat channel: the endpoints of the widget that a
// website embeds. Visitors are anonymous browsers known by an unguessable
// token, or customers whom the website vouches for with a signed identity.
//
//	GET  config     how the widget presents itself
//	POST session    a token for this browser, and its conversation so far
//	POST messages   a message; the same client_id again is the same message
//	GET  items      what changed since a cursor
//	POST seen       how far the visitor has read
//	POST survey     how satisfied they are, after a conversation
//	POST uploads    a file for a later message; PATCH adds its bytes, resumable
//	GET  socket     the same live, and typing both ways
//
// Every endpoint looks at the page it is called from (origin) and at the rate
// of its caller; all but config and session want a visitor's token, and an
// inbox that requires an identity refuses anonymous ones on each of them.
package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"rapport"
	"rapport/channel"
	"rapport/lib/option"
	"rapport/lib/problem"
	"rapport/lib/ratelimit"
	"rapport/lib/saying"
)

var info = channel.Info{
	Kind: "web",
	Name: "Web chat",
	Help: "A chat widget on your website. Paste one line into its pages.",
	Caps: channel.Caps{Contents: channel.ContentsOf("web"), Pulls: true, Receives: true, Delivered: true, Seen: true, Typing: true, Types: true, Identity: true,
		Reach: rapport.Reach{Begins: rapport.BeginsVisitor, Points: []rapport.PointKind{rapport.PointVisitor, rapport.PointExternal}}},
	Options: []channel.Option{
		{Name: "title", Type: channel.String, Label: "Title", Help: "Stands at the top of the widget.", Default: "Chat with us", Required: true},
		{Name: "greeting", Type: channel.Text, Label: "Greeting", Help: "The first thing a visitor reads.", Default: "Hello! How can we help?"},
		{Name: "color", Type: channel.Color, Label: "Colour", Help: "Of the button and the header.", Default: "#2563eb", Required: true, Example: "#2563eb"},
		{Name: "position", Type: channel.String, Label: "Position", Help: "The corner of the page where the button sits.", Default: "right", Required: true, Choices: []string{"right", "left"}},
		{
			Name: "origins", Type: channel.List, Label: "Websites", Example: "https://www.example.com", Fit: fitOrigins,
			Help: "Pages of these origins may use the widget. An empty list allows only this server's own pages; * allows every website.",
		},
		{Name: "attachments", Type: channel.Bool, Label: "Attachments", Help: "Whether customers may send files. Agents always may.", Default: true},
		{
			Name: "identity", Type: channel.String, Label: "Identity", Default: "optional", Required: true, Choices: []string{"optional", "required"},
			Help: "Whether visitors must be signed in on your website. Then your server signs who they are with the identity secret.",
		},
		{
			Name: "identity_secret", Type: channel.Secret, Label: "Identity secret", Secret: true, Required: true, Prefix: "ids_", Fit: option.AtLeast(32),
			Help: "Signs identities: JWT, HS256. It belongs on your server, never into a page.",
		},
	},
}

func init() { channel.Register(info, open) }

var _ http.Handler = (*adapter)(nil)

const (
	anonymousLife = 365 * 24 * time.Hour // of a token without an identity
	maxRequest    = 64 << 10             // of a request's body: the longest text with every character escaped
	maxCallers    = 50_000               // whose rates are remembered at once
	maxSockets    = 100                  // open at once from one address
)

type adapter struct {
	setup    channel.Setup
	secret   []byte
	required bool // an identity is
	origins  []string
	routes   *http.ServeMux

	requests *ratelimit.Limiter[netip.Addr]
	sessions *ratelimit.Limiter[netip.Addr]
	messages *ratelimit.Limiter[rapport.Point]
	uploads  *ratelimit.Limiter[rapport.Point]

	sockets   sockets
	patience  time.Duration // with a browser that does not take a frame
	lineEvery time.Duration // a place in the line is looked at again
}

func open(s channel.Setup) (channel.Adapter, error) {
	a := &adapter{
		setup:    s,
		secret:   []byte(s.Values.Secret("identity_secret").Reveal()),
		required: s.Values.String("identity") == "required",
		origins:  origins(s.Values.List("origins")),
		routes:   http.NewServeMux(),
		// One address may be an office with many people behind it.
		requests: ratelimit.New[netip.Addr](50*time.Millisecond, 300, maxCallers),
		sessions: ratelimit.New[netip.Addr](time.Second, 60, maxCallers),
		messages: ratelimit.New[rapport.Point](2*time.Second, 20, maxCallers),
		uploads:  ratelimit.New[rapport.Point](500*time.Millisecond, 60, maxCallers),
		patience: 10 * time.Second, lineEvery: 10 * time.Second,
	}
	if len(a.secret) == 0 { // an empty key would verify what anybody signed
		return nil, rapport.Invalidf("options.identity_secret", "The inbox %s has no identity secret; make a new one.", s.Inbox.Name)
	}
	a.sockets.open(context.Background())
	for _, e := range a.endpoints() {
		a.routes.HandleFunc(e.pattern, e.serve)
	}
	a.routes.HandleFunc("/", problem.Unrouted(a.routes))
	return a, nil
}

type endpoint struct {
	pattern string
	serve   http.HandlerFunc
}

// endpoints is the whole surface; visitor is what keeps strangers out.
func (a *adapter) endpoints() []endpoint {
	return []endpoint{
		{"GET /config", a.config},
		{"POST /session", a.session},
		{"POST /messages", a.visitor(a.message)},
		{"GET /items", a.visitor(a.items)},
		{"POST /seen", a.visitor(a.seen)},
		{"POST /survey", a.visitor(a.survey)},
		{"POST /uploads", a.uploader(a.beginUpload)},
		{"GET /uploads/{id}", a.uploader(a.readUpload)},
		{"PATCH /uploads/{id}", a.uploader(a.appendUpload)},
		{"DELETE /uploads/{id}", a.uploader(a.dropUpload)},
		{"GET /socket", a.socket}, // asks for the token in its first frame
	}
}

// Close ends all sockets and waits for them.
func (a *adapter) Close() error {
	a.sockets.close()
	return nil
}

// ServeHTTP looks at where a request comes from before anything else.
func (a *adapter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Add("Vary", "Origin")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	if language := saying.Preferred(r.Header.Get("Accept-Language")); language != "" { // of refusals; all else is without words of ours
		h.Set("Content-Language", language)
	}
	if origin := r.Header.Get("Origin"); origin != "" {
		if !a.allows(origin, r.Host) {
			problem.Write(w, rapport.Errorf(rapport.Forbidden, "origin_not_allowed", "The website %.100q may not use this inbox; an admin can add it to the inbox's websites.", origin))
			return
		}
		h.Set("Access-Control-Allow-Origin", origin)
		h.Set("Access-Control-Expose-Headers", "Retry-After, Upload-Offset")
	}
	if r.Method == http.MethodOptions {
		h.Add("Vary", "Access-Control-Request-Method, Access-Control-Request-Headers")
		h.Set("Access-Control-Allow-Methods", "GET, POST, PATCH, DELETE")
		h.Set("Access-Control-Allow-Headers", "Accept-Language, Authorization, Content-Type, Upload-Offset")
		h.Set("Access-Control-Max-Age", "600")
		w.WriteHeader(http.StatusNoContent)
		return
	}
	if wait, ok := a.requests.Allow(caller(r)); !ok {
		tooMany(w, wait)
		return
	}
	a.routes.ServeHTTP(w, r)
}

// allows tells whether pages of an origin may use the inbox. Without a list
// only the server's own pages may.
func (a *adapter) allows(origin, host string) bool {
	if slices.Contains(a.origins, "*") || slices.Contains(a.origins, origin) {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && len(a.origins) == 0 && u.Host != "" && strings.EqualFold(u.Host, host)
}

// caller is the address that a request comes from; the host has seen through
// its proxies already.
func caller(r *http.Request) netip.Addr {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return at.Addr().Unmap()
}

func tooMany(w http.ResponseWriter, wait time.Duration) {
	w.Header().Set("Retry-After", fmt.Sprint(int(wait/time.Second)+1))
	problem.Write(w, rapport.Errorf(rapport.TooMany, "slow_down", "That was too much at once; please wait a moment."))
}

// fail answers with an error and logs what is our own fault; that a caller has
// gone away is nobody's.
func (a *adapter) fail(w http.ResponseWriter, doing string, err error) {
	if rapport.KindOf(err) == rapport.Internal && !errors.Is(err, context.Canceled) {
		a.setup.Log.Error("cannot "+doing, "channel", info.Kind, "inbox", a.setup.Inbox.ID, "error", err)
	}
	problem.Write(w, err)
}

// sockets counts the open ones and ends them all.
type sockets struct {
	ctx     context.Context
	cancel  context.CancelFunc
	running sync.WaitGroup

	mu     sync.Mutex
	closed bool
	from   map[netip.Addr]int
}

func (s *sockets) open(ctx context.Context) {
	s.ctx, s.cancel = context.WithCancel(ctx)
	s.from = map[netip.Addr]int{}
}

// enter counts one more socket from an address, unless there are too many.
func (s *sockets) enter(addr netip.Addr) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || s.from[addr] >= maxSockets {
		return false
	}
	s.from[addr]++
	s.running.Add(1)
	return true
}

func (s *sockets) leave(addr netip.Addr) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.from[addr]--; s.from[addr] <= 0 {
		delete(s.from, addr)
	}
	s.running.Done()
}

func (s *sockets) close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.cancel()
	s.running.Wait()
}
