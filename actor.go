package rapport

// ActorKind tells what sort of caller acts.
type ActorKind string

const (
	ActorAgent  ActorKind = "agent"  // a person with a session
	ActorSystem ActorKind = "system" // rules, timers, the command line
	ActorInbox  ActorKind = "inbox"  // an integration with an inbox's token
	ActorBot    ActorKind = "bot"    // software that holds the conversation
)

// Actor is who acts. What it may do are pure methods on it; edges and rules
// ask these and nothing else.
type Actor struct {
	Kind    ActorKind
	AgentID AgentID
	Name    string
	Role    Role
	InboxID InboxID
	BotID   BotID
	Queues  map[QueueID]bool // queues of an agent; true where they may reply
}

// System is the actor of rules and timers.
var System = Actor{Kind: ActorSystem, Name: "Rapport"}

// ActorOf is an agent as the one who acts.
func ActorOf(a Agent, queues []Member) Actor {
	actor := Actor{Kind: ActorAgent, AgentID: a.ID, Name: a.Name, Role: a.Role, Queues: make(map[QueueID]bool, len(queues))}
	for _, m := range queues {
		actor.Queues[m.QueueID] = m.CanReply
	}
	return actor
}

// SeesAll tells whether the actor sees every conversation.
func (a Actor) SeesAll() bool {
	return a.Kind == ActorSystem || a.Kind == ActorAgent && (a.Role == RoleSupervisor || a.Role == RoleAdmin)
}

// Supervises tells whether the actor may move other people's conversations.
func (a Actor) Supervises() bool { return a.SeesAll() }

// Administers tells whether the actor may set up agents, queues and inboxes.
func (a Actor) Administers() bool {
	return a.Kind == ActorSystem || a.Kind == ActorAgent && a.Role == RoleAdmin
}

// Sees tells whether the actor may see a conversation: it is theirs, it is in
// one of their queues, it is being transferred to one, or they see all.
func (a Actor) Sees(c *Conversation) bool {
	if a.SeesAll() {
		return true
	}
	if a.Kind == ActorBot {
		return c.BotID != "" && c.BotID == a.BotID
	}
	if a.Kind != ActorAgent {
		return false
	}
	if a.AgentID != "" && (c.Assignee == a.AgentID || c.StartedBy == a.AgentID) {
		return true
	}
	if _, ok := a.Queues[c.QueueID]; ok {
		return true
	}
	if c.Transfer != nil {
		_, ok := a.Queues[c.Transfer.QueueID]
		return ok
	}
	return false
}

// Replies tells whether the actor may write to the customer: only members of
// the queue with the right to reply may (S3-65). Supervisors are no exception.
func (a Actor) Replies(c *Conversation) bool {
	return a.Kind == ActorSystem || a.Kind == ActorAgent && a.Queues[c.QueueID]
}
