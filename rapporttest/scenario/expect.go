package scenario

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"rapport"
	"rapport/lib/saying"
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
		switch words[0] {
		case "notified": // > notified ana lost 1
			w.notified(tx, words[1:])
			return nil
		case "status": // > status ana available idle
			a, err := tx.Agent(w.agent0(words[1]))
			if is := strings.TrimSpace(string(a.Availability()) + " " + string(a.Sub)); err == nil && is != strings.Join(words[2:], " ") {
				w.fail("%s is %s", a.Name, is)
			}
			return err
		case "was": // > was ana 2 hours available idle
			w.was(tx, words[1:])
			return nil
		}
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
		if slices.Contains(rest, "by-hand") != s.Waiting.ByHand {
			w.fail("that it waits for somebody's hand is %v", s.Waiting.ByHand)
		}
		if a, ok := option(rest, "for"); ok {
			same(string(s.Waiting.AgentID), string(w.agent0(a)))
		}
	case "timer": // > mia timer reply 15 minutes, > mia timer none
		w.timer(s.Timer, rest)
	case "hops":
		same(strconv.Itoa(s.Hops), rest[0])
	case "ended":
		same(string(s.EndedBy), rest[0])
	case "with-bot":
		same(s.BotName, rest[0])
	case "said", "said-times": // a message of ours that no agent wrote: > mia said "text", > mia said-times 2 "text"
		items, err := tx.Items(s.ID, 0, 0, 1000)
		if err != nil {
			w.fail("%v", err)
		}
		n := 0
		for _, i := range items {
			if i.Kind == rapport.ItemMessage && (i.By == rapport.BySystem || i.By == rapport.ByBot) && strings.Contains(i.Body, rest[len(rest)-1]) {
				n++
			}
		}
		if what == "said-times" {
			same(strconv.Itoa(n), rest[0])
		} else if n == 0 {
			w.fail("nobody said so")
		}
	case "told-times":
		items, err := tx.Items(s.ID, 0, 0, 1000)
		if err != nil {
			w.fail("%v", err)
		}
		n := 0
		for _, i := range items {
			if i.Kind == rapport.ItemEvent && strings.Contains(i.Body, rest[1]) {
				n++
			}
		}
		same(strconv.Itoa(n), rest[0])
	case "because":
		same(s.Why.Sentence, rest[0])
	case "waits-for":
		same(decisions[0].WaitsFor, rest[0])
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
			if s.State == rapport.Open && s.Assignee == "" && s.BotID == "" && (s.Waiting == nil || s.Waiting.Reason == "" || s.Waiting.WaitsFor == "") { // invariant 4
				w.fail("a conversation is open, nobody has it, and it does not wait")
			}
			decisions, err := tx.Decisions(id)
			if err != nil {
				return err
			}
			items, err := tx.Items(id, 0, 0, 1000)
			if err != nil {
				return err
			}
			w.spoken(items, decisions)
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
		for name := range w.agents {
			list, err := tx.Notifications(w.agent0(name), 1000)
			if err != nil {
				return err
			}
			for _, n := range list {
				w.german(n.Text)
			}
		}
		return nil
	})
	if err != nil {
		w.fail("%v", err)
	}
}

// spoken: an agent who reads German understands what happened and why.
func (w *world) spoken(items []rapport.Item, decisions []rapport.Decision) {
	w.t.Helper()
	for _, i := range items {
		if i.Kind == rapport.ItemEvent {
			w.german(i.Body)
		}
	}
	for _, d := range decisions {
		w.german(d.Sentence)
		w.german(d.WaitsFor)
		for _, c := range d.Candidates {
			w.german(c.Reason)
		}
	}
}

func (w *world) german(sentence string) {
	w.t.Helper()
	if sentence == "" || w.said[sentence] {
		return
	}
	w.said[sentence] = true
	if !saying.Knows("de", sentence) {
		w.fail("there is no German for %q; it would be %q", sentence, saying.In("de", sentence))
	}
}

// timer: none, or a kind and in how long it is due.
func (w *world) timer(have *rapport.Timer, want []string) {
	w.t.Helper()
	switch {
	case have == nil && want[0] == "none":
	case have == nil:
		w.fail("no timer is armed")
	case string(have.Kind) != want[0]:
		w.fail("the timer is %s in %s", have.Kind, have.At.Sub(w.now))
	case len(want) > 1:
		// Each line of a story takes a second.
		if d := have.At.Sub(w.now) - w.length(want[1:]); d < -10*time.Second || d > 0 {
			w.fail("it is due in %s", have.At.Sub(w.now))
		}
	}
}

// notified counts what an agent was told of: > notified ana lost 1
func (w *world) notified(tx *store.Tx, words []string) {
	w.t.Helper()
	list, err := tx.Notifications(w.agent0(words[0]), 1000)
	if err != nil {
		w.fail("%v", err)
	}
	n := 0
	for _, v := range list {
		if string(v.Kind) == words[1] {
			n++
		}
	}
	if strconv.Itoa(n) != words[2] {
		w.fail("there are %d: %+v", n, list)
	}
}

// was adds up what an agent was since the story began, to the minute.
func (w *world) was(tx *store.Tx, words []string) {
	w.t.Helper()
	begin := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	changes, err := tx.StatusChanges(w.agent0(words[0]), begin, w.now, 1000)
	if err != nil {
		w.fail("%v", err)
	}
	totals := rapport.Totals(changes, begin, w.now)
	for _, t := range totals {
		if is := strings.TrimSpace(string(t.Availability) + " " + string(t.Sub) + " " + t.CustomName); strings.Join(strings.Fields(is), " ") == strings.Join(words[3:], " ") {
			if d := time.Duration(t.Seconds)*time.Second - w.length(words[1:3]); d.Abs() < time.Minute {
				return
			}
		}
	}
	w.fail("it was %+v", totals)
}
