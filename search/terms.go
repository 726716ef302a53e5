package search

import (
	"hash/fnv"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"rapport"
	"rapport/store"
)

// A document holds words as they are, and marked terms:
//
//	_pa _par   how its words begin, so that two letters are quickly found
//	+4930123   ends of telephone numbers; any run of digits begins one
//	-q… -a…    queues and agents that may see it

// marker collects the terms of a document, each once.
type marker struct {
	seen map[string]bool
	list []string
}

func newMarker() *marker { return &marker{seen: map[string]bool{}} }

const mostTerms = 4000 // of one document

func (m *marker) add(term string) {
	if !m.seen[term] && len(m.list) < mostTerms {
		m.seen[term] = true
		m.list = append(m.list, term)
	}
}

func (m *marker) word(w string) {
	m.add(w)
	for n := 2; n <= 3; n++ {
		if start, ok := begin(w, n); ok {
			m.add("_" + start)
		}
	}
}

// text adds the words of a text, and the telephone numbers in it.
func (m *marker) text(s string) {
	for _, w := range words(s) {
		m.word(w.text)
		if w.other != "" {
			m.word(w.other)
		}
	}
	for _, found := range numbers.FindAllString(s, 50) {
		if number, ok := digits(found); ok && len(number) >= 7 {
			m.number(number)
		}
	}
}

var numbers = regexp.MustCompile(`\+?[0-9][0-9 ()/.\-\x{a0}\x{202f}]{5,24}[0-9]`)

// number adds the ends of a telephone number, so that any part of it is found.
func (m *marker) number(written string) {
	number := strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, written)
	for i := 0; i+3 <= len(number) && i < 20; i++ {
		m.add("+" + number[i:min(len(number), i+20)])
	}
}

func (m *marker) point(p rapport.Point) {
	switch p.Kind {
	case rapport.PointVisitor:
	case rapport.PointPhone:
		m.number(p.Address)
	case rapport.PointExternal:
		_, id, _ := strings.Cut(p.Address, ":")
		m.text(id)
	default:
		m.text(p.Address)
	}
	m.text(p.Shown)
}

func (m *marker) scope(terms string) {
	for _, term := range strings.Fields(terms) {
		m.add(term)
	}
}

// checksum tells sets of terms apart.
func (m *marker) checksum() string {
	h := fnv.New64a()
	for _, term := range m.list {
		_, _ = h.Write([]byte(term)) // never fails
		_, _ = h.Write([]byte{0})
	}
	return strconv.FormatUint(h.Sum64(), 36)
}

// ofQueue and ofAgent are the terms for whom a document can be found. A short
// end of the id is enough: what two share is sorted out by the rule of lists.
func ofQueue(id rapport.QueueID) string { return "-q" + tail(string(id)) }
func ofAgent(id rapport.AgentID) string { return "-a" + tail(string(id)) }

func tail(id string) string { return id[max(0, len(id)-10):] }

// scopeOf is for whom a conversation can be found.
func scopeOf(s store.SearchScope) (terms []string) {
	if s.Queue != "" {
		terms = append(terms, ofQueue(s.Queue))
	}
	if s.Transfer != "" && s.Transfer != s.Queue {
		terms = append(terms, ofQueue(s.Transfer))
	}
	if s.Assignee != "" {
		terms = append(terms, ofAgent(s.Assignee))
	}
	if s.StartedBy != "" && s.StartedBy != s.Assignee {
		terms = append(terms, ofAgent(s.StartedBy))
	}
	return terms
}

func scopeOfConversation(c *rapport.Conversation) string {
	s := store.SearchScope{Queue: c.QueueID, Assignee: c.Assignee, StartedBy: c.StartedBy}
	if c.Transfer != nil {
		s.Transfer = c.Transfer.QueueID
	}
	return strings.Join(scopeOf(s), " ")
}

// aboutMessage are the terms of a message or note.
func aboutMessage(v *rapport.Item, scope string) []string {
	m := newMarker()
	m.scope(scope)
	m.text(v.Body)
	for _, f := range v.Files {
		m.text(f.Name)
	}
	if v.Location != nil {
		m.text(v.Location.Name)
		m.text(v.Location.Address)
	}
	return m.list
}

// aboutConversation are the terms of a conversation: what it is called, of whom
// it is, and what was noted about it.
func aboutConversation(v *rapport.Summary) *marker {
	m := newMarker()
	m.scope(scopeOfConversation(&v.Conversation))
	m.text(v.Topic)
	if v.ContactID != internal {
		m.text(v.ContactName)
		m.point(v.Point)
	}
	m.text(v.SummaryText)
	for _, tag := range v.Tags {
		m.text(tag)
	}
	for _, name := range slices.Sorted(keysOf(v.Fields)) {
		m.text(v.Fields[name])
	}
	return m
}

// aboutContact are the terms of a customer.
func aboutContact(c *rapport.Contact, scope string) *marker {
	m := newMarker()
	m.scope(scope)
	m.text(c.Name)
	for _, p := range c.Points {
		m.point(p)
	}
	for _, tag := range c.Tags {
		m.text(tag)
	}
	for _, name := range slices.Sorted(keysOf(c.Fields)) {
		m.text(c.Fields[name])
	}
	return m
}

// internal is the contact of conversations among colleagues; nobody looks for it.
const internal rapport.ContactID = "internal"
