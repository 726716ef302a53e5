package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"

	"rapport/rapporttest/pg"
)

// tool is a program from outside the project that tests need.
type tool struct {
	name    string
	why     string
	present func() bool
	debian  []string // packages that bring it; none if Debian's are too old
	advice  string
}

var outside = []tool{
	{
		name: "Node.js with npm", why: "builds and tests the web apps",
		present: func() bool { return anyOf("npm") },
		advice:  "install Node.js 20 or newer from https://nodejs.org/",
	},
	{
		name: "a C compiler", why: "the race detector needs one",
		present: func() bool { return anyOf("gcc", "clang", "cc") },
		debian:  []string{"gcc", "libc6-dev"},
		advice:  "install gcc or clang",
	},
	{
		name: "PostgreSQL", why: "every test of the store runs on it too",
		present: pg.Installed,
		debian:  []string{"postgresql"},
		advice:  "install the PostgreSQL server, e.g. `apt-get install postgresql` or `brew install postgresql@17`",
	},
	{
		name: "Chromium", why: "the browser tests run in it",
		present: func() bool { return anyOf("chromium", "chromium-browser", "google-chrome") },
		debian:  []string{"chromium"},
		advice:  "install Chromium or Google Chrome, e.g. `apt-get install chromium`",
	},
}

// tools installs what is missing where it may: as root on Debian and its
// relatives. Elsewhere it says what to do.
func tools(ctx context.Context, out io.Writer) (tally, error) {
	var packages []string
	for _, t := range outside {
		if !t.present() {
			fmt.Fprintf(out, "missing: %s (%s)\n", t.name, t.why)
			packages = append(packages, t.debian...)
		}
	}
	var installErr error
	if len(packages) > 0 && os.Getuid() == 0 && anyOf("apt-get") {
		os.Setenv("DEBIAN_FRONTEND", "noninteractive")
		installErr = execute(ctx, out, "", "apt-get", "update", "-q")
		if installErr == nil {
			installErr = execute(ctx, out, "", "apt-get", append([]string{"install", "-qy", "--no-install-recommends"}, packages...)...)
		}
	}
	var advice []string
	for _, t := range outside {
		if !t.present() {
			advice = append(advice, t.advice)
		}
	}
	if len(advice) > 0 {
		return tally{}, errors.Join(installErr, errors.New(strings.Join(advice, "; ")))
	}
	return tally{}, nil
}

func anyOf(programs ...string) bool {
	for _, name := range programs {
		if _, err := exec.LookPath(name); err == nil {
			return true
		}
	}
	return false
}
