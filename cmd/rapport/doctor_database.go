package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"rapport/app"
	"rapport/store"
)

// checkAccess tells whether other users of this machine can read SQLite's files.
func checkAccess(c app.Config) finding {
	file := c.DatabaseFile()
	var open []string
	for _, suffix := range []string{"", "-wal", "-shm", "-search", "-search-wal", "-search-shm"} {
		if info, err := os.Stat(file + suffix); err == nil && info.Mode().Perm()&0o007 != 0 {
			open = append(open, file+suffix)
		}
	}
	// Nobody reaches what is in a folder that only its owner may enter.
	if folder, err := os.Stat(filepath.Dir(file)); err == nil && folder.Mode().Perm()&0o001 != 0 && len(open) > 0 {
		return finding{"access", "everybody on this machine can read " + strings.Join(open, ", "), "chmod 600 " + strings.Join(open, " "), ""}
	}
	return finding{check: "access", remark: "others cannot read the database"}
}

// checkWritable writes a little to the database, and takes it back.
func checkWritable(ctx context.Context, db *store.DB) finding {
	if err := db.Writable(ctx); err != nil {
		return finding{"writing", err.Error(), "Run this as the user that the server runs as; make that the owner of the folder and the files in it; see that the disk has room.", ""}
	}
	return finding{check: "writing", remark: "the database can be written"}
}

// checkWhole reads all of SQLite's files.
func checkWhole(ctx context.Context, db *store.DB, c app.Config) []finding {
	const gigabyte = 1 << 30
	if size := sizeOf(c.DatabaseFile()) + sizeOf(c.DatabaseFile()+"-search"); size > gigabyte/2 {
		fmt.Fprintf(os.Stderr, "Reading all %.1f GB of the database; that takes about %v. --no-check leaves it out.\n", float64(size)/gigabyte, (time.Duration(size/perSecond)*time.Second).Round(time.Second)+time.Second)
	}
	damages, err := db.Damages(ctx)
	if err != nil {
		return []finding{{"damage", err.Error(), "The database cannot be read; see that this user may read it, and that the disk works.", ""}}
	}
	var list []finding
	for _, d := range damages {
		check, mend := "damage", "Stop the server, keep the damaged files apart, and restore the backup."
		if d.Index {
			check, mend = "index", "Only the search is concerned. The server makes the index anew when it meets this, or with POST /api/v1/search/rebuild; without it, stop the server, take "+d.File+"* away, and start it."
		}
		if len(d.Found) > 0 {
			list = append(list, finding{check, d.File + " is damaged: " + strings.ReplaceAll(strings.Join(d.Found, "; "), "\n", "; "), mend, ""})
		} else {
			list = append(list, finding{check: check, remark: d.File + " is whole"})
		}
	}
	return list
}

// perSecond is about how many bytes are read in a second to look for damage.
const perSecond = 200 << 20

func sizeOf(file string) int64 {
	info, err := os.Stat(file)
	if err != nil {
		return 0
	}
	return info.Size()
}

// mendOpening is what to do about a database that cannot be opened.
func mendOpening(err error, c app.Config) string {
	switch {
	case c.DatabaseFile() == "":
		return "Check --database, and that the database runs and lets this user in."
	case store.Damaged(err):
		return "Stop the server, keep the damaged files apart, and restore the backup."
	case errors.Is(err, os.ErrPermission):
		return "Run this as the user that the server runs as."
	}
	return "Check --database, and that this user may read and write the file and its folder."
}
