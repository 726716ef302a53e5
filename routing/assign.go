package routing

import (
	"encoding/json"
	"time"

	"rapport"
	"rapport/store"
)

// Assign routes a conversation that is open and has no holder, or whose holder
// waits for a queue to take over. It changes s, keeps the decision, and returns
// the items that tell of it; the caller records both (store.Tx.Record). Where it
// waits already, for the same reason, the decision that said so stands: looking
// again leaves no trace.
func Assign(tx *store.Tx, s *rapport.Summary, r Request) (rapport.Decision, []rapport.Item, error) {
	r.ConversationID, r.At, r.Since, r.Exclude = s.ID, tx.Now(), waitingSince(tx, s), append(r.Exclude, s.Excluded...)
	snapshot, err := look(tx, &s.Conversation, &r)
	if err != nil {
		return rapport.Decision{}, nil, err
	}
	d := Decide(r, snapshot)
	if waitsAlready(s, d) {
		return d, nil, nil
	}
	d.ID = rapport.NewID[rapport.DecisionID]()
	if d.Inputs, err = json.Marshal(inputs{r, snapshot}); err != nil {
		return d, nil, err
	}
	var items []rapport.Item
	var told []rapport.Item
	if line, moved := movedOutOfHours(tx, s, r, d); moved {
		told = append(told, line)
	}
	if d.AgentID == "" {
		items, err = wait(tx, s, d, r.ByHand != "")
	} else {
		p := snapshot.person(d.AgentID, d.QueueID)
		items, err = take(tx, s, d, p, d.Override)
	}
	if err != nil {
		return d, nil, err
	}
	return d, append(told, items...), tx.InsertDecision(d)
}

// movedOutOfHours is the line of the thread that says why another queue takes it.
func movedOutOfHours(tx *store.Tx, s *rapport.Summary, r Request, d rapport.Decision) (line rapport.Item, moved bool) {
	asked := s.QueueID
	if r.Wish.QueueID != "" {
		asked = r.Wish.QueueID
	}
	config, err := tx.Configuration()
	if err != nil || asked == d.QueueID || s.Assignee != "" || outOfHours(config, asked, r.At) != d.QueueID {
		return line, false
	}
	from, to := config.Queues[asked], config.Queues[d.QueueID]
	return rapport.Item{Kind: rapport.ItemEvent, By: rapport.BySystem, Event: "transferred", Body: closed(from, r.At).Text + " in " + from.Name + "; " + to.Name + " takes it",
		Data: map[string]any{"queue_id": to.ID}}, true
}

// person finds somebody the decision looked at, as a member of the queue that
// it assigns in: how much room they have may differ between queues.
func (s *Snapshot) person(id rapport.AgentID, queue rapport.QueueID) Person {
	var all []Person
	if s.Explicit != nil {
		all = append(all, *s.Explicit)
	}
	for i := range s.Ties {
		all = append(all, s.Ties[i].Person)
	}
	for _, p := range append(all, s.Line...) {
		if p.ID == id && p.Queue == queue {
			return p
		}
	}
	return Person{}
}

// take gives a conversation to an agent: the one path of every assignment, by
// rule or by hand. Capacity is checked in the statement that raises the load;
// the conversation itself is compared and set when the caller records it.
func take(tx *store.Tx, s *rapport.Summary, d rapport.Decision, p Person, override bool) ([]rapport.Item, error) {
	name, room := p.Name, p.Room
	full := rapport.Errorf(rapport.Conflict, "at_capacity", "%s has no room: %d conversations are the limit.", name, room).With("capacity", room)
	if err := tx.Take(p.agent(), room, override, full); err != nil {
		return nil, err
	}
	if err := LetGo(tx, s); err != nil {
		return nil, err
	}
	item := rapport.Item{Kind: rapport.ItemEvent, By: rapport.BySystem, Event: "assigned", Body: "Assigned to " + name + ": " + lowerFirst(d.Sentence),
		Data: map[string]any{"agent_id": d.AgentID, "agent_name": name, "decision_id": d.ID, "rung": d.Rung}}
	if err := Move(tx, s, d.QueueID); err != nil {
		return nil, err
	}
	s.Assignee, s.AssigneeName, s.AssignedAt, s.Replies, s.AgentSeen = d.AgentID, name, tx.Now(), 0, 0
	s.Waiting, s.Transfer, s.WhileUnavailable = nil, nil, override && !p.here()
	s.BotID, s.BotName = "", ""
	s.EscalatedAt, s.Untimed = time.Time{}, false
	explain(s, d)
	return []rapport.Item{item}, nil
}

