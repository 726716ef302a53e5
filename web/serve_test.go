package web_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"rapport/web"
)

var built = fstest.MapFS{
	"desk/index.html":         {Data: []byte("<!doctype html><title>Desk</title>")},
	"desk/assets/app-1a2b.js": {Data: []byte("console.log('desk');" + strings.Repeat("/* long */", 200))},
	"desk/favicon.svg":        {Data: []byte("<svg/>")},
	"widget/widget.js":        {Data: []byte("console.log('widget');")},
}

func get(t *testing.T, h http.Handler, path string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func TestHandler(t *testing.T) {
	t.Parallel()
	h := web.Handler(built)
	for _, c := range []struct {
		path, kind, cache string
		status            int
	}{
		{"/", "text/html; charset=utf-8", "no-cache", 200},
		{"/conversations/0abc", "text/html; charset=utf-8", "no-cache", 200}, // a route of the desk
		{"/assets/app-1a2b.js", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable", 200},
		{"/assets/app-old.js", "text/plain; charset=utf-8", "", 404},
		{"/assets/gone", "text/plain; charset=utf-8", "", 404},
		{"/favicon.svg", "image/svg+xml", "public, max-age=3600", 200},
		{"/missing.png", "text/plain; charset=utf-8", "", 404},
		{"/widget.js", "text/javascript; charset=utf-8", "public, max-age=300", 200},
	} {
		res := get(t, h, c.path)
		if res.StatusCode != c.status || res.Header.Get("Content-Type") != c.kind || res.Header.Get("Cache-Control") != c.cache {
			t.Errorf("%s: %d, %q, %q; want %d, %q, %q", c.path, res.StatusCode, res.Header.Get("Content-Type"), res.Header.Get("Cache-Control"), c.status, c.kind, c.cache)
		}
	}
}

// The widget runs on other people's pages and must be revalidated.
func TestWidgetHeaders(t *testing.T) {
	t.Parallel()
	h := web.Handler(built)
	res := get(t, h, "/widget.js", "Origin", "https://shop.example")
	tag := res.Header.Get("ETag")
	if res.Header.Get("Access-Control-Allow-Origin") != "*" || tag == "" {
		t.Fatalf("headers %v, want any origin and a tag", res.Header)
	}
	if again := get(t, h, "/widget.js", "If-None-Match", tag); again.StatusCode != http.StatusNotModified {
		t.Errorf("the same widget again: %d, want 304", again.StatusCode)
	}
	if other := get(t, h, "/widget.js", "If-None-Match", `"other"`); other.StatusCode != http.StatusOK {
		t.Errorf("another widget: %d, want 200", other.StatusCode)
	}
}

func TestCompression(t *testing.T) {
	t.Parallel()
	h := web.Handler(built)
	res := get(t, h, "/assets/app-1a2b.js", "Accept-Encoding", "br, gzip")
	if res.Header.Get("Content-Encoding") != "gzip" {
		t.Fatalf("encoding %q, want gzip", res.Header.Get("Content-Encoding"))
	}
	z, err := gzip.NewReader(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(z); err != nil || !strings.HasPrefix(string(text), "console.log('desk');") {
		t.Errorf("unpacked %.30q, %v", text, err)
	}
	if plain := get(t, h, "/assets/app-1a2b.js", "Accept-Encoding", "gzip;q=0"); plain.Header.Get("Content-Encoding") != "" {
		t.Error("gzip was sent to somebody who refuses it")
	}
}

// Without a build the program says how to make one.
func TestUnbuilt(t *testing.T) {
	t.Parallel()
	h := web.Handler(fstest.MapFS{".keep": {}})
	res := get(t, h, "/")
	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusServiceUnavailable || !strings.Contains(string(text), "make build") {
		t.Errorf("%d %q, %v; want the way to build", res.StatusCode, text, err)
	}
	if res := get(t, h, "/widget.js"); res.StatusCode != http.StatusNotFound || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/javascript") {
		t.Errorf("widget: %d %q", res.StatusCode, res.Header.Get("Content-Type"))
	}
}
