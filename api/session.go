package api

import (
	"context"
	"net/http"
	"time"

	"rapport"
	"rapport/auth"
	"rapport/lib/ratelimit"
	"rapport/mail"
	"rapport/presence"
	"rapport/routing"
	"rapport/store"
)

// queuePlace is a queue as its member sees it.
type queuePlace struct {
	ID       rapport.QueueID `json:"id"`
	Name     string          `json:"name"`
	CanReply bool            `json:"can_reply"`
}

// me is what a desk needs to begin.
type me struct {
	Agent       rapport.Agent       `json:"agent"`
	Role        rapport.Role        `json:"role" enum:"agent,supervisor,admin"`
	Queues      []queuePlace        `json:"queues"`
	Settings    rapport.Settings    `json:"settings"`
	Preferences rapport.Preferences `json:"preferences"`
	Seq         int64               `json:"seq" doc:"Position of the event log that this answer reflects."`
}

type signedIn struct {
	SetCookie string `header:"Set-Cookie"`
	Body      me
}

func placesOf(config *store.Configuration, members []rapport.Member) []queuePlace {
	places := make([]queuePlace, 0, len(members))
	for _, m := range members {
		if q := config.Queues[m.QueueID]; q != nil {
			places = append(places, queuePlace{ID: q.ID, Name: q.Name, CanReply: m.CanReply})
		}
	}
	return places
}

func readMe(tx *store.Tx, id rapport.AgentID) (m me, err error) {
	if m.Agent, err = tx.Agent(id); err != nil {
		return m, err
	}
	m.Role = m.Agent.Role
	members, err := tx.MemberOf(id)
	if err != nil {
		return m, err
	}
	config, err := tx.Configuration()
	if err != nil {
		return m, err
	}
	m.Queues, m.Settings = placesOf(config, members), config.Settings
	if m.Preferences, err = tx.Preferences(id); err != nil {
		return m, err
	}
	m.Seq, _, err = tx.Head()
	return m, err
}

// open signs somebody in once find has told who it is, and answers with the
// cookie. A desk that was just signed in to is at work.
func (s *server) open(ctx context.Context, find func(*store.Tx) (rapport.AgentID, error)) (*signedIn, error) {
	r := httpRequest(ctx)
	var id rapport.AgentID
	var token string
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		if id, err = find(tx); err != nil {
			return err
		}
		if token, err = auth.OpenSession(tx, id, r.UserAgent()); err != nil {
			return err
		}
		return routing.SignIn(tx, id)
	})
	if err != nil {
		return nil, err
	}
	out := &signedIn{SetCookie: s.cookie(r, token, auth.Most)}
	err = s.DB.View(ctx, func(tx *store.Tx) (err error) {
		out.Body, err = readMe(tx, id)
		return err
	})
	return out, err
}

// slow refuses who tries too often, by address and, when given, by account.
func (s *server) slow(ctx context.Context, account string) error {
	return s.within(ctx, s.byAccount, account)
}

// within is slow with another limit for the account.
func (s *server) within(ctx context.Context, accounts *ratelimit.Limiter[string], account string) error {
	wait, ok := s.byAddress.Allow(s.Proxies.Of(httpRequest(ctx)).String())
	if ok && account != "" {
		wait, ok = accounts.Allow(rapport.AgentEmail(account))
	}
	if ok {
		return nil
	}
	seconds := int(wait/time.Second) + 1
	return rapport.Errorf(rapport.TooMany, "too_many", "Too many tries; wait %d seconds.", seconds).With("retry_after", seconds)
}

type setupStatus struct {
	Needed bool `json:"needed"`
}

func (s *server) setupNeeded(ctx context.Context, _ *noInput) (*reply[setupStatus], error) {
	var status setupStatus
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		status.Needed, err = auth.NeedsSetUp(tx)
		return err
	})
	return ok(status, err)
}

type setupInput struct {
	Body struct {
		Token       string `json:"token" doc:"Printed by the program when it started."`
		Name        string `json:"name"`
		Email       string `json:"email"`
		Password    string `json:"password"`
		AccountName string `json:"account_name"`
	}
}

