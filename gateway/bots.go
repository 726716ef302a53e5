package gateway

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"rapport"
	"rapport/conversation"
	"rapport/handoff"
	"rapport/job"
	"rapport/store"
)

const (
	// askWithin is the longest that one attempt at a turn may take; shorter than
	// a job's lease, so that nobody else asks meanwhile.
	askWithin = 90 * time.Second
	// mostAttempts is how often a turn is asked, if its time allows.
	mostAttempts = 5
)

// turn asks a bot for its next words and does what it answers. What the bot
// cannot do, humans do: the job fails only when the database does.
func (g *Gateway) turn(ctx context.Context, t job.Task) error {
	var v conversation.Turn
	if err := t.Decode(&v); err != nil {
		return &job.Never{Err: err}
	}
	asked, err := g.ask(ctx, v.ConversationID)
	if err != nil || asked == nil {
		return err
	}
	taker, info, err := g.taker(asked)
	if err != nil {
		return g.handOver(ctx, asked, err)
	}
	due := asked.Since.Add(time.Duration(asked.Bot.TimeoutSeconds) * time.Second)
	if !g.budgets.allow(asked.Bot.ID) {
		return g.handOver(ctx, asked, handoff.Temporary(nil, "It failed too often."))
	}
	answer, err := g.hear(ctx, taker, asked, min(time.Until(due), askWithin))
	if ctx.Err() != nil {
		return ctx.Err() // we stop; the turn is asked again
	}
	if err == nil && answer.Empty() && !info.Caps.Later {
		err = handoff.Permanent(nil, "The bot answered nothing.")
	}
	if err == nil {
		if invalid := answer.Validate(); invalid != nil {
			err = handoff.Permanent(invalid, "The bot's answer makes no sense.")
		}
	}
	if err != nil {
		g.budgets.failed(asked.Bot.ID)
		return g.askLater(ctx, asked, due, err)
	}
	g.budgets.worked(asked.Bot.ID)
	return g.keep(ctx, asked, answer)
}

// ask begins a turn. For kinds of bots that are not asked it only sees to it
// that something inside Rapport speaks for them.
func (g *Gateway) ask(ctx context.Context, id rapport.ConversationID) (asked *conversation.Asked, err error) {
	err = g.DB.Update(ctx, func(tx *store.Tx) error {
		asked = nil
		s, err := tx.Summary(id)
		if err != nil {
			return ignoreMissing(err)
		}
		config, err := tx.Configuration()
		if err != nil {
			return err
		}
		if b := config.Bots[s.BotID]; b != nil && b.Enabled && !takesTurns(b.Kind) {
			workflow, _ := b.Options[handoff.WorkflowOption].(string)
			runs, err := tx.FlowRuns(rapport.WorkflowID(workflow))
			if err == nil && !runs {
				_, err = conversation.BotFailed(tx, id, "Its workflow is missing, not published, or switched off.")
			}
			return err
		}
		asked, err = conversation.BeginTurn(tx, id)
		return err
	})
	return asked, err
}

func takesTurns(kind string) bool {
	info, err := handoff.Lookup(kind)
	return err != nil || info.Caps.Turns // one that nobody knows fails when it is opened
}

func ignoreMissing(err error) error {
	if rapport.KindOf(err) == rapport.NotFound {
		return nil
	}
	return err
}

// taker opens the bot of a turn.
func (g *Gateway) taker(asked *conversation.Asked) (handoff.Taker, handoff.Info, error) {
	bot, info, err := g.openBot(asked.Bot, asked.Sealed)
	if err != nil {
		return nil, info, handoff.Permanent(err, "It is not set up correctly.")
	}
	taker, ok := bot.(handoff.Taker)
	if !ok {
		return nil, info, handoff.Permanent(nil, "It cannot answer customers.")
	}
	return taker, info, nil
}

