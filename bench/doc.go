// Package bench measures how fast Rapport is on the machine it runs on, with
// the workload that the targets are set for: a message comes in and is deduped,
// finds its customer, conversation and own agent among a million past
// conversations, is assigned exclusively to one of a thousand agents in fifty
// queues, and is on disk with its event before the sender hears so.
//
//	this process: load generator, sockets ── loopback HTTP ──► child: rapport serve
//	                                                               │
//	                                      made-up history ──► temporary SQLite file, or a PostgreSQL schema
//
// The server is the program itself, started as a child, so that its memory and
// CPU are its own. The growth of the time per assignment alone is measured in
// this process, on the store without HTTP. Whatever was acknowledged is looked
// up in the database afterwards: a figure with a lost or doubled message, or
// one without an agent, is an error and not a figure.
package bench
