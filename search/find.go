package search

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"rapport"
	"rapport/store"
)

// Groups of results (S3-29).
const (
	Conversations = "conversations"
	Messages      = "messages"
	Customers     = "customers"
)

// MostText is how much of a query is looked at, in bytes.
const MostText = 200

// Query is what an agent looks for.
type Query struct {
	Text   string
	Groups []string        // empty for all three
	Queue  rapport.QueueID // only conversations that are there
	Agent  rapport.AgentID // only those this agent has or had last
	From   time.Time       // not before
	To     time.Time       // not after
	Limit  int             // of each group
	Before int64           // Next of a page of messages; 0 for the first
}

// Results are what was found of each group.
type Results struct {
	Conversations []ConversationHit   `json:"conversations"`
	Messages      []MessageHit        `json:"messages"`
	Customers     []CustomerHit       `json:"customers"`
	Next          int64               `json:"-"`
	Corrected     map[string][]string `json:"corrected,omitempty" doc:"Words that begin the name of no customer whom the caller may see, and names of such customers that were looked for in their place."`
}

// ConversationHit is a conversation that is called so, or whose customer is (S3-30).
type ConversationHit struct {
	rapport.Summary
	Marked []Piece `json:"marked" doc:"What it was found by, with the hits marked."`
}

// MessageHit is a message or note in which the words are.
type MessageHit struct {
	Conversation rapport.Summary   `json:"conversation"`
	Seq          int               `json:"seq"`
	Kind         rapport.ItemKind  `json:"kind" enum:"message,note"`
	By           rapport.PartyKind `json:"by" enum:"customer,agent,bot,system"`
	AuthorName   string            `json:"author_name,omitempty"`
	At           time.Time         `json:"at"`
	Marked       []Piece           `json:"marked" doc:"A piece of the text, with the hits marked."`
}

// CustomerHit is a customer who is called so or can be reached so (S3-31).
type CustomerHit struct {
	rapport.Contact
	Channels []string               `json:"channels" doc:"Kinds of channels of their conversations that the caller may see."`
	LastAt   time.Time              `json:"last_at,omitzero" doc:"Last activity in these."`
	LastID   rapport.ConversationID `json:"last_conversation,omitempty" doc:"The latest of these."`
	Marked   []Piece                `json:"marked" doc:"Name and addresses, with the hits marked."`
}

// sought is a word of a query with the spellings that it may have.
type sought struct {
	spellings []string // folded
	meant     []string // instead, in names; empty when there are names that begin so
	prefix    bool
	last      bool // it is being typed
}

func (s *sought) matches(w *word) bool {
	for _, list := range [][]string{s.spellings, s.meant} {
		for _, text := range list {
			if w.text == text || w.other == text || s.prefix && !w.joined && (strings.HasPrefix(w.text, text) || w.other != "" && strings.HasPrefix(w.other, text)) {
				return true
			}
		}
	}
	return false
}

// terms are what the word is looked for by.
func (s *sought) terms() (terms []store.Term) {
	for _, text := range slices.Concat(s.spellings, s.meant) {
		terms = append(terms, termOf(text, s.prefix))
	}
	return terms
}

func termOf(text string, prefix bool) store.Term {
	if n := utf8.RuneCountInString(text); prefix && n >= 2 && n <= 3 {
		return store.Term{Text: "_" + text}
	} else if prefix && n > 3 {
		return store.Term{Text: text, Prefix: true}
	}
	return store.Term{Text: text}
}

// query is a Query that was understood.
type query struct {
	Query
	actor  rapport.Actor
	words  []sought
	number string // digits, when the text is a telephone number or the start of one
	scope  store.Terms
	below  int64
}

const mostSought = 8 // words of a query

