// Package web serves the built web apps out of the program: the desk with its
// client-side routes, and the widget's script. Without a build it says how to
// make one.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Files are the built apps: desk/** and widget/**.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the directory is embedded above
	}
	return files
}
