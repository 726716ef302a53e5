package store

import (
	"time"

	"rapport"
)

// Rules are what a conversation's timer follows.
func (c *Configuration) Rules(v *rapport.Conversation) rapport.Rules {
	r := rapport.Rules{Reply: c.Settings.ReplyTimer, Reopen: time.Duration(c.Settings.ReopenHours) * time.Hour}
	queue := v.QueueID
	if v.Waiting != nil && v.Transfer != nil {
		queue = v.Transfer.QueueID
	}
	if q := c.Queues[queue]; q != nil {
		if q.ReplyTimer != nil {
			r.Reply = *q.ReplyTimer
		}
		r.Hours, r.MaxWait = q.Hours, time.Duration(q.MaxWaitMinutes)*time.Minute
	}
	if i := c.Inboxes[v.InboxID]; i != nil {
		r.Silence, r.Warn = i.Silence.Close(), i.Silence.Warn()
		if c.Settings.Texts.Warning == "" {
			r.Warn = 0
		}
	}
	if b := c.Bots[v.BotID]; b != nil && b.Enabled { // one that is gone has no time left
		r.Bot = time.Duration(b.TimeoutSeconds) * time.Second
	}
	return r
}

// arm derives the timer of a conversation that is about to be saved.
func (tx *Tx) arm(c *rapport.Conversation) error {
	config, err := tx.Configuration()
	if err != nil {
		return err
	}
	rules := config.Rules(c)
	c.Timer = c.Next(&rules)
	return nil
}

// TimersDue returns conversations whose timer is due, the latest ones first in
// the order of their moments.
func (tx *Tx) TimersDue(limit int) ([]rapport.ConversationID, error) {
	return tx.conversationIDs("select id from conversation where timer_at > 0 and timer_at <= $1 order by timer_at limit $2", tx.now, limit)
}

// NextTimer is the moment of the first timer; zero when none is armed.
func (tx *Tx) NextTimer() (next time.Time, err error) {
	err = tx.queryRow("select coalesce(min(timer_at), 0) from conversation where timer_at > 0").Scan(milli{&next})
	return next, classify(err)
}

// NextLeft is when the first agent went offline whose conversations nobody has
// looked after yet; zero when there is none.
func (tx *Tx) NextLeft() (next time.Time, err error) {
	err = tx.queryRow("select coalesce(min(left_at), 0) from agent where left_at > 0").Scan(milli{&next})
	return next, classify(err)
}

// SetTimer moves a timer and nothing else; the conversation keeps its version,
// as nobody reads it to write the timer back.
func (tx *Tx) SetTimer(id rapport.ConversationID, t *rapport.Timer) error {
	var v rapport.Timer
	if t != nil {
		v = *t
	}
	return tx.write("update conversation set timer_kind = $2, timer_at = $3 where id = $1", id, v.Kind, v.At)
}

// Timed is whose timers a change of rules concerns; the zero value is everybody.
type Timed struct {
	Queue rapport.QueueID `json:"queue,omitempty"`
	Inbox rapport.InboxID `json:"inbox,omitempty"`
	Bot   rapport.BotID   `json:"bot,omitempty"`
}

// Timed returns the conversations that a change of rules concerns.
func (tx *Tx) Timed(of Timed) ([]rapport.ConversationID, error) {
	const concerned = " and ($1 = '' or queue_id = $1 or transfer_queue = $1) and ($2 = '' or inbox_id = $2) and ($3 = '' or bot_id = $3)"
	return tx.conversationIDs("select id from conversation where standing in (1, 2, 3)"+concerned+" union select id from conversation where timer_at > 0"+concerned+" order by id",
		of.Queue, of.Inbox, of.Bot)
}

// AgentsLeft returns agents who have been offline since a moment or longer, and
// whose conversations nobody has looked after since.
func (tx *Tx) AgentsLeft(since time.Time) ([]rapport.AgentID, error) {
	return tx.agentIDs("select id from agent where left_at > 0 and left_at <= $1 order by left_at limit 200", since)
}

// LookedAfter notes that the conversations of an agent who left have had their
// ruling. It reports whether that was still to do: false when they are back.
func (tx *Tx) LookedAfter(id rapport.AgentID, since time.Time) (bool, error) {
	n, err := tx.exec("update agent set left_at = 0 where id = $1 and left_at > 0 and left_at <= $2", id, since)
	return n > 0, err
}
