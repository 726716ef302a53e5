package api

import (
	"context"
	"net/http"
	"strings"
	"unicode"

	"rapport"
	"rapport/lib/point"
	"rapport/store"
)

type stickyInput struct {
	Q       string `query:"q" maxLength:"200" doc:"Looks into titles, agents' names and addresses, however a number is written."`
	Enabled string `query:"enabled" enum:"true,false"`
	Cursor  string `query:"cursor"`
	Limit   int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

func (s *server) listSticky(ctx context.Context, in *stickyInput) (*reply[list[rapport.StickyAgent]], error) {
	name := "sticky." + in.Enabled
	from, err := parsePlace(name, in.Cursor)
	if err != nil {
		return nil, err
	}
	after := ""
	if from.ID != "" {
		after = from.Text + "\x00" + from.ID
	}
	var enabled *bool
	if in.Enabled != "" {
		is := in.Enabled == "true"
		enabled = &is
	}
	var got list[rapport.StickyAgent]
	err = s.DB.View(ctx, func(tx *store.Tx) error {
		config, err := tx.Configuration()
		if err != nil {
			return err
		}
		items, err := tx.Stickies(in.Q, addressed(in.Q, config.Settings.Country), enabled, after, in.Limit+1)
		got = page(items, in.Limit, func(v rapport.StickyAgent) place { return place{List: name, Text: v.Title, ID: string(v.ID)} })
		return err
	})
	return ok(got, err)
}

// fewDigits are in the numbers of too many to find somebody by.
const fewDigits = 4

// addressed is how addresses have what somebody searches for: an address in its one
// form, and of a number, or some of one, the digits alone.
func addressed(q, country string) (texts []string) {
	if p, err := point.Parse("", q, country); err == nil {
		texts = append(texts, p.Address)
	}
	if strings.ContainsFunc(q, func(r rune) bool { return unicode.IsLetter(r) || r == '@' }) {
		return texts
	}
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, strings.ReplaceAll(q, "(0)", ""))
	if digits = strings.TrimLeft(digits, "0"); len(digits) >= fewDigits { // without 00 and 0, which addresses lack
		texts = append(texts, digits)
	}
	return texts
}

type stickyNew struct {
	Body struct {
		Title   string          `json:"title"`
		Points  string          `json:"points" maxLength:"4000" doc:"Phone numbers and mail addresses, separated by commas."`
		AgentID rapport.AgentID `json:"agent_id"`
		Enabled *bool           `json:"enabled,omitempty" doc:"True when left out."`
	}
}

func (s *server) createSticky(ctx context.Context, in *stickyNew) (*writtenSticky, error) {
	var v rapport.StickyAgent
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		v = rapport.StickyAgent{ID: rapport.NewID[rapport.StickyID](), Title: in.Body.Title, AgentID: in.Body.AgentID, Enabled: true}
		set(&v.Enabled, in.Body.Enabled)
		return saveSticky(tx, actorOf(ctx), &v, &in.Body.Points, nil)
	})
	return &writtenSticky{http.StatusCreated, v}, err
}

type writtenSticky struct {
	Status int
	Body   rapport.StickyAgent
}

// saveSticky checks a record, saves it, and returns it as it now is. was is nil for a
// new one.
func saveSticky(tx *store.Tx, actor rapport.Actor, v *rapport.StickyAgent, points *string, was *rapport.StickyAgent) error {
	config, err := tx.Configuration()
	if err != nil {
		return err
	}
	if points != nil {
		if v.Points, err = point.ParseList(*points, config.Settings.Country); err != nil {
			return err
		}
	}
	if err := v.Validate(); err != nil {
		return err
	}
	if err := agentExists(tx, v, was); err != nil {
		return err
	}
	if err := tx.SaveSticky(*v); err != nil {
		return err
	}
	if *v, err = tx.Sticky(v.ID); err != nil {
		return err
	}
	if was != nil {
		return tx.Audit(actor, "sticky_agent.changed", v.Title, differences(*was, *v))
	}
	return tx.Audit(actor, "sticky_agent.created", v.Title, v.AgentName)
}

// agentExists refuses an agent who is not there, unless the record had that agent
// before: one of an agent who was deleted can be disabled, renamed and given other
// customers, so that it stands in nobody's way, but not be enabled.
func agentExists(tx *store.Tx, v, was *rapport.StickyAgent) error {
	same := was != nil && v.AgentID == was.AgentID
	if same && (was.Enabled || !v.Enabled) {
		return nil
	}
	_, err := tx.Agent(v.AgentID)
	switch {
	case rapport.KindOf(err) != rapport.NotFound:
		return err
	case same && v.AgentName != "":
		return rapport.Invalidf("agent_id", "%s, whom these customers belong to, was deleted; choose another agent before you enable the record.", v.AgentName)
	}
	return rapport.Invalidf("agent_id", "There is no agent %q.", v.AgentID)
}

type stickyChange struct {
	ID   rapport.StickyID `path:"id"`
	Body struct {
		Title   *string          `json:"title,omitempty"`
		Points  *string          `json:"points,omitempty" maxLength:"4000"`
		AgentID *rapport.AgentID `json:"agent_id,omitempty"`
		Enabled *bool            `json:"enabled,omitempty"`
	}
}

func (s *server) changeSticky(ctx context.Context, in *stickyChange) (*reply[rapport.StickyAgent], error) {
	var v rapport.StickyAgent
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		if v, err = tx.Sticky(in.ID); err != nil {
			return err
		}
		was := v
		set(&v.Title, in.Body.Title)
		set(&v.AgentID, in.Body.AgentID)
		set(&v.Enabled, in.Body.Enabled)
		return saveSticky(tx, actorOf(ctx), &v, in.Body.Points, &was)
	})
	return ok(v, err)
}

type stickyInputID struct {
	ID rapport.StickyID `path:"id"`
}

func (s *server) deleteSticky(ctx context.Context, in *stickyInputID) (*nothing, error) {
	return &nothing{}, s.DB.Update(ctx, func(tx *store.Tx) error {
		v, err := tx.Sticky(in.ID)
		if err != nil {
			return err
		}
		if err := tx.DeleteSticky(in.ID); err != nil {
			return err
		}
		return tx.Audit(actorOf(ctx), "sticky_agent.deleted", v.Title, v.AgentName)
	})
}
