// Command rapport is the contact centre: its server and the tools around it.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // business hours need the time zones wherever this runs

	"github.com/alecthomas/kong"

	"rapport"
	"rapport/app"
)

type commands struct {
	app.Config

	Serve    serve       `cmd:"" help:"Answer agents and customers. This is the server."`
	Demo     demonstrate `cmd:"" help:"Try it out: a server with made-up data that is gone afterwards."`
	Migrate  migrate     `cmd:"" help:"Bring the database to the newest version; serve does this by itself."`
	Doctor   doctor      `cmd:"" help:"Check what the server relies on, and say how to mend what is wrong."`
	Workflow workflows   `cmd:"" help:"Keep workflows in files: export, import, check and test them."`
	Trace    trace       `cmd:"" help:"Tell why a conversation went where it is."`
	Bench    benchmark   `cmd:"" help:"Measure how fast this program is on this machine."`
	Settings settings    `cmd:"" name:"config" help:"List every setting with its value."`
	Admin    admin       `cmd:"" help:"Look after admins from the command line."`
	Openapi  openapi     `cmd:"" help:"Print the description of the HTTP API (OpenAPI 3.1)."`
	Version  version     `cmd:"" help:"Print the version."`
}

func main() {
	os.Exit(run(os.Args[1:]))
}

// run is main as a value: the exit code.
func run(args []string) int {
	var c commands
	parser, err := kong.New(&c,
		kong.Name("rapport"),
		kong.Description("Rapport is a self-hosted contact centre: a returning customer reaches their own agent again."),
		kong.DefaultEnvars(app.EnvPrefix),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.ShortUsageOnError(),
	)
	if err != nil {
		panic(err) // a mistake in the tags
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		parser.FatalIfErrorf(err)
	}
	ctx, stop := signals()
	defer stop()
	parsed.BindTo(ctx, (*context.Context)(nil))
	if err := parsed.Run(&c.Config, parser); err != nil {
		fmt.Fprintln(os.Stderr, "rapport:", sentence(err))
		return 1
	}
	return 0
}

// sentence is an error as the operator reads it: with its cause.
func sentence(err error) string {
	if e, ok := errors.AsType[*rapport.Error](err); ok && e.Cause == nil {
		return e.Message
	}
	return err.Error()
}

// signals returns a context that SIGTERM ends gently and SIGINT at once. A
// second signal ends the process there and then: what was acknowledged is on
// disk.
func signals() (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(context.Background())
	received := make(chan os.Signal, 2)
	signal.Notify(received, syscall.SIGTERM, os.Interrupt)
	done := make(chan struct{})
	go func() {
		select {
		case s := <-received:
			if s == os.Interrupt {
				cancel(app.ErrStopNow)
			} else {
				cancel(nil)
			}
		case <-done:
			return
		}
		select {
		case <-received:
			os.Exit(130)
		case <-done:
		}
	}()
	return ctx, func() {
		signal.Stop(received)
		close(done)
		cancel(nil)
	}
}
