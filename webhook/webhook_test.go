package webhook_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	webhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"rapport"
	"rapport/job"
	"rapport/lib/secretbox"
	"rapport/lib/ssrf"
	"rapport/rapporttest"
	"rapport/store"
	"rapport/webhook"
	"rapport/workflow"
)

// receiver is the other system: it answers as it is told to, and keeps what it got.
type receiver struct {
	sync.Mutex
	statuses []int // one after the other, then 200
	answer   string
	got      []*http.Request
	bodies   [][]byte
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	body, _ := io.ReadAll(q.Body)
	r.Lock()
	defer r.Unlock()
	r.got, r.bodies = append(r.got, q), append(r.bodies, body)
	status := http.StatusOK
	if len(r.statuses) > 0 {
		status, r.statuses = r.statuses[0], r.statuses[1:]
	}
	w.WriteHeader(status)
	io.WriteString(w, r.answer)
}

// call lets a workflow with one webhook run about a conversation, and returns
// how it ended and what it did.
func call(t *testing.T, w *rapporttest.World, r *receiver, allowed bool, tries string) (rapport.Run, []string, *secretbox.Box) {
	t.Helper()
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	policy := ssrf.Policy{Timeout: 5 * time.Second}
	if allowed {
		policy.Allow = []string{server.Listener.Addr().String()}
	}
	client, err := ssrf.NewClient(policy)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	box, err := secretbox.New(make([]byte, secretbox.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	f, err := workflow.ReadFile([]byte("workflow: 1\nname: Call\ntrigger: {kind: conversation_opened}\nstart: x\nsteps:\n- {id: x, kind: webhook, with: {url: \"" + server.URL + "/hook\", fields: {order: \"{{message.text}}\"}, save: shop, tries: " + tries + "}, next: {ok: y, error: z}}\n- {id: y, kind: comment, with: {text: \"Shop says {{conversation.fields.shop_state}}\"}}\n- {id: z, kind: comment, with: {text: \"Failed: {{run.error}}\"}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	var id rapport.WorkflowID
	w.Update(func(tx *store.Tx) error {
		made, err := workflow.Create(tx, f.Name, f.Definition())
		if err != nil {
			return err
		}
		id = made.ID
		if _, err = workflow.Publish(tx, rapport.System, id, ""); err != nil {
			return err
		}
		return tx.MoveCursor("workflow", 0) // else a slow engine would begin after the message
	})
	engine := workflow.New(w.DB, rapporttest.Log(t))
	jobs := job.NewRunner(w.DB, rapporttest.Log(t))
	webhook.New(webhook.Config{DB: w.DB, Box: box, Client: client, Log: rapporttest.Log(t)}).Jobs(jobs)
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { _ = engine.Run(ctx) })
	running.Go(func() { _ = jobs.Run(ctx) })
	defer running.Wait()
	defer stop()
	tail := w.DB.Follow(0)
	defer tail.Close()
	w.Queue("support", "ana")
	w.Inbox("site", "support")
	w.Write("maria", "17")
	for {
		if _, err := tail.Next(t.Context()); err != nil {
			t.Fatal(err)
		}
		var runs []rapport.Run
		w.View(func(tx *store.Tx) (err error) {
			runs, err = tx.RunsOf(id, "", "", 10)
			return err
		})
		if len(runs) == 1 && !runs[0].Status.Active() {
			var notes []string
			for _, it := range w.Items("maria") {
				if it.Kind == rapport.ItemNote {
					notes = append(notes, it.Body)
				}
			}
			return runs[0], notes, box
		}
	}
}

// A webhook is signed, tried again with the same id, and its answer is kept.
func TestWebhookIsSignedAndRetried(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		r := &receiver{statuses: []int{500}, answer: `{"state":"on its way","count":2,"deep":{"x":1}}`}
		run, notes, box := call(t, w, r, true, "3")
		if run.Status != rapport.RunDone || len(notes) != 1 || notes[0] != "Shop says on its way" {
			t.Fatalf("%+v %q", run, notes)
		}
		if len(r.got) != 2 {
			t.Fatalf("%d requests", len(r.got))
		}
		if a, b := r.got[0].Header.Get("webhook-id"), r.got[1].Header.Get("webhook-id"); a != b || a == "" || a != r.got[1].Header.Get("Idempotency-Key") {
			t.Errorf("a repeat has another id: %q and %q", a, b)
		}
		var sealed string
		w.View(func(tx *store.Tx) (err error) {
			sealed, err = tx.Sealed(webhook.Secret)
			return err
		})
		if strings.Contains(sealed, "whsec_") {
			t.Error("the secret rests in clear")
		}
		secret, err := box.Open(sealed, webhook.Secret)
		if err != nil {
			t.Fatal(err)
		}
		check, err := webhooks.NewWebhook(secret.Reveal())
		if err != nil {
			t.Fatal(err)
		}
		for i := range r.got {
			if err := check.Verify(r.bodies[i], r.got[i].Header); err != nil {
				t.Errorf("request %d: %v", i, err)
			}
		}
		var body struct {
			Type string            `json:"type"`
			Data workflow.CallData `json:"data"`
		}
		if err := json.Unmarshal(r.bodies[0], &body); err != nil {
			t.Fatal(err)
		}
		if body.Type != "workflow.step" || body.Data.Values["order"] != "17" || body.Data.Conversation.ID != w.Of("maria").ID || body.Data.Contact.Name != "maria" || body.Data.Step != "x" {
			t.Errorf("%s", r.bodies[0])
		}
		if c := w.Of("maria"); c.Fields["shop_count"] != "2" || c.Fields["shop_deep"] != "" {
			t.Errorf("fields %v", c.Fields)
		}
	})
}

// What cannot work is not tried again, and the run goes on at its error branch.
func TestWebhookFails(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		statuses []int
		allowed  bool
		tries    string
		requests int
		note     string
	}{
		"not taken":            {[]int{404}, true, "3", 1, "Failed: The webhook does not take it (HTTP 404)."},
		"fails too often":      {[]int{500, 503}, true, "2", 2, "Failed: The webhook failed (HTTP 503)."},
		"inside the network":   {nil, false, "3", 0, "Failed: The address is not on the public internet; the operator can allow it."},
		"a redirect elsewhere": {[]int{302}, true, "3", 1, "Failed: The webhook does not take it (HTTP 302)."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
			r := &receiver{statuses: c.statuses}
			run, notes, _ := call(t, w, r, c.allowed, c.tries)
			if run.Status != rapport.RunDone || len(notes) != 1 || notes[0] != c.note || len(r.got) != c.requests {
				t.Errorf("%+v %q after %d requests", run, notes, len(r.got))
			}
		})
	}
}
