package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"rapport/app"
	"rapport/bench"
	"rapport/rapporttest/pg"
)

type benchmark struct {
	Postgres bool     `help:"Start a PostgreSQL server of our own for the measurement, and measure on it too."`
	Quick    bool     `help:"Measure within a minute or two, with a shorter past."`
	JSON     bool     `name:"json" help:"Print one JSON object instead of the table."`
	Only     []string `placeholder:"PART" help:"Measure these parts only: inbound, event, growth, connection, fanout, coldstart, idle, timers, search."`
	Messages int      `placeholder:"N" help:"How many messages search looks through; 1,000,000 when left out, 50,000 with --quick."`
	Against  string   `placeholder:"PROGRAM" type:"existingfile" help:"Have this program and another build of it take messages in by turns on SQLite, and measure nothing else."`
	Keep     string   `placeholder:"DIR" type:"path" help:"Keep the SQLite messages of search in this folder and look through them again next time."`
}

// Run measures how fast this program is on this machine. --database names a
// PostgreSQL server; a schema of its own is made there and dropped again.
func (b benchmark) Run(ctx context.Context, c *app.Config) (err error) {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	o := bench.Options{Program: program, Quick: b.Quick, Only: b.Only, Messages: b.Messages, Keep: b.Keep, Against: b.Against, Tell: func(doing string) { fmt.Fprintln(os.Stderr, "…", doing) }}
	switch {
	case b.Postgres:
		server, err := pg.Start(ctx, "", pg.Options{Settings: map[string]string{"shared_buffers": "2GB", "max_wal_size": "8GB", "checkpoint_timeout": "15min"}})
		if err != nil {
			return err
		}
		defer server.Stop()
		if o.Postgres, err = server.Create(ctx, "bench"); err != nil {
			return err
		}
	case c.Database != "":
		url, drop, err := pg.Schema(ctx, c.Database)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, drop()) }()
		o.Postgres = url
	}
	report, err := bench.Run(ctx, o)
	if err != nil {
		return err
	}
	if b.JSON {
		return json.NewEncoder(os.Stdout).Encode(report)
	}
	return report.Table(os.Stdout)
}
