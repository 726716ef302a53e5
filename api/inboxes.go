package api

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"rapport"
	"rapport/channel"
	"rapport/lib/secretbox"
	"rapport/routing"
	"rapport/store"
)

type channelList struct {
	Items []channel.Info `json:"items"`
}

func (s *server) listChannels(context.Context, *noInput) (*reply[channelList], error) {
	return &reply[channelList]{channelList{channel.Kinds()}}, nil
}

type inboxView struct {
	rapport.Inbox
	Snippet  string `json:"snippet" doc:"What goes into a website; empty where nothing does."`
	Endpoint string `json:"endpoint" doc:"Where the channel is reached."`
}

type inboxList struct {
	Items []inboxView `json:"items"`
}

func (s *server) listInboxes(ctx context.Context, _ *noInput) (*reply[inboxList], error) {
	got := inboxList{Items: []inboxView{}}
	r := httpRequest(ctx)
	err := s.DB.View(ctx, func(tx *store.Tx) error {
		inboxes, err := tx.Inboxes()
		if err != nil {
			return err
		}
		for _, i := range inboxes {
			i, sealed, err := tx.Inbox(i.ID)
			if err != nil {
				return err
			}
			view := s.viewInbox(r, i, sealed)
			if !actorOf(ctx).Administers() { // a webhook's address may carry credentials
				view.Options = map[string]any{}
			}
			got.Items = append(got.Items, view)
		}
		return nil
	})
	return ok(got, err)
}

// hidden stands for a secret that is there. Sent back, it keeps the secret.
const hidden = "***"

func shown(i rapport.Inbox, sealed map[string]string) rapport.Inbox {
	options := maps.Clone(i.Options)
	if options == nil {
		options = map[string]any{}
	}
	for name := range sealed {
		options[name] = hidden
	}
	i.Options = options
	return i
}

func (s *server) viewInbox(r *http.Request, i rapport.Inbox, sealed map[string]string) inboxView {
	v := inboxView{Inbox: shown(i, sealed), Endpoint: s.base(r) + "/in/" + string(i.ID)}
	if i.Pulls {
		v.Snippet = fmt.Sprintf(`<script src="%s/widget.js" data-inbox="%s" async></script>`, s.base(r), i.ID)
	}
	return v
}

type inboxInput struct {
	Body struct {
		Channel     string               `json:"channel"`
		Name        string               `json:"name"`
		QueueID     rapport.QueueID      `json:"queue_id,omitempty" doc:"Where its conversations wait; empty lets the customer's history decide."`
		Enabled     *bool                `json:"enabled,omitempty"`
		Options     map[string]any       `json:"options,omitempty"`
		Silence     *rapport.Silence     `json:"silence,omitempty" doc:"Messaging when left out, live for the web chat."`
		Survey      *rapport.SurveyRules `json:"survey,omitempty"`
		BotID       rapport.BotID        `json:"bot_id,omitempty" doc:"The bot that answers first; empty: agents."`
		WindowHours *int                 `json:"window_hours,omitempty" doc:"The channel's when left out."`
	}
}

type createdInbox struct {
	Inbox   inboxView         `json:"inbox"`
	Secrets map[string]string `json:"secrets" doc:"Secrets that were made up, shown this once."`
}

func (s *server) createInbox(ctx context.Context, in *inboxInput) (*reply[createdInbox], error) {
	info, err := channel.Lookup(in.Body.Channel)
	if err != nil {
		return nil, err
	}
	raw := map[string]any{}
	maps.Copy(raw, in.Body.Options)
	made := map[string]string{}
	for _, o := range info.Options {
		if text, given := raw[o.Name].(string); o.Generated() && (!given || text == "") {
			made[o.Name] = o.Generate().Reveal()
			raw[o.Name] = made[o.Name]
		}
	}
	values, err := info.Accept(raw, nil)
	if err != nil {
		return nil, err
	}
	var got createdInbox
	err = s.DB.Update(ctx, func(tx *store.Tx) error {
		i := rapport.Inbox{ID: rapport.NewID[rapport.InboxID](), Channel: info.Kind, Name: in.Body.Name, QueueID: in.Body.QueueID, Enabled: true, Pulls: info.Caps.Pulls, Options: values.Open(), CreatedAt: tx.Now(), WindowHours: info.Caps.Window}
		set(&i.Enabled, in.Body.Enabled)
		if info.Caps.Pulls && info.Caps.Typing { // people talk here at the same time (S5-16)
			i.Silence.Conduct = rapport.Live
		}
		set(&i.Silence, in.Body.Silence)
		set(&i.Survey, in.Body.Survey)
		set(&i.WindowHours, in.Body.WindowHours)
		i.BotID = in.Body.BotID
		sealed := s.seal(i.ID, values)
		if err := saveInbox(tx, i, sealed); err != nil {
			return err
		}
		got = createdInbox{Inbox: s.viewInbox(httpRequest(ctx), i, sealed), Secrets: made}
		return tx.Audit(actorOf(ctx), "inbox.created", i.Name, i.Channel)
	})
	return ok(got, err)
}

// seal closes the secrets of an inbox; its id is what they are opened with.
func (s *server) seal(id rapport.InboxID, values channel.Values) map[string]string {
	sealed := map[string]string{}
	for name, secret := range values.Secrets() {
		sealed[name] = s.Box.Seal(secret, string(id))
	}
	return sealed
}

