package bench

import (
	"io"
	"os"
	"os/exec"
	"syscall"
	"testing"
)

// A server that stands still while another one is measured does not outlive a bench
// that is killed.
func TestAStoppedServerEndsWithItsBench(t *testing.T) {
	t.Parallel()
	alive, held, err := os.Pipe() // ends with all who hold it
	if err != nil {
		t.Fatal(err)
	}
	defer alive.Close()
	bench := exec.Command(os.Args[0], "-test.run=^TestChildStopsItsServer$")
	bench.Env = append(os.Environ(), "RAPPORT_BENCH_CHILD=1")
	bench.ExtraFiles = []*os.File{held}
	if err := bench.Start(); err != nil {
		t.Fatal(err)
	}
	held.Close()
	if _, err := alive.Read(make([]byte, 1)); err != nil {
		t.Fatalf("it does not start: %v", err)
	}
	if err := bench.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	bench.Wait() // killed, as told
	if _, err := io.Copy(io.Discard, alive); err != nil {
		t.Fatal(err)
	}
}

// TestChildStopsItsServer is the bench that TestAStoppedServerEndsWithItsBench kills.
func TestChildStopsItsServer(t *testing.T) {
	if os.Getenv("RAPPORT_BENCH_CHILD") == "" {
		return
	}
	held := os.NewFile(3, "held")
	server := exec.Command("sleep", "600")
	server.Stdout = held
	tied(server)
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	if err := server.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	if _, err := held.WriteString("."); err != nil { // it stands still
		t.Fatal(err)
	}
	<-t.Context().Done()
}
