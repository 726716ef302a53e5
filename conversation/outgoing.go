package conversation

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"rapport"
	"rapport/job"
	"rapport/store"
)

// Leave is the kind of the job that sends a message which waited.
const Leave = "leave"

// Leaving are the arguments of that job.
type Leaving struct {
	ID rapport.OutgoingID `json:"id"`
}

// Later says when a reply is to leave: after a moment in which it can be taken
// back, or at a time.
type Later struct {
	Undo       time.Duration
	At         time.Time
	OnlySilent bool // not if the customer writes before that
}

// SendLater keeps a reply until it is to leave. It is refused at once where a
// reply would be. Repeating it with the same client id returns the first and
// false. The draft it was made of is dropped with it.
func SendLater(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID, w Writing, l Later) (o rapport.Outgoing, fresh bool, err error) {
	s, body, item, err := begin(tx, actor, id, &w)
	if err != nil {
		return o, false, err
	}
	if there, found, err := tx.OutgoingByClient(id, w.ClientID); err != nil || found {
		return there, false, err
	}
	if item.Seq > 0 {
		return o, false, rapport.Errorf(rapport.Conflict, "already_sent", "This message has been sent already.").With("seq", item.Seq)
	}
	if actor.Kind != rapport.ActorAgent {
		return o, false, rapport.Errorf(rapport.Forbidden, "agents_only", "Only agents reply.")
	}
	if err := maySend(actor, &s); err != nil {
		return o, false, err
	}
	if err := unanswered(tx, actor, &s, w.SeenSeq); err != nil {
		return o, false, err
	}
	rest, err := keepRest(tx, actor, &s, w, &body)
	if err != nil {
		return o, false, err
	}
	o = rapport.Outgoing{
		Rest: rest,
		ID:   rapport.NewID[rapport.OutgoingID](), ConversationID: id, AgentID: actor.AgentID, AgentName: actor.Name, Kind: rapport.Scheduled, Body: body, Content: w.Content,
		ClientID: w.ClientID, DueAt: l.At.UTC().Truncate(time.Second), OnlySilent: l.OnlySilent, LastSeq: s.LastSeq, State: rapport.OutgoingWaiting, CreatedAt: tx.Now(),
	}
	if l.At.IsZero() {
		if l.Undo <= 0 || l.Undo > rapport.MostUndo {
			return o, false, rapport.Invalidf("undo_seconds", "Between 1 and %d seconds.", rapport.MostUndo/time.Second)
		}
		o.Kind, o.DueAt, o.OnlySilent = rapport.Undoable, tx.Now().Add(l.Undo), false
	} else if err := validDue(tx, l.At); err != nil {
		return o, false, err
	}
	if err := restOf(&o, &w); err != nil {
		return o, false, err
	}
	if err := tx.DropDraft(actor.AgentID, id, rapport.ItemMessage); err != nil {
		return o, false, err
	}
	return o, true, wait(tx, &s, &o)
}

// rest is what of a writing waits besides its text and content.
type rest struct {
	InboxID  rapport.InboxID      `json:"inbox_id,omitempty"`
	Point    rapport.Point        `json:"point,omitzero"`
	Template *rapport.TemplateUse `json:"template,omitempty"`
	Then     Then                 `json:"then,omitzero"`
}

// keepRest looks whether a message could go now, and makes its text if it has a
// template: what is refused is refused now. It keeps the way if one was chosen,
// or if it is another than the conversation's.
func keepRest(tx *store.Tx, actor rapport.Actor, s *rapport.Summary, w Writing, body *string) (string, error) {
	if s.Internal() {
		return "", nil
	}
	way, err := passage(tx, actor, s, w.Via)
	if err != nil {
		return "", err
	}
	r := rest{Template: w.Template, Then: w.Then}
	item := rapport.Item{InboxID: s.InboxID, Body: *body}
	if way.inbox != nil {
		r.InboxID, r.Point, item.InboxID = way.inbox.ID, way.point, way.inbox.ID
	} else if _, err := leaving(tx, s); err != nil {
		return "", err
	}
	if err := compose(tx, s, &item, w.Template); err != nil {
		return "", err
	}
	*body = item.Body
	if r == (rest{}) {
		return "", nil
	}
	text, err := json.Marshal(r)
	return string(text), err
}

