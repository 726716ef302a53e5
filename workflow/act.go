package workflow

import (
	"strings"
	"time"

	"rapport"
	"rapport/conversation"
	"rapport/job"
	"rapport/store"
)

// WebhookJob is the kind of the job that calls a webhook for a step.
const WebhookJob = "workflow_webhook"

// Call are the arguments of that job. Key is the same each time it is tried, so
// that the receiver knows a repeat.
type Call struct {
	RunID   rapport.RunID `json:"run"`
	Key     string        `json:"key"`
	URL     string        `json:"url"`
	Body    CallBody      `json:"body"`
	Seconds int           `json:"seconds"` // time-out of one request
	Tries   int           `json:"tries"`
}

// CallBody is what the receiver gets, apart from the time.
type CallBody struct {
	Type string   `json:"type"` // always workflow.step
	Data CallData `json:"data"`
}

// CallData is what it is about.
type CallData struct {
	WorkflowID   rapport.WorkflowID    `json:"workflow_id"`
	Workflow     string                `json:"workflow"`
	RunID        rapport.RunID         `json:"run_id"`
	Step         string                `json:"step"`
	Conversation *rapport.Conversation `json:"conversation,omitempty"`
	Contact      *rapport.Contact      `json:"contact,omitempty"`
	Values       map[string]string     `json:"values"`
}

// patience is how long a run waits for a webhook: longer than all its tries.
const patience = 2 * time.Hour

// deed is one action of a run.
type deed struct {
	tx    *store.Tx
	run   *rapport.Run
	st    *State
	s     *rapport.Summary // nil without a conversation
	a     *Action
	actor rapport.Actor
}

// act does what a step asks for, through the verbs that people's actions take,
// too. Its error undoes all of it.
func (d *deed) act() (*Result, error) {
	if d.a.Kind == "webhook" {
		return d.webhook()
	}
	if d.a.Kind == "notify" {
		return &Result{}, d.tell(d.text("text"), rapport.NotifyComment)
	}
	if d.s == nil {
		return nil, rapport.Errorf(rapport.Conflict, "no_conversation", "There is no conversation to do this with.")
	}
	tx, id := d.tx, d.s.ID
	var err error
	switch d.a.Kind {
	case "assign_agent", "assign_queue", "assign_sticky":
		return d.assign()
	case "comment":
		return d.comment()
	case "send", "ask":
		return d.say()
	case "set_state":
		_, err = conversation.SetState(tx, d.actor, id, rapport.State(d.text("state")))
	case "close":
		_, err = conversation.SetState(tx, d.actor, id, rapport.Closed)
	case "set_priority":
		_, err = conversation.SetPriority(tx, d.actor, id, rapport.Priority(d.text("priority")))
	case "tag":
		_, err = conversation.Tag(tx, d.actor, id, listOf(d.a.With, "add"), listOf(d.a.With, "remove"))
	case "set_topic":
		topic := cut(strings.TrimSpace(d.text("topic")), 200)
		_, err = conversation.Describe(tx, d.actor, id, conversation.Details{Topic: &topic})
	case "set_disposition":
		_, err = conversation.SetDisposition(tx, d.actor, id, d.text("disposition"))
	case "set_fields":
		_, err = conversation.SetFields(tx, d.actor, id, pairsOf(d.a.With, "fields"))
	case "set_contact_fields":
		_, err = conversation.SetContactFields(tx, d.actor, d.s.ContactID, pairsOf(d.a.With, "fields"))
	case "give_to_bot":
		if _, err = conversation.GiveToBot(tx, d.actor, id, rapport.BotID(d.text("bot"))); rapport.CodeOf(err) == "same_bot" {
			return &Result{Detail: "it has it already"}, nil
		}
	case "hand_off":
		_, err = conversation.HandOff(tx, d.actor, id, rapport.Handoff{
			AgentID: rapport.AgentID(d.text("agent")), QueueID: rapport.QueueID(d.text("queue")), LastAgent: flagOf(d.a.With, "last_agent"), Reason: d.text("reason"),
		})
	default:
		err = rapport.Errorf(rapport.Conflict, "no_step", "Nobody knows how to do %q.", d.a.Kind)
	}
	return &Result{}, err
}

func (d *deed) text(name string) string { return textOf(d.a.With, name) }

