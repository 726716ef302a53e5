package gateway_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"rapport/gateway"
)

// patience records until when a connection waits for bytes.
type patience struct {
	*httptest.ResponseRecorder
	until []time.Time
}

func (p *patience) SetReadDeadline(t time.Time) error {
	p.until = append(p.until, t)
	return nil
}

// Whoever sends a part of a body and then nothing is not waited for for ever; who
// sends a long one at a fair pace is, and so is whoever works on one that is here.
func TestABodyHasItsTime(t *testing.T) {
	t.Parallel()
	p := &patience{ResponseRecorder: httptest.NewRecorder()}
	began := time.Now()
	body := gateway.InTime(p, io.NopCloser(iotest.HalfReader(strings.NewReader(strings.Repeat("x", 100<<10)))))
	if len(p.until) != 1 {
		t.Fatal("a body that nobody reads has no time") // the server does, before it sends the answer
	}
	if _, err := io.Copy(io.Discard, body); err != nil {
		t.Fatal(err)
	}
	last := len(p.until) - 1
	if last < 2 || !p.until[last].IsZero() {
		t.Fatalf("once the body is here, the connection waits until %v; want no end", p.until)
	}
	first, late := p.until[0].Sub(began), p.until[last-1].Sub(began)
	if first < 10*time.Second || first > time.Minute || late < first+10*time.Second {
		t.Errorf("waits %v for the first bytes, and %v for the last of 100 kB", first, late)
	}
	if gateway.InTime(p, http.NoBody) != http.NoBody {
		t.Error("waits for a body that there is not")
	}
}

// The gateway gives each body its time.
func TestServePaces(t *testing.T) {
	scenes(t, func(t *testing.T, s *scene) {
		i, _ := s.window("support")
		p := &patience{ResponseRecorder: httptest.NewRecorder()}
		s.Serve(p, httptest.NewRequest("POST", "/in/"+string(i.ID)+"/slip", strings.NewReader("Hello")))
		if len(p.until) == 0 {
			t.Error("a body may take for ever")
		}
	})
}
