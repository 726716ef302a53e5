package store

import (
	"encoding/json"
	"slices"
	"time"

	"rapport"
)

// viewText is a saved view as it rests.
type viewText struct {
	rapport.Listing
	Columns []string `json:"columns,omitempty"`
	Layout  string   `json:"layout,omitempty"`
}

// PlacedView is a saved view and where an agent has put it.
type PlacedView struct {
	rapport.SavedView
	Pinned   bool `json:"pinned" doc:"Shown in my navigation."`
	Position int  `json:"position"`
}

const viewColumns = "v.id, v.owner_id, v.name, v.definition, v.shared, v.queues, v.version, v.created_at, v.updated_at, v.deleted_at"

func scanView(s scanner, more ...any) (v rapport.SavedView, err error) {
	var d jsonText[viewText]
	var queues jsonText[[]rapport.QueueID]
	dest := []any{&v.ID, &v.OwnerID, &v.Name, &d, &v.Shared, &queues, &v.Version, milli{&v.CreatedAt}, milli{&v.UpdatedAt}, milli{&v.DeletedAt}}
	err = s.Scan(append(dest, more...)...)
	v.Listing, v.Columns, v.Layout, v.Queues = d.v.Listing, d.v.Columns, d.v.Layout, queues.v
	if v.Columns == nil {
		v.Columns = []string{}
	}
	if v.Queues == nil {
		v.Queues = []rapport.QueueID{}
	}
	return v, err
}

// InsertView adds a saved view.
func (tx *Tx) InsertView(v *rapport.SavedView) error {
	text, err := json.Marshal(viewText{v.Listing, v.Columns, v.Layout})
	if err != nil {
		return err
	}
	return tx.put("insert into saved_view (id, owner_id, name, definition, shared, queues, version, created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
		v.ID, v.OwnerID, v.Name, string(text), v.Shared, jsonOf(v.Queues), v.Version, v.CreatedAt, v.UpdatedAt)
}

// UpdateView saves a view, also that it is deleted.
func (tx *Tx) UpdateView(v *rapport.SavedView) error {
	text, err := json.Marshal(viewText{v.Listing, v.Columns, v.Layout})
	if err != nil {
		return err
	}
	was := v.Version
	v.Version++
	v.UpdatedAt = tx.now
	return tx.demand(rapport.Errorf(rapport.Conflict, "changed_meanwhile", "The view was changed by somebody else at the same moment; look again."),
		"update saved_view set name = $3, definition = $4, shared = $5, queues = $6, version = $7, updated_at = $8, deleted_at = $9 where id = $1 and version = $2",
		v.ID, was, v.Name, string(text), v.Shared, jsonOf(v.Queues), v.Version, v.UpdatedAt, v.DeletedAt)
}

// SavedView returns a saved view, also one that is deleted.
func (tx *Tx) SavedView(id rapport.ViewID) (rapport.SavedView, error) {
	v, err := scanView(tx.queryRow("select "+viewColumns+" from saved_view v where v.id = $1", id))
	return v, found(err, "view", string(id))
}

// SavedViews returns the views that an actor sees, in the order of their navigation.
func (tx *Tx) SavedViews(a rapport.Actor) (list []PlacedView, err error) {
	list = []PlacedView{}
	err = tx.rows(func(s scanner) error {
		var p PlacedView
		v, err := scanView(s, &p.Pinned, &p.Position)
		if p.SavedView = v; err == nil && a.SeesView(&v) {
			list = append(list, p)
		}
		return err
	}, "select "+viewColumns+`, coalesce(p.pinned, 1), coalesce(p.pos, 1000000)
		from saved_view v left join view_place p on p.view_id = v.id and p.agent_id = $1
		where v.id in (select id from saved_view where owner_id = $1 union select id from saved_view where shared <> '') and v.deleted_at = 0
		order by coalesce(p.pos, 1000000), v.created_at, v.id limit 500`, a.AgentID)
	return list, err
}

// ViewsTagged returns the views of everybody that look for a tag, also those
// that are deleted and may come back.
func (tx *Tx) ViewsTagged(tag string) (list []rapport.SavedView, err error) {
	err = tx.rows(func(s scanner) error {
		v, err := scanView(s)
		if slices.Contains(v.Filter.Tags, tag) {
			list = append(list, v)
		}
		return err
	}, "select "+viewColumns+` from saved_view v where v.definition like $1 escape '\' order by v.id`, inJSON(tag))
	return list, err
}

// ViewsOf counts the views that an agent keeps for themselves, and those that are shared.
func (tx *Tx) ViewsOf(id rapport.AgentID) (own, shared int, err error) {
	err = tx.queryRow(`select (select count(*) from saved_view where owner_id = $1 and shared = '' and deleted_at = 0),
		(select count(*) from saved_view where shared <> '' and deleted_at = 0)`, id).Scan(&own, &shared)
	return own, shared, classify(err)
}

// PlaceView puts a view into an agent's navigation, or takes it out.
func (tx *Tx) PlaceView(agent rapport.AgentID, id rapport.ViewID, pinned bool, position int) error {
	return tx.put(`insert into view_place (agent_id, view_id, pinned, pos) values ($1, $2, $3, $4)
		on conflict (agent_id, view_id) do update set pinned = excluded.pinned, pos = excluded.pos`, agent, id, pinned, position)
}

// TrimViews forgets views that were deleted before a moment.
func (tx *Tx) TrimViews(before time.Time) error {
	_, err := tx.exec("delete from saved_view where deleted_at > 0 and deleted_at < $1", before)
	return err
}
