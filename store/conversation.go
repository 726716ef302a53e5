package store

import (
	"cmp"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"rapport"
)

var conversationNames = strings.Fields(`id contact_id inbox_id queue_id assignee_id state priority point_kind point_address point_shown follows
	wait_queue wait_agent wait_since wait_reason wait_for transfer_queue transfer_by transfer_reason transfer_since transfer_until excluded
	why_id why_sentence why_rung why_at while_unavailable last_seq customer_seen agent_seen last_text last_by last_at awaits_since
	replies opened_at assigned_at solved_at closed_at bot_id hops timer_kind timer_at silent_since warned_at untimed wait_until wait_by_hand escalated_at closed_told ended_by tags fields topic summary form_id disposition_id snoozed_until woke_at started_by merged_into sort_name version`)

var (
	conversationColumns = "c." + strings.Join(conversationNames, ", c.")
	// What follows from the rest is written and never read.
	conversationWritten = append(slices.Clone(conversationNames), "standing", "sort_at")
	versionColumn       = slices.Index(conversationWritten, "version")
)

// columnSet are some of the columns of a conversation, a bit each.
type columnSet [2]uint64

func (s *columnSet) add(i int)      { s[i/64] |= 1 << (i % 64) }
func (s *columnSet) has(i int) bool { return s[i/64]&(1<<(i%64)) != 0 }

// always are the columns of a new row that have no default, or one that is not zero.
var always = func() (s columnSet) {
	for _, name := range []string{"id", "contact_id", "inbox_id", "state", "opened_at", "priority", "standing", "version"} {
		s.add(slices.Index(conversationWritten, name))
	}
	return s
}()

var conversationTexts sync.Map // statement → SQL text

// conversationText is the statement that writes some columns: a new row, or
// changes to one that still has the version in the last argument.
func conversationText(columns columnSet, change bool) string {
	type key struct {
		columnSet
		bool
	}
	if text, ok := conversationTexts.Load(key{columns, change}); ok {
		return text.(string)
	}
	var names []string
	for i, name := range conversationWritten {
		if columns.has(i) {
			names = append(names, name)
		}
	}
	text := ""
	if change {
		for i, name := range names {
			names[i] = name + " = $" + itoa(i+2)
		}
		text = "update conversation set " + strings.Join(names, ", ") + " where id = $1 and version = $" + itoa(len(names)+2)
	} else {
		text = insertText("conversation", strings.Join(names, ", "), len(names), 1)
	}
	conversationTexts.Store(key{columns, change}, text)
	return text
}

// conversationRow is a conversation as it rests: flat.
type conversationRow struct {
	rapport.Conversation
	waitQueue rapport.QueueID
	priority  int
	excluded  string
	timer     rapport.Timer
	tags      jsonText[[]string]
	fields    jsonText[map[string]string]
	waiting   rapport.Waiting
	transfer  rapport.Transfer
	why       rapport.Why
}

func (r *conversationRow) dest() []any {
	c := &r.Conversation
	return []any{&c.ID, &c.ContactID, &c.InboxID, &c.QueueID, &c.Assignee, &c.State, &r.priority, &c.Point.Kind, &c.Point.Address, &c.Point.Shown, &c.Follows,
		&r.waitQueue, &r.waiting.AgentID, milli{&r.waiting.Since}, &r.waiting.Reason, &r.waiting.WaitsFor,
		&r.transfer.QueueID, &r.transfer.By, &r.transfer.Reason, milli{&r.transfer.Since}, milli{&r.transfer.Until}, &r.excluded,
		&r.why.DecisionID, &r.why.Sentence, &r.why.Rung, milli{&r.why.At}, &c.WhileUnavailable,
		&c.LastSeq, &c.CustomerSeen, &c.AgentSeen, &c.LastText, &c.LastBy, milli{&c.LastAt}, milli{&c.AwaitsSince},
		&c.Replies, milli{&c.OpenedAt}, milli{&c.AssignedAt}, milli{&c.SolvedAt}, milli{&c.ClosedAt},
		&c.BotID, &c.Hops, &r.timer.Kind, milli{&r.timer.At}, milli{&c.SilentSince}, milli{&c.WarnedAt}, &c.Untimed, milli{&r.waiting.Until}, &r.waiting.ByHand, milli{&c.EscalatedAt}, milli{&c.ClosedTold}, &c.EndedBy, &r.tags, &r.fields,
		&c.Topic, &c.SummaryText, &c.FormID, &c.DispositionID, milli{&c.SnoozedUntil}, milli{&c.WokeAt}, &c.StartedBy, &c.MergedInto, &c.SortName, &c.Version}
}

