package store_test

import (
	"fmt"
	"reflect"
	"testing"

	"rapport"
	"rapport/store"
)

// What the first look at a message reads ahead is what the database would
// answer at the moment it is used, also after a write in between.
func TestBondsReadAheadAreTheBonds(t *testing.T) {
	databases(t, func(t *testing.T, db *store.DB) {
		point := rapport.Point{Kind: rapport.PointExternal, Address: "mia"}
		update := func(fn func(*store.Tx) error) {
			t.Helper()
			if err := db.Update(t.Context(), fn); err != nil {
				t.Fatal(err)
			}
		}
		conversation := func(tx *store.Tx, id, inbox string) error {
			return tx.InsertConversation(&rapport.Conversation{ID: rapport.ConversationID(id), ContactID: "k", InboxID: rapport.InboxID(inbox), QueueID: "q",
				Assignee: "a2", State: rapport.Open, Priority: rapport.Normal, OpenedAt: tx.Now(), AssignedAt: tx.Now(), Version: 1})
		}
		update(func(tx *store.Tx) error {
			if err := tx.SaveQueue(rapport.Queue{ID: "q", Name: "q", Default: true, Strategy: rapport.RoundRobin, CreatedAt: tx.Now()}); err != nil {
				return err
			}
			for n := range 4 {
				a := rapport.Agent{ID: rapport.AgentID(fmt.Sprint("a", n)), Name: fmt.Sprint("Agent ", n), Email: fmt.Sprint(n), Role: rapport.RoleAgent, Enabled: true, CreatedAt: tx.Now()}
				if err := tx.InsertAgent(a); err != nil {
					return err
				}
			}
			for _, i := range []rapport.InboxID{"here", "there"} {
				if err := tx.SaveInbox(rapport.Inbox{ID: i, Channel: "api", Name: string(i), QueueID: "q", Enabled: true, CreatedAt: tx.Now()}, nil); err != nil {
					return err
				}
			}
			if err := tx.InsertContact(rapport.Contact{ID: "k", Points: []rapport.Point{point}, CreatedAt: tx.Now()}); err != nil {
				return err
			}
			if err := tx.SaveSticky(rapport.StickyAgent{ID: "s", Title: "Mia", AgentID: "a1", Enabled: true, Points: []rapport.Point{point}}); err != nil {
				return err
			}
			if err := conversation(tx, "c-there", "there"); err != nil {
				return err
			}
			return tx.Bind(rapport.Affinity{ContactID: "k", AgentID: "a3", ConversationID: "c-past", QueueID: "q", EndedAt: tx.Now()}, 2)
		})
		// bonds compares, for a conversation that is left out, what follows a
		// look at the caller and a write with what a look without either says.
		bonds := func(not rapport.ConversationID, write func(*store.Tx) error, want int) {
			t.Helper()
			update(func(tx *store.Tx) error {
				caller, err := tx.Caller(point, "here", "new")
				if err != nil || caller.ContactID != "k" {
					t.Fatalf("the caller is %+v, %v", caller, err)
				}
				if write != nil {
					if err := write(tx); err != nil {
						return err
					}
				}
				got, err := tx.Bonds("k", not, "q", 1)
				if err != nil {
					return err
				}
				if err := tx.NameContact("k", "Mia", true); err != nil { // from now on nothing that was read ahead counts
					return err
				}
				asked, err := tx.Bonds("k", not, "q", 1)
				if !reflect.DeepEqual(got, asked) || len(got) != want {
					t.Errorf("the bonds are %+v, and %+v when asked for again; want %d", got, asked, want)
				}
				return err
			})
		}
		bonds("new", nil, 3)
		bonds("c-there", nil, 2)
		bonds("new", func(tx *store.Tx) error { return tx.DeleteSticky("s") }, 2)
		update(func(tx *store.Tx) error { return conversation(tx, "c-here", "here") })
		bonds("c-here", nil, 2) // the one in the other inbox, and the past
	})
}
