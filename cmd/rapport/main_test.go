package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"rapport"
	"rapport/rapporttest"
	"rapport/store"
)

// asProgram makes this test binary be the program itself.
const asProgram = "RAPPORT_TEST_BE_THE_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(run(os.Args[1:]))
	}
	os.Exit(m.Run())
}

func program(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), self, args...)
	c.Env = append(os.Environ(), asProgram+"=1")
	return c
}

// output runs a command to its end.
func output(t *testing.T, args ...string) (text string, code int) {
	t.Helper()
	out, err := program(t, args...).CombinedOutput()
	exit := &exec.ExitError{}
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return string(out), max(0, exit.ExitCode())
}

// server is a running rapport serve.
type server struct {
	t      *testing.T
	cmd    *exec.Cmd
	url    string
	setup  string // the one-time token; empty after the set-up
	ended  chan error
	client *http.Client
}

var (
	setupPattern = regexp.MustCompile(`setup="?[^" ]*token=([^" ]+)`)
	readyPattern = regexp.MustCompile(`msg="Rapport is ready" url=(\S+)`)
)

func serving(t *testing.T, folder string) *server {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &server{t: t, cmd: program(t, "serve", "--data", folder, "--listen", "127.0.0.1:0"), ended: make(chan error, 1), client: &http.Client{Jar: jar, Transport: &http.Transport{}}}
	log, err := s.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.cmd.Process.Kill() }) //nolint:errcheck // ended already in most tests
	lines := bufio.NewScanner(log)
	for s.url == "" && lines.Scan() {
		if m := setupPattern.FindStringSubmatch(lines.Text()); m != nil {
			s.setup = m[1]
		}
		if m := readyPattern.FindStringSubmatch(lines.Text()); m != nil {
			s.url = m[1]
		}
	}
	if s.url == "" {
		t.Fatal("the server did not become ready")
	}
	go func() {
		for lines.Scan() { // so that it never waits for a reader
		}
		s.ended <- s.cmd.Wait()
	}()
	return s
}

// post sends JSON and decodes the answer; it reports whether it succeeded.
func (s *server) post(path string, body, into any, header ...string) bool {
	text, err := json.Marshal(body)
	if err != nil {
		s.t.Error(err)
		return false
	}
	r, err := http.NewRequestWithContext(s.t.Context(), "POST", s.url+path, bytes.NewReader(text))
	if err != nil {
		s.t.Error(err)
		return false
	}
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := s.client.Do(r)
	if err != nil {
		return false
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err == nil && into != nil {
		err = json.Unmarshal(answer, into)
	}
	return err == nil && res.StatusCode < 300
}

// prepare sets the server up and makes an inbox of the API channel.
func (s *server) prepare() (inbox rapport.InboxID, token string) {
	s.t.Helper()
	if !s.post("/api/v1/setup", map[string]any{"token": s.setup, "name": "Ada", "email": "ada@example.com", "password": rapporttest.Password, "account_name": "Test"}, nil) {
		s.t.Fatal("the set-up failed")
	}
	var made struct {
		Inbox   rapport.Inbox     `json:"inbox"`
		Secrets map[string]string `json:"secrets"`
	}
	if !s.post("/api/v1/inboxes", map[string]any{"channel": "api", "name": "Shop", "options": map[string]any{"webhook_url": "https://shop.example.com/hook"}}, &made) {
		s.t.Fatal("the inbox was refused")
	}
	return made.Inbox.ID, made.Secrets["token"]
}

// Both signals end the program in order, with the status of success.
func TestSignals(t *testing.T) {
	t.Parallel()
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			s := serving(t, t.TempDir())
			if err := s.cmd.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			if err := <-s.ended; err != nil {
				t.Errorf("ended with %v", err)
			}
		})
	}
}

