// Package owner tells whose a file is, for errors about files that cannot be read
// or written.
package owner

import (
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
)

// Of says whose a file and its folder are, who may do what with them, and as whom this
// program runs: "/srv/rapport.db belongs to root (-rw-r--r--), its folder to root
// (drwxr-xr-x), and this program runs as ada".
func Of(file string) string {
	info, err := os.Stat(file)
	folder, worse := os.Stat(filepath.Dir(file))
	switch {
	case worse != nil:
		return "this program runs as " + Me()
	case err != nil:
		return fmt.Sprintf("the folder %s belongs to %s, and this program runs as %s", filepath.Dir(file), told(folder), Me())
	}
	return fmt.Sprintf("%s belongs to %s, its folder to %s, and this program runs as %s", file, told(info), told(folder), Me())
}

func told(info fs.FileInfo) string { return fmt.Sprintf("%s (%v)", of(info), info.Mode()) }

// Me is as whom this program runs.
func Me() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return fmt.Sprintf("user %d", os.Geteuid())
}
