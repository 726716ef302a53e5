package conversation_test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"rapport"
	"rapport/conversation"
	"rapport/lib/point"
	"rapport/presence"
	"rapport/rapporttest/pg"
	"rapport/routing"
	"rapport/store"
)

// TestScenarios plays the files of testdata/scenario on both databases, in
// virtual time. Their language is described in testdata/scenario/README.md.
func TestScenarios(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../testdata/scenario/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios found: %v", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		for _, database := range []string{"sqlite", "postgres"} {
			t.Run(name+"/"+database, func(t *testing.T) {
				t.Parallel()
				url := filepath.Join(t.TempDir(), "rapport.db")
				if database == "postgres" {
					url = pg.URL(t)
				}
				play(t, url, file)
			})
		}
	}
}

// world is the state of one scenario.
type world struct {
	t         *testing.T
	db        *store.DB
	now       time.Time
	line      string
	agents    map[string]rapport.AgentID
	queues    map[string]rapport.QueueID
	inboxes   map[string]rapport.InboxID
	points    map[string]rapport.Point
	latest    map[string]rapport.ConversationID // of a customer
	stickies  map[string]rapport.StickyID
	refused   error // of the last action, until an expectation reads it
	messageNo int
}

func play(t *testing.T, url, file string) {
	w := &world{
		t: t, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC),
		agents: map[string]rapport.AgentID{}, queues: map[string]rapport.QueueID{}, inboxes: map[string]rapport.InboxID{},
		points: map[string]rapport.Point{}, latest: map[string]rapport.ConversationID{}, stickies: map[string]rapport.StickyID{},
	}
	db, err := store.Open(t.Context(), store.Config{URL: url, Now: func() time.Time { return w.now }})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.db = db
	w.must(func(tx *store.Tx) error {
		if err := tx.SaveSettings(rapport.DefaultSettings()); err != nil {
			return err
		}
		return w.saveQueue(tx, rapport.Queue{Name: "general", Default: true, Strategy: rapport.RoundRobin})
	})
	text, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer text.Close()
	lines := bufio.NewScanner(text)
	for n := 1; lines.Scan(); n++ {
		line, _, _ := strings.Cut(lines.Text(), "#")
		if strings.TrimSpace(line) == "" {
			continue
		}
		w.line = fmt.Sprintf("%s:%d: %s", filepath.Base(file), n, strings.TrimSpace(line))
		words := split(line)
		if words[0] == ">" {
			w.expect(words[1:])
			continue
		}
		w.unexpected()
		w.now = w.now.Add(time.Second)
		w.act(words)
		w.invariants()
	}
	w.unexpected()
}

// split cuts a line into words; "quoted words" are one.
func split(line string) (words []string) {
	for i, part := range strings.Split(line, `"`) {
		if i%2 == 1 {
			words = append(words, part)
		} else {
			words = append(words, strings.Fields(part)...)
		}
	}
	return words
}

func (w *world) fail(format string, args ...any) {
	w.t.Helper()
	w.t.Fatalf("%s\n\t%s", w.line, fmt.Sprintf(format, args...))
}

func (w *world) must(fn func(*store.Tx) error) {
	w.t.Helper()
	if err := w.db.Update(w.t.Context(), fn); err != nil {
		w.fail("%v", err)
	}
}

// try runs an action that a rule may refuse; the next expectation may ask.
func (w *world) try(fn func(*store.Tx) error) { w.refused = w.db.Update(w.t.Context(), fn) }

func (w *world) unexpected() {
	w.t.Helper()
	if w.refused != nil {
		w.fail("the action before was refused: %v", w.refused)
	}
}

func (w *world) saveQueue(tx *store.Tx, q rapport.Queue) error {
	if q.ID == "" {
		q.ID, q.CreatedAt = rapport.NewID[rapport.QueueID](), tx.Now()
		w.queues[q.Name] = q.ID
	}
	q.Version++
	return routing.SaveQueue(tx, q)
}

