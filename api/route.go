package api

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"rapport"
	"rapport/auth"
	"rapport/lib/problem"
)

// rule says who may call a route.
type rule string

const (
	anyone     rule = "anyone"
	agent      rule = "agent"      // whoever is signed in
	supervisor rule = "supervisor" // also admins
	admin      rule = "admin"
	bot        rule = "bot"      // the bearer of a bot's token
	operator   rule = "operator" // this machine, or the bearer of the metrics token
)

// allows tells whether the rule lets somebody through who is signed in.
func (who rule) allows(a rapport.Actor) bool {
	switch who {
	case anyone, agent:
		return true
	case supervisor:
		return a.Supervises()
	case admin:
		return a.Administers()
	}
	return false
}

// prefix is where the desk's API lives.
const prefix = "/api/v1"

// route is one entry of the list.
type route struct {
	who    rule
	op     huma.Operation
	attach func(*server, huma.API, huma.Operation)
}

func (r route) pattern() string { return r.op.Method + " " + r.op.Path }

// mostBody is how long the body of a request may be unless its route says more.
const mostBody = 128 << 10

// at describes a route of the API. id names it in the OpenAPI document; the
// part before the dash is the resource it is shown under.
func at[I, O any](who rule, method, path, id, summary string, do func(context.Context, *I) (*O, error), adjust ...func(*huma.Operation)) route {
	tag, _, _ := strings.Cut(id, "-")
	op := huma.Operation{
		Method: method, Path: prefix + path, OperationID: id, Summary: summary, Tags: []string{tag},
		MaxBodyBytes: mostBody, BodyReadTimeout: 15 * time.Second, Description: "Who may call it: " + string(who) + ".",
	}
	for _, f := range adjust {
		f(&op)
	}
	return route{who: who, op: op, attach: func(s *server, api huma.API, op huma.Operation) {
		huma.Register(api, op, func(ctx context.Context, in *I) (*O, error) {
			out, err := do(ctx, in)
			if err != nil {
				return nil, s.refusal(ctx, err)
			}
			return out, nil
		})
	}}
}

// created makes 201 the status of success.
func created(op *huma.Operation) { op.DefaultStatus = http.StatusCreated }

// also describes another status of success, and what its body is called among the
// schemas.
func also(status int, schema, when string) func(*huma.Operation) {
	return func(op *huma.Operation) {
		answered(op, status, when, "application/json", &huma.Schema{Ref: schemas + schema})
	}
}

// answered describes a status of success, and that of errors, which are not added
// where there is another one.
func answered(op *huma.Operation, status int, when, kind string, body *huma.Schema) {
	answer := func(when, kind string, body *huma.Schema) *huma.Response {
		return &huma.Response{Description: when, Content: map[string]*huma.MediaType{kind: {Schema: body}}}
	}
	if op.Responses == nil {
		op.Responses = map[string]*huma.Response{"default": answer("Error", "application/problem+json", &huma.Schema{Ref: schemas + "Document"})}
	}
	op.Responses[strconv.Itoa(status)] = answer(when, kind, body)
}

// table makes CSV the form of the answer.
func table(op *huma.Operation) {
	answered(op, http.StatusOK, "The table.", "text/csv", &huma.Schema{Type: huma.TypeString})
}

// archive makes a ZIP the form of the answer.
func archive(op *huma.Operation) {
	answered(op, http.StatusOK, "The archive.", "application/zip", &huma.Schema{Type: huma.TypeString, Format: "binary"})
}

// raw describes a route outside the OpenAPI document.
func raw(who rule, method, path string, serve http.HandlerFunc) route {
	return route{who: who, op: huma.Operation{Method: method, Path: path}, attach: func(_ *server, api huma.API, op huma.Operation) {
		api.Adapter().Handle(&op, func(ctx huma.Context) {
			r, w := humago.Unwrap(ctx)
			serve(w, r)
		})
	}}
}

// gate is a mux that lets nothing be registered without a rule and enforces it.
type gate struct {
	*http.ServeMux
	server *server
	rules  map[string]rule
}

func (g *gate) HandleFunc(pattern string, serve func(http.ResponseWriter, *http.Request)) {
	who, declared := g.rules[pattern]
	if !declared {
		panic(fmt.Sprintf("the route %s does not say who may call it", pattern))
	}
	g.ServeMux.HandleFunc(pattern, g.server.enforce(who, serve))
}

type sessionKey struct{}

// sessionOf is the session of a request to a route that needs one.
func sessionOf(ctx context.Context) auth.Session {
	s, _ := ctx.Value(sessionKey{}).(auth.Session)
	return s
}

func actorOf(ctx context.Context) rapport.Actor { return sessionOf(ctx).Actor }

// enforce is the one place where rules are kept.
func (s *server) enforce(who rule, serve http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		switch who {
		case anyone:
			serve(w, r)
			return
		case bot:
			s.enforceBot(w, r, serve)
			return
		case operator:
			if err := s.operates(r); err != nil {
				problem.Write(w, err)
				return
			}
			serve(w, r)
			return
		}
		session, err := auth.Of(r.Context(), s.DB, s.cookieOf(r))
		if err != nil {
			s.write(w, r, err)
			return
		}
		if !who.allows(session.Actor) {
			problem.Write(w, rapport.Errorf(rapport.Forbidden, "forbidden", "This needs the role %s; yours is %s.", who, session.Actor.Role))
			return
		}
		serve(w, r.WithContext(context.WithValue(r.Context(), sessionKey{}, session)))
	}
}
