package store

import (
	"encoding/json"

	"rapport"
)

const botColumns = "id, kind, name, enabled, options, rules, created_at"

func scanBot(s scanner, more ...any) (b rapport.Bot, err error) {
	var options jsonText[map[string]any]
	var rules jsonText[rapport.BotRules]
	err = s.Scan(append([]any{&b.ID, &b.Kind, &b.Name, &b.Enabled, &options, &rules, milli{&b.CreatedAt}}, more...)...)
	b.Options, b.BotRules = options.v, rules.v
	return b, err
}

// Bots returns all bots by name. Their options hold no secrets.
func (tx *Tx) Bots() (list []rapport.Bot, err error) {
	list = []rapport.Bot{}
	err = tx.rows(func(s scanner) error {
		b, err := scanBot(s)
		list = append(list, b)
		return err
	}, "select "+botColumns+" from bot order by name, id")
	return list, err
}

// Bot returns one bot with its sealed secrets by option name.
func (tx *Tx) Bot(id rapport.BotID) (b rapport.Bot, sealed map[string]string, err error) {
	var secrets jsonText[map[string]string]
	b, err = scanBot(tx.queryRow("select "+botColumns+", secrets from bot where id = $1", id), &secrets)
	return b, secrets.v, found(err, "bot", string(id))
}

// SaveBot inserts or updates a bot. Secrets come sealed; nil keeps them.
func (tx *Tx) SaveBot(b rapport.Bot, sealed map[string]string) error {
	if b.Options == nil {
		b.Options = map[string]any{}
	}
	options, err := json.Marshal(b.Options)
	if err != nil {
		return err
	}
	rules, err := json.Marshal(b.BotRules)
	if err != nil {
		return err
	}
	tx.configured()
	_, err = tx.exec(`insert into bot (id, kind, name, enabled, options, rules, created_at) values ($1, $2, $3, $4, $5, $6, $7)
		on conflict (id) do update set name = excluded.name, enabled = excluded.enabled, options = excluded.options, rules = excluded.rules`,
		b.ID, b.Kind, b.Name, b.Enabled, string(options), string(rules), b.CreatedAt)
	if rapport.CodeOf(err) == "duplicate" {
		return &rapport.Error{Kind: rapport.Conflict, Code: "name_taken", Field: "name", Message: "Another bot is already called " + b.Name + ".", Cause: err}
	}
	if err != nil || sealed == nil {
		return err
	}
	text, err := json.Marshal(sealed)
	if err != nil {
		return err
	}
	_, err = tx.exec("update bot set secrets = $2 where id = $1", b.ID, string(text))
	return err
}

// DeleteBot removes a bot; what it wrote stays.
func (tx *Tx) DeleteBot(id rapport.BotID) error {
	tx.configured()
	n, err := tx.exec("delete from bot where id = $1", id)
	if err == nil && n == 0 {
		return missing("bot", string(id))
	}
	return err
}
