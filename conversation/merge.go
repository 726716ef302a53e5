package conversation

import (
	"maps"
	"slices"
	"time"

	"rapport"
	"rapport/routing"
	"rapport/store"
)

// mayMerge refuses whoever may not write in a conversation, or take it from the
// one who has it.
func mayMerge(actor rapport.Actor, s *rapport.Summary) error {
	if actor.Kind != rapport.ActorAgent {
		return rapport.Errorf(rapport.Forbidden, "agents_only", "Only agents merge conversations.")
	}
	if err := mayReply(actor, s); err != nil {
		return err
	}
	if s.State.Active() && s.Assignee != "" && s.Assignee != actor.AgentID {
		return heldByOther(s)
	}
	return nil
}

// Mergeable tells why two conversations cannot become one, nil if they can.
func Mergeable(actor rapport.Actor, into, from *rapport.Summary) error {
	switch {
	case into.ID == from.ID:
		return rapport.Invalidf("from", "A conversation cannot be merged with itself.")
	case into.ContactID != from.ContactID:
		return rapport.Errorf(rapport.Conflict, "other_customer", "The conversations are of two customers, %s and %s. If they are one person, merge the customers first.", into.ContactName, from.ContactName)
	case into.Internal():
		return rapport.Errorf(rapport.Conflict, "internal", "Conversations among colleagues cannot be merged.")
	case from.MergedInto != "":
		return rapport.Errorf(rapport.Conflict, "merged", "That conversation was merged already.").With("merged_into", from.MergedInto)
	case !into.State.Active():
		return rapport.Errorf(rapport.Conflict, "not_open", "The conversation is %s; reopen it first.", into.State)
	case into.Transfer != nil || from.Transfer != nil:
		return rapport.Errorf(rapport.Conflict, "transfer_waiting", "A transfer is waiting; call it back first.")
	}
	if err := mayMerge(actor, into); err != nil {
		return err
	}
	return mayMerge(actor, from)
}

// MayMerge is Mergeable for a screen.
func MayMerge(actor rapport.Actor, into, from *rapport.Summary) Permission {
	return permission(Mergeable(actor, into, from))
}

// Merge puts the thread of another conversation of the same customer into the
// current one (S3-57): one thread in the order of time (S3-58). Queue, summary,
// topic and priority of the current one win (S3-59), tags are united (S3-60),
// fields that it lacks are filled in. What the customer sends to either belongs
// to it until it is closed (S3-61), and of two surveys the latest stays (S3-62).
func Merge(tx *store.Tx, actor rapport.Actor, id, other rapport.ConversationID) (rapport.Summary, error) {
	into, err := See(tx, actor, id)
	if err != nil {
		return into, err
	}
	from, err := See(tx, actor, other)
	if err != nil {
		return into, err
	}
	if from.MergedInto == into.ID {
		return into, nil // it is done
	}
	if err := Mergeable(actor, &into, &from); err != nil {
		return into, err
	}
	return takeOver(tx, actor, into, from)
}

