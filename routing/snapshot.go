package routing

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"rapport"
	"rapport/store"
)

const (
	lineLength = 4  // ready members that a decision compares
	restLength = 50 // members it explains when nobody is ready
)

// inputs is what a decision keeps so that it can be replayed.
type inputs struct {
	Request  Request  `json:"request"`
	Snapshot Snapshot `json:"snapshot"`
}

// Replay decides again from what a stored decision saw (invariant 6).
func Replay(d rapport.Decision) (rapport.Decision, error) {
	var in inputs
	if err := json.Unmarshal(d.Inputs, &in); err != nil {
		return rapport.Decision{}, fmt.Errorf("the inputs of decision %s cannot be read: %w", d.ID, err)
	}
	again := Decide(in.Request, in.Snapshot)
	again.ID, again.Inputs = d.ID, d.Inputs
	return again, nil
}

func person(f store.Facts, queue rapport.QueueID) Person {
	a := &f.Agent
	p := Person{
		ID: a.ID, Name: a.Name, Queue: queue, Deleted: f.Deleted, Disabled: !a.Enabled, Stranger: !f.Member,
		ReadsOnly: f.Member && !f.CanReply, Status: a.Status, Away: !a.Connected, Load: a.Load, Room: f.Room, most: a.Room,
	}
	if !a.LastAssignedAt.IsZero() {
		p.Last = a.LastAssignedAt.UnixMicro()
	}
	if !a.IdleSince.IsZero() {
		p.Idle = a.IdleSince.UnixMicro()
	}
	return p
}

// here tells whether they are available, full or not.
func (p *Person) here() bool { return !p.Away && p.Status == rapport.StatusAvailable }

// agent is what the store asks of somebody who takes a conversation.
func (p *Person) agent() *rapport.Agent {
	return &rapport.Agent{ID: p.ID, Enabled: !p.Disabled, Status: p.Status, Connected: !p.Away, Load: p.Load, Room: p.most}
}

// look gathers what a decision about a conversation needs.
func look(tx *store.Tx, c *rapport.Conversation, r *Request) (Snapshot, error) {
	config, err := tx.Configuration()
	if err != nil {
		return Snapshot{}, err
	}
	asked := c.QueueID
	if r.Wish.QueueID != "" {
		asked = r.Wish.QueueID
	}
	queue := asked
	if c.Transfer == nil && c.Assignee == "" {
		queue = outOfHours(config, queue, r.At)
	}
	s := Snapshot{Sticky: config.Settings.Sticky, Policy: policy(config, queue), Strategy: rapport.RoundRobin}
	if queue != "" {
		if err := s.at(config, queue, r.At); err != nil {
			return s, err
		}
	}
	if r.ByHand != "" {
		return s, nil
	}
	if r.Wish.AgentID != "" {
		p, err := home(tx, config, r.Wish.AgentID, asked, "")
		if err != nil {
			return s, err
		}
		s.Explicit = &p
		v, _ := r.judge(&p)
		if v == rapport.NotMember && queue != asked { // perhaps of the one that takes over meanwhile
			if p, err = home(tx, config, r.Wish.AgentID, queue, ""); err != nil {
				return s, err
			}
			v, _ = r.judge(&p)
		}
		if v == rapport.Chosen {
			if p.Queue != queue { // they are asked for, whatever the hours
				err = s.at(config, p.Queue, r.At)
			}
			return s, err
		}
	}
	if s.Closed != nil {
		return s, nil
	}
	bonds, err := tx.Bonds(c.ContactID, c.ID, queue, s.Sticky.MinReplies)
	if err != nil {
		return s, err
	}
	var previous *store.Bond
	for i := range bonds {
		b := &bonds[i]
		p := person(b.Facts, queue)
		if queue == "" {
			if p, err = home(tx, config, b.Facts.Agent.ID, "", b.QueueID); err != nil {
				return s, err
			}
		}
		t := Tie{Rung: b.Rung, Person: p, Ref: b.Ref, Title: b.Title, At: b.At, Replies: b.Replies}
		s.Ties = append(s.Ties, t)
		if v, _ := r.weigh(&t, s.Sticky); b.Rung == rapport.RungHistory && v != rapport.Expired && v != rapport.TooLittle && v != rapport.Bypassed {
			previous = b
		}
	}
	slices.SortStableFunc(s.Ties, func(a, b Tie) int { return cmp.Compare(ladder[a.Rung], ladder[b.Rung]) })
	if settled(r, &s) {
		return s, nil
	}
	if queue == "" && previous != nil {
		return s, union(tx, config, &s, r, previous)
	}
	if queue == "" {
		if err := s.at(config, config.Default, r.At); err != nil {
			return s, err
		}
	}
	if s.Closed != nil {
		return s, nil
	}
	return s, s.fill(tx, r, s.Queue.ID)
}

// outOfHours is the queue that takes new conversations for one that is closed.
func outOfHours(config *store.Configuration, queue rapport.QueueID, at time.Time) rapport.QueueID {
	if q := config.Queues[queue]; q != nil && q.Hours != nil && config.Queues[q.Hours.FallbackQueue] != nil && !q.Hours.Open(at) {
		return q.Hours.FallbackQueue
	}
	return queue
}

var ladder = map[rapport.Rung]int{rapport.RungNamed: 2, rapport.RungCase: 3, rapport.RungHistory: 4}

// settled tells whether a bond decides already, so that the pool need not be read.
func settled(r *Request, s *Snapshot) bool {
	for i := range s.Ties {
		switch v, _ := r.weigh(&s.Ties[i], s.Sticky); {
		case v == rapport.Chosen:
			return true
		case mayHold(v) && r.mode(&s.Sticky, &s.Ties[i]) != rapport.Prefer:
			return true
		}
	}
	return false
}

