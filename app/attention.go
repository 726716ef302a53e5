package app

import (
	"sync"
	"time"
)

// attention is how long this process has looked after agents without a break. Before
// its start, while it or its machine stood still, and while the database was away,
// nobody could be noted as here: that is not the agents' absence.
type attention struct {
	mu          sync.Mutex
	since, last time.Time // by the clock on the wall, which goes on while a machine sleeps
}

// longestPause is what may lie between two looks at agents, which are five seconds apart.
const longestPause = 15 * time.Second

// span is how long there has been no break until now.
func (a *attention) span(now time.Time) time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.broken(now) {
		return 0
	}
	return now.Sub(a.since)
}

// paid notes a look at agents; one that failed is a break.
func (a *attention) paid(now time.Time, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case err != nil:
		a.last = time.Time{}
	case a.broken(now):
		a.since, a.last = now, now
	default:
		a.last = now
	}
}

func (a *attention) broken(now time.Time) bool {
	pause := now.Sub(a.last)
	return pause < 0 || pause > longestPause
}
