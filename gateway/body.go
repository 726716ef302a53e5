package gateway

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// What comes from outside has to come at a pace: a body may take bodyWithin, and
// a second more for each slowest bytes of it.
var bodyWithin = 30 * time.Second

const slowest = 4 << 10

// paced is the body of a request that is read within its time.
type paced struct {
	io.ReadCloser
	control *http.ResponseController
	began   time.Time
	read    int64
}

// inTime limits how long the body of a request may take. Whoever sent a part of one
// and then nothing would otherwise hold a connection for ever.
func inTime(w http.ResponseWriter, body io.ReadCloser) io.ReadCloser {
	if body == nil || body == http.NoBody {
		return body
	}
	p := &paced{body, http.NewResponseController(w), time.Now(), 0}
	_ = p.control.SetReadDeadline(p.began.Add(bodyWithin)) // also of one that is not read before the answer
	return p
}

func (p *paced) Read(into []byte) (int, error) {
	until := p.began.Add(bodyWithin + time.Duration(p.read)*time.Second/slowest)
	_ = p.control.SetReadDeadline(until) // recorders in tests have none
	n, err := p.ReadCloser.Read(into)
	p.read += int64(n)
	if errors.Is(err, io.EOF) { // the answer may take as long as it does
		_ = p.control.SetReadDeadline(time.Time{})
	}
	return n, err
}
