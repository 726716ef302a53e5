package store

import "time"

// FailedJob is a job that nobody will try again.
type FailedJob struct {
	ID    string
	Kind  string
	At    time.Time // within the two minutes of its lease
	Error string
}

// FailedJobs returns how many jobs have failed for good since a moment, how many before
// it, and the latest of all.
func (tx *Tx) FailedJobs(since time.Time, most int) (lately, earlier int, latest []FailedJob, err error) {
	err = tx.queryRow("select coalesce(sum(case when due_at >= $1 then 1 else 0 end), 0), coalesce(sum(case when due_at < $1 then 1 else 0 end), 0) from job where failed = 1", since).Scan(&lately, &earlier)
	if err != nil {
		return 0, 0, nil, classify(err)
	}
	err = tx.rows(func(s scanner) error {
		var j FailedJob
		err := s.Scan(&j.ID, &j.Kind, milli{&j.At}, &j.Error)
		latest = append(latest, j)
		return err
	}, "select id, kind, due_at, error from job where failed = 1 order by due_at desc, id limit $1", most)
	return lately, earlier, latest, err
}

// TrimFailedJobs forgets jobs that failed for good before a moment.
func (tx *Tx) TrimFailedJobs(before time.Time) error {
	return tx.put("delete from job where failed = 1 and due_at < $1", before)
}