// agent returns a named agent, who is made at the first mention: signed in,
// available, a member of the default queue.
func (w *world) agent(name string) rapport.AgentID {
	w.t.Helper()
	if id, ok := w.agents[name]; ok {
		return id
	}
	id := rapport.NewID[rapport.AgentID]()
	w.agents[name] = id
	w.must(func(tx *store.Tx) error {
		a := rapport.Agent{ID: id, Name: name, Email: name + "@example.com", Role: rapport.RoleAgent, Enabled: true, Status: rapport.StatusAvailable, CreatedAt: tx.Now()}
		if err := tx.InsertAgent(a); err != nil {
			return err
		}
		return routing.Arrive(tx, id)
	})
	return id
}

func (w *world) actor(tx *store.Tx, name string) (rapport.Actor, error) {
	a, err := tx.Agent(w.agent0(name))
	if err != nil {
		return rapport.Actor{}, err
	}
	actor := rapport.Actor{Kind: rapport.ActorAgent, AgentID: a.ID, Name: a.Name, Role: a.Role, Queues: map[rapport.QueueID]bool{}}
	members, err := tx.MemberOf(a.ID)
	for _, m := range members {
		actor.Queues[m.QueueID] = m.CanReply
	}
	return actor, err
}

func (w *world) agent0(name string) rapport.AgentID {
	w.t.Helper()
	id, ok := w.agents[name]
	if !ok {
		panic("nobody introduced the agent " + name) // perhaps inside a transaction
	}
	return id
}

func (w *world) queue(name string) rapport.QueueID {
	w.t.Helper()
	id, ok := w.queues[name]
	if !ok {
		panic("nobody introduced the queue " + name)
	}
	return id
}

func (w *world) point(customer string) rapport.Point {
	if p, ok := w.points[customer]; ok {
		return p
	}
	return rapport.Point{Kind: rapport.PointVisitor, Address: customer}
}

func (w *world) conversation(customer string) rapport.ConversationID {
	w.t.Helper()
	id, ok := w.latest[customer]
	if !ok {
		w.fail("%s has not written yet", customer)
	}
	return id
}

// option returns the word after a key word, if the line has it.
func option(words []string, key string) (string, bool) {
	if i := slices.Index(words, key); i >= 0 && i+1 < len(words) {
		return words[i+1], true
	}
	return "", false
}

func (w *world) act(words []string) {
	w.t.Helper()
	switch words[0] {
	case "queue":
		w.setQueue(words[1], words[2:])
	case "inbox":
		w.must(func(tx *store.Tx) error {
			i := rapport.Inbox{ID: rapport.NewID[rapport.InboxID](), Name: words[1], Channel: "sandbox", Enabled: true, Pulls: true, CreatedAt: tx.Now()}
			if q, ok := option(words, "queue"); ok {
				i.QueueID = w.queue(q)
			}
			w.inboxes[i.Name] = i.ID
			return tx.SaveInbox(i, nil)
		})
	case "agent":
		id := w.agent(words[1])
		w.must(func(tx *store.Tx) error {
			a, err := tx.Agent(id)
			if err != nil {
				return err
			}
			if n, ok := option(words, "capacity"); ok {
				a.Capacity = number(n)
			}
			if r, ok := option(words, "role"); ok {
				a.Role = rapport.Role(r)
			}
			_, err = routing.SaveAgent(tx, a)
			return err
		})
	case "customer":
		p, err := point.Parse("", words[2], "")
		if err != nil {
			w.fail("%v", err)
		}
		w.points[words[1]] = p
	case "sticky":
		w.setSticky(words[1], words[2:])
	case "settings":
		w.must(func(tx *store.Tx) error {
			c, err := tx.Configuration()
			if err != nil {
				return err
			}
			s := c.Settings
			s.Version++
			if n, ok := option(words, "capacity"); ok {
				s.Capacity = *number(n)
			}
			w.setStickiness(&s.Sticky, words[1:])
			return routing.SaveSettings(tx, s)
		})
	case "wait":
		w.wait(words[1:])
	case "restart":
		w.must(func(tx *store.Tx) error { return nil })
	default:
		w.person(words)
	}
}

