package api

import (
	"context"
	"slices"

	"rapport"
	"rapport/conversation"
	"rapport/store"
	"rapport/workflow"
)

type formList struct {
	Items []rapport.Form `json:"items"`
}

func (s *server) listForms(ctx context.Context, _ *noInput) (*reply[formList], error) {
	var got formList
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		got.Items, err = tx.Forms()
		return err
	})
	return ok(got, err)
}

type formInput struct {
	Body struct {
		Name       string              `json:"name"`
		Help       string              `json:"help,omitempty"`
		Position   int                 `json:"position,omitempty"`
		Fields     []rapport.FormField `json:"fields" doc:"In their order."`
		DefaultFor []rapport.QueueID   `json:"default_for,omitempty"`
	}
}

func (s *server) createForm(ctx context.Context, in *formInput) (*reply[rapport.Form], error) {
	var f rapport.Form
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		there, err := tx.Forms()
		if err != nil {
			return err
		}
		if len(there) >= rapport.MostForms {
			return rapport.Errorf(rapport.Conflict, "too_many", "There are %d forms; that is the most.", len(there))
		}
		f = rapport.Form{ID: rapport.NewID[rapport.FormID](), Name: in.Body.Name, Help: in.Body.Help, Position: in.Body.Position, Fields: append([]rapport.FormField{}, in.Body.Fields...), DefaultFor: in.Body.DefaultFor}
		return saveForm(ctx, tx, &f, "form.created")
	})
	return ok(f, err)
}

func saveForm(ctx context.Context, tx *store.Tx, f *rapport.Form, deed string) error {
	if err := f.Validate(); err != nil {
		return err
	}
	if err := queuesExist(tx, "default_for", f.DefaultFor); err != nil {
		return err
	}
	f.UpdatedAt = tx.Now()
	if err := tx.SaveForm(*f); err != nil {
		return err
	}
	return textsChanged(ctx, tx, deed, f.Name, "")
}

type formChange struct {
	ID   rapport.FormID `path:"id"`
	Body struct {
		Name       *string              `json:"name,omitempty"`
		Help       *string              `json:"help,omitempty"`
		Position   *int                 `json:"position,omitempty"`
		Fields     *[]rapport.FormField `json:"fields,omitempty" doc:"All of them, in their order."`
		DefaultFor *[]rapport.QueueID   `json:"default_for,omitempty"`
	}
}

func (s *server) changeForm(ctx context.Context, in *formChange) (*reply[rapport.Form], error) {
	var f rapport.Form
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		if f, err = tx.Form(in.ID); err != nil {
			return err
		}
		set(&f.Name, in.Body.Name)
		set(&f.Help, in.Body.Help)
		set(&f.Position, in.Body.Position)
		if in.Body.Fields != nil {
			f.Fields = append([]rapport.FormField{}, *in.Body.Fields...)
		}
		set(&f.DefaultFor, in.Body.DefaultFor)
		return saveForm(ctx, tx, &f, "form.changed")
	})
	return ok(f, err)
}

type formID struct {
	ID rapport.FormID `path:"id"`
}

func (s *server) deleteForm(ctx context.Context, in *formID) (*nothing, error) {
	return &nothing{}, s.DB.Update(ctx, func(tx *store.Tx) error {
		f, err := tx.Form(in.ID)
		if err != nil {
			return err
		}
		if err := tx.DeleteForm(f.ID); err != nil {
			return err
		}
		return textsChanged(ctx, tx, "form.deleted", f.Name, "")
	})
}

type dispositionList struct {
	Items []rapport.Disposition `json:"items" doc:"In their order, also those that are switched off."`
}

func (s *server) listDispositions(ctx context.Context, _ *noInput) (*reply[dispositionList], error) {
	var got dispositionList
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		got.Items, err = tx.Dispositions()
		return err
	})
	return ok(got, err)
}

