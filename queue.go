package rapport

import (
	"strings"
	"time"
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

	CreatedAt time.Time `json:"created_at"`
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
	if q.Name == "" || len(q.Name) > 80 {
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
	return validCapacity("capacity", q.Capacity)
}
