// Package filelock lets one process at a time do something, by a lock on a file
// that ends with the process, however that ends. The file itself stays.
package filelock

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
)

// Held is the error when another process has the lock.
type Held struct {
	Path string
	By   int // its process id; 0 when that is not known
}

func (h *Held) Error() string {
	if h.By == 0 {
		return h.Path + " is locked by another process"
	}
	return fmt.Sprintf("%s is locked by process %d", h.Path, h.By)
}

// ErrUnsupported says that there are no locks on this system, or where the file is.
var ErrUnsupported = errors.New("files cannot be locked here")

// errHeld is what take says of a lock that another process has.
var errHeld = errors.New("held")

// Take takes the lock of a file, which is made if need be, and keeps it until the
// function it returns is called or the process ends. It waits a while for a process
// that is just ending.
func Take(ctx context.Context, path string, patience time.Duration) (release func() error, err error) {
	for deadline := time.Now().Add(patience); ; {
		f, err := take(path)
		if err == nil {
			return f.Close, note(f)
		}
		if !errors.Is(err, errHeld) {
			return nil, err
		}
		if time.Now().After(deadline) {
			return nil, &Held{path, holder(path)}
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// note writes into the file who holds it.
func note(f *os.File) error {
	err := f.Truncate(0)
	if err == nil {
		_, err = f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	}
	if err != nil {
		return errors.Join(err, f.Close())
	}
	return nil
}

func holder(path string) int {
	f, err := os.Open(path)
	if err != nil {
		return 0
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, 32))
	if err != nil {
		return 0
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0
	}
	return pid
}
