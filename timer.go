package rapport

import "time"

// TimerKind says what happens when a conversation's timer is due.
type TimerKind string

const (
	TimerReply      TimerKind = "reply"      // we owe an answer: to somebody else (S4)
	TimerWarn       TimerKind = "warn"       // the customer is silent: tell them that we will close
	TimerInactivity TimerKind = "inactivity" // … and close (S5-17, S5-18)
	TimerHold       TimerKind = "hold"       // waited long enough for one agent: anybody
	TimerWait       TimerKind = "wait"       // waited long enough in this queue: the fallback (C25)
	TimerClose      TimerKind = "close"      // solved for want of an answer, and nobody came back
	TimerBot        TimerKind = "bot"        // the bot owes an answer: hand off to humans
	TimerOpen       TimerKind = "open"       // waits outside the business hours: the queue opens
	TimerSnooze     TimerKind = "snooze"     // sleeps until then; no other timer runs meanwhile
)

// Timer is the one moment a conversation waits for. Its states exclude each
// other, so that one timer is enough: we owe an answer, or the customer does, or
// it waits for an agent, or it is solved.
type Timer struct {
	Kind TimerKind `json:"kind" enum:"reply,warn,inactivity,hold,wait,close,bot,open,snooze"`
	At   time.Time `json:"at"`
}

// Rules are what the timer of one conversation follows: of the account, its
// queue, its inbox and its bot.
type Rules struct {
	Reply   ReplyTimer
	Hours   *Hours        // of the queue; nil is always open
	Warn    time.Duration // before the end of Silence; 0 does not warn
	Silence time.Duration // of the customer; 0 never closes
	MaxWait time.Duration // in the queue; 0 waits on
	Reopen  time.Duration // after the end by silence
	Bot     time.Duration // what the bot has for an answer
}

// patience is how long a conversation may wait for one agent without an end
// before supervisors are told, where the queue says nothing.
const patience = 15 * time.Minute

// Next derives the one timer of a conversation; nil when nothing is due by
// itself. It is a pure function of what the conversation is and what its rules
// say, so that nothing has to be armed or disarmed.
func (c *Conversation) Next(r *Rules) *Timer {
	owed := !c.AwaitsSince.IsZero()
	switch {
	case c.State == Solved && c.EndedBy == EndedByInactivity:
		return &Timer{TimerClose, c.SolvedAt.Add(r.Reopen)}
	case !c.State.Active():
		return nil
	case c.State == Pending && !c.SnoozedUntil.IsZero():
		return &Timer{TimerSnooze, c.SnoozedUntil}
	case c.BotID != "" && owed:
		return &Timer{TimerBot, later(c.AssignedAt, c.AwaitsSince).Add(r.Bot)}
	case c.BotID != "":
		return c.silence(r)
	case c.Assignee != "" && owed:
		return c.reply(r)
	case c.Assignee != "":
		return c.silence(r)
	case c.Waiting != nil:
		return c.wait(r)
	}
	return nil
}

// reply counts what the agent has for an answer, from the assignment or from
// the customer's message (C22). Nobody but a human who holds it ends it (C23).
func (c *Conversation) reply(r *Rules) *Timer {
	told := r.Reply.Then == Notify && !c.EscalatedAt.IsZero()
	if !r.Reply.Enabled || c.Untimed || c.Internal() || told || c.Replies > 0 && !r.Reply.EveryMessage {
		return nil
	}
	from, span := later(later(c.AssignedAt, c.AwaitsSince), c.WokeAt), time.Duration(r.Reply.Minutes)*time.Minute
	if r.Reply.BusinessHours && r.Hours != nil {
		return timer(TimerReply, r.Hours.Add(from, span))
	}
	return &Timer{TimerReply, from.Add(span)}
}

// silence counts the customer's silence, only while we wait for them (C24). A
// warning is always given its time, however late it was.
func (c *Conversation) silence(r *Rules) *Timer {
	if c.SilentSince.IsZero() || r.Silence <= 0 {
		return nil
	}
	end := later(c.SilentSince, c.WokeAt).Add(r.Silence)
	switch {
	case r.Warn <= 0:
	case c.WarnedAt.IsZero():
		return &Timer{TimerWarn, end.Add(-r.Warn)}
	default:
		end = later(end, c.WarnedAt.Add(r.Warn))
	}
	return &Timer{TimerInactivity, end}
}

// wait is the first of: the queue opens, the hold for one agent is over, the
// longest wait is over.
func (c *Conversation) wait(r *Rules) *Timer {
	w, most := c.Waiting, r.MaxWait
	if w.ByHand {
		return nil
	}
	if w.AgentID != "" && w.Until.IsZero() && most == 0 {
		most = patience
	}
	var next *Timer
	if most > 0 && c.EscalatedAt.IsZero() {
		next = timer(TimerWait, r.Hours.Add(w.Since, most))
	}
	if !w.Until.IsZero() && (next == nil || !next.At.Before(w.Until)) {
		kind := TimerHold
		if w.AgentID == "" {
			kind = TimerOpen
		}
		next = &Timer{kind, w.Until}
	}
	return next
}

