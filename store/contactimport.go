package store

import (
	"time"

	"rapport"
)

// Import is a file of customers and how far it has come.
type Import struct {
	ID       rapport.ImportID `json:"id"`
	At       time.Time        `json:"at"`
	ByID     rapport.AgentID  `json:"by_id"`
	ByName   string           `json:"by_name"`
	Name     string           `json:"name" doc:"Of the file."`
	Text     string           `json:"-"`
	Status   string           `json:"status" enum:"checking,checked,running,done,failed"`
	Lines    int              `json:"lines" doc:"In the file, without the first."`
	Good     int              `json:"good"`
	Bad      int              `json:"bad"`
	Done     int              `json:"done" doc:"Lines worked through."`
	Added    int              `json:"added" doc:"Customers, or who would be."`
	Changed  int              `json:"changed"`
	Skipped  int              `json:"skipped" doc:"Lines that change nothing."`
	Problems []ImportProblem  `json:"problems" doc:"The first bad lines, at most 500."`
	Error    string           `json:"error,omitempty" doc:"Why the whole file failed."`
	EndedAt  time.Time        `json:"ended_at,omitzero"`
}

// ImportProblem is a bad line and why it is bad.
type ImportProblem struct {
	Line   int      `json:"line"`
	Name   string   `json:"name"`
	Errors []string `json:"errors"`
}

const importColumns = "id, at, by_id, by_name, name, status, lines, good, bad, done, added, changed, skipped, problems, error, ended_at"

// InsertImport keeps a file.
func (tx *Tx) InsertImport(m Import) error {
	return tx.put("insert into contact_import (id, at, by_id, by_name, name, text, status) values ($1, $2, $3, $4, $5, $6, $7)", m.ID, m.At, m.ByID, m.ByName, m.Name, m.Text, m.Status)
}

// Import returns a file and how far it has come, without its text.
func (tx *Tx) Import(id rapport.ImportID) (m Import, err error) {
	var problems jsonText[[]ImportProblem]
	err = tx.queryRow("select "+importColumns+" from contact_import where id = $1", id).Scan(&m.ID, milli{&m.At}, &m.ByID, &m.ByName, &m.Name, &m.Status,
		&m.Lines, &m.Good, &m.Bad, &m.Done, &m.Added, &m.Changed, &m.Skipped, &problems, &m.Error, milli{&m.EndedAt})
	if m.Problems = problems.v; m.Problems == nil {
		m.Problems = []ImportProblem{}
	}
	return m, found(err, "import", string(id))
}

// ImportText returns what the file says.
func (tx *Tx) ImportText(id rapport.ImportID) (text string, err error) {
	err = tx.queryRow("select text from contact_import where id = $1", id).Scan(&text)
	return text, found(err, "import", string(id))
}

// SaveImport saves how far a file has come. One that has ended forgets its text.
func (tx *Tx) SaveImport(m Import) error {
	if m.Status == "done" || m.Status == "failed" {
		m.EndedAt = tx.now
		if err := tx.put("update contact_import set text = '' where id = $1", m.ID); err != nil {
			return err
		}
	}
	return tx.demand(missing("import", string(m.ID)), `update contact_import set status = $2, lines = $3, good = $4, bad = $5, done = $6, added = $7, changed = $8, skipped = $9, problems = $10, error = $11, ended_at = $12
		where id = $1`, m.ID, m.Status, m.Lines, m.Good, m.Bad, m.Done, m.Added, m.Changed, m.Skipped, jsonOf(m.Problems), m.Error, m.EndedAt)
}

// DeleteImport forgets a file.
func (tx *Tx) DeleteImport(id rapport.ImportID) error {
	return tx.demand(missing("import", string(id)), "delete from contact_import where id = $1", id)
}

// TrimImports forgets files from before a moment.
func (tx *Tx) TrimImports(before time.Time) error {
	return tx.put("delete from contact_import where at < $1 and status <> 'running'", before)
}
