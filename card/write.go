package card

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"rapport"
	"rapport/conversation"
	"rapport/lib/nested"
	"rapport/store"
)

// Change is what an agent wants in the other system.
type Change struct {
	Key  string            // the caller's own: the same again does nothing twice
	From map[string]string // what the agent saw, by the names of fields
	To   map[string]string
}

// patience is how long an attempt may be under way before the same may begin
// again: longer than any request.
const patience = 2 * time.Minute

// mostKey is how long the key of a change may be.
const mostKey = 100

// Write changes fields in the system that a card shows, and tells the thread.
// Where the source says something else than the agent saw, nothing is written.
func (d *Desk) Write(ctx context.Context, actor rapport.Actor, id rapport.ConversationID, card rapport.CardID, change Change) (Reading, error) {
	a, err := d.about(ctx, actor, id, card)
	if err != nil {
		return Reading{}, err
	}
	if err := conversation.MayChangeCards(actor, &a.summary); err != nil {
		return Reading{}, err
	}
	if err := valid(&a.card, &change); err != nil {
		return Reading{}, err
	}
	// From here on the work is finished even if the caller goes away: the source
	// may have done it, and the thread has to tell.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience-10*time.Second)
	defer cancel()
	attempt := store.CardWrite{Key: change.Key, CardID: card, ConversationID: id, AgentID: actor.AgentID, What: sumOf(&change)}
	again, err := d.begin(ctx, attempt)
	if err != nil {
		return Reading{}, err
	}
	if again.Done {
		return d.read(ctx, &a, time.Time{}), nil
	}
	reading, t := d.write(ctx, actor, &a, &change, !again.At.IsZero())
	if t != nil {
		if !t.unclear {
			err = d.DB.Update(ctx, func(tx *store.Tx) error { return tx.DropCardWrite(change.Key) })
		} else {
			err = d.DB.Update(ctx, func(tx *store.Tx) error { // may begin again at once
				attempt.At = tx.Now().Add(-patience)
				return tx.SaveCardWrite(attempt)
			})
		}
		if err != nil {
			return Reading{}, err
		}
		return Reading{}, refusal(t, reading)
	}
	return reading, d.told(ctx, actor, &a, attempt, &change)
}

// valid checks and trims a change.
func valid(c *rapport.Card, change *Change) error {
	change.Key = strings.TrimSpace(change.Key)
	if change.Key == "" || len(change.Key) > mostKey {
		return rapport.Invalidf("key", "A key of 1 to %d characters is needed; the same again does nothing twice.", mostKey)
	}
	if len(change.To) == 0 || len(change.To) > len(c.Fields) {
		return rapport.Invalidf("values", "Name the fields that change.")
	}
	for name, value := range change.To {
		f := c.Field(name)
		if f == nil || !f.Editable || c.Write == nil {
			return rapport.Invalidf("values."+name, "There is no field %q that can be changed in this card.", name)
		}
		fits, err := f.Value("values."+name, value)
		if err != nil {
			return err
		}
		change.To[name] = fits
	}
	return nil
}

