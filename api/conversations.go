package api

import (
	"context"
	"net/http"

	"rapport"
	"rapport/conversation"
	"rapport/store"
)

type conversationInput struct {
	ID rapport.ConversationID `path:"id"`
}

// see returns a conversation if it exists for the actor.
func see(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID) (rapport.Summary, error) {
	v, err := tx.Summary(id)
	if err == nil && !actor.Sees(&v.Conversation) {
		return rapport.Summary{}, rapport.Errorf(rapport.NotFound, "not_found", "There is no conversation %q.", id)
	}
	return v, err
}

type conversationView struct {
	rapport.Summary
	Contact        rapport.Contact  `json:"contact"`
	May            conversation.May `json:"may"`
	FollowsSummary *rapport.Summary `json:"follows_summary,omitempty" doc:"The conversation that this one continues, if the caller may see it."`
}

func (s *server) readConversation(ctx context.Context, in *conversationInput) (*reply[conversationView], error) {
	actor := actorOf(ctx)
	var v conversationView
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		if v.Summary, err = see(tx, actor, in.ID); err != nil {
			return err
		}
		v.May = conversation.MayOf(actor, &v.Summary)
		if v.Contact, err = tx.Contact(v.ContactID); err != nil || v.Follows == "" {
			return err
		}
		before, err := see(tx, actor, v.Follows)
		if err == nil {
			v.FollowsSummary = &before
		} else if rapport.KindOf(err) == rapport.NotFound {
			err = nil
		}
		return err
	})
	return ok(v, err)
}

// change runs a rule that answers with the conversation.
func (s *server) change(ctx context.Context, rule func(*store.Tx, rapport.Actor) (rapport.Summary, error)) (*reply[rapport.Summary], error) {
	var v rapport.Summary
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		v, err = rule(tx, actorOf(ctx))
		return err
	})
	return ok(v, err)
}

type priorityInput struct {
	ID   rapport.ConversationID `path:"id"`
	Body struct {
		Priority *rapport.Priority `json:"priority,omitempty" enum:"low,normal,high,urgent"`
		Fields   map[string]string `json:"fields,omitempty" doc:"Fields to set; an empty value removes one."`
	}
}

func (s *server) changeConversation(ctx context.Context, in *priorityInput) (*reply[rapport.Summary], error) {
	return s.change(ctx, func(tx *store.Tx, actor rapport.Actor) (rapport.Summary, error) {
		v, err := see(tx, actor, in.ID)
		if err == nil && in.Body.Priority != nil {
			v, err = conversation.SetPriority(tx, actor, in.ID, *in.Body.Priority)
		}
		if err == nil && len(in.Body.Fields) > 0 {
			v, err = conversation.SetFields(tx, actor, in.ID, in.Body.Fields)
		}
		return v, err
	})
}

type tagsInput struct {
	ID   rapport.ConversationID `path:"id"`
	Body struct {
		Tags []string `json:"tags" maxItems:"30"`
	}
}

func (s *server) setTags(ctx context.Context, in *tagsInput) (*reply[rapport.Summary], error) {
	return s.change(ctx, func(tx *store.Tx, actor rapport.Actor) (rapport.Summary, error) {
		return conversation.SetTags(tx, actor, in.ID, in.Body.Tags)
	})
}

type itemsInput struct {
	ID     rapport.ConversationID `path:"id"`
	Before int                    `query:"before" minimum:"0" doc:"Only items with a smaller number; the last ones first come."`
	After  int                    `query:"after" minimum:"0" doc:"Only items with a greater number."`
	Around int                    `query:"around" minimum:"0" doc:"The item with this number in the middle of what comes before and after it."`
	Limit  int                    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type itemPage struct {
	Items []rapport.Item `json:"items" doc:"In ascending order."`
	More  bool           `json:"more" doc:"There are more in the direction that was asked for; around an item, before it."`
	Later bool           `json:"later,omitempty" doc:"Around an item: there are more after these."`
}

func (s *server) listItems(ctx context.Context, in *itemsInput) (*reply[itemPage], error) {
	var got itemPage
	err := s.DB.View(ctx, func(tx *store.Tx) error {
		if _, err := see(tx, actorOf(ctx), in.ID); err != nil {
			return err
		}
		if in.Around > 0 {
			return aroundItem(tx, in, &got)
		}
		items, err := tx.Items(in.ID, in.After, in.Before, in.Limit+1)
		if err != nil {
			return err
		}
		if got.More = len(items) > in.Limit; got.More && in.After > 0 {
			items = items[:in.Limit]
		} else if got.More {
			items = items[1:]
		}
		got.Items = items
		return nil
	})
	return ok(got, err)
}

type writeInput struct {
	ID   rapport.ConversationID `path:"id"`
	Body struct {
		Body     string            `json:"body"`
		ClientID string            `json:"client_id,omitempty" maxLength:"100" doc:"The caller's own id: the same again is the same item."`
		Files    []rapport.FileID  `json:"files,omitempty" maxItems:"10" doc:"Finished uploads of the caller, in order; the body may be empty then."`
		Location *rapport.Location `json:"location,omitempty" doc:"A place to show; the body may be empty then."`
	}
}

type writtenItem struct {
	Status int
	Body   rapport.Item
}

type writer func(*store.Tx, rapport.Actor, rapport.ConversationID, conversation.Writing) (rapport.Item, bool, error)

func (s *server) put(ctx context.Context, in *writeInput, note bool, write writer) (*writtenItem, error) {
	var item rapport.Item
	var fresh bool
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		if err := s.mayCarry(tx, actorOf(ctx), in, note); err != nil {
			return err
		}
		item, fresh, err = write(tx, actorOf(ctx), in.ID, conversation.Writing{
			Body: in.Body.Body, ClientID: in.Body.ClientID, Files: in.Body.Files, Content: rapport.Content{Location: in.Body.Location},
		})
		return err
	})
	if fresh {
		return &writtenItem{http.StatusCreated, item}, err
	}
	return &writtenItem{http.StatusOK, item}, err
}

