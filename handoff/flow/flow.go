// Package flow is the bot that is a workflow: giving it a conversation starts
// the workflow, which asks, answers and hands off.
//
// Nothing is asked of it: the workflow engine follows the event log and sees
// that a conversation was given to a bot of this kind (its bot_id is set).
package flow

import "rapport/handoff"

// Kind names this kind of bot.
const Kind = "flow"

func init() {
	handoff.Register(handoff.Info{
		Kind: Kind,
		Name: "Flow",
		Help: "One of your workflows asks, answers and offers buttons. When it is missing or switched off, or fails, humans take over.",
		Options: []handoff.Option{
			{Name: handoff.WorkflowOption, Type: "workflow", Label: "Workflow", Help: "The workflow that speaks for this bot. It starts when the bot gets a conversation.", Required: true},
		},
	}, func(s handoff.Setup) (handoff.Bot, error) { return struct{}{}, nil })
}
