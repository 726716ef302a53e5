package api_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"rapport"
	"rapport/api"
	"rapport/rapporttest"
)

// below is a role that is too small for a rule.
var below = map[string]string{"supervisor": "ana", "admin": "sue"}

// minimal is who may just call a route.
var minimal = map[string]string{"agent": "ana", "supervisor": "sue", "admin": "ada"}

// TestEveryRouteKeepsItsRule walks the route list.
func TestEveryRouteKeepsItsRule(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	w.Agent("ana")
	w.Agent("sue", rapporttest.As(rapport.RoleSupervisor))
	w.Agent("ada", rapporttest.As(rapport.RoleAdmin))
	w.Agent("alf", rapporttest.As(rapport.RoleAdmin)) // ada may do anything to herself
	d := newDesk(t, w)
	wildcard := regexp.MustCompile(`\{[^}]+\}`)
	seen := map[string]bool{}
	call := func(r api.Route, as string, change ...func(*http.Request)) int {
		path := wildcard.ReplaceAllString(r.Path, rapport.NewID[string]())
		body := ""
		if r.Method != http.MethodGet {
			body = "{}"
		}
		req := httptest.NewRequest(r.Method, path, strings.NewReader(body))
		req.Header.Set("Content-Type", "application/json")
		if as != "" {
			req.Header.Set("Cookie", d.session(as))
		}
		for _, f := range change {
			f(req)
		}
		rec := httptest.NewRecorder()
		d.handler.ServeHTTP(rec, req)
		if body := rec.Body.String(); strings.HasPrefix(body, "the desk") || strings.Contains(body, "no_route") {
			t.Errorf("%s %s is not registered", r.Method, r.Path)
		}
		return rec.Code
	}
	for _, r := range api.Routes() {
		name := r.Method + " " + r.Path
		if seen[name] {
			t.Errorf("%s stands twice", name)
		}
		seen[name] = true
		switch r.Who {
		case "anyone":
			if got := call(r, ""); got == http.StatusUnauthorized || got == http.StatusForbidden {
				t.Errorf("%s is open to anyone, but answers %d", name, got)
			}
			continue
		case "operator":
			if got := call(r, "ada"); got != http.StatusUnauthorized {
				t.Errorf("%s from elsewhere answers %d to an admin without the token", name, got)
			}
			here := func(req *http.Request) { req.RemoteAddr = "127.0.0.1:1234" }
			proxied := func(req *http.Request) { req.Header.Set("X-Forwarded-For", "192.0.2.7") }
			token := func(req *http.Request) { req.Header.Set("Authorization", "Bearer metrics-token") }
			if got := call(r, "", here); got != http.StatusOK {
				t.Errorf("%s on the machine itself answers %d", name, got)
			}
			if got := call(r, "", here, proxied); got != http.StatusUnauthorized {
				t.Errorf("%s through a proxy on the machine answers %d", name, got)
			}
			if got := call(r, "", token); got != http.StatusOK {
				t.Errorf("%s with the token answers %d", name, got)
			}
			continue
		case "bot":
			token := func(req *http.Request) { req.Header.Set("Authorization", "Bearer rpb_wrong") }
			if got := call(r, ""); got != http.StatusUnauthorized {
				t.Errorf("%s without a token answers %d", name, got)
			}
			if got := call(r, "ada", token); got != http.StatusUnauthorized {
				t.Errorf("%s with a wrong token answers %d to an admin", name, got)
			}
			continue
		case "agent", "supervisor", "admin":
		default:
			t.Errorf("%s has the rule %q, which nobody knows", name, r.Who)
			continue
		}
		if got := call(r, ""); got != http.StatusUnauthorized {
			t.Errorf("%s without a session answers %d", name, got)
		}
		wrong := func(req *http.Request) { req.Header.Set("Cookie", "rapport_session=wrong") }
		if got := call(r, "", wrong); got != http.StatusUnauthorized {
			t.Errorf("%s with a wrong session answers %d", name, got)
		}
		if small := below[r.Who]; small != "" {
			if got := call(r, small); got != http.StatusForbidden {
				t.Errorf("%s answers %d to %s, whose role is too small", name, got, small)
			}
		}
		if got := call(r, minimal[r.Who]); got == http.StatusUnauthorized || got == http.StatusForbidden || got >= 500 {
			t.Errorf("%s answers %d to %s, who may call it", name, got, minimal[r.Who])
		}
	}
}

func TestARouteWithoutRuleCannotBeRegistered(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("a route was registered that does not say who may call it")
		}
	}()
	api.RegisterUndeclared()
}

// TestRulesFitTheirResources pins who is trusted with what.
func TestRulesFitTheirResources(t *testing.T) {
	t.Parallel()
	open := regexp.MustCompile(`^(GET /api/v1/setup|POST /api/v1/setup|POST /api/v1/session(/link|/forgotten)?|(GET|POST) /survey/\{token\}|(GET|POST) /api/v1/invites/\{token\}|GET /files/\{id\}|GET /(openapi\.json|docs(/.*)?|healthz|readyz))$`)
	for _, r := range api.Routes() {
		name := r.Method + " " + r.Path
		resource, _, _ := strings.Cut(strings.TrimPrefix(r.Path, "/api/v1/"), "/")
		want := "agent"
		switch {
		case open.MatchString(name):
			want = "anyone"
		case r.Path == "/metrics":
			want = "operator"
		case strings.HasPrefix(r.Path, "/bot-api/"):
			want = "bot"
		case resource == "audit", resource == "mail-settings", resource == "feedback-settings", resource == "checklist", resource == "cards", r.Method == http.MethodGet && resource == "feedback", resource == "workflows", resource == "runs", resource == "workflow-vocabulary", resource == "workflow-secret", resource == "workflow-templates", strings.HasPrefix(r.Path, "/debug/"):
			want = "admin"
		case strings.HasSuffix(r.Path, "/erase"), strings.HasSuffix(r.Path, "/dossier"):
			want = "admin"
		case resource == "contacts" && strings.HasSuffix(r.Path, "/merge"), resource == "contact-merges", resource == "contact-duplicates", resource == "contact-imports", resource == "contacts.csv", name == "POST /api/v1/contacts":
			want = "supervisor"
		case resource == "board", resource == "surveys", resource == "sticky-agents.csv", resource == "canned.csv", r.Path == "/api/v1/canned/import", r.Path == "/api/v1/tags/use", strings.HasSuffix(r.Path, "/status-changes"), r.Path == "/api/v1/agents/{id}/status":
			want = "supervisor"
		case strings.HasPrefix(r.Path, "/api/v1/search/"):
			want = "admin"
		case r.Method == http.MethodGet:
		case resource == "agents", resource == "queues", resource == "inboxes", resource == "settings", resource == "bots", resource == "attributes",
			resource == "forms", resource == "dispositions", resource == "templates" && !strings.HasSuffix(r.Path, "/preview"):
			want = "admin"
		case resource == "sticky-agents", resource == "statuses", resource == "tags", resource == "macros" && !strings.HasSuffix(r.Path, "/preview") && !strings.HasSuffix(r.Path, "/prefill") && !strings.HasSuffix(r.Path, "/apply"):
			want = "supervisor"
		}
		if r.Who != want {
			t.Errorf("%s may be called by %s; it should be %s", name, r.Who, want)
		}
	}
}

func TestTheDocumentDescribesEveryMember(t *testing.T) {
	t.Parallel()
	for _, what := range api.Undescribed() {
		t.Errorf("in the OpenAPI document %s", what)
	}
}
