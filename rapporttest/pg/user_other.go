//go:build !unix

package pg

import (
	"errors"
	"syscall"
)

func unprivileged(string) (*syscall.SysProcAttr, error) {
	return nil, errors.New("a private PostgreSQL runs on Unix systems only; name a server with RAPPORT_TEST_POSTGRES")
}

func ourselves(server *syscall.SysProcAttr) (attr *syscall.SysProcAttr, another bool) {
	return server, false
}
