package conversation

import (
	"cmp"
	"slices"
	"strings"

	"rapport"
	"rapport/store"
)

// Via is by which inbox, and to which of the customer's points, an answer goes.
type Via struct {
	InboxID rapport.InboxID
	Point   rapport.Point
	Reach   Reach
}

// Way is one way to answer a customer (S3-33).
type Way struct {
	Inbox     rapport.InboxRef       `json:"inbox"`
	Point     rapport.Point          `json:"point"`
	Last      bool                   `json:"last" doc:"Used last in this conversation."`
	Chosen    bool                   `json:"chosen" doc:"The one that an answer takes when nothing else is chosen. None has it when somebody must choose (S3-66)."`
	OK        bool                   `json:"ok"`
	Why       string                 `json:"why,omitempty" doc:"Why it cannot be used."`
	Ongoing   rapport.ConversationID `json:"ongoing,omitempty" doc:"Another conversation with the customer is ongoing there: merge it, or go on in it (S3-25)."`
	DefaultIn []rapport.QueueRef     `json:"default_in,omitempty" doc:"Queues whose default sender of its channel the inbox is (S3-67)."`
}

func samePoint(a, b rapport.Point) bool { return a.Kind == b.Kind && a.Address == b.Address }

// visitGone is why a customer who fetches answers will not see one.
const visitGone = "The customer has to be on the website, or come back to it with the same browser, and this one's visit has ended."

