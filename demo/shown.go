package demo

import (
	"fmt"

	"rapport"
	"rapport/conversation"
	"rapport/handoff"
	"rapport/store"
	"rapport/workflow"
)

// shown is what there is to look at beside the morning's work: how customers
// are asked, what works by itself, a bot, a status of one's own, feedback.

// survey makes an inbox ask how it was.
func (t *teller) survey(inbox rapport.InboxID) {
	t.do(func(tx *store.Tx) error {
		i, _, err := tx.Inbox(inbox)
		if err != nil {
			return err
		}
		i.Survey = rapport.SurveyRules{Enabled: true, Question: "How was it to talk to us?", Scale: rapport.Stars, Comment: true, Thanks: "Thank you! Happy growing.", AfterSilence: false}
		return tx.SaveInbox(i, nil)
	})
}

// rate asks a customer after the end of their conversation, and has them answer.
func (t *teller) rate(customer string, score int, comment string) {
	t.do(func(tx *store.Tx) error {
		id := t.latest[customer]
		if err := conversation.Survey(tx, id, t.app.URL()); err != nil {
			return err
		}
		v, found, err := tx.OpenSurvey(id)
		if err != nil || !found {
			return fmt.Errorf("%s was not asked: %w", customer, err)
		}
		_, err = conversation.Rate(tx, v, rapport.Rating{Score: score, Comment: comment})
		return err
	})
}

// statusOf is a status that the supervisor defined.
func (t *teller) statusOf(name string, base rapport.Status, color string) {
	t.do(func(tx *store.Tx) error {
		return tx.SaveCustomStatus(rapport.CustomStatus{ID: rapport.NewID[rapport.StatusID](), Name: name, Base: base, Color: color, CreatedAt: tx.Now()})
	})
}

// flow publishes a workflow.
func (t *teller) flow(name string, d workflow.Definition) (id rapport.WorkflowID) {
	t.do(func(tx *store.Tx) error {
		w, err := workflow.Create(tx, name, d)
		if err != nil {
			return err
		}
		id = w.ID
		if _, err = workflow.Publish(tx, *t.agents["Ada"], id, "As it was opened"); err != nil {
			return err
		}
		on := true
		_, _, err = workflow.Change(tx, id, nil, &on)
		return err
	})
	return id
}

// sorter is what the bot of the demo says.
const sorter = `workflow: 1
name: What is it about?
trigger: {kind: handed_to_flow}
start: ask
steps:
  - id: ask
    kind: ask
    title: What is it about?
    with: {text: "Hello, I am Fern. What is it about?", buttons: [An order, Plant care, Something else], field: topic, timeout: 600}
    next: {answered: order, timeout: people}
  - id: order
    kind: branch
    title: An order?
    with: {if: {fact: conversation.fields.topic, op: is, value: An order}}
    next: {yes: sales, no: people}
  - id: sales
    kind: tag
    title: Tag it
    with: {add: [order]}
    next: {next: people}
  - id: people
    kind: hand_off
    title: To an agent
    with: {reason: The customer wants to talk to a person}
`

// bot is the one that sorts; no inbox uses it, an agent gives it conversations.
func (t *teller) bot(name string) {
	f, err := workflow.ReadFile([]byte(sorter))
	if err != nil {
		t.err = err
		return
	}
	id := t.flow(f.Name, f.Definition())
	t.do(func(tx *store.Tx) error {
		return tx.SaveBot(rapport.Bot{
			ID: rapport.NewID[rapport.BotID](), Kind: "flow", Name: name, Enabled: true, CreatedAt: tx.Now(),
			BotRules: rapport.BotRules{TimeoutSeconds: 30, Apology: "I am sorry, I cannot help right now. A colleague takes over."},
			Options:  map[string]any{handoff.WorkflowOption: string(id)},
		}, nil)
	})
}

// say gives feedback about the product (S3-91).
func (t *teller) say(agent string, kind rapport.FeedbackKind, page, text string) {
	t.do(func(tx *store.Tx) error {
		a := t.agents[agent]
		return tx.InsertFeedback(rapport.Feedback{ID: rapport.NewID[rapport.FeedbackID](), AgentID: a.AgentID, AgentName: a.Name, At: tx.Now(), Kind: kind, Text: text, Page: page, Version: "demo"}, nil)
	})
}

// prefer sets what an agent chose for themselves.
func (t *teller) prefer(agent string, change func(*rapport.Preferences)) {
	t.do(func(tx *store.Tx) error {
		p, err := tx.Preferences(t.agents[agent].AgentID)
		if err != nil {
			return err
		}
		change(&p)
		return tx.SavePreferences(t.agents[agent].AgentID, p)
	})
}

// showroom puts all of it up, after the morning.
func (t *teller) showroom() {
	t.statusOf("In the greenhouse", rapport.StatusBusy, "#2f8f5b")
	t.statusOf("Coaching", rapport.StatusBusy, "#8f5bd0")
	escalate := workflow.TemplateFile("escalate")
	t.flow("Escalate what waits too long", escalate.Definition())
	t.bot("Fern")
	t.rate("Grace Lee", 5, "Quick and friendly!")
	t.rate("Mats Holm", 4, "")
	t.rate("Ravi Patel", 5, "The cacti say thank you.")
	t.rate("Eva Novak", 2, "It took a while until somebody looked at my voucher.")
	t.say("Ana", rapport.FeedbackIdea, "/mine", "Could the list show how long a customer has been with us?")
	t.say("Ben", rapport.FeedbackPraise, "/mine/…", "Sending with undo has saved me twice this week.")
	t.prefer("Ana", func(p *rapport.Preferences) { p.Digest = 30 })
	t.prefer("Ada", func(p *rapport.Preferences) { p.Done = []string{"snippet"} })
}
