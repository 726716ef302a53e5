package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"
	"text/tabwriter"
	"time"

	"rapport"
	"rapport/app"
	"rapport/routing"
	"rapport/store"
)

type trace struct {
	Conversation string `arg:"" help:"Id of the conversation, as in the address of the desk."`
}

// Run prints every decision about a conversation, the oldest first.
func (t trace) Run(ctx context.Context, c *app.Config) error {
	db, err := existing(ctx, *c)
	if err != nil {
		return err
	}
	defer db.Close()
	var s rapport.Summary
	var decisions []rapport.Decision
	queues := map[rapport.QueueID]string{}
	err = db.View(ctx, func(tx *store.Tx) error {
		if s, err = tx.Summary(rapport.ConversationID(t.Conversation)); err != nil {
			return err
		}
		config, err := tx.Configuration()
		if err != nil {
			return err
		}
		for id, q := range config.Queues {
			queues[id] = q.Name
		}
		decisions, err = tx.Decisions(s.ID)
		return err
	})
	if err != nil {
		return err
	}
	return tell(os.Stdout, &s, decisions, queues)
}

// tell writes a trace that a supervisor can read. It fails when a decision does
// not replay to the same answer.
func tell(w io.Writer, s *rapport.Summary, decisions []rapport.Decision, queues map[rapport.QueueID]string) error {
	holder := "nobody has it"
	if s.Assignee != "" {
		holder = s.AssigneeName + " has it"
	}
	fmt.Fprintf(w, "%s · %s · %s · %s · %s\n", s.ContactName, s.InboxName, s.QueueName, s.State, holder)
	if s.Waiting != nil {
		fmt.Fprintf(w, "Waits since %s for %s.\nWhy: %s.\n", moment(s.Waiting.Since), s.Waiting.WaitsFor, s.Waiting.Reason)
	}
	wrong := 0
	for i := len(decisions) - 1; i >= 0; i-- {
		d := &decisions[i]
		fmt.Fprintf(w, "\n%d. %s, because of: %s\n   %s\n", len(decisions)-i, moment(d.At), strings.ReplaceAll(d.Trigger, "_", " "), d.Sentence)
		fmt.Fprintf(w, "   Rung %s, queue %s, policy %s", strings.ReplaceAll(string(d.Rung), "_", " "), nameOr(queues[d.QueueID], "none"), d.Policy)
		if d.Override {
			fmt.Fprint(w, ", on purpose although not eligible")
		}
		fmt.Fprintln(w)
		if d.WaitsFor != "" {
			fmt.Fprintf(w, "   Waits for %s.\n", d.WaitsFor)
		}
		table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		for _, c := range d.Candidates {
			fmt.Fprintf(table, "   %s\t%s\t%s\t%s\n", c.Name, strings.ReplaceAll(string(c.Rung), "_", " "), strings.ReplaceAll(string(c.Verdict), "_", " "), c.Reason)
		}
		if err := table.Flush(); err != nil {
			return err
		}
		verdict, ok := replayed(*d)
		fmt.Fprintf(w, "   %s\n", verdict)
		if !ok {
			wrong++
		}
	}
	if wrong > 0 {
		return fmt.Errorf("%d decisions do not replay to the same answer", wrong)
	}
	return nil
}

// replayed decides again from what the decision saw.
func replayed(d rapport.Decision) (string, bool) {
	if d.Rung == rapport.RungManual {
		return "A person decided.", true
	}
	again, err := routing.Replay(d)
	switch {
	case err != nil:
		return "Replay: " + err.Error(), false
	case again.AgentID != d.AgentID || again.Rung != d.Rung || again.QueueID != d.QueueID || again.Sentence != d.Sentence || !reflect.DeepEqual(again.Candidates, d.Candidates):
		return "Replay: now the rules say: " + again.Sentence, false
	}
	return "Replay: the same answer.", true
}

func moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05.000 UTC") }

func nameOr(name, other string) string {
	if name == "" {
		return other
	}
	return name
}
