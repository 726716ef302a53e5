package store

import (
	"slices"
	"strings"

	"rapport"
)

// Gone stands where a text was erased on request.
const Gone = "Erased on request"

// Erasure says whose traces go, and which.
type Erasure struct {
	Contacts      []rapport.ContactID // the person, and who was merged into them
	Conversations []rapport.ConversationID
	Points        []rapport.Point
	Words         []string // the name and the addresses: what names the person elsewhere
	Notes         bool     // all notes of the conversations; else only those with one of the words
}

// trace is a statement that erases one kind of traces. It is run for each value
// of what it is about, which is $1; $2 is Gone where it occurs.
type trace struct {
	table string // not there in every version: passed over then
	about string // conversation, contact, point
	text  string
}

// traces is all that is kept of a person, table by table. Whoever adds a table
// with something of a customer in it adds a line here: a test reads the schema
// and asks for it. Numbers, times, states and who did what stay: they are the
// statistics.
var traces = []trace{
	// Threads: texts, files, and the sentences of what happened.
	{"item", "conversation", `update item set body = '', content = '', data = '', author_name = '', external_id = '', error = '' where conversation_id = $1 and kind = 'message' and author_kind = 'customer'`},
	{"item", "conversation", `update item set body = '', content = '', data = '', external_id = '', error = '' where conversation_id = $1 and kind = 'message'`},
	{"item", "conversation", `update item set body = $2, data = case when event in ('assigned', 'unassigned', 'state', 'priority') then data else '' end where conversation_id = $1 and kind = 'event'`},
	{"item", "conversation", `update item set author_name = '', author_id = '' where conversation_id = $1 and author_kind = 'customer'`},
	{"conversation", "conversation", `update conversation set point_address = '', point_shown = '', sort_name = '', last_text = '', topic = '', summary = '', fields = '', transfer_reason = '', wait_reason = '',
		why_sentence = case when why_sentence = '' then '' else $2 end, version = version + 1 where id = $1`},
	{"decision", "conversation", `update decision set sentence = $2, candidates = '[]', inputs = '' where conversation_id = $1`},
	{"notification", "conversation", `update notification set text = $2 where conversation_id = $1`},
	{"event", "conversation", `update event set data = '{}' where conversation_id = $1 and seq > $2`},
	{"event", "contact", `update event set data = '{}' where contact_id = $1 and seq > $2`},
	{"event", "conversation", `update event set data = '{}' where kind like 'notification.%' and data like '%' || $1 || '%' and seq > $2`},
	{"bot_turn", "conversation", `delete from bot_turn where conversation_id = $1`},
	{"job", "conversation", `delete from job where args like '%' || $1 || '%'`},
	{"workflow_log", "conversation", `update workflow_log set detail = '' where run_id in (select id from workflow_run where conversation_id = $1)`},
	{"workflow_run", "conversation", `update workflow_run set state = '{}', error = '', awaits = '', due_at = 0, status = case when status in ('running', 'waiting') then 'stopped' else status end where conversation_id = $1`},
	// The person.
	{"affinity", "contact", `delete from affinity where contact_id = $1`},
	{"contact_point", "contact", `delete from contact_point where contact_id = $1`},
	{"contact_key", "contact", `delete from contact_key where contact_id = $1`},
	{"contact_duplicate", "contact", `delete from contact_duplicate where a = $1 or b = $1`},
	{"contact_merge", "contact", `delete from contact_merge where into_id = $1 or from_id = $1`},
	{"contact_change", "contact", `delete from contact_change where contact_id = $1`},
	{"visitor", "contact", `delete from visitor where contact_id = $1`},
	{"contact", "contact", `update contact set name = '', known = 0, fields = '', tags = '' where id = $1`},
	{"visitor", "point", `delete from visitor where point_kind = $1 and point_address = $2`},
	{"sticky_point", "point", `delete from sticky_point where kind = $1 and address = $2`},
	{"sticky_agent", "", `delete from sticky_agent where not exists (select 1 from sticky_point p where p.sticky_id = sticky_agent.id)`},
	// Of the files, the bytes go with the sweep of what is gone.
	{"file", "conversation", `update file set state = 'gone', name = '', owner = '' where conversation_id = $1`},
	{"draft", "conversation", `delete from draft where conversation_id = $1`},
	{"outgoing", "conversation", `delete from outgoing where conversation_id = $1`},
	{"merged", "conversation", `delete from merged where into_id = $1 or from_id = $1`},
	{"joined", "contact", `delete from joined where contact_id = $1`},
	{"bulk_item", "conversation", `update bulk_item set reason = '', before = '', after = '' where conversation_id = $1`},
	{"survey", "conversation", `update survey set comment = '' where conversation_id = $1`},
}

// mention is a statement that erases a row when one of its columns names the person.
// It is run for each word; $2 is Gone where it occurs.
type mention struct {
	table string
	text  string // up to the condition
	in    []string
}

// mentions is wherever else a person is named.
var mentions = []mention{
	{"sticky_agent", `update sticky_agent set title = $2 where `, []string{"title"}},
	{"audit", `update audit set subject = $2, detail = '' where `, []string{"subject", "detail"}},
	{"notification", `update notification set text = $2 where `, []string{"text"}},
	{"contact_change", `update contact_change set detail = '' where action in ('merged', 'linked', 'unmerged') and `, []string{"detail"}},
	{"contact_merge", `update contact_merge set from_name = $2 where `, []string{"from_name"}},
	{"contact_import", `delete from contact_import where `, []string{"text", "problems"}},
	{"mail", `delete from mail where `, []string{"subject", "body", "html"}},
	{"feedback", `update feedback set body = $2, image = '' where `, []string{"body"}},
}

