package rapport

import (
	"slices"
	"strings"
	"time"
)

// Standing is where a conversation stands as lists show it: its state, or that
// it is snoozed.
type Standing string

const (
	StandsOpen    Standing = "open"
	StandsPending Standing = "pending"
	StandsSnoozed Standing = "snoozed"
	StandsSolved  Standing = "solved"
	StandsClosed  Standing = "closed"
)

// Standings in their order: A–Z among those that are worked on (S3-89), then
// what is over.
var Standings = []Standing{StandsOpen, StandsPending, StandsSnoozed, StandsSolved, StandsClosed}

// Rank is the place of a standing in their order, from 1; 0 for an unknown one.
func (s Standing) Rank() int { return slices.Index(Standings, s) + 1 }

// Standing tells where a conversation stands.
func (c *Conversation) Standing() Standing {
	if c.MergedInto != "" {
		return "merged" // in no list: it is in the other one
	}
	if c.State == Pending && !c.SnoozedUntil.IsZero() {
		return StandsSnoozed
	}
	return Standing(c.State)
}

// ListedAt is the moment that lists are sorted by: of the last message while a
// conversation is worked on (S3-89), of its end afterwards (S3-90).
func (c *Conversation) ListedAt() time.Time {
	for _, at := range []time.Time{when(c.State == Closed, c.ClosedAt), when(!c.State.Active(), c.SolvedAt), c.LastAt} {
		if !at.IsZero() {
			return at
		}
	}
	return c.OpenedAt
}

func when(applies bool, at time.Time) time.Time {
	if applies {
		return at
	}
	return time.Time{}
}

// Order is the place of a conversation in sorted lists.
type Order struct {
	At       int64  `json:"at" doc:"Of the last message, or of its end; milliseconds since 1970."`
	Customer string `json:"customer" doc:"The customer's name, else phone number or ID, without case and accents."`
	Queue    string `json:"queue" doc:"The queue's name without case and accents; the default queue's comes first."`
}

// ListView is what a list is taken from (S3-87).
type ListView string

const (
	ViewMine       ListView = "mine"
	ViewUnassigned ListView = "unassigned"
	ViewAll        ListView = "all"
	ViewChatbots   ListView = "chatbots"
	ViewHistory    ListView = "history"
	ViewAny        ListView = "any" // whatever its state
)

// ListSort is how a list is sorted.
type ListSort string

const (
	SortWaiting  ListSort = "waiting"  // who waits comes first
	SortOldest   ListSort = "oldest"   // oldest pending, or oldest closed
	SortLatest   ListSort = "latest"   // latest pending, or latest closed
	SortStatus   ListSort = "status"   // A–Z
	SortCustomer ListSort = "customer" // A–Z, else phone number or ID
	SortQueue    ListSort = "queue"    // the default queue on top, the rest A–Z
)

// sorts of each view, the default first (S3-89, S3-90).
var sorts = map[ListView][]ListSort{
	ViewMine:       {SortWaiting, SortOldest, SortLatest, SortStatus, SortCustomer, SortQueue},
	ViewUnassigned: {SortWaiting, SortOldest, SortLatest, SortStatus, SortCustomer, SortQueue},
	ViewAll:        {SortOldest, SortLatest, SortStatus, SortCustomer, SortQueue},
	ViewChatbots:   {SortLatest, SortOldest, SortStatus, SortCustomer, SortQueue},
	ViewHistory:    {SortOldest, SortLatest, SortCustomer, SortQueue},
	ViewAny:        {SortLatest, SortOldest, SortStatus, SortCustomer, SortQueue},
}

// Sorts are those of a view, the default first; none for an unknown view.
func (v ListView) Sorts() []ListSort { return sorts[v] }

// Standings are those that a view holds.
func (v ListView) Standings() []Standing {
	switch v {
	case ViewHistory:
		return Standings[3:]
	case ViewAny:
		return Standings
	}
	return Standings[:3]
}

// Assignees of a filter that are not agents.
const (
	AssigneeMe     AgentID = "me"   // whoever looks
	AssigneeNobody AgentID = "none" // no agent
)

// mostFiltered is how many values one member of a filter may name.
const mostFiltered = 50

// Rated is what a customer answered in a survey: a score of 1 to 5, or that they
// did not (yet).
type Rated string

// NotRated stands for who was asked and has not answered.
const NotRated Rated = "none"

