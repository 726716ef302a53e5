package rapport_test

import (
	"strings"
	"testing"
	"time"

	"rapport"
)

// at is a moment in minutes of a day on which nothing special happens.
func at(minutes int) time.Time {
	return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC).Add(time.Duration(minutes) * time.Minute)
}

// S4, C22, C23, C24, trap 10: what a conversation is decides its one timer.
func TestTheTimerFollows(t *testing.T) {
	t.Parallel()
	const minute = time.Minute
	rules := func(change ...func(*rapport.Rules)) *rapport.Rules {
		r := &rapport.Rules{Reply: rapport.DefaultReplyTimer(), Silence: 15 * minute, Warn: 3 * minute, Reopen: 24 * time.Hour, Bot: 30 * time.Second}
		for _, f := range change {
			f(r)
		}
		return r
	}
	hours := &rapport.Hours{Zone: "UTC", Blocks: []rapport.Block{{Day: 1, From: "09:00", To: "09:10"}, {Day: 2, From: "09:00", To: "17:00"}}}
	held := func(change ...func(*rapport.Conversation)) rapport.Conversation {
		c := rapport.Conversation{State: rapport.Open, Assignee: "ana", AssignedAt: at(0), AwaitsSince: at(0)}
		for _, f := range change {
			f(&c)
		}
		return c
	}
	answered := func(c *rapport.Conversation) { c.AwaitsSince, c.SilentSince, c.Replies = time.Time{}, at(5), 1 }
	waits := func(w rapport.Waiting, change ...func(*rapport.Conversation)) rapport.Conversation {
		c := rapport.Conversation{State: rapport.Open, AwaitsSince: at(0), Waiting: &w}
		w.Since = at(0)
		for _, f := range change {
			f(&c)
		}
		return c
	}
	for name, test := range map[string]struct {
		c     rapport.Conversation
		rules *rapport.Rules
		kind  rapport.TimerKind
		at    time.Time
	}{
		"we owe since the assignment":           {held(func(c *rapport.Conversation) { c.AwaitsSince = at(-30) }), rules(), "reply", at(15)},
		"we owe since the message":              {held(func(c *rapport.Conversation) { c.AwaitsSince = at(7) }), rules(), "reply", at(22)},
		"pending, but we owe":                   {held(func(c *rapport.Conversation) { c.State = rapport.Pending }), rules(), "reply", at(15)},
		"a workflow looks after it":             {held(func(c *rapport.Conversation) { c.Untimed = true }), rules(), "", at(0)},
		"the timer is off":                      {held(), rules(func(r *rapport.Rules) { r.Reply.Enabled = false }), "", at(0)},
		"answered once, asked again":            {held(func(c *rapport.Conversation) { c.Replies = 1 }), rules(), "", at(0)},
		"answered once, every message":          {held(func(c *rapport.Conversation) { c.Replies = 1 }), rules(func(r *rapport.Rules) { r.Reply.EveryMessage = true }), "reply", at(15)},
		"business hours":                        {held(), rules(func(r *rapport.Rules) { r.Reply.BusinessHours, r.Hours = true, hours }), "reply", at(24*60 + 5)},
		"business hours of a queue without any": {held(), rules(func(r *rapport.Rules) { r.Reply.BusinessHours = true }), "reply", at(15)},
		"supervisors are told":                  {held(), rules(func(r *rapport.Rules) { r.Reply.Then = rapport.Notify }), "reply", at(15)},
		"supervisors were told":                 {held(func(c *rapport.Conversation) { c.EscalatedAt = at(1) }), rules(func(r *rapport.Rules) { r.Reply.Then = rapport.Notify }), "", at(0)},
		"the customer is silent":                {held(answered), rules(), "warn", at(17)},
		"… without a warning":                   {held(answered), rules(func(r *rapport.Rules) { r.Warn = 0 }), "inactivity", at(20)},
		"… warned":                              {held(answered, func(c *rapport.Conversation) { c.WarnedAt = at(17) }), rules(), "inactivity", at(20)},
		"… warned late":                         {held(answered, func(c *rapport.Conversation) { c.WarnedAt = at(60) }), rules(), "inactivity", at(63)},
		"… for ever":                            {held(answered), rules(func(r *rapport.Rules) { r.Silence = 0 }), "", at(0)},
		"… of a bot":                            {held(answered, func(c *rapport.Conversation) { c.Assignee, c.BotID = "", "bea" }), rules(), "warn", at(17)},
		"the bot owes":                          {held(func(c *rapport.Conversation) { c.Assignee, c.BotID, c.AwaitsSince = "", "bea", at(-60) }), rules(), "bot", at(0).Add(30 * time.Second)},
		"it waits":                              {waits(rapport.Waiting{}), rules(), "", at(0)},
		"it waits, with a limit":                {waits(rapport.Waiting{Since: at(0)}), rules(func(r *rapport.Rules) { r.MaxWait = 30 * minute }), "wait", at(30)},
		"… that was told":                       {waits(rapport.Waiting{Since: at(0)}, func(c *rapport.Conversation) { c.EscalatedAt = at(30) }), rules(func(r *rapport.Rules) { r.MaxWait = 30 * minute }), "", at(0)},
		"… in business hours":                   {waits(rapport.Waiting{Since: at(0)}), rules(func(r *rapport.Rules) { r.MaxWait, r.Hours = 30*minute, hours }), "wait", at(24*60 + 20)},
		"it waits for somebody":                 {waits(rapport.Waiting{Since: at(0), AgentID: "ana", Until: at(5)}), rules(func(r *rapport.Rules) { r.MaxWait = 30 * minute }), "hold", at(5)},
		"… longer than anybody waits":           {waits(rapport.Waiting{Since: at(0), AgentID: "ana", Until: at(45)}), rules(func(r *rapport.Rules) { r.MaxWait = 30 * minute }), "wait", at(30)},
		"… without an end":                      {waits(rapport.Waiting{Since: at(0), AgentID: "ana"}), rules(), "wait", at(15)},
		"it waits for the queue to open":        {waits(rapport.Waiting{Since: at(0), Until: at(600)}), rules(), "open", at(600)},
		"it waits for somebody's hand":          {waits(rapport.Waiting{Since: at(0), ByHand: true}), rules(func(r *rapport.Rules) { r.MaxWait = minute }), "", at(0)},
		"a transfer waits":                      {held(func(c *rapport.Conversation) { c.Waiting = &rapport.Waiting{Since: at(3)} }), rules(func(r *rapport.Rules) { r.MaxWait = minute }), "reply", at(15)},
		"solved":                                {rapport.Conversation{State: rapport.Solved, SolvedAt: at(0), EndedBy: rapport.EndedByAgent}, rules(), "", at(0)},
		"solved by silence":                     {rapport.Conversation{State: rapport.Solved, SolvedAt: at(0), EndedBy: rapport.EndedByInactivity}, rules(), "close", at(24 * 60)},
		"closed":                                {rapport.Conversation{State: rapport.Closed, EndedBy: rapport.EndedByInactivity}, rules(), "", at(0)},
	} {
		got := test.c.Next(test.rules)
		switch {
		case got == nil && test.kind == "":
		case got == nil:
			t.Errorf("%s: no timer; want %s", name, test.kind)
		case got.Kind != test.kind || !got.At.Equal(test.at):
			t.Errorf("%s: %s at %s; want %s at %s", name, got.Kind, got.At, test.kind, test.at)
		}
	}
}

