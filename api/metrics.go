package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"rapport/store"
)

// numbers are the metrics of one server.
type numbers struct {
	server    *server
	registry  *prometheus.Registry
	durations *prometheus.HistogramVec
}

var (
	batchesDesc = prometheus.NewDesc("rapport_store_batches_total", "Commits of the writer.", nil, nil)
	updatesDesc = prometheus.NewDesc("rapport_store_updates_total", "Changes in those commits.", nil, nil)
	socketsDesc = prometheus.NewDesc("rapport_sockets", "Open sockets of desks.", nil, nil)
	waitingDesc = prometheus.NewDesc("rapport_conversations_waiting", "Conversations without an agent.", []string{"queue"}, nil)
	readyDesc   = prometheus.NewDesc("rapport_agents_ready", "Members of a queue who could take one more conversation.", []string{"queue"}, nil)
	jobsDesc    = prometheus.NewDesc("rapport_jobs", "Jobs that wait or have failed for good.", []string{"state"}, nil)
	buildDesc   = prometheus.NewDesc("rapport_build_info", "The running version; always 1.", []string{"version"}, nil)
)

func newNumbers(s *server) *numbers {
	n := &numbers{server: s, registry: prometheus.NewRegistry(), durations: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "rapport_http_request_seconds", Help: "Duration of HTTP requests by route.",
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
	}, []string{"method", "route", "status"})}
	n.registry.MustRegister(n.durations, n, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return n
}

// served counts a request under the pattern of its route, never under its
// path: that would be without bounds.
func (n *numbers) served(method, route string, status int, took time.Duration) {
	if route == "" {
		route = "none"
	}
	if !usual[method] {
		method = "other"
	}
	n.durations.WithLabelValues(method, route, strconv.Itoa(status)).Observe(took.Seconds())
}

var usual = map[string]bool{"GET": true, "HEAD": true, "POST": true, "PUT": true, "PATCH": true, "DELETE": true, "OPTIONS": true}

// Describe leaves the descriptions to Collect.
func (n *numbers) Describe(chan<- *prometheus.Desc) {}

// Collect reads what the database and the hub know.
func (n *numbers) Collect(to chan<- prometheus.Metric) {
	s := n.server
	gauge := func(d *prometheus.Desc, v int, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, float64(v), labels...)
	}
	gauge(buildDesc, 1, s.version())
	if s.Sockets != nil {
		gauge(socketsDesc, s.Sockets())
	}
	stats := s.DB.Stats()
	to <- prometheus.MustNewConstMetric(batchesDesc, prometheus.CounterValue, float64(stats.Batches))
	to <- prometheus.MustNewConstMetric(updatesDesc, prometheus.CounterValue, float64(stats.Updates))

	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err := s.DB.View(ctx, func(tx *store.Tx) error {
		queues, err := tx.Queues()
		if err != nil {
			return err
		}
		for _, q := range queues {
			ready, waiting, err := tx.QueueCounts(q.ID)
			if err != nil {
				return err
			}
			gauge(waitingDesc, waiting, q.Name)
			gauge(readyDesc, ready, q.Name)
		}
		waiting, failed, err := tx.JobCounts()
		if err != nil {
			return err
		}
		gauge(jobsDesc, waiting, "waiting")
		gauge(jobsDesc, failed, "failed")
		return nil
	})
	if err != nil {
		to <- prometheus.NewInvalidMetric(jobsDesc, err)
	}
}

func (n *numbers) serve() http.HandlerFunc {
	return promhttp.HandlerFor(n.registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError}).ServeHTTP
}