func (r *conversationRow) conversation() rapport.Conversation {
	c := r.Conversation
	c.Priority = rapport.PriorityOfRank(r.priority)
	for _, id := range strings.Fields(r.excluded) {
		c.Excluded = append(c.Excluded, rapport.AgentID(id))
	}
	if r.waitQueue != "" {
		c.Waiting = &r.waiting
	}
	if r.transfer.QueueID != "" {
		c.Transfer = &r.transfer
	}
	if r.why.DecisionID != "" {
		c.Why = &r.why
	}
	if !r.timer.At.IsZero() {
		c.Timer = &r.timer
	}
	c.Tags, c.Fields = r.tags.v, r.fields.v
	return c
}

func conversationValues(c *rapport.Conversation) []any {
	var (
		w     rapport.Waiting
		t     rapport.Transfer
		y     rapport.Why
		timer rapport.Timer
		queue rapport.QueueID
	)
	if c.Waiting != nil {
		w, queue = *c.Waiting, c.QueueID
	}
	if c.Transfer != nil {
		t = *c.Transfer
		if c.Waiting != nil {
			queue = t.QueueID
		}
	}
	if c.Why != nil {
		y = *c.Why
	}
	if c.Timer != nil {
		timer = *c.Timer
	}
	excluded := make([]string, len(c.Excluded))
	for i, id := range c.Excluded {
		excluded[i] = string(id)
	}
	return []any{c.ID, c.ContactID, c.InboxID, c.QueueID, c.Assignee, c.State, c.Priority.Rank(), c.Point.Kind, c.Point.Address, c.Point.Shown, c.Follows,
		queue, w.AgentID, w.Since, w.Reason, w.WaitsFor, t.QueueID, t.By, t.Reason, t.Since, t.Until, strings.Join(excluded, " "),
		y.DecisionID, y.Sentence, y.Rung, y.At, c.WhileUnavailable, c.LastSeq, c.CustomerSeen, c.AgentSeen, c.LastText, c.LastBy, c.LastAt, c.AwaitsSince,
		c.Replies, c.OpenedAt, c.AssignedAt, c.SolvedAt, c.ClosedAt,
		c.BotID, c.Hops, timer.Kind, timer.At, c.SilentSince, c.WarnedAt, c.Untimed, w.Until, w.ByHand, c.EscalatedAt, c.ClosedTold, c.EndedBy, jsonOf(c.Tags), jsonOf(c.Fields),
		c.Topic, c.SummaryText, c.FormID, c.DispositionID, c.SnoozedUntil, c.WokeAt, c.StartedBy, c.MergedInto, c.SortName, c.Version,
		c.Standing().Rank(), c.ListedAt()}
}

// InsertConversation adds a conversation. A second ongoing one of the same
// contact and inbox is refused by the database (S3-25).
func (tx *Tx) InsertConversation(c *rapport.Conversation) error {
	columns, values := always, bind(conversationValues(c))
	args := make([]any, 0, len(values))
	for i, v := range values {
		if v != int64(0) && v != "" {
			columns.add(i)
		}
		if columns.has(i) {
			args = append(args, v)
		}
	}
	tx.keep(c.ID, values)
	return tx.put(conversationText(columns, false), args...)
}

// UpdateConversation saves a conversation, provided nobody changed it since it
// was read (compare and set on its version), and raises the version. That it was
// changed may show only at the end of the function, which then fails.
//
// Only what is not as it was read is written: each column costs its indexes.
func (tx *Tx) UpdateConversation(c *rapport.Conversation) error {
	was := c.Version
	c.Version++
	var columns columnSet
	values, read := bind(conversationValues(c)), tx.read[c.ID]
	args := make([]any, 1, len(values)+1)
	args[0] = c.ID
	for i := 1; i < len(values); i++ {
		if read == nil || read[i] != values[i] || i == versionColumn {
			columns.add(i)
			args = append(args, values[i])
		}
	}
	delete(tx.read, c.ID) // what rests if it is refused, this does not know
	err := tx.demand(rapport.Errorf(rapport.Conflict, "changed_meanwhile", "The conversation was changed by somebody else at the same moment; look again."),
		conversationText(columns, true), append(args, was)...)
	if err == nil {
		tx.keep(c.ID, values)
	}
	return err
}

