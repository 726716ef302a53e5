package conversation

import (
	"cmp"
	"slices"
	"strings"

	"rapport"
	"rapport/store"
)

// Reach tells whom a kind of channel can write to. Edges know channels.
type Reach func(channel string) rapport.Reach

// Sender is an inbox as From offers it for a new conversation (S3-63, S3-67).
type Sender struct {
	Inbox     rapport.InboxRef    `json:"inbox"`
	Queue     rapport.QueueRef    `json:"queue" doc:"Where the conversation will be: one of my queues."`
	DefaultIn []rapport.QueueRef  `json:"default_in,omitempty" doc:"Queues whose default sender of its channel it is."`
	Begins    rapport.Begins      `json:"begins" enum:"address,visitor"`
	Points    []rapport.PointKind `json:"points" doc:"Kinds of addresses that it writes to."`
}

// sendersConfigured tells whether any queue has senders: then they count.
func sendersConfigured(config *store.Configuration) bool {
	for _, q := range config.Queues {
		if !q.Senders.Empty() {
			return true
		}
	}
	return false
}

// inUse leaves the inboxes out that are removed or switched off.
func inUse(config *store.Configuration, ids []rapport.InboxID) []rapport.InboxID {
	return slices.DeleteFunc(slices.Clone(ids), func(id rapport.InboxID) bool {
		i := config.Inboxes[id]
		return i == nil || !i.Enabled
	})
}

// defaultIn are the queues whose default sender an inbox is, by name.
func defaultIn(config *store.Configuration, id rapport.InboxID) (refs []rapport.QueueRef) {
	for _, q := range config.Queues {
		if slices.Contains(q.Senders.Defaults, id) {
			refs = append(refs, rapport.QueueRef{ID: q.ID, Name: q.Name})
		}
	}
	slices.SortFunc(refs, func(a, b rapport.QueueRef) int { return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	return refs
}

// replySenders are the inboxes that the conversations of a queue are answered
// from: its senders (S3-64), else its defaults, else any (S3-66). strict is false
// for any.
func replySenders(config *store.Configuration, queue rapport.QueueID) (ids []rapport.InboxID, strict bool) {
	q := config.Queues[queue]
	if q == nil || !sendersConfigured(config) {
		return nil, false
	}
	if ids = inUse(config, q.Senders.Inboxes); len(ids) > 0 {
		return ids, true
	}
	ids = inUse(config, q.Senders.Defaults)
	return ids, len(ids) > 0
}

// preferred is the inbox that an answer goes out from when nobody chooses: the
// one used last, if the queue may use it; else its default of that channel; else
// none, and somebody has to choose (S3-33, S3-66).
func preferred(config *store.Configuration, s *rapport.Summary) rapport.InboxID {
	if !sendersConfigured(config) {
		return s.InboxID
	}
	ids, strict := replySenders(config, s.QueueID)
	switch {
	case strict && slices.Contains(ids, s.InboxID):
		return s.InboxID
	case !strict && s.Replies > 0: // somebody has chosen it
		return s.InboxID
	case !strict:
		return ""
	}
	q, was := config.Queues[s.QueueID], config.Inboxes[s.InboxID]
	for _, id := range inUse(config, q.Senders.Defaults) {
		if was != nil && config.Inboxes[id].Channel == was.Channel {
			return id
		}
	}
	return ""
}

// Senders are the inboxes that an agent can begin a conversation from: the
// default senders of the queues they may reply in (S3-63). Where there is none
// to be used, all others are offered, and none is chosen (S3-66).
func Senders(tx *store.Tx, actor rapport.Actor, reach Reach) (list []Sender, chosen rapport.InboxID, err error) {
	config, err := tx.Configuration()
	if err != nil {
		return nil, "", err
	}
	list, strict := newSenders(config, actor, reach)
	if len(list) == 1 && (strict || !sendersConfigured(config)) {
		chosen = list[0].Inbox.ID
	}
	return list, chosen, nil
}

// newSenders is Senders; strict says that these are default senders.
func newSenders(config *store.Configuration, actor rapport.Actor, reach Reach) (list []Sender, strict bool) {
	list = []Sender{}
	for queue, replies := range actor.Queues {
		q := config.Queues[queue]
		if !replies || q == nil {
			continue
		}
		for _, id := range inUse(config, q.Senders.Defaults) {
			list = offer(config, list, id, q, reach)
		}
	}
	if strict = len(list) > 0; !strict {
		for id, i := range config.Inboxes {
			if i.Enabled {
				list = offer(config, list, id, homeQueue(config, actor, i), reach)
			}
		}
	}
	slices.SortFunc(list, func(a, b Sender) int {
		return cmp.Or(cmp.Compare(strings.ToLower(a.Queue.Name), strings.ToLower(b.Queue.Name)), cmp.Compare(strings.ToLower(a.Inbox.Name), strings.ToLower(b.Inbox.Name)), cmp.Compare(a.Inbox.ID, b.Inbox.ID))
	})
	return list, strict
}

func offer(config *store.Configuration, list []Sender, id rapport.InboxID, q *rapport.Queue, reach Reach) []Sender {
	i := config.Inboxes[id]
	r := reach(i.Channel)
	if q == nil || r.Begins == rapport.BeginsNever {
		return list
	}
	return append(list, Sender{
		Inbox: rapport.InboxRef{ID: i.ID, Name: i.Name, Channel: i.Channel}, Queue: rapport.QueueRef{ID: q.ID, Name: q.Name},
		DefaultIn: defaultIn(config, id), Begins: r.Begins, Points: r.Points,
	})
}

// homeQueue is the queue of a conversation that an agent begins from an inbox:
// the inbox's, if they may reply there, else the first of theirs by name, the
// default queue last; nil if they may reply in none.
func homeQueue(config *store.Configuration, actor rapport.Actor, i *rapport.Inbox) *rapport.Queue {
	if q := config.Queues[i.QueueID]; q != nil && actor.Queues[q.ID] {
		return q
	}
	var found *rapport.Queue
	for id, replies := range actor.Queues {
		q := config.Queues[id]
		switch {
		case !replies || q == nil:
		case found == nil, found.Default && !q.Default:
			found = q
		case found.Default == q.Default && strings.ToLower(q.Name) < strings.ToLower(found.Name):
			found = q
		}
	}
	return found
}