func number(s string) *int {
	n, err := strconv.Atoi(s)
	if err != nil {
		panic(err)
	}
	return &n
}

func (w *world) setQueue(name string, words []string) {
	w.t.Helper()
	w.must(func(tx *store.Tx) error {
		q := rapport.Queue{Name: name, Strategy: rapport.RoundRobin}
		if id, ok := w.queues[name]; ok {
			var err error
			if q, err = tx.Queue(id); err != nil {
				return err
			}
		}
		if s, ok := option(words, "strategy"); ok {
			q.Strategy = rapport.Strategy(s)
		}
		if n, ok := option(words, "capacity"); ok {
			q.Capacity = number(n)
		}
		if slices.ContainsFunc(words, func(s string) bool { return s == "mode" || s == "days" || s == "availability" || s == "sticky" }) {
			s := rapport.DefaultSticky()
			if q.Sticky != nil {
				s = *q.Sticky
			}
			w.setStickiness(&s, words)
			q.Sticky = &s
		}
		return w.saveQueue(tx, q)
	})
	if i := slices.Index(words, "members"); i >= 0 {
		for _, member := range words[i+1:] {
			id := w.agent(member)
			w.must(func(tx *store.Tx) error {
				return routing.SaveMember(tx, rapport.Member{QueueID: w.queue(name), AgentID: id, CanReply: true})
			})
		}
	}
	if agent, ok := option(words, "reader"); ok {
		id := w.agent(agent)
		w.must(func(tx *store.Tx) error {
			return routing.SaveMember(tx, rapport.Member{QueueID: w.queue(name), AgentID: id})
		})
	}
}

func (w *world) setStickiness(s *rapport.Sticky, words []string) {
	if v, ok := option(words, "days"); ok {
		s.Days = *number(v)
	}
	if v, ok := option(words, "mode"); ok {
		s.Mode = rapport.StickyMode(v)
	}
	if v, ok := option(words, "availability"); ok {
		s.AvailabilityCheck = v == "on"
	}
	if v, ok := option(words, "sticky"); ok {
		s.Enabled = v == "on"
	}
	if v, ok := option(words, "replies"); ok {
		s.MinReplies = *number(v)
	}
	if v, ok := option(words, "cases"); ok {
		s.OpenCase = v == "on"
	}
}

// setSticky: sticky "Title" customers +49…,mia@example.com agent ana [inactive]
func (w *world) setSticky(title string, words []string) {
	w.t.Helper()
	if words[0] == "deleted" {
		w.must(func(tx *store.Tx) error { return tx.DeleteSticky(w.stickies[title]) })
		return
	}
	customers, _ := option(words, "customers")
	agent, _ := option(words, "agent")
	points, err := point.ParseList(customers, "")
	if err != nil {
		w.fail("%v", err)
	}
	id, ok := w.stickies[title]
	if !ok {
		id = rapport.NewID[rapport.StickyID]()
	}
	s := rapport.StickyAgent{ID: id, Title: title, Points: points, AgentID: w.agent(agent), Enabled: !slices.Contains(words, "inactive")}
	if w.refused = s.Validate(); w.refused != nil {
		return
	}
	w.try(func(tx *store.Tx) error { return tx.SaveSticky(s) })
	if w.refused == nil {
		w.stickies[title] = id
	}
}