// openBot makes a bot from its row.
func (g *Gateway) openBot(b rapport.Bot, sealed map[string]string) (handoff.Bot, handoff.Info, error) {
	info, err := handoff.Lookup(b.Kind)
	if err != nil {
		return nil, info, err
	}
	raw := map[string]any{}
	for _, o := range info.Options { // what an older version knew is left behind
		if value, there := b.Options[o.Name]; there {
			raw[o.Name] = value
		}
		if text, there := sealed[o.Name]; there {
			secret, err := g.Box.Open(text, string(b.ID))
			if err != nil {
				return nil, info, err
			}
			raw[o.Name] = secret
		}
	}
	values, err := info.Decode(raw)
	if err != nil {
		return nil, info, err
	}
	client := g.Bots
	if client == nil {
		client = g.Client
	}
	bot, err := handoff.Open(b.Kind, handoff.Setup{ID: b.ID, Name: b.Name, Values: values, Client: client, Log: g.Log})
	return bot, info, err
}

// hear asks, and shows that the bot is writing while it does.
func (g *Gateway) hear(ctx context.Context, taker handoff.Taker, asked *conversation.Asked, within time.Duration) (handoff.Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	t := turnOf(asked)
	typing := g.types(ctx, asked)
	defer typing.stop()
	t.Hear = typing.hear
	return taker.Turn(ctx, t)
}

// turnOf writes a turn as the contract has it: no addresses, nothing secret.
func turnOf(asked *conversation.Asked) handoff.Turn {
	s := &asked.Conversation
	t := handoff.Turn{
		ID: asked.ID, Queues: asked.Queues,
		Conversation: handoff.Conversation{ID: s.ID, Inbox: s.InboxName, Channel: s.Channel, Queue: s.QueueName, OpenedAt: s.OpenedAt, Tags: s.Tags, Fields: s.Fields},
		Contact:      handoff.Contact{ID: asked.Contact.ID, Name: asked.Contact.Name, Known: asked.Contact.Known, Fields: asked.Contact.Fields},
		Messages:     Messages(asked.New), Transcript: Messages(asked.Transcript),
	}
	if t.Conversation.Tags == nil {
		t.Conversation.Tags = []string{}
	}
	if t.Conversation.Fields == nil {
		t.Conversation.Fields = map[string]string{}
	}
	if t.Contact.Fields == nil {
		t.Contact.Fields = map[string]string{}
	}
	return t
}

// Messages are items as bots see them.
func Messages(items []rapport.Item) []handoff.Message {
	list := make([]handoff.Message, 0, len(items))
	for _, i := range items {
		if i.Body == "" { // a picture or a place: what it is called
			i.Body = i.Content.Preview("")
		}
		list = append(list, handoff.Message{Seq: i.Seq, By: i.By, Name: i.AuthorName, Body: i.Body, At: i.At})
	}
	return list
}

// askLater tries a failed turn again while that makes sense; then humans take over.
func (g *Gateway) askLater(ctx context.Context, asked *conversation.Asked, due time.Time, err error) error {
	failure := handoff.FailureOf(err)
	wait := max(failure.Wait, time.Second<<min(asked.Attempts-1, 4))
	if failure.Class == handoff.ClassTemporary && asked.Attempts < mostAttempts && time.Now().Add(wait).Before(due) {
		return &job.Later{After: wait, Err: err}
	}
	return g.handOver(ctx, asked, err)
}

// handOver makes humans take over because of a failure.
func (g *Gateway) handOver(ctx context.Context, asked *conversation.Asked, err error) error {
	failure := handoff.FailureOf(err)
	g.Log.Warn("a bot does not work; humans take over", "conversation", asked.Conversation.ID, "bot", asked.Bot.ID, "class", failure.Class, "error", err)
	return g.DB.Update(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		_, err := conversation.FailTurn(tx, asked, failure.Message)
		return err
	})
}

// keep does what a bot answered. An answer that cannot be carried out is a
// failure like others.
func (g *Gateway) keep(ctx context.Context, asked *conversation.Asked, answer handoff.Answer) error {
	kept := false
	err := g.DB.Update(context.WithoutCancel(ctx), func(tx *store.Tx) error {
		said, err := Said(tx, answer)
		if err != nil {
			return err
		}
		kept, err = conversation.EndTurn(tx, asked, said)
		return err
	})
	switch rapport.KindOf(err) {
	case rapport.Invalid, rapport.NotFound, rapport.Conflict:
		if err != nil && rapport.CodeOf(err) != "changed_meanwhile" {
			return g.handOver(ctx, asked, handoff.Permanent(err, "Its answer could not be carried out."))
		}
	}
	if err == nil && !kept {
		g.Log.Debug("a bot answered what was not its to answer any more", "conversation", asked.Conversation.ID, "bot", asked.Bot.ID)
	}
	return err
}

