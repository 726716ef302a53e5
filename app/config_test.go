package app_test

import (
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"rapport/app"
)

// parse reads settings the way the program does.
func parse(t *testing.T, args ...string) (app.Config, error) {
	t.Helper()
	var c app.Config
	parser, err := kong.New(&c, kong.DefaultEnvars(app.EnvPrefix))
	if err != nil {
		t.Fatal(err)
	}
	_, err = parser.Parse(args)
	return c, err
}

func TestDefaultsAreValid(t *testing.T) {
	t.Parallel()
	c, err := parse(t)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Validate(); err != nil {
		t.Error(err)
	}
	if c.Listen != "127.0.0.1:8080" || c.DatabaseURL() != "data/rapport.db" || c.Presence != time.Minute {
		t.Errorf("the defaults are %+v", c)
	}
}

// Each error names the setting, its environment variable and a way to mend it.
func TestInvalidSettings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ arg, setting, mend string }{
		{"--listen=8080", "RAPPORT_LISTEN", "127.0.0.1:8080"},
		{"--listen=:99999", "RAPPORT_LISTEN", "127.0.0.1:8080"},
		{"--database=postgres://rapport:hunter2%@db/rapport", "RAPPORT_DATABASE", "%25"},
		{"--public-url=https://ada:hunter2@chat.example.com", "RAPPORT_PUBLIC_URL", "https://chat.example.com"},
		{"--public-url=https://chat.example.com#top", "RAPPORT_PUBLIC_URL", "without a path"},
		{"--database=mysql://x/y", "RAPPORT_DATABASE", "postgres://"},
		{"--database=host=db user=rapport password=hunter2", "RAPPORT_DATABASE", "postgres://"},
		{"--database=postgres:rapport:hunter2@db/rapport", "RAPPORT_DATABASE", "postgres://"},
		{"--public-url=chat.example.com", "RAPPORT_PUBLIC_URL", "https://chat.example.com"},
		{"--public-url=https://example.com/chat", "RAPPORT_PUBLIC_URL", "without a path"},
		{"--proxies=nginx", "RAPPORT_PROXIES", "10.0.0.0/8"},
		{"--allow-destination=intranet", "RAPPORT_ALLOW_DESTINATION", "intranet"},
		{"--presence-timeout=5s", "RAPPORT_PRESENCE_TIMEOUT", "30s"},
		{"--event-retention=1m", "RAPPORT_EVENT_RETENTION", "1h"},
		{"--shutdown-grace=1h", "RAPPORT_SHUTDOWN_GRACE", "10m"},
	} {
		_, err := parse(t, c.arg) // kong asks Validate
		if err == nil || strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), c.setting) || !strings.Contains(err.Error(), c.mend) {
			t.Errorf("%s: %v; want an error that names %s and %s", c.arg, err, c.setting, c.mend)
		}
	}
}
