// Package clientip tells which address a request came from.
package clientip

import (
	"fmt"
	"net/http"
	"net/netip"
	"strings"
)

// Trusted are the reverse proxies whose X-Forwarded-For is believed.
type Trusted []netip.Prefix

// ParseTrusted reads addresses and prefixes such as "10.0.0.0/8" or "127.0.0.1".
func ParseTrusted(entries []string) (Trusted, error) {
	var list Trusted
	for _, entry := range entries {
		entry = strings.TrimSpace(entry)
		if addr, err := netip.ParseAddr(entry); err == nil {
			list = append(list, netip.PrefixFrom(addr, addr.BitLen()))
			continue
		}
		prefix, err := netip.ParsePrefix(entry)
		if err != nil {
			return nil, fmt.Errorf("%q is not the address of a proxy; write 127.0.0.1 or 10.0.0.0/8", entry)
		}
		list = append(list, prefix.Masked())
	}
	return list, nil
}

// Of returns the address that the request came from: the peer's, or, behind
// trusted proxies, the last one in X-Forwarded-For that none of them is. What
// a client itself wrote there is never believed.
func (t Trusted) Of(r *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	addr := peer.Addr().Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && t.has(addr); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		addr = hop.Unmap().WithZone("")
	}
	return addr
}

func (t Trusted) has(addr netip.Addr) bool {
	for _, p := range t {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}
