package search_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport"
	"rapport/rapporttest"
	"rapport/search"
	"rapport/store"
)

// stage is a world with its index.
type stage struct {
	*rapporttest.World
	index *search.Indexer
}

func stages(t *testing.T, run func(*testing.T, *stage)) {
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		run(t, &stage{w, search.New(w.DB, rapporttest.Log(t))})
	})
}

func (s *stage) settle() {
	s.T.Helper()
	if err := s.index.Settle(s.T.Context()); err != nil {
		s.T.Fatal(err)
	}
}

func (s *stage) find(agent, text string, change ...func(*search.Query)) (r search.Results) {
	s.T.Helper()
	q := search.Query{Text: text, Limit: 10}
	for _, c := range change {
		c(&q)
	}
	s.View(func(tx *store.Tx) (err error) {
		r, err = search.Find(tx, s.Actor(agent), q)
		return err
	})
	return r
}

func text(pieces []search.Piece) string {
	var b strings.Builder
	for _, p := range pieces {
		if p.Hit {
			b.WriteString("[" + p.Text + "]")
		} else {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

func messages(r search.Results) (list []string) {
	for i := range r.Messages {
		list = append(list, text(r.Messages[i].Marked))
	}
	return list
}

func customers(r search.Results) (list []string) {
	for i := range r.Customers {
		list = append(list, r.Customers[i].Name)
	}
	slices.Sort(list)
	return list
}

func named(r search.Results) (list []string) {
	for i := range r.Conversations {
		list = append(list, r.Conversations[i].ContactName)
	}
	slices.Sort(list)
	return list
}

func want(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

// S3-29: three groups, found as they are typed, without regard to case and
// accents, with the hit marked.
func TestFind(t *testing.T) {
	t.Parallel()
	stages(t, func(t *testing.T, s *stage) {
		s.Queue("support", "ana")
		s.Agent("ana", rapporttest.Capacity(50))
		s.Inbox("site", "support")
		s.Inbox("shop", "support")
		for _, c := range []struct{ name, point, text string }{
			{"Jürgen Müller", "+49 30 1234567", "Wo ist mein PAKET in der Große Straße?"},
			{"José García", "jose.garcia@example.com", "My parcel has not arrived"},
			{"Zoe Schmidt", "zoe", "Call me at 0171 / 555 66 77 about invoice AB-4711."},
			{"王小明", "wang", "我的包裹还没有到"},
		} {
			s.Write(c.point, c.text)
			s.Name("ana", c.point, c.name)
		}
		s.Note("ana", "zoe", "She means the parcel of her sister.")
		s.settle()
		for _, c := range []struct {
			query string
			found []string
		}{
			{"paket", []string{"Wo ist mein [PAKET] in der Große Straße?"}},
			{"grosse strasse", []string{"Wo ist mein PAKET in der [Große] [Straße]?"}},
			{"pa", []string{"She means the [parcel] of her sister.", "My [parcel] has not arrived", "Wo ist mein [PAKET] in der Große Straße?"}},
			{"parc", []string{"She means the [parcel] of her sister.", "My [parcel] has not arrived"}},
			{"PARCEL arr", []string{"My [parcel] has not [arrived]"}},
			{"sister parc", []string{"She means the [parcel] of her [sister]."}},
			{"parcel invoice", nil},
			{"ab-4711", []string{"…me at 0171 / 555 66 77 about invoice [AB]-[4711]."}},
			{"01715556677", []string{"Call me at [0171 / 555 66 77] about invoice AB-4711."}},
			{"包裹", []string{"我的[包裹]还没有到"}},
			{"?", nil},
		} {
			want(t, c.query, messages(s.find("ana", c.query)), c.found)
		}
		for query, found := range map[string][]string{
			"mull":                    {"Jürgen Müller"},
			"mueller":                 {"Jürgen Müller"},
			"MÜLLER juergen":          {"Jürgen Müller"},
			"garcia":                  {"José García"},
			"gacria":                  {"José García"}, // two letters in the wrong order
			"scmidt":                  {"Zoe Schmidt"}, // one is missing
			"schmitt":                 {"Zoe Schmidt"}, // one is wrong
			"shmdit":                  nil,             // that is too much
			"030 1234":                {"Jürgen Müller"},
			"+49 (30) 123":            {"Jürgen Müller"},
			"0049301234567":           {"Jürgen Müller"},
			"234567":                  {"Jürgen Müller"},
			"jose.garcia@example.com": {"José García"},
			"example.com":             {"José García"},
			"小明":                      {"王小明"},
		} {
			r := s.find("ana", query)
			want(t, "customers for "+query, customers(r), found)
			want(t, "conversations for "+query, named(r), found)
		}
		r := s.find("ana", "gacria")
		want(t, "corrected", r.Corrected["gacria"], []string{"garcia"})
		if got := text(r.Customers[0].Marked); got != "José [García] · jose.[garcia]@example.com" {
			t.Errorf("marked %q", got)
		}
		h := s.find("ana", "müller").Customers[0] // S3-31
		want(t, "channels", h.Channels, []string{"web"})
		if h.LastID != s.Of("+49 30 1234567").ID || h.LastAt.IsZero() {
			t.Errorf("last activity %v in %v", h.LastAt, h.LastID)
		}
		c := s.find("ana", "müller").Conversations[0] // S3-30
		if c.Channel != "web" || c.ContactName != "Jürgen Müller" || c.LastAt.IsZero() {
			t.Errorf("conversation hit %+v", c)
		}
		// A name that changes takes its conversations with it.
		s.Name("ana", "zoe", "Zoe Lindqvist")
		s.settle()
		want(t, "the new name", named(s.find("ana", "lindqvist")), []string{"Zoe Lindqvist"})
		want(t, "the old name", named(s.find("ana", "schmidt")), nil)
		want(t, "the old name, misspelt", customers(s.find("ana", "scmidt")), nil)
	})
}

// Invariant 7: what somebody may not see they do not find, also where
// everything else that is found would fill the page.
func TestFindOnlyWhatOneMaySee(t *testing.T) {
	t.Parallel()
	stages(t, func(t *testing.T, s *stage) {
		s.Queue("support", "ana")
		s.Queue("sales", "carla")
		s.Agent("ana", rapporttest.Capacity(200))
		s.Agent("carla", rapporttest.Capacity(200))
		s.Agent("sue", rapporttest.As(rapport.RoleSupervisor))
		s.Inbox("site", "support")
		s.Inbox("shop", "sales")
		s.Write("first", "A parcel for sales.", s.In("shop"))
		for i := range 70 {
			s.Write(fmt.Sprintf("maria%d", i), "A parcel for support.", s.In("site"))
		}
		s.settle()
		want(t, "carla", messages(s.find("carla", "parcel")), []string{"A [parcel] for sales."})
		want(t, "carla's customers", customers(s.find("carla", "maria")), nil)
		want(t, "carla's conversations", named(s.find("carla", "maria")), nil)
		if got := s.find("sue", "parcel"); len(got.Messages) != 10 || got.Next == 0 {
			t.Errorf("a supervisor finds %d, next %d", len(got.Messages), got.Next)
		}
		total, next := 0, int64(0)
		for range 20 {
			r := s.find("sue", "parcel", func(q *search.Query) { q.Before, q.Groups = next, []string{search.Messages} })
			total += len(r.Messages)
			if next = r.Next; next == 0 {
				break
			}
		}
		if total != 71 {
			t.Errorf("%d on all pages, want 71", total)
		}
		// On its way to another queue both see it, afterwards one of them.
		s.TransferToQueue("ana", "maria3", "sales")
		s.settle()
		if got := s.find("carla", "support"); len(got.Messages) != 1 || got.Messages[0].Conversation.ContactName != "maria3" {
			t.Errorf("carla finds %q", messages(got))
		}
		s.Claim("carla", "maria3")
		s.settle()
		if got := s.find("carla", "maria3"); len(got.Customers) != 1 || len(got.Conversations) != 1 {
			t.Errorf("carla finds %v", got)
		}
		if slices.Contains(customers(s.find("ana", "maria3")), "maria3") || slices.Contains(named(s.find("ana", "maria3")), "maria3") {
			t.Error("ana, who has no part in it any more, still finds maria3")
		}
		if got := s.find("ana", "support", func(q *search.Query) { q.Limit = 100 }); len(got.Messages) != 69 {
			t.Errorf("ana finds %d messages, want 69", len(got.Messages))
		}
		// Filters.
		sales := s.Queue("sales").ID
		if got := s.find("sue", "parcel", func(q *search.Query) { q.Queue = sales }); len(got.Messages) != 2 {
			t.Errorf("in sales: %d", len(got.Messages))
		}
		if got := s.find("sue", "parcel", func(q *search.Query) { q.Agent = s.Agent("carla").ID }); len(got.Messages) != 2 {
			t.Errorf("of carla: %d", len(got.Messages))
		}
		if got := s.find("sue", "parcel", func(q *search.Query) { q.To = time.Now().Add(-time.Hour) }); len(got.Messages) != 0 {
			t.Errorf("before all: %d", len(got.Messages))
		}
		if got := s.find("sue", "parcel", func(q *search.Query) { q.From = time.Now().Add(-time.Hour) }); len(got.Messages) != 10 {
			t.Errorf("within the hour: %d", len(got.Messages))
		}
	})
}

// Invariant 7: nobody is told a name that they may not see, and it keeps nobody from
// what they may see. S3-29
func TestCorrectionsOnlyOfWhomOneMaySee(t *testing.T) {
	t.Parallel()
	stages(t, func(t *testing.T, s *stage) {
		s.Queue("support", "ana")
		s.Queue("sales", "carla")
		s.Agent("ana", rapporttest.Capacity(50))
		s.Agent("carla", rapporttest.Capacity(50))
		s.Agent("sue", rapporttest.As(rapport.RoleSupervisor))
		s.Inbox("site", "support")
		s.Inbox("shop", "sales")
		for _, c := range []struct{ agent, inbox, point, name string }{
			{"ana", "site", "a1", "Otto Meyer"},
			{"ana", "site", "a2", "Anna Quindt"},
			{"carla", "shop", "c1", "Carl Meier"},
			{"carla", "shop", "c2", "Ida Lindqvist"},
			{"carla", "shop", "c3", "Anna Maurer"},
		} {
			s.Write(c.point, "Hello", s.In(c.inbox))
			s.Name(c.agent, c.point, c.name)
		}
		s.settle()
		for _, c := range []struct {
			agent, query string
			found        []string
			corrected    []string
		}{
			{"ana", "meier", []string{"Otto Meyer"}, []string{"meyer"}}, // Carl Meier is not hers
			{"carla", "meier", []string{"Carl Meier"}, nil},
			{"carla", "meyer", []string{"Carl Meier"}, []string{"meier"}},
			{"sue", "meier", []string{"Carl Meier"}, nil},
			{"sue", "meler", []string{"Carl Meier", "Otto Meyer"}, []string{"meier", "meyer"}},
			{"ana", "lindqvst", nil, nil},
			{"carla", "lindqvst", []string{"Ida Lindqvist"}, []string{"lindqvist"}},
			{"ana", "anna quinxt", []string{"Anna Quindt"}, []string{"quindt"}},
			{"ana", "anna maurrer", nil, nil},
			{"carla", "anna quinxt", nil, nil},
			{"ana", "otto quinxt", nil, nil}, // both are names, together they are nobody's
		} {
			words := strings.Fields(c.query)
			r := s.find(c.agent, c.query)
			want(t, c.agent+" looks for "+c.query, customers(r), c.found)
			want(t, c.agent+"'s conversations for "+c.query, named(r), c.found)
			want(t, c.agent+" is told for "+c.query, r.Corrected[words[len(words)-1]], c.corrected)
			only := s.find(c.agent, c.query, func(q *search.Query) { q.Groups = []string{search.Conversations} })
			want(t, c.agent+"'s conversations alone for "+c.query, named(only), c.found)
			if len(only.Customers) > 0 {
				t.Errorf("customers were not asked for: %v", customers(only))
			}
		}
		// Within a queue, those count who are in it.
		sales := s.Queue("sales").ID
		r := s.find("sue", "meyer", func(q *search.Query) { q.Queue = sales })
		want(t, "in sales", customers(r), []string{"Carl Meier"})
		want(t, "told in sales", r.Corrected["meyer"], []string{"meier"})
	})
}

// What was there before search was is indexed step by step, the newest first;
// and again when the log was cut in front of the cursor.
func TestThePastIsIndexed(t *testing.T) {
	t.Parallel()
	stages(t, func(t *testing.T, s *stage) {
		s.Queue("support", "ana")
		s.Agent("ana", rapporttest.Capacity(200))
		s.Inbox("site", "support")
		for i := range 130 {
			s.Write(fmt.Sprintf("maria%d", i), "The old parcel.")
		}
		for range 150 { // more than two parts
			s.Reply("ana", "maria7", "Be patient, please.")
		}
		s.View(func(tx *store.Tx) error {
			state, err := search.StateOf(tx)
			if state.Complete() {
				t.Errorf("complete before it began: %+v", state)
			}
			return err
		})
		s.settle()
		all := func(q *search.Query) { q.Limit = 1000 }
		if n := len(s.find("ana", "parcel", all).Messages); n != 130 {
			t.Errorf("%d of 130 are found", n)
		}
		if n := len(s.find("ana", "patient", all).Messages); n != 150 {
			t.Errorf("%d of 150 are found", n)
		}
		s.View(func(tx *store.Tx) error {
			state, err := search.StateOf(tx)
			if !state.Complete() || state.Behind != 0 {
				t.Errorf("afterwards %+v", state)
			}
			return err
		})
		s.Write("late", "A late parcel.")
		s.View(func(tx *store.Tx) error {
			state, err := search.StateOf(tx)
			if state.Behind == 0 {
				t.Errorf("nothing is behind: %+v", state)
			}
			return err
		})
		s.Update(func(tx *store.Tx) error {
			_, err := tx.TrimEvents(tx.Now().Add(time.Hour), 10_000)
			return err
		})
		s.settle()
		if n := len(s.find("ana", "late parcel").Messages); n != 1 {
			t.Errorf("after the log was cut %d are found", n)
		}
	})
}

// An index that knows more than the log belongs to another state of the database,
// such as the one before a backup was put in its place: it is made again.
func TestAnIndexAheadOfTheLog(t *testing.T) {
	t.Parallel()
	stages(t, func(t *testing.T, s *stage) {
		s.Queue("support", "ana")
		s.Inbox("site", "support")
		s.Write("maria", "My parcel.")
		s.settle()
		s.Index(func(tx *store.Tx) error {
			return errors.Join(tx.SetIndexed(1_000_000), tx.PutDocuments(store.InContacts, store.Document{N: 1 << 40, Terms: []string{"stale"}}))
		})
		s.View(func(tx *store.Tx) error {
			state, err := search.StateOf(tx)
			if state.Complete() {
				t.Errorf("before it is made again it counts as complete: %+v", state)
			}
			return err
		})
		s.settle()
		s.View(func(tx *store.Tx) error {
			stale, err := tx.FindDocuments(store.InContacts, store.Terms{{{Text: "stale"}}}, 0, 1<<41, 1)
			if len(stale) > 0 {
				t.Errorf("what belongs to another state is still there: %v", stale)
			}
			at, _, wrong := tx.Indexed()
			last, _, bad := tx.Head()
			if at != last {
				t.Errorf("the index stands at %d and the log at %d", at, last)
			}
			return errors.Join(err, wrong, bad)
		})
		if n := len(s.find("ana", "parcel").Messages); n != 1 {
			t.Errorf("%d are found of one", n)
		}
	})
}

// What was erased is forgotten because the log tells of it, also when nobody could
// wait for that (customer.Erase).
func TestErasedConversationsAreForgotten(t *testing.T) {
	t.Parallel()
	stages(t, func(t *testing.T, s *stage) {
		s.Queue("support", "ana")
		s.Inbox("site", "support")
		s.Write("maria", "My secret is tangerine.")
		s.settle()
		documents := func() (n int) {
			s.View(func(tx *store.Tx) error {
				for _, in := range []store.SearchIndex{store.InMessages, store.InConversations} {
					found, err := tx.FindDocuments(in, store.Terms{{{Text: "tangerine"}}}, 0, 1<<62, 10)
					if n += len(found); err != nil {
						return err
					}
				}
				return nil
			})
			return n
		}
		if documents() == 0 {
			t.Fatal("it is not in the index before")
		}
		c := s.Of("maria")
		s.Update(func(tx *store.Tx) error {
			if err := tx.Erase(store.Erasure{Contacts: []rapport.ContactID{c.ContactID}, Conversations: []rapport.ConversationID{c.ID}}, store.Scattered{}); err != nil {
				return err
			}
			v, err := tx.Summary(c.ID)
			if err != nil {
				return err
			}
			return tx.Announce(&v, "conversation.erased")
		})
		s.settle()
		if n := documents(); n != 0 {
			t.Errorf("%d documents have it afterwards", n)
		}
	})
}

// "The last 7 days" has what was written in them, however old its conversation is. S3-29
func TestRecentMessagesOfOldConversations(t *testing.T) {
	t.Parallel()
	for name, address := range rapporttest.Addresses {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const day = 24 * time.Hour
			today := time.Now().Truncate(time.Second)
			now := today.Add(-70 * day)
			db, err := store.Open(t.Context(), store.Config{URL: address(t), Log: rapporttest.Log(t), Now: func() time.Time { return now }, Rehearse: true})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { db.Close() }) // the world looks at it once more before
			s := &stage{rapporttest.NewWorld(t, db), search.New(db, rapporttest.Log(t))}
			s.Queue("support", "ana")
			s.Queue("sales", "carla")
			s.Agent("sue", rapporttest.As(rapport.RoleSupervisor))
			s.Inbox("site", "support")
			s.Write("maria", "Parcel 1", s.In("site"))
			for i, days := range []int{69, 40, 20, 3, 3, 0} {
				now = today.Add(-time.Duration(days) * day)
				s.Reply("ana", "maria", fmt.Sprintf("Parcel %d", i+2))
				if i%2 == 0 {
					s.settle()
				}
			}
			look := func(when string) {
				t.Helper()
				s.settle()
				for days, found := range map[int]int{1: 1, 7: 3, 30: 4, 50: 5, 69: 6, 80: 7} {
					r := s.find("sue", "parcel", func(q *search.Query) {
						q.Groups, q.From = []string{search.Messages}, today.Add(-time.Duration(days)*day)
					})
					if len(r.Messages) != found {
						t.Errorf("%s, of the last %d days %q are found; %d were expected", when, days, messages(r), found)
					}
				}
				r := s.find("sue", "parcel", func(q *search.Query) { q.Groups, q.Limit = []string{search.Messages}, 100 })
				if len(r.Messages) != 7 || text(r.Messages[0].Marked) != "[Parcel] 7" {
					t.Errorf("%s, %q are found", when, messages(r))
				}
			}
			look("as it went")
			c := s.Of("maria")
			s.Index(func(tx *store.Tx) error { return search.Reindex(tx, []rapport.ConversationID{c.ID}, nil) })
			look("indexed anew")
			s.TransferToQueue("ana", "maria", "sales")
			look("in another queue")
			for range 130 { // more than two parts, each over several days
				now = now.Add(10 * time.Hour)
				s.Note("sue", "maria", "A note about it")
			}
			s.settle()
			if r := s.find("sue", "note", func(q *search.Query) { q.Limit = 1000 }); len(r.Messages) != 130 {
				t.Errorf("%d of 130 notes are found", len(r.Messages))
			}
			today = now
			if r := s.find("sue", "note", func(q *search.Query) { q.Limit, q.From = 1000, today.Add(-25*time.Hour) }); len(r.Messages) != 3 {
				t.Errorf("of the last 25 hours %d notes are found", len(r.Messages))
			}
			s.Index(func(tx *store.Tx) error { return search.Forget(tx, []rapport.ConversationID{c.ID}, nil) })
			if r := s.find("sue", "note"); len(r.Messages) > 0 {
				t.Errorf("of what was forgotten %d are found", len(r.Messages))
			}
		})
	}
}

// Forget takes everything of a customer out at once; Reindex brings back what
// remains.
func TestForget(t *testing.T) {
	t.Parallel()
	stages(t, func(t *testing.T, s *stage) {
		s.Queue("support", "ana")
		s.Inbox("site", "support")
		s.Write("lindqvist", "My secret is 4711.")
		s.Write("otto", "My secret is 4712.")
		s.settle()
		c := s.Of("lindqvist")
		found := func() (n int) {
			r := s.find("ana", "secret", func(q *search.Query) { q.Groups = []string{search.Messages} })
			return len(r.Messages) + len(s.find("ana", "lindqvist").Customers) + len(s.find("ana", "lindqivst").Corrected)
		}
		if n := found(); n != 4 {
			t.Fatalf("found %d before", n)
		}
		s.Index(func(tx *store.Tx) error {
			return search.Forget(tx, []rapport.ConversationID{c.ID}, []rapport.ContactID{c.ContactID})
		})
		if n := found(); n != 1 {
			t.Errorf("found %d afterwards, want otto's", n)
		}
		s.settle() // nothing was erased in truth: it comes back
		if n := found(); n != 4 {
			t.Errorf("found %d when indexed again", n)
		}
	})
}

// S3-32: all of a conversation is looked through, also what no screen has loaded.
func TestFindWithin(t *testing.T) {
	t.Parallel()
	stages(t, func(t *testing.T, s *stage) {
		s.Queue("support", "ana")
		s.Inbox("site", "support")
		s.Write("maria", "Where is the PÄRCEL?")
		for i := range 130 {
			s.Reply("ana", "maria", fmt.Sprintf("Sentence %d about Straßen.", i))
		}
		s.Note("ana", "maria", "a parcel, and one more parcel")
		within := func(q string) (w search.Within) {
			s.View(func(tx *store.Tx) (err error) {
				w, err = search.FindWithin(tx, s.Of("maria").ID, q)
				return err
			})
			return w
		}
		w := within(" parCEL ")
		if w.Count != 2 || len(w.Hits) != 2 || w.Hits[0].Seq != 1 && w.Hits[0].Seq != 2 {
			t.Fatalf("found %+v", w)
		}
		want(t, "marked", []string{text(w.Hits[0].Marked), text(w.Hits[1].Marked)}, []string{"Where is the [PÄRCEL]?", "a [parcel], and one more [parcel]"})
		if w := within("asse"); w.Count != 130 {
			t.Errorf("in the middle of words: %d", w.Count)
		}
		if w := within("  "); w.Count != 0 {
			t.Errorf("nothing finds %d", w.Count)
		}
	})
}
