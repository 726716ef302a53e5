// Package demo is Rapport to try out: made-up people, a morning's work that went
// through the real rules, and a website of another origin that embeds the widget.
// Nothing of it stays.
package demo

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"rapport"
	"rapport/app"
	"rapport/auth"
	"rapport/store"
)

// Run starts a throw-away server at the first free port from the given one, and
// the website at the next, and writes to out where to click. past is how many
// old conversations there are besides. Everything is gone when it returns.
func Run(ctx context.Context, c app.Config, port, past int, out io.Writer) (err error) {
	folder, err := os.MkdirTemp("", "rapport-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	desk, err := freePort(port)
	if err != nil {
		return err
	}
	site, err := listen(portOf(desk) + 1)
	if err != nil {
		return err
	}
	defer site.Close()

	c.Data, c.Database, c.KeyFile, c.PublicURL = folder, "", "", ""
	c.Listen, c.LogLevel = desk, "error"
	c.Allow = append(c.Allow, site.Addr().String()) // the shop of the context card
	a, err := app.New(ctx, c, c.Logger(os.Stderr))
	if err != nil {
		return err
	}
	story, err := playStory(ctx, a, "http://"+site.Addr().String())
	if err != nil {
		a.Close()
		return fmt.Errorf("make up the demo: %w", err)
	}
	if err := inventPast(ctx, a.DB(), past); err != nil {
		a.Close()
		return fmt.Errorf("make up the past: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("/", &website{base: a.URL(), story: story})
	mux.Handle(shopPath+"{name}", newShop())
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(site) }()
	defer func() {
		err = errors.Join(err, server.Close())
		if e := <-served; !errors.Is(e, http.ErrServerClosed) {
			err = errors.Join(err, e)
		}
	}()
	if err := invite(ctx, out, a, story, "http://"+site.Addr().String()+"/demo/"); err != nil {
		a.Close()
		return err
	}
	return a.Run(ctx)
}

// listen takes a port on this machine, or the next free one.
func listen(port int) (net.Listener, error) {
	for p := port; ; p++ {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", p))
		if err == nil || p >= port+50 || p >= 65535 {
			return l, err
		}
	}
}

// freePort finds an address that can be taken right now.
func freePort(port int) (string, error) {
	l, err := listen(port)
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

func portOf(address string) int {
	a, err := net.ResolveTCPAddr("tcp", address)
	if err != nil {
		return 0
	}
	return a.Port
}

// invite prints where to click: a link that signs in for each of the people.
func invite(ctx context.Context, out io.Writer, a *app.App, s story, site string) error {
	fmt.Fprintf(out, "\nRapport demo: made-up data, gone when you press Ctrl-C.\n\n")
	fmt.Fprintf(out, "  Customer   %s\n", site)
	for _, p := range s.people {
		var token string
		err := a.DB().Update(ctx, func(tx *store.Tx) (err error) {
			token, err = auth.Link(tx, p.agent.AgentID, tx.Now().Add(24*time.Hour))
			return err
		})
		if err != nil {
			return err
		}
		role := map[rapport.Role]string{rapport.RoleAgent: "Agent", rapport.RoleSupervisor: "Supervisor", rapport.RoleAdmin: "Admin"}[p.agent.Role]
		fmt.Fprintf(out, "  %-10s %s/link?token=%s  (%s)\n", role, a.URL(), token, p.agent.Name)
	}
	fmt.Fprintf(out, "\nOpen an agent in one window, the customer in another, and write.\nUse a private window for each further person: a browser holds one session.\n\n")
	return nil
}

//go:embed website.html
var websiteText string

var websitePage = template.Must(template.New("website").Parse(websiteText))

// visitor is somebody who may be signed in on the made-up website.
type visitor struct{ ID, Name, Phone, Email, Label, Hint string }

var visitors = []visitor{
	{ID: "", Label: "a stranger", Hint: "You are not signed in here, so Rapport does not know you: a free agent gets your message. Come back later in this browser and you reach the same one."},
	{ID: "maria", Name: "Maria Silva", Phone: "+4915112345678", Email: "maria.silva@example.com", Label: "Maria Silva", Hint: "Maria is a named customer: a sticky-agent record sends her to Ana whenever Ana is available."},
	{ID: "omar", Name: "Omar Haddad", Email: "omar.haddad@example.com", Label: "Omar Haddad", Hint: "Omar was here before: he reaches the agent who helped him last, if that agent is available."},
}

// website is the page of a customer of ours.
type website struct {
	base  string
	story story
}

// ServeHTTP shows the page as one of the visitors, whose identity the website's
// server signs with the inbox's secret, as a real one would.
func (s *website) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/demo/" {
		http.Redirect(w, r, "/demo/", http.StatusFound)
		return
	}
	now := visitors[0]
	for _, v := range visitors {
		if v.ID == r.URL.Query().Get("as") {
			now = v
		}
	}
	identity := ""
	if now.ID != "" {
		var err error
		claims := jwt.MapClaims{"sub": now.ID, "name": now.Name, "email": now.Email, "phone": now.Phone, "exp": time.Now().Add(12 * time.Hour).Unix()}
		if identity, err = jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte(s.story.identitySecret)); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	err := websitePage.Execute(w, map[string]any{"Base": s.base, "Inbox": s.story.inbox, "Identity": identity, "Visitors": visitors, "Now": now})
	if err != nil {
		return // the browser is gone
	}
}
