package search

import (
	"strings"

	"rapport"
	"rapport/store"
)

// mostItems is how many items one step indexes.
const mostItems = 300

// indexConversation brings the index up to date with a conversation, as far as
// room for items lasts. done is false when there is more to do.
func indexConversation(tx *store.Tx, id rapport.ConversationID, room *int) (done bool, err error) {
	v, err := tx.Summary(id)
	if rapport.KindOf(err) == rapport.NotFound && err != nil {
		return true, dropConversation(tx, id)
	}
	if err != nil {
		return false, err
	}
	if v.MergedInto != "" { // its thread is found in the other one
		return true, dropConversation(tx, id)
	}
	parts, err := tx.Parts(id)
	if err != nil {
		return false, err
	}
	scope := scopeOfConversation(&v.Conversation)
	for i := range parts { // whom it can be found by has changed
		if p := &parts[i]; p.Scope != scope {
			if *room <= 0 {
				return false, nil
			}
			first := p.Part*store.PartSize + 1
			if err := indexItems(tx, p, scope, first, p.Indexed, room); err != nil {
				return false, err
			}
			p.Scope = scope
			if err := tx.SavePart(p); err != nil {
				return false, err
			}
		}
	}
	if len(parts) == 0 {
		p := store.Part{ConversationID: id, Scope: scope}
		if err := tx.InsertPart(&p, v.OpenedAt); err != nil {
			return false, err
		}
		parts = append(parts, p)
	}
	if err := describeConversation(tx, &v, &parts[0]); err != nil {
		return false, err
	}
	for last := &parts[len(parts)-1]; last.Indexed < v.LastSeq; {
		if *room <= 0 {
			return false, nil
		}
		if last.Indexed == (last.Part+1)*store.PartSize {
			next, err := tx.ItemsNumbered(id, last.Indexed+1, last.Indexed+store.PartSize)
			if err != nil {
				return false, err
			}
			if len(next) == 0 {
				break
			}
			p := store.Part{ConversationID: id, Part: last.Part + 1, Indexed: last.Indexed, Scope: scope}
			if err := tx.InsertPart(&p, next[0].At); err != nil {
				return false, err
			}
			parts = append(parts, p)
			last = &parts[len(parts)-1]
		}
		upTo := min(v.LastSeq, (last.Part+1)*store.PartSize)
		if err := indexItems(tx, last, scope, last.Indexed+1, upTo, room); err != nil {
			return false, err
		}
		last.Indexed = upTo
		if err := tx.SavePart(last); err != nil {
			return false, err
		}
	}
	if v.ContactID == internal {
		return true, nil
	}
	return true, indexContact(tx, v.ContactID, scope)
}

// indexItems writes the messages and notes from one number to another of a part.
func indexItems(tx *store.Tx, p *store.Part, scope string, from, to int, room *int) error {
	if to < from {
		return nil
	}
	items, err := tx.ItemsNumbered(p.ConversationID, from, to)
	if err != nil {
		return err
	}
	var docs []store.Document
	for i := range items {
		if v := &items[i]; v.Kind != rapport.ItemEvent && v.Seq >= from && v.Seq <= to {
			docs = append(docs, store.Document{N: p.Document(v.Seq), Terms: aboutMessage(v, scope)})
		}
	}
	*room -= len(items)
	return tx.PutDocuments(store.InMessages, docs...)
}

// describeConversation writes by what a conversation itself is found, unless it
// is in the index so already.
func describeConversation(tx *store.Tx, v *rapport.Summary, p *store.Part) error {
	m := aboutConversation(v)
	sum := m.checksum()
	if p.About == sum {
		return nil
	}
	p.About = sum
	if err := tx.PutDocuments(store.InConversations, store.Document{N: p.Document(1), Terms: m.list}); err != nil {
		return err
	}
	return tx.SavePart(p)
}

// dropConversation takes all of a conversation out of the index.
func dropConversation(tx *store.Tx, id rapport.ConversationID) error {
	parts, err := tx.Parts(id)
	if err != nil || len(parts) == 0 {
		return err
	}
	for i := range parts {
		p := &parts[i]
		for seq := p.Part*store.PartSize + 1; seq <= p.Indexed; seq++ {
			if err := tx.DropDocuments(store.InMessages, p.Document(seq)); err != nil {
				return err
			}
		}
		if p.Part == 0 {
			if err := tx.DropDocuments(store.InConversations, p.Document(1)); err != nil {
				return err
			}
		}
	}
	return tx.DeleteParts(id)
}

// indexContact brings the index up to date with a customer. scope is that of
// one of their conversations: when they can be found by it and nothing else is
// known to have changed, there is nothing to do. "*" looks at everything.
func indexContact(tx *store.Tx, id rapport.ContactID, scope string) error {
	place, there, err := tx.SearchCustomer(id)
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
	c, err := tx.Contact(id)
	if rapport.KindOf(err) == rapport.NotFound && err != nil {
		return dropContact(tx, id)
	}
	if err != nil {
		return err
	}
	if id == internal || c.MergedInto != "" || !c.ErasedAt.IsZero() {
		return dropContact(tx, id)
	}
	place.ContactID = id
	scopes, err := tx.ScopesOfContact(id)
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
	if err := tx.SaveSearchCustomer(&place); err != nil {
		return err
	}
	if err := tx.CountWords(counted, -1, spellings); err != nil {
		return err
	}
	if err := tx.CountWords(names, 1, spellings); err != nil {
		return err
	}
	return tx.PutDocuments(store.InContacts, store.Document{N: place.N, Terms: m.list})
}

func containsTerm(list, term string) bool {
	return strings.Contains(" "+list+" ", " "+term+" ")
}

// dropContact takes a customer out of the index, and their name out of the
// words that typing errors are corrected by.
func dropContact(tx *store.Tx, id rapport.ContactID) error {
	place, there, err := tx.SearchCustomer(id)
	if err != nil || !there {
		return err
	}
	if err := tx.CountWords(strings.Fields(place.Words), -1, spellings); err != nil {
		return err
	}
	if err := tx.DropDocuments(store.InContacts, place.N); err != nil {
		return err
	}
	return tx.DeleteSearchCustomer(id)
}

// Kinds of what is indexed.
const (
	conversations = "conversation"
	contacts      = "contact"
)

// Reindex has conversations and customers indexed anew, soon: for rules that
// change, move or remove messages without saying so in the log.
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

// Forget takes conversations and customers out of the index within the
// transaction that erases them: afterwards nothing of them is found. What
// remains of them is indexed again, soon.
func Forget(tx *store.Tx, conversationIDs []rapport.ConversationID, contactIDs []rapport.ContactID) error {
	for _, id := range conversationIDs {
		if err := dropConversation(tx, id); err != nil {
			return err
		}
	}
	for _, id := range contactIDs {
		if err := dropContact(tx, id); err != nil {
			return err
		}
	}
	return Reindex(tx, conversationIDs, contactIDs)
}
