package pg

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Env names the environment variable with the address of a running server on
// which tests create their databases: postgres://… of a superuser.
const Env = "RAPPORT_TEST_POSTGRES"

// T is what URL needs of a *testing.T or *testing.B. Naming it here keeps the
// package testing out of programs that only Start a server.
type T interface {
	Helper()
	Fatalf(format string, args ...any)
	Logf(format string, args ...any)
	Cleanup(func())
}

// admin is the address on which databases are made: of the server in Env, or
// of one that lives as long as this process.
var admin = sync.OnceValues(func() (string, error) {
	if given := os.Getenv(Env); given != "" {
		return given, nil
	}
	server, err := Start(context.Background(), "", Options{NoSync: true})
	if err != nil {
		return "", err
	}
	return server.URL("postgres"), nil
})

// URL returns the address of a fresh, empty database that is dropped when the
// test ends. The test fails, and does not skip, where there is no PostgreSQL.
func URL(t T) string {
	t.Helper()
	server, err := admin()
	if err != nil {
		t.Fatalf("this test needs PostgreSQL: %v", err)
	}
	return fresh(t, server, "template1")
}

// Copy returns the address of a fresh copy of a named database, which is
// dropped when the test ends. The first caller on a server has the named
// database filled; the name must change when what fill does changes.
func Copy(t T, name string, fill func(address string) error) string {
	t.Helper()
	server, err := admin()
	if err != nil {
		t.Fatalf("this test needs PostgreSQL: %v", err)
	}
	original := "original_" + name
	if err := filled(server, original, fill); err != nil {
		t.Fatalf("this test needs a database to copy: %v", err)
	}
	return fresh(t, server, original)
}

// Detour returns another address of the database of URL or Copy, at which nobody
// listens any more once cut was called, until it is mended. What is connected stays so.
func Detour(t T, address string) (through string, cut, mend func()) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatalf("the address of the database: %v", err)
	}
	dir, err := os.MkdirTemp("", "detour-")
	if err != nil {
		t.Fatalf("a folder for a socket: %v", err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Logf("%s stays behind: %v", dir, err)
		}
	})
	const socket = ".s.PGSQL.5432" // as PostgreSQL names it
	q := u.Query()
	to, link := filepath.Join(q.Get("host"), socket), filepath.Join(dir, socket)
	q.Set("host", dir)
	u.RawQuery = q.Encode()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("the way to the database: %v", err)
		}
	}
	mend = func() { must(os.Symlink(to, link)) }
	mend()
	return u.String(), func() { must(os.Remove(link)) }, mend
}

var filling sync.Mutex

// filled sees to it that a database is on the server and filled.
func filled(server, name string, fill func(address string) error) error {
	filling.Lock()
	defer filling.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	db, err := sql.Open("pgx", server)
	if err != nil {
		return err
	}
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	// Another process may be at it. The lock ends with the connection.
	if _, err := conn.ExecContext(ctx, "select pg_advisory_lock(hashtext($1))", name); err != nil {
		return err
	}
	var there bool
	if err := conn.QueryRowContext(ctx, "select exists (select from pg_database where datname = $1)", name).Scan(&there); err != nil || there {
		return err
	}
	draft := "t" + strings.ToLower(rand.Text())
	address, err := create(ctx, server, draft, "template1")
	if err != nil {
		return err
	}
	if err := fill(address); err != nil {
		return errors.Join(err, execute(ctx, server, "drop database "+draft+" with (force)"))
	}
	return execute(ctx, server, `alter database "`+draft+`" rename to "`+name+`"`)
}

// fresh copies a database for one test.
func fresh(t T, server, original string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	name := "t" + strings.ToLower(rand.Text())
	address, err := create(ctx, server, name, original)
	if err != nil {
		t.Fatalf("this test needs a database: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := execute(ctx, server, "drop database "+name+" with (force)"); err != nil {
			t.Logf("the database stays behind: %v", err)
		}
	})
	return address
}

// create copies a database on the server of an address and returns the copy's
// address.
func create(ctx context.Context, server, database, original string) (string, error) {
	u, err := url.Parse(server)
	if err != nil {
		return "", fmt.Errorf("the address of the PostgreSQL server: %w", err)
	}
	if err := execute(ctx, server, `create database "`+database+`" template "`+original+`"`); err != nil {
		return "", err
	}
	u.Path = "/" + database
	return u.String(), nil
}

func execute(ctx context.Context, address, statement string) error {
	db, err := sql.Open("pgx", address)
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}
