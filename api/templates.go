package api

import (
	"context"
	"time"

	"rapport"
	"rapport/conversation"
	"rapport/store"
)

type templatesQuery struct {
	Inbox  rapport.InboxID `query:"inbox"`
	Usable bool            `query:"usable" doc:"Only approved ones."`
}

type approvedList struct {
	Items []rapport.MessageTemplate `json:"items"`
}

func (s *server) listApproved(ctx context.Context, in *templatesQuery) (*reply[approvedList], error) {
	got := approvedList{Items: []rapport.MessageTemplate{}}
	err := s.DB.View(ctx, func(tx *store.Tx) error {
		all, err := tx.Templates(in.Inbox)
		for _, t := range all {
			if !in.Usable || t.Status == rapport.TemplateApproved {
				got.Items = append(got.Items, t)
			}
		}
		return err
	})
	return ok(got, err)
}

type templateInput struct {
	Body struct {
		InboxID   rapport.InboxID            `json:"inbox_id"`
		Name      string                     `json:"name"`
		Language  string                     `json:"language"`
		Category  string                     `json:"category,omitempty"`
		Header    string                     `json:"header,omitempty"`
		Body      string                     `json:"body"`
		Footer    string                     `json:"footer,omitempty"`
		Variables []rapport.TemplateVariable `json:"variables,omitempty" doc:"Labels and examples; the names are found in the text."`
		Status    rapport.TemplateStatus     `json:"status,omitempty" enum:"approved,pending,paused,rejected"`
		Reason    string                     `json:"reason,omitempty"`
	}
}

func (s *server) createTemplate(ctx context.Context, in *templateInput) (*reply[rapport.MessageTemplate], error) {
	b := in.Body
	var t rapport.MessageTemplate
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		t = rapport.MessageTemplate{ID: rapport.NewID[rapport.TemplateID](), InboxID: b.InboxID, Name: b.Name, Language: b.Language, Category: b.Category,
			Header: b.Header, Body: b.Body, Footer: b.Footer, Variables: b.Variables, Status: b.Status, Reason: b.Reason}
		there, err := tx.Templates(b.InboxID)
		if err != nil {
			return err
		}
		if b.InboxID != "" && len(there) >= rapport.MostTemplates {
			return rapport.Errorf(rapport.Conflict, "too_many", "The inbox has %d templates; that is the most.", len(there))
		}
		return saveTemplate(ctx, tx, &t, "template.created")
	})
	return ok(t, err)
}

func saveTemplate(ctx context.Context, tx *store.Tx, t *rapport.MessageTemplate, deed string) error {
	if err := t.Validate(); err != nil {
		return err
	}
	config, err := tx.Configuration()
	if err != nil {
		return err
	}
	if config.Inboxes[t.InboxID] == nil {
		return rapport.Invalidf("inbox_id", "There is no inbox %q.", t.InboxID)
	}
	t.UpdatedAt = tx.Now()
	if err := tx.SaveTemplate(*t); err != nil {
		return err
	}
	return textsChanged(ctx, tx, deed, t.Name, t.Language+", "+string(t.Status))
}

type templateChange struct {
	ID   rapport.TemplateID `path:"id"`
	Body struct {
		Name      *string                     `json:"name,omitempty"`
		Language  *string                     `json:"language,omitempty"`
		Category  *string                     `json:"category,omitempty"`
		Header    *string                     `json:"header,omitempty"`
		Body      *string                     `json:"body,omitempty"`
		Footer    *string                     `json:"footer,omitempty"`
		Variables *[]rapport.TemplateVariable `json:"variables,omitempty"`
		Status    *rapport.TemplateStatus     `json:"status,omitempty" enum:"approved,pending,paused,rejected"`
		Reason    *string                     `json:"reason,omitempty"`
	}
}

func (s *server) changeTemplate(ctx context.Context, in *templateChange) (*reply[rapport.MessageTemplate], error) {
	var t rapport.MessageTemplate
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		if t, err = tx.Template(in.ID); err != nil {
			return err
		}
		b := in.Body
		if t.Synced && (b.Name != nil || b.Language != nil || b.Header != nil || b.Body != nil || b.Footer != nil || b.Status != nil) {
			return rapport.Errorf(rapport.Conflict, "synced", "The channel brought this template; change it at the provider.")
		}
		set(&t.Name, b.Name)
		set(&t.Language, b.Language)
		set(&t.Category, b.Category)
		set(&t.Header, b.Header)
		set(&t.Body, b.Body)
		set(&t.Footer, b.Footer)
		set(&t.Variables, b.Variables)
		set(&t.Status, b.Status)
		set(&t.Reason, b.Reason)
		return saveTemplate(ctx, tx, &t, "template.changed")
	})
	return ok(t, err)
}

type templateID struct {
	ID rapport.TemplateID `path:"id"`
}

func (s *server) deleteTemplate(ctx context.Context, in *templateID) (*nothing, error) {
	return &nothing{}, s.DB.Update(ctx, func(tx *store.Tx) error {
		t, err := tx.Template(in.ID)
		if err != nil {
			return err
		}
		if err := tx.DeleteTemplate(t.ID); err != nil {
			return err
		}
		return textsChanged(ctx, tx, "template.deleted", t.Name, t.Language)
	})
}

type templatePreview struct {
	ID   rapport.TemplateID `path:"id"`
	Body struct {
		Values map[string]string `json:"values,omitempty"`
	}
}

type renderedTemplate struct {
	Text string `json:"text"`
}

func (s *server) previewTemplate(ctx context.Context, in *templatePreview) (*reply[renderedTemplate], error) {
	var got renderedTemplate
	err := s.DB.View(ctx, func(tx *store.Tx) error {
		t, err := tx.Template(in.ID)
		if err == nil {
			got.Text, err = t.Render(in.Body.Values)
		}
		return err
	})
	return ok(got, err)
}

// windowView says until when a customer may be written to freely.
type windowView struct {
	Hours int       `json:"hours"`
	Ends  time.Time `json:"ends_at,omitzero" doc:"Missing: the customer never wrote here."`
	Open  bool      `json:"open" doc:"False: only an approved template may be sent (S3-51)."`
}

func windowOf(tx *store.Tx, contact rapport.ContactID, inbox rapport.InboxID) (*windowView, error) {
	ends, limited, err := conversation.Window(tx, contact, inbox)
	if err != nil || !limited {
		return nil, err
	}
	config, err := tx.Configuration()
	if err != nil {
		return nil, err
	}
	return &windowView{Hours: config.Inboxes[inbox].WindowHours, Ends: ends, Open: tx.Now().Before(ends)}, nil
}
