package api

import (
	"context"
	"net/http"
	"time"

	"rapport"
	"rapport/conversation"
	"rapport/store"
)

type conversationInput struct {
	ID rapport.ConversationID `path:"id"`
}

type conversationView struct {
	rapport.Summary
	Contact        rapport.Contact  `json:"contact"`
	May            conversation.May `json:"may"`
	FollowsSummary *rapport.Summary `json:"follows_summary,omitempty" doc:"The conversation that this one continues, if the caller may see it."`
	FollowedBy     *rapport.Summary `json:"followed_by,omitempty" doc:"Of a closed one: the latest conversation that continues it, if the caller may see it."`
	Window         *windowView      `json:"window,omitempty" doc:"Where any text may be sent only for a while after the customer wrote."`
}

func (s *server) readConversation(ctx context.Context, in *conversationInput) (*reply[conversationView], error) {
	actor := actorOf(ctx)
	var v conversationView
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		if v.Summary, err = conversation.See(tx, actor, in.ID); err != nil {
			return err
		}
		v.May = conversation.MayOf(actor, &v.Summary)
		if v.Window, err = windowOf(tx, v.ContactID, v.InboxID); err != nil {
			return err
		}
		if v.Contact, err = tx.Contact(v.ContactID); err != nil {
			return err
		}
		if v.FollowsSummary, err = seen(tx, actor, v.Follows); err != nil || v.State != rapport.Closed {
			return err
		}
		next, err := tx.FollowedBy(&v.Conversation)
		if err != nil {
			return err
		}
		v.FollowedBy, err = seen(tx, actor, next)
		return err
	})
	return ok(v, err)
}

// seen is a conversation, or nil where there is none that the actor may see.
func seen(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID) (*rapport.Summary, error) {
	if id == "" {
		return nil, nil
	}
	s, err := conversation.See(tx, actor, id)
	switch {
	case err == nil:
		return &s, nil
	case rapport.KindOf(err) == rapport.NotFound:
		return nil, nil
	}
	return nil, err
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

		Topic         *string                `json:"topic,omitempty" doc:"At most 200 characters; empty for none."`
		Summary       *string                `json:"summary,omitempty" doc:"At most 4000 bytes; empty for none."`
		FormID        *rapport.FormID        `json:"form_id,omitempty" doc:"Empty for that of the queue."`
		DispositionID *rapport.DispositionID `json:"disposition_id,omitempty" doc:"Empty for none."`
	}
}

func (s *server) changeConversation(ctx context.Context, in *priorityInput) (*reply[rapport.Summary], error) {
	return s.change(ctx, func(tx *store.Tx, actor rapport.Actor) (rapport.Summary, error) {
		b := in.Body
		return conversation.Describe(tx, actor, in.ID, conversation.Details{
			Priority: b.Priority, Fields: b.Fields, Topic: b.Topic, Summary: b.Summary, Form: b.FormID, Disposition: b.DispositionID,
		})
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
		if _, err := conversation.See(tx, actorOf(ctx), in.ID); err != nil {
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
		Body     string            `json:"body,omitempty"`
		ClientID string            `json:"client_id,omitempty" maxLength:"100" doc:"The caller's own id: the same again is the same item."`
		Files    []rapport.FileID  `json:"files,omitempty" maxItems:"10" doc:"Finished uploads of the caller, in order; the body may be empty then."`
		Location *rapport.Location `json:"location,omitempty" doc:"A place to show; the body may be empty then."`
		InboxID  rapport.InboxID   `json:"inbox_id,omitempty" doc:"Of a reply: the inbox that it goes out by, which becomes the conversation's (S3-42); as last when left out."`
		Point    *address          `json:"point,omitempty" doc:"Of a reply with inbox_id: the customer's address; the first that the inbox writes to when left out."`

		Template *rapport.TemplateUse `json:"template,omitempty" doc:"Of a reply: an approved template whose text is sent; body is not looked at."`
		Then     conversation.Then    `json:"then,omitzero" doc:"Of a reply: what happens to the conversation with it, such as what a macro left until then. If that is refused, nothing is sent."`

		Mentions      []rapport.AgentID `json:"mentions,omitempty" doc:"Of a note: colleagues whom it names. Who may not see the conversation is not told; the answer's data.not_told says who."`
		MentionQueues []rapport.QueueID `json:"mention_queues,omitempty" doc:"Of a note: queues whose members it names."`
		SendAt        *time.Time        `json:"send_at,omitempty" doc:"Of a reply: it leaves at this time; the answer is 202 with what waits."`
		OnlySilent    bool              `json:"only_silent,omitempty" doc:"With send_at: only if the customer has not written meanwhile."`
		UndoSeconds   int               `json:"undo_seconds,omitempty" minimum:"0" maximum:"30" doc:"Of a reply: it leaves after so long, and can be taken back until then; the answer is 202 with what waits."`
		SeenSeq       int               `json:"seen_seq,omitempty" minimum:"0" doc:"Of a reply: the last item that the writer had seen. If a colleague has answered after it, nothing is sent (409 answered_meanwhile)."`
	}
}

// writing is what the input says, as the rules take it.
func (in *writeInput) writing() conversation.Writing {
	w := conversation.Writing{
		Body: in.Body.Body, ClientID: in.Body.ClientID, SeenSeq: in.Body.SeenSeq, Files: in.Body.Files,
		Template: in.Body.Template, Then: in.Body.Then, Via: via(in.Body.InboxID, in.Body.Point),
	}
	w.Content.Location, w.Content.Mentions, w.Content.Queues = in.Body.Location, in.Body.Mentions, in.Body.MentionQueues
	return w
}

type writtenItem struct {
	Status int
	Body   written
}

type written struct {
	rapport.Item
	Outgoing *rapport.Outgoing `json:"outgoing,omitempty" doc:"What waits to leave; then the item has no number yet."`
}

type writer func(*store.Tx, rapport.Actor, rapport.ConversationID, conversation.Writing) (rapport.Item, bool, error)

func (s *server) put(ctx context.Context, in *writeInput, note bool, write writer) (*writtenItem, error) {
	var item rapport.Item
	var fresh bool
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		if err := s.mayCarry(tx, actorOf(ctx), in, note); err != nil {
			return err
		}
		item, fresh, err = write(tx, actorOf(ctx), in.ID, in.writing())
		return err
	})
	if fresh {
		return &writtenItem{http.StatusCreated, written{Item: item}}, err
	}
	return &writtenItem{http.StatusOK, written{Item: item}}, err
}

func (s *server) reply(ctx context.Context, in *writeInput) (*writtenItem, error) {
	if in.Body.SendAt != nil || in.Body.UndoSeconds > 0 {
		return s.replyLater(ctx, in)
	}
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
		if _, err = conversation.See(tx, actorOf(ctx), in.ID); err == nil {
			got.Items, err = tx.Decisions(in.ID)
		}
		return err
	})
	return ok(got, err)
}
