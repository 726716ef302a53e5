package api

import (
	"cmp"
	"context"
	"slices"

	"rapport"
	"rapport/conversation"
	"rapport/routing"
	"rapport/store"
)

// mostTargets bounds how many members of a queue are weighed.
const mostTargets = 500

type targetAgent struct {
	ID           rapport.AgentID `json:"id"`
	Name         string          `json:"name"`
	Availability rapport.Status  `json:"availability" enum:"available,busy,away,offline"`
	Load         int             `json:"load"`
	Capacity     int             `json:"capacity"`
	Eligible     bool            `json:"eligible"`
	Reason       string          `json:"reason" doc:"Why not; empty for who is eligible."`
}

type targetQueue struct {
	ID        rapport.QueueID `json:"id"`
	Name      string          `json:"name"`
	Available int             `json:"available" doc:"Members who could take one more right now."`
	Waiting   int             `json:"waiting"`
}

type targets struct {
	Agents []targetAgent `json:"agents" doc:"Members of the conversation's queue: who is eligible first."`
	Queues []targetQueue `json:"queues"`
}

func (s *server) targets(ctx context.Context, in *conversationInput) (*reply[targets], error) {
	got := targets{Agents: []targetAgent{}, Queues: []targetQueue{}}
	err := s.DB.View(ctx, func(tx *store.Tx) error {
		v, err := conversation.See(tx, actorOf(ctx), in.ID)
		if err != nil {
			return err
		}
		members, err := tx.QueueFacts(v.QueueID, mostTargets)
		if err != nil {
			return err
		}
		for _, f := range members {
			if f.Agent.ID == v.Assignee {
				continue
			}
			verdict, why := routing.Weigh(f)
			got.Agents = append(got.Agents, targetAgent{
				ID: f.Agent.ID, Name: f.Agent.Name, Availability: f.Agent.Availability(), Load: f.Agent.Load, Capacity: f.Room,
				Eligible: verdict == rapport.Chosen, Reason: why,
			})
		}
		queues, err := tx.Queues()
		if err != nil {
			return err
		}
		for _, q := range queues {
			if q.ID == v.QueueID {
				continue
			}
			ready, waiting, err := tx.QueueCounts(q.ID)
			if err != nil {
				return err
			}
			got.Queues = append(got.Queues, targetQueue{ID: q.ID, Name: q.Name, Available: ready, Waiting: waiting})
		}
		return nil
	})
	slices.SortFunc(got.Agents, func(a, b targetAgent) int {
		if a.Eligible != b.Eligible {
			if a.Eligible {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return ok(got, err)
}
