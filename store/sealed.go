package store

import (
	"encoding/json"
	"strings"
)

// Secret is one as it rests, with what it is opened by.
type Secret struct {
	Of      string // for people: the inbox, the bot, the card; empty for the account
	Name    string
	Purpose string
	Sealed  string
}

// Secrets returns all that rest sealed: of inboxes, bots, context cards and the
// account.
func (tx *Tx) Secrets() (list []Secret, err error) {
	const ofAccount = "sealed."
	err = tx.rows(func(s scanner) error {
		var id, name, text string
		if err := s.Scan(&id, &name, &text); err != nil {
			return err
		}
		if setting, ok := strings.CutPrefix(name, ofAccount); ok && id == "" {
			list = append(list, Secret{Name: setting, Purpose: setting, Sealed: text})
			return nil
		}
		var sealed map[string]string
		if err := json.Unmarshal([]byte(text), &sealed); err != nil {
			return err
		}
		for of, one := range sealed {
			list = append(list, Secret{Of: name, Name: of, Purpose: id, Sealed: one})
		}
		return nil
	}, `select id, name, secrets from inbox where secrets <> '{}' union all select id, name, secrets from bot where secrets <> '{}'
		union all select id, name, sealed from context_card where sealed <> '' union all select '', name, value from setting where name like '`+ofAccount+`%' and value <> ''`)
	return list, err
}

// Sealed returns a secret of the account as it rests; "" where there is none.
func (tx *Tx) Sealed(name string) (text string, err error) {
	err = tx.rows(func(s scanner) error { return s.Scan(&text) }, "select value from setting where name = $1", "sealed."+name)
	return text, err
}

// SaveSealed keeps a secret of the account. It comes sealed.
func (tx *Tx) SaveSealed(name, text string) error {
	return tx.put("insert into setting (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value", "sealed."+name, text)
}
