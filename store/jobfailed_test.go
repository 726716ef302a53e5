package store_test

import (
	"fmt"
	"testing"
	"time"

	"rapport/store"
)

// Jobs that have failed for good are told from those of long ago, and are forgotten then.
func TestFailedJobs(t *testing.T) {
	databases(t, func(t *testing.T, db *store.DB) {
		now := time.Now()
		update := func(fn func(*store.Tx) error) {
			t.Helper()
			if err := db.Update(t.Context(), fn); err != nil {
				t.Fatal(err)
			}
		}
		for days := range 4 {
			update(func(tx *store.Tx) error {
				j := store.Job{ID: fmt.Sprintf("job-%d", days), Kind: "k", Args: "{}", DueAt: now.AddDate(0, 0, -days)}
				if err := tx.InsertJob(j); err != nil || days == 3 { // the oldest still waits
					return err
				}
				return tx.FailJob(j, fmt.Sprintf("reason %d", days))
			})
		}
		look := func() (lately, earlier int, latest []store.FailedJob) {
			t.Helper()
			if err := db.View(t.Context(), func(tx *store.Tx) (err error) {
				lately, earlier, latest, err = tx.FailedJobs(now.Add(-time.Hour), 2)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return lately, earlier, latest
		}
		lately, earlier, latest := look()
		if lately != 1 || earlier != 2 || len(latest) != 2 || latest[0].ID != "job-0" || latest[1].Error != "reason 1" || !latest[0].At.Equal(now.UTC().Truncate(time.Millisecond)) {
			t.Errorf("%d lately, %d earlier, the latest %+v", lately, earlier, latest)
		}
		update(func(tx *store.Tx) error { return tx.TrimFailedJobs(now.Add(-36 * time.Hour)) })
		if lately, earlier, _ := look(); lately != 1 || earlier != 1 {
			t.Errorf("then %d lately, %d earlier", lately, earlier)
		}
		if err := db.View(t.Context(), func(tx *store.Tx) error {
			waiting, _, err := tx.JobCounts()
			if waiting != 1 {
				t.Errorf("%d wait", waiting)
			}
			return err
		}); err != nil {
			t.Error(err)
		}
	})
}
