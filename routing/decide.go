package routing

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"rapport"
)

// Wish is what a flow, an integration or a person asks for.
type Wish struct {
	AgentID         rapport.AgentID `json:"agent,omitempty"`
	QueueID         rapport.QueueID `json:"queue,omitempty"`
	PreferLastAgent bool            `json:"prefer_last_agent,omitempty"` // bonds count inside QueueID (C8)
	NoHold          bool            `json:"no_hold,omitempty"`           // anyone now: mode prefer waits for nobody

	Strategy rapport.Strategy `json:"strategy,omitempty"` // instead of the queue's
}

// Request asks for one conversation to be routed.
type Request struct {
	ConversationID rapport.ConversationID `json:"conversation"`
	Trigger        string                 `json:"trigger"`
	At             time.Time              `json:"at"`
	Since          time.Time              `json:"since,omitzero"` // the customer has been waiting
	Wish           Wish                   `json:"wish,omitzero"`
	Exclude        []rapport.AgentID      `json:"exclude,omitempty"`
	Gone           rapport.AgentID        `json:"gone,omitempty"`    // went offline with it: does not keep it even where availability is not checked
	Draw           int64                  `json:"draw,omitempty"`    // the random strategy's luck
	ByHand         string                 `json:"by_hand,omitempty"` // why nobody gets it but by hand
}

// Person is an agent as the ladder sees them, in one queue.
type Person struct {
	ID        rapport.AgentID `json:"id"`
	Name      string          `json:"name"`
	Queue     rapport.QueueID `json:"queue"`
	Deleted   bool            `json:"deleted,omitempty"`
	Disabled  bool            `json:"disabled,omitempty"`
	Stranger  bool            `json:"stranger,omitempty"` // not a member of the queue
	ReadsOnly bool            `json:"reads_only,omitempty"`
	Status    rapport.Status  `json:"status"`
	Away      bool            `json:"away,omitempty"` // no desk connected
	Load      int             `json:"load"`
	Room      int             `json:"room"`
	Last      int64           `json:"last,omitempty"` // last assigned, µs
	Idle      int64           `json:"idle,omitempty"` // free or available since, µs

	most int // room in the queue that allows most; decides nothing
}

// Tie is a bond between the customer and an agent.
type Tie struct {
	Rung    rapport.Rung `json:"rung"`
	Person  Person       `json:"person"`
	Ref     string       `json:"ref,omitempty"`
	Title   string       `json:"title,omitempty"`
	At      time.Time    `json:"at,omitzero"`
	Replies int          `json:"replies,omitempty"`
}

// Snapshot is all that a decision may look at.
type Snapshot struct {
	Policy   string           `json:"policy"` // versions of settings and queue
	Sticky   rapport.Sticky   `json:"sticky"`
	Queue    rapport.QueueRef `json:"queue"` // the pool's queue; empty for the union of the previous agent's queues (S2-08)
	Strategy rapport.Strategy `json:"strategy"`
	Explicit *Person          `json:"explicit,omitempty"`
	Ties     []Tie            `json:"ties,omitempty"`
	Line     []Person         `json:"line,omitempty"`     // the first ready members, in their turn
	Rest     []Person         `json:"rest,omitempty"`     // all members, when nobody is ready
	Fallback rapport.QueueID  `json:"fallback,omitempty"` // where to wait when Queue is empty
	Waiting  string           `json:"waiting,omitempty"`  // the name of Fallback
	Closed   *Closed          `json:"closed,omitempty"`   // outside the queue's business hours
}

// Closed says until when a queue is outside its business hours.
type Closed struct {
	Until time.Time `json:"until,omitzero"` // zero: its hours say that it never opens
	Text  string    `json:"text"`           // "Closed until Monday 09:00"
}

// judge says whether a person may get the conversation, and if not, why.
func (r *Request) judge(p *Person) (rapport.Verdict, string) {
	switch {
	case p.Deleted:
		return rapport.AgentDeleted, "The account was deleted."
	case p.Disabled:
		return rapport.AgentDisabled, "The account is disabled."
	case p.Stranger:
		return rapport.NotMember, "Not a member of the queue."
	case p.ReadsOnly:
		return rapport.NoReply, "May look into the queue, but not reply."
	case slices.Contains(r.Exclude, p.ID):
		return rapport.ExcludedBefore, "Gave it away, or did not answer, since the last answer."
	case p.Away:
		return rapport.NotAvailable, "No desk is connected."
	case p.Status != rapport.StatusAvailable:
		return rapport.NotAvailable, "Status is " + string(p.Status) + "."
	case p.Load >= p.Room:
		return rapport.AtCapacity, fmt.Sprintf("Holds %d of %d conversations.", p.Load, p.Room)
	}
	return rapport.Chosen, ""
}

// mayHold tells whether nothing but availability and room speaks against a person.
func mayHold(v rapport.Verdict) bool {
	return v == rapport.Chosen || v == rapport.NotAvailable || v == rapport.AtCapacity
}

