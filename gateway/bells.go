package gateway

import (
	"encoding/json"
	"sync"

	"rapport"
	"rapport/channel"
)

// bells are those of all visitors who watch. A visitor who has not written yet
// has no contact: their bell hangs at the point until a contact owns it.
//
// Locks are taken in the order bells, then whoever agentTypes calls, then
// listeners: typing comes from there.
type bells struct {
	agentTypes func(rapport.ContactID, func(string, bool)) (cancel func())

	mu        sync.Mutex
	strangers map[rapport.Point]map[*channel.Bell]bool
	contacts  map[rapport.ContactID]*listeners
	owners    map[*channel.Bell]rapport.ContactID
}

// listeners are the bells of one contact, who may have several windows open.
type listeners struct {
	cancel func() // of typing

	mu    sync.Mutex
	bells map[*channel.Bell]bool
}

func newBells(agentTypes func(rapport.ContactID, func(string, bool)) func()) *bells {
	if agentTypes == nil {
		agentTypes = func(rapport.ContactID, func(string, bool)) func() { return func() {} }
	}
	return &bells{
		agentTypes: agentTypes, strangers: map[rapport.Point]map[*channel.Bell]bool{},
		contacts: map[rapport.ContactID]*listeners{}, owners: map[*channel.Bell]rapport.ContactID{},
	}
}

// hang makes a bell for a visitor; owner is empty for a stranger.
func (b *bells) hang(p rapport.Point, owner rapport.ContactID) *channel.Bell {
	p.Shown = ""
	var bell *channel.Bell
	bell = channel.NewBell(func() { b.take(p, bell) })
	b.mu.Lock()
	defer b.mu.Unlock()
	if owner != "" {
		b.listen(owner, bell)
		return bell
	}
	if b.strangers[p] == nil {
		b.strangers[p] = map[*channel.Bell]bool{}
	}
	b.strangers[p][bell] = true
	return bell
}

// listen must be called with the lock held.
func (b *bells) listen(id rapport.ContactID, bell *channel.Bell) {
	l := b.contacts[id]
	if l == nil {
		l = &listeners{bells: map[*channel.Bell]bool{}}
		l.cancel = b.agentTypes(id, func(name string, on bool) {
			l.each(func(bell *channel.Bell) { bell.Type(channel.Typing{Name: name, On: on}) })
		})
		b.contacts[id] = l
	}
	b.owners[bell] = id
	l.mu.Lock()
	defer l.mu.Unlock()
	l.bells[bell] = true
}

// take removes a bell wherever it hangs by now.
func (b *bells) take(p rapport.Point, bell *channel.Bell) {
	b.mu.Lock()
	defer b.mu.Unlock()
	id, owned := b.owners[bell]
	if !owned {
		delete(b.strangers[p], bell)
		if len(b.strangers[p]) == 0 {
			delete(b.strangers, p)
		}
		return
	}
	delete(b.owners, bell)
	l := b.contacts[id]
	l.mu.Lock()
	delete(l.bells, bell)
	left := len(l.bells)
	l.mu.Unlock()
	if left == 0 {
		l.cancel()
		delete(b.contacts, id)
	}
}

// bind moves the bells of a stranger to the contact whom the point belongs to.
func (b *bells) bind(p rapport.Point, id rapport.ContactID) {
	p.Shown = ""
	b.mu.Lock()
	defer b.mu.Unlock()
	for bell := range b.strangers[p] {
		b.listen(id, bell)
	}
	delete(b.strangers, p)
}

// ring tells whoever an event is for.
func (b *bells) ring(e *rapport.Event) {
	if e.ContactID == "" {
		return
	}
	b.mu.Lock()
	strangers := len(b.strangers)
	b.mu.Unlock()
	if strangers > 0 && e.Kind == "conversation.opened" {
		var change rapport.Change
		if json.Unmarshal(e.Data, &change) == nil && change.Conversation != nil {
			b.bind(change.Conversation.Point, e.ContactID)
		}
	}
	b.mu.Lock()
	l := b.contacts[e.ContactID]
	b.mu.Unlock()
	if l != nil {
		l.each(func(bell *channel.Bell) { bell.Ring(e.Seq - 1) })
	}
}

func (l *listeners) each(do func(*channel.Bell)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for bell := range l.bells {
		do(bell)
	}
}
