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
	"time"

	"rapport"
	"rapport/lib/point"
	"rapport/lib/sheet"
	"rapport/store"
)

const (
	mostImport  = 5 << 20 // bytes of a file
	importTime  = time.Minute
	mostLines   = 50_000
	importBatch = 200 // records in one transaction, so that messages go on in between
)

// importRow is one line of a file and what becomes of it.
type importRow struct {
	Line     int      `json:"line"`
	Title    string   `json:"title"`
	Customer string   `json:"customer"`
	Agent    string   `json:"agent"`
	OK       bool     `json:"ok"`
	Action   string   `json:"action" enum:"create,skip"`
	Errors   []string `json:"errors"`

	record rapport.StickyAgent
	unread bool // nothing but the error is known of it
}

// refuse makes the row bad and says why.
func (r *importRow) refuse(format string, args ...any) {
	r.OK, r.Action, r.Errors = false, "skip", append(r.Errors, fmt.Sprintf(format, args...))
}

// refuseWith passes on the sentence of a rule.
func (r *importRow) refuseWith(err error) {
	if e, ok := errors.AsType[*rapport.Error](err); ok {
		r.refuse("%s", e.Message)
		return
	}
	r.refuse("%s", err)
}

type importReport struct {
	Rows     []importRow `json:"rows"`
	Good     int         `json:"good"`
	Bad      int         `json:"bad"`
	Imported int         `json:"imported"`
}

// count sums up once every row is settled.
func (p *importReport) count() {
	p.Good, p.Bad = 0, 0
	for i := range p.Rows {
		if p.Rows[i].OK {
			p.Good++
		} else {
			p.Bad++
		}
	}
}

type importInput struct {
	DryRun  bool   `query:"dry_run" doc:"Only tell what would happen."`
	RawBody []byte `contentType:"text/csv" doc:"Columns title, customer, agent (e-mail address or id) and status (Active or Inactive), separated by commas or semicolons, in UTF-8."`
}