// Decide walks down the ladder. It reads nothing but its arguments.
func Decide(r Request, s Snapshot) rapport.Decision {
	d := rapport.Decision{
		ConversationID: r.ConversationID, At: r.At, Trigger: r.Trigger, Policy: s.Policy,
		QueueID: s.Queue.ID, Candidates: []rapport.Candidate{},
	}
	looked := func(p *Person, rung rapport.Rung, v rapport.Verdict, why string) {
		d.Candidates = append(d.Candidates, rapport.Candidate{AgentID: p.ID, Name: p.Name, Rung: rung, Verdict: v, Reason: why})
	}
	assign := func(p *Person, rung rapport.Rung, sentence string) rapport.Decision {
		looked(p, rung, rapport.Chosen, sentence+".")
		d.AgentID, d.QueueID, d.Rung, d.Sentence = p.ID, p.Queue, rung, sentence
		return d
	}

	if r.ByHand != "" {
		d.Rung, d.Sentence, d.WaitsFor = rapport.RungUnassigned, r.ByHand, "somebody to take it by hand"
		return d
	}
	if p := s.Explicit; p != nil {
		v, why := r.judge(p)
		if v == rapport.Chosen {
			return assign(p, rapport.RungAgent, "Asked for by name")
		}
		looked(p, rapport.RungAgent, v, why)
	}
	if c := s.Closed; c != nil {
		d.Rung, d.Sentence, d.HoldUntil, d.WaitsFor = rapport.RungUnassigned, c.Text, c.Until, "the queue to open"
		if d.QueueID == "" {
			d.QueueID = s.Fallback
		}
		return d
	}
	for i := range s.Ties {
		t := &s.Ties[i]
		v, why := r.weigh(t, s.Sticky)
		switch {
		case v == rapport.Chosen:
			return assign(&t.Person, t.Rung, t.sentence(r.At))
		case v == rapport.NotAvailable || v == rapport.AtCapacity:
			switch r.mode(&s.Sticky, t) {
			case rapport.IgnoreAvailability:
				d.Override = true
				return assign(&t.Person, t.Rung, t.sentence(r.At)+", although not available")
			case rapport.Strict:
				looked(&t.Person, t.Rung, v, why)
				return hold(d, &t.Person, why, time.Time{})
			case rapport.Prefer:
				if until := r.holdUntil(t, v, s.Sticky.Hold); until.After(r.At) {
					looked(&t.Person, t.Rung, v, why)
					return hold(d, &t.Person, why, until)
				}
			}
		}
		looked(&t.Person, t.Rung, v, why)
	}

	line := s.turn(r)
	for i := range line {
		p := &line[i]
		if v, why := r.judge(p); v != rapport.Chosen {
			looked(p, rapport.RungStrategy, v, why)
			continue
		}
		decision := assign(p, rapport.RungStrategy, s.turnSentence(r))
		for j := range line[i+1:] {
			next := &line[i+1+j]
			v, why := r.judge(next)
			if v == rapport.Chosen {
				v, why = rapport.NextInLine, "Eligible; comes after "+p.Name+"."
			}
			decision.Candidates = append(decision.Candidates, rapport.Candidate{AgentID: next.ID, Name: next.Name, Rung: rapport.RungStrategy, Verdict: v, Reason: why})
		}
		return decision
	}
	tally := map[string]int{}
	for i := range s.Rest {
		p := &s.Rest[i]
		v, why := r.judge(p)
		looked(p, rapport.RungStrategy, v, why)
		tally[tallyWord(v, p)]++
	}
	d.Rung = rapport.RungUnassigned
	d.Sentence, d.WaitsFor = s.nobody(tally)
	if d.QueueID == "" {
		d.QueueID = s.Fallback
	}
	return d
}

// hold waits for one agent, without an end where until is zero.
func hold(d rapport.Decision, p *Person, why string, until time.Time) rapport.Decision {
	d.Rung, d.HoldFor, d.QueueID, d.HoldUntil = rapport.RungUnassigned, p.ID, p.Queue, until
	d.Sentence = "Waiting for " + p.Name + ": " + lowerFirst(strings.TrimSuffix(why, "."))
	d.WaitsFor = p.Name + " to become available and have room"
	return d
}

// mode is how a bond is kept. Whoever went offline with the conversation has had it
// although they were not available, or has left it: others may take it.
func (r *Request) mode(sticky *rapport.Sticky, t *Tie) rapport.StickyMode {
	if mode := sticky.Effective(); mode != rapport.IgnoreAvailability || t.Person.ID != r.Gone {
		return mode
	}
	return rapport.Prefer
}

// holdUntil is how long to wait for the agent of a bond, by why they cannot take
// it, counted from when the customer began to wait.
func (r *Request) holdUntil(t *Tie, v rapport.Verdict, h rapport.Hold) time.Time {
	if r.Wish.NoHold {
		return time.Time{}
	}
	seconds := 0
	switch {
	case v == rapport.AtCapacity:
		seconds = h.Full
	case t.Person.Away || t.Person.Status == rapport.StatusOffline:
		seconds = h.Offline
	case t.Person.Status == rapport.StatusAway:
		seconds = h.Away
	case t.Person.Status == rapport.StatusBusy:
		seconds = h.Busy
	}
	return r.Since.Add(time.Duration(seconds) * time.Second)
}

