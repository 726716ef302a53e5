package customer

import (
	"context"
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"

	"rapport"
	"rapport/lib/point"
	"rapport/lib/sheet"
	"rapport/store"
)

func itoa(n int) string { return strconv.Itoa(n) }

func parsePoint(text, country string) (rapport.Point, error) { return point.Parse("", text, country) }

func parseKind(kind rapport.PointKind, text, country string) (rapport.Point, error) {
	return point.Parse(kind, text, country)
}

// Export writes the customers of a filter as CSV: one line each, with a column
// for each attribute and each other field that somebody has. Each page is a
// moment of its own, so that a long list holds nothing up.
func Export(ctx context.Context, db *store.DB, f store.CustomerFilter, w io.Writer) error {
	var names []string
	err := db.View(ctx, func(tx *store.Tx) error {
		config, err := tx.Configuration()
		if err != nil {
			return err
		}
		for _, a := range config.Attributes {
			names = append(names, a.Name)
		}
		others, err := tx.FieldNames()
		for _, name := range others {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, "\uFEFF"); err != nil { // tells spreadsheets that it is UTF-8
		return err
	}
	out := csv.NewWriter(w)
	if err := out.Write(append([]string{"id", "name", "known", "points", "tags"}, names...)); err != nil {
		return err
	}
	f.Sort, f.Limit = "created", 500
	for {
		var page []store.Customer
		err := db.View(ctx, func(tx *store.Tx) (err error) {
			page, err = tx.Customers(f)
			return err
		})
		if err != nil {
			return err
		}
		for _, c := range page {
			var points []string
			for _, p := range c.Points {
				if p.Kind != rapport.PointVisitor && p.Kind != rapport.PointExternal {
					points = append(points, p.Address)
				}
			}
			known := "no"
			if c.Known {
				known = "yes"
			}
			cells := []string{string(c.ID), sheet.Harmless(c.Name), known, sheet.Harmless(strings.Join(points, "; ")), sheet.Harmless(strings.Join(c.Tags, "; "))}
			for _, name := range names {
				cells = append(cells, sheet.Harmless(c.Fields[name]))
			}
			if err := out.Write(cells); err != nil {
				return err
			}
		}
		if out.Flush(); out.Error() != nil || len(page) < f.Limit {
			return out.Error()
		}
		last := page[len(page)-1]
		f.After, f.ID = last.Key, string(last.ID)
	}
}
