package store

import (
	"slices"
	"strings"
)

// Grep names the rows of all tables that contain a text, whatever the column:
// what a test of erasing asks for. It reads everything.
func (tx *Tx) Grep(text string) (found []string, err error) {
	names, err := tx.allTables()
	if err != nil {
		return nil, err
	}
	text = strings.ToLower(text)
	for _, name := range names {
		var columns []string
		err := tx.rows(func(s scanner) error {
			var column string
			err := s.Scan(&column)
			columns = append(columns, column)
			return err
		}, tx.db.dialect.columns, name)
		if err != nil {
			return nil, err
		}
		for _, column := range columns {
			err := tx.rows(func(s scanner) error {
				var cell string
				err := s.Scan(&cell)
				cell = strings.ToLower(cell)
				if at := strings.Index(cell, text); at >= 0 {
					found = append(found, name+"."+column+": "+cell[max(at-300, 0):min(at+50, len(cell))])
				}
				return err
			}, `select coalesce(cast("`+column+`" as text), '') from `+name)
			if err != nil {
				return nil, err
			}
		}
	}
	return found, nil
}

// allTables are those of the database and of the index of search.
func (tx *Tx) allTables() ([]string, error) {
	names, err := tx.tables()
	if err != nil || tx.db.beside == nil {
		return names, err
	}
	err = tx.rows(func(s scanner) error {
		var name string
		err := s.Scan(&name)
		names = append(names, name)
		return err
	}, "select name from search.sqlite_master where type = 'table' order by name")
	return names, err
}

// UnknownToErasing names tables of which nobody said what is erased.
func (tx *Tx) UnknownToErasing() (unknown []string, err error) {
	names, err := tx.allTables()
	for _, name := range names {
		known := slices.Contains(impersonal, name) || strings.HasPrefix(name, "search_") || strings.HasPrefix(name, "sqlite_") || name == "contact_key" ||
			slices.ContainsFunc(traces, func(t trace) bool { return t.table == name }) ||
			slices.ContainsFunc(mentions, func(m mention) bool { return m.table == name })
		if !known {
			unknown = append(unknown, name)
		}
	}
	return unknown, err
}
