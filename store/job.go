package store

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Job is a row of work to be done later, at least once.
type Job struct {
	ID        string
	Kind      string
	Lane      string // jobs of one lane do not hold up those of another
	UniqueKey string // at most one job of a kind that is not done has it; "" for no limit
	Line      string // instead of a key: jobs of a kind and line are done one after the other, in the usual lane
	Place     int    // in the line; the lowest comes first
	Args      string // JSON
	DueAt     time.Time
	Attempts  int
	CreatedAt time.Time
}

// parked is the lane of jobs with another one before them in their line. Nobody
// works there: who ends a job of a line brings the next one back (nextInLine).
const parked = "parked"

// InsertJob enqueues a job. One with the same unique key is left as it is, but
// runs once more if it is under way: it may have looked already.
func (tx *Tx) InsertJob(j Job) error {
	if j.Line != "" {
		j.UniqueKey = fmt.Sprintf("%s %0*d %s", j.Line, placeDigits, j.Place, j.ID)
	}
	text := insertJob
	if j.UniqueKey != "" && j.Line == "" {
		text += " on conflict (kind, unique_key) where unique_key <> '' and failed = 0 do update set again = 1"
	}
	tx.enqueued = true
	from, to := within(j.Line)
	return tx.put(text, j.ID, j.Kind, j.Lane, j.UniqueKey, j.Args, j.DueAt, tx.now, from, to)
}

const insertJob = `insert into job (id, kind, lane, unique_key, args, due_at, created_at) values ($1, $2,
	case when exists (select 1 from job j where j.kind = $2 and j.unique_key > $8 and j.unique_key < $9 and j.unique_key <> '' and j.failed = 0) then '` + parked + `' else $3 end,
	$4, $5, $6, $7)`

// placeDigits are those of a place in a key, which sorts as a text.
const placeDigits = 12

// within are the bounds of the keys of a line: its name, a space, the place, and a
// job's id. Clocks of several nodes make the ids, so they do not say who is next.
func within(line string) (from, to string) {
	if line == "" {
		return "", ""
	}
	return line + " ", line + "!"
}

// nextInLine brings back the job that waits behind one that has ended.
func (tx *Tx) nextInLine(j Job) error {
	line, rest, _ := strings.Cut(j.UniqueKey, " ")
	if len(rest) != placeDigits+1+len(j.ID) || !strings.HasSuffix(rest, " "+j.ID) {
		return nil // it stands in none
	}
	tx.enqueued = true
	from, to := within(line)
	return tx.put(`update job set lane = '' where lane = '`+parked+`' and id =
		(select j.id from job j where j.kind = $1 and j.unique_key > $2 and j.unique_key < $3 and j.unique_key <> '' and j.failed = 0 and j.id <> $4 order by j.unique_key limit 1)`,
		j.Kind, from, to, j.ID)
}

// UnparkJobs brings back jobs that wait in their line for nobody, because who was
// before them ended in a way that told nobody, such as a node of an older version.
func (tx *Tx) UnparkJobs() error {
	tx.enqueued = true
	return tx.put(`update job set lane = '' where lane = '` + parked + `' and failed = 0 and not exists (select 1 from job j where j.kind = job.kind
		and j.unique_key > substr(job.unique_key, 1, length(job.unique_key) - length(job.id) - ` + itoa(placeDigits+1) + `) and j.unique_key < job.unique_key and j.unique_key <> '' and j.failed = 0)`)
}

// LeaseJobs takes due jobs of a lane for a while: should the taker die, they
// are due again when the lease is over.
func (tx *Tx) LeaseJobs(lane string, limit int, lease time.Duration) (jobs []Job, err error) {
	err = tx.rows(func(s scanner) error {
		var j Job
		err := s.Scan(&j.ID, &j.Kind, &j.Lane, &j.UniqueKey, &j.Args, milli{&j.DueAt}, &j.Attempts, milli{&j.CreatedAt})
		jobs = append(jobs, j)
		return err
	}, "select id, kind, lane, unique_key, args, due_at, attempts, created_at from job where failed = 0 and lane = $3 and due_at <= $1 order by due_at limit $2", tx.now, limit, lane)
	for i := range jobs {
		if err != nil {
			break
		}
		jobs[i].Attempts++
		err = tx.put("update job set due_at = $2, attempts = $3, again = 0 where id = $1", jobs[i].ID, tx.now.Add(lease), jobs[i].Attempts)
	}
	return jobs, err
}

// NextJob returns when the next job of a lane is due; zero when none waits.
func (tx *Tx) NextJob(lane string) (at time.Time, err error) {
	err = tx.queryRow("select due_at from job where failed = 0 and lane = $1 order by due_at limit 1", lane).Scan(milli{&at})
	if errors.Is(err, sql.ErrNoRows) {
		return at, nil
	}
	return at, classify(err)
}

// DeleteJob removes a job that is done, unless it was enqueued again meanwhile:
// then it is due at once.
func (tx *Tx) DeleteJob(j Job) error {
	if j.UniqueKey == "" {
		return tx.put("delete from job where id = $1", j.ID)
	}
	if err := tx.put("delete from job where id = $1 and again = 0", j.ID); err != nil {
		return err
	}
	if err := tx.runAgain(j); err != nil {
		return err
	}
	return tx.nextInLine(j)
}

// runAgain makes a job due that was enqueued again while it was under way.
func (tx *Tx) runAgain(j Job) error {
	tx.enqueued = true
	return tx.put("update job set due_at = $2, attempts = 0, error = '', again = 0 where id = $1 and again = 1", j.ID, tx.now)
}

// RetryJob makes a job due again later.
func (tx *Tx) RetryJob(id string, at time.Time, why string) error {
	return tx.put("update job set due_at = $2, error = $3 where id = $1", id, at, why)
}

// FailJob keeps a job that nobody will try again, for a person to look at,
// unless it was enqueued again meanwhile.
func (tx *Tx) FailJob(j Job, why string) error {
	err := tx.put("update job set failed = 1, error = $2 where id = $1 and again = 0", j.ID, why)
	if err != nil || j.UniqueKey == "" {
		return err
	}
	if err := tx.runAgain(j); err != nil {
		return err
	}
	return tx.nextInLine(j)
}

// JobCounts returns how many jobs wait and how many have failed for good.
func (tx *Tx) JobCounts() (waiting, failed int, err error) {
	err = tx.queryRow("select coalesce(sum(case when failed = 0 then 1 else 0 end), 0), coalesce(sum(failed), 0) from job").Scan(&waiting, &failed)
	return waiting, failed, classify(err)
}

// JobsWake signals that jobs were enqueued, here or on another node.
func (db *DB) JobsWake() <-chan struct{} { return db.jobs }
