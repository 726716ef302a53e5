package rapport

import (
	"fmt"
	"strings"
	"sync"
	"time"
)

// Hours are the business hours of a queue.
type Hours struct {
	Zone     string    `json:"zone" doc:"IANA time zone, e.g. Europe/Berlin."`
	Blocks   []Block   `json:"blocks" doc:"Several a day are allowed; none closes the day."`
	Holidays []Holiday `json:"holidays"`

	Reply         string  `json:"reply" doc:"Sent to customers who write outside the hours; empty sends nothing."`
	FallbackQueue QueueID `json:"fallback_queue,omitempty" doc:"Takes new conversations outside the hours; empty lets them wait."`
}

// Block is a time of a weekday, from inclusive, to exclusive.
type Block struct {
	Day  int    `json:"day" minimum:"0" maximum:"6" doc:"0 is Sunday, as in Go and JavaScript."`
	From string `json:"from" doc:"HH:MM"`
	To   string `json:"to" doc:"HH:MM; 24:00 is the end of the day."`
}

// Holiday closes one day.
type Holiday struct {
	Date string `json:"date" doc:"YYYY-MM-DD"`
	Name string `json:"name"`
}

// farthest is how many days ahead hours are looked through: a year of holidays
// and then some.
const farthest = 400

// Validate checks what an admin typed; prefix is put before field names.
func (h *Hours) Validate(prefix string) error {
	if _, err := zone(h.Zone); err != nil || h.Zone == "" || h.Zone == "Local" {
		return Invalidf(prefix+"zone", "%q is not a time zone; it should look like Europe/Berlin.", h.Zone)
	}
	if len(h.Blocks) == 0 || len(h.Blocks) > 7*12 {
		return Invalidf(prefix+"blocks", "Between 1 and 84 blocks of business hours are needed; there are %d. Remove the hours to be always open.", len(h.Blocks))
	}
	for i, b := range h.Blocks {
		field := fmt.Sprintf("%sblocks[%d]", prefix, i)
		if b.Day < 0 || b.Day > 6 {
			return Invalidf(field, "Days are numbered from 0 (Sunday) to 6 (Saturday); %d is none.", b.Day)
		}
		from, to := clock(b.From), clock(b.To)
		if from < 0 || to < 0 || from == 24*60 {
			return Invalidf(field, "%q to %q is not a time of day; write 09:00 to 17:30, or 24:00 for the end of the day.", b.From, b.To)
		}
		if from >= to {
			return Invalidf(field, "%s to %s ends before it begins; cut what goes past midnight into two days.", b.From, b.To)
		}
		for _, other := range h.Blocks[:i] {
			if other.Day == b.Day && from < clock(other.To) && clock(other.From) < to {
				return Invalidf(field, "%s to %s overlaps %s to %s on the same day.", b.From, b.To, other.From, other.To)
			}
		}
	}
	if len(h.Holidays) > 400 {
		return Invalidf(prefix+"holidays", "There are %d holidays; at most 400 are allowed.", len(h.Holidays))
	}
	for i := range h.Holidays {
		d := &h.Holidays[i]
		field := fmt.Sprintf("%sholidays[%d]", prefix, i)
		if _, err := time.Parse(time.DateOnly, d.Date); err != nil {
			return Invalidf(field, "%q is not a date; it should look like 2026-12-25.", d.Date)
		}
		if d.Name = strings.TrimSpace(d.Name); len(d.Name) > 80 {
			return Invalidf(field, "The name is %d bytes long; at most 80 are allowed.", len(d.Name))
		}
	}
	if len(h.Reply) > 1000 {
		return Invalidf(prefix+"reply", "The text is %d bytes long; at most 1000 are allowed.", len(h.Reply))
	}
	return nil
}

