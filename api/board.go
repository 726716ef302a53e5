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

type board struct {
	Agents  []agentView       `json:"agents"`
	Queues  []boardQueue      `json:"queues"`
	Waiting []rapport.Summary `json:"waiting" doc:"Who goes first stands first."`
}

func (s *server) board(ctx context.Context, _ *noInput) (*reply[board], error) {
	got := board{Queues: []boardQueue{}}
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		if got.Agents, err = readAgents(tx); err != nil {
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