func (w *world) wait(words []string) {
	w.t.Helper()
	n := *number(words[0])
	units := map[string]time.Duration{"second": time.Second, "minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}
	d, ok := units[strings.TrimSuffix(words[1], "s")]
	if !ok {
		w.fail("wait how long? %q", words[1])
	}
	// Desks that are connected stay so while time passes.
	w.must(func(tx *store.Tx) error {
		agents, err := tx.Agents()
		if err != nil {
			return err
		}
		w.now = w.now.Add(time.Duration(n) * d)
		var here []rapport.AgentID
		for _, a := range agents {
			if a.Connected && !slices.Contains(words, a.Name) {
				here = append(here, a.ID)
			}
		}
		return tx.AgentsSeen(here)
	})
	w.must(func(tx *store.Tx) error {
		agents, err := tx.Agents()
		if err != nil {
			return err
		}
		var here []rapport.AgentID
		for _, a := range agents {
			if a.Connected && !slices.Contains(words, a.Name) {
				here = append(here, a.ID)
			}
		}
		if err := tx.AgentsSeen(here); err != nil {
			return err
		}
		if _, err := presence.Sweep(tx, tx.Now().Add(-presence.Timeout)); err != nil {
			return err
		}
		return conversation.ReturnTransfers(tx)
	})
}

// person: what an agent or a customer does.
func (w *world) person(words []string) {
	w.t.Helper()
	if words[1] == "writes" {
		w.writes(words[0], words[2:])
		return
	}
	name, verb, rest := words[0], words[1], words[2:]
	with := func(do func(*store.Tx, rapport.Actor, rapport.ConversationID) error) {
		w.t.Helper()
		id := w.conversation(rest[0])
		w.try(func(tx *store.Tx) error {
			actor, err := w.actor(tx, name)
			if err != nil {
				return err
			}
			return do(tx, actor, id)
		})
	}
	state := func(to rapport.State) {
		with(func(tx *store.Tx, a rapport.Actor, id rapport.ConversationID) error {
			_, err := conversation.SetState(tx, a, id, to)
			return err
		})
	}
	anyway := slices.Contains(rest, "anyway")
	switch verb {
	case "is":
		w.is(name, rest[0])
	case "connects":
		w.must(func(tx *store.Tx) error { return routing.Arrive(tx, w.agent0(name)) })
	case "signs":
		w.must(func(tx *store.Tx) error {
			if rest[0] == "out" {
				return routing.SignOut(tx, w.agent0(name))
			}
			if err := routing.SignIn(tx, w.agent0(name)); err != nil {
				return err
			}
			return routing.Arrive(tx, w.agent0(name))
		})
	case "joins":
		id := w.agent(name)
		w.must(func(tx *store.Tx) error {
			return routing.SaveMember(tx, rapport.Member{QueueID: w.queue(rest[0]), AgentID: id, CanReply: true})
		})
	case "leaves":
		w.must(func(tx *store.Tx) error { return routing.RemoveMember(tx, w.queue(rest[0]), w.agent0(name)) })
	case "answers":
		with(func(tx *store.Tx, a rapport.Actor, id rapport.ConversationID) error {
			_, _, err := conversation.Reply(tx, a, id, "An answer.", "")
			return err
		})
	case "notes":
		with(func(tx *store.Tx, a rapport.Actor, id rapport.ConversationID) error {
			_, _, err := conversation.Note(tx, a, id, "A note.", "")
			return err
		})
	case "claims":
		with(func(tx *store.Tx, a rapport.Actor, id rapport.ConversationID) error {
			_, err := conversation.Claim(tx, a, id, anyway)
			return err
		})
	case "transfers":
		with(func(tx *store.Tx, a rapport.Actor, id rapport.ConversationID) error {
			to := conversation.To{Reason: "because", Override: anyway}
			if q, ok := option(rest, "queue"); ok {
				to.QueueID = w.queue(q)
			} else {
				target, _ := option(rest, "to")
				to.AgentID = w.agent0(target)
			}
			_, err := conversation.Transfer(tx, a, id, to)
			return err
		})
	case "calls-back":
		with(func(tx *store.Tx, a rapport.Actor, id rapport.ConversationID) error {
			_, err := conversation.CancelTransfer(tx, a, id)
			return err
		})
	case "releases":
		with(func(tx *store.Tx, a rapport.Actor, id rapport.ConversationID) error {
			_, err := conversation.Release(tx, a, id, "")
			return err
		})
	case "prioritises":
		with(func(tx *store.Tx, a rapport.Actor, id rapport.ConversationID) error {
			_, err := conversation.SetPriority(tx, a, id, rapport.Priority(rest[1]))
			return err
		})
	case "pends":
		state(rapport.Pending)
	case "solves":
		state(rapport.Solved)
	case "closes":
		state(rapport.Closed)
	case "reopens":
		state(rapport.Open)
	default:
		w.fail("what does %q mean?", verb)
	}
}

func (w *world) is(name, what string) {
	w.t.Helper()
	id := w.agent0(name)
	switch what {
	case "disabled", "enabled":
		w.must(func(tx *store.Tx) error {
			a, err := tx.Agent(id)
			if err != nil {
				return err
			}
			a.Enabled = what == "enabled"
			_, err = routing.SaveAgent(tx, a)
			return err
		})
	case "deleted":
		w.must(func(tx *store.Tx) error { return routing.DeleteAgent(tx, id) })
	default:
		w.must(func(tx *store.Tx) error {
			_, err := routing.SetStatus(tx, id, rapport.Status(what))
			return err
		})
	}
}

// writes: mia writes [inbox NAME] [agent ana] [queue billing [prefer-last-agent]] [id EXTERNAL] [priority high] [also ADDRESS]
func (w *world) writes(customer string, words []string) {
	w.t.Helper()
	in := conversation.Inbound{Points: []rapport.Point{w.point(customer)}, Name: customer, Body: "A question."}
	inbox, ok := option(words, "inbox")
	if !ok {
		inbox = "web"
	}
	if in.InboxID, ok = w.inboxes[inbox]; !ok {
		w.fail("nobody introduced the inbox %s", inbox)
	}
	if a, ok := option(words, "agent"); ok {
		in.Wish.AgentID = w.agent0(a)
	}
	if q, ok := option(words, "queue"); ok {
		in.Wish.QueueID = w.queue(q)
	}
	if p, ok := option(words, "priority"); ok {
		in.Priority = rapport.Priority(p)
	}
	if also, ok := option(words, "also"); ok {
		p, err := point.Parse("", also, "")
		if err != nil {
			w.fail("%v", err)
		}
		in.Points, in.Known = append(in.Points, p), true
	}
	in.Wish.PreferLastAgent = slices.Contains(words, "prefer-last-agent")
	w.messageNo++
	in.ExternalID = "message-" + strconv.Itoa(w.messageNo)
	if id, ok := option(words, "id"); ok {
		in.ExternalID = id
	}
	w.try(func(tx *store.Tx) error {
		got, err := conversation.Receive(tx, in)
		if err == nil {
			w.latest[customer] = got.Conversation.ID
		}
		return err
	})
}

// expect: what must be true after the last action.
func (w *world) expect(words []string) {
	w.t.Helper()
	if words[0] == "refused" {
		err := w.refused
		w.refused = nil
		if rapport.CodeOf(err) != words[1] {
			w.fail("it was answered %v (%s)", err, rapport.CodeOf(err))
		}
		for _, part := range words[2:] {
			if !strings.Contains(err.Error(), part) {
				w.fail("the refusal does not say %q: %v", part, err)
			}
		}
		return
	}
	w.unexpected()
	err := w.db.View(w.t.Context(), func(tx *store.Tx) error {
		if words[0] == "load" {
			a, err := tx.Agent(w.agent0(words[1]))
			if err == nil && strconv.Itoa(a.Load) != words[2] {
				w.fail("the load of %s is %d", a.Name, a.Load)
			}
			return err
		}
		s, err := tx.Summary(w.conversation(words[0]))
		if err != nil {
			return err
		}
		w.expectOf(tx, s, words[1], words[2:])
		return nil
	})
	if err != nil {
		w.fail("%v", err)
	}
}

func (w *world) expectOf(tx *store.Tx, s rapport.Summary, what string, rest []string) {
	w.t.Helper()
	decisions, err := tx.Decisions(s.ID)
	if err != nil {
		w.fail("%v", err)
	}
	same := func(have, want string) {
		w.t.Helper()
		if have != want {
			w.fail("it is %q", have)
		}
	}
	switch what {
	case "has":
		if s.AssigneeName != rest[0] {
			why := ""
			if s.Waiting != nil {
				why = "; it waits: " + s.Waiting.Reason
			}
			w.fail("it is with %q%s", s.AssigneeName, why)
		}
	case "waits":
		if s.Waiting == nil {
			w.fail("it does not wait; it is with %q", s.AssigneeName)
		}
		if q, ok := option(rest, "in"); ok {
			waits := s.QueueID
			if s.Transfer != nil {
				waits = s.Transfer.QueueID
			}
			same(string(waits), string(w.queue(q)))
		}
		if a, ok := option(rest, "for"); ok {
			same(string(s.Waiting.AgentID), string(w.agent0(a)))
		}
	case "because":
		same(s.Why.Sentence, rest[0])
	case "rung":
		same(string(s.Why.Rung), rest[0])
	case "state":
		same(string(s.State), rest[0])
	case "queue":
		same(s.QueueName, rest[0])
	case "override":
		same(strconv.FormatBool(decisions[0].Override), rest[0])
	case "candidate": // > mia candidate ana not_available
		var verdicts []string
		for _, c := range decisions[0].Candidates {
			if c.Name == rest[0] {
				verdicts = append(verdicts, string(c.Verdict))
			}
		}
		if !slices.Contains(verdicts, rest[1]) {
			w.fail("the verdicts on %s are %v", rest[0], verdicts)
		}
	case "messages":
		items, err := tx.Items(s.ID, 0, 0, 1000)
		if err != nil {
			w.fail("%v", err)
		}
		n := 0
		for _, i := range items {
			if i.Kind == rapport.ItemMessage {
				n++
			}
		}
		same(strconv.Itoa(n), rest[0])
	case "follows":
		same(strconv.FormatBool(s.Follows != ""), rest[0])
	case "told": // an event line of the thread has this text
		items, err := tx.Items(s.ID, 0, 0, 1000)
		if err != nil {
			w.fail("%v", err)
		}
		if !slices.ContainsFunc(items, func(i rapport.Item) bool { return i.Kind == rapport.ItemEvent && strings.Contains(i.Body, rest[0]) }) {
			w.fail("no line of the thread says so")
		}
	case "same-conversation-as":
		same(string(s.ID), string(w.latest[rest[0]]))
	default:
		w.fail("what does %q expect?", what)
	}
}

// invariants hold after every line of every scenario.
func (w *world) invariants() {
	w.t.Helper()
	err := w.db.View(w.t.Context(), func(tx *store.Tx) error {
		wrong, err := tx.CheckLoads()
		if err != nil {
			return err
		}
		if len(wrong) > 0 { // invariant 2
			w.fail("the loads of %v are not what they hold", wrong)
		}
		for _, id := range w.latest {
			s, err := tx.Summary(id)
			if err != nil {
				return err
			}
			if s.State == rapport.Open && s.Assignee == "" && (s.Waiting == nil || s.Waiting.Reason == "" || s.Waiting.WaitsFor == "") { // invariant 4
				w.fail("a conversation is open, nobody has it, and it does not wait")
			}
			decisions, err := tx.Decisions(id)
			if err != nil {
				return err
			}
			for _, d := range decisions { // invariant 6
				if d.Rung == rapport.RungManual {
					continue
				}
				again, err := routing.Replay(d)
				if err != nil {
					return err
				}
				if fmt.Sprint(again) != fmt.Sprint(d) {
					w.fail("a decision replays differently:\n%+v\n%+v", d, again)
				}
			}
		}
		return nil
	})
	if err != nil {
		w.fail("%v", err)
	}
}
