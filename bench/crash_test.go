package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"rapport"
	"rapport/rapporttest"
	"rapport/rapporttest/pg"
	"rapport/store"
)

// crashes is how often each database's server is killed: RAPPORT_CRASHES, or a
// few times.
func crashes(t *testing.T) int {
	given := os.Getenv("RAPPORT_CRASHES")
	if given == "" {
		return 5
	}
	n, err := strconv.Atoi(given)
	if err != nil || n < 1 {
		t.Fatalf("RAPPORT_CRASHES is %q, which is no number of crashes", given)
	}
	return n
}

// built is the program, built from this source.
func built(t *testing.T) (program string) {
	t.Helper()
	program = filepath.Join(t.TempDir(), "rapport")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, "rapport/cmd/rapport")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the program: %v\n%s", err, out)
	}
	return program
}

// TestCrash kills the program with SIGKILL at random moments while customers
// write, agents answer and close, and jobs deliver the answers; it starts it
// again on the same data, and senders repeat what they heard nothing about.
// Then what was acknowledged is compared with what is stored: nothing is lost,
// doubled or out of order (invariants 1 to 4 and 6).
func TestCrash(t *testing.T) {
	t.Parallel()
	program := built(t)
	n := crashes(t)
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		crash(t, program, "", n)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		crash(t, program, pg.URL(t), max(n/10, 2))
	})
}

const (
	customers = 16
	agents    = 6
)

