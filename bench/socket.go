package bench

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
)

const (
	mostSockets   = 5000 // idle connections
	fanoutSockets = 2000 // connected agents who get a message

	often  = 100 * time.Millisecond  // between messages that agents get
	seldom = 1200 * time.Millisecond // between those that come alone
)

// desk is the live connection of an agent.
type desk struct{ socket *websocket.Conn }

// connect opens the socket of a session and waits until it is live.
func (s *server) connect(ctx context.Context, token string) (*desk, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	var socket *websocket.Conn
	for {
		var response *http.Response
		var err error
		socket, response, err = websocket.Dial(ctx, "ws://"+s.address+"/api/v1/socket", &websocket.DialOptions{HTTPHeader: http.Header{"Cookie": {"rapport_session=" + token}}})
		if err == nil {
			break
		}
		if response == nil || response.StatusCode != http.StatusServiceUnavailable {
			return nil, err
		}
		if err := pause(ctx, 20*time.Millisecond); err != nil { // it is starting
			return nil, err
		}
	}
	socket.SetReadLimit(1 << 20)
	if err := socket.Write(ctx, websocket.MessageText, []byte(`{"t":"resume","seq":0}`)); err != nil {
		return nil, err
	}
	_, frame, err := socket.Read(ctx)
	if err == nil && !strings.Contains(string(frame), `"hello"`) {
		err = fmt.Errorf("the socket says %s instead of hello", frame)
	}
	return &desk{socket}, err
}

// desks are live connections whose frames somebody reads.
type desks struct {
	all     []*desk
	readers sync.WaitGroup
}

// connectAll opens the sockets of sessions, a few at a time. heard gets every
// frame.
func (s *server) connectAll(ctx context.Context, tokens []string, heard func(n int, frame []byte)) (*desks, error) {
	d := &desks{all: make([]*desk, len(tokens))}
	var connecting sync.WaitGroup
	errs := make(chan error, len(tokens))
	turns := make(chan struct{}, 32)
	for n, token := range tokens {
		turns <- struct{}{}
		connecting.Go(func() {
			defer func() { <-turns }()
			one, err := s.connect(ctx, token)
			if err != nil {
				errs <- err
				return
			}
			d.all[n] = one
			d.readers.Go(func() {
				for {
					_, frame, err := one.socket.Read(context.Background())
					if err != nil {
						return
					}
					heard(n, frame)
				}
			})
		})
	}
	connecting.Wait()
	select {
	case err := <-errs:
		d.close()
		return nil, fmt.Errorf("connect %d agents: %w", len(tokens), err)
	default:
		return d, nil
	}
}

func (d *desks) close() {
	for _, one := range d.all {
		if one != nil {
			_ = one.socket.CloseNow() // nobody listens any more
		}
	}
	d.readers.Wait()
}

// Sockets is what a connection costs while nothing happens.
type Sockets struct {
	KiB   float64 `json:"kib"` // resident memory of the server, per connection
	Count int     `json:"connections"`
}

func (r *run) connection(ctx context.Context) error {
	w, err := r.bigOffice(ctx)
	if err != nil {
		return err
	}
	tokens, err := w.signIn(ctx, mostSockets)
	if err != nil {
		return err
	}
	s, err := r.serve(ctx, w)
	if err != nil {
		return err
	}
	defer s.stop()
	if err := pause(ctx, 3*time.Second); err != nil {
		return err
	}
	r.Tell(fmt.Sprintf("connecting %d agents", mostSockets))
	before, err := s.resident()
	if err != nil {
		return err
	}
	d, err := s.connectAll(ctx, tokens, func(int, []byte) {})
	if err != nil {
		return err
	}
	defer d.close()
	if err := pause(ctx, r.pick(20*time.Second, 3*time.Second)); err != nil {
		return err
	}
	after, err := s.resident()
	if err != nil {
		return err
	}
	r.report.Connection = &Sockets{KiB: float64(after-before) / 1024 / mostSockets, Count: mostSockets}
	return nil
}

// Fanout is what one message costs the server, all in all, beside what it
// costs with nobody connected who may see it.
type Fanout struct {
	CPU      float64 `json:"cpu_ms"`        // one message to agents who may see it, all included, at ten a second
	Alone    float64 `json:"alone_cpu_ms"`  // the same, while no other one comes
	Unseen   float64 `json:"unseen_cpu_ms"` // one message while as many are connected who may not, at ten a second
	Agents   int     `json:"agents"`
	Messages int     `json:"messages"`
	Frames   int64   `json:"frames"` // that arrived at the agents
}

func (r *run) fanout(ctx context.Context) error {
	w, err := r.bigOffice(ctx)
	if err != nil {
		return err
	}
	tokens, err := w.signIn(ctx, fanoutSockets/(w.queues-1)*w.queues+w.queues)
	if err != nil {
		return err
	}
	// Everybody is in the default queue; nobody who connects is in the last one.
	unseen := w.queues - 1
	var seeing []string
	for n, token := range tokens {
		if n%w.queues != unseen && len(seeing) < fanoutSockets {
			seeing = append(seeing, token)
		}
	}
	s, err := r.serve(ctx, w)
	if err != nil {
		return err
	}
	defer s.stop()
	r.Tell(fmt.Sprintf("connecting %d agents", len(seeing)))
	var frames counter
	d, err := s.connectAll(ctx, seeing, func(_ int, frame []byte) {
		if marker(frame) >= 0 {
			frames.add(1)
		}
	})
	if err != nil {
		return err
	}
	defer d.close()
	r.Tell("sending messages that all of them see, and then that none of them does")
	f := &Fanout{Agents: len(seeing), Messages: int(r.pick(80, 20))}
	alone := int(r.pick(20, 4))
	sent := 0
	for _, kind := range []struct {
		inbox, messages int
		every           time.Duration
		into            *float64
	}{
		{w.queues, f.Messages, often, &f.CPU},
		{w.queues, alone, seldom, &f.Alone},
		{unseen, f.Messages, often, &f.Unseen},
	} {
		idle, err := s.cost(ctx, nil, kind.messages, kind.every)
		if err != nil {
			return err
		}
		c, err := dial(s.address)
		if err != nil {
			return err
		}
		cost, err := s.cost(ctx, func() error {
			sent++
			m := w.message(sent)
			m.inbox, m.customer = kind.inbox, fmt.Sprintf("fan-%d", sent)
			_, err := c.send(m)
			return err
		}, kind.messages, kind.every)
		c.close()
		if err != nil {
			return err
		}
		*kind.into = ms(cost-idle) / float64(kind.messages)
	}
	f.Frames = frames.load()
	if want := int64((f.Messages + alone) * len(seeing)); f.Frames != want {
		return fmt.Errorf("%d frames arrived at the agents, not %d", f.Frames, want)
	}
	r.report.Fanout = f
	return nil
}

// cost is the CPU time of the server while do runs n times, one every so often.
func (s *server) cost(ctx context.Context, do func() error, n int, every time.Duration) (time.Duration, error) {
	before, err := s.cpu()
	if err != nil {
		return 0, err
	}
	for range n {
		if do != nil {
			if err := do(); err != nil {
				return 0, err
			}
		}
		if err := pause(ctx, every); err != nil {
			return 0, err
		}
	}
	if err := pause(ctx, time.Second); err != nil { // what is under way arrives
		return 0, err
	}
	after, err := s.cpu()
	return after - before, err
}
