package api

import (
	"context"
	"errors"
	"slices"
	"strings"

	"rapport"
	"rapport/conversation"
	"rapport/store"
)

type macrosQuery struct {
	Q     string          `query:"q" maxLength:"200" doc:"Words that name, help or tags contain."`
	Tag   string          `query:"tag" maxLength:"40"`
	Queue rapport.QueueID `query:"queue" doc:"Only those for conversations of this queue."`
	All   bool            `query:"all" doc:"Also those that are switched off; for supervisors."`
}

type macroList struct {
	Items []rapport.Macro `json:"items" doc:"The most used first."`
}

func (s *server) listMacros(ctx context.Context, in *macrosQuery) (*reply[macroList], error) {
	actor := actorOf(ctx)
	got := macroList{Items: []rapport.Macro{}}
	err := s.DB.View(ctx, func(tx *store.Tx) error {
		all, err := tx.Macros()
		if err != nil {
			return err
		}
		words := strings.Fields(strings.ToLower(in.Q))
		for _, m := range all {
			text := strings.ToLower(m.Name + "\n" + m.Help + "\n" + strings.Join(m.Tags, "\n"))
			switch {
			case !m.For(actor) && !(in.All && actor.Supervises()):
			case in.Queue != "" && len(m.Queues) > 0 && !slices.Contains(m.Queues, in.Queue):
			case in.Tag != "" && !slices.Contains(m.Tags, in.Tag):
			case slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) }):
			default:
				got.Items = append(got.Items, m)
			}
		}
		if !in.All {
			slices.SortStableFunc(got.Items, func(a, b rapport.Macro) int { return b.Used - a.Used })
		}
		return nil
	})
	return ok(got, err)
}

type macroInput struct {
	Body struct {
		Name    string            `json:"name"`
		Help    string            `json:"help,omitempty"`
		Tags    []string          `json:"tags,omitempty"`
		Queues  []rapport.QueueID `json:"queues,omitempty"`
		Enabled *bool             `json:"enabled,omitempty"`
		Effects rapport.Effects   `json:"effects"`
	}
}

func (s *server) createMacro(ctx context.Context, in *macroInput) (*reply[rapport.Macro], error) {
	var m rapport.Macro
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		all, err := tx.Macros()
		if err != nil {
			return err
		}
		if len(all) >= rapport.MostMacros {
			return rapport.Errorf(rapport.Conflict, "too_many", "There are %d macros; that is the most.", len(all))
		}
		m = rapport.Macro{ID: rapport.NewID[rapport.MacroID](), Name: in.Body.Name, Help: in.Body.Help, Tags: in.Body.Tags, Queues: in.Body.Queues, Enabled: true, Effects: in.Body.Effects}
		set(&m.Enabled, in.Body.Enabled)
		return saveMacro(ctx, tx, &m, "macro.created")
	})
	return ok(m, err)
}

func saveMacro(ctx context.Context, tx *store.Tx, m *rapport.Macro, deed string) error {
	if err := m.Validate(); err != nil {
		return err
	}
	if err := queuesExist(tx, "queues", m.Queues); err != nil {
		return err
	}
	if err := effectsExist(tx, &m.Effects); err != nil {
		return err
	}
	m.UpdatedAt = tx.Now()
	if err := tx.SaveMacro(*m); err != nil {
		return err
	}
	return textsChanged(ctx, tx, deed, m.Name, strings.Join(m.Effects.Kinds(), ", "))
}

