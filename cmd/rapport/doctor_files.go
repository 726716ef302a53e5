package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"rapport"
	"rapport/app"
	"rapport/blob"
	"rapport/store"
)

// checkFiles writes, reads and removes a few bytes where attachments are kept.
// A folder that is not there yet is not made.
func checkFiles(ctx context.Context, c app.Config) finding {
	if noFolder(c) {
		return finding{check: "attachments", remark: "no folder yet; serve makes one"}
	}
	blobs, err := c.Blobs()
	if err == nil {
		var cancel func()
		ctx, cancel = context.WithTimeout(ctx, 20*time.Second)
		defer cancel()
		err = blob.Check(ctx, blobs)
	}
	if err != nil {
		return finding{"attachments", err.Error(), "Check --files, and that the folder or bucket lets this user write, read and remove.", ""}
	}
	remark := blobs.Where()
	if c.Converter() == "" {
		remark += "; without ffmpeg, so sound that browsers do not play can only be downloaded"
	}
	return finding{check: "attachments", remark: remark}
}

// noFolder tells that attachments are to lie in a folder that is not there.
func noFolder(c app.Config) bool {
	dir := c.FilesFolder()
	if dir == "" {
		return false
	}
	_, err := os.Stat(dir)
	return os.IsNotExist(err)
}

// mostCompared is how many attachments, of the latest, are looked for.
const mostCompared = 1000

// checkFileRows tells whether the attachments that the database knows are where
// they are kept, whole.
func checkFileRows(ctx context.Context, db *store.DB, c app.Config) finding {
	var files []store.File
	all := 0
	err := db.View(ctx, func(tx *store.Tx) (err error) {
		files, all, err = tx.LatestFiles(mostCompared)
		return err
	})
	if err != nil {
		return finding{"files", err.Error(), "The database cannot be read; see its own log.", ""}
	}
	if all == 0 {
		return finding{check: "files", remark: "no attachment yet"}
	}
	const mend = "Restore the folder or bucket of --files from the backup that belongs to this database. Until then these attachments cannot be opened."
	if noFolder(c) {
		return finding{"files", fmt.Sprintf("the folder of %d attachments is not there", all), mend, ""}
	}
	blobs, err := c.Blobs()
	if err != nil {
		return finding{"files", err.Error(), "Check --files.", ""}
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	var lost []string
	for _, f := range files {
		o, err := blobs.Open(ctx, string(f.ID))
		switch {
		case rapport.KindOf(err) == rapport.NotFound:
			lost = append(lost, fmt.Sprintf("%s (%s) is missing", f.Name, f.ID))
			continue
		case err != nil:
			return finding{"files", err.Error(), "Check --files, and that the folder or bucket lets this user read.", ""}
		case o.Size() != f.Size:
			lost = append(lost, fmt.Sprintf("%s (%s) has %d bytes instead of %d", f.Name, f.ID, o.Size(), f.Size))
		}
		_ = o.Close() // nothing was read
	}
	if n := len(lost); n > 0 {
		const shown = 3
		said := strings.Join(lost[:min(n, shown)], ", ")
		if n > shown {
			said += fmt.Sprintf(" and %d more", n-shown)
		}
		return finding{"files", fmt.Sprintf("of the latest %d attachments %s", len(files), said), mend, ""}
	}
	if all > len(files) {
		return finding{check: "files", remark: fmt.Sprintf("the latest %d of %d attachments are there", len(files), all)}
	}
	return finding{check: "files", remark: fmt.Sprintf("all %d attachments are there", all)}
}
