package secretbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func newBox(t testing.TB) *Box {
	t.Helper()
	box, err := Open(filepath.Join(t.TempDir(), "data", "key"))
	if err != nil {
		t.Fatal(err)
	}
	return box
}

func TestSealOpen(t *testing.T) {
	t.Parallel()
	box := newBox(t)
	for _, secret := range []Secret{"", "whsec_x", Secret(strings.Repeat("ä", 5000))} {
		sealed := box.Seal(secret, "inbox 7")
		if !strings.HasPrefix(sealed, "v1.") || secret != "" && strings.Contains(sealed, secret.Reveal()) {
			t.Errorf("sealed text is %q", sealed)
		}
		if got, err := box.Open(sealed, "inbox 7"); err != nil || got != secret {
			t.Errorf("opened %q, %v; want what was sealed", got.Reveal(), err)
		}
		if box.Seal(secret, "inbox 7") == sealed {
			t.Error("sealing twice gave the same text")
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	box := newBox(t)
	sealed := box.Seal("secret", "inbox 7")
	flipped := []byte(sealed)
	flipped[len(flipped)-5] ^= 1
	for name, open := range map[string]func() (Secret, error){
		"another purpose": func() (Secret, error) { return box.Open(sealed, "inbox 8") },
		"another key":     func() (Secret, error) { return newBox(t).Open(sealed, "inbox 7") },
		"altered":         func() (Secret, error) { return box.Open(string(flipped), "inbox 7") },
		"cut short":       func() (Secret, error) { return box.Open(sealed[:9], "inbox 7") },
		"no version":      func() (Secret, error) { return box.Open(sealed[3:], "inbox 7") },
		"empty":           func() (Secret, error) { return box.Open("", "inbox 7") },
	} {
		if got, err := open(); !errors.Is(err, ErrBroken) || got != "" {
			t.Errorf("%s: opened %q, %v; want ErrBroken", name, got.Reveal(), err)
		}
	}
}

// A secret that stays in the wrong place by mistake does not leak.
func TestSecretHides(t *testing.T) {
	t.Parallel()
	s := Secret("hunter2")
	var logged bytes.Buffer
	slog.New(slog.NewJSONHandler(&logged, nil)).Info("x", "secret", s, "in", struct{ S Secret }{s})
	encoded, err := json.Marshal(map[string]any{"s": s, "list": []Secret{s}, "in": struct{ S Secret }{s}})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{logged.String(), string(encoded), fmt.Sprint(s), fmt.Sprintf("%v %+v %#v %s %q", s, s, s, s, s), fmt.Sprintf("%+v", struct{ S Secret }{s})} {
		if strings.Contains(text, "hunter2") || !strings.Contains(text, "***") {
			t.Errorf("a secret shows itself in %s", text)
		}
	}
}

func TestOpenFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "new", "key")
	first, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the key file has mode %v, %v; want 0600", info.Mode(), err)
	}
	second, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := second.Open(first.Seal("secret", ""), ""); err != nil || got != "secret" {
		t.Fatalf("after a restart: %q, %v", got.Reveal(), err)
	}
	if err := os.WriteFile(path, []byte("not a key"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path); err == nil || !strings.Contains(err.Error(), "backup") {
		t.Fatalf("a spoilt key file gave %v; want an error that says what to do", err)
	}
}

// Opening a foreign text never panics and never succeeds.
func FuzzOpen(f *testing.F) {
	box, err := New(make([]byte, KeySize))
	if err != nil {
		f.Fatal(err)
	}
	f.Add("v1.")
	f.Add("v1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	f.Add("v2.x")
	f.Fuzz(func(t *testing.T, sealed string) {
		if got, err := box.Open(sealed, "p"); err == nil {
			t.Fatalf("opened %q from a text that was never sealed", got.Reveal())
		}
	})
}
