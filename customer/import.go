package customer

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"rapport"
	"rapport/conversation"
	"rapport/job"
	"rapport/lib/sheet"
	"rapport/store"
)

const (
	MostFile  = 20 << 20 // bytes of a file of customers
	mostLines = 200_000
	batch     = 100 // lines in one transaction, so that messages go on in between
	mostBad   = 500 // bad lines that are told
)

// Importing is the kind of the job that checks a file, and later imports it.
const Importing = "customers.import"

type importing struct {
	ID rapport.ImportID `json:"import"`
}

// line is one customer of a file.
type line struct {
	n      int  // in the file
	unread bool // nothing but why is known of it
	id     rapport.ContactID
	name   string
	points []rapport.Point
	tags   []string
	fields map[string]string
	wrong  []string
}

// refuse notes why the line is bad, if it is.
func (l *line) refuse(err error) {
	if err == nil {
		return
	}
	if e, ok := errors.AsType[*rapport.Error](err); ok {
		l.wrong = append(l.wrong, e.Message)
		return
	}
	l.wrong = append(l.wrong, err.Error())
}

// bad counts the line as bad, and has its reasons told.
func (l *line) bad(m *store.Import) {
	if m.Bad++; len(m.Problems) < mostBad {
		m.Problems = append(m.Problems, store.ImportProblem{Line: l.n, Name: l.name, Errors: l.wrong})
	}
}

// NewImport keeps a file of customers and has it checked; nothing is imported
// before Start.
func NewImport(tx *store.Tx, actor rapport.Actor, name string, text []byte) (store.Import, error) {
	if len(text) > MostFile {
		return store.Import{}, rapport.Invalidf("", "The file is larger than %d MiB; split it.", MostFile>>20)
	}
	said, err := sheet.Text(text)
	if err != nil {
		return store.Import{}, err
	}
	m := store.Import{ID: rapport.NewID[rapport.ImportID](), At: tx.Now(), ByID: actor.AgentID, ByName: actor.Name, Name: name, Text: said, Status: "checking", Problems: []store.ImportProblem{}}
	if err := tx.InsertImport(m); err != nil {
		return m, err
	}
	return m, job.Enqueue(tx, job.Job{Kind: Importing, Lane: job.Slow, Key: string(m.ID), Args: importing{m.ID}})
}

// Start has the good lines of a checked file imported.
func Start(tx *store.Tx, actor rapport.Actor, id rapport.ImportID) (store.Import, error) {
	m, err := tx.Import(id)
	if err != nil {
		return m, err
	}
	if m.Status != "checked" {
		return m, rapport.Errorf(rapport.Conflict, "not_checked", "The file is %s; only a checked file can be imported, and only once.", m.Status)
	}
	if m.Good == 0 {
		return m, rapport.Errorf(rapport.Conflict, "nothing_to_import", "No line of the file is good.")
	}
	m.Status, m.Done, m.Added, m.Changed, m.Skipped = "running", 0, 0, 0, 0
	m.Good, m.Bad, m.Problems = 0, 0, []store.ImportProblem{}
	if err := tx.SaveImport(m); err != nil {
		return m, err
	}
	if err := tx.Audit(actor, "contact.import", string(id), ""); err != nil {
		return m, err
	}
	return m, job.Enqueue(tx, job.Job{Kind: Importing, Lane: job.Slow, Key: string(m.ID), Args: importing{m.ID}})
}

