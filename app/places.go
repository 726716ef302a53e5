package app

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"rapport"
)

// places finds places by name on a Nominatim server; nil without one.
func places(server string, client *http.Client) func(context.Context, string) ([]rapport.Location, error) {
	if server == "" {
		return nil
	}
	failed := rapport.Errorf(rapport.Unavailable, "no_places", "The server that finds places does not answer; type coordinates instead.")
	return func(ctx context.Context, name string) ([]rapport.Location, error) {
		q := url.Values{"q": {name}, "format": {"jsonv2"}, "limit": {"5"}}
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(server, "/")+"/search?"+q.Encode(), nil)
		if err != nil {
			return nil, err
		}
		r.Header.Set("User-Agent", "Rapport")
		answer, err := client.Do(r)
		if err != nil {
			return nil, failed
		}
		defer answer.Body.Close()
		var found []struct {
			Lat  string `json:"lat"`
			Lon  string `json:"lon"`
			Name string `json:"name"`
			Full string `json:"display_name"`
		}
		if answer.StatusCode != http.StatusOK || json.NewDecoder(io.LimitReader(answer.Body, 256<<10)).Decode(&found) != nil {
			return nil, failed
		}
		list := []rapport.Location{}
		for _, f := range found {
			lat, bad := strconv.ParseFloat(f.Lat, 64)
			lon, worse := strconv.ParseFloat(f.Lon, 64)
			l := rapport.Location{Latitude: lat, Longitude: lon, Name: clip(f.Name), Address: clip(f.Full)}
			if l.Name == "" {
				l.Name, l.Address = l.Address, ""
			}
			if bad == nil && worse == nil && l.Validate("") == nil && len(list) < 5 {
				list = append(list, l)
			}
		}
		return list, nil
	}
}

func clip(s string) string {
	if len(s) <= 200 {
		return s
	}
	return strings.ToValidUTF8(s[:200], "")
}