// On SQLite one server has a file to itself: another would not hear of what happens
// in the first. Other commands work beside it, and its end, however it comes, makes room.
func TestOneServerForAFile(t *testing.T) {
	t.Parallel()
	folder, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	first := serving(t, folder)
	link := filepath.Join(t.TempDir(), "link.db")
	if err := os.Symlink(filepath.Join(folder, "rapport.db"), link); err != nil {
		t.Fatal(err)
	}
	for _, more := range [][]string{{}, {"--database", link}} {
		text, code := output(t, append([]string{"serve", "--data", folder, "--listen", "127.0.0.1:0"}, more...)...)
		if want := fmt.Sprintf("another Rapport serves %s already, process %d;", filepath.Join(folder, "rapport.db"), first.cmd.Process.Pid); code == 0 || !strings.Contains(text, want) {
			t.Errorf("a second server %v: %d\n%s\nwant %s", more, code, text, want)
		}
	}
	for _, command := range [][]string{{"migrate"}, {"admin", "create", "--email", "ada@example.com", "--password", "a long password"}} {
		if text, code := output(t, append(command, "--data", folder)...); code != 0 {
			t.Errorf("%v beside the server: %d\n%s", command, code, text)
		}
	}
	if text, _ := output(t, "doctor", "--data", folder); !strings.Contains(text, "ok     clock") {
		t.Errorf("the doctor beside the server:\n%s", text)
	}
	if err := first.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	serving(t, folder) // at once
}

