// Package workflow lets admins say what happens by itself: when something
// happens (a trigger), steps follow.
//
//	draft ── Publish ──► version n ──► runs, each on the version it began with
//	  ▲                      │
//	  └────── Rollback ──────┘
//
//	event of the log ─► running ──► waiting ──► running … ──► done
//	                       │  ▲   a time or an event            failed, stopped
//	                       └──┘ one step, one transaction
//
// The vocabulary (triggers, steps, facts, operators) is data: forms, checks and
// documents are generated from it. Advance is a pure interpreter; Engine does
// what it asks for.
//
// Invariants: a run acts in the transaction that notes it, so that each step
// acts once whatever dies; only webhooks leave the building, at least once, with
// a key by which the receiver knows a repeat. Runs start and wake in the
// transaction that moves the cursor over the event log. A run that goes round in
// circles, takes too many steps, or was set off by itself too often is stopped
// with the reason in its log and in the conversation.
package workflow
