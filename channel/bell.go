package channel

import (
	"context"
	"sync"
)

// Bell is the Watch that hosts hand out: it holds at most "something is new"
// and one state of typing, so a slow watcher costs nothing and misses nothing.
type Bell struct {
	onClose func()
	wake    chan struct{} // holds one token while news are there or the bell is closed

	mu     sync.Mutex
	news   News
	closed bool
}

// NewBell returns a bell that calls onClose once when it is closed.
func NewBell(onClose func()) *Bell {
	return &Bell{onClose: onClose, wake: make(chan struct{}, 1)}
}

// Ring says that something is new after a position of the event log. Positions
// of later rings are higher.
func (b *Bell) Ring(since int64) {
	b.put(func(n *News) {
		if !n.Changed {
			n.Changed, n.Since = true, since
		}
	})
}

// Type says that an agent began or ceased typing.
func (b *Bell) Type(t Typing) { b.put(func(n *News) { n.Typing = &t }) }

func (b *Bell) put(change func(*News)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.closed {
		change(&b.news)
		b.signal()
	}
}

// signal must be called with the lock held.
func (b *Bell) signal() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// Next implements Watch for one watcher.
func (b *Bell) Next(ctx context.Context) (News, error) {
	select {
	case <-b.wake:
	case <-ctx.Done():
		return News{}, ctx.Err()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		b.signal()
		return News{}, ErrWatchClosed
	}
	news := b.news
	b.news = News{}
	return news, nil
}

// Close implements Watch.
func (b *Bell) Close() {
	b.mu.Lock()
	first := !b.closed
	b.closed = true
	b.signal()
	b.mu.Unlock()
	if first && b.onClose != nil {
		b.onClose()
	}
}