// effectsExist refuses a macro that names what there is not, and values that
// its form does not take.
func effectsExist(tx *store.Tx, e *rapport.Effects) error {
	config, err := tx.Configuration()
	if err != nil {
		return err
	}
	if err := queueExists(config, "effects.queue_id", e.QueueID); err != nil {
		return err
	}
	if e.InboxID != "" && config.Inboxes[e.InboxID] == nil {
		return rapport.Invalidf("effects.inbox_id", "There is no inbox %q.", e.InboxID)
	}
	if e.AssigneeID != "" && e.AssigneeID != rapport.Me {
		if _, err := tx.Agent(e.AssigneeID); err != nil {
			return rapport.Invalidf("effects.assignee_id", "There is no agent %q.", e.AssigneeID)
		}
	}
	if e.Disposition != "" {
		if _, err := tx.Disposition(e.Disposition); err != nil {
			return rapport.Invalidf("effects.disposition_id", "There is no disposition %q.", e.Disposition)
		}
	}
	if e.FormID == "" {
		return nil
	}
	form, err := tx.Form(e.FormID)
	if err != nil {
		return rapport.Invalidf("effects.form_id", "There is no form %q.", e.FormID)
	}
	for name, value := range e.Fields {
		field := form.Field(name)
		if field == nil {
			return rapport.Invalidf("effects.fields."+name, "The form %s has no field %q.", form.Name, name)
		}
		if len(rapport.Blanks(value)) == 0 {
			if _, err := field.Value("effects.fields."+name, value); err != nil {
				return err
			}
		}
	}
	return nil
}

type macroChange struct {
	ID   rapport.MacroID `path:"id"`
	Body struct {
		Name    *string            `json:"name,omitempty"`
		Help    *string            `json:"help,omitempty"`
		Tags    *[]string          `json:"tags,omitempty"`
		Queues  *[]rapport.QueueID `json:"queues,omitempty"`
		Enabled *bool              `json:"enabled,omitempty"`
		Effects *rapport.Effects   `json:"effects,omitempty" doc:"All of them: what is left out is no effect any more."`
	}
}

func (s *server) changeMacro(ctx context.Context, in *macroChange) (*reply[rapport.Macro], error) {
	var m rapport.Macro
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		if m, err = tx.Macro(in.ID); err != nil {
			return err
		}
		set(&m.Name, in.Body.Name)
		set(&m.Help, in.Body.Help)
		set(&m.Tags, in.Body.Tags)
		set(&m.Queues, in.Body.Queues)
		set(&m.Enabled, in.Body.Enabled)
		set(&m.Effects, in.Body.Effects)
		return saveMacro(ctx, tx, &m, "macro.changed")
	})
	return ok(m, err)
}

type macroID struct {
	ID rapport.MacroID `path:"id"`
}

func (s *server) deleteMacro(ctx context.Context, in *macroID) (*nothing, error) {
	return &nothing{}, s.DB.Update(ctx, func(tx *store.Tx) error {
		m, err := tx.Macro(in.ID)
		if err != nil {
			return err
		}
		if err := tx.DeleteMacro(m.ID); err != nil {
			return err
		}
		return textsChanged(ctx, tx, "macro.deleted", m.Name, "")
	})
}

type macroUse struct {
	ID   rapport.MacroID `path:"id"`
	Body struct {
		ConversationID rapport.ConversationID `json:"conversation_id"`
		Without        []string               `json:"without,omitempty" maxItems:"20" doc:"Kinds of effects to leave out."`
		Rest           bool                   `json:"rest,omitempty" doc:"Do what waits for the reply now, and only that."`
		ClientID       string                 `json:"client_id,omitempty" maxLength:"100" doc:"The caller's own id: the same again does nothing."`
	}
}

func (in *macroUse) macro(tx *store.Tx) (conversation.Macro, error) {
	m, err := tx.Macro(in.ID)
	return conversation.Macro{Macro: m, Without: in.Body.Without, Rest: in.Body.Rest, ClientID: in.Body.ClientID}, err
}

// MacroPlan is what a macro changes; exported so that huma describes its members.
type MacroPlan struct {
	Effects []rapport.Effect  `json:"effects"`
	Body    string            `json:"body,omitempty" doc:"For the composer, filled in as far as it is known."`
	Blanks  []string          `json:"blanks,omitempty" doc:"What the agent has to fill in there."`
	InboxID rapport.InboxID   `json:"inbox_id,omitempty" doc:"Where the reply should be sent from."`
	Later   conversation.Then `json:"later" doc:"What waits for the reply: send it as then with that."`
}

type macroPreview struct {
	MacroPlan
	Refusal string `json:"refusal,omitempty" doc:"Why the macro cannot be applied here; then nothing of it is done."`
	Warning string `json:"warning,omitempty" doc:"Why what waits for the reply would be refused as things are now."`
}