// weigh judges a bond: first whether it holds, then whether its agent may.
func (r *Request) weigh(t *Tie, sticky rapport.Sticky) (rapport.Verdict, string) {
	if r.Wish.QueueID != "" && !r.Wish.PreferLastAgent {
		return rapport.Bypassed, "A queue was named, and nothing about the last agent (S2-03)."
	}
	switch t.Rung {
	case rapport.RungCase:
		if !sticky.OpenCase {
			return rapport.Bypassed, "Keeping open cases together is switched off."
		}
	case rapport.RungHistory:
		switch {
		case !sticky.Enabled:
			return rapport.Bypassed, "Sticky sessions are switched off."
		case t.Replies < sticky.MinReplies:
			return rapport.TooLittle, fmt.Sprintf("The last interaction had %s; %d make it count.", plural(t.Replies, "reply", "replies"), sticky.MinReplies)
		case !r.At.Before(t.At.Add(sticky.Window())):
			return rapport.Expired, fmt.Sprintf("The last interaction ended %s, longer than %s ago.", ago(r.At.Sub(t.At)), plural(sticky.Days, "day", "days"))
		}
	}
	return r.judge(&t.Person)
}

// sentence says in words why a bond decides.
func (t *Tie) sentence(at time.Time) string {
	switch t.Rung {
	case rapport.RungNamed:
		return "Named sticky agent (" + t.Title + ")"
	case rapport.RungCase:
		return "Already helps this customer in another conversation"
	}
	return "Same agent as " + ago(at.Sub(t.At))
}

// turn puts the pool's people in the order of its strategy.
func (s *Snapshot) turn(r Request) []Person {
	line := slices.Clone(s.Line)
	byTurn := func(key func(*Person) int64) {
		slices.SortStableFunc(line, func(a, b Person) int {
			return cmp.Or(cmp.Compare(key(&a), key(&b)), cmp.Compare(a.Last, b.Last), cmp.Compare(a.ID, b.ID))
		})
	}
	switch s.Strategy {
	case rapport.RoundRobin:
		byTurn(func(p *Person) int64 { return p.Last })
	case rapport.LeastLoad:
		byTurn(func(p *Person) int64 { return int64(p.Load) })
	case rapport.LongestIdle:
		byTurn(func(p *Person) int64 {
			if p.Load == 0 {
				return p.Idle
			}
			return 1<<52 + p.Last
		})
	case rapport.Random:
		byTurn(func(*Person) int64 { return 0 })
		if n := int64(len(line)); n > 1 {
			first := int(r.Draw % n)
			line = append(line[first:len(line):len(line)], line[:first]...)
		}
	}
	return line
}

func (s *Snapshot) turnSentence(r Request) string {
	where := s.Queue.Name
	if where == "" {
		where = "the last agent's queues"
	}
	switch s.Strategy {
	case rapport.LeastLoad:
		return "Fewest conversations in " + where
	case rapport.LongestIdle:
		return "Longest idle in " + where
	case rapport.Random:
		return "Drawn at random in " + where
	}
	return "Next in turn in " + where
}

func tallyWord(v rapport.Verdict, p *Person) string {
	switch v {
	case rapport.AtCapacity:
		return "full"
	case rapport.NotAvailable:
		if p.Away || p.Status == rapport.StatusOffline {
			return "offline"
		}
		return string(p.Status)
	case rapport.NoReply:
		return "without the right to reply"
	case rapport.ExcludedBefore:
		return "gave it away"
	}
	return "disabled"
}

// nobody says why the pool gave nobody, and what would.
func (s *Snapshot) nobody(tally map[string]int) (sentence, waitsFor string) {
	where := s.Queue.Name
	if where == "" {
		where = "the last agent's queues"
	}
	there := cmp.Or(s.Waiting, where) // only who serves that queue gets it from now on
	if len(tally) == 0 {
		return "Nobody serves " + where, "somebody to join " + there
	}
	var parts []string
	for _, word := range []string{"full", "busy", "away", "offline", "gave it away", "without the right to reply", "disabled"} {
		if n := tally[word]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, word))
		}
	}
	return "Nobody in " + where + " can take it: " + strings.Join(parts, ", "), "somebody in " + there + " to become available or have room"
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(first)) + s[size:]
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// ago says a span the way people do.
func ago(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "a moment ago"
	case d < time.Hour:
		return plural(int(d/time.Minute), "minute", "minutes") + " ago"
	case d < 24*time.Hour:
		return plural(int(d/time.Hour), "hour", "hours") + " ago"
	}
	return plural(int(d/(24*time.Hour)), "day", "days") + " ago"
}
