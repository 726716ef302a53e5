package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/coder/websocket"
	"golang.org/x/time/rate"

	"rapport"
	"rapport/channel"
	"rapport/lib/problem"
)

const (
	authWithin  = 10 * time.Second
	heardWithin = 75 * time.Second // the widget pings every 20 s
	maxFrame    = 4 << 10
	typingEvery = 500 * time.Millisecond

	closeSessionOver = websocket.StatusCode(4401)
)

// frame is one of the browser's.
type frame struct {
	T      string `json:"t"` // auth, typing, seen, anyone, ping
	Token  string `json:"token"`
	Cursor cursor `json:"cursor"`
	On     bool   `json:"on"`
	Seq    int    `json:"seq"`
}

// cursor comes back as the number it was, or as text.
type cursor int64

func (c *cursor) UnmarshalJSON(text []byte) error {
	n, err := strconv.ParseInt(strings.Trim(string(text), `"`), 10, 64)
	if err != nil || n < 0 {
		return errors.New("not a cursor")
	}
	*c = cursor(n)
	return nil
}

// Why a line ends, beyond what the network or the host says.
var (
	errBadFrame = errors.New("the frame is not one of ours")
	errFlood    = errors.New("more frames than a person can cause")
	errReset    = errors.New("the cursor is gone")
	errStopping = errors.New("the inbox is being closed")
)

// socket serves one browser until either side ends it. What it sends it reads
// from the host's log each time, so there is no queue that could fill up: a
// browser that does not take a frame in time is dropped and resumes by cursor.
func (a *adapter) socket(w http.ResponseWriter, r *http.Request) {
	from := caller(r)
	if !a.sockets.enter(from) {
		problem.Write(w, rapport.Errorf(rapport.TooMany, "too_many_sockets", "Too many windows are open; close one."))
		return
	}
	defer a.sockets.leave(from)
	// The origin was checked in ServeHTTP, against the inbox's own list.
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		return // Accept has answered
	}
	defer conn.CloseNow()
	conn.SetReadLimit(maxFrame)
	l := &line{a: a, conn: conn, pace: rate.NewLimiter(10, 40)}
	err = l.run(r.Context())
	if rapport.KindOf(err) == rapport.Internal && websocket.CloseStatus(err) == -1 {
		a.setup.Log.Debug("a socket ended", "channel", info.Kind, "inbox", a.setup.Inbox.ID, "reason", err)
	}
}

// line is an open socket: one goroutine hears, one tells.
type line struct {
	a    *adapter
	conn *websocket.Conn
	pace *rate.Limiter
	v    channel.Visitor

	cursor int64         // what was told up to here; the teller's
	last   *conversation // as last told; the teller's

	typedAt time.Time // the hearer's
	typedOn bool
}

// run returns why the line ended, after both goroutines are done.
func (l *line) run(ctx context.Context) error {
	first, err := l.hear(ctx, authWithin)
	if err != nil {
		return l.hangUp(err)
	}
	if first.T != "auth" {
		return l.hangUp(errBadFrame)
	}
	if l.v, err = l.a.admit(ctx, first.Token); err != nil {
		return l.hangUp(err)
	}
	l.cursor = int64(first.Cursor)

	telling, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	defer context.AfterFunc(l.a.sockets.ctx, func() { stop(errStopping) })()
	telling, expire := context.WithDeadlineCause(telling, l.v.ExpiresAt, errNoSession)
	defer expire()
	watch := l.a.setup.Visitors.Watch(l.v)
	defer watch.Close()

	// Ending a read's context cuts the connection without a word, so the hearer
	// has one of its own and ends with the connection.
	done := make(chan struct{})
	go func() {
		defer close(done)
		stop(l.listen(ctx))
	}()
	err = l.tell(telling, watch)
	if cause := context.Cause(telling); cause != nil {
		err = cause
	}
	l.hangUp(err)
	<-done
	return err
}

// hangUp closes the connection with the code for a reason, and returns that.
func (l *line) hangUp(why error) error {
	switch {
	case errors.Is(why, errNoSession), errors.Is(why, errAnonymous):
		l.conn.Close(closeSessionOver, "session over")
	case errors.Is(why, errStopping):
		l.conn.Close(websocket.StatusGoingAway, "stopping")
	case errors.Is(why, errReset):
		l.conn.Close(websocket.StatusNormalClosure, "reset")
	case errors.Is(why, errBadFrame), errors.Is(why, errFlood):
		l.conn.Close(websocket.StatusPolicyViolation, why.Error())
	}
	l.conn.CloseNow()
	return why
}

