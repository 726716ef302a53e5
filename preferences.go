package rapport

import (
	"regexp"
	"slices"
	"time"
)

// NotifyMessage is no notification of the bell: a customer wrote in a
// conversation that the agent has. Browsers tell it, lists show it.
const NotifyMessage NotificationKind = "message"

// How is by which ways a kind of notification reaches the agent: what they
// chose, else the default. Messages are never sent by e-mail.
func (p *Preferences) How(kind NotificationKind) NotifyHow {
	how, chosen := p.Notify[kind]
	if !chosen {
		how = NotifyHow{Browser: true, Sound: kind != NotifyLost, Email: true}
	}
	how.Email = how.Email && kind != NotifyMessage
	return how
}

// Zone is where the agent's clock stands; UTC when they follow their browser.
func (p *Preferences) Zone() *time.Location {
	if zone, err := time.LoadLocation(p.TimeZone); err == nil {
		return zone
	}
	return time.UTC
}

var (
	languageForm = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$`)
	wordForm     = regexp.MustCompile(`^[a-z][a-z0-9_.-]{0,39}$`)
)

// Validate checks what an agent chose.
func (p *Preferences) Validate() error {
	if p.Language != "" && !languageForm.MatchString(p.Language) {
		return Invalidf("language", "%q is not a language such as en or de; empty follows the browser.", p.Language)
	}
	if p.TimeZone != "" {
		if _, err := time.LoadLocation(p.TimeZone); err != nil || p.TimeZone == "Local" {
			return Invalidf("time_zone", "%q is not a time zone such as Europe/Berlin; empty follows the browser.", p.TimeZone)
		}
	}
	if p.Digest < 0 || p.Digest > 24*60 {
		return Invalidf("digest_minutes", "Between 1 minute and 24 hours (1440), or 0 for never; %d is not.", p.Digest)
	}
	if p.UndoSeconds < 0 || p.UndoSeconds > 30 {
		return Invalidf("undo_seconds", "Between 0 and 30 seconds; %d is not.", p.UndoSeconds)
	}
	if len(p.Notify) > 30 {
		return Invalidf("notify", "There are at most 30 kinds of notifications.")
	}
	for kind := range p.Notify {
		if !wordForm.MatchString(string(kind)) {
			return Invalidf("notify", "%q is not a kind of notification.", kind)
		}
	}
	p.Done = slices.Compact(slices.Sorted(slices.Values(p.Done)))
	if len(p.Done) > 50 {
		return Invalidf("done", "At most 50 steps can be put away.")
	}
	for _, step := range p.Done {
		if !wordForm.MatchString(step) {
			return Invalidf("done", "%q is not the name of a step.", step)
		}
	}
	return nil
}
