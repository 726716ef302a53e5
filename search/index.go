package search

import (
	"maps"
	"slices"
	"strings"

	"rapport"
	"rapport/store"
)

// writer gathers the documents of one transaction and writes them in the order
// of their numbers. SQLite makes a piece of index that is merged later each time
// a number is not higher than the one before.
type writer struct {
	*store.Tx
	documents map[store.SearchIndex]map[int64][]string
	read      store.IndexReads // each is used once: it may be written afterwards
}

// readAhead reads together what indexing these conversations will ask.
func (w *writer) readAhead(ids []rapport.ConversationID) (err error) {
	w.read, err = w.ReadForIndex(ids)
	return err
}

func (w *writer) Summary(id rapport.ConversationID) (rapport.Summary, error) {
	if v, ok := taken(w.read.Summaries, id); ok {
		return v, nil
	}
	return w.Tx.Summary(id)
}

func (w *writer) Parts(id rapport.ConversationID) ([]store.Part, error) {
	if parts, ok := taken(w.read.Parts, id); ok {
		return parts, nil
	}
	return w.Tx.Parts(id)
}

func (w *writer) ItemsNumbered(id rapport.ConversationID, first, last int) ([]rapport.Item, error) {
	if last <= store.PartSize {
		if items, ok := taken(w.read.Items, id); ok {
			return slices.DeleteFunc(items, func(v rapport.Item) bool { return v.Seq < first || v.Seq > last }), nil
		}
	}
	return w.Tx.ItemsNumbered(id, first, last)
}

func (w *writer) SearchCustomer(id rapport.ContactID) (store.SearchCustomer, bool, error) {
	if c, ok := taken(w.read.Customers, id); ok {
		return c, true, nil
	}
	return w.Tx.SearchCustomer(id)
}

func taken[K comparable, V any](from map[K]V, key K) (V, bool) {
	v, ok := from[key]
	delete(from, key)
	return v, ok
}

func newWriter(tx *store.Tx) *writer {
	return &writer{Tx: tx, documents: map[store.SearchIndex]map[int64][]string{}}
}

