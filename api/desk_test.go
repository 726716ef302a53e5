package api_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"rapport"
	"rapport/api"
	"rapport/auth"
	"rapport/channel"
	"rapport/gateway"
	"rapport/lib/option"
	"rapport/lib/secretbox"
	"rapport/mail"
	"rapport/rapporttest"
	"rapport/store"
)

func TestMain(m *testing.M) {
	if what := os.Getenv(child); what != "" {
		victim(what)
	}
	// The test server of PostgreSQL lives as long as the process.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("rapport/rapporttest/pg.(*Server).start.func1"))
}

// Two kinds of channels for tests: one whose customers pull, one with secrets.
func init() {
	open := func(channel.Setup) (channel.Adapter, error) { return nil, nil }
	channel.Register(channel.Info{
		Kind: "site", Name: "Site", Help: "A website.", Caps: channel.Caps{Contents: channel.Contents{MaxText: 1000}, Pulls: true, Receives: true},
		Options: []channel.Option{{Name: "color", Type: channel.Color, Label: "Colour", Help: "Of the button.", Default: "#112233"}},
	}, open)
	channel.Register(channel.Info{
		Kind: "hook", Name: "Hook", Help: "Another system.", Caps: channel.Caps{Contents: channel.Contents{MaxText: 1000}, Receives: true},
		Options: []channel.Option{
			{Name: "url", Type: channel.URL, Label: "Address", Help: "Where replies go.", Required: true, Example: "https://example.com/hook"},
			{Name: "token", Type: channel.Secret, Secret: true, Label: "Token", Help: "Who shows it is let in.", Required: true, Prefix: "tok_", Fit: option.AtLeast(20)},
		},
	}, open)
}

const setupToken = auth.SetupToken("the-token-of-the-test")

// passwords is shared: making one costs a hash.
var passwords = func() *auth.Passwords {
	p, err := auth.NewPasswords()
	if err != nil {
		panic(err)
	}
	return p
}()

// desk is the HTTP edge over a world.
type desk struct {
	t       *testing.T
	db      *store.DB
	world   *rapporttest.World
	handler http.Handler
	names   map[string]string // what stands for what in paths, bodies and expectations
}

func configOf(t *testing.T, db *store.DB) api.Config {
	t.Helper()
	box, err := secretbox.New(make([]byte, secretbox.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	text := func(s string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, s) })
	}
	return api.Config{
		DB: db, Log: rapporttest.Log(t), Passwords: passwords, Setup: setupToken, Box: box, Sockets: func() int { return 3 },
		Socket: func(w http.ResponseWriter, _ *http.Request, a rapport.Actor, _ time.Time) {
			fmt.Fprintf(w, "socket of %s", a.Name)
		},
		Gateway: text("the gateway"), Bots: gateway.New(gateway.Config{DB: db, Box: box, Log: rapporttest.Log(t)}), Post: mail.New(mail.Config{DB: db, Box: box, Log: rapporttest.Log(t)}), Web: text("the desk"), MetricsToken: "metrics-token", Version: "1.2.3",
	}
}

func newDesk(t *testing.T, w *rapporttest.World, change ...func(*api.Config)) *desk {
	t.Helper()
	c := configOf(t, w.DB)
	for _, f := range change {
		f(&c)
	}
	return &desk{t: t, db: w.DB, world: w, handler: api.New(c), names: map[string]string{}}
}

// session signs an agent of the world in, without the door.
func (d *desk) session(name string) (cookie string) {
	d.t.Helper()
	a := d.world.Agent(name)
	var token string
	d.world.Update(func(tx *store.Tx) (err error) {
		token, err = auth.OpenSession(tx, a.ID, "test")
		return err
	})
	return "rapport_session=" + token
}

// exchange is one request, what comes back, and what happens: nothing else.
type exchange struct {
	as      string // name of an agent; "" for nobody
	do      string // method and path
	body    string
	header  map[string]string
	status  int
	says    []string // in the answer
	lacks   []string
	events  []string          // kinds, in order
	remains map[string]string // name → member of the answer, "a.b"
}

var placeholder = regexp.MustCompile(`<[a-z0-9 _.@-]+>`)

// fill puts the ids of the world in place of <names>.
func (d *desk) fill(text string) string {
	return placeholder.ReplaceAllStringFunc(text, func(name string) string {
		value, known := d.names[strings.Trim(name, "<>")]
		if !known {
			d.t.Fatalf("nothing is called %s; there are %v", name, d.names)
		}
		return value
	})
}

