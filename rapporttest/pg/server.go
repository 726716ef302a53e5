package pg

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// User is the superuser of every server; connections need no password, for
// only its owner and root can enter the directory of the socket.
const User = "rapport"

// Options change how a server runs. The zero value is durable, as in
// production.
type Options struct {
	// NoSync trades durability for speed: a crash of the machine loses data.
	NoSync bool
	// Settings are further server settings, e.g. "shared_buffers": "512MB".
	Settings map[string]string
}

// Server is a running PostgreSQL.
type Server struct {
	dir   string
	guard *exec.Cmd
	pipe  io.Closer
	ended chan struct{} // closed when the guard is gone, and the server with it
	stop  sync.Once
}

// guardScript runs the server until its standard input ends. Arguments: the
// directory, the signal that stops the server, "rm" to remove the directory,
// then the server's command line.
const guardScript = `
dir=$1 signal=$2 after=$3
shift 3
"$@" </dev/null >>"$dir/log" 2>&1 &
server=$!
cat >/dev/null
kill -s "$signal" "$server" 2>/dev/null
wait "$server"
[ "$after" != rm ] || rm -rf "$dir"
`

// sweepScript removes what the guard could not: the directory itself, where only we
// may remove it from the one it is in. Its standard input ends with the guard.
const sweepScript = `
cat >/dev/null
rm -rf "$1"
`

// Start runs a server whose files live in dir and returns when it accepts
// connections. A dir that holds a database is started again as it is; a new
// one is initialised. An empty dir means a temporary one, which goes away
// with the server.
func Start(ctx context.Context, dir string, opts Options) (*Server, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	signal, after := "INT", "keep" // fast shutdown: the data are used again
	if dir == "" {
		if dir, err = os.MkdirTemp("", "rapport-pg-"); err != nil {
			return nil, err
		}
		signal, after = "QUIT", "rm" // immediate shutdown: nobody reads the data again
	}
	s := &Server{dir: dir, ended: make(chan struct{})}
	if err := s.start(ctx, bin, signal, after, opts); err != nil {
		err = fmt.Errorf("start PostgreSQL in %s: %w", dir, err)
		if after == "rm" {
			err = errors.Join(err, os.RemoveAll(dir))
		}
		return nil, err
	}
	return s, nil
}

func (s *Server) start(ctx context.Context, bin, signal, after string, opts Options) error {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return err
	}
	attr, err := unprivileged(s.dir)
	if err != nil {
		return err
	}
	data := filepath.Join(s.dir, "data")
	if _, err := os.Stat(filepath.Join(data, "PG_VERSION")); errors.Is(err, os.ErrNotExist) {
		initdb := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), "--pgdata", data, "--username", User,
			"--auth", "trust", "--encoding", "UTF8", "--no-locale", "--no-sync", "--no-instructions")
		initdb.Dir, initdb.SysProcAttr = s.dir, attr
		if out, err := initdb.CombinedOutput(); err != nil {
			return fmt.Errorf("initdb: %w\n%s", err, out)
		}
	}

	args := []string{"-c", guardScript, "guard", s.dir, signal, after, filepath.Join(bin, "postgres"), "-D", data,
		"-c", "listen_addresses=", "-c", "unix_socket_directories=" + s.dir, "-c", "max_connections=200"}
	if opts.NoSync {
		args = append(args, "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off")
	}
	for name, value := range opts.Settings {
		args = append(args, "-c", name+"="+value)
	}
	s.guard = exec.Command("sh", args...)
	s.guard.Dir, s.guard.SysProcAttr = s.dir, attr
	if s.pipe, err = s.guard.StdinPipe(); err != nil {
		return err
	}
	var swept func()
	if own, another := ourselves(attr); after == "rm" && another {
		if swept, err = s.sweep(own); err != nil {
			return err
		}
	}
	if err := s.guard.Start(); err != nil {
		if swept != nil {
			swept()
		}
		return err
	}
	go func() {
		s.guard.Wait() // its status says how the server was told to end, which we know
		if swept != nil {
			swept()
		}
		close(s.ended)
	}()
	if err := s.ready(ctx); err != nil {
		log, _ := os.ReadFile(filepath.Join(s.dir, "log"))
		s.Stop()
		return fmt.Errorf("%w\n%s", err, bytes.TrimSpace(log))
	}
	return nil
}

// sweep starts who removes the directory when the guard, which is still to be started,
// has ended. wait waits for that.
func (s *Server) sweep(as *syscall.SysProcAttr) (wait func(), err error) {
	sweeper := exec.Command("sh", "-c", sweepScript, "sweep", s.dir)
	sweeper.SysProcAttr = as
	in, out, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer in.Close()
	sweeper.Stdin, s.guard.Stdout = in, out
	if err := sweeper.Start(); err != nil {
		return nil, errors.Join(err, out.Close())
	}
	return func() {
		out.Close()    // the guard's own is closed
		sweeper.Wait() // who looks into the directory sees whether it is gone
	}, nil
}

// ready waits until the server answers.
func (s *Server) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	db, err := sql.Open("pgx", s.URL("postgres"))
	if err != nil {
		return err
	}
	defer db.Close()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		err := db.PingContext(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("it does not answer: %w", err)
		case <-s.ended:
			return errors.New("it ended at once")
		case <-tick.C:
		}
	}
}

// URL is the address of one database of the server.
func (s *Server) URL(database string) string {
	u := url.URL{Scheme: "postgres", User: url.User(User), Path: "/" + database}
	u.RawQuery = url.Values{"host": {s.dir}}.Encode()
	return u.String()
}

// Create makes an empty database and returns its address.
func (s *Server) Create(ctx context.Context, database string) (string, error) {
	return create(ctx, s.URL("postgres"), database, "template1")
}

// Stop ends the server and waits until it is gone.
func (s *Server) Stop() {
	s.stop.Do(func() { s.pipe.Close() })
	<-s.ended
}

// binaries finds the directory of initdb and postgres: the newest version of
// the usual places, else the one in PATH.
func binaries() (string, error) {
	var best string
	var version int
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin"} {
		dirs, _ := filepath.Glob(pattern) // the patterns are well formed
		for _, dir := range dirs {
			var v int
			for _, c := range filepath.Base(filepath.Dir(dir)) {
				if c >= '0' && c <= '9' {
					v = v*10 + int(c-'0')
				}
			}
			if v > version && runs(filepath.Join(dir, "initdb")) && runs(filepath.Join(dir, "postgres")) {
				best, version = dir, v
			}
		}
	}
	if best != "" {
		return best, nil
	}
	if initdb, err := exec.LookPath("initdb"); err == nil && runs(filepath.Join(filepath.Dir(initdb), "postgres")) {
		return filepath.Dir(initdb), nil
	}
	return "", errors.New("no PostgreSQL server is installed on this machine; install it with `apt-get install postgresql` (Debian, Ubuntu), `dnf install postgresql-server` (Fedora) or `brew install postgresql@17` (macOS)")
}

// Installed tells whether this machine has the binaries that Start needs.
func Installed() bool {
	_, err := binaries()
	return err == nil
}

func runs(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}
