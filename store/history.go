package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"rapport"
)

// Past is a made-up history: closed conversations of customers who were each
// served by one agent. Measurements run against it; it obeys every constraint
// of the schema.
//
// Customer c belongs to queue and inbox c mod Queues, and was served by an
// agent of that queue. Half of the customers were here in the last seven days.
// Ids are PastID of the number, and sort before those of rapport.NewID, as
// older ones do.
type Past struct {
	Customers, Conversations int
	Agents, Queues           int // Agents is a multiple of Queues
	Until                    time.Time
}

// PastID is the id of the nth made-up thing of a kind: 'a'gent, 'q'ueue,
// 'i'nbox, 'k' customer, 'c'onversation.
func PastID[T ~string](kind byte, n int) T { return T(fmt.Sprintf("00%c%023d", kind, n)) }

// madeUpID is PastID as SQL; ? is the number.
func madeUpID(kind byte, number string) string {
	n := "cast(" + number + " as text)"
	return fmt.Sprintf("'00%c' || substr('%s' || %s, length(%s) + 1)", kind, strings.Repeat("0", 23), n, n)
}

// between lists the numbers from $1 to $2 as n(i), as the source of an insert.
const between = " with recursive n(i) as (select cast($1 as bigint) union all select i + 1 from n where i < cast($2 as bigint)) select "

// InventCustomers adds customers number first to last of a past, each with the
// bond to their agent. Agents and queues exist already.
func (tx *Tx) InventCustomers(p Past, first, last int) error {
	customer, inbox := madeUpID('k', "i"), madeUpID('i', "i % $3")
	agent := madeUpID('a', "i % $3 + $3 * ((i / $3) % $4)")
	const day = 24 * 60 * 60 * 1000
	for _, insert := range []struct {
		text string
		args []any
	}{
		{"insert into contact (id, name, known, created_at)" + between + customer + ", 'Customer ' || cast(i as text), 1, cast($3 as bigint) from n", []any{p.Until.AddDate(-1, 0, 0)}},
		{"insert into contact_point (kind, address, contact_id, shown, created_at)" + between + "'external', " + inbox + " || ':c' || cast(i as text), " + customer +
			", 'c' || cast(i as text), cast($4 as bigint) from n", []any{p.Queues, p.Until.AddDate(-1, 0, 0)}},
		{"insert into affinity (contact_id, agent_id, conversation_id, queue_id, replies, ended_at)" + between + customer + ", " + agent + ", " + madeUpID('c', "i") + ", " +
			madeUpID('q', "i % $3") + ", 2, $5 - (i / $3) % 14 * $6 from n", []any{p.Queues, p.Agents / p.Queues, p.Until.Add(-time.Hour), day}},
	} {
		args := append([]any{first, last}, insert.args...)
		if _, err := tx.exec(insert.text, args...); err != nil {
			return err
		}
	}
	return nil
}

// InventConversations adds conversations number first to last of a past, each
// with one message.
func (tx *Tx) InventConversations(p Past, first, last int) error {
	conversation, customer, inbox, queue := madeUpID('c', "i"), madeUpID('k', "i % $3"), madeUpID('i', "i % $3 % $4"), madeUpID('q', "i % $3 % $4")
	agent := madeUpID('a', "i % $3 % $4 + $4 * ((i % $3 / $4) % $5)")
	step := int64(365*24*time.Hour/time.Millisecond) / int64(p.Conversations)
	start := p.Until.AddDate(-1, 0, 0)
	const at = "$6 + i * $7"
	if _, err := tx.exec("insert into conversation (id, contact_id, inbox_id, queue_id, assignee_id, state, point_kind, point_address, last_seq, last_text, last_by, last_at, replies, opened_at, assigned_at, solved_at, closed_at, standing, sort_at, sort_name)"+between+
		conversation+", "+customer+", "+inbox+", "+queue+", "+agent+", 'closed', 'external', "+inbox+" || ':c' || cast(i % $3 as text), 1, 'Thank you, that was all.', 'customer', "+
		at+", 2, "+at+", "+at+", "+at+", "+at+", 5, "+at+", 'customer ' || cast(i % $3 as text) from n",
		first, last, p.Customers, p.Queues, p.Agents/p.Queues, start, step); err != nil {
		return err
	}
	inbox = madeUpID('i', "i % $3 % $4")
	_, err := tx.exec("insert into item (conversation_id, seq, kind, author_kind, author_id, body, inbox_id, external_id, at)"+between+
		conversation+", 1, 'message', 'customer', "+customer+", 'Good morning, my order '|| cast(i as text) ||' has not arrived although it was promised for yesterday. Could you look into it, please?', "+
		inbox+", 'past-' || cast(i as text), $5 + i * $6 from n", first, last, p.Customers, p.Queues, start, step)
	return err
}

// EndInvention says that lists know what was made up, and lets PostgreSQL learn
// what it holds now, as its autovacuum would have over the year. SQLite plans
// without statistics here.
func (tx *Tx) EndInvention() error {
	if err := tx.MoveCursor(oldLists, 1); err != nil {
		return err
	}
	if tx.db.dialect.name != postgresDialect.name {
		return nil
	}
	_, err := tx.exec("analyze")
	return err
}

// InventTerms has fn index what was made up. PostgreSQL sorts the terms of all of
// it in one go, as a restore does; put in one by one they would take hours.
func (db *DB) InventTerms(ctx context.Context, fn func() error) error {
	if db.dialect.name != postgresDialect.name {
		return fn()
	}
	each := func(text string) error {
		return db.Update(ctx, func(tx *Tx) error {
			if _, err := tx.exec("set local maintenance_work_mem = '256MB'"); err != nil {
				return err
			}
			for _, index := range []SearchIndex{InMessages, InConversations, InContacts} {
				if _, err := tx.exec(fmt.Sprintf(text, string(index))); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := each("drop index %[1]s_terms"); err != nil {
		return err
	}
	if err := fn(); err != nil {
		return err
	}
	return each(termsIndex)
}

// InventThread gives a made-up conversation more messages, by turns of the
// customer and of the agent, a minute apart.
func (tx *Tx) InventThread(p Past, n int, bodies []string) error {
	id, step := PastID[rapport.ConversationID]('c', n), 365*24*time.Hour/time.Duration(p.Conversations)
	at := p.Until.AddDate(-1, 0, 0).Add(time.Duration(n) * step)
	items := make([]rapport.Item, len(bodies))
	for i, body := range bodies {
		by := rapport.ByAgent
		if i%2 == 1 {
			by = rapport.ByCustomer
		}
		items[i] = rapport.Item{ConversationID: id, Seq: i + 2, Kind: rapport.ItemMessage, By: by, AuthorName: "Somebody", Body: body, At: at.Add(time.Duration(i+1) * time.Minute)}
	}
	if err := tx.InsertItems(items); err != nil {
		return err
	}
	return tx.write("update conversation set last_seq = $2 where id = $1", id, len(bodies)+1)
}
