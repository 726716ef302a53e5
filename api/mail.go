package api

import (
	"context"
	"time"

	"rapport"
	"rapport/lib/secretbox"
	"rapport/mail"
	"rapport/store"
)

type mailView struct {
	rapport.MailSettings
	Password string `json:"password" doc:"*** where there is one; it is never shown again."`
	Public   string `json:"public_url" doc:"What links in e-mail begin with. Empty: the operator has not set public-url, and nobody can have a link for a forgotten password sent."`
	Failed   int    `json:"failed" doc:"E-mails of the last day that did not go out, or perhaps not."`
	Error    string `json:"error,omitempty" doc:"The latest reason."`
}

func (s *server) mailView(tx *store.Tx) (v mailView, err error) {
	v.Public = s.PublicURL
	if v.MailSettings, err = tx.MailSettings(); err != nil {
		return v, err
	}
	sealed, err := tx.Sealed(mail.Password)
	if err != nil {
		return v, err
	}
	if sealed != "" {
		v.Password = hidden
	}
	v.Failed, v.Error, err = tx.MailTroubles(tx.Now().Add(-24 * time.Hour))
	return v, err
}

func (s *server) readMail(ctx context.Context, _ *noInput) (*reply[mailView], error) {
	var v mailView
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		v, err = s.mailView(tx)
		return err
	})
	return ok(v, err)
}

type mailInput struct {
	Body struct {
		Enabled  bool                 `json:"enabled"`
		Host     string               `json:"host"`
		Port     int                  `json:"port"`
		Security rapport.MailSecurity `json:"security,omitempty" enum:"starttls,tls,none"`
		User     string               `json:"user,omitempty"`
		From     string               `json:"from,omitempty"`
		Password string               `json:"password,omitempty" doc:"*** keeps the one that is there, as long as the server stays the same; empty: none."`
		Version  *int                 `json:"version,omitempty" doc:"When given, the change is refused if somebody else was first."`
	}
}

func (in *mailInput) settings() (rapport.MailSettings, error) {
	m := rapport.MailSettings{Enabled: in.Body.Enabled, Host: in.Body.Host, Port: in.Body.Port, Security: in.Body.Security, User: in.Body.User, From: in.Body.From}
	if len(in.Body.Password) > 500 {
		return m, rapport.Invalidf("password", "The password is longer than 500 bytes.")
	}
	return m, m.Validate()
}

// errElsewhere keeps a password from being sent to a server that whoever changes
// the settings has just named.
var errElsewhere = rapport.Invalidf("password", "The server or the name is another one now: type its password anew.")

func sameServer(a, b rapport.MailSettings) bool {
	return a.Host == b.Host && a.Port == b.Port && a.User == b.User && (a.Security == b.Security || b.Security != rapport.MailPlain)
}

func (s *server) changeMail(ctx context.Context, in *mailInput) (*reply[mailView], error) {
	m, err := in.settings()
	if err != nil {
		return nil, err
	}
	var v mailView
	err = s.DB.Update(ctx, func(tx *store.Tx) error {
		was, err := tx.MailSettings()
		if err != nil {
			return err
		}
		if in.Body.Version != nil && *in.Body.Version != was.Version {
			return rapport.Errorf(rapport.Conflict, "changed_meanwhile", "Somebody else changed the settings at the same time; look again.")
		}
		next := m
		next.Version = was.Version + 1
		if in.Body.Password != hidden {
			sealed := ""
			if in.Body.Password != "" {
				sealed = s.Box.Seal(secretbox.Secret(in.Body.Password), mail.Password)
			}
			if err := tx.SaveSealed(mail.Password, sealed); err != nil {
				return err
			}
		} else if !sameServer(was, next) {
			return errElsewhere
		}
		if err := tx.SaveMailSettings(next); err != nil {
			return err
		}
		if v, err = s.mailView(tx); err != nil {
			return err
		}
		return tx.Audit(actorOf(ctx), "mail.changed", next.Host, differences(was, next))
	})
	return ok(v, err)
}

func (s *server) testMail(ctx context.Context, in *mailInput) (*nothing, error) {
	in.Body.Enabled = true
	m, err := in.settings()
	if err != nil {
		return nil, err
	}
	if wait, ok := s.byWriter.Allow(actorOf(ctx).AgentID); !ok {
		return nil, patience(wait)
	}
	password := secretbox.Secret(in.Body.Password)
	if in.Body.Password == hidden {
		var was rapport.MailSettings
		var sealed string
		err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
			if was, err = tx.MailSettings(); err != nil {
				return err
			}
			sealed, err = tx.Sealed(mail.Password)
			return err
		})
		if err != nil {
			return nil, err
		}
		if !sameServer(was, m) {
			return nil, errElsewhere
		}
		if password, err = s.Box.Open(sealed, mail.Password); err != nil {
			return nil, rapport.Invalidf("password", "The password cannot be opened with the key of this server; type it anew.")
		}
	}
	return &nothing{}, s.Post.Try(ctx, m, password, sessionOf(ctx).Agent.Email)
}

// patience tells somebody who did something too often how long to wait.
func patience(wait time.Duration) error {
	seconds := int(wait/time.Second) + 1
	return rapport.Errorf(rapport.TooMany, "too_many", "That was often; wait %d seconds.", seconds).With("retry_after", seconds)
}
