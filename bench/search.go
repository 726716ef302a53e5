package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"

	"rapport"
	"rapport/search"
	"rapport/store"
)

// Search is how long looking something up takes, and making the index.
type Search struct {
	Messages  int          `json:"messages"`
	Customers int          `json:"customers"`
	IndexPerS float64      `json:"indexed_per_s"` // messages, with nothing else to do
	P50       float64      `json:"p50_ms"`
	P95       float64      `json:"p95_ms"`
	Most      float64      `json:"max_ms"`
	Kinds     []SearchKind `json:"kinds"`
	DataMB    float64      `json:"data_mb"` // the SQLite file, before and with the index
	WithMB    float64      `json:"with_index_mb"`
}

// SearchKind is one sort of query.
type SearchKind struct {
	Name string  `json:"name"`
	P50  float64 `json:"p50_ms"`
	P95  float64 `json:"p95_ms"`
}

const (
	threadLength = 5      // messages of a conversation
	vocabulary   = 60_000 // words; the first ones are in nearly every message
	searches     = 40     // queries of a kind
)

func (r *run) search(ctx context.Context) (err error) {
	n := 1_000_000
	if r.Quick {
		n = 50_000
	}
	if r.Messages > 0 {
		n = r.Messages
	}
	if r.report.SearchSQLite, err = r.searchIn(ctx, r.Keep, filepath.Join(r.dir, "search"), "", n); err != nil || r.Postgres == "" {
		return err
	}
	r.report.SearchPostgres, err = r.searchIn(ctx, "", filepath.Join(r.dir, "searchpg"), r.Postgres, n)
	return err
}

// searchIn makes messages and looks things up in them. It finds those of the
// last time again when it is told where to keep them.
func (r *run) searchIn(ctx context.Context, keep, dir, url string, n int) (*Search, error) {
	w := &world{size: size{conversations: n / threadLength, customers: n / threadLength / 4, agents: 100, queues: 50}, dir: dir, url: url}
	if keep != "" {
		w.dir = filepath.Join(keep, fmt.Sprintf("search-%d", n))
	}
	if url == "" {
		w.url = filepath.Join(w.dir, "rapport.db")
	}
	m := &Search{Messages: n, Customers: w.customers}
	made := filepath.Join(w.dir, "made.json") // what was measured then; written when all is there
	if content, err := os.ReadFile(made); err == nil {
		if err := json.Unmarshal(content, m); err != nil {
			return nil, fmt.Errorf("%s: %w", made, err)
		}
	} else if err := r.talk(ctx, w, m); err != nil {
		return nil, err
	} else if content, err := json.Marshal(m); err != nil {
		return nil, err
	} else if err := os.WriteFile(made, content, 0o600); err != nil {
		return nil, err
	}
	db, err := w.open(ctx)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	r.Tell("looking things up")
	return m, w.lookUp(ctx, db, m)
}

