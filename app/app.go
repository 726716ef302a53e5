package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"rapport"
	_ "rapport/all" // the adapters
	"rapport/api"
	"rapport/attachment"
	"rapport/auth"
	"rapport/card"
	"rapport/channel"
	"rapport/conversation"
	"rapport/customer"
	"rapport/feedback"
	"rapport/gateway"
	"rapport/job"
	"rapport/lib/clientip"
	"rapport/lib/secretbox"
	"rapport/lib/ssrf"
	"rapport/mail"
	"rapport/presence"
	"rapport/push"
	"rapport/routing"
	"rapport/search"
	"rapport/store"
	"rapport/web"
	"rapport/webhook"
	"rapport/workflow"
)

// Version is the program's; the release build sets it.
var Version = "dev"

// ErrStopNow is the cause with which the context of Run ends to cut everything off.
var ErrStopNow = errors.New("stop now")

// App is the program: made by New, run once by Run, closed by Run.
type App struct {
	config  Config
	log     *slog.Logger
	db      *store.DB
	box     *secretbox.Box
	hub     *push.Hub
	shelf   *attachment.Shelf
	gateway *gateway.Gateway
	jobs    *job.Runner
	flows   *workflow.Engine
	post    *mail.Post
	index   *search.Indexer
	handler http.Handler
	setup   auth.SetupToken
	started time.Time

	touched   sync.Map // agents who gave input since the last beat
	attention attention
	listener  net.Listener
	ready     chan struct{}
	closing   sync.Once
}

// Logger makes the logger that the settings ask for.
func (c Config) Logger(w io.Writer) *slog.Logger {
	o := &slog.HandlerOptions{Level: c.level()}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}

// Open opens the database of a configuration without changing it.
func (c Config) Open(ctx context.Context, log *slog.Logger) (*store.DB, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	return store.Open(ctx, store.Config{URL: c.DatabaseURL(), Log: log})
}

// New opens and migrates the database, makes what an account needs at least,
// and takes the address to listen at. Nothing runs before Run.
func New(ctx context.Context, c Config, log *slog.Logger) (*App, error) {
	a := &App{config: c, log: log, ready: make(chan struct{}), started: time.Now(), setup: auth.NewSetupToken()}
	var err error
	if a.db, err = c.Open(ctx, log); err != nil {
		return nil, err
	}
	if err := a.open(ctx); err != nil {
		a.Close()
		return nil, err
	}
	return a, nil
}

func (a *App) open(ctx context.Context) (err error) {
	if err := a.db.Writable(ctx); err != nil {
		return err
	}
	if err := a.db.Migrate(ctx); err != nil {
		return err
	}
	if err := a.db.Update(ctx, Prepare); err != nil {
		return fmt.Errorf("make the default queue: %w", err)
	}
	if a.box, err = a.openBox(ctx); err != nil {
		return err
	}
	passwords, err := auth.NewPasswords()
	if err != nil {
		return err
	}
	proxies, err := clientip.ParseTrusted(a.config.Proxies)
	if err != nil {
		return err
	}
	if a.listener, err = net.Listen("tcp", a.config.Listen); err != nil {
		return fmt.Errorf("%w; choose another address with --listen", err)
	}
	a.hub = push.New(a.db, push.Config{Log: a.log, Arrived: a.arrived, Heard: a.heard, Beat: presence.Heartbeat})
	client, err := ssrf.NewClient(ssrf.Policy{Allow: a.config.Allow})
	if err != nil {
		return err
	}
	patient, err := ssrf.NewClient(ssrf.Policy{Allow: a.config.Allow, Timeout: 100 * time.Second})
	if err != nil {
		return err
	}
	fetch, err := ssrf.NewClient(ssrf.Policy{Allow: a.config.Allow, Timeout: 100 * time.Second, MaxBody: longestFile})
	if err != nil {
		return err
	}
	if a.shelf, err = a.openShelf(); err != nil {
		return err
	}
	a.gateway = gateway.New(gateway.Config{
		DB: a.db, Shelf: a.shelf, Box: a.box, Client: client, Fetch: fetch, Proxies: proxies, Log: a.log, CustomerTypes: a.hub.CustomerTypes, AgentTypes: a.hub.Watch,
		Bots: patient, BotTypes: a.hub.BotTypes,
	})
	a.jobs = job.NewRunner(a.db, a.log)
	a.gateway.Jobs(a.jobs)
	dialer, err := ssrf.NewDialer(ssrf.Policy{Allow: a.config.Allow})
	if err != nil {
		return err
	}
	a.post = mail.New(mail.Config{DB: a.db, Box: a.box, Dial: dialer.DialContext, Base: a.base(), Log: a.log})
	a.post.Jobs(a.jobs)
	(&feedback.Carrier{DB: a.db, Client: client, Log: a.log}).Jobs(a.jobs)
	a.jobs.Handle(conversation.SurveyJob, a.survey)
	webhook.New(webhook.Config{DB: a.db, Box: a.box, Client: client, Log: a.log}).Jobs(a.jobs)
	a.flows = workflow.New(a.db, a.log)
	a.index = search.New(a.db, a.log)
	a.jobs.Handle(routing.Retiming, a.retime)
	customer.Jobs(a.db, a.jobs)
	a.jobs.Handle(conversation.Retag, func(ctx context.Context, t job.Task) error { return conversation.RetagStep(ctx, a.db, t) })
	a.jobs.Handle(conversation.Leave, a.sendWaiting, a.waitingGaveUp)
	a.jobs.Handle(conversation.Bulk, a.bulk)
	cards, err := card.New(card.Config{DB: a.db, Box: a.box, Allow: a.config.Allow, Log: a.log})
	if err != nil {
		return err
	}
	a.handler = api.New(api.Config{
		DB: a.db, Log: a.log, Passwords: passwords, Setup: a.setup, PublicURL: a.config.PublicURL, Proxies: proxies, Box: a.box,
		Socket: a.socket, Sockets: func() int { return a.hub.Stats().Desks },
		Gateway: http.HandlerFunc(a.gateway.Serve), Bots: a.gateway, Shelf: a.shelf, Post: a.post, Cards: cards, Places: places(a.config.Geocoder, client), Web: web.Handler(web.Files()), MetricsToken: a.config.Metrics.Reveal(), Version: Version,
	})
	return nil
}