func restOf(o *rapport.Outgoing, w *Writing) error {
	if o.Rest == "" {
		return nil
	}
	var r rest
	if err := json.Unmarshal([]byte(o.Rest), &r); err != nil {
		return err
	}
	w.Template, w.Then = r.Template, r.Then
	if o.InboxID = r.InboxID; r.InboxID != "" {
		w.Via = &Via{InboxID: r.InboxID, Point: r.Point}
	}
	return nil
}

func validDue(tx *store.Tx, at time.Time) error {
	if !at.After(tx.Now()) || at.After(tx.Now().Add(rapport.MostAhead)) {
		return rapport.Invalidf("send_at", "The time must lie ahead, within a year.")
	}
	return nil
}

// wait saves a message that is to leave at its time, with the job that sends it.
func wait(tx *store.Tx, s *rapport.Summary, o *rapport.Outgoing) error {
	if err := tx.SaveOutgoing(o); err != nil {
		return err
	}
	if err := job.Enqueue(tx, job.Job{Kind: Leave, Args: Leaving{o.ID}, Due: o.DueAt}); err != nil {
		return err
	}
	return tx.Announce(s, "outgoing.changed")
}

// Outgoings returns what waits in a conversation, and what of the actor's own
// could not leave and was not looked at yet.
func Outgoings(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID) ([]rapport.Outgoing, error) {
	if _, err := See(tx, actor, id); err != nil {
		return nil, err
	}
	waiting, err := tx.WaitingToLeave(id)
	if err != nil {
		return nil, err
	}
	// What can still be taken back is nobody else's yet.
	waiting = slices.DeleteFunc(waiting, func(o rapport.Outgoing) bool { return o.Kind == rapport.Undoable && o.AgentID != actor.AgentID })
	failed, err := tx.FailedToLeave(id, actor.AgentID)
	if err != nil {
		return nil, err
	}
	all := append(waiting, failed...)
	for i := range all {
		if err := restOf(&all[i], &Writing{}); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// own returns a waiting message of the actor's. Supervisors may call back those
// of others, but neither change nor send them.
func own(tx *store.Tx, actor rapport.Actor, id rapport.OutgoingID, supervisors bool) (rapport.Outgoing, rapport.Summary, error) {
	o, err := tx.Outgoing(id)
	if err != nil {
		return o, rapport.Summary{}, err
	}
	s, err := See(tx, actor, o.ConversationID)
	missing := rapport.Errorf(rapport.NotFound, "not_found", "There is no waiting message %q.", id)
	switch {
	case rapport.KindOf(err) == rapport.NotFound && err != nil:
		return o, s, missing
	case err != nil:
		return o, s, err
	case o.AgentID == actor.AgentID:
	case o.Kind == rapport.Undoable:
		return o, s, missing
	case !supervisors || !actor.Supervises():
		return o, s, rapport.Errorf(rapport.Forbidden, "not_author", "%s wrote this message; only they can change it.", o.AgentName)
	}
	if o.State == rapport.OutgoingSent {
		return o, s, rapport.Errorf(rapport.Conflict, "already_sent", "This message has been sent already.")
	}
	return o, s, nil
}

// Undo takes back a message that waits: it is a draft again, unless something
// else was begun meanwhile. One that somebody else stops stays with its author
// as one that was not sent, and its author is told. Asked again, it answers the same and
// changes nothing.
func Undo(tx *store.Tx, actor rapport.Actor, id rapport.OutgoingID) (rapport.Outgoing, error) {
	o, s, err := own(tx, actor, id, true)
	if err != nil {
		return o, err
	}
	back := o.State == rapport.OutgoingCancelled
	if o.AgentID != actor.AgentID {
		if back || o.State == rapport.OutgoingFailed {
			return o, nil
		}
		return o, fail(tx, &o, actor.Name+" stopped it.")
	}
	var w Writing
	if err := restOf(&o, &w); err != nil {
		return o, err
	}
	if o.Left, err = left(tx, actor, &s, w.Then); err != nil {
		return o, err
	}
	o.Template = w.Template // its text is no draft: nobody may edit it
	if back {
		return o, nil
	}
	if o.Template == nil {
		if err := redraft(tx, &o); err != nil {
			return o, err
		}
	}
	for _, f := range o.Content.Files { // they can be sent again
		if err := tx.DetachFile(f.ID, OwnerAgent(o.AgentID), o.ConversationID); err != nil {
			return o, err
		}
	}
	o.State, o.Reason = rapport.OutgoingCancelled, "Called back by "+actor.Name
	if err := tx.SaveOutgoing(&o); err != nil {
		return o, err
	}
	return o, tx.Announce(&s, "outgoing.changed")
}

// left names what was to happen with a reply. What it would lead to and is gone
// by now is left out.
func left(tx *store.Tx, actor rapport.Actor, s *rapport.Summary, t Then) (*rapport.Left, error) {
	if t == (Then{}) {
		return nil, nil
	}
	config, err := tx.Configuration()
	if err != nil {
		return nil, err
	}
	l := &rapport.Left{}
	if t.MacroID != "" {
		m, err := tx.Macro(t.MacroID)
		if err := unlessGone(err); err != nil {
			return nil, err
		}
		if err == nil && m.For(actor) {
			l.MacroID, l.Macro = m.ID, m.Name
		}
	}
	for _, part := range []rapport.Effects{{QueueID: t.QueueID}, {AssigneeID: t.AssigneeID}, {State: t.State}} {
		effects, err := outward(tx, config, actor, s, rapport.Effects{}, part)
		if kind := rapport.KindOf(err); err != nil && (kind == rapport.Invalid || kind == rapport.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if len(effects) > 0 {
			l.QueueID, l.AssigneeID, l.State = cmp.Or(l.QueueID, part.QueueID), cmp.Or(l.AssigneeID, part.AssigneeID), cmp.Or(l.State, part.State)
			l.Effects = append(l.Effects, effects...)
		}
	}
	if len(l.Effects) == 0 {
		return nil, nil
	}
	return l, nil
}

// redraft keeps the text of a message that does not leave as its author's draft.
func redraft(tx *store.Tx, o *rapport.Outgoing) error {
	d, err := tx.Draft(o.AgentID, o.ConversationID, rapport.ItemMessage)
	if err != nil || !d.Empty() {
		return err
	}
	var w Writing
	if err := restOf(o, &w); err != nil {
		return err
	}
	d.Body, d.Content, d.SavedAt = o.Body, o.Content, tx.Now()
	if w.Via != nil {
		d.InboxID, d.Content.Point = w.Via.InboxID, &w.Via.Point
	}
	d.Version++
	return tx.SaveDraft(o.AgentID, d)
}

// Change is what may be changed of a message that waits for its time.
type Change struct {
	Body       *string
	At         *time.Time
	OnlySilent *bool
}

// ChangeOutgoing changes a message that waits for its time; one that could not
// leave waits again with a new time.
func ChangeOutgoing(tx *store.Tx, actor rapport.Actor, id rapport.OutgoingID, c Change) (rapport.Outgoing, error) {
	o, s, err := own(tx, actor, id, false)
	if err != nil {
		return o, err
	}
	if o.Kind != rapport.Scheduled || o.State == rapport.OutgoingCancelled {
		return o, rapport.Errorf(rapport.Conflict, "not_scheduled", "Only a message that waits for its time can be changed; take this one back and write it anew.")
	}
	var kept Writing
	if err := restOf(&o, &kept); err != nil {
		return o, err
	}
	if c.Body != nil && kept.Template != nil {
		return o, rapport.Invalidf("body", "The text of the template %s is fixed; call this message back and fill the template in anew.", o.Content.Template)
	}
	if c.Body != nil {
		if o.Body, err = o.Content.ValidText("body", *c.Body); err != nil {
			return o, err
		}
	}
	if c.OnlySilent != nil {
		o.OnlySilent = *c.OnlySilent
	}
	at := o.DueAt
	if c.At != nil {
		at = *c.At
	}
	if err := validDue(tx, at); err != nil {
		return o, err
	}
	if err := maySend(actor, &s); err != nil {
		return o, err
	}
	o.DueAt, o.State, o.Reason, o.LastSeq = at.UTC().Truncate(time.Second), rapport.OutgoingWaiting, "", s.LastSeq
	return o, wait(tx, &s, &o)
}

// SendNow sends a message of the actor's that waits.
func SendNow(tx *store.Tx, actor rapport.Actor, id rapport.OutgoingID) (rapport.Item, error) {
	o, _, err := own(tx, actor, id, false)
	if err != nil {
		return rapport.Item{}, err
	}
	if o.State == rapport.OutgoingCancelled {
		return rapport.Item{}, rapport.Errorf(rapport.Conflict, "called_back", "This message was called back; write it anew.")
	}
	return leave(tx, actor, &o)
}

// leave sends a waiting message as what it is: a reply of its author's.
func leave(tx *store.Tx, actor rapport.Actor, o *rapport.Outgoing) (rapport.Item, error) {
	if o.ClientID == "" {
		o.ClientID = string(o.ID)
	}
	w := Writing{Body: o.Body, ClientID: o.ClientID, Content: o.Content, waited: true}
	if err := restOf(o, &w); err != nil {
		return rapport.Item{}, err
	}
	// It counts as sent before it is: what happens with it sends what still waits.
	o.State, o.Reason = rapport.OutgoingSent, ""
	if err := tx.SaveOutgoing(o); err != nil {
		return rapport.Item{}, err
	}
	item, _, err := Reply(tx, actor, o.ConversationID, w)
	if err != nil {
		return item, err
	}
	s, err := tx.Summary(o.ConversationID)
	if err != nil {
		return item, err
	}
	return item, tx.Announce(&s, "outgoing.changed")
}

// flush sends what of the actor's can still be taken back: what they do next
// comes after it.
func flush(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID) (bool, error) {
	if actor.Kind != rapport.ActorAgent {
		return false, nil
	}
	waiting, err := tx.WaitingToLeave(id)
	sent := false
	for i := range waiting {
		o := &waiting[i]
		if err != nil || o.Kind != rapport.Undoable || o.AgentID != actor.AgentID {
			continue
		}
		sent = true
		_, err = leave(tx, actor, o)
	}
	return sent, err
}

// leavesSoon tells until when the reply timer leaves an agent alone who has
// sent an answer that can still be taken back.
func leavesSoon(tx *store.Tx, s *rapport.Summary) (until time.Time, err error) {
	waiting, err := tx.WaitingToLeave(s.ID)
	for i := range waiting {
		o := &waiting[i]
		if o.Kind == rapport.Undoable && o.AgentID == s.Assignee && o.DueAt.Add(time.Minute).After(tx.Now()) && o.DueAt.After(until) {
			until = o.DueAt
		}
	}
	return until, err
}

// SendWaiting is the job: it sends a message whose time has come, after those of
// the same author and conversation that were sent before it. One that may not
// leave any more is kept with the reason, and its author is told.
func SendWaiting(ctx context.Context, db *store.DB, id rapport.OutgoingID) error {
	refused := error(nil)
	err := db.Update(ctx, func(tx *store.Tx) error {
		refused = nil
		o, err := tx.Outgoing(id)
		if err != nil || o.State != rapport.OutgoingWaiting || o.DueAt.After(tx.Now()) {
			return unlessGone(err)
		}
		first := []rapport.Outgoing{o}
		if o.Kind == rapport.Undoable {
			waiting, err := tx.WaitingToLeave(o.ConversationID)
			if err != nil {
				return err
			}
			first = slices.DeleteFunc(waiting, func(other rapport.Outgoing) bool {
				return other.Kind != rapport.Undoable || other.AgentID != o.AgentID || other.CreatedAt.After(o.CreatedAt)
			})
		}
		for i := range first {
			why, err := obstacle(tx, &first[i])
			if err != nil {
				return err
			}
			if why != "" {
				if err := fail(tx, &first[i], why); err != nil {
					return err
				}
				continue
			}
			actor, err := actorOf(tx, first[i].AgentID)
			if err != nil {
				return err
			}
			if _, err := leave(tx, actor, &first[i]); err != nil {
				refused = err
				return err
			}
		}
		return nil
	})
	if refused == nil || passing(refused) {
		return err
	}
	// The rules refuse it for a reason that will not pass.
	return db.Update(ctx, func(tx *store.Tx) error {
		o, err := tx.Outgoing(id)
		if err != nil || o.State != rapport.OutgoingWaiting {
			return err
		}
		return fail(tx, &o, sentence(refused))
	})
}

// GaveUp notes that a message could not be sent however often it was tried.
func GaveUp(ctx context.Context, db *store.DB, id rapport.OutgoingID) error {
	return db.Update(ctx, func(tx *store.Tx) error {
		o, err := tx.Outgoing(id)
		if err != nil || o.State != rapport.OutgoingWaiting {
			return unlessGone(err)
		}
		return fail(tx, &o, "It could not be sent, however often it was tried.")
	})
}

// gone tells whether what was asked for does not exist any more.
func gone(err error) bool { return err != nil && rapport.KindOf(err) == rapport.NotFound }

func unlessGone(err error) error {
	if gone(err) {
		return nil
	}
	return err
}

func passing(err error) bool {
	switch rapport.KindOf(err) {
	case rapport.Internal, rapport.Unavailable, rapport.TooMany:
		return true
	}
	return rapport.CodeOf(err) == "changed_meanwhile"
}

func sentence(err error) string {
	if e, ok := errors.AsType[*rapport.Error](err); ok {
		return e.Message
	}
	return "It was refused."
}

// obstacle says why a waiting message may not leave any more; "" when it may.
func obstacle(tx *store.Tx, o *rapport.Outgoing) (string, error) {
	actor, err := actorOf(tx, o.AgentID)
	if gone(err) {
		return "Its author cannot sign in any more.", nil
	}
	if err != nil {
		return "", err
	}
	s, err := tx.Summary(o.ConversationID)
	if err != nil {
		return "", err
	}
	switch {
	case s.State == rapport.Closed:
		return "The conversation was closed.", nil
	case s.State.Active() && s.BotID != "":
		return "The bot " + s.BotName + " has the conversation.", nil
	case s.State.Active() && s.Assignee != "" && s.Assignee != o.AgentID && !s.Internal():
		return s.AssigneeName + " has the conversation now.", nil
	}
	if err := maySend(actor, &s); err != nil {
		return sentence(err), nil
	}
	if !o.OnlySilent {
		return "", nil
	}
	wrote, err := tx.WroteSince(o.ConversationID, o.LastSeq)
	if err != nil || !wrote {
		return "", err
	}
	return s.ContactName + " has written meanwhile.", nil
}

// fail keeps a message that does not leave, with the reason, and tells its
// author.
func fail(tx *store.Tx, o *rapport.Outgoing, why string) error {
	o.State, o.Reason = rapport.OutgoingFailed, why
	if err := tx.SaveOutgoing(o); err != nil {
		return err
	}
	s, err := tx.Summary(o.ConversationID)
	if err != nil {
		return err
	}
	if err := tx.Announce(&s, "outgoing.changed"); err != nil {
		return err
	}
	if _, err := tx.Agent(o.AgentID); err != nil {
		return unlessGone(err)
	}
	return Notify(tx, rapport.NotifySendFailed, s.ID, "Your message to "+s.ContactName+" was not sent: "+why, o.AgentID)
}

// actorOf is an agent as who acts.
func actorOf(tx *store.Tx, id rapport.AgentID) (rapport.Actor, error) {
	a, err := tx.Agent(id)
	if err != nil {
		return rapport.Actor{}, err
	}
	if !a.Enabled {
		return rapport.Actor{}, rapport.Errorf(rapport.NotFound, "disabled", "%s cannot sign in any more.", a.Name)
	}
	members, err := tx.MemberOf(id)
	return rapport.ActorOf(a, members), err
}

// unanswered refuses a reply that was begun before a colleague's, if its author
// says what they had seen.
func unanswered(tx *store.Tx, actor rapport.Actor, s *rapport.Summary, seen int) error {
	if seen <= 0 || seen >= s.LastSeq {
		return nil
	}
	items, err := tx.Items(s.ID, seen, 0, 100)
	for i := range items {
		if it := &items[i]; it.Kind == rapport.ItemMessage && it.By == rapport.ByAgent && it.AuthorID != string(actor.AgentID) {
			return rapport.Errorf(rapport.Conflict, "answered_meanwhile", "%s has answered meanwhile.", it.AuthorName).With("seq", it.Seq)
		}
	}
	return err
}
