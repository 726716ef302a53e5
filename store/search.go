package store

import (
	"maps"
	"slices"
	"strings"
	"time"

	"rapport"
)

// Part is where sixty-four items of a conversation are in the index, or as many of
// them as were written within PartSpan: those that come later begin a new part. So
// the number of a document says about when its item was written.
type Part struct {
	N              int64
	ConversationID rapport.ConversationID
	Part           int // which sixty-four, and in the bits from laterBits on, which of their parts
	Indexed        int // the last item that is in the index
	Scope          string
	About          string
}

// PartSpan is how far apart the items of a part are at most.
const PartSpan = 24 * time.Hour

const laterBits = 20

// First is the item before all of the sixty-four.
func (p *Part) First() int { return p.Part&(1<<laterBits-1)*PartSize + 1 }

// Last is the last one of them.
func (p *Part) Last() int { return p.First() + PartSize - 1 }

// Until is the moment up to which items fit into the part.
func (p *Part) Until() time.Time {
	return time.Unix(documentEpoch+p.N>>slotBits, 0).Add(PartSpan)
}

// Next is the part for what comes after the items of this one.
func (p *Part) Next() Part {
	next := Part{ConversationID: p.ConversationID, Part: p.Part + 1<<laterBits, Indexed: p.Indexed, Scope: p.Scope}
	if p.Indexed == p.Last() {
		next.Part = p.Last() / PartSize
	}
	return next
}

// Document is the number under which an item of the part is indexed.
func (p *Part) Document(seq int) int64 { return p.N<<partBits | int64(seq-1)%PartSize }

// ItemOf is the item that a document of InMessages is, once its part is known.
func (p *Part) ItemOf(document int64) int { return p.First() + int(document%PartSize) }

// PartOf is the number of the part that a document belongs to.
func PartOf(document int64) int64 { return document >> partBits }

const partColumns = "n, conversation_id, part, indexed, scope, about"

func scanPart(s scanner) (p Part, err error) {
	return p, s.Scan(&p.N, &p.ConversationID, &p.Part, &p.Indexed, &p.Scope, &p.About)
}

func (tx *Tx) parts(where string, args ...any) (parts []Part, err error) {
	err = tx.rows(func(s scanner) error {
		p, err := scanPart(s)
		parts = append(parts, p)
		return err
	}, "select "+partColumns+" from search_part where "+where, args...)
	return parts, err
}

// Parts returns the parts of a conversation, in order.
func (tx *Tx) Parts(id rapport.ConversationID) ([]Part, error) {
	return tx.parts("conversation_id = $1 order by indexed, n", id)
}

// PartsNumbered returns parts by their numbers.
func (tx *Tx) PartsNumbered(numbers []int64) ([]Part, error) {
	if len(numbers) == 0 {
		return nil, nil
	}
	marks, args := listed(numbers)
	return tx.parts("n in ("+marks+")", args...)
}

// IndexReads is what the index asks of conversations one after the other, read
// for many of them together.
type IndexReads struct {
	Summaries map[rapport.ConversationID]rapport.Summary
	Parts     map[rapport.ConversationID][]Part
	Items     map[rapport.ConversationID][]rapport.Item // of the first part
	Customers map[rapport.ContactID]SearchCustomer      // who are in the index already
}

// ReadForIndex reads together what indexing these conversations will ask.
func (tx *Tx) ReadForIndex(ids []rapport.ConversationID) (r IndexReads, err error) {
	r = IndexReads{map[rapport.ConversationID]rapport.Summary{}, map[rapport.ConversationID][]Part{}, map[rapport.ConversationID][]rapport.Item{}, map[rapport.ContactID]SearchCustomer{}}
	if len(ids) == 0 {
		return r, nil
	}
	summaries, err := tx.Summaries(ids)
	if err != nil {
		return r, err
	}
	contacts := map[rapport.ContactID]bool{}
	for _, v := range summaries {
		r.Summaries[v.ID], r.Parts[v.ID] = v, nil
		contacts[v.ContactID] = true
	}
	marks, args := listed(ids)
	parts, err := tx.parts("conversation_id in ("+marks+") order by conversation_id, indexed, n", args...)
	if err != nil {
		return r, err
	}
	for _, p := range parts {
		r.Parts[p.ConversationID] = append(r.Parts[p.ConversationID], p)
	}
	err = tx.rows(func(s scanner) error {
		v, err := scanItem(s)
		r.Items[v.ConversationID] = append(r.Items[v.ConversationID], v)
		return err
	}, "select "+itemColumns+" from item where conversation_id in ("+marks+") and seq <= "+itoa(PartSize)+" order by conversation_id, seq", args...)
	if err != nil {
		return r, err
	}
	marks, args = listed(slices.Collect(maps.Keys(contacts)))
	err = tx.rows(func(s scanner) error {
		c, err := scanSearchCustomer(s)
		r.Customers[c.ContactID] = c
		return err
	}, "select "+searchCustomerColumns+" from search_customer where contact_id in ("+marks+")", args...)
	return r, err
}