// longestFile is how many bytes of a file at an address somebody else chose are read.
const longestFile = 128 << 20

// openShelf opens the place of attachments.
func (a *App) openShelf() (*attachment.Shelf, error) {
	blobs, err := a.config.Blobs()
	if err != nil {
		return nil, fmt.Errorf("open the place of attachments: %w; choose another with --files", err)
	}
	limits, err := channel.ReadLimits(a.config.Limits)
	if err != nil {
		return nil, err
	}
	return attachment.New(attachment.Shelf{
		DB: a.db, Blobs: blobs, Limits: limits, Log: a.log, Key: a.box.Derive("addresses of attachments"), Base: a.base(), FFmpeg: a.config.Converter(),
	}), nil
}

// openBox opens the box of secrets. Its key is made at the first start only: a
// key that is gone must not be replaced in silence while secrets need it.
func (a *App) openBox(ctx context.Context) (*secretbox.Box, error) {
	path := a.config.Key()
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		var sealed []store.Secret
		err := a.db.View(ctx, func(tx *store.Tx) (err error) {
			sealed, err = tx.Secrets()
			return err
		})
		if err != nil {
			return nil, err
		}
		if len(sealed) > 0 {
			return nil, fmt.Errorf("the key of the secrets, %s, is not there, but inboxes or bots have secrets sealed with it; restore it from your backup. If it is lost for good, make a new one with (umask 077; head -c 32 /dev/urandom | base64 > %s), and then new secrets for each inbox and bot in the desk", path, path)
		}
	}
	return secretbox.Open(path)
}

// Prepare makes what routing relies on, where it is not there yet: settings and
// the default queue.
func Prepare(tx *store.Tx) error {
	config, err := tx.Configuration()
	if err != nil || config.Default != "" {
		return err
	}
	q := auth.DefaultQueue(tx)
	if err := tx.SaveQueue(q); err != nil {
		return err
	}
	return tx.SaveSettings(config.Settings)
}

// DB is the program's database, for tests and the demo.
func (a *App) DB() *store.DB { return a.db }

// Shelf keeps attachments, for the demo.
func (a *App) Shelf() *attachment.Shelf { return a.shelf }

// Box opens and seals the secrets of inboxes, for the demo.
func (a *App) Box() *secretbox.Box { return a.box }

// URL is the address at which this machine reaches the program.
func (a *App) URL() string {
	addr, err := netip.ParseAddrPort(a.listener.Addr().String())
	if err != nil || addr.Addr().IsUnspecified() {
		return fmt.Sprintf("http://localhost:%d", addr.Port())
	}
	return "http://" + addr.String()
}

