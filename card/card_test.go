package card_test

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"rapport"
	"rapport/card"
	"rapport/lib/secretbox"
	"rapport/rapporttest"
	"rapport/store"
	"rapport/webhook"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("rapport/rapporttest/pg.(*Server).start.func1"))
}

const secret = "Bearer s3cret-of-the-source"

// crm is the other system: it knows one customer, whom it reads and changes.
type crm struct {
	sync.Mutex
	record map[string]any
	etag   string
	reads  []*http.Request
	writes []*http.Request
	bodies []string
	before func(w http.ResponseWriter, r *http.Request) (done bool)
	keys   map[string]bool
}

func (c *crm) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	c.Lock()
	defer c.Unlock()
	if r.Method == http.MethodGet || strings.HasSuffix(r.URL.Path, "/search") {
		c.reads = append(c.reads, r)
	} else {
		c.writes, c.bodies = append(c.writes, r), append(c.bodies, string(body))
	}
	if c.before != nil && c.before(w, r) {
		return
	}
	if r.Header.Get("Authorization") != secret {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if len(c.writes) > 0 && r == c.writes[len(c.writes)-1] && !c.keys[r.Header.Get("Idempotency-Key")] {
		var change map[string]any
		if err := json.Unmarshal(body, &change); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		c.keys[r.Header.Get("Idempotency-Key")] = true
		maps.Copy(c.record, change)
	}
	if c.etag != "" {
		w.Header().Set("ETag", c.etag)
	}
	_ = json.NewEncoder(w).Encode(c.record)
}

// seen is the system while no request is under way.
func (c *crm) seen() *crm {
	c.Lock()
	defer c.Unlock()
	return c
}

// first has a function look at each request, or answer it.
func (c *crm) first(before func(w http.ResponseWriter, r *http.Request) (done bool)) {
	c.Lock()
	defer c.Unlock()
	c.before = before
}

// set is a world with a conversation of mia's, a source, and a card.
type set struct {
	*rapporttest.World
	t      *testing.T
	crm    *crm
	server *httptest.Server
	box    *secretbox.Box
	desk   *card.Desk
	card   rapport.Card
}

func start(t *testing.T, w *rapporttest.World, change ...func(*rapport.Card)) *set {
	t.Helper()
	w.Queue("support", "ana")
	w.Queue("billing", "ben")
	w.Inbox("site", "support")
	w.Write("mia@example.com", "Hello")
	s := &set{World: w, t: t, crm: &crm{record: map[string]any{"name": "Mia", "city": "Köln", "points": 12.50, "vip": true, "since": "2024-03-01T10:00:00Z",
		"site": "https://example.com/mia", "orders": []any{map[string]any{"no": 17, "open": true}, map[string]any{"no": 18, "open": false}}, "plan": "gold"}, keys: map[string]bool{}}}
	s.server = httptest.NewServer(s.crm)
	t.Cleanup(s.server.Close)
	var err error
	if s.box, err = secretbox.New(make([]byte, secretbox.KeySize)); err != nil {
		t.Fatal(err)
	}
	s.open(s.server.Listener.Addr().String())
	s.card = rapport.Card{ID: rapport.NewID[rapport.CardID](), Name: "CRM", Enabled: true, Version: 1, CardSource: rapport.CardSource{
		Method: "GET", URL: s.server.URL + "/customers?email={{contact.email}}", Headers: []rapport.CardHeader{{Name: "Authorization", Value: secret, Secret: true}}, Seconds: 5, CacheSeconds: 60,
		Fields: []rapport.CardField{
			{Name: "name", Label: "Name", Type: rapport.FieldText, Path: "$.name"},
			{Name: "city", Label: "City", Type: rapport.FieldText, Path: "$.city", Editable: true, Target: "city"},
			{Name: "points", Label: "Points", Type: rapport.FieldNumber, Path: "$.points", Editable: true, Target: "points"},
			{Name: "vip", Label: "VIP", Type: rapport.FieldYesNo, Path: "$.vip", Editable: true, Target: "vip"},
			{Name: "since", Label: "Since", Type: rapport.FieldDate, Path: "$.since"},
			{Name: "site", Label: "Page", Type: rapport.FieldURL, Path: "$.site"},
			{Name: "order", Label: "Open orders", Type: rapport.FieldText, Path: "$.orders[?@.open == true].no"},
			{Name: "plan", Label: "Plan", Type: rapport.FieldChoice, Choices: []string{"silver", "gold"}, Path: "$.plan", Editable: true, Target: "plan"},
			{Name: "odd", Label: "Odd", Type: rapport.FieldNumber, Path: "$.name"},
		},
		Write: &rapport.CardWrite{Method: "PATCH", URL: s.server.URL + "/customers/{{card.name}}"},
	}}
	for _, f := range change {
		f(&s.card)
	}
	s.save()
	return s
}

