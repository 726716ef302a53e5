package rapport

import "slices"

// Begins says to whom a channel can write first.
type Begins string

const (
	BeginsNever   Begins = ""        // only answers
	BeginsAddress Begins = "address" // to any address of its kinds
	BeginsVisitor Begins = "visitor" // to customers who were there before and may come back
)

// Reach says whom a channel can write to.
type Reach struct {
	Begins Begins      `json:"begins" enum:",address,visitor" doc:"To whom an agent can write first: address, to any address of its kinds; visitor, to customers whose browser was there before and may come back; empty, to nobody (S3-20)."`
	Points []PointKind `json:"points,omitempty" doc:"Kinds of addresses that it writes to."`
}

// Writes tells whether an inbox with this reach writes to a point. Points of
// kind visitor and external belong to one inbox.
func (r Reach) Writes(inbox InboxID, p Point) bool {
	if !slices.Contains(r.Points, p.Kind) {
		return false
	}
	if p.Kind == PointVisitor || p.Kind == PointExternal {
		owner := string(inbox) + ":"
		return len(p.Address) > len(owner) && p.Address[:len(owner)] == owner
	}
	return true
}

// Senders are the inboxes that a queue writes from (S3-63…S3-67). While no queue
// of the account has any, every inbox may be used everywhere.
type Senders struct {
	Inboxes  []InboxID `json:"inboxes,omitempty" doc:"What its conversations may be answered from; empty: only from the defaults."`
	Defaults []InboxID `json:"defaults,omitempty" doc:"At most one of each channel: what its agents begin conversations from, and what an answer goes out from when nothing else was used."`
}

// Empty tells whether nothing is configured.
func (s *Senders) Empty() bool { return len(s.Inboxes) == 0 && len(s.Defaults) == 0 }

const mostSenders = 200

// Validate checks what an admin typed. channels names the channel of each inbox
// that there is.
func (s *Senders) Validate(channels map[InboxID]string) error {
	if len(s.Inboxes) > mostSenders || len(s.Defaults) > mostSenders {
		return Invalidf("senders", "A queue has at most %d senders.", mostSenders)
	}
	of := map[string]InboxID{}
	for _, id := range s.Inboxes {
		if channels[id] == "" {
			return Invalidf("senders.inboxes", "There is no inbox %q.", id)
		}
	}
	for _, id := range s.Defaults {
		channel := channels[id]
		switch {
		case channel == "":
			return Invalidf("senders.defaults", "There is no inbox %q.", id)
		case of[channel] != "" && of[channel] != id:
			return Invalidf("senders.defaults", "A queue has one default sender per channel; two of the channel %s are named.", channel)
		case len(s.Inboxes) > 0 && !slices.Contains(s.Inboxes, id):
			return Invalidf("senders.defaults", "A default sender must be one of the queue's senders.")
		}
		of[channel] = id
	}
	s.Inboxes, s.Defaults = unique(s.Inboxes), unique(s.Defaults)
	return nil
}

// Without returns the senders without one inbox, and whether that made a difference.
func (s Senders) Without(id InboxID) (Senders, bool) {
	is := func(other InboxID) bool { return other == id }
	if !slices.ContainsFunc(s.Inboxes, is) && !slices.ContainsFunc(s.Defaults, is) {
		return s, false
	}
	return Senders{slices.DeleteFunc(slices.Clone(s.Inboxes), is), slices.DeleteFunc(slices.Clone(s.Defaults), is)}, true
}

func unique(ids []InboxID) []InboxID {
	var list []InboxID
	for _, id := range ids {
		if !slices.Contains(list, id) {
			list = append(list, id)
		}
	}
	return list
}
