package conversation

import (
	"errors"

	"rapport"
)

// Permission says whether something is allowed, and if not, why.
type Permission struct {
	OK  bool   `json:"ok"`
	Why string `json:"why" doc:"One sentence; empty when it is allowed."`
}

// May is what one actor may do with one conversation right now, so that a
// screen offers nothing that would be refused. The verbs decide for themselves;
// capacity and availability are theirs alone.
type May struct {
	Reply    Permission `json:"reply"`
	Claim    Permission `json:"claim"`
	Transfer Permission `json:"transfer"`
	Solve    Permission `json:"solve"`
	Close    Permission `json:"close"`
	Reopen   Permission `json:"reopen"`
	Release  Permission `json:"release"`
	Pend     Permission `json:"pend"`
	Snooze   Permission `json:"snooze"`
	Bot      Permission `json:"bot" doc:"Give it to a bot."`
	HandOff  Permission `json:"handoff" doc:"Take it from its bot and have it routed; claim takes it for oneself."`
	Describe Permission `json:"describe" doc:"Change what is noted of it: topic, summary, form, fields, disposition, tags and priority."`
}

// MayOf asks the rules of the verbs.
func MayOf(actor rapport.Actor, s *rapport.Summary) May {
	return May{
		Reply: permission(maySend(actor, s)), Claim: permission(mayClaim(actor, s)),
		Transfer: permission(errors.Join(isActive(s), mayMove(actor, s))), Release: permission(mayRelease(actor, s)),
		Solve: permission(mayBecome(actor, s, rapport.Solved)), Close: permission(mayBecome(actor, s, rapport.Closed)),
		Reopen: permission(mayBecome(actor, s, rapport.Open)), Pend: permission(mayBecome(actor, s, rapport.Pending)),
		Snooze: permission(maySnooze(actor, s)),
		Bot:    permission(mayGiveToBot(actor, s)), HandOff: permission(mayHandOff(actor, s)), Describe: permission(mayDescribe(actor, s)),
	}
}

func permission(err error) Permission {
	if err == nil {
		return Permission{OK: true}
	}
	if e, ok := errors.AsType[*rapport.Error](err); ok {
		return Permission{Why: e.Message}
	}
	return Permission{Why: err.Error()}
}

func isActive(s *rapport.Summary) error {
	if s.State.Active() {
		return nil
	}
	return rapport.Errorf(rapport.Conflict, "not_open", "The conversation is %s; reopen it first.", s.State)
}

func maySend(actor rapport.Actor, s *rapport.Summary) error {
	if s.Internal() {
		return mayConverse(s)
	}
	if err := mayReply(actor, s); err != nil {
		return err
	}
	switch {
	case s.State == rapport.Closed:
		return rapport.Errorf(rapport.Conflict, "closed", "The conversation is closed. When the customer writes again, a new one starts.")
	case s.Assignee != "" && s.Assignee != actor.AgentID && s.State.Active():
		return heldByOther(s)
	}
	return nil
}

func mayClaim(actor rapport.Actor, s *rapport.Summary) error {
	if !s.State.Active() {
		return isActive(s)
	}
	if s.Assignee != "" && s.Transfer == nil {
		if s.Assignee == actor.AgentID {
			return rapport.Errorf(rapport.Conflict, "already_yours", "You already have this conversation.")
		}
		return heldByOther(s)
	}
	if s.Transfer == nil || s.Assignee == actor.AgentID {
		return mayReply(actor, s)
	}
	asked := *s
	asked.QueueID, asked.QueueName = s.Transfer.QueueID, "the queue that it waits for"
	return mayReply(actor, &asked)
}

func mayRelease(actor rapport.Actor, s *rapport.Summary) error {
	switch {
	case s.Assignee == "":
		return rapport.Errorf(rapport.Conflict, "not_assigned", "Nobody has this conversation.")
	case s.State.Active() && s.Transfer != nil:
		return rapport.Errorf(rapport.Conflict, "transfer_waiting", "A transfer is waiting; call it back first.")
	}
	return errors.Join(isActive(s), mayMove(actor, s))
}

func mayBecome(actor rapport.Actor, s *rapport.Summary, to rapport.State) error {
	if s.State == to {
		return rapport.Errorf(rapport.Conflict, "state", "The conversation is %s already.", to)
	}
	if !actor.Supervises() && !began(actor, s) {
		if err := mayReply(actor, s); err != nil {
			return err
		}
		if s.State.Active() && s.Assignee != "" && s.Assignee != actor.AgentID {
			return heldByOther(s)
		}
	}
	if !s.State.MayBecome(to) {
		return rapport.Errorf(rapport.Conflict, "state", "A conversation that is %s cannot become %s.", s.State, to)
	}
	return nil
}
