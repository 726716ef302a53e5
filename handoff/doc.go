// Package handoff is the contract between Rapport and software that can hold a
// conversation: bots.
//
// A bot is asked for a turn when the customer wrote, and answers with messages
// and actions; one of these hands the conversation to humans.
//
//	conversation.Receive ─► job ─► gateway ─► Bot.Turn ─► Answer
//	                                  │                      │
//	     humans ◄── conversation.HandOff ◄── too slow, down, nonsense, or its own wish
//
// Turns of one conversation come one at a time and in order. A turn whose
// outcome is not known is asked again with the same id and the same messages,
// and its answer is taken once. Whoever took the conversation meanwhile is not
// answered over.
//
// An adapter registers itself in init; the only list of adapters is package
// all. handofftest is the suite that each of them passes.
package handoff