// understand reads a query. What is typed last may go on. In names and what is
// known of conversations, other words of four letters and more are starts too.
func understand(actor rapport.Actor, in Query) *query {
	q := &query{Query: in, actor: actor, below: int64(1) << 62}
	text := in.Text[:ahead(in.Text, 0, MostText)]
	found := words(text)
	for i, w := range found {
		letters := utf8.RuneCountInString(w.text)
		if !w.joined && letters < 2 || w.joined && letters < 2 && len(found) > 1 || len(q.words) >= mostSought {
			continue // one letter is no word yet
		}
		s := sought{spellings: []string{w.text}, prefix: !w.joined && (letters >= 4 || i == len(found)-1 && w.to == len(text))}
		s.last = i == len(found)-1
		if w.other != "" {
			s.spellings = append(s.spellings, w.other)
		}
		q.words = append(q.words, s)
	}
	if number, ok := digits(text); ok {
		q.number = number
	}
	if !actor.SeesAll() {
		mine := []store.Term{{Text: ofAgent(actor.AgentID)}}
		for id := range actor.Queues {
			mine = append(mine, store.Term{Text: ofQueue(id)})
		}
		slices.SortFunc(mine, func(a, b store.Term) int { return cmp.Compare(a.Text, b.Text) })
		q.scope = append(q.scope, mine)
	}
	if in.Queue != "" {
		q.scope = append(q.scope, []store.Term{{Text: ofQueue(in.Queue)}})
	}
	if in.Agent != "" {
		q.scope = append(q.scope, []store.Term{{Text: ofAgent(in.Agent)}})
	}
	return q
}

// want are the terms of a query. Typing errors are corrected in names only.
func (q *query) want(names bool) store.Terms {
	want := slices.Clone(q.scope)
	if q.number != "" {
		digits := store.Term{Text: "+" + q.number, Prefix: true}
		if len(q.words) == 1 {
			return append(want, append(q.words[0].terms(), digits))
		}
		return append(want, []store.Term{digits})
	}
	for i := range q.words {
		s := q.words[i]
		if !names {
			// The start of a word that is in many messages costs far more to look
			// for than a word. Only what is being typed is taken so.
			s.meant, s.prefix = nil, s.prefix && s.last
		}
		want = append(want, s.terms())
	}
	return want
}

func (q *query) asks(group string) bool {
	return len(q.Groups) == 0 || slices.Contains(q.Groups, group)
}

// Find looks for what an actor may see.
func Find(tx *store.Tx, actor rapport.Actor, in Query) (Results, error) {
	r := Results{Conversations: []ConversationHit{}, Messages: []MessageHit{}, Customers: []CustomerHit{}}
	q := understand(actor, in)
	if len(q.words) == 0 && q.number == "" {
		return r, nil
	}
	if q.asks(Customers) || q.asks(Conversations) {
		if err := q.names(tx, &r); err != nil {
			return r, err
		}
	}
	if q.asks(Messages) {
		if err := q.messages(tx, &r); err != nil {
			return r, err
		}
	}
	return r, nil
}

// names finds customers and conversations: by what was typed, and where no customer
// is called so whom the actor may see, by what may have been meant.
func (q *query) names(tx *store.Tx, r *Results) error {
	called := *q
	if !q.asks(Customers) {
		called.Limit = 1
	}
	if err := called.customers(tx, r); err != nil {
		return err
	}
	if len(r.Customers) == 0 && q.number == "" {
		corrected, err := q.correct(tx)
		if err != nil {
			return err
		}
		if len(corrected) > 0 && q.asks(Customers) {
			if err := q.customers(tx, r); err != nil {
				return err
			}
		}
		r.Corrected = corrected
	}
	if !q.asks(Customers) {
		r.Customers = []CustomerHit{}
	}
	if q.asks(Conversations) {
		if err := q.conversations(tx, r); err != nil {
			return err
		}
	}
	if len(r.Customers)+len(r.Conversations) == 0 { // each word may be somebody's name; together they are nobody's
		r.Corrected = nil
	}
	return nil
}

// mostRounds is how often more is fetched when what was found may not be seen.
// The terms of scope let that hardly ever happen.
const mostRounds = 5

