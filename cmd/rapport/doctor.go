package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"rapport/app"
	"rapport/lib/secretbox"
	"rapport/search"
	"rapport/store"
	"rapport/web"
)

type doctor struct {
	NoCheck bool `help:"Do not read all of SQLite's files to look for damage. That takes some seconds for each GB."`
}

// finding is what a check came to.
type finding struct {
	check  string
	wrong  string // empty when all is well
	mend   string // what to do about it
	remark string // what is well, in a few words
}

// Run checks what the server relies on, changing nothing. It fails when
// something is wrong.
func (d doctor) Run(ctx context.Context, c *app.Config) error {
	findings := d.examine(ctx, *c)
	wrong := 0
	for _, f := range findings {
		if f.wrong == "" {
			fmt.Printf("ok     %-12s %s\n", f.check, f.remark)
			continue
		}
		wrong++
		fmt.Printf("WRONG  %-12s %s\n%20s%s\n", f.check, f.wrong, "", f.mend)
	}
	if wrong > 0 {
		return fmt.Errorf("%d of %d checks found something", wrong, len(findings))
	}
	return nil
}

func (d doctor) examine(ctx context.Context, c app.Config) []finding {
	list := []finding{checkSettings(c), checkKey(c), checkFiles(ctx, c), checkWeb()}
	db, f := openExisting(ctx, c)
	list = append(list, f)
	if db == nil {
		return list
	}
	defer db.Close()
	if c.DatabaseFile() != "" {
		list = append(list, checkAccess(c), checkWritable(ctx, db))
		if !d.NoCheck {
			list = append(list, checkWhole(ctx, db, c)...)
		}
	}
	f = checkVersion(ctx, db)
	list = append(list, f)
	if f.wrong != "" {
		return list // the rest needs the schema
	}
	return append(list, checkLoads(ctx, db), checkSecrets(ctx, db, c), checkFileRows(ctx, db, c), checkJobs(ctx, db), checkSearch(ctx, db), checkClock(ctx, db))
}

func checkSettings(c app.Config) finding {
	if err := c.Validate(); err != nil {
		return finding{"settings", err.Error(), "Change the setting; rapport config lists all of them.", ""}
	}
	return finding{check: "settings", remark: "all valid"}
}

func checkKey(c app.Config) finding {
	info, err := os.Stat(c.Key())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return finding{check: "key", remark: "not there yet; serve makes one"}
	case err != nil:
		return finding{"key", err.Error(), "Let the user that runs the server read " + c.Key() + ".", ""}
	case info.Mode().Perm()&0o077 != 0:
		return finding{"key", fmt.Sprintf("%s can be read by others (%v)", c.Key(), info.Mode().Perm()), "chmod 600 " + c.Key(), ""}
	}
	if _, err := secretbox.Open(c.Key()); err != nil {
		return finding{"key", err.Error(), "Restore the file from your backup.", ""}
	}
	return finding{check: "key", remark: c.Key()}
}

func checkWeb() finding {
	desk, widget := web.Built(web.Files())
	if !desk || !widget {
		return finding{"web apps", "this program was built without them", "Run make build and use bin/rapport.", ""}
	}
	return finding{check: "web apps", remark: "desk and widget are present"}
}

// openExisting opens the database without making one.
func openExisting(ctx context.Context, c app.Config) (*store.DB, finding) {
	if file := c.DatabaseFile(); file != "" {
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			return nil, finding{"database", "there is none at " + place(c), "Start rapport serve once, or name another place with --data or --database, as the server does.", ""}
		}
	}
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	db, err := c.Open(ctx, nil)
	if err != nil {
		return nil, finding{"database", err.Error(), mendOpening(err, c), ""}
	}
	return db, finding{check: "database", remark: db.Dialect() + ", " + place(c)}
}

// place is where the database is, to show.
func place(c app.Config) string {
	file := c.DatabaseFile()
	if file == "" {
		return masked(c.DatabaseURL())
	}
	if abs, err := filepath.Abs(file); err == nil {
		return abs
	}
	return file
}

// existing opens the database for a command that needs what is in it: one that is not
// there is not made, and one of another version is left as it is.
func existing(ctx context.Context, c app.Config) (*store.DB, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	db, f := openExisting(ctx, c)
	if f.wrong == "" {
		f = checkVersion(ctx, db)
	}
	if f.wrong == "" {
		return db, nil
	}
	if db != nil {
		db.Close() //nolint:errcheck // nothing was written
	}
	return nil, fmt.Errorf("%s: %s. %s", f.check, f.wrong, f.mend)
}

func checkVersion(ctx context.Context, db *store.DB) finding {
	have, want, err := db.Version(ctx)
	switch {
	case err != nil:
		return finding{"schema", err.Error(), "Restore the database from your backup if this stays.", ""}
	case have < want:
		return finding{"schema", fmt.Sprintf("version %d, this program needs %d", have, want), "Run rapport migrate, or just start rapport serve.", ""}
	case have > want:
		return finding{"schema", fmt.Sprintf("version %d is newer than the %d this program knows", have, want), "Use the newer program; versions only go forward.", ""}
	}
	return finding{check: "schema", remark: fmt.Sprintf("version %d", have)}
}

