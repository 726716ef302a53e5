package api

import (
	"context"

	"rapport"
	"rapport/routing"
	"rapport/store"
)

type queueMember struct {
	AgentID  rapport.AgentID `json:"agent_id"`
	CanReply bool            `json:"can_reply"`
}

type queueView struct {
	rapport.Queue
	Members   []queueMember `json:"members"`
	Available int           `json:"available" doc:"Members who could take one more conversation right now."`
	Waiting   int           `json:"waiting" doc:"Conversations without an agent."`
}

type queueList struct {
	Items []queueView `json:"items"`
}

func (s *server) listQueues(ctx context.Context, _ *noInput) (*reply[queueList], error) {
	got := queueList{Items: []queueView{}}
	err := s.DB.View(ctx, func(tx *store.Tx) error {
		members, err := tx.AllMembers()
		if err != nil {
			return err
		}
		of := map[rapport.QueueID][]queueMember{}
		for _, m := range members {
			of[m.QueueID] = append(of[m.QueueID], queueMember{m.AgentID, m.CanReply})
		}
		queues, err := tx.Queues()
		if err != nil {
			return err
		}
		for _, q := range queues {
			v := queueView{Queue: q, Members: append([]queueMember{}, of[q.ID]...)}
			if v.Available, v.Waiting, err = tx.QueueCounts(q.ID); err != nil {
				return err
			}
			got.Items = append(got.Items, v)
		}
		return nil
	})
	return ok(got, err)
}

// QueueTimes are what a queue says about time, and about what it writes from.
type QueueTimes struct {
	ReplyTimer     maybe[rapport.ReplyTimer] `json:"reply_timer,omitzero" doc:"Null takes the account's."`
	Hours          maybe[rapport.Hours]      `json:"hours,omitzero" doc:"Business hours; null is always open."`
	MaxWaitMinutes *int                      `json:"max_wait_minutes,omitempty" doc:"0 waits on."`
	FallbackQueue  *rapport.QueueID          `json:"fallback_queue,omitempty" doc:"Empty: none."`
	Senders        *rapport.Senders          `json:"senders,omitempty" doc:"What it writes from (S3-63…S3-67)."`
}

func (r *QueueTimes) into(q *rapport.Queue) {
	r.ReplyTimer.into(&q.ReplyTimer)
	r.Hours.into(&q.Hours)
	set(&q.MaxWaitMinutes, r.MaxWaitMinutes)
	set(&q.FallbackQueue, r.FallbackQueue)
	set(&q.Senders, r.Senders)
}

// validQueue checks what an admin typed, and that the queues it names exist.
func validQueue(tx *store.Tx, q *rapport.Queue) error {
	if err := q.Validate(); err != nil {
		return err
	}
	config, err := tx.Configuration()
	if err != nil {
		return err
	}
	channels := map[rapport.InboxID]string{}
	for id, i := range config.Inboxes {
		channels[id] = i.Channel
	}
	if err := q.Senders.Validate(channels); err != nil {
		return err
	}
	named := map[string]rapport.QueueID{"fallback_queue": q.FallbackQueue}
	if q.ReplyTimer != nil {
		named["reply_timer.fallback_queue"] = q.ReplyTimer.FallbackQueue
	}
	if q.Hours != nil {
		named["hours.fallback_queue"] = q.Hours.FallbackQueue
	}
	for field, id := range named {
		if err := queueExists(config, field, id); err != nil {
			return err
		}
	}
	return nil
}

func queueExists(config *store.Configuration, field string, id rapport.QueueID) error {
	if id != "" && config.Queues[id] == nil {
		return rapport.Invalidf(field, "There is no queue %q.", id)
	}
	return nil
}

type queueInput struct {
	Body struct {
		Name     string                `json:"name"`
		Strategy rapport.Strategy      `json:"strategy,omitempty" enum:"round_robin,least_load,longest_idle,random" doc:"Round robin when left out."`
		Capacity maybe[int]            `json:"capacity,omitzero"`
		Sticky   maybe[rapport.Sticky] `json:"sticky,omitzero"`
		Members  []queueMember         `json:"members,omitempty"`
		QueueTimes
	}
}

