package workflow

import (
	"encoding/json"
	"fmt"
	"time"

	"rapport"
	"rapport/store"
)

// mostChain is how many runs may set each other off in a row.
const mostChain = 5

// script is a live workflow, ready to run.
type script struct {
	rapport.Workflow
	def  Definition
	asks asks
}

// start begins a run, if the trigger's condition holds and no limit forbids it.
// A conversation of "" is none.
func (e *Engine) start(tx *store.Tx, w *script, id rapport.ConversationID, h *Happening, depth int) error {
	f := Facts{}
	if id == "" {
		timeFacts(f, tx.Now())
	} else {
		s, err := tx.Summary(id)
		if rapport.KindOf(err) == rapport.NotFound && err != nil {
			return nil // gone meanwhile
		}
		if err != nil {
			return err
		}
		if f, err = look(tx, &s, w.asks); err != nil {
			return err
		}
	}
	if h != nil && h.Text != "" {
		f["message.text"] = h.Text
	}
	yes, _, err := w.def.Trigger.When.Holds(f)
	if err == nil && !yes {
		return nil
	}
	if id != "" {
		under, failure := again(tx, w, id)
		if failure != nil || under {
			return failure
		}
	}
	st := Begin(&w.def)
	st.Depth = depth
	if h != nil && h.Kind == "handed_to_flow" {
		st.Bot = h.Bot
	}
	r := rapport.Run{ID: rapport.NewID[rapport.RunID](), WorkflowID: w.ID, WorkflowName: w.Name, Version: w.Published, ConversationID: id, Status: rapport.RunRunning, Step: st.Step, StartedAt: tx.Now(), DueAt: tx.Now()}
	refusal := ""
	switch {
	case err != nil:
		refusal = "The trigger's condition cannot be answered: " + sentence(err)
	case depth > mostChain:
		refusal = fmt.Sprintf("Workflows have set each other off %d times in a row; this one was not started, to end that.", depth)
	default:
		full, err := e.full(tx, w)
		if err != nil || full == alreadyTold {
			return err
		}
		refusal = full
	}
	text, wrong := json.Marshal(st)
	if wrong != nil {
		return wrong
	}
	r.State = text
	if err := tx.InsertRun(r); err != nil {
		return err
	}
	if refusal == "" {
		return nil
	}
	status := rapport.RunStopped
	if err != nil {
		status = rapport.RunFailed
	}
	return end(tx, &r, st, status, refusal, Line{Step: "trigger", Outcome: string(status), Detail: refusal, At: tx.Now()})
}

// again looks whether a run about the same conversation is under way, and ends
// it if the definition says so.
func again(tx *store.Tx, w *script, id rapport.ConversationID) (under bool, err error) {
	if there, err := tx.ActiveRun(w.ID, id); err != nil || !there {
		return false, err
	}
	if w.def.Limits.Again != "restart" {
		return true, nil
	}
	runs, err := tx.RunsOfConversation(id, 100)
	if err != nil {
		return false, err
	}
	for i := range runs {
		r := &runs[i]
		if r.WorkflowID != w.ID || !r.Status.Active() {
			continue
		}
		var st State
		if err := json.Unmarshal(r.State, &st); err != nil {
			return false, err
		}
		const why = "Begun anew, because it was set off again."
		if err := end(tx, r, st, rapport.RunDone, why, Line{Step: st.Step, Outcome: "restarted", Detail: why, At: tx.Now()}); err != nil {
			return false, err
		}
	}
	return false, nil
}

// alreadyTold stands for a limit that a run of this hour tells of.
const alreadyTold = "told"

// full says why a workflow may start no more runs right now; "" if it may.
func (e *Engine) full(tx *store.Tx, w *script) (string, error) {
	since := tx.Now().Add(-time.Hour)
	n, err := tx.RunsSince(w.ID, since)
	most := w.def.Limits.perHour()
	if err != nil || n < most {
		return "", err
	}
	if n > most { // the one over the limit is the one that tells
		return alreadyTold, nil
	}
	e.log.Warn("a workflow starts no more runs for now", "workflow", w.Name, "runs", n)
	return fmt.Sprintf("The workflow has started %d runs within an hour, which is its limit. This run and all further ones are left out until there are fewer.", n), nil
}
