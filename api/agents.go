package api

import (
	"context"

	"rapport"
	"rapport/auth"
	"rapport/mail"
	"rapport/presence"
	"rapport/routing"
	"rapport/store"
)

type agentView struct {
	rapport.Agent
	Queues            []queuePlace `json:"queues"`
	EffectiveCapacity int          `json:"effective_capacity" doc:"Most conversations at once in the queue that allows most."`
}

type agentList struct {
	Items []agentView `json:"items"`
}

func readAgents(tx *store.Tx) ([]agentView, error) {
	config, err := tx.Configuration()
	if err != nil {
		return nil, err
	}
	agents, err := tx.Agents()
	if err != nil {
		return nil, err
	}
	members, err := tx.AllMembers()
	if err != nil {
		return nil, err
	}
	of := map[rapport.AgentID][]rapport.Member{}
	for _, m := range members {
		of[m.AgentID] = append(of[m.AgentID], m)
	}
	views := make([]agentView, len(agents))
	for i, a := range agents {
		views[i] = agentView{Agent: a, Queues: placesOf(config, of[a.ID]), EffectiveCapacity: capacityOf(config, &a, of[a.ID])}
	}
	return views, nil
}

func capacityOf(config *store.Configuration, a *rapport.Agent, members []rapport.Member) int {
	if a.Capacity != nil {
		return *a.Capacity
	}
	most := 0
	for _, m := range members {
		q := config.Queues[m.QueueID]
		switch {
		case q == nil || !m.CanReply:
		case q.Capacity != nil:
			most = max(most, *q.Capacity)
		default:
			most = max(most, config.Settings.Capacity)
		}
	}
	return most
}

func (s *server) listAgents(ctx context.Context, _ *noInput) (*reply[agentList], error) {
	var got agentList
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		got.Items, err = readAgents(tx)
		return err
	})
	return ok(got, err)
}

type queueChoice struct {
	ID       rapport.QueueID `json:"id"`
	CanReply bool            `json:"can_reply"`
}

type agentInput struct {
	Body struct {
		Name     string        `json:"name"`
		Email    string        `json:"email"`
		Role     rapport.Role  `json:"role" enum:"agent,supervisor,admin"`
		Enabled  *bool         `json:"enabled,omitempty"`
		Capacity maybe[int]    `json:"capacity,omitzero"`
		Queues   []queueChoice `json:"queues,omitempty" doc:"Besides the default queue, which everybody belongs to."`
	}
}

type invitedAgent struct {
	Agent     rapport.Agent `json:"agent"`
	InviteURL string        `json:"invite_url"`
	Mailed    bool          `json:"mailed" doc:"The link is also on its way to them by e-mail."`
}

func (s *server) createAgent(ctx context.Context, in *agentInput) (*reply[invitedAgent], error) {
	var got invitedAgent
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		a := rapport.Agent{ID: rapport.NewID[rapport.AgentID](), Name: in.Body.Name, Email: in.Body.Email, Role: in.Body.Role, Enabled: true, Invited: true, Status: rapport.StatusOffline, CreatedAt: tx.Now()}
		set(&a.Enabled, in.Body.Enabled)
		in.Body.Capacity.into(&a.Capacity)
		if err := a.Validate(); err != nil {
			return err
		}
		if err := tx.InsertAgent(a); err != nil {
			return err
		}
		if err := joinQueues(tx, a.ID, in.Body.Queues); err != nil {
			return err
		}
		if got.InviteURL, got.Mailed, err = s.invite(ctx, tx, a); err != nil {
			return err
		}
		if got.Agent, err = presence.Changed(tx, a.ID); err != nil {
			return err
		}
		return tx.Audit(actorOf(ctx), "agent.created", a.Name, a.Email+", "+string(a.Role))
	})
	return ok(got, err)
}

// joinQueues makes an agent a member of these queues, and of no other but the
// default one.
func joinQueues(tx *store.Tx, id rapport.AgentID, choices []queueChoice) error {
	config, err := tx.Configuration()
	if err != nil {
		return err
	}
	members, err := tx.MemberOf(id)
	if err != nil {
		return err
	}
	is := map[rapport.QueueID]bool{}
	canReply := map[rapport.QueueID]bool{}
	for _, m := range members {
		is[m.QueueID], canReply[m.QueueID] = true, m.CanReply
	}
	chosen := map[rapport.QueueID]bool{config.Default: true}
	for _, c := range choices {
		chosen[c.ID] = true
		if config.Queues[c.ID] == nil {
			return rapport.Invalidf("queues", "There is no queue %q.", c.ID)
		}
		if is[c.ID] && canReply[c.ID] == c.CanReply {
			continue
		}
		if err := routing.SaveMember(tx, rapport.Member{QueueID: c.ID, AgentID: id, CanReply: c.CanReply}); err != nil {
			return err
		}
	}
	for _, m := range members {
		if chosen[m.QueueID] {
			continue
		}
		if err := routing.RemoveMember(tx, m.QueueID, id); err != nil {
			return err
		}
	}
	return nil
}