func (d *deed) assign() (*Result, error) {
	on := func(name string) bool { return flagOf(d.a.With, name) }
	to := conversation.Assignment{
		AgentID: rapport.AgentID(d.text("agent")), QueueID: rapport.QueueID(d.text("queue")), Strategy: rapport.Strategy(d.text("strategy")),
		PreferLastAgent: on("prefer_last_agent"), EvenAway: d.a.Kind != "assign_sticky" && !on("only_online"),
		Keep: on("keep"), NotCurrent: on("exclude_current"), Untimed: on("untimed"),
	}
	if d.a.Kind == "assign_queue" && to.QueueID == "" {
		to.QueueID = d.s.QueueID
	}
	was := d.s.Assignee
	s, assigned, err := conversation.Assign(d.tx, d.actor, d.s.ID, to)
	if err != nil {
		return nil, err
	}
	*d.s, d.st.Untimed = s, s.Untimed
	switch {
	case s.BotID != "":
		return &Result{Detail: "stays with the bot " + s.BotName}, nil
	case !assigned:
		why := s.ContactName + " waits: " + s.Waiting.Reason
		return &Result{Output: "nobody", Detail: s.Waiting.Reason}, conversation.NotifySupervisors(d.tx, rapport.NotifyEscalated, s.ID, cut(d.actor.Name+": "+why, 500))
	case s.Assignee == was && to.Keep:
		return &Result{Detail: "stays with " + s.AssigneeName}, nil
	}
	return &Result{Detail: "to " + s.AssigneeName}, nil
}

// voice is who speaks to the customer: the bot whose flow this is, while it
// holds the conversation, else the account.
func (d *deed) voice() (conversation.Voice, error) {
	if d.st.Bot != "" && d.s.BotID == d.st.Bot {
		return conversation.Voice{By: rapport.ByBot, ID: string(d.s.BotID), Name: d.s.BotName}, nil
	}
	return conversation.System(d.tx)
}

func (d *deed) say() (*Result, error) {
	voice, err := d.voice()
	if err != nil {
		return nil, err
	}
	var data map[string]any
	if buttons := listOf(d.a.With, "buttons"); len(buttons) > 0 {
		data = map[string]any{"buttons": buttons}
	}
	_, err = conversation.Say(d.tx, d.s.ID, voice, d.text("text"), data)
	return &Result{Detail: rapport.Preview(d.text("text"))}, err
}

func (d *deed) comment() (*Result, error) {
	voice := conversation.Voice{By: rapport.BySystem, ID: string(d.run.WorkflowID), Name: d.actor.Name}
	var agents []rapport.AgentID
	switch d.text("tell") {
	case "assignee":
		agents = append(agents, d.s.Assignee)
	case "agent":
		agents = append(agents, rapport.AgentID(d.text("agent")))
	}
	if _, err := conversation.NoteBy(d.tx, d.s.ID, voice, d.text("text"), agents...); err != nil {
		return nil, err
	}
	if d.text("tell") == "supervisors" {
		return &Result{}, d.tell(d.actor.Name+": "+rapport.Preview(d.text("text")), rapport.NotifyEscalated)
	}
	return &Result{}, nil
}

// tell notifies whom the field "tell" names.
func (d *deed) tell(text string, kind rapport.NotificationKind) error {
	id, holder := rapport.ConversationID(""), rapport.AgentID("")
	if d.s != nil {
		id, holder = d.s.ID, d.s.Assignee
	}
	switch d.text("tell") {
	case "supervisors":
		return conversation.NotifySupervisors(d.tx, rapport.NotifyEscalated, id, text)
	case "agent":
		return conversation.Notify(d.tx, kind, id, text, rapport.AgentID(d.text("agent")))
	}
	return conversation.Notify(d.tx, kind, id, text, holder)
}

// webhook enqueues the call; the run waits for what comes of it.
func (d *deed) webhook() (*Result, error) {
	c := Call{
		RunID: d.run.ID, Key: "wf_" + string(d.run.ID) + "_" + itoa(d.st.Steps), URL: d.text("url"),
		Seconds: numberOf(d.a.With, "timeout"), Tries: numberOf(d.a.With, "tries"),
		Body: CallBody{"workflow.step", CallData{WorkflowID: d.run.WorkflowID, Workflow: d.run.WorkflowName, RunID: d.run.ID, Step: d.a.Step, Values: pairsOf(d.a.With, "fields")}},
	}
	if c.Body.Data.Values == nil {
		c.Body.Data.Values = map[string]string{}
	}
	if d.s != nil {
		contact, err := d.tx.Contact(d.s.ContactID)
		if err != nil {
			return nil, err
		}
		known := contact
		known.Points = nil
		for _, p := range contact.Points {
			if p.Kind != rapport.PointVisitor { // whoever knows it is let in as that visitor
				known.Points = append(known.Points, p)
			}
		}
		about := d.s.Conversation
		if about.Point.Kind == rapport.PointVisitor {
			about.Point.Address = ""
		}
		c.Body.Data.Conversation, c.Body.Data.Contact = &about, &known
	}
	return &Result{Key: c.Key, Patience: patience}, job.Enqueue(d.tx, job.Job{Kind: WebhookJob, Key: c.Key, Args: c})
}
