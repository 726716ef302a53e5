package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"rapport"
	"rapport/channel"
	"rapport/conversation"
	"rapport/search"
	"rapport/store"
)

// outboundRoutes are about writing first, by which way, and merging.
func (s *server) outboundRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	return []route{
		at(agent, get, "/senders", "senders-list", "What I can begin a conversation from", s.listSenders),
		at(agent, get, "/recipients", "recipients-find", "Find customers to write to, by name or address", s.findRecipients),
		at(agent, get, "/recipients/window", "recipients-window", "Until when a customer may be written to freely through an inbox", s.recipientWindow),
		at(agent, post, "/conversations", "conversations-begin", "Write to a customer first", s.begin, created,
			also(http.StatusOK, "BegunView", "It was begun already, under the same client_id; nothing changed.")),
		at(agent, get, "/conversations/{id}/ways", "conversations-ways", "By which inboxes and addresses the customer can be answered", s.listWays),
		at(agent, get, "/conversations/{id}/mergeable", "conversations-mergeable", "Which conversations of the customer could be merged into it", s.listMergeable),
		at(agent, get, "/conversations/{id}/merges", "conversations-merges", "Which conversations were merged into it", s.listMerges),
		at(agent, get, "/conversations/{id}/merge", "conversations-merge-preview", "What merging another conversation into it would make", s.previewConversationMerge),
		at(agent, post, "/conversations/{id}/merge", "conversations-merge", "Merge another conversation of the customer into it", s.mergeConversations),
		at(agent, post, "/conversations/{id}/unmerge", "conversations-unmerge", "Undo a merge", s.unmergeConversations),
	}
}

type senderList struct {
	Items  []conversation.Sender `json:"items" doc:"By queue. While queues have senders, these are the default senders of my queues, or all inboxes if none of those can be used (S3-63, S3-66)."`
	Chosen rapport.InboxID       `json:"chosen,omitempty" doc:"What From begins with; empty: it is to be chosen."`
}

func (s *server) listSenders(ctx context.Context, _ *noInput) (*reply[senderList], error) {
	var got senderList
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		got.Items, got.Chosen, err = conversation.Senders(tx, actorOf(ctx), channel.ReachOf)
		return err
	})
	return ok(got, err)
}

type recipientsInput struct {
	Query string          `query:"q" maxLength:"200" doc:"A piece of the name, or the beginning of an address."`
	Inbox rapport.InboxID `query:"inbox" doc:"Only addresses that this inbox writes to are shown; customers without one come with none."`
}

type recipientList struct {
	Items []rapport.Contact `json:"items" doc:"At most 20 customers that I may see."`
	Typed *rapport.Point    `json:"typed,omitempty" doc:"What was typed as an address, in canonical form, if it is one that the inbox writes to and no customer of the list has it."`
}

const shownRecipients = 20

func (s *server) findRecipients(ctx context.Context, in *recipientsInput) (*reply[recipientList], error) {
	got := recipientList{Items: []rapport.Contact{}}
	query := strings.TrimSpace(strings.ToValidUTF8(in.Query, ""))
	if query == "" {
		return ok(got, nil)
	}
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		found, err := search.Find(tx, actorOf(ctx), search.Query{Text: query, Groups: []string{"customers"}, Limit: shownRecipients})
		if err != nil {
			return err
		}
		named := make([]rapport.ContactID, 0, len(found.Customers))
		for _, hit := range found.Customers {
			named = append(named, hit.ID)
		}
		got.Items, got.Typed, err = conversation.Recipients(tx, actorOf(ctx), in.Inbox, query, named, channel.ReachOf, shownRecipients)
		return err
	})
	return ok(got, err)
}

type recipientWindowInput struct {
	Inbox   rapport.InboxID   `query:"inbox" required:"true"`
	Contact rapport.ContactID `query:"contact" doc:"Missing: somebody new, who never wrote."`
}

type recipientWindow struct {
	Window *windowView `json:"window,omitempty" doc:"Missing: any text may be sent at any time."`
}

func (s *server) recipientWindow(ctx context.Context, in *recipientWindowInput) (*reply[recipientWindow], error) {
	var got recipientWindow
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		if in.Contact != "" {
			if _, err := conversation.Customer(tx, actorOf(ctx), in.Contact); err != nil {
				return err
			}
		}
		got.Window, err = windowOf(tx, in.Contact, in.Inbox)
		return err
	})
	return ok(got, err)
}

