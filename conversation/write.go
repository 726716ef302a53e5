package conversation

import (
	"time"

	"rapport"
	"rapport/routing"
	"rapport/store"
)

// Deliver is the kind of the job that hands a reply to its channel.
const Deliver = "deliver"

// Delivery are the arguments of that job.
type Delivery struct {
	ConversationID rapport.ConversationID `json:"conversation"`
	Seq            int                    `json:"seq"`
}

// See returns a conversation if the actor may see it; otherwise it does not
// exist for them.
func See(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID) (rapport.Summary, error) {
	s, err := tx.Summary(id)
	if err == nil && !actor.Sees(&s.Conversation) {
		return rapport.Summary{}, rapport.Errorf(rapport.NotFound, "not_found", "There is no conversation %q.", id)
	}
	return s, err
}

// mayReply refuses whoever may not write in the conversation's queue (S3-65).
func mayReply(actor rapport.Actor, s *rapport.Summary) error {
	if actor.Replies(&s.Conversation) {
		return nil
	}
	return rapport.Errorf(rapport.Forbidden, "not_in_queue", "You are not a member of %s with the right to reply, so you cannot answer here. A supervisor can add you, or transfer the conversation to one of your queues.", s.QueueName)
}

// heldByOther is what everybody but the holder hears (S3-28).
func heldByOther(s *rapport.Summary) error {
	return rapport.Errorf(rapport.Conflict, "already_assigned", "%s already has this conversation.", s.AssigneeName).
		With("assignee", rapport.AgentRef{ID: s.Assignee, Name: s.AssigneeName})
}

// Writing is what an agent writes: a reply or a note.
type Writing struct {
	Body     string
	ClientID string // the writer's own id: the same again is the same item
	Content  rapport.Content
	Files    []rapport.FileID     // uploads of the writer; they become Content.Files
	Via      *Via                 // of a reply; nil: as the last one, or what the queue prefers
	Template *rapport.TemplateUse // the text is put together from this one; Body is not looked at
	Then     Then                 // what happens once it is written
	SeenSeq  int                  // the last item the writer had seen: nothing is sent if a colleague answered after it; 0 does not ask

	waited bool // it was taken before and waited: its files are attached, and what the agent is writing now is something else
}

// begin looks at what an agent wrote: where, whether they see that, the text,
// and the item that it became already, if this is a repeat.
func begin(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID, w *Writing) (s rapport.Summary, body string, there rapport.Item, err error) {
	if s, err = See(tx, actor, id); err != nil {
		return s, "", there, err
	}
	if l := w.Content.Location; l != nil {
		if err = l.Validate("location"); err != nil {
			return s, "", there, err
		}
	}
	if there, _, err = tx.ItemByClient(id, w.ClientID); err != nil || there.Seq > 0 {
		return s, "", there, err
	}
	if s.MergedInto != "" {
		if there, _, err = tx.ItemByClient(s.MergedInto, w.ClientID); err == nil && there.Seq == 0 {
			err = rapport.Errorf(rapport.Conflict, "merged", "This conversation was merged into another one; write there.").With("merged_into", s.MergedInto)
		}
		return s, "", there, err
	}
	if w.waited && w.Template == nil {
		body, err = w.Content.ValidText("body", w.Body)
		return s, body, there, err
	}
	if w.Template != nil {
		if len(w.Files) > 0 || w.Content.Location != nil {
			err = rapport.Invalidf("template", "A template goes alone: its text is fixed. Send files and places once the customer has answered.")
		}
		return s, "", there, err
	}
	if w.Content.Files, err = attach(tx, id, OwnerAgent(actor.AgentID), w.Files); err != nil {
		return s, "", there, err
	}
	body, err = w.Content.ValidText("body", w.Body)
	return s, body, there, err
}

