package api

import (
	"embed"
	"mime"
	"net/http"
	"path"
)

//go:embed docs
var docs embed.FS

// serveDocs serves a page that shows the OpenAPI document. Script and style
// are our own: the page works offline and under the same policy as the desk.
func (s *server) serveDocs(name string) http.HandlerFunc {
	text, err := docs.ReadFile("docs/" + name)
	if err != nil {
		panic(err) // it is embedded
	}
	kind := mime.TypeByExtension(path.Ext(name))
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.Write(text)
	}
}

func (s *server) serveDocument(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/vnd.oai.openapi+json")
	w.Write(s.document())
}