// address is a contact point as callers name one.
type address struct {
	Kind    rapport.PointKind `json:"kind,omitempty" enum:"phone,email,external,visitor,handle," doc:"Found out when left out or empty."`
	Address string            `json:"address" maxLength:"300"`
}

type beginInput struct {
	Body struct {
		InboxID   rapport.InboxID   `json:"inbox_id" doc:"From (S3-21)."`
		QueueID   rapport.QueueID   `json:"queue_id,omitempty" doc:"One of my queues; the one that From says when left out."`
		ContactID rapport.ContactID `json:"contact_id,omitempty" doc:"The customer; when left out, whoever has the address, else somebody new."`
		To        *address          `json:"to,omitempty" doc:"The customer's address; with contact_id the first that the inbox writes to when left out."`
		Name      string            `json:"name,omitempty" maxLength:"120" doc:"Of somebody new."`
		Body      string            `json:"body"`
		State     rapport.State     `json:"state,omitempty" enum:"open,pending,solved" doc:"Open when left out (S3-22)."`
		Priority  rapport.Priority  `json:"priority,omitempty" enum:"low,normal,high,urgent" doc:"Normal when left out (S3-22)."`
		FormID    rapport.FormID    `json:"form_id,omitempty"`
		Fields    map[string]string `json:"fields,omitempty"`
		Topic     string            `json:"topic,omitempty"`
		Summary   string            `json:"summary,omitempty"`
		Tags      []string          `json:"tags,omitempty" maxItems:"50"`
		Note      string            `json:"note,omitempty" doc:"For colleagues; it never leaves."`
		MacroID   rapport.MacroID   `json:"macro_id,omitempty" doc:"The macro that filled this in: a line in the thread names it and what of it was kept (S3-48, S3-50)."`

		DispositionID rapport.DispositionID `json:"disposition_id,omitempty"`

		ClientID string            `json:"client_id,omitempty" maxLength:"100" doc:"The caller's own id: the same again is the same conversation."`
		Files    []rapport.FileID  `json:"files,omitempty" maxItems:"10" doc:"Finished uploads of the caller, in order; the body may be empty then."`
		Location *rapport.Location `json:"location,omitempty"`

		Template *rapport.TemplateUse `json:"template,omitempty" doc:"An approved template of the inbox; the body is not looked at. Needed where the customer has not written for too long (S3-51)."`
		Then     handingOn            `json:"then,omitzero" doc:"Where it goes once the message is written."`
	}
}

// handingOn is where a conversation goes.
type handingOn struct {
	QueueID    rapport.QueueID `json:"queue_id,omitempty"`
	AssigneeID rapport.AgentID `json:"assignee_id,omitempty"`
}

type begunView struct {
	Conversation rapport.Summary `json:"conversation"`
	Item         rapport.Item    `json:"item" doc:"The first message."`
}

type begunReply struct {
	Status int
	Body   begunView
}

func (s *server) begin(ctx context.Context, in *beginInput) (*begunReply, error) {
	b := &in.Body
	var got begunView
	var fresh bool
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		beginning := conversation.Beginning{
			InboxID: b.InboxID, QueueID: b.QueueID, ContactID: b.ContactID, Name: b.Name, State: b.State, Priority: b.Priority,
			Details: conversation.Details{Topic: &b.Topic, Summary: &b.Summary, Form: &b.FormID, Disposition: &b.DispositionID, Fields: b.Fields, Add: b.Tags}, Note: b.Note, Macro: b.MacroID,
			Writing: conversation.Writing{Body: b.Body, ClientID: b.ClientID, Files: b.Files, Content: rapport.Content{Location: b.Location}, Template: b.Template,
				Then: conversation.Then{QueueID: b.Then.QueueID, AssigneeID: b.Then.AssigneeID}},
			Reach: channel.ReachOf,
		}
		if b.To != nil {
			beginning.Kind, beginning.Address = b.To.Kind, b.To.Address
		}
		if err := s.carriesBy(tx, b.InboxID, beginning.Writing); err != nil {
			return err
		}
		got.Conversation, got.Item, fresh, err = conversation.Begin(tx, actorOf(ctx), beginning)
		return err
	})
	if fresh {
		return &begunReply{http.StatusCreated, got}, err
	}
	return &begunReply{http.StatusOK, got}, err
}

