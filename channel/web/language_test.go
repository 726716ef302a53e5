package web

import (
	"net/http/httptest"
	"strings"
	"testing"
)

func TestRefusalsAreInTheLanguageOfThePage(t *testing.T) {
	t.Parallel()
	_, b := stage(t, nil)
	b.begin("")
	for accept, want := range map[string]string{
		"de": "Der Text ist leer.", "fr, de-AT;q=0.5": "Der Text ist leer.", "en, de": "The text is empty.", "": "The text is empty.", "fr": "The text is empty.",
	} {
		r := b.request("POST", "/messages", `{"client_id":"c1","body":""}`)
		r.Header.Set("Accept-Language", accept)
		w := httptest.NewRecorder()
		b.serve.ServeHTTP(w, r)
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("%q is answered with %s; want %q", accept, w.Body, want)
		}
	}
}
