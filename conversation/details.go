package conversation

import (
	"slices"
	"strings"

	"rapport"
	"rapport/store"
)

// Details are what agents note about a conversation; nil leaves as it is
// (S3-85).
type Details struct {
	Topic       *string
	Summary     *string
	Form        *rapport.FormID        // "" is that of the queue; its defaults go into empty fields
	Disposition *rapport.DispositionID // "" for none
	Fields      map[string]string      // an empty value removes one
	Priority    *rapport.Priority
	Add, Remove []string // tags
}

// Describe notes details, all of them or none, with a line for each.
func Describe(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID, d Details) (rapport.Summary, error) {
	s, err := seeToDescribe(tx, actor, id)
	if err != nil {
		return s, err
	}
	before := s.Conversation
	effects, err := describe(tx, actor, &s, d)
	if err != nil || len(effects) == 0 {
		return s, err
	}
	return s, tx.Record(&s, before, "conversation.changed", lines(actor, &before, &s.Conversation, effects)...)
}

// mayDescribe refuses agents who may only look at a conversation: what is noted
// of it is changed by whoever may reply in its queue, a supervisor, and the asker
// of a question to colleagues.
func mayDescribe(actor rapport.Actor, s *rapport.Summary) error {
	if actor.Kind != rapport.ActorAgent || actor.Supervises() || began(actor, s) || actor.Replies(&s.Conversation) {
		return nil
	}
	return rapport.Errorf(rapport.Forbidden, "not_in_queue", "You are not a member of %s with the right to reply, so you cannot change what is noted of this conversation. You can write a note.", s.QueueName)
}

// seeToDescribe is See for who is about to change what is noted.
func seeToDescribe(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID) (rapport.Summary, error) {
	s, err := See(tx, actor, id)
	if err == nil {
		err = mayDescribe(actor, &s)
	}
	return s, err
}

// SetDisposition says how a conversation ended, by the code that stands in the
// catalogue; "" removes it.
func SetDisposition(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID, code string) (rapport.Summary, error) {
	var chosen rapport.DispositionID
	if code = strings.TrimSpace(code); code != "" {
		list, err := tx.Dispositions()
		if err != nil {
			return rapport.Summary{}, err
		}
		i := slices.IndexFunc(list, func(d rapport.Disposition) bool { return strings.EqualFold(d.Code, code) })
		if i < 0 {
			return rapport.Summary{}, rapport.Invalidf("disposition", "There is no disposition with the code %q.", code)
		}
		chosen = list[i].ID
	}
	return Describe(tx, actor, id, Details{Disposition: &chosen})
}

// lines tell of details that were noted, one for each sort.
func lines(actor rapport.Actor, before, after *rapport.Conversation, effects []rapport.Effect) (items []rapport.Item) {
	var fields []string
	noted := map[string]string{}
	for _, e := range effects {
		line := rapport.Item{Kind: rapport.ItemEvent, By: by(actor), AuthorID: authorID(actor), AuthorName: actor.Name, Event: e.Kind, Data: map[string]any{"from": e.From, "to": e.To}}
		switch e.Kind {
		case "topic":
			line.Body = actor.Name + " changed the topic to " + orElse(e.To, "nothing")
		case "summary":
			line.Body = actor.Name + " wrote the summary"
			if e.To == "" {
				line.Body = actor.Name + " removed the summary"
			}
		case "form":
			line.Body = actor.Name + " chose the form " + orElse(e.To, "of the queue")
			line.Data["form_id"] = after.FormID
		case "disposition":
			line.Body = actor.Name + " set the disposition to " + orElse(e.To, "none")
			line.Data["disposition_id"] = after.DispositionID
		case "priority":
			line.Body = actor.Name + " set the priority to " + e.To
		case "tags":
			line.Body = actor.Name + " changed the tags: " + orNone(after.Tags)
			line.Data = map[string]any{"added": without(after.Tags, before.Tags), "removed": without(before.Tags, after.Tags)}
		case "fields":
			fields = append(fields, e.Name)
			continue
		}
		items = append(items, line)
	}
	if len(fields) == 0 {
		return items
	}
	for name := range union(before.Fields, after.Fields) {
		if before.Fields[name] != after.Fields[name] {
			noted[name] = after.Fields[name]
		}
	}
	return append(items, rapport.Item{Kind: rapport.ItemEvent, By: by(actor), AuthorID: authorID(actor), AuthorName: actor.Name, Event: "fields",
		Body: actor.Name + " noted " + strings.Join(fields, ", "), Data: map[string]any{"fields": noted}})
}

