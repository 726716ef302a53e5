package conversation

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"strconv"
	"time"

	"rapport"
	"rapport/job"
	"rapport/store"
)

// Asked is a turn of a bot that is under way: the customer wrote New, what does
// it say? Asked again, because nobody knows what became of it, it is the same.
type Asked struct {
	ID           string
	Bot          rapport.Bot
	Sealed       map[string]string // secrets of the bot
	Conversation rapport.Summary
	Contact      rapport.Contact
	New          []rapport.Item // messages of the customer
	Transcript   []rapport.Item // messages until then, these included
	Queues       []string       // names
	Since        time.Time      // when it was asked first
	Attempts     int            // this one included

	upTo int // the last message of New
}

// Bounds of what a bot is shown.
const (
	mostShown      = 60
	mostShownBytes = 48 << 10
)

// BeginTurn returns what the bot of a conversation is to be asked now; nil when
// there is nothing to ask. Where the bot is gone, humans take over.
func BeginTurn(tx *store.Tx, id rapport.ConversationID) (*Asked, error) {
	s, err := tx.Summary(id)
	if rapport.KindOf(err) == rapport.NotFound && err != nil {
		return nil, nil
	}
	if err != nil || s.BotID == "" || !s.State.Active() {
		return nil, err
	}
	b, sealed, err := tx.Bot(s.BotID)
	if err != nil && rapport.KindOf(err) != rapport.NotFound {
		return nil, err
	}
	if err != nil || !b.Enabled {
		return nil, retire(tx, s)
	}
	thread, err := tx.Messages(id, mostShown)
	if err != nil {
		return nil, err
	}
	p, found, err := tx.BotTurn(id)
	if err != nil {
		return nil, err
	}
	if !found || p.BotID != b.ID || !p.HeldSince.Equal(s.AssignedAt) {
		p = store.BotTurn{ConversationID: id, BotID: b.ID, HeldSince: s.AssignedAt, Seen: answered(thread)}
	}
	if p.Asked <= p.Seen {
		for _, m := range thread {
			if m.By == rapport.ByCustomer && m.Seq > p.Seen {
				p.Asked = m.Seq
			}
		}
		if p.Asked <= p.Seen {
			return nil, nil
		}
		p.AskedAt, p.Attempts = tx.Now(), 0
	}
	p.Attempts++
	if err := tx.SaveBotTurn(p); err != nil {
		return nil, err
	}
	a := &Asked{
		// The same messages are another turn when the bot gets the conversation again.
		ID:  fmt.Sprintf("turn_%s_%d_%s", id, p.Asked, strconv.FormatInt(p.HeldSince.UnixMilli(), 36)),
		Bot: b, Sealed: sealed, Conversation: s, Since: p.AskedAt, Attempts: p.Attempts, upTo: p.Asked,
	}
	size := 0
	for i := len(thread) - 1; i >= 0; i-- {
		m := thread[i]
		if m.Seq > p.Asked {
			continue
		}
		fresh := m.By == rapport.ByCustomer && m.Seq > p.Seen
		if size += len(m.Body); size > mostShownBytes && !fresh {
			break
		}
		a.Transcript = append([]rapport.Item{m}, a.Transcript...)
		if fresh {
			a.New = append([]rapport.Item{m}, a.New...)
		}
	}
	config, err := tx.Configuration()
	if err != nil {
		return nil, err
	}
	for _, q := range config.Queues {
		a.Queues = append(a.Queues, q.Name)
	}
	a.Contact, err = tx.Contact(s.ContactID)
	return a, err
}

// answered is the last message of ours by an agent or a bot: whoever gets the
// conversation speaks to what came after it.
func answered(thread []rapport.Item) (seq int) {
	for _, m := range thread {
		if m.By == rapport.ByAgent || m.By == rapport.ByBot {
			seq = m.Seq
		}
	}
	return seq
}

// Said is what a bot says and does.
type Said struct {
	Messages []Spoken
	Fields   map[string]string
	Tags     []string // to add
	Handoff  *rapport.Handoff
	End      bool
}

