package rapport

import (
	"strings"
	"time"
	"unicode/utf8"
)

// StickyMode says how hard the router holds on to a customer's own agent (C4).
type StickyMode string

const (
	Prefer             StickyMode = "prefer"              // own agent if eligible, else go on down the ladder
	Strict             StickyMode = "strict"              // wait for the own agent, never fall through
	IgnoreAvailability StickyMode = "ignore_availability" // assign to the own agent even when away (S2-10, C10)
)

// Sticky are the sticky-session settings (S2-05…S2-11), of the account or of
// one queue.
type Sticky struct {
	Enabled           bool       `json:"enabled" doc:"Returning customers go back to the agent of their last interaction."`
	Days              int        `json:"days" doc:"How many times 24 hours after the end of the last interaction it holds (C7)."`
	AvailabilityCheck bool       `json:"availability_check" doc:"False assigns to the same agent even if unavailable (S2-10). Same as mode ignore_availability."`
	Mode              StickyMode `json:"mode" enum:"prefer,strict,ignore_availability"`
	MinReplies        int        `json:"min_replies" doc:"Public replies by a human that make an interaction count."`
	OpenCase          bool       `json:"open_case" doc:"An agent who holds another open conversation of the customer gets this one too."`
	Hold              Hold       `json:"hold,omitzero" doc:"How long to wait for the own agent in mode prefer, in seconds, by why they cannot take it."`
}

// DefaultSticky are the values of a new account: both sources' seven days,
// availability check on.
func DefaultSticky() Sticky {
	return Sticky{Enabled: true, Days: 7, AvailabilityCheck: true, Mode: Prefer, MinReplies: 1, OpenCase: true}
}

// Effective is the mode after the availability check has its say.
func (s Sticky) Effective() StickyMode {
	if !s.AvailabilityCheck {
		return IgnoreAvailability
	}
	return s.Mode
}

// Window is how long an interaction binds.
func (s Sticky) Window() time.Duration { return time.Duration(s.Days) * 24 * time.Hour }

// Validate checks the settings; prefix is put before field names.
func (s *Sticky) Validate(prefix string) error {
	if s.Days < 1 || s.Days > 3650 {
		return Invalidf(prefix+"days", "Days lie between 1 and 3650; %d does not. Switch sticky sessions off instead of setting 0.", s.Days)
	}
	if s.MinReplies < 0 || s.MinReplies > 100 {
		return Invalidf(prefix+"min_replies", "The minimum of replies lies between 0 and 100; %d does not.", s.MinReplies)
	}
	switch s.Mode {
	case Prefer, Strict, IgnoreAvailability:
		return s.Hold.Validate(prefix + "hold.")
	}
	return Invalidf(prefix+"mode", "%q is not a mode; use prefer, strict or ignore_availability.", s.Mode)
}

// Settings are the account's, changed by an admin while the program runs.
type Settings struct {
	AccountName         string     `json:"account_name"`
	Capacity            int        `json:"capacity" doc:"Conversations an agent may hold at once, unless the agent or the queue says otherwise."`
	Sticky              Sticky     `json:"sticky"`
	Country             string     `json:"country" doc:"Two-letter country that numbers without a country code are read in; empty demands the code."`
	TransferMinutes     int        `json:"transfer_minutes" doc:"After this long without a taker a transfer to a queue returns to where it was."`
	AwayMinutes         int        `json:"away_minutes" doc:"After this long without input at any of their desks an available agent is set to Away; 0 never does it (C12)."`
	ReplyTimer          ReplyTimer `json:"reply_timer"`
	OfflineGraceSeconds int        `json:"offline_grace_seconds" doc:"How long after an agent went offline their conversations are looked after."`
	ReopenHours         int        `json:"reopen_hours" doc:"How long a conversation that ended by silence can be reopened by the customer; then it is closed."`
	Texts               Texts      `json:"texts"`
	Assist              Assist     `json:"assist"`
	Details             Details    `json:"details"`
	Version             int        `json:"version"`
}

// Texts are what customers are told by themselves; empty tells nothing.
type Texts struct {
	Warning     string `json:"warning" doc:"Before a conversation is closed for silence."`
	Closed      string `json:"closed" doc:"When it is."`
	Unavailable string `json:"unavailable" doc:"When it was assigned to an agent who is not here (C10). {agent} stands for the name."`
}

// Assist is help for agents by a language model (S5-19): off unless an admin
// wants it, and nothing is sent without the agent.
type Assist struct {
	Enabled bool  `json:"enabled"`
	BotID   BotID `json:"bot_id,omitempty" doc:"The bot of kind openai whose address, model and key are used."`
}

// Details are what the account demands of what agents note about conversations.
type Details struct {
	CatalogueOnly       bool `json:"catalogue_only" doc:"Agents choose tags of the catalogue and make up none."`
	DispositionRequired bool `json:"disposition_required" doc:"Nobody solves or closes a conversation without a disposition, where the queue has any."`
}

// DefaultSettings are those of a new account.
func DefaultSettings() Settings {
	return Settings{AccountName: "Rapport", Capacity: 5, Sticky: DefaultSticky(), TransferMinutes: 15, AwayMinutes: 15, Version: 1,
		ReplyTimer: DefaultReplyTimer(), OfflineGraceSeconds: 60, ReopenHours: 24,
		Texts: Texts{
			Warning:     "Are you still there? We will close this conversation soon if we do not hear from you.",
			Closed:      "We have closed this conversation because we did not hear from you. Just write again if you need us.",
			Unavailable: "{agent} is not here right now and will answer as soon as possible.",
		}}
}

// Validate checks what an admin typed, except that the numbers of the country are known.
func (s *Settings) Validate() error {
	s.AccountName = strings.TrimSpace(s.AccountName)
	if s.AccountName == "" || utf8.RuneCountInString(s.AccountName) > 80 {
		return Invalidf("account_name", "The account needs a name of 1 to 80 characters.")
	}
	if err := validCapacity("capacity", &s.Capacity); err != nil {
		return err
	}
	if s.Country = strings.ToUpper(strings.TrimSpace(s.Country)); s.Country != "" && len(s.Country) != 2 {
		return Invalidf("country", "%q is not a two-letter country code such as DE.", s.Country)
	}
	if s.TransferMinutes < 1 || s.TransferMinutes > 7*24*60 {
		return Invalidf("transfer_minutes", "Between 1 minute and 7 days (10080); %d is not.", s.TransferMinutes)
	}
	if s.AwayMinutes < 0 || s.AwayMinutes > 24*60 {
		return Invalidf("away_minutes", "Between 1 minute and 24 hours (1440), or 0 for never; %d is not.", s.AwayMinutes)
	}
	if s.OfflineGraceSeconds < 0 || s.OfflineGraceSeconds > 24*60*60 {
		return Invalidf("offline_grace_seconds", "Between 0 seconds and 24 hours (86400); %d is not.", s.OfflineGraceSeconds)
	}
	if s.ReopenHours < 0 || s.ReopenHours > 365*24 {
		return Invalidf("reopen_hours", "Between 0 and 365 days (8760 hours); %d is not.", s.ReopenHours)
	}
	for name, text := range map[string]string{"warning": s.Texts.Warning, "closed": s.Texts.Closed, "unavailable": s.Texts.Unavailable} {
		if len(text) > 1000 {
			return Invalidf("texts."+name, "The text is %d bytes long; at most 1000 are allowed.", len(text))
		}
	}
	if err := s.ReplyTimer.Validate("reply_timer."); err != nil {
		return err
	}
	return s.Sticky.Validate("sticky.")
}
