package pg

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"net/url"
	"os"
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
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	name := "t" + strings.ToLower(rand.Text())
	address, err := create(ctx, server, name)
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

// create makes a database on the server of an address and returns the new
// database's address.
func create(ctx context.Context, server, database string) (string, error) {
	u, err := url.Parse(server)
	if err != nil {
		return "", fmt.Errorf("the address of the PostgreSQL server: %w", err)
	}
	if err := execute(ctx, server, `create database "`+database+`"`); err != nil {
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
