package api

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"rapport/channel/channeltest"
	"rapport/lib/ssrf"
)

// S3-36: files at addresses come in whole, and only from the public internet or
// where the operator allows it: the guard of outgoing requests stands before
// them, also behind a name and behind a redirect.
func TestFetchingFiles(t *testing.T) {
	t.Parallel()
	long := bytes.Repeat([]byte("a line of a long manual\n"), 150_000) // 3.6 MB
	var hits atomic.Int32
	var site *httptest.Server
	site = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hits.Add(1)
		switch r.URL.Path {
		case "/manual.txt":
			w.Write(long)
		case "/moved.txt":
			http.Redirect(w, r, site.URL+"/manual.txt", http.StatusFound)
		case "/half.txt":
			w.Header().Set("Content-Length", "1000")
			w.Write([]byte("half"))
		case "/busy.txt":
			w.WriteHeader(http.StatusServiceUnavailable)
		case "/often.txt":
			w.WriteHeader(http.StatusTooManyRequests)
		case "/early.txt":
			w.WriteHeader(http.StatusTooEarly)
		case "/slow.txt":
			w.WriteHeader(http.StatusRequestTimeout)
		case "/broken.txt":
			w.WriteHeader(http.StatusInternalServerError)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	t.Cleanup(site.Close)
	named := strings.Replace(site.URL, "127.0.0.1", "localhost", 1)
	allowed := []string{site.Listener.Addr().String()}
	for _, test := range []struct {
		name, url string
		policy    ssrf.Policy
		status    int
		says      string
		hits      int32
	}{
		{"allowed and long", site.URL + "/manual.txt", ssrf.Policy{Allow: allowed, MaxBody: 8 << 20}, 202, "", 1},
		{"near by", site.URL + "/manual.txt", ssrf.Policy{}, 400, "not on the public internet", 0},
		{"near by a name", named + "/manual.txt", ssrf.Policy{}, 400, "not on the public internet", 0},
		{"of the cloud's own", "http://169.254.169.254/latest/meta-data", ssrf.Policy{}, 400, "not on the public internet", 0},
		{"redirected", site.URL + "/moved.txt", ssrf.Policy{Allow: allowed, MaxBody: 8 << 20}, 400, "HTTP 302", 1},
		{"not there", site.URL + "/none.txt", ssrf.Policy{Allow: allowed}, 400, "HTTP 404", 1},
		{"busy", site.URL + "/busy.txt", ssrf.Policy{Allow: allowed}, 503, "file_unreachable", 1},
		{"asked too often", site.URL + "/often.txt", ssrf.Policy{Allow: allowed}, 503, "file_unreachable", 1},
		{"too early", site.URL + "/early.txt", ssrf.Policy{Allow: allowed}, 503, "file_unreachable", 1},
		{"slow", site.URL + "/slow.txt", ssrf.Policy{Allow: allowed}, 503, "file_unreachable", 1},
		{"broken", site.URL + "/broken.txt", ssrf.Policy{Allow: allowed}, 503, "file_unreachable", 1},
		{"broken off", site.URL + "/half.txt", ssrf.Policy{Allow: allowed}, 503, "file_unreachable", 1},
		{"too long", site.URL + "/manual.txt", ssrf.Policy{Allow: allowed, MaxBody: 1 << 20}, 503, "file_unreachable", 1},
		{"no web address", "file:///etc/passwd", ssrf.Policy{}, 400, "http address", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			hits.Store(0)
			s := channeltest.Open(t, harness)
			client, err := ssrf.NewClient(test.policy)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(client.CloseIdleConnections)
			s.Adapter.(*adapter).setup.Fetch = client
			r := post("/messages", asJSON(map[string]any{"contact": map[string]any{"external_id": "customer-7"}, "files": []any{map[string]any{"url": test.url}}}))
			r.Header.Set("Idempotency-Key", "m-1")
			status, text := s.Do(r)
			if status != test.status || !strings.Contains(text, test.says) {
				t.Errorf("answered with %d %s; want %d and %q", status, text, test.status, test.says)
			}
			if got := hits.Load(); got != test.hits {
				t.Errorf("the address was asked %d times; want %d", got, test.hits)
			}
			received := s.Host.Inbound()
			if test.status != http.StatusAccepted {
				if len(received) != 0 || len(s.Files.All()) != 0 {
					t.Errorf("refused, it left %d messages and %d files", len(received), len(s.Files.All()))
				}
				return
			}
			if len(received) != 1 || len(received[0].Files) != 1 || !bytes.Equal(s.Files.Bytes(received[0].Files[0]), long) {
				t.Errorf("received %+v; want the file whole", received)
			}
		})
	}
}

// A repeat is answered without fetching again: by then the address may have
// expired.
func TestRepeatFetchesNothing(t *testing.T) {
	t.Parallel()
	var hits atomic.Int32
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if hits.Add(1) > 1 {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		w.Write([]byte("a manual"))
	}))
	t.Cleanup(site.Close)
	s := channeltest.Open(t, harness)
	client, err := ssrf.NewClient(ssrf.Policy{Allow: []string{site.Listener.Addr().String()}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	s.Adapter.(*adapter).setup.Fetch = client
	send := func(contact, path string) (int, string) {
		r := post("/messages", asJSON(map[string]any{"contact": map[string]any{"external_id": contact}, "files": []any{map[string]any{"url": site.URL + path}}}))
		r.Header.Set("Idempotency-Key", "m-1")
		return s.Do(r)
	}
	if status, text := send("customer-7", "/manual.txt?expires=1"); status != http.StatusAccepted {
		t.Fatalf("answered with %d %s", status, text)
	}
	if status, text := send("customer-7", "/manual.txt?expires=1"); status != http.StatusAccepted || !strings.Contains(text, `"duplicate":true`) {
		t.Errorf("the repeat is answered with %d %s; want 202 and duplicate", status, text)
	}
	if status, text := send("customer-8", "/manual.txt"); status != http.StatusConflict || !strings.Contains(text, `"key_reused"`) {
		t.Errorf("another customer's is answered with %d %s; want 409 key_reused", status, text)
	}
	if n := hits.Load(); n != 1 || len(s.Files.All()) != 1 {
		t.Errorf("the address was asked %d times and left %d files; want 1", n, len(s.Files.All()))
	}
}