// work checks or imports a file, batch by batch; a process that dies in between
// goes on after the last whole batch.
func work(ctx context.Context, db *store.DB, id rapport.ImportID) error {
	var m store.Import
	var text, country string
	var attributes []rapport.Attribute
	err := db.View(ctx, func(tx *store.Tx) (err error) {
		if m, err = tx.Import(id); err != nil {
			return err
		}
		config, err := tx.Configuration()
		if err != nil {
			return err
		}
		country, attributes = config.Settings.Country, config.Attributes
		text, err = tx.ImportText(id)
		return err
	})
	if rapport.KindOf(err) == rapport.NotFound || err == nil && m.Status != "checking" && m.Status != "running" {
		return nil // forgotten meanwhile, or done
	}
	if err != nil {
		return err
	}
	lines, err := readLines(text, country, attributes)
	if err != nil {
		m.Status, m.Error = "failed", err.Error()
		if e, ok := errors.AsType[*rapport.Error](err); ok {
			m.Error = e.Message
		}
		return db.Update(ctx, func(tx *store.Tx) error { return tx.SaveImport(m) })
	}
	inFile := taken(lines)
	actor := rapport.Actor{Kind: rapport.ActorAgent, AgentID: m.ByID, Name: m.ByName, Role: rapport.RoleSupervisor}
	for {
		refused := -1 // the line that broke a rule which checking does not know of
		err := db.Update(ctx, func(tx *store.Tx) (err error) {
			refused = -1
			if m, err = tx.Import(id); err != nil || m.Status != "checking" && m.Status != "running" {
				return err
			}
			m.Lines = len(lines)
			end := min(m.Done+batch, len(lines))
			for i := m.Done; i < end; i++ {
				if err := one(tx, actor, &m, lines[i], inFile); err != nil {
					refused = i
					return err
				}
			}
			if m.Done = end; end == len(lines) {
				if m.Status = map[string]string{"checking": "checked", "running": "done"}[m.Status]; m.Status == "checked" {
					m.Done = 0
				}
			}
			return tx.SaveImport(m)
		})
		if refused >= 0 && len(lines[refused].wrong) == 0 && isRefusal(err) { // the batch once more, without that line
			lines[refused].refuse(err)
			continue
		}
		if rapport.KindOf(err) == rapport.NotFound {
			return nil
		}
		if err != nil || m.Status == "checked" || m.Status == "done" {
			return err
		}
	}
}

// isRefusal tells that what was asked for is wrong, not that it could not be done.
func isRefusal(err error) bool {
	switch rapport.KindOf(err) {
	case rapport.Invalid, rapport.Conflict, rapport.NotFound, rapport.Forbidden:
		return true
	}
	return false
}

// giveUp ends a file that cannot be worked through. What was imported stays.
func giveUp(ctx context.Context, db *store.DB, id rapport.ImportID, why error) error {
	return db.Update(ctx, func(tx *store.Tx) error {
		m, err := tx.Import(id)
		if rapport.KindOf(err) == rapport.NotFound || err == nil && m.Status != "checking" && m.Status != "running" {
			return nil
		}
		if err != nil {
			return err
		}
		reason := "Something went wrong on our side; it has been logged."
		if e, ok := errors.AsType[*rapport.Error](why); ok {
			reason = e.Message
		}
		m.Error = rapport.Errorf(rapport.Internal, "given_up", "The file was given up after %d of %d lines: %s", m.Done, m.Lines, reason).Message
		if m.Status == "checking" {
			m.Good, m.Bad, m.Added, m.Changed, m.Skipped, m.Problems = 0, 0, 0, 0, 0, nil
		}
		m.Status = "failed"
		return tx.SaveImport(m)
	})
}

// taken says which line of a file has an address first.
func taken(lines []line) map[string]int {
	at := map[string]int{}
	for _, l := range lines {
		for _, p := range l.points {
			key := string(p.Kind) + " " + p.Address
			if _, there := at[key]; !there {
				at[key] = l.n
			}
		}
	}
	return at
}