func (s *server) reply(ctx context.Context, in *writeInput) (*writtenItem, error) {
	return s.put(ctx, in, false, conversation.Reply)
}

func (s *server) note(ctx context.Context, in *writeInput) (*writtenItem, error) {
	return s.put(ctx, in, true, conversation.Note)
}

type claimInput struct {
	ID   rapport.ConversationID `path:"id"`
	Body *struct {
		Override bool `json:"override,omitempty" doc:"Take it although my capacity is used up; the decision says so."`
	}
}

func (s *server) claim(ctx context.Context, in *claimInput) (*reply[rapport.Summary], error) {
	override := in.Body != nil && in.Body.Override
	return s.change(ctx, func(tx *store.Tx, actor rapport.Actor) (rapport.Summary, error) {
		return conversation.Claim(tx, actor, in.ID, override)
	})
}

type transferInput struct {
	ID   rapport.ConversationID `path:"id"`
	Body struct {
		AgentID  rapport.AgentID `json:"agent_id,omitempty"`
		QueueID  rapport.QueueID `json:"queue_id,omitempty"`
		Reason   string          `json:"reason,omitempty"`
		Override bool            `json:"override,omitempty" doc:"To an agent who is away or full all the same; the decision says so."`
	}
}

func (s *server) transfer(ctx context.Context, in *transferInput) (*reply[rapport.Summary], error) {
	to := conversation.To{AgentID: in.Body.AgentID, QueueID: in.Body.QueueID, Reason: in.Body.Reason, Override: in.Body.Override}
	return s.change(ctx, func(tx *store.Tx, actor rapport.Actor) (rapport.Summary, error) {
		return conversation.Transfer(tx, actor, in.ID, to)
	})
}

func (s *server) cancelTransfer(ctx context.Context, in *conversationInput) (*reply[rapport.Summary], error) {
	return s.change(ctx, func(tx *store.Tx, actor rapport.Actor) (rapport.Summary, error) {
		return conversation.CancelTransfer(tx, actor, in.ID)
	})
}

type releaseInput struct {
	ID   rapport.ConversationID `path:"id"`
	Body *struct {
		Reason string `json:"reason,omitempty"`
	}
}

func (s *server) release(ctx context.Context, in *releaseInput) (*reply[rapport.Summary], error) {
	reason := ""
	if in.Body != nil {
		reason = in.Body.Reason
	}
	return s.change(ctx, func(tx *store.Tx, actor rapport.Actor) (rapport.Summary, error) {
		return conversation.Release(tx, actor, in.ID, reason)
	})
}

type stateInput struct {
	ID   rapport.ConversationID `path:"id"`
	Body struct {
		State rapport.State `json:"state" enum:"open,pending,solved,closed"`
	}
}

func (s *server) setState(ctx context.Context, in *stateInput) (*reply[rapport.Summary], error) {
	return s.change(ctx, func(tx *store.Tx, actor rapport.Actor) (rapport.Summary, error) {
		return conversation.SetState(tx, actor, in.ID, in.Body.State)
	})
}

type seenInput struct {
	ID   rapport.ConversationID `path:"id"`
	Body struct {
		Seq int `json:"seq" minimum:"0"`
	}
}

func (s *server) seen(ctx context.Context, in *seenInput) (*nothing, error) {
	return &nothing{}, s.DB.Update(ctx, func(tx *store.Tx) error {
		return conversation.Seen(tx, actorOf(ctx), in.ID, in.Body.Seq)
	})
}

type decisionList struct {
	Items []rapport.Decision `json:"items" doc:"The latest first."`
}

func (s *server) decisions(ctx context.Context, in *conversationInput) (*reply[decisionList], error) {
	var got decisionList
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		if _, err = see(tx, actorOf(ctx), in.ID); err == nil {
			got.Items, err = tx.Decisions(in.ID)
		}
		return err
	})
	return ok(got, err)
}
