// Package pg runs a private PostgreSQL from the binaries of this machine, for
// tests and for measurements.
//
// The server listens on a Unix socket in its own directory and nowhere else.
// A root process runs it as the user postgres (nobody where there is none),
// since PostgreSQL refuses to run as root. A guard process holds the other end
// of a pipe: when the process that started the server ends, however it ends,
// the guard stops the server and removes a temporary directory.
//
//	test process ──pipe──► guard (sh) ──parent of──► postgres
//	     │                   │ end of pipe: signal, wait, rm
//	     └──── socket ───────┴────────────────────────► data
//
// Tests call [URL], which gives each caller an empty database, or [Copy], which
// copies one that was filled once. All tests of a
// process share one server. All processes share one if the environment
// variable RAPPORT_TEST_POSTGRES names it, as `make test` does.
package pg
