package app

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"rapport/blob"
	"rapport/channel"
	"rapport/lib/clientip"
	"rapport/lib/secretbox"
	"rapport/lib/ssrf"
)

// EnvPrefix begins the environment variable of every setting: RAPPORT_LISTEN.
const EnvPrefix = "RAPPORT"

// Config are the settings of a process. They are read once at the start, from
// flags and the environment (by kong, from these tags), and never change.
type Config struct {
	Data      string           `default:"./data" placeholder:"DIR" help:"Folder for the database file and the key of secrets."`
	Database  string           `placeholder:"URL" help:"Where the database is: a file for SQLite, or postgres://user:password@host/name. Empty: rapport.db in the data folder."`
	KeyFile   string           `placeholder:"FILE" help:"Key that seals the secrets of inboxes; made at the first start. Empty: secret.key in the data folder. Back it up apart from the database."`
	Files     string           `placeholder:"PLACE" help:"Where attachments are kept: a folder, or s3://bucket/prefix?endpoint=https://s3.example.com&region=eu-central-1. Empty: files in the data folder. Several nodes need one place for all."`
	FilesKey  string           `name:"files-access-key" placeholder:"KEY" help:"Access key of the S3 bucket."`
	FilesPass secretbox.Secret `name:"files-secret-key" placeholder:"KEY" help:"Secret key of the S3 bucket."`
	Limits    string           `placeholder:"FILE" help:"JSON file that replaces parts of the table of what channels, clients and notes carry: lengths, sizes, endings. Empty: the built-in table, which GET /api/v1/limits shows."`
	FFmpeg    string           `name:"ffmpeg" placeholder:"PROGRAM" help:"Program that converts sound which a browser cannot play. Empty: ffmpeg, if this machine has it; off: never."`
	Geocoder  string           `placeholder:"URL" help:"Nominatim server that finds places by name, for example https://nominatim.example.com. Empty: places are sent by coordinates or as a name."`
	Listen    string           `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Address to answer HTTP at. Put a reverse proxy with TLS in front of it before you leave this machine."`
	PublicURL string           `placeholder:"URL" help:"Address at which browsers reach this server, for example https://chat.example.com. Empty: whatever they asked for."`
	Proxies   []string         `placeholder:"ADDRESS" help:"Reverse proxies whose X-Forwarded-For and -Proto are believed, for example 127.0.0.1 or 10.0.0.0/8."`
	Allow     []string         `name:"allow-destination" placeholder:"ADDRESS" help:"Private addresses that webhooks may be sent to, for example 10.1.0.0/16 or 127.0.0.1:9000. Public ones always may."`
	Metrics   secretbox.Secret `name:"metrics-token" placeholder:"TOKEN" help:"Bearer token that opens /metrics to other machines. Empty: this machine only."`
	LogLevel  string           `default:"info" enum:"debug,info,warn,error" help:"How much to log: debug, info, warn or error."`
	LogFormat string           `default:"text" enum:"text,json" help:"How to log: text or json."`
	Presence  time.Duration    `name:"presence-timeout" default:"60s" placeholder:"TIME" help:"An agent without a connected desk for this long counts as offline and gets no new work."`
	Retention time.Duration    `name:"event-retention" default:"720h" placeholder:"TIME" help:"How long the event log is kept. Desks that were away longer fetch everything anew; conversations stay for ever."`
	Grace     time.Duration    `name:"shutdown-grace" default:"20s" placeholder:"TIME" help:"How long requests and jobs under way may take to finish after SIGTERM."`
}

// DatabaseURL is where the database is.
func (c Config) DatabaseURL() string {
	if c.Database == "" {
		return filepath.Join(c.Data, "rapport.db")
	}
	return c.Database
}

// DatabaseFile is the file of SQLite's database; empty where it is PostgreSQL's.
func (c Config) DatabaseFile() string {
	url := c.DatabaseURL()
	if strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://") {
		return ""
	}
	return strings.TrimPrefix(url, "sqlite://")
}

// Key is the file of the key that seals secrets.
func (c Config) Key() string {
	if c.KeyFile == "" {
		return filepath.Join(c.Data, "secret.key")
	}
	return c.KeyFile
}

// Blobs opens the store of attachments.
func (c Config) Blobs() (blob.Store, error) {
	if folder := c.FilesFolder(); folder != "" {
		return blob.OpenDisk(folder)
	}
	return blob.OpenS3(blob.Bucket{URL: c.Files, AccessKey: c.FilesKey, SecretKey: c.FilesPass.Reveal()})
}

// FilesFolder is the folder of attachments; empty where they lie in a bucket.
func (c Config) FilesFolder() string {
	switch {
	case strings.HasPrefix(c.Files, "s3:"):
		return ""
	case c.Files == "":
		return filepath.Join(c.Data, "files")
	}
	return c.Files
}

