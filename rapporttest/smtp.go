package rapporttest

import (
	"bufio"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// MailServer is an SMTP server of this process. It keeps what it was given.
type MailServer struct {
	Host string
	Port int

	mu     sync.Mutex
	got    []Letter
	manner Manner
	wake   chan struct{}
}

// Letter is an e-mail as it came over the wire.
type Letter struct {
	From, To string
	Text     string // headers and body
}

// Manner is how the server behaves.
type Manner string

const (
	Friendly Manner = ""
	Busy     Manner = "busy"     // refuses each e-mail for now
	Refusing Manner = "refusing" // refuses each recipient for good
	Vanish   Manner = "vanish"   // takes the whole e-mail, and breaks the line instead of an answer
	Wants    Manner = "wants"    // wants the user "rapport" with the password "secret word"
)

// SMTP starts a mail server that ends with the test.
func SMTP(t testing.TB) *MailServer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	host, port, _ := net.SplitHostPort(l.Addr().String()) // it is what Listen gave
	s := &MailServer{Host: host, wake: make(chan struct{}, 1)}
	s.Port, _ = strconv.Atoi(port)
	var busy sync.WaitGroup
	var mu sync.Mutex
	open := map[net.Conn]bool{}
	busy.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			open[conn] = true
			mu.Unlock()
			busy.Go(func() {
				defer conn.Close()
				s.talk(conn)
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		mu.Lock()
		for conn := range open {
			conn.Close()
		}
		mu.Unlock()
		busy.Wait()
	})
	return s
}

// Behave changes how it answers from now on.
func (s *MailServer) Behave(m Manner) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.manner = m
}

// Letters returns what came so far.
func (s *MailServer) Letters() []Letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Letter(nil), s.got...)
}

// Await waits for the n-th letter.
func (s *MailServer) Await(t testing.TB, n int) []Letter {
	t.Helper()
	for {
		if got := s.Letters(); len(got) >= n {
			return got
		}
		select {
		case <-s.wake:
		case <-t.Context().Done():
			t.Fatalf("%d letters came; %d were expected", len(s.Letters()), n)
		}
	}
}

func (s *MailServer) talk(conn net.Conn) {
	r := bufio.NewReader(conn)
	say := func(text string) { fmt.Fprint(conn, text+"\r\n") }
	say("220 test")
	var l Letter
	allowed := false
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		verb, _, _ := strings.Cut(strings.ToUpper(line), " ")
		s.mu.Lock()
		manner := s.manner
		s.mu.Unlock()
		switch {
		case verb == "EHLO" || verb == "HELO":
			say("250-test\r\n250-AUTH PLAIN\r\n250 8BITMIME")
		case verb == "AUTH":
			// base64 of "\0rapport\0secret word"
			if allowed = strings.HasSuffix(line, "AHJhcHBvcnQAc2VjcmV0IHdvcmQ="); allowed {
				say("235 welcome")
			} else {
				say("535 5.7.8 wrong name or password")
			}
		case verb == "MAIL" && manner == Wants && !allowed:
			say("530 5.7.0 sign in first")
		case strings.HasPrefix(strings.ToUpper(line), "MAIL FROM:"):
			l = Letter{From: between(line)}
			say("250 ok")
		case strings.HasPrefix(strings.ToUpper(line), "RCPT TO:"):
			if manner == Refusing {
				say("550 5.1.1 nobody here")
				continue
			}
			l.To = between(line)
			say("250 ok")
		case verb == "DATA" && manner == Busy:
			say("451 4.3.0 busy")
		case verb == "DATA":
			say("354 go on")
			var text strings.Builder
			for {
				line, err := r.ReadString('\n')
				if err != nil {
					return
				}
				if line == ".\r\n" {
					break
				}
				text.WriteString(strings.TrimPrefix(line, "."))
			}
			l.Text = text.String()
			s.mu.Lock()
			s.got = append(s.got, l)
			s.mu.Unlock()
			select {
			case s.wake <- struct{}{}:
			default:
			}
			if manner == Vanish {
				return
			}
			say("250 taken")
		case verb == "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func between(line string) string {
	_, rest, _ := strings.Cut(line, "<")
	address, _, _ := strings.Cut(rest, ">")
	return address
}
