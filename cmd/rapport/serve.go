package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"

	"github.com/alecthomas/kong"

	"rapport/api"
	"rapport/app"
)

type serve struct{}

// Run starts the server and, on a fresh database, says where to set it up.
func (serve) Run(ctx context.Context, c *app.Config, parser *kong.Kong) (err error) {
	log := c.Logger(os.Stderr)
	warnOfUnknown(log, parser, os.Environ())
	if err := c.Validate(); err != nil {
		return err
	}
	release, err := c.Alone(ctx, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	a, err := app.New(ctx, *c, log)
	if err != nil {
		return err
	}
	setup, err := a.SetupURL(ctx)
	if err != nil {
		a.Close()
		return err
	}
	if setup != "" {
		log.Info("nobody has set up this Rapport yet; open this address once", "setup", setup)
	}
	return a.Run(ctx)
}

type migrate struct{}

// Run brings the database to the newest version.
func (migrate) Run(ctx context.Context, c *app.Config) error {
	db, err := c.Open(ctx, c.Logger(os.Stderr))
	if err != nil {
		return err
	}
	defer db.Close()
	before, want, err := db.Version(ctx)
	if err != nil {
		return err
	}
	if before == want {
		fmt.Printf("The database is at version %d already, which is the newest. %s\n", want, whichDatabase(*c, before))
		return nil
	}
	if err := db.Migrate(ctx); err != nil {
		return err
	}
	fmt.Printf("The database went from version %d to %d. %s\n", before, want, whichDatabase(*c, before))
	return nil
}

// whichDatabase says where the database is that a command changed: whoever forgot to say
// where it is has made a new one.
func whichDatabase(c app.Config, before int64) string {
	if before == 0 {
		return "It is a new database: " + place(c)
	}
	return "The database: " + place(c)
}

type openapi struct{}

// Run prints the description of the API.
func (openapi) Run() error {
	text, err := api.Document()
	if err != nil {
		return err
	}
	if !json.Valid(text) {
		return fmt.Errorf("the OpenAPI document is not JSON")
	}
	_, err = fmt.Printf("%s\n", text)
	return err
}

type version struct{}

// Run prints the version, the commit it was built from, and by what.
func (version) Run() error {
	commit := "unknown commit"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				commit = s.Value[:min(len(s.Value), 12)]
			}
		}
	}
	_, err := fmt.Printf("rapport %s (%s, %s %s/%s)\n", app.Version, commit, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