// changeQueues is joinQueues that tells what it changed.
func changeQueues(tx *store.Tx, id rapport.AgentID, choices []queueChoice) (told string, err error) {
	was, err := tx.MemberOf(id)
	if err != nil {
		return "", err
	}
	if err := joinQueues(tx, id, choices); err != nil {
		return "", err
	}
	is, err := tx.MemberOf(id)
	if err != nil {
		return "", err
	}
	return joined("queues", was, is, func(m rapport.Member) (string, error) {
		q, err := tx.Queue(m.QueueID)
		return q.Name, err
	})
}

type agentChange struct {
	ID   rapport.AgentID `path:"id"`
	Body struct {
		Name     *string        `json:"name,omitempty"`
		Email    *string        `json:"email,omitempty"`
		Role     *rapport.Role  `json:"role,omitempty" enum:"agent,supervisor,admin"`
		Enabled  *bool          `json:"enabled,omitempty"`
		Capacity maybe[int]     `json:"capacity,omitzero" doc:"Null takes the queue's or the account's value."`
		Queues   *[]queueChoice `json:"queues,omitempty"`
	}
}

func (s *server) changeAgent(ctx context.Context, in *agentChange) (*reply[rapport.Agent], error) {
	var a rapport.Agent
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		if a, err = tx.Agent(in.ID); err != nil {
			return err
		}
		was := a
		set(&a.Name, in.Body.Name)
		set(&a.Email, in.Body.Email)
		set(&a.Role, in.Body.Role)
		set(&a.Enabled, in.Body.Enabled)
		in.Body.Capacity.into(&a.Capacity)
		if err := a.Validate(); err != nil {
			return err
		}
		moved := ""
		if in.Body.Queues != nil {
			if moved, err = changeQueues(tx, a.ID, *in.Body.Queues); err != nil {
				return err
			}
		}
		if a, err = routing.SaveAgent(tx, a); err != nil {
			return err
		}
		if err := auth.KeepAdmin(tx); err != nil {
			return err
		}
		return tx.Audit(actorOf(ctx), "agent.changed", a.Name, both(differences(was, a), moved))
	})
	return ok(a, err)
}

type agentInputID struct {
	ID rapport.AgentID `path:"id"`
}

func (s *server) deleteAgent(ctx context.Context, in *agentInputID) (*nothing, error) {
	return &nothing{}, s.DB.Update(ctx, func(tx *store.Tx) error {
		a, err := tx.Agent(in.ID)
		if err != nil {
			return err
		}
		if err := routing.DeleteAgent(tx, in.ID); err != nil {
			return err
		}
		if err := auth.KeepAdmin(tx); err != nil {
			return err
		}
		return tx.Audit(actorOf(ctx), "agent.deleted", a.Name, a.Email)
	})
}

type inviteURL struct {
	InviteURL string `json:"invite_url"`
	Mailed    bool   `json:"mailed" doc:"The link is also on its way to them by e-mail."`
}

// invite makes the link of an invitation for an agent, and mails it if it can.
func (s *server) invite(ctx context.Context, tx *store.Tx, a rapport.Agent) (link string, mailed bool, err error) {
	token, err := auth.Invite(tx, a.ID)
	if err != nil {
		return "", false, err
	}
	link = s.base(httpRequest(ctx)) + "/invite/" + token
	mailed, err = mail.Invite(tx, s.Box, a, actorOf(ctx), link)
	return link, mailed, err
}

func (s *server) inviteAgent(ctx context.Context, in *agentInputID) (*reply[inviteURL], error) {
	var got inviteURL
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		a, err := tx.Agent(in.ID)
		if err != nil {
			return err
		}
		if got.InviteURL, got.Mailed, err = s.invite(ctx, tx, a); err != nil {
			return err
		}
		return tx.Audit(actorOf(ctx), "agent.invited", a.Name, a.Email)
	})
	return ok(got, err)
}
