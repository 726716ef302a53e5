package api

import (
	"cmp"
	"context"
	"slices"

	"rapport"
	"rapport/store"
)

type attributeList struct {
	Items []rapport.Attribute `json:"items"`
}

func (s *server) listAttributes(ctx context.Context, _ *noInput) (*reply[attributeList], error) {
	var got attributeList
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		got.Items, err = tx.Attributes()
		return err
	})
	return ok(got, err)
}

type attributeNew struct {
	Body struct {
		Name    string                `json:"name" doc:"Lower case letters, digits and underscores; it never changes."`
		Label   string                `json:"label"`
		Kind    rapport.AttributeKind `json:"kind"`
		Choices []string              `json:"choices,omitempty"`
		Help    string                `json:"help,omitempty"`
		Shown   bool                  `json:"shown"`
	}
}

func (s *server) createAttribute(ctx context.Context, in *attributeNew) (*reply[rapport.Attribute], error) {
	b := in.Body
	a := rapport.Attribute{Name: b.Name, Label: b.Label, Kind: b.Kind, Choices: b.Choices, Help: b.Help, Shown: b.Shown}
	if err := a.Validate(); err != nil {
		return nil, err
	}
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		all, err := tx.Attributes()
		if err != nil {
			return err
		}
		if err := rapport.MayAddAttribute(len(all)); err != nil {
			return err
		}
		for _, other := range all {
			if other.Name == a.Name {
				return &rapport.Error{Kind: rapport.Conflict, Code: "name_taken", Field: "name", Message: "There is an attribute " + a.Name + " already."}
			}
			a.Position = max(a.Position, other.Position+1)
		}
		if err := tx.SaveAttribute(a); err != nil {
			return err
		}
		return attributesChanged(tx, actorOf(ctx), "attribute.created", a.Label, string(a.Kind))
	})
	return ok(a, err)
}

type attributeChange struct {
	Name string `path:"name"`
	Body struct {
		Label   *string                `json:"label,omitempty"`
		Kind    *rapport.AttributeKind `json:"kind,omitempty" doc:"Values that do not fit the new type stay until somebody changes them."`
		Choices []string               `json:"choices,omitempty"`
		Help    *string                `json:"help,omitempty"`
		Shown   *bool                  `json:"shown,omitempty"`
	}
}

func (s *server) changeAttribute(ctx context.Context, in *attributeChange) (*reply[rapport.Attribute], error) {
	var a rapport.Attribute
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		if a, err = attribute(tx, in.Name); err != nil {
			return err
		}
		was := a
		set(&a.Label, in.Body.Label)
		set(&a.Kind, in.Body.Kind)
		set(&a.Help, in.Body.Help)
		set(&a.Shown, in.Body.Shown)
		if in.Body.Choices != nil {
			a.Choices = in.Body.Choices
		}
		if err := a.Validate(); err != nil {
			return err
		}
		if err := tx.SaveAttribute(a); err != nil {
			return err
		}
		return attributesChanged(tx, actorOf(ctx), "attribute.changed", a.Label, differences(was, a))
	})
	return ok(a, err)
}

func attribute(tx *store.Tx, name string) (rapport.Attribute, error) {
	all, err := tx.Attributes()
	for _, a := range all {
		if a.Name == name {
			return a, nil
		}
	}
	if err == nil {
		err = rapport.Errorf(rapport.NotFound, "not_found", "There is no attribute %q.", name)
	}
	return rapport.Attribute{}, err
}

func attributesChanged(tx *store.Tx, actor rapport.Actor, action, subject, detail string) error {
	if err := tx.Append(rapport.Event{Kind: "settings.attributes"}, rapport.Change{}); err != nil {
		return err
	}
	return tx.Audit(actor, action, subject, detail)
}

type attributeName struct {
	Name string `path:"name"`
}

func (s *server) deleteAttribute(ctx context.Context, in *attributeName) (*nothing, error) {
	return &nothing{}, s.DB.Update(ctx, func(tx *store.Tx) error {
		a, err := attribute(tx, in.Name)
		if err != nil {
			return err
		}
		if a.BuiltIn {
			return rapport.Errorf(rapport.Conflict, "built_in", "%s comes with Rapport. It cannot be removed; take it off the side panel instead.", a.Label)
		}
		if err := tx.DeleteAttribute(in.Name); err != nil {
			return err
		}
		return attributesChanged(tx, actorOf(ctx), "attribute.deleted", a.Label, string(a.Kind))
	})
}

type attributeOrder struct {
	Body struct {
		Names []string `json:"names" doc:"All of them, in their order."`
	}
}

// sameOnes tells whether two lists hold the same, each as often, in any order.
func sameOnes[T cmp.Ordered](a, b []T) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

func (s *server) orderAttributes(ctx context.Context, in *attributeOrder) (*reply[attributeList], error) {
	var got attributeList
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		all, err := tx.Attributes()
		if err != nil {
			return err
		}
		there := make([]string, len(all))
		for i, a := range all {
			there[i] = a.Name
		}
		slices.Sort(there)
		if !sameOnes(there, in.Body.Names) {
			return rapport.Invalidf("names", "The order must name each attribute once; they are %v.", there)
		}
		for _, a := range all {
			a.Position = slices.Index(in.Body.Names, a.Name) + 1
			if err := tx.SaveAttribute(a); err != nil {
				return err
			}
		}
		if got.Items, err = tx.Attributes(); err != nil {
			return err
		}
		return attributesChanged(tx, actorOf(ctx), "attribute.ordered", "attributes", "")
	})
	return ok(got, err)
}
