package bench

import (
	"context"
	"os"
	"strconv"
	"strings"
	"time"
)

// Host is what a virtual machine's host took of its processors' time while
// something was measured. Where it took much, the figure says little of the program.
type Host struct {
	Stolen    float64 `json:"stolen_percent"`        // of the processors' time
	QuietPerS float64 `json:"quiet_per_s,omitempty"` // messages a second while it took hardly any
	QuietS    float64 `json:"quiet_s,omitempty"`     // for so long
}

// hardlyAny is the share of the processors' time up to which a stretch is quiet.
const hardlyAny = 0.02

// stretchOf is how long a stretch is whose quietness is judged.
const stretchOf = 250 * time.Millisecond

// processors is the time of all processors since the start of the machine, in ticks.
type processors struct{ all, stolen uint64 }

// processorTimes reads what Linux counts; elsewhere nothing is known to be stolen.
func processorTimes() (p processors) {
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return p
	}
	line, _, _ := strings.Cut(string(text), "\n")
	for i, field := range strings.Fields(line) {
		n, err := strconv.ParseUint(field, 10, 64)
		if err != nil || i > 8 { // "cpu", and guests, who are counted as users
			continue
		}
		if p.all += n; i == 8 {
			p.stolen = n
		}
	}
	return p
}

// stolenSince is the share that the host took since an earlier look.
func (p processors) stolenSince(before processors) float64 {
	if p.all <= before.all || p.stolen < before.stolen { // such counters may go back a little
		return 0
	}
	return float64(p.stolen-before.stolen) / float64(p.all-before.all)
}

// watchHost looks at the host until a moment, while done counts what is measured.
func watchHost(ctx context.Context, until time.Time, done func() int64) (h Host, err error) {
	start, quiet, quietFor := processorTimes(), int64(0), time.Duration(0)
	last, count, at := start, done(), time.Now()
	for left := time.Until(until); left > 0; left = time.Until(until) {
		if err := pause(ctx, min(left, stretchOf)); err != nil {
			return h, err
		}
		now, n, then := processorTimes(), done(), time.Now()
		if now.stolenSince(last) <= hardlyAny {
			quiet, quietFor = quiet+n-count, quietFor+then.Sub(at)
		}
		last, count, at = now, n, then
	}
	h.Stolen = 100 * last.stolenSince(start)
	if quietFor > 0 {
		h.QuietPerS, h.QuietS = float64(quiet)/quietFor.Seconds(), quietFor.Seconds()
	}
	return h, nil
}
