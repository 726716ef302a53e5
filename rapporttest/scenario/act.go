package scenario

import (
	"slices"
	"strconv"

	"rapport"
	"rapport/conversation"
	"rapport/lib/point"
	"rapport/routing"
	"rapport/store"
)

// person: what an agent or a customer does.
func (w *world) person(words []string) {
	w.t.Helper()
	if words[1] == "writes" {
		w.writes(words[0], words[2:])
		return
	}
	name, verb, rest := words[0], words[1], words[2:]
	with := func(do func(*store.Tx, rapport.Actor, rapport.ConversationID) error) {
		w.t.Helper()
		id := w.conversation(rest[0])
		w.try(func(tx *store.Tx) error {
			actor, err := w.actor(tx, name)
			if err != nil {
				return err
			}
			return do(tx, actor, id)
		})
	}
	state := func(to rapport.State) {
		with(func(tx *store.Tx, a rapport.Actor, id rapport.ConversationID) error {
			_, err := conversation.SetState(tx, a, id, to)
			return err
		})
	}
	anyway := slices.Contains(rest, "anyway")
	switch verb {
	case "is":
		w.is(name, rest[0])
	case "touches": // a key or the mouse
		w.must(func(tx *store.Tx) error { return routing.Active(tx, []rapport.AgentID{w.agent0(name)}) })
	case "connects":
		w.must(func(tx *store.Tx) error { return routing.Arrive(tx, w.agent0(name)) })
	case "signs":
		w.must(func(tx *store.Tx) error {
			if rest[0] == "out" {
				return routing.SignOut(tx, w.agent0(name))
			}
			if err := routing.SignIn(tx, w.agent0(name)); err != nil {
				return err
			}
			return routing.Arrive(tx, w.agent0(name))
		})
	case "joins":
		id := w.agent(name)
		w.must(func(tx *store.Tx) error {
			return routing.SaveMember(tx, rapport.Member{QueueID: w.queue(rest[0]), AgentID: id, CanReply: true})
		})
	case "leaves":
		w.must(func(tx *store.Tx) error { return routing.RemoveMember(tx, w.queue(rest[0]), w.agent0(name)) })
	case "answers":
		with(func(tx *store.Tx, a rapport.Actor, id rapport.ConversationID) error {
			_, _, err := conversation.Reply(tx, a, id, conversation.Writing{Body: "An answer."})
			return err
		})
	case "notes":
		with(func(tx *store.Tx, a rapport.Actor, id rapport.ConversationID) error {
			_, _, err := conversation.Note(tx, a, id, conversation.Writing{Body: "A note."})
			return err
		})
	case "claims":
		with(func(tx *store.Tx, a rapport.Actor, id rapport.ConversationID) error {
			_, err := conversation.Claim(tx, a, id, anyway)
			return err
		})
	case "transfers":
		with(func(tx *store.Tx, a rapport.Actor, id rapport.ConversationID) error {
			to := conversation.To{Reason: "because", Override: anyway}
			if q, ok := option(rest, "queue"); ok {
				to.QueueID = w.queue(q)
			} else {
				target, _ := option(rest, "to")
				to.AgentID = w.agent0(target)
			}
			_, err := conversation.Transfer(tx, a, id, to)
			return err
		})
	case "calls-back":
		with(func(tx *store.Tx, a rapport.Actor, id rapport.ConversationID) error {
			_, err := conversation.CancelTransfer(tx, a, id)
			return err
		})
	case "releases":
		with(func(tx *store.Tx, a rapport.Actor, id rapport.ConversationID) error {
			_, err := conversation.Release(tx, a, id, "")
			return err
		})
	case "prioritises":
		with(func(tx *store.Tx, a rapport.Actor, id rapport.ConversationID) error {
			_, err := conversation.SetPriority(tx, a, id, rapport.Priority(rest[1]))
			return err
		})
	case "wants-anyone":
		w.must(func(tx *store.Tx) error { return conversation.Anyone(tx, w.conversation(name)) })
	case "says": // a bot, or the system for one of its own
		w.must(func(tx *store.Tx) error {
			v := conversation.Voice{By: rapport.ByBot, ID: string(w.bots[name]), Name: name}
			if w.bots[name] == "" {
				v = conversation.Voice{By: rapport.BySystem, Name: name}
			}
			_, err := conversation.Say(tx, w.conversation(rest[0]), v, "Something that no human wrote.", nil)
			return err
		})
	case "gives": // ana gives mia to the bot bea
		with(func(tx *store.Tx, a rapport.Actor, id rapport.ConversationID) error {
			bot, _ := option(rest, "to")
			_, err := conversation.GiveToBot(tx, a, id, w.bots[bot])
			return err
		})
	case "hands-off":
		w.handsOff(name, rest)
	case "snoozes": // ana snoozes mia 2 hours
		with(func(tx *store.Tx, a rapport.Actor, id rapport.ConversationID) error {
			_, err := conversation.Snooze(tx, a, id, tx.Now().Add(w.length(rest[1:])))
			return err
		})
	case "pends":
		state(rapport.Pending)
	case "solves":
		state(rapport.Solved)
	case "closes":
		state(rapport.Closed)
	case "reopens":
		state(rapport.Open)
	default:
		w.fail("what does %q mean?", verb)
	}
}