// S5-17, S5-18: live chats end after 15 minutes, messaging after 48 hours.
func TestSilence(t *testing.T) {
	t.Parallel()
	number := func(n int) *int { return &n }
	for _, test := range []struct {
		s           rapport.Silence
		close, warn time.Duration
	}{
		{rapport.Silence{Conduct: rapport.Live}, 15 * time.Minute, 3 * time.Minute},
		{rapport.Silence{Conduct: rapport.Messaging}, 48 * time.Hour, 2 * time.Hour},
		{rapport.Silence{}, 48 * time.Hour, 2 * time.Hour},
		{rapport.Silence{Conduct: rapport.Live, CloseMinutes: number(0)}, 0, 0},
		{rapport.Silence{Conduct: rapport.Live, CloseMinutes: number(2)}, 2 * time.Minute, 0},
		{rapport.Silence{Conduct: rapport.Live, CloseMinutes: number(60), WarnMinutes: number(10)}, time.Hour, 10 * time.Minute},
	} {
		if c, w := test.s.Close(), test.s.Warn(); c != test.close || w != test.warn {
			t.Errorf("%+v closes after %s and warns %s before; want %s and %s", test.s, c, w, test.close, test.warn)
		}
	}
}

func week(from, to string) (blocks []rapport.Block) {
	for day := range 7 {
		blocks = append(blocks, rapport.Block{Day: day, From: from, To: to})
	}
	return blocks
}

