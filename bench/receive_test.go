package bench

import (
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"rapport/rapporttest/pg"
)

// BenchmarkReceive takes messages in on the store, without HTTP, 64 callers at
// once and a history of 100,000 conversations.
func BenchmarkReceive(b *testing.B) {
	for _, database := range []string{"sqlite", "postgres"} {
		b.Run(database, func(b *testing.B) {
			url := ""
			if database == "postgres" {
				url = pg.URL(b)
			}
			w, err := newWorld(b.Context(), b.TempDir(), url, size{conversations: 100_000, customers: 50_000, agents: 1000, queues: 50})
			if err != nil {
				b.Fatal(err)
			}
			db, err := w.open(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			defer db.Close()
			var next atomic.Int64
			stretches := newStretches(b.N)
			b.SetParallelism(32)
			before := processorTime(b)
			b.ResetTimer()
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					n := int(next.Add(1))
					if err := receive(b.Context(), db, w.message(n)); err != nil {
						b.Error(err)
					}
					stretches.reached(n)
				}
			})
			b.StopTimer()
			stats := db.Stats()
			b.ReportMetric(float64(stats.Updates)/float64(stats.Batches), "updates/commit")
			b.ReportMetric(float64(stretches.best().Nanoseconds()), "best-ns/op")
			b.ReportMetric(float64((processorTime(b)-before).Microseconds())/float64(b.N), "cpu-µs/op")
		})
	}
}

// stretch is how many messages in a row are timed by themselves.
const stretch = 1000

// stretches are the moments at which each of them ended. The quickest of them says
// what the program needs while nobody else has the processors.
type stretches []time.Time

func newStretches(n int) stretches { return make(stretches, n/stretch+1) }

func (s stretches) reached(n int) {
	if n%stretch == 0 {
		s[n/stretch] = time.Now()
	}
}

func (s stretches) best() (best time.Duration) {
	for i := 2; i < len(s); i++ {
		if d := s[i].Sub(s[i-1]) / stretch; best == 0 || d < best {
			best = d
		}
	}
	return best
}

// processorTime is what this process has used, which a busy machine does not
// change as it does the time on the clock.
func processorTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
