package gateway

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"rapport"
	"rapport/attachment"
	"rapport/channel"
	"rapport/lib/clientip"
	"rapport/lib/problem"
	"rapport/lib/secretbox"
	"rapport/store"
)

// Config is what a gateway works with.
type Config struct {
	DB      *store.DB
	Box     *secretbox.Box   // opens the secrets of inboxes
	Client  *http.Client     // for addresses that others chose
	Fetch   *http.Client     // for files at such addresses
	Proxies clientip.Trusted // whose X-Forwarded-For is believed
	Log     *slog.Logger
	Shelf   *attachment.Shelf // what messages carry besides texts

	// CustomerTypes shows agents that the customer of a conversation types.
	CustomerTypes func(context.Context, rapport.ConversationID, bool) error
	// AgentTypes calls back when an agent types to a contact, until cancel. The
	// callback does not block.
	AgentTypes func(id rapport.ContactID, typing func(name string, on bool)) (cancel func())

	Bots *http.Client // for bots, which take their time
	// BotTypes shows agents and the customer that a bot is writing, with the
	// text so far.
	BotTypes func(ctx context.Context, id rapport.ConversationID, b rapport.Bot, text string, on bool) error
}

// Gateway holds the adapters of all enabled inboxes.
type Gateway struct {
	Config
	up       chan struct{} // closed once the inboxes are loaded
	patience time.Duration // with which requests wait for that
	bells    *bells
	closing  sync.WaitGroup // adapters on their way out
	budgets  budgets        // of bots

	paces paces

	mu           sync.RWMutex
	inboxes      map[rapport.InboxID]*inbox
	stopping     bool // the inboxes are gone because we go, and not because nobody wants them
	country      string
	defaultQueue rapport.QueueID
}

// New returns a gateway without inboxes; Run loads them.
func New(c Config) *Gateway {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Shelf == nil { // nothing is carried then
		c.Shelf = attachment.New(attachment.Shelf{DB: c.DB, Limits: channel.DefaultLimits(), Log: c.Log})
	}
	return &Gateway{Config: c, up: make(chan struct{}), patience: 5 * time.Second, bells: newBells(c.AgentTypes), inboxes: map[rapport.InboxID]*inbox{}, paces: paces{of: map[rapport.QueueID]pace{}}}
}

const trimEvery = time.Hour

// Run loads the inboxes and follows the log until ctx ends; then it closes all
// adapters and waits for them.
func (g *Gateway) Run(ctx context.Context) error {
	defer g.close()
	var head int64
	err := store.WhenThere(ctx, func() (err error) {
		head, err = g.start(ctx)
		return err
	}, func(err error) { g.Log.Error("cannot load the inboxes; it is tried again", "error", err) })
	switch {
	case err != nil && ctx.Err() != nil: // told to stop while it was still starting
		return nil
	case err != nil:
		return fmt.Errorf("load the inboxes: %w", err)
	}
	close(g.up)
	tail := g.DB.Follow(head)
	defer tail.Close()
	var trimming sync.WaitGroup
	defer trimming.Wait()
	trimming.Go(func() { g.trim(ctx) })
	for {
		events, err := tail.Next(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			g.Log.Error("cannot read the event log", "error", err)
			pause(ctx, time.Second)
			continue
		case events == nil:
			return nil // the database was closed
		}
		g.follow(ctx, events)
	}
}

// start loads the inboxes; from head on, the log says what changed since.
func (g *Gateway) start(ctx context.Context) (head int64, err error) {
	err = g.DB.View(ctx, func(tx *store.Tx) (err error) {
		head, _, err = tx.Head()
		return err
	})
	if err == nil {
		err = g.load(ctx)
	}
	return head, err
}