// keep notes how a conversation rests, as this transaction read or wrote it last.
func (tx *Tx) keep(id rapport.ConversationID, values []any) {
	if tx.read == nil {
		tx.read = map[rapport.ConversationID][]any{}
	}
	tx.read[id] = values
}

// keepRead is keep of what was just read.
func (tx *Tx) keepRead(c *rapport.Conversation) {
	if tx.writer != nil {
		tx.keep(c.ID, bind(conversationValues(c)))
	}
}

// write changes conversations by another way than UpdateConversation.
func (tx *Tx) write(text string, args ...any) error {
	tx.read = nil
	return tx.put(text, args...)
}

// Conversation returns one conversation.
func (tx *Tx) Conversation(id rapport.ConversationID) (rapport.Conversation, error) {
	var r conversationRow
	err := tx.queryRow("select "+conversationColumns+" from conversation c where c.id = $1", id).Scan(r.dest()...)
	if err != nil {
		return rapport.Conversation{}, found(err, "conversation", string(id))
	}
	c := r.conversation()
	tx.keepRead(&c)
	return c, nil
}

const summaryNames = `, coalesce(k.name, ''), coalesce(i.name, ''), coalesce(i.channel, ''), coalesce(q.name, ''), coalesce(a.name, ''), coalesce(b.name, ''), coalesce(q.is_default, 0)`
const summaryJoins = ` from conversation c left join contact k on k.id = c.contact_id left join inbox i on i.id = c.inbox_id
	left join queue q on q.id = c.queue_id left join agent a on a.id = c.assignee_id left join bot b on b.id = c.bot_id `

func scanSummary(s scanner) (rapport.Summary, error) {
	var r conversationRow
	var v rapport.Summary
	var first bool // it is in the default queue
	err := s.Scan(append(r.dest(), &v.ContactName, &v.InboxName, &v.Channel, &v.QueueName, &v.AssigneeName, &v.BotName, &first)...)
	v.Conversation = r.conversation()
	v.ContactName = rapport.ShownName(v.ContactName, v.Point)
	if v.Internal() { // it is called by what it is about
		v.ContactName, v.Channel = cmp.Or(v.Topic, v.ContactName), rapport.InternalChannel
	}
	v.Order = orderOf(&v, first)
	return v, err
}

// Summary returns one conversation with the names a reader needs.
func (tx *Tx) Summary(id rapport.ConversationID) (rapport.Summary, error) {
	v, err := scanSummary(tx.queryRow("select "+conversationColumns+summaryNames+summaryJoins+"where c.id = $1", id))
	if err == nil {
		tx.keepRead(&v.Conversation)
	}
	return v, found(err, "conversation", string(id))
}

// Page says where in a list to go on; the zero value is the start.
type Page struct {
	After time.Time
	ID    string
	Limit int
}

// Filter narrows a list of conversations. Empty fields do not.
type Filter struct {
	Actor   rapport.Actor // only what they may see
	Queue   rapport.QueueID
	Contact rapport.ContactID
	Page    Page
}

// Waiting lists the conversations that nobody suitable has taken yet: highest
// priority first, then the oldest.
func (tx *Tx) Waiting(f Filter) ([]rapport.Summary, error) {
	return tx.summaries(f, "c.wait_queue <> ''", nil, "order by c.priority desc, c.wait_since, c.id limit 1000")
}

// OfContact lists all conversations of a customer, the latest first; one that
// was merged is in the other one.
func (tx *Tx) OfContact(f Filter) ([]rapport.Summary, error) {
	return tx.latest(f, "c.contact_id = $1 and c.merged_into = ''", f.Contact)
}

// latest runs one of the lists, a page of it, by when they were opened.
func (tx *Tx) latest(f Filter, where string, args ...any) ([]rapport.Summary, error) {
	if f.Page.ID != "" {
		args = append(args, f.Page.After, f.Page.ID)
		where += " and (c.opened_at, c.id) < ($" + itoa(len(args)-1) + ", $" + itoa(len(args)) + ")"
	}
	args = append(args, f.Page.Limit)
	return tx.summaries(f, where, args, "order by c.opened_at desc, c.id desc limit $"+itoa(len(args)))
}