// open makes a desk that may reach these addresses.
func (s *set) open(allow ...string) {
	s.t.Helper()
	var err error
	if s.desk, err = card.New(card.Config{DB: s.DB, Box: s.box, Allow: allow, Log: rapporttest.Log(s.t)}); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(s.desk.Close)
}

func (s *set) save() {
	s.t.Helper()
	kept := s.card
	kept.Headers = append([]rapport.CardHeader{}, kept.Headers...)
	if err := card.Check(&kept); err != nil {
		s.t.Fatal(err)
	}
	sealed, err := card.Seal(s.box, &kept, &kept, nil, "***")
	if err != nil {
		s.t.Fatal(err)
	}
	s.Update(func(tx *store.Tx) error { return tx.SaveCard(kept, sealed) })
}

func (s *set) read(fresh bool) card.Reading {
	s.t.Helper()
	r, err := s.desk.Read(s.t.Context(), s.Actor("ana"), s.Of("mia@example.com").ID, s.card.ID, fresh)
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

func (s *set) write(key string, from, to map[string]string) (card.Reading, error) {
	return s.desk.Write(s.t.Context(), s.Actor("ana"), s.Of("mia@example.com").ID, s.card.ID, card.Change{Key: key, From: from, To: maps.Clone(to)})
}

func shown(r card.Reading) map[string]string {
	m := map[string]string{}
	for _, v := range r.Values {
		m[v.Name] = v.Value
	}
	return m
}

// told are the lines of the thread about cards.
func (s *set) told() (lines []string) {
	for _, it := range s.Items("mia@example.com") {
		if it.Event == "card" {
			lines = append(lines, it.Body)
		}
	}
	return lines
}

// S3-73: fields of another system, typed, by JSON path, with variables escaped.
func TestACardShowsWhatTheSourceSays(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		s := start(t, w)
		r := s.read(false)
		want := map[string]string{"name": "Mia", "city": "Köln", "points": "12.5", "vip": "yes", "since": "2024-03-01", "site": "https://example.com/mia", "order": "17", "plan": "gold", "odd": "Mia"}
		if r.State != card.OK || !maps.Equal(shown(r), want) || r.AsOf.IsZero() {
			t.Fatalf("%+v", r)
		}
		for _, v := range r.Values {
			if v.Misfit != (v.Name == "odd") {
				t.Errorf("%+v", v)
			}
		}
		if got := s.crm.seen().reads[0].URL.RawQuery; got != "email=mia%40example.com" {
			t.Errorf("asked for %q", got)
		}
		w.View(func(tx *store.Tx) error {
			faces, err := card.Of(tx, w.Actor("ana"), w.Of("mia@example.com").ID)
			text, _ := json.Marshal(faces)
			if len(faces) != 1 || !faces[0].May || strings.Contains(string(text), s.server.URL) || strings.Contains(string(text), "$.") {
				t.Errorf("agents get %s", text)
			}
			return err
		})
	})
}

