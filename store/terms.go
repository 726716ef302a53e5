package store

import (
	"strconv"
	"strings"
	"time"
)

// SearchIndex is one of the full-text indexes: FTS5 on SQLite, a tsvector with
// GIN on PostgreSQL. Neither keeps any text: only terms, and where they stand.
type SearchIndex string

const (
	InMessages      SearchIndex = "search_message"
	InConversations SearchIndex = "search_conversation"
	InContacts      SearchIndex = "search_contact"
)

// Document is what a number is found by. Terms are lower-case letters and
// digits, and _ + - which FTS5 is told to leave alone.
type Document struct {
	N     int64
	Terms []string
}

// Term is a word to find; Prefix also takes longer ones that begin with it.
type Term struct {
	Text   string
	Prefix bool
}

// Terms is what to find: of each group at least one.
type Terms [][]Term

// DocumentsSince is from which document on those are that were written since a moment,
// and some more: their part may have begun before. Those of earlier versions had no
// end in time but were seldom longer than this.
func DocumentsSince(at time.Time) int64 { return DocumentAt(at.AddDate(0, 0, -60)) }

// DocumentAt is the lowest number of documents of a moment: 16,384 to a second.
func DocumentAt(at time.Time) int64 {
	return max(at.Unix()-documentEpoch, 0) << (partBits + slotBits)
}

const (
	documentEpoch = 1_577_836_800 // 2020-01-01
	partBits      = 6             // items of a part
	slotBits      = 8             // parts of a second
	PartSize      = 1 << partBits
)

// PutDocuments adds documents to an index, or puts them in the place of those
// with the same number; no number twice.
func (tx *Tx) PutDocuments(in SearchIndex, docs ...Document) error {
	if tx.db.dialect.name == sqliteDialect.name {
		for i := range docs {
			if err := tx.put("insert or replace into "+string(in)+" (rowid, terms) values ($1, $2)", docs[i].N, strings.Join(docs[i].Terms, " ")); err != nil {
				return err
			}
		}
		return nil
	}
	if len(docs) == 0 {
		return nil
	}
	numbers, vectors := make([]int64, len(docs)), make([]string, len(docs))
	for i, d := range docs {
		terms := d.Terms
		if in != InContacts {
			terms = append(terms[:len(terms):len(terms)], spansOf(d.N)...)
		}
		numbers[i], vectors[i] = d.N, "'"+strings.Join(terms, "' '")+"'"
	}
	return tx.put("insert into "+string(in)+" (rowid, terms) select n, cast(t as tsvector) from unnest(cast($1 as bigint[]), cast($2 as text[])) d (n, t) on conflict (rowid) do update set terms = excluded.terms", numbers, vectors)
}

// DropDocuments removes documents.
func (tx *Tx) DropDocuments(in SearchIndex, numbers ...int64) error {
	for _, n := range numbers {
		if err := tx.put("delete from "+string(in)+" where rowid = $1", n); err != nil {
			return err
		}
	}
	return nil
}

// FindDocuments returns the highest numbers of documents in which all terms
// are, below a number and from another one on.
func (tx *Tx) FindDocuments(in SearchIndex, want Terms, from, below int64, limit int) (numbers []int64, err error) {
	read := func(s scanner) error {
		var n int64
		err := s.Scan(&n)
		numbers = append(numbers, n)
		return err
	}
	if tx.db.dialect.name == sqliteDialect.name { // walks the index backwards and stops at the limit
		err = tx.rows(read, "select rowid from "+string(in)+" where "+string(in)+" match $1 and rowid >= $2 and rowid < $3 order by rowid desc limit $4",
			want.match(), from, below, limit)
		return numbers, err
	}
	// GIN finds all documents before any of them can be sorted. So the recent
	// ones are looked through first, as a term of their own; then more. PostgreSQL
	// thinks that there are far more than there are, and would walk all documents
	// backwards to find them; rowid + 0 leaves it the terms only.
	text := "select rowid from " + string(in) + " where terms @@ cast(cast($1 as text) as tsquery) and rowid + 0 >= $2 and rowid + 0 < $3 order by rowid + 0 desc limit $4"
	if in != InContacts {
		for _, bits := range spanBits {
			top := (min(below, DocumentAt(tx.now.Add(time.Hour))) - 1) >> bits
			low := max(top-1, 0) << bits
			span := []Term{{Text: spanTerm(bits, top)}, {Text: spanTerm(bits, max(top-1, 0))}}
			if err := tx.rows(read, text, append(want[:len(want):len(want)], span).tsquery(), from, below, limit-len(numbers)); err != nil {
				return nil, err
			}
			if len(numbers) == limit || low <= from {
				return numbers, nil
			}
			below = min(below, low)
		}
	}
	err = tx.rows(read, text, want.tsquery(), from, below, limit-len(numbers))
	return numbers, err
}

// spanBits are the lengths of time that documents on PostgreSQL carry as terms:
// about a day and a half, 12 days, and a quarter.
var spanBits = []int{17 + partBits + slotBits, 20 + partBits + slotBits, 23 + partBits + slotBits}

func spanTerm(bits int, span int64) string {
	return "-" + string('0'+rune((bits-partBits-slotBits-17)/3)) + strconv.FormatInt(span, 36)
}

func spansOf(n int64) (terms []string) {
	for _, bits := range spanBits {
		terms = append(terms, spanTerm(bits, n>>bits))
	}
	return terms
}

// match is the query of FTS5; tsquery that of PostgreSQL.
func (t Terms) match() string   { return t.text(" AND ", " OR ", `"`, " *") }
func (t Terms) tsquery() string { return t.text(" & ", " | ", "'", ":*") }

func (t Terms) text(and, or, quote, prefix string) string {
	var b strings.Builder
	for i, group := range t {
		if i > 0 {
			b.WriteString(and)
		}
		b.WriteString("(")
		for j, term := range group {
			if j > 0 {
				b.WriteString(or)
			}
			b.WriteString(quote + term.Text + quote)
			if term.Prefix {
				b.WriteString(prefix)
			}
		}
		b.WriteString(")")
	}
	return b.String()
}
