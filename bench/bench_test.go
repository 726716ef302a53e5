package bench

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"rapport"
	"rapport/conversation"
	"rapport/rapporttest/pg"
	"rapport/store"
)

// The made-up past is one that routing believes: a customer who was here in the
// last seven days goes to the agent who is written there, on both databases.
func TestPastIsRemembered(t *testing.T) {
	t.Parallel()
	for _, database := range []string{"sqlite", "postgres"} {
		t.Run(database, func(t *testing.T) {
			t.Parallel()
			url := ""
			if database == "postgres" {
				url = pg.URL(t)
			}
			w, err := newWorld(t.Context(), t.TempDir(), url, size{conversations: 120, customers: 60, agents: 6, queues: 2})
			if err != nil {
				t.Fatal(err)
			}
			db, err := w.open(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			var acks []ack
			remembered := 0
			for n := range 20 {
				m := w.message(n)
				var got conversation.Received
				err := db.Update(t.Context(), func(tx *store.Tx) (err error) {
					got, err = take(tx, m)
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
				s := got.Conversation
				if got.Duplicate || s.Assignee == "" || s.QueueID != queueID(m.inbox) || strings.HasPrefix(m.customer, "c") != (s.Follows != "") {
					t.Errorf("message %d of %s became %+v", n, m.customer, s.Conversation)
				}
				if s.Why.Rung == rapport.RungHistory {
					remembered++
				}
				acks = append(acks, ack{message: m, ConversationID: s.ID, Seq: got.Item.Seq, Assignee: &rapport.AgentRef{ID: s.Assignee}})
			}
			if remembered == 0 || remembered == len(acks) {
				t.Errorf("%d of %d went to the agent of last time; some were to, and some not", remembered, len(acks))
			}
			if share, err := w.verify(t.Context(), acks); err != nil || share != float64(remembered)/20 {
				t.Errorf("verifying gives %v, %v", share, err)
			}
			for what, break1 := range map[string]func(*ack){
				"lost":            func(a *ack) { a.message.key += "?" },
				"elsewhere":       func(a *ack) { a.Seq++ },
				"another's":       func(a *ack) { a.Assignee = &rapport.AgentRef{ID: "nobody"} },
				"without a taker": func(a *ack) { a.Assignee = nil },
				"doubled":         func(a *ack) { *a = acks[0] },
			} {
				broken := append([]ack(nil), acks...)
				break1(&broken[1])
				if _, err := w.verify(t.Context(), broken); err == nil {
					t.Errorf("a message that is %s is not noticed", what)
				}
			}
		})
	}
}

// The names of the figures are what other programs read.
func TestReportNames(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(Report{InboundSQLite: &Inbound{}, InboundPostgres: &Inbound{}, Event: &Event{}, Growth: &Growth{}, Connection: &Sockets{}, Fanout: &Fanout{}, ColdStart: &Start{}, Idle: &Idleness{}, Timers: &Timers{}, SearchSQLite: &Search{}, SearchPostgres: &Search{}})
	if err != nil {
		t.Fatal(err)
	}
	var figures map[string]map[string]any
	_ = json.Unmarshal(text, &figures) // past_conversations is a number and stays out
	for _, name := range []string{
		"inbound_sqlite.per_s", "inbound_sqlite.p50_ms", "inbound_sqlite.p99_ms", "inbound_postgres.per_s", "inbound_postgres.p50_ms", "inbound_postgres.p99_ms",
		"event.p50_ms", "event.p99_ms", "growth.history_ratio", "growth.agents_ratio", "connection.kib", "fanout.cpu_ms", "fanout.alone_cpu_ms", "coldstart.ms", "idle.rss_mib",
		"timers.armed", "timers.due_per_s", "timers.late_p50_ms", "timers.late_p99_ms", "timers.arm_cost_ratio",
	} {
		part, figure, _ := strings.Cut(name, ".")
		if _, there := figures[part][figure]; !there {
			t.Errorf("%s is missing in %s", name, text)
		}
	}
	if text, err := json.Marshal(Report{}); err != nil || strings.Contains(string(text), "inbound") {
		t.Errorf("a part that was left out is in %s", text)
	}
}

func TestPercentile(t *testing.T) {
	t.Parallel()
	var samples []time.Duration
	for n := range 100 {
		samples = append(samples, time.Duration(100-n))
	}
	if got := percentile(samples, 0.99); got != 100 {
		t.Errorf("the 99th percentile of 1 to 100 is %d", got)
	}
	if got := percentile(samples, 0.5); got != 51 {
		t.Errorf("the median of 1 to 100 is %d", got)
	}
	if got := marker([]byte(`{"body":"mk0000000000042z and so on"`)); got != 42 {
		t.Errorf("the marker reads %d", got)
	}
	if got := marker([]byte(`{"body":"hello"}`)); got != -1 {
		t.Errorf("a text without marker reads %d", got)
	}
}