// takeOver is Merge once it is known that it may be.
func takeOver(tx *store.Tx, actor rapport.Actor, into, from rapport.Summary) (rapport.Summary, error) {
	before, was := into.Conversation, from.Conversation
	m := store.Merged{ID: rapport.NewID[string](), Into: into.ID, From: from.ID, Offset: into.LastSeq, LastSeq: from.LastSeq, ByID: actor.AgentID, At: tx.Now()}
	m.Before = store.MergedBefore{Into: store.MergedState{Conversation: before}, From: store.MergedState{Conversation: was}}
	joined, err := joinedOf(tx, &into, &from)
	if err != nil {
		return into, err
	}
	m.Before.Joined = joined
	if err := tx.KeepPoint(&was); err != nil { // what is still on its way goes where it was to go
		return into, err
	}
	if err := moveWaiting(tx, &m, &was); err != nil {
		return into, err
	}
	freed, err := endMerged(tx, actor, &from, was, &into)
	if err != nil {
		return into, err
	}
	if err := tx.MoveThread(from.ID, into.ID, m.LastSeq, m.Offset); err != nil {
		return into, err
	}
	if err := tx.Interleave(into.ID, m.Offset); err != nil {
		return into, err
	}
	if err := joinMerged(tx, &into, &was, m.Before.Joined); err != nil {
		return into, err
	}
	if err := moveDrafts(tx, from.ID, into.ID); err != nil {
		return into, err
	}
	if err := moveLinks(tx, &m); err != nil {
		return into, err
	}
	if err := KeepLatestSurvey(tx, into.ID, from.ID); err != nil {
		return into, err
	}
	into.LastSeq = m.Offset + m.LastSeq
	if before.AgentSeen == before.LastSeq {
		into.AgentSeen = into.LastSeq + 1
	}
	united(&into.Conversation, &was)
	m.Before.After = store.MergedState{Conversation: into.Conversation}
	if err := tx.InsertMerged(m); err != nil {
		return into, err
	}
	line := rapport.Item{Kind: rapport.ItemEvent, By: rapport.ByAgent, AuthorID: string(actor.AgentID), AuthorName: actor.Name, Event: "merged",
		Body: actor.Name + " merged the conversation by " + from.InboxName + " into this one", Data: map[string]any{"from": from.ID, "inbox_id": was.InboxID, "items": m.LastSeq}}
	if err := tx.Record(&into, before, "conversation.merged", line); err != nil {
		return into, err
	}
	if err := tx.Announce(&from, "conversation.merged"); err != nil || freed == "" {
		return into, err
	}
	return into, routing.Fill(tx, freed, "capacity_freed")
}

// endMerged closes the conversation whose thread goes. Whoever had it has room
// again; bots and whoever waited are done with it.
func endMerged(tx *store.Tx, actor rapport.Actor, from *rapport.Summary, was rapport.Conversation, into *rapport.Summary) (freed rapport.AgentID, err error) {
	from.MergedInto = into.ID
	from.BotID, from.BotName, from.Untimed, from.SnoozedUntil = "", "", false, time.Time{}
	line := rapport.Item{Kind: rapport.ItemEvent, By: rapport.ByAgent, AuthorID: string(actor.AgentID), AuthorName: actor.Name, Event: "merged",
		Body: actor.Name + " merged it into the conversation by " + into.InboxName, Data: map[string]any{"into": into.ID}}
	if was.State == rapport.Closed {
		return "", tx.Record(from, was, "conversation.merged", line)
	}
	return finish(tx, from, was, rapport.Closed, rapport.EndedByAgent, line)
}

// joinMerged makes the inboxes of both lead to the one that stays.
func joinMerged(tx *store.Tx, into *rapport.Summary, was *rapport.Conversation, joined []store.Joined) error {
	inboxes := []rapport.InboxID{into.InboxID, was.InboxID, ""}
	for _, j := range joined {
		if j.ConversationID == was.ID && !slices.Contains(inboxes, j.InboxID) {
			inboxes = append(inboxes, j.InboxID)
		}
	}
	for _, inbox := range inboxes {
		other, err := elsewhere(tx, into, inbox)
		if err != nil {
			return err
		}
		if inbox != "" && other != "" { // a third one is ongoing there: it stays so
			continue
		}
		if err := tx.Join(into.ContactID, inbox, into.ID); err != nil {
			return err
		}
	}
	return nil
}

// united is what the current conversation takes over from another one.
func united(c, other *rapport.Conversation) {
	for _, t := range other.Tags {
		if !slices.Contains(c.Tags, t) {
			c.Tags = append(c.Tags[:len(c.Tags):len(c.Tags)], t)
		}
	}
	fields := maps.Clone(other.Fields)
	if fields == nil {
		fields = map[string]string{}
	}
	maps.Copy(fields, c.Fields)
	c.Fields = rapport.WithFields(nil, fields)
	if c.FormID == "" {
		c.FormID = other.FormID
	}
	if c.DispositionID == "" {
		c.DispositionID = other.DispositionID
	}
	if other.LastAt.After(c.LastAt) {
		c.LastText, c.LastBy, c.LastAt = other.LastText, other.LastBy, other.LastAt
	}
	if !other.State.Active() || other.AwaitsSince.IsZero() {
		return
	}
	// The customer waits for an answer in the other one, so they wait here.
	if c.AwaitsSince.IsZero() || other.AwaitsSince.Before(c.AwaitsSince) {
		c.AwaitsSince = other.AwaitsSince
	}
	c.SilentSince, c.WarnedAt, c.SnoozedUntil = time.Time{}, time.Time{}, time.Time{}
	c.State = rapport.Open
}

