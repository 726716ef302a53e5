package conversation

import (
	"cmp"
	"slices"
	"strings"

	"rapport"
	"rapport/store"
)

const (
	mostMentions = 20
	mostQueues   = 5
)

// Colleague is somebody whom a note may name.
type Colleague struct {
	ID           rapport.AgentID `json:"id"`
	Name         string          `json:"name"`
	Availability rapport.Status  `json:"availability" enum:"available,busy,away,offline"`
	Sees         bool            `json:"sees" doc:"They may see this conversation; who may not is not told."`
}

// Colleagues finds whom a note on a conversation may name: those who may see it
// first.
func Colleagues(tx *store.Tx, actor rapport.Actor, id rapport.ConversationID, text string, limit int) ([]Colleague, error) {
	s, err := See(tx, actor, id)
	if err != nil {
		return nil, err
	}
	sees, err := audience(tx, &s.Conversation)
	if err != nil {
		return nil, err
	}
	agents, err := tx.Agents()
	if err != nil {
		return nil, err
	}
	text = strings.ToLower(text)
	found := []Colleague{}
	for i := range agents {
		a := &agents[i]
		if !a.Enabled || a.Invited || a.ID == actor.AgentID || !strings.Contains(strings.ToLower(a.Name), text) {
			continue
		}
		found = append(found, Colleague{ID: a.ID, Name: a.Name, Availability: a.Availability(), Sees: sees(a)})
	}
	first := func(c *Colleague) int {
		n := 0
		if !c.Sees {
			n += 4
		}
		if !strings.HasPrefix(strings.ToLower(c.Name), text) {
			n += 2
		}
		if c.Availability == rapport.StatusOffline {
			n++
		}
		return n
	}
	slices.SortFunc(found, func(a, b Colleague) int {
		return cmp.Or(cmp.Compare(first(&a), first(&b)), cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)))
	})
	return found[:min(len(found), limit)], nil
}

// audience tells who may see a conversation, as Actor.Sees does.
func audience(tx *store.Tx, c *rapport.Conversation) (func(*rapport.Agent) bool, error) {
	in := map[rapport.AgentID]bool{c.Assignee: true, c.StartedBy: true}
	queues := []rapport.QueueID{c.QueueID}
	if c.Transfer != nil {
		queues = append(queues, c.Transfer.QueueID)
	}
	for _, q := range queues {
		members, err := tx.Members(q)
		if err != nil {
			return nil, err
		}
		for _, m := range members {
			in[m.AgentID] = true
		}
	}
	return func(a *rapport.Agent) bool { return a.Role != rapport.RoleAgent || in[a.ID] }, nil
}

// mentioned decides who is told of a note that names people: never somebody who
// may not see the conversation. Those stay out of the note's mentions; who they
// are is returned, for the author to know.
func mentioned(tx *store.Tx, actor rapport.Actor, s *rapport.Summary, c *rapport.Content) (tell []rapport.AgentID, untold []string, err error) {
	if len(c.Mentions) > mostMentions || len(c.Queues) > mostQueues {
		return nil, nil, rapport.Invalidf("mentions", "A note names at most %d colleagues and %d queues.", mostMentions, mostQueues)
	}
	if len(c.Mentions) == 0 && len(c.Queues) == 0 {
		return nil, nil, nil
	}
	sees, err := audience(tx, &s.Conversation)
	if err != nil {
		return nil, nil, err
	}
	var kept []rapport.AgentID
	for _, id := range c.Mentions {
		a, err := tx.Agent(id)
		switch {
		case gone(err) || err == nil && !a.Enabled:
			return nil, nil, rapport.Invalidf("mentions", "There is no colleague %q.", id)
		case err != nil:
			return nil, nil, err
		case slices.Contains(kept, id):
		case sees(&a):
			kept = append(kept, id)
			tell = append(tell, id)
		default:
			untold = append(untold, a.Name)
		}
	}
	config, err := tx.Configuration()
	if err != nil {
		return nil, nil, err
	}
	c.Mentions, c.Queues = kept, slices.Compact(c.Queues)
	for _, id := range c.Queues {
		q := config.Queues[id]
		if q == nil {
			return nil, nil, rapport.Invalidf("mention_queues", "There is no queue %q.", id)
		}
		members, err := tx.QueueFacts(id, 1000)
		if err != nil {
			return nil, nil, err
		}
		some := false
		for i := range members {
			if a := &members[i].Agent; a.Enabled && sees(a) {
				tell, some = append(tell, a.ID), true
			}
		}
		if !some {
			untold = append(untold, q.Name)
		}
	}
	return slices.DeleteFunc(tell, func(id rapport.AgentID) bool { return id == actor.AgentID }), untold, nil
}