// summaries runs one of the lists.
func (tx *Tx) summaries(f Filter, where string, args []any, order string) (list []rapport.Summary, err error) {
	w := where
	if f.Queue != "" {
		args = append(args, f.Queue)
		w += " and c.queue_id = $" + itoa(len(args))
	}
	if !f.Actor.SeesAll() {
		w += visible(f.Actor, &args)
	}
	list = []rapport.Summary{}
	err = tx.rows(func(s scanner) error {
		v, err := scanSummary(s)
		list = append(list, v)
		return err
	}, "select "+conversationColumns+summaryNames+summaryJoins+"where "+w+" "+order, args...)
	return list, err
}

// visible is the SQL of Actor.Sees.
func visible(a rapport.Actor, args *[]any) string {
	*args = append(*args, a.AgentID)
	me := "$" + itoa(len(*args))
	in := ""
	for q := range a.Queues {
		*args = append(*args, q)
		if in != "" {
			in += ", "
		}
		in += "$" + itoa(len(*args))
	}
	if in == "" {
		return " and (c.assignee_id = " + me + " or c.started_by = " + me + ")"
	}
	return " and (c.assignee_id = " + me + " or c.started_by = " + me + " or c.queue_id in (" + in + ") or c.transfer_queue in (" + in + "))"
}

// NextWaiting returns the conversation that goes next to an agent in a queue:
// it waits there for anybody or for them, and its place is after the given one.
func (tx *Tx) NextWaiting(queue rapport.QueueID, agent rapport.AgentID, skip []rapport.ConversationID) (c rapport.Conversation, ok bool, err error) {
	var best *rapport.Conversation
	for _, who := range []rapport.AgentID{"", agent} {
		var r conversationRow
		args := []any{queue, who}
		not, free := "", ""
		if who == "" { // who waits for the queue to open, or for somebody's hand, is passed over
			args = append(args, tx.now)
			free = " and c.wait_until <= $" + itoa(len(args)) + " and c.wait_by_hand = 0"
		}
		for _, id := range skip {
			args = append(args, id)
			not += " and c.id <> $" + itoa(len(args))
		}
		err := tx.queryRow("select "+conversationColumns+" from conversation c where c.wait_queue = $1 and c.wait_queue <> '' and c.wait_agent = $2"+not+free+" order by c.priority desc, c.wait_since, c.id limit 1", args...).Scan(r.dest()...)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return c, false, classify(err)
		}
		v := r.conversation()
		if best == nil || Before(&v, best) {
			best = &v
		}
		if agent == "" {
			break
		}
	}
	if best == nil {
		return c, false, nil
	}
	return *best, true, nil
}

// PlaceInLine is the place of a conversation that waits, from 1, among those who
// wait for anybody in its queue, or for the same agent there. It counts no
// further than a thousand or two.
func (tx *Tx) PlaceInLine(c *rapport.Conversation) (place int, err error) {
	const line = "select id from conversation where wait_queue = $1 and wait_queue <> '' and wait_agent = $2 and wait_by_hand = 0 and "
	err = tx.queryRow(`select 1 + (select count(*) from (`+line+`priority > $3 limit 999) a)
		+ (select count(*) from (`+line+`priority = $3 and wait_since <= $4 and (wait_since < $4 or id < $5) limit 999) b)`,
		c.QueueID, c.Waiting.AgentID, c.Priority.Rank(), c.Waiting.Since, c.ID).Scan(&place)
	return place, classify(err)
}

// EndedIn counts conversations of a queue that ended since a moment and had
// their last message since then; counting stops at five hundred.
func (tx *Tx) EndedIn(queue rapport.QueueID, since time.Time) (n int, err error) {
	const ended, fresh = "select 1 from conversation where queue_id = $1 and standing = ", " and sort_at > $2 and last_at > $2"
	err = tx.queryRow("select count(*) from ("+ended+"4"+fresh+" union all "+ended+"5"+fresh+" limit 500) e", queue, since).Scan(&n)
	return n, classify(err)
}

// AnyWaiting tells whether somebody waits in a queue in which an agent is ready:
// mostly nobody does, and that is quickly said.
func (tx *Tx) AnyWaiting(agent rapport.AgentID) (any bool, err error) {
	err = tx.rows(func(s scanner) error {
		any = true
		var n int
		return s.Scan(&n)
	}, `select 1 from member m where m.agent_id = $1 and m.ready = 1
		and exists (select 1 from conversation c where c.wait_queue = m.queue_id and c.wait_queue <> '' limit 1) limit 1`, agent)
	return any, err
}