// Converter is the program that converts sound; empty for none.
func (c Config) Converter() string {
	name := c.FFmpeg
	switch name {
	case "off":
		return ""
	case "":
		name = "ffmpeg"
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return ""
	}
	return path
}

// Validate checks the settings; its errors name the setting and a way to mend it.
func (c Config) Validate() error {
	wrong := func(setting, format string, args ...any) error {
		env := EnvPrefix + "_" + strings.ToUpper(strings.ReplaceAll(setting, "-", "_"))
		return fmt.Errorf("setting --%s (%s): %s", setting, env, fmt.Sprintf(format, args...))
	}
	var errs []error
	if c.Data == "" && (c.Database == "" || c.KeyFile == "") {
		errs = append(errs, wrong("data", "name a folder, for example ./data"))
	}
	if scheme, _, found := strings.Cut(c.Database, "://"); found && scheme != "postgres" && scheme != "postgresql" && scheme != "sqlite" {
		errs = append(errs, wrong("database", "%s:// is not known; name a file for SQLite, or postgres://user:password@host/name", scheme))
	}
	switch { // without showing what may hold a password
	case strings.HasPrefix(c.Database, "postgres:") && !strings.HasPrefix(c.Database, "postgres://"), strings.HasPrefix(c.Database, "postgresql:") && !strings.HasPrefix(c.Database, "postgresql://"):
		errs = append(errs, wrong("database", "after postgres: two slashes are missing; write postgres://user:password@host/name"))
	case c.DatabaseFile() != "" && strings.Contains(c.Database, "=") && strings.ContainsAny(c.Database, " \t"):
		errs = append(errs, wrong("database", "this looks like host=… user=…, which would be the name of a file here; write postgres://user:password@host/name"))
	}
	if c.Database != "" && c.DatabaseFile() == "" {
		if _, err := url.Parse(c.Database); err != nil {
			errs = append(errs, wrong("database", "the address cannot be read; write it as postgres://user:password@host/name, and %% in a password as %%25, @ as %%40, / as %%2F"))
		}
	}
	_, port, err := net.SplitHostPort(c.Listen)
	if err == nil {
		_, err = net.LookupPort("tcp", port)
	}
	if err != nil {
		errs = append(errs, wrong("listen", "%q is not HOST:PORT; write for example 127.0.0.1:8080, or :8080 for all addresses", c.Listen))
	}
	if strings.HasPrefix(c.Files, "s3:") {
		if _, _, _, _, err := blob.ParseBucket(c.Files); err != nil {
			errs = append(errs, wrong("files", "%v", err))
		} else if c.FilesKey == "" || c.FilesPass == "" {
			errs = append(errs, wrong("files-access-key", "a bucket needs --files-access-key and --files-secret-key"))
		}
	}
	if _, err := channel.ReadLimits(c.Limits); err != nil {
		errs = append(errs, wrong("limits", "%v; look at the built-in table for the form", err))
	}
	if c.Geocoder != "" {
		if u, err := url.Parse(c.Geocoder); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" {
			errs = append(errs, wrong("geocoder", "%q is not an address such as https://nominatim.example.com", c.Geocoder))
		}
	}
	if c.PublicURL != "" {
		u, err := url.Parse(c.PublicURL)
		switch {
		case strings.Contains(c.PublicURL, "@"):
			errs = append(errs, wrong("public-url", "an address that everybody is given holds no user and password; write for example https://chat.example.com"))
		case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.Trim(u.Path, "/") != "" || strings.ContainsAny(c.PublicURL, "?#"):
			errs = append(errs, wrong("public-url", "%q is not an address such as https://chat.example.com (without a path)", c.PublicURL))
		}
	}
	if _, err := clientip.ParseTrusted(c.Proxies); err != nil {
		errs = append(errs, wrong("proxies", "%v", err))
	}
	if _, err := ssrf.NewClient(ssrf.Policy{Allow: c.Allow}); err != nil {
		errs = append(errs, wrong("allow-destination", "%v", err))
	}
	if c.Presence < 30*time.Second || c.Presence > time.Hour {
		errs = append(errs, wrong("presence-timeout", "%v does not lie between 30s and 1h; desks are heard from every 15 to 20 seconds", c.Presence))
	}
	if c.Retention < time.Hour {
		errs = append(errs, wrong("event-retention", "%v is too short; at least 1h lets desks resume after a break", c.Retention))
	}
	if c.Grace < 0 || c.Grace > 10*time.Minute {
		errs = append(errs, wrong("shutdown-grace", "%v does not lie between 0s and 10m", c.Grace))
	}
	return errors.Join(errs...)
}

// level is LogLevel for slog; kong has checked the word.
func (c Config) level() slog.Level {
	var l slog.Level
	if err := l.UnmarshalText([]byte(c.LogLevel)); err != nil {
		return slog.LevelInfo
	}
	return l
}