// MergeView is what a conversation and another one would be together, or why
// they cannot be.
type MergeView struct {
	Into     rapport.Summary   `json:"into"`
	From     rapport.Summary   `json:"from"`
	May      Permission        `json:"may"`
	Queue    string            `json:"queue" doc:"Of the current conversation, as topic, summary and priority."`
	Topic    string            `json:"topic"`
	Summary  string            `json:"summary"`
	Priority rapport.Priority  `json:"priority" enum:"low,normal,high,urgent"`
	Tags     []string          `json:"tags" doc:"United."`
	Fields   map[string]string `json:"fields" doc:"The current one's; what it lacks is filled in."`
	Items    []rapport.Item    `json:"items" doc:"The latest messages of both, in the order of time."`
}

const previewed = 20

// PreviewMerge shows what Merge would do.
func PreviewMerge(tx *store.Tx, actor rapport.Actor, id, other rapport.ConversationID) (v MergeView, err error) {
	if v.Into, err = See(tx, actor, id); err != nil {
		return v, err
	}
	if v.From, err = See(tx, actor, other); err != nil {
		return v, err
	}
	v.May = permission(Mergeable(actor, &v.Into, &v.From))
	c := v.Into.Conversation
	united(&c, &v.From.Conversation)
	v.Queue, v.Topic, v.Summary, v.Priority, v.Tags, v.Fields = v.Into.QueueName, c.Topic, c.SummaryText, c.Priority, append([]string{}, c.Tags...), c.Fields
	if v.Fields == nil {
		v.Fields = map[string]string{}
	}
	for _, of := range []rapport.ConversationID{id, other} {
		messages, err := tx.Messages(of, previewed)
		if err != nil {
			return v, err
		}
		v.Items = append(v.Items, messages...)
	}
	slices.SortStableFunc(v.Items, func(a, b rapport.Item) int { return a.At.Compare(b.At) })
	v.Items = append([]rapport.Item{}, v.Items[max(0, len(v.Items)-previewed):]...)
	return v, nil
}

// UndoMerge makes two of the conversation again that took another one's thread:
// both are as they were, and what has come since stays with the current one. It
// is refused where they cannot be.
func UndoMerge(tx *store.Tx, actor rapport.Actor, id, other rapport.ConversationID) (rapport.Summary, error) {
	into, err := See(tx, actor, id)
	if err != nil {
		return into, err
	}
	from, err := tx.Summary(other)
	if err != nil {
		return into, err
	}
	m, found, err := tx.MergeOf(other)
	if err != nil {
		return into, err
	}
	if !found || m.Into != id {
		return into, rapport.Errorf(rapport.Conflict, "not_merged", "That conversation is not merged into this one.")
	}
	if err := undoable(tx, actor, &into, &from, &m); err != nil {
		return into, err
	}
	closed := from.Conversation
	if into, err = giveBack(tx, actor, into, from, &m); err != nil {
		return into, err
	}
	return into, revive(tx, actor, from, closed, &m)
}

// giveBack takes from a conversation what it took over: the other has its thread
// again, and is still closed.
func giveBack(tx *store.Tx, actor rapport.Actor, into, from rapport.Summary, m *store.Merged) (rapport.Summary, error) {
	before := into.Conversation
	if err := tx.EndMerge(m.ID); err != nil {
		return into, err
	}
	if err := tx.MoveThreadBack(from.ID, into.ID, m.Offset, m.LastSeq); err != nil {
		return into, err
	}
	for _, id := range []rapport.ConversationID{into.ID, from.ID} {
		others, err := tx.MergesInto(id)
		if err != nil {
			return into, err
		}
		if err := tx.Reorder(id, len(others) > 0); err != nil {
			return into, err
		}
	}
	if err := partMerged(tx, &into, m); err != nil {
		return into, err
	}
	if err := returnWaiting(tx, m); err != nil {
		return into, err
	}
	if err := returnLinks(tx, m); err != nil {
		return into, err
	}
	if err := ReturnSurveys(tx, into.ID, from.ID); err != nil {
		return into, err
	}
	asked, err := askedSince(tx, &into.Conversation, m)
	if err != nil {
		return into, err
	}
	if err := apart(tx, &into, m, asked); err != nil {
		return into, err
	}
	line := rapport.Item{Kind: rapport.ItemEvent, By: rapport.ByAgent, AuthorID: string(actor.AgentID), AuthorName: actor.Name, Event: "unmerged",
		Body: actor.Name + " undid the merge with the conversation by " + from.InboxName, Data: map[string]any{"from": from.ID}}
	return into, tx.Record(&into, before, "conversation.unmerged", line)
}

