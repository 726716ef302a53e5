package store

import (
	"encoding/json"
	"strings"
	"time"

	"rapport"
)

const decisionColumns = "id, conversation_id, at, cause, policy, queue_id, rung, agent_id, sentence, waits_for, hold_for, hold_until, override, candidates, inputs"

// InsertDecision keeps the record of one run of the ladder.
func (tx *Tx) InsertDecision(d rapport.Decision) error {
	candidates, err := json.Marshal(d.Candidates)
	if err != nil {
		return err
	}
	return tx.put(insertRows("decision", decisionColumns, 15, 1), d.ID, d.ConversationID, d.At, d.Trigger, d.Policy, d.QueueID, d.Rung, d.AgentID, d.Sentence, d.WaitsFor, d.HoldFor, d.HoldUntil, d.Override, string(candidates), string(d.Inputs))
}

// Decisions returns the decisions about a conversation, the latest first.
func (tx *Tx) Decisions(id rapport.ConversationID) (list []rapport.Decision, err error) {
	list = []rapport.Decision{}
	err = tx.rows(func(s scanner) error {
		var d rapport.Decision
		var candidates, inputs string
		if err := s.Scan(&d.ID, &d.ConversationID, milli{&d.At}, &d.Trigger, &d.Policy, &d.QueueID, &d.Rung, &d.AgentID, &d.Sentence, &d.WaitsFor, &d.HoldFor, milli{&d.HoldUntil}, &d.Override, &candidates, &inputs); err != nil {
			return err
		}
		d.Inputs = json.RawMessage(inputs)
		list = append(list, d)
		return json.Unmarshal([]byte(candidates), &list[len(list)-1].Candidates)
	}, "select "+decisionColumns+" from decision where conversation_id = $1 order by at desc, id desc limit 200", id)
	return list, err
}

// DecisionInputs returns what a decision of the router saw; nil when a person decided.
func (tx *Tx) DecisionInputs(id rapport.DecisionID) (json.RawMessage, error) {
	var text string
	err := tx.queryRow("select inputs from decision where id = $1", id).Scan(&text)
	if err != nil || text == "" {
		return nil, found(err, "decision", string(id))
	}
	return json.RawMessage(text), nil
}

// Bond is a reason to bring a customer back to a certain agent.
type Bond struct {
	Rung    rapport.Rung
	Facts   Facts
	Ref     string          // the sticky-agent record or the conversation
	Title   string          // of the record
	QueueID rapport.QueueID // where they last met
	At      time.Time       // end of the interaction
	Replies int             // in it
}

// Bonds returns the contact's named sticky agent, who holds another open
// conversation of theirs, and who handled them last with at least minReplies, else with
// fewer; each as seen from a queue. What colleagues ask each other is nobody's open
// case: all of it belongs to one contact.
//
// The states are excluded one by one on purpose: PostgreSQL would otherwise walk
// the index of all held conversations, which it takes for short.
func (tx *Tx) Bonds(contact rapport.ContactID, not rapport.ConversationID, queue rapport.QueueID, minReplies int) (bonds []Bond, err error) {
	if bonds, ok := tx.ahead.bondsOf(tx, contact, not, queue, minReplies); ok {
		return bonds, nil
	}
	err = tx.rows(func(s scanner) error { return scanBond(s, &bonds) }, bondsText, contact, not, queue, minReplies)
	return bonds, err
}

// scanBond adds a bond, of which there is one of a kind: the latest.
func scanBond(s scanner, bonds *[]Bond) (err error) {
	var b Bond
	b.Facts, err = scanFacts(s, &b.Rung, &b.Ref, &b.Title, &b.QueueID, milli{&b.At}, &b.Replies)
	for i := range *bonds {
		if have := &(*bonds)[i]; have.Rung == b.Rung {
			if b.At.After(have.At) || b.At.Equal(have.At) && b.Ref < have.Ref {
				*have = b
			}
			return err
		}
	}
	*bonds = append(*bonds, b)
	return err
}

