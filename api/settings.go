package api

import (
	"context"

	"rapport"
	"rapport/lib/phone"
	"rapport/routing"
	"rapport/store"
)

func (s *server) readSettings(ctx context.Context, _ *noInput) (*reply[rapport.Settings], error) {
	var v rapport.Settings
	err := s.DB.View(ctx, func(tx *store.Tx) error {
		config, err := tx.Configuration()
		if err == nil {
			v = config.Settings
		}
		return err
	})
	return ok(v, err)
}

type settingsChange struct {
	Body struct {
		AccountName         *string             `json:"account_name,omitempty"`
		Capacity            *int                `json:"capacity,omitempty"`
		Sticky              *rapport.Sticky     `json:"sticky,omitempty"`
		Country             *string             `json:"country,omitempty"`
		TransferMinutes     *int                `json:"transfer_minutes,omitempty"`
		AwayMinutes         *int                `json:"away_minutes,omitempty"`
		ReplyTimer          *rapport.ReplyTimer `json:"reply_timer,omitempty"`
		OfflineGraceSeconds *int                `json:"offline_grace_seconds,omitempty"`
		ReopenHours         *int                `json:"reopen_hours,omitempty"`
		Texts               *rapport.Texts      `json:"texts,omitempty"`
		Assist              *rapport.Assist     `json:"assist,omitempty"`
		Details             *rapport.Details    `json:"details,omitempty"`
		Version             *int                `json:"version,omitempty" doc:"When given, the change is refused if somebody else was first."`
	}
}

func (s *server) changeSettings(ctx context.Context, in *settingsChange) (*reply[rapport.Settings], error) {
	var v rapport.Settings
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		config, err := tx.Configuration()
		if err != nil {
			return err
		}
		was := config.Settings
		if in.Body.Version != nil && *in.Body.Version != was.Version {
			return rapport.Errorf(rapport.Conflict, "changed_meanwhile", "Somebody else changed the settings at the same time; look again.")
		}
		v = was
		set(&v.AccountName, in.Body.AccountName)
		set(&v.Capacity, in.Body.Capacity)
		set(&v.Sticky, in.Body.Sticky)
		set(&v.Country, in.Body.Country)
		set(&v.TransferMinutes, in.Body.TransferMinutes)
		set(&v.AwayMinutes, in.Body.AwayMinutes)
		set(&v.ReplyTimer, in.Body.ReplyTimer)
		set(&v.OfflineGraceSeconds, in.Body.OfflineGraceSeconds)
		set(&v.ReopenHours, in.Body.ReopenHours)
		set(&v.Texts, in.Body.Texts)
		set(&v.Assist, in.Body.Assist)
		set(&v.Details, in.Body.Details)
		if err := v.Validate(); err != nil {
			return err
		}
		if v.Country != was.Country && v.Country != "" && !phone.Known(v.Country) {
			return rapport.Invalidf("country", "%q is not a country whose phone numbers are known; use its code of ISO 3166, such as DE, or GB for the United Kingdom.", v.Country)
		}
		if err := queueExists(config, "reply_timer.fallback_queue", v.ReplyTimer.FallbackQueue); err != nil {
			return err
		}
		if id := v.Assist.BotID; id != "" && config.Bots[id] == nil {
			return rapport.Invalidf("assist.bot_id", "There is no bot %q.", id)
		}
		v.Version++
		if err := routing.SaveSettings(tx, v); err != nil {
			return err
		}
		return tx.Audit(actorOf(ctx), "settings.changed", v.AccountName, differences(was, v))
	})
	return ok(v, err)
}