// Score is the number of an answer, 0 for none; false for what is neither.
func (r Rated) Score() (int, bool) {
	if r == NotRated {
		return 0, true
	}
	score := strings.Index("12345", string(r)) + 1
	return score, len(r) == 1 && score > 0
}

// ListFilter narrows a list. Values of one member are alternatives; empty
// members narrow nothing.
type ListFilter struct {
	Queues       []QueueID       `json:"queues,omitempty"`
	Inboxes      []InboxID       `json:"inboxes,omitempty"`
	Channels     []string        `json:"channels,omitempty" doc:"Kinds of channels, such as web."`
	Assignees    []AgentID       `json:"assignees,omitempty" doc:"Ids of agents; me is whoever looks, none is nobody."`
	Statuses     []Standing      `json:"statuses,omitempty"`
	Priorities   []Priority      `json:"priorities,omitempty"`
	Tags         []string        `json:"tags,omitempty" doc:"Has one of these."`
	Dispositions []DispositionID `json:"dispositions,omitempty"`
	Ratings      []Rated         `json:"ratings,omitempty" doc:"The customer answered the survey with one of these; none for who was asked and did not answer."`
	Commented    bool            `json:"commented,omitempty" doc:"The customer answered the survey with a comment."`
	WaitsMinutes int             `json:"waits_minutes,omitempty" doc:"The customer has been waiting at least this long."`
	Topic        string          `json:"topic,omitempty" doc:"The topic contains this text, whatever its case."`
}

// Empty tells whether the filter narrows nothing.
func (f *ListFilter) Empty() bool {
	return len(f.Queues)+len(f.Inboxes)+len(f.Channels)+len(f.Assignees)+len(f.Statuses)+len(f.Priorities)+len(f.Tags)+len(f.Dispositions)+len(f.Ratings)+f.WaitsMinutes == 0 && f.Topic == "" && !f.Commented
}

// Validate checks a filter; what it names need not exist any more.
func (f *ListFilter) Validate() error {
	for name, n := range map[string]int{"queues": len(f.Queues), "inboxes": len(f.Inboxes), "channels": len(f.Channels), "assignees": len(f.Assignees),
		"tags": len(f.Tags), "dispositions": len(f.Dispositions)} {
		if n > mostFiltered {
			return Invalidf("filter."+name, "A filter names at most %d %s; there are %d.", mostFiltered, name, n)
		}
	}
	for _, s := range f.Statuses {
		if s.Rank() == 0 {
			return Invalidf("filter.statuses", "%q is not a status; use open, pending, snoozed, solved or closed.", s)
		}
	}
	for _, p := range f.Priorities {
		if p.Rank() == 0 {
			return Invalidf("filter.priorities", "%q is not a priority; use low, normal, high or urgent.", p)
		}
	}
	for _, r := range f.Ratings {
		if _, known := r.Score(); !known {
			return Invalidf("filter.ratings", "%q is no answer to a survey; use 1, 2, 3, 4, 5 or none.", r)
		}
	}
	if f.WaitsMinutes < 0 || f.WaitsMinutes > 60*24*365 {
		return Invalidf("filter.waits_minutes", "The waiting time is a number of minutes, at most a year.")
	}
	if f.Topic = strings.TrimSpace(f.Topic); len(f.Topic) > 200 {
		return Invalidf("filter.topic", "The text is %d bytes long; at most 200 are allowed.", len(f.Topic))
	}
	return nil
}

// Listing says which conversations a list shows, and how they are sorted.
type Listing struct {
	View   ListView   `json:"view" enum:"mine,unassigned,all,chatbots,history,any"`
	Filter ListFilter `json:"filter,omitempty"`
	Sort   ListSort   `json:"sort,omitempty" doc:"Empty for the default of the view (S3-89, S3-90)." enum:",waiting,oldest,latest,status,customer,queue"`
}

// Validate checks a listing and names the default sort.
func (l *Listing) Validate() error {
	known := l.View.Sorts()
	if len(known) == 0 {
		return Invalidf("view", "%q is not a view; use mine, unassigned, all, chatbots, history or any.", l.View)
	}
	if l.Sort == "" {
		l.Sort = known[0]
	}
	if !slices.Contains(known, l.Sort) {
		words := make([]string, len(known))
		for i, s := range known {
			words[i] = string(s)
		}
		return Invalidf("sort", "The view %s cannot be sorted by %q; use one of %s.", l.View, l.Sort, strings.Join(words, ", "))
	}
	return l.Filter.Validate()
}