// tell sends what is new until something ends the line.
func (l *line) tell(ctx context.Context, watch channel.Watch) error {
	if err := l.say(ctx, map[string]string{"t": "hello"}); err != nil {
		return err
	}
	from := l.cursor
	for {
		t, err := l.a.setup.Visitors.After(ctx, l.v, from)
		if rapport.KindOf(err) == rapport.Conflict && err != nil {
			if err := l.say(ctx, map[string]string{"t": "reset"}); err != nil {
				return err
			}
			return errReset
		}
		if err != nil {
			return err
		}
		if err := l.page(ctx, t); err != nil {
			return err
		}
		for changed := false; !changed; {
			news, err := l.next(ctx, watch)
			if err != nil {
				return err
			}
			if news.Typing != nil {
				if err := l.say(ctx, typingFrame{"typing", news.Typing.Name, news.Typing.On}); err != nil {
					return err
				}
			}
			changed, from = news.Changed, max(l.cursor, news.Since)
		}
	}
}

// next waits for news. A place in the line changes with what others do, of which
// this visitor hears nothing: while they wait, it is looked at now and then.
func (l *line) next(ctx context.Context, watch channel.Watch) (channel.News, error) {
	if l.last == nil || l.last.Waiting == nil {
		return watch.Next(ctx)
	}
	patience, cancel := context.WithTimeout(ctx, l.a.lineEvery)
	defer cancel()
	news, err := watch.Next(patience)
	if err != nil && ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
		return channel.News{Changed: true}, nil
	}
	return news, err
}

type typingFrame struct {
	T    string `json:"t"`
	Name string `json:"name,omitempty"`
	On   bool   `json:"on"`
}

type itemsFrame struct {
	T string `json:"t"`
	thread
}

// page sends a part of the thread, unless the browser knows it already.
func (l *line) page(ctx context.Context, t channel.Thread) error {
	l.cursor = t.Cursor
	page := l.a.shown(l.v, t)
	if len(page.Items) == 0 && (page.Conversation == nil || page.Conversation.same(l.last)) {
		return nil
	}
	if page.Conversation != nil {
		l.last = page.Conversation
	}
	if err := l.say(ctx, itemsFrame{"items", page}); err != nil {
		return err
	}
	l.a.delivered(ctx, t)
	return nil
}

func (l *line) say(ctx context.Context, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, l.a.patience)
	defer cancel()
	return l.conn.Write(ctx, websocket.MessageText, text)
}

// listen takes in what the browser says until the connection ends.
func (l *line) listen(ctx context.Context) error {
	for {
		f, err := l.hear(ctx, heardWithin)
		if err != nil {
			return err
		}
		if !l.pace.Allow() {
			return errFlood
		}
		switch f.T {
		case "ping":
			err = l.say(ctx, map[string]string{"t": "pong"})
		case "seen":
			if f.Seq > 0 {
				err = l.a.setup.Visitors.Act(ctx, l.v, channel.Action{Seen: f.Seq})
			}
		case "anyone":
			err = l.a.setup.Visitors.Act(ctx, l.v, channel.Action{Anyone: true})
		case "typing":
			err = l.typing(ctx, f.On)
		default:
			return errBadFrame
		}
		if err != nil {
			return err
		}
	}
}

// typing passes on a change at once and a repeat now and then.
func (l *line) typing(ctx context.Context, on bool) error {
	if on == l.typedOn && time.Since(l.typedAt) < typingEvery {
		return nil
	}
	l.typedOn, l.typedAt = on, time.Now()
	return l.a.setup.Visitors.Act(ctx, l.v, channel.Action{Typing: &on})
}

func (l *line) hear(ctx context.Context, within time.Duration) (f frame, err error) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	kind, text, err := l.conn.Read(ctx)
	if err != nil {
		return f, err
	}
	return parseFrame(kind, text)
}

func parseFrame(kind websocket.MessageType, text []byte) (f frame, err error) {
	if kind != websocket.MessageText || json.Unmarshal(text, &f) != nil {
		return frame{}, errBadFrame
	}
	return f, nil
}
