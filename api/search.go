package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"rapport"
	"rapport/conversation"
	"rapport/search"
	"rapport/store"
)

func (s *server) searchRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	return []route{
		at(agent, get, "/search", "search-find", "Find conversations, messages and customers that I may see", s.search),
		at(agent, get, "/conversations/{id}/find", "search-within", "Find a text in all of a conversation", s.searchWithin),
		at(admin, get, "/search/state", "search-state", "How complete the index of search is", s.searchState),
		at(admin, post, "/search/rebuild", "search-rebuild", "Go through everything again and mend the index of search", s.rebuildSearch),
	}
}

type searchInput struct {
	Text   string          `query:"q" maxLength:"500" doc:"Words, the starts of words, a telephone number in any form, or a part of an e-mail address. Only the first 200 bytes count."`
	Groups []string        `query:"groups" enum:"conversations,messages,customers" doc:"What to look for, separated by commas; everything when left out."`
	Queue  rapport.QueueID `query:"queue" doc:"Only conversations that are in this queue."`
	Agent  rapport.AgentID `query:"agent" doc:"Only conversations that this agent has, or had last."`
	From   time.Time       `query:"from" doc:"Not before."`
	To     time.Time       `query:"to" doc:"Not after."`
	Limit  int             `query:"limit" minimum:"1" maximum:"50" default:"6" doc:"Of each group."`
	Cursor string          `query:"cursor" maxLength:"30" doc:"For more messages: next of the page before."`
}

type searchAnswer struct {
	search.Results
	Next     string        `json:"next" doc:"Cursor for more messages; empty at the end."`
	Indexing *search.State `json:"indexing,omitempty" doc:"The index is not complete yet: this is how far it is."`
}

func (s *server) search(ctx context.Context, in *searchInput) (*reply[searchAnswer], error) {
	var got searchAnswer
	q := search.Query{Text: in.Text, Groups: in.Groups, Queue: in.Queue, Agent: in.Agent, From: in.From, To: in.To, Limit: in.Limit}
	if in.Cursor != "" {
		before, err := strconv.ParseInt(in.Cursor, 36, 64)
		if err != nil || before <= 0 {
			return nil, rapport.Invalidf("cursor", "The cursor %q is not one of this list; take next of the page before.", in.Cursor)
		}
		q.Before = before
	}
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		if got.Results, err = search.Find(tx, actorOf(ctx), q); err != nil {
			return err
		}
		state, err := search.Past(tx)
		if !state.Complete() {
			got.Indexing = &state
		}
		return err
	})
	if err = s.doubted(err); err == nil && got.Results.Next > 0 {
		got.Next = strconv.FormatInt(got.Results.Next, 36)
	}
	return ok(got, err)
}

type withinInput struct {
	ID   rapport.ConversationID `path:"id"`
	Text string                 `query:"q" maxLength:"500"`
}

func (s *server) searchWithin(ctx context.Context, in *withinInput) (*reply[search.Within], error) {
	var got search.Within
	err := s.DB.View(ctx, func(tx *store.Tx) error {
		_, err := conversation.See(tx, actorOf(ctx), in.ID)
		if err == nil {
			got, err = search.FindWithin(tx, in.ID, in.Text)
		}
		return err
	})
	return ok(got, err)
}

func (s *server) searchState(ctx context.Context, _ *noInput) (*reply[search.State], error) {
	var got search.State
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		got, err = search.StateOf(tx)
		return err
	})
	return ok(got, err)
}

func (s *server) rebuildSearch(ctx context.Context, _ *noInput) (*nothing, error) {
	if err := search.Mend(ctx, s.DB); err != nil {
		return nil, err
	}
	return &nothing{}, s.DB.Index(ctx, search.Restart)
}

// doubted has the index looked at when a search met what is damaged.
func (s *server) doubted(err error) error {
	if !store.Damaged(err) {
		return err
	}
	s.DB.DoubtIndex()
	return &rapport.Error{Kind: rapport.Unavailable, Code: "index_damaged", Message: "The index of search is damaged and is being mended; try again in a moment.", Cause: err}
}

// aroundItem reads a page with an item in its middle.
func aroundItem(tx *store.Tx, in *itemsInput, got *itemPage) error {
	around := in.Around
	if item, err := tx.Item(in.ID, in.Around); err == nil {
		around = item.InOrder()
	}
	before, err := tx.Items(in.ID, 0, around+1, (in.Limit+1)/2+1)
	if err != nil {
		return err
	}
	if got.More = len(before) > (in.Limit+1)/2; got.More {
		before = before[len(before)-(in.Limit+1)/2:]
	}
	rest := in.Limit - len(before)
	after, err := tx.Items(in.ID, around, 0, rest+1)
	if err != nil {
		return err
	}
	if got.Later = len(after) > rest; got.Later {
		after = after[:rest]
	}
	got.Items = append(before, after...)
	return nil
}
