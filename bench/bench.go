package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"
)

// Options say what to measure.
type Options struct {
	Program  string       // the rapport binary that is measured
	Postgres string       // address of an empty database; empty leaves PostgreSQL out
	Quick    bool         // within a minute or two, with a shorter past
	Only     []string     // of Parts; empty for all
	Messages int          // that search looks through; 0 for what Quick says
	Keep     string       // a folder in which search finds its SQLite messages again the next time; may be empty
	Against  string       // another build of the program: the two take messages in by turns, and nothing else is measured
	Tell     func(string) // hears what is being done; may be nil
}

// Parts are what can be measured by itself.
var Parts = []string{"inbound", "event", "growth", "connection", "fanout", "coldstart", "idle", "timers", "search"}

// Report are the figures. Those of parts that were left out are nil.
type Report struct {
	Machine         Machine   `json:"machine"`
	Past            int       `json:"past_conversations"`
	InboundSQLite   *Inbound  `json:"inbound_sqlite,omitempty"`
	InboundPostgres *Inbound  `json:"inbound_postgres,omitempty"`
	Event           *Event    `json:"event,omitempty"`
	Growth          *Growth   `json:"growth,omitempty"`
	Connection      *Sockets  `json:"connection,omitempty"`
	Fanout          *Fanout   `json:"fanout,omitempty"`
	ColdStart       *Start    `json:"coldstart,omitempty"`
	Idle            *Idleness `json:"idle,omitempty"`
	Timers          *Timers   `json:"timers,omitempty"`
	SearchSQLite    *Search   `json:"search_sqlite,omitempty"`
	SearchPostgres  *Search   `json:"search_postgres,omitempty"`

	Against []Compared `json:"against,omitempty"` // this program and the other
}

// Machine is where it was measured.
type Machine struct {
	CPUs int     `json:"cpus"`
	OS   string  `json:"os"`
	Arch string  `json:"arch"`
	Go   string  `json:"go"`
	Took float64 `json:"took_s"`
}

// run is one measurement on its way.
type run struct {
	Options
	dir    string
	past   *world // with the long history, on SQLite; made when first needed
	office *world // with many agents, made when first needed
	rounds int    // of two programs against each other; 0 for what Quick says
	report Report
}

var (
	full  = size{conversations: 1_000_000, customers: 250_000, agents: 1000, queues: 50}
	quick = size{conversations: 100_000, customers: 50_000, agents: 1000, queues: 50}
)

func (r *run) size() size {
	if r.Quick {
		return quick
	}
	return full
}

// pick is a length of time for this run.
func (r *run) pick(full, quick time.Duration) time.Duration {
	if r.Quick {
		return quick
	}
	return full
}

// part is what is measured by itself.
type part struct {
	name    string
	measure func(context.Context) error
}

// Run measures. Everything it made is gone when it returns, but for the
// contents of the PostgreSQL database, which is the caller's.
func Run(ctx context.Context, o Options) (Report, error) {
	start := time.Now()
	if o.Tell == nil {
		o.Tell = func(string) {}
	}
	for _, name := range o.Only {
		if !slices.Contains(Parts, name) {
			return Report{}, fmt.Errorf("there is no part %q; choose among %v", name, Parts)
		}
	}
	dir, err := os.MkdirTemp("", "rapport-bench-")
	if err != nil {
		return Report{}, err
	}
	defer os.RemoveAll(dir)
	r := &run{Options: o, dir: dir}
	r.report.Past = r.size().conversations
	parts := []part{
		{"inbound", r.inbound}, {"event", r.event}, {"coldstart", r.coldStart}, {"idle", r.idle}, {"growth", r.growth},
		{"connection", r.connection}, {"fanout", r.fanout}, {"timers", r.timers}, {"search", r.search},
	}
	if o.Against != "" {
		parts, r.Only = []part{{"against", r.against}}, nil
	}
	for _, part := range parts {
		if len(r.Only) > 0 && !slices.Contains(r.Only, part.name) {
			continue
		}
		if err := part.measure(ctx); err != nil {
			return r.report, fmt.Errorf("measure %s: %w", part.name, err)
		}
	}
	r.report.Machine = Machine{runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version(), time.Since(start).Seconds()}
	return r.report, nil
}

// longPast is the world with the long history.
func (r *run) longPast(ctx context.Context) (*world, error) {
	if r.past != nil {
		return r.past, nil
	}
	r.Tell(fmt.Sprintf("making up %d past conversations in SQLite", r.size().conversations))
	w, err := newWorld(ctx, filepath.Join(r.dir, "past"), "", r.size())
	r.past = w
	return w, err
}

// bigOffice is the world with more agents than any socket test needs.
func (r *run) bigOffice(ctx context.Context) (*world, error) {
	if r.office != nil {
		return r.office, nil
	}
	r.Tell(fmt.Sprintf("hiring %d agents", mostSockets))
	w, err := newWorld(ctx, filepath.Join(r.dir, "office"), "", size{conversations: 1000, customers: 1000, agents: mostSockets, queues: 50})
	r.office = w
	return w, err
}

// percentile of samples, which it sorts.
func percentile(samples []time.Duration, p float64) time.Duration {
	if len(samples) == 0 {
		return 0
	}
	slices.Sort(samples)
	return samples[min(int(p*float64(len(samples))), len(samples)-1)]
}

func median[T int | int64 | float64 | time.Duration](samples []T) T {
	slices.Sort(samples)
	return samples[len(samples)/2]
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// pause waits, but not beyond the context.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
