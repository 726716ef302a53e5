// Package store is the database: one SQL text for SQLite and PostgreSQL.
//
// Everything that changes goes through DB.Update. There is one writer at a
// time, in one process by a goroutine, across nodes by a lock on the row of
// the table head (ADR 0001). The writer runs up to maxBatch functions that wait
// or come meanwhile in one transaction and commits them together:
//
//	Update(fn) ─┐
//	Update(fn) ─┼─► queue ─► begin · lock head · fn fn fn… · events · commit ─► answers
//	Update(fn) ─┘
//
// When one of them fails after it wrote, all is rolled back and the batch runs
// again, now each function in a savepoint of its own:
//
//	begin · lock head · [savepoint fn release]… · events · commit ─► answers
//
// Invariants: a function that fails leaves nothing behind and does not touch
// its neighbours; a caller hears "done" only after the commit is on disk;
// events get gapless numbers in the order of commits.
//
// On failure of the commit itself every function of the batch gets the error
// and nothing of it happened, except when the connection broke while the
// commit was under way or the disk did not keep it: then the error is of kind
// Unavailable and the caller must ask again (all inbound work is idempotent).
//
// On SQLite the writer begins the next commit while the keeper waits for the
// disk, which then gives the answers (ADR 0013).
//
// Files are named for the noun whose SQL they hold. dialect.go says how the two
// databases differ, session.go and lite.go how each is spoken to.
package store