func saveInbox(tx *store.Tx, i rapport.Inbox, sealed map[string]string) error {
	if err := i.Validate(); err != nil {
		return err
	}
	if i.QueueID != "" {
		if _, err := tx.Queue(i.QueueID); err != nil {
			return rapport.Invalidf("queue_id", "There is no queue %q.", i.QueueID)
		}
	}
	if i.BotID != "" {
		config, err := tx.Configuration()
		if err != nil {
			return err
		}
		if config.Bots[i.BotID] == nil {
			return rapport.Invalidf("bot_id", "There is no bot %q.", i.BotID)
		}
	}
	if err := tx.SaveInbox(i, sealed); err != nil {
		return err
	}
	if err := routing.Retime(tx, store.Timed{Inbox: i.ID}); err != nil {
		return err
	}
	return tx.Append(rapport.Event{Kind: "inbox.changed", QueueID: i.QueueID}, rapport.Change{})
}

type inboxChange struct {
	ID   rapport.InboxID `path:"id"`
	Body struct {
		Name        *string              `json:"name,omitempty"`
		QueueID     *rapport.QueueID     `json:"queue_id,omitempty"`
		Enabled     *bool                `json:"enabled,omitempty"`
		Silence     *rapport.Silence     `json:"silence,omitempty"`
		Survey      *rapport.SurveyRules `json:"survey,omitempty"`
		BotID       *rapport.BotID       `json:"bot_id,omitempty" doc:"Empty: agents answer first."`
		Options     map[string]any       `json:"options,omitempty" doc:"Those that change; null takes the default. A secret that is *** stays."`
		WindowHours *int                 `json:"window_hours,omitempty"`
	}
}

func (s *server) changeInbox(ctx context.Context, in *inboxChange) (*reply[inboxView], error) {
	var got inboxView
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		i, sealed, err := tx.Inbox(in.ID)
		if err != nil {
			return err
		}
		was := i
		set(&i.Name, in.Body.Name)
		set(&i.QueueID, in.Body.QueueID)
		set(&i.Enabled, in.Body.Enabled)
		set(&i.Silence, in.Body.Silence)
		set(&i.Survey, in.Body.Survey)
		set(&i.BotID, in.Body.BotID)
		set(&i.WindowHours, in.Body.WindowHours)
		values, err := s.merge(i, sealed, in.Body.Options)
		if err != nil {
			return err
		}
		i.Options, sealed = values.Open(), s.seal(i.ID, values)
		if err := saveInbox(tx, i, sealed); err != nil {
			return err
		}
		got = s.viewInbox(httpRequest(ctx), i, sealed)
		return tx.Audit(actorOf(ctx), "inbox.changed", i.Name, differences(was, i))
	})
	return ok(got, err)
}

// merge lays changed options over those of an inbox, whose secrets it opens.
func (s *server) merge(i rapport.Inbox, sealed map[string]string, change map[string]any) (channel.Values, error) {
	info, err := channel.Lookup(i.Channel)
	if err != nil {
		return channel.Values{}, err
	}
	raw := map[string]any{}
	for _, o := range info.Options { // what an older version knew is left behind
		if value, there := i.Options[o.Name]; there {
			raw[o.Name] = value
		}
		text, there := sealed[o.Name]
		if !there {
			continue
		}
		secret, err := s.Box.Open(text, string(i.ID))
		if err != nil {
			return channel.Values{}, &rapport.Error{Kind: rapport.Conflict, Code: "secret_broken", Field: "options." + o.Name, Message: "The secret " + o.Label + " cannot be opened with the key of this server; make a new one.", Cause: err}
		}
		raw[o.Name] = secret
	}
	was := maps.Clone(raw)
	for name, value := range change {
		if text, isText := value.(string); isText && text == hidden {
			if slices.ContainsFunc(info.Options, func(o channel.Option) bool { return o.Name == name && o.Secret }) {
				continue
			}
		}
		raw[name] = value
	}
	return info.Accept(raw, was)
}

type inboxInputID struct {
	ID rapport.InboxID `path:"id"`
}

func (s *server) deleteInbox(ctx context.Context, in *inboxInputID) (*nothing, error) {
	return &nothing{}, s.DB.Update(ctx, func(tx *store.Tx) error {
		i, _, err := tx.Inbox(in.ID)
		if err != nil {
			return err
		}
		if err := tx.DeleteInbox(in.ID); err != nil {
			return err
		}
		if err := routing.ForgetSender(tx, in.ID); err != nil {
			return err
		}
		if err := tx.Append(rapport.Event{Kind: "inbox.deleted", QueueID: i.QueueID}, rapport.Change{}); err != nil {
			return err
		}
		return tx.Audit(actorOf(ctx), "inbox.deleted", i.Name, i.Channel)
	})
}

type secretInput struct {
	ID   rapport.InboxID `path:"id"`
	Name string          `path:"name"`
}

type secretValue struct {
	Value string `json:"value" doc:"Shown this once."`
}

func (s *server) rotateSecret(ctx context.Context, in *secretInput) (*reply[secretValue], error) {
	var secret secretbox.Secret
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		i, sealed, err := tx.Inbox(in.ID)
		if err != nil {
			return err
		}
		info, err := channel.Lookup(i.Channel)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(info.Options, func(o channel.Option) bool { return o.Name == in.Name && o.Generated() })
		if at < 0 {
			return rapport.Errorf(rapport.NotFound, "not_found", "The channel %s makes up no secret %q.", info.Name, in.Name)
		}
		secret = info.Options[at].Generate()
		if sealed == nil {
			sealed = map[string]string{}
		}
		sealed[in.Name] = s.Box.Seal(secret, string(i.ID))
		if err := saveInbox(tx, i, sealed); err != nil {
			return err
		}
		return tx.Audit(actorOf(ctx), "inbox.secret_rotated", i.Name, in.Name)
	})
	return ok(secretValue{secret.Reveal()}, err)
}