// InsertPart adds a part and gives it a number that says when it began, or the
// next one that is free.
func (tx *Tx) InsertPart(p *Part, at time.Time) error {
	const near = 1024
	for p.N = DocumentAt(at) >> partBits; ; p.N += near {
		var next int64
		err := tx.queryRow("select coalesce(max(n) + 1, 0) from search_part where n >= $1 and n < $2", p.N, p.N+near).Scan(&next)
		if err != nil {
			return classify(err)
		}
		if next < p.N+near {
			p.N = max(p.N, next)
			break
		}
	}
	return tx.put("insert into search_part ("+partColumns+") values ($1, $2, $3, $4, $5, $6)", p.N, p.ConversationID, p.Part, p.Indexed, p.Scope, p.About)
}

// SavePart saves how much of a part is indexed.
func (tx *Tx) SavePart(p *Part) error {
	return tx.put("update search_part set indexed = $2, scope = $3, about = $4 where n = $1", p.N, p.Indexed, p.Scope, p.About)
}

// DeleteParts forgets the parts of a conversation.
func (tx *Tx) DeleteParts(id rapport.ConversationID) error {
	return tx.put("delete from search_part where conversation_id = $1", id)
}

// SearchCustomer is where a contact is in the index.
type SearchCustomer struct {
	N         int64
	ContactID rapport.ContactID
	Scope     string
	Words     string
	About     string
}

// SearchCustomer returns a contact's place in the index; ok is false when it
// has none.
func (tx *Tx) SearchCustomer(id rapport.ContactID) (c SearchCustomer, ok bool, err error) {
	err = tx.rows(func(s scanner) (err error) {
		ok = true
		c, err = scanSearchCustomer(s)
		return err
	}, "select "+searchCustomerColumns+" from search_customer where contact_id = $1", id)
	return c, ok, err
}

const searchCustomerColumns = "n, contact_id, scope, words, about"

func scanSearchCustomer(s scanner) (c SearchCustomer, err error) {
	return c, s.Scan(&c.N, &c.ContactID, &c.Scope, &c.Words, &c.About)
}

// SaveSearchCustomer saves a contact's place, and gives it a number if it has none.
func (tx *Tx) SaveSearchCustomer(c *SearchCustomer) error {
	if c.N != 0 {
		return tx.put("update search_customer set scope = $2, words = $3, about = $4 where n = $1", c.N, c.Scope, c.Words, c.About)
	}
	if err := tx.queryRow("select coalesce(max(n), 0) + 1 from search_customer").Scan(&c.N); err != nil {
		return classify(err)
	}
	return tx.put("insert into search_customer (n, contact_id, scope, words, about) values ($1, $2, $3, $4, $5)", c.N, c.ContactID, c.Scope, c.Words, c.About)
}

// DeleteSearchCustomer forgets the place of a contact.
func (tx *Tx) DeleteSearchCustomer(id rapport.ContactID) error {
	return tx.put("delete from search_customer where contact_id = $1", id)
}

// Found is a contact by its place in the index, with what puts those found in order.
type Found struct {
	N        int64
	ID       rapport.ContactID
	Name     string
	ActiveAt time.Time
}

// SearchedContacts returns the contacts of numbers in the index.
func (tx *Tx) SearchedContacts(numbers []int64) (list []Found, err error) {
	if len(numbers) == 0 {
		return nil, nil
	}
	marks, args := listed(numbers)
	err = tx.rows(func(s scanner) error {
		var f Found
		err := s.Scan(&f.N, &f.ID, &f.Name, milli{&f.ActiveAt})
		list = append(list, f)
		return err
	}, "select s.n, s.contact_id, k.name, k.active_at from search_customer s join contact k on k.id = s.contact_id where s.n in ("+marks+")", args...)
	return list, err
}