type wayList struct {
	Items []conversation.Way `json:"items" doc:"The one used last first, then by inbox."`
}

func (s *server) listWays(ctx context.Context, in *conversationInput) (*reply[wayList], error) {
	var got wayList
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		got.Items, err = conversation.Ways(tx, actorOf(ctx), in.ID, channel.ReachOf)
		return err
	})
	return ok(got, err)
}

// via is by which way a reply goes, as callers say it; nil: as the last one.
func via(inbox rapport.InboxID, to *address) *conversation.Via {
	v := &conversation.Via{InboxID: inbox, Reach: channel.ReachOf}
	if to != nil {
		v.Point = rapport.Point{Kind: to.Kind, Address: to.Address}
	}
	return v
}

type mergeable struct {
	rapport.Summary
	May conversation.Permission `json:"may"`
}

type mergeableList struct {
	Items []mergeable `json:"items" doc:"The latest first, at most 100."`
}

const shownMergeable = 100

func (s *server) listMergeable(ctx context.Context, in *conversationInput) (*reply[mergeableList], error) {
	got := mergeableList{Items: []mergeable{}}
	actor := actorOf(ctx)
	err := s.DB.View(ctx, func(tx *store.Tx) error {
		into, err := conversation.See(tx, actor, in.ID)
		if err != nil {
			return err
		}
		list, err := tx.MergeCandidates(store.Filter{Actor: actor, Contact: into.ContactID}, in.ID, shownMergeable)
		for i := range list {
			got.Items = append(got.Items, mergeable{list[i], conversation.MayMerge(actor, &into, &list[i])})
		}
		return err
	})
	return ok(got, err)
}

type mergedView struct {
	From rapport.Summary  `json:"from" doc:"The conversation that was merged into this one."`
	By   rapport.AgentRef `json:"by"`
	At   time.Time        `json:"at"`
}

type mergedList struct {
	Items []mergedView `json:"items" doc:"The latest first."`
}

func (s *server) listMerges(ctx context.Context, in *conversationInput) (*reply[mergedList], error) {
	got := mergedList{Items: []mergedView{}}
	err := s.DB.View(ctx, func(tx *store.Tx) error {
		if _, err := conversation.See(tx, actorOf(ctx), in.ID); err != nil {
			return err
		}
		list, err := tx.MergesInto(in.ID)
		if err != nil {
			return err
		}
		for _, m := range list {
			from, err := tx.Summary(m.From)
			if err != nil {
				return err
			}
			by, err := tx.AgentFacts(m.ByID, "")
			if err != nil {
				return err
			}
			got.Items = append(got.Items, mergedView{from, rapport.AgentRef{ID: m.ByID, Name: by.Agent.Name}, m.At})
		}
		return nil
	})
	return ok(got, err)
}

type previewInput struct {
	ID   rapport.ConversationID `path:"id"`
	From rapport.ConversationID `query:"from" required:"true"`
}

func (s *server) previewConversationMerge(ctx context.Context, in *previewInput) (*reply[conversation.MergeView], error) {
	var got conversation.MergeView
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		got, err = conversation.PreviewMerge(tx, actorOf(ctx), in.ID, in.From)
		return err
	})
	return ok(got, err)
}

type conversationMergeInput struct {
	ID   rapport.ConversationID `path:"id"`
	Body struct {
		From rapport.ConversationID `json:"from" doc:"The other conversation; it closes, and leads to this one."`
	}
}

func (s *server) mergeConversations(ctx context.Context, in *conversationMergeInput) (*reply[rapport.Summary], error) {
	return s.change(ctx, func(tx *store.Tx, actor rapport.Actor) (rapport.Summary, error) {
		return conversation.Merge(tx, actor, in.ID, in.Body.From)
	})
}

func (s *server) unmergeConversations(ctx context.Context, in *conversationMergeInput) (*reply[rapport.Summary], error) {
	return s.change(ctx, func(tx *store.Tx, actor rapport.Actor) (rapport.Summary, error) {
		return conversation.UndoMerge(tx, actor, in.ID, in.Body.From)
	})
}
