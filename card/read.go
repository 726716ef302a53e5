package card

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"rapport"
	"rapport/conversation"
	"rapport/store"
)

// Face is a card as agents see it: nothing of its source but its values.
type Face struct {
	ID     rapport.CardID `json:"id"`
	Name   string         `json:"name"`
	Fields []FaceField    `json:"fields"`
	May    bool           `json:"may_change" doc:"The caller may change its editable fields."`
}

// FaceField describes a value of a card.
type FaceField struct {
	Name     string            `json:"name"`
	Label    string            `json:"label"`
	Type     rapport.FieldType `json:"type" enum:"text,number,date,url,yesno,choice"`
	Choices  []string          `json:"choices,omitempty"`
	Editable bool              `json:"editable"`
}

// Reading is what the source of a card says.
type Reading struct {
	State   State       `json:"state" enum:"ok,lacking,unknown,refused,late,unreachable,too_long,unreadable,denied,moved,failed,rejected,changed,misconfigured"`
	Message string      `json:"message,omitempty" doc:"What is wrong, and what to do."`
	Reason  string      `json:"reason,omitempty" doc:"What the source says about it, or the variable that has no value."`
	Values  []FaceValue `json:"values"`
	AsOf    time.Time   `json:"as_of" doc:"When the source was asked."`
	etag    string
}

func (r *Reading) value(name string) FaceValue {
	for _, v := range r.Values {
		if v.Name == name {
			return v
		}
	}
	return FaceValue{Name: name}
}

func readingOf(t *trouble) Reading {
	return Reading{State: t.state, Message: t.sentence(), Reason: t.reason, Values: []FaceValue{}, AsOf: time.Now().UTC()}
}

// held is a reading that need not be asked for again for a while.
type held struct {
	reading Reading
	until   time.Time
	size    int
}

const (
	mostHeld     = 2000
	mostHeldSize = 32 << 20
	leastBetween = 2 * time.Second  // a source is not asked more often for the same
	afterTrouble = 10 * time.Second // a source in trouble is left alone that long
)

// Of lists the cards of a conversation that the actor may see.
func Of(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID) ([]Face, error) {
	s, err := conversation.See(tx, actor, id)
	if err != nil {
		return nil, err
	}
	all, err := tx.Cards()
	list := []Face{}
	for _, c := range all {
		if !c.ShownIn(s.QueueID) {
			continue
		}
		v := Face{ID: c.ID, Name: c.Name, Fields: []FaceField{}, May: c.Write != nil && conversation.MayChangeCards(actor, &s) == nil}
		for _, f := range c.Fields {
			v.Fields = append(v.Fields, FaceField{f.Name, f.Label, f.Type, f.Choices, f.Editable})
		}
		list = append(list, v)
	}
	return list, err
}

// about is a card with what it is about.
type about struct {
	card    rapport.Card
	sealed  map[string]string
	summary rapport.Summary
	facts   facts
}

// about finds a card of a conversation that the actor may see.
func (d *Desk) about(ctx context.Context, actor rapport.Actor, id rapport.ConversationID, card rapport.CardID) (a about, err error) {
	err = d.DB.View(ctx, func(tx *store.Tx) (err error) {
		if a.summary, err = conversation.See(tx, actor, id); err != nil {
			return err
		}
		if a.card, a.sealed, err = tx.Card(card); err != nil {
			return err
		}
		if !a.card.ShownIn(a.summary.QueueID) {
			return rapport.Errorf(rapport.NotFound, "not_found", "There is no context card %q in this conversation.", card)
		}
		var c *rapport.Contact
		if !a.summary.Internal() {
			customer, err := tx.Contact(a.summary.ContactID)
			if err != nil {
				return err
			}
			c = &customer
		}
		a.facts = FactsOf(&a.summary, c)
		return nil
	})
	return a, err
}