// talk makes messages and indexes them.
func (r *run) talk(ctx context.Context, w *world, m *Search) error {
	r.Tell(fmt.Sprintf("making up %d messages", m.Messages))
	if err := os.RemoveAll(w.dir); err != nil { // what a run left that broke off
		return err
	}
	if _, err := newWorld(ctx, w.dir, w.url, w.size); err != nil {
		return err
	}
	db, err := w.open(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := w.talkAbout(ctx, db, newTalk(4)); err != nil {
		return err
	}
	m.DataMB = w.megabytes()
	r.Tell("indexing them")
	start := time.Now()
	if err := db.Index(ctx, search.Restart); err != nil {
		return err
	}
	indexer := search.New(db, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err := db.InventTerms(ctx, func() error { return indexer.Hurry(ctx) }); err != nil {
		return err
	}
	m.IndexPerS = float64(m.Messages) / time.Since(start).Seconds()
	if err := db.Update(ctx, (*store.Tx).EndInvention); err != nil {
		return err
	}
	m.WithMB = w.megabytes()
	return nil
}

func (w *world) megabytes() float64 {
	size := int64(0)
	for _, name := range []string{"rapport.db", "rapport.db-wal", "rapport.db-search", "rapport.db-search-wal"} {
		if info, err := os.Stat(filepath.Join(w.dir, name)); err == nil {
			size += info.Size()
		}
	}
	return float64(size) / 1e6
}

// talk makes up texts whose words are as common as in a language: the n-th
// word is n times rarer than the first.
type talk struct {
	rand  *rand.Rand
	zipf  *rand.Zipf
	words []string
}

var syllables = strings.Fields("ka lo mi re sen tor ban del fir gol hum jas kor lin mar nov pel qua ros sil tam ur vel wes xan yor zim bra cle dro fle gri")

func newTalk(seed uint64) *talk {
	t := &talk{rand: rand.New(rand.NewPCG(seed, 7))}
	t.zipf = rand.NewZipf(t.rand, 1.07, 4, vocabulary-1)
	for n := range vocabulary {
		t.words = append(t.words, wordOf(n))
	}
	return t
}

func wordOf(n int) string {
	s := syllables[n%len(syllables)]
	for n /= len(syllables); n > 0; n /= len(syllables) {
		s += syllables[n%len(syllables)]
	}
	return s
}

func (t *talk) text() string {
	var b strings.Builder
	for range 6 + t.rand.IntN(18) {
		b.WriteString(t.words[t.zipf.Uint64()] + " ")
	}
	fmt.Fprintf(&b, "order %d.", t.rand.IntN(10_000_000))
	return b.String()
}

func (t *talk) name() string {
	title := func(n int) string { s := wordOf(n); return strings.ToUpper(s[:1]) + s[1:] }
	return title(1000+t.rand.IntN(2000)) + " " + title(5000+t.rand.IntN(40_000))
}

// talkAbout fills the conversations of the past with messages, and gives the
// customers names.
func (w *world) talkAbout(ctx context.Context, db *store.DB, t *talk) error {
	past := store.Past{Customers: w.customers, Conversations: w.conversations, Agents: w.agents, Queues: w.queues, Until: time.Now()}
	for first := 0; first < w.conversations; first += perStep {
		var threads [][]string
		for range min(perStep, w.conversations-first) {
			var bodies []string
			for range threadLength - 1 {
				bodies = append(bodies, t.text())
			}
			threads = append(threads, bodies)
		}
		var names []string
		for range min(perStep, max(0, w.customers-first)) {
			names = append(names, t.name())
		}
		err := db.Update(ctx, func(tx *store.Tx) error {
			for i, bodies := range threads {
				if err := tx.InventThread(past, first+i, bodies); err != nil {
					return err
				}
			}
			for i, name := range names {
				if err := tx.NameContact(store.PastID[rapport.ContactID]('k', first+i), name, true); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// lookUp searches as people do, and takes the time of everything they would see.
func (w *world) lookUp(ctx context.Context, db *store.DB, m *Search) error {
	t := newTalk(9)
	admin := rapport.Actor{Kind: rapport.ActorAgent, AgentID: agentID(0), Role: rapport.RoleAdmin}
	agent := rapport.Actor{Kind: rapport.ActorAgent, AgentID: agentID(7), Role: rapport.RoleAgent, Queues: map[rapport.QueueID]bool{queueID(7): true}}
	word := func(from, to int) string { return t.words[from+t.rand.IntN(to-from)] }
	misspelt := func() string {
		s := []byte(strings.ToLower(strings.Fields(t.name())[1]))
		i := 1 + t.rand.IntN(len(s)-2)
		s[i], s[i+1] = s[i+1], s[i]
		return string(s)
	}
	var all []time.Duration
	for _, kind := range []struct {
		name  string
		actor rapport.Actor
		text  func() string
	}{
		{"two letters", admin, func() string { return word(0, 3000)[:2] }},
		{"start of a word", admin, func() string { s := word(40, 20_000); return s[:max(3, len(s)-1)] }},
		{"a common word", admin, func() string { return word(0, 30) }},
		{"two words", admin, func() string { return word(30, 400) + " " + word(400, 5000) }},
		{"three words", admin, func() string { return word(0, 50) + " " + word(50, 400) + " " + word(400, 2000) }},
		{"a rare word", admin, func() string { return word(20_000, vocabulary) }},
		{"an order's number", admin, func() string { return fmt.Sprint(t.rand.IntN(10_000_000)) }},
		{"a name", admin, func() string { return strings.ToLower(t.name()) }},
		{"a misspelt name", admin, misspelt},
		{"a common word, by an agent of one queue", agent, func() string { return word(0, 30) }},
		{"two words, by an agent of one queue", agent, func() string { return word(30, 400) + " " + word(400, 5000) }},
	} {
		var took []time.Duration
		for range searches {
			q := search.Query{Text: kind.text(), Limit: 6}
			start := time.Now()
			if err := db.View(ctx, func(tx *store.Tx) error {
				_, err := search.Find(tx, kind.actor, q)
				return err
			}); err != nil {
				return err
			}
			took = append(took, time.Since(start))
		}
		all = append(all, took...)
		m.Kinds = append(m.Kinds, SearchKind{kind.name, ms(percentile(took, 0.5)), ms(percentile(took, 0.95))})
	}
	m.P50, m.P95, m.Most = ms(percentile(all, 0.5)), ms(percentile(all, 0.95)), ms(percentile(all, 1))
	return nil
}
