package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	"rapport/app"
	"rapport/blob"
)

// checkFiles writes, reads and removes a few bytes where attachments are kept.
// A folder that is not there yet is not made.
func checkFiles(ctx context.Context, c app.Config) finding {
	if !strings.HasPrefix(c.Files, "s3:") {
		dir := c.Files
		if dir == "" {
			dir = filepath.Join(c.Data, "files")
		}
		if _, err := os.Stat(dir); os.IsNotExist(err) {
			return finding{check: "attachments", remark: "no folder yet; serve makes one"}
		}
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