// each goes through documents of an index, the highest first, with their parts
// and conversations that the actor may see, until use has enough.
func (q *query) each(tx *store.Tx, in store.SearchIndex, names bool, atOnce int, use func(document int64, p *store.Part, v *rapport.Summary) (enough bool, err error)) error {
	from, below := int64(0), int64(1)<<62
	if in == store.InMessages {
		if !q.From.IsZero() {
			from = store.DocumentsSince(q.From)
		}
		if !q.To.IsZero() {
			below = store.DocumentAt(q.To.Add(time.Second)) + 1<<20
		}
		if q.Before > 0 {
			below = min(below, q.Before)
		}
	}
	want := q.want(names)
	for range mostRounds {
		documents, err := tx.FindDocuments(in, want, from, below, atOnce)
		if err != nil || len(documents) == 0 {
			return err
		}
		numbers := make([]int64, 0, len(documents))
		for _, d := range documents {
			if n := store.PartOf(d); len(numbers) == 0 || numbers[len(numbers)-1] != n {
				numbers = append(numbers, n)
			}
		}
		parts, err := tx.PartsNumbered(numbers)
		if err != nil {
			return err
		}
		byNumber := map[int64]*store.Part{}
		var ids []rapport.ConversationID
		for i := range parts {
			byNumber[parts[i].N] = &parts[i]
			if !slices.Contains(ids, parts[i].ConversationID) {
				ids = append(ids, parts[i].ConversationID)
			}
		}
		visible, err := tx.VisibleSummaries(q.actor, ids)
		if err != nil {
			return err
		}
		for _, d := range documents {
			p := byNumber[store.PartOf(d)]
			if p == nil {
				continue
			}
			v := visible[p.ConversationID]
			if v == nil || q.Queue != "" && v.QueueID != q.Queue || q.Agent != "" && v.Assignee != q.Agent {
				continue
			}
			if enough, err := use(d, p, v); err != nil || enough {
				return err
			}
		}
		if below = documents[len(documents)-1]; len(documents) < atOnce {
			return nil
		}
	}
	return nil
}