// timer is none at all for a moment that never comes.
func timer(kind TimerKind, at time.Time) *Timer {
	if at.IsZero() {
		return nil
	}
	return &Timer{kind, at}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// ReplyAction is what the reply timer does.
type ReplyAction string

const (
	Reassign ReplyAction = "reassign" // to somebody else
	Notify   ReplyAction = "notify"   // tell supervisors, leave it where it is
)

// ReplyTimer says what happens when the current agent does not answer (S4, C22,
// C23): of the account, or of one queue.
type ReplyTimer struct {
	Enabled       bool        `json:"enabled"`
	Minutes       int         `json:"minutes" doc:"How long the agent has, from the assignment or from the customer's message, whichever is later."`
	BusinessHours bool        `json:"business_hours" doc:"Count only the queue's business hours."`
	EveryMessage  bool        `json:"every_message" doc:"Also after the first answer; otherwise only until the agent's first answer."`
	Then          ReplyAction `json:"then" enum:"reassign,notify"`
	Hops          int         `json:"hops" doc:"Reassignments at the most; then supervisors are told, and it goes to the fallback queue, else stays unassigned."`
	FallbackQueue QueueID     `json:"fallback_queue,omitempty" doc:"Where it goes after the last hop; empty leaves it unassigned."`
}

// DefaultReplyTimer are the values of a new account.
func DefaultReplyTimer() ReplyTimer {
	return ReplyTimer{Enabled: true, Minutes: 15, Then: Reassign, Hops: 3}
}

// Validate checks what an admin typed; prefix is put before field names.
func (r *ReplyTimer) Validate(prefix string) error {
	if r.Minutes < 1 || r.Minutes > 7*24*60 {
		return Invalidf(prefix+"minutes", "Between 1 minute and 7 days (10080); %d is not. Switch the timer off instead of setting 0.", r.Minutes)
	}
	if r.Hops < 0 || r.Hops > 20 {
		return Invalidf(prefix+"hops", "Between 0 and 20 reassignments; %d is not.", r.Hops)
	}
	if r.Then != Reassign && r.Then != Notify {
		return Invalidf(prefix+"then", "%q is not an action; use reassign or notify.", r.Then)
	}
	return nil
}

// Hold says how long a conversation waits for the customer's own agent, by the
// reason why they cannot take it now, in seconds; 0 does not wait.
type Hold struct {
	Full    int `json:"full" doc:"The agent has no room."`
	Busy    int `json:"busy"`
	Away    int `json:"away"`
	Offline int `json:"offline"`
}

// Validate checks what an admin typed.
func (h *Hold) Validate(prefix string) error {
	for name, n := range map[string]int{"full": h.Full, "busy": h.Busy, "away": h.Away, "offline": h.Offline} {
		if n < 0 || n > 24*60*60 {
			return Invalidf(prefix+name, "Between 0 seconds and 24 hours (86400); %d is not.", n)
		}
	}
	return nil
}

// Conduct is how customers talk in an inbox (S5-16): at the same time, or when
// it suits them.
type Conduct string

const (
	Live      Conduct = "live"      // closes after 15 minutes of silence (S5-17)
	Messaging Conduct = "messaging" // closes after 48 hours (S5-18)
)

// Silence says what an inbox does about customers who do not answer. Zero
// minutes never close; null takes the conduct's value.
type Silence struct {
	Conduct      Conduct `json:"conduct" enum:"live,messaging"`
	CloseMinutes *int    `json:"close_minutes" doc:"Null: 15 for live, 2880 (48 hours) for messaging; 0 never closes."`
	WarnMinutes  *int    `json:"warn_minutes" doc:"This long before, the customer is told. Null: 3 for live, 120 for messaging; 0 does not warn."`
}

// Close is how long the customer may be silent; 0 for ever.
func (s Silence) Close() time.Duration { return minutes(s.CloseMinutes, s.Conduct, 15, 48*60) }

// Warn is how long before the end the customer is told; 0 not at all.
func (s Silence) Warn() time.Duration {
	w, c := minutes(s.WarnMinutes, s.Conduct, 3, 120), s.Close()
	if w >= c {
		return 0
	}
	return w
}

func minutes(chosen *int, c Conduct, live, messaging int) time.Duration {
	n := messaging
	if c == Live {
		n = live
	}
	if chosen != nil {
		n = *chosen
	}
	return time.Duration(n) * time.Minute
}

// Validate checks what an admin typed.
func (s *Silence) Validate(prefix string) error {
	if s.Conduct != Live && s.Conduct != Messaging {
		return Invalidf(prefix+"conduct", "%q is not a conduct; use live or messaging.", s.Conduct)
	}
	for name, n := range map[string]*int{"close_minutes": s.CloseMinutes, "warn_minutes": s.WarnMinutes} {
		if n != nil && (*n < 0 || *n > 90*24*60) {
			return Invalidf(prefix+name, "Between 0 and 90 days (129600 minutes); %d is not.", *n)
		}
	}
	return nil
}
