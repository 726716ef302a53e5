package store

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"rapport"
)

// A list is a sequence of groups, each sorted by one column. What a group holds
// is the union of streams: conditions that an index answers in that column's
// order, so that a page is a few steps in an index, however much there is.
//
//	All work, oldest first     one group    of the streams open, pending, snoozed
//	… by status                three groups of one stream each
//	… by queue                 a group for each queue, the default one first
//	what an agent may see      streams of their queues, and of what they hold
//
// Conditions that no stream answers, the rest, are looked at row by row. If an
// index knows that few rows meet one of them, those are read and sorted;
// otherwise the streams are walked in windows, at most a budget for one page. A
// page that ends with the budget may be short; its cursor goes on from there.

// Measured: a page within the budget takes some ten milliseconds at most.
// Variables, so that tests can make them small.
var (
	few        = 2_000                 // rows that are read and sorted without ado
	window     = 4_000                 // rows that are looked at in one step
	narrow     = 200                   // of them in one stream, at least
	budget     = 6                     // such steps for one page
	patience   = 60 * time.Millisecond // for all of them
	mostStream = 120                   // streams that are merged; more are walked
)

// Place is where a list goes on: after a row of a group.
type Place struct {
	Group string `json:"g,omitempty"`
	Key   string `json:"k,omitempty"` // of a group sorted by text
	At    int64  `json:"t,omitempty"` // of a group sorted by numbers
	ID    string `json:"i"`
}

// ListQuery asks for a page of a list.
type ListQuery struct {
	rapport.Listing // valid
	Actor           rapport.Actor
	Contact         rapport.ContactID // only of this customer
	After           *Place
	Limit           int

	trace func(text string, args []any) // for tests
	now   time.Time                     // for tests; else the transaction's
}

// ListPage is a page of a list.
type ListPage struct {
	Items []rapport.Summary
	Next  *Place // nil at the end
}

// cond is a condition; ? stands for its arguments.
type cond struct {
	text string
	args []any
}

func where(text string, args ...any) cond { return cond{text, args} }

func all(conds ...cond) (c cond) {
	for _, one := range conds {
		if one.text == "" {
			continue
		}
		if c.text != "" {
			c.text += " and "
		}
		c.text += one.text
		c.args = append(c.args, one.args...)
	}
	return c
}

func in[T ~string](column string, values []T) cond {
	switch len(values) {
	case 0:
		return cond{}
	case 1:
		return where(column+" = ?", values[0])
	}
	c := cond{text: column + " in (" + strings.Repeat("?, ", len(values)-1) + "?)"}
	for _, v := range values {
		c.args = append(c.args, v)
	}
	return c
}

func standing(s rapport.Standing) cond { return where("c.standing = ?", s.Rank()) }

// ranks are the standings in a condition that no stream answers.
func ranks(list []rapport.Standing) cond {
	c := cond{text: "c.standing in (" + strings.Repeat("?, ", len(list)-1) + "?)"}
	for _, s := range list {
		c.args = append(c.args, s.Rank())
	}
	return c
}

// numbered writes $1, $2 … for the placeholders.
func (c cond) numbered() (string, []any) {
	var b strings.Builder
	n := 0
	for i := range len(c.text) {
		if c.text[i] == '?' {
			n++
			b.WriteString("$" + itoa(n))
			continue
		}
		b.WriteByte(c.text[i])
	}
	return b.String(), c.args
}

// group is one stretch of a list.
type group struct {
	name    string
	key     string // the column
	desc    bool
	streams []cond // each in the order of the key; they do not overlap
	drivers []cond // selects of the ids of all that it may hold, of which few may be enough
	rest    cond
}

func (g *group) textual() bool { return g.key == "c.sort_name" }

// row is what a list is made of before it is read.
type row struct {
	id   rapport.ConversationID
	text string
	at   int64
}

func (g *group) compare(a, b row) int {
	n := cmp.Or(strings.Compare(a.text, b.text), cmp.Compare(a.at, b.at), strings.Compare(string(a.id), string(b.id)))
	if g.desc {
		return -n
	}
	return n
}

func (g *group) scan(s scanner) (r row, err error) {
	if g.textual() {
		err = s.Scan(&r.id, &r.text)
	} else {
		err = s.Scan(&r.id, &r.at)
	}
	return r, err
}

