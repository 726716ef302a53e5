package api

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"rapport"
	"rapport/channel"
	"rapport/conversation"
	"rapport/store"
)

// togetherRoutes are what agents do with each other in a conversation, and with
// time: mentions, pins, drafts, messages that wait, snoozing, questions among
// colleagues.
func (s *server) togetherRoutes() []route {
	const get, post, put, patch, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete
	return []route{
		at(agent, get, "/conversations/{id}/colleagues", "conversations-colleagues", "Whom a note may name, and whether they may see the conversation", s.colleagues),
		at(agent, get, "/conversations/{id}/pinned", "conversations-pinned", "What is pinned to the top of the thread", s.pinned),
		at(agent, put, "/conversations/{id}/items/{seq}/pin", "conversations-pin", "Pin a message or a note", s.pin),
		at(agent, del, "/conversations/{id}/items/{seq}/pin", "conversations-unpin", "Take down what is pinned", s.unpin),
		at(agent, get, "/conversations/{id}/links", "conversations-links", "Conversations that belong to this one", s.links),
		at(agent, post, "/conversations/{id}/snooze", "conversations-snooze", "Let it sleep until a time, or until the customer writes", s.snooze),
		at(agent, get, "/conversations/{id}/snooze", "conversations-times", "Sensible times to snooze it until, or to send a message at", s.times),

		at(agent, get, "/me/drafts", "drafts-list", "What I have begun to write, the latest first", s.listDrafts),
		at(agent, get, "/conversations/{id}/drafts/{kind}", "drafts-read", "What I have begun to write in a conversation", s.readOwnDraft),
		at(agent, put, "/conversations/{id}/drafts/{kind}", "drafts-save", "Keep what I am writing; the newest wins", s.saveOwnDraft),

		at(agent, get, "/conversations/{id}/outgoing", "outgoing-list", "Messages that wait to leave, and mine that could not", s.listOutgoing),
		at(agent, patch, "/outgoing/{id}", "outgoing-change", "Change a scheduled message", s.changeOutgoing),
		at(agent, del, "/outgoing/{id}", "outgoing-undo", "Take a message back before it leaves; as a supervisor, stop somebody else's scheduled one", s.undoOutgoing),
		at(agent, post, "/outgoing/{id}/send", "outgoing-send", "Send a message that waits, now", s.sendOutgoing),

		at(agent, post, "/internal-conversations", "conversations-ask", "Ask colleagues: begin a conversation among us", s.ask, created),
	}
}

type colleaguesInput struct {
	ID    rapport.ConversationID `path:"id"`
	Q     string                 `query:"q" maxLength:"100" doc:"Part of the name."`
	Limit int                    `query:"limit" minimum:"1" maximum:"50" default:"10"`
}

type colleagueList struct {
	Items []conversation.Colleague `json:"items" doc:"Who may see it first."`
}

func (s *server) colleagues(ctx context.Context, in *colleaguesInput) (*reply[colleagueList], error) {
	var got colleagueList
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		got.Items, err = conversation.Colleagues(tx, actorOf(ctx), in.ID, in.Q, in.Limit)
		return err
	})
	return ok(got, err)
}

type pinnedList struct {
	Items []rapport.Item `json:"items" doc:"The latest pin first."`
}

func (s *server) pinned(ctx context.Context, in *conversationInput) (*reply[pinnedList], error) {
	var got pinnedList
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		if _, err = conversation.See(tx, actorOf(ctx), in.ID); err == nil {
			got.Items, err = tx.Pinned(in.ID)
		}
		return err
	})
	return ok(got, err)
}

type pinInput struct {
	ID  rapport.ConversationID `path:"id"`
	Seq int                    `path:"seq"`
}

func (s *server) setPin(ctx context.Context, in *pinInput, on bool) (*reply[rapport.Item], error) {
	var item rapport.Item
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		item, err = conversation.Pin(tx, actorOf(ctx), in.ID, in.Seq, on)
		return err
	})
	return ok(item, err)
}

func (s *server) pin(ctx context.Context, in *pinInput) (*reply[rapport.Item], error) {
	return s.setPin(ctx, in, true)
}

func (s *server) unpin(ctx context.Context, in *pinInput) (*reply[rapport.Item], error) {
	return s.setPin(ctx, in, false)
}

