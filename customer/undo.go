package customer

import (
	"fmt"
	"maps"
	"slices"

	"rapport"
	"rapport/conversation"
	"rapport/routing"
	"rapport/store"
)

// Undo makes two of one again: each gets back what they had. What was changed
// since stays as it is; a conversation that was opened since goes to whom its
// address belongs. It is refused where the two cannot be told apart any more.
func Undo(tx *store.Tx, actor rapport.Actor, id rapport.ContactMergeID) (rapport.Contact, error) {
	if !actor.Supervises() {
		return rapport.Contact{}, rapport.Errorf(rapport.Forbidden, "forbidden", "Supervisors and admins undo merges of customers.")
	}
	var was kept
	m, err := tx.ContactMerge(id, &was)
	if err != nil {
		return rapport.Contact{}, err
	}
	now, err := mayUndo(tx, m, was)
	if err != nil {
		return now, err
	}
	into, from := m.IntoID, m.FromID
	var apart []store.Merged
	for _, th := range slices.Backward(was.Threads) {
		taken, err := conversation.Unfuse(tx, actor, th.Into, th.From)
		if err != nil {
			return now, err
		}
		apart = append(apart, taken)
	}
	if err := tx.SetMergedInto(from, ""); err != nil {
		return now, err
	}
	if err := undescribe(tx, now, was); err != nil {
		return now, err
	}
	theirs := slices.Clone(was.Conversations)
	for _, p := range was.From.Points {
		moved, err := tx.MovePoint(into, from, p)
		if err != nil {
			return now, err
		}
		if !moved {
			continue
		}
		since, err := tx.OpenedFrom(into, p, m.At)
		if err != nil {
			return now, err
		}
		for _, id := range since {
			if !slices.Contains(theirs, id) {
				theirs = append(theirs, id)
			}
		}
	}
	if err := rebind(tx, into, from, was, theirs); err != nil {
		return now, err
	}
	line := lineOf(actor, "%s undid the merge of %s and %s", actor.Name, nameOf(&was.Into), nameOf(&was.From))
	for _, id := range theirs {
		c, err := tx.Conversation(id)
		if err != nil {
			return now, err
		}
		if c.ContactID != into {
			continue // it was unlinked since
		}
		if err := give(tx, id, from, line); err != nil {
			return now, err
		}
	}
	for _, j := range was.Joined {
		if err := tx.Part(into, j.InboxID, j.ConversationID); err != nil {
			return now, err
		}
		if err := tx.Join(from, j.InboxID, j.ConversationID); err != nil {
			return now, err
		}
	}
	for _, c := range was.Closed {
		if err := reopen(tx, actor, c); err != nil {
			return now, err
		}
	}
	for _, taken := range apart {
		if err := conversation.Revive(tx, actor, taken); err != nil {
			return now, err
		}
	}
	if err := tx.EndContactMerge(id); err != nil {
		return now, err
	}
	if err := told(tx, "contact.unmerged", into, from); err != nil {
		return now, err
	}
	for _, id := range []rapport.ContactID{into, from} {
		if err := tx.NoteContact(actor, id, "unmerged", rapport.Detail{What: "customer", From: nameOf(&now), To: m.FromName}); err != nil {
			return now, err
		}
	}
	if err := tx.Audit(actor, "contact.unmerged", string(into), fmt.Sprintf("%s got %d conversations and %d contact points back", from, len(theirs), len(was.From.Points))); err != nil {
		return now, err
	}
	return tx.Contact(into)
}

// mayUndo refuses where the two cannot be told apart any more, and returns the
// survivor as they are now.
func mayUndo(tx *store.Tx, m rapport.ContactMerge, was kept) (rapport.Contact, error) {
	now, err := tx.Contact(m.IntoID)
	if err != nil {
		return now, err
	}
	blocked := func(format string, args ...any) (rapport.Contact, error) {
		return now, rapport.Errorf(rapport.Conflict, "cannot_undo", format, args...)
	}
	from, err := tx.Contact(m.FromID)
	if err != nil {
		return now, err
	}
	switch {
	case !m.UndoneAt.IsZero():
		return now, rapport.Errorf(rapport.Conflict, "undone", "The merge was undone already.")
	case !now.ErasedAt.IsZero() || !from.ErasedAt.IsZero():
		return blocked("What was known of this person was erased on request; there is nothing left to take apart.")
	case now.MergedInto != "":
		return blocked("%s was itself merged into another customer since. Undo that merge first.", nameOf(&now))
	}
	merges, err := tx.ContactMerges(m.IntoID)
	if err != nil {
		return now, err
	}
	for _, later := range merges {
		if later.ID != m.ID && later.UndoneAt.IsZero() && later.IntoID == m.IntoID && (later.At.After(m.At) || later.At.Equal(m.At) && later.ID > m.ID) {
			return blocked("%s was merged with %s after that. Undo the later merge first.", nameOf(&now), later.FromName)
		}
	}
	for _, th := range was.Threads {
		if err := conversation.Unfusable(tx, th.Into, th.From); err != nil {
			return now, err
		}
	}
	// A thread that went into one of the other side cannot be on both sides.
	all, err := tx.AllOf(m.IntoID)
	if err != nil {
		return now, err
	}
	for _, id := range all {
		c, err := tx.Conversation(id)
		if err != nil {
			return now, err
		}
		if c.MergedInto == "" || slices.Contains(was.Threads, thread{c.MergedInto, id}) {
			continue
		}
		if slices.Contains(was.Conversations, id) != slices.Contains(was.Conversations, c.MergedInto) {
			return blocked("Conversations of the two were merged with each other since. Undo that in the conversation first.")
		}
	}
	return now, nil
}

