package conversation

import (
	"maps"
	"slices"
	"strings"

	"rapport"
	"rapport/lib/point"
	"rapport/store"
)

// Tag adds and removes tags of a conversation.
func Tag(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID, add, remove []string) (rapport.Summary, error) {
	s, err := seeToDescribe(tx, actor, id)
	if err != nil {
		return s, err
	}
	return tag(tx, actor, s, add, remove, spokenAs{})
}

// SetTags makes these the tags of a conversation, and no others.
func SetTags(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID, tags []string) (rapport.Summary, error) {
	s, err := seeToDescribe(tx, actor, id)
	if err != nil {
		return s, err
	}
	wanted, _, err := rapport.WithTags(nil, tags, nil)
	if err != nil {
		return s, err
	}
	if wanted, err = spelled(tx, actor, wanted, s.Tags); err != nil {
		return s, err
	}
	return tag(tx, actor, s, wanted, without(s.Tags, wanted), spokenAs{})
}

// spelled brings tags into the spelling of the catalogue. Where the account
// wants no others, agents may add none (those in have stay).
func spelled(tx *store.Tx, actor rapport.Actor, tags, have []string) ([]string, error) {
	config, err := tx.Configuration()
	if err != nil {
		return nil, err
	}
	list := make([]string, len(tags))
	for i, name := range tags {
		list[i] = name
		if slices.Contains(have, name) {
			continue
		}
		known, err := tx.Tag(strings.Join(strings.Fields(name), " "))
		switch {
		case err == nil:
			list[i] = known.Name
		case rapport.KindOf(err) != rapport.NotFound:
			return nil, err
		case config.Settings.Details.CatalogueOnly && actor.Kind == rapport.ActorAgent:
			return nil, rapport.Invalidf("tags", "There is no tag %q in the catalogue; choose one that is, or ask a supervisor to add it.", name)
		}
	}
	return list, nil
}

func tag(tx *store.Tx, actor rapport.Actor, s rapport.Summary, add, remove []string, as spokenAs) (rapport.Summary, error) {
	was := s.Tags
	add, err := spelled(tx, actor, add, s.Tags)
	if err != nil {
		return s, err
	}
	now, changed, err := rapport.WithTags(s.Tags, add, remove)
	if err != nil || !changed {
		return s, err
	}
	before := s.Conversation
	s.Tags = now
	line := rapport.Item{Kind: rapport.ItemEvent, By: by(actor), AuthorID: authorID(actor), AuthorName: actor.Name, Event: "tags", ClientID: as.id,
		Body: actor.Name + " changed the tags: " + orNone(now), Data: as.with(map[string]any{"added": without(now, was), "removed": without(was, now)})}
	return s, tx.Record(&s, before, "conversation.changed", line)
}

// without are the tags of one list that are not in another.
func without(tags, others []string) []string {
	return slices.DeleteFunc(slices.Clone(tags), func(t string) bool { return slices.Contains(others, t) })
}

func orNone(tags []string) string {
	if len(tags) == 0 {
		return "none"
	}
	return strings.Join(tags, ", ")
}

// SetFields sets fields of a conversation; an empty value removes one.
func SetFields(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID, fields map[string]string) (rapport.Summary, error) {
	return setFields(tx, actor, id, fields, spokenAs{})
}

func setFields(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID, fields map[string]string, as spokenAs) (rapport.Summary, error) {
	s, err := seeToDescribe(tx, actor, id)
	if err != nil {
		return s, err
	}
	if fields, err = typed(tx, actor, &s.Conversation, fields); err != nil {
		return s, err
	}
	now := rapport.WithFields(s.Fields, fields)
	if err := rapport.ValidFields("fields", now); err != nil {
		return s, err
	}
	if maps.Equal(now, s.Fields) {
		return s, nil
	}
	before := s.Conversation
	s.Fields = now
	line := rapport.Item{Kind: rapport.ItemEvent, By: by(actor), AuthorID: authorID(actor), AuthorName: actor.Name, Event: "fields", ClientID: as.id,
		Body: actor.Name + " noted " + strings.Join(sortedNames(fields), ", "), Data: as.with(map[string]any{"fields": fields})}
	return s, tx.Record(&s, before, "conversation.changed", line)
}

// SetContactFields sets what is known of a customer besides; an empty value
// removes it. A value that has an attribute is brought into its form. Where it
// does not fit, an agent is refused; what a bot or a workflow learned is kept
// as it is, for an agent to put right.
func SetContactFields(tx *store.Tx, actor rapport.Actor, id rapport.ContactID, fields map[string]string) (rapport.Contact, error) {
	c, err := Customer(tx, actor, id)
	if err != nil {
		return c, err
	}
	if err := c.Describable(); err != nil {
		return c, err
	}
	if fields, err = Fitting(tx, fields, actor.Kind != rapport.ActorAgent); err != nil {
		return c, err
	}
	now := rapport.WithFields(c.Fields, fields)
	if err := rapport.ValidFields("fields", now); err != nil {
		return c, err
	}
	if maps.Equal(now, c.Fields) {
		return c, nil
	}
	was := c.Fields
	c.Fields = now
	if err := tx.SetContactFields(id, now); err != nil {
		return c, err
	}
	changed := slices.DeleteFunc(sortedNames(fields), func(name string) bool { return was[name] == now[name] })
	detail := make([]rapport.Detail, len(changed))
	for i, name := range changed {
		detail[i] = rapport.Detail{What: name, From: was[name], To: now[name]}
	}
	if err := tx.NoteContact(actor, id, "fields", detail...); err != nil {
		return c, err
	}
	return c, tx.Append(rapport.Event{Kind: "contact.changed", ContactID: id}, rapport.Change{Contact: &c, Fields: changed})
}

// Fitting are fields of a customer in the form of their attributes. Leniently,
// what does not fit stays as it is.
func Fitting(tx *store.Tx, fields map[string]string, leniently bool) (map[string]string, error) {
	config, err := tx.Configuration()
	if err != nil {
		return nil, err
	}
	fit := maps.Clone(fields)
	for i := range config.Attributes {
		a := &config.Attributes[i]
		value, given := fields[a.Name]
		if !given {
			continue
		}
		right, err := a.Check(value, func(kind rapport.PointKind, text string) (string, error) {
			p, err := point.Parse(kind, text, config.Settings.Country)
			return p.Address, err
		})
		switch {
		case err == nil:
			fit[a.Name] = right
		case !leniently:
			return nil, err
		}
	}
	return fit, nil
}
