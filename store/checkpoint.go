package store

import (
	"context"
	"sync/atomic"
)

// mover moves pages from SQLite's log to the database file beside the writer
// (a checkpoint), which otherwise would wait for the disk within its commits.
//
// While the writer writes there is always something left to move, and the log
// only begins anew when there is nothing. So pages are moved until few are left,
// and those are left to the writer, between two commits.
type mover struct {
	db     *DB
	moving chan struct{} // closed when it is done; nil while nothing is being moved
	length int64         // of the log when its pages are moved, if nobody reads what was before
	due    int64         // of the log when that is tried next
	tries  int           // how often the writer still tries to move the last ones
	last   int64         // pages in the log before the last commit

	logged atomic.Int64 // pages in the log after the last commit
}

const (
	logLength  = 8000 // mover.length, but for tests
	logLeft    = 400  // so few that the writer moves them
	mostPasses = 5
	mostTries  = 10 // of the writer, while somebody reads what was before
)

// after looks at the log after a commit of the writer, whose connection is l.
func (m *mover) after(l *lite) {
	pages := l.log.length()
	m.logged.Store(pages)
	if m.moving != nil {
		select {
		case <-m.moving:
			m.moving, m.tries = nil, mostTries
		default:
			return
		}
	}
	anew := pages < m.last
	m.last = pages
	switch {
	case anew:
		m.tries, m.due = 0, m.length
	case m.tries > 0:
		m.tries--
		m.due = pages + m.length/8
		// It syncs the log as well, and the system tells of a failure only once.
		if m.db.keeper.seen(context.Background()) != nil {
			return
		}
		if _, err := l.checkpoint(); err != nil {
			m.db.log.Warn("the end of the database's log could not be moved into its file", "error", err)
		}
	case pages >= m.due:
		m.start()
	}
}

// start moves pages beside the writer.
func (m *mover) start() {
	moving := make(chan struct{})
	m.moving = moving
	m.db.running.Go(func() {
		defer close(moving)
		if err := m.move(context.Background()); err != nil {
			m.db.log.Warn("the log of the database could not be moved into its file", "error", err)
		}
	})
}

// move moves pages until few are left.
func (m *mover) move(ctx context.Context) error {
	l, err := openLite(ctx, m.db.sources.reader)
	if err != nil {
		return err
	}
	defer l.close()
	last := 0
	for range mostPasses {
		moved, err := l.checkpoint()
		if err != nil {
			return err
		}
		// SQLite has only waited for the disk when nothing came meanwhile.
		if err := l.sync(); err != nil {
			return err
		}
		if moved == last || m.logged.Load()-int64(moved) <= logLeft {
			return nil
		}
		last = moved
	}
	return nil
}
