package store

import "rapport"

// MostCounted is as far as the numbers beside the views count: one more means
// that there are more.
const MostCounted = 999

// Counts are the numbers beside the views. They are counted in indexes and no
// further than MostCounted, so that they cost the same however much there is.
type Counts struct {
	Mine       int `json:"mine" doc:"Each number is at most 1000, which stands for more than 999."`
	Unassigned int `json:"unassigned"`
	Chatbots   int `json:"chatbots" doc:"Held by bots (S3-87)."`
	All        int `json:"all"`
}

// Counts counts the views of an actor.
func (tx *Tx) Counts(a rapport.Actor) (n Counts, err error) {
	for view, into := range map[rapport.ListView]*int{
		rapport.ViewMine: &n.Mine, rapport.ViewUnassigned: &n.Unassigned, rapport.ViewChatbots: &n.Chatbots, rapport.ViewAll: &n.All,
	} {
		l := rapport.Listing{View: view}
		if err := l.Validate(); err != nil {
			return n, err
		}
		if view == rapport.ViewAll || view == rapport.ViewChatbots {
			l.Sort = rapport.SortOldest
		}
		count, more, err := tx.Count(ListQuery{Listing: l, Actor: a}, MostCounted)
		if err != nil {
			return n, err
		}
		if more {
			count = MostCounted + 1
		}
		*into = count
	}
	return n, nil
}
