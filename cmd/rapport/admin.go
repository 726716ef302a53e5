package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"rapport"
	"rapport/app"
	"rapport/auth"
	"rapport/routing"
	"rapport/store"
)

type admin struct {
	Create adminCreate `cmd:"" help:"Make an admin, or give one a new password."`
}

type adminCreate struct {
	Email    string `required:"" help:"Address to sign in with."`
	Name     string `help:"Name to show. Empty: the part of the address before the @."`
	Password string `env:"RAPPORT_ADMIN_PASSWORD" help:"At least 10 characters. Empty: asked for, or read from standard input."`
	Reset    bool   `help:"The agent exists: make them an enabled admin with this password and end their sessions."`
}

// Run works on the database directly, next to a running server too.
func (a adminCreate) Run(ctx context.Context, c *app.Config) error {
	// First the password: one that is refused makes no database.
	if a.Password == "" {
		var err error
		if a.Password, err = askPassword(os.Stdin, os.Stderr); err != nil {
			return err
		}
	}
	passwords, err := auth.NewPasswords()
	if err != nil {
		return err
	}
	hash, err := passwords.Hash(ctx, "password", a.Password)
	if err != nil {
		return err
	}
	db, err := c.Open(ctx, c.Logger(os.Stderr))
	if err != nil {
		return err
	}
	defer db.Close()
	before, _, err := db.Version(ctx)
	if err != nil {
		return err
	}
	if err := db.Migrate(ctx); err != nil {
		return err
	}
	made := false
	err = db.Update(ctx, func(tx *store.Tx) (err error) {
		made, err = a.save(tx, hash)
		return err
	})
	switch {
	case err != nil:
		return err
	case made:
		fmt.Printf("%s is an admin now and can sign in. %s\n", a.Email, whichDatabase(*c, before))
	default:
		fmt.Printf("%s has a new password and is an admin; all earlier sessions have ended. %s\n", a.Email, whichDatabase(*c, before))
	}
	return nil
}

// save makes the admin, or mends an existing one; it reports which.
func (a adminCreate) save(tx *store.Tx, hash string) (made bool, err error) {
	if err := app.Prepare(tx); err != nil {
		return false, err
	}
	email := rapport.AgentEmail(a.Email)
	was, err := tx.AgentByEmail(email)
	missing := err != nil && rapport.KindOf(err) == rapport.NotFound
	switch {
	case err != nil && !missing:
		return false, err
	case missing && a.Reset:
		return false, fmt.Errorf("nobody has the address %s; leave out --reset to make an admin", email)
	case !missing && !a.Reset:
		return false, fmt.Errorf("%s has the address %s already; add --reset to give them a new password and the role of an admin", was.Name, email)
	}
	if missing {
		name := a.Name
		if name == "" {
			name, _, _ = strings.Cut(email, "@")
		}
		was = rapport.Agent{ID: rapport.NewID[rapport.AgentID](), Name: name, Email: email, Role: rapport.RoleAdmin, Enabled: true, Status: rapport.StatusOffline, CreatedAt: tx.Now()}
		if err := was.Validate(); err != nil {
			return false, err
		}
		if err := tx.InsertAgent(was); err != nil {
			return false, err
		}
	} else {
		was.Role, was.Enabled = rapport.RoleAdmin, true
		if a.Name != "" {
			was.Name = a.Name
		}
		if err := was.Validate(); err != nil {
			return false, err
		}
		if _, err := routing.SaveAgent(tx, was); err != nil {
			return false, err
		}
		if err := tx.DeleteSessions(was.ID, ""); err != nil {
			return false, err
		}
	}
	if err := tx.Audit(rapport.System, "admin.created", was.Email, "from the command line"); err != nil {
		return false, err
	}
	return missing, tx.SetPassword(was.ID, hash)
}

// askPassword asks without echo on a terminal, and takes the first line of
// anything else.
func askPassword(in *os.File, out io.Writer) (string, error) {
	if term.IsTerminal(int(in.Fd())) {
		fmt.Fprint(out, "Password (at least 10 characters): ")
		text, err := term.ReadPassword(int(in.Fd()))
		fmt.Fprintln(out)
		return string(text), err
	}
	line, err := bufio.NewReader(in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	return strings.TrimRight(line, "\r\n"), nil
}
