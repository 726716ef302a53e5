// Package push brings what happens to the people who may see it, at once: to
// agents over a WebSocket. The channels of customers follow the log themselves
// (gateway) and learn from here who types.
//
//	event log ──Tail──► Hub ──► topics ─────────────────────► desks (agents' sockets)
//	                            everything · queue · agent
//
// One goroutine follows the log and looks up the topics of each event, so that
// an event costs only those who may see it; it is encoded once for all of them.
// A desk has one goroutine that reads; one that writes exists only while
// something is to be written. Frames that do not concern a desk at once are held
// back for up to Config.Calm when others were written just before; see calm.go.
//
// Promises about events: a desk that resumes after number N gets every event it
// may see with a higher number, once, in order. What it missed comes from the
// log; the hand-over to live happens under the hub's lock at a position that
// both agree on. A desk for which that is not possible, because the log does
// not reach back so far, too much happened, or the agent's role or queues have
// changed, gets "reset" and fetches everything anew. When a conversation leaves
// an agent's sight they get "gone" instead of the event.
//
// What is held back when a desk resumes or its socket ends comes from the log.
//
// Loss: a desk that does not read is dropped with CloseSlow once mostQueued
// frames wait, and resumes by number. Typing and viewing are not events: they
// never touch the database, may get lost, and reach the sockets of the same
// process only.
//
// What an agent may see is read anew whenever an event says that it changed,
// and the session behind a desk is checked with each of its pings.
package push
