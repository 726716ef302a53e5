package api

import (
	"context"
	"maps"
	"slices"

	"rapport"
	"rapport/conversation"
	"rapport/handoff"
	"rapport/lib/option"
	"rapport/lib/secretbox"
	"rapport/routing"
	"rapport/store"
)

// botKind is handoff.Info; names in the OpenAPI document must differ from those
// of channels.
type botKind struct {
	Kind    string          `json:"kind" doc:"Word for programs, e.g. webhook."`
	Name    string          `json:"name" doc:"Name for people, e.g. Webhook."`
	Help    string          `json:"help" doc:"One or two sentences: what it is for and what it needs."`
	Caps    botCaps         `json:"caps"`
	Options []option.Option `json:"options"`
}

type botCaps handoff.Caps

type botKindList struct {
	Items []botKind `json:"items"`
}

func (s *server) listBotKinds(context.Context, *noInput) (*reply[botKindList], error) {
	got := botKindList{Items: []botKind{}}
	for _, i := range handoff.Kinds() {
		got.Items = append(got.Items, botKind{i.Kind, i.Name, i.Help, botCaps(i.Caps), i.Options})
	}
	return &reply[botKindList]{got}, nil
}

type botList struct {
	Items []rapport.Bot `json:"items"`
}

func (s *server) listBots(ctx context.Context, _ *noInput) (*reply[botList], error) {
	got := botList{Items: []rapport.Bot{}}
	err := s.DB.View(ctx, func(tx *store.Tx) error {
		bots, err := tx.Bots()
		if err != nil {
			return err
		}
		for _, b := range bots {
			b, sealed, err := tx.Bot(b.ID)
			if err != nil {
				return err
			}
			if b = shownBot(b, sealed); !actorOf(ctx).Administers() { // instructions and addresses are theirs
				b.Options = map[string]any{}
			}
			got.Items = append(got.Items, b)
		}
		return nil
	})
	return ok(got, err)
}

func shownBot(b rapport.Bot, sealed map[string]string) rapport.Bot {
	options := map[string]any{}
	maps.Copy(options, b.Options)
	for name := range sealed {
		options[name] = hidden
	}
	b.Options = options
	return b
}

type botInput struct {
	Body struct {
		Kind           string           `json:"kind"`
		Name           string           `json:"name"`
		Enabled        *bool            `json:"enabled,omitempty"`
		Options        map[string]any   `json:"options,omitempty"`
		TimeoutSeconds *int             `json:"timeout_seconds,omitempty" doc:"30 unless it says otherwise."`
		HandoffQueue   *rapport.QueueID `json:"handoff_queue,omitempty"`
		Apology        *string          `json:"apology,omitempty"`
	}
}

type createdBot struct {
	Bot     rapport.Bot       `json:"bot"`
	Secrets map[string]string `json:"secrets" doc:"Secrets that were made up, shown this once."`
}

func (s *server) createBot(ctx context.Context, in *botInput) (*reply[createdBot], error) {
	info, err := handoff.Lookup(in.Body.Kind)
	if err != nil {
		return nil, err
	}
	raw := map[string]any{}
	maps.Copy(raw, in.Body.Options)
	made := generate(info.Options, raw)
	values, err := info.Accept(raw, nil)
	if err != nil {
		return nil, err
	}
	var got createdBot
	err = s.DB.Update(ctx, func(tx *store.Tx) error {
		b := rapport.Bot{ID: rapport.NewID[rapport.BotID](), Kind: info.Kind, Name: in.Body.Name, Enabled: true, Options: values.Open(), CreatedAt: tx.Now()}
		b.TimeoutSeconds = 30
		set(&b.Enabled, in.Body.Enabled)
		set(&b.TimeoutSeconds, in.Body.TimeoutSeconds)
		set(&b.HandoffQueue, in.Body.HandoffQueue)
		set(&b.Apology, in.Body.Apology)
		sealed := s.sealFor(string(b.ID), values)
		if err := saveBot(tx, &b, sealed); err != nil {
			return err
		}
		got = createdBot{Bot: shownBot(b, sealed), Secrets: made}
		return tx.Audit(actorOf(ctx), "bot.created", b.Name, b.Kind)
	})
	return ok(got, err)
}

// generate makes up the secrets that are not given, into raw, and returns them.
func generate(options []option.Option, raw map[string]any) map[string]string {
	made := map[string]string{}
	for _, o := range options {
		if text, given := raw[o.Name].(string); o.Generated() && (!given || text == "") {
			made[o.Name] = o.Generate().Reveal()
			raw[o.Name] = made[o.Name]
		}
	}
	return made
}

