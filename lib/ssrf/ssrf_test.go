package ssrf

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func client(t *testing.T, p Policy) *http.Client {
	t.Helper()
	c, err := NewClient(p)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.CloseIdleConnections)
	return c
}

func address(s *httptest.Server) string { return strings.TrimPrefix(s.URL, "http://") }

func TestRefusesWhatIsNear(t *testing.T) {
	t.Parallel()
	var reached atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	defer server.Close()
	c := client(t, Policy{})
	port := server.URL[strings.LastIndexByte(server.URL, ':'):]
	for _, to := range []string{
		server.URL,
		"http://localhost" + port, // a name that resolves to a private address
		"http://[::1]" + port,
		"http://[::ffff:127.0.0.1]" + port,
		"http://0.0.0.0" + port,
		"http://10.0.0.1/", "http://192.168.1.1/", "http://169.254.169.254/latest/meta-data",
		"http://[fd00::1]/", "http://[fe80::1]/",
	} {
		answer, err := c.Get(to)
		if err == nil {
			answer.Body.Close()
		}
		if !errors.Is(err, ErrRefused) {
			t.Errorf("GET %s: %v; want ErrRefused", to, err)
		}
	}
	if _, err := c.Get("file:///etc/passwd"); !errors.Is(err, ErrRefused) {
		t.Errorf("file: %v; want ErrRefused", err)
	}
	if reached.Load() != 0 {
		t.Error("a request reached the server near us")
	}
}

func TestAllow(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hello") }))
	defer server.Close()
	other := httptest.NewServer(http.NotFoundHandler())
	defer other.Close()
	for _, allow := range []string{address(server), "127.0.0.0/8"} {
		answer, err := client(t, Policy{Allow: []string{allow}}).Get(server.URL)
		if err != nil {
			t.Fatalf("allowed by %s: %v", allow, err)
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || string(body) != "hello" {
			t.Fatalf("allowed by %s: read %q, %v", allow, body, err)
		}
	}
	if _, err := client(t, Policy{Allow: []string{address(server)}}).Get(other.URL); !errors.Is(err, ErrRefused) {
		t.Errorf("another port than the allowed one: %v; want ErrRefused", err)
	}
	if _, err := NewClient(Policy{Allow: []string{"intranet.example:80"}}); err == nil {
		t.Error("a name was allowed")
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	var reached atomic.Int32
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	defer inside.Close()
	outside := httptest.NewServer(http.RedirectHandler(inside.URL, http.StatusFound))
	defer outside.Close()
	answer, err := client(t, Policy{Allow: []string{address(outside), address(inside)}}).Get(outside.URL)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusFound || reached.Load() != 0 {
		t.Errorf("status %d, target reached %d times; want 302 and never", answer.StatusCode, reached.Load())
	}
}

func TestBounds(t *testing.T) {
	t.Parallel()
	done := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/fits":
			io.WriteString(w, strings.Repeat("x", 1000))
		case "/long":
			io.WriteString(w, strings.Repeat("x", 1001))
		case "/slow":
			<-done
		}
	}))
	defer server.Close()
	defer close(done)
	c := client(t, Policy{Allow: []string{address(server)}, MaxBody: 1000, Timeout: 100 * time.Millisecond})
	for path, want := range map[string]error{"/fits": nil, "/long": ErrTooLong} {
		answer, err := c.Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if !errors.Is(err, want) || len(body) != 1000 {
			t.Errorf("%s: read %d bytes, %v; want 1000 and %v", path, len(body), err, want)
		}
	}
	if _, err := c.Get(server.URL + "/slow"); err == nil {
		t.Error("a server that never answers was waited for")
	}
}