// wait leaves a conversation in the line of a queue, with the reason.
func wait(tx *store.Tx, s *rapport.Summary, d rapport.Decision, byHand bool) ([]rapport.Item, error) {
	if s.Waiting == nil {
		s.EscalatedAt = time.Time{}
	}
	first := s.Waiting == nil || s.Waiting.Reason != d.Sentence
	s.Waiting = &rapport.Waiting{Since: waitingSince(tx, s), Reason: d.Sentence, WaitsFor: d.WaitsFor, AgentID: d.HoldFor, Until: d.HoldUntil, ByHand: byHand}
	s.BotID, s.BotName = "", "" // it waits for humans
	if s.Transfer == nil {      // a holder who waits for a queue keeps it until then, and why they have it
		explain(s, d)
		if err := LetGo(tx, s); err != nil {
			return nil, err
		}
		if err := Move(tx, s, d.QueueID); err != nil {
			return nil, err
		}
	}
	if !first {
		return nil, nil
	}
	return []rapport.Item{{Kind: rapport.ItemEvent, By: rapport.BySystem, Event: "waiting", Body: d.Sentence, Data: map[string]any{"decision_id": d.ID, "waits_for": d.WaitsFor}}}, nil
}

// waitingSince is since when the customer waits for somebody.
func waitingSince(tx *store.Tx, s *rapport.Summary) time.Time {
	switch {
	case s.Waiting != nil:
		return s.Waiting.Since
	case !s.AwaitsSince.IsZero():
		return s.AwaitsSince
	}
	return tx.Now()
}

// waitsAlready tells whether a decision leaves a conversation just as it is.
func waitsAlready(s *rapport.Summary, d rapport.Decision) bool {
	w := s.Waiting
	return d.AgentID == "" && w != nil && w.Reason == d.Sentence && w.WaitsFor == d.WaitsFor && w.AgentID == d.HoldFor && w.Until.Equal(d.HoldUntil) && !w.ByHand &&
		(s.Transfer != nil || s.QueueID == d.QueueID)
}

// LetGo takes a conversation from its holder, if it has one.
func LetGo(tx *store.Tx, s *rapport.Summary) error {
	if s.Assignee == "" {
		return nil
	}
	holder, active := s.Assignee, s.State.Active()
	s.Unassign()
	if !active {
		return nil
	}
	return tx.Recount(holder, -1)
}

// Move puts a conversation into another queue; the caller routes it there.
func Move(tx *store.Tx, s *rapport.Summary, queue rapport.QueueID) error {
	if s.QueueID == queue {
		return nil
	}
	config, err := tx.Configuration()
	if err != nil {
		return err
	}
	s.QueueID, s.QueueName = queue, ""
	if q := config.Queues[queue]; q != nil {
		s.QueueName = q.Name
	}
	return nil
}

func explain(s *rapport.Summary, d rapport.Decision) {
	s.Why = &rapport.Why{DecisionID: d.ID, Sentence: d.Sentence, Rung: d.Rung, At: d.At}
}

// Grant is the word of a person that an agent shall have a conversation.
type Grant struct {
	To       rapport.AgentID
	Queue    rapport.QueueID // as a member of which queue
	Trigger  string          // claim, transfer, reopen, reply
	Sentence string
	EvenAway bool // the agent takes it themselves, whatever their status
	Override bool // even over capacity or availability; the decision says so
}

// Give hands a conversation to an agent because a person said so. Whoever is
// disabled or may not reply in the queue cannot get it; a full or absent agent
// only with override.
func Give(tx *store.Tx, s *rapport.Summary, g Grant) ([]rapport.Item, error) {
	f, err := tx.AgentFacts(g.To, g.Queue)
	if err != nil {
		return nil, err
	}
	p := person(f, g.Queue)
	v, why := (&Request{}).judge(&p)
	switch {
	case v == rapport.Chosen, v == rapport.NotAvailable && g.EvenAway && p.Load < p.Room:
		g.Override = false
	case mayHold(v) && g.Override:
	case v == rapport.NotAvailable && g.EvenAway:
		v, why = rapport.AtCapacity, "Holds "+plural(p.Load, "conversation", "conversations")+", which is the limit."
		fallthrough
	default:
		return nil, rapport.Errorf(rapport.Conflict, "not_eligible", "%s cannot take it: %s", p.Name, lowerFirst(why)).
			With("verdict", v).With("reason", why).With("agent", rapport.AgentRef{ID: p.ID, Name: p.Name}).With("overridable", mayHold(v))
	}
	config, err := tx.Configuration()
	if err != nil {
		return nil, err
	}
	d := rapport.Decision{
		ID: rapport.NewID[rapport.DecisionID](), ConversationID: s.ID, At: tx.Now(), Trigger: g.Trigger, Policy: policy(config, g.Queue),
		QueueID: g.Queue, Rung: rapport.RungManual, AgentID: p.ID, Sentence: g.Sentence, Override: g.Override,
		Candidates: []rapport.Candidate{{AgentID: p.ID, Name: p.Name, Rung: rapport.RungManual, Verdict: rapport.Chosen, Reason: g.Sentence + "."}},
	}
	items, err := take(tx, s, d, p, g.Override)
	if err != nil {
		return nil, err
	}
	return items, tx.InsertDecision(d)
}
