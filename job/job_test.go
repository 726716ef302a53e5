package job_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/job"
	"rapport/rapporttest"
	"rapport/store"
)

// run starts a runner and returns what stops it and waits for it.
func run(t *testing.T, r *job.Runner) (stop func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := r.Run(ctx); err != nil {
			t.Error(err)
		}
	}()
	return func() {
		cancel()
		<-done
	}
}

func enqueue(t *testing.T, db *store.DB, j job.Job) {
	t.Helper()
	if err := db.Update(t.Context(), func(tx *store.Tx) error { return job.Enqueue(tx, j) }); err != nil {
		t.Fatal(err)
	}
}

func TestEveryJobIsDone(t *testing.T) {
	t.Parallel()
	rapporttest.Databases(t, func(t *testing.T, db *store.DB) {
		const n = 200
		var mu sync.Mutex
		done := map[int]int{}
		all := make(chan struct{})
		r := job.NewRunner(db, rapporttest.Log(t))
		r.Handle("count", func(_ context.Context, task job.Task) error {
			var i int
			if err := task.Decode(&i); err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			done[i]++
			if len(done) == n {
				close(all)
			}
			return nil
		})
		stop := run(t, r)
		for i := range n {
			enqueue(t, db, job.Job{Kind: "count", Args: i})
		}
		<-all
		stop()
		for i, times := range done {
			if times != 1 {
				t.Errorf("job %d was done %d times", i, times)
			}
		}
		counts(t, db, 0, 0)
	})
}

