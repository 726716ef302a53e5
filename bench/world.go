package bench

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"rapport"
	"rapport/app"
	"rapport/auth"
	"rapport/customer"
	"rapport/lib/secretbox"
	"rapport/search"
	"rapport/store"
)

// size says how big a world is.
type size struct {
	conversations, customers int // of the past
	agents, queues           int
	room                     int    // capacity of each agent; 0 for roomy
	webhook                  string // where replies go
}

// world is a database with a made-up past, and the folder of its server.
type world struct {
	size
	dir string // of the key, and of the SQLite file
	url string // of the database
}

const (
	inboxToken    = "rpt_the-same-for-all-inboxes-of-a-measurement"
	webhookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" // of nobody
	seedStep      = 20_000                                   // rows in one statement
	seedAgents    = 200                                      // agents in one transaction
	roomy         = 1000                                     // capacity of each agent: they stay eligible
)

func queueID(n int) rapport.QueueID { return store.PastID[rapport.QueueID]('q', n) }
func inboxID(n int) rapport.InboxID { return store.PastID[rapport.InboxID]('i', n) }
func agentID(n int) rapport.AgentID { return store.PastID[rapport.AgentID]('a', n) }

// newWorld fills a database. url is an empty PostgreSQL database, or empty for
// a SQLite file in dir.
func newWorld(ctx context.Context, dir, url string, s size) (*world, error) {
	w := &world{size: s, dir: dir, url: url}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	if url == "" {
		w.url = filepath.Join(dir, "rapport.db")
	}
	db, err := w.open(ctx)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	if err := db.Migrate(ctx); err != nil {
		return nil, err
	}
	for _, step := range []func(context.Context, *store.DB) error{w.seedQueues, w.seedAgents, w.seedPast} {
		if err := step(ctx, db); err != nil {
			return nil, fmt.Errorf("make up a contact centre: %w", err)
		}
	}
	return w, nil
}

func (w *world) open(ctx context.Context) (*store.DB, error) {
	return store.Open(ctx, store.Config{URL: w.url})
}

// seedQueues adds queues with an inbox each, and one more inbox whose
// conversations go to the default queue.
func (w *world) seedQueues(ctx context.Context, db *store.DB) error {
	box, err := secretbox.Open(app.Config{Data: w.dir}.Key())
	if err != nil {
		return err
	}
	return db.Update(ctx, func(tx *store.Tx) error {
		if err := app.Prepare(tx); err != nil {
			return err
		}
		config, err := tx.Configuration()
		if err != nil {
			return err
		}
		everybody := config.Default
		for n := range w.queues + 1 {
			queue := everybody
			if n < w.queues {
				queue = queueID(n)
			}
			i := rapport.Inbox{ID: inboxID(n), Channel: "api", Name: fmt.Sprintf("Inbox %d", n), QueueID: queue, Enabled: true, CreatedAt: tx.Now()}
			if w.webhook != "" {
				i.Options = map[string]any{"webhook_url": w.webhook}
			}
			sealed := map[string]string{
				"token":          box.Seal(inboxToken, string(i.ID)),
				"webhook_secret": box.Seal(webhookSecret, string(i.ID)),
			}
			if err := tx.SaveInbox(i, sealed); err != nil {
				return err
			}
			if queue == everybody {
				continue
			}
			q := rapport.Queue{ID: queueID(n), Name: fmt.Sprintf("Queue %d", n), Strategy: rapport.RoundRobin, Version: 1, CreatedAt: tx.Now()}
			if err := tx.SaveQueue(q); err != nil {
				return err
			}
		}
		return nil
	})
}

// seedAgents adds agents who are available and connected: agent n is a member
// of queue n mod queues, and of the default queue as everybody is.
func (w *world) seedAgents(ctx context.Context, db *store.DB) error {
	room := cmp.Or(w.room, roomy)
	for first := 0; first < w.agents; first += seedAgents {
		err := db.Update(ctx, func(tx *store.Tx) error {
			for n := first; n < min(first+seedAgents, w.agents); n++ {
				a := rapport.Agent{
					ID: agentID(n), Name: fmt.Sprintf("Agent %d", n), Email: fmt.Sprintf("agent%d@example.com", n), Role: rapport.RoleAgent,
					Enabled: true, Capacity: &room, Status: rapport.StatusAvailable, CreatedAt: tx.Now(),
				}
				if err := tx.InsertAgent(a); err != nil {
					return err
				}
				if err := tx.PutMember(rapport.Member{QueueID: queueID(n % w.queues), AgentID: a.ID, CanReply: true}); err != nil {
					return err
				}
				if err := tx.SetConnected(a.ID, true); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *world) seedPast(ctx context.Context, db *store.DB) error {
	past := store.Past{Customers: w.customers, Conversations: w.conversations, Agents: w.agents, Queues: w.queues, Until: time.Now()}
	for _, table := range []struct {
		rows   int
		invent func(*store.Tx, store.Past, int, int) error
	}{{w.customers, (*store.Tx).InventCustomers}, {w.conversations, (*store.Tx).InventConversations}} {
		for first := 0; first < table.rows; first += seedStep {
			last := min(first+seedStep, table.rows) - 1
			if err := db.Update(ctx, func(tx *store.Tx) error { return table.invent(tx, past, first, last) }); err != nil {
				return err
			}
		}
	}
	// An installation of that age has been indexed and compared long ago.
	for _, settle := range []func(*store.Tx) error{(*store.Tx).EndInvention, customer.Skip} {
		if err := db.Update(ctx, settle); err != nil {
			return err
		}
	}
	return db.Index(ctx, search.Skip)
}

// signIn opens a session for each of the first agents and returns their cookies.
func (w *world) signIn(ctx context.Context, agents int) (tokens []string, err error) {
	db, err := w.open(ctx)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	for first := 0; first < agents; first += seedAgents {
		var some []string
		err := db.Update(ctx, func(tx *store.Tx) error {
			some = some[:0]
			for n := first; n < min(first+seedAgents, agents); n++ {
				token, err := auth.OpenSession(tx, agentID(n), "rapport bench")
				if err != nil {
					return err
				}
				some = append(some, token)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, some...)
	}
	return tokens, nil
}
