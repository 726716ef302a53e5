package conversation_test

import (
	"errors"
	"testing"

	"rapport"
	"rapport/conversation"
	"rapport/rapporttest"
	"rapport/store"
)

var errUndo = errors.New("undo")

// TestMayAgreesWithTheVerbs tries every verb as every person on conversations
// in all states, and compares what happened with what May had said.
func TestMayAgreesWithTheVerbs(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	w.Queue("support", "ana", "ben")
	w.Queue("sales", "carla")
	w.Reader("support", "rita")
	w.Agent("sue", rapporttest.As(rapport.RoleSupervisor))
	for _, name := range []string{"ana", "ben", "carla", "rita", "sue"} {
		w.Status(name, rapport.StatusAway)
	}
	w.Inbox("site", "support")
	for _, c := range []string{"waits", "held", "sent on", "pending", "solved", "closed", "abandoned", "with a bot"} {
		w.Write(c, "Hello")
	}
	robot := rapport.Bot{ID: rapport.NewID[rapport.BotID](), Kind: "test", Name: "Robin", Enabled: true}
	other := rapport.Bot{ID: rapport.NewID[rapport.BotID](), Kind: "test", Name: "Rosa", Enabled: true}
	w.Update(func(tx *store.Tx) error { return errors.Join(tx.SaveBot(robot, nil), tx.SaveBot(other, nil)) })
	for _, c := range []string{"held", "sent on", "pending", "solved", "closed"} {
		w.Claim("ana", c)
	}
	w.TransferToQueue("ana", "sent on", "sales")
	w.SetState("ana", "pending", rapport.Pending)
	w.SetState("ana", "solved", rapport.Solved)
	w.SetState("ana", "closed", rapport.Closed)
	w.SetState("ana", "abandoned", rapport.Solved)
	w.Update(func(tx *store.Tx) error {
		_, err := conversation.GiveToBot(tx, rapport.System, w.Of("with a bot").ID, robot.ID)
		return err
	})
	support := w.Queue("general")
	macro := rapport.Macro{ID: rapport.NewID[rapport.MacroID](), Name: "Late", Enabled: true, Effects: rapport.Effects{AddTags: []string{"late"}}}
	w.Update(func(tx *store.Tx) error { return tx.SaveMacro(macro) })

	for _, customer := range []string{"waits", "held", "sent on", "pending", "solved", "closed", "abandoned", "with a bot"} {
		for _, name := range []string{"ana", "ben", "carla", "rita", "sue"} {
			actor, s := w.Actor(name), w.Of(customer)
			if !actor.Sees(&s.Conversation) {
				continue
			}
			may := conversation.MayOf(actor, &s)
			try := func(verb string, said conversation.Permission, do func(*store.Tx) error) {
				t.Helper()
				err := w.DB.Update(t.Context(), func(tx *store.Tx) error {
					if err := do(tx); err != nil {
						return err
					}
					return errUndo
				})
				if done := errors.Is(err, errUndo); done != said.OK {
					t.Errorf("%s of %q by %s: may is %+v, the verb says %v", verb, customer, name, said, err)
				}
				if said.OK == (said.Why != "") {
					t.Errorf("%s of %q by %s: %+v explains the wrong thing", verb, customer, name, said)
				}
			}
			state := func(to rapport.State) func(*store.Tx) error {
				return func(tx *store.Tx) error {
					if s.State == to {
						return errors.New("a change to the same state changes nothing")
					}
					_, err := conversation.SetState(tx, actor, s.ID, to)
					return err
				}
			}
			try("reply", may.Reply, func(tx *store.Tx) error {
				_, _, err := conversation.Reply(tx, actor, s.ID, conversation.Writing{Body: "Hi"})
				return err
			})
			try("claim", may.Claim, func(tx *store.Tx) error {
				if s.Assignee == actor.AgentID && s.State.Active() && s.Transfer == nil {
					return errors.New("a claim of what one has changes nothing")
				}
				_, err := conversation.Claim(tx, actor, s.ID, false)
				return err
			})
			try("transfer", may.Transfer, func(tx *store.Tx) error {
				_, err := conversation.Transfer(tx, actor, s.ID, conversation.To{QueueID: support.ID})
				return err
			})
			try("release", may.Release, func(tx *store.Tx) error {
				_, err := conversation.Release(tx, actor, s.ID, "")
				return err
			})
			try("give to a bot", may.Bot, func(tx *store.Tx) error {
				_, err := conversation.GiveToBot(tx, actor, s.ID, other.ID)
				return err
			})
			try("hand off", may.HandOff, func(tx *store.Tx) error {
				_, err := conversation.HandOff(tx, actor, s.ID, rapport.Handoff{})
				return err
			})
			try("priority", may.Describe, func(tx *store.Tx) error {
				_, err := conversation.SetPriority(tx, actor, s.ID, rapport.Urgent)
				return err
			})
			topic := "Parcel"
			try("describe", may.Describe, func(tx *store.Tx) error {
				_, err := conversation.Describe(tx, actor, s.ID, conversation.Details{Topic: &topic})
				return err
			})
			try("fields", may.Describe, func(tx *store.Tx) error {
				_, err := conversation.SetFields(tx, actor, s.ID, map[string]string{"order": "1"})
				return err
			})
			try("tag", may.Describe, func(tx *store.Tx) error {
				_, err := conversation.Tag(tx, actor, s.ID, []string{"vip"}, nil)
				return err
			})
			try("macro", may.Describe, func(tx *store.Tx) error {
				_, err := conversation.Apply(tx, actor, s.ID, conversation.Macro{Macro: macro})
				return err
			})
			try("solve", may.Solve, state(rapport.Solved))
			try("close", may.Close, state(rapport.Closed))
			try("reopen", may.Reopen, state(rapport.Open))
			try("pend", may.Pend, state(rapport.Pending))
		}
	}
}