// impersonal are tables that hold nothing of customers.
var impersonal = strings.Fields(`head setting agent queue member inbox custom_status status_change session sign_in_link preference bot workflow workflow_version
	cursor_position attribute goose_db_version canned template macro form form_default disposition tag retagging saved_view view_place conversation_tag begun conversation_link
	context_card card_write bulk search_part search_word search_spelling search_todo search_progress search_cursor`)

// Scattered are traces in tables without an index for them: they are looked for
// before the transaction that erases, so that it holds nobody up.
type Scattered struct {
	head   int64 // of the log; what came later is looked for then
	events []int64
	notes  []place
}

// Noted are the conversations of the notes that name the person, of each note.
func (f *Scattered) Noted() (ids []rapport.ConversationID) {
	for _, p := range f.notes {
		ids = append(ids, p.conversation)
	}
	return ids
}

type place struct {
	conversation rapport.ConversationID
	seq          int
}

// Scattered looks for traces in the event log, and for notes that name the
// person in whosoever's conversation.
func (tx *Tx) Scattered(e Erasure) (f Scattered, err error) {
	if f.head, _, err = tx.Head(); err != nil {
		return f, err
	}
	event := func(where string, args ...any) error {
		return tx.rows(func(s scanner) error {
			var seq int64
			err := s.Scan(&seq)
			f.events = append(f.events, seq)
			return err
		}, "select seq from event where seq <= $1 and "+where, append([]any{f.head}, args...)...)
	}
	for _, id := range e.Contacts {
		if err := event("contact_id = $2", id); err != nil {
			return f, err
		}
	}
	for ids := range slices.Chunk(e.Conversations, 100) {
		args, in, like := []any{}, []string{}, []string{}
		for i, id := range ids {
			n := "$" + itoa(i+2)
			args, in, like = append(args, id), append(in, n), append(like, "data like '%' || "+n+" || '%'")
		}
		if err := event("(conversation_id in ("+strings.Join(in, ", ")+") or kind like 'notification.%' and ("+strings.Join(like, " or ")+"))", args...); err != nil {
			return f, err
		}
	}
	for _, w := range e.Words {
		if err := event(tx.db.dialect.mentioning("$2", "data"), strings.Trim(jsonOf(w), `"`)); err != nil {
			return f, err
		}
		err := tx.rows(func(s scanner) error {
			var p place
			err := s.Scan(&p.conversation, &p.seq)
			f.notes = append(f.notes, p)
			return err
		}, "select conversation_id, seq from item where kind = 'note' and "+tx.db.dialect.mentioning("$1", "body"), w)
		if err != nil {
			return f, err
		}
	}
	return f, nil
}

// Erase removes every trace of a person but the numbers. It runs in one
// transaction: all or nothing.
func (tx *Tx) Erase(e Erasure, f Scattered) error {
	tx.read = nil // conversations rest otherwise from here on
	there, err := tx.tables()
	if err != nil {
		return err
	}
	if e.Notes {
		for _, id := range e.Conversations {
			if err := tx.put("update item set body = $2, content = '' where conversation_id = $1 and kind = 'note'", id, Gone); err != nil {
				return err
			}
		}
	}
	for _, p := range f.notes {
		if err := tx.put("update item set body = $3, content = '' where conversation_id = $1 and seq = $2", p.conversation, p.seq, Gone); err != nil {
			return err
		}
	}
	for _, seq := range f.events {
		if err := tx.put("update event set data = '{}' where seq = $1", seq); err != nil {
			return err
		}
	}
	for _, t := range traces {
		if !slices.Contains(there, t.table) {
			continue
		}
		for _, args := range t.of(e, f) {
			if _, err := tx.exec(t.text, args...); err != nil {
				return err
			}
		}
	}
	for _, m := range mentions {
		for _, w := range e.Words {
			args := []any{w, Gone}
			if !strings.Contains(m.text, "$2") {
				args = args[:1]
			}
			if _, err := tx.exec(m.text+tx.db.dialect.mentioning("$1", m.in...), args...); err != nil {
				return err
			}
		}
	}
	for _, id := range e.Contacts {
		if err := tx.put("update contact set erased_at = $2 where id = $1", id, tx.now); err != nil {
			return err
		}
	}
	return nil
}

// of returns the arguments of a statement for each value that it is about.
func (t *trace) of(e Erasure, f Scattered) (all [][]any) {
	add := func(values ...any) {
		if strings.Contains(t.text, "$2") && len(values) == 1 {
			values = append(values, Gone)
		}
		all = append(all, values)
	}
	switch t.about {
	case "conversation":
		for _, id := range e.Conversations {
			if t.table == "event" {
				add(id, f.head)
				continue
			}
			add(id)
		}
	case "contact":
		for _, id := range e.Contacts {
			if t.table == "event" {
				add(id, f.head)
				continue
			}
			add(id)
		}
	case "point":
		for _, p := range e.Points {
			add(p.Kind, p.Address)
		}
	default:
		add()
	}
	return all
}

// MergedInto returns all contacts that were merged into one, directly or not.
func (tx *Tx) MergedInto(id rapport.ContactID) ([]rapport.ContactID, error) {
	all := []rapport.ContactID{id}
	for i := 0; i < len(all); i++ {
		more, err := tx.contactIDs("select id from contact where merged_into = $1 and merged_into <> '' order by id", all[i])
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	return all, nil
}

// tables names what the schema has.
func (tx *Tx) tables() (names []string, err error) {
	err = tx.rows(func(s scanner) error {
		var name string
		err := s.Scan(&name)
		names = append(names, name)
		return err
	}, tx.db.dialect.tables)
	return names, err
}
