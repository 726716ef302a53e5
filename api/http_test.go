package api_test

import (
	"crypto/tls"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"rapport"
	"rapport/api"
	"rapport/lib/clientip"
	"rapport/rapporttest"
	"rapport/store"
)

func TestPagesMayLoadNothingFromElsewhere(t *testing.T) {
	t.Parallel()
	d := newDesk(t, rapporttest.NewWorld(t, rapporttest.SQLite(t)))
	for _, path := range []string{"/", "/docs", "/docs/docs.js", "/docs/docs.css", "/openapi.json", "/healthz", "/api/v1/session", "/in/x/config"} {
		w := d.request(exchange{do: "GET " + path})
		csp := w.Header().Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "script-src 'self';", "style-src 'self';", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
			if !strings.Contains(csp, want) {
				t.Errorf("%s: the policy %q lacks %q", path, csp, want)
			}
		}
		if strings.Contains(csp, "unsafe") {
			t.Errorf("%s: the policy is unsafe: %s", path, csp)
		}
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Strict-Transport-Security": ""} {
			if got := w.Header().Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", path, name, got, want)
			}
		}
		if w.Header().Get("X-Request-Id") == "" || w.Header().Get("Permissions-Policy") == "" {
			t.Errorf("%s: headers are missing: %v", path, w.Header())
		}
	}
	elsewhere := regexp.MustCompile(`(?i)(src|href)="(https?:)?//|<style|<script>|style="|@import|url\(`)
	for _, path := range []string{"/docs", "/docs/docs.js", "/docs/docs.css"} {
		if found := elsewhere.FindString(d.request(exchange{do: "GET " + path}).Body.String()); found != "" {
			t.Errorf("%s has %q, which the policy forbids", path, found)
		}
	}
}

func TestOtherSitesCannotAct(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	w.Agent("ana")
	d := newDesk(t, w)
	cross := map[string]string{"Sec-Fetch-Site": "cross-site"}
	origin := map[string]string{"Origin": "https://evil.example"}
	d.run(
		exchange{as: "ana", do: "PUT /api/v1/me/status", body: `{"status":"busy"}`, header: cross, status: 403, says: []string{"cross_origin"}},
		exchange{as: "ana", do: "PUT /api/v1/me/status", body: `{"status":"busy"}`, header: origin, status: 403, says: []string{"cross_origin"}},
		exchange{as: "ana", do: "POST /in/x/messages", body: `{}`, header: cross, status: 200, says: []string{"the gateway"}},
	)
}

func TestTheCookieIsBoundToTheHostBehindTLS(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	trusted, err := clientip.ParseTrusted([]string{"10.0.0.0/8"})
	if err != nil {
		t.Fatal(err)
	}
	proxied := newDesk(t, w, func(c *api.Config) { c.Proxies = trusted })
	public := newDesk(t, w, func(c *api.Config) { c.PublicURL = "https://desk.example.com" })
	plain := newDesk(t, w)
	for what, c := range map[string]struct {
		desk   *desk
		change func(*http.Request)
		secure bool
	}{
		"plain":                    {plain, func(*http.Request) {}, false},
		"TLS":                      {plain, func(r *http.Request) { r.TLS = &tls.ConnectionState{} }, true},
		"public address":           {public, func(*http.Request) {}, true},
		"trusted proxy":            {proxied, func(r *http.Request) { r.RemoteAddr = "10.1.2.3:4"; r.Header.Set("X-Forwarded-Proto", "https") }, true},
		"somebody says so":         {proxied, func(r *http.Request) { r.Header.Set("X-Forwarded-Proto", "https") }, false},
		"trusted proxy without it": {proxied, func(r *http.Request) { r.RemoteAddr = "10.1.2.3:4" }, false},
	} {
		cookie := strings.TrimPrefix(c.desk.session("ana"), "rapport_session=")
		names := map[bool]string{false: "rapport_session", true: "__Host-rapport_session"}
		for secure, name := range names {
			r := httptest.NewRequest("DELETE", "/api/v1/session", nil)
			r.Header.Set("Cookie", name+"="+cookie)
			c.change(r)
			rec := httptest.NewRecorder()
			c.desk.handler.ServeHTTP(rec, r)
			if secure != c.secure {
				if rec.Code != http.StatusUnauthorized {
					t.Errorf("%s: the cookie %s is taken", what, name)
				}
				continue
			}
			set := rec.Header().Get("Set-Cookie")
			if rec.Code != http.StatusNoContent || strings.Contains(set, "Secure") != c.secure || !strings.HasPrefix(set, name+"=;") || !strings.Contains(set, "Max-Age=0") {
				t.Errorf("%s: %d %s", what, rec.Code, set)
			}
			if got := rec.Header().Get("Strict-Transport-Security") != ""; got != c.secure {
				t.Errorf("%s: HSTS is %v", what, got)
			}
			cookie = strings.TrimPrefix(c.desk.session("ana"), "rapport_session=")
		}
	}
}

