package auth_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"rapport"
	"rapport/auth"
	"rapport/rapporttest"
	"rapport/store"
)

func TestMain(m *testing.M) {
	// The test server of PostgreSQL lives as long as the process.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("rapport/rapporttest/pg.(*Server).start.func1"))
}

func newPasswords(t *testing.T) *auth.Passwords {
	t.Helper()
	p, err := auth.NewPasswords()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPasswords(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	p := newPasswords(t)
	for password, ok := range map[string]bool{"nine char": false, "ten chars!": true, "äöüäöüäöüä": true, strings.Repeat("x", 256): true, strings.Repeat("x", 257): false} {
		hash, err := p.Hash(t.Context(), "password", password)
		if (err == nil) != ok {
			t.Errorf("a password of %d bytes: %v", len(password), err)
		}
		if ok && (!strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") || strings.Contains(hash, password)) {
			t.Errorf("the hash is %q", hash)
		}
	}
	ana := w.Agent("ana")
	hash, err := p.Hash(t.Context(), "password", "ana's password")
	if err != nil {
		t.Fatal(err)
	}
	w.Update(func(tx *store.Tx) error { return tx.SetPassword(ana.ID, hash) })
	verify := func(email, password string) error {
		id, err := p.Verify(t.Context(), w.DB, email, password)
		if err == nil && id != ana.ID {
			t.Errorf("%s is %s", email, id)
		}
		return err
	}
	if err := verify(" Ana@Example.com ", "ana's password"); err != nil {
		t.Error(err)
	}
	w.Agent("ben") // has no password yet
	for _, wrong := range [][2]string{{"ana@example.com", "Ana's password"}, {"ana@example.com", ""}, {"ben@example.com", ""}, {"nobody@example.com", "ana's password"}} {
		if err := verify(wrong[0], wrong[1]); rapport.CodeOf(err) != "wrong_credentials" {
			t.Errorf("%v: %v", wrong, err)
		}
	}
	w.Agent("ana", rapporttest.Enabled(false))
	if err := verify("ana@example.com", "ana's password"); rapport.CodeOf(err) != "wrong_credentials" {
		t.Errorf("a disabled agent: %v", err)
	}
}

// TestAnUnknownAddressTakesAsLong: a hash is compared for addresses that nobody
// has, too.
func TestAnUnknownAddressTakesAsLong(t *testing.T) {
	t.Parallel()
	w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
	p := newPasswords(t)
	ana := w.Agent("ana")
	hash, err := p.Hash(t.Context(), "password", "ana's password")
	if err != nil {
		t.Fatal(err)
	}
	w.Update(func(tx *store.Tx) error { return tx.SetPassword(ana.ID, hash) })
	fastest := func(email string) (best time.Duration) {
		best = time.Hour
		for range 5 {
			start := time.Now()
			if _, err := p.Verify(t.Context(), w.DB, email, "wrong password"); rapport.CodeOf(err) != "wrong_credentials" {
				t.Fatal(err)
			}
			best = min(best, time.Since(start))
		}
		return best
	}
	known, unknown := fastest("ana@example.com"), fastest("nobody@example.com")
	if unknown < known/4 {
		t.Errorf("an unknown address takes %v, a known one %v", unknown, known)
	}
}

func TestAStormOfSignInsWaitsInLine(t *testing.T) {
	t.Parallel()
	p := newPasswords(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	leave := []func(){p.Occupy(t.Context()), p.Occupy(t.Context())}
	if _, err := p.Hash(ctx, "password", "a long password"); err != context.Canceled {
		t.Errorf("the third one does not wait: %v", err)
	}
	for _, f := range leave {
		f()
	}
}

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
		ana := w.Agent("ana")
		var token string
		open := func() {
			w.Update(func(tx *store.Tx) (err error) {
				token, err = auth.OpenSession(tx, ana.ID, strings.Repeat("browser ", 100))
				return err
			})
		}
		good := func() bool {
			s, err := auth.Of(t.Context(), w.DB, token)
			if err != nil && rapport.CodeOf(err) != "not_signed_in" {
				t.Fatal(err)
			}
			if err == nil && (s.Actor.AgentID != ana.ID || !s.Actor.Queues[w.General] || s.Ends.Before(time.Now())) {
				t.Errorf("the session is %+v", s)
			}
			return err == nil
		}
		open()
		time.Sleep(auth.Idle - time.Minute)
		if !good() { // and used: the end moves
			t.Error("a session ended before its time")
		}
		time.Sleep(auth.Idle - time.Minute)
		if !good() {
			t.Error("using a session does not prolong it")
		}
		time.Sleep(auth.Idle)
		if good() {
			t.Error("an idle session goes on")
		}
		open()
		for range int(auth.Most/time.Hour)/10 - 1 {
			time.Sleep(10 * time.Hour)
			if !good() {
				t.Fatal("a session in use ended before its time")
			}
		}
		time.Sleep(10 * time.Hour)
		if good() {
			t.Error("a session outlives its longest life")
		}
		if rapport.CodeOf(func() error { _, err := auth.Of(t.Context(), w.DB, ""); return err }()) != "not_signed_in" {
			t.Error("no token is a session")
		}
	})
}

func TestTokensRestAsHashes(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		ana := w.Agent("ana")
		var session, invite, link string
		w.Update(func(tx *store.Tx) (err error) {
			if session, err = auth.OpenSession(tx, ana.ID, ""); err != nil {
				return err
			}
			if invite, err = auth.Invite(tx, ana.ID); err != nil {
				return err
			}
			link, err = auth.Link(tx, ana.ID, tx.Now().Add(time.Hour))
			return err
		})
		w.View(func(tx *store.Tx) error {
			for _, token := range []string{session, invite, link} {
				if len(token) != 43 {
					t.Errorf("a token has %d characters, not 256 bits", len(token))
				}
			}
			if _, _, err := tx.SessionAgent(session); rapport.KindOf(err) != rapport.NotFound {
				t.Errorf("the session rests in clear: %v", err)
			}
			if _, err := tx.Invited(invite); rapport.KindOf(err) != rapport.NotFound {
				t.Errorf("the invitation rests in clear: %v", err)
			}
			if _, err := auth.Invited(tx, invite); err != nil {
				t.Error(err)
			}
			_, err := auth.ByLink(tx, link)
			return err
		})
	})
}

func TestInvitationsLastAWeek(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := rapporttest.NewWorld(t, rapporttest.SQLite(t))
		ana := w.Agent("ana")
		var token string
		w.Update(func(tx *store.Tx) (err error) {
			token, err = auth.Invite(tx, ana.ID)
			return err
		})
		read := func() (err error) {
			w.View(func(tx *store.Tx) error {
				_, err = auth.Invited(tx, token)
				return nil
			})
			return err
		}
		time.Sleep(auth.InviteLife - time.Second)
		if err := read(); err != nil {
			t.Error(err)
		}
		time.Sleep(2 * time.Second)
		if err := read(); rapport.CodeOf(err) != "invite_gone" {
			t.Errorf("after a week: %v", err)
		}
	})
}

// A browser may call itself what it likes, also what no database can hold.
func TestAnyBrowserMaySignIn(t *testing.T) {
	t.Parallel()
	rapporttest.Worlds(t, func(t *testing.T, w *rapporttest.World) {
		ana := w.Agent("ana")
		for _, browser := range []string{"", "Mozilla/5.0 \xff", strings.Repeat("x", 299) + "é"} {
			w.Update(func(tx *store.Tx) error {
				_, err := auth.OpenSession(tx, ana.ID, browser)
				return err
			})
		}
	})
}