// undoable refuses what cannot be undone any more, and says why.
func undoable(tx *store.Tx, actor rapport.Actor, into, from *rapport.Summary, m *store.Merged) error {
	was := &m.Before.From.Conversation
	seen := *from // as it will be
	seen.Conversation = *was
	seen.QueueID, seen.QueueName = from.QueueID, from.QueueName
	if err := mayMerge(actor, into); err != nil {
		return err
	}
	if err := mayReply(actor, &seen); err != nil {
		return err
	}
	no := func(why string) error {
		return rapport.Errorf(rapport.Conflict, "cannot_undo", "The merge cannot be undone: %s.", why)
	}
	switch {
	case into.MergedInto != "":
		return no("this conversation was itself merged into another one; undo that first")
	case into.State == rapport.Closed:
		return no("this conversation has been closed")
	case m.Before.Into.ContactID != was.ContactID:
		return no("it came with the merge of two customers; a supervisor can undo that one")
	case into.ContactID != from.ContactID || into.ContactID != was.ContactID:
		return no("the customers of the two were changed since")
	}
	if was.State == rapport.Closed {
		return nil
	}
	ongoing, err := tx.OngoingWith(from.ContactID, was.InboxID)
	if err != nil {
		return err
	}
	if ongoing != "" && ongoing != into.ID {
		return no("a newer conversation with the customer is ongoing by " + from.InboxName)
	}
	return nil
}

