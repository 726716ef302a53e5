package store

import (
	"context"
	"fmt"
	"net"
	"os"
	"syscall"
	"testing"

	"rapport"
)

// A machine that goes away without a word is given up within seconds: both what is sent
// to it, and what only listens.
func TestPostgreSQLIsGivenUpWhenItIsSilent(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, from, err := sourcesOf("postgres://rapport@" + listener.Addr().String() + "/rapport")
	if err != nil {
		t.Fatal(err)
	}
	for _, source := range []string{from.writer, from.reader} {
		c, err := reach(source)
		if err != nil {
			t.Fatal(err)
		}
		conn, err := c.DialFunc(context.Background(), "tcp", listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		raw, err := conn.(*net.TCPConn).SyscallConn()
		if err != nil {
			t.Fatal(err)
		}
		for name, option := range map[string]struct{ level, option, want int }{
			"what was sent, in ms":     {syscall.IPPROTO_TCP, tcpUserTimeout, 20000},
			"probes":                   {syscall.SOL_SOCKET, syscall.SO_KEEPALIVE, 1},
			"silence before the first": {syscall.IPPROTO_TCP, syscall.TCP_KEEPIDLE, 10},
			"between them":             {syscall.IPPROTO_TCP, syscall.TCP_KEEPINTVL, 5},
			"how many":                 {syscall.IPPROTO_TCP, syscall.TCP_KEEPCNT, 2},
		} {
			var got int
			var failed error
			if err := raw.Control(func(fd uintptr) { got, failed = syscall.GetsockoptInt(int(fd), option.level, option.option) }); err != nil || failed != nil || got != option.want {
				t.Errorf("%s: %d (%v, %v), want %d", name, got, err, failed, option.want)
			}
		}
	}
}

func TestAConnectionThatTimedOutIsTriedAgain(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("write failed: %w", &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ETIMEDOUT)})
	if got := rapport.KindOf(classify(err)); got != rapport.Unavailable {
		t.Errorf("it is answered as %v", got)
	}
}
