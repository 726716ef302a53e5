// Package scenario plays stories about routing, written as text that a
// supervisor can read and write, and checks what comes of them. The language is
// described in testdata/scenario/README.md.
package scenario

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
	"rapport/lib/point"
	"rapport/routing"
	"rapport/store"
)

// world is the state of one scenario.
type world struct {
	t         testing.TB
	url       string
	db        *store.DB
	now       time.Time
	line      string
	agents    map[string]rapport.AgentID
	queues    map[string]rapport.QueueID
	inboxes   map[string]rapport.InboxID
	points    map[string]rapport.Point
	latest    map[string]rapport.ConversationID // of a customer
	stickies  map[string]rapport.StickyID
	bots      map[string]rapport.BotID
	statuses  map[string]rapport.StatusID
	up        time.Time // since when the program has been running
	refused   error     // of the last action, until an expectation reads it
	messageNo int
	said      map[string]bool // sentences that have German
}

// Play plays one file on the database at url.
func Play(t testing.TB, url, file string) {
	w := &world{
		t: t, url: url, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC),
		agents: map[string]rapport.AgentID{}, queues: map[string]rapport.QueueID{}, inboxes: map[string]rapport.InboxID{},
		points: map[string]rapport.Point{}, latest: map[string]rapport.ConversationID{}, stickies: map[string]rapport.StickyID{},
		bots: map[string]rapport.BotID{}, statuses: map[string]rapport.StatusID{}, said: map[string]bool{},
	}
	w.up = w.now
	w.open()
	defer func() { w.db.Close() }()
	w.must(func(tx *store.Tx) error {
		s := rapport.DefaultSettings()
		s.ReplyTimer.Enabled = false // stories say when they want it
		if err := tx.SaveSettings(s); err != nil {
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

// open opens the database, the first time and after a restart.
func (w *world) open() {
	w.t.Helper()
	db, err := store.Open(w.t.Context(), store.Config{URL: w.url, Now: func() time.Time { return w.now }})
	if err != nil {
		w.t.Fatal(err)
	}
	w.db = db
	if err := db.Migrate(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
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
	members, err := tx.MemberOf(a.ID)
	return rapport.ActorOf(a, members), err
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
			i.Silence = silence(words)
			if b, ok := option(words, "bot"); ok {
				i.BotID = w.bots[b]
			}
			w.inboxes[i.Name] = i.ID
			return tx.SaveInbox(i, nil)
		})
		w.retime()
	case "bot":
		w.setBot(words[1], words[2:])
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
			if n, ok := option(words, "away"); ok {
				s.AwayMinutes = *number(n)
			}
			if n, ok := option(words, "grace"); ok {
				s.OfflineGraceSeconds = *number(n)
			}
			if n, ok := option(words, "reopen"); ok {
				s.ReopenHours = *number(n)
			}
			w.setStickiness(&s.Sticky, words[1:])
			w.setReplyTimer(&s.ReplyTimer, words[1:])
			return routing.SaveSettings(tx, s)
		})
		w.retime()
	case "wait":
		w.wait(words[1:])
	case "restart":
		w.up = w.now
		w.db.Close()
		w.open()
	case "down":
		w.down(words[1:])
	case "status":
		w.must(func(tx *store.Tx) error {
			c := rapport.CustomStatus{ID: rapport.NewID[rapport.StatusID](), Name: words[1], Base: rapport.Status(words[2]), Color: "#2563eb", CreatedAt: tx.Now()}
			w.statuses[c.Name] = c.ID
			return tx.SaveCustomStatus(c)
		})
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
		if slices.ContainsFunc(words, func(s string) bool {
			return s == "mode" || s == "days" || s == "availability" || s == "sticky" || strings.HasPrefix(s, "hold-")
		}) {
			s := rapport.DefaultSticky()
			if q.Sticky != nil {
				s = *q.Sticky
			}
			w.setStickiness(&s, words)
			q.Sticky = &s
		}
		w.setQueueRules(&q, words)
		if err := q.Validate(); err != nil {
			return err
		}
		return w.saveQueue(tx, q)
	})
	w.retime()
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
	for word, seconds := range map[string]*int{"hold-full": &s.Hold.Full, "hold-busy": &s.Hold.Busy, "hold-away": &s.Hold.Away, "hold-offline": &s.Hold.Offline} {
		if v, ok := option(words, word); ok {
			*seconds = *number(v)
		}
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
