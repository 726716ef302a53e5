package api

import (
	"context"
	"time"

	"rapport"
	"rapport/store"
)

type boardQueue struct {
	ID          rapport.QueueID `json:"id"`
	Name        string          `json:"name"`
	Waiting     int             `json:"waiting"`
	OldestSince time.Time       `json:"oldest_since,omitzero"`
	Available   int             `json:"available"`
}

type boardAgent struct {
	rapport.Agent
	Queues            []queuePlace `json:"queues"`
	EffectiveCapacity int          `json:"effective_capacity" doc:"Most conversations at once in the queue that allows most."`

	Availability rapport.Status `json:"availability" enum:"available,busy,away,offline" doc:"The chosen status, or offline while no desk is connected."`
	CustomName   string         `json:"custom_name,omitempty"`
	CustomColor  string         `json:"custom_color,omitempty"`
	Since        time.Time      `json:"since,omitzero" doc:"Since when they are what they are."`
}

type board struct {
	Agents  []boardAgent      `json:"agents"`
	Queues  []boardQueue      `json:"queues"`
	Waiting []rapport.Summary `json:"waiting" doc:"Who goes first stands first."`
}

func (s *server) board(ctx context.Context, _ *noInput) (*reply[board], error) {
	got := board{Queues: []boardQueue{}}
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		if got.Agents, err = boardAgents(tx); err != nil {
			return err
		}
		if got.Waiting, err = tx.Waiting(store.Filter{Actor: actorOf(ctx)}); err != nil {
			return err
		}
		oldest := map[rapport.QueueID]time.Time{}
		for _, v := range got.Waiting {
			queue := v.QueueID
			if v.Transfer != nil {
				queue = v.Transfer.QueueID
			}
			if since := oldest[queue]; since.IsZero() || v.Waiting.Since.Before(since) {
				oldest[queue] = v.Waiting.Since
			}
		}
		queues, err := tx.Queues()
		for _, q := range queues {
			if err != nil {
				break
			}
			v := boardQueue{ID: q.ID, Name: q.Name, OldestSince: oldest[q.ID]}
			v.Available, v.Waiting, err = tx.QueueCounts(q.ID)
			got.Queues = append(got.Queues, v)
		}
		return err
	})
	return ok(got, err)
}

// boardAgents are the agents with what they are right now.
func boardAgents(tx *store.Tx) ([]boardAgent, error) {
	agents, err := readAgents(tx)
	if err != nil {
		return nil, err
	}
	since, err := tx.StatusSince()
	if err != nil {
		return nil, err
	}
	custom, err := tx.CustomStatuses()
	if err != nil {
		return nil, err
	}
	of := map[rapport.StatusID]rapport.CustomStatus{}
	for _, c := range custom {
		of[c.ID] = c
	}
	list := make([]boardAgent, len(agents))
	for i, a := range agents {
		c := of[a.Custom]
		list[i] = boardAgent{Agent: a.Agent, Queues: a.Queues, EffectiveCapacity: a.EffectiveCapacity, Availability: a.Availability(), CustomName: c.Name, CustomColor: c.Color, Since: since[a.ID]}
	}
	return list, nil
}