// write runs an indexing function and writes what it gathered.
func write(tx *store.Tx, fn func(*writer) error) error {
	w := newWriter(tx)
	if err := fn(w); err != nil {
		return err
	}
	for _, in := range []store.SearchIndex{store.InMessages, store.InConversations, store.InContacts} {
		var docs []store.Document
		for _, n := range slices.Sorted(maps.Keys(w.documents[in])) {
			docs = append(docs, store.Document{N: n, Terms: w.documents[in][n]})
		}
		if err := tx.PutDocuments(in, docs...); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) put(in store.SearchIndex, n int64, terms []string) {
	if w.documents[in] == nil {
		w.documents[in] = map[int64][]string{}
	}
	w.documents[in][n] = terms
}

func (w *writer) drop(in store.SearchIndex, n int64) error {
	delete(w.documents[in], n)
	return w.DropDocuments(in, n)
}

// mostItems is how many items one step indexes.
const mostItems = 300

// indexConversation brings the index up to date with a conversation, as far as
// room for items lasts. done is false when there is more to do.
func indexConversation(w *writer, id rapport.ConversationID, room *int) (done bool, err error) {
	v, err := w.Summary(id)
	if rapport.KindOf(err) == rapport.NotFound && err != nil {
		return true, dropConversation(w, id)
	}
	if err != nil {
		return false, err
	}
	if v.MergedInto != "" { // its thread is found in the other one
		return true, dropConversation(w, id)
	}
	parts, err := w.Parts(id)
	if err != nil {
		return false, err
	}
	scope := scopeOfConversation(&v.Conversation)
	for i := range parts { // whom it can be found by has changed
		if p := &parts[i]; p.Scope != scope {
			if *room <= 0 {
				return false, nil
			}
			first := p.First()
			if i > 0 { // the part before may have begun the same sixty-four
				first = max(first, parts[i-1].Indexed+1)
			}
			items, err := w.ItemsNumbered(id, first, p.Indexed)
			if err != nil {
				return false, err
			}
			indexItems(w, p, scope, items, room)
			p.Scope = scope
			if err := w.SavePart(p); err != nil {
				return false, err
			}
		}
	}
	if len(parts) == 0 {
		p := store.Part{ConversationID: id, Scope: scope}
		if err := w.InsertPart(&p, v.OpenedAt); err != nil {
			return false, err
		}
		parts = append(parts, p)
	}
	if err := describeConversation(w, &v, &parts[0]); err != nil {
		return false, err
	}
	for last := &parts[len(parts)-1]; last.Indexed < v.LastSeq; {
		if *room <= 0 {
			return false, nil
		}
		full := last.Indexed == last.Last()
		upTo := last.Last()
		if full {
			upTo += store.PartSize
		}
		upTo = min(v.LastSeq, upTo)
		items, err := w.ItemsNumbered(id, last.Indexed+1, upTo)
		if err != nil {
			return false, err
		}
		if full && len(items) == 0 {
			break
		}
		if full || len(items) > 0 && items[0].At.After(last.Until()) {
			p := last.Next()
			if err := w.InsertPart(&p, items[0].At); err != nil {
				return false, err
			}
			last = &p
		}
		if i := slices.IndexFunc(items, func(v rapport.Item) bool { return v.At.After(last.Until()) }); i >= 0 {
			items, upTo = items[:i], items[i].Seq-1
		}
		indexItems(w, last, scope, items, room)
		last.Indexed = upTo
		if err := w.SavePart(last); err != nil {
			return false, err
		}
	}
	if v.ContactID == internal {
		return true, nil
	}
	return true, indexContact(w, v.ContactID, scope)
}

// indexItems writes the messages and notes among items of a part.
func indexItems(w *writer, p *store.Part, scope string, items []rapport.Item, room *int) {
	for i := range items {
		if v := &items[i]; v.Kind != rapport.ItemEvent {
			w.put(store.InMessages, p.Document(v.Seq), aboutMessage(v, scope))
		}
	}
	*room -= len(items)
}

// describeConversation writes by what a conversation itself is found, unless it
// is in the index so already.
func describeConversation(w *writer, v *rapport.Summary, p *store.Part) error {
	m := aboutConversation(v)
	sum := m.checksum()
	if p.About == sum {
		return nil
	}
	p.About = sum
	w.put(store.InConversations, p.Document(1), m.list)
	return w.SavePart(p)
}

// dropConversation takes all of a conversation out of the index.
func dropConversation(w *writer, id rapport.ConversationID) error {
	parts, err := w.Parts(id)
	if err != nil || len(parts) == 0 {
		return err
	}
	for i := range parts {
		p := &parts[i]
		for seq := p.First(); seq <= p.Indexed; seq++ {
			if err := w.drop(store.InMessages, p.Document(seq)); err != nil {
				return err
			}
		}
		if p.Part == 0 {
			if err := w.drop(store.InConversations, p.Document(1)); err != nil {
				return err
			}
		}
	}
	return w.DeleteParts(id)
}

// indexContact brings the index up to date with a customer. scope is that of
// one of their conversations: when they can be found by it and nothing else is
// known to have changed, there is nothing to do. "*" looks at everything.
func indexContact(w *writer, id rapport.ContactID, scope string) error {
	place, there, err := w.SearchCustomer(id)
	if err != nil {
		return err
	}
	if there && scope != "*" {
		missing := false
		for _, term := range strings.Fields(scope) {
			missing = missing || !containsTerm(place.Scope, term)
		}
		if !missing {
			return nil
		}
	}
	c, err := w.Contact(id)
	if rapport.KindOf(err) == rapport.NotFound && err != nil {
		return dropContact(w, id)
	}
	if err != nil {
		return err
	}
	if id == internal || c.MergedInto != "" || !c.ErasedAt.IsZero() {
		return dropContact(w, id)
	}
	place.ContactID = id
	scopes, err := w.ScopesOfContact(id)
	if err != nil {
		return err
	}
	all := newMarker()
	for _, s := range scopes {
		for _, term := range scopeOf(s) {
			all.add(term)
		}
	}
	place.Scope = strings.Join(all.list, " ")
	names := nameWords(c.Name)
	counted := strings.Fields(place.Words)
	place.Words = strings.Join(names, " ")
	m := aboutContact(&c, place.Scope)
	sum := m.checksum()
	if there && place.About == sum {
		return nil
	}
	place.About = sum
	if err := w.SaveSearchCustomer(&place); err != nil {
		return err
	}
	if err := w.CountWords(counted, -1, spellings); err != nil {
		return err
	}
	if err := w.CountWords(names, 1, spellings); err != nil {
		return err
	}
	w.put(store.InContacts, place.N, m.list)
	return nil
}

func containsTerm(list, term string) bool {
	return strings.Contains(" "+list+" ", " "+term+" ")
}

// dropContact takes a customer out of the index, and their name out of the
// words that typing errors are corrected by.
func dropContact(w *writer, id rapport.ContactID) error {
	place, there, err := w.SearchCustomer(id)
	if err != nil || !there {
		return err
	}
	if err := w.CountWords(strings.Fields(place.Words), -1, spellings); err != nil {
		return err
	}
	if err := w.drop(store.InContacts, place.N); err != nil {
		return err
	}
	return w.DeleteSearchCustomer(id)
}

// Kinds of what is indexed.
const (
	conversations = "conversation"
	contacts      = "contact"
)

// Reindex has conversations and customers indexed anew, soon. It is for DB.Index.
func Reindex(tx *store.Tx, conversationIDs []rapport.ConversationID, contactIDs []rapport.ContactID) error {
	for _, id := range conversationIDs {
		if err := tx.AddTodo(store.Todo{Kind: conversations, ID: string(id), Anew: true}); err != nil {
			return err
		}
	}
	for _, id := range contactIDs {
		if err := tx.AddTodo(store.Todo{Kind: contacts, ID: string(id), Anew: true}); err != nil {
			return err
		}
	}
	return nil
}

// Forget takes conversations and customers out of the index: afterwards nothing of
// them is found. What remains of them is indexed again, soon. It is for DB.Index.
func Forget(tx *store.Tx, conversationIDs []rapport.ConversationID, contactIDs []rapport.ContactID) error {
	w := newWriter(tx) // dropping writes at once
	for _, id := range conversationIDs {
		if err := dropConversation(w, id); err != nil {
			return err
		}
	}
	for _, id := range contactIDs {
		if err := dropContact(w, id); err != nil {
			return err
		}
	}
	return Reindex(tx, conversationIDs, contactIDs)
}