// messages finds messages and notes, the newest conversations first.
func (q *query) messages(tx *store.Tx, r *Results) error {
	err := q.each(tx, store.InMessages, false, 2*q.Limit+2, func(document int64, p *store.Part, v *rapport.Summary) (bool, error) {
		if len(r.Messages) == q.Limit {
			r.Next = document + 1
			return true, nil
		}
		item, err := tx.Item(p.ConversationID, p.ItemOf(document))
		if rapport.KindOf(err) == rapport.NotFound && err != nil {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		if !q.From.IsZero() && item.At.Before(q.From) || !q.To.IsZero() && item.At.After(q.To) {
			return false, nil
		}
		text := item.Body
		for _, f := range item.Files {
			if len(q.hits(text)) == 0 && len(q.hits(f.Name)) > 0 {
				text = f.Name
			}
		}
		r.Messages = append(r.Messages, MessageHit{
			Conversation: *v, Seq: item.Seq, Kind: item.Kind, By: item.By, AuthorName: item.AuthorName, At: item.At, Marked: q.excerpt(text),
		})
		return false, nil
	})
	slices.SortStableFunc(r.Messages, func(a, b MessageHit) int { return b.At.Compare(a.At) })
	return err
}

// considered is how many conversations or customers are looked at to find the
// most recent ones.
const considered = 60

// conversations finds conversations by what they are called, by their
// customer, and by what was noted about them; the latest activity first.
func (q *query) conversations(tx *store.Tx, r *Results) error {
	err := q.each(tx, store.InConversations, true, considered, func(_ int64, _ *store.Part, v *rapport.Summary) (bool, error) {
		if !q.From.IsZero() && v.LastAt.Before(q.From) || !q.To.IsZero() && v.OpenedAt.After(q.To) {
			return false, nil
		}
		if !slices.ContainsFunc(r.Conversations, func(h ConversationHit) bool { return h.ID == v.ID }) {
			r.Conversations = append(r.Conversations, ConversationHit{Summary: *v, Marked: q.mark(v.Topic, v.ContactName, shown(v.Point), v.SummaryText, strings.Join(v.Tags, ", "))})
		}
		return len(r.Conversations) >= considered, nil
	})
	slices.SortStableFunc(r.Conversations, func(a, b ConversationHit) int { return b.LastAt.Compare(a.LastAt) })
	r.Conversations = r.Conversations[:min(len(r.Conversations), q.Limit)]
	return err
}

func shown(p rapport.Point) string {
	switch {
	case p.Kind == rapport.PointVisitor:
		return ""
	case p.Shown != "":
		return p.Shown
	}
	return p.Address
}

// customers finds customers: who is called exactly so first, then by the last
// activity.
func (q *query) customers(tx *store.Tx, r *Results) error {
	below := int64(1) << 62
	want := q.want(true)
	exact := Fold(strings.TrimSpace(q.Text))
	rank := func(name string) int {
		switch name := Fold(name); {
		case name == exact:
			return 0
		case strings.HasPrefix(name, exact):
			return 1
		}
		return 2
	}
	for range mostRounds {
		numbers, err := tx.FindDocuments(store.InContacts, want, 0, below, considered)
		if err != nil || len(numbers) == 0 {
			return err
		}
		found, err := tx.SearchedContacts(numbers)
		if err != nil {
			return err
		}
		// The likeliest first: the others need not be read.
		slices.SortFunc(found, func(a, b store.Found) int {
			return cmp.Or(cmp.Compare(rank(a.Name), rank(b.Name)), b.ActiveAt.Compare(a.ActiveAt), cmp.Compare(b.N, a.N))
		})
		for _, f := range found {
			if len(r.Customers) >= q.Limit {
				break
			}
			hit, ok, err := q.customer(tx, f.ID)
			if err != nil {
				return err
			}
			if ok {
				r.Customers = append(r.Customers, hit)
			}
		}
		if below = numbers[len(numbers)-1]; len(numbers) < considered || len(r.Customers) >= q.Limit {
			break
		}
	}
	slices.SortStableFunc(r.Customers, func(a, b CustomerHit) int {
		return cmp.Or(cmp.Compare(rank(a.Name), rank(b.Name)), b.LastAt.Compare(a.LastAt))
	})
	return nil
}

// customer reads a customer if the actor may see them.
func (q *query) customer(tx *store.Tx, id rapport.ContactID) (h CustomerHit, ok bool, err error) {
	f := store.Filter{Actor: q.actor, Contact: id, Queue: q.Queue, Page: store.Page{Limit: 20}}
	list, err := tx.OfContact(f)
	if err != nil || len(list) == 0 && (!q.actor.SeesAll() || q.Queue != "") {
		return h, false, err
	}
	h.Channels = []string{}
	theirs := q.Agent == ""
	for i := range list {
		v := &list[i]
		theirs = theirs || v.Assignee == q.Agent
		if v.Channel != "" && !slices.Contains(h.Channels, v.Channel) {
			h.Channels = append(h.Channels, v.Channel)
		}
		if v.LastAt.After(h.LastAt) {
			h.LastAt, h.LastID = v.LastAt, v.ID
		}
	}
	if !theirs || !q.From.IsZero() && h.LastAt.Before(q.From) || !q.To.IsZero() && len(list) > 0 && list[len(list)-1].OpenedAt.After(q.To) {
		return h, false, nil
	}
	if h.Contact, err = tx.Contact(id); err != nil {
		return h, false, err
	}
	texts := []string{h.Name}
	for _, p := range h.Points {
		texts = append(texts, shown(p))
	}
	h.Marked = q.mark(texts...)
	return h, true, nil
}

// mark shows those of several texts in which hits are; the first in any case.
func (q *query) mark(texts ...string) (list []Piece) {
	for i, text := range texts {
		hits := q.hits(text)
		if text == "" || i > 0 && len(hits) == 0 {
			continue
		}
		if len(list) > 0 {
			list = append(list, Piece{Text: " · "})
		}
		list = append(list, pieces(text, hits)...)
	}
	if list == nil {
		list = []Piece{}
	}
	return list
}
