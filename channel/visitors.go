package channel

import (
	"context"
	"errors"
	"time"

	"rapport"
)

// Visitors is the side of Rapport for channels whose customers come to us and
// fetch what is new. All of it is about one inbox.
type Visitors interface {
	// Admit remembers a visitor. With points the contact is found or made at
	// once and gets those that nobody else has; without, on the first message.
	Admit(ctx context.Context, v Visitor) (Visitor, error)
	// Visitor finds who a token belongs to; of kind NotFound when it is
	// unknown or has expired.
	Visitor(ctx context.Context, tokenHash string) (Visitor, error)
	// Thread returns the messages of the visitor's latest conversation.
	Thread(ctx context.Context, v Visitor) (Thread, error)
	// After returns what changed since a cursor. Of kind Conflict when the log
	// does not reach back that far: then Thread tells the state.
	After(ctx context.Context, v Visitor, cursor int64) (Thread, error)
	// Watch tells when After has something new, and who is typing.
	Watch(v Visitor) Watch
	// Act passes on what the visitor does besides writing; of the visitor only
	// the point matters.
	Act(ctx context.Context, v Visitor, a Action) error
}

// Visitor is a browser that talks to an inbox.
type Visitor struct {
	TokenHash string        // hex SHA-256 of the token; the token itself is nowhere
	Point     rapport.Point // what replies go to: of kind visitor or external
	Verified  bool          // a signed identity stands behind it
	ExpiresAt time.Time

	// Of a verified visitor, when admitted: what the identity vouches for.
	Name   string
	Points []rapport.Point

	// Filled by the host.
	Contact rapport.Contact // ID is empty until the first message
}

// Thread is a part of what a visitor and the agents wrote, in order.
type Thread struct {
	Items        []rapport.Item // messages only; an item may come again when it changes
	Conversation *Conversation  // the latest; nil when there is none
	Cursor       int64          // the position of this state in the event log
	Unread       int            // messages of ours that the visitor has not seen
}

// Action is one of Typing, Seen, Anyone and Rating.
type Action struct {
	Typing *bool
	Anyone bool            // they do not want to wait for their own agent any longer
	Seen   int             // number of an item of the latest conversation; 0 for none
	Rating *rapport.Rating // the answer to the survey of the latest conversation
}

// Watch waits for news of one visitor. It loses nothing: news that come while
// nobody waits are remembered as "something is new", and typing as its latest
// state. Next returns ErrWatchClosed after Close.
type Watch interface {
	Next(ctx context.Context) (News, error)
	Close()
}

// ErrWatchClosed ends a Watch.
var ErrWatchClosed = errors.New("the watch is closed")

// News is what ended a wait.
type News struct {
	Changed bool    // After has something new
	Since   int64   // nothing of it lies before this position, so After need not start earlier
	Typing  *Typing // an agent began or ceased typing
}

// Typing is an agent at the keyboard.
type Typing struct {
	Name string
	On   bool
}
