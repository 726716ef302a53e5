package main

import (
	"context"
	"os"

	"rapport/app"
	"rapport/demo"
)

type demonstrate struct {
	Port int `default:"8080" help:"First port to try; the next free ones are taken."`
}

// Run shows the demo until it is interrupted.
func (d demonstrate) Run(ctx context.Context, c *app.Config) error {
	return demo.Run(ctx, *c, d.Port, os.Stdout)
}