type linkList struct {
	Items []rapport.Summary `json:"items"`
}

func (s *server) links(ctx context.Context, in *conversationInput) (*reply[linkList], error) {
	got := linkList{Items: []rapport.Summary{}}
	err := s.DB.View(ctx, func(tx *store.Tx) error {
		actor := actorOf(ctx)
		if _, err := conversation.See(tx, actor, in.ID); err != nil {
			return err
		}
		linked, err := tx.Linked(in.ID)
		for i := range linked {
			if actor.Sees(&linked[i].Conversation) {
				got.Items = append(got.Items, linked[i])
			}
		}
		return err
	})
	return ok(got, err)
}

type snoozeInput struct {
	ID   rapport.ConversationID `path:"id"`
	Body struct {
		Until time.Time `json:"until"`
	}
}

func (s *server) snooze(ctx context.Context, in *snoozeInput) (*reply[rapport.Summary], error) {
	return s.change(ctx, func(tx *store.Tx, actor rapport.Actor) (rapport.Summary, error) {
		return conversation.Snooze(tx, actor, in.ID, in.Body.Until)
	})
}

type timesView struct {
	NextOpening time.Time `json:"next_opening,omitzero" doc:"When the conversation's queue opens next; missing when it has no hours."`
}

func (s *server) times(ctx context.Context, in *conversationInput) (*reply[timesView], error) {
	var got timesView
	err := s.DB.View(ctx, func(tx *store.Tx) error {
		v, err := conversation.See(tx, actorOf(ctx), in.ID)
		if err != nil {
			return err
		}
		got.NextOpening, err = conversation.NextOpening(tx, &v.Conversation)
		return err
	})
	return ok(got, err)
}

type draftList struct {
	Items []rapport.Draft `json:"items"`
}

// mostDrafts is how many drafts of one agent are listed.
const mostDrafts = 200

func (s *server) listDrafts(ctx context.Context, _ *noInput) (*reply[draftList], error) {
	var got draftList
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		got.Items, err = tx.Drafts(actorOf(ctx).AgentID, mostDrafts)
		return err
	})
	return ok(got, err)
}

type ownDraftInput struct {
	ID   rapport.ConversationID `path:"id"`
	Kind rapport.ItemKind       `path:"kind" enum:"message,note"`
}

func (s *server) readOwnDraft(ctx context.Context, in *ownDraftInput) (*reply[rapport.Draft], error) {
	var d rapport.Draft
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		actor := actorOf(ctx)
		if _, err = conversation.See(tx, actor, in.ID); err == nil {
			d, err = tx.Draft(actor.AgentID, in.ID, in.Kind)
		}
		return err
	})
	return ok(d, err)
}

type saveOwnDraftInput struct {
	ID   rapport.ConversationID `path:"id"`
	Kind rapport.ItemKind       `path:"kind" enum:"message,note"`
	Body struct {
		Body    string           `json:"body"`
		Content *rapport.Content `json:"content,omitempty" doc:"What it carries. Of files the ids count: finished uploads of the caller; others are left out."`
		InboxID rapport.InboxID  `json:"inbox_id,omitempty" doc:"By which inbox a reply is to go, if one was chosen."`
		Version int              `json:"version" minimum:"0" doc:"The version that this goes on from."`
	}
}

func (s *server) saveOwnDraft(ctx context.Context, in *saveOwnDraftInput) (*reply[conversation.SavedDraft], error) {
	d := rapport.Draft{ConversationID: in.ID, Kind: in.Kind, Body: in.Body.Body, Version: in.Body.Version, InboxID: in.Body.InboxID}
	if in.Body.Content != nil {
		d.Content = *in.Body.Content
	}
	var got conversation.SavedDraft
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		got, err = conversation.SaveDraft(tx, actorOf(ctx), d)
		return err
	})
	return ok(got, err)
}

