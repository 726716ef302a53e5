package workflow

import (
	"encoding/json"
	"strconv"
	"time"

	"rapport"
	"rapport/store"
)

func itoa(n int) string { return strconv.Itoa(n) }

// Stop ends a run where it stands, with a reason.
func Stop(tx *store.Tx, id rapport.RunID, reason string) (rapport.Run, error) {
	r, err := tx.Run(id)
	if err != nil {
		return r, err
	}
	if !r.Status.Active() {
		return r, rapport.Errorf(rapport.Conflict, "ended", "The run has ended already.")
	}
	var st State
	if err := json.Unmarshal(r.State, &st); err != nil {
		return r, err
	}
	step := st.Step
	return r, end(tx, &r, st, rapport.RunStopped, reason, Line{Step: step, Outcome: "stopped", Detail: reason, At: tx.Now()})
}

// stopAll ends all runs of a workflow.
func stopAll(tx *store.Tx, id rapport.WorkflowID, reason string) error {
	for _, status := range []rapport.RunStatus{rapport.RunRunning, rapport.RunWaiting} {
		for more := true; more; {
			runs, err := tx.RunsOf(id, status, "", 500)
			if err != nil {
				return err
			}
			more = len(runs) > 0
			for _, r := range runs {
				if _, err := Stop(tx, r.ID, reason); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// keep saves where a run stands, with lines for its log.
func keep(tx *store.Tx, r *rapport.Run, st State, lines []Line) error {
	first := st.Lines - len(lines)
	var told []rapport.RunLine
	for i, l := range lines {
		told = append(told, rapport.RunLine{N: first + i + 1, At: l.At, Step: l.Step, Outcome: l.Outcome, Detail: l.Detail})
	}
	r.Step, r.Steps, r.Awaits, r.DueAt = st.Step, st.Steps, "", time.Time{}
	switch {
	case !r.Status.Active():
	case st.Arrived != nil:
		r.Status, r.DueAt = rapport.RunRunning, tx.Now()
	case st.Waits != nil:
		r.Status, r.Awaits, r.DueAt = rapport.RunWaiting, st.Waits.Event, st.Waits.Until
	default:
		r.Status, r.DueAt = rapport.RunRunning, tx.Now()
	}
	text, err := json.Marshal(st)
	if err != nil {
		return err
	}
	r.State = text
	if err := tx.UpdateRun(*r); err != nil {
		return err
	}
	return tx.InsertRunLines(r.ID, told)
}

// end notes that a run has ended. Whatever it was responsible for is given back:
// the reply timer counts again, and a flow bot hands the conversation off.
func end(tx *store.Tx, r *rapport.Run, st State, status rapport.RunStatus, reason string, lines ...Line) error {
	r.Status, r.Error, r.EndedAt = status, cut(reason, 500), tx.Now()
	st.Waits, st.Arrived = nil, nil
	st.Lines += len(lines)
	if err := keep(tx, r, st, lines); err != nil {
		return err
	}
	return giveBack(tx, r, &st)
}

// Answer tells a run what came of its webhook. One that does not wait for it any
// more does not mind.
func Answer(tx *store.Tx, id rapport.RunID, h Happening) error {
	r, err := tx.Run(id)
	if rapport.KindOf(err) == rapport.NotFound && err != nil {
		return nil
	}
	if err != nil || !r.Status.Active() {
		return err
	}
	var st State
	if err := json.Unmarshal(r.State, &st); err != nil {
		return err
	}
	if st.Arrived != nil || !st.Waits.satisfiedBy(&h) {
		return nil
	}
	st.Arrived = &h
	return keep(tx, &r, st, nil)
}
