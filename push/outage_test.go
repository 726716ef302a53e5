package push_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"rapport/push"
	"rapport/rapporttest"
	"rapport/rapporttest/pg"
)

// firstLine is where a log goes that only its first line is read of.
type firstLine chan string

func (l firstLine) Write(p []byte) (int, error) {
	select {
	case l <- string(p):
	default:
	}
	return len(p), nil
}

// A hub whose database goes away while it starts waits for it.
func TestADatabaseThatIsAwayAtTheStart(t *testing.T) {
	t.Parallel()
	through, cut, mend := pg.Detour(t, rapporttest.Addresses["postgres"](t))
	db := rapporttest.Open(t, through)
	cut()
	said := make(firstLine, 1)
	hub := push.New(db, push.Config{Log: slog.New(slog.NewTextHandler(said, nil))})
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- hub.Run(ctx) }()
	select {
	case line := <-said:
		if !strings.Contains(line, "cannot read the event log") {
			t.Errorf("the log says %s", line)
		}
	case err := <-ended:
		t.Fatalf("it ends while the database is away: %v", err)
	}
	mend()
	select {
	case <-push.Up(hub):
	case err := <-ended:
		t.Fatalf("it ends though the database is back: %v", err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