func TestAddressesAndMethodsThatDoNotExist(t *testing.T) {
	t.Parallel()
	d := newDesk(t, rapporttest.NewWorld(t, rapporttest.SQLite(t)))
	for do, allow := range map[string]string{
		"DELETE /api/v1/queues":           "GET, HEAD, POST",
		"PUT /api/v1/queues/x":            "PATCH, DELETE",
		"GET /api/v1/session/link":        "POST",
		"OPTIONS /api/v1/session":         "GET, HEAD, POST, DELETE",
		"GET /api/v1/nothing":             "",
		"POST /api/v1":                    "",
		"DELETE /api/v1/queues/x/members": "",
	} {
		w := d.request(exchange{do: do})
		status, code := http.StatusMethodNotAllowed, `"code":"method_not_allowed"`
		if allow == "" {
			status, code = http.StatusNotFound, `"code":"no_route"`
		}
		if w.Code != status || w.Header().Get("Allow") != allow || !strings.Contains(w.Body.String(), code) || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d, Allow %q, %s; want %d, %q and %s", do, w.Code, w.Header().Get("Allow"), w.Body, status, allow, code)
		}
	}
}

func TestHealthAndMetrics(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		d := newDesk(t, w)
		w.Queue("support")
		w.Inbox("site", "support")
		w.Write("maria", "Hello?")
		bearer := map[string]string{"Authorization": "Bearer metrics-token"}
		d.run(
			exchange{do: "GET /healthz", status: 200, says: []string{"ok"}},
			exchange{do: "GET /readyz", status: 200, says: []string{"ready"}},
			exchange{do: "GET /desk/anything", status: 200, says: []string{"the desk"}},
			exchange{do: "GET /api/v1/nothing", status: 404, says: []string{"no_route"}},
			exchange{do: "GET /metrics", header: map[string]string{"Authorization": "Bearer wrong"}, status: 401},
			exchange{do: "GET /metrics", header: bearer, status: 200, says: []string{
				`rapport_conversations_waiting{queue="support"} 1`, `rapport_sockets 3`, `rapport_jobs{state="failed"} 0`,
				`rapport_store_updates_total`, `rapport_http_request_seconds_count{method="GET",route="GET /healthz",status="200"} 1`, `rapport_build_info{version="1.2.3"} 1`,
			}},
		)
	})
}

func TestWithoutItsSchemaItIsNotReady(t *testing.T) {
	t.Parallel()
	db, err := store.Open(t.Context(), store.Config{URL: filepath.Join(t.TempDir(), "empty.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	c := configOf(t, db)
	c.Log = slog.New(slog.DiscardHandler)
	rec := httptest.NewRecorder()
	api.New(c).ServeHTTP(rec, httptest.NewRequest("GET", "/readyz", nil))
	if rec.Code != http.StatusServiceUnavailable {
		t.Errorf("an empty database is ready: %d %s", rec.Code, rec.Body)
	}
}

func TestErrorsSayNothingOfTheInside(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	w.Agent("ada", rapporttest.As(rapport.RoleAdmin))
	d := newDesk(t, w, func(c *api.Config) {
		c.Socket = nil // whoever calls it panics
		c.Web = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(errors.New("the inside")) })
		c.Log = rapporttest.Log(t)
	})
	d.run(
		exchange{as: "ada", do: "GET /api/v1/socket", status: 500, says: []string{`"code":"internal"`}, lacks: []string{"nil pointer"}},
		exchange{do: "GET /any", status: 500, says: []string{`"code":"internal"`}, lacks: []string{"the inside"}},
		exchange{as: "ada", do: "PATCH /api/v1/settings", body: `{"account_name":"` + strings.Repeat("x", 200<<10) + `"}`, status: 413, says: []string{"too_long"}},
		exchange{as: "ada", do: "PATCH /api/v1/settings", body: `{"acount_name":"x"}`, status: 400, says: []string{`"field":"acount_name"`}},
		exchange{as: "ada", do: "PATCH /api/v1/settings", body: `{`, status: 400, says: []string{`"code":"invalid"`}},
		exchange{as: "ada", do: "GET /debug/build", status: 200, says: []string{"1.2.3"}},
		exchange{as: "ada", do: "GET /debug/pprof/goroutine?debug=1", status: 200, says: []string{"goroutine profile"}},
		exchange{as: "ada", do: "GET /debug/vars", status: 200, says: []string{"memstats"}, lacks: []string{"cmdline", os.Args[0]}},
		exchange{as: "ada", do: "GET /debug/pprof/cmdline", status: 404},
	)
}

func TestTheDocumentDescribesEveryRoute(t *testing.T) {
	t.Parallel()
	text, err := api.Document()
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		OpenAPI string                                `json:"openapi"`
		Paths   map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	if document.OpenAPI != "3.1.0" {
		t.Errorf("the document is OpenAPI %s", document.OpenAPI)
	}
	for _, r := range api.Routes() {
		if !strings.HasPrefix(r.Path, "/api/v1/") || r.Path == "/api/v1/socket" {
			continue
		}
		if _, described := document.Paths[r.Path][strings.ToLower(r.Method)]; !described {
			t.Errorf("%s %s is not in the document", r.Method, r.Path)
		}
	}
}
