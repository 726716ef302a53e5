package workflow

import (
	"errors"
	"fmt"
	"time"

	"github.com/adhocore/gronx"
)

// nextAt is when a schedule is due after a moment.
func nextAt(t *Trigger, after time.Time) (time.Time, error) {
	if every := numberOf(t.With, "every"); every > 0 {
		return after.Add(time.Duration(every) * time.Second).UTC(), nil
	}
	zone := textOf(t.With, "zone")
	place, err := time.LoadLocation(zone)
	if err != nil || zone == "Local" {
		return time.Time{}, fmt.Errorf("%q is no time zone; it should look like Europe/Berlin", zone)
	}
	line := textOf(t.With, "cron")
	if !gronx.IsValid(line) {
		return time.Time{}, fmt.Errorf("%q is no cron line; it should look like 0 9 * * 1-5", line)
	}
	next, err := gronx.NextTickAfter(line, after.In(place), false)
	if err != nil {
		return time.Time{}, errors.New("the cron line is never due")
	}
	return next.UTC(), nil
}
