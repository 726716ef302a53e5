package rapporttest

import (
	"context"
	"strings"
	"sync"
	"testing"

	"rapport"
	"rapport/routing"
	"rapport/store"
)

// World is a contact centre whose people, queues and inboxes have names. Its
// verbs act through the rules and fail the test when they are refused, unless
// that is what the test wants (Refused). It may be used by several goroutines.
type World struct {
	T       testing.TB
	DB      *store.DB
	General rapport.QueueID // the default queue, named "general"

	names   *names
	refused string
}

type names struct {
	sync.Mutex
	agents   map[string]rapport.AgentID
	queues   map[string]rapport.QueueID
	inboxes  map[string]rapport.InboxID
	contacts map[string]rapport.ContactID
}

// NewWorld sets up an account with the default queue and nobody in it.
func NewWorld(t testing.TB, db *store.DB) *World {
	t.Helper()
	w := &World{T: t, DB: db, General: rapport.NewID[rapport.QueueID](), names: &names{
		agents: map[string]rapport.AgentID{}, queues: map[string]rapport.QueueID{}, inboxes: map[string]rapport.InboxID{}, contacts: map[string]rapport.ContactID{},
	}}
	w.Update(func(tx *store.Tx) error {
		q := rapport.Queue{ID: w.General, Name: "general", Default: true, Strategy: rapport.RoundRobin, Version: 1, CreatedAt: tx.Now()}
		if err := routing.SaveQueue(tx, q); err != nil {
			return err
		}
		return tx.SaveSettings(rapport.DefaultSettings())
	})
	w.names.queues["general"] = w.General
	t.Cleanup(w.Check)
	return w
}

// Refused is the same world, whose next verb must be refused with a code.
func (w *World) Refused(code string) *World {
	v := *w
	v.refused = code
	return &v
}

// ctx outlives the test's own context, which ends before its cleanups.
func (w *World) ctx() context.Context { return context.WithoutCancel(w.T.Context()) }

// Update runs a transaction that must succeed, or be refused if that is asked for.
func (w *World) Update(fn func(*store.Tx) error) {
	w.T.Helper()
	w.judge(w.DB.Update(w.ctx(), fn))
}

// Index writes to the index of search; it must succeed.
func (w *World) Index(fn func(*store.Tx) error) {
	w.T.Helper()
	w.judge(w.DB.Index(w.ctx(), fn))
}

// View reads; it must succeed.
func (w *World) View(fn func(*store.Tx) error) {
	w.T.Helper()
	if err := w.DB.View(w.ctx(), fn); err != nil {
		w.T.Fatal(err)
	}
}

func (w *World) judge(err error) {
	w.T.Helper()
	switch {
	case w.refused == "" && err != nil:
		w.T.Fatal(err)
	case w.refused != "" && err == nil:
		w.T.Fatalf("was not refused; %s was expected", w.refused)
	case w.refused != "" && rapport.CodeOf(err) != w.refused:
		w.T.Fatalf("was refused with %q (%v); %s was expected", rapport.CodeOf(err), err, w.refused)
	}
}

// willing is the world without the wish to be refused, for what a verb needs first.
func (w *World) willing() *World {
	v := *w
	v.refused = ""
	return &v
}

// Agent returns an agent as they are now. One who is named for the first time
// comes to be: in the default queue, at their desk and available.
func (w *World) Agent(name string, change ...func(*rapport.Agent)) rapport.Agent {
	w.T.Helper()
	w.names.Lock()
	id, known := w.names.agents[name]
	if !known {
		id = rapport.NewID[rapport.AgentID]()
		w.names.agents[name] = id
	}
	w.names.Unlock()
	var a rapport.Agent
	switch {
	case !known:
		w.Update(func(tx *store.Tx) error {
			a = rapport.Agent{ID: id, Name: name, Email: strings.ToLower(name) + "@example.com", Role: rapport.RoleAgent, Enabled: true, Status: rapport.StatusOffline, CreatedAt: tx.Now()}
			for _, c := range change {
				c(&a)
			}
			if err := tx.InsertAgent(a); err != nil {
				return err
			}
			if err := routing.SignIn(tx, id); err != nil {
				return err
			}
			return routing.Arrive(tx, id)
		})
	case len(change) > 0:
		w.Update(func(tx *store.Tx) error {
			was, err := tx.Agent(id)
			if err != nil {
				return err
			}
			for _, c := range change {
				c(&was)
			}
			_, err = routing.SaveAgent(tx, was)
			return err
		})
	}
	w.View(func(tx *store.Tx) (err error) {
		a, err = tx.Agent(id)
		return err
	})
	return a
}

// As gives an agent a role.
func As(r rapport.Role) func(*rapport.Agent) { return func(a *rapport.Agent) { a.Role = r } }

// Capacity gives an agent a capacity of their own.
func Capacity(n int) func(*rapport.Agent) { return func(a *rapport.Agent) { a.Capacity = &n } }

// Enabled switches an agent on or off.
func Enabled(on bool) func(*rapport.Agent) { return func(a *rapport.Agent) { a.Enabled = on } }

