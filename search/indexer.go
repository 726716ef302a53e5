package search

import (
	"context"
	"log/slog"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"rapport"
	"rapport/store"
)

const (
	mostAtOnce = 200 // events, or things to do, in one transaction
	backStep   = 60  // conversations or contacts of the past in one transaction
	gather     = 30 * time.Millisecond
	poll       = 2 * time.Second
	flushEvery = 10 * time.Second
)

// Indexer keeps the index. Any number of them may work on one database.
type Indexer struct {
	db      *store.DB
	log     *slog.Logger
	patient bool // whoever answers somebody goes first
}

// New makes an indexer; Run lets it work.
func New(db *store.DB, log *slog.Logger) *Indexer { return &Indexer{db: db, log: log} }

// Run works until ctx ends.
func (x *Indexer) Run(ctx context.Context) error {
	x.patient = true
	var both sync.WaitGroup
	defer both.Wait()
	both.Go(func() { x.again(ctx, "follow the log", x.follow) })
	both.Go(func() { x.again(ctx, "index what was there before", x.work) })
	return nil
}

// again repeats what ends with an error, until ctx ends.
func (x *Indexer) again(ctx context.Context, what string, do func(context.Context) error) {
	for ctx.Err() == nil {
		if err := do(ctx); err != nil && ctx.Err() == nil {
			if store.Damaged(err) {
				x.db.DoubtIndex()
			}
			x.log.Error("search cannot "+what+"; it is tried again", "error", err)
			pause(ctx, poll)
		} else if err == nil {
			return
		}
	}
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// step runs one transaction.
func (x *Indexer) step(ctx context.Context, fn func(*writer) error) error {
	var began time.Time
	err := x.db.Index(ctx, func(tx *store.Tx) error {
		began = time.Now()
		return write(tx, fn)
	})
	if x.patient && err == nil {
		x.db.GiveWay(ctx, time.Since(began))
	}
	return err
}

// concerns tells whether an event may change what can be found.
func concerns(e *rapport.Event) bool {
	switch {
	case e.Kind == "message.delivery" || e.Kind == "conversation.seen":
		return false
	case e.ConversationID != "":
		return true
	}
	return strings.HasPrefix(e.Kind, "contact.")
}

// follow reads the event log from where its cursor stands.
func (x *Indexer) follow(ctx context.Context) error {
	position, err := x.begin(ctx)
	if err != nil {
		return err
	}
	tail := x.db.Follow(position)
	defer tail.Close()
	moved, flushed := position, time.Now()
	for {
		events, err := tail.Next(ctx)
		if err != nil || events == nil {
			return err
		}
		for len(events) > 0 {
			piece := events[:min(len(events), mostAtOnce)]
			events = events[len(piece):]
			last := piece[len(piece)-1].Seq
			any := false
			for i := range piece {
				any = any || concerns(&piece[i])
			}
			if !any && time.Since(flushed) < flushEvery && last-moved < 5000 {
				continue // the cursor may lag: these events change nothing here
			}
			if err := x.step(ctx, func(w *writer) error { return take(w, piece) }); err != nil {
				return err
			}
			moved, flushed = last, time.Now()
		}
		pause(ctx, gather) // what comes in a burst is indexed at once
	}
}

// begin is where to follow the log from. At first that is its end, and after
// the log was cut in front of us too: then all that is older is gone through. An
// index of another log is emptied first.
func (x *Indexer) begin(ctx context.Context) (position int64, err error) {
	err = x.db.Index(ctx, func(tx *store.Tx) error {
		at, there, err := tx.Indexed()
		if err != nil {
			return err
		}
		last, first, err := tx.Head()
		if err != nil {
			return err
		}
		if position = at; there && at+1 >= first && at <= last {
			return nil
		}
		if !there {
			if err := tx.EmptyIndex(); err != nil {
				return err
			}
		}
		position = last
		if err := tx.SetIndexed(last); err != nil {
			return err
		}
		return Restart(tx)
	})
	return position, err
}

// Mend makes an index anew that is damaged: it begins where the log ends, and goes
// through all that is older.
func Mend(ctx context.Context, db *store.DB) error {
	anew, err := db.MendIndex(ctx)
	if err != nil || !anew {
		return err
	}
	return db.Index(ctx, func(tx *store.Tx) error {
		last, _, err := tx.Head()
		if err != nil {
			return err
		}
		if err := tx.SetIndexed(last); err != nil {
			return err
		}
		return Restart(tx)
	})
}

// Skip leaves what is there out of the index: it begins with what comes from now on.
func Skip(tx *store.Tx) error {
	last, _, err := tx.Head()
	if err != nil {
		return err
	}
	for _, kind := range []string{conversations, contacts} {
		if err := tx.SaveProgress(store.Progress{Kind: kind, EndedAt: tx.Now()}); err != nil {
			return err
		}
	}
	return tx.SetIndexed(last)
}

// Restart has everything that is there looked through again, from the newest
// conversation to the oldest. What is in the index stays until then.
func Restart(tx *store.Tx) error {
	for _, kind := range []string{conversations, contacts} {
		total, err := tx.CountAll(kind)
		if err != nil {
			return err
		}
		if err := tx.SaveProgress(store.Progress{Kind: kind, Total: total}); err != nil {
			return err
		}
	}
	return nil
}

// take works a piece of the log and moves the cursor over it, in one
// transaction: whoever dies or competes, each event is worked once.
func take(w *writer, events []rapport.Event) error {
	at, _, err := w.Indexed()
	if err != nil {
		return err
	}
	for len(events) > 0 && events[0].Seq <= at {
		events = events[1:]
	}
	if len(events) == 0 {
		return nil
	}
	var ids []rapport.ConversationID
	for i := range events {
		if e := &events[i]; e.ConversationID != "" && concerns(e) && !slices.Contains(ids, e.ConversationID) {
			ids = append(ids, e.ConversationID)
		}
	}
	if err := w.readAhead(ids); err != nil {
		return err
	}
	room := mostItems
	seen := map[string]bool{}
	for i := range events {
		e := &events[i]
		at = e.Seq
		runtime.Gosched() // whoever answers somebody goes first
		id, contact := e.ConversationID, e.ContactID
		switch e.Kind {
		case "conversation.merged", "conversation.unmerged", "conversation.erased": // its messages came from elsewhere, or went
			if err := w.AddTodo(store.Todo{Kind: conversations, ID: string(id), Anew: true}); err != nil {
				return err
			}
			continue
		}
		if !concerns(e) || seen[string(id)+" "+string(contact)] {
			continue
		}
		seen[string(id)+" "+string(contact)] = true
		if id != "" {
			done, err := indexConversation(w, id, &room)
			if err != nil {
				return err
			}
			if !done {
				if err := w.AddTodo(store.Todo{Kind: conversations, ID: string(id)}); err != nil {
					return err
				}
			}
			continue
		}
		if contact == "" {
			continue
		}
		if err := indexContact(w, contact, "*"); err != nil {
			return err
		}
		of, err := w.LatestOf(contact, 500) // they are found by the customer's name, too
		if err != nil {
			return err
		}
		for _, id := range of {
			if err := w.AddTodo(store.Todo{Kind: conversations, ID: string(id)}); err != nil {
				return err
			}
		}
	}
	return w.SetIndexed(at)
}

// work does what is to be done besides the log: first what somebody asked for,
// then what was there before.
func (x *Indexer) work(ctx context.Context) error {
	for ctx.Err() == nil {
		if x.db.IndexDoubted() {
			if err := Mend(ctx, x.db); err != nil {
				return err
			}
		}
		busy, err := x.workOnce(ctx)
		if err != nil {
			return err
		}
		if !busy {
			pause(ctx, poll/4)
		}
	}
	return ctx.Err()
}

func (x *Indexer) workOnce(ctx context.Context) (busy bool, err error) {
	var todos []store.Todo
	var left []store.Progress
	err = x.db.View(ctx, func(tx *store.Tx) error {
		if todos, err = tx.Todos(1); err != nil || len(todos) > 0 {
			return err
		}
		all, err := tx.SearchProgress()
		for _, p := range all {
			if p.EndedAt.IsZero() {
				left = append(left, p)
			}
		}
		return err
	})
	switch {
	case err != nil:
		return false, err
	case len(todos) > 0:
		return true, x.step(ctx, clearTodos)
	case len(left) > 0:
		return true, x.step(ctx, func(w *writer) error { return back(w, left[0].Kind, backStep) })
	}
	return false, nil
}

// clearTodos does some of what was asked for.
func clearTodos(w *writer) error {
	list, err := w.Todos(mostAtOnce)
	if err != nil {
		return err
	}
	room := mostItems
	for i, t := range list {
		if i > 0 && room <= 0 {
			return nil
		}
		runtime.Gosched()
		done := true
		switch {
		case t.Kind == contacts:
			if t.Anew {
				err = dropContact(w, rapport.ContactID(t.ID))
			}
			if err == nil {
				err = indexContact(w, rapport.ContactID(t.ID), "*")
			}
		default:
			id := rapport.ConversationID(t.ID)
			if t.Anew {
				err = dropConversation(w, id)
			}
			if err == nil {
				done, err = indexConversation(w, id, &room)
			}
		}
		if err != nil {
			return err
		}
		if err := w.DeleteTodo(t); err != nil {
			return err
		}
		if !done {
			if err := w.AddTodo(store.Todo{Kind: t.Kind, ID: t.ID}); err != nil {
				return err
			}
		}
	}
	return nil
}

// back indexes some of what was there before, going back in time.
func back(w *writer, kind string, most int) error {
	list, err := w.SearchProgress()
	if err != nil {
		return err
	}
	for _, p := range list {
		if p.Kind != kind || !p.EndedAt.IsZero() {
			continue
		}
		n := 0
		if kind == contacts {
			ids, err := w.ContactsBelow(rapport.ContactID(p.Below), most)
			if err != nil {
				return err
			}
			for _, id := range ids {
				if err := indexContact(w, id, "*"); err != nil {
					return err
				}
				p.Below = string(id)
				runtime.Gosched()
			}
			n = len(ids)
		} else {
			ids, err := w.ConversationsBelow(rapport.ConversationID(p.Below), most)
			if err != nil {
				return err
			}
			if err := w.readAhead(ids); err != nil {
				return err
			}
			room := 10 * most
			for _, id := range ids {
				done, err := indexConversation(w, id, &room)
				if err != nil {
					return err
				}
				if !done {
					if err := w.AddTodo(store.Todo{Kind: kind, ID: string(id)}); err != nil {
						return err
					}
				}
				p.Below = string(id)
				runtime.Gosched()
			}
			n = len(ids)
		}
		p.Done += int64(n)
		if n < most {
			p.EndedAt = w.Now()
		}
		return w.SaveProgress(p)
	}
	return nil
}

// Settle does all there is to do, at once: for tests and measurements.
func (x *Indexer) Settle(ctx context.Context) error {
	if _, err := x.begin(ctx); err != nil {
		return err
	}
	for ctx.Err() == nil {
		var events []rapport.Event
		err := x.db.View(ctx, func(tx *store.Tx) error {
			at, _, err := tx.Indexed()
			if err == nil {
				events, err = tx.EventsAfter(at, mostAtOnce)
			}
			return err
		})
		if err != nil {
			return err
		}
		if len(events) > 0 {
			if err := x.step(ctx, func(w *writer) error { return take(w, events) }); err != nil {
				return err
			}
			continue
		}
		busy, err := x.workOnce(ctx)
		if err != nil || !busy {
			return err
		}
	}
	return ctx.Err()
}

// Hurry indexes what is there without a rest, in large steps: for measurements.
func (x *Indexer) Hurry(ctx context.Context) error {
	if _, err := x.begin(ctx); err != nil {
		return err
	}
	for _, kind := range []string{conversations, contacts} {
		for ended := false; !ended; {
			err := x.db.Index(ctx, func(tx *store.Tx) error {
				if err := write(tx, func(w *writer) error { return back(w, kind, 10*backStep) }); err != nil {
					return err
				}
				all, err := tx.SearchProgress()
				for _, p := range all {
					if p.Kind == kind {
						ended = !p.EndedAt.IsZero()
					}
				}
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return x.Settle(ctx)
}

// State is how complete the index is.
type State struct {
	Behind int       `json:"behind" doc:"Changes that are not in the index yet; counting stops at 1,000."`
	Since  time.Time `json:"since,omitzero" doc:"When the oldest of them happened."`
	Done   int64     `json:"done" doc:"Conversations and customers of the past that are in the index."`
	Total  int64     `json:"total" doc:"How many there are; as many as done when all are."`
}

// Complete tells whether everything of the past is in the index.
func (s State) Complete() bool { return s.Done >= s.Total }

// Past tells how much of what was there before is in the index, and nothing
// about what happened since.
func Past(tx *store.Tx) (s State, err error) {
	all, err := tx.SearchProgress()
	if err != nil {
		return s, err
	}
	for _, p := range all {
		total := max(p.Total, p.Done+1) // until it has ended, something may be left
		if !p.EndedAt.IsZero() {
			total = p.Done
		}
		s.Done, s.Total = s.Done+p.Done, s.Total+total
	}
	return s, err
}

// StateOf tells how complete the index is.
func StateOf(tx *store.Tx) (s State, err error) {
	var at int64
	there := tx.HasIndex()
	if there {
		if at, there, err = tx.Indexed(); err != nil {
			return s, err
		}
	}
	if !there {
		s.Total, err = tx.CountAll(conversations)
		return s, err
	}
	if s, err = Past(tx); err != nil {
		return s, err
	}
	events, err := tx.EventsAfter(at, 1000)
	for i := range events {
		if concerns(&events[i]) {
			s.Behind++
			if s.Since.IsZero() {
				s.Since = events[i].At
			}
		}
	}
	return s, err
}
