package store

// Queued returns how many functions wait for the writer.
func (db *DB) Queued() int { return len(db.requests) }
