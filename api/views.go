package api

import (
	"context"
	"slices"
	"time"

	"rapport"
	"rapport/store"
)

const (
	mostOwnViews    = 50
	mostSharedViews = 200
	mostViewCounts  = 30
	mostViewCount   = 99 // as far as a saved view is counted
)

func (s *server) viewRoutes() []route {
	return []route{
		at(agent, "GET", "/views", "views-list", "List the saved views that I see", s.listViews),
		at(agent, "POST", "/views", "views-create", "Keep a list under a name", s.createView, created),
		at(agent, "PATCH", "/views/{id}", "views-change", "Change a saved view", s.changeView),
		at(agent, "DELETE", "/views/{id}", "views-delete", "Delete a saved view; it can be brought back for 30 days", s.deleteView),
		at(agent, "POST", "/views/{id}/restore", "views-restore", "Bring a deleted view back", s.restoreView),
		at(agent, "PUT", "/views/{id}/place", "views-place", "Put a view into my navigation, or take it out", s.placeView),
		at(agent, "PUT", "/views/order", "views-order", "Set the order of the views in my navigation", s.orderViews),
		at(agent, "GET", "/views/counts", "views-counts", "How many conversations the views of my navigation have", s.viewCounts),
	}
}

type viewLine struct {
	store.PlacedView
	Editable bool `json:"editable" doc:"I may change and delete it."`
}

type viewList struct {
	Items []viewLine `json:"items" doc:"In the order of my navigation."`
}

func (s *server) listViews(ctx context.Context, _ *noInput) (*reply[viewList], error) {
	got := viewList{Items: []viewLine{}}
	actor := actorOf(ctx)
	err := s.DB.View(ctx, func(tx *store.Tx) error {
		views, err := tx.SavedViews(actor)
		for _, v := range views {
			got.Items = append(got.Items, viewLine{v, actor.EditsView(&v.SavedView)})
		}
		return err
	})
	return ok(got, err)
}

type viewBody struct {
	Name    *string             `json:"name,omitempty"`
	View    *rapport.ListView   `json:"view,omitempty" enum:"mine,unassigned,all,chatbots,history,any"`
	Filter  *rapport.ListFilter `json:"filter,omitempty"`
	Sort    *rapport.ListSort   `json:"sort,omitempty" enum:",waiting,oldest,latest,status,customer,queue" doc:"Empty for the default of the view."`
	Columns *[]string           `json:"columns,omitempty" maxItems:"20"`
	Layout  *string             `json:"layout,omitempty" enum:"list,table"`
	Shared  *rapport.Sharing    `json:"shared,omitempty" enum:",queues,all" doc:"Only supervisors share views."`
	Queues  *[]rapport.QueueID  `json:"queues,omitempty" maxItems:"50" doc:"With whose members it is shared."`
}

func (b *viewBody) apply(v *rapport.SavedView) {
	if b.View != nil && b.Sort == nil && *b.View != v.View {
		v.Sort = ""
	}
	set(&v.Name, b.Name)
	set(&v.View, b.View)
	set(&v.Filter, b.Filter)
	set(&v.Sort, b.Sort)
	set(&v.Columns, b.Columns)
	set(&v.Layout, b.Layout)
	set(&v.Shared, b.Shared)
	set(&v.Queues, b.Queues)
}

type viewNewInput struct{ Body viewBody }

type viewChangeInput struct {
	ID   rapport.ViewID `path:"id"`
	Body viewBody
}

type viewInput struct {
	ID rapport.ViewID `path:"id"`
}

// keepView checks a view and who may keep it like that.
func keepView(tx *store.Tx, actor rapport.Actor, v *rapport.SavedView) error {
	if err := v.Validate(); err != nil {
		return err
	}
	if v.Shared != rapport.SharedWithNobody && !actor.Supervises() {
		return rapport.Errorf(rapport.Forbidden, "supervisors_share", "Only supervisors share views; keep it for yourself, or ask one.")
	}
	config, err := tx.Configuration()
	if err != nil {
		return err
	}
	for _, q := range v.Queues {
		if config.Queues[q] == nil {
			return rapport.Invalidf("queues", "There is no queue %q.", q)
		}
	}
	own, shared, err := tx.ViewsOf(v.OwnerID)
	switch {
	case err != nil:
		return err
	case v.Version == 1 && v.Shared == rapport.SharedWithNobody && own >= mostOwnViews:
		return rapport.Errorf(rapport.Conflict, "too_many", "You have %d views, which is the most; delete one first.", own)
	case v.Version == 1 && v.Shared != rapport.SharedWithNobody && shared >= mostSharedViews:
		return rapport.Errorf(rapport.Conflict, "too_many", "There are %d shared views, which is the most; delete one first.", shared)
	}
	return nil
}

// tellViews tells those desks that views have changed which may see them.
func tellViews(tx *store.Tx, v *rapport.SavedView, was rapport.Sharing) error {
	if v.Shared != rapport.SharedWithNobody || was != rapport.SharedWithNobody {
		return tx.Append(rapport.Event{Kind: "view.changed"}, rapport.Change{})
	}
	return tx.Append(rapport.Event{Kind: "own-view.changed", AgentID: v.OwnerID}, rapport.Change{})
}

func (s *server) createView(ctx context.Context, in *viewNewInput) (*reply[rapport.SavedView], error) {
	actor := actorOf(ctx)
	var v rapport.SavedView
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		v = rapport.SavedView{ID: rapport.NewID[rapport.ViewID](), OwnerID: actor.AgentID, Version: 1, CreatedAt: tx.Now(), UpdatedAt: tx.Now(),
			Columns: []string{}, Queues: []rapport.QueueID{}, Listing: rapport.Listing{View: rapport.ViewAll}}
		in.Body.apply(&v)
		if err := keepView(tx, actor, &v); err != nil {
			return err
		}
		if err := tx.InsertView(&v); err != nil {
			return err
		}
		return tellViews(tx, &v, "")
	})
	return ok(v, err)
}