// turnGaveUp hands off what could not be asked about for a very long time.
func (g *Gateway) turnGaveUp(ctx context.Context, t job.Task) error {
	var v conversation.Turn
	if err := t.Decode(&v); err != nil {
		return err
	}
	return g.DB.Update(ctx, func(tx *store.Tx) error {
		_, err := conversation.BotFailed(tx, v.ConversationID, "The bot could not be asked.")
		return err
	})
}

// Said writes an answer in the words of the rules.
func Said(tx *store.Tx, a handoff.Answer) (said conversation.Said, err error) {
	said = conversation.Said{Fields: a.Fields, Tags: a.Tags, End: a.End}
	for _, m := range a.Messages {
		said.Messages = append(said.Messages, conversation.Spoken{Text: m.Text, Data: m.Data()})
	}
	if a.Handoff == nil {
		return said, nil
	}
	h, err := Named(tx, *a.Handoff)
	var refusal *rapport.Error
	if errors.As(err, &refusal) && refusal.Kind == rapport.Invalid {
		// A bot's slip must not keep the customer from humans.
		unnamed := *a.Handoff
		unnamed.Agent, unnamed.Queue = "", ""
		if h, err = Named(tx, unnamed); err == nil && len(h.Reason)+len(refusal.Message) < 1000 {
			h.Reason = fmt.Sprintf("%s (%s)", h.Reason, refusal.Message)
		}
	}
	said.Handoff = &h
	return said, err
}

// Named turns the names in a hand-off into ids; unknown ones are refused.
func Named(tx *store.Tx, h handoff.Handoff) (rapport.Handoff, error) {
	got := rapport.Handoff{LastAgent: h.LastAgent, Reason: h.Reason, Summary: h.Summary, Fields: h.Fields}
	var in conversation.Inbound
	err := resolve(tx, wishOf(h), &in)
	var refusal *rapport.Error
	if errors.As(err, &refusal) {
		named := *refusal
		if named.Field = "queue"; h.Agent != "" {
			named.Field = "agent"
		}
		return got, &named
	}
	got.AgentID, got.QueueID = in.Wish.AgentID, in.Wish.QueueID
	return got, err
}

// mostRetired is how many conversations are handed off before the job looks again.
const mostRetired = 200

// retireBot hands off what a bot holds that was switched off or removed.
func (g *Gateway) retireBot(ctx context.Context, t job.Task) error {
	var v conversation.Retired
	if err := t.Decode(&v); err != nil {
		return &job.Never{Err: err}
	}
	for ctx.Err() == nil {
		var ids []rapport.ConversationID
		gone := false
		err := g.DB.View(ctx, func(tx *store.Tx) error {
			b, _, err := tx.Bot(v.BotID)
			if gone = err != nil && rapport.KindOf(err) == rapport.NotFound || err == nil && !b.Enabled; !gone {
				return err
			}
			ids, err = tx.HeldByBotIDs(v.BotID, mostRetired)
			return err
		})
		if err != nil || len(ids) == 0 {
			return err
		}
		for _, id := range ids {
			if err := g.DB.Update(ctx, func(tx *store.Tx) error { return conversation.Retire(tx, id) }); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// budgets are how much failure of each bot is borne: after mostFailures in a
// row it is not asked for a pause, and humans take over at once.
type budgets struct {
	mu   sync.Mutex
	bots map[rapport.BotID]budget
}

type budget struct {
	failures int
	until    time.Time
}

const (
	mostFailures = 8
	budgetPause  = 30 * time.Second
)

func (b *budgets) allow(id rapport.BotID) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return !time.Now().Before(b.bots[id].until)
}

func (b *budgets) worked(id rapport.BotID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.bots, id)
}

func (b *budgets) failed(id rapport.BotID) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.bots == nil {
		b.bots = map[rapport.BotID]budget{}
	}
	v := b.bots[id]
	if v.failures++; v.failures >= mostFailures {
		v.until = time.Now().Add(budgetPause) // then one failure more is enough
	}
	b.bots[id] = v
}
