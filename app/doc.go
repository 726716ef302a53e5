// Package app turns a configuration into a running program, as a value that a
// test can start as well as main.
//
//	New ─► database, migrations, first set-up ─► Run ─► listener ─► Ready
//	                                              │
//	     hub · jobs · sweeps · HTTP  ◄────────────┘  each a goroutine that Run waits for
//
// Ending the context of Run drains: the listener closes, sockets are told to
// reconnect elsewhere, requests and jobs under way get Config.Grace to finish.
// Ending it with the cause ErrStopNow cuts them off; everything acknowledged is on
// disk either way, and jobs run again after the next start.
package app