func sumOf(change *Change) string {
	text, err := json.Marshal([]map[string]string{change.From, change.To})
	if err != nil {
		return "" // text always can
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}

// begin notes that a change is under way. again is the earlier attempt with the
// same key, done or to be made once more.
func (d *Desk) begin(ctx context.Context, attempt store.CardWrite) (again store.CardWrite, err error) {
	err = d.DB.Update(ctx, func(tx *store.Tx) error {
		again = store.CardWrite{}
		if err := tx.TrimCardWrites(tx.Now().Add(-24 * time.Hour)); err != nil {
			return err
		}
		earlier, found, err := tx.CardWrite(attempt.Key)
		if err != nil {
			return err
		}
		if found {
			if earlier.CardID != attempt.CardID || earlier.ConversationID != attempt.ConversationID || earlier.AgentID != attempt.AgentID || earlier.What != attempt.What {
				return rapport.Errorf(rapport.Conflict, "key_used", "Another change had the same key; use a new one.")
			}
			if again = earlier; earlier.Done {
				return nil
			}
			if earlier.At.After(tx.Now().Add(-patience)) {
				return rapport.Errorf(rapport.Conflict, "under_way", "This change is being written already; wait for it to end.")
			}
		}
		attempt.At = tx.Now()
		return tx.SaveCardWrite(attempt)
	})
	return again, err
}

// write compares with the source, and writes. once means that an earlier
// attempt may have succeeded without anybody knowing.
func (d *Desk) write(ctx context.Context, actor rapport.Actor, a *about, change *Change, once bool) (Reading, *trouble) {
	request, t := requestOf(&a.card, a.facts)
	if t != nil {
		return Reading{}, t
	}
	key := keyOf(&a.card, &request)
	headers, t := d.open(&a.card, a.sealed)
	if t != nil {
		return Reading{}, t
	}
	now, _ := d.ask(ctx, &a.card, a.sealed, request)
	d.keep(key, &a.card, now)
	if now.State != OK {
		return now, &trouble{state: now.State, reason: now.Reason}
	}
	same, there := true, true
	for name, to := range change.To {
		v := now.value(name)
		same = same && !v.Misfit && v.Value == change.From[name]
		there = there && v.Value == to
	}
	if there && once {
		return now, nil // the earlier attempt was taken
	}
	if !same {
		return now, &trouble{state: Changed}
	}
	if there {
		return now, &trouble{state: OK} // nothing to change
	}
	known := maps.Clone(a.facts)
	for _, v := range now.Values {
		known["card."+v.Name] = v.Value
	}
	to, err := address(a.card.Write.URL, known)
	if err != nil {
		return now, troubleOf(err)
	}
	body := map[string]any{}
	for name, value := range change.To {
		f := a.card.Field(name)
		nested.Put(body, f.Target, toJSON(f.Type, value))
	}
	text, err := json.Marshal(body)
	if err != nil {
		return now, &trouble{state: Misset}
	}
	match := now.etag
	if strings.HasPrefix(match, "W/") {
		match = "" // a weak tag matches nothing
	}
	_, t = d.send(ctx, &a.card, headers, asked{method: a.card.Write.Method, address: to, body: text, key: change.Key, match: match, agent: actor.AgentID})
	if t != nil && !(t.state == TooLong && t.unclear) { // an answer that nobody reads may be of any length
		return now, t
	}
	d.forget(key)
	after, _ := d.ask(ctx, &a.card, a.sealed, request)
	if after.State != OK { // it is written all the same
		after, after.Values = now, slices.Clone(now.Values)
		for i := range after.Values {
			if value, ok := change.To[after.Values[i].Name]; ok {
				after.Values[i].Value = value
			}
		}
		return after, nil
	}
	d.keep(key, &a.card, after)
	return after, nil
}

// told ends an attempt and lets the thread tell, once.
func (d *Desk) told(ctx context.Context, actor rapport.Actor, a *about, attempt store.CardWrite, change *Change) error {
	return d.DB.Update(ctx, func(tx *store.Tx) error {
		earlier, found, err := tx.CardWrite(attempt.Key)
		if err != nil || found && earlier.Done {
			return err
		}
		attempt.Done, attempt.At = true, tx.Now()
		if err := tx.SaveCardWrite(attempt); err != nil {
			return err
		}
		var changes []conversation.CardChange
		for _, f := range a.card.Fields {
			if to, ok := change.To[f.Name]; ok {
				changes = append(changes, conversation.CardChange{Field: f.Name, Label: f.Label, From: change.From[f.Name], To: to})
			}
		}
		_, err = conversation.CardChanged(tx, actor, a.summary.ID, &a.card, changes)
		return err
	})
}

// refusal is a trouble of writing as an error for the caller.
func refusal(t *trouble, now Reading) error {
	kind, code := rapport.Conflict, "card_"+string(t.state)
	message := t.sentence()
	switch t.state {
	case OK:
		return rapport.Invalidf("values", "Nothing would change: the other system says so already.")
	case Late, Unreachable, Failed:
		kind = rapport.Unavailable
		if t.unclear {
			message = "It is not known whether the other system has saved it: it did not answer as it should. Try again; it is not done twice."
		}
	case Rejected:
		if t.reason != "" {
			message = "The other system refuses it: " + t.reason
		}
	}
	err := rapport.Errorf(kind, code, "%s", message)
	if t.state == Changed && len(now.Values) > 0 {
		err.With("reading", now)
	}
	if t.reason != "" {
		err.With("reason", t.reason)
	}
	return err
}