// base is the address to print for people.
func (a *App) base() string {
	if a.config.PublicURL != "" {
		return strings.TrimRight(a.config.PublicURL, "/")
	}
	return a.URL()
}

// SetupURL is where the first admin sets the account up; empty once that is done.
func (a *App) SetupURL(ctx context.Context) (address string, err error) {
	err = a.db.View(ctx, func(tx *store.Tx) error {
		needed, err := auth.NeedsSetUp(tx)
		if needed {
			address = a.base() + "/setup?token=" + string(a.setup)
		}
		return err
	})
	return address, err
}

// Ready is closed once requests are answered.
func (a *App) Ready() <-chan struct{} { return a.ready }

// Close lets go of what New took, for an App that is not run.
func (a *App) Close() {
	a.closing.Do(func() {
		if a.listener != nil {
			_ = a.listener.Close() // closed by the server already, if there was one
		}
		if err := a.db.Close(); err != nil {
			a.log.Error("cannot close the database", "error", err)
		}
	})
}

// Run answers requests until ctx ends, and then stops as the package comment
// says. Everything it started has ended when it returns.
func (a *App) Run(ctx context.Context) error {
	defer a.Close()
	server := &http.Server{
		Handler: a.handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
		ErrorLog: slog.NewLogLogger(a.log.Handler(), slog.LevelDebug),
	}
	// Requests and jobs under way outlive ctx, until they are cut off.
	work, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	a.attention.paid(time.Now(), nil)
	group, running := errgroup.WithContext(ctx)
	group.Go(func() error { return a.hub.Run(running) })
	group.Go(func() error { return a.gateway.Run(running) })
	group.Go(func() error { return a.jobs.Run(work) })
	group.Go(func() error { return a.flows.Run(running) })
	group.Go(func() error {
		if err := a.indexOld(running); err != nil && running.Err() == nil {
			a.log.Error("cannot index the conversations of an older version", "error", err)
		}
		return nil
	})
	group.Go(func() error { return a.index.Run(running) })
	group.Go(func() error {
		select {
		case <-a.db.Lost():
			return errors.New("the disk did not keep what was written; look after it, then start Rapport again")
		case <-running.Done():
			return nil
		}
	})
	for _, s := range a.sweeps() {
		group.Go(func() error { return s.run(running, a.log) })
	}
	group.Go(func() error {
		if err := server.Serve(a.listener); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("answer requests: %w", err)
		}
		return nil
	})
	group.Go(func() error {
		<-running.Done()
		a.jobs.Stop()
		if errors.Is(context.Cause(ctx), ErrStopNow) {
			cut()
			return server.Close()
		}
		time.AfterFunc(a.config.Grace, cut) // jobs may be at work when the last request is done
		patience, cancel := context.WithTimeout(work, a.config.Grace)
		defer cancel()
		if err := server.Shutdown(patience); err != nil {
			a.log.Warn("some requests took longer than the grace", "error", err)
			return server.Close()
		}
		return nil
	})
	close(a.ready)
	a.log.Info("Rapport is ready", "url", a.base(), "version", Version, "database", a.db.Dialect(), "took", time.Since(a.started).Round(time.Millisecond))
	// The start needs 20 MiB more than an idle process does.
	defer time.AfterFunc(2*time.Second, func() {
		if err := a.afterQuiet()(work); err != nil {
			a.log.Debug("memory was not given back", "error", err)
		}
	}).Stop()
	err := group.Wait()
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		err = nil // told to stop while it was still starting
	}
	a.log.Info("Rapport has stopped")
	return err
}

// socket hands an agent's socket to the hub, with a way to ask whether its
// session still stands.
func (a *App) socket(w http.ResponseWriter, r *http.Request, actor rapport.Actor, ends time.Time) {
	token := ""
	for _, c := range r.Cookies() {
		if strings.HasSuffix(c.Name, "rapport_session") {
			token = c.Value
		}
	}
	touched := func() { a.touched.Store(actor.AgentID, nil) }
	a.hub.Serve(w, r, push.Session{Actor: actor, Touched: touched, Check: func(ctx context.Context, active bool) error {
		if !active && time.Now().Before(ends) {
			return nil // looking at a session would prolong it
		}
		s, err := auth.Of(ctx, a.db, token)
		if err == nil {
			ends = s.Ends
		}
		return err
	}})
}