// Business hours: several blocks a day, holidays, time zones, and the days on
// which clocks change.
func TestHours(t *testing.T) {
	t.Parallel()
	office := &rapport.Hours{Zone: "Europe/Berlin", Blocks: []rapport.Block{
		{Day: 1, From: "13:00", To: "17:00"}, {Day: 1, From: "09:00", To: "12:00"}, {Day: 2, From: "09:00", To: "17:00"}, {Day: 5, From: "22:00", To: "24:00"}, {Day: 6, From: "00:00", To: "02:00"},
	}, Holidays: []rapport.Holiday{{Date: "2026-03-10"}}}
	night := &rapport.Hours{Zone: "Europe/Berlin", Blocks: week("01:00", "04:00")}
	gap := &rapport.Hours{Zone: "Europe/Berlin", Blocks: week("02:00", "03:00")} // 29 March 2026 has no such hour
	never := &rapport.Hours{Zone: "UTC", Blocks: []rapport.Block{{Day: 1, From: "09:00", To: "10:00"}}}
	for day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() < 2028; day = day.AddDate(0, 0, 1) {
		never.Holidays = append(never.Holidays, rapport.Holiday{Date: day.Format(time.DateOnly)})
	}
	for _, test := range []struct {
		name    string
		h       *rapport.Hours
		from    string
		open    bool
		opening string
		add     time.Duration
		end     string
	}{
		{"no hours", nil, "2026-03-02T03:00:00Z", true, "2026-03-02T03:00:00Z", time.Hour, "2026-03-02T04:00:00Z"},
		{"before the first block", office, "2026-03-02T07:00:00Z", false, "2026-03-02T08:00:00Z", time.Hour, "2026-03-02T09:00:00Z"},
		{"from is inclusive", office, "2026-03-02T08:00:00Z", true, "2026-03-02T08:00:00Z", 3 * time.Hour, "2026-03-02T11:00:00Z"},
		{"to is exclusive", office, "2026-03-02T11:00:00Z", false, "2026-03-02T12:00:00Z", time.Hour, "2026-03-02T13:00:00Z"},
		{"across the break", office, "2026-03-02T10:30:00Z", true, "2026-03-02T10:30:00Z", time.Hour, "2026-03-02T12:30:00Z"},
		{"across nights and days", office, "2026-03-02T15:00:00Z", true, "2026-03-02T15:00:00Z", 10 * time.Hour, "2026-03-06T22:00:00Z"},
		{"past midnight", office, "2026-03-06T22:30:00Z", true, "2026-03-06T22:30:00Z", 2 * time.Hour, "2026-03-07T00:30:00Z"},
		{"a holiday", office, "2026-03-10T09:00:00Z", false, "2026-03-13T21:00:00Z", time.Hour, "2026-03-13T22:00:00Z"},
		{"summer time", office, "2026-03-30T07:00:00Z", true, "2026-03-30T07:00:00Z", time.Hour, "2026-03-30T08:00:00Z"},
		{"the night that is an hour short", night, "2026-03-28T23:30:00Z", false, "2026-03-29T00:00:00Z", 3 * time.Hour, "2026-03-30T00:00:00Z"},
		{"the night that is an hour long", night, "2026-10-24T22:00:00Z", false, "2026-10-24T23:00:00Z", 4 * time.Hour, "2026-10-25T03:00:00Z"},
		{"an hour that is left out", gap, "2026-03-29T00:30:00Z", false, "2026-03-30T00:00:00Z", time.Hour, "2026-03-30T01:00:00Z"},
		{"never", never, "2026-03-02T09:30:00Z", false, "", time.Hour, ""},
	} {
		moment := func(s string) time.Time {
			if s == "" {
				return time.Time{}
			}
			m, err := time.Parse(time.RFC3339, s)
			if err != nil {
				t.Fatal(err)
			}
			return m
		}
		from := moment(test.from)
		if got := test.h.Open(from); got != test.open {
			t.Errorf("%s: open is %v", test.name, got)
		}
		if got := test.h.Opening(from); !got.Equal(moment(test.opening)) {
			t.Errorf("%s: opens at %s; want %s", test.name, got, test.opening)
		}
		if got := test.h.Add(from, test.add); !got.Equal(moment(test.end)) {
			t.Errorf("%s: %s of open time end at %s; want %s", test.name, test.add, got, test.end)
		}
	}
	opening := time.Date(2026, 3, 9, 8, 0, 0, 0, time.UTC)
	if got := office.Until(opening.Add(-time.Hour), opening); got != "Monday 09:00" {
		t.Errorf("it opens %q", got)
	}
	if got := office.Until(opening.Add(-7*24*time.Hour), opening); got != "Monday 9 March 09:00" {
		t.Errorf("a week ahead it opens %q", got)
	}
}

