package routing

import (
	"slices"
	"testing"
	"time"

	"rapport"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func free(id rapport.AgentID) Person {
	return Person{ID: id, Name: string(id), Queue: "q", Status: rapport.StatusAvailable, Room: 5}
}

func but(p Person, change func(*Person)) Person {
	change(&p)
	return p
}

// ineligible are all the ways in which a person is there but cannot get it.
var ineligible = []struct {
	name    string
	verdict rapport.Verdict
	change  func(*Person)
}{
	{"deleted", rapport.AgentDeleted, func(p *Person) { p.Deleted = true }},
	{"disabled", rapport.AgentDisabled, func(p *Person) { p.Disabled = true }},
	{"not a member", rapport.NotMember, func(p *Person) { p.Stranger = true }},
	{"may not reply", rapport.NoReply, func(p *Person) { p.ReadsOnly = true }},
	{"busy", rapport.NotAvailable, func(p *Person) { p.Status = rapport.StatusBusy }},
	{"away", rapport.NotAvailable, func(p *Person) { p.Status = rapport.StatusAway }},
	{"offline", rapport.NotAvailable, func(p *Person) { p.Status = rapport.StatusOffline }},
	{"not connected", rapport.NotAvailable, func(p *Person) { p.Away = true }},
	{"a status nobody knows", rapport.NotAvailable, func(p *Person) { p.Status = "lunch" }}, // trap 4: an allow-list
	{"full", rapport.AtCapacity, func(p *Person) { p.Load = 5 }},
	{"over capacity", rapport.AtCapacity, func(p *Person) { p.Load = 9 }},
	{"excluded", rapport.ExcludedBefore, func(p *Person) { p.ID = "gave-it-away" }},
}

// Trap 1: each rung, present but ineligible in each way, gives way to the next.
func TestEachRungGivesWayWhenItsAgentIsNotEligible(t *testing.T) {
	t.Parallel()
	rungs := []rapport.Rung{rapport.RungAgent, rapport.RungNamed, rapport.RungCase, rapport.RungHistory, rapport.RungStrategy}
	place := func(s *Snapshot, rung rapport.Rung, p Person) {
		switch rung {
		case rapport.RungAgent:
			s.Explicit = &p
		case rapport.RungStrategy:
			s.Line = append(s.Line, p)
		default:
			s.Ties = append(s.Ties, Tie{Rung: rung, Person: p, At: noon.Add(-time.Hour), Replies: 1})
		}
	}
	for i, rung := range rungs[:len(rungs)-1] {
		for _, why := range ineligible {
			t.Run(string(rung)+" "+why.name, func(t *testing.T) {
				s := Snapshot{Sticky: rapport.DefaultSticky(), Strategy: rapport.RoundRobin, Queue: rapport.QueueRef{ID: "q", Name: "support"}}
				bad := but(free("bad"), why.change)
				place(&s, rung, bad)
				place(&s, rungs[i+1], free("good"))
				d := Decide(Request{At: noon, Exclude: []rapport.AgentID{"gave-it-away"}}, s)
				if d.AgentID != "good" || d.Rung != rungs[i+1] {
					t.Fatalf("it went to %q by %s, want good by %s", d.AgentID, d.Rung, rungs[i+1])
				}
				if c := d.Candidates[0]; c.AgentID != bad.ID || c.Verdict != why.verdict || c.Reason == "" {
					t.Errorf("the trace says of the first candidate: %+v, want %s", c, why.verdict)
				}
			})
		}
	}
}

// §5.1: each rung decides when its agent is eligible, whatever stands below it.
func TestTheHighestRungDecides(t *testing.T) {
	t.Parallel()
	full := Snapshot{
		Sticky: rapport.DefaultSticky(), Strategy: rapport.RoundRobin, Explicit: new(free("explicit")),
		Ties: []Tie{
			{Rung: rapport.RungNamed, Person: free("named")},
			{Rung: rapport.RungCase, Person: free("case")},
			{Rung: rapport.RungHistory, Person: free("history"), At: noon.Add(-time.Hour), Replies: 1},
		},
		Line: []Person{free("line")},
	}
	for _, want := range []rapport.AgentID{"explicit", "named", "case", "history", "line", ""} {
		d := Decide(Request{At: noon}, full)
		if d.AgentID != want {
			t.Fatalf("it went to %q, want %q", d.AgentID, want)
		}
		switch {
		case full.Explicit != nil:
			full.Explicit = nil
		case len(full.Ties) > 0:
			full.Ties = full.Ties[1:]
		default:
			full.Line = nil
		}
	}
}

// S2-10, C4, C21: what each mode makes of an agent who is away, full or gone.
func TestModes(t *testing.T) {
	t.Parallel()
	type outcome struct {
		agent    rapport.AgentID
		hold     rapport.AgentID
		override bool
	}
	for mode, wants := range map[rapport.StickyMode]map[string]outcome{
		rapport.Prefer:             {"away": {agent: "line"}, "full": {agent: "line"}, "deleted": {agent: "line"}, "excluded": {agent: "line"}},
		rapport.Strict:             {"away": {hold: "own"}, "full": {hold: "own"}, "deleted": {agent: "line"}, "excluded": {agent: "line"}},
		rapport.IgnoreAvailability: {"away": {agent: "own", override: true}, "full": {agent: "own", override: true}, "deleted": {agent: "line"}, "excluded": {agent: "line"}},
	} {
		for _, why := range ineligible {
			want, ok := wants[why.name]
			if !ok {
				continue
			}
			for _, rung := range []rapport.Rung{rapport.RungNamed, rapport.RungCase, rapport.RungHistory} {
				own := but(free("own"), why.change)
				sticky := rapport.DefaultSticky()
				sticky.Mode = mode
				s := Snapshot{Sticky: sticky, Strategy: rapport.RoundRobin, Ties: []Tie{{Rung: rung, Person: own, At: noon.Add(-time.Hour), Replies: 1}}, Line: []Person{free("line")}}
				d := Decide(Request{At: noon, Exclude: []rapport.AgentID{"gave-it-away"}}, s)
				if got := (outcome{d.AgentID, d.HoldFor, d.Override}); got != want {
					t.Errorf("%s, own agent %s by %s: %+v, want %+v", mode, why.name, rung, got, want)
				}
			}
		}
	}
}

// S2-04, C7: the window ends N times 24 hours after the interaction, to the moment.
func TestTheWindowEndsToTheMoment(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		since time.Duration
		want  rapport.AgentID
	}{{7*24*time.Hour - time.Millisecond, "own"}, {7 * 24 * time.Hour, "line"}, {8 * 24 * time.Hour, "line"}} {
		s := Snapshot{Sticky: rapport.DefaultSticky(), Ties: []Tie{{Rung: rapport.RungHistory, Person: free("own"), At: noon.Add(-c.since), Replies: 1}}, Line: []Person{free("line")}}
		if d := Decide(Request{At: noon}, s); d.AgentID != c.want {
			t.Errorf("%v after the interaction it went to %q, want %q", c.since, d.AgentID, c.want)
		}
	}
}