// one checks a line, and imports it when the file is under way.
func one(tx *store.Tx, actor rapport.Actor, m *store.Import, l line, inFile map[string]int) error {
	if l.unread {
		l.bad(m)
		return nil
	}
	l.wrong = slices.Clone(l.wrong)
	var c rapport.Contact // whom it is about; nobody for a new one
	owner := l.id
	if owner != "" {
		var err error
		c, err = tx.Contact(owner)
		switch {
		case rapport.KindOf(err) == rapport.NotFound || err == nil && c.MergedInto != "" || owner == rapport.InternalContact:
			l.wrong = append(l.wrong, "There is no customer with the id "+string(owner)+"; leave the id empty for a new one.")
		case err != nil:
			return err
		}
	}
	for _, p := range l.points {
		if first := inFile[string(p.Kind)+" "+p.Address]; first != l.n {
			l.wrong = append(l.wrong, p.Address+" is in line "+itoa(first)+" already.")
			continue
		}
		has, err := tx.PointOwner(p)
		if err != nil {
			return err
		}
		switch {
		case has == "" || has == owner:
		case owner == "":
			if owner = has; len(l.wrong) == 0 {
				c, err = tx.Contact(has)
			}
		default:
			var other rapport.Contact
			if other, err = tx.Contact(has); err == nil {
				l.wrong = append(l.wrong, p.Address+" belongs to another customer, "+nameOf(&other)+". Merge the two first.")
			}
		}
		if err != nil {
			return err
		}
	}
	if owner == "" && l.name == "" {
		l.wrong = append(l.wrong, "A new customer needs a name.")
	}
	l.refuse(c.Describable())
	became := l.upon(&c)
	if len(l.wrong) > 0 {
		l.bad(m)
		return nil
	}
	m.Good++
	if owner == "" {
		m.Added++
		if m.Status != "running" {
			return nil
		}
		texts := make([]string, len(l.points))
		for i, p := range l.points {
			texts[i] = p.Address
		}
		_, err := Create(tx, actor, New{Name: l.name, Points: texts, Fields: l.fields, Tags: l.tags})
		return err
	}
	if !became.differs() {
		m.Skipped++
		return nil
	}
	m.Changed++
	if m.Status != "running" {
		return nil
	}
	return became.save(tx, actor, owner)
}

// gains are what a line says of a customer that is not so yet; what it leaves
// empty stays.
type gains struct {
	name   string
	fields map[string]string
	tags   []string // all of them; nil if none is new
	points []rapport.Point
}

// upon compares a line with a customer, and refuses what nobody may become.
func (l *line) upon(c *rapport.Contact) (g gains) {
	if l.name != c.Name {
		g.name = l.name
	}
	g.fields = map[string]string{}
	for name, value := range l.fields {
		if value != "" && c.Fields[name] != value {
			g.fields[name] = value
		}
	}
	l.refuse(rapport.ValidFields("fields", rapport.WithFields(c.Fields, g.fields)))
	tags, changed, err := rapport.WithTags(c.Tags, l.tags, nil)
	l.refuse(err)
	if changed {
		g.tags = tags
	}
	for _, p := range l.points {
		if !slices.ContainsFunc(c.Points, func(o rapport.Point) bool { return same(o, p) }) {
			g.points = append(g.points, p)
		}
	}
	if len(c.Points)+len(g.points) > mostPoints {
		l.refuse(tooManyPoints())
	}
	return g
}

func (g *gains) differs() bool { return g.name != "" || len(g.fields)+len(g.tags)+len(g.points) > 0 }

func (g *gains) save(tx *store.Tx, actor rapport.Actor, id rapport.ContactID) error {
	if g.name != "" {
		if _, err := conversation.NameCustomer(tx, actor, id, g.name); err != nil {
			return err
		}
	}
	if len(g.fields) > 0 {
		if _, err := conversation.SetContactFields(tx, actor, id, g.fields); err != nil {
			return err
		}
	}
	if len(g.tags) > 0 {
		if _, err := SetTags(tx, actor, id, g.tags); err != nil {
			return err
		}
	}
	for _, p := range g.points {
		if _, err := AddPoint(tx, actor, id, p.Kind, p.Address); err != nil {
			return err
		}
	}
	return nil
}

