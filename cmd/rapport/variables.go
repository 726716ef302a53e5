package main

import (
	"log/slog"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"rapport/app"
)

// warnOfUnknown tells of environment variables that look like settings and are none: a
// mistyped one would leave its setting as it was.
func warnOfUnknown(log *slog.Logger, parser *kong.Kong, environment []string) {
	known := variables(parser.Model.Node)
	for _, variable := range environment {
		name, _, _ := strings.Cut(variable, "=")
		if !strings.HasPrefix(name, app.EnvPrefix+"_") || strings.HasPrefix(name, app.EnvPrefix+"_TEST_") || slices.Contains(known, name) {
			continue
		}
		nearest := slices.MinFunc(known, func(a, b string) int { return distance(name, a) - distance(name, b) })
		if distance(name, nearest) <= 3 {
			log.Warn("an environment variable is no setting and counts for nothing", "variable", name, "meant", nearest)
		} else {
			log.Warn("an environment variable is no setting and counts for nothing; rapport config lists all of them", "variable", name)
		}
	}
}

// variables are those of all flags of a command and the commands below it.
func variables(n *kong.Node) (list []string) {
	for _, f := range n.Flags {
		list = append(list, f.Envs...)
	}
	for _, child := range n.Children {
		list = append(list, variables(child)...)
	}
	return list
}

// distance is how many letters have to be put in, left out or changed.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			changed := before
			if a[i] != b[j] {
				changed++
			}
			before = row[j+1]
			row[j+1] = min(changed, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