// S3-73: a value never becomes a part of the address.
func TestVariablesAreEscaped(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	s := start(t, w, func(c *rapport.Card) {
		c.Method, c.URL = "POST", "{{HOST}}/{{conversation.topic}}/search?x={{conversation.topic}}"
		c.Body = `{"topic": "{{conversation.topic}}", "phone": "{{contact.phone?}}"}`
		c.URL = strings.Replace(c.URL, "{{HOST}}", strings.TrimSuffix(c.Write.URL, "/customers/{{card.name}}"), 1)
	})
	topic := func(text string) {
		w.Update(func(tx *store.Tx) error {
			v, err := tx.Summary(w.Of("mia@example.com").ID)
			if err != nil {
				return err
			}
			before := v.Conversation
			v.Topic = text
			return tx.Record(&v, before, "conversation.changed")
		})
	}
	topic(`a/b?c=d&e#f "g" ü`)
	var body string
	s.crm.first(func(_ http.ResponseWriter, r *http.Request) bool { body = r.URL.RequestURI(); return false })
	if r := s.read(false); r.State != card.OK {
		t.Fatalf("%+v", r)
	}
	if want := "/a%2Fb%3Fc%3Dd%26e%23f%20%22g%22%20%C3%BC/search?x=a%2Fb%3Fc%3Dd%26e%23f%20%22g%22%20%C3%BC"; body != want {
		t.Errorf("asked for %s\ninstead of  %s", body, want)
	}
	for _, up := range []string{"..", "../admin"} {
		topic(up)
		if r := s.read(false); r.State != card.Misset {
			t.Errorf("%q leads to %+v", up, r)
		}
	}
	topic("")
	if r := s.read(false); r.State != card.Lacking || r.Reason != "conversation.topic" {
		t.Errorf("without a topic: %+v", r)
	}
	if n := len(s.crm.seen().reads); n != 1 {
		t.Errorf("%d requests", n)
	}
}

// S3-73: whatever goes wrong is a state of the card that says what to do, and
// never tells the secret.
func TestTroublesAreStates(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer func(w http.ResponseWriter, r *http.Request)
		state  card.State
	}{
		"too long":   {func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `"`+strings.Repeat("x", 300<<10)+`"`) }, card.TooLong},
		"wrong JSON": {func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<html>") }, card.Unreadable},
		"two values": {func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "{} {}") }, card.Unreadable},
		"unknown":    {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(404) }, card.Unknown},
		"moved":      {func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Location", "/"); w.WriteHeader(302) }, card.Moved},
		"denied": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(403)
			io.WriteString(w, `{"message": "no such token: `+r.Header.Get("Authorization")+`"}`)
		}, card.Denied},
		"in trouble": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }, card.Failed},
		"cut off":    {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, card.Unreachable},
		"echo": {func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, `{"name": "`+r.Header.Get("Authorization")+`"}`)
		}, card.OK},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, rapporttest.NewWorld(t, rapporttest.SQLite(t)))
			s.crm.first(func(w http.ResponseWriter, r *http.Request) bool { c.answer(w, r); return true })
			r := s.read(false)
			text, _ := json.Marshal(r)
			if r.State != c.state || (r.Message == "") != (r.State == card.OK) {
				t.Errorf("%s", text)
			}
			if strings.Contains(string(text), "s3cret") {
				t.Errorf("the secret is told: %s", text)
			}
			tried := s.desk.Try(t.Context(), &s.card, s.sealed(), map[string]string{"contact.email": "x@example.com"})
			if text, _ := json.Marshal(tried); strings.Contains(string(text), "s3cret") || tried.State != c.state {
				t.Errorf("tried: %s", text)
			}
			s.read(false)
			if n := len(s.crm.seen().reads); n != 2 {
				t.Errorf("%d requests: a source in trouble is not left alone", n-1)
			}
		})
	}
}

func (s *set) sealed() (sealed map[string]string) {
	s.View(func(tx *store.Tx) (err error) {
		_, sealed, err = tx.Card(s.card.ID)
		return err
	})
	return sealed
}

