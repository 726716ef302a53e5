//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd || windows)

package filelock

import (
	"fmt"
	"os"
)

func take(path string) (*os.File, error) { return nil, fmt.Errorf("%s: %w", path, ErrUnsupported) }
