package api

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"rapport"
	"rapport/attachment"
	"rapport/auth"
	"rapport/card"
	"rapport/channel"
	"rapport/gateway"
	"rapport/lib/clientip"
	"rapport/lib/problem"
	"rapport/lib/ratelimit"
	"rapport/lib/secretbox"
	"rapport/mail"
	"rapport/store"
)

// Config is what the HTTP edge works with.
type Config struct {
	DB        *store.DB
	Log       *slog.Logger
	Passwords *auth.Passwords
	Setup     auth.SetupToken  // of the first set-up
	PublicURL string           // "https://chat.example.com"; empty takes what the request was sent to
	Proxies   clientip.Trusted // reverse proxies in front of us
	Box       *secretbox.Box   // seals the secrets of inboxes

	// Socket takes over GET /api/v1/socket of a signed-in agent.
	Socket  func(w http.ResponseWriter, r *http.Request, actor rapport.Actor, sessionEnds time.Time)
	Sockets func() int   // how many are open, for the metrics; may be nil
	Gateway http.Handler // everything below /in/
	Bots    *gateway.Gateway
	Post    *mail.Post                                                         // sends e-mail
	Shelf   *attachment.Shelf                                                  // uploads and files
	Places  func(ctx context.Context, name string) ([]rapport.Location, error) // finds places by name; may be nil
	Cards   *card.Desk                                                         // reads and writes context cards
	Web     http.Handler                                                       // everything else: the desk, /widget.js

	MetricsToken string // bearer token for /metrics from other machines; empty for none
	Version      string // of the program
}

type server struct {
	Config
	numbers   *numbers
	byAddress *ratelimit.Limiter[string]
	byAccount *ratelimit.Limiter[string]
	forgetful *ratelimit.Limiter[string] // by account: each time costs an e-mail
	byBot     *ratelimit.Limiter[rapport.BotID]
	byHelped  *ratelimit.Limiter[rapport.AgentID] // who asks for assistance
	byWriter  *ratelimit.Limiter[rapport.AgentID] // who gives feedback, or tests e-mail or notifications
	document  func() []byte                       // the OpenAPI document, made when somebody asks
}

// New returns the handler of the whole HTTP edge.
func New(c Config) http.Handler {
	s := &server{
		Config:    c,
		byAddress: ratelimit.New[string](time.Second, 60, 20_000),
		byAccount: ratelimit.New[string](10*time.Second, 20, 20_000),
		forgetful: ratelimit.New[string](10*time.Minute, 3, 20_000),
		byBot:     ratelimit.New[rapport.BotID](50*time.Millisecond, 100, 1000),
		byHelped:  ratelimit.New[rapport.AgentID](6*time.Second, 10, 10_000),
		byWriter:  ratelimit.New[rapport.AgentID](20*time.Second, 10, 10_000),
	}
	if s.Shelf == nil { // nothing is kept then
		s.Shelf = attachment.New(attachment.Shelf{DB: c.DB, Limits: channel.DefaultLimits(), Log: c.Log})
	}
	if s.Cards == nil { // they reach nothing inside then
		cards, err := card.New(card.Config{DB: c.DB, Box: c.Box, Log: c.Log})
		if err != nil {
			panic("a desk of cards without exceptions: " + err.Error()) // cannot be wrong
		}
		s.Cards = cards
	}
	s.PublicURL = strings.TrimRight(c.PublicURL, "/")
	s.numbers = newNumbers(s)
	mux := http.NewServeMux()
	s.document = s.register(mux)
	mux.HandleFunc("/api/", problem.Unrouted(mux))
	mux.HandleFunc("/bot-api/", problem.Unrouted(mux))
	mux.Handle("/", c.Web)

	outside := http.NewServeMux() // other origins may call what is below /in/
	outside.Handle("/in/", c.Gateway)
	outside.Handle("/", s.sameOrigin(mux))
	return s.observe(secure(s, outside))
}

// Document returns the OpenAPI document.
func Document() ([]byte, error) {
	s := &server{}
	s.numbers = newNumbers(s)
	var indented json.RawMessage = s.register(http.NewServeMux())()
	return json.MarshalIndent(indented, "", "  ")
}

func init() {
	huma.DefaultArrayNullable = false // our lists are empty, never null
}

// register puts all routes into the mux and returns what makes the OpenAPI
// document: that takes longer than all the rest of a start.
func (s *server) register(mux *http.ServeMux) func() []byte {
	api := s.attach(mux)
	return sync.OnceValue(func() []byte {
		document, err := json.Marshal(api.OpenAPI())
		if err != nil {
			panic("the OpenAPI document: " + err.Error()) // a mistake in the route list
		}
		return document
	})
}

// attach puts all routes into the mux, behind the gate.
func (s *server) attach(mux *http.ServeMux) huma.API {
	routes := s.routes()
	g := &gate{ServeMux: mux, server: s, rules: map[string]rule{}}
	for _, r := range routes {
		g.rules[r.pattern()] = r.who
	}
	config := huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI:    "3.1.0",
			Info:       &huma.Info{Title: "Rapport desk API", Version: s.version(), Description: "What the agent desk uses. Sign in with POST " + prefix + "/session; the answer sets a cookie. Errors are RFC 9457 problem documents with a stable code."},
			Components: &huma.Components{Schemas: huma.NewMapRegistry(schemas, huma.DefaultSchemaNamer)},
		},
		Formats: huma.DefaultFormats, DefaultFormat: "application/json",
	}
	api := humago.New(g, config)
	for _, r := range routes {
		r.attach(s, api, r.op)
	}
	allowNulls(config.Components.Schemas)
	return api
}

func (s *server) version() string {
	if s.Version == "" {
		return "dev"
	}
	return s.Version
}

// base is the address that people and programs reach us at.
func (s *server) base(r *http.Request) string {
	if s.PublicURL != "" {
		return s.PublicURL
	}
	u := url.URL{Scheme: "http", Host: r.Host}
	if s.isSecure(r) {
		u.Scheme = "https"
	}
	return u.String()
}

// reply is an answer with a JSON body.
type reply[T any] struct{ Body T }

func ok[T any](body T, err error) (*reply[T], error) {
	if err != nil {
		return nil, err
	}
	return &reply[T]{body}, nil
}

// list is a page of a list.
type list[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next" doc:"Cursor of the next page; empty at the end."`
}

// nothing is the answer of 204.
type nothing struct{}

// noInput is the input of routes without any.
type noInput struct{}
