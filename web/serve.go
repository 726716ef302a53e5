package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

// Handler serves the desk at / and the widget at /widget.js. Paths without a
// file belong to the desk's own router and get its page.
func Handler(files fs.FS) http.Handler {
	h := &handler{files: files, assets: map[string]*asset{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /widget.js", h.widget)
	mux.HandleFunc("GET /", h.desk)
	return mux
}

// Built tells which of the apps are there.
func Built(files fs.FS) (desk, widget bool) {
	_, noDesk := fs.Stat(files, "desk/index.html")
	_, noWidget := fs.Stat(files, "widget/widget.js")
	return noDesk == nil, noWidget == nil
}

type handler struct {
	files fs.FS

	mu     sync.Mutex
	assets map[string]*asset // by name, those that were asked for
}

// asset is a file as it is sent; it never changes while the program runs.
type asset struct {
	kind    string
	tag     string
	plain   []byte
	smaller []byte // gzipped, nil where that does not pay
}

func (h *handler) desk(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	a, err := h.asset("desk/" + name)
	switch {
	case name == "" || name == "index.html" || err != nil && path.Ext(name) == "" && !strings.HasPrefix(name, "assets/"):
		if a, err = h.asset("desk/index.html"); err != nil {
			unbuilt(w)
			return
		}
		w.Header().Set("Cache-Control", "no-cache")
	case err != nil:
		http.NotFound(w, r)
		return
	case strings.HasPrefix(name, "assets/"): // named for their content
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	default:
		w.Header().Set("Cache-Control", "public, max-age=3600")
	}
	a.serve(w, r)
}

// widget is loaded by pages of other origins; it must be picked up soon after
// an update, since its name does not change.
func (h *handler) widget(w http.ResponseWriter, r *http.Request) {
	a, err := h.asset("widget/widget.js")
	if err != nil {
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte("console.error(\"Rapport: the widget has not been built; run make build.\");\n")) // the client is gone if this fails
		return
	}
	w.Header().Set("Cache-Control", "public, max-age=300")
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	a.serve(w, r)
}

// asset reads a file once and keeps it ready to be sent.
func (h *handler) asset(name string) (*asset, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if a := h.assets[name]; a != nil {
		return a, nil
	}
	text, err := fs.ReadFile(h.files, name)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(text)
	a := &asset{kind: kindOf(name), tag: base64.RawURLEncoding.EncodeToString(sum[:12]), plain: text}
	if len(text) > 1024 && compresses(a.kind) {
		var b bytes.Buffer
		z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
		if err != nil {
			return nil, err
		}
		z.Write(text) //nolint:errcheck // writing to memory does not fail
		z.Close()     //nolint:errcheck // nor does this
		a.smaller = b.Bytes()
	}
	h.assets[name] = a
	return a, nil
}

func kindOf(name string) string {
	switch path.Ext(name) {
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".webmanifest":
		return "application/manifest+json"
	case ".map":
		return "application/json"
	case ".woff2":
		return "font/woff2"
	}
	if kind := mime.TypeByExtension(path.Ext(name)); kind != "" {
		return kind
	}
	return "application/octet-stream"
}

func compresses(kind string) bool {
	kind, _, _ = strings.Cut(kind, ";")
	return strings.HasPrefix(kind, "text/") || strings.HasSuffix(kind, "json") || strings.HasSuffix(kind, "svg+xml")
}

func (a *asset) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	body, tag := a.plain, a.tag
	if a.smaller != nil {
		h.Add("Vary", "Accept-Encoding")
		if acceptsGzip(r.Header.Get("Accept-Encoding")) {
			h.Set("Content-Encoding", "gzip")
			body, tag = a.smaller, a.tag+"-gz"
		}
	}
	h.Set("Content-Type", a.kind)
	h.Set("ETag", `"`+tag+`"`)
	if matches(r.Header.Get("If-None-Match"), h.Get("ETag")) {
		h.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method == http.MethodHead {
		return
	}
	_, _ = w.Write(body) // the client is gone if this fails
}

func acceptsGzip(header string) bool {
	for entry := range strings.SplitSeq(header, ",") {
		name, quality, _ := strings.Cut(strings.TrimSpace(entry), ";")
		if strings.TrimSpace(name) == "gzip" && strings.TrimSpace(quality) != "q=0" {
			return true
		}
	}
	return false
}

func matches(header, tag string) bool {
	for entry := range strings.SplitSeq(header, ",") {
		if entry = strings.TrimPrefix(strings.TrimSpace(entry), "W/"); entry == tag || entry == "*" {
			return true
		}
	}
	return false
}

const unbuiltPage = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Rapport</title>
<h1>Rapport is running</h1>
<p>The web apps are not part of this build. Run <code>make build</code> and start <code>bin/rapport serve</code> again.</p>
</html>
`

func unbuilt(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusServiceUnavailable)
	_, _ = w.Write([]byte(unbuiltPage)) // the client is gone if this fails
}
