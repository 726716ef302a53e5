package api

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"rapport"
	"rapport/lib/sheet"
	"rapport/store"
)

// cannedRow is one line of a file of canned responses and what becomes of it.
type cannedRow struct {
	Line     int    `json:"line"`
	Shortcut string `json:"shortcut"`
	Title    string `json:"title"`
	Action   string `json:"action" enum:"create,change,skip"`
	Error    string `json:"error,omitempty"`

	record rapport.Canned
}

type cannedReport struct {
	Rows     []cannedRow `json:"rows"`
	Good     int         `json:"good"`
	Bad      int         `json:"bad"`
	Imported int         `json:"imported"`
}

type cannedImport struct {
	DryRun  bool   `query:"dry_run" doc:"Only tell what would happen."`
	RawBody []byte `contentType:"text/csv" doc:"Columns shortcut, title, body, folder and queues (names, separated by |), separated by commas or semicolons, in UTF-8. A short code that is there is changed."`
}

var cannedColumns = []string{"shortcut", "title", "body", "folder", "queues"}

func (s *server) importCanned(ctx context.Context, in *cannedImport) (*reply[cannedReport], error) {
	records, err := cannedRecords(in.RawBody)
	if err != nil {
		return nil, err
	}
	var report cannedReport
	settle := func(tx *store.Tx) error {
		report, err = settleCanned(tx, records)
		if err != nil || in.DryRun || report.Good == 0 {
			return err
		}
		for i := range report.Rows {
			if r := &report.Rows[i]; r.Error == "" {
				if err := tx.SaveCanned(r.record); err != nil {
					return err
				}
				report.Imported++
			}
		}
		return textsChanged(ctx, tx, "canned.imported", fmt.Sprintf("%d canned responses", report.Imported), "")
	}
	if in.DryRun {
		err = s.DB.View(ctx, settle)
	} else {
		err = s.DB.Update(ctx, settle)
	}
	return ok(report, err)
}

// cannedRecord is what a file says of one canned response, and in which line it
// begins: texts go over several.
type cannedRecord struct {
	line   int
	cells  map[string]string
	unread string // why nothing else is known of it
}

// cannedRecords reads a file; the first line names the columns.
func cannedRecords(text []byte) ([]cannedRecord, error) {
	said, err := sheet.Text(text)
	if err != nil {
		return nil, err
	}
	r := sheet.NewReader(said)
	r.Trim = false
	names, _, err := r.Read()
	if err != nil {
		return nil, rapport.Invalidf("", "The file is empty; the first line names the columns shortcut, title and body.")
	}
	for i, name := range names {
		name = strings.ToLower(strings.TrimSpace(name))
		if !slices.Contains(cannedColumns, name) || slices.Contains(names[:i], name) {
			return nil, rapport.Invalidf("", "The column %q is unknown or there twice; the columns are shortcut, title, body, folder and queues.", name)
		}
		names[i] = name
	}
	for _, needed := range cannedColumns[:3] {
		if !slices.Contains(names, needed) {
			return nil, rapport.Invalidf("", "The column %s is missing; the first line names the columns shortcut, title and body.", needed)
		}
	}
	var records []cannedRecord
	for {
		fields, at, err := r.Read()
		if errors.Is(err, io.EOF) {
			return records, nil
		}
		why, broken := sheet.Broken(err)
		if err != nil && !broken {
			return nil, err
		}
		if len(records) == rapport.MostCanned {
			return nil, rapport.Invalidf("", "The file has more than %d lines.", rapport.MostCanned)
		}
		row := cannedRecord{line: at, cells: map[string]string{}, unread: why}
		if len(fields) > len(names) {
			row.unread = fmt.Sprintf("The line has %d cells; the first line has %d.", len(fields), len(names))
		}
		for i, name := range names {
			if i < len(fields) {
				row.cells[name] = sheet.Plain(fields[i])
			}
		}
		records = append(records, row)
	}
}

// settleCanned says what becomes of each line.
func settleCanned(tx *store.Tx, records []cannedRecord) (report cannedReport, err error) {
	report.Rows = []cannedRow{}
	all, err := tx.CannedOf("")
	if err != nil {
		return report, err
	}
	config, err := tx.Configuration()
	if err != nil {
		return report, err
	}
	there := map[string]rapport.Canned{}
	for _, c := range all {
		there[c.Shortcut] = c
	}
	seen, total := map[string]bool{}, len(all)
	for _, r := range records {
		if r.unread != "" {
			report.Rows = append(report.Rows, cannedRow{Line: r.line, Action: "skip", Error: r.unread})
			report.Bad++
			continue
		}
		row := r.cells
		c := rapport.Canned{Shortcut: row["shortcut"], Title: row["title"], Body: row["body"], Folder: row["folder"]}
		out := cannedRow{Line: r.line, Action: "create"}
		err := queuesNamed(config, row["queues"], &c)
		if err == nil {
			err = c.Validate()
		}
		if err == nil && seen[c.Shortcut] {
			err = rapport.Invalidf("shortcut", "The short code %s is in the file twice.", c.Shortcut)
		}
		if old, known := there[c.Shortcut]; known {
			out.Action, c.ID, c.Variants = "change", old.ID, old.Variants
		} else if c.ID = rapport.NewID[rapport.CannedID](); err == nil {
			if total++; total > rapport.MostCanned {
				err = rapport.Invalidf("", "There would be more than %d canned responses.", rapport.MostCanned)
			}
		}
		seen[c.Shortcut] = true
		c.UpdatedAt = tx.Now()
		out.Shortcut, out.Title, out.record = c.Shortcut, c.Title, c
		if report.Good++; err != nil {
			out.Action, out.Error = "skip", refused(err)
			report.Good--
			report.Bad++
		}
		report.Rows = append(report.Rows, out)
	}
	return report, nil
}

func queuesNamed(config *store.Configuration, names string, c *rapport.Canned) error {
	for name := range strings.SplitSeq(names, "|") {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		found := false
		for id, q := range config.Queues {
			if strings.EqualFold(q.Name, name) {
				c.Queues, found = append(c.Queues, id), true
			}
		}
		if !found {
			return rapport.Invalidf("queues", "There is no queue called %s.", name)
		}
	}
	return nil
}

func (s *server) exportCanned(ctx context.Context, _ *noInput) (*csvFile, error) {
	var b bytes.Buffer
	err := s.DB.View(ctx, func(tx *store.Tx) error {
		all, err := tx.CannedOf("")
		if err != nil {
			return err
		}
		config, err := tx.Configuration()
		if err != nil {
			return err
		}
		b.WriteString(sheet.Mark)
		w := csv.NewWriter(&b)
		if err := w.Write(cannedColumns); err != nil {
			return err
		}
		for _, c := range all {
			var queues []string
			for _, id := range c.Queues {
				if q := config.Queues[id]; q != nil {
					queues = append(queues, q.Name)
				}
			}
			if err := w.Write([]string{c.Shortcut, sheet.Harmless(c.Title), sheet.Harmless(c.Body), sheet.Harmless(c.Folder), sheet.Harmless(strings.Join(queues, "|"))}); err != nil {
				return err
			}
		}
		w.Flush()
		return w.Error()
	})
	if err != nil {
		return nil, err
	}
	return &csvFile{ContentType: "text/csv; charset=utf-8", Disposition: `attachment; filename="canned-responses.csv"`, Body: b.Bytes()}, nil
}