// S4-11, S4-12, S1-09: the strategies on the same three people.
func TestStrategies(t *testing.T) {
	t.Parallel()
	a, b, c := free("a"), free("b"), free("c")
	a.Load, a.Last, a.Idle = 1, 300, 300
	b.Load, b.Last, b.Idle = 0, 200, 250
	c.Load, c.Last, c.Idle = 0, 250, 200
	for strategy, want := range map[rapport.Strategy]rapport.AgentID{rapport.RoundRobin: "b", rapport.LeastLoad: "b", rapport.LongestIdle: "c"} {
		for _, line := range [][]Person{{a, b, c}, {c, b, a}, {b, a, c}} {
			if d := Decide(Request{At: noon}, Snapshot{Strategy: strategy, Line: line}); d.AgentID != want {
				t.Errorf("%s chose %q of %v, want %q", strategy, d.AgentID, line, want)
			}
		}
	}
	drawn := map[rapport.AgentID]int{}
	for draw := range int64(300) {
		drawn[Decide(Request{At: noon, Draw: draw}, Snapshot{Strategy: rapport.Random, Line: []Person{a, b, c}}).AgentID]++
	}
	if drawn["a"] != 100 || drawn["b"] != 100 || drawn["c"] != 100 {
		t.Errorf("300 even draws gave %v", drawn)
	}
}

// Decide is pure: it changes neither its arguments nor its answer.
func TestDecideIsPure(t *testing.T) {
	t.Parallel()
	s := Snapshot{Strategy: rapport.LeastLoad, Line: []Person{but(free("a"), func(p *Person) { p.Load = 2 }), free("b")}}
	before := slices.Clone(s.Line)
	first := Decide(Request{At: noon}, s)
	second := Decide(Request{At: noon}, s)
	if first.AgentID != second.AgentID || !slices.Equal(before, s.Line) {
		t.Error("the second decision differs, or the snapshot was changed")
	}
}

func TestAgo(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		30 * time.Second: "a moment ago", time.Minute: "1 minute ago", 59 * time.Minute: "59 minutes ago",
		90 * time.Minute: "1 hour ago", 23 * time.Hour: "23 hours ago", 24 * time.Hour: "1 day ago", 49 * time.Hour: "2 days ago",
	} {
		if got := ago(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}

func BenchmarkDecide(b *testing.B) {
	s := Snapshot{Sticky: rapport.DefaultSticky(), Strategy: rapport.RoundRobin, Ties: []Tie{{Rung: rapport.RungHistory, Person: free("own"), At: noon.Add(-30 * 24 * time.Hour), Replies: 1}}}
	for range lineLength {
		s.Line = append(s.Line, free(rapport.NewID[rapport.AgentID]()))
	}
	for b.Loop() {
		Decide(Request{At: noon}, s)
	}
}
