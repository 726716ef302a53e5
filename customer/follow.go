package customer

import (
	"context"
	"strings"
	"time"

	"rapport"
	"rapport/conversation"
	"rapport/job"
	"rapport/store"
)

const (
	reader      = "customers" // of the event log
	atOnce      = 50          // events in one transaction
	compareOnce = 50          // customers of a walk over all in one transaction
)

// Comparing is the kind of the job that compares all customers, once.
const Comparing = "customers.compare"

type comparing struct {
	After rapport.ContactID `json:"after"`
}

// Follow reads on in the event log: it notes when something happened with a
// customer, and compares those who are new or were changed with the others. Each
// event counts once, whatever dies and however many nodes follow.
func Follow(ctx context.Context, db *store.DB) error {
	for {
		var events []rapport.Event
		var from int64
		err := db.View(ctx, func(tx *store.Tx) (err error) {
			var begun bool
			if from, begun, err = tx.Cursor(reader); err != nil || !begun {
				return err
			}
			events, err = tx.EventsAfter(from, atOnce)
			return err
		})
		if err != nil {
			return err
		}
		if len(events) == 0 {
			return begin(ctx, db)
		}
		err = db.Later(ctx, func(tx *store.Tx) error {
			at, _, err := tx.Cursor(reader)
			if err != nil || at != from { // another node was here
				return err
			}
			if err := take(tx, events); err != nil {
				return err
			}
			return tx.MoveCursor(reader, events[len(events)-1].Seq)
		})
		if err != nil || len(events) < atOnce {
			return err
		}
	}
}

// begin starts to read where the log ends, and has those compared who are there
// already.
func begin(ctx context.Context, db *store.DB) error {
	begun := false
	err := db.View(ctx, func(tx *store.Tx) (err error) {
		_, begun, err = tx.Cursor(reader)
		return err
	})
	if err != nil || begun {
		return err
	}
	return db.Update(ctx, func(tx *store.Tx) error {
		if _, begun, err := tx.Cursor(reader); err != nil || begun {
			return err
		}
		if err := Skip(tx); err != nil {
			return err
		}
		return job.Enqueue(tx, job.Job{Kind: Comparing, Key: "all", Args: comparing{}})
	})
}

// Skip compares nobody who is there: only those who come from now on.
func Skip(tx *store.Tx) error {
	last, _, err := tx.Head()
	if err != nil {
		return err
	}
	return tx.MoveCursor(reader, last)
}

func take(tx *store.Tx, events []rapport.Event) error {
	active := map[rapport.ContactID]time.Time{}
	var anew []rapport.ContactID
	seen := map[rapport.ContactID]bool{}
	for i := range events {
		e := &events[i]
		if e.ContactID == "" {
			continue
		}
		if strings.HasPrefix(e.Kind, "message.") || strings.HasPrefix(e.Kind, "conversation.") && e.Kind != "conversation.seen" {
			active[e.ContactID] = e.At
		}
		if (strings.HasPrefix(e.Kind, "contact.") || e.Kind == "conversation.opened") && !seen[e.ContactID] {
			seen[e.ContactID] = true
			anew = append(anew, e.ContactID)
		}
	}
	if err := tx.ActiveContacts(active); err != nil {
		return err
	}
	for _, id := range anew {
		if err := compare(tx, id); err != nil {
			return err
		}
	}
	return nil
}

// Jobs takes over the work that is done later.
func Jobs(db *store.DB, r *job.Runner) {
	r.Handle(Comparing, func(ctx context.Context, t job.Task) error {
		var c comparing
		if err := t.Decode(&c); err != nil {
			return &job.Never{Err: err}
		}
		for {
			n, last := 0, c.After
			err := db.Later(ctx, func(tx *store.Tx) error {
				ids, err := tx.ContactsAfter(c.After, compareOnce)
				if err != nil {
					return err
				}
				for _, id := range ids {
					if err := compare(tx, id); err != nil {
						return err
					}
				}
				if n = len(ids); n > 0 {
					last = ids[n-1]
				}
				return nil
			})
			if err != nil || n < compareOnce {
				return err
			}
			c.After = last
		}
	})
	r.Handle(Importing, func(ctx context.Context, t job.Task) error {
		var a importing
		if err := t.Decode(&a); err != nil {
			return &job.Never{Err: err}
		}
		return work(ctx, db, a.ID)
	}, func(ctx context.Context, t job.Task) error {
		var a importing
		if err := t.Decode(&a); err != nil {
			return err
		}
		return giveUp(ctx, db, a.ID, t.Failure)
	})
}

// Pair is two customers who may be the same person.
type Pair struct {
	A      rapport.Contact `json:"a"`
	B      rapport.Contact `json:"b"`
	AName  string          `json:"a_name"`
	BName  string          `json:"b_name"`
	Reason string          `json:"reason" enum:"phone,email,name"`
	Shared string          `json:"shared" doc:"What they share."`
	Score  int             `json:"score" doc:"Higher for those who more likely are the same."`
}

// Duplicates lists those who may be the same person, the likeliest first. None
// is ever merged by itself.
func Duplicates(tx *store.Tx, after store.Duplicate, limit int) ([]Pair, error) {
	found, err := tx.Duplicates(after, limit)
	if err != nil {
		return nil, err
	}
	list := make([]Pair, len(found))
	for i, d := range found {
		p := Pair{Reason: d.Reason, Shared: d.Shared, Score: d.Score}
		if p.A, err = tx.Contact(d.A); err != nil {
			return nil, err
		}
		if p.B, err = tx.Contact(d.B); err != nil {
			return nil, err
		}
		p.AName, p.BName = nameOf(&p.A), nameOf(&p.B)
		list[i] = p
	}
	return list, nil
}

// Dismiss remembers that two customers are not the same person.
func Dismiss(tx *store.Tx, actor rapport.Actor, a, b rapport.ContactID) error {
	if a == b {
		return rapport.Invalidf("b", "Two different customers are needed.")
	}
	for _, id := range []rapport.ContactID{a, b} {
		if _, err := conversation.Customer(tx, actor, id); err != nil {
			return err
		}
	}
	if err := tx.Dismiss(a, b); err != nil {
		return err
	}
	return tx.Audit(actor, "contact.not_the_same", string(a), string(b))
}
