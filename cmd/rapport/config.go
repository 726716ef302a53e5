package main

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/alecthomas/kong"

	"rapport/app"
)

type settings struct{}

// Run lists the settings from the same tags that they are parsed by.
func (settings) Run(c *app.Config, parser *kong.Kong) error {
	var b strings.Builder
	for _, f := range parser.Model.Flags {
		if f.Name == "help" {
			continue
		}
		fmt.Fprintf(&b, "--%s\n    %s\n    environment  %s\n", f.Name, f.Help, strings.Join(f.Envs, ", "))
		if f.HasDefault {
			fmt.Fprintf(&b, "    default      %s\n", f.Default)
		}
		fmt.Fprintf(&b, "    now          %s\n\n", shown(f))
	}
	fmt.Fprintf(&b, "The database is %s; the key of secrets is %s.\n", masked(c.DatabaseURL()), c.Key())
	fmt.Print(b.String())
	return c.Validate()
}

// shown is the value of a setting without its secrets.
func shown(f *kong.Flag) string {
	switch v := f.Target.Interface().(type) {
	case fmt.Stringer:
		if f.Target.String() == "" {
			return "(empty)"
		}
		return v.String()
	case []string:
		if len(v) == 0 {
			return "(empty)"
		}
		return strings.Join(v, ",")
	case string:
		if v == "" {
			return "(empty)"
		}
		return masked(v)
	default:
		return fmt.Sprint(v)
	}
}

// masked hides the passwords in an address: before its host, and in its query, where
// PostgreSQL takes them too.
func masked(text string) string {
	if !strings.Contains(text, "://") {
		return text
	}
	u, err := url.Parse(text)
	if err != nil {
		return "(cannot be read)" // and may hold a password anywhere
	}
	q := u.Query()
	for key := range q {
		if lower := strings.ToLower(key); strings.Contains(lower, "password") || strings.Contains(lower, "secret") {
			q.Del(key)
			u.RawQuery = q.Encode()
		}
	}
	return u.Redacted()
}