// CountWords counts uses of the words of names up or down. A word that is new
// gets its spellings; one that nobody uses any more is forgotten.
func (tx *Tx) CountWords(words []string, by int, spellings func(string) []string) error {
	for _, word := range words {
		var uses int
		known := false
		err := tx.rows(func(s scanner) error {
			known = true
			return s.Scan(&uses)
		}, "select uses from search_word where word = $1", word)
		if err != nil {
			return err
		}
		switch uses += by; {
		case uses <= 0 && known:
			if err := tx.put("delete from search_spelling where word = $1", word); err != nil {
				return err
			}
			err = tx.put("delete from search_word where word = $1", word)
		case known:
			err = tx.put("update search_word set uses = $2 where word = $1", word, uses)
		case uses > 0:
			for _, spelling := range spellings(word) {
				if err := tx.put("insert into search_spelling (spelling, word) values ($1, $2) on conflict do nothing", spelling, word); err != nil {
					return err
				}
			}
			err = tx.put("insert into search_word (word, uses) values ($1, $2)", word, uses)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// AnyWord tells whether a customer's name has a word that begins so.
func (tx *Tx) AnyWord(prefix string) (any bool, err error) {
	err = tx.rows(func(s scanner) error {
		any = true
		var word string
		return s.Scan(&word)
	}, "select word from search_word where word >= $1 and word < $2 limit 1", prefix, prefix+"\U0010FFFF")
	return any, err
}

// WordsSpelt returns words of names that spellings lead to, the most used first.
func (tx *Tx) WordsSpelt(spellings []string) (words []string, err error) {
	marks, args := listed(spellings)
	err = tx.rows(func(s scanner) error {
		var word string
		var uses int
		err := s.Scan(&word, &uses)
		words = append(words, word)
		return err
	}, "select distinct w.word, w.uses from search_spelling s join search_word w on w.word = s.word where s.spelling in ("+marks+") order by w.uses desc, w.word limit 200", args...)
	return words, err
}

// SearchScope is all that decides who may see a conversation.
type SearchScope struct {
	Queue, Transfer rapport.QueueID
	Assignee        rapport.AgentID
	StartedBy       rapport.AgentID // of one among colleagues
}

// ScopesOfContact returns the scopes of a customer's conversations.
func (tx *Tx) ScopesOfContact(id rapport.ContactID) (scopes []SearchScope, err error) {
	err = tx.rows(func(s scanner) error {
		var v SearchScope
		err := s.Scan(&v.Queue, &v.Transfer, &v.Assignee, &v.StartedBy)
		scopes = append(scopes, v)
		return err
	}, "select distinct queue_id, transfer_queue, assignee_id, started_by from (select queue_id, transfer_queue, assignee_id, started_by from conversation where contact_id = $1 order by opened_at desc limit 2000) c", id)
	return scopes, err
}

// LatestOf returns the conversations of a contact, the latest first.
func (tx *Tx) LatestOf(id rapport.ContactID, limit int) ([]rapport.ConversationID, error) {
	return tx.conversationIDs("select id from conversation where contact_id = $1 order by opened_at desc limit $2", id, limit)
}

// ConversationsBelow lists conversations from the newest id down; "" is the start.
func (tx *Tx) ConversationsBelow(below rapport.ConversationID, limit int) ([]rapport.ConversationID, error) {
	if below == "" {
		below = "~"
	}
	return tx.conversationIDs("select id from conversation where id < $1 order by id desc limit $2", below, limit)
}

// ContactsBelow lists contacts from the newest id down; "" is the start.
func (tx *Tx) ContactsBelow(below rapport.ContactID, limit int) (ids []rapport.ContactID, err error) {
	if below == "" {
		below = "~"
	}
	err = tx.rows(func(s scanner) error {
		var id rapport.ContactID
		err := s.Scan(&id)
		ids = append(ids, id)
		return err
	}, "select id from contact where id < $1 order by id desc limit $2", below, limit)
	return ids, err
}

// VisibleSummaries returns those of the conversations that an actor may see.
func (tx *Tx) VisibleSummaries(a rapport.Actor, ids []rapport.ConversationID) (map[rapport.ConversationID]*rapport.Summary, error) {
	found := map[rapport.ConversationID]*rapport.Summary{}
	if len(ids) == 0 {
		return found, nil
	}
	marks, args := listed(ids)
	list, err := tx.summaries(Filter{Actor: a}, "c.id in ("+marks+")", args, "")
	for i := range list {
		found[list[i].ID] = &list[i]
	}
	return found, err
}

// ItemsOf returns single items of threads.
func (tx *Tx) ItemsOf(refs []ItemRef) (map[ItemRef]rapport.Item, error) {
	found := make(map[ItemRef]rapport.Item, len(refs))
	for _, ref := range refs {
		v, ok, err := tx.item("conversation_id = $1 and seq = $2", ref.Conversation, ref.Seq)
		if err != nil {
			return nil, err
		}
		if ok {
			found[ref] = v
		}
	}
	return found, nil
}

// ItemRef names an item.
type ItemRef struct {
	Conversation rapport.ConversationID
	Seq          int
}

// Text is what is written in an item.
type Text struct {
	Seq  int
	By   rapport.PartyKind
	Kind rapport.ItemKind
	Name string // of the author
	Body string
	At   time.Time
}

// Texts reads what was written in a conversation after an item.
func (tx *Tx) Texts(id rapport.ConversationID, after, limit int) (texts []Text, err error) {
	err = tx.rows(func(s scanner) error {
		var v Text
		err := s.Scan(&v.Seq, &v.By, &v.Kind, &v.Name, &v.Body, milli{&v.At})
		texts = append(texts, v)
		return err
	}, "select seq, author_kind, kind, author_name, body, at from item where conversation_id = $1 and seq > $2 and kind <> 'event' order by seq limit $3", id, after, limit)
	return texts, err
}

// Todo is something to index besides what the log tells.
type Todo struct {
	Kind string // conversation, contact
	ID   string
	Anew bool // drop first what is there
}

// AddTodo notes something to index.
func (tx *Tx) AddTodo(t Todo) error {
	return tx.put("insert into search_todo (kind, id, anew) values ($1, $2, $3) on conflict (kind, id) do update set anew = case when excluded.anew > search_todo.anew then excluded.anew else search_todo.anew end", t.Kind, t.ID, t.Anew)
}

// DeleteTodo forgets it.
func (tx *Tx) DeleteTodo(t Todo) error {
	return tx.put("delete from search_todo where kind = $1 and id = $2", t.Kind, t.ID)
}

// Todos returns some of what is to be indexed.
func (tx *Tx) Todos(limit int) (list []Todo, err error) {
	err = tx.rows(func(s scanner) error {
		var t Todo
		err := s.Scan(&t.Kind, &t.ID, &t.Anew)
		list = append(list, t)
		return err
	}, "select kind, id, anew from search_todo order by kind, id limit $1", limit)
	return list, err
}

// Progress is how far indexing what was there before has come.
type Progress struct {
	Kind    string // conversation, contact
	Below   string
	Done    int64
	Total   int64
	EndedAt time.Time
}

// SearchProgress returns the progress of each kind that has begun.
func (tx *Tx) SearchProgress() (list []Progress, err error) {
	err = tx.rows(func(s scanner) error {
		var p Progress
		err := s.Scan(&p.Kind, &p.Below, &p.Done, &p.Total, milli{&p.EndedAt})
		list = append(list, p)
		return err
	}, "select kind, below, done, total, ended_at from search_progress order by kind desc")
	return list, err
}

// SaveProgress saves it.
func (tx *Tx) SaveProgress(p Progress) error {
	return tx.put("insert into search_progress (kind, below, done, total, ended_at) values ($1, $2, $3, $4, $5) on conflict (kind) do update set below = excluded.below, done = excluded.done, total = excluded.total, ended_at = excluded.ended_at",
		p.Kind, p.Below, p.Done, p.Total, p.EndedAt)
}

// CountAll counts the rows of conversation or contact.
func (tx *Tx) CountAll(kind string) (n int64, err error) {
	text := "select count(*) from contact"
	if kind == "conversation" {
		text = "select count(*) from conversation"
	}
	return n, classify(tx.queryRow(text).Scan(&n))
}

// listed writes values as $1, $2, … and as arguments.
func listed[T any](values []T) (marks string, args []any) {
	var b strings.Builder
	for i, v := range values {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("$" + itoa(i+1))
		args = append(args, v)
	}
	return b.String(), args
}
