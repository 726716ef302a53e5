package scenario

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rapport"
	"rapport/routing"
	"rapport/store"
)

// expect: what must be true after the last action.
func (w *world) expect(words []string) {
	w.t.Helper()
	if words[0] == "refused" {
		err := w.refused
		w.refused = nil
		if rapport.CodeOf(err) != words[1] {
			w.fail("it was answered %v (%s)", err, rapport.CodeOf(err))
		}
		for _, part := range words[2:] {
			if !strings.Contains(err.Error(), part) {
				w.fail("the refusal does not say %q: %v", part, err)
			}
		}
		return
	}
	w.unexpected()
	err := w.db.View(w.t.Context(), func(tx *store.Tx) error {
		if words[0] == "load" {
			a, err := tx.Agent(w.agent0(words[1]))
			if err == nil && strconv.Itoa(a.Load) != words[2] {
				w.fail("the load of %s is %d", a.Name, a.Load)
			}
			return err
		}
		s, err := tx.Summary(w.conversation(words[0]))
		if err != nil {
			return err
		}
		w.expectOf(tx, s, words[1], words[2:])
		return nil
	})
	if err != nil {
		w.fail("%v", err)
	}
}

func (w *world) expectOf(tx *store.Tx, s rapport.Summary, what string, rest []string) {
	w.t.Helper()
	decisions, err := tx.Decisions(s.ID)
	if err != nil {
		w.fail("%v", err)
	}
	same := func(have, want string) {
		w.t.Helper()
		if have != want {
			w.fail("it is %q", have)
		}
	}
	switch what {
	case "has":
		if s.AssigneeName != rest[0] {
			why := ""
			if s.Waiting != nil {
				why = "; it waits: " + s.Waiting.Reason
			}
			w.fail("it is with %q%s", s.AssigneeName, why)
		}
	case "waits":
		if s.Waiting == nil {
			w.fail("it does not wait; it is with %q", s.AssigneeName)
		}
		if q, ok := option(rest, "in"); ok {
			waits := s.QueueID
			if s.Transfer != nil {
				waits = s.Transfer.QueueID
			}
			same(string(waits), string(w.queue(q)))
		}
		if a, ok := option(rest, "for"); ok {
			same(string(s.Waiting.AgentID), string(w.agent0(a)))
		}
	case "because":
		same(s.Why.Sentence, rest[0])
	case "rung":
		same(string(s.Why.Rung), rest[0])
	case "state":
		same(string(s.State), rest[0])
	case "queue":
		same(s.QueueName, rest[0])
	case "override":
		same(strconv.FormatBool(decisions[0].Override), rest[0])
	case "candidate": // > mia candidate ana not_available
		var verdicts []string
		for _, c := range decisions[0].Candidates {
			if c.Name == rest[0] {
				verdicts = append(verdicts, string(c.Verdict))
			}
		}
		if !slices.Contains(verdicts, rest[1]) {
			w.fail("the verdicts on %s are %v", rest[0], verdicts)
		}
	case "messages":
		items, err := tx.Items(s.ID, 0, 0, 1000)
		if err != nil {
			w.fail("%v", err)
		}
		n := 0
		for _, i := range items {
			if i.Kind == rapport.ItemMessage {
				n++
			}
		}
		same(strconv.Itoa(n), rest[0])
	case "follows":
		same(strconv.FormatBool(s.Follows != ""), rest[0])
	case "told": // an event line of the thread has this text
		items, err := tx.Items(s.ID, 0, 0, 1000)
		if err != nil {
			w.fail("%v", err)
		}
		if !slices.ContainsFunc(items, func(i rapport.Item) bool { return i.Kind == rapport.ItemEvent && strings.Contains(i.Body, rest[0]) }) {
			w.fail("no line of the thread says so")
		}
	case "same-conversation-as":
		same(string(s.ID), string(w.latest[rest[0]]))
	default:
		w.fail("what does %q expect?", what)
	}
}

// invariants hold after every line of every scenario.
func (w *world) invariants() {
	w.t.Helper()
	err := w.db.View(w.t.Context(), func(tx *store.Tx) error {
		wrong, err := tx.CheckLoads()
		if err != nil {
			return err
		}
		if len(wrong) > 0 { // invariant 2
			w.fail("the loads of %v are not what they hold", wrong)
		}
		for _, id := range w.latest {
			s, err := tx.Summary(id)
			if err != nil {
				return err
			}
			if s.State == rapport.Open && s.Assignee == "" && (s.Waiting == nil || s.Waiting.Reason == "" || s.Waiting.WaitsFor == "") { // invariant 4
				w.fail("a conversation is open, nobody has it, and it does not wait")
			}
			decisions, err := tx.Decisions(id)
			if err != nil {
				return err
			}
			for _, d := range decisions { // invariant 6
				if d.Rung == rapport.RungManual {
					continue
				}
				again, err := routing.Replay(d)
				if err != nil {
					return err
				}
				if fmt.Sprint(again) != fmt.Sprint(d) {
					w.fail("a decision replays differently:\n%+v\n%+v", d, again)
				}
			}
		}
		return nil
	})
	if err != nil {
		w.fail("%v", err)
	}
}