// SomebodyWaits tells whether any conversation waits for an agent.
func (tx *Tx) SomebodyWaits() (bool, error) {
	var n int
	err := tx.queryRow("select case when exists (select 1 from conversation where wait_queue <> '') then 1 else 0 end").Scan(&n)
	return n == 1, classify(err)
}

// Before is the order of waiting: higher priority, then longer waiting.
func Before(a, b *rapport.Conversation) bool {
	if a.Priority != b.Priority {
		return a.Priority.Rank() > b.Priority.Rank()
	}
	if !a.Waiting.Since.Equal(b.Waiting.Since) {
		return a.Waiting.Since.Before(b.Waiting.Since)
	}
	return a.ID < b.ID
}

// QueuesToServe returns queues in which somebody waits although a member is
// ready: what the sweep looks after.
func (tx *Tx) QueuesToServe() (queues []rapport.QueueID, err error) {
	err = tx.rows(func(s scanner) error {
		var q rapport.QueueID
		err := s.Scan(&q)
		queues = append(queues, q)
		return err
	}, `select q.id from queue q where exists (select 1 from conversation c where c.wait_queue = q.id and c.wait_queue <> '' and c.wait_agent = '' and c.wait_until <= $1 and c.wait_by_hand = 0)
		and exists (select 1 from member m where m.queue_id = q.id and m.ready = 1)`, tx.now)
	return queues, err
}

// QueuesWaitedIn returns queues in which somebody waits until an agent is ready,
// and not for the queue to open.
func (tx *Tx) QueuesWaitedIn() (queues []rapport.QueueID, err error) {
	err = tx.rows(func(s scanner) error {
		var q rapport.QueueID
		err := s.Scan(&q)
		queues = append(queues, q)
		return err
	}, `select q.id from queue q where exists (select 1 from conversation c where c.wait_queue = q.id and c.wait_queue <> '' and c.wait_agent = '' and c.wait_until = 0 and c.wait_by_hand = 0)`)
	return queues, err
}

// WaitingInside returns the conversations that wait in a queue until an agent is
// ready, and not for the queue to open, in the order of waiting.
func (tx *Tx) WaitingInside(queue rapport.QueueID) ([]rapport.ConversationID, error) {
	return tx.conversationIDs("select id from conversation where wait_queue = $1 and wait_queue <> '' and wait_agent = '' and wait_until = 0 and wait_by_hand = 0 order by priority desc, wait_since, id", queue)
}

// WaitingForOne returns the conversations that wait for one agent only, in the
// order of waiting.
func (tx *Tx) WaitingForOne() ([]rapport.ConversationID, error) {
	return tx.conversationIDs("select id from conversation where wait_queue <> '' and wait_agent <> '' order by priority desc, wait_since, id")
}

// HeldIDs returns the conversations an agent holds, all or those of one queue.
func (tx *Tx) HeldIDs(agent rapport.AgentID, queue rapport.QueueID) ([]rapport.ConversationID, error) {
	return tx.conversationIDs("select id from conversation where assignee_id = $1 and assignee_id <> '' and standing in (1, 2, 3) and ($2 = '' or queue_id = $2) order by opened_at", agent, queue)
}

// WaitingFor returns the conversations that wait for one agent only.
func (tx *Tx) WaitingFor(agent rapport.AgentID) ([]rapport.ConversationID, error) {
	return tx.conversationIDs("select id from conversation where wait_queue <> '' and wait_agent = $1 order by wait_since", agent)
}

// InQueue returns conversations of a queue that are not closed.
func (tx *Tx) InQueue(queue rapport.QueueID) ([]rapport.ConversationID, error) {
	return tx.conversationIDs("select id from conversation where (queue_id = $1 or transfer_queue = $1) and state <> 'closed'", queue)
}

// TransfersDue returns transfers whose time is up.
func (tx *Tx) TransfersDue() ([]rapport.ConversationID, error) {
	return tx.conversationIDs("select id from conversation where transfer_queue <> '' and transfer_until <= $1 order by transfer_until limit 100", tx.now)
}

func (tx *Tx) conversationIDs(text string, args ...any) (ids []rapport.ConversationID, err error) {
	err = tx.rows(func(s scanner) error {
		var id rapport.ConversationID
		err := s.Scan(&id)
		ids = append(ids, id)
		return err
	}, text, args...)
	return ids, err
}