// Reply writes to the customer. Repeating it with the same client id returns the
// first item and false. Who replies to an unassigned or solved conversation
// takes it.
func Reply(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID, w Writing) (item rapport.Item, fresh bool, err error) {
	s, body, item, err := begin(tx, actor, id, &w)
	if err != nil || item.Seq > 0 {
		return item, false, err
	}
	if err := unanswered(tx, actor, &s, w.SeenSeq); err != nil {
		return item, false, err
	}
	if !w.waited && actor.Kind == rapport.ActorAgent {
		if err := tx.DropDraft(actor.AgentID, id, rapport.ItemMessage); err != nil {
			return item, false, err
		}
	}
	if s.Internal() {
		w.Body = body
		return converse(tx, actor, s, w)
	}
	if err := mayReply(actor, &s); err != nil {
		return item, false, err
	}
	before := s.Conversation
	var items []rapport.Item
	switch {
	case s.State == rapport.Closed:
		return item, false, rapport.Errorf(rapport.Conflict, "closed", "The conversation is closed. When the customer writes again, a new one starts.")
	case actor.Kind != rapport.ActorAgent:
		return item, false, rapport.Errorf(rapport.Forbidden, "agents_only", "Only agents reply.")
	case s.Assignee != "" && s.Assignee != actor.AgentID && s.State.Active():
		return item, false, heldByOther(&s)
	case s.Assignee != actor.AgentID || !s.State.Active():
		if s.State = rapport.Open; !before.State.Active() {
			s.Reopen()
		}
		if items, err = routing.Give(tx, &s, routing.Grant{To: actor.AgentID, Queue: s.QueueID, Trigger: "reply", Sentence: "Answered by " + actor.Name, EvenAway: true, Override: true}); err != nil {
			return item, false, err
		}
	}
	point, err := send(tx, actor, &s, w.Via)
	if err != nil {
		return item, false, err
	}
	item = rapport.Item{Kind: rapport.ItemMessage, By: rapport.ByAgent, AuthorID: string(actor.AgentID), AuthorName: actor.Name, Body: body, InboxID: s.InboxID, ClientID: w.ClientID, Content: w.Content, At: tx.Now()}
	if point != nil {
		item.Point = point
	}
	if item.Delivery, err = leaving(tx, &s); err != nil {
		return item, false, err
	}
	if err := compose(tx, &s, &item, w.Template); err != nil {
		return item, false, err
	}
	s.LastText, s.LastBy, s.LastAt = w.Content.Preview(item.Body), rapport.ByAgent, tx.Now()
	s.AwaitsSince, s.Excluded = time.Time{}, nil
	s.SilentSince, s.WarnedAt, s.Hops = tx.Now(), time.Time{}, 0
	s.Replies++
	s.WhileUnavailable = false // they are here after all
	items = append(items, item)
	s.AgentSeen = s.LastSeq + len(items) // their own words need no reading
	if err := tx.Record(&s, before, "message.sent", items...); err != nil {
		return item, false, err
	}
	item = items[len(items)-1]
	if err := tx.Bind(rapport.Affinity{ContactID: s.ContactID, AgentID: actor.AgentID, ConversationID: s.ID, QueueID: s.QueueID, EndedAt: tx.Now()}, s.Replies); err != nil {
		return item, false, err
	}
	if err := deliver(tx, items); err != nil {
		return item, false, err
	}
	return item, true, then(tx, actor, id, w.Then)
}

// Note writes to colleagues; it never leaves. Everybody who sees the
// conversation may.
func Note(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID, w Writing) (item rapport.Item, fresh bool, err error) {
	w.Template, w.Then = nil, Then{} // those are of replies
	s, body, item, err := begin(tx, actor, id, &w)
	if err != nil || item.Seq > 0 {
		return item, false, err
	}
	tell, untold, err := mentioned(tx, actor, &s, &w.Content)
	if err != nil {
		return item, false, err
	}
	before := s.Conversation
	if s.Assignee == actor.AgentID && s.AgentSeen == s.LastSeq {
		s.AgentSeen++ // their own words need no reading
	}
	items := []rapport.Item{{Kind: rapport.ItemNote, By: rapport.ByAgent, AuthorID: string(actor.AgentID), AuthorName: actor.Name, Body: body, ClientID: w.ClientID, Content: w.Content}}
	if len(untold) > 0 {
		items[0].Data = map[string]any{"not_told": untold}
	}
	if err := tx.DropDraft(actor.AgentID, id, rapport.ItemNote); err != nil {
		return item, false, err
	}
	if err := tx.Record(&s, before, "note.added", items...); err != nil {
		return items[0], false, err
	}
	text := actor.Name + " named you in a note on " + s.ContactName + ": " + w.Content.Preview(body)
	return items[0], true, notifyOf(tx, rapport.NotifyMention, s.ID, items[0].Seq, text, tell...)
}
