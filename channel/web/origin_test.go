package web

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"rapport"
)

// Websites are kept and compared as browsers write them; what no browser ever
// says is refused when it is given, and harmless where it was stored before.
func TestOriginsAreNormal(t *testing.T) {
	t.Parallel()
	for given, kept := range map[string]string{
		"*":                          "*",
		"https://shop.example":       "https://shop.example",
		"HTTPS://Shop.Example":       "https://shop.example",
		"https://shop.example:443":   "https://shop.example",
		"http://shop.example:80":     "http://shop.example",
		"http://shop.example:443":    "http://shop.example:443",
		"https://shop.example:08443": "https://shop.example:8443",
		"https://Bücher.example":     "https://xn--bcher-kva.example",
		"https://straße.example":     "https://xn--strae-oqa.example",
		"http://my_host:3000":        "http://my_host:3000",
		"http://127.0.0.1:8080":      "http://127.0.0.1:8080",
		"http://[2001:DB8:0::1]:80":  "http://[2001:db8::1]",
	} {
		values, err := info.Accept(map[string]any{"origins": []any{given}}, map[string]any{})
		if err != nil || !slices.Equal(values.List("origins"), []string{kept}) {
			t.Errorf("%q is kept as %v, %v; want %q", given, values, err, kept)
		}
		if got := origins([]string{given}); !slices.Equal(got, []string{kept}) {
			t.Errorf("%q, stored before, is compared as %q; want %q", given, got, kept)
		}
	}
	for given, says := range map[string]string{
		"shop.example": "is not an origin", "https://shop.example/": "is not an origin", "https://shop.example/x": "is not an origin", "ftp://shop.example": "is not an origin",
		"https://shop.example?x": "is not an origin", "https://me@shop.example": "is not an origin", "https://shop.example:99999": "is not an origin", "https://": "is not an origin",
		"https://*.example": "has a * in it", "https://*": "has a * in it",
	} {
		_, err := info.Accept(map[string]any{"origins": []any{given}}, map[string]any{})
		refusal, ok := errors.AsType[*rapport.Error](err)
		if !ok || refusal.Field != "options.origins" || !strings.Contains(refusal.Message, says) {
			t.Errorf("%q: %v; want a refusal that says %q", given, err, says)
		}
		if values, err := info.Decode(map[string]any{"origins": []any{given}}); err != nil || !slices.Equal(origins(values.List("origins")), []string{given}) {
			t.Errorf("%q, stored before, keeps the inbox from opening: %v", given, err)
		}
	}
	_, b := stage(t, map[string]any{"origins": []string{"HTTPS://Bücher.example:443"}})
	b.from = "https://xn--bcher-kva.example"
	w := httptest.NewRecorder()
	b.serve.ServeHTTP(w, b.request("GET", "/config", ""))
	if w.Code != http.StatusOK {
		t.Errorf("a page of a stored website is answered with %d", w.Code)
	}
}
