package bench

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// Table writes the figures beside their goals, which are for two cores.
func (r Report) Table(out io.Writer) error {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "figure\tmeasured\tgoal\n")
	row := func(figure, measured, goal string, args ...any) {
		fmt.Fprintf(t, "%s\t%s\t%s\n", figure, fmt.Sprintf(measured, args...), goal)
	}
	for _, in := range []struct {
		database, goal string
		*Inbound
	}{{"SQLite", "≥ 3000/s", r.InboundSQLite}, {"PostgreSQL", "≥ 2000/s", r.InboundPostgres}} {
		if in.Inbound == nil {
			continue
		}
		row("inbound, "+in.database, "%.0f/s", in.goal, in.PerS)
		row("", "p50 %.1f ms, p99 %.1f ms, max %.1f ms", "p99 ≤ 50 ms", in.P50, in.P99, in.Most)
		if h := in.Host; h.QuietS > 0 {
			row("", "the host took %.0f %% of the processors' time; %.0f/s in the %.1f s in which it took hardly any", "", h.Stolen, h.QuietPerS, h.QuietS)
		} else {
			row("", "the host took %.0f %% of the processors' time all along", "none", h.Stolen)
		}
		row("", "%d messages, all stored once and assigned; %.0f µs CPU of the server each", "", in.Messages, in.CPU)
	}
	for i, c := range r.Against {
		row("by turns, "+c.Program, "%.0f/s (median of %d), mean %.0f/s", "", c.PerS, len(c.Turns), c.Mean)
		row("", "p50 %.1f ms, p99 %.1f ms; the host took %.0f %% of the processors' time", "", c.P50, c.P99, c.Stolen)
		if i == 1 && c.Mean > 0 {
			row("", "the first takes in × %.2f", "", r.Against[0].Mean/c.Mean)
		}
	}
	if e := r.Event; e != nil {
		row(fmt.Sprintf("event, at %.0f/s", e.PerS), "p50 %.1f ms, p99 %.1f ms, max %.1f ms", "p50 ≤ 5 ms, p99 ≤ 30 ms", e.P50, e.P99, e.Most)
		row("", "the sender's answer: p50 %.1f ms, p99 %.1f ms", "", e.AcceptedP50, e.AcceptedP99)
	}
	if g := r.Growth; g != nil {
		row(fmt.Sprintf("growth, 10,000 → %d conversations", r.Past), "× %.2f (%.0f → %.0f µs)", "< × 1.5", g.History, g.ShortPast, g.LongPast)
		row("growth, 100 → 10,000 agents", "× %.2f (%.0f → %.0f µs)", "< × 1.5", g.Agents, g.Few, g.Many)
	}
	if c := r.Connection; c != nil {
		row(fmt.Sprintf("idle connection, of %d", c.Count), "%.1f KiB", "≤ 30 kB", c.KiB)
	}
	if f := r.Fanout; f != nil {
		row(fmt.Sprintf("fan-out to %d agents", f.Agents), "%.2f ms CPU a message, at ten a second", "≤ 10 ms", f.CPU)
		row("", "%.2f ms CPU for one that comes alone", "", f.Alone)
		row(fmt.Sprintf("… who may not see it: %d", f.Agents), "%.2f ms CPU, as with nobody connected", "nothing for them", f.Unseen)
	}
	if s := r.ColdStart; s != nil {
		row("cold start", "%.0f ms, at most %.0f ms", "≤ 300 ms", s.MS, s.Most)
	}
	if i := r.Idle; i != nil {
		row("idle", "%.1f MiB, %.1f %% CPU", "≤ 60 MB", i.RSS, i.CPU)
	}
	if m := r.Timers; m != nil {
		row(fmt.Sprintf("timers, %d armed, %d due", m.Armed, m.Due), "%.0f/s", "≥ 1000/s", m.DuePerS)
		row("", "late p50 %.0f ms, p99 %.0f ms, max %.0f ms", "p99 ≤ 1000 ms", m.LateP50, m.LateP99, m.LateMost)
		row("arming a timer with a message", "%+.1f %% CPU (%.0f → %.0f µs)", "≤ 10 %", m.ArmCost*100, m.Without, m.With)
	}
	for _, in := range []struct {
		database string
		*Search
	}{{"SQLite", r.SearchSQLite}, {"PostgreSQL", r.SearchPostgres}} {
		if in.Search == nil {
			continue
		}
		row(fmt.Sprintf("search in %d messages, %s", in.Messages, in.database), "p50 %.1f ms, p95 %.1f ms, max %.1f ms", "p95 ≤ 150 ms", in.P50, in.P95, in.Most)
		for _, k := range in.Kinds {
			row("… "+k.Name, "p50 %.1f ms, p95 %.1f ms", "", k.P50, k.P95)
		}
		row("indexing", "%.0f messages/s", "", in.IndexPerS)
		if in.WithMB > 0 {
			row("", "%.0f MB of data, %.0f MB with the index", "", in.DataMB, in.WithMB)
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "\n%d CPUs shared by server and load, %s/%s, %s, %.0f s\n", r.Machine.CPUs, r.Machine.OS, r.Machine.Arch, r.Machine.Go, r.Machine.Took)
	return err
}