// partMerged makes inboxes lead again to where they did.
func partMerged(tx *store.Tx, into *rapport.Summary, m *store.Merged) error {
	now, err := tx.JoinedOf(into.ContactID)
	if err != nil {
		return err
	}
	led := map[rapport.InboxID]rapport.ConversationID{}
	for _, j := range m.Before.Joined {
		led[j.InboxID] = j.ConversationID
	}
	merged := []rapport.InboxID{m.Before.Into.InboxID, m.Before.From.InboxID, ""}
	for inbox := range led {
		merged = append(merged, inbox)
	}
	for _, j := range now {
		if j.ConversationID != into.ID || !slices.Contains(merged, j.InboxID) {
			continue
		}
		if to := led[j.InboxID]; to != "" {
			err = tx.Join(into.ContactID, j.InboxID, to)
		} else {
			err = tx.Part(into.ContactID, j.InboxID, into.ID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// askedSince is when the customer first wrote to a conversation after its merge;
// zero if they have not.
func askedSince(tx *store.Tx, into *rapport.Conversation, m *store.Merged) (time.Time, error) {
	items, err := tx.ItemsNumbered(into.ID, m.Offset+m.LastSeq+1, into.LastSeq)
	for i := range items {
		if items[i].Kind == rapport.ItemMessage && items[i].By == rapport.ByCustomer {
			return items[i].At, nil
		}
	}
	return time.Time{}, err
}

// apart takes from the current conversation what it took over, unless somebody
// has changed it since. A customer who has asked since waits for an answer here.
func apart(tx *store.Tx, into *rapport.Summary, m *store.Merged, asked time.Time) error {
	was, other, after := &m.Before.Into.Conversation, &m.Before.From.Conversation, &m.Before.After.Conversation
	into.Tags = slices.DeleteFunc(slices.Clone(into.Tags), func(t string) bool {
		return slices.Contains(other.Tags, t) && !slices.Contains(was.Tags, t)
	})
	fields := maps.Clone(into.Fields)
	for name, value := range other.Fields {
		if _, own := was.Fields[name]; !own && fields[name] == value {
			delete(fields, name)
		}
	}
	into.Fields = rapport.WithFields(nil, fields)
	if into.FormID == after.FormID {
		into.FormID = was.FormID
	}
	if into.DispositionID == after.DispositionID {
		into.DispositionID = was.DispositionID
	}
	switch {
	case into.State == rapport.Closed || !into.AwaitsSince.Equal(after.AwaitsSince):
	case !asked.IsZero() && !after.AwaitsSince.IsZero():
		if into.AwaitsSince = was.AwaitsSince; was.AwaitsSince.IsZero() {
			into.AwaitsSince = asked
		}
	default:
		into.AwaitsSince = was.AwaitsSince
		if into.State == after.State && into.SilentSince.IsZero() {
			into.State, into.SilentSince, into.WarnedAt, into.SnoozedUntil = was.State, was.SilentSince, was.WarnedAt, was.SnoozedUntil
		}
	}
	if into.LastAt.Equal(after.LastAt) && into.LastText == after.LastText {
		into.LastText, into.LastBy, into.LastAt = was.LastText, was.LastBy, was.LastAt
	}
	if into.AgentSeen > m.Offset && into.AgentSeen <= m.Offset+m.LastSeq {
		into.AgentSeen = m.Offset
	}
	sameInbox := was.InboxID == other.InboxID && (was.Point == other.Point || into.Point != other.Point)
	if into.InboxID != other.InboxID || sameInbox || other.State == rapport.Closed {
		return nil
	}
	// The customer wrote by the other's way since: that is the other's again.
	config, err := tx.Configuration()
	if err != nil {
		return err
	}
	if err := tx.KeepPoint(&into.Conversation); err != nil {
		return err
	}
	into.InboxID, into.InboxName, into.Channel, into.Point = was.InboxID, "", "", was.Point
	if i := config.Inboxes[was.InboxID]; i != nil {
		into.InboxName, into.Channel = i.Name, i.Channel
	}
	return nil
}

// revive makes the conversation whose thread went what it was: with the agent or
// bot it had, if they still can have it, else routed.
func revive(tx *store.Tx, actor rapport.Actor, s rapport.Summary, closed rapport.Conversation, m *store.Merged) error {
	was := m.Before.From.Conversation
	seq, version, queue := closed.LastSeq, closed.Version, closed.QueueID
	name := s.QueueName
	s.Conversation = was
	s.LastSeq, s.Version, s.QueueID, s.QueueName, s.MergedInto = seq, version, queue, name, ""
	line := rapport.Item{Kind: rapport.ItemEvent, By: rapport.ByAgent, AuthorID: string(actor.AgentID), AuthorName: actor.Name, Event: "unmerged", Body: actor.Name + " undid the merge", Data: map[string]any{"into": m.Into}}
	items := []rapport.Item{line}
	if was.AgentSeen == was.LastSeq {
		s.AgentSeen = seq + 1
	}
	s.AssigneeName, s.BotName = "", ""
	lost := false
	if s.Assignee != "" {
		f, err := tx.AgentFacts(s.Assignee, s.QueueID)
		if err != nil {
			return err
		}
		s.AssigneeName = f.Agent.Name
		if lost = s.State.Active() && (f.Deleted || !f.Agent.Enabled || !f.CanReply); lost {
			s.Unassign()
		} else if s.State.Active() {
			if err := tx.Recount(s.Assignee, 1); err != nil {
				return err
			}
		}
	}
	if s.BotID != "" {
		b, err := bot(tx, s.BotID)
		if err != nil {
			return err
		}
		if lost = b == nil && s.State.Active(); b != nil {
			s.BotName = b.Name
		} else {
			s.BotID = ""
		}
	}
	if lost || s.State.Active() && s.Assignee == "" && s.BotID == "" {
		s.Waiting = nil
		_, told, err := routing.Assign(tx, &s, routing.Request{Trigger: "unmerged"})
		if err != nil {
			return err
		}
		items = append(items, told...)
	}
	return tx.Record(&s, closed, "conversation.unmerged", items...)
}