// S3-73: a source that is inside is refused, one that is slow is not waited for.
func TestASourceInsideIsRefused(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	s := start(t, w, func(c *rapport.Card) { c.Seconds = 1 })
	s.open() // allows nothing
	if r := s.read(false); r.State != card.Refused || len(s.crm.seen().reads) != 0 {
		t.Errorf("%+v", r)
	}
	s.open(s.server.Listener.Addr().String())
	release := make(chan struct{})
	s.crm.first(func(http.ResponseWriter, *http.Request) bool { <-release; return true })
	if r := s.read(false); r.State != card.Late {
		t.Errorf("%+v", r)
	}
	close(release)
}

// S3-73: an answer is shown for a while without asking again, per customer.
func TestAnswersAreHeld(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	s := start(t, w)
	first := s.read(false)
	s.crm.Lock()
	s.crm.record["city"] = "Bonn"
	s.crm.Unlock()
	if again := s.read(false); shown(again)["city"] != "Köln" || !again.AsOf.Equal(first.AsOf) || len(s.crm.seen().reads) != 1 {
		t.Errorf("%+v after %d requests", again, len(s.crm.seen().reads))
	}
	w.Write("tom@example.com", "Hi")
	if _, err := s.desk.Read(t.Context(), w.Actor("ana"), w.Of("tom@example.com").ID, s.card.ID, false); err != nil || len(s.crm.seen().reads) != 2 {
		t.Errorf("%d requests, %v", len(s.crm.seen().reads), err)
	}
	s.card.Version++ // saved again: what is held was of another card
	s.save()
	if again := s.read(false); shown(again)["city"] != "Bonn" {
		t.Errorf("%+v", again)
	}
	s.card.Version, s.card.CacheSeconds = s.card.Version+1, 0
	s.save()
	s.read(false)
	s.read(false)
	if n := len(s.crm.seen().reads); n != 5 {
		t.Errorf("%d requests where nothing is held", n)
	}
}

// S3-73: what an agent changes is written with a signature, and the thread tells.
func TestFieldsAreWrittenBack(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		s := start(t, w)
		s.crm.etag = `"v7"`
		from, to := map[string]string{"city": "Köln", "vip": "yes", "points": "12.5"}, map[string]string{"city": " Bonn ", "vip": "no", "points": ""}
		r, err := s.write("k1", from, to)
		if err != nil {
			t.Fatal(err)
		}
		if got := shown(r); got["city"] != "Bonn" || got["vip"] != "no" || got["points"] != "" {
			t.Errorf("%v", got)
		}
		q := s.crm.seen().writes[0]
		if q.Method != "PATCH" || q.URL.Path != "/customers/Mia" || s.crm.seen().bodies[0] != `{"city":"Bonn","points":null,"vip":false}` {
			t.Errorf("%s %s %s", q.Method, q.URL, s.crm.seen().bodies[0])
		}
		if q.Header.Get("If-Match") != `"v7"` || q.Header.Get("Idempotency-Key") != "k1" || q.Header.Get("Rapport-Agent-Id") != string(w.Agent("ana").ID) {
			t.Errorf("%v", q.Header)
		}
		signer, err := webhook.Signer(t.Context(), w.DB, s.box)
		if err == nil {
			err = signer.Verify([]byte(s.crm.seen().bodies[0]), q.Header)
		}
		if err != nil {
			t.Error(err)
		}
		if got := s.told(); len(got) != 1 || got[0] != "ana changed City from “Köln” to “Bonn”, Points from “12.5” to nothing, VIP from “yes” to “no” (CRM)" {
			t.Errorf("%q", got)
		}
		// The same again does nothing twice; another change with its key is refused.
		if _, err := s.write("k1", from, to); err != nil || len(s.crm.seen().writes) != 1 || len(s.told()) != 1 {
			t.Errorf("again: %v, %d writes, %q", err, len(s.crm.seen().writes), s.told())
		}
		if _, err := s.write("k1", from, map[string]string{"city": "Ulm"}); rapport.CodeOf(err) != "key_used" {
			t.Errorf("%v", err)
		}
	})
}

