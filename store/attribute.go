package store

import (
	"rapport"
)

const attributeColumns = "name, label, kind, choices, help, shown, pos, built_in"

// Attributes returns what is known of customers, in its order.
func (tx *Tx) Attributes() (list []rapport.Attribute, err error) {
	list = []rapport.Attribute{}
	err = tx.rows(func(s scanner) error {
		var a rapport.Attribute
		var choices jsonText[[]string]
		err := s.Scan(&a.Name, &a.Label, &a.Kind, &choices, &a.Help, &a.Shown, &a.Position, &a.BuiltIn)
		a.Choices = choices.v
		list = append(list, a)
		return err
	}, "select "+attributeColumns+" from attribute order by pos, name")
	return list, err
}

// SaveAttribute adds or replaces one.
func (tx *Tx) SaveAttribute(a rapport.Attribute) error {
	tx.configured()
	_, err := tx.exec(`insert into attribute (`+attributeColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict (name) do update set label = excluded.label, kind = excluded.kind, choices = excluded.choices, help = excluded.help, shown = excluded.shown, pos = excluded.pos`,
		a.Name, a.Label, a.Kind, jsonOf(a.Choices), a.Help, a.Shown, a.Position, a.BuiltIn)
	return err
}

// DeleteAttribute removes one; the values stay with the customers as free text.
func (tx *Tx) DeleteAttribute(name string) error {
	tx.configured()
	n, err := tx.exec("delete from attribute where name = $1", name)
	if err == nil && n == 0 {
		return missing("attribute", name)
	}
	return err
}