// clock reads HH:MM as minutes of the day; -1 for what it is not.
func clock(s string) int {
	if len(s) != 5 || s[2] != ':' {
		return -1
	}
	for _, i := range [...]int{0, 1, 3, 4} {
		if s[i] < '0' || s[i] > '9' {
			return -1
		}
	}
	hour, minute := int(s[0]-'0')*10+int(s[1]-'0'), int(s[3]-'0')*10+int(s[4]-'0')
	if minute > 59 || hour*60+minute > 24*60 {
		return -1
	}
	return hour*60 + minute
}

var zones sync.Map // name → *time.Location

func zone(name string) (*time.Location, error) {
	if l, ok := zones.Load(name); ok {
		return l.(*time.Location), nil
	}
	l, err := time.LoadLocation(name)
	if err == nil {
		zones.Store(name, l)
	}
	return l, err
}

// Open tells whether a moment lies within the hours. No hours are always open.
func (h *Hours) Open(t time.Time) bool { return h == nil || h.Opening(t).Equal(t) }

// Opening is the next moment at which it is open, t itself if it is; zero when
// it never opens again.
func (h *Hours) Opening(t time.Time) (next time.Time) {
	if h == nil {
		return t
	}
	h.spans(t, func(from, to time.Time) bool {
		next = later(from, t)
		return false
	})
	return next
}

// NextOpening is when it opens the next time after t, also where it is open at t
// and closes before that; zero when it never does, or is never closed.
func (h *Hours) NextOpening(t time.Time) (next time.Time) {
	h.spans(t, func(from, to time.Time) bool {
		if !from.After(t) {
			return true
		}
		next = from
		return false
	})
	return next
}

// Add is the moment at which d of open time has passed since t; zero when that
// never happens. No hours count every minute.
func (h *Hours) Add(t time.Time, d time.Duration) (end time.Time) {
	if h == nil {
		return t.Add(d)
	}
	h.spans(t, func(from, to time.Time) bool {
		from = later(from, t)
		if open := to.Sub(from); open < d {
			d -= open
			return true
		}
		end = from.Add(d)
		return false
	})
	return end
}

// spans gives the open times that end after t, in order, until yield says no.
// Wall times that a clock change skips or repeats are what the time zone makes
// of them, so that a block is as long as it really is.
func (h *Hours) spans(t time.Time, yield func(from, to time.Time) bool) {
	if h == nil {
		return
	}
	where, err := zone(h.Zone)
	if err != nil {
		where = time.UTC
	}
	year, month, day := t.In(where).Date()
	for n := range farthest {
		noon := time.Date(year, month, day+n, 12, 0, 0, 0, where)
		if h.holiday(noon) {
			continue
		}
		for last := -1; ; {
			b := h.block(int(noon.Weekday()), last)
			if b == nil {
				break
			}
			last = clock(b.From)
			from := time.Date(year, month, day+n, 0, last, 0, 0, where)
			to := time.Date(year, month, day+n, 0, clock(b.To), 0, 0, where)
			if to.After(t) && to.After(from) && !yield(from.UTC(), to.UTC()) {
				return
			}
		}
	}
}

// block is the first one of a weekday that begins after a minute.
func (h *Hours) block(day, after int) (first *Block) {
	for i := range h.Blocks {
		b := &h.Blocks[i]
		if from := clock(b.From); b.Day == day && from > after && (first == nil || from < clock(first.From)) {
			first = b
		}
	}
	return first
}

func (h *Hours) holiday(day time.Time) bool {
	if len(h.Holidays) == 0 {
		return false
	}
	date := day.Format(time.DateOnly)
	for i := range h.Holidays {
		if h.Holidays[i].Date == date {
			return true
		}
	}
	return false
}

// Until says when it opens, the way people do: "Monday 09:00", or with the date
// when that is more than six days ahead.
func (h *Hours) Until(now, opening time.Time) string {
	where, err := zone(h.Zone)
	if err != nil {
		where = time.UTC
	}
	local := opening.In(where)
	if opening.Sub(now) < 6*24*time.Hour {
		return local.Format("Monday 15:04")
	}
	return local.Format("Monday 2 January 15:04")
}