// bondsText reads every sticky agent and open case, of which a customer has few,
// and of those who handled them before the one who counts. To sort all three in
// the database took it a table for each.
const bondsText = "select " + factsColumns + `, b.rung, b.ref, b.title, b.met_in, b.at, b.replies from (
			select s.agent_id, 'named_sticky' as rung, s.id as ref, s.title, '' as met_in, s.updated_at as at, 0 as replies
			from contact_point p join sticky_point sp on sp.kind = p.kind and sp.address = p.address and sp.enabled = 1
			join sticky_agent s on s.id = sp.sticky_id and s.enabled = 1 where p.contact_id = $1
		union all
			select c.assignee_id, 'open_case', c.id, '', c.queue_id, c.assigned_at, c.replies from conversation c
			where c.contact_id = $1 and c.id <> $2 and c.assignee_id <> '' and c.state <> 'closed' and c.state <> 'solved' and c.contact_id <> 'internal'
		union all
			select f.agent_id, 'history', f.conversation_id, '', f.queue_id, f.ended_at, f.replies from affinity f
			where f.contact_id = $1 and f.agent_id = (select h.agent_id from affinity h
				where h.contact_id = $1 order by case when h.replies >= $4 then 0 else 1 end, h.ended_at desc, h.agent_id limit 1)
		) b join agent a on a.id = b.agent_id left join member m on m.agent_id = a.id and m.queue_id = $3`

// bondsAheadText are the bonds of the contact with the point $1 $5, unless they
// have an ongoing conversation in the inbox $6.
var bondsAheadText = `with who as (select p.contact_id from contact_point p where p.kind = $1 and p.address = $5 and (
			select c.id from conversation c where c.contact_id = p.contact_id and c.inbox_id = $6 and c.state <> 'closed' and c.contact_id <> 'internal') is null)
		` + strings.ReplaceAll(bondsText, "contact_id = $1", "contact_id = (select contact_id from who)")

// bondsAhead are bonds that were asked for together with the caller: who has no
// ongoing conversation will be routed next.
type bondsAhead struct {
	contact    rapport.ContactID
	queue      rapport.QueueID
	minReplies int
	bonds      []Bond
	mark       int // what was written until then
}

// question asks for the bonds of whoever writes to an inbox, as its queue sees them.
func (a *bondsAhead) question(config *Configuration, p rapport.Point, inbox rapport.InboxID) question {
	if i := config.Inboxes[inbox]; i != nil {
		a.queue = i.QueueID
	}
	a.minReplies = config.StickyIn(a.queue).MinReplies
	return question{bondsAheadText, []any{p.Kind, "", a.queue, a.minReplies, p.Address, inbox}, func(s scanner) error { return scanBond(s, &a.bonds) }}
}

// bondsOf returns the bonds if they are what the database would answer now:
// nothing was written since, and none of them is the conversation left out.
func (a *bondsAhead) bondsOf(tx *Tx, contact rapport.ContactID, not rapport.ConversationID, queue rapport.QueueID, minReplies int) ([]Bond, bool) {
	if a == nil || a.contact != contact || a.queue != queue || a.minReplies != minReplies || a.mark != tx.writer.conn.mark() {
		return nil, false
	}
	for i := range a.bonds {
		if a.bonds[i].Ref == string(not) {
			return nil, false
		}
	}
	return a.bonds, true
}

// Bind keeps who handled a contact, until when (C7). A conversation with too few
// replies takes nothing from one before it that counts and still binds.
func (tx *Tx) Bind(a rapport.Affinity, replies int) error {
	if a.ContactID == rapport.InternalContact { // colleagues are nobody's customers
		return nil
	}
	config, err := tx.Configuration()
	if err != nil {
		return err
	}
	sticky := config.StickyIn(a.QueueID)
	return tx.put(`insert into affinity (contact_id, agent_id, conversation_id, queue_id, replies, ended_at) values ($1, $2, $3, $4, $5, $6)
		on conflict (contact_id, agent_id) do update set conversation_id = excluded.conversation_id, queue_id = excluded.queue_id,
			replies = excluded.replies, ended_at = excluded.ended_at
		where not (affinity.replies >= $7 and excluded.replies < $7 and affinity.ended_at > $8)`,
		a.ContactID, a.AgentID, a.ConversationID, a.QueueID, replies, a.EndedAt, sticky.MinReplies, a.EndedAt.Add(-sticky.Window()))
}