// viewOf returns a view that the actor may change.
func viewOf(tx *store.Tx, actor rapport.Actor, id rapport.ViewID) (rapport.SavedView, error) {
	v, err := tx.SavedView(id)
	if err != nil {
		return v, err
	}
	there := v
	there.DeletedAt = time.Time{}
	if !actor.SeesView(&there) {
		return rapport.SavedView{}, rapport.Errorf(rapport.NotFound, "not_found", "There is no view %q.", id)
	}
	if !actor.EditsView(&v) {
		return v, rapport.Errorf(rapport.Forbidden, "not_your_view", "Only supervisors change a view that is shared; save a copy of your own.")
	}
	return v, nil
}

func (s *server) changeView(ctx context.Context, in *viewChangeInput) (*reply[rapport.SavedView], error) {
	actor := actorOf(ctx)
	var v rapport.SavedView
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		if v, err = viewOf(tx, actor, in.ID); err != nil {
			return err
		}
		if !v.DeletedAt.IsZero() {
			return rapport.Errorf(rapport.NotFound, "not_found", "There is no view %q.", in.ID)
		}
		was := v.Shared
		in.Body.apply(&v)
		if err := keepView(tx, actor, &v); err != nil {
			return err
		}
		if err := tx.UpdateView(&v); err != nil {
			return err
		}
		return tellViews(tx, &v, was)
	})
	return ok(v, err)
}

func (s *server) deleteView(ctx context.Context, in *viewInput) (*nothing, error) {
	return &nothing{}, s.bury(ctx, in.ID, true)
}

func (s *server) restoreView(ctx context.Context, in *viewInput) (*nothing, error) {
	return &nothing{}, s.bury(ctx, in.ID, false)
}

// bury deletes a view, or brings it back.
func (s *server) bury(ctx context.Context, id rapport.ViewID, gone bool) error {
	return s.DB.Update(ctx, func(tx *store.Tx) error {
		v, err := viewOf(tx, actorOf(ctx), id)
		if err != nil || v.DeletedAt.IsZero() != gone {
			return err
		}
		v.DeletedAt = time.Time{}
		if gone {
			v.DeletedAt = tx.Now()
		}
		if err := tx.UpdateView(&v); err != nil {
			return err
		}
		return tellViews(tx, &v, "")
	})
}

type viewPlaceInput struct {
	ID   rapport.ViewID `path:"id"`
	Body struct {
		Pinned bool `json:"pinned"`
	}
}

func (s *server) placeView(ctx context.Context, in *viewPlaceInput) (*nothing, error) {
	return &nothing{}, s.DB.Update(ctx, func(tx *store.Tx) error {
		views, err := tx.SavedViews(actorOf(ctx))
		if err != nil {
			return err
		}
		n := slices.IndexFunc(views, func(v store.PlacedView) bool { return v.ID == in.ID })
		if n < 0 {
			return rapport.Errorf(rapport.NotFound, "not_found", "There is no view %q.", in.ID)
		}
		return place1(tx, actorOf(ctx), views[n], in.Body.Pinned, views[n].Position)
	})
}

func place1(tx *store.Tx, actor rapport.Actor, v store.PlacedView, pinned bool, position int) error {
	if err := tx.PlaceView(actor.AgentID, v.ID, pinned, position); err != nil {
		return err
	}
	return tx.Append(rapport.Event{Kind: "own-view.changed", AgentID: actor.AgentID}, rapport.Change{})
}

type viewOrderInput struct {
	Body struct {
		IDs []rapport.ViewID `json:"ids" maxItems:"300" doc:"All that are to be moved, in their new order; others follow."`
	}
}

func (s *server) orderViews(ctx context.Context, in *viewOrderInput) (*nothing, error) {
	return &nothing{}, s.DB.Update(ctx, func(tx *store.Tx) error {
		views, err := tx.SavedViews(actorOf(ctx))
		if err != nil {
			return err
		}
		for i, id := range in.Body.IDs {
			n := slices.IndexFunc(views, func(v store.PlacedView) bool { return v.ID == id })
			if n < 0 {
				return rapport.Errorf(rapport.NotFound, "not_found", "There is no view %q.", id)
			}
			if err := tx.PlaceView(actorOf(ctx).AgentID, id, views[n].Pinned, i+1); err != nil {
				return err
			}
		}
		return tx.Append(rapport.Event{Kind: "own-view.changed", AgentID: actorOf(ctx).AgentID}, rapport.Change{})
	})
}

type viewCountList struct {
	Counts map[rapport.ViewID]viewCount `json:"counts"`
}

type viewCount struct {
	N    int  `json:"n" doc:"At most 99."`
	More bool `json:"more" doc:"There are more than n, or may be."`
}

func (s *server) viewCounts(ctx context.Context, _ *noInput) (*reply[viewCountList], error) {
	got := viewCountList{Counts: map[rapport.ViewID]viewCount{}}
	actor := actorOf(ctx)
	err := s.DB.View(ctx, func(tx *store.Tx) error {
		views, err := tx.SavedViews(actor)
		if err != nil {
			return err
		}
		for _, v := range views {
			if !v.Pinned || len(got.Counts) == mostViewCounts {
				continue
			}
			var c viewCount
			if c.N, c.More, err = tx.Count(store.ListQuery{Listing: v.Listing, Actor: actor}, mostViewCount); err != nil {
				return err
			}
			got.Counts[v.ID] = c
		}
		return nil
	})
	return ok(got, err)
}