// handsOff: bea hands-off mia [queue sales | to ana | last-agent], said by the
// bot or by an agent who takes it from the bot.
func (w *world) handsOff(name string, words []string) {
	w.t.Helper()
	h := rapport.Handoff{Reason: "because", LastAgent: slices.Contains(words, "last-agent")}
	if q, ok := option(words, "queue"); ok {
		h.QueueID = w.queue(q)
	}
	if a, ok := option(words, "to"); ok {
		h.AgentID = w.agent0(a)
	}
	id := w.conversation(words[0])
	w.try(func(tx *store.Tx) error {
		actor := rapport.Actor{Kind: rapport.ActorBot, BotID: w.bots[name], Name: name}
		if actor.BotID == "" {
			var err error
			if actor, err = w.actor(tx, name); err != nil {
				return err
			}
		}
		_, err := conversation.HandOff(tx, actor, id, h)
		return err
	})
}

func (w *world) is(name, what string) {
	w.t.Helper()
	id := w.agent0(name)
	switch what {
	case "disabled", "enabled":
		w.must(func(tx *store.Tx) error {
			a, err := tx.Agent(id)
			if err != nil {
				return err
			}
			a.Enabled = what == "enabled"
			_, err = routing.SaveAgent(tx, a)
			return err
		})
	case "deleted":
		w.must(func(tx *store.Tx) error { return routing.DeleteAgent(tx, id) })
	default:
		c := rapport.Choice{Status: rapport.Status(what), Custom: w.statuses[what]}
		w.must(func(tx *store.Tx) error {
			_, err := routing.Choose(tx, id, c)
			return err
		})
	}
}

// writes: mia writes [inbox NAME] [agent ana] [queue billing [prefer-last-agent]] [id EXTERNAL] [priority high] [also ADDRESS]
func (w *world) writes(customer string, words []string) {
	w.t.Helper()
	in := conversation.Inbound{Points: []rapport.Point{w.point(customer)}, Name: customer, Body: "A question."}
	inbox, ok := option(words, "inbox")
	if !ok {
		inbox = "web"
	}
	if in.InboxID, ok = w.inboxes[inbox]; !ok {
		w.fail("nobody introduced the inbox %s", inbox)
	}
	if a, ok := option(words, "agent"); ok {
		in.Wish.AgentID = w.agent0(a)
	}
	if q, ok := option(words, "queue"); ok {
		in.Wish.QueueID = w.queue(q)
	}
	if p, ok := option(words, "priority"); ok {
		in.Priority = rapport.Priority(p)
	}
	if also, ok := option(words, "also"); ok {
		p, err := point.Parse("", also, "")
		if err != nil {
			w.fail("%v", err)
		}
		in.Points, in.Known = append(in.Points, p), true
	}
	in.Wish.PreferLastAgent = slices.Contains(words, "prefer-last-agent")
	w.messageNo++
	in.ExternalID = "message-" + strconv.Itoa(w.messageNo)
	if id, ok := option(words, "id"); ok {
		in.ExternalID = id
	}
	w.try(func(tx *store.Tx) error {
		got, err := conversation.Receive(tx, in)
		if err == nil {
			w.latest[customer] = got.Conversation.ID
		}
		return err
	})
}
