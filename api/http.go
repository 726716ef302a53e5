package api

import (
	"context"
	"crypto/subtle"
	"fmt"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"

	"rapport"
	"rapport/lib/problem"
)

// policy is the Content-Security-Policy of every page: nothing from elsewhere.
// The desk frames its own preview of the widget, and nobody else frames us.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; " +
	"frame-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// secure sets the security headers. A handler that knows better may replace them.
func secure(s *server, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(self), microphone=(), payment=(), usb=()")
		if s.isSecure(r) {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		if strings.HasPrefix(r.URL.Path, "/api/") {
			h.Set("Cache-Control", "no-store")
		}
		next.ServeHTTP(w, r)
	})
}

// sameOrigin refuses what other sites make a browser send (CSRF).
func (s *server) sameOrigin(next http.Handler) http.Handler {
	p := http.NewCrossOriginProtection()
	if s.PublicURL != "" {
		if err := p.AddTrustedOrigin(s.PublicURL); err != nil {
			s.Log.Error("the public address is not an origin such as https://chat.example.com", "error", err)
		}
	}
	p.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		problem.Write(w, rapport.Errorf(rapport.Forbidden, "cross_origin", "Another site sent this request; open Rapport itself."))
	}))
	return p.Handler(next)
}

// isSecure tells whether the person's browser speaks TLS, to us or to a proxy
// that we trust.
func (s *server) isSecure(r *http.Request) bool {
	if r.TLS != nil || strings.HasPrefix(s.PublicURL, "https://") {
		return true
	}
	return r.Header.Get("X-Forwarded-Proto") == "https" && s.fromProxy(r)
}

func (s *server) fromProxy(r *http.Request) bool {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	for _, p := range s.Proxies {
		if p.Contains(peer.Addr().Unmap()) {
			return true
		}
	}
	return false
}

// operates lets through who works on this machine or has the metrics token. A
// request that a proxy passed on is not from this machine.
func (s *server) operates(r *http.Request) error {
	if given, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); found && s.MetricsToken != "" {
		if subtle.ConstantTimeCompare([]byte(given), []byte(s.MetricsToken)) == 1 {
			return nil
		}
	}
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err == nil && peer.Addr().Unmap().IsLoopback() && r.Header.Get("X-Forwarded-For") == "" && r.Header.Get("Forwarded") == "" {
		return nil
	}
	return rapport.Errorf(rapport.Unauthenticated, "unauthorized", "This is open on the machine itself, or with Authorization: Bearer and the metrics token.")
}

const sessionCookie = "rapport_session"

func (s *server) cookieName(r *http.Request) string {
	if s.isSecure(r) {
		return "__Host-" + sessionCookie
	}
	return sessionCookie
}

func (s *server) cookieOf(r *http.Request) string {
	c, err := r.Cookie(s.cookieName(r))
	if err != nil {
		return ""
	}
	return c.Value
}

// cookie is the header that hands out a session, or takes it back when the
// token is empty.
func (s *server) cookie(r *http.Request, token string, life time.Duration) string {
	c := http.Cookie{Name: s.cookieName(r), Value: token, Path: "/", MaxAge: int(life.Seconds()), HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: s.isSecure(r)}
	if token == "" {
		c.MaxAge = -1
	}
	return c.String()
}

type requestKey struct{}

// request is what the parts of one request share.
type request struct {
	*http.Request
	id string
}

// requestOf is the id of a request, for the log.
func requestOf(ctx context.Context) string {
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		return r.id
	}
	return ""
}

// httpRequest is the request behind a call of the API.
func httpRequest(ctx context.Context) *http.Request {
	return ctx.Value(requestKey{}).(*request).Request
}

// recorder remembers the status of an answer.
type recorder struct {
	http.ResponseWriter
	status int
}

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets sockets and deadlines reach the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// observe gives each request an id, logs and counts it, and survives panics.
func (s *server) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		shared := &request{id: rapport.NewID[string]()}
		r = r.WithContext(context.WithValue(r.Context(), requestKey{}, shared))
		shared.Request = r
		w.Header().Set("X-Request-Id", shared.id)
		rec := &recorder{ResponseWriter: w}
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p)
				}
				s.Log.ErrorContext(r.Context(), "panic in a request", "error", fmt.Sprint(p), "stack", string(debug.Stack()), "request", shared.id)
				if rec.status == 0 {
					problem.Write(rec, rapport.Errorf(rapport.Internal, "internal", "Something went wrong on our side; it has been logged."))
				}
			}
			took := time.Since(start)
			s.numbers.served(r.Method, r.Pattern, rec.status, took)
			s.Log.DebugContext(r.Context(), "request", "method", r.Method, "path", r.URL.Path, "status", rec.status, "took", took, "request", shared.id)
		}()
		next.ServeHTTP(rec, r)
	})
}