// S3-73: nothing is overwritten that the agent did not see.
func TestWhatChangedMeanwhileIsNotOverwritten(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	s := start(t, w)
	s.read(false)
	s.crm.Lock()
	s.crm.record["city"] = "Ulm"
	s.crm.Unlock()
	_, err := s.write("k1", map[string]string{"city": "Köln"}, map[string]string{"city": "Bonn"})
	if rapport.CodeOf(err) != "card_changed" || len(s.crm.seen().writes) != 0 || len(s.told()) != 0 {
		t.Errorf("%v, %d writes, %q", err, len(s.crm.seen().writes), s.told())
	}
	if r := s.read(false); shown(r)["city"] != "Ulm" {
		t.Errorf("%+v", r)
	}
	// The source may see it, too.
	s.crm.first(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == "PATCH" {
			w.WriteHeader(http.StatusPreconditionFailed)
		}
		return r.Method == "PATCH"
	})
	if _, err := s.write("k2", map[string]string{"city": "Ulm"}, map[string]string{"city": "Bonn"}); rapport.CodeOf(err) != "card_changed" || len(s.told()) != 0 {
		t.Errorf("%v %q", err, s.told())
	}
	s.crm.first(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == "PATCH" {
			w.Header().Set("Content-Type", "application/problem+json")
			w.WriteHeader(http.StatusUnprocessableEntity)
			io.WriteString(w, `{"detail": "There is no such city."}`)
		}
		return r.Method == "PATCH"
	})
	if _, err := s.write("k3", map[string]string{"city": "Ulm"}, map[string]string{"city": "Bonn"}); rapport.CodeOf(err) != "card_rejected" || !strings.Contains(err.Error(), "There is no such city.") {
		t.Errorf("%v", err)
	}
}

// S3-73: where the answer is lost, the same again ends it, once.
func TestALostAnswerIsFoundAgain(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		s := start(t, w)
		from, to := map[string]string{"city": "Köln"}, map[string]string{"city": "Bonn"}
		s.crm.first(func(_ http.ResponseWriter, r *http.Request) bool {
			if r.Method == "PATCH" { // it is done, and nobody hears of it
				s.crm.record["city"] = "Bonn"
				panic(http.ErrAbortHandler)
			}
			return false
		})
		if _, err := s.write("k1", from, to); rapport.KindOf(err) != rapport.Unavailable || len(s.told()) != 0 {
			t.Errorf("%v %q", err, s.told())
		}
		s.crm.first(nil)
		n := len(s.crm.seen().writes)
		if _, err := s.write("k1", from, to); err != nil || len(s.crm.seen().writes) != n || len(s.told()) != 1 {
			t.Errorf("%v, %d more writes, %q", err, len(s.crm.seen().writes)-n, s.told())
		}
	})
}

