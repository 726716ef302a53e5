package pg_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"rapport/rapporttest/pg"
)

func open(t *testing.T, address string) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func setting(t *testing.T, db *sql.DB, name string) string {
	t.Helper()
	var value string
	if err := db.QueryRow("select current_setting($1)", name).Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

func TestEachCallerGetsAnEmptyDatabase(t *testing.T) {
	t.Parallel()
	first, second := pg.URL(t), pg.URL(t)
	if first == second {
		t.Fatalf("both are %s", first)
	}
	if _, err := open(t, first).Exec("create table mine (id int)"); err != nil {
		t.Fatal(err)
	}
	var tables int
	err := open(t, second).QueryRow("select count(*) from pg_tables where schemaname = 'public'").Scan(&tables)
	if err != nil || tables != 0 {
		t.Fatalf("%d tables in the second database, %v", tables, err)
	}
}

func TestDatabaseIsDroppedWithItsTest(t *testing.T) {
	t.Parallel()
	var gone string
	t.Run("inner", func(t *testing.T) {
		gone = pg.URL(t)
		if err := open(t, gone).Ping(); err != nil {
			t.Fatal(err)
		}
	})
	if err := open(t, gone).Ping(); err == nil {
		t.Fatal("the database outlived its test")
	}
}

func TestServerIsDurableAndKeepsItsData(t *testing.T) {
	t.Parallel()
	dir := socketDir(t)
	server, err := pg.Start(t.Context(), dir, pg.Options{Settings: map[string]string{"work_mem": "8MB"}})
	if err != nil {
		t.Fatal(err)
	}
	address, err := server.Create(t.Context(), "kept")
	if err != nil {
		server.Stop()
		t.Fatal(err)
	}
	db := open(t, address)
	for name, want := range map[string]string{"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "max_connections": "200", "work_mem": "8MB", "listen_addresses": ""} {
		if got := setting(t, db, name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if _, err := db.Exec("create table thing as select 7 as n"); err != nil {
		t.Error(err)
	}
	server.Stop()

	again, err := pg.Start(t.Context(), dir, pg.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Stop()
	var n int
	if err := open(t, again.URL("kept")).QueryRow("select n from thing").Scan(&n); err != nil || n != 7 {
		t.Fatalf("read %d, %v after a restart", n, err)
	}
}

// socketDir is short enough for the path of a Unix socket, and its parents can
// be entered by the user the server runs as.
func socketDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "pg")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func TestTemporaryServerLeavesNothing(t *testing.T) {
	t.Parallel()
	server, err := pg.Start(t.Context(), "", pg.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	dir := directory(t, server.URL("postgres"))
	if _, err := os.Stat(dir); err != nil {
		t.Fatal(err)
	}
	server.Stop()
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Fatalf("the directory is still there: %v", err)
	}
	server.Stop() // a second time does no harm
}

// The directory goes away also where the user that the server runs as may not remove it.
func TestTemporaryServerInAFolderOfOurs(t *testing.T) {
	dir := socketDir(t)
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", dir)
	server, err := pg.Start(t.Context(), "", pg.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	server.Stop()
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Fatalf("%v stay behind, %v", left, err)
	}
}

func directory(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get("host")
}

// TestServerDiesWithItsProcess kills a process that runs a server.
func TestServerDiesWithItsProcess(t *testing.T) {
	t.Parallel()
	child := exec.Command(os.Args[0], "-test.run=^TestChildRunsServer$")
	child.Env = append(os.Environ(), "RAPPORT_PG_CHILD=1")
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	address = address[:len(address)-1]
	db := open(t, address)
	if err := db.Ping(); err != nil {
		t.Fatal(err)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	child.Wait() // killed, as told
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for dir := directory(t, address); ; {
		if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
			break
		}
		select {
		case <-ctx.Done():
			left, _ := filepath.Glob(dir + "/*")
			t.Fatalf("20 s after the kill the server's directory holds %v", left)
		case <-tick.C:
		}
	}
	if err := db.Ping(); err == nil {
		t.Fatal("the server still answers")
	}
}

// TestChildRunsServer is the process that TestServerDiesWithItsProcess kills;
// on its own it checks that a server starts and stops.
func TestChildRunsServer(t *testing.T) {
	server, err := pg.Start(t.Context(), "", pg.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Stop()
	if os.Getenv("RAPPORT_PG_CHILD") == "" {
		return
	}
	os.Stdout.WriteString(server.URL("postgres") + "\n")
	<-t.Context().Done()
}