// Ways lists by what a customer can be answered in a conversation: each inbox
// with each of their points that it writes to. What the queue does not write
// from is left out, but for the way that was used last.
func Ways(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID, reach Reach) ([]Way, error) {
	s, err := See(tx, actor, id)
	if err != nil {
		return nil, err
	}
	config, err := tx.Configuration()
	if err != nil {
		return nil, err
	}
	contact, err := tx.Contact(s.ContactID)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(contact.Points, func(p rapport.Point) bool { return samePoint(p, s.Point) }) && s.Point.Address != "" {
		contact.Points = append(contact.Points, s.Point)
	}
	allowed, strict := replySenders(config, s.QueueID)
	inbox := preferred(config, &s)
	list := []Way{}
	for _, i := range config.Inboxes {
		begin := len(list)
		for _, p := range contact.Points {
			w := Way{Inbox: rapport.InboxRef{ID: i.ID, Name: i.Name, Channel: i.Channel}, Point: p, OK: true, Last: i.ID == s.InboxID && samePoint(p, s.Point), DefaultIn: defaultIn(config, i.ID)}
			if !w.Last && (!i.Enabled || !reach(i.Channel).Writes(i.ID, p) || strict && !slices.Contains(allowed, i.ID)) {
				continue
			}
			if w.OK, w.Why, err = passable(tx, config, &s, i, p, w.Last); err != nil {
				return nil, err
			}
			list = append(list, w)
		}
		if len(list) == begin || i.ID == s.InboxID {
			continue
		}
		other, err := elsewhere(tx, &s, i.ID)
		if err != nil {
			return nil, err
		}
		for n := begin; n < len(list); n++ {
			list[n].Ongoing = other
		}
	}
	slices.SortFunc(list, func(a, b Way) int {
		first := func(w Way) int {
			if w.Last {
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(first(a), first(b)), cmp.Compare(strings.ToLower(a.Inbox.Name), strings.ToLower(b.Inbox.Name)), cmp.Compare(a.Inbox.ID, b.Inbox.ID), cmp.Compare(a.Point.Address, b.Point.Address))
	})
	choose(list, inbox)
	return list, nil
}

// choose marks the way that an answer takes: from an inbox, by the point used
// last, else by the first that it writes to.
func choose(list []Way, inbox rapport.InboxID) {
	best := -1
	for i := range list {
		if list[i].Inbox.ID == inbox && list[i].OK && (best < 0 || list[i].Last) {
			best = i
		}
	}
	if best >= 0 {
		list[best].Chosen = true
	}
}

// passable tells whether an answer may go out by an inbox to a point, which the
// channel could write to. The way that was used last stays open to customers
// who fetch their answers: they may be back any moment.
func passable(tx *store.Tx, config *store.Configuration, s *rapport.Summary, i *rapport.Inbox, p rapport.Point, last bool) (bool, string, error) {
	if i == nil || !i.Enabled {
		return false, "The inbox was removed or switched off.", nil
	}
	if allowed, strict := replySenders(config, s.QueueID); strict && !slices.Contains(allowed, i.ID) {
		return false, s.QueueName + " does not write from " + i.Name + ".", nil
	}
	if !i.Pulls || last {
		return true, "", nil
	}
	fetches, err := tx.Fetches(i.ID, p)
	if err != nil || fetches {
		return true, "", err
	}
	return false, visitGone, nil
}

// elsewhere is another conversation of the customer that is ongoing in an inbox.
func elsewhere(tx *store.Tx, s *rapport.Summary, inbox rapport.InboxID) (rapport.ConversationID, error) {
	id, err := tx.OngoingWith(s.ContactID, inbox)
	if id == s.ID {
		id = ""
	}
	return id, err
}

// send makes an answer go by a way, which becomes the conversation's: later
// messages of the customer from every inbox that was used, and from new addresses
// of theirs, belong to it until it is closed (S3-42). It returns the point that
// the item has to name, nil if that is the conversation's anyhow.
func send(tx *store.Tx, actor rapport.Actor, s *rapport.Summary, via *Via) (*rapport.Point, error) {
	way, err := passage(tx, actor, s, via)
	if err != nil || way.inbox == nil || way.last {
		return nil, err
	}
	return &way.point, turn(tx, s, way.inbox, way.point)
}

// taken is the way that an answer takes. Without an inbox it is the
// conversation's, and nobody chose.
type taken struct {
	inbox *rapport.Inbox
	point rapport.Point
	last  bool // as the last message went
}

// passage finds the way that an answer takes, and refuses one that it may not.
func passage(tx *store.Tx, actor rapport.Actor, s *rapport.Summary, via *Via) (taken, error) {
	config, err := tx.Configuration()
	if err != nil {
		return taken{}, err
	}
	if via == nil || via.InboxID == "" {
		return unchosen(tx, actor, config, s, via)
	}
	i := config.Inboxes[via.InboxID]
	if i == nil || !i.Enabled {
		return taken{}, rapport.Invalidf("inbox_id", "There is no inbox %q, or it is switched off.", via.InboxID)
	}
	p := via.Point
	last := i.ID == s.InboxID && (p.Address == "" || samePoint(p, s.Point))
	if last {
		p = s.Point
	} else if p, err = ownPoint(tx, s.ContactID, i, p, via.Reach); err != nil {
		return taken{}, err
	}
	return open(tx, actor, config, s, taken{i, p, last})
}

// unchosen is the way where nobody chose.
func unchosen(tx *store.Tx, actor rapport.Actor, config *store.Configuration, s *rapport.Summary, via *Via) (taken, error) {
	id := preferred(config, s)
	if id == s.InboxID || s.Internal() {
		return taken{}, nil // leaving says if it is off
	}
	i := config.Inboxes[id]
	if i == nil {
		return taken{}, rapport.Errorf(rapport.Conflict, "choose_sender", "%s does not write from %s; choose an inbox to send from (inbox_id).", s.QueueName, s.InboxName)
	}
	var reach Reach
	if via != nil {
		reach = via.Reach
	}
	p, err := ownPoint(tx, s.ContactID, i, s.Point, reach)
	if err != nil {
		return taken{}, err
	}
	return open(tx, actor, config, s, taken{i, p, false})
}

// ownPoint is a point of a customer that an inbox writes to: the named one, or
// the first if none is named.
func ownPoint(tx *store.Tx, id rapport.ContactID, i *rapport.Inbox, named rapport.Point, reach Reach) (rapport.Point, error) {
	contact, err := tx.Contact(id)
	if err != nil {
		return named, err
	}
	writes := func(p rapport.Point) bool { return reach == nil || reach(i.Channel).Writes(i.ID, p) }
	for _, p := range contact.Points {
		switch {
		case named.Address == "" && writes(p), samePoint(named, p) && writes(p):
			return p, nil
		case samePoint(named, p):
			return p, rapport.Invalidf("point", "%s cannot write to %s.", i.Name, rapport.ShownName("", p))
		}
	}
	if named.Address == "" {
		return named, rapport.Invalidf("point", "The customer has no address that %s can write to.", i.Name)
	}
	return named, rapport.Invalidf("point", "%s is not an address of this customer.", rapport.ShownName("", named))
}

// open refuses a way that is not passable, and one where another conversation
// with the customer is ongoing.
func open(tx *store.Tx, actor rapport.Actor, config *store.Configuration, s *rapport.Summary, way taken) (taken, error) {
	ok, why, err := passable(tx, config, s, way.inbox, way.point, way.last)
	if err != nil {
		return way, err
	}
	if !ok {
		return way, rapport.Errorf(rapport.Conflict, "sender_not_usable", "%s", why)
	}
	if way.inbox.ID == s.InboxID {
		return way, nil
	}
	other, err := elsewhere(tx, s, way.inbox.ID)
	if err != nil || other == "" {
		return way, err
	}
	return way, ongoingElsewhere(tx, actor, way.inbox.Name, other)
}

// turn makes a way the conversation's.
func turn(tx *store.Tx, s *rapport.Summary, i *rapport.Inbox, p rapport.Point) error {
	if err := tx.KeepPoint(&s.Conversation); err != nil {
		return err
	}
	if i.ID != s.InboxID {
		for _, inbox := range []rapport.InboxID{s.InboxID, i.ID, ""} {
			if err := tx.Join(s.ContactID, inbox, s.ID); err != nil {
				return err
			}
		}
		s.InboxID, s.InboxName, s.Channel = i.ID, i.Name, i.Channel
	}
	s.Point = p
	return nil
}

// ongoingElsewhere is what an agent hears who would make a second ongoing
// conversation of one customer in an inbox (S3-25).
func ongoingElsewhere(tx *store.Tx, actor rapport.Actor, inbox string, id rapport.ConversationID) error {
	s, err := tx.Summary(id)
	if err != nil {
		return err
	}
	refusal := rapport.Errorf(rapport.Conflict, "ongoing_elsewhere", "Another conversation with this customer is ongoing in %s; merge the two, or go on there.", inbox)
	if actor.Sees(&s.Conversation) {
		return refusal.With("conversation", refOf(&s))
	}
	return rapport.Errorf(rapport.Conflict, "ongoing_elsewhere", "Another conversation with this customer is ongoing in %s, in a queue that you do not see; ask a supervisor.", inbox)
}

// ConversationRef is as much of a conversation as a refusal tells.
type ConversationRef struct {
	ID          rapport.ConversationID `json:"id"`
	ContactName string                 `json:"contact_name"`
	InboxName   string                 `json:"inbox_name"`
	QueueName   string                 `json:"queue_name"`
	State       rapport.State          `json:"state"`
	Assignee    *rapport.AgentRef      `json:"assignee,omitempty"`
	LastText    string                 `json:"last_text"`
}

func refOf(s *rapport.Summary) ConversationRef {
	r := ConversationRef{ID: s.ID, ContactName: s.ContactName, InboxName: s.InboxName, QueueName: s.QueueName, State: s.State, LastText: s.LastText}
	if s.Assignee != "" {
		r.Assignee = &rapport.AgentRef{ID: s.Assignee, Name: s.AssigneeName}
	}
	return r
}

// arrive makes the way that a customer's message came by the conversation's, so
// that answers take it (S3-33). The result is the point that the item has to name.
func arrive(tx *store.Tx, s *rapport.Summary, i *rapport.Inbox, p rapport.Point) (*rapport.Point, error) {
	if s.InboxID == i.ID && samePoint(s.Point, p) {
		return nil, nil
	}
	return &p, turn(tx, s, i, p)
}