// follow acts on what happened: bells first, then changed configuration, once
// for all of it.
func (g *Gateway) follow(ctx context.Context, events []rapport.Event) {
	changed := false
	for i := range events {
		g.bells.ring(&events[i])
		noun, _, _ := strings.Cut(events[i].Kind, ".")
		changed = changed || noun == "inbox" || noun == "settings"
	}
	for changed && ctx.Err() == nil {
		err := g.load(ctx)
		if err == nil {
			return
		}
		g.Log.Error("cannot load the inboxes again", "error", err)
		pause(ctx, time.Second)
	}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// trim forgets visitors whose tokens have expired.
func (g *Gateway) trim(ctx context.Context) {
	for ctx.Err() == nil {
		if err := g.DB.Update(ctx, (*store.Tx).TrimVisitors); err != nil && ctx.Err() == nil {
			g.Log.Error("cannot forget expired visitors", "error", err)
		}
		pause(ctx, trimEvery)
	}
}

func (g *Gateway) close() {
	g.mu.Lock()
	g.stopping = true
	for id, i := range g.inboxes {
		g.retire(i)
		delete(g.inboxes, id)
	}
	g.mu.Unlock()
	g.closing.Wait()
}

// retire closes an adapter in the background: it may wait for its sockets.
func (g *Gateway) retire(i *inbox) {
	if i.adapter == nil {
		return
	}
	g.closing.Go(func() {
		if err := i.adapter.Close(); err != nil {
			g.Log.Error("cannot close an inbox", "channel", i.Channel, "inbox", i.ID, "error", err)
		}
	})
}

// started waits for the inboxes to be loaded, but not until a database that is away is back.
func (g *Gateway) started(ctx context.Context) error {
	select {
	case <-g.up:
		return nil
	default:
	}
	patience := time.NewTimer(g.patience)
	defer patience.Stop()
	select {
	case <-g.up:
		return nil
	case <-patience.C:
		return rapport.Errorf(rapport.Unavailable, "starting", "Rapport is starting; try again in a moment.")
	case <-ctx.Done():
		return ctx.Err()
	}
}

// find returns an enabled inbox with a working adapter.
func (g *Gateway) find(ctx context.Context, id rapport.InboxID) (*inbox, error) {
	if err := g.started(ctx); err != nil {
		return nil, err
	}
	g.mu.RLock()
	i, stopping := g.inboxes[id], g.stopping
	g.mu.RUnlock()
	switch {
	case i == nil && stopping:
		return nil, rapport.Errorf(rapport.Unavailable, "stopping", "Rapport is stopping; try again in a moment.")
	case i == nil:
		return nil, rapport.Errorf(rapport.NotFound, "no_inbox", "There is no such inbox, or it is switched off.")
	case i.adapter == nil:
		return nil, rapport.Errorf(rapport.Unavailable, "inbox_broken", "This inbox is not set up correctly; an admin must look at it.")
	}
	return i, nil
}

// Serve hands a request below /in/{inbox}/ to the inbox's adapter, which sees
// the rest of the path and the caller's own address.
func (g *Gateway) Serve(w http.ResponseWriter, r *http.Request) {
	r.Body = inTime(w, r.Body)
	id, rest, found := strings.Cut(strings.TrimPrefix(r.URL.Path, "/in/"), "/")
	i, err := g.find(r.Context(), rapport.InboxID(id))
	if errors.Is(err, context.Canceled) {
		return // nobody waits for an answer any more
	}
	handler, serves := i.handler()
	if err == nil && (!found || !serves) {
		err = rapport.Errorf(rapport.NotFound, "not_found", "There is nothing here.")
	}
	if err != nil {
		w.Header().Set("Access-Control-Allow-Origin", "*") // so that a widget can say why
		problem.Write(w, err)
		return
	}
	own, url := *r, *r.URL
	url.Path, url.RawPath = "/"+rest, ""
	own.URL = &url
	if from := g.Proxies.Of(r); from.IsValid() {
		own.RemoteAddr = netip.AddrPortFrom(from, 0).String()
	}
	handler.ServeHTTP(w, &own)
}

func (i *inbox) handler() (http.Handler, bool) {
	if i == nil {
		return nil, false
	}
	handler, ok := i.adapter.(http.Handler)
	return handler, ok
}