// start is the id of a place before the first row of its group.
const start = "-"

func (g *group) place(r *row) *Place {
	if r == nil {
		return &Place{Group: g.name, ID: start}
	}
	return &Place{Group: g.name, Key: r.text, At: r.at, ID: string(r.id)}
}

// beyond is the condition of all that comes after a row, or before it.
func (g *group) beyond(r *row, after bool) cond {
	if r == nil {
		return cond{}
	}
	sign := ">"
	if g.desc {
		sign = "<"
	}
	var value any = r.at
	if g.textual() {
		value = r.text
	}
	if after {
		return where("("+g.key+", c.id) "+sign+" (?, ?)", value, r.id)
	}
	// Up to and with it. SQLite ends a walk at a plain comparison, not at one of rows.
	sign = map[string]string{">": "<=", "<": ">="}[sign]
	return where(g.key+" "+sign+" ? and ("+g.key+", c.id) "+sign+" (?, ?)", value, value, r.id)
}

func (g *group) order() string {
	if g.desc {
		return g.key + " desc, c.id desc"
	}
	return g.key + ", c.id"
}

// merged reads rows of all streams in order. skip leaves out as many of each.
func (g *group) merged(more cond, limit, skip int) cond {
	parts := make([]cond, len(g.streams))
	for i, s := range g.streams {
		c := all(s, more)
		parts[i] = cond{"select id, k from (select c.id as id, " + g.key + " as k from conversation c where " + c.text + " order by " + g.order() + " limit ? offset ?) s" + itoa(i), append(slices.Clone(c.args), limit, skip)}
	}
	var c cond
	for i, p := range parts {
		if i > 0 {
			c.text += " union all "
		}
		c.text += p.text
		c.args = append(c.args, p.args...)
	}
	if g.desc {
		c.text += " order by k desc, id desc limit ?"
	} else {
		c.text += " order by k, id limit ?"
	}
	c.args = append(c.args, limit)
	return c
}

// lister reads one list.
type lister struct {
	tx    *Tx
	q     *ListQuery
	spent int // steps of the budget
	began time.Time
}

func (l *lister) rows(scan func(scanner) error, c cond) error {
	text, args := c.numbered()
	if l.q.trace != nil {
		l.q.trace(text, slices.Clone(args))
	}
	return l.tx.rows(scan, text, args...)
}

// read returns up to limit rows of a group after a row. next is where it goes on
// when the budget has ended before the group.
func (l *lister) read(g *group, after *row, limit int) (list []row, next *Place, err error) {
	take := func(into *[]row) func(scanner) error {
		return func(s scanner) error {
			r, err := g.scan(s)
			*into = append(*into, r)
			return err
		}
	}
	if g.rest.text == "" {
		err = l.rows(take(&list), g.merged(g.beyond(after, true), limit, 0))
		return list, nil, err
	}
	for _, d := range g.drivers {
		n := 0
		if err := l.rows(func(s scanner) error { return s.Scan(&n) }, cond{"select count(*) from (" + d.text + " limit ?) d", append(slices.Clone(d.args), few+1)}); err != nil {
			return nil, nil, err
		}
		if n > few {
			continue
		}
		text := "select c.id, " + g.key + " from (" + d.text + " limit ?) d cross join conversation c where c.id = d.id and "
		within := make([]string, len(g.streams))
		args := append(slices.Clone(d.args), few+1)
		for i, s := range g.streams {
			within[i] = s.text
			args = append(args, s.args...)
		}
		c := cond{text + "(" + strings.Join(within, " or ") + ") and " + g.rest.text, append(args, g.rest.args...)}
		if err := l.rows(take(&list), c); err != nil {
			return nil, nil, err
		}
		slices.SortFunc(list, g.compare)
		if after != nil {
			list = slices.DeleteFunc(list, func(r row) bool { return g.compare(r, *after) <= 0 })
		}
		return list[:min(len(list), limit)], nil, nil
	}
	for {
		if l.spent++; l.spent > budget || l.spent > 1 && time.Since(l.began) > patience {
			return list, g.place(after), nil
		}
		var ends []row // the last row of a window in each stream that is longer
		step := max(window/len(g.streams), narrow)
		if err := l.rows(take(&ends), g.merged(g.beyond(after, true), 1, step-1)); err != nil {
			return nil, nil, err
		}
		var end *row
		if len(ends) > 0 {
			end = &ends[0]
		}
		more := all(g.beyond(after, true), g.beyond(end, false), g.rest)
		if err := l.rows(take(&list), g.merged(more, limit-len(list), 0)); err != nil {
			return nil, nil, err
		}
		if len(list) >= limit || end == nil {
			return list, nil, nil
		}
		after = end
	}
}

