// Package ratelimit counts what each of many callers does, in bounded memory.
package ratelimit

import (
	"container/list"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limiter keeps one token bucket for each key. When it holds the most keys,
// the one unused for the longest time is forgotten, which gives that caller a
// full bucket again: a limit under attack from very many keys is weak, never
// a way to fill the memory or to lock others out. Its methods may be called
// from any goroutine.
type Limiter[K comparable] struct {
	every rate.Limit
	burst int
	most  int

	mu      sync.Mutex
	buckets map[K]*list.Element
	order   list.List // of *bucket[K], the latest used in front
}

type bucket[K comparable] struct {
	key   K
	limit *rate.Limiter
	used  time.Time
}

// New returns a limiter that lets each key do burst things at once and one
// more each time an interval of every has passed. It remembers at most most keys.
func New[K comparable](every time.Duration, burst, most int) *Limiter[K] {
	return &Limiter[K]{every: rate.Every(every), burst: burst, most: most, buckets: map[K]*list.Element{}}
}

// Allow takes a token of key. Without one it answers how long until the next.
func (l *Limiter[K]) Allow(key K) (wait time.Duration, ok bool) {
	now := time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.bucket(key, now)
	r := b.limit.ReserveN(now, 1)
	if wait = r.DelayFrom(now); wait > 0 {
		r.CancelAt(now)
		return wait, false
	}
	return 0, true
}

// Len is the number of remembered keys.
func (l *Limiter[K]) Len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.buckets)
}

func (l *Limiter[K]) bucket(key K, now time.Time) *bucket[K] {
	if e, found := l.buckets[key]; found {
		b := e.Value.(*bucket[K])
		b.used = now
		l.order.MoveToFront(e)
		return b
	}
	// A bucket that had the time to fill up again says nothing any more.
	full := time.Duration(float64(l.burst) / float64(l.every) * float64(time.Second))
	for e := l.order.Back(); e != nil; e = l.order.Back() {
		oldest := e.Value.(*bucket[K])
		if len(l.buckets) < l.most && now.Sub(oldest.used) < full {
			break
		}
		l.order.Remove(e)
		delete(l.buckets, oldest.key)
	}
	b := &bucket[K]{key: key, limit: rate.NewLimiter(l.every, l.burst), used: now}
	l.buckets[key] = l.order.PushFront(b)
	return b
}