// S3-73: who may see and change what.
func TestCardsAreRefused(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	s := start(t, w)
	id := w.Of("mia@example.com").ID
	change := card.Change{Key: "k", From: map[string]string{"city": "Köln"}, To: map[string]string{"city": "Bonn"}}
	if _, err := s.desk.Read(t.Context(), w.Actor("ben"), id, s.card.ID, false); rapport.CodeOf(err) != "not_found" {
		t.Errorf("a stranger reads: %v", err)
	}
	if _, err := s.desk.Write(t.Context(), w.Actor("ben"), id, s.card.ID, change); rapport.CodeOf(err) != "not_found" {
		t.Errorf("a stranger writes: %v", err)
	}
	w.Agent("rea")
	w.Reader("support", "rea")
	if _, err := s.desk.Read(t.Context(), w.Actor("rea"), id, s.card.ID, false); err != nil {
		t.Error(err)
	}
	if _, err := s.desk.Write(t.Context(), w.Actor("rea"), id, s.card.ID, change); rapport.CodeOf(err) != "not_in_queue" {
		t.Errorf("a reader writes: %v", err)
	}
	for field, to := range map[string]map[string]string{"values.name": {"name": "X"}, "values.nope": {"nope": "X"}, "values.points": {"points": "many"}, "values.plan": {"plan": "lead"}, "values": {}} {
		_, err := s.write("k", change.From, to)
		if e, _ := err.(*rapport.Error); e == nil || e.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	s.card.Queues = []rapport.QueueID{w.Queue("billing", "ben").ID}
	s.save()
	if _, err := s.desk.Read(t.Context(), w.Actor("ana"), id, s.card.ID, false); rapport.CodeOf(err) != "not_found" {
		t.Errorf("a card of another queue: %v", err)
	}
	if len(s.crm.seen().writes) != 0 {
		t.Errorf("%d writes", len(s.crm.seen().writes))
	}
}

// S3-73: a card that cannot work is not saved, with what would be right.
func TestWrongCardsAreRefused(t *testing.T) {
	t.Parallel()
	good := func() rapport.Card {
		return rapport.Card{Name: "X", CardSource: rapport.CardSource{Method: "GET", URL: "https://crm.example.com/c/{{contact.email}}", Seconds: 5,
			Fields: []rapport.CardField{{Name: "a", Label: "A", Type: rapport.FieldText, Path: "$.a"}}}}
	}
	if c := good(); card.Check(&c) != nil {
		t.Fatal(card.Check(&c))
	}
	for name, c := range map[string]struct {
		field string
		wrong func(*rapport.Card)
	}{
		"no name":           {"name", func(c *rapport.Card) { c.Name = " " }},
		"host by customer":  {"url", func(c *rapport.Card) { c.URL = "https://{{contact.name}}.example.com/" }},
		"host in a query":   {"url", func(c *rapport.Card) { c.URL = "https://x{{contact.name}}?a=b" }},
		"no address":        {"url", func(c *rapport.Card) { c.URL = "ftp://example.com" }},
		"password":          {"url", func(c *rapport.Card) { c.URL = "https://a:b@example.com/" }},
		"unknown variable":  {"url", func(c *rapport.Card) { c.URL = "https://example.com/{{contact.shoe}}" }},
		"half a variable":   {"url", func(c *rapport.Card) { c.URL = "https://example.com/{{contact.name" }},
		"body of a GET":     {"body", func(c *rapport.Card) { c.Body = "{}" }},
		"body without JSON": {"body", func(c *rapport.Card) { c.Method, c.Body = "POST", "{{contact.name}}" }},
		"path":              {"fields.0.path", func(c *rapport.Card) { c.Fields[0].Path = "a b" }},
		"type":              {"fields.0.type", func(c *rapport.Card) { c.Fields[0].Type = rapport.FieldMulti }},
		"no target":         {"fields.0.target", func(c *rapport.Card) { c.Fields[0].Editable = true }},
		"no way back":       {"write.url", func(c *rapport.Card) { c.Fields[0].Editable, c.Fields[0].Target = true, "a" }},
		"clash of targets": {"fields.1.target", func(c *rapport.Card) {
			c.Fields = []rapport.CardField{{Name: "a", Label: "A", Type: rapport.FieldText, Path: "$.a", Editable: true, Target: "a"}, {Name: "b", Label: "B", Type: rapport.FieldText, Path: "$.b", Editable: true, Target: "a.b"}}
		}},
		"own header":  {"headers.0.name", func(c *rapport.Card) { c.Headers = []rapport.CardHeader{{Name: "Host", Value: "x"}} }},
		"two lines":   {"headers.0.value", func(c *rapport.Card) { c.Headers = []rapport.CardHeader{{Name: "X", Value: "a\r\nb: c"}} }},
		"too patient": {"timeout_seconds", func(c *rapport.Card) { c.Seconds = 60 }},
		"no fields":   {"fields", func(c *rapport.Card) { c.Fields = nil }},
	} {
		wrong := good()
		c.wrong(&wrong)
		err := card.Check(&wrong)
		if e, _ := err.(*rapport.Error); e == nil || e.Field != c.field {
			t.Errorf("%s: %v", name, err)
		}
	}
}