func (s *server) setUp(ctx context.Context, in *setupInput) (*signedIn, error) {
	if err := s.slow(ctx, ""); err != nil {
		return nil, err
	}
	if err := s.Setup.Check(in.Body.Token); err != nil {
		return nil, err
	}
	hash, err := s.Passwords.Hash(ctx, "password", in.Body.Password)
	if err != nil {
		return nil, err
	}
	return s.open(ctx, func(tx *store.Tx) (rapport.AgentID, error) {
		a, err := auth.SetUp(tx, auth.First{Name: in.Body.Name, Email: in.Body.Email, AccountName: in.Body.AccountName, Hash: hash})
		if err != nil {
			return "", err
		}
		return a.ID, tx.Audit(rapport.ActorOf(a, nil), "account.set_up", in.Body.AccountName, "")
	})
}

type signInInput struct {
	Body struct {
		Email    string `json:"email" maxLength:"254"`
		Password string `json:"password"`
	}
}

func (s *server) signIn(ctx context.Context, in *signInInput) (*signedIn, error) {
	if err := s.slow(ctx, in.Body.Email); err != nil {
		return nil, err
	}
	id, err := s.Passwords.Verify(ctx, s.DB, in.Body.Email, in.Body.Password)
	if err != nil {
		return nil, err
	}
	return s.open(ctx, func(*store.Tx) (rapport.AgentID, error) { return id, nil })
}

type forgottenInput struct {
	Body struct {
		Email string `json:"email" maxLength:"254"`
	}
}

// forgotten sends whoever has this address the link to a new password. Whether
// there is such an account is not told.
func (s *server) forgotten(ctx context.Context, in *forgottenInput) (*struct{}, error) {
	if err := s.within(ctx, s.forgetful, in.Body.Email); err != nil {
		return nil, err
	}
	return nil, s.DB.Update(ctx, func(tx *store.Tx) error {
		settings, err := tx.MailSettings()
		if err != nil {
			return err
		}
		// Where the public address is not set, the link would lead to wherever the request says that it was sent to.
		if !settings.Enabled || s.PublicURL == "" {
			return rapport.Errorf(rapport.Conflict, "no_mail", "Rapport cannot send you a link here: ask an admin for one.")
		}
		a, err := tx.AgentByEmail(in.Body.Email)
		if rapport.KindOf(err) == rapport.NotFound || err == nil && !a.Enabled {
			return nil
		}
		if err != nil {
			return err
		}
		token, err := auth.Recover(tx, a)
		if err != nil {
			return err
		}
		if _, err := mail.Invite(tx, s.Box, a, rapport.Actor{}, s.PublicURL+"/invite/"+token); err != nil {
			return err
		}
		return tx.Audit(rapport.ActorOf(a, nil), "agent.forgot_password", a.Name, a.Email)
	})
}

type linkInput struct {
	Body struct {
		Token string `json:"token"`
	}
}

func (s *server) signInByLink(ctx context.Context, in *linkInput) (*signedIn, error) {
	if err := s.slow(ctx, ""); err != nil {
		return nil, err
	}
	return s.open(ctx, func(tx *store.Tx) (rapport.AgentID, error) {
		a, err := auth.ByLink(tx, in.Body.Token)
		return a.ID, err
	})
}

func (s *server) me(ctx context.Context, _ *noInput) (*reply[me], error) {
	var m me
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		m, err = readMe(tx, actorOf(ctx).AgentID)
		return err
	})
	return ok(m, err)
}

type signedOut struct {
	SetCookie string `header:"Set-Cookie"`
}

func (s *server) signOut(ctx context.Context, _ *noInput) (*signedOut, error) {
	session := sessionOf(ctx)
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		last, err := auth.CloseSession(tx, session)
		if err != nil || !last {
			return err
		}
		return routing.SignOut(tx, session.Actor.AgentID)
	})
	if err != nil {
		return nil, err
	}
	return &signedOut{s.cookie(httpRequest(ctx), "", 0)}, nil
}