// at puts the decision into a queue, under its policy.
func (s *Snapshot) at(config *store.Configuration, id rapport.QueueID, now time.Time) error {
	q := config.Queues[id]
	if q == nil {
		return rapport.Errorf(rapport.NotFound, "not_found", "There is no queue %q.", id)
	}
	s.Queue, s.Strategy = rapport.QueueRef{ID: q.ID, Name: q.Name}, q.Strategy
	s.Policy, s.Sticky = policy(config, id), config.StickyIn(id)
	s.Closed = closed(q, now)
	return nil
}

// closed says until when a queue is outside its hours; nil when it is not.
func closed(q *rapport.Queue, now time.Time) *Closed {
	if q.Hours.Open(now) {
		return nil
	}
	opening := q.Hours.Opening(now)
	if opening.IsZero() {
		return &Closed{Text: "Closed: its business hours say that it never opens"}
	}
	return &Closed{Until: opening, Text: "Closed until " + q.Hours.Until(now, opening)}
}

// policy names the versions of the rules that a decision follows.
func policy(config *store.Configuration, queue rapport.QueueID) string {
	text := fmt.Sprintf("s%d", config.Settings.Version)
	if q := config.Queues[queue]; q != nil {
		text += fmt.Sprintf(".q%d", q.Version)
	}
	return text
}

// fill reads the line of a queue, and its rest when nobody is ready.
func (s *Snapshot) fill(tx *store.Tx, r *Request, queue rapport.QueueID) error {
	pivot := int64(0)
	limit := lineLength + len(r.Exclude)
	if r.Wish.Strategy != "" { // the line stands in the order of the queue's own
		return s.fillOtherwise(tx, r, queue)
	}
	if s.Strategy == rapport.Random {
		pivot, r.Draw = rand.Int64N(store.RandomTurns), rand.Int64N(1<<40)
		limit += 10
	}
	line, err := tx.NextInLine(queue, pivot, limit)
	if err != nil {
		return err
	}
	free := 0
	for _, f := range line {
		s.Line = append(s.Line, person(f, queue))
		if !slices.Contains(r.Exclude, f.Agent.ID) {
			free++
		}
	}
	if free > 0 {
		return nil
	}
	return s.fillRest(tx, queue)
}

// mostOtherwise is how many ready members a strategy that is not the queue's
// own chooses among.
const mostOtherwise = 500

// fillOtherwise reads the line of a queue in the order of another strategy.
func (s *Snapshot) fillOtherwise(tx *store.Tx, r *Request, queue rapport.QueueID) error {
	s.Strategy = r.Wish.Strategy
	ready, err := tx.NextInLine(queue, 0, mostOtherwise)
	if err != nil {
		return err
	}
	for _, f := range ready {
		if !slices.Contains(r.Exclude, f.Agent.ID) {
			s.Line = append(s.Line, person(f, queue))
		}
	}
	if s.Strategy == rapport.Random {
		rand.Shuffle(len(s.Line), func(i, j int) { s.Line[i], s.Line[j] = s.Line[j], s.Line[i] })
		r.Draw = rand.Int64N(1 << 40)
	} else {
		s.Line = s.turn(*r)
	}
	s.Line = s.Line[:min(len(s.Line), lineLength)]
	if len(s.Line) > 0 {
		return nil
	}
	return s.fillRest(tx, queue)
}

// fillRest reads all members, to tell why none of them is ready.
func (s *Snapshot) fillRest(tx *store.Tx, queue rapport.QueueID) error {
	s.Line = nil
	rest, err := tx.QueueFacts(queue, restLength)
	for _, f := range rest {
		s.Rest = append(s.Rest, person(f, queue))
	}
	return err
}

// union is the pool of S2-08: every queue of the previous agent.
func union(tx *store.Tx, config *store.Configuration, s *Snapshot, r *Request, previous *store.Bond) error {
	members, err := tx.MemberOf(previous.Facts.Agent.ID)
	if err != nil {
		return err
	}
	var line, rest []Person
	merge := func(into *[]Person, from []Person) {
		for _, p := range from {
			if !slices.ContainsFunc(*into, func(known Person) bool { return known.ID == p.ID }) {
				*into = append(*into, p)
			}
		}
	}
	s.Fallback = config.Default
	for _, m := range members {
		if m.QueueID == config.Default && len(members) > 1 {
			continue // everybody is in it: it would make the union mean nothing
		}
		if m.QueueID == previous.QueueID {
			s.Fallback = m.QueueID
		}
		if q := config.Queues[m.QueueID]; q != nil && !q.Hours.Open(r.At) {
			continue
		}
		s.Line, s.Rest = nil, nil
		if err := s.fill(tx, r, m.QueueID); err != nil {
			return err
		}
		merge(&line, s.Line)
		merge(&rest, s.Rest)
	}
	s.Line, s.Rest = line, rest
	if q := config.Queues[s.Fallback]; q != nil {
		s.Waiting = q.Name
		if len(line)+len(rest) == 0 {
			s.Closed = closed(q, r.At)
		}
	}
	if len(line) > 0 {
		s.Rest = nil
	}
	return nil
}

// home is an agent as seen from a queue, or where none is given, from the one
// they belong to: where they last met the customer, else their first one.
func home(tx *store.Tx, config *store.Configuration, id rapport.AgentID, queue, last rapport.QueueID) (Person, error) {
	if queue == "" {
		members, err := tx.MemberOf(id)
		if err != nil {
			return Person{}, err
		}
		for _, m := range members {
			if m.CanReply && (queue == "" || queue == config.Default || m.QueueID == last) {
				queue = m.QueueID
			}
			if queue == last {
				break
			}
		}
	}
	f, err := tx.AgentFacts(id, queue)
	return person(f, queue), err
}