func counts(t *testing.T, db *store.DB, waiting, failed int) {
	t.Helper()
	err := db.View(t.Context(), func(tx *store.Tx) error {
		w, f, err := tx.JobCounts()
		if w != waiting || f != failed {
			t.Errorf("%d jobs wait and %d have failed, want %d and %d", w, f, waiting, failed)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A job that fails is tried again when it says; one that says never is kept.
func TestFailuresAreTriedAgainOrKept(t *testing.T) {
	t.Parallel()
	db := rapporttest.SQLite(t)
	r := job.NewRunner(db, rapporttest.Log(t))
	var attempts []int
	again, gaveUp := make(chan struct{}), make(chan struct{})
	r.Handle("flaky", func(_ context.Context, task job.Task) error {
		attempts = append(attempts, task.Attempt)
		if task.Attempt < 3 {
			return &job.Later{After: time.Millisecond, Err: errors.New("not yet")}
		}
		close(again)
		return nil
	})
	r.Handle("hopeless", func(context.Context, job.Task) error { return &job.Never{Err: errors.New("no such inbox")} },
		func(_ context.Context, task job.Task) error {
			if task.Failure == nil || task.Failure.Error() != "no such inbox" {
				t.Errorf("it was given up for %v", task.Failure)
			}
			close(gaveUp)
			return nil
		})
	r.Handle("wild", func(context.Context, job.Task) error { panic("in a job") })
	stop := run(t, r)
	enqueue(t, db, job.Job{Kind: "flaky"})
	enqueue(t, db, job.Job{Kind: "hopeless"})
	enqueue(t, db, job.Job{Kind: "wild"})
	<-again
	<-gaveUp
	stop()
	if fmt.Sprint(attempts) != "[1 2 3]" {
		t.Errorf("the attempts were %v, want [1 2 3]", attempts)
	}
	counts(t, db, 1, 1) // the wild one waits for its next attempt
}

// Who looks after a job that failed finds it by what the log says.
func TestTheLogNamesTheJob(t *testing.T) {
	t.Parallel()
	db := rapporttest.SQLite(t)
	var said bytes.Buffer
	r := job.NewRunner(db, slog.New(slog.NewTextHandler(&said, nil)))
	id := make(chan string, 1)
	r.Handle("hopeless", func(context.Context, job.Task) error { return &job.Never{Err: errors.New("no such inbox")} },
		func(_ context.Context, task job.Task) error {
			id <- task.ID
			return errors.New("and nobody hears of it")
		})
	stop := run(t, r)
	enqueue(t, db, job.Job{Kind: "hopeless"})
	named := "id=" + <-id
	stop() // once what came of it is kept
	if lines := strings.Split(strings.TrimSpace(said.String()), "\n"); len(lines) != 2 || !strings.Contains(lines[0], named) || !strings.Contains(lines[1], named) {
		t.Errorf("the log says %s; want two lines with %s", &said, named)
	}
}

// A stop leaves the job that was under way to the next runner.
func TestAStoppedJobRunsAgain(t *testing.T) {
	t.Parallel()
	db := rapporttest.SQLite(t)
	started := make(chan struct{})
	first := job.NewRunner(db, rapporttest.Log(t))
	first.Handle("slow", func(ctx context.Context, _ job.Task) error {
		close(started)
		<-ctx.Done()
		return ctx.Err()
	})
	stop := run(t, first)
	enqueue(t, db, job.Job{Kind: "slow"})
	<-started
	stop()
	counts(t, db, 1, 0)
	done := make(chan struct{})
	second := job.NewRunner(db, rapporttest.Log(t))
	second.Handle("slow", func(context.Context, job.Task) error { close(done); return nil })
	stop = run(t, second)
	<-done
	stop()
	counts(t, db, 0, 0)
}

func TestBackoffGrowsAndStaysBounded(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]time.Duration{1: time.Second, 2: 2 * time.Second, 5: 16 * time.Second, 40: time.Hour} {
		for range 50 {
			if d := job.Backoff(n); d < want*8/10 || d > want*12/10+1 {
				t.Fatalf("after failure %d the pause is %v, want %v give or take a fifth", n, d, want)
			}
		}
	}
}

// Slow work does not keep the usual work waiting.
func TestSlowJobsHaveALaneOfTheirOwn(t *testing.T) {
	t.Parallel()
	rapporttest.Databases(t, func(t *testing.T, db *store.DB) {
		release, done := make(chan struct{}), make(chan struct{}, 1)
		r := job.NewRunner(db, rapporttest.Log(t))
		r.Handle("ask", func(context.Context, job.Task) error {
			<-release
			return nil
		})
		r.Handle("send", func(context.Context, job.Task) error {
			done <- struct{}{}
			return nil
		})
		for i := range 200 {
			enqueue(t, db, job.Job{Kind: "ask", Lane: job.Slow, Args: i})
		}
		stop := run(t, r)
		defer stop()
		defer close(release)
		enqueue(t, db, job.Job{Kind: "send"})
		select {
		case <-done:
		case <-time.After(20 * time.Second):
			t.Error("a reply waits for bots")
		}
	})
}

// A job that cannot be taken on disk is not done: whoever did it would do it again
// at once, and again.
func TestWhatCannotBeTakenIsNotDone(t *testing.T) {
	t.Parallel()
	for database, address := range rapporttest.Addresses {
		t.Run(database, func(t *testing.T) {
			t.Parallel()
			url := address(t)
			db := rapporttest.Open(t, url)
			enqueue(t, db, job.Job{Kind: "k"})
			source := "file:" + url + "?_pragma=busy_timeout(10000)"
			driver, refuse, allow := "sqlite", []string{"create trigger refuse before update on job begin select raise(abort, 'the disk is full'); end"}, "drop trigger refuse"
			if database == "postgres" {
				source, driver, allow = url, "pgx", "drop trigger refuse on job"
				refuse = []string{"create function refuse() returns trigger language plpgsql as $$ begin raise 'the disk is full'; end $$", "create trigger refuse before update on job for each row execute function refuse()"}
			}
			admin, err := sql.Open(driver, source)
			if err != nil {
				t.Fatal(err)
			}
			defer admin.Close()
			must := func(text string) {
				t.Helper()
				if _, err := admin.ExecContext(t.Context(), text); err != nil {
					t.Fatal(err)
				}
			}
			for _, text := range refuse {
				must(text)
			}
			done := make(chan struct{}, 100)
			r := job.NewRunner(db, slog.New(slog.DiscardHandler))
			r.Handle("k", func(context.Context, job.Task) error {
				select {
				case done <- struct{}{}:
				default:
				}
				return nil
			})
			before := db.Stats().Updates
			stop := run(t, r)
			defer stop()
			for tries := 0; tries < 3 && len(done) == 0; { // it looks again, and is refused again
				db.WakeJobs()
				if now := db.Stats().Updates; now > before {
					before, tries = now, tries+1
				}
			}
			if len(done) != 0 {
				t.Fatal("it was done although it could not be taken")
			}
			must(allow)
			db.WakeJobs()
			<-done
		})
	}
}
