package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"rapport/lib/filelock"
	"rapport/lib/owner"
)

// aloneSuffix is what the name of the file ends with that a server locks.
const aloneSuffix = "-serve"

// Alone keeps other servers from SQLite's file until the function it returns is
// called or the process ends: each would tell its own desks and customers only of
// what it did itself. Other commands may use the file beside a server.
func (c Config) Alone(ctx context.Context, log *slog.Logger) (release func() error, err error) {
	release = func() error { return nil }
	file := c.DatabaseFile()
	if file == "" {
		return release, nil
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the database: %w", err)
	}
	if file, err = filepath.Abs(file); err != nil {
		return nil, err
	}
	if real, err := filepath.EvalSymlinks(file); err == nil { // one file, whatever it is called
		file = real
	}
	const patience = 3 * time.Second // for one that was killed and has not ended yet
	taken, err := filelock.Take(ctx, file+aloneSuffix, patience)
	held, ok := errors.AsType[*filelock.Held](err)
	switch {
	case ok && held.By != 0:
		return nil, fmt.Errorf("another Rapport serves %s already, process %d; stop it first, name another file with --database, or use PostgreSQL for several nodes", file, held.By)
	case ok:
		return nil, fmt.Errorf("another Rapport serves %s already; stop it first, name another file with --database, or use PostgreSQL for several nodes", file)
	case errors.Is(err, filelock.ErrUnsupported):
		log.Warn("nothing keeps a second server from this database; never start one", "error", err)
		return release, nil
	case err != nil:
		return nil, fmt.Errorf("keep other servers from the database: %w; %s", err, owner.Of(file))
	}
	return taken, nil
}
