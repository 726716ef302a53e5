// Package ssrf makes HTTP clients for addresses that somebody else chose, such
// as the webhook of an inbox: they reach the public internet and nothing near
// the server, unless the operator allows it.
package ssrf

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"syscall"
	"time"

	guard "code.dny.dev/ssrf"
)

// Policy says what else a client may reach, and how long and how much.
type Policy struct {
	// Allow names non-public destinations by address: "10.1.0.0/16",
	// "127.0.0.1:8080", "[fd00::1]:443". Names are not possible here, since
	// whoever owns a name chooses its address.
	Allow []string
	// Timeout ends a request with its answer; 0 stands for 15 seconds.
	Timeout time.Duration
	// MaxBody is how many bytes of an answer can be read; 0 stands for 1 MiB.
	MaxBody int64
}

// ErrRefused says that a destination is not public and not allowed.
var ErrRefused = errors.New("this address is not on the public internet")

// ErrTooLong says that an answer exceeds Policy.MaxBody.
var ErrTooLong = errors.New("the answer is too long")

// NewDialer returns a dialer that checks each address after its name is
// resolved and before a byte is sent.
func NewDialer(p Policy) (*net.Dialer, error) {
	allowed, err := parseAllow(p.Allow)
	if err != nil {
		return nil, err
	}
	if p.Timeout == 0 {
		p.Timeout = defaultTimeout
	}
	public := guard.New(guard.WithAnyPort())
	return &net.Dialer{
		Timeout: min(p.Timeout, 10*time.Second),
		Control: func(network, address string, conn syscall.RawConn) error {
			to, err := netip.ParseAddrPort(address)
			if err == nil && allowed.has(netip.AddrPortFrom(to.Addr().Unmap(), to.Port())) {
				return nil
			}
			if err := public.Safe(network, address, conn); err != nil {
				return fmt.Errorf("%w: %w", ErrRefused, err)
			}
			return nil
		},
	}, nil
}

const defaultTimeout = 15 * time.Second

// NewClient returns a client that dials like NewDialer, uses no proxy from the
// environment, and hands redirects to the caller instead of following them.
func NewClient(p Policy) (*http.Client, error) {
	dialer, err := NewDialer(p)
	if err != nil {
		return nil, err
	}
	if p.Timeout == 0 {
		p.Timeout = defaultTimeout
	}
	if p.MaxBody == 0 {
		p.MaxBody = 1 << 20
	}
	transport := &http.Transport{
		DialContext:            dialer.DialContext,
		TLSHandshakeTimeout:    10 * time.Second,
		ResponseHeaderTimeout:  p.Timeout,
		IdleConnTimeout:        90 * time.Second,
		MaxIdleConns:           100,
		MaxIdleConnsPerHost:    4,
		MaxResponseHeaderBytes: 64 << 10,
		ForceAttemptHTTP2:      true,
	}
	return &http.Client{
		Timeout:       p.Timeout,
		Transport:     &bounded{transport, p.MaxBody},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, nil
}

type allowList struct {
	hosts    map[netip.AddrPort]bool
	prefixes []netip.Prefix
}

func (l allowList) has(to netip.AddrPort) bool {
	if l.hosts[to] {
		return true
	}
	for _, p := range l.prefixes {
		if p.Contains(to.Addr()) {
			return true
		}
	}
	return false
}

func parseAllow(entries []string) (allowList, error) {
	list := allowList{hosts: map[netip.AddrPort]bool{}}
	for _, entry := range entries {
		entry = strings.TrimSpace(entry)
		if prefix, err := netip.ParsePrefix(entry); err == nil {
			list.prefixes = append(list.prefixes, prefix.Masked())
			continue
		}
		to, err := netip.ParseAddrPort(entry)
		if err != nil {
			return list, fmt.Errorf("%q is not an address that can be allowed; write 10.1.0.0/16 or 127.0.0.1:8080", entry)
		}
		list.hosts[netip.AddrPortFrom(to.Addr().Unmap(), to.Port())] = true
	}
	return list, nil
}

// bounded is a transport whose answers end with ErrTooLong beyond most bytes.
type bounded struct {
	http.RoundTripper
	most int64
}

func (b *bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme != "http" && r.URL.Scheme != "https" {
		return nil, fmt.Errorf("%w: %s is neither http nor https", ErrRefused, r.URL.Scheme)
	}
	answer, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		answer.Body = &boundedBody{answer.Body, b.most}
	}
	return answer, err
}

func (b *bounded) CloseIdleConnections() {
	if c, ok := b.RoundTripper.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

type boundedBody struct {
	io.ReadCloser
	left int64
}

func (b *boundedBody) Read(p []byte) (int, error) {
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1] // one more byte tells "too long" from "just fits"
	}
	n, err := b.ReadCloser.Read(p)
	if int64(n) > b.left {
		n, err = int(b.left), ErrTooLong
	}
	b.left -= int64(n)
	return n, err
}
