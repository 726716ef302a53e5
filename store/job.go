package store

import (
	"database/sql"
	"errors"
	"time"
)

// Job is a row of work to be done later, at least once.
type Job struct {
	ID        string
	Kind      string
	UniqueKey string // at most one waiting job of a kind has it; "" for no limit
	Args      string // JSON
	DueAt     time.Time
	Attempts  int
	CreatedAt time.Time
}

// InsertJob enqueues a job; one with the same unique key is left as it is.
func (tx *Tx) InsertJob(j Job) error {
	err := tx.put("insert into job (id, kind, unique_key, args, due_at, created_at) values ($1, $2, $3, $4, $5, $6) on conflict do nothing", j.ID, j.Kind, j.UniqueKey, j.Args, j.DueAt, tx.now)
	tx.enqueued = true
	return err
}

// LeaseJobs takes due jobs for a while: should the taker die, they are due
// again when the lease is over.
func (tx *Tx) LeaseJobs(limit int, lease time.Duration) (jobs []Job, err error) {
	err = tx.rows(func(s scanner) error {
		var j Job
		err := s.Scan(&j.ID, &j.Kind, &j.UniqueKey, &j.Args, milli{&j.DueAt}, &j.Attempts, milli{&j.CreatedAt})
		jobs = append(jobs, j)
		return err
	}, "select id, kind, unique_key, args, due_at, attempts, created_at from job where failed = 0 and due_at <= $1 order by due_at limit $2", tx.now, limit)
	for i := range jobs {
		if err != nil {
			break
		}
		jobs[i].Attempts++
		err = tx.put("update job set due_at = $2, attempts = $3 where id = $1", jobs[i].ID, tx.now.Add(lease), jobs[i].Attempts)
	}
	return jobs, err
}

// NextJob returns when the next job is due; zero when none waits.
func (tx *Tx) NextJob() (at time.Time, err error) {
	err = tx.queryRow("select due_at from job where failed = 0 order by due_at limit 1").Scan(milli{&at})
	if errors.Is(err, sql.ErrNoRows) {
		return at, nil
	}
	return at, classify(err)
}

// DeleteJob removes a job that is done.
func (tx *Tx) DeleteJob(id string) error { return tx.put("delete from job where id = $1", id) }

// RetryJob makes a job due again later.
func (tx *Tx) RetryJob(id string, at time.Time, why string) error {
	return tx.put("update job set due_at = $2, error = $3 where id = $1", id, at, why)
}

// FailJob keeps a job that nobody will try again, for a person to look at.
func (tx *Tx) FailJob(id string, why string) error {
	return tx.put("update job set failed = 1, error = $2 where id = $1", id, why)
}

// JobCounts returns how many jobs wait and how many have failed for good.
func (tx *Tx) JobCounts() (waiting, failed int, err error) {
	err = tx.queryRow("select coalesce(sum(case when failed = 0 then 1 else 0 end), 0), coalesce(sum(failed), 0) from job").Scan(&waiting, &failed)
	return waiting, failed, classify(err)
}

// JobsWake signals that jobs were enqueued, here or on another node.
func (db *DB) JobsWake() <-chan struct{} { return db.jobs }
