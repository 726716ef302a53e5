package conversation_test

import (
	"fmt"
	"sync"
	"testing"

	"rapport"
	"rapport/conversation"
	"rapport/rapporttest"
	"rapport/store"
)

// together runs n functions at the same moment and collects their answers.
func together(n int, do func(i int) error) []error {
	errs := make([]error, n)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			<-start
			errs[i] = do(i)
		})
	}
	close(start)
	wg.Wait()
	return errs
}

// S3-27, S3-28, trap 2: of many claims in the same millisecond exactly one
// wins; every other is told who has it.
func TestOfManyClaimsOneWins(t *testing.T) {
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		db := w.DB
		const n = 12
		var names []string
		for i := range n {
			names = append(names, fmt.Sprintf("agent%02d", i))
		}
		w.Queue("support", names...)
		w.Inbox("web", "support")
		for _, name := range names {
			w.Status(name, rapport.StatusBusy)
		}
		for round := range 5 {
			customer := fmt.Sprint("customer", round)
			id := w.Write(customer, "Hello").Conversation.ID
			actors := make([]rapport.Actor, n)
			for i, name := range names {
				actors[i] = w.Actor(name)
			}
			errs := together(n, func(i int) error {
				return db.Update(t.Context(), func(tx *store.Tx) error {
					_, err := conversation.Claim(tx, actors[i], id, false)
					return err
				})
			})
			winner := w.Of(customer)
			won := 0
			for i, err := range errs {
				switch {
				case err == nil:
					won++
					if winner.Assignee != actors[i].AgentID {
						t.Errorf("%s was told it is theirs, but %s has it", actors[i].Name, winner.AssigneeName)
					}
				case rapport.CodeOf(err) != "already_assigned":
					t.Errorf("a loser heard: %v", err)
				case err.Error() != winner.AssigneeName+" already has this conversation.":
					t.Errorf("a loser heard %q, but %s has it", err, winner.AssigneeName)
				}
			}
			if won != 1 {
				t.Fatalf("%d of %d claims won", won, n)
			}
		}
	})
}

// Invariant 2, trap 3: however many messages come at once, nobody passes their
// capacity, nobody who fits is left waiting, and the turns are equal.
func TestCapacityHoldsUnderARush(t *testing.T) {
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		db := w.DB
		w.Queue("support", "ana", "ben", "cyd", "dan")
		w.Inbox("web", "support")
		inbox := w.Inbox("web", "support").ID
		const rush = 50 // four agents with room for five each
		errs := together(rush, func(i int) error {
			return db.Update(t.Context(), func(tx *store.Tx) error {
				_, err := conversation.Receive(tx, conversation.Inbound{InboxID: inbox, Points: []rapport.Point{{Kind: rapport.PointVisitor, Address: fmt.Sprint("v", i)}}, Body: "Hello"})
				return err
			})
		})
		for _, err := range errs {
			if err != nil {
				t.Fatal(err)
			}
		}
		err := db.View(t.Context(), func(tx *store.Tx) error {
			agents, err := tx.Agents()
			if err != nil {
				return err
			}
			for _, a := range agents {
				if a.Load != 5 {
					t.Errorf("%s holds %d conversations, want 5 for each", a.Name, a.Load)
				}
			}
			waiting, err := tx.Waiting(store.Filter{Actor: rapport.System})
			if len(waiting) != rush-20 {
				t.Errorf("%d wait, want %d", len(waiting), rush-20)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// One message that two deliveries bring at once is stored once (invariant 1),
// and one customer never gets two ongoing conversations (S3-25).
func TestTheSameCustomerAtOnce(t *testing.T) {
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		db := w.DB
		w.Queue("support", "ana", "ben")
		inbox := w.Inbox("web", "support").ID
		const n = 40
		ids := make([]rapport.ConversationID, n)
		fresh := make([]bool, n)
		errs := together(n, func(i int) error {
			return db.Update(t.Context(), func(tx *store.Tx) error {
				got, err := conversation.Receive(tx, conversation.Inbound{InboxID: inbox, Points: []rapport.Point{{Kind: rapport.PointPhone, Address: "+49301234567"}}, ExternalID: fmt.Sprint("m", i/4), Body: "Hello"})
				ids[i], fresh[i] = got.Conversation.ID, !got.Duplicate
				return err
			})
		})
		stored := 0
		for i, err := range errs {
			if err != nil {
				t.Fatal(err)
			}
			if ids[i] != ids[0] {
				t.Fatal("the customer has two ongoing conversations")
			}
			if fresh[i] {
				stored++
			}
		}
		if stored != n/4 {
			t.Errorf("%d messages were stored, want %d", stored, n/4)
		}
		w.View(func(tx *store.Tx) error {
			s, err := tx.Summary(ids[0])
			if err == nil && s.Assignee == "" {
				t.Error("nobody has the conversation")
			}
			return err
		})
	})
}

// S1-09: random gives everybody their share over time, from the database's draw.
func TestRandomIsFairOverTime(t *testing.T) {
	t.Parallel()
	db := rapporttest.SQLite(t)
	w := rapporttest.NewWorld(t, db)
	w.Queue("support", "ana", "ben", "cyd", "dan")
	inbox := w.Inbox("web", "support").ID
	w.SaveQueue("support", func(q *rapport.Queue) { q.Strategy = rapport.Random })
	w.Settings(func(s *rapport.Settings) { s.Capacity = 1000 })
	got := map[string]int{}
	for i := range 400 {
		var r conversation.Received
		w.Update(func(tx *store.Tx) (err error) {
			r, err = conversation.Receive(tx, conversation.Inbound{InboxID: inbox, Points: []rapport.Point{{Kind: rapport.PointVisitor, Address: fmt.Sprint("v", i)}}, Body: "Hello"})
			return err
		})
		got[r.Conversation.AssigneeName]++
	}
	for _, name := range []string{"ana", "ben", "cyd", "dan"} {
		if got[name] < 60 || got[name] > 140 { // 100 expected; more than four standard deviations
			t.Errorf("of 400 conversations %s got %d", name, got[name])
		}
	}
}

// What was read before somebody else's change cannot be saved over it.
func TestAStaleConversationIsNotSaved(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		w.Agent("ana")
		w.Write("mia", "Hello")
		stale := w.Of("mia").Conversation
		w.Reply("ana", "mia", "Good morning")
		w.Refused("changed_meanwhile").Update(func(tx *store.Tx) error {
			c := stale
			return tx.UpdateConversation(&c)
		})
	})
}