// Read says what the source of a card says of a conversation or its customer;
// fresh asks it anew.
func (d *Desk) Read(ctx context.Context, actor rapport.Actor, id rapport.ConversationID, card rapport.CardID, fresh bool) (Reading, error) {
	a, err := d.about(ctx, actor, id, card)
	if err != nil {
		return Reading{}, err
	}
	least := time.Time{}
	if fresh {
		least = time.Now().Add(-leastBetween)
	}
	return d.read(ctx, &a, least), nil
}

// read answers from what is held, if it is not older than least, or asks.
func (d *Desk) read(ctx context.Context, a *about, least time.Time) Reading {
	request, t := requestOf(&a.card, a.facts)
	if t != nil {
		return readingOf(t)
	}
	key := keyOf(&a.card, &request)
	if r, ok := d.recall(key, least); ok {
		return r
	}
	// Who asks for the same waits for the same answer, also when the first goes away.
	r, _, _ := d.asking.Do(key, func() (any, error) {
		r, _ := d.ask(context.WithoutCancel(ctx), &a.card, a.sealed, request)
		d.keep(key, &a.card, r)
		return r, nil
	})
	return r.(Reading)
}

// requestOf is the request that reads a card.
func requestOf(c *rapport.Card, f facts) (asked, *trouble) {
	to, err := address(c.URL, f)
	if err != nil {
		return asked{}, troubleOf(err)
	}
	a := asked{method: c.Method, address: to}
	if c.Method == http.MethodPost {
		text, err := fill(c.Body, f, inText)
		if err != nil {
			return asked{}, troubleOf(err)
		}
		if text == "" {
			text = "{}"
		}
		a.body = []byte(text)
	}
	return a, nil
}

func troubleOf(err error) *trouble {
	if l, ok := errors.AsType[*lacking](err); ok {
		return &trouble{state: Lacking, reason: l.variable}
	}
	return &trouble{state: Misset, reason: err.Error()}
}

// keyOf names what is asked for: another version of the card asks for itself.
func keyOf(c *rapport.Card, a *asked) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{string(c.ID), strconv.Itoa(c.Version), a.method, a.address, string(a.body)}, "\x00")))
	return hex.EncodeToString(sum[:])
}

// ask asks the source; the answer is what it says word by word.
func (d *Desk) ask(ctx context.Context, c *rapport.Card, sealed map[string]string, a asked) (Reading, answered) {
	headers, t := d.open(c, sealed)
	if t != nil {
		return readingOf(t), answered{}
	}
	got, t := d.send(ctx, c, headers, a)
	if t != nil {
		return readingOf(t), answered{}
	}
	got.body = []byte(headers.without(string(got.body)))
	all, ok := decode(got.body)
	if !ok {
		return readingOf(&trouble{state: Unreadable}), got
	}
	return Reading{State: OK, Values: values(c, all), AsOf: time.Now().UTC(), etag: got.etag}, got
}

// recall finds what is held and still good.
func (d *Desk) recall(key string, least time.Time) (Reading, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	h, there := d.held[key]
	if !there {
		return Reading{}, false
	}
	if least.IsZero() {
		return h.reading, time.Now().Before(h.until)
	}
	return h.reading, h.reading.AsOf.After(least)
}

// keep holds a reading as long as the card says; a trouble for a moment.
func (d *Desk) keep(key string, c *rapport.Card, r Reading) {
	h := held{reading: r, until: r.AsOf.Add(time.Duration(c.CacheSeconds) * time.Second), size: len(key) + 200}
	if r.State != OK && r.State != Unknown {
		h.until = r.AsOf.Add(afterTrouble)
	}
	for _, v := range r.Values {
		h.size += len(v.Name) + len(v.Value) + 40
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.held, key)
	total := h.size
	for other, o := range d.held {
		if time.Now().After(o.until) && o.reading.AsOf.Before(time.Now().Add(-leastBetween)) {
			delete(d.held, other)
			continue
		}
		total += o.size
	}
	for other, o := range d.held { // any of them: the source can be asked again
		if len(d.held) < mostHeld && total <= mostHeldSize {
			break
		}
		delete(d.held, other)
		total -= o.size
	}
	d.held[key] = h
}

// forget lets go of a reading that no longer holds.
func (d *Desk) forget(key string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.held, key)
}
