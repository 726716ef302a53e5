package store

import (
	"encoding/json"

	"rapport"
)

// Configuration is what changes rarely and is needed at every message. The
// writer keeps it in memory; the version in the table head says when another
// node changed it.
type Configuration struct {
	Settings rapport.Settings
	Queues   map[rapport.QueueID]*rapport.Queue
	Inboxes  map[rapport.InboxID]*rapport.Inbox
	Bots     map[rapport.BotID]*rapport.Bot
	Default  rapport.QueueID // the default queue; empty before the first set-up

	Attributes []rapport.Attribute // of customers, in their order
}

// StickyIn are the rules of affinity in a queue: its own, else the account's.
func (c *Configuration) StickyIn(queue rapport.QueueID) rapport.Sticky {
	if q := c.Queues[queue]; q != nil && q.Sticky != nil {
		return *q.Sticky
	}
	return c.Settings.Sticky
}

// Configuration returns the current configuration. It must not be changed.
func (tx *Tx) Configuration() (*Configuration, error) {
	switch {
	case tx.writer != nil && tx.writer.config != nil:
		return tx.writer.config, nil
	case tx.config != nil:
		return tx.config, nil
	}
	c := &Configuration{Queues: map[rapport.QueueID]*rapport.Queue{}, Inboxes: map[rapport.InboxID]*rapport.Inbox{}, Bots: map[rapport.BotID]*rapport.Bot{}}
	var err error
	if c.Settings, err = tx.settings(); err != nil {
		return nil, err
	}
	queues, err := tx.Queues()
	if err != nil {
		return nil, err
	}
	for i := range queues {
		c.Queues[queues[i].ID] = &queues[i]
		if queues[i].Default {
			c.Default = queues[i].ID
		}
	}
	inboxes, err := tx.Inboxes()
	if err != nil {
		return nil, err
	}
	for i := range inboxes {
		c.Inboxes[inboxes[i].ID] = &inboxes[i]
	}
	bots, err := tx.Bots()
	if err != nil {
		return nil, err
	}
	for i := range bots {
		c.Bots[bots[i].ID] = &bots[i]
	}
	if c.Attributes, err = tx.Attributes(); err != nil {
		return nil, err
	}
	if tx.writer != nil {
		tx.writer.config = c
	} else {
		tx.config = c
	}
	return c, nil
}

// configured marks the configuration as changed, here and on other nodes.
func (tx *Tx) configured() {
	if tx.writer != nil {
		tx.writer.config = nil
		tx.writer.configVersion++
	}
}

func (tx *Tx) settings() (rapport.Settings, error) {
	s := rapport.DefaultSettings()
	err := tx.rows(func(row scanner) error {
		var value string
		if err := row.Scan(&value); err != nil {
			return err
		}
		return json.Unmarshal([]byte(value), &s)
	}, "select value from setting where name = 'account'")
	return s, err
}

// SaveSettings replaces the account's settings.
func (tx *Tx) SaveSettings(s rapport.Settings) error {
	value, err := json.Marshal(s)
	if err != nil {
		return err
	}
	tx.configured()
	_, err = tx.exec("insert into setting (name, value) values ('account', $1) on conflict (name) do update set value = excluded.value", string(value))
	return err
}