// hash tells one call from another: all that it says and asks for.
func (s Said) hash() (string, error) {
	text, err := json.Marshal(s) // maps are written in order
	sum := sha256.Sum256(text)
	return base64.RawURLEncoding.EncodeToString(sum[:16]), err
}

// Spoken is one message; Data may hold "buttons".
type Spoken struct {
	Text string
	Data map[string]any
}

// ours tells whether the turn still stands: the bot has the conversation as it
// had when it was asked, and nobody has settled the turn.
func (a *Asked) ours(tx *store.Tx) (s rapport.Summary, p store.BotTurn, ok bool, err error) {
	if s, err = tx.Summary(a.Conversation.ID); err != nil {
		return s, p, false, err
	}
	if s.BotID != a.Bot.ID || !s.AssignedAt.Equal(a.Conversation.AssignedAt) || !s.State.Active() {
		return s, p, false, nil
	}
	p, found, err := tx.BotTurn(s.ID)
	return s, p, found && p.Asked == a.upTo && p.Seen < a.upTo, err
}

// EndTurn keeps what a bot said and does what it asks for, once: false when
// somebody took the conversation meanwhile, or the turn was settled before.
func EndTurn(tx *store.Tx, a *Asked, said Said) (bool, error) {
	s, p, ok, err := a.ours(tx)
	if err != nil || !ok {
		return false, err
	}
	p.Seen = p.Asked
	if err := tx.SaveBotTurn(p); err != nil {
		return false, err
	}
	return true, act(tx, botActor(a.Bot), s, p, a.ID, said)
}

// FailTurn ends a turn without an answer: humans take over.
func FailTurn(tx *store.Tx, a *Asked, reason string) (bool, error) {
	_, _, ok, err := a.ours(tx)
	if err != nil || !ok {
		return false, err
	}
	_, err = BotFailed(tx, a.Conversation.ID, reason)
	return err == nil, err
}

// BotSpeaks keeps what a bot says by itself, outside of a turn. key is its own
// id of the call: a repeat does nothing and reports false, and another call under
// the same key is refused.
func BotSpeaks(tx *store.Tx, b rapport.Bot, id rapport.ConversationID, key string, said Said) (rapport.Item, bool, error) {
	there, found, err := tx.ItemByClient(id, spoken(key, 0))
	if err == nil && found && there.AuthorID == string(b.ID) {
		return there, false, sameCall(there, said)
	}
	if err != nil {
		return there, false, err
	}
	s, err := See(tx, botActor(b), id)
	if err != nil {
		return there, false, err
	}
	if !s.State.Active() {
		return there, false, isActive(&s)
	}
	if found { // of a bot that had the conversation before
		return there, false, errKeyReused
	}
	p, _, err := tx.BotTurn(id)
	if err != nil {
		return there, false, err
	}
	if p.Asked > p.Seen {
		p.Seen = p.Asked // it speaks to the turn that it is being asked
	}
	if err := act(tx, botActor(b), s, p, key, said); err != nil {
		return there, false, err
	}
	there, _, err = tx.ItemByClient(id, spoken(key, 0))
	return there, true, err
}

var errKeyReused = rapport.Errorf(rapport.Conflict, "key_reused", "This key was used for something else; use a new key for each call.")

// callHash is where the first item of a bot's call keeps what the whole call was.
const callHash = "call_hash"

// sameCall refuses what is not the call that an item came of. Items from before
// there was a hash are known by their text.
func sameCall(there rapport.Item, said Said) error {
	call, err := said.hash()
	if err != nil {
		return err
	}
	was, kept := there.Data[callHash].(string)
	if kept && was != call || !kept && len(said.Messages) > 0 && said.Messages[0].Text != there.Body {
		return errKeyReused
	}
	return nil
}

func botActor(b rapport.Bot) rapport.Actor {
	return rapport.Actor{Kind: rapport.ActorBot, BotID: b.ID, Name: b.Name}
}

func spoken(key string, n int) string { return "bot:" + key + ":" + strconv.Itoa(n) }

// spokenAs is a bot's own id of an item; the first one of a call keeps what the
// whole call was.
type spokenAs struct{ id, call string }

