package store_test

import (
	"slices"
	"testing"
	"time"

	"rapport/store"
)

// A job that is enqueued again while it is under way runs again: it may have
// looked before the cause was there. One that merely waits does not.
func TestAJobThatIsWantedMeanwhileRunsAgain(t *testing.T) {
	databases(t, func(t *testing.T, db *store.DB) {
		enqueue := func(tx *store.Tx) error {
			return tx.InsertJob(store.Job{ID: time.Now().String(), Kind: "k", UniqueKey: "one", Args: "{}", DueAt: tx.Now()})
		}
		lease := func(tx *store.Tx) (jobs []store.Job) {
			jobs, err := tx.LeaseJobs("", 10, time.Hour)
			if err != nil {
				t.Fatal(err)
			}
			return jobs
		}
		update := func(fn func(tx *store.Tx) error) {
			t.Helper()
			if err := db.Update(t.Context(), fn); err != nil {
				t.Fatal(err)
			}
		}
		for name, end := range map[string]func(*store.Tx, store.Job) error{
			"done":   (*store.Tx).DeleteJob,
			"failed": func(tx *store.Tx, j store.Job) error { return tx.FailJob(j, "no") },
		} {
			var j store.Job
			update(enqueue)
			update(enqueue) // it waits: once is enough
			update(func(tx *store.Tx) error {
				jobs := lease(tx)
				if len(jobs) != 1 {
					t.Fatalf("%s: %d jobs are due, want 1", name, len(jobs))
				}
				j = jobs[0]
				return nil
			})
			update(enqueue) // meanwhile
			update(func(tx *store.Tx) error {
				if n := len(lease(tx)); n != 0 {
					t.Errorf("%s: %d jobs with its key are at work beside it", name, n)
				}
				return end(tx, j)
			})
			update(func(tx *store.Tx) error {
				jobs := lease(tx)
				if len(jobs) != 1 || jobs[0].Attempts != 1 {
					t.Fatalf("%s: then %v are due, want the job again", name, jobs)
				}
				return tx.DeleteJob(jobs[0])
			})
			update(func(tx *store.Tx) error {
				if n := len(lease(tx)); n != 0 {
					t.Errorf("%s: %d jobs are left", name, n)
				}
				waiting, failed, err := tx.JobCounts()
				if waiting+failed != 0 {
					t.Errorf("%s: %d wait and %d failed", name, waiting, failed)
				}
				return err
			})
		}
	})
}

// What waits in one lane does not hold up another.
func TestLanesOfJobs(t *testing.T) {
	databases(t, func(t *testing.T, db *store.DB) {
		err := db.Update(t.Context(), func(tx *store.Tx) error {
			for _, lane := range []string{"", "slow"} {
				if err := tx.InsertJob(store.Job{ID: "in " + lane, Kind: "k", Lane: lane, Args: "{}", DueAt: tx.Now()}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		err = db.Update(t.Context(), func(tx *store.Tx) error {
			for _, lane := range []string{"", "slow"} {
				next, err := tx.NextJob(lane)
				if err != nil || next.IsZero() {
					t.Errorf("the lane %q has no job (%v)", lane, err)
				}
				jobs, err := tx.LeaseJobs(lane, 10, time.Hour)
				if err != nil || len(jobs) != 1 || jobs[0].ID != "in "+lane {
					t.Errorf("the lane %q has %v, %v", lane, jobs, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// Jobs of a line are done one after the other: the next one is due when the one
// before it has ended, however it ended.
func TestJobsOfALineAreDoneInTurn(t *testing.T) {
	databases(t, func(t *testing.T, db *store.DB) {
		update := func(fn func(tx *store.Tx) error) {
			t.Helper()
			if err := db.Update(t.Context(), fn); err != nil {
				t.Fatal(err)
			}
		}
		due := func(want ...string) (jobs []store.Job) {
			t.Helper()
			update(func(tx *store.Tx) (err error) {
				jobs, err = tx.LeaseJobs("", 10, time.Hour)
				return err
			})
			var ids []string
			for _, j := range jobs {
				ids = append(ids, j.ID)
			}
			slices.Sort(ids)
			if !slices.Equal(ids, want) {
				t.Errorf("due are %v, want %v", ids, want)
			}
			return jobs
		}
		update(func(tx *store.Tx) error {
			for _, j := range []store.Job{{ID: "1", Line: "a", Place: 8}, {ID: "4", Line: "a", Place: 10}, {ID: "3", Line: "ab"}, {ID: "2", Line: "a", Place: 11}, {ID: "5"}, {ID: "6", Line: "a", Kind: "other"}} {
				if j.Kind == "" {
					j.Kind = "k"
				}
				j.Args, j.DueAt = "{}", tx.Now()
				if err := tx.InsertJob(j); err != nil {
					return err
				}
			}
			return nil
		})
		first := due("1", "3", "5", "6")
		due()
		one := first[slices.IndexFunc(first, func(j store.Job) bool { return j.ID == "1" })]
		update(func(tx *store.Tx) error { return tx.RetryJob("1", tx.Now(), "once more") })
		due("1") // it keeps its place
		update(func(tx *store.Tx) error { return tx.FailJob(one, "no") })
		second := due("4")                                          // by place: ids are of somebody else's clock
		update(func(tx *store.Tx) error { return tx.UnparkJobs() }) // it is at work
		due()
		update(func(tx *store.Tx) error { return tx.DeleteJob(second[0]) })
		last := due("2")
		update(func(tx *store.Tx) error { return tx.DeleteJob(last[0]) })
		due()

		// Who was before them is gone, and nobody was told.
		update(func(tx *store.Tx) error {
			for _, id := range []string{"7", "8"} {
				if err := tx.InsertJob(store.Job{ID: id, Kind: "k", Line: "a", Args: "{}", DueAt: tx.Now()}); err != nil {
					return err
				}
			}
			return nil
		})
		gone := due("7")[0]
		gone.UniqueKey = "" // as a node of an older version would
		update(func(tx *store.Tx) error { return tx.DeleteJob(gone) })
		due()
		update(func(tx *store.Tx) error { return tx.UnparkJobs() })
		due("8")
	})
}
