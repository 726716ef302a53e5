package api

import (
	"context"
	"slices"
	"time"

	"rapport"
	"rapport/conversation"
	"rapport/store"
)

func (s *server) bulkRoutes() []route {
	return []route{
		at(agent, "POST", "/bulk", "bulk-start", "Change many conversations; each by the rules of a single change", s.startBulk, created),
		at(agent, "GET", "/bulk", "bulk-list", "My changes of many conversations, the latest first", s.listBulks),
		at(agent, "GET", "/bulk/{id}", "bulk-read", "How far a change has come, and what was not changed and why", s.readBulk),
		at(agent, "POST", "/bulk/{id}/undo", "bulk-undo", "Give each conversation back what it was, unless it was changed meanwhile", s.undoBulk, created),
	}
}

type bulkInput struct {
	Body struct {
		IDs    []rapport.ConversationID `json:"ids,omitempty" maxItems:"1000" doc:"The conversations; or say match."`
		Match  *rapport.Listing         `json:"match,omitempty" doc:"All that a list shows, at most 10000."`
		Except []rapport.ConversationID `json:"except,omitempty" maxItems:"1000" doc:"Of those that match, not these."`
		Action rapport.BulkAction       `json:"action"`
	}
}

func (s *server) startBulk(ctx context.Context, in *bulkInput) (*reply[rapport.Bulk], error) {
	actor := actorOf(ctx)
	ids := in.Body.IDs
	if (in.Body.Match != nil) == (len(ids) > 0) {
		return nil, rapport.Invalidf("ids", "Name the conversations, or what they match: one of the two.")
	}
	if m := in.Body.Match; m != nil {
		if err := m.Validate(); err != nil {
			return nil, err
		}
		err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
			ids, _, err = tx.ListIDs(store.ListQuery{Listing: *m, Actor: actor, Limit: rapport.MostInBulk})
			return err
		})
		if err != nil {
			return nil, err
		}
		ids = slices.DeleteFunc(ids, func(id rapport.ConversationID) bool { return slices.Contains(in.Body.Except, id) })
	}
	var b rapport.Bulk
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		b, err = conversation.StartBulk(tx, actor, in.Body.Action, ids)
		return err
	})
	return ok(b, err)
}

type bulkList struct {
	Items []rapport.Bulk `json:"items"`
}

func (s *server) listBulks(ctx context.Context, _ *noInput) (*reply[bulkList], error) {
	var got bulkList
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		got.Items, err = tx.BulksOf(actorOf(ctx).AgentID, tx.Now().Add(-24*time.Hour), 100)
		return err
	})
	return ok(got, err)
}

type bulkIDInput struct {
	ID rapport.BulkID `path:"id"`
}

type bulkView struct {
	rapport.Bulk
	Failed []rapport.BulkItem `json:"failed" doc:"What was refused or skipped, and why; at most 200."`
}

func (s *server) readBulk(ctx context.Context, in *bulkIDInput) (*reply[bulkView], error) {
	actor := actorOf(ctx)
	var got bulkView
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		if got.Bulk, err = tx.Bulk(in.ID); err != nil {
			return err
		}
		if got.AgentID != actor.AgentID {
			return rapport.Errorf(rapport.NotFound, "not_found", "There is no bulk action %q.", in.ID)
		}
		if got.Failed, err = tx.BulkItems(in.ID, false, -1, 200); err != nil {
			return err
		}
		ids := make([]rapport.ConversationID, len(got.Failed))
		for i := range got.Failed {
			ids[i] = got.Failed[i].ConversationID
		}
		found, err := tx.Summaries(ids)
		for i := range got.Failed {
			for j := range found {
				if found[j].ID == got.Failed[i].ConversationID && actor.Sees(&found[j].Conversation) {
					got.Failed[i].ContactName = found[j].ContactName
				}
			}
		}
		return err
	})
	return ok(got, err)
}

func (s *server) undoBulk(ctx context.Context, in *bulkIDInput) (*reply[rapport.Bulk], error) {
	var b rapport.Bulk
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		b, err = conversation.UndoBulk(tx, actorOf(ctx), in.ID)
		return err
	})
	return ok(b, err)
}