// undescribe gives both their own name, fields and tags back. What somebody
// changed on the survivor since the merge stays.
func undescribe(tx *store.Tx, now rapport.Contact, was kept) error {
	name, known := now.Name, now.Known
	if now.Name == was.After.Name {
		name, known = was.Into.Name, was.Into.Known
	}
	if err := tx.NameContact(now.ID, name, known); err != nil {
		return err
	}
	fields := map[string]string{}
	for field := range rapport.WithFields(was.After.Fields, now.Fields) {
		if fields[field] = now.Fields[field]; now.Fields[field] == was.After.Fields[field] {
			fields[field] = was.Into.Fields[field]
		}
	}
	if fields = rapport.WithFields(nil, fields); !maps.Equal(fields, now.Fields) {
		if err := tx.SetContactFields(now.ID, fields); err != nil {
			return err
		}
	}
	var tags []string
	for _, t := range now.Tags {
		if slices.Contains(was.Into.Tags, t) || !slices.Contains(was.After.Tags, t) {
			tags = append(tags, t)
		}
	}
	return tx.SetContactTags(now.ID, tags)
}

// rebind gives both their own bonds back. A bond that was made since goes where
// its conversation went.
func rebind(tx *store.Tx, into, from rapport.ContactID, was kept, theirs []rapport.ConversationID) error {
	held, err := tx.Affinities(into)
	if err != nil {
		return err
	}
	for _, bond := range held {
		if err := tx.Unbind(into, bond.AgentID); err != nil {
			return err
		}
	}
	put := func(to rapport.ContactID, list []store.Affinity) error {
		for _, bond := range list {
			if err := keepLater(tx, to, bond); err != nil {
				return err
			}
		}
		return nil
	}
	if err := put(into, was.BondsInto); err != nil {
		return err
	}
	if err := put(from, was.BondsFrom); err != nil {
		return err
	}
	for _, bond := range held {
		if before, found := latest(was.BondsAfter, bond.AgentID); found && before.EndedAt.Equal(bond.EndedAt) && before.ConversationID == bond.ConversationID {
			continue // it was there
		}
		to := into
		if slices.Contains(theirs, bond.ConversationID) {
			to = from
		}
		if err := put(to, []store.Affinity{bond}); err != nil {
			return err
		}
	}
	return nil
}

// reopen brings a conversation back that the merge closed, if nobody has
// changed it since and its place is free.
func reopen(tx *store.Tx, actor rapport.Actor, c closed) error {
	s, err := tx.Summary(c.Before.ID)
	if err != nil {
		return err
	}
	if s.State != rapport.Closed || s.MergedInto != "" || s.Version > c.Version+2 { // moved there and back
		return nil
	}
	others, err := ongoing(tx, s.ContactID)
	if err != nil || slices.ContainsFunc(others, func(o rapport.Summary) bool { return o.InboxID == s.InboxID }) {
		return err
	}
	before := s.Conversation
	line := lineOf(actor, "%s opened it again: the merge that closed it was undone", actor.Name)
	s.ClosedAt, s.EndedBy = c.Before.ClosedAt, c.Before.EndedBy
	if c.Before.State == rapport.Solved {
		s.State, s.SolvedAt = rapport.Solved, c.Before.SolvedAt
		return tx.Record(&s, before, "conversation.state", line)
	}
	s.State, s.SolvedAt, s.SilentSince, s.AwaitsSince = rapport.Open, c.Before.SolvedAt, c.Before.SilentSince, c.Before.AwaitsSince
	holder := s.Assignee
	s.Unassign()
	items := []rapport.Item{line}
	if holder != "" {
		given, err := routing.Give(tx, &s, routing.Grant{To: holder, Queue: s.QueueID, Trigger: "customer", Sentence: "Back with its agent: the merge that closed it was undone", EvenAway: true, Override: true})
		if err == nil {
			return tx.Record(&s, before, "conversation.reopened", append(items, given...)...)
		}
		if rapport.KindOf(err) != rapport.Conflict {
			return err
		}
	}
	_, routed, err := routing.Assign(tx, &s, routing.Request{Trigger: "reopened"})
	if err != nil {
		return err
	}
	return tx.Record(&s, before, "conversation.reopened", append(items, routed...)...)
}

// Merges returns the merges of a customer whom the actor may see.
func Merges(tx *store.Tx, actor rapport.Actor, id rapport.ContactID) ([]rapport.ContactMerge, error) {
	if _, err := conversation.Customer(tx, actor, id); err != nil {
		return nil, err
	}
	return tx.ContactMerges(id)
}
