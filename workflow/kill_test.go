package workflow_test

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
	"rapport/rapporttest"
	"rapport/store"
	"rapport/workflow"
)

// child names the database of a process that is there to be killed.
const child = "RAPPORT_TEST_WORKFLOW_CHILD"

func TestMain(m *testing.M) {
	if url := os.Getenv(child); url != "" {
		work(url)
	}
	// The test server of PostgreSQL lives as long as the process.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("rapport/rapporttest/pg.(*Server).start.func1"))
}

// work lets an engine run until somebody kills this process.
func work(url string) {
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	db, err := store.Open(context.Background(), store.Config{URL: url, Log: log})
	if err != nil {
		log.Error("open", "error", err)
		os.Exit(3)
	}
	if err := workflow.New(db, log).Run(context.Background()); err != nil {
		log.Error("run", "error", err)
	}
	os.Exit(4)
}

// A process that is killed with SIGKILL at random moments loses nothing and
// repeats nothing: each run does each of its steps once.
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
	s := &stage{World: w, t: t, engine: workflow.New(db, rapporttest.Log(t))}
	s.settle()
	id := s.publish(`
workflow: 1
name: Count
trigger: {kind: conversation_opened}
start: one
steps:
- {id: one, kind: comment, with: {text: "1"}, next: {next: tag}}
- {id: tag, kind: tag, with: {add: [counted]}, next: {next: nap}}
- {id: nap, kind: wait, with: {seconds: 1}, next: {next: two}}
- {id: two, kind: comment, with: {text: "2"}, next: {next: three}}
- {id: three, kind: comment, with: {text: "3"}}
`)
	const customers = 60
	for i := range customers {
		w.Write(fmt.Sprint("customer ", i), "Hello?")
	}
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	done, kills := 0, 0
	for done < customers && kills < 100 {
		c := exec.CommandContext(t.Context(), program)
		c.Env = append(os.Environ(), child+"="+url)
		c.Stderr = t.Output()
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan struct{})
		go func() {
			_ = c.Wait() // it was killed
			close(ended)
		}()
		// It dies in the middle of its work: after a random number of steps.
		enough, patience := min(made(s, id)+1+rand.IntN(30), customers*6), time.After(20*time.Second)
		for alive := true; alive && made(s, id) < enough; {
			select {
			case <-time.After(2 * time.Millisecond):
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
		done = 0
		w.View(func(tx *store.Tx) error {
			runs, err := tx.RunsOf(id, rapport.RunDone, "", 500)
			done = len(runs)
			return err
		})
	}
	t.Logf("%d kills", kills)
	if kills < 3 {
		t.Errorf("only %d kills", kills)
	}
	for i := range customers {
		name := fmt.Sprint("customer ", i)
		want(t, name, s.notes(name), []string{"1", "2", "3"})
	}
	if n := len(s.runs(id)); n != customers {
		t.Errorf("%d runs", n)
	}
}

// made is how many steps all runs have made.
func made(s *stage, id rapport.WorkflowID) (steps int) {
	for _, r := range s.runs(id) {
		steps += r.Steps
		if !r.Status.Active() {
			steps++
		}
	}
	return steps
}