// Invariant 1: what was acknowledged before a SIGKILL is there after a restart,
// once, also when the sender repeats everything.
func TestKilled(t *testing.T) {
	t.Parallel()
	const senders, enough, most = 4, 100, 5000
	folder := t.TempDir()
	s := serving(t, folder)
	inbox, token := s.prepare()
	send := func(s *server, sender, n int) bool {
		body := map[string]any{"contact": map[string]any{"external_id": fmt.Sprintf("customer-%d", sender)}, "body": "Hello", "external_id": fmt.Sprintf("%d-%d", sender, n)}
		return s.post("/in/"+string(inbox)+"/messages", body, nil, "Authorization", "Bearer "+token)
	}
	for n := 0; !send(s, 0, 0); n++ { // until the gateway knows the new inbox
		if n > most {
			t.Fatal("the inbox takes no messages")
		}
	}
	var acknowledged atomic.Int64
	var sending sync.WaitGroup
	sent := make([]int, senders) // messages up to here were acknowledged
	for i := range senders {
		sending.Go(func() {
			for n := range most {
				if !send(s, i, n) {
					return // it was killed
				}
				sent[i] = n + 1
				acknowledged.Add(1)
			}
		})
	}
	for acknowledged.Load() < enough {
		select {
		case err := <-s.ended:
			t.Fatalf("the server ended by itself: %v", err)
		default:
		}
	}
	if err := s.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	sending.Wait()
	<-s.ended

	again := serving(t, folder)
	for i, n := range sent {
		for k := range n + 1 { // the one whose answer was lost is sent again, too
			if !send(again, i, k) {
				t.Fatalf("message %d-%d was refused after the restart", i, k)
			}
		}
	}
	if err := again.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := <-again.ended; err != nil {
		t.Fatal(err)
	}
	db := rapporttest.Open(t, filepath.Join(folder, "rapport.db"))
	err := db.View(t.Context(), func(tx *store.Tx) error {
		for i, n := range sent {
			first, found, err := tx.ItemByExternal(inbox, fmt.Sprintf("%d-0", i))
			if err != nil || !found {
				return fmt.Errorf("message %d-0 is missing: %w", i, err)
			}
			items, err := tx.Items(first.ConversationID, 0, 0, 2*most)
			if err != nil {
				return err
			}
			seen := map[string]int{}
			for _, item := range items {
				if item.Kind == rapport.ItemMessage {
					seen[item.ExternalID]++
				}
			}
			for k := range n + 1 {
				if got := seen[fmt.Sprintf("%d-%d", i, k)]; got != 1 {
					t.Errorf("message %d-%d is there %d times, want once", i, k, got)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// A trace tells in sentences why a conversation is where it is.
func TestTrace(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "rapport.db")
	w := rapporttest.NewWorld(t, rapporttest.Open(t, file))
	w.Queue("support", "ana")
	w.Inbox("site", "support")
	w.Status("ana", rapport.StatusAway)
	id := w.Write("maria", "Hello?").Conversation.ID
	w.Status("ana", rapport.StatusAvailable)

	text, code := output(t, "trace", string(id), "--database", file)
	if code != 0 {
		t.Fatalf("%d\n%s", code, text)
	}
	for _, part := range []string{"maria · site · support · open · ana has it", "1 away", "Waits for somebody in support", "because of: agent available", "ana", "chosen", "Replay: the same answer."} {
		if !strings.Contains(text, part) {
			t.Errorf("%q is missing in\n%s", part, text)
		}
	}
	if text, code := output(t, "trace", "nonsense", "--database", file); code == 0 || !strings.Contains(text, "There is no conversation") {
		t.Errorf("of an unknown conversation: %d\n%s", code, text)
	}
}

// An admin made on the command line can sign in; a lost password is replaced.
func TestAdminCreate(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	create := func(password string, more ...string) (string, int) {
		c := program(t, append([]string{"admin", "create", "--data", folder, "--email", "Ada@Example.com", "--name", "Ada"}, more...)...)
		c.Stdin = strings.NewReader(password + "\n")
		out, err := c.CombinedOutput()
		if err != nil {
			return string(out), 1
		}
		return string(out), 0
	}
	if text, code := create("short"); code == 0 || !strings.Contains(text, "at least 10 characters") {
		t.Errorf("a short password: %d %s", code, text)
	}
	if text, code := create("first password"); code != 0 {
		t.Fatalf("%d %s", code, text)
	}
	if text, code := create("second password"); code == 0 || !strings.Contains(text, "--reset") {
		t.Errorf("a second time: %d %s", code, text)
	}
	if text, code := create("second password", "--reset"); code != 0 {
		t.Errorf("reset: %d %s", code, text)
	}
	s := serving(t, folder)
	if s.setup != "" {
		t.Error("the server still asks for a set-up")
	}
	for password, ok := range map[string]bool{"first password": false, "second password": true} {
		if s.post("/api/v1/session", map[string]any{"email": "ada@example.com", "password": password}, nil) != ok {
			t.Errorf("signing in with the %s: want %v", password, ok)
		}
	}
}

// Whoever forgets to say where the database is hears so: a command that reads makes
// none, and one that may make one says where and that it is new.
func TestCommandsSayWhichDatabase(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "data")
	file := filepath.Join(folder, "rapport.db")
	flow := filepath.Join(t.TempDir(), "flow.yaml")
	if err := os.WriteFile(flow, []byte("workflow: 1\nname: Flow\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, command := range [][]string{{"trace", "nonsense"}, {"workflow", "export", "Flow"}, {"workflow", "import", flow}} {
		text, code := output(t, append(command, "--data", folder)...)
		if code == 0 || !strings.Contains(text, "there is none at "+file) {
			t.Errorf("%v without a database: %d %s", command, code, text)
		}
	}
	if _, err := os.Stat(folder); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("they made the folder: %v", err)
	}
	for _, want := range []string{"It is a new database: ", "The database: "} {
		if text, code := output(t, "migrate", "--data", folder); code != 0 || !strings.Contains(text, want+file+"\n") {
			t.Errorf("migrate: %d %s; want %q", code, text, want)
		}
	}
	create := []string{"admin", "create", "--email", "ada@example.com", "--password", "a long password", "--data"}
	if text, code := output(t, append(create, folder)...); code != 0 || !strings.Contains(text, "The database: "+file+"\n") {
		t.Errorf("admin create: %d %s", code, text)
	}
	other := t.TempDir()
	if text, code := output(t, "admin", "create", "--email", "ada@example.com", "--password", "short", "--data", other); code == 0 || !strings.Contains(text, "characters") {
		t.Errorf("admin create with a short password: %d %s", code, text)
	}
	if text, code := output(t, append(create, other)...); code != 0 || !strings.Contains(text, "It is a new database: "+filepath.Join(other, "rapport.db")+"\n") {
		t.Errorf("admin create elsewhere: %d %s", code, text)
	}
	older := filepath.Join(t.TempDir(), "rapport.db")
	db, err := store.Open(t.Context(), store.Config{URL: older})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for _, command := range [][]string{{"trace", "nonsense"}, {"workflow", "export", "Flow"}, {"workflow", "import", flow}} {
		if text, code := output(t, append(command, "--database", older)...); code == 0 || !strings.Contains(text, "version 0, this program needs") {
			t.Errorf("%v with an older database: %d %s", command, code, text)
		}
	}
}

// Config shows where each setting comes from, and no secret.
func TestConfigHidesSecrets(t *testing.T) {
	t.Parallel()
	text, code := output(t, "config", "--database", "postgres://rapport:hunter2@db.example.com/rapport?password=hunter4&sslpassword=hunter5", "--metrics-token", "hunter3")
	if code != 0 || strings.Contains(text, "hunter") {
		t.Errorf("%d\n%s", code, text)
	}
	for _, part := range []string{"RAPPORT_LISTEN", "RAPPORT_METRICS_TOKEN", "postgres://rapport:xxxxx@db.example.com/rapport", "127.0.0.1:8080"} {
		if !strings.Contains(text, part) {
			t.Errorf("%q is missing in\n%s", part, text)
		}
	}
}

// What is typed wrong in the environment is told at the start.
func TestUnknownVariables(t *testing.T) {
	t.Parallel()
	c := program(t, "serve", "--data", t.TempDir(), "--listen", "256.0.0.1:0") // it does not get far
	c.Env = append(c.Env, "RAPPORT_LISTN=:80", "RAPPORT_ENTIRELY_DIFFERENT=1", "RAPPORT_LOG_LEVEL=info", "RAPPORT_ADMIN_PASSWORD=x")
	out, err := c.CombinedOutput()
	if err == nil {
		t.Error("it listens where nobody can")
	}
	for variable, want := range map[string]string{"LISTN": "variable=RAPPORT_LISTN meant=RAPPORT_LISTEN\n", "DIFFERENT": "variable=RAPPORT_ENTIRELY_DIFFERENT\n"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("of %s it does not say %q:\n%s", variable, want, out)
		}
	}
	if n := strings.Count(string(out), "counts for nothing"); n != 2 {
		t.Errorf("it warns %d times:\n%s", n, out)
	}
}

// An address that cannot be read may hold a password anywhere.
func TestMasked(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"postgres://ada:hunter2@db/x?password=hunter2&sslmode=require": "postgres://ada:xxxxx@db/x?sslmode=require",
		"postgres://ada:hunter2%@db/x":                                 "(cannot be read)",
		"data/100% mine.db":                                            "data/100% mine.db",
		"https://chat.example.com":                                     "https://chat.example.com",
	} {
		if got := masked(text); got != want {
			t.Errorf("%s is shown as %s, want %s", text, got, want)
		}
	}
}

// The demo is told through the rules: each rung that can decide did, and the
// links it prints sign in.
func TestDemo(t *testing.T) {
	t.Parallel()
	c := program(t, "demo", "--port", "18080")
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Process.Kill() }) //nolint:errcheck // ended already
	var site, link string
	lines := bufio.NewScanner(out)
	printed := 0
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "Use a private window") {
		printed++
		switch f := strings.Fields(lines.Text()); {
		case len(f) > 1 && f[0] == "Customer":
			site = f[1]
		case len(f) > 1 && f[0] == "Supervisor":
			link = f[1]
		}
	}
	if printed > 15 {
		t.Errorf("the demo prints %d lines", printed)
	}
	u, err := url.Parse(link)
	if err != nil || link == "" || site == "" {
		t.Fatalf("link %q, site %q, %v", link, site, err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &server{t: t, url: u.Scheme + "://" + u.Host, client: &http.Client{Jar: jar, Transport: &http.Transport{}}}
	for !s.post("/api/v1/session/link", map[string]any{"token": u.Query().Get("token")}, nil) { // until it listens
		if t.Context().Err() != nil {
			t.Fatal("the link does not sign in")
		}
	}
	rungs := map[rapport.Rung]bool{}
	for _, view := range []string{"all", "history"} {
		var list struct{ Items []rapport.Summary }
		res, err := s.client.Get(s.url + "/api/v1/conversations?view=" + view)
		if err != nil {
			t.Fatal(err)
		}
		err = json.NewDecoder(res.Body).Decode(&list)
		res.Body.Close() //nolint:errcheck // nothing was written
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range list.Items {
			rungs[c.Why.Rung] = true
		}
	}
	for _, want := range []rapport.Rung{rapport.RungAgent, rapport.RungNamed, rapport.RungCase, rapport.RungHistory, rapport.RungStrategy, rapport.RungUnassigned, rapport.RungManual} {
		if !rungs[want] {
			t.Errorf("nothing was decided by %s", want)
		}
	}
	res, err := s.client.Get(site + "?as=maria")
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(res.Body)
	res.Body.Close() //nolint:errcheck // nothing was written
	if err != nil || !strings.Contains(string(page), s.url+"/widget.js") || !strings.Contains(string(page), "data-identity") {
		t.Errorf("the website does not embed the widget: %v\n%s", err, page)
	}
	if err := c.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err != nil {
		t.Errorf("ended with %v", err)
	}
}