func (s *server) createQueue(ctx context.Context, in *queueInput) (*reply[rapport.Queue], error) {
	var q rapport.Queue
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		q = rapport.Queue{ID: rapport.NewID[rapport.QueueID](), Name: in.Body.Name, Strategy: in.Body.Strategy, Version: 1, CreatedAt: tx.Now()}
		if q.Strategy == "" {
			q.Strategy = rapport.RoundRobin
		}
		in.Body.Capacity.into(&q.Capacity)
		in.Body.Sticky.into(&q.Sticky)
		in.Body.QueueTimes.into(&q)
		if err := validQueue(tx, &q); err != nil {
			return err
		}
		if err := routing.SaveQueue(tx, q); err != nil {
			return err
		}
		if err := setMembers(tx, q, in.Body.Members); err != nil {
			return err
		}
		return tx.Audit(actorOf(ctx), "queue.created", q.Name, string(q.Strategy))
	})
	return ok(q, err)
}

// setMembers makes these agents the members of a queue, and nobody else.
// Everybody stays in the default queue.
func setMembers(tx *store.Tx, q rapport.Queue, members []queueMember) error {
	now, err := tx.Members(q.ID)
	if err != nil {
		return err
	}
	is := map[rapport.AgentID]bool{}
	canReply := map[rapport.AgentID]bool{}
	for _, m := range now {
		is[m.AgentID], canReply[m.AgentID] = true, m.CanReply
	}
	chosen := map[rapport.AgentID]bool{}
	for _, m := range members {
		chosen[m.AgentID] = true
		if is[m.AgentID] && canReply[m.AgentID] == m.CanReply {
			continue
		}
		if _, err := tx.Agent(m.AgentID); err != nil {
			return err
		}
		if err := routing.SaveMember(tx, rapport.Member{QueueID: q.ID, AgentID: m.AgentID, CanReply: m.CanReply}); err != nil {
			return err
		}
	}
	for _, m := range now {
		if chosen[m.AgentID] || q.Default {
			continue
		}
		if err := routing.RemoveMember(tx, q.ID, m.AgentID); err != nil {
			return err
		}
	}
	return nil
}

// changeMembers is setMembers that tells what it changed.
func changeMembers(tx *store.Tx, q rapport.Queue, members []queueMember) (told string, err error) {
	was, err := tx.Members(q.ID)
	if err != nil {
		return "", err
	}
	if err := setMembers(tx, q, members); err != nil {
		return "", err
	}
	is, err := tx.Members(q.ID)
	if err != nil {
		return "", err
	}
	return joined("members", was, is, func(m rapport.Member) (string, error) {
		a, err := tx.Agent(m.AgentID)
		return a.Name, err
	})
}

type queueChange struct {
	ID   rapport.QueueID `path:"id"`
	Body struct {
		Name     *string               `json:"name,omitempty"`
		Strategy *rapport.Strategy     `json:"strategy,omitempty" enum:"round_robin,least_load,longest_idle,random"`
		Capacity maybe[int]            `json:"capacity,omitzero" doc:"Null takes the account's."`
		Sticky   maybe[rapport.Sticky] `json:"sticky,omitzero" doc:"Null takes the account's."`
		Members  *[]queueMember        `json:"members,omitempty"`
		QueueTimes
	}
}

func (s *server) changeQueue(ctx context.Context, in *queueChange) (*reply[rapport.Queue], error) {
	var q rapport.Queue
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		if q, err = tx.Queue(in.ID); err != nil {
			return err
		}
		was := q
		set(&q.Name, in.Body.Name)
		set(&q.Strategy, in.Body.Strategy)
		in.Body.Capacity.into(&q.Capacity)
		in.Body.Sticky.into(&q.Sticky)
		in.Body.QueueTimes.into(&q)
		if err := validQueue(tx, &q); err != nil {
			return err
		}
		q.Version++
		if err := routing.SaveQueue(tx, q); err != nil {
			return err
		}
		detail := differences(was, q)
		if in.Body.Members != nil {
			moved, err := changeMembers(tx, q, *in.Body.Members)
			if err != nil {
				return err
			}
			detail = both(detail, moved)
		}
		return tx.Audit(actorOf(ctx), "queue.changed", q.Name, detail)
	})
	return ok(q, err)
}

type queueInputID struct {
	ID rapport.QueueID `path:"id"`
}

func (s *server) deleteQueue(ctx context.Context, in *queueInputID) (*nothing, error) {
	return &nothing{}, s.DB.Update(ctx, func(tx *store.Tx) error {
		q, err := tx.Queue(in.ID)
		if err != nil {
			return err
		}
		if err := routing.DeleteQueue(tx, in.ID); err != nil {
			return err
		}
		return tx.Audit(actorOf(ctx), "queue.deleted", q.Name, "")
	})
}