// Actor is an agent as who acts.
func (w *World) Actor(name string) rapport.Actor {
	w.T.Helper()
	a := w.willing().Agent(name)
	var members []rapport.Member
	w.View(func(tx *store.Tx) (err error) {
		members, err = tx.MemberOf(a.ID)
		return err
	})
	return rapport.ActorOf(a, members)
}

// Status chooses an agent's status.
func (w *World) Status(name string, s rapport.Status) rapport.Agent {
	w.T.Helper()
	a := w.willing().Agent(name)
	w.Update(func(tx *store.Tx) (err error) {
		a, err = routing.SetStatus(tx, a.ID, s)
		return err
	})
	return a
}

// SignOut sends an agent home.
func (w *World) SignOut(name string) {
	w.T.Helper()
	id := w.willing().Agent(name).ID
	w.Update(func(tx *store.Tx) error { return routing.SignOut(tx, id) })
}

// SignIn brings an agent back to their desk, available.
func (w *World) SignIn(name string) {
	w.T.Helper()
	id := w.willing().Agent(name).ID
	w.Update(func(tx *store.Tx) error {
		if err := routing.SignIn(tx, id); err != nil {
			return err
		}
		return routing.Arrive(tx, id)
	})
}

// Queue returns a queue after the named agents have joined it. One that is
// named for the first time comes to be, with round robin.
func (w *World) Queue(name string, members ...string) rapport.Queue {
	w.T.Helper()
	w.names.Lock()
	id, known := w.names.queues[name]
	if !known {
		id = rapport.NewID[rapport.QueueID]()
		w.names.queues[name] = id
	}
	w.names.Unlock()
	if !known {
		w.Update(func(tx *store.Tx) error {
			return routing.SaveQueue(tx, rapport.Queue{ID: id, Name: name, Strategy: rapport.RoundRobin, Version: 1, CreatedAt: tx.Now()})
		})
	}
	for _, m := range members {
		agent := w.Agent(m).ID
		w.Update(func(tx *store.Tx) error {
			return routing.SaveMember(tx, rapport.Member{QueueID: id, AgentID: agent, CanReply: true})
		})
	}
	var q rapport.Queue
	w.View(func(tx *store.Tx) (err error) {
		q, err = tx.Queue(id)
		return err
	})
	return q
}

// SaveQueue changes the policy of a queue.
func (w *World) SaveQueue(name string, change func(*rapport.Queue)) {
	w.T.Helper()
	q := w.willing().Queue(name)
	change(&q)
	q.Version++
	w.Update(func(tx *store.Tx) error { return routing.SaveQueue(tx, q) })
}

// Reader lets an agent look into a queue without replying there.
func (w *World) Reader(queue, agent string) {
	w.T.Helper()
	m := rapport.Member{QueueID: w.willing().Queue(queue).ID, AgentID: w.willing().Agent(agent).ID}
	w.Update(func(tx *store.Tx) error { return routing.SaveMember(tx, m) })
}

// Leave takes an agent out of a queue.
func (w *World) Leave(queue, agent string) {
	w.T.Helper()
	q, a := w.willing().Queue(queue).ID, w.willing().Agent(agent).ID
	w.Update(func(tx *store.Tx) error { return routing.RemoveMember(tx, q, a) })
}

// Inbox returns an inbox; one that is named for the first time comes to be, for
// a channel whose customers pull, leading to a queue ("" for none).
func (w *World) Inbox(name, queue string) rapport.Inbox {
	w.T.Helper()
	var to rapport.QueueID
	if queue != "" {
		to = w.willing().Queue(queue).ID
	}
	w.names.Lock()
	id, known := w.names.inboxes[name]
	if !known {
		id = rapport.NewID[rapport.InboxID]()
		w.names.inboxes[name] = id
	}
	w.names.Unlock()
	var inbox rapport.Inbox
	w.Update(func(tx *store.Tx) (err error) {
		if known {
			inbox, _, err = tx.Inbox(id)
			return err
		}
		inbox = rapport.Inbox{ID: id, Channel: "web", Name: name, QueueID: to, Enabled: true, Pulls: true, CreatedAt: tx.Now()}
		return tx.SaveInbox(inbox, nil)
	})
	return inbox
}

// Sticky saves a record that binds contact points to an agent. Points are
// written as customers are named in Write.
func (w *World) Sticky(title, agent string, points ...string) rapport.StickyAgent {
	w.T.Helper()
	v := rapport.StickyAgent{ID: rapport.NewID[rapport.StickyID](), Title: title, AgentID: w.willing().Agent(agent).ID, Enabled: true}
	for _, p := range points {
		v.Points = append(v.Points, Point(p))
	}
	w.Update(func(tx *store.Tx) error { return tx.SaveSticky(v) })
	return v
}

// Settings changes the account's settings.
func (w *World) Settings(change func(*rapport.Settings)) {
	w.T.Helper()
	w.Update(func(tx *store.Tx) error {
		config, err := tx.Configuration()
		if err != nil {
			return err
		}
		s := config.Settings
		change(&s)
		s.Version++
		return routing.SaveSettings(tx, s)
	})
}
