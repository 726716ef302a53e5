package rapport_test

import (
	"encoding/json"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	dependencyRow = regexp.MustCompile(`(?m)^\| ([\w@./-]+) \| (v?\d\S*) \| (\S+) \| ([^|]+) \| ([^|]+) \|$`)
	goRequirement = regexp.MustCompile(`(?m)^(?:require )?\t?([\w.-]+\.[\w.-]+/[\w./-]+) (v\S+)(?: // indirect)?$`)
	goTool        = regexp.MustCompile(`(?m)^tool (\S+)$`)
)

// licences that may be part of the program or its tests.
var licences = []string{"MIT", "ISC", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "MPL-2.0", "OFL-1.1", "0BSD"}

// TestDependenciesAreDocumented compares docs/dependencies.md with go.mod, the
// imports of the Go code and the package.json files of the web.
func TestDependenciesAreDocumented(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("docs/dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	documented := map[string]string{}
	for _, m := range dependencyRow.FindAllStringSubmatch(string(text), -1) {
		if documented[m[1]] != "" {
			t.Errorf("%s stands twice", m[1])
		}
		documented[m[1]] = m[2]
		if !strings.Contains(" "+strings.Join(licences, " ")+" ", " "+m[3]+" ") {
			t.Errorf("%s has the licence %s, which is none of %v", m[1], m[3], licences)
		}
	}

	used, direct := map[string]string{}, map[string]bool{}
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range goRequirement.FindAllStringSubmatch(string(mod), -1) {
		used[m[1]] = m[2]
	}
	// moduleOf is the longest of the modules that a package can be part of.
	moduleOf := func(imported string) string {
		for name := imported; name != "."; name = path.Dir(name) {
			if used[name] != "" {
				return name
			}
		}
		return ""
	}
	eachSource(t, func(s source) {
		_, others := s.imports(t)
		for _, imported := range others {
			if strings.Contains(strings.Split(imported, "/")[0], ".") {
				direct[moduleOf(imported)] = true
			}
		}
	})
	for _, m := range goTool.FindAllStringSubmatch(string(mod), -1) {
		direct[moduleOf(m[1])] = true
	}
	packages := []string{"web/package.json", "web/e2e/package.json"}
	for _, pattern := range []string{"web/packages/*/package.json", "web/apps/*/package.json"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, found...)
	}
	for _, name := range packages {
		var p struct{ Dependencies, DevDependencies map[string]string }
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &p); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, dependencies := range []map[string]string{p.Dependencies, p.DevDependencies} {
			for module, version := range dependencies {
				if !strings.HasPrefix(module, "@rapport/") {
					used[module], direct[module] = version, true
				}
			}
		}
	}

	for module, version := range documented {
		if used[module] != version || !direct[module] {
			t.Errorf("docs/dependencies.md has %s at %s; used directly is %v, at %q", module, version, direct[module], used[module])
		}
	}
	for module := range direct {
		if documented[module] == "" {
			t.Errorf("docs/dependencies.md lacks %s %s", module, used[module])
		}
	}
}
