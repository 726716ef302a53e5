package gateway

import "time"

// What the job runner calls.
var (
	Deliver = (*Gateway).deliver
	GaveUp  = (*Gateway).gaveUp
)

// MostFailures is the budget of a bot.
const MostFailures = mostFailures

// InTime is what each body passes.
var InTime = inTime

// Impatient makes requests wait hardly for the start.
func Impatient(g *Gateway) { g.patience = time.Millisecond }
