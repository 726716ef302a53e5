package conversation_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"time"

	"go.uber.org/goleak"

	"rapport"
	"rapport/conversation"
	"rapport/job"
	"rapport/rapporttest"
	"rapport/store"
)

// child names the database of a process that is there to be killed.
const child = "RAPPORT_TEST_CONVERSATION_CHILD"

// ahead is by how much the clock of that process is ahead, so that the leases of
// those that were killed are over.
const ahead = "RAPPORT_TEST_CONVERSATION_AHEAD"

func TestMain(m *testing.M) {
	if url := os.Getenv(child); url != "" {
		work(url)
	}
	// The test server of PostgreSQL lives as long as the process.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("rapport/rapporttest/pg.(*Server).start.func1"))
}

// work sends what waits and wakes what sleeps until somebody kills this process.
func work(url string) {
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	offset, err := time.ParseDuration(os.Getenv(ahead))
	if err != nil {
		os.Exit(2)
	}
	db, err := store.Open(context.Background(), store.Config{URL: url, Log: log, Now: func() time.Time { return time.Now().Add(offset) }})
	if err != nil {
		log.Error("open", "error", err)
		os.Exit(3)
	}
	go func() {
		for range time.Tick(5 * time.Millisecond) {
			if err := conversation.FireDue(context.Background(), db); err != nil {
				log.Error("timers", "error", err)
			}
		}
	}()
	jobs := job.NewRunner(db, log)
	jobs.Handle(conversation.Leave, func(ctx context.Context, t job.Task) error {
		var l conversation.Leaving
		if err := t.Decode(&l); err != nil {
			return err
		}
		return conversation.SendWaiting(ctx, db, l.ID)
	})
	if err := jobs.Run(context.Background()); err != nil {
		log.Error("run", "error", err)
	}
	os.Exit(4)
}

// Issue 4, 14: a process that is killed with SIGKILL at random moments loses
// none of the messages that wait to leave, and sends none twice; each snooze
// ends once.
func TestSIGKILL(t *testing.T) {
	t.Parallel()
	for name, url := range rapporttest.Addresses {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			killed(t, url(t))
		})
	}
}

func killed(t *testing.T, url string) {
	db := rapporttest.Open(t, url)
	w := rapporttest.NewWorld(t, db)
	w.Queue("support", "ana")
	w.Agent("ana", rapporttest.Capacity(1000))
	w.Inbox("site", "support")
	const customers = 60
	ana := w.Actor("ana")
	for i := range customers {
		name := fmt.Sprint("customer ", i)
		id := w.Write(name, "Hello?").Conversation.ID
		later := conversation.Later{Undo: time.Second}
		if i%2 == 1 {
			later = conversation.Later{At: time.Now().Add(2 * time.Second)}
		}
		w.Update(func(tx *store.Tx) error {
			_, err := conversation.Snooze(tx, ana, id, time.Now().Add(2*time.Second))
			if err != nil {
				return err
			}
			_, _, err = conversation.SendLater(tx, ana, id, conversation.Writing{Body: "An answer"}, later)
			return err
		})
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	// done is how many of the things that are to happen have happened.
	done := func() (n int) {
		for i := range customers {
			sent, woke := happenings(w, fmt.Sprint("customer ", i))
			n += min(sent, 1) + min(woke, 1)
		}
		return n
	}
	// head is how much has been committed: one quick question, so that the child
	// is killed in the midst of it all and not after.
	head := func() (last int64) {
		w.View(func(tx *store.Tx) (err error) {
			last, _, err = tx.Head()
			return err
		})
		return last
	}
	kills := 0
	for done() < 2*customers && kills < 100 {
		c := exec.CommandContext(t.Context(), program)
		c.Env = append(os.Environ(), child+"="+url, ahead+"="+(time.Duration(kills)*3*time.Minute).String())
		c.Stderr = t.Output()
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan struct{})
		go func() {
			_ = c.Wait() // it was killed
			close(ended)
		}()
		enough, patience := head()+1+rand.Int64N(8), time.After(20*time.Second)
		for alive := true; alive && head() < enough; {
			select {
			case <-time.After(time.Millisecond):
			case <-patience:
				alive = false
			case <-ended:
				t.Fatal("the child ended by itself")
			}
		}
		if err := c.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		<-ended
		kills++
	}
	t.Logf("%d kills", kills)
	if kills < 3 {
		t.Errorf("only %d kills", kills)
	}
	for i := range customers {
		name := fmt.Sprint("customer ", i)
		if sent, woke := happenings(w, name); sent != 1 || woke != 1 {
			t.Errorf("%s: %d answers, woke %d times", name, sent, woke)
		}
	}
}

func happenings(w *rapporttest.World, customer string) (sent, woke int) {
	for _, it := range w.Items(customer) {
		switch {
		case it.Kind == rapport.ItemMessage && it.By == rapport.ByAgent:
			sent++
		case it.Event == "woke":
			woke++
		}
	}
	return sent, woke
}
