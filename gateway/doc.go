// Package gateway runs the configured inboxes: it is the only bridge between
// channel adapters and the rules.
//
//	/in/{inbox}/… ─► Serve ─► adapter ─► Host ─► conversation.Receive, Report
//	                            ▲  └───► Visitors: threads of those who pull
//	job "deliver" ─► Send ──────┘
//	event log ─► Run: adapters follow changed inboxes; bells of visitors ring
//
// An adapter lives as long as its inbox's name, options and secrets stay the
// same, on every node; a change opens a new one and closes the old. An inbox
// that cannot be opened says so in the log and to its callers, and does not
// disturb the others.
//
// Promises: a message is acknowledged after the commit that stored it; a reply
// is handed to its adapter at least once and in the order of the thread, and
// every outcome ends up as the reply's delivery. What a visitor watches never
// gets lost: a bell only says "look", the log is what is read.
package gateway