type inviteInput struct {
	Token string `path:"token"`
}

type invitation struct {
	Name        string `json:"name"`
	Email       string `json:"email"`
	AccountName string `json:"account_name"`
}

func (s *server) readInvite(ctx context.Context, in *inviteInput) (*reply[invitation], error) {
	if err := s.slow(ctx, ""); err != nil {
		return nil, err
	}
	var v invitation
	err := s.DB.View(ctx, func(tx *store.Tx) error {
		a, err := auth.Invited(tx, in.Token)
		if err != nil {
			return err
		}
		config, err := tx.Configuration()
		if err != nil {
			return err
		}
		v = invitation{Name: a.Name, Email: a.Email, AccountName: config.Settings.AccountName}
		return nil
	})
	return ok(v, err)
}

type acceptInput struct {
	Token string `path:"token"`
	Body  struct {
		Name     string `json:"name,omitempty"`
		Password string `json:"password"`
	}
}

func (s *server) acceptInvite(ctx context.Context, in *acceptInput) (*signedIn, error) {
	if err := s.slow(ctx, ""); err != nil {
		return nil, err
	}
	err := s.DB.View(ctx, func(tx *store.Tx) error { // before the work of hashing
		_, err := auth.Invited(tx, in.Token)
		return err
	})
	if err != nil {
		return nil, err
	}
	hash, err := s.Passwords.Hash(ctx, "password", in.Body.Password)
	if err != nil {
		return nil, err
	}
	return s.open(ctx, func(tx *store.Tx) (rapport.AgentID, error) {
		a, err := auth.Accept(tx, in.Token, in.Body.Name, hash)
		if err != nil {
			return "", err
		}
		_, err = presence.Changed(tx, a.ID)
		return a.ID, err
	})
}

type statusInput struct {
	Body statusChoice
}

type statusChoice struct {
	Status rapport.Status   `json:"status,omitempty" enum:"available,busy,away,offline" doc:"Not needed with a custom status, which counts as its base."`
	Custom rapport.StatusID `json:"custom_status_id,omitempty" doc:"A custom status; empty: none."`
}

func (s *server) setStatus(ctx context.Context, in *statusInput) (*reply[rapport.Agent], error) {
	var a rapport.Agent
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		a, err = routing.Choose(tx, actorOf(ctx).AgentID, rapport.Choice{Status: in.Body.Status, Custom: in.Body.Custom})
		return err
	})
	return ok(a, err)
}

type meInput struct {
	Body struct {
		Name *string `json:"name,omitempty"`
	}
}

func (s *server) changeMe(ctx context.Context, in *meInput) (*reply[rapport.Agent], error) {
	var a rapport.Agent
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		if a, err = tx.Agent(actorOf(ctx).AgentID); err != nil || in.Body.Name == nil {
			return err
		}
		a.Name = *in.Body.Name
		if err := a.Validate(); err != nil {
			return err
		}
		a, err = routing.SaveAgent(tx, a)
		return err
	})
	return ok(a, err)
}

type passwordInput struct {
	Body struct {
		Current string `json:"current"`
		New     string `json:"new"`
	}
}

func (s *server) setPassword(ctx context.Context, in *passwordInput) (*nothing, error) {
	session := sessionOf(ctx)
	if err := s.slow(ctx, session.Agent.Email); err != nil {
		return nil, err
	}
	if err := s.Passwords.Confirm(ctx, s.DB, session.Actor.AgentID, "current", in.Body.Current); err != nil {
		return nil, err
	}
	hash, err := s.Passwords.Hash(ctx, "new", in.Body.New)
	if err != nil {
		return nil, err
	}
	return &nothing{}, s.DB.Update(ctx, func(tx *store.Tx) error { return auth.ChangePassword(tx, session, hash) })
}

// socket hands the connection to whoever runs the live sockets.
func (s *server) socket(w http.ResponseWriter, r *http.Request) {
	session := sessionOf(r.Context())
	s.Socket(w, r, session.Actor, session.Ends)
}