func planOf(a conversation.Applied) MacroPlan {
	return MacroPlan{Effects: append([]rapport.Effect{}, a.Done...), Body: a.Body, Blanks: rapport.Blanks(a.Body), InboxID: a.InboxID, Later: a.Later}
}

// errUndone ends a function whose doing is to be forgotten.
var errUndone = errors.New("undone")

// previewMacro applies the macro and undoes that, so that it says exactly what
// would happen.
func (s *server) previewMacro(ctx context.Context, in *macroUse) (*reply[macroPreview], error) {
	actor := actorOf(ctx)
	var got macroPreview
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		got = macroPreview{}
		if _, err := conversation.See(tx, actor, in.Body.ConversationID); err != nil {
			return err
		}
		m, err := in.macro(tx)
		if err != nil {
			return err
		}
		if !m.For(actor) {
			return rapport.Errorf(rapport.NotFound, "not_found", "There is no macro %q.", in.ID)
		}
		m.ClientID = ""
		a, err := conversation.Apply(tx, actor, in.Body.ConversationID, m)
		if err != nil {
			if got.Refusal = refused(err); got.Refusal == "" {
				return err
			}
			return errUndone
		}
		got.MacroPlan = planOf(a)
		if err := conversation.Finish(tx, actor, in.Body.ConversationID, a.Later); err != nil {
			if got.Warning = refused(err); got.Warning == "" {
				return err
			}
		}
		return errUndone
	})
	if errors.Is(err, errUndone) {
		err = nil
	}
	if got.Effects == nil {
		got.Effects = []rapport.Effect{}
	}
	return ok(got, err)
}

type macroPrefill struct {
	ID   rapport.MacroID `path:"id"`
	Body struct {
		QueueID   rapport.QueueID   `json:"queue_id,omitempty" doc:"That the new conversation will be in."`
		InboxID   rapport.InboxID   `json:"inbox_id,omitempty" doc:"That it will be sent from, unless the macro says from which."`
		ContactID rapport.ContactID `json:"contact_id,omitempty" doc:"Whom it will be with; missing: somebody new."`
	}
}

type macroFilling struct {
	Effects rapport.Effects  `json:"effects" doc:"With what is known filled into the texts."`
	Set     []rapport.Effect `json:"set" doc:"The same for the eye."`
	Blanks  []string         `json:"blanks,omitempty" doc:"What the agent has to fill into the message."`
}

// prefillMacro says what a macro puts into a new conversation (S3-23).
func (s *server) prefillMacro(ctx context.Context, in *macroPrefill) (*reply[macroFilling], error) {
	var got macroFilling
	err := s.DB.View(ctx, func(tx *store.Tx) error {
		m, err := tx.Macro(in.ID)
		if err != nil {
			return err
		}
		effects, set, err := conversation.Prefill(tx, actorOf(ctx), m, in.Body.QueueID, in.Body.InboxID, in.Body.ContactID)
		got = macroFilling{effects, append([]rapport.Effect{}, set...), rapport.Blanks(effects.Body)}
		return err
	})
	return ok(got, err)
}

// refused is the sentence of a rule that says no; "" for other errors.
func refused(err error) string {
	e, is := errors.AsType[*rapport.Error](err)
	if !is || e.Kind == rapport.Internal || e.Kind == rapport.Unavailable {
		return ""
	}
	return e.Message
}

type macroResult struct {
	MacroPlan
	Conversation rapport.Summary `json:"conversation"`
}

func (s *server) applyMacro(ctx context.Context, in *macroUse) (*reply[macroResult], error) {
	var got macroResult
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		if _, err := conversation.See(tx, actorOf(ctx), in.Body.ConversationID); err != nil {
			return err
		}
		m, err := in.macro(tx)
		if err != nil {
			return err
		}
		a, err := conversation.Apply(tx, actorOf(ctx), in.Body.ConversationID, m)
		got = macroResult{planOf(a), a.Conversation}
		return err
	})
	return ok(got, err)
}
