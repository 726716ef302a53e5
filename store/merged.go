package store

import (
	"cmp"
	"database/sql"
	"errors"
	"time"

	"rapport"
)

// Merged is a thread that went into another conversation.
type Merged struct {
	ID      string
	Into    rapport.ConversationID
	From    rapport.ConversationID
	Offset  int // item n of From is item Offset+n of Into
	LastSeq int // of From, when its thread moved
	Before  MergedBefore
	ByID    rapport.AgentID
	At      time.Time
	Undone  time.Time
}

// MergedBefore is how both conversations were.
type MergedBefore struct {
	Into   MergedState `json:"into"`
	From   MergedState `json:"from"`
	Joined []Joined    `json:"joined,omitempty"` // what inboxes led to; "" for nothing
	After  MergedState `json:"after"`            // Into with what it took over

	Waiting []MergedWaiting `json:"waiting,omitempty"` // what waited to leave in either
	Links   []MergedLink    `json:"links,omitempty"`   // what belonged to From
}

// MergedLink is a conversation that belonged to the one whose thread went.
type MergedLink struct {
	Link
	Own bool `json:"own,omitempty"` // it belonged to the one that took the thread, too
}

// MergedWaiting is how a message that waits to leave was before a merge.
type MergedWaiting struct {
	ID       rapport.OutgoingID `json:"id"`
	Own      bool               `json:"own,omitempty"` // of the conversation that took the other's thread
	Rest     string             `json:"rest,omitempty"`
	ClientID string             `json:"client_id,omitempty"`
	LastSeq  int                `json:"last_seq"`
	Moved    int                `json:"moved"` // its LastSeq since
}

// MergedState is what of a conversation does not come out in its JSON, too.
type MergedState struct {
	rapport.Conversation
	ClosedTold time.Time `json:"closed_told,omitzero"`
}

const mergedColumns = "id, into_id, from_id, offset_by, last_seq, before, by_id, at, undone_at"

func scanMerged(s scanner) (m Merged, err error) {
	var before jsonText[MergedBefore]
	err = s.Scan(&m.ID, &m.Into, &m.From, &m.Offset, &m.LastSeq, &before, &m.ByID, milli{&m.At}, milli{&m.Undone})
	m.Before = before.v
	m.Before.Into.Conversation.ClosedTold, m.Before.From.Conversation.ClosedTold = m.Before.Into.ClosedTold, m.Before.From.ClosedTold
	return m, err
}

// InsertMerged keeps a merge.
func (tx *Tx) InsertMerged(m Merged) error {
	m.Before.Into.ClosedTold, m.Before.From.ClosedTold = m.Before.Into.Conversation.ClosedTold, m.Before.From.Conversation.ClosedTold
	return tx.put("insert into merged ("+mergedColumns+") values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
		m.ID, m.Into, m.From, m.Offset, m.LastSeq, jsonOf(m.Before), m.ByID, m.At, m.Undone)
}

// MergeOf returns the merge that took a conversation's thread, if there is one
// that was not undone.
func (tx *Tx) MergeOf(from rapport.ConversationID) (m Merged, found bool, err error) {
	m, err = scanMerged(tx.queryRow("select "+mergedColumns+" from merged where from_id = $1 and undone_at = 0", from))
	if errors.Is(err, sql.ErrNoRows) {
		return m, false, nil
	}
	return m, err == nil, classify(err)
}

// MergesInto returns the merges into a conversation that were not undone, the
// latest first.
func (tx *Tx) MergesInto(into rapport.ConversationID) (list []Merged, err error) {
	err = tx.rows(func(s scanner) error {
		m, err := scanMerged(s)
		list = append(list, m)
		return err
	}, "select "+mergedColumns+" from merged where into_id = $1 and undone_at = 0 order by at desc, id desc", into)
	return list, err
}

// EndMerge notes that a merge was undone.
func (tx *Tx) EndMerge(id string) error {
	return tx.put("update merged set undone_at = $2 where id = $1", id, tx.now)
}

// Whither follows an item to where merges have brought it by now.
func (tx *Tx) Whither(id rapport.ConversationID, seq int) (rapport.ConversationID, int, error) {
	for range 100 {
		m, found, err := tx.MergeOf(id)
		if err != nil || !found || seq > m.LastSeq {
			return id, seq, err
		}
		id, seq = m.Into, m.Offset+seq
	}
	return id, seq, nil
}

// ItemAnywhere returns one entry of a thread, also when a merge has moved it: it
// says itself where it is.
func (tx *Tx) ItemAnywhere(id rapport.ConversationID, seq int) (rapport.Item, error) {
	item, err := tx.Item(id, seq)
	if rapport.KindOf(err) != rapport.NotFound || err == nil {
		return item, err
	}
	into, at, moved := tx.Whither(id, seq)
	if moved != nil || into == id {
		return item, cmp.Or(moved, err)
	}
	return tx.Item(into, at)
}

// MoveThread moves the entries of a thread up to a number into another one,
// behind its last number. The ids that senders gave their entries come along,
// unless the other thread has the same.
func (tx *Tx) MoveThread(from, into rapport.ConversationID, upTo, offset int) error {
	if _, err := tx.exec("update item set client_id = '' where conversation_id = $1 and client_id <> '' and exists (select 1 from item i where i.conversation_id = $2 and i.client_id = item.client_id)", from, into); err != nil {
		return err
	}
	_, err := tx.exec("update item set conversation_id = $2, seq = seq + $4 where conversation_id = $1 and seq <= $3", from, into, upTo, offset)
	return err
}

// Interleave puts a thread into the order of time, of which the entries after a
// number came from another thread. Each keeps its own order.
func (tx *Tx) Interleave(id rapport.ConversationID, offset int) error {
	_, err := tx.exec(`update item set place = r.n from (
			select seq, row_number() over (order by since, side, own) as n from (
				select seq, side, own, max(at) over (partition by side order by own) as since from (
					select seq, at, case when place > 0 then place else seq end as own, case when seq > $2 then 1 else 0 end as side from item where conversation_id = $1) a) b) r
		where item.conversation_id = $1 and item.seq = r.seq`, id, offset)
	return err
}

// MoveThreadBack undoes MoveThread for the entries from offset+1 to offset+last.
func (tx *Tx) MoveThreadBack(from, into rapport.ConversationID, offset, last int) error {
	_, err := tx.exec("update item set conversation_id = $1, seq = seq - $3 where conversation_id = $2 and seq > $3 and seq <= $4", from, into, offset, offset+last)
	return err
}

// Reorder numbers the places of a thread anew, or, where it is a merged one no
// longer, leaves its order to seq.
func (tx *Tx) Reorder(id rapport.ConversationID, merged bool) error {
	if !merged {
		_, err := tx.exec("update item set place = 0 where conversation_id = $1 and place > 0", id)
		return err
	}
	_, err := tx.exec(`update item set place = r.n from (select seq, row_number() over (order by place) as n from item where conversation_id = $1 and place > 0) r
		where item.conversation_id = $1 and item.seq = r.seq`, id)
	return err
}

// MergeCandidates lists the conversations of a customer that an actor may see
// and that could go into another one, the latest first.
func (tx *Tx) MergeCandidates(f Filter, into rapport.ConversationID, limit int) ([]rapport.Summary, error) {
	f.Page = Page{Limit: limit}
	return tx.latest(f, "c.contact_id = $1 and c.id <> $2 and c.merged_into = ''", f.Contact, into)
}