// sealFor closes secrets; purpose is what they are opened with.
func (s *server) sealFor(purpose string, values option.Values) map[string]string {
	sealed := map[string]string{}
	for name, secret := range values.Secrets() {
		sealed[name] = s.Box.Seal(secret, purpose)
	}
	return sealed
}

// mergeOptions lays changed options over stored ones, whose secrets it opens. was
// are those without the changes.
func (s *server) mergeOptions(options []option.Option, purpose string, stored map[string]any, sealed map[string]string, change map[string]any) (raw, was map[string]any, err error) {
	raw = map[string]any{}
	for _, o := range options { // what an older version knew is left behind
		if value, there := stored[o.Name]; there {
			raw[o.Name] = value
		}
		text, there := sealed[o.Name]
		if _, replaced := change[o.Name].(string); !there || replaced && change[o.Name] != hidden {
			continue
		}
		secret, err := s.Box.Open(text, purpose)
		if err != nil {
			return nil, nil, &rapport.Error{Kind: rapport.Conflict, Code: "secret_broken", Field: "options." + o.Name, Message: "The secret " + o.Label + " cannot be opened with the key of this server; make a new one.", Cause: err}
		}
		raw[o.Name] = secret
	}
	was = maps.Clone(raw)
	for name, value := range change {
		if value == any(hidden) && slices.ContainsFunc(options, func(o option.Option) bool { return o.Name == name && o.Secret }) {
			continue
		}
		raw[name] = value
	}
	return raw, was, nil
}

func saveBot(tx *store.Tx, b *rapport.Bot, sealed map[string]string) error {
	if err := b.Validate(); err != nil {
		return err
	}
	if b.HandoffQueue != "" {
		if _, err := tx.Queue(b.HandoffQueue); err != nil {
			return rapport.Invalidf("handoff_queue", "There is no queue %q.", b.HandoffQueue)
		}
	}
	if err := tx.SaveBot(*b, sealed); err != nil {
		return err
	}
	if err := routing.Retime(tx, store.Timed{Bot: b.ID}); err != nil {
		return err
	}
	told := *b
	told.Options = map[string]any{} // colleagues hear of it, too
	return tx.Append(rapport.Event{Kind: "bot.changed"}, rapport.Change{Bot: &told})
}

type botChange struct {
	ID   rapport.BotID `path:"id"`
	Body struct {
		Name           *string          `json:"name,omitempty"`
		Enabled        *bool            `json:"enabled,omitempty"`
		Options        map[string]any   `json:"options,omitempty" doc:"Those that change; null takes the default. A secret that is *** stays."`
		TimeoutSeconds *int             `json:"timeout_seconds,omitempty"`
		HandoffQueue   *rapport.QueueID `json:"handoff_queue,omitempty" doc:"Empty keeps the conversation's queue."`
		Apology        *string          `json:"apology,omitempty"`
	}
}

func (s *server) changeBot(ctx context.Context, in *botChange) (*reply[rapport.Bot], error) {
	var got rapport.Bot
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		b, sealed, err := tx.Bot(in.ID)
		if err != nil {
			return err
		}
		was := b
		set(&b.Name, in.Body.Name)
		set(&b.Enabled, in.Body.Enabled)
		set(&b.TimeoutSeconds, in.Body.TimeoutSeconds)
		set(&b.HandoffQueue, in.Body.HandoffQueue)
		set(&b.Apology, in.Body.Apology)
		if in.Body.Options != nil {
			info, err := handoff.Lookup(b.Kind)
			if err != nil {
				return err
			}
			raw, was, err := s.mergeOptions(info.Options, string(b.ID), b.Options, sealed, in.Body.Options)
			if err != nil {
				return err
			}
			values, err := info.Accept(raw, was)
			if err != nil {
				return err
			}
			b.Options, sealed = values.Open(), s.sealFor(string(b.ID), values)
		}
		if err := saveBot(tx, &b, sealed); err != nil {
			return err
		}
		if was.Enabled && !b.Enabled {
			if err := conversation.BotGone(tx, b.ID); err != nil {
				return err
			}
		}
		got = shownBot(b, sealed)
		return tx.Audit(actorOf(ctx), "bot.changed", b.Name, differences(was, b))
	})
	return ok(got, err)
}

type botInputID struct {
	ID rapport.BotID `path:"id"`
}

