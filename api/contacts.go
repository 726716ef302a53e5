package api

import (
	"context"
	"slices"
	"time"

	"rapport"
	"rapport/conversation"
	"rapport/customer"
	"rapport/store"
)

type contactInput struct {
	ID rapport.ContactID `path:"id"`
}

type namedAgent struct {
	StickyID rapport.StickyID `json:"sticky_id"`
	Title    string           `json:"title"`
	Agent    rapport.AgentRef `json:"agent"`
}

type lastAgent struct {
	Agent     rapport.AgentRef `json:"agent"`
	EndedAt   time.Time        `json:"ended_at"`
	ExpiresAt time.Time        `json:"expires_at" doc:"From then on the customer is not brought back to them any more."`
}

type contactView struct {
	rapport.Contact
	Conversations []rapport.Summary      `json:"conversations" doc:"Those that the caller may see, the latest first, at most 50."`
	Named         *namedAgent            `json:"named,omitempty" doc:"The sticky agent who is named for this customer."`
	LastAgent     *lastAgent             `json:"last_agent,omitempty" doc:"Who handled the customer last."`
	Merges        []rapport.ContactMerge `json:"merges" doc:"That the customer took part in and that stand, the latest first."`
}

const shownConversations = 50

func (s *server) readContact(ctx context.Context, in *contactInput) (*reply[contactView], error) {
	actor := actorOf(ctx)
	var v contactView
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		if in.ID, err = tx.Survivor(in.ID); err != nil { // links to who was merged lead to who is left
			return err
		}
		if v.Contact, err = conversation.Customer(tx, actor, in.ID); err != nil {
			return err
		}
		merges, err := customer.Merges(tx, actor, in.ID)
		if err != nil {
			return err
		}
		v.Merges = slices.DeleteFunc(merges, func(m rapport.ContactMerge) bool { return !m.UndoneAt.IsZero() })
		if v.Conversations, err = tx.OfContact(store.Filter{Actor: actor, Contact: in.ID, Page: store.Page{Limit: shownConversations}}); err != nil {
			return err
		}
		named, found, err := tx.StickyOfContact(in.ID)
		if err != nil {
			return err
		}
		if found {
			v.Named = &namedAgent{StickyID: named.ID, Title: named.Title, Agent: rapport.AgentRef{ID: named.AgentID, Name: named.AgentName}}
		}
		bond, name, found, err := tx.LastAgent(in.ID)
		if err != nil || !found {
			return err
		}
		config, err := tx.Configuration()
		if err != nil {
			return err
		}
		v.LastAgent = &lastAgent{Agent: rapport.AgentRef{ID: bond.AgentID, Name: name}, EndedAt: bond.EndedAt, ExpiresAt: bond.EndedAt.Add(config.StickyIn(bond.QueueID).Window())}
		return nil
	})
	return ok(v, err)
}

type contactChange struct {
	ID   rapport.ContactID `path:"id"`
	Body struct {
		Name   *string           `json:"name,omitempty"`
		Fields map[string]string `json:"fields,omitempty" doc:"Fields to set; an empty value removes one. A field with an attribute is checked."`
		Tags   []string          `json:"tags,omitempty" doc:"All of them."`
	}
}

func (s *server) changeContact(ctx context.Context, in *contactChange) (*reply[rapport.Contact], error) {
	var c rapport.Contact
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		actor := actorOf(ctx)
		c, err = conversation.Customer(tx, actor, in.ID)
		if err == nil && in.Body.Name != nil {
			c, err = conversation.NameCustomer(tx, actor, in.ID, *in.Body.Name)
		}
		if err == nil && len(in.Body.Fields) > 0 {
			c, err = conversation.SetContactFields(tx, actor, in.ID, in.Body.Fields)
		}
		if err == nil && in.Body.Tags != nil {
			c, err = customer.SetTags(tx, actor, in.ID, in.Body.Tags)
		}
		return err
	})
	return ok(c, err)
}