// crash runs the whole story on one database.
func crash(t *testing.T, program, database string, times int) {
	desk := &webhook{}
	receiver := httptest.NewServer(desk)
	t.Cleanup(receiver.Close)
	w, err := newWorld(t.Context(), t.TempDir(), database, size{agents: agents, queues: 2, room: 5, webhook: receiver.URL})
	if err != nil {
		t.Fatal(err)
	}
	tokens, err := w.signIn(t.Context(), agents)
	if err != nil {
		t.Fatal(err)
	}
	people := make([]*caller, customers)
	for i := range people {
		people[i] = &caller{name: fmt.Sprintf("customer-%d", i), inbox: i % 2, tokens: tokens}
	}
	r := &run{Options: Options{Program: program}}
	inTheMiddle := 0
	for range times {
		s, err := r.serve(t.Context(), w, "--allow-destination", receiver.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		var talking sync.WaitGroup
		for _, p := range people {
			talking.Go(func() { p.talk(ctx, t, s.address) })
		}
		pause(t.Context(), 30*time.Millisecond+rand.N(500*time.Millisecond))
		if err := s.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		<-s.ended
		stop()
		talking.Wait()
		for _, p := range people {
			if p.unsure != nil {
				inTheMiddle++
			}
		}
	}
	// One more start, in which everybody repeats what they are unsure of.
	s, err := r.serve(t.Context(), w, "--allow-destination", receiver.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	done, stop := context.WithCancel(t.Context())
	stop()
	for _, p := range people {
		p.talk(done, t, s.address)
		if p.unsure != nil {
			t.Errorf("%s cannot repeat: %v", p.name, p.failure)
		}
	}
	s.stop()
	compare(t, w, people, desk)
	messages, replies := 0, 0
	for _, p := range people {
		messages, replies = messages+len(p.acks), replies+len(p.replies)
	}
	t.Logf("%d kills; %d messages and %d replies acknowledged; %d requests under way at a kill were repeated", times, messages, replies, inTheMiddle)
}

// caller is somebody who writes one message after the other, and knows which
// of them arrived. Now and then the agent who got it answers or closes.
type caller struct {
	name    string
	inbox   int
	tokens  []string
	acks    []ack
	replies []rapport.Item
	tried   int // replies
	line    *client
	unsure  func(address string) error // a request whose answer did not come
	failure error
}

// talk repeats what is unsure, then goes on until ctx ends or the server is gone.
func (p *caller) talk(ctx context.Context, t *testing.T, address string) {
	for {
		if p.unsure == nil {
			if ctx.Err() != nil {
				return
			}
			p.unsure = p.next(t)
		}
		if p.failure = p.unsure(address); p.failure != nil {
			return
		}
		p.unsure = nil
	}
}

// next is the customer's next message, or an act of the agent who has them.
func (p *caller) next(t *testing.T) func(address string) error {
	if n := len(p.acks); n > 0 && p.acks[n-1].Assignee != nil {
		last := p.acks[n-1]
		switch what := rand.IntN(6); {
		case what < 2:
			p.tried++
			return p.reply(t, last, fmt.Sprintf("reply-%s-%d", p.name, p.tried))
		case what == 2:
			return p.end(t, last)
		}
	}
	n := len(p.acks)
	m := message{inbox: p.inbox, customer: p.name, key: fmt.Sprintf("%s-%d", p.name, n), body: fmt.Sprintf("message %d of %s", n, p.name)}
	return func(address string) error {
		if p.line == nil || p.line.address != address {
			c, err := dial(address)
			if err != nil {
				return err
			}
			t.Cleanup(c.close)
			p.line = c
		}
		a, err := p.line.send(m)
		if err == nil {
			p.acks = append(p.acks, a)
		}
		return err
	}
}

// reply lets the agent answer. Somebody else may have the conversation by now:
// then there is nothing to answer.
func (p *caller) reply(t *testing.T, to ack, id string) func(string) error {
	return func(address string) error {
		status, text, err := p.act(address, to, "messages", map[string]string{"body": "answer " + id, "client_id": id})
		if err != nil {
			return err
		}
		switch status {
		case http.StatusCreated, http.StatusOK:
			var item rapport.Item
			if err := json.Unmarshal(text, &item); err != nil {
				t.Error(err)
			}
			p.replies = append(p.replies, item)
		case http.StatusConflict:
		default:
			t.Errorf("a reply was answered with %d: %s", status, text)
		}
		return nil
	}
}

// end closes the conversation, so that the next message starts a new one.
func (p *caller) end(t *testing.T, of ack) func(string) error {
	return func(address string) error {
		status, text, err := p.act(address, of, "state", map[string]string{"state": "closed"})
		if err == nil && status != http.StatusOK && status != http.StatusConflict && status != http.StatusForbidden {
			t.Errorf("closing was answered with %d: %s", status, text)
		}
		return err
	}
}

// act is a request of the agent whom a message was assigned to.
func (p *caller) act(address string, of ack, verb string, body any) (status int, text []byte, err error) {
	var agent int
	if _, err := fmt.Sscanf(string(of.Assignee.ID), "00a%d", &agent); err != nil {
		return 0, nil, err
	}
	what, err := json.Marshal(body)
	if err != nil {
		return 0, nil, err
	}
	request, err := http.NewRequest("POST", "http://"+address+"/api/v1/conversations/"+string(of.ConversationID)+"/"+verb, bytes.NewReader(what))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.AddCookie(&http.Cookie{Name: "rapport_session", Value: p.tokens[agent]})
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	text, err = io.ReadAll(response.Body)
	return response.StatusCode, text, err
}

// webhook receives the answers, and knows how often each came.
type webhook struct {
	mu  sync.Mutex
	got map[string]int // by conversation and number
}

func (h *webhook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Data struct {
			ConversationID string `json:"conversation_id"`
			Seq            int    `json:"seq"`
		} `json:"data"`
	}
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.got == nil {
		h.got = map[string]int{}
	}
	h.got[place(body.Data.ConversationID, body.Data.Seq)]++
}

func place[T ~string](id T, seq int) string { return fmt.Sprint(id, " ", seq) }

// compare holds what people were told against what is stored.
func compare(t *testing.T, w *world, people []*caller, desk *webhook) {
	db, err := w.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	err = db.View(t.Context(), func(tx *store.Tx) error {
		queued := 0
		for _, p := range people {
			stored, err := thread(tx, p)
			if err != nil {
				return err
			}
			n, replies := 0, map[string]int{}
			for _, item := range stored {
				switch {
				case item.Kind != rapport.ItemMessage:
				case item.By == rapport.ByCustomer:
					if want := fmt.Sprintf("message %d of %s", n, p.name); item.Body != want {
						t.Errorf("message %d of %s reads %q: lost, doubled or out of order", n, p.name, item.Body)
					}
					if n < len(p.acks) && place(item.ConversationID, item.Seq) != place(p.acks[n].ConversationID, p.acks[n].Seq) {
						t.Errorf("message %d of %s rests at another place than was acknowledged", n, p.name)
					}
					n++
				default:
					replies[item.ClientID]++
					if item.Delivery == rapport.Queued {
						queued++
					} else if desk.got[place(item.ConversationID, item.Seq)] == 0 {
						t.Errorf("the reply %s is %s (%s) and never reached the webhook", item.ClientID, item.Delivery, item.Error)
					}
				}
			}
			if n != len(p.acks) {
				t.Errorf("%s has %d messages stored and %d acknowledged", p.name, n, len(p.acks))
			}
			for _, item := range p.replies {
				if replies[item.ClientID] != 1 {
					t.Errorf("the reply %s was acknowledged and is stored %d times", item.ClientID, replies[item.ClientID])
				}
			}
			if len(replies) != len(p.replies) {
				t.Errorf("%s has %d replies stored and %d acknowledged", p.name, len(replies), len(p.replies))
			}
		}
		waiting, failed, err := tx.JobCounts()
		if waiting < queued || failed > 0 {
			t.Errorf("%d replies are queued, with %d jobs to deliver them and %d that failed", queued, waiting, failed)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	(&rapporttest.World{T: t, DB: db}).Check() // loads, one conversation at a time, reasons to wait, decisions replay
}

// thread is all that was ever said with a customer, in order.
func thread(tx *store.Tx, p *caller) (items []rapport.Item, err error) {
	if len(p.acks) == 0 {
		return nil, errors.New(p.name + " never got through")
	}
	c, err := tx.Conversation(p.acks[0].ConversationID)
	if err != nil {
		return nil, err
	}
	all, err := tx.OfContact(store.Filter{Actor: rapport.System, Contact: c.ContactID, Page: store.Page{Limit: 1_000_000}})
	if err != nil {
		return nil, err
	}
	for i := len(all) - 1; i >= 0; i-- { // the latest comes first
		some, err := tx.Items(all[i].ID, 0, 0, 1_000_000)
		if err != nil {
			return nil, err
		}
		items = append(items, some...)
	}
	return items, nil
}
