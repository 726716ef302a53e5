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
			b.SetParallelism(32)
			before := processorTime(b)
			b.ResetTimer()
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					if err := receive(b.Context(), db, w.message(int(next.Add(1)))); err != nil {
						b.Error(err)
					}
				}
			})
			b.StopTimer()
			stats := db.Stats()
			b.ReportMetric(float64(stats.Updates)/float64(stats.Batches), "updates/commit")
			b.ReportMetric(float64((processorTime(b)-before).Microseconds())/float64(b.N), "cpu-µs/op")
		})
	}
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
