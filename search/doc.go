// Package search finds conversations, messages and customers (S3-29 to S3-32).
//
//	rules ─► event log ─► Indexer ─► terms of messages, conversations, customers
//	                        ▲ │                         │
//	   what was there before│ └ search_todo: Reindex    └─► Find ─► what the agent may see
//
// The index follows the log by a cursor and is written in transactions of its
// own, so that taking in a message costs nothing. It may lag, and is never
// wrong for that: what Find returns is read from the conversations themselves,
// and whoever may not see one is filtered by the same rule as in lists. The terms
// of a document also say who may see it; so a common word costs an agent of one
// small queue no more than a supervisor.
//
// The index holds no text. It can be dropped and is made again.
package search
