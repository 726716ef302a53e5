package web

import (
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// hosts is how browsers write the name of a host (UTS 46).
var hosts = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false), idna.BidiRule())

// fitOrigins is the Fit of the websites: each as browsers write it.
func fitOrigins(value any) (any, string) {
	given, _ := value.([]string)
	list := []string{}
	for _, text := range given {
		origin, wrong := normal(text)
		if wrong != "" {
			return value, wrong
		}
		list = append(list, origin)
	}
	return list, ""
}

// origins are the websites of an inbox as browsers write them. What was stored
// before it had to fit, and names none, stays as it is: it never matches.
func origins(stored []string) []string {
	list := []string{}
	for _, text := range stored {
		if origin, wrong := normal(text); wrong == "" {
			text = origin
		}
		list = append(list, text)
	}
	return list
}

// normal writes an origin as browsers do in the header Origin: in lower case,
// with a host in ASCII, and without the scheme's own port. wrong says in a
// sentence why a text is none.
func normal(text string) (origin, wrong string) {
	if text == "*" {
		return text, ""
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || text != text[:len(u.Scheme)]+"://"+u.Host {
		return "", fmt.Sprintf("%q is not an origin such as https://www.example.com, without a path.", text)
	}
	if strings.Contains(u.Host, "*") {
		return "", fmt.Sprintf("%q has a * in it, which stands for nothing there; name each website, or allow every one by * alone.", text)
	}
	host, err := hosts.ToASCII(u.Hostname())
	if ip, notIP := netip.ParseAddr(u.Hostname()); notIP == nil {
		if host, err = ip.String(), nil; ip.Is6() {
			host = "[" + host + "]"
		}
	}
	port, wrongPort := uint64(0), error(nil)
	if u.Port() != "" {
		port, wrongPort = strconv.ParseUint(u.Port(), 10, 16)
	}
	switch {
	case err != nil || host == "" || wrongPort != nil:
		return "", fmt.Sprintf("%q is not an origin such as https://www.example.com, without a path.", text)
	case port == 0, u.Scheme == "http" && port == 80, u.Scheme == "https" && port == 443:
		return u.Scheme + "://" + host, ""
	}
	return u.Scheme + "://" + host + ":" + strconv.FormatUint(port, 10), ""
}
