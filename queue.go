package rapport

import (
	"strings"
	"time"
	"unicode/utf8"
)

// Strategy picks one of several eligible agents of a queue.
type Strategy string

const (
	RoundRobin  Strategy = "round_robin"  // equal turns (S4-11)
	LeastLoad   Strategy = "least_load"   // fewest open conversations first (S4-12)
	LongestIdle Strategy = "longest_idle" // who has been without new work the longest
	Random      Strategy = "random"       // S1-09
)

// Valid tells whether s is a known strategy.
func (s Strategy) Valid() bool {
	switch s {
	case RoundRobin, LeastLoad, LongestIdle, Random:
		return true
	}
	return false
}

// Queue is a waiting line, its policy, and the agents who serve it.
type Queue struct {
	ID       QueueID  `json:"id"`
	Name     string   `json:"name"`
	Default  bool     `json:"default" doc:"The default queue collects what nothing else matched; every agent is a member (S3-05…S3-07)."`
	Strategy Strategy `json:"strategy" enum:"round_robin,least_load,longest_idle,random"`
	Capacity *int     `json:"capacity" doc:"Capacity of members without a value of their own; null takes the account's."`
	Sticky   *Sticky  `json:"sticky" doc:"Sticky settings of this queue; null takes the account's."`
	Version  int      `json:"version" doc:"Grows with every change; decisions name the version they followed."`

	QueueRules

	CreatedAt time.Time `json:"created_at"`
}

// QueueRules are about time, and about what it writes from.
type QueueRules struct {
	ReplyTimer     *ReplyTimer `json:"reply_timer" doc:"Null takes the account's."`
	Hours          *Hours      `json:"hours" doc:"Business hours; null is always open."`
	MaxWaitMinutes int         `json:"max_wait_minutes" doc:"After this long without an agent a conversation goes to the fallback queue, and supervisors are told; 0 waits on (C25)."`
	FallbackQueue  QueueID     `json:"fallback_queue,omitempty"`
	Senders        Senders     `json:"senders,omitzero"`
}

// QueueRef names a queue.
type QueueRef struct {
	ID   QueueID `json:"id"`
	Name string  `json:"name"`
}

// Member is an agent's place in a queue.
type Member struct {
	QueueID  QueueID `json:"queue_id"`
	AgentID  AgentID `json:"agent_id"`
	CanReply bool    `json:"can_reply" doc:"False lets the agent look but neither reply nor be assigned."`
}

// Validate checks what an admin typed.
func (q *Queue) Validate() error {
	q.Name = strings.TrimSpace(q.Name)
	if q.Name == "" || utf8.RuneCountInString(q.Name) > 80 {
		return Invalidf("name", "A queue needs a name of 1 to 80 characters.")
	}
	if !q.Strategy.Valid() {
		return Invalidf("strategy", "%q is not a strategy; use round_robin, least_load, longest_idle or random.", q.Strategy)
	}
	if q.Sticky != nil {
		if err := q.Sticky.Validate("sticky."); err != nil {
			return err
		}
	}
	if q.ReplyTimer != nil {
		if err := q.ReplyTimer.Validate("reply_timer."); err != nil {
			return err
		}
	}
	if q.MaxWaitMinutes < 0 || q.MaxWaitMinutes > 30*24*60 {
		return Invalidf("max_wait_minutes", "Between 0 and 30 days (43200 minutes); %d is not.", q.MaxWaitMinutes)
	}
	if q.FallbackQueue != "" && q.FallbackQueue == q.ID {
		return Invalidf("fallback_queue", "A queue cannot be its own fallback; choose another one, or none.")
	}
	if q.Hours != nil {
		if err := q.Hours.Validate("hours."); err != nil {
			return err
		}
		if q.Hours.FallbackQueue != "" && q.Hours.FallbackQueue == q.ID {
			return Invalidf("hours.fallback_queue", "A queue cannot be its own fallback; choose another one, or none.")
		}
	}
	return validCapacity("capacity", q.Capacity)
}
