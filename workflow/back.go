package workflow

import (
	"rapport"
	"rapport/conversation"
	"rapport/store"
)

// giveBack leaves nobody forgotten when a run has ended: the reply timer counts
// again where the run looked after the answer, what a flow bot still holds goes
// to humans, and a failure is told in the thread.
func giveBack(tx *store.Tx, r *rapport.Run, st *State) error {
	if r.ConversationID == "" {
		return nil
	}
	s, err := tx.Summary(r.ConversationID)
	if rapport.KindOf(err) == rapport.NotFound && err != nil {
		return nil
	}
	if err != nil {
		return err
	}
	tx.Caused(cause(r, st))
	var items []rapport.Item
	if r.Status == rapport.RunFailed || r.Status == rapport.RunStopped {
		items = append(items, rapport.Item{Kind: rapport.ItemEvent, By: rapport.BySystem, AuthorName: r.WorkflowName, Event: "workflow",
			Body: r.WorkflowName + ": " + r.Error, Data: map[string]any{"workflow_id": r.WorkflowID, "run_id": r.ID, "status": r.Status}})
	}
	timed := st.Untimed && s.Untimed
	if len(items) > 0 || timed {
		before := s.Conversation
		s.Untimed = s.Untimed && !timed
		if err := tx.Record(&s, before, "conversation.changed", items...); err != nil {
			return err
		}
	}
	if st.Bot == "" || s.BotID != st.Bot || !s.State.Active() {
		return nil
	}
	_, err = conversation.HandOff(tx, actor(r), s.ID, rapport.Handoff{Reason: nameOr(r.Error, "the flow has ended")})
	return err
}

// actor is who acts for a run.
func actor(r *rapport.Run) rapport.Actor {
	return rapport.Actor{Kind: rapport.ActorSystem, Name: nameOr(r.WorkflowName, "A workflow")}
}

func cause(r *rapport.Run, st *State) rapport.Cause {
	return rapport.Cause{Workflow: r.WorkflowID, Run: r.ID, Depth: st.Depth}
}