// readLines reads a file. What is wrong with the file as a whole is an error;
// what is wrong with a line stands in the line.
func readLines(text, country string, attributes []rapport.Attribute) ([]line, error) {
	r := sheet.NewReader(text)
	names, _, err := r.Read()
	if err != nil {
		return nil, rapport.Invalidf("", "The file has no first line with the names of the columns: name, points, tags, and those of attributes.")
	}
	columns := make([]string, len(names))
	for i, name := range names {
		if columns[i] = column(name, attributes); columns[i] == "" {
			return nil, rapport.Invalidf("", "The column %q cannot be read. The columns are id, name, known, points, tags, and the names of attributes or fields: lower case letters, digits and underscores.", name)
		}
		if slices.Contains(columns[:i], columns[i]) {
			return nil, rapport.Invalidf("", "The column %s is there twice.", columns[i])
		}
	}
	if !slices.Contains(columns, "name") && !slices.Contains(columns, "points") && !slices.Contains(columns, "id") {
		return nil, rapport.Invalidf("", "A column name, points or id is needed to know whom a line is about.")
	}
	var lines []line
	for {
		cells, n, err := r.Read()
		if err == io.EOF {
			return lines, nil
		}
		if len(lines) == mostLines {
			return nil, rapport.Invalidf("", "The file has more than %d lines; split it.", mostLines)
		}
		if why, ok := sheet.Broken(err); ok {
			lines = append(lines, line{n: n, unread: true, wrong: []string{why}})
			continue
		}
		if err != nil {
			return nil, err
		}
		l := line{n: n, fields: map[string]string{}}
		l.read(columns, cells, country, attributes)
		lines = append(lines, l)
	}
}

func (l *line) read(columns, cells []string, country string, attributes []rapport.Attribute) {
	if len(cells) != len(columns) {
		l.wrong = append(l.wrong, "The line has "+itoa(len(cells))+" cells; the first line has "+itoa(len(columns))+".")
	}
	for i, cell := range cells {
		if i >= len(columns) {
			break
		}
		cell = sheet.Plain(strings.TrimSpace(cell))
		switch columns[i] {
		case "id":
			if l.id = rapport.ContactID(cell); cell != "" && !rapport.ValidID(cell) {
				l.wrong = append(l.wrong, "“"+cell+"” is not the id of a customer.")
			}
		case "known":
		case "name":
			if l.name = cell; utf8.RuneCountInString(cell) > 120 {
				l.wrong = append(l.wrong, "A customer's name has 1 to 120 characters.")
			}
		case "points":
			for _, text := range split(cell) {
				p, err := parsePoint(text, country)
				if err != nil {
					l.refuse(err)
				} else if !slices.ContainsFunc(l.points, func(o rapport.Point) bool { return same(o, p) }) {
					l.points = append(l.points, p)
				}
			}
		case "tags":
			tags, _, err := rapport.WithTags(nil, split(cell), nil)
			if err != nil {
				l.refuse(err)
			}
			l.tags = tags
		default:
			l.set(columns[i], cell, country, attributes)
		}
	}
}

func (l *line) set(name, value, country string, attributes []rapport.Attribute) {
	for i := range attributes {
		if a := &attributes[i]; a.Name == name {
			right, err := a.Check(value, func(kind rapport.PointKind, text string) (string, error) {
				p, err := parseKind(kind, text, country)
				return p.Address, err
			})
			if err != nil {
				l.refuse(err)
				return
			}
			value = right
		}
	}
	if len(value) > 2000 {
		l.wrong = append(l.wrong, name+": the value is longer than 2000 bytes.")
		return
	}
	if value != "" {
		l.fields[name] = value
	}
}

// column is what a heading means: a column of ours, an attribute by its name or
// label, or the name of a field.
func column(heading string, attributes []rapport.Attribute) string {
	heading = sheet.Plain(strings.TrimSpace(heading))
	small := strings.ToLower(heading)
	for _, a := range attributes {
		if small == a.Name || strings.EqualFold(heading, a.Label) {
			return a.Name
		}
	}
	if rapport.ValidFields("", map[string]string{small: ""}) != nil {
		return ""
	}
	return small
}

func split(cell string) []string {
	return slices.DeleteFunc(strings.FieldsFunc(cell, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }), func(s string) bool { return strings.TrimSpace(s) == "" })
}

// Forget drops a file of customers.
func Forget(tx *store.Tx, id rapport.ImportID) error { return tx.DeleteImport(id) }

// Trim drops files that nobody came back to.
func Trim(tx *store.Tx) error { return tx.TrimImports(tx.Now().Add(-7 * 24 * time.Hour)) }