func checkLoads(ctx context.Context, db *store.DB) finding {
	var wrong []string
	err := db.View(ctx, func(tx *store.Tx) (err error) {
		wrong, err = tx.CheckLoads()
		return err
	})
	switch {
	case err != nil:
		return finding{"loads", err.Error(), "The database cannot be read; see its own log.", ""}
	case len(wrong) > 0:
		return finding{"loads", "the number of conversations kept for " + strings.Join(wrong, ", ") + " is not what they hold", "This should never happen; please report it. Disabling and enabling these agents counts anew.", ""}
	}
	return finding{check: "loads", remark: "each agent's load is what they hold"}
}

func checkSecrets(ctx context.Context, db *store.DB, c app.Config) finding {
	var box *secretbox.Box // none without a key: opening a box would make one
	if _, err := os.Stat(c.Key()); err == nil {
		if box, err = secretbox.Open(c.Key()); err != nil {
			return finding{"secrets", err.Error(), "Restore the key file from your backup.", ""}
		}
	}
	var shut []string
	n := 0
	err := db.View(ctx, func(tx *store.Tx) error {
		secrets, err := tx.Secrets()
		n, shut = len(secrets), nil
		for _, s := range secrets {
			if box != nil {
				if _, e := box.Open(s.Sealed, s.Purpose); e == nil {
					continue
				}
			}
			shut = append(shut, strings.TrimSpace(s.Of+" ("+s.Name+")"))
		}
		return err
	})
	switch {
	case err != nil:
		return finding{"secrets", err.Error(), "The database cannot be read; see its own log.", ""}
	case len(shut) > 0:
		return finding{"secrets", "cannot be opened: " + strings.Join(shut, ", "), "Restore the key file that belongs to this database, or give these new secrets in the desk.", ""}
	}
	return finding{check: "secrets", remark: fmt.Sprintf("%d can be opened", n)}
}

// checkJobs complains of jobs that failed for good within a day; what is older has been
// complained of.
func checkJobs(ctx context.Context, db *store.DB) finding {
	const shown = 3
	var waiting, lately, earlier int
	var latest []store.FailedJob
	err := db.View(ctx, func(tx *store.Tx) (err error) {
		if waiting, _, err = tx.JobCounts(); err != nil {
			return err
		}
		lately, earlier, latest, err = tx.FailedJobs(tx.Now().Add(-24*time.Hour), shown)
		return err
	})
	if err != nil {
		return finding{"jobs", err.Error(), "The database cannot be read; see its own log.", ""}
	}
	var failed strings.Builder
	for _, j := range latest {
		ago := max(time.Since(j.At), time.Minute).Round(time.Minute)
		fmt.Fprintf(&failed, "\n%20s%s (%s), %s ago: %s", "", j.Kind, j.ID, strings.TrimSuffix(ago.String(), "0s"), strings.ReplaceAll(j.Error, "\n", " "))
	}
	switch {
	case lately > 0:
		return finding{"jobs", fmt.Sprintf("%d failed for good within a day, %d earlier, %d wait; the latest:%s", lately, earlier, waiting, failed.String()),
			"The log of the server says more; messages that could not be delivered are marked in their conversations.", ""}
	case earlier > 0:
		return finding{check: "jobs", remark: fmt.Sprintf("%d wait, %d failed for good more than a day ago and are forgotten after 30 days; the latest:%s", waiting, earlier, failed.String())}
	}
	return finding{check: "jobs", remark: fmt.Sprintf("%d wait, none has failed", waiting)}
}

// checkSearch tells whether what happened can be found.
func checkSearch(ctx context.Context, db *store.DB) finding {
	var state search.State
	err := db.View(ctx, func(tx *store.Tx) (err error) {
		state, err = search.StateOf(tx)
		return err
	})
	const patience = time.Minute
	switch {
	case err != nil:
		return finding{"search", err.Error(), "The database cannot be read; see its own log.", ""}
	case state.Behind > 0 && time.Since(state.Since) > patience:
		return finding{"search", fmt.Sprintf("the index lacks what happened since %s", state.Since.UTC().Format(time.RFC3339)),
			"It catches up while rapport serve runs. If it runs and this does not change, its log says why.", ""}
	case !state.Complete():
		return finding{check: "search", remark: fmt.Sprintf("%d of %d conversations and customers of the past are indexed; serve goes on with it", state.Done, state.Total)}
	}
	return finding{check: "search", remark: "the index is complete"}
}

// checkClock compares this machine's clock with the last thing that happened.
func checkClock(ctx context.Context, db *store.DB) finding {
	var last time.Time
	err := db.View(ctx, func(tx *store.Tx) error {
		seq, _, err := tx.Head()
		if err != nil || seq == 0 {
			return err
		}
		events, err := tx.EventsAfter(seq-1, 1)
		if len(events) > 0 {
			last = events[0].At
		}
		return err
	})
	if err != nil {
		return finding{"clock", err.Error(), "The database cannot be read; see its own log.", ""}
	}
	if ahead := time.Until(last); ahead > time.Minute {
		return finding{"clock", fmt.Sprintf("the last event lies %v in the future", ahead.Round(time.Second)), "Set this machine's clock, for example with NTP.", ""}
	}
	return finding{check: "clock", remark: time.Now().UTC().Format(time.RFC3339)}
}