func (as spokenAs) with(data map[string]any) map[string]any {
	if as.call == "" {
		return data
	}
	all := map[string]any{callHash: as.call}
	maps.Copy(all, data)
	return all
}

// act does what a bot says, in this order: messages, notes, and the end of its part.
func act(tx *store.Tx, actor rapport.Actor, s rapport.Summary, p store.BotTurn, key string, said Said) error {
	next, more, err := tx.CustomerWroteAfter(s.ID, p.Seen)
	if err != nil {
		return err
	}
	var owed time.Time
	if more {
		owed = next.At
	}
	call, err := said.hash()
	if err != nil {
		return err
	}
	voice := Voice{By: rapport.ByBot, ID: string(actor.BotID), Name: actor.Name}
	for i, m := range said.Messages {
		as := spokenAs{spoken(key, i), call}
		if _, _, err := say(tx, &s, voice, m.Text, as.with(m.Data), as.id, owed); err != nil {
			return err
		}
		call = ""
	}
	noted := spokenAs{}
	if len(said.Messages) == 0 && said.Handoff == nil { // the first line of the notes is that of the call
		noted = spokenAs{spoken(key, 0), call}
	}
	if len(said.Fields) > 0 {
		now, err := setFields(tx, actor, s.ID, said.Fields, noted)
		if err != nil {
			return err
		}
		if now.LastSeq > s.LastSeq {
			noted = spokenAs{}
		}
	}
	if len(said.Tags) > 0 {
		now, err := seeToDescribe(tx, actor, s.ID)
		if err != nil {
			return err
		}
		if _, err := tag(tx, actor, now, said.Tags, nil, noted); err != nil {
			return err
		}
	}
	switch {
	case said.Handoff != nil:
		if err := said.Handoff.Validate(); err != nil {
			return err
		}
		if s, err = tx.Summary(s.ID); err != nil {
			return err
		}
		_, err := handOff(tx, actor, s, *said.Handoff, spokenAs{spoken(key, len(said.Messages)), call})
		return err
	case more: // what came meanwhile is a turn of its own, and no end
		return wakeBot(tx, s.ID)
	case said.End:
		return endByBot(tx, actor, s.ID)
	}
	return nil
}

// endByBot solves a conversation because its bot says that all is settled.
func endByBot(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID) error {
	s, err := tx.Summary(id)
	if err != nil {
		return err
	}
	before := s.Conversation
	s.State, s.SolvedAt, s.EndedBy = rapport.Solved, tx.Now(), rapport.EndedByBot
	s.Waiting, s.Transfer, s.AwaitsSince, s.SilentSince, s.WarnedAt = nil, nil, time.Time{}, time.Time{}, time.Time{}
	line := rapport.Item{Kind: rapport.ItemEvent, By: rapport.ByBot, AuthorID: string(actor.BotID), AuthorName: actor.Name, Event: "state",
		Body: actor.Name + " solved it", Data: map[string]any{"from": before.State, "to": rapport.Solved}}
	return tx.Record(&s, before, "conversation.state", line)
}

// RetireBot is the kind of the job that hands off what a bot holds that was
// switched off or removed.
const RetireBot = "retire_bot"

// Retired are the arguments of that job.
type Retired struct {
	BotID rapport.BotID `json:"bot"`
}

// BotGone makes humans take over what a bot holds that was switched off or removed.
func BotGone(tx *store.Tx, id rapport.BotID) error {
	return job.Enqueue(tx, job.Job{Kind: RetireBot, Key: string(id), Args: Retired{id}})
}

// Retire hands a conversation to humans, if its bot is gone.
func Retire(tx *store.Tx, id rapport.ConversationID) error {
	s, err := tx.Summary(id)
	if err != nil || s.BotID == "" {
		return err
	}
	if b, err := bot(tx, s.BotID); err != nil || b != nil {
		return err
	}
	return retire(tx, s)
}

func retire(tx *store.Tx, s rapport.Summary) error {
	_, err := handOff(tx, rapport.System, s, rapport.Handoff{Reason: "the bot was switched off"}, spokenAs{})
	return err
}
