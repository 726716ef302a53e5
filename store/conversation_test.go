package store_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"rapport"
	"rapport/store"
)

// filled is a conversation of which everything is set, each time to something else.
func filled(n int) rapport.Conversation {
	var c rapport.Conversation
	count := 0
	var fill func(v reflect.Value)
	fill = func(v reflect.Value) {
		count++
		text := fmt.Sprintf("text-%d-%d", n, count)
		if _, ok := v.Interface().(time.Time); ok {
			v.Set(reflect.ValueOf(time.UnixMilli(int64(n)*1_000_000 + int64(count)).UTC()))
			return
		}
		switch v.Kind() {
		case reflect.String:
			v.SetString(text)
		case reflect.Int:
			v.SetInt(int64(n*1000 + count))
		case reflect.Bool:
			v.SetBool(true)
		case reflect.Pointer:
			v.Set(reflect.New(v.Type().Elem()))
			fill(v.Elem())
		case reflect.Slice:
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
			fill(v.Index(0))
		case reflect.Map:
			v.Set(reflect.ValueOf(map[string]string{"name": text}))
		case reflect.Struct:
			for i := range v.NumField() {
				fill(v.Field(i))
			}
		default:
			panic("a conversation has a field of the kind " + v.Kind().String())
		}
	}
	fill(reflect.ValueOf(&c).Elem())
	c.ID, c.ContactID, c.State, c.Priority = "c", rapport.ContactID(fmt.Sprint("k", n)), rapport.Solved, []rapport.Priority{rapport.Low, rapport.High}[n%2]
	c.Version = 0
	return c
}

// Of a conversation only what changed is written. Whatever changed is: also what
// lies behind a pointer or in a map and changed in place, what changed back within the
// same transaction, and what was changed by another way in between.
func TestWhateverChangedIsWritten(t *testing.T) {
	databases(t, func(t *testing.T, db *store.DB) {
		id := rapport.ConversationID("c")
		update := func(fn func(*store.Tx) error) {
			t.Helper()
			if err := db.Update(t.Context(), fn); err != nil {
				t.Fatal(err)
			}
		}
		rests := func(when string, want rapport.Conversation) {
			t.Helper()
			var got rapport.Conversation
			err := db.View(t.Context(), func(tx *store.Tx) (err error) {
				got, err = tx.Conversation(id)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			got.Version = 0
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s it rests as\n%+v\nnot\n%+v", when, got, want)
			}
		}
		change := func(fn func(tx *store.Tx, c *rapport.Conversation) error) {
			t.Helper()
			update(func(tx *store.Tx) error {
				s, err := tx.Summary(id)
				if err != nil {
					return err
				}
				if err := fn(tx, &s.Conversation); err != nil {
					return err
				}
				return tx.UpdateConversation(&s.Conversation)
			})
		}
		become := func(want rapport.Conversation) {
			t.Helper()
			change(func(_ *store.Tx, c *rapport.Conversation) error {
				version := c.Version
				*c = want
				c.Version = version
				return nil
			})
		}
		bare := rapport.Conversation{ID: id, ContactID: "k1", State: rapport.Open, Priority: rapport.Normal, OpenedAt: time.UnixMilli(1).UTC()}
		update(func(tx *store.Tx) error {
			for _, k := range []rapport.ContactID{"k1", "k2"} {
				if err := tx.InsertContact(rapport.Contact{ID: k, Name: string(k), CreatedAt: tx.Now()}); err != nil {
					return err
				}
			}
			return tx.InsertConversation(&bare)
		})
		rests("at first", bare)
		become(filled(1))
		rests("filled", filled(1))
		become(filled(2))
		rests("filled with something else", filled(2))
		become(bare)
		rests("emptied", bare)

		become(filled(1))
		change(func(_ *store.Tx, c *rapport.Conversation) error {
			c.Fields["name"], c.Tags[0], c.Excluded[0] = "new", "new", "new"
			c.Waiting.Reason, c.Transfer.Reason, c.Why.Sentence, c.Timer.Kind = "new", "new", "new", "new"
			return nil
		})
		want := filled(1)
		want.Fields["name"], want.Tags[0], want.Excluded[0] = "new", "new", "new"
		want.Waiting.Reason, want.Transfer.Reason, want.Why.Sentence, want.Timer.Kind = "new", "new", "new", "new"
		rests("changed in place", want)

		change(func(tx *store.Tx, c *rapport.Conversation) error {
			was := c.LastText
			c.LastText = "for a moment"
			if err := tx.UpdateConversation(c); err != nil {
				return err
			}
			c.LastText = was
			return nil
		})
		rests("changed and changed back", want)

		// Of two copies of the same, changed in the same way, the second is refused, and
		// what it would have changed is not taken for written.
		err := db.Update(t.Context(), func(tx *store.Tx) error {
			a, err := tx.Conversation(id)
			if err != nil {
				return err
			}
			b := a
			a.LastText, b.LastText = "twice", "twice"
			if err := tx.UpdateConversation(&a); err != nil {
				return err
			}
			return tx.UpdateConversation(&b)
		})
		if rapport.CodeOf(err) != "changed_meanwhile" {
			t.Errorf("a copy that is no longer true is saved: %v", err)
		}
		rests("after a copy was refused", want)

		change(func(tx *store.Tx, c *rapport.Conversation) error {
			if err := tx.SetTimer(id, &rapport.Timer{Kind: rapport.TimerReply, At: time.UnixMilli(9).UTC()}); err != nil {
				return err
			}
			return nil // the one that was read is saved
		})
		rests("after its timer was set aside", want)
	})
}