// replyLater keeps a reply that is to leave later.
func (s *server) replyLater(ctx context.Context, in *writeInput) (*writtenItem, error) {
	l := conversation.Later{Undo: time.Duration(in.Body.UndoSeconds) * time.Second, OnlySilent: in.Body.OnlySilent}
	if in.Body.SendAt != nil {
		l.At = *in.Body.SendAt
	}
	var got written
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		actor := actorOf(ctx)
		if err := s.mayCarry(tx, actor, in, false); err != nil {
			return err
		}
		o, _, err := conversation.SendLater(tx, actor, in.ID, in.writing(), l)
		got.Outgoing = &o
		got.Item = rapport.Item{ConversationID: o.ConversationID, Kind: rapport.ItemMessage, By: rapport.ByAgent, AuthorID: string(o.AgentID), AuthorName: o.AgentName, Body: o.Body, Content: o.Content, ClientID: o.ClientID, At: o.CreatedAt}
		return err
	})
	return &writtenItem{http.StatusAccepted, got}, err
}

type outgoingList struct {
	Items []rapport.Outgoing `json:"items"`
}

func (s *server) listOutgoing(ctx context.Context, in *conversationInput) (*reply[outgoingList], error) {
	var got outgoingList
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		got.Items, err = conversation.Outgoings(tx, actorOf(ctx), in.ID)
		return err
	})
	return ok(got, err)
}

type outgoingInput struct {
	ID rapport.OutgoingID `path:"id"`
}

type changeOutgoingInput struct {
	ID   rapport.OutgoingID `path:"id"`
	Body struct {
		Body       *string    `json:"body,omitempty"`
		SendAt     *time.Time `json:"send_at,omitempty"`
		OnlySilent *bool      `json:"only_silent,omitempty"`
	}
}

func (s *server) changeOutgoing(ctx context.Context, in *changeOutgoingInput) (*reply[rapport.Outgoing], error) {
	var o rapport.Outgoing
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		o, err = conversation.ChangeOutgoing(tx, actorOf(ctx), in.ID, conversation.Change{Body: in.Body.Body, At: in.Body.SendAt, OnlySilent: in.Body.OnlySilent})
		if err != nil || in.Body.Body == nil {
			return err
		}
		v, err := tx.Summary(o.ConversationID)
		if err != nil || v.Internal() {
			return err
		}
		return s.carriesBy(tx, cmp.Or(o.InboxID, v.InboxID), conversation.Writing{Body: o.Body})
	})
	return ok(o, err)
}

func (s *server) undoOutgoing(ctx context.Context, in *outgoingInput) (*reply[rapport.Outgoing], error) {
	var o rapport.Outgoing
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		o, err = conversation.Undo(tx, actorOf(ctx), in.ID)
		return err
	})
	return ok(o, err)
}

func (s *server) sendOutgoing(ctx context.Context, in *outgoingInput) (*reply[rapport.Item], error) {
	var item rapport.Item
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		item, err = conversation.SendNow(tx, actorOf(ctx), in.ID)
		return err
	})
	return ok(item, err)
}

type askInput struct {
	Body struct {
		Topic          string                 `json:"topic"`
		QueueID        rapport.QueueID        `json:"queue_id"`
		AgentID        rapport.AgentID        `json:"agent_id,omitempty" doc:"Who is asked; without, whoever the queue finds."`
		ConversationID rapport.ConversationID `json:"conversation_id,omitempty" doc:"The conversation that it belongs to: each will name the other."`
		Priority       rapport.Priority       `json:"priority,omitempty" enum:"low,normal,high,urgent"`
		Body           string                 `json:"body"`
		Files          []rapport.FileID       `json:"files,omitempty" maxItems:"10" doc:"Finished uploads of the caller."`
		ClientID       string                 `json:"client_id,omitempty" maxLength:"100" doc:"The caller's own id: the same again is the same conversation."`
	}
}

func (s *server) ask(ctx context.Context, in *askInput) (*reply[rapport.Summary], error) {
	q := conversation.Question{
		Topic: in.Body.Topic, QueueID: in.Body.QueueID, AgentID: in.Body.AgentID, About: in.Body.ConversationID, Priority: in.Body.Priority,
		Writing: conversation.Writing{Body: in.Body.Body, ClientID: in.Body.ClientID, Files: in.Body.Files},
	}
	return s.change(ctx, func(tx *store.Tx, actor rapport.Actor) (rapport.Summary, error) {
		if err := s.carries(tx, channel.Note, q.Writing); err != nil {
			return rapport.Summary{}, err
		}
		v, _, err := conversation.Ask(tx, actor, q)
		return v, err
	})
}
