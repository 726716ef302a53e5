package app

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"rapport"
	"rapport/lib/ssrf"
)

// S3-41: places are found by name on a server of the operator's choice. What it
// answers is checked and bounded; where it does not answer, the agent is told
// what to do instead.
func TestPlaces(t *testing.T) {
	t.Parallel()
	if places("", http.DefaultClient) != nil {
		t.Error("without a server places are looked for")
	}
	one := `{"lat":"53.5461","lon":"9.9937","name":"Harbour office","display_name":"Harbour office, Am Sandtorkai"}`
	far := strings.Repeat("ä", 150)
	for _, test := range []struct {
		name, answer string
		status       int
		want         []rapport.Location
	}{
		{"one", "[" + one + "]", 200, []rapport.Location{{Latitude: 53.5461, Longitude: 9.9937, Name: "Harbour office", Address: "Harbour office, Am Sandtorkai"}}},
		{"none", "[]", 200, []rapport.Location{}},
		{"without a name", `[{"lat":"1","lon":"2","display_name":"Somewhere"}]`, 200, []rapport.Location{{Latitude: 1, Longitude: 2, Name: "Somewhere"}}},
		{"not on earth", `[{"lat":"99","lon":"2","name":"x"},{"lat":"one","lon":"2","name":"x"},` + one + `]`, 200, []rapport.Location{{Latitude: 53.5461, Longitude: 9.9937, Name: "Harbour office", Address: "Harbour office, Am Sandtorkai"}}},
		{"cut to whole letters", `[{"lat":"1","lon":"2","name":"` + far + `"}]`, 200, []rapport.Location{{Latitude: 1, Longitude: 2, Name: strings.Repeat("ä", 100)}}},
		{"no JSON", "<html>", 200, nil},
		{"out of order", one, 500, nil},
		{"endless", "[" + strings.Repeat(" ", 300<<10) + one + "]", 200, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if got := r.URL.RequestURI(); got != "/maps/search?format=jsonv2&limit=5&q=H%C3%A4fen+%26+co" {
					t.Errorf("asked for %s", got)
				}
				w.WriteHeader(test.status)
				fmt.Fprint(w, test.answer)
			}))
			t.Cleanup(server.Close)
			got, err := places(server.URL+"/maps/", server.Client())(t.Context(), "Häfen & co")
			if test.want == nil {
				if rapport.CodeOf(err) != "no_places" || len(got) != 0 {
					t.Errorf("it answers %v, %v; want no_places", got, err)
				}
				return
			}
			if err != nil || fmt.Sprint(got) != fmt.Sprint(test.want) {
				t.Errorf("found %+v, %v; want %+v", got, err, test.want)
			}
		})
	}
	// The server's address goes through the guard like any other.
	client, err := ssrf.NewClient(ssrf.Policy{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := places("http://127.0.0.1:9", client)(t.Context(), "x"); rapport.CodeOf(err) != "no_places" {
		t.Errorf("near the server: %v", err)
	}
}

// Many places are more than anybody chooses from.
func TestPlacesAreFew(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "["+strings.TrimSuffix(strings.Repeat(`{"lat":"1","lon":"2","name":"x"},`, 9), ",")+"]")
	}))
	t.Cleanup(server.Close)
	if got, err := places(server.URL, server.Client())(t.Context(), "x"); err != nil || len(got) != 5 {
		t.Errorf("%d places, %v; want 5", len(got), err)
	}
}
