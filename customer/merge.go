package customer

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"rapport"
	"rapport/routing"
	"rapport/store"
)

// Side is one of the two of a merge.
type Side string

const (
	Into Side = "into" // the one who survives
	From Side = "from"
)

// Choice is what a person decides about a merge. What is left out follows the
// survivor, where they have a value.
type Choice struct {
	Name   Side                                       `json:"name,omitempty" enum:"into,from" doc:"Whose name wins."`
	Fields map[string]Side                            `json:"fields,omitempty" doc:"Whose value wins, by field: into or from."`
	Stay   map[rapport.InboxID]rapport.ConversationID `json:"stay,omitempty" doc:"Where both have an open conversation in an inbox: the one that stays. The other one's thread goes into it."`
}

// MergeField is one value that both may have.
type MergeField struct {
	Name  string `json:"name"`
	Into  string `json:"into,omitempty"`
	From  string `json:"from,omitempty"`
	Wins  Side   `json:"wins" enum:"into,from" doc:"Unless another side is chosen."`
	Clash bool   `json:"clash,omitempty" doc:"Both have a value, and not the same."`
}

// BondLine is whom a customer comes back to.
type BondLine struct {
	AgentID rapport.AgentID `json:"agent_id"`
	Name    string          `json:"name"`
	EndedAt time.Time       `json:"ended_at"`
	Side    Side            `json:"side" enum:"into,from" doc:"Whose it is today."`
}

// StickyLine is a sticky agent who is named for one of the two.
type StickyLine struct {
	ID        rapport.StickyID `json:"id"`
	Title     string           `json:"title"`
	AgentName string           `json:"agent_name"`
	Side      Side             `json:"side" enum:"into,from"`
	Leads     bool             `json:"leads,omitempty" doc:"Decides once they are one."`
}

// Preview is what a merge would do.
type Preview struct {
	Into          rapport.Contact `json:"into" doc:"The one who survives."`
	From          rapport.Contact `json:"from"`
	IntoName      string          `json:"into_name"`
	FromName      string          `json:"from_name"`
	Name          MergeField      `json:"name"`
	Fields        []MergeField    `json:"fields"`
	Tags          []string        `json:"tags" doc:"Of both."`
	Points        []rapport.Point `json:"points" doc:"That move."`
	Conversations int             `json:"conversations" doc:"That move."`
	Bonds         []BondLine      `json:"bonds" doc:"The latest first; the first one leads."`
	Sticky        []StickyLine    `json:"sticky"`
	Clashes       []Clash         `json:"clashes" doc:"Conversations that are ongoing in one inbox on both sides."`
}

// kept is what a merge keeps to be undone.
type kept struct {
	Into          rapport.Contact          `json:"into"`
	From          rapport.Contact          `json:"from"`
	After         rapport.Contact          `json:"after"` // the survivor as the merge left them
	Conversations []rapport.ConversationID `json:"conversations"`
	BondsInto     []store.Affinity         `json:"bonds_into"`
	BondsFrom     []store.Affinity         `json:"bonds_from"`
	BondsAfter    []store.Affinity         `json:"bonds_after"`
	Closed        []closed                 `json:"closed,omitempty"`
	Threads       []thread                 `json:"threads,omitempty"`
	Joined        []store.Joined           `json:"joined,omitempty"` // inboxes that led to conversations of the one who was merged
}

// both reads the two sides for whoever may merge them.
func both(tx *store.Tx, actor rapport.Actor, into, from rapport.ContactID) (a, b rapport.Contact, err error) {
	if into == from {
		return a, b, rapport.Invalidf("with", "A customer cannot be merged with themselves.")
	}
	if a, err = current(tx, actor, into); err != nil {
		return a, b, err
	}
	if b, err = current(tx, actor, from); err != nil {
		return a, b, err
	}
	if !a.ErasedAt.IsZero() || !b.ErasedAt.IsZero() {
		return a, b, rapport.Errorf(rapport.Conflict, "erased", "What was known of one of them was erased on request; they stay apart.")
	}
	return a, b, nil
}

