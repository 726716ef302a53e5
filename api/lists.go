package api

import (
	"context"
	"strings"

	"rapport"
	"rapport/store"
)

func (s *server) listRoutes() []route {
	return []route{
		at(agent, "GET", "/conversations", "conversations-list", "List conversations that I may see", s.listConversations),
		at(agent, "GET", "/counts", "conversations-counts", "How many conversations each view has", s.counts),
	}
}

// ListingInput is a listing as the query of a request.
type ListingInput struct {
	View        rapport.ListView `query:"view" enum:"mine,unassigned,chatbots,all,history,any" default:"all"`
	Sort        rapport.ListSort `query:"sort" enum:"waiting,oldest,latest,status,customer,queue" doc:"All work: oldest (pending; the default), latest, status, customer, queue. History: oldest (closed; the default), latest, customer, queue."`
	Queue       []string         `query:"queue,explode" maxItems:"50" doc:"Only in one of these queues."`
	Inbox       []string         `query:"inbox,explode" maxItems:"50"`
	Channel     []string         `query:"channel,explode" maxItems:"50" doc:"Only of one of these kinds of channels."`
	Assignee    []string         `query:"assignee,explode" maxItems:"50" doc:"Ids of agents; me for myself, none for nobody."`
	Status      []string         `query:"status,explode" maxItems:"5" doc:"open, pending, snoozed, solved, closed."`
	State       rapport.State    `query:"state" enum:"open,pending,solved,closed" doc:"One state; pending includes snoozed."`
	Priority    []string         `query:"priority,explode" maxItems:"4" doc:"low, normal, high, urgent."`
	Tag         []string         `query:"tag,explode" maxItems:"50" doc:"Only with one of these tags."`
	Disposition []string         `query:"disposition,explode" maxItems:"50"`
	Rating      []string         `query:"rating,explode" maxItems:"6" doc:"Only whose customer answered the survey with one of these: 1 to 5; none for asked and not answered."`
	Commented   bool             `query:"commented" doc:"Only whose customer answered the survey with a comment."`
	Waits       int              `query:"waits" minimum:"0" doc:"Only whose customer has been waiting at least so many minutes."`
	Topic       string           `query:"topic" maxLength:"200" doc:"Only whose topic contains this."`
}

func words[T ~string](list []string) (out []T) {
	for _, w := range list {
		if w = strings.TrimSpace(w); w != "" {
			out = append(out, T(w))
		}
	}
	return out
}

// listing reads the query.
func (in *ListingInput) listing() (rapport.Listing, error) {
	l := rapport.Listing{View: in.View, Sort: in.Sort, Filter: rapport.ListFilter{
		Queues: words[rapport.QueueID](in.Queue), Inboxes: words[rapport.InboxID](in.Inbox), Channels: words[string](in.Channel),
		Assignees: words[rapport.AgentID](in.Assignee), Statuses: words[rapport.Standing](in.Status), Priorities: words[rapport.Priority](in.Priority),
		Tags: words[string](in.Tag), Dispositions: words[rapport.DispositionID](in.Disposition), Ratings: words[rapport.Rated](in.Rating), Commented: in.Commented, WaitsMinutes: in.Waits, Topic: in.Topic,
	}}
	if in.State != "" {
		l.Filter.Statuses = append(l.Filter.Statuses, rapport.Standing(in.State))
		if in.State == rapport.Pending {
			l.Filter.Statuses = append(l.Filter.Statuses, rapport.StandsSnoozed)
		}
	}
	return l, l.Validate()
}

type conversationsInput struct {
	ListingInput
	Contact rapport.ContactID `query:"contact" doc:"All conversations of this customer, whatever the view."`
	Cursor  string            `query:"cursor"`
	Limit   int               `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type conversationPage struct {
	Items []rapport.Summary `json:"items"`
	Next  string            `json:"next" doc:"Cursor of the next page, empty at the end. A page of a narrow filter may be short, or even empty, before the end."`
}

func (s *server) listConversations(ctx context.Context, in *conversationsInput) (*reply[conversationPage], error) {
	l, err := in.listing()
	if err != nil {
		return nil, err
	}
	if in.Contact != "" {
		l = rapport.Listing{View: rapport.ViewAny, Sort: rapport.SortLatest, Filter: l.Filter}
	}
	name := string(l.View) + "." + string(l.Sort) + string(in.Contact)
	from, err := parsePlace(name, in.Cursor)
	if err != nil {
		return nil, err
	}
	q := store.ListQuery{Listing: l, Actor: actorOf(ctx), Contact: in.Contact, Limit: in.Limit}
	if from.ID != "" {
		q.After = &store.Place{Group: from.Group, Key: from.Text, At: from.N, ID: from.ID}
	}
	var got conversationPage
	err = s.DB.View(ctx, func(tx *store.Tx) error {
		p, err := tx.List(q)
		if got.Items = p.Items; p.Next != nil {
			got.Next = place{List: name, Group: p.Next.Group, Text: p.Next.Key, N: p.Next.At, ID: p.Next.ID}.String()
		}
		return err
	})
	return ok(got, err)
}

func (s *server) counts(ctx context.Context, _ *noInput) (*reply[store.Counts], error) {
	var n store.Counts
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		n, err = tx.Counts(actorOf(ctx))
		return err
	})
	return ok(n, err)
}
