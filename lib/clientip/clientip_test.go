package clientip

import (
	"net/http"
	"testing"
)

func TestOf(t *testing.T) {
	t.Parallel()
	trusted, err := ParseTrusted([]string{"10.0.0.0/8", "127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, peer string
		forwarded  []string
		want       string
	}{
		{"direct", "198.51.100.7:4711", nil, "198.51.100.7"},
		{"direct, forged", "198.51.100.7:4711", []string{"203.0.113.9"}, "198.51.100.7"},
		{"one proxy", "127.0.0.1:4711", []string{"203.0.113.9"}, "203.0.113.9"},
		{"one proxy, forged in front", "127.0.0.1:4711", []string{"192.0.2.1, 203.0.113.9"}, "203.0.113.9"},
		{"two proxies", "127.0.0.1:4711", []string{"203.0.113.9", "10.1.2.3"}, "203.0.113.9"},
		{"rubbish stops at the last proxy", "127.0.0.1:4711", []string{"<script>, 10.1.2.3"}, "10.1.2.3"},
		{"proxy without the header", "127.0.0.1:4711", nil, "127.0.0.1"},
		{"IPv4 in IPv6", "[::ffff:198.51.100.7]:4711", nil, "198.51.100.7"},
		{"IPv6", "[2001:db8::1]:4711", nil, "2001:db8::1"},
	} {
		r := &http.Request{RemoteAddr: test.peer, Header: http.Header{"X-Forwarded-For": test.forwarded}}
		if got := trusted.Of(r); got.String() != test.want {
			t.Errorf("%s: %s; want %s", test.name, got, test.want)
		}
	}
	if _, err := ParseTrusted([]string{"proxy.example"}); err == nil {
		t.Error("a name was accepted as a trusted proxy")
	}
}
