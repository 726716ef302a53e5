package store

import (
	"context"
	"slices"
	"strings"
	"time"

	"rapport"
)

// Queued returns how many functions wait for the writer.
func (db *DB) Queued() int { return len(db.requests) }

// LongBatch sets how long functions join a commit.
func (tx *Tx) LongBatch(d time.Duration) { tx.db.dialect.longBatch = d }

// LogLength sets how many pages of SQLite's log are worth moving.
func (tx *Tx) LogLength(pages int64) { tx.writer.mover.length, tx.writer.mover.due = pages, pages }

// LogPages is how many pages are in SQLite's log.
func (tx *Tx) LogPages() int64 { return tx.writer.conn.lite.log.length() }

// Lists of tests are short: let their ways show all the same.
func init() { few, window, narrow, budget, mostStream = 8, 24, 3, 3, 20 }

// Traced is the query, which tells what it asks the database.
func (q ListQuery) Traced(trace func(text string, args []any)) ListQuery {
	q.trace = trace
	return q
}

// Streams are the statements by which a list walks through its indexes, each as
// it reads one stream, and those that tell whether few rows are enough.
func (tx *Tx) Streams(q ListQuery) (texts []string, args [][]any, err error) {
	l := &lister{tx: tx, q: &q}
	groups, err := l.groups()
	for _, g := range groups {
		for _, s := range g.streams {
			c := all(s, g.beyond(&row{id: "x", text: "x", at: 1}, true), g.rest)
			text, a := cond{"select c.id, " + g.key + " from conversation c where " + c.text + " order by " + g.order() + " limit 51", c.args}.numbered()
			texts, args = append(texts, text), append(args, a)
		}
		for _, d := range g.drivers {
			text, a := d.numbered()
			texts, args = append(texts, text), append(args, a)
		}
	}
	return texts, args, err
}

// Explain tells how the database would run a statement.
func (tx *Tx) Explain(text string, args ...any) (plan []string, err error) {
	if tx.db.dialect.name == postgresDialect.name {
		err = tx.rows(func(s scanner) error {
			var line string
			err := s.Scan(&line)
			plan = append(plan, line)
			return err
		}, "explain "+text, args...)
		return plan, err
	}
	err = tx.rows(func(s scanner) error {
		var id, parent, n int
		var line string
		err := s.Scan(&id, &parent, &n, &line)
		plan = append(plan, line)
		return err
	}, "explain query plan "+text, args...)
	return plan, err
}

// recorder remembers the questions that pass it.
type recorder struct {
	connection
	asked map[string][]any
}

func (r *recorder) query(ctx context.Context, text string, args ...any) (rows, error) {
	r.asked[text] = slices.Clone(args)
	return r.connection.query(ctx, text, args...)
}

func (r *recorder) queryRow(ctx context.Context, text string, args ...any) scanner {
	r.asked[text] = slices.Clone(args)
	return r.connection.queryRow(ctx, text, args...)
}

// PlansOf tells how the database looks for what a function asks: plans by statements.
func (tx *Tx) PlansOf(look func(*Tx) error) (map[string]string, error) {
	r := &recorder{tx.conn, map[string][]any{}}
	tx.conn = r
	err := look(tx)
	tx.conn = r.connection
	if err != nil {
		return nil, err
	}
	plans := map[string]string{}
	for text, args := range r.asked {
		plan, err := tx.Explain(text, args...)
		if err != nil {
			return nil, err
		}
		plans[text] = strings.Join(plan, "\n")
	}
	return plans, nil
}

// Do runs any statement.
func (tx *Tx) Do(text string, args ...any) error {
	_, err := tx.exec(text, args...)
	return err
}

// At is the query as it is asked at a moment.
func (q ListQuery) At(now time.Time) ListQuery {
	q.now = now
	return q
}

// OfAll returns all conversations.
func (tx *Tx) OfAll() ([]rapport.Summary, error) {
	ids, err := tx.conversationIDs("select id from conversation order by id")
	if err != nil {
		return nil, err
	}
	return tx.Summaries(ids)
}

// RealSteps makes lists as they are outside tests.
func RealSteps() { few, window, narrow, budget, mostStream = 2_000, 4_000, 200, 6, 120 }
