//go:build unix

package owner

import (
	"fmt"
	"io/fs"
	"os/user"
	"strconv"
	"syscall"
)

func of(info fs.FileInfo) string {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return "somebody"
	}
	id := strconv.FormatUint(uint64(stat.Uid), 10)
	if u, err := user.LookupId(id); err == nil {
		return u.Username
	}
	return fmt.Sprintf("user %s", id)
}