func union(a, b map[string]string) map[string]bool {
	all := map[string]bool{}
	for _, fields := range []map[string]string{a, b} {
		for name := range fields {
			all[name] = true
		}
	}
	return all
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// describe changes details of a conversation that is about to be recorded, and
// tells what is another now. Who calls it asks mayDescribe.
func describe(tx *store.Tx, actor rapport.Actor, s *rapport.Summary, d Details) (effects []rapport.Effect, err error) {
	changed := func(kind, name, from, to string) {
		if from != to {
			effects = append(effects, rapport.Effect{Kind: kind, Name: name, From: from, To: to})
		}
	}
	if d.Topic != nil {
		topic, err := rapport.ValidTopic("topic", *d.Topic)
		if err != nil {
			return nil, err
		}
		changed("topic", "", s.Topic, topic)
		s.Topic = topic
	}
	if d.Summary != nil {
		summary, err := rapport.ValidSummary("summary", *d.Summary)
		if err != nil {
			return nil, err
		}
		changed("summary", "", s.SummaryText, summary)
		s.SummaryText = summary
	}
	// One that begins has a form from the start, that of its queue if no other one.
	filledIn := d.Form != nil && (*d.Form != s.FormID || s.LastSeq == 0)
	if d.Form != nil && *d.Form != s.FormID {
		from, to, err := names2(*d.Form, s.FormID, func(id rapport.FormID) (string, error) {
			f, err := tx.Form(id)
			return f.Name, err
		}, "form_id", "There is no form %q.")
		if err != nil {
			return nil, err
		}
		changed("form", "", from, to)
		s.FormID = *d.Form
	}
	if len(d.Fields) > 0 {
		some, err := fill(tx, actor, s, d.Fields)
		if err != nil {
			return nil, err
		}
		effects = append(effects, some...)
	}
	if filledIn {
		some, err := fillDefaults(tx, actor, s, d.Fields)
		if err != nil {
			return nil, err
		}
		effects = append(effects, some...)
	}
	if d.Priority != nil && *d.Priority != s.Priority {
		if d.Priority.Rank() == 0 {
			return nil, rapport.Invalidf("priority", "%q is not a priority; use low, normal, high or urgent.", *d.Priority)
		}
		changed("priority", "", string(s.Priority), string(*d.Priority))
		s.Priority = *d.Priority
	}
	if len(d.Add)+len(d.Remove) > 0 {
		add, err := spelled(tx, actor, d.Add, s.Tags)
		if err != nil {
			return nil, err
		}
		tags, _, err := rapport.WithTags(s.Tags, add, d.Remove)
		if err != nil {
			return nil, err
		}
		changed("tags", "", strings.Join(s.Tags, ", "), strings.Join(tags, ", "))
		s.Tags = tags
	}
	if d.Disposition != nil && *d.Disposition != s.DispositionID {
		from, to, err := names2(*d.Disposition, s.DispositionID, func(id rapport.DispositionID) (string, error) {
			v, err := tx.Disposition(id)
			if err == nil && id == *d.Disposition && (!v.Enabled || !v.In(s.QueueID)) {
				err = rapport.Invalidf("disposition_id", "Conversations of %s cannot end with the disposition %s.", s.QueueName, v.Label)
			}
			return v.Label, err
		}, "disposition_id", "There is no disposition %q.")
		if err != nil {
			return nil, err
		}
		changed("disposition", "", from, to)
		s.DispositionID = *d.Disposition
	}
	return effects, nil
}

// names2 are the names of a choice as it was and as it will be. The new one
// must exist; the old one may have been removed.
func names2[T ~string](next, was T, name func(T) (string, error), field, missing string) (from, to string, err error) {
	if next != "" {
		if to, err = name(next); err != nil {
			if rapport.KindOf(err) == rapport.NotFound {
				err = rapport.Invalidf(field, missing, next)
			}
			return "", "", err
		}
	}
	if was != "" {
		if from, err = name(was); err != nil {
			if rapport.KindOf(err) != rapport.NotFound {
				return "", "", err
			}
			from = string(was)
		}
	}
	return from, to, nil
}

// fill sets fields of a conversation, as its form allows.
func fill(tx *store.Tx, actor rapport.Actor, s *rapport.Summary, fields map[string]string) (effects []rapport.Effect, err error) {
	if fields, err = typed(tx, actor, &s.Conversation, fields); err != nil {
		return nil, err
	}
	now := rapport.WithFields(s.Fields, fields)
	if err := rapport.ValidFields("fields", now); err != nil {
		return nil, err
	}
	form, _, err := tx.FormFor(&s.Conversation)
	if err != nil {
		return nil, err
	}
	for _, name := range sortedNames(fields) {
		if s.Fields[name] == now[name] {
			continue
		}
		label := name
		if f := form.Field(name); f != nil {
			label = f.Label
		}
		effects = append(effects, rapport.Effect{Kind: "fields", Name: label, From: s.Fields[name], To: now[name]})
	}
	s.Fields = now
	return effects, nil
}

// fillDefaults puts what the form offers into fields that are empty, so that all
// who read them see what agents see; not into those that were named just now.
func fillDefaults(tx *store.Tx, actor rapport.Actor, s *rapport.Summary, named map[string]string) ([]rapport.Effect, error) {
	form, _, err := tx.FormFor(&s.Conversation)
	if err != nil {
		return nil, err
	}
	defaults := map[string]string{}
	for _, f := range form.Fields {
		if _, said := named[f.Name]; f.Default != "" && s.Fields[f.Name] == "" && !said {
			defaults[f.Name] = f.Default
		}
	}
	if len(defaults) == 0 {
		return nil, nil
	}
	return fill(tx, actor, s, defaults)
}

// typed checks values against the form of a conversation. What bots collect
// from customers is kept as it comes; the form then shows that it does not fit.
func typed(tx *store.Tx, actor rapport.Actor, c *rapport.Conversation, fields map[string]string) (map[string]string, error) {
	if actor.Kind == rapport.ActorBot {
		return fields, nil
	}
	form, found, err := tx.FormFor(c)
	if err != nil || !found {
		return fields, err
	}
	checked := make(map[string]string, len(fields))
	for name, value := range fields {
		checked[name] = value
		f := form.Field(name)
		switch {
		case f == nil:
		case value != "":
			if checked[name], err = f.Value("fields."+name, value); err != nil {
				return nil, err
			}
		case f.Required:
			return nil, rapport.Invalidf("fields."+name, "%s is required in the form %s; it cannot be emptied.", f.Label, form.Name)
		}
	}
	return checked, nil
}

// Lacking is a field that stands in the way of solving.
type Lacking struct {
	Name  string `json:"name"`
	Label string `json:"label"`
}

// complete refuses to let an agent end a conversation of which something is not
// noted yet that must be.
func complete(tx *store.Tx, actor rapport.Actor, s *rapport.Summary, to rapport.State) error {
	if actor.Kind != rapport.ActorAgent || to.Active() || !s.State.Active() {
		return nil
	}
	form, _, err := tx.FormFor(&s.Conversation)
	if err != nil {
		return err
	}
	var lacking []Lacking
	var labels []string
	for _, f := range form.Missing(s.Fields) {
		lacking = append(lacking, Lacking{f.Name, f.Label})
		labels = append(labels, f.Label)
	}
	needs, err := needsDisposition(tx, s)
	if err != nil {
		return err
	}
	if needs {
		labels = append(labels, "the disposition")
	}
	if len(labels) == 0 {
		return nil
	}
	return rapport.Errorf(rapport.Conflict, "details_missing", "Before the conversation can end, fill in: %s.", strings.Join(labels, ", ")).
		With("missing", append([]Lacking{}, lacking...)).With("disposition", needs)
}

// needsDisposition tells whether the account wants one that is not chosen yet.
func needsDisposition(tx *store.Tx, s *rapport.Summary) (bool, error) {
	config, err := tx.Configuration()
	if err != nil || !config.Settings.Details.DispositionRequired || s.DispositionID != "" {
		return false, err
	}
	list, err := tx.Dispositions()
	return slices.ContainsFunc(list, func(d rapport.Disposition) bool { return d.Enabled && d.In(s.QueueID) }), err
}
