package main

import (
	"context"
	"os"

	"rapport/app"
	"rapport/demo"
)

type demonstrate struct {
	Port int `default:"8080" help:"First port to try; the next free ones are taken."`
	Past int `placeholder:"N" help:"Have N old conversations besides, to see how a long history feels."`
}

// Run shows the demo until it is interrupted.
func (d demonstrate) Run(ctx context.Context, c *app.Config) error {
	return demo.Run(ctx, *c, d.Port, d.Past, os.Stdout)
}