// page reads up to limit rows of a list, and says where it goes on.
func (l *lister) page(limit int) (ids []rapport.ConversationID, next *Place, err error) {
	groups, err := l.groups()
	if err != nil {
		return nil, nil, err
	}
	var after *row
	if p := l.q.After; p != nil {
		n := slices.IndexFunc(groups, func(g *group) bool { return g.name == p.Group })
		if n < 0 {
			return nil, nil, rapport.Invalidf("cursor", "The cursor does not belong to this list; start again without one.")
		}
		if groups = groups[n:]; p.ID != start {
			after = &row{id: rapport.ConversationID(p.ID), text: p.Key, at: p.At}
		}
	}
	var last *Place // of the last row that fits
	for _, g := range groups {
		list, stopped, err := l.read(g, after, limit+1-len(ids))
		if err != nil {
			return nil, nil, err
		}
		for _, r := range list {
			if len(ids) == limit {
				return ids, last, nil
			}
			ids, last = append(ids, r.id), g.place(&r)
		}
		if stopped != nil {
			return ids, stopped, nil
		}
		after = nil
	}
	return ids, nil, nil
}

// List returns a page of a list.
func (tx *Tx) List(q ListQuery) (p ListPage, err error) {
	l := &lister{tx: tx, q: &q, began: time.Now()}
	ids, next, err := l.page(q.Limit)
	if err != nil {
		return p, err
	}
	p.Next = next
	p.Items, err = tx.Summaries(ids)
	return p, err
}

// ListIDs returns the first conversations of a list.
func (tx *Tx) ListIDs(q ListQuery) (ids []rapport.ConversationID, more bool, err error) {
	l := &lister{tx: tx, q: &q, began: time.Now()}
	for {
		l.spent, l.began = 0, time.Now()
		part, next, err := l.page(q.Limit - len(ids))
		if err != nil {
			return nil, false, err
		}
		ids = append(ids, part...)
		if next == nil || len(ids) >= q.Limit {
			return ids, next != nil, nil
		}
		q.After = next
	}
}

// Count counts a list up to a number; more tells that there may be more.
func (tx *Tx) Count(q ListQuery, most int) (n int, more bool, err error) {
	l := &lister{tx: tx, q: &q, began: time.Now()}
	groups, err := l.groups()
	if err != nil {
		return 0, false, err
	}
	for _, g := range groups {
		if g.rest.text != "" {
			list, stopped, err := l.read(g, nil, most+1-n)
			if err != nil {
				return 0, false, err
			}
			if n += len(list); stopped != nil {
				more = true
			}
		} else {
			for _, s := range g.streams {
				var here int
				c := cond{"select count(*) from (select 1 from conversation c where " + s.text + " limit ?) n", append(slices.Clone(s.args), most+1-n)}
				if err := l.rows(func(s scanner) error { return s.Scan(&here) }, c); err != nil {
					return 0, false, err
				}
				if n += here; n > most {
					break
				}
			}
		}
		if n > most {
			return most, true, nil
		}
		if more {
			break
		}
	}
	return n, more, nil
}

// Summaries returns conversations in the given order; those that are gone are left out.
func (tx *Tx) Summaries(ids []rapport.ConversationID) ([]rapport.Summary, error) {
	list := make([]rapport.Summary, 0, len(ids))
	for chunk := range slices.Chunk(ids, 200) {
		found := make(map[rapport.ConversationID]rapport.Summary, len(chunk))
		marks, args := listed(chunk)
		err := tx.rows(func(s scanner) error {
			v, err := scanSummary(s)
			found[v.ID] = v
			return err
		}, "select "+conversationColumns+summaryNames+summaryJoins+"where c.id in ("+marks+")", args...)
		if err != nil {
			return nil, err
		}
		for _, id := range chunk {
			if v, ok := found[id]; ok {
				list = append(list, v)
			}
		}
	}
	return list, nil
}