// Look tells what a merge would do, and changes nothing.
func Look(tx *store.Tx, actor rapport.Actor, into, from rapport.ContactID) (Preview, error) {
	a, b, err := both(tx, actor, into, from)
	if err != nil {
		return Preview{}, err
	}
	p := Preview{Into: a, From: b, IntoName: nameOf(&a), FromName: nameOf(&b), Points: b.Points, Bonds: []BondLine{}, Sticky: []StickyLine{}, Fields: []MergeField{}, Tags: []string{}}
	p.Name = field("name", a.Name, b.Name)
	if b.Known && !a.Known && b.Name != "" {
		p.Name.Wins = From
	}
	for _, name := range slices.Sorted(maps.Keys(rapport.WithFields(a.Fields, b.Fields))) {
		p.Fields = append(p.Fields, field(name, a.Fields[name], b.Fields[name]))
	}
	if tags := united(a.Tags, b.Tags); tags != nil {
		p.Tags = tags
	}
	ids, err := tx.AllOf(from)
	if err != nil {
		return p, err
	}
	p.Conversations = len(ids)
	if p.Clashes, err = clashes(tx, into, from); err != nil {
		return p, err
	}
	for _, side := range []Side{Into, From} {
		id := into
		if side == From {
			id = from
		}
		bonds, err := tx.Affinities(id)
		if err != nil {
			return p, err
		}
		for _, bond := range bonds {
			agent, err := tx.Agent(bond.AgentID)
			if err != nil {
				return p, err
			}
			p.Bonds = append(p.Bonds, BondLine{bond.AgentID, agent.Name, bond.EndedAt, side})
		}
		named, found, err := tx.StickyOfContact(id)
		if err != nil {
			return p, err
		}
		if found {
			p.Sticky = append(p.Sticky, StickyLine{ID: named.ID, Title: named.Title, AgentName: named.AgentName, Side: side})
			if len(p.Sticky) == 2 {
				first, err := tx.Sticky(p.Sticky[0].ID)
				if err != nil {
					return p, err
				}
				p.Sticky[1].Leads = named.UpdatedAt.After(first.UpdatedAt)
			}
		}
	}
	if n := len(p.Sticky); n > 0 && !p.Sticky[n-1].Leads {
		p.Sticky[0].Leads = true
	}
	slices.SortStableFunc(p.Bonds, func(a, b BondLine) int { return b.EndedAt.Compare(a.EndedAt) })
	return p, nil
}

func field(name, into, from string) MergeField {
	f := MergeField{Name: name, Into: into, From: from, Wins: Into, Clash: into != "" && from != "" && into != from}
	if into == "" {
		f.Wins = From
	}
	return f
}

func united(a, b []string) []string {
	tags := slices.Clone(a)
	for _, t := range b {
		if !slices.Contains(tags, t) {
			tags = append(tags, t)
		}
	}
	return tags
}

// Merge makes two customers one: what the second has moves to the first.
func Merge(tx *store.Tx, actor rapport.Actor, into, from rapport.ContactID, choice Choice) (rapport.Contact, rapport.ContactMerge, error) {
	if !actor.Supervises() {
		return rapport.Contact{}, rapport.ContactMerge{}, rapport.Errorf(rapport.Forbidden, "forbidden", "Supervisors and admins merge customers.")
	}
	return merge(tx, actor, into, from, choice, false)
}

func merge(tx *store.Tx, actor rapport.Actor, into, from rapport.ContactID, choice Choice, linked bool) (c rapport.Contact, m rapport.ContactMerge, err error) {
	a, b, err := both(tx, actor, into, from)
	if err != nil {
		return c, m, err
	}
	was := kept{Into: a, From: b}
	if was.BondsInto, err = tx.Affinities(into); err != nil {
		return c, m, err
	}
	if was.BondsFrom, err = tx.Affinities(from); err != nil {
		return c, m, err
	}
	if was.Joined, err = tx.JoinedOf(from); err != nil {
		return c, m, err
	}
	if was.Closed, was.Threads, err = makeRoom(tx, actor, into, from, choice); err != nil {
		return c, m, err
	}
	if err := describe(tx, &a, b, choice); err != nil {
		return c, m, err
	}
	bonds, err := tx.Affinities(from) // with those of the conversations that made room
	if err != nil {
		return c, m, err
	}
	for _, bond := range bonds {
		if err := keepLater(tx, into, bond); err != nil {
			return c, m, err
		}
		if err := tx.Unbind(from, bond.AgentID); err != nil {
			return c, m, err
		}
	}
	if was.BondsAfter, err = tx.Affinities(into); err != nil {
		return c, m, err
	}
	for _, p := range b.Points {
		if _, err := tx.MovePoint(from, into, p); err != nil {
			return c, m, err
		}
	}
	if was.Conversations, err = tx.AllOf(from); err != nil {
		return c, m, err
	}
	if err := moveJoined(tx, from, into, was.Threads); err != nil {
		return c, m, err
	}
	line := lineOf(actor, "%s made %s and %s one customer", actor.Name, nameOf(&was.Into), nameOf(&was.From))
	for _, id := range was.Conversations {
		if err := give(tx, id, into, line); err != nil {
			return c, m, err
		}
	}
	if err := tx.SetMergedInto(from, into); err != nil {
		return c, m, err
	}
	if c, err = tx.Contact(into); err != nil {
		return c, m, err
	}
	was.After = c
	m = rapport.ContactMerge{ID: rapport.NewID[rapport.ContactMergeID](), IntoID: into, FromID: from, FromName: nameOf(&was.From), At: tx.Now(), ByID: actor.AgentID, ByName: actor.Name, Linked: linked}
	if err := tx.InsertContactMerge(m, was); err != nil {
		return c, m, err
	}
	if err := told(tx, "contact.merged", c.ID, from); err != nil {
		return c, m, err
	}
	action := "merged"
	if linked {
		action = "linked"
	}
	detail := rapport.Detail{What: "customer", From: nameOf(&was.From), To: nameOf(&c)}
	for _, id := range []rapport.ContactID{into, from} {
		if err := tx.NoteContact(actor, id, action, detail); err != nil {
			return c, m, err
		}
	}
	return c, m, tx.Audit(actor, "contact."+action, string(into), fmt.Sprintf("%s took over %d conversations and %d contact points of %s", into, len(was.Conversations), len(b.Points), from))
}