func (s *server) deleteBot(ctx context.Context, in *botInputID) (*nothing, error) {
	return &nothing{}, s.DB.Update(ctx, func(tx *store.Tx) error {
		b, _, err := tx.Bot(in.ID)
		if err != nil {
			return err
		}
		config, err := tx.Configuration()
		if err != nil {
			return err
		}
		for _, i := range config.Inboxes {
			if i.BotID == b.ID {
				return rapport.Errorf(rapport.Conflict, "bot_in_use", "The bot %s answers first in the inbox %s; choose another there first.", b.Name, i.Name)
			}
		}
		if config.Settings.Assist.BotID == b.ID {
			return rapport.Errorf(rapport.Conflict, "bot_in_use", "The bot %s helps agents to write; choose another in the settings first.", b.Name)
		}
		if err := tx.DeleteBot(in.ID); err != nil {
			return err
		}
		if err := conversation.BotGone(tx, b.ID); err != nil {
			return err
		}
		b.Enabled, b.Options = false, map[string]any{}
		if err := tx.Append(rapport.Event{Kind: "bot.deleted"}, rapport.Change{Bot: &b}); err != nil {
			return err
		}
		return tx.Audit(actorOf(ctx), "bot.deleted", b.Name, b.Kind)
	})
}

type botSecretInput struct {
	ID   rapport.BotID `path:"id"`
	Name string        `path:"name"`
}

func (s *server) rotateBotSecret(ctx context.Context, in *botSecretInput) (*reply[secretValue], error) {
	var secret secretbox.Secret
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		b, sealed, err := tx.Bot(in.ID)
		if err != nil {
			return err
		}
		info, err := handoff.Lookup(b.Kind)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(info.Options, func(o handoff.Option) bool { return o.Name == in.Name && o.Generated() })
		if at < 0 {
			return rapport.Errorf(rapport.NotFound, "not_found", "The bot kind %s makes up no secret %q.", info.Name, in.Name)
		}
		secret = info.Options[at].Generate()
		if sealed == nil {
			sealed = map[string]string{}
		}
		sealed[in.Name] = s.Box.Seal(secret, string(b.ID))
		if err := saveBot(tx, &b, sealed); err != nil {
			return err
		}
		return tx.Audit(actorOf(ctx), "bot.secret_rotated", b.Name, in.Name)
	})
	return ok(secretValue{secret.Reveal()}, err)
}

type tryInput struct {
	ID   rapport.BotID `path:"id"`
	Body struct {
		Text string `json:"text"`
	}
}

type tried struct {
	Messages []handoff.Say     `json:"messages"`
	Fields   map[string]string `json:"fields"`
	Tags     []string          `json:"tags"`
	Handoff  *triedHandoff     `json:"handoff,omitempty" doc:"It wants to hand off."`
	End      bool              `json:"end" doc:"It considers the matter settled."`
}

type triedHandoff handoff.Handoff

func (s *server) tryBot(ctx context.Context, in *tryInput) (*reply[tried], error) {
	text, err := rapport.ValidBody("text", in.Body.Text)
	if err != nil {
		return nil, err
	}
	t := handoff.Turn{ID: "try_" + rapport.NewID[string](), Queues: []string{}}
	err = s.DB.View(ctx, func(tx *store.Tx) error {
		config, err := tx.Configuration()
		if err != nil {
			return err
		}
		for _, q := range config.Queues {
			t.Queues = append(t.Queues, q.Name)
		}
		t.Messages = []handoff.Message{{Seq: 1, By: rapport.ByCustomer, Name: "Test", Body: text, At: tx.Now()}}
		t.Transcript = t.Messages
		t.Conversation = handoff.Conversation{Inbox: "Test", OpenedAt: tx.Now(), Tags: []string{}, Fields: map[string]string{}}
		t.Contact = handoff.Contact{Name: "Test", Fields: map[string]string{}}
		return nil
	})
	if err != nil {
		return nil, err
	}
	a, err := s.Bots.TryBot(ctx, in.ID, t)
	got := tried{Messages: a.Messages, Fields: a.Fields, Tags: a.Tags, Handoff: (*triedHandoff)(a.Handoff), End: a.End}
	if got.Messages == nil {
		got.Messages = []handoff.Say{}
	}
	if got.Tags == nil {
		got.Tags = []string{}
	}
	if got.Fields == nil {
		got.Fields = map[string]string{}
	}
	return ok(got, err)
}

type giveInput struct {
	ID   rapport.ConversationID `path:"id"`
	Body struct {
		BotID rapport.BotID `json:"bot_id"`
	}
}

func (s *server) giveToBot(ctx context.Context, in *giveInput) (*reply[rapport.Summary], error) {
	return s.change(ctx, func(tx *store.Tx, actor rapport.Actor) (rapport.Summary, error) {
		return conversation.GiveToBot(tx, actor, in.ID, in.Body.BotID)
	})
}

type handoffInput struct {
	ID   rapport.ConversationID `path:"id"`
	Body rapport.Handoff
}

func (s *server) handOff(ctx context.Context, in *handoffInput) (*reply[rapport.Summary], error) {
	return s.change(ctx, func(tx *store.Tx, actor rapport.Actor) (rapport.Summary, error) {
		return conversation.HandOff(tx, actor, in.ID, in.Body)
	})
}