type dispositionInput struct {
	Body struct {
		Code     string            `json:"code"`
		Label    string            `json:"label"`
		Queues   []rapport.QueueID `json:"queues,omitempty"`
		Enabled  *bool             `json:"enabled,omitempty"`
		Position int               `json:"position,omitempty"`
	}
}

func (s *server) createDisposition(ctx context.Context, in *dispositionInput) (*reply[rapport.Disposition], error) {
	var d rapport.Disposition
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		there, err := tx.Dispositions()
		if err != nil {
			return err
		}
		if len(there) >= rapport.MostDispositions {
			return rapport.Errorf(rapport.Conflict, "too_many", "There are %d dispositions; that is the most.", len(there))
		}
		d = rapport.Disposition{ID: rapport.NewID[rapport.DispositionID](), Code: in.Body.Code, Label: in.Body.Label, Queues: in.Body.Queues, Enabled: true, Position: in.Body.Position}
		set(&d.Enabled, in.Body.Enabled)
		return saveDisposition(ctx, tx, &d, "disposition.created")
	})
	return ok(d, err)
}

func saveDisposition(ctx context.Context, tx *store.Tx, d *rapport.Disposition, deed string) error {
	if err := d.Validate(); err != nil {
		return err
	}
	if err := queuesExist(tx, "queues", d.Queues); err != nil {
		return err
	}
	d.UpdatedAt = tx.Now()
	if err := tx.SaveDisposition(*d); err != nil {
		return err
	}
	return textsChanged(ctx, tx, deed, d.Code, d.Label)
}

type dispositionChange struct {
	ID   rapport.DispositionID `path:"id"`
	Body struct {
		Code     *string            `json:"code,omitempty"`
		Label    *string            `json:"label,omitempty"`
		Queues   *[]rapport.QueueID `json:"queues,omitempty"`
		Enabled  *bool              `json:"enabled,omitempty"`
		Position *int               `json:"position,omitempty"`
	}
}

func (s *server) changeDisposition(ctx context.Context, in *dispositionChange) (*reply[rapport.Disposition], error) {
	var d rapport.Disposition
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		if d, err = tx.Disposition(in.ID); err != nil {
			return err
		}
		set(&d.Code, in.Body.Code)
		set(&d.Label, in.Body.Label)
		set(&d.Queues, in.Body.Queues)
		set(&d.Enabled, in.Body.Enabled)
		set(&d.Position, in.Body.Position)
		return saveDisposition(ctx, tx, &d, "disposition.changed")
	})
	return ok(d, err)
}

type dispositionID struct {
	ID rapport.DispositionID `path:"id"`
}

func (s *server) deleteDisposition(ctx context.Context, in *dispositionID) (*nothing, error) {
	return &nothing{}, s.DB.Update(ctx, func(tx *store.Tx) error {
		d, err := tx.Disposition(in.ID)
		if err != nil {
			return err
		}
		used, err := tx.DispositionUsed(d.ID)
		if err != nil {
			return err
		}
		if used {
			return rapport.Errorf(rapport.Conflict, "in_use", "Conversations ended with %s; switch it off instead, so that reports keep its name.", d.Label)
		}
		if err := tx.DeleteDisposition(d.ID); err != nil {
			return err
		}
		return textsChanged(ctx, tx, "disposition.deleted", d.Code, d.Label)
	})
}

type tagList struct {
	Items    []rapport.Tag       `json:"items"`
	Renaming []rapport.Retagging `json:"renaming" doc:"The latest renamings; without finished_at they are under way."`
}

func (s *server) listTags(ctx context.Context, _ *noInput) (*reply[tagList], error) {
	var got tagList
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		if got.Items, err = tx.Tags(); err == nil {
			got.Renaming, err = tx.Retaggings(10)
		}
		return err
	})
	return ok(got, err)
}

type tagInput struct {
	Name string `path:"name"`
	Body struct {
		Color       *string `json:"color,omitempty"`
		Description *string `json:"description,omitempty"`
	}
}