// told appends the events that bring desks and widgets up to date.
func told(tx *store.Tx, kind string, ids ...rapport.ContactID) error {
	for _, id := range ids {
		c, err := tx.Contact(id)
		if err != nil {
			return err
		}
		if err := tx.Append(rapport.Event{Kind: kind, ContactID: id}, rapport.Change{Contact: &c}); err != nil {
			return err
		}
	}
	return nil
}

// describe gives the survivor what was chosen of both.
func describe(tx *store.Tx, a *rapport.Contact, b rapport.Contact, choice Choice) error {
	known := a.Known || b.Known
	name := field("name", a.Name, b.Name)
	if b.Known && !a.Known && b.Name != "" {
		name.Wins = From
	}
	if choice.Name != "" {
		name.Wins = choice.Name
	}
	if name.Wins == From {
		a.Name = b.Name
	}
	if err := tx.NameContact(a.ID, a.Name, known); err != nil {
		return err
	}
	fields := map[string]string{}
	for name, value := range rapport.WithFields(a.Fields, b.Fields) {
		f := field(name, a.Fields[name], b.Fields[name])
		if side, chosen := choice.Fields[name]; chosen {
			f.Wins = side
		}
		if value = f.Into; f.Wins == From {
			value = f.From
		}
		fields[name] = value
	}
	for name, side := range choice.Fields {
		if _, there := fields[name]; !there || side != Into && side != From {
			return rapport.Invalidf("fields."+name, "%q is no field of the two, or %q is not a side; use into or from.", name, side)
		}
	}
	a.Fields = rapport.WithFields(nil, fields)
	if err := rapport.ValidFields("fields", a.Fields); err != nil {
		return err
	}
	if err := tx.SetContactFields(a.ID, a.Fields); err != nil {
		return err
	}
	tags, _, err := rapport.WithTags(united(a.Tags, b.Tags), nil, nil)
	if err != nil {
		return err
	}
	return tx.SetContactTags(a.ID, tags)
}

// lineOf is the entry of a thread that says whose it is now.
func lineOf(actor rapport.Actor, format string, args ...any) rapport.Item {
	line := rapport.Item{Kind: rapport.ItemEvent, By: rapport.BySystem, Event: "customer", Body: fmt.Sprintf(format, args...)}
	if actor.Kind == rapport.ActorAgent {
		line.By, line.AuthorID, line.AuthorName = rapport.ByAgent, string(actor.AgentID), actor.Name
	}
	return line
}

// give moves a conversation to another contact. Its thread says so while it is
// not over; one that waits is routed anew, as that contact may have an agent of
// their own.
func give(tx *store.Tx, id rapport.ConversationID, to rapport.ContactID, line rapport.Item) error {
	s, err := tx.Summary(id)
	if err != nil {
		return err
	}
	c, err := tx.Contact(to)
	if err != nil {
		return err
	}
	before := s.Conversation
	if err := tx.MoveSurveysTo(id, to); err != nil {
		return err
	}
	s.ContactID, s.ContactName = to, rapport.ShownName(c.Name, s.Point)
	var lines []rapport.Item
	if s.State != rapport.Closed {
		lines = append(lines, line)
	}
	if err := tx.Record(&s, before, "conversation.changed", lines...); err != nil {
		return err
	}
	if s.Waiting == nil || s.State != rapport.Open || s.Waiting.ByHand {
		return nil
	}
	return routing.Reroute(tx, &s, routing.Request{Trigger: "customer"}, "conversation.assigned")
}