func (d *desk) request(x exchange) *httptest.ResponseRecorder {
	d.t.Helper()
	method, path, _ := strings.Cut(d.fill(x.do), " ")
	r := httptest.NewRequest(method, path, strings.NewReader(d.fill(x.body)))
	if x.body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if x.as != "" {
		r.Header.Set("Cookie", d.session(x.as))
	}
	for name, value := range x.header {
		r.Header.Set(name, d.fill(value))
	}
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, r)
	return w
}

func (d *desk) run(steps ...exchange) {
	d.t.Helper()
	for _, x := range steps {
		what := x.as + " " + x.do
		before := d.head()
		w := d.request(x)
		body := w.Body.String()
		if w.Code != x.status {
			d.t.Fatalf("%s: status %d, want %d: %s", what, w.Code, x.status, body)
		}
		if kind := w.Header().Get("Content-Type"); w.Code >= 400 && kind != "application/problem+json" {
			d.t.Errorf("%s: an error of type %q", what, kind)
		}
		if verb, path, _ := strings.Cut(d.fill(x.do), " "); !described(d.t, verb, path, w.Code) {
			d.t.Errorf("%s: the document does not know the status %d", what, w.Code)
		}
		for _, want := range x.says {
			if want = d.fill(want); !strings.Contains(body, want) {
				d.t.Errorf("%s: the answer does not say %q: %s", what, want, body)
			}
		}
		for _, not := range x.lacks {
			if not = d.fill(not); strings.Contains(body, not) {
				d.t.Errorf("%s: the answer says %q: %s", what, not, body)
			}
		}
		if got := d.eventsAfter(before); !slices.Equal(got, x.events) {
			d.t.Errorf("%s: the events are %q, want %q and nothing else", what, got, x.events)
		}
		for name, path := range x.remains {
			d.names[name] = member(d.t, w.Body.Bytes(), path)
		}
	}
}

// answers are the statuses in the document, by method and the form of the path.
var answers = sync.OnceValues(func() (list map[string]map[*regexp.Regexp][]string, err error) {
	text, err := api.Document()
	if err != nil {
		return nil, err
	}
	var document struct {
		Paths map[string]map[string]struct {
			Responses map[string]json.RawMessage `json:"responses"`
		} `json:"paths"`
	}
	if err := json.Unmarshal(text, &document); err != nil {
		return nil, err
	}
	variable := regexp.MustCompile(`\\{[^}]*\\}`)
	list = map[string]map[*regexp.Regexp][]string{}
	for path, verbs := range document.Paths {
		form := regexp.MustCompile("^" + variable.ReplaceAllString(regexp.QuoteMeta(path), "[^/]+") + "$")
		for verb, op := range verbs {
			verb = strings.ToUpper(verb)
			if list[verb] == nil {
				list[verb] = map[*regexp.Regexp][]string{}
			}
			list[verb][form] = slices.Collect(maps.Keys(op.Responses))
		}
	}
	return list, nil
})

// described tells whether the document knows that a path may be answered with a
// status; one that is not in it may be answered as it likes.
func described(t *testing.T, verb, path string, status int) bool {
	t.Helper()
	list, err := answers()
	if err != nil {
		t.Fatal(err)
	}
	path, _, _ = strings.Cut(path, "?")
	known, any := false, false
	for form, statuses := range list[verb] {
		if !form.MatchString(path) {
			continue
		}
		any = true
		known = known || slices.Contains(statuses, strconv.Itoa(status)) || status >= 400 && slices.Contains(statuses, "default")
	}
	return known || !any
}

func (d *desk) head() (seq int64) {
	d.world.View(func(tx *store.Tx) (err error) {
		seq, _, err = tx.Head()
		return err
	})
	return seq
}

func (d *desk) eventsAfter(seq int64) (kinds []string) {
	d.world.View(func(tx *store.Tx) error {
		events, err := tx.EventsAfter(seq, 1000)
		for _, e := range events {
			kinds = append(kinds, e.Kind)
		}
		return err
	})
	return kinds
}

// member finds "a.b" in a JSON object; a number means a place in a list.
func member(t *testing.T, text []byte, path string) string {
	t.Helper()
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatalf("not JSON: %v: %s", err, text)
	}
	for name := range strings.SplitSeq(path, ".") {
		switch at := v.(type) {
		case map[string]any:
			v = at[name]
		case []any:
			var n int
			fmt.Sscan(name, &n)
			if n >= len(at) {
				t.Fatalf("no %s in %s", path, text)
			}
			v = at[n]
		}
	}
	if v == nil {
		t.Fatalf("no %s in %s", path, text)
	}
	return fmt.Sprint(v)
}