func (s *server) saveTag(ctx context.Context, in *tagInput) (*reply[rapport.Tag], error) {
	var t rapport.Tag
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		t, err = tx.Tag(in.Name)
		switch {
		case rapport.KindOf(err) == rapport.NotFound && err != nil:
			all, err := tx.Tags()
			if err != nil {
				return err
			}
			if len(all) >= rapport.MostCatalogueTags {
				return rapport.Errorf(rapport.Conflict, "too_many", "The catalogue has %d tags; that is the most.", len(all))
			}
			t = rapport.Tag{Name: in.Name}
		case err != nil:
			return err
		}
		set(&t.Color, in.Body.Color)
		set(&t.Description, in.Body.Description)
		if err := t.Validate(); err != nil {
			return err
		}
		t.UpdatedAt = tx.Now()
		if err := tx.SaveTag(t); err != nil {
			return err
		}
		return textsChanged(ctx, tx, "tag.saved", t.Name, t.Description)
	})
	return ok(t, err)
}

type tagName struct {
	Name string `path:"name"`
}

func (s *server) deleteTag(ctx context.Context, in *tagName) (*nothing, error) {
	return &nothing{}, s.DB.Update(ctx, func(tx *store.Tx) error {
		t, err := tx.Tag(in.Name)
		if err != nil {
			return err
		}
		if err := tx.DeleteTag(t.Name); err != nil {
			return err
		}
		return textsChanged(ctx, tx, "tag.deleted", t.Name, "")
	})
}

type tagRenaming struct {
	Body struct {
		From string `json:"from"`
		To   string `json:"to" doc:"A new name, or that of another tag, which takes its place."`
	}
}

// workflowRef names a workflow.
type workflowRef struct {
	ID   rapport.WorkflowID `json:"id"`
	Name string             `json:"name"`
}

func namingTag(tx *store.Tx, tag string) ([]workflowRef, error) {
	list, err := workflow.NamingTag(tx, tag)
	refs := []workflowRef{}
	for _, w := range list {
		refs = append(refs, workflowRef{w.ID, w.Name})
	}
	return refs, err
}

type tagUse struct {
	Conversations int           `json:"conversations"`
	Macros        int           `json:"macros"`
	Views         int           `json:"views" doc:"Saved views, of everybody."`
	Workflows     []workflowRef `json:"workflows" doc:"Whose live version or draft names it; a renaming leaves them as they are."`
}

type tagUseInput struct {
	Name string `query:"name" required:"true"`
}

func (s *server) tagUse(ctx context.Context, in *tagUseInput) (*reply[tagUse], error) {
	var got tagUse
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		if got.Conversations, err = tx.CountTagged(in.Name); err != nil {
			return err
		}
		macros, err := tx.Macros()
		if err != nil {
			return err
		}
		for _, m := range macros {
			if slices.Contains(m.Effects.AddTags, in.Name) || slices.Contains(m.Effects.RemoveTags, in.Name) {
				got.Macros++
			}
		}
		views, err := tx.ViewsTagged(in.Name)
		if err != nil {
			return err
		}
		for _, v := range views {
			if v.DeletedAt.IsZero() {
				got.Views++
			}
		}
		got.Workflows, err = namingTag(tx, in.Name)
		return err
	})
	return ok(got, err)
}

type tagRenamed struct {
	rapport.Retagging
	Workflows []workflowRef `json:"workflows" doc:"They name the tag as it was called, until somebody changes them."`
}

func (s *server) renameTag(ctx context.Context, in *tagRenaming) (*reply[tagRenamed], error) {
	var r tagRenamed
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		if r.Retagging, err = conversation.RenameTag(tx, in.Body.From, in.Body.To); err != nil {
			return err
		}
		if r.Workflows, err = namingTag(tx, r.From); err != nil {
			return err
		}
		return textsChanged(ctx, tx, "tag.renamed", r.From, r.To)
	})
	return ok(r, err)
}
