package gateway_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"rapport"
	"rapport/gateway"
	"rapport/rapporttest"
	"rapport/rapporttest/pg"
	"rapport/store"
)

// lines are those of a log, as they come.
type lines chan string

func (l lines) Write(p []byte) (int, error) {
	l <- string(p)
	return len(p), nil
}

// A server whose database goes away while it starts refuses customers until it is
// back, and takes them then; it does not end.
func TestADatabaseThatIsAwayAtTheStart(t *testing.T) {
	t.Parallel()
	through, cut, mend := pg.Detour(t, rapporttest.Addresses["postgres"](t))
	db := rapporttest.Open(t, through)
	in := rapport.Inbox{ID: rapport.NewID[rapport.InboxID](), Channel: "window", Name: "front", Enabled: true}
	if err := db.Update(t.Context(), func(tx *store.Tx) error { return tx.SaveInbox(in, nil) }); err != nil {
		t.Fatal(err)
	}
	cut()
	said := make(lines, 100)
	log := slog.New(slog.NewTextHandler(said, nil))
	g := gateway.New(gateway.Config{DB: db, Log: log})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- g.Run(ctx) }()
	select {
	case line := <-said:
		if !strings.Contains(line, "level=ERROR") {
			t.Errorf("the log says %s", line)
		}
	case err := <-ended:
		t.Fatalf("it ends while the database is away: %v", err)
	}
	ask := func() int {
		answer := httptest.NewRecorder()
		g.Serve(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/in/"+string(in.ID)+"/", nil))
		return answer.Code
	}
	gateway.Impatient(g)
	if code := ask(); code != http.StatusServiceUnavailable {
		t.Errorf("while the database is away a customer is answered with %d", code)
	}
	mend()
	for ask() != http.StatusOK {
		select {
		case err := <-ended:
			t.Fatalf("it ends though the database is back: %v", err)
		case <-time.After(5 * time.Millisecond):
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
