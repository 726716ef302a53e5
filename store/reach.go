package store

import (
	"context"
	"database/sql"
	"net"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"rapport"
)

// unheard is how long PostgreSQL's machine may be silent, to what was sent or to a
// probe, before a connection counts as broken. A machine or a network that goes away
// without a word would keep everybody waiting for a quarter of an hour otherwise.
// What runs long is not affected: the machine acknowledges what it was sent.
const unheard = 20 * time.Second

// reach is how to connect to PostgreSQL.
func reach(source string) (*pgx.ConnConfig, error) {
	c, err := pgx.ParseConfig(source)
	if err != nil {
		return nil, err
	}
	patience := unheard // to connect, unless the address says connect_timeout
	if c.ConnectTimeout > 0 {
		patience = c.ConnectTimeout
	}
	c.DialFunc = (&net.Dialer{
		Timeout:         patience,
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: unheard / 2, Interval: unheard / 4, Count: 2},
		Control:         giveUpAfter(unheard),
	}).DialContext
	return c, nil
}

// openPool is sql.Open for a source of either database.
func (d *dialect) openPool(source string) (*sql.DB, error) {
	if d.name != postgresDialect.name {
		return sql.Open(d.driver, source)
	}
	c, err := reach(source)
	if err != nil {
		return nil, err
	}
	return stdlib.OpenDB(*c), nil
}

// dial connects to PostgreSQL apart from the pools.
func (db *DB) dial(ctx context.Context) (*pgx.Conn, error) {
	c, err := reach(db.sources.writer)
	if err != nil {
		return nil, err
	}
	return pgx.ConnectConfig(ctx, c)
}

// WhenThere runs fn, and once more each second while the database cannot be reached;
// tell hears of each time. When ctx ends it returns the last error.
func WhenThere(ctx context.Context, fn func() error, tell func(error)) error {
	for {
		err := fn()
		if err == nil || ctx.Err() != nil || rapport.KindOf(err) != rapport.Unavailable {
			return err
		}
		tell(err)
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
		}
	}
}
