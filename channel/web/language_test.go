package web

import (
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

func TestRefusalsAreInTheLanguageOfThePage(t *testing.T) {
	t.Parallel()
	_, b := stage(t, nil)
	b.begin("")
	for accept, want := range map[string]string{
		"de": "Der Text ist leer.", "fr, de-AT;q=0.5": "Der Text ist leer.", "en, de": "The text is empty.", "": "The text is empty.", "fr": "The text is empty.",
		"de;q=0": "The text is empty.", "en;q=0.3, de": "Der Text ist leer.",
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

// Browsers ask first about every header that is not as they expect it; one that
// is not named here keeps the whole chat from a page.
func TestPagesMaySendTheHeadersOfTheWidget(t *testing.T) {
	t.Parallel()
	_, b := stage(t, nil)
	r := b.request("OPTIONS", "/config", "")
	r.Header.Set("Access-Control-Request-Method", "GET")
	w := httptest.NewRecorder()
	b.serve.ServeHTTP(w, r)
	allowed := strings.Split(w.Header().Get("Access-Control-Allow-Headers"), ", ")
	for _, name := range []string{"Accept-Language", "Authorization", "Content-Type", "Upload-Offset"} {
		if !slices.Contains(allowed, name) {
			t.Errorf("%s is not among %q", name, allowed)
		}
	}
}
