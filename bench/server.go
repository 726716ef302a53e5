package bench

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// server is the measured program at work.
type server struct {
	cmd     *exec.Cmd
	address string        // host:port
	took    time.Duration // from its start until it said that it is ready
	ended   chan error
}

// serve starts the program on a world, with further flags, and returns once
// /readyz answers.
func (r *run) serve(ctx context.Context, w *world, flags ...string) (*server, error) {
	flags = append([]string{"serve", "--data", w.dir, "--database", w.url, "--listen", "127.0.0.1:0", "--log-format", "json", "--presence-timeout", "1h"}, flags...)
	cmd := exec.CommandContext(ctx, r.Program, flags...)
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "RAPPORT_") { // the operator's settings are not for this
			cmd.Env = append(cmd.Env, e)
		}
	}
	tied(cmd)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	said, err := cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	s := &server{cmd: cmd, ended: make(chan error, 1)}
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", r.Program, err)
	}
	ready := make(chan string, 1)
	var last bytes.Buffer // what it said before it ended
	go func() {
		lines := bufio.NewScanner(said)
		for lines.Scan() {
			var line struct{ Msg, URL, Level string }
			if json.Unmarshal(lines.Bytes(), &line) == nil && line.URL != "" && line.Msg == "Rapport is ready" {
				ready <- line.URL
			} else if line.Level == "ERROR" || line.Level == "" {
				last.Write(lines.Bytes())
				last.WriteByte('\n')
			}
		}
		s.ended <- cmd.Wait()
	}()
	select {
	case base := <-ready:
		u, err := url.Parse(base)
		if err != nil {
			return nil, err
		}
		s.address = u.Host
	case err := <-s.ended:
		return nil, fmt.Errorf("the server ended at once: %w\n%s", err, last.Bytes())
	case <-time.After(time.Minute):
		s.stop()
		return nil, fmt.Errorf("the server was not ready within a minute")
	}
	response, err := http.Get("http://" + s.address + "/readyz")
	if err != nil {
		s.stop()
		return nil, err
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		s.stop()
		return nil, fmt.Errorf("the server answers /readyz with %s", response.Status)
	}
	s.took = time.Since(start)
	return s, nil
}

// stop ends the server and waits for it.
func (s *server) stop() {
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGCONT} { // it may have been stopped
		_ = s.signal(sig) // it may have ended already
	}
	<-s.ended
}

// resident is the memory of the server in bytes.
func (s *server) resident() (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return 0, fmt.Errorf("memory can be measured on Linux only: %w", err)
	}
	for line := range strings.Lines(string(text)) {
		if rest, found := strings.CutPrefix(line, "VmRSS:"); found {
			kib, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
			return kib << 10, err
		}
	}
	return 0, fmt.Errorf("the kernel does not tell the memory of process %d", s.cmd.Process.Pid)
}

// cpu is the time the server has spent on processors.
func (s *server) cpu() (time.Duration, error) { return cpuOf(s.cmd.Process.Pid) }

// cpuOf is the time a process has spent on processors.
func cpuOf(pid int) (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, fmt.Errorf("CPU time can be measured on Linux only: %w", err)
	}
	_, rest, _ := strings.Cut(string(text), ") ") // the name may hold spaces
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0, fmt.Errorf("the kernel does not tell the CPU time of process %d", pid)
	}
	var ticks int64
	for _, field := range fields[11:13] { // utime and stime, in hundredths of a second
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return 0, err
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond, nil
}

// signal stops the process, lets it go on, or asks it to end.
func (s *server) signal(sig syscall.Signal) error { return s.cmd.Process.Signal(sig) }