func (s *server) importSticky(ctx context.Context, in *importInput) (*reply[importReport], error) {
	rows, err := readCSV(in.RawBody)
	if err != nil {
		return nil, err
	}
	err = s.DB.View(ctx, func(tx *store.Tx) error {
		p, err := newPlan(tx)
		if err != nil {
			return err
		}
		for i := range rows {
			if rows[i].unread {
				continue
			}
			if err := p.settle(tx, &rows[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	report := importReport{Rows: rows}
	if !in.DryRun {
		if report.Imported, err = s.create(ctx, rows); err != nil {
			return nil, err
		}
	}
	report.count()
	return &reply[importReport]{report}, nil
}

// create saves the good rows. Whatever changed since they were looked at makes
// a row bad, not the import.
func (s *server) create(ctx context.Context, rows []importRow) (imported int, err error) {
	var good []*importRow
	for i := range rows {
		if rows[i].OK && rows[i].Action == "create" {
			good = append(good, &rows[i])
		}
	}
	for batch := range slices.Chunk(good, importBatch) {
		var refused map[*importRow]error
		err := s.DB.Update(ctx, func(tx *store.Tx) error {
			refused = map[*importRow]error{}
			for _, r := range batch {
				err := tx.SaveSticky(r.record)
				switch {
				case rapport.KindOf(err) == rapport.Conflict:
					refused[r] = err
				case err != nil:
					return err
				}
			}
			first, last := batch[0].Line, batch[len(batch)-1].Line
			return tx.Audit(actorOf(ctx), "sticky_agent.imported", fmt.Sprintf("lines %d to %d", first, last), fmt.Sprintf("%d records", len(batch)-len(refused)))
		})
		if err != nil {
			return imported, err
		}
		for r, why := range refused {
			r.refuseWith(why)
		}
		imported += len(batch) - len(refused)
	}
	return imported, nil
}

// readCSV reads the lines of a file. What is wrong with the file as a whole is
// an error; what is wrong with a line stands in its row.
func readCSV(text []byte) ([]importRow, error) {
	said, err := sheet.Text(text)
	if err != nil {
		return nil, err
	}
	r := sheet.NewReader(said)
	names, _, err := r.Read()
	if err != nil {
		return nil, rapport.Invalidf("", "The file has no first line with the names of the columns: title, customer, agent, status.")
	}
	column := map[string]int{"title": -1, "customer": -1, "agent": -1, "status": -1}
	for i, name := range names {
		name = strings.ToLower(strings.TrimSpace(name))
		if at, wanted := column[name]; !wanted || at >= 0 {
			return nil, rapport.Invalidf("", "The column %q is unknown or there twice; the columns are title, customer, agent and status.", name)
		}
		column[name] = i
	}
	for _, name := range []string{"title", "customer", "agent"} {
		if column[name] < 0 {
			return nil, rapport.Invalidf("", "The column %s is missing; the columns are title, customer, agent and status.", name)
		}
	}
	width := len(names)
	rows := []importRow{}
	for {
		fields, at, err := r.Read()
		if err == io.EOF {
			return rows, nil
		}
		if len(rows) == mostLines {
			return nil, rapport.Invalidf("", "The file has more than %d lines; split it.", mostLines)
		}
		row := importRow{Line: at, OK: true, Action: "create", Errors: []string{}}
		if err != nil {
			why, ok := sheet.Broken(err)
			if !ok {
				return nil, err
			}
			row.unread = true
			row.refuse("%s", why)
			rows = append(rows, row)
			continue
		}
		field := func(name string) string {
			if at := column[name]; at >= 0 && at < len(fields) {
				return sheet.Plain(strings.TrimSpace(fields[at]))
			}
			return ""
		}
		row.Title, row.Customer, row.Agent = field("title"), field("customer"), field("agent")
		if len(fields) != width {
			row.refuse("The line has %d fields; the first line has %d.", len(fields), width)
		}
		switch status := field("status"); strings.ToLower(status) {
		case "", "active":
			row.record.Enabled = true
		case "inactive":
		default:
			row.refuse("The status is %q; use Active or Inactive.", status)
		}
		rows = append(rows, row)
	}
}

// plan is what the rows are checked against.
type plan struct {
	country  string
	agents   map[string]rapport.AgentID // by id and by address
	inFile   map[rapport.Point]int      // line that has the point
	disabled map[string]bool            // disabled records that exist, by what they say
}

func newPlan(tx *store.Tx) (*plan, error) {
	config, err := tx.Configuration()
	if err != nil {
		return nil, err
	}
	agents, err := tx.Agents()
	if err != nil {
		return nil, err
	}
	p := &plan{country: config.Settings.Country, agents: map[string]rapport.AgentID{}, inFile: map[rapport.Point]int{}, disabled: map[string]bool{}}
	for _, a := range agents {
		p.agents[string(a.ID)], p.agents[a.Email] = a.ID, a.ID
	}
	no := false
	return p, eachSticky(tx, &no, func(v rapport.StickyAgent) error {
		p.disabled[sayingOf(v)] = true
		return nil
	})
}

// sayingOf is what makes two records the same to a person.
func sayingOf(v rapport.StickyAgent) string {
	points := make([]string, len(v.Points))
	for i, p := range v.Points {
		points[i] = string(p.Kind) + " " + p.Address
	}
	slices.Sort(points)
	return fmt.Sprintf("%q %s %t %q", v.Title, v.AgentID, v.Enabled, points)
}

// settle decides about one row.
func (p *plan) settle(tx *store.Tx, r *importRow) error {
	v := &r.record
	v.ID, v.Title = rapport.NewID[rapport.StickyID](), r.Title
	agent, known := p.agents[strings.ToLower(r.Agent)]
	if v.AgentID = agent; !known {
		v.AgentID = rapport.AgentID(r.Agent) // an export says so of an agent who was deleted
	}
	if r.Agent == "" {
		r.refuse("The agent is missing.")
	}
	var err error
	if v.Points, err = point.ParseList(r.Customer, p.country); err != nil {
		r.refuseWith(err)
	} else if v.AgentID != "" {
		if err := v.Validate(); err != nil {
			r.refuseWith(err)
		}
	}
	there := r.OK && !v.Enabled && p.disabled[sayingOf(*v)] // already, word for word
	if r.OK && v.Enabled {
		if there, err = p.owners(tx, r); err != nil {
			return err
		}
	}
	if !there && !known && r.Agent != "" {
		r.refuse("There is no agent %q; use the e-mail address or the id of one.", r.Agent)
	}
	switch {
	case !r.OK:
		return nil
	case there:
		r.Action = "skip"
	}
	if !v.Enabled {
		p.disabled[sayingOf(*v)] = true
		return nil
	}
	for _, one := range v.Points {
		p.inFile[rapport.Point{Kind: one.Kind, Address: one.Address}] = r.Line
	}
	return nil
}

// owners refuses a row that names customers of another one or of another record, and
// tells whether that record says what the row says.
func (p *plan) owners(tx *store.Tx, r *importRow) (there bool, err error) {
	for _, one := range r.record.Points {
		key := rapport.Point{Kind: one.Kind, Address: one.Address}
		if line, taken := p.inFile[key]; taken {
			r.refuse("%s is in line %d already.", one.Address, line)
			continue
		}
		other, taken, err := tx.StickyOf(key)
		if err != nil {
			return false, err
		}
		if !taken {
			continue
		}
		if other, err = tx.Sticky(other.ID); err != nil {
			return false, err
		}
		if sayingOf(other) == sayingOf(r.record) {
			return r.OK, nil
		}
		r.refuse("%s already belongs to the sticky agent “%s” (%s).", one.Address, other.Title, other.AgentName)
	}
	return false, nil
}

// eachSticky walks over all records in the order of their titles.
func eachSticky(tx *store.Tx, enabled *bool, do func(rapport.StickyAgent) error) error {
	const step = 500
	for after := ""; ; {
		batch, err := tx.Stickies("", nil, enabled, after, step)
		if err != nil {
			return err
		}
		for _, v := range batch {
			if err := do(v); err != nil {
				return err
			}
		}
		if len(batch) < step {
			return nil
		}
		last := batch[step-1]
		after = last.Title + "\x00" + string(last.ID)
	}
}

type csvFile struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

func (s *server) exportSticky(ctx context.Context, _ *noInput) (*csvFile, error) {
	var text bytes.Buffer
	text.WriteString(sheet.Mark)
	w := csv.NewWriter(&text)
	w.Write([]string{"title", "customer", "agent", "status"})
	err := s.DB.View(ctx, func(tx *store.Tx) error {
		agents, err := tx.Agents()
		if err != nil {
			return err
		}
		email := map[rapport.AgentID]string{}
		for _, a := range agents {
			email[a.ID] = a.Email
		}
		return eachSticky(tx, nil, func(v rapport.StickyAgent) error {
			points := make([]string, len(v.Points))
			for i, p := range v.Points {
				points[i] = p.Address
			}
			status := "Inactive"
			if v.Enabled {
				status = "Active"
			}
			who := email[v.AgentID]
			if who == "" {
				who = string(v.AgentID) // of an agent who is gone
			}
			return w.Write([]string{sheet.Harmless(v.Title), sheet.Harmless(strings.Join(points, ", ")), sheet.Harmless(who), status})
		})
	})
	w.Flush()
	if err := errors.Join(err, w.Error()); err != nil {
		return nil, err
	}
	return &csvFile{ContentType: "text/csv; charset=utf-8", Disposition: `attachment; filename="sticky-agents.csv"`, Body: text.Bytes()}, nil
}