// What an admin may type as hours, and what they hear otherwise.
func TestHoursAreChecked(t *testing.T) {
	t.Parallel()
	good := func() rapport.Hours {
		return rapport.Hours{Zone: "Europe/Berlin", Blocks: []rapport.Block{{Day: 1, From: "09:00", To: "12:00"}, {Day: 1, From: "12:00", To: "24:00"}}, Holidays: []rapport.Holiday{{Date: "2026-12-25", Name: "Christmas"}}}
	}
	for name, test := range map[string]struct {
		change func(*rapport.Hours)
		field  string
	}{
		"good":             {func(*rapport.Hours) {}, ""},
		"no zone":          {func(h *rapport.Hours) { h.Zone = "" }, "h.zone"},
		"unknown zone":     {func(h *rapport.Hours) { h.Zone = "Europe/Atlantis" }, "h.zone"},
		"the server's":     {func(h *rapport.Hours) { h.Zone = "Local" }, "h.zone"},
		"no blocks":        {func(h *rapport.Hours) { h.Blocks = nil }, "h.blocks"},
		"an eighth day":    {func(h *rapport.Hours) { h.Blocks[0].Day = 7 }, "h.blocks[0]"},
		"9 o'clock":        {func(h *rapport.Hours) { h.Blocks[0].From = "9:00" }, "h.blocks[0]"},
		"25 o'clock":       {func(h *rapport.Hours) { h.Blocks[1].To = "25:00" }, "h.blocks[1]"},
		"24:01":            {func(h *rapport.Hours) { h.Blocks[1].To = "24:01" }, "h.blocks[1]"},
		"minute 60":        {func(h *rapport.Hours) { h.Blocks[0].To = "11:60" }, "h.blocks[0]"},
		"a sign":           {func(h *rapport.Hours) { h.Blocks[0].From = "+9:00" }, "h.blocks[0]"},
		"past midnight":    {func(h *rapport.Hours) { h.Blocks[0].From, h.Blocks[0].To = "22:00", "02:00" }, "h.blocks[0]"},
		"nothing":          {func(h *rapport.Hours) { h.Blocks[0].To = "09:00" }, "h.blocks[0]"},
		"overlap":          {func(h *rapport.Hours) { h.Blocks[1].From = "11:59" }, "h.blocks[1]"},
		"no such day":      {func(h *rapport.Hours) { h.Holidays[0].Date = "2026-02-30" }, "h.holidays[0]"},
		"endless holidays": {func(h *rapport.Hours) { h.Holidays = make([]rapport.Holiday, 401) }, "h.holidays"},
		"a long reply":     {func(h *rapport.Hours) { h.Reply = strings.Repeat("x", 1001) }, "h.reply"},
	} {
		h := good()
		test.change(&h)
		err := h.Validate("h.")
		field := ""
		if e, ok := err.(*rapport.Error); ok {
			field = e.Field
		}
		if field != test.field {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Utilisation: what an agent was, added up, within a period only.
func TestTotals(t *testing.T) {
	t.Parallel()
	changes := []rapport.StatusChange{
		{At: at(-60), Availability: "available", Sub: "idle"}, {At: at(10), Availability: "available", Sub: "under_capacity"},
		{At: at(20), Availability: "available", Sub: "idle"}, {At: at(50), Availability: "busy", CustomName: "Coaching"}, {At: at(90), Availability: "offline"},
	}
	got := rapport.Totals(changes, at(0), at(60))
	want := []rapport.Total{{"available", "idle", "", 40 * 60}, {"available", "under_capacity", "", 600}, {"busy", "", "Coaching", 600}}
	if len(got) != len(want) {
		t.Fatalf("the totals are %+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%d is %+v; want %+v", i, got[i], want[i])
		}
	}
	if got := rapport.Totals(nil, at(0), at(60)); len(got) != 0 {
		t.Errorf("of nothing: %+v", got)
	}
}
