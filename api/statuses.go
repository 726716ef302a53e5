package api

import (
	"context"
	"time"

	"rapport"
	"rapport/routing"
	"rapport/store"
)

type statusList struct {
	Items []rapport.CustomStatus `json:"items"`
}

func (s *server) listStatuses(ctx context.Context, _ *noInput) (*reply[statusList], error) {
	var got statusList
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		got.Items, err = tx.CustomStatuses()
		return err
	})
	return ok(got, err)
}

type customInput struct {
	Body struct {
		Name     string         `json:"name"`
		Base     rapport.Status `json:"base" enum:"available,busy,away"`
		Color    string         `json:"color" doc:"#rrggbb"`
		Position int            `json:"position,omitempty"`
	}
}

// mostStatuses keeps a menu a menu.
const mostStatuses = 50

func (s *server) createStatus(ctx context.Context, in *customInput) (*reply[rapport.CustomStatus], error) {
	var c rapport.CustomStatus
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		there, err := tx.CustomStatuses()
		if err != nil {
			return err
		}
		if len(there) >= mostStatuses {
			return rapport.Errorf(rapport.Conflict, "too_many", "There are %d statuses; that is the most.", len(there))
		}
		c = rapport.CustomStatus{ID: rapport.NewID[rapport.StatusID](), Name: in.Body.Name, Base: in.Body.Base, Color: in.Body.Color, Position: in.Body.Position, CreatedAt: tx.Now()}
		return saveStatus(ctx, tx, &c, "status.created")
	})
	return ok(c, err)
}

func saveStatus(ctx context.Context, tx *store.Tx, c *rapport.CustomStatus, deed string) error {
	if err := c.Validate(); err != nil {
		return err
	}
	if err := tx.SaveCustomStatus(*c); err != nil {
		return err
	}
	if err := tx.Append(rapport.Event{Kind: "status.changed"}, rapport.Change{}); err != nil {
		return err
	}
	return tx.Audit(actorOf(ctx), deed, c.Name, string(c.Base)+", "+c.Color)
}

type customChange struct {
	ID   rapport.StatusID `path:"id"`
	Body struct {
		Name     *string         `json:"name,omitempty"`
		Base     *rapport.Status `json:"base,omitempty" enum:"available,busy,away"`
		Color    *string         `json:"color,omitempty"`
		Position *int            `json:"position,omitempty"`
	}
}

func (s *server) changeStatus(ctx context.Context, in *customChange) (*reply[rapport.CustomStatus], error) {
	var c rapport.CustomStatus
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		if c, err = tx.CustomStatus(in.ID); err != nil {
			return err
		}
		was := c
		set(&c.Name, in.Body.Name)
		set(&c.Base, in.Body.Base)
		set(&c.Color, in.Body.Color)
		set(&c.Position, in.Body.Position)
		if err := saveStatus(ctx, tx, &c, "status.changed"); err != nil || c.Base == was.Base {
			return err
		}
		return rechoose(ctx, tx, c.ID, rapport.Choice{Custom: c.ID})
	})
	return ok(c, err)
}

type statusID struct {
	ID rapport.StatusID `path:"id"`
}

func (s *server) deleteStatus(ctx context.Context, in *statusID) (*nothing, error) {
	return &nothing{}, s.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.CustomStatus(in.ID)
		if err != nil {
			return err
		}
		if err := rechoose(ctx, tx, c.ID, rapport.Choice{Status: c.Base}); err != nil {
			return err
		}
		if err := tx.DeleteCustomStatus(c.ID); err != nil {
			return err
		}
		if err := tx.Append(rapport.Event{Kind: "status.changed"}, rapport.Change{}); err != nil {
			return err
		}
		return tx.Audit(actorOf(ctx), "status.deleted", c.Name, "")
	})
}

// rechoose makes a choice for everybody who has a custom status.
func rechoose(ctx context.Context, tx *store.Tx, id rapport.StatusID, c rapport.Choice) error {
	agents, err := tx.WithCustom(id)
	if err != nil {
		return err
	}
	c.By = actorOf(ctx).AgentID
	for _, a := range agents {
		agent, err := tx.Agent(a)
		if err != nil {
			return err
		}
		if agent.Custom == "" { // kept aside while they are Away for want of input
			continue
		}
		if _, err := routing.Choose(tx, a, c); err != nil {
			return err
		}
	}
	return nil
}

type agentStatusInput struct {
	ID   rapport.AgentID `path:"id"`
	Body statusChoice
}

func (s *server) setAgentStatus(ctx context.Context, in *agentStatusInput) (*reply[rapport.Agent], error) {
	var a rapport.Agent
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		if _, err = tx.Agent(in.ID); err != nil {
			return err
		}
		a, err = routing.Choose(tx, in.ID, rapport.Choice{Status: in.Body.Status, Custom: in.Body.Custom, By: actorOf(ctx).AgentID})
		if err != nil {
			return err
		}
		what := string(a.Status)
		if a.Custom != "" {
			c, err := tx.CustomStatus(a.Custom)
			if err != nil {
				return err
			}
			what = c.Name
		}
		return tx.Audit(actorOf(ctx), "agent.status", a.Name, what)
	})
	return ok(a, err)
}

type statusPeriod struct {
	ID   rapport.AgentID `path:"id"`
	From time.Time       `query:"from" doc:"Beginning; seven days ago when left out."`
	To   time.Time       `query:"to" doc:"End; now when left out."`
}

type statusHistory struct {
	Items  []rapport.StatusChange `json:"items" doc:"First the change that the period began with."`
	Totals []rapport.Total        `json:"totals"`
}

const (
	longestPeriod = 93 * 24 * time.Hour
	mostChanges   = 50_000
)

func (s *server) statusChanges(ctx context.Context, in *statusPeriod) (*reply[statusHistory], error) {
	var got statusHistory
	err := s.DB.View(ctx, func(tx *store.Tx) error {
		if _, err := tx.Agent(in.ID); err != nil {
			return err
		}
		from, to := in.From, in.To
		if now := tx.Now().Add(time.Millisecond); to.IsZero() || to.After(now) { // what has just happened belongs to it
			to = now
		}
		if from.IsZero() {
			from = to.Add(-7 * 24 * time.Hour)
		}
		if !from.Before(to) {
			return rapport.Invalidf("from", "The period must begin before it ends, and in the past.")
		}
		if to.Sub(from) > longestPeriod {
			return rapport.Invalidf("from", "The period may be 93 days long; ask for less at once.")
		}
		var err error
		if got.Items, err = tx.StatusChanges(in.ID, from, to, mostChanges+1); err != nil {
			return err
		}
		if len(got.Items) > mostChanges {
			return rapport.Invalidf("from", "There are more than %d changes in this period; ask for less at once.", mostChanges)
		}
		got.Totals = rapport.Totals(got.Items, from, to)
		return nil
	})
	return ok(got, err)
}
